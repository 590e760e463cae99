from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from knowledge.semantic.calendar import bucket_start
from knowledge.semantic.connection import CALENDAR, OPEN_DATABASES, open_database, use_threads
from knowledge.semantic.engine import available, members, run_query
from knowledge.semantic.spec import QuerySpec, TimeRange
from leadline.access import EVERYTHING, Scope
from leadline.errors import IntegrityError, SpecError
from leadline.types import GRAINS, Period
from tests.knowledge.semantic.build import publish_rows
from tests.knowledge.semantic.shop import AS_OF, publish_shop, shop, shop_rows


class TestOpening:
    def test_a_snapshot_is_opened_once(self) -> None:
        assert open_database(shop()) is open_database(shop())

    def test_the_least_recently_used_is_dropped(self) -> None:
        first = publish_shop()
        database = open_database(first)
        for _ in range(OPEN_DATABASES - 1):
            open_database(publish_shop())
        assert open_database(first) is database
        for _ in range(OPEN_DATABASES):
            open_database(publish_shop())
        assert open_database(first) is not database
        # who still holds the dropped one can go on reading it
        assert database.run("SELECT count(*) FROM order_line", []) == [(7,)]

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        snapshot = publish_rows(tmp_path / "000001", shop_rows(), as_of=AS_OF)
        (snapshot.folder / "order_line.parquet").unlink()
        with pytest.raises(IntegrityError, match="order_line"):
            open_database(snapshot)

    def test_a_folder_may_have_any_name(self, tmp_path: Path) -> None:
        folder = tmp_path / "it's 数据" / "000001"
        snapshot = publish_rows(folder, shop_rows(), as_of=AS_OF)
        spec = QuerySpec(metrics=("amount",))
        assert run_query(spec, snapshot, EVERYTHING).rows == ((480.0,),)

    def test_threads_are_as_told(self) -> None:
        asked = "SELECT current_setting('threads')"
        assert open_database(shop(), 1).run(asked, []) == [(1,)]
        use_threads(3)
        try:
            assert open_database(publish_shop()).run(asked, []) == [(3,)]
        finally:
            use_threads(None)

    def test_the_calendar_knows_what_the_arithmetic_knows(self) -> None:
        snapshot = publish_shop(
            activity=[
                {"id": i, "kind": "x", "happened_on": day}
                for i, day in enumerate([date(2003, 12, 25), date(2026, 1, 9)], 1)
            ]
        )
        days = open_database(snapshot).run(f"SELECT * FROM {CALENDAR} ORDER BY day", [])
        assert days[0][0] == date(2003, 12, 25)
        assert days[-1][0] == date(2026, 1, 9)
        for day, *starts in days:
            assert starts == [bucket_start(grain, day) for grain in GRAINS[1:]]


class TestAtOnce:
    def test_many_threads_get_the_same_answers(self) -> None:
        specs = [
            QuerySpec(metrics=("amount", "orders"), dimensions=(name,), time=TimeRange(grain=grain))
            for name in ("region", "partner", "product", "salesperson")
            for grain in ("month", "year")
        ]
        alone = [run_query(spec, shop(), EVERYTHING).digest for spec in specs]
        snapshot = publish_shop()
        with ThreadPoolExecutor(8) as pool:
            together = list(
                pool.map(lambda spec: run_query(spec, snapshot, EVERYTHING).digest, specs * 6)
            )
        assert together == alone * 6


class TestMembers:
    def test_have_labels_names_and_codes(self) -> None:
        found = members(shop(), "partner", EVERYTHING)
        assert [m.label for m in found] == ["Alpha (P1)", "Alpha (P4)", "Beta", "Delta", "Gamma"]
        assert (found[0].name, found[0].ext_id) == ("Alpha", "P1")
        assert found[0].aliases == ("阿法", "P1")
        assert [m.aliases for m in members(shop(), "product", EVERYTHING)] == [("S1",), ("S2",)]

    def test_of_attributes_are_their_values(self) -> None:
        assert [m.label for m in members(shop(), "partner_tier", EVERYTHING)] == ["金牌", "银牌"]
        assert [m.label for m in members(shop(), "order_type", EVERYTHING)] == ["新签"]
        assert [m.label for m in members(shop(), "country", EVERYTHING)] == ["中国"]

    def test_of_what_is_not_there_are_none(self) -> None:
        assert members(shop(), "warehouse", EVERYTHING) == ()
        assert members(shop(), "stage", EVERYTHING) == ()

    @pytest.mark.parametrize("name", ["regoin", "order_date"])
    def test_of_no_dimension_is_refused(self, name: str) -> None:
        with pytest.raises(SpecError, match=name):
            members(shop(), name, EVERYTHING)

    def test_that_were_removed_count_as_none(self) -> None:
        rows = shop_rows()
        rows["partner"] = [row for row in rows["partner"] if row["id"] not in (2, 3)]
        snapshot = publish_shop(partner=rows["partner"])
        spec = QuerySpec(metrics=("amount",), dimensions=("partner",))
        # Beta's 200 and Gamma's 80 stand in one row without a name
        assert run_query(spec, snapshot, EVERYTHING).rows == (
            ("Alpha (P1)", 170.0),
            ("Alpha (P4)", 30.0),
            (None, 280.0),
        )


class TestAvailability:
    def test_says_what_has_figures(self) -> None:
        found = available(shop(), EVERYTHING)
        assert {"amount", "gross_margin", "new_partners", "partner_count"} <= found.metrics
        # no discounts, no payments, no targets in the shop
        assert found.metrics.isdisjoint({"discount_rate", "payment_amount", "attainment"})

    def test_says_what_each_fact_carries(self) -> None:
        found = available(shop(), EVERYTHING)
        assert {"partner", "region", "product_line", "order_type"} <= found.dimensions["order_line"]
        assert "customer" not in found.dimensions["order_line"]
        assert "product" not in found.metric_dimensions["new_partners"]
        assert "partner_tier" in found.metric_dimensions["amount"]

    def test_says_which_days_there_are(self) -> None:
        found = available(shop(), EVERYTHING)
        assert found.span("order_line") == Period(date(2012, 10, 20), AS_OF + timedelta(days=1))
        assert found.span("payment") is None
        mine = available(shop(), Scope(partners=frozenset({"P2"})))
        assert mine.span("order_line") == Period(date(2013, 2, 10), date(2013, 2, 11))

    def test_a_metric_needs_rows_that_count_for_it(self) -> None:
        lost = {"id": 1, "stage": "x", "outcome": "lost", "closed_on": AS_OF, "created_on": AS_OF}
        found = available(publish_shop(opportunity=[lost]), EVERYTHING)
        assert {"opportunities", "lost_opportunities"} <= found.metrics
        assert found.metrics.isdisjoint({"won_opportunities", "win_rate", "pipeline_amount"})
