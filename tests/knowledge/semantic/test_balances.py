from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from knowledge.semantic.engine import run_query
from knowledge.semantic.spec import QuerySpec
from knowledge.warehouse.snapshot import Snapshot
from leadline.access import EVERYTHING, Scope
from leadline.errors import SpecError
from leadline.types import Scalar
from tests.knowledge.semantic.build import Row
from tests.knowledge.semantic.shop import publish_shop, shop_rows


def rows(
    snapshot: Snapshot, *metrics: str, scope: Scope = EVERYTHING, **spec: Any
) -> list[tuple[Scalar, ...]]:
    wanted = QuerySpec.model_validate({"metrics": metrics, **spec})
    return list(run_query(wanted, snapshot, scope).rows)


def count(number: int, day: str, product: int, units: int, partner: int | None = None) -> Row:
    return {
        "id": number,
        "snapshot_date": date.fromisoformat(day),
        "product_id": product,
        "partner_id": partner,
        "units_balance": Decimal(units),
        "units_in": Decimal(1),
        "unit_cost": Decimal("2.5"),
    }


STOCK = publish_shop(
    inventory_snapshot=[
        count(1, "2013-08-31", 1, 10, 1),
        count(2, "2013-08-31", 2, 5, 2),
        count(3, "2013-10-31", 1, 8, 1),
        count(4, "2013-10-31", 2, 4, 2),
        count(5, "2013-11-15", 2, 3, 2),  # one warehouse counts later than the other
        count(6, "2014-01-31", 1, 99, 1),  # planned, after today
    ]
)


def opportunity(
    number: int, outcome: str, created: str | None, closed: str | None, amount: int
) -> Row:
    return {
        "id": number,
        "partner_id": number,
        "stage": "x",
        "outcome": outcome,
        "created_on": None if created is None else date.fromisoformat(created),
        "closed_on": None if closed is None else date.fromisoformat(closed),
        "expected_close_on": date(2014, 2, 1) if outcome == "open" else None,
        "amount": Decimal(amount),
    }


PIPELINE = publish_shop(
    opportunity=[
        opportunity(1, "open", "2013-09-10", None, 100),
        opportunity(2, "won", "2013-09-20", "2013-10-31", 20),
        opportunity(3, "lost", "2013-10-05", "2013-11-10", 3),
        opportunity(4, "open", None, None, 1000),  # nobody noted when it began
    ]
)


class TestStock:
    def test_is_what_was_counted_last_up_to_today(self) -> None:
        assert rows(STOCK, "stock_units", "stock_value") == [(3, 7.5)]

    def test_in_a_period_is_that_at_its_end_not_a_sum(self) -> None:
        october = {"start": "2013-10-01", "end_excl": "2013-11-01"}
        assert rows(STOCK, "stock_units", time=october) == [(12,)]

    def test_stands_until_the_next_count(self) -> None:
        september = {"start": "2013-09-01", "end_excl": "2013-10-01"}
        assert rows(STOCK, "stock_units", time=september) == [(15,)]

    def test_by_month_is_that_at_each_end(self) -> None:
        found = rows(STOCK, "stock_units", time={"grain": "month"})
        assert found == [("2013-08", 15), ("2013-09", 15), ("2013-10", 12), ("2013-11", 3)]

    def test_adds_up_over_members(self) -> None:
        time = {"start": "2013-10-01", "end_excl": "2013-11-01"}
        assert rows(STOCK, "stock_units", time=time, dimensions=["product"]) == [
            ("云", 8),
            ("盒", 4),
        ]

    def test_a_filter_does_not_move_the_day_of_count(self) -> None:
        # 云 was not counted on 11-15: it has no figure then, rather than October's
        only = {"kind": "filter", "member": "product", "values": ["云"]}
        assert rows(STOCK, "stock_units", where=only) == [(None,)]

    def test_the_scope_does(self) -> None:
        # who may only see P1 may not learn from the day on which others counted
        mine = Scope(partners=frozenset({"P1"}))
        assert rows(STOCK, "stock_units", scope=mine) == [(8,)]

    def test_of_a_period_to_come_is_unknown(self) -> None:
        time = {"start": "2014-01-01", "end_excl": "2014-02-01"}
        assert rows(STOCK, "stock_units", time=time) == [(None,)]

    def test_compares_with_the_same_day(self) -> None:
        november = {"start": "2013-11-01", "end_excl": "2013-12-01", "partial": True}
        found = rows(STOCK, "stock_units", time=november, compare={"kind": "previous_period"})
        # 29 days of October end before the count of 10-31
        assert found == [(3, 15, -12, -0.8)]

    def test_movements_add_up_over_time(self) -> None:
        assert rows(STOCK, "stock_in_units") == [(5,)]


