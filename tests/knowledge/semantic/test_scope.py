"""What lies outside a scope does not exist: not in figures, labels, days, hints or counts."""

from __future__ import annotations

import copy
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.semantic.engine import available, compile_query, members, run_query
from knowledge.semantic.spec import QuerySpec
from knowledge.semantic.tables import LABELLED
from knowledge.warehouse.snapshot import Snapshot
from leadline.access import EVERYTHING, Scope
from leadline.errors import SpecError
from leadline.types import Scalar
from tests.knowledge.semantic.build import Row, to_arrow, write_snapshot
from tests.knowledge.semantic.oracle import Oracle
from tests.knowledge.semantic.questions import questions_within
from tests.knowledge.semantic.shop import publish_shop, shop
from tests.knowledge.semantic.worlds import World, world

EAST = Scope(regions=frozenset({"华东"}))
NOTHING = Scope(regions=frozenset())


def rows(
    *metrics: str, scope: Scope, on: Snapshot | None = None, **spec: Any
) -> list[tuple[Scalar, ...]]:
    wanted = QuerySpec.model_validate({"metrics": metrics, **spec})
    return list(run_query(wanted, on or shop(), scope).rows)


class TestLimits:
    def test_regions_match_by_name(self) -> None:
        assert rows("amount", scope=EAST) == [(200.0,)]
        assert rows("amount", scope=EAST, dimensions=["region"]) == [("华东", 200.0)]

    def test_partners_match_by_ext_id_or_label_never_by_a_shared_name(self) -> None:
        assert rows("amount", scope=Scope(partners=frozenset({"P4"}))) == [(30.0,)]
        assert rows("amount", scope=Scope(partners=frozenset({"Alpha (P1)"}))) == [(170.0,)]
        assert rows("amount", scope=Scope(partners=frozenset({"Alpha"}))) == [(None,)]

    def test_both_must_hold(self) -> None:
        both = Scope(regions=frozenset({"华东"}), partners=frozenset({"P1", "P2"}))
        assert rows("amount", scope=both) == [(170.0,)]

    def test_a_row_of_no_region_is_outside(self) -> None:
        everywhere = Scope(regions=frozenset({"华东", "华南"}))
        assert rows("amount", scope=everywhere) == [(400.0,)]  # 480 without Gamma's 80

    def test_an_empty_limit_shows_nothing(self) -> None:
        assert rows("amount", "orders", scope=NOTHING) == [(None, 0)]
        assert rows("amount", scope=Scope(partners=frozenset()), dimensions=["partner"]) == []

    def test_an_unknown_region_shows_nothing(self) -> None:
        assert rows("amount", scope=Scope(regions=frozenset({"华北"}))) == [(None,)]

    def test_a_fact_without_partners_is_outside_a_limit_on_partners(self) -> None:
        tenders = [
            {"id": 1, "notice_type": "招标", "territory_id": 1, "published_on": shop().as_of},
            {"id": 2, "notice_type": "招标", "territory_id": None, "published_on": shop().as_of},
        ]
        snapshot = publish_shop(tender=tenders)
        assert rows("tender_count", scope=EVERYTHING, on=snapshot) == [(2,)]
        assert rows("tender_count", scope=EAST, on=snapshot) == [(1,)]
        assert rows("tender_count", scope=Scope(partners=frozenset({"P1"})), on=snapshot) == [(0,)]

    def test_shares_and_ranks_count_what_is_visible(self) -> None:
        found = rows(
            "amount",
            scope=EAST,
            dimensions=["partner"],
            shares=[{"metric": "amount"}],
            rank=True,
            order=[{"by": "amount"}],
        )
        assert found == [(1, "Alpha (P1)", 170.0, 0.85), (2, "Alpha (P4)", 30.0, 0.15)]

    def test_the_scope_is_bound_into_every_fact(self) -> None:
        spec = QuerySpec.model_validate(
            {
                "metrics": ["amount", "new_partners"],
                "time": {"start": "2013-01-01", "end_excl": "2014-01-01"},
                "compare": {"kind": "yoy"},
            }
        )
        query = compile_query(spec, shop(), EAST)
        # two facts, each for the year and the year before
        assert query.parameters.count("华东") == 2 * 4  # label or name


