"""An instance to ask, and the command line to ask it with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest

from tests.agents.channel import Channel, open_channel
from tests.server.command_line import Run, runner
from tests.server.serving import OWNER_TOKEN, TOKENS, Serving, guarded


@pytest.fixture(scope="session")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Channel]:
    yield from open_channel(tmp_path_factory.mktemp("channel"))


@pytest.fixture
def data_dir(channel: Channel) -> Path:
    """The data directory of an instance with data; tests only add answers to it."""
    return channel.folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `leadline`, with no setting of the machine and wide lines."""
    for name in ("LEADLINE_DATA_DIR", "LEADLINE_DATABASE_URL", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LEADLINE_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")
    return runner(monkeypatch, capsys)


@pytest.fixture(scope="session")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A guarded server; tests only add answers to its instance."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("server.door.FAILURE_DELAY_S", 0.0)
        patch.setattr("server.routes.session.FAILURE_DELAY_S", 0.0)
        with guarded(tmp_path_factory.mktemp("door")) as running:
            yield running


@pytest.fixture(scope="session")
def owner(door: Serving) -> Iterator[httpx.Client]:
    """The owner of the instance."""
    with door.client(OWNER_TOKEN) as client:
        yield client


Callers: TypeAlias = dict[str, httpx.Client]


@pytest.fixture(scope="session")
def callers(door: Serving, owner: httpx.Client) -> Iterator[Callers]:
    """Everybody who may come in, by name."""
    found = {name: door.client(token) for name, token in TOKENS.items()}
    yield {"owner": owner, **found}
    for client in found.values():
        client.close()
