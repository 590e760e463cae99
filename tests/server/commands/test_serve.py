"""`leadline serve`: what it refuses, what it says, and that it really serves."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx
import pytest

from leadline.errors import InputError
from server.commands.serve import address_of, bind, check_certificate
from tests.server.command_line import Run
from tests.server.serving import asked, problem

TOKEN = "a-token-that-is-long-enough"


class TestRefusals:
    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "leadline.example"])  # noqa: S104
    def test_beyond_this_machine_it_wants_a_token(
        self, run: Run, data_dir: Path, host: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("LEADLINE_TOKEN", raising=False)
        done = run("serve", "--host", host, "--data-dir", data_dir)
        assert done.code == 2
        for part in ("LEADLINE_TOKEN", "令牌", "token"):
            assert part in done.err

    def test_a_short_token_is_none(
        self, run: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LEADLINE_TOKEN", "short")
        done = run("serve", "--data-dir", data_dir)
        assert done.code == 2
        assert "LEADLINE_TOKEN" in done.err
        assert "short" in done.err

    def test_tls_takes_two_files_that_are_there(self, tmp_path: Path) -> None:
        there = tmp_path / "cert.pem"
        there.touch()
        check_certificate(None, None)
        check_certificate(there, there)
        for pair in ((there, None), (None, there), (there, tmp_path / "none.pem")):
            with pytest.raises(InputError):
                check_certificate(*pair)

    def test_a_port_that_is_taken(self, run: Run, data_dir: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            done = run("serve", "--port", taken.getsockname()[1], "--data-dir", data_dir)
        assert done.code == 2
        assert "--port" in done.err

    def test_an_address_of_another_machine(self) -> None:
        for host in ("192.0.2.1", "no such host"):
            with pytest.raises(InputError):
                bind(host, 0).close()


class TestAddress:
    @pytest.mark.parametrize(
        ("host", "secure", "address"),
        [
            ("127.0.0.1", False, "http://127.0.0.1:8321/"),
            ("0.0.0.0", False, "http://127.0.0.1:8321/"),  # noqa: S104
            ("::", True, "https://[::1]:8321/"),
            ("::1", False, "http://[::1]:8321/"),
            ("leadline.example", True, "https://leadline.example:8321/"),
        ],
    )
    def test_can_be_opened(self, host: str, secure: bool, address: str) -> None:
        assert address_of(host, 8321, secure=secure) == address


@contextmanager
def started(data_dir: Path, *options: str, **environ: str) -> Iterator[tuple[str, IO[str]]]:
    """The command in a process of its own: the address it says, and what else it writes."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("LEADLINE_")}
    command = [sys.executable, "-c", "from server.cli import main; main()", "serve"]
    process = subprocess.Popen(
        [*command, "--port", "0", "--data-dir", str(data_dir), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**clean, "LEADLINE_LANGUAGE": "en", "PYTHONUTF8": "1", **environ},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = process.stdout.readline()
        assert "http" in line, process.stderr.read()
        yield next(word for word in line.split() if word.startswith("http")), process.stderr
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        for stream in (process.stdout, process.stderr):
            stream.close()


@pytest.mark.slow
class TestServing:
    def test_answers_and_logs_no_question(self, data_dir: Path) -> None:
        with started(data_dir, "--verbose") as (address, log):
            with httpx.Client(base_url=address, timeout=60) as client:
                answer = asked(client, "2025年销售额")
                assert answer["status"] == "answered"
                assert client.get("/").status_code == 200
                problem(client.get("/", headers={"Host": "evil.example"}), 421, "wrong-host")
            line = log.readline()
            assert " INFO leadline.access: POST /api/ask 200 " in line
            assert "销售额" not in line

    def test_behind_tls_with_a_token(self, data_dir: Path, tmp_path: Path) -> None:
        certificate, key = self_signed(tmp_path)
        options = ("--certfile", str(certificate), "--keyfile", str(key), "--host", "0.0.0.0")  # noqa: S104
        with started(data_dir, *options, LEADLINE_TOKEN=TOKEN) as (address, _log):
            assert address.startswith("https://127.0.0.1:")
            trusted = ssl.create_default_context(cafile=str(certificate))
            with httpx.Client(base_url=address, verify=trusted, timeout=60) as client:
                problem(client.get("/api/session"), 401, "sign-in-error")
                response = client.post("/api/login", json={"token": TOKEN})
                assert "Secure" in response.headers["set-cookie"]
                assert client.get("/api/session").json()["user"]["name"] == "local"

    def test_in_the_clear_beyond_this_machine_it_warns(self, data_dir: Path) -> None:
        options = ("--host", "0.0.0.0", "--allow-host", "leadline.example")  # noqa: S104
        with started(data_dir, *options, LEADLINE_TOKEN=TOKEN) as (address, log):
            assert "without TLS" in log.readline()
            with httpx.Client(base_url=address, timeout=60) as client:
                assert client.get("/healthz", headers={"Host": "leadline.example"}).is_success
                other = client.get("/healthz", headers={"Host": "other.example"})
                problem(other, 421, "wrong-host")


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for loopback, and its key."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key