class TestMembers:
    def test_are_those_that_can_appear(self) -> None:
        assert [m.label for m in members(shop(), "region", EAST)] == ["华东"]
        assert [m.label for m in members(shop(), "partner", EAST)] == ["Alpha (P1)", "Alpha (P4)"]
        # Bob sold O4 in 华东
        assert [m.label for m in members(shop(), "salesperson", EAST)] == ["Ann", "Bob"]
        mine = Scope(partners=frozenset({"P1"}))
        assert [m.label for m in members(shop(), "salesperson", mine)] == ["Ann"]
        assert [m.label for m in members(shop(), "region", mine)] == ["华东"]
        assert [m.label for m in members(shop(), "partner_tier", mine)] == ["金牌"]

    def test_the_catalogue_is_everybody_s(self) -> None:
        assert len(members(shop(), "product", NOTHING)) == 2
        assert members(shop(), "partner", NOTHING) == ()

    def test_one_outside_cannot_be_named(self) -> None:
        where = {"kind": "filter", "member": "partner", "values": ["Beta"]}
        with pytest.raises(SpecError) as caught:
            rows("amount", scope=EAST, where=where)
        assert "Delta" not in str(caught.value)
        assert "no partner 'Beta'" in caught.value.message

    def test_hints_and_empty_members_stay_inside(self) -> None:
        found = rows("amount", scope=EAST, dimensions=["partner"], include_empty=True)
        assert [row[0] for row in found] == ["Alpha (P1)", "Alpha (P4)"]

    def test_availability_is_that_of_the_scope(self) -> None:
        assert "amount" in available(shop(), EAST).metrics
        assert "amount" not in available(shop(), Scope(partners=frozenset({"P5"}))).metrics
        assert available(shop(), Scope(partners=frozenset({"P5"}))).spans.get("order_line") is None


LIMITS: tuple[Scope, ...] = (
    Scope(regions=frozenset({"华东"})),
    Scope(partners=frozenset({"P1", "P3"})),
    Scope(regions=frozenset({"华东", "华南"}), partners=frozenset({"P2", "P1", "P4"})),
)


@cache
def forged(seed: int, limit: int) -> Snapshot:
    """The same world with every row that the scope hides changed in whatever it says."""
    there, scope = world(seed), LIMITS[limit]
    oracle = Oracle(there, QuerySpec(metrics=("amount",)), scope)
    rows = {name: [copy.copy(row) for row in table] for name, table in there.rows.items()}
    for name, table in rows.items():
        if name in LABELLED:
            _rename(name, table, oracle)
            continue
        for row in table:
            if not oracle.visible(name, row):
                _forge(row)
    folder = Path(mkdtemp(prefix="leadline-forged-")) / f"{seed:06d}"
    return write_snapshot(folder, to_arrow(rows), as_of=there.as_of, number=seed)


def _rename(name: str, table: list[Row], oracle: Oracle) -> None:
    names = Counter(row["name"] for row in table)
    for row in table:
        hidden = name not in ("product", "promotion") and not oracle.member_visible(name, row)
        if hidden and names[row["name"]] == 1:
            row["name"] = row["label"] = f"secret {row['name']}"
        if hidden:
            for column in ("type", "tier", "city", "industry", "manager", "country", "group_name"):
                row[column] = "secret"
            row["joined_on"] = row["first_order_date"] = there_before(row)


def there_before(row: Row) -> Any:
    """Some other date than the row's own."""
    joined = row.get("joined_on")
    return None if joined is None else joined - timedelta(days=300)


def _forge(row: Row) -> None:
    """Change figures, dates and words, but not the references that hide the row."""
    for column, value in row.items():
        if isinstance(value, Decimal):
            row[column] = value * 7 + 13
        elif hasattr(value, "isoformat"):
            row[column] = value - timedelta(days=200)
        elif column in ("order_type", "stage", "kind", "reason", "notice_type", "level", "grain"):
            row[column] = "secret"
    row["product_id"] = 1
    row["conflict_of_id"] = 1


@st.composite
def limited(draw: st.DrawFn) -> tuple[World, QuerySpec, int]:
    there = world(draw(st.integers(0, 3)))
    limit = draw(st.integers(0, len(LIMITS) - 1))
    return there, draw(questions_within(there, LIMITS[limit])), limit


class TestNothingLeaks:
    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(limited())
    def test_hidden_rows_may_say_anything(self, question: tuple[World, QuerySpec, int]) -> None:
        there, spec, limit = question
        scope = LIMITS[limit]
        result = run_query(spec, there.snapshot, scope, threads=1)
        other = run_query(spec, forged(there.seed, limit), scope, threads=1)
        assert result.digest == other.digest
        assert "secret" not in str(other.rows)

    @pytest.mark.parametrize("limit", range(len(LIMITS)))
    @pytest.mark.parametrize("seed", range(4))
    def test_nor_do_members_and_availability(self, seed: int, limit: int) -> None:
        scope, there = LIMITS[limit], world(seed)
        for name in ("partner", "region", "territory", "salesperson", "customer", "partner_tier"):
            found = members(forged(seed, limit), name, scope)
            assert found == members(there.snapshot, name, scope)
        one, other = available(there.snapshot, scope), available(forged(seed, limit), scope)
        assert one.metrics == other.metrics
        assert one.date_spans == other.date_spans
