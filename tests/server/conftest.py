"""An instance to ask, and the command line to ask it with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agents.channel import Channel, open_channel
from tests.server.command_line import Run, runner


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
