"""Publishing: what a snapshot holds, what is rewritten, and what a kill in between leaves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from knowledge.warehouse import publish as publishing
from knowledge.warehouse import recipes
from knowledge.warehouse.lineage import IMPORT_BATCH
from knowledge.warehouse.partners import PARTNER, REGION
from knowledge.warehouse.sales import ORDER_LINE
from knowledge.warehouse.snapshot import Snapshot, SnapshotStore, publish
from leadline.errors import NotReadyError
from tests.conftest import Backend, NewDatabase
from tests.knowledge.warehouse.batches import Row, at
from tests.knowledge.warehouse.published import (
    CHANNEL,
    LINES,
    ORDERS,
    PARTNERS,
    PLACES,
    line,
    load,
    named,
    order,
    rows,
)


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "snapshots")


class TestValues:
    def test_holds_domain_columns_only(self, engine: sa.Engine, store: SnapshotStore) -> None:
        load(engine, CHANNEL)
        columns = publish(engine, store).manifest.tables["order_line"].columns
        assert {"id", "source", "ext_id", "amount", "order_status"} <= columns.keys()
        assert not columns.keys() & {"payload_hash", "synced_at", "batch_id", "deleted_at"}
        assert columns["amount"].type == "DECIMAL(20,4)"
        assert columns["order_date"].type == "DATE"
        assert (columns["order_date"].min, columns["order_date"].max) == (
            date(2026, 1, 5),
            date(2026, 2, 9),
        )
        assert (columns["region_id"].nulls, columns["amount"].min) == (1, None)

    def test_values_are_exact_and_text_is_untouched(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        texts = ['"', ",", "a\nb", "", " 首尾空格 ", "''", "\\N", "NULL", "🙂", "t"]
        amounts = ["0.0001", "-0.0001", "99999999999999.9999", "-99999999999999.9999", "0"]
        floats = [0.1, 1 / 3, 1e-300, -1.7976931348623157e308, 5e-324]
        contacts: list[Row] = [
            {
                "ext_id": f"{number:02d}",
                "partner_id": "P1",
                "name": f"x{text}x",
                "title": text,
                "is_primary": [True, False, None][number % 3],
            }
            for number, text in enumerate(texts)
        ]
        payments: list[Row] = [
            {
                "ext_id": str(number),
                "payment_no": str(number),
                "paid_on": date(2026, 1, 1),
                "amount": Decimal(amount),
            }
            for number, amount in enumerate(amounts)
        ]
        macros: list[Row] = [
            {
                "ext_id": str(number),
                "series": "PMI",
                "period_start": date(1999, 12, 31),
                "grain": "month",
                "vintage": date(2026, 2, 28),
                "value": value,
            }
            for number, value in enumerate(floats)
        ]
        load(
            engine,
            {
                **PLACES,
                "partner": PARTNERS,
                "partner_contact": contacts,
                "payment": payments,
                "macro_indicator": macros,
            },
        )
        snapshot = publish(engine, store)
        assert rows(snapshot, "partner_contact", "name", "title", "is_primary") == [
            (row["name"], row["title"], row["is_primary"]) for row in contacts
        ]
        assert rows(snapshot, "payment", "amount") == [(Decimal(a),) for a in amounts]
        assert rows(snapshot, "macro_indicator", "value") == [(value,) for value in floats]

    def test_deleted_rows_are_left_out(self, engine: sa.Engine, store: SnapshotStore) -> None:
        load(engine, CHANNEL)
        with engine.begin() as connection:
            gone = ORDER_LINE.c.ext_id == "O1|1"
            connection.execute(sa.update(ORDER_LINE).where(gone).values(deleted_at=at(1)))
        assert ("O1|1",) not in rows(publish(engine, store), "order_line", "ext_id")

    def test_tables_without_rows_have_no_file(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        load(engine, PLACES)
        snapshot = publish(engine, store)
        assert sorted(snapshot.manifest.tables) == ["region", "territory"]
        assert snapshot.table_path("order_line") is None
        assert sorted(path.name for path in snapshot.folder.iterdir()) == [
            "manifest.json",
            "region.parquet",
            "territory.parquet",
        ]

    def test_more_rows_than_a_block_arrive_all(
        self, engine: sa.Engine, store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from knowledge.warehouse import export

        monkeypatch.setattr(export, "ROWS_PER_BLOCK", 7)
        monkeypatch.setattr(export, "_BYTES_PER_BLOCK", 50)
        load(engine, {"region": [{"ext_id": f"{n:03d}", "name": f"R{n}"} for n in range(100)]})
        assert rows(publish(engine, store), "region", "name") == [(f"R{n}",) for n in range(100)]


class TestAsOf:
    def test_orders_say_how_far_the_data_goes(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        payment: Row = {
            "ext_id": "1",
            "payment_no": "1",
            "paid_on": date(2030, 1, 1),
            "amount": Decimal(1),
        }
        load(engine, {**CHANNEL, "payment": [payment]})
        assert publish(engine, store).as_of == date(2026, 2, 9)

    def test_else_opportunities_by_either_date(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        deal: Row = {
            "ext_id": "1",
            "stage": "won",
            "outcome": "won",
            "created_on": date(2026, 1, 1),
            "closed_on": date(2026, 5, 2),
        }
        load(engine, {"opportunity": [deal]})
        assert publish(engine, store).as_of == date(2026, 5, 2)

    def test_else_any_other_fact_but_no_plan(self, engine: sa.Engine, store: SnapshotStore) -> None:
        target: Row = {
            "ext_id": "1",
            "measure": "amount",
            "period_start": date(2031, 1, 1),
            "grain": "year",
            "amount": Decimal(1),
        }
        visits: list[Row] = [
            {"ext_id": str(day), "kind": "visit", "happened_on": date(2026, 4, day)}
            for day in (3, 7, 5)
        ]
        load(engine, {"target": [target], "activity": visits})
        assert publish(engine, store).as_of == date(2026, 4, 7)

    def test_else_the_day_of_the_load(self, engine: sa.Engine, store: SnapshotStore) -> None:
        load(engine, PLACES)
        with engine.connect() as connection:
            finished = connection.scalar(sa.select(IMPORT_BATCH.c.finished_at))
        assert finished is not None
        assert publish(engine, store).as_of == finished.date()

    @pytest.mark.parametrize(
        ("currencies", "shown"),
        [
            (("CNY", "CNY"), "CNY"),
            (("CNY", None), "CNY"),
            (("CNY", "USD"), None),
            ((None, None), None),
        ],
    )
    def test_the_currency_is_named_where_there_is_one(
        self,
        engine: sa.Engine,
        store: SnapshotStore,
        currencies: tuple[str | None, str | None],
        shown: str | None,
    ) -> None:
        orders = [order(f"O{n}", date(2026, 1, 1), currency=c) for n, c in enumerate(currencies)]
        load(
            engine, {"sales_order": orders, "order_line": [line("O0", 1, "1"), line("O1", 1, "1")]}
        )
        assert publish(engine, store).manifest.currency == shown


class TestNumbering:
    def test_nothing_loaded_is_not_ready(self, engine: sa.Engine, store: SnapshotStore) -> None:
        with pytest.raises(NotReadyError, match="nothing is loaded"):
            publish(engine, store)
        assert store.numbers() == []

    def test_each_load_publishes_the_next_number(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        load(engine, PLACES)
        first = publish(engine, store)
        load(engine, CHANNEL)
        second = publish(engine, store)
        assert (first.number, second.number, second.manifest.previous) == (1, 2, 1)
        assert (first.manifest.batch_ids, second.manifest.batch_ids) == ((1,), (1, 2))
        assert store.current() == second
        assert store.get(1) == first
        with engine.connect() as connection:
            marked = connection.execute(
                sa.select(IMPORT_BATCH.c.status, IMPORT_BATCH.c.snapshot_no)
            )
            assert [tuple(row) for row in marked] == [("published", 1), ("published", 2)]

    def test_nothing_new_publishes_nothing(self, engine: sa.Engine, store: SnapshotStore) -> None:
        load(engine, CHANNEL)
        first = publish(engine, store)
        assert publish(engine, store) == first
        assert store.numbers() == [1]

    def test_a_version_that_makes_tables_otherwise_publishes_anew(
        self, engine: sa.Engine, store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        load(engine, CHANNEL)
        first = publish(engine, store)
        monkeypatch.setitem(recipes.MAIN_DATES, "sales_order", "due_date")
        second = publish(engine, store)
        assert (second.number, second.manifest.batch_ids) == (2, first.manifest.batch_ids)
        assert second.manifest.layout != first.manifest.layout
        # only the order of orders is new
        line, orders = "order_line.parquet", "sales_order.parquet"
        assert (second.folder / line).samefile(first.folder / line)
        assert not (second.folder / orders).samefile(first.folder / orders)
        assert publish(engine, store) == second

    def test_progress_names_what_is_written(self, engine: sa.Engine, store: SnapshotStore) -> None:
        seen: dict[str, int] = {}
        load(engine, CHANNEL)
        publish(engine, store, progress=seen.__setitem__)
        assert seen["order_line"] == 4
        assert "payment" not in seen


class TestUnchangedFiles:
    def inodes(self, snapshot: Snapshot) -> dict[str, int]:
        return {path.name: path.stat().st_ino for path in snapshot.folder.glob("*.parquet")}

    def test_are_linked_not_written(self, engine: sa.Engine, store: SnapshotStore) -> None:
        load(engine, CHANNEL)
        first = publish(engine, store)
        load(engine, {**PLACES, "region": [*PLACES["region"], {"ext_id": "N", "name": "华北"}]})
        written: list[str] = []
        second = publish(engine, store, progress=lambda table, _: written.append(table))
        before, after = self.inodes(first), self.inodes(second)
        assert after.pop("region.parquet") != before.pop("region.parquet")
        assert after == before
        assert "order_line" not in written
        store.verify(2)

    def test_a_moved_partner_moves_its_facts(self, engine: sa.Engine, store: SnapshotStore) -> None:
        load(engine, CHANNEL)
        publish(engine, store)
        moved = [{**PARTNERS[0], "region_id": "E"}, *PARTNERS[1:]]
        load(engine, {**PLACES, "partner": moved})
        found = named(publish(engine, store), "order_line", "order_no", "region_id")
        assert ("O1", "华东") in found

    def test_a_partner_that_did_not_move_leaves_its_facts(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        load(engine, CHANNEL)
        first = publish(engine, store)
        load(engine, {**PLACES, "partner": [{**PARTNERS[0], "name": "甲公司"}, *PARTNERS[1:]]})
        second = publish(engine, store)
        before, after = self.inodes(first), self.inodes(second)
        assert after["order_line.parquet"] == before["order_line.parquet"]
        assert after["partner.parquet"] != before["partner.parquet"]
        assert rows(second, "partner", "label")[0] == ("甲公司",)

    def test_a_changed_header_changes_its_lines(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        load(engine, CHANNEL)
        publish(engine, store)
        load(
            engine,
            {
                **PLACES,
                "partner": PARTNERS,
                "sales_order": [{**ORDERS[0], "order_date": date(2026, 2, 20)}],
            },
        )
        second = publish(engine, store)
        assert second.as_of == date(2026, 2, 20)
        assert rows(second, "partner", "name", "last_order_date")[0] == ("甲", date(2026, 2, 20))

    def test_slow_changes_are_published_with_their_partner(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        load(engine, {"partner": [{"ext_id": "P", "name": "甲", "tier": "银牌"}]})
        publish(engine, store)
        load(engine, {"partner": [{"ext_id": "P", "name": "甲", "tier": "金牌"}]})
        assert rows(publish(engine, store), "partner_history", "value") == [("金牌",)]

    def test_a_damaged_file_is_not_handed_on(self, engine: sa.Engine, store: SnapshotStore) -> None:
        load(engine, CHANNEL)
        first = publish(engine, store)
        damaged = first.folder / "order_line.parquet"
        damaged.write_bytes(damaged.read_bytes()[::-1])
        load(engine, {**PLACES, "region": [*PLACES["region"], {"ext_id": "N", "name": "华北"}]})
        second = publish(engine, store)
        store.verify(second.number)
        assert len(rows(second, "order_line", "id")) == 4

    def test_a_database_started_afresh_shares_nothing(
        self, new_database: NewDatabase, store: SnapshotStore
    ) -> None:
        one, other = new_database(), new_database()
        load(one, CHANNEL)
        publish(one, store)
        # batch 1 again, but of another database
        load(other, {**CHANNEL, "order_line": LINES[:1]})
        second = publish(other, store)
        assert second.number == 2
        assert len(rows(second, "order_line", "id")) == 1


class TestInterrupted:
    def test_before_the_rename_the_last_snapshot_stays(
        self, engine: sa.Engine, store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        load(engine, PLACES)
        first = publish(engine, store)
        load(engine, CHANNEL)
        monkeypatch.setattr(SnapshotStore, "put", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish(engine, store)
        monkeypatch.undo()
        assert store.current() == first
        assert len(list(store.root.glob(".building-*"))) == 1
        second = publish(engine, store)
        assert second.number == 2
        assert list(store.root.glob(".building-*")) == []
        assert len(rows(second, "order_line", "id")) == 4

    def test_after_the_rename_only_the_marks_are_caught_up(
        self, engine: sa.Engine, store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        load(engine, CHANNEL)
        monkeypatch.setattr(publishing, "_mark_published", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish(engine, store)
        monkeypatch.undo()
        assert store.numbers() == [1]
        assert publish(engine, store).number == 1
        with engine.connect() as connection:
            assert connection.scalars(sa.select(IMPORT_BATCH.c.status)).all() == ["published"]

    def test_a_load_that_commits_meanwhile_waits_for_the_next(
        self, engine: sa.Engine, store: SnapshotStore, backend: Backend
    ) -> None:
        load(engine, CHANNEL)

        def meanwhile(table: str, _: int) -> None:
            if table == "order_line":
                load(engine, {"region": [{"ext_id": "N", "name": "华北"}]})

        first = publish(engine, store, progress=meanwhile)
        assert len(rows(first, "region", "id")) == 2
        with engine.connect() as connection:
            states = connection.scalars(
                sa.select(IMPORT_BATCH.c.status).order_by(IMPORT_BATCH.c.id)
            ).all()
        assert states == ["published", "loaded"]
        assert len(rows(publish(engine, store), "region", "id")) == 3

    def test_edits_made_by_hand_are_not_lost_on_the_next_load(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        # dimensions are always read anew, whoever changed them
        load(engine, CHANNEL)
        publish(engine, store)
        with engine.begin() as connection:
            connection.execute(sa.update(PARTNER).where(PARTNER.c.id == 1).values(tier="金牌"))
            connection.execute(sa.update(REGION).where(REGION.c.id == 1).values(owner="李敏"))
        load(engine, {"product": [{"ext_id": "A", "sku": "A", "name": "总账"}]})
        snapshot = publish(engine, store)
        assert rows(snapshot, "partner", "tier")[0] == ("金牌",)
        assert rows(snapshot, "region", "owner")[0] == ("李敏",)