class TestPipeline:
    def test_today_is_what_is_open(self) -> None:
        assert rows(PIPELINE, "pipeline_amount", "open_opportunities") == [(1100.0, 2)]

    def test_earlier_is_what_was_open_then(self) -> None:
        # closed on 10-31: no longer open at the end of that day
        found = rows(PIPELINE, "pipeline_amount", time={"grain": "month"})
        assert found == [("2013-09", 120.0), ("2013-10", 103.0), ("2013-11", 1100.0)]

    def test_at_the_end_of_a_past_period(self) -> None:
        time = {"start": "2013-09-01", "end_excl": "2013-10-01"}
        assert rows(PIPELINE, "open_opportunities", time=time) == [(2,)]

    def test_by_expected_close_looks_ahead(self) -> None:
        time = {"start": "2014-01-01", "end_excl": "2014-04-01", "dimension": "expected_close_on"}
        assert rows(PIPELINE, "pipeline_amount", time=time) == [(1100.0,)]

    def test_cannot_be_cut_by_the_day_it_closed(self) -> None:
        with pytest.raises(SpecError, match="stands at a day"):
            rows(PIPELINE, "pipeline_amount", time={"grain": "month", "dimension": "closed_on"})

    def test_undated_rows_count_where_no_time_is_asked_for(self) -> None:
        assert rows(PIPELINE, "opportunities") == [(4,)]
        by_month = rows(PIPELINE, "opportunities", time={"grain": "month"})
        assert by_month == [("2013-09", 2), ("2013-10", 1)]

    def test_cycles_and_rates_go_by_the_day_of_closing(self) -> None:
        found = rows(PIPELINE, "win_rate", "sales_cycle_days", "won_amount", "lost_amount")
        # 09-20 … 10-31 are 41 days
        assert found == [(0.5, 41.0, 20.0, 3.0)]
        november = {"start": "2013-11-01", "end_excl": "2013-12-01"}
        assert rows(PIPELINE, "win_rate", "won_opportunities", time=november) == [(0.0, 0)]


class TestPartners:
    def joined(self, *days: str | None) -> Snapshot:
        partners = shop_rows()["partner"]
        for partner, day in zip(partners, days, strict=True):
            partner["joined_on"] = None if day is None else date.fromisoformat(day)
        return publish_shop(partner=partners)

    def test_today_are_all_on_file(self) -> None:
        snapshot = self.joined("2012-05-01", "2013-02-01", None, "2013-02-20", None)
        assert rows(snapshot, "partner_count") == [(5,)]
        assert rows(snapshot, "partner_count", dimensions=["partner_tier"]) == [
            ("金牌", 2),
            ("银牌", 2),
            (None, 1),
        ]

    def test_earlier_are_those_who_had_joined(self) -> None:
        snapshot = self.joined("2012-05-01", "2013-02-01", None, "2013-02-20", None)
        time = {"start": "2012-01-01", "end_excl": "2014-01-01", "grain": "year"}
        assert rows(snapshot, "partner_count", time=time) == [("2012", 1), ("2013", 5)]

    def test_by_joining_date_are_those_who_joined(self) -> None:
        snapshot = self.joined("2012-05-01", "2013-02-01", None, "2013-02-20", None)
        time = {"start": "2013-01-01", "end_excl": "2014-01-01", "dimension": "joined_on"}
        assert rows(snapshot, "partner_count", time=time) == [(2,)]

    def test_without_joining_dates_only_today_is_known(self) -> None:
        snapshot = self.joined(None, None, None, None, None)
        assert rows(snapshot, "partner_count") == [(5,)]
        with pytest.raises(SpecError, match="known for today only"):
            rows(snapshot, "partner_count", time={"grain": "year"})
        with pytest.raises(SpecError, match="known for today only"):
            rows(snapshot, "partner_count", time={"end_excl": "2013-01-01"})


class TestReceivables:
    def test_overdue_is_what_fell_due_before_today(self) -> None:
        def due(number: int, day: str | None, amount: int) -> Row:
            return {
                "id": number,
                "receivable_no": str(number),
                "partner_id": 1,
                "booked_on": date(2013, 6, 1),
                "due_on": None if day is None else date.fromisoformat(day),
                "amount": Decimal(100),
                "open_amount": Decimal(amount),
            }

        snapshot = publish_shop(
            receivable=[
                due(1, "2013-11-28", 1),
                due(2, "2013-11-29", 10),
                due(3, None, 100),
                due(4, "2014-01-05", 1000),
            ]
        )
        assert rows(snapshot, "receivable_open_amount", "overdue_amount") == [(1111.0, 1.0)]
        ahead = {"start": "2014-01-01", "end_excl": "2014-02-01", "dimension": "due_on"}
        assert rows(snapshot, "receivable_open_amount", time=ahead) == [(1000.0,)]
