"""What holds for every request: hosts, origins, bodies, headers, silence about errors."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from server.app import create_app
from server.guard import (
    HEADERS,
    MAX_BODY_BYTES,
    CutOff,
    Guard,
    Hosts,
    Refused,
    check_origin,
    check_type,
    host_name,
)
from tests.server.serving import Serving, problem

ATTACK = "select 机密问题 where token=hunter2"


class TestHosts:
    @pytest.mark.parametrize(
        "host",
        ["127.0.0.1:8321", "localhost", "LOCALHOST:1", "[::1]:8321", "app.localhost", "127.9.9.9"],
    )
    def test_loopback_names_are_ours(self, host: str) -> None:
        assert Hosts().accepts(host)
        assert Hosts(loopback_only=False).accepts(host)

    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "127.0.0.1@evil.example",
            "evil.example#localhost",
            "evil.example/localhost",
            "10.0.0.1",
            "0.0.0.0",  # noqa: S104 - a name like another here
            "2130706433",
            "",
            "[::1",
            "localhost:port",
        ],
    )
    def test_others_are_not_while_we_listen_on_loopback(self, host: str) -> None:
        assert not Hosts().accepts(host)

    def test_further_names_can_be_allowed(self) -> None:
        hosts = Hosts(allowed=frozenset({"leadline.example"}))
        assert hosts.accepts("Leadline.Example:443")
        assert not hosts.accepts("other.example")

    def test_beyond_loopback_any_name_does_until_some_are_listed(self) -> None:
        assert Hosts(loopback_only=False).accepts("any.example")
        assert not Hosts(loopback_only=False).accepts("")
        listed = Hosts(loopback_only=False, allowed=frozenset({"leadline.example"}))
        assert not listed.accepts("any.example")
        assert listed.accepts("leadline.example")

    def test_a_trailing_dot_is_no_other_name(self) -> None:
        assert host_name("leadline.example.:80") == "leadline.example"

    def test_over_http(self, door: Serving, owner: httpx.Client) -> None:
        for path in ("/", "/api/session", "/healthz", "/api/openapi.json"):
            response = owner.get(path, headers={"Host": "evil.example"})
            problem(response, 421, "wrong-host")


class TestOrigin:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"sec-fetch-site": "same-origin", "origin": "https://proxy.example"},
            {"sec-fetch-site": "none"},
            {"origin": "http://127.0.0.1:8321"},
            {"origin": "https://127.0.0.1:8321"},
        ],
    )
    def test_our_own_pages_and_programs_may_change_things(self, headers: dict[str, str]) -> None:
        check_origin(Headers({"host": "127.0.0.1:8321", **headers}))

    @pytest.mark.parametrize(
        "headers",
        [
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8321"},
            {"origin": "http://127.0.0.1:3000"},
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": "http://[::1"},
            {"origin": ""},
        ],
    )
    def test_other_sites_may_not(self, headers: dict[str, str]) -> None:
        with pytest.raises(Refused) as caught:
            check_origin(Headers({"host": "127.0.0.1:8321", **headers}))
        assert caught.value.status == 403

    def test_over_http(self, owner: httpx.Client) -> None:
        cross = {"Sec-Fetch-Site": "cross-site"}
        for method, path in (
            ("POST", "/api/ask"),
            ("POST", "/api/login"),
            ("POST", "/api/logout"),
            ("PUT", "/api/answers/x/feedback"),
            ("DELETE", "/api/answers/x/feedback"),
        ):
            problem(owner.request(method, path, headers=cross), 403, "cross-site-request")
        assert owner.get("/api/session", headers=cross).status_code == 200  # reading needs CORS


class TestContentType:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"content-length": "0"},
            {"content-type": "application/json", "content-length": "2"},
            {"content-type": "application/json; charset=utf-8", "transfer-encoding": "chunked"},
            {"content-type": "application/merge-patch+json"},
        ],
    )
    def test_json_or_nothing(self, headers: dict[str, str]) -> None:
        check_type(Headers(headers))

    @pytest.mark.parametrize(
        "headers",
        [
            {"content-length": "2"},
            {"transfer-encoding": "chunked"},
            {"content-type": "text/plain", "content-length": "2"},
            {"content-type": "application/x-www-form-urlencoded"},
            {"content-type": "multipart/form-data; boundary=application/json"},
            {"content-type": "text/json"},
        ],
    )
    def test_nothing_that_a_form_could_send(self, headers: dict[str, str]) -> None:
        with pytest.raises(Refused) as caught:
            check_type(Headers(headers))
        assert caught.value.status == 415

    def test_over_http(self, owner: httpx.Client) -> None:
        response = owner.post("/api/ask", data={"question": "x"})
        problem(response, 415, "not-json")


class TestBody:
    def test_one_that_says_it_is_too_large(self, owner: httpx.Client) -> None:
        response = owner.post("/api/ask", json={"question": "x" * MAX_BODY_BYTES})
        problem(response, 413, "body-too-large")

    def test_one_that_does_not_say_how_large_it_is(self, owner: httpx.Client) -> None:
        def drip() -> Iterator[bytes]:
            for _ in range(70):
                yield b" " * 1024

        response = owner.post(
            "/api/ask", content=drip(), headers={"Content-Type": "application/json"}
        )
        problem(response, 413, "body-too-large")

    def test_what_is_refused_is_read_so_that_the_answer_arrives(self, door: Serving) -> None:
        where = urlsplit(door.url)
        for kind, size in ((b"text/plain", 60_000), (b"application/json", 900_000)):
            head = (
                b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n"
                b"Content-Length: %d\r\n\r\n" % (kind, size)
            )
            with socket.create_connection((where.hostname, where.port), timeout=10) as raw:
                raw.sendall(head + b" " * size)
                assert raw.recv(100).startswith((b"HTTP/1.1 415 ", b"HTTP/1.1 413 "))
                # the connection is as good as before
                raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                seen = b""
                while b'"status":"ok"' not in seen:
                    seen += raw.recv(4096)

    def test_one_that_never_comes(self, door: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("server.guard.BODY_SECONDS", 0.1)
        monkeypatch.setattr("server.guard.DRAIN_SECONDS", 0.1)
        where = urlsplit(door.url)
        with socket.create_connection((where.hostname, where.port), timeout=10) as raw:
            raw.sendall(
                b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Content-Length: 100\r\n\r\n{"
            )
            assert raw.recv(100).startswith(b"HTTP/1.1 408 ")

    def test_an_empty_or_broken_one_is_the_caller_s_fault(self, owner: httpx.Client) -> None:
        kind = {"Content-Type": "application/json"}
        for body in (b"", b"{", b"[" * 60_000, b"\xff\xfe", b"1e999999", b'"x"', b"null"):
            response = owner.post("/api/ask", content=body, headers=kind)
            assert response.status_code in (400, 422), body[:20]
            assert response.headers["content-type"] == "application/problem+json"


class TestHeaders:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/"),
            ("HEAD", "/"),
            ("GET", "/healthz"),
            ("GET", "/api/session"),
            ("GET", "/api/openapi.json"),
            ("GET", "/api/none"),
            ("GET", "/assets/none.js"),
            ("DELETE", "/"),
            ("POST", "/api/ask"),
            ("POST", "/api/logout"),
        ],
    )
    def test_are_on_every_response(self, owner: httpx.Client, method: str, path: str) -> None:
        response = owner.request(method, path)
        for name in HEADERS:
            assert name in response.headers, name
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "server" not in response.headers

    def test_are_on_refusals_of_the_guard_too(self, owner: httpx.Client) -> None:
        response = owner.get("/", headers={"Host": "evil.example"})
        assert all(name in response.headers for name in HEADERS)

    def test_no_other_site_may_read(self, owner: httpx.Client) -> None:
        response = owner.get("/api/session", headers={"Origin": "https://evil.example"})
        assert not [name for name in response.headers if name.startswith("access-control")]

    def test_what_the_api_says_is_not_kept_by_caches(self, owner: httpx.Client) -> None:
        assert owner.get("/api/session").headers["cache-control"] == "no-store"


async def _failing(scope: Scope, receive: Receive, send: Send) -> None:
    raise ValueError(ATTACK)


async def _failing_late(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise ValueError(ATTACK)


def call(app: ASGIApp, path: str) -> httpx.Response:
    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path)

    return asyncio.run(get())


class TestUnexpectedErrors:
    def test_tell_nothing_and_log_no_message(self, caplog: pytest.LogCaptureFixture) -> None:
        logging.getLogger("leadline").propagate = True
        response = call(Guard(_failing, hosts=Hosts()), "/api/x?q=geheim")
        data = problem(response, 500, "leadline-error")
        assert "ValueError" in caplog.text
        assert "_failing" in caplog.text
        for secret in (ATTACK, "机密", "hunter2", "geheim"):
            assert secret not in response.text + caplog.text
        assert data["detail"] == data["title"]
        assert all(name in response.headers for name in HEADERS)

    def test_a_response_that_broke_off_says_no_more_either(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        with pytest.raises(CutOff) as caught:
            call(Guard(_failing_late, hosts=Hosts()), "/")
        assert not caught.value.args
        assert caught.value.__suppress_context__
        assert ATTACK not in caplog.text


class TestAccessLog:
    def test_a_line_per_request_without_ids_queries_or_questions(
        self, caplog: pytest.LogCaptureFixture, door: Serving
    ) -> None:
        logging.getLogger("leadline.access").propagate = True
        same = door.app.state.door
        app = create_app(same.settings, service=same.service, verbose=True)
        with caplog.at_level(logging.INFO, "leadline.access"):
            call(app, "/api/answers/secret-id-of-answer?q=secret-query")
            call(app, "/api/none/secret-path")
        lines = [r.getMessage() for r in caplog.records if r.name == "leadline.access"]
        assert len(lines) == 2
        assert lines[0].startswith("GET /api/answers/{answer_id} 401 ")
        assert lines[1].startswith("GET - 404 ")
        assert "secret" not in "".join(lines)
