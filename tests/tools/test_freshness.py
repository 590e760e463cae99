"""The freshness tool: as of when, without telling what lies outside a scope."""

from __future__ import annotations

from tests.agents.channel import EAST, Channel, tables
from tools.freshness import FRESHNESS


class TestFreshness:
    def test_the_day_and_number_of_the_pinned_snapshot(self, channel: Channel) -> None:
        result = FRESHNESS.run({}, channel.tools())
        row = dict(zip((c.name for c in result.columns), result.rows[0], strict=True))
        assert row["as_of"] == "2025-11-20"
        assert row["snapshot"] == 1
        assert int(str(row["tables"])) >= len(tables())

    def test_is_the_same_for_every_scope(self, channel: Channel) -> None:
        everything = FRESHNESS.run({}, channel.tools())
        east = FRESHNESS.run({}, channel.tools(EAST.scope))
        assert everything.rows == east.rows
        assert east.scope_hash == EAST.scope.digest
