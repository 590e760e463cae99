from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from knowledge.semantic.engine import available, run_query
from knowledge.semantic.spec import QuerySpec
from knowledge.warehouse.snapshot import Snapshot
from leadline.access import EVERYTHING, Scope
from leadline.errors import SpecError
from leadline.types import Scalar
from tests.knowledge.semantic.build import Row
from tests.knowledge.semantic.shop import EAST, SOUTH, publish_shop

Q1 = {"start": "2013-01-01", "end_excl": "2013-04-01"}
Q4 = {"start": "2013-10-01", "end_excl": "2014-01-01", "partial": True}
Y2013 = {"start": "2013-01-01", "end_excl": "2014-01-01"}


def target(
    amount: int, start: str, grain: str = "quarter", measure: str = "amount", **who: Any
) -> Row:
    return {
        "measure": measure,
        "period_start": date.fromisoformat(start),
        "grain": grain,
        "amount": Decimal(amount),
        **who,
    }


def with_targets(*targets: Row, **tables: list[Row]) -> Snapshot:
    rows = [{"id": number, **row} for number, row in enumerate(targets, 1)]
    return publish_shop(target=rows, **tables)


def rows(
    snapshot: Snapshot, *metrics: str, scope: Scope = EVERYTHING, **spec: Any
) -> list[tuple[Scalar, ...]]:
    wanted = QuerySpec.model_validate({"metrics": metrics, **spec})
    return list(run_query(wanted, snapshot, scope).rows)


REGIONS = (
    target(200, "2013-01-01", region_id=EAST),
    target(400, "2013-01-01", region_id=SOUTH),
    target(160, "2013-10-01", region_id=EAST),
)
PARTNERS = (
    target(250, "2013-01-01", partner_id=1),
    target(999, "2013-01-01", partner_id=2),
    target(50, "2013-01-01", partner_id=5),
)


class TestAttainment:
    def test_is_actual_over_target(self) -> None:
        # 华东 100 of 200, 华南 200 of 400 in the first quarter
        found = rows(
            with_targets(*REGIONS), "attainment", "target_amount", dimensions=["region"], time=Q1
        )
        assert found == [("华东", 0.5, 200.0), ("华南", 0.5, 400.0)]

    def test_counts_the_target_of_the_whole_period_and_actuals_up_to_today(self) -> None:
        # 华东 in Q4 so far: 50 + 30 of 160
        assert rows(with_targets(*REGIONS), "attainment", time=Q4) == [(0.5,)]

    def test_counts_only_those_who_have_targets(self) -> None:
        # Q4 targets: 华东 only, though 80 of Q4 2012 came from elsewhere
        snapshot = with_targets(target(100, "2012-10-01", region_id=EAST))
        time = {"start": "2012-10-01", "end_excl": "2013-01-01"}
        assert rows(snapshot, "attainment", "amount", time=time) == [(0.2, 100.0)]

    def test_of_a_holder_without_sales_is_zero(self) -> None:
        found = rows(with_targets(*PARTNERS), "attainment", dimensions=["partner"], time=Q1)
        assert found == [("Alpha (P1)", 0.4), ("Beta", 200 / 999), ("Delta", 0.0)]

    def test_by_bucket_counts_those_with_a_target_in_the_bucket(self) -> None:
        found = rows(with_targets(*REGIONS), "attainment", time={**Y2013, "grain": "quarter"})
        # Q1: (100 + 200) of 600; Q4: 80 of 160
        assert found == [("2013-Q1", 0.5), ("2013-Q4", 0.5)]

    def test_without_targets_in_the_window_is_null(self) -> None:
        time = {"start": "2012-01-01", "end_excl": "2013-01-01"}
        assert rows(with_targets(*REGIONS), "attainment", "amount", time=time) == [(None, 100.0)]
        assert rows(with_targets(*REGIONS), "attainment", time=time) == [(None,)]
        assert rows(with_targets(*REGIONS), "attainment", time=time, dimensions=["region"]) == []

    def test_of_other_measures_is_their_own(self) -> None:
        payments = [
            {
                "id": 1,
                "payment_no": "Z",
                "partner_id": 1,
                "paid_on": date(2013, 1, 5),
                "amount": Decimal(30),
            }
        ]
        snapshot = with_targets(
            target(120, "2013-01-01", measure="payment", partner_id=1), *PARTNERS, payment=payments
        )
        assert rows(snapshot, "payment_attainment", "payment_target", time=Q1) == [(0.25, 120.0)]
        assert "payment_attainment" in available(snapshot, EVERYTHING).metrics
        assert "payment_attainment" not in available(with_targets(*PARTNERS), EVERYTHING).metrics

    def test_compares_with_the_whole_base_target(self) -> None:
        snapshot = with_targets(*REGIONS, target(80, "2012-10-01", region_id=EAST))
        found = rows(snapshot, "target_amount", time=Q4, compare={"kind": "yoy"})
        assert found == [(160.0, 80.0, 80.0, 1.0)]


