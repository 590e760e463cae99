"""An instance of one's own: promoting writes into it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.agents.channel import Channel, open_channel


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Channel]:
    yield from open_channel(tmp_path_factory.mktemp("channel"))
