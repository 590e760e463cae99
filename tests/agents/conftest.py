"""One opened channel for all tests that ask it questions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agents.rules.context import PlannerContext
from tests.agents.channel import Channel, open_channel


@pytest.fixture(scope="session")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Channel]:
    yield from open_channel(tmp_path_factory.mktemp("channel"))


@pytest.fixture(scope="session")
def context(channel: Channel) -> PlannerContext:
    """What the planner knows of the channel, for one who may see everything."""
    return channel.context()