class TestLevels:
    BOTH = with_targets(*REGIONS, *PARTNERS)

    def test_are_never_added_up(self) -> None:
        # regions: 200 + 400; partners: 250 + 999 + 50
        assert rows(self.BOTH, "target_amount", time=Q1) == [(600.0,)]

    def test_the_coarsest_that_carries_the_question_answers(self) -> None:
        by_partner = rows(self.BOTH, "target_amount", time=Q1, dimensions=["partner"])
        assert by_partner == [("Alpha (P1)", 250.0), ("Beta", 999.0), ("Delta", 50.0)]
        where = {"kind": "filter", "member": "partner_tier", "values": ["银牌"]}
        assert rows(self.BOTH, "target_amount", time=Q1, where=where) == [(1049.0,)]
        by_region = rows(self.BOTH, "target_amount", time=Q1, dimensions=["region"])
        assert by_region == [("华东", 200.0), ("华南", 400.0)]

    def test_a_total_goes_first(self) -> None:
        snapshot = with_targets(target(77, "2013-01-01"), *REGIONS)
        assert rows(snapshot, "target_amount", "attainment", time=Q1) == [(77.0, 300 / 77)]

    def test_partners_roll_up_to_their_regions(self) -> None:
        found = rows(with_targets(*PARTNERS), "target_amount", time=Q1, dimensions=["region"])
        assert found == [("华东", 250.0), ("华南", 1049.0)]

    def test_what_no_level_carries_is_refused(self) -> None:
        sellers = with_targets(target(10, "2013-01-01", salesperson_id=1))
        with pytest.raises(SpecError, match="region"):
            rows(sellers, "attainment", time=Q1, dimensions=["region"])
        with pytest.raises(SpecError, match="set per region") as caught:
            rows(with_targets(*REGIONS, PARTNERS[0] | {"measure": "payment"}), "target_amount",
                 time=Q1, dimensions=["partner"])  # fmt: skip
        assert "partner" in caught.value.message

    def test_a_product_line_is_a_level_of_its_own(self) -> None:
        snapshot = with_targets(
            target(120, "2013-01-01", product_line="财务云"),
            target(80, "2013-01-01", product_line="HR"),
        )
        found = rows(snapshot, "attainment", time=Q1, dimensions=["product_line"])
        # 财务云: 60 + 200 of 120, HR: 40 of 80
        assert found == [("HR", 0.5), ("财务云", 260 / 120)]

    def test_outside_the_scope_there_are_none(self) -> None:
        south = Scope(regions=frozenset({"华南"}))
        assert rows(self.BOTH, "target_amount", time=Q1, scope=south) == [(400.0,)]
        total = with_targets(target(77, "2013-01-01"))
        assert rows(total, "target_amount", time=Q1, scope=south) == [(None,)]


class TestGrains:
    def test_are_never_added_up(self) -> None:
        snapshot = with_targets(
            target(100, "2013-01-01", "year", region_id=EAST),
            *(target(9, f"2013-{m:02d}-01", "month", region_id=EAST) for m in range(1, 13)),
        )
        assert rows(snapshot, "target_amount", time=Y2013) == [(100.0,)]
        # a year does not lie inside a quarter: its months do
        assert rows(snapshot, "target_amount", time=Q1) == [(27.0,)]
        found = rows(snapshot, "target_amount", time={**Q1, "grain": "month"})
        assert found == [("2013-01", 9.0), ("2013-02", 9.0), ("2013-03", 9.0)]

    def test_longer_than_the_window_are_refused(self) -> None:
        month = {"start": "2013-01-01", "end_excl": "2013-02-01"}
        with pytest.raises(SpecError, match="set per quarter"):
            rows(with_targets(*REGIONS), "attainment", time=month)
        with pytest.raises(SpecError, match="cannot be split into month"):
            rows(with_targets(*REGIONS), "attainment", time={**Y2013, "grain": "month"})

    def test_belong_to_the_window_in_which_they_start(self) -> None:
        # a quarter that starts on 2012-12-28 belongs to 2012
        snapshot = with_targets(target(10, "2012-12-28", region_id=EAST), *REGIONS[:1])
        assert rows(snapshot, "target_amount", time=Q1) == [(200.0,)]

    def test_without_a_period_those_that_have_begun_count(self) -> None:
        snapshot = with_targets(*REGIONS, target(5000, "2014-01-01", region_id=EAST))
        assert rows(snapshot, "target_amount") == [(760.0,)]

    def test_of_an_unknown_name_are_refused(self) -> None:
        with pytest.raises(SpecError, match="unknown grain 'fortnight'"):
            rows(with_targets(target(10, "2013-01-01", "fortnight")), "target_amount", time=Q1)


class TestCompareWithTarget:
    def test_sets_figures_beside_their_targets(self) -> None:
        found = rows(
            with_targets(*REGIONS),
            "amount",
            time=Q1,
            dimensions=["region"],
            compare={"kind": "target"},
        )
        assert found == [("华东", 100.0, 200.0, 0.5), ("华南", 200.0, 400.0, 0.5)]

    def test_can_be_filtered_by_attainment(self) -> None:
        found = rows(
            with_targets(*PARTNERS),
            "amount",
            time=Q1,
            dimensions=["partner"],
            compare={"kind": "target"},
            metric_filters=[{"metric": "amount", "on": "attainment", "op": "lt", "value": 0.3}],
            order=[{"by": "amount__attainment", "direction": "asc"}],
        )
        assert [row[0] for row in found] == ["Delta", "Beta"]

    def test_needs_a_metric_with_targets(self) -> None:
        with pytest.raises(SpecError, match="no targets for active_partners"):
            rows(with_targets(*REGIONS), "active_partners", time=Q1, compare={"kind": "target"})
