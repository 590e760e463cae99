"""A snapshot as it stood on an earlier day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from knowledge.semantic.frames import read_frame
from knowledge.warehouse.derived import DerivedStore
from knowledge.warehouse.rewind import derived_root, rewind
from knowledge.warehouse.snapshot import Snapshot
from leadline.errors import SpecError
from tests.knowledge.semantic.build import publish_rows

JUNE, JULY, AUGUST = date(2025, 6, 10), date(2025, 7, 10), date(2025, 8, 10)
DAY = date(2025, 7, 31)
"""Where the tests go back to; the data ends in August."""


def order(number: int, day: date, shipped: date | None) -> dict[str, Any]:
    return {
        "id": number,
        "ext_id": f"O{number}",
        "order_no": f"O{number}",
        "order_date": day,
        "ship_date": shipped,
        "partner_id": 1,
        "region_id": 1,
    }


TABLES: dict[str, list[dict[str, Any]]] = {
    "region": [{"id": 1, "ext_id": "E", "name": "East"}],
    "partner": [
        {"id": 1, "ext_id": "P1", "name": "Ann", "region_id": 1, "joined_on": JUNE, "tier": "gold"},
        {"id": 2, "ext_id": "P2", "name": "Bob", "region_id": 1, "joined_on": AUGUST},
    ],
    "partner_history": [
        {
            "id": 1,
            "ext_id": "H1",
            "partner_id": 1,
            "attribute": "tier",
            "value": "silver",
            "valid_from": JUNE,
            "valid_to": AUGUST,
        },
        {
            "id": 2,
            "ext_id": "H2",
            "partner_id": 1,
            "attribute": "tier",
            "value": "gold",
            "valid_from": AUGUST,
        },
    ],
    "sales_order": [
        order(1, JUNE, JULY),
        order(2, JULY, AUGUST),
        order(3, AUGUST, None),
    ],
    "order_line": [
        {"id": i, "ext_id": f"L{i}", "order_id": i, "line_no": "1", "amount": Decimal(100 * i)}
        for i in (1, 2, 3)
    ],
    "opportunity": [
        {
            "id": 1,
            "ext_id": "D1",
            "partner_id": 1,
            "created_on": JUNE,
            "closed_on": AUGUST,
            "outcome": "won",
            "stage": "won",
        },
        {
            "id": 2,
            "ext_id": "D2",
            "partner_id": 1,
            "created_on": JUNE,
            "closed_on": JULY,
            "outcome": "lost",
            "stage": "lost",
        },
    ],
    "opportunity_stage": [
        {
            "id": i,
            "ext_id": f"T{i}",
            "opportunity_id": 1,
            "stage": stage,
            "entered_at": f"{day.isoformat()} 12:00:00",
        }
        for i, stage, day in ((1, "demo", JUNE), (2, "offer", JULY), (3, "won", AUGUST))
    ],
    "payment": [
        {
            "id": 1,
            "ext_id": "Y1",
            "payment_no": "Y1",
            "partner_id": 1,
            "order_id": 1,
            "paid_on": AUGUST,
            "amount": Decimal(60),
        }
    ],
    "receivable": [
        {
            "id": 1,
            "ext_id": "R1",
            "receivable_no": "R1",
            "partner_id": 1,
            "order_id": 1,
            "booked_on": JUNE,
            "amount": Decimal(100),
            "open_amount": Decimal(40),
        }
    ],
    "sell_through": [
        {
            "id": i,
            "ext_id": f"S{i}",
            "partner_id": 1,
            "product_id": 1,
            "period_start": date(2025, month, 1),
            "grain": "month",
            "quantity": Decimal(1),
        }
        for i, month in ((1, 6), (2, 7), (3, 8))
    ],
    "tender": [
        {"id": 1, "ext_id": "N1", "notice_type": "bid", "published_on": AUGUST},
    ],
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return publish_rows(tmp_path_factory.mktemp("whole"), TABLES, as_of=AUGUST)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("derived")


@pytest.fixture(scope="module")
def then(whole: Snapshot, root: Path) -> Snapshot:
    return rewind(whole, DAY, root)


class TestRows:
    def test_of_later_days_are_gone(self, then: Snapshot) -> None:
        lines = read_frame(then, "order_line", ("order_id", "amount"))
        assert lines["amount"].tolist() == [100, 200]
        assert read_frame(then, "partner", ("label",))["label"].tolist() == ["Ann"]

    def test_a_table_that_had_none_yet_is_absent(self, then: Snapshot) -> None:
        assert then.table_path("tender") is None
        assert then.table_path("payment") is None

    def test_a_month_is_known_when_it_is_over(self, then: Snapshot, whole: Snapshot) -> None:
        # 31 July is the last day of July; on the 30th July is not over
        months = read_frame(then, "sell_through", ("period_start",))["period_start"]
        assert [m.month for m in months] == [6, 7]

    def test_the_day_is_today(self, then: Snapshot) -> None:
        assert then.as_of == DAY
        assert then.number == 1


class TestWhatLaterDaysWrote:
    def test_is_taken_back_in_orders(self, then: Snapshot) -> None:
        shipped = read_frame(then, "order_line", ("ship_date",))["ship_date"]
        assert shipped.isna().tolist() == [False, True]

    def test_in_deals(self, then: Snapshot) -> None:
        deals = read_frame(then, "opportunity", ("outcome", "stage", "closed_on"))
        assert deals["outcome"].tolist() == ["open", "lost"]
        # the first stood at its offer since July
        assert deals["stage"].tolist() == ["offer", "lost"]
        assert deals["closed_on"].isna().tolist() == [True, False]

    def test_in_partners(self, then: Snapshot) -> None:
        found = read_frame(then, "partner", ("tier", "last_order_date")).iloc[0]
        assert found["tier"] == "silver"
        assert found["last_order_date"].date() == JULY

    def test_in_receivables(self, then: Snapshot) -> None:
        # 40 open now, and the 60 that were paid in August
        assert read_frame(then, "receivable", ("open_amount",))["open_amount"].tolist() == [100]


class TestManifest:
    def test_counts_rows_nulls_and_days_anew(self, then: Snapshot) -> None:
        entry = then.manifest.tables["order_line"]
        assert entry.rows == 2
        assert entry.columns["ship_date"].nulls == 1
        assert entry.columns["order_date"].max == JULY
        path = then.table_path("order_line")
        assert path is not None
        assert path.stat().st_size == entry.bytes

    def test_the_whole_one_is_as_it_was(self, whole: Snapshot, then: Snapshot) -> None:
        assert whole.as_of == AUGUST
        assert len(read_frame(whole, "order_line", ("id",))) == 3


class TestKeeping:
    def test_is_made_once(self, whole: Snapshot, root: Path, then: Snapshot) -> None:
        made = (then.folder / "manifest.json").stat().st_mtime_ns
        again = rewind(whole, DAY, root)
        assert again.folder == then.folder
        assert (again.folder / "manifest.json").stat().st_mtime_ns == made

    def test_its_derived_tables_lie_in_its_own_folder(
        self, whole: Snapshot, root: Path, then: Snapshot
    ) -> None:
        assert derived_root(whole, root) == root
        assert derived_root(then, root) == then.folder / "derived"

    def test_goes_with_its_snapshot(self, whole: Snapshot, tmp_path: Path) -> None:
        found = rewind(whole, DAY, tmp_path)
        assert DerivedStore(tmp_path).prune({1}) == []
        assert found.folder.is_dir()
        assert DerivedStore(tmp_path).prune({2}) == [1]
        assert not found.folder.exists()

    def test_before_all_orders_there_is_none(self, whole: Snapshot, tmp_path: Path) -> None:
        with pytest.raises(SpecError, match="begins after 2025-06-01"):
            rewind(whole, date(2025, 6, 1), tmp_path)
        assert not list(tmp_path.rglob("manifest.json"))
