"""Who gets a brief: users with regions, else whom the data names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agents.briefs.managers import find_manager, managers, own_brief
from leadline.access import Principal, Scope
from leadline.errors import NotFoundError
from leadline.settings import Instance, Settings, read_settings
from tests.agents.channel import Channel
from tests.knowledge.semantic.build import publish_rows


@pytest.fixture
def nobody(channel: Channel) -> Settings:
    """An instance without users."""
    settings = read_settings(channel.folder, environ={})
    return replace(settings, instance=Instance())


class TestUsers:
    def test_with_regions_are_managers(self, channel: Channel) -> None:
        found = managers(read_settings(channel.folder, environ={}), channel.snapshot)
        assert [(m.name, m.regions, m.source) for m in found] == [
            ("east", ("华东",), "user"),
            ("south", ("华南",), "user"),
        ]
        assert found[0].label == "east（华东）"

    def test_a_region_is_found_by_its_name(self, channel: Channel) -> None:
        found = find_manager("华北", read_settings(channel.folder, environ={}), channel.snapshot)
        assert (found.scope, found.label) == (Scope(regions=frozenset({"华北"})), "华北")

    def test_nobody_else_is(self, channel: Channel) -> None:
        with pytest.raises(NotFoundError, match="nobody called 'eest'") as error:
            find_manager("eest", read_settings(channel.folder, environ={}), channel.snapshot)
        assert "east" in error.value.hint

    def test_one_s_own_has_one_s_own_scope(self) -> None:
        scope = Scope(regions=frozenset({"华东", "华北"}))
        found = own_brief(Principal("jia", frozenset(), scope))
        assert (found.name, found.regions, found.scope) == ("jia", ("华东", "华北"), scope)


class TestWithoutUsers:
    def rows(self, tmp_path: Path, **more: Any) -> Any:
        tables = {
            "region": [
                {"id": 1, "ext_id": "E", "name": "East", **more.get("east", {})},
                {"id": 2, "ext_id": "W", "name": "West", **more.get("west", {})},
            ],
            "salesperson": [
                {"id": 1, "ext_id": "S1", "name": "Ann", "region_id": 1, **more.get("ann", {})},
                {"id": 2, "ext_id": "S2", "name": "Bob", "region_id": 2, **more.get("bob", {})},
            ],
            "sales_order": [
                {"id": i, "ext_id": f"O{i}", "order_date": day, "region_id": r, "salesperson_id": s}
                for i, (day, r, s) in enumerate(
                    (
                        (date(2025, 3, 1), 1, 1),
                        (date(2025, 4, 1), 2, 1),
                        (date(2023, 1, 1), 2, 2),
                        (date(2025, 5, 1), 2, 2),
                    ),
                    start=1,
                )
            ],
            "order_line": [
                {"id": i, "ext_id": f"L{i}", "order_id": i, "line_no": "1"} for i in range(1, 5)
            ],
        }
        return publish_rows(tmp_path, tables, as_of=date(2025, 5, 1))

    def test_whoever_owns_a_region(self, tmp_path: Path, nobody: Settings) -> None:
        snapshot = self.rows(tmp_path, east={"owner": "Eve"}, west={"owner": "Eve"})
        found = managers(nobody, snapshot)
        assert [(m.name, m.regions, m.source) for m in found] == [
            ("Eve", ("East", "West"), "region")
        ]

    def test_whoever_manages_salespeople(self, tmp_path: Path, nobody: Settings) -> None:
        snapshot = self.rows(tmp_path, ann={"manager": "Max"}, bob={"manager": "Max"})
        found = managers(nobody, snapshot)
        assert [(m.name, m.regions, m.source) for m in found] == [
            ("Max", ("East", "West"), "sales_manager")
        ]

    def test_salespeople_where_they_sold_in_the_past_year(
        self, tmp_path: Path, nobody: Settings
    ) -> None:
        found = managers(nobody, self.rows(tmp_path))
        # Ann sold in both, Bob in the west; what he sold in 2023 was in the west as well
        assert [(m.name, m.regions) for m in found] == [
            ("Ann", ("East", "West")),
            ("Bob", ("West",)),
        ]
