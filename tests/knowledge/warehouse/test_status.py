"""What `leadline data status` and `leadline data errors` are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from knowledge.warehouse.load import load_batch
from knowledge.warehouse.partners import REGION
from knowledge.warehouse.snapshot import SnapshotStore, publish
from knowledge.warehouse.status import (
    DataStatus,
    FileStatus,
    count_row_errors,
    data_status,
    row_errors,
)
from tests.knowledge.warehouse.batches import Row, at, batch

REGIONS: list[Row] = [{"ext_id": "E", "name": "华东"}, {"ext_id": "S", "name": "华南"}]


def payment(number: int, partner: str | None = None) -> Row:
    return {
        "ext_id": str(number),
        "payment_no": str(number),
        "partner_id": partner,
        "paid_on": date(2026, 1, number),
        "amount": Decimal(1),
    }


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "snapshots")


class TestDataStatus:
    def test_nothing_loaded_is_an_empty_list(self, engine: sa.Engine, store: SnapshotStore) -> None:
        assert data_status(engine, store) == DataStatus((), None, None, None)

    def test_says_what_each_source_holds(self, engine: sa.Engine, store: SnapshotStore) -> None:
        load_batch(engine, batch({"region": REGIONS}, source="erp"))
        tables = {"region": REGIONS[:1], "payment": [payment(1), payment(2, "nobody")]}
        load_batch(engine, batch(tables, source="bank"))
        publish(engine, store)
        load_batch(engine, batch({"region": REGIONS[:1]}, source="erp", content="again"))
        status = data_status(engine, store)
        bank, erp = status.sources
        assert (bank.source, bank.rows, bank.loads) == ("bank", {"region": 1, "payment": 1}, 1)
        assert (bank.rows_read, bank.rows_rejected, bank.errors) == (3, 1, 1)
        assert bank.files == (
            FileStatus("payment.csv", "payment", 2, 1),
            FileStatus("region.csv", "region", 1, 0),
        )
        assert (erp.rows, erp.loads, erp.batch_id) == ({"region": 2}, 2, 3)
        assert (bank.pending, erp.pending, status.pending) == (False, True, True)
        assert (status.snapshot, status.as_of) == (1, date(2026, 1, 1))
        assert bank.loaded_at < erp.loaded_at

    def test_deleted_rows_do_not_count(self, engine: sa.Engine, store: SnapshotStore) -> None:
        load_batch(engine, batch({"region": REGIONS}))
        with engine.begin() as connection:
            connection.execute(sa.update(REGION).where(REGION.c.id == 1).values(deleted_at=at(1)))
        assert data_status(engine, store).sources[0].rows == {"region": 1}


class TestRowErrors:
    def load_bad(self, engine: sa.Engine) -> None:
        for source, strangers in (("erp", "ABC"), ("crm", "D")):
            rows = [payment(n, name) for n, name in enumerate(strangers, 1)]
            load_batch(engine, batch({"payment": rows}, source=source))

    def test_lists_the_newest_load_of_each_source(self, engine: sa.Engine) -> None:
        self.load_bad(engine)
        load_batch(engine, batch({"payment": [payment(1, "E")]}, source="erp"))
        assert [(error.source, error.value) for error in row_errors(engine)] == [
            ("crm", "D"),
            ("erp", "E"),
        ]
        assert [error.value for error in row_errors(engine, batch_id=1)] == ["A", "B", "C"]

    def test_pages_and_their_total(self, engine: sa.Engine) -> None:
        self.load_bad(engine)
        pages = [row_errors(engine, limit=2, offset=offset) for offset in (0, 2, 4)]
        assert [[error.value for error in page] for page in pages] == [["A", "B"], ["C", "D"], []]
        assert count_row_errors(engine) == 4
        assert count_row_errors(engine, source="crm") == 1
        assert count_row_errors(engine, source="nobody") == 0

    def test_can_be_narrowed(self, engine: sa.Engine) -> None:
        self.load_bad(engine)
        assert [error.value for error in row_errors(engine, source="erp", limit=2)] == ["A", "B"]
        assert row_errors(engine, source="none") == []

    def test_says_where_and_why(self, engine: sa.Engine) -> None:
        self.load_bad(engine)
        first = row_errors(engine)[0]
        assert replace(first, source="") == replace(
            first,
            source="",
            batch_id=1,
            file="payment.csv",
            sheet=None,
            row_no=2,
            column="partner_id",
            value="A",
            reason="unknown_reference: partner A",
            table="payment",
        )
