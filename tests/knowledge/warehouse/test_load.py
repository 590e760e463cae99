"""Loading: guarded by natural key, all or nothing, counted, never order-dependent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.warehouse.batch import Notice, RowError, SourceBatch, TableRows, Tally, chunk_of
from knowledge.warehouse.lineage import IMPORT_BATCH, IMPORT_FILE, IMPORT_TABLE, ROW_ERROR
from knowledge.warehouse.load import load_batch
from knowledge.warehouse.stage import Counts
from knowledge.warehouse.tables import CANONICAL
from leadline.errors import BusyError, IntegrityError, SourceFileError
from tests.conftest import Backend, NewDatabase
from tests.knowledge.warehouse.batches import Row, at, batch, content, rows_of

REGIONS: list[Row] = [{"ext_id": "E", "name": "华东"}, {"ext_id": "S", "name": "华南"}]
PARTNERS: list[Row] = [
    {"ext_id": "P1", "name": "甲公司", "region_id": "E"},
    {"ext_id": "P2", "name": "乙公司", "region_id": "S"},
]
ORDERS: list[Row] = [
    {"ext_id": f"O{n}", "order_no": f"O{n}", "order_date": date(2026, 1, n), "partner_id": p}
    for n, p in ((1, "P1"), (2, "P2"), (3, "P1"), (4, None))
]


def line(order: int, number: int, amount: str, quantity: str = "1") -> Row:
    return {
        "ext_id": f"O{order}|{number}",
        "order_id": f"O{order}",
        "line_no": str(number),
        "quantity": Decimal(quantity),
        "amount": Decimal(amount),
    }


LINES: list[Row] = [
    line(1, 1, "100.00"),
    line(1, 2, "0.0001"),
    line(2, 1, "-5.5"),
    line(3, 1, "99999999999999.9999"),
]


def channel(**changes: list[Row]) -> dict[str, list[Row]]:
    return {
        "region": REGIONS,
        "partner": PARTNERS,
        "sales_order": ORDERS,
        "order_line": LINES,
        **changes,
    }


def counts_of(report: Any) -> dict[str, Counts]:
    return {item.table: item.counts for item in report.tables}


class TestFirstLoad:
    def test_inserts_every_row_exactly(self, engine: sa.Engine) -> None:
        report = load_batch(engine, batch(channel()))
        assert report.status == "loaded"
        assert counts_of(report) == {
            "region": Counts(inserted=2),
            "partner": Counts(inserted=2),
            "sales_order": Counts(inserted=4),
            "order_line": Counts(inserted=4),
        }
        # the smallest step and the largest amount that a column holds, to the last digit
        assert rows_of(engine, "order_line", "ext_id", "amount") == [
            ("O1|1", Decimal("100.0000")),
            ("O1|2", Decimal("0.0001")),
            ("O2|1", Decimal("-5.5000")),
            ("O3|1", Decimal("99999999999999.9999")),
        ]

    def test_references_point_to_the_rows_they_name(self, engine: sa.Engine) -> None:
        load_batch(engine, batch(channel()))
        found = content(engine)["sales_order"]
        names = [row for row in found if "erp:P1" in row]
        assert len(names) == 2
        assert rows_of(engine, "sales_order", "partner_id")[3] == (None,)

    def test_ids_are_dense_from_one(self, engine: sa.Engine) -> None:
        load_batch(engine, batch(channel()))
        for table in ("region", "partner", "sales_order", "order_line"):
            found = sorted(row[0] for row in rows_of(engine, table, "id"))
            assert found == list(range(1, len(found) + 1))

    def test_every_row_bears_its_lineage(self, engine: sa.Engine) -> None:
        report = load_batch(engine, batch(channel()))
        for table in ("region", "partner", "partner_xref", "sales_order", "order_line"):
            for source, hashed, synced, batch_id in rows_of(
                engine, table, "source", "payload_hash", "synced_at", "batch_id"
            ):
                assert source == "erp"
                assert len(hashed) == 32
                assert synced.tzinfo is not None
                assert batch_id == report.batch_id

    def test_every_kind_of_column_comes_back_as_it_went_in(self, engine: sa.Engine) -> None:
        contact: Row = {
            "ext_id": "C1",
            "partner_id": "P1",
            "name": '引号",逗号\n换行 🙂',
            "is_primary": True,
        }
        macro: Row = {
            "ext_id": "M1",
            "series": "PMI",
            "period_start": date(2026, 1, 1),
            "grain": "month",
            "vintage": date(2026, 2, 1),
            "value": 0.1 + 0.2,
        }
        customer: Row = {"ext_id": "K", "name": "丙", "employees": 12, "src_updated_at": at(3)}
        document: Row = {"ext_id": "D", "url_hash": "h", "kind": "news", "fetched_at": at(5)}
        load_batch(
            engine,
            batch(
                {
                    "region": REGIONS,
                    "partner": PARTNERS,
                    "partner_contact": [contact],
                    "customer": [customer],
                    "macro_indicator": [macro],
                    "document": [document],
                }
            ),
        )
        assert rows_of(engine, "partner_contact", "name", "is_primary", "title") == [
            ('引号",逗号\n换行 🙂', True, None)
        ]
        assert rows_of(engine, "macro_indicator", "value", "vintage") == [
            (0.30000000000000004, date(2026, 2, 1))
        ]
        assert rows_of(engine, "customer", "employees", "src_updated_at") == [(12, at(3))]
        assert rows_of(engine, "document", "fetched_at") == [(at(5),)]


class TestLoadingAgain:
    def test_the_same_files_do_nothing(self, engine: sa.Engine) -> None:
        first = load_batch(engine, batch(channel()))
        before = content(engine)
        again = load_batch(engine, batch(channel()))
        assert (again.status, again.batch_id, again.tables) == ("unchanged", first.batch_id, ())
        assert content(engine) == before

    def test_the_same_rows_in_other_files_are_unchanged(self, engine: sa.Engine) -> None:
        load_batch(engine, batch(channel()))
        stamps = rows_of(engine, "order_line", "batch_id", "synced_at")
        report = load_batch(engine, batch(channel(), content="saved again"))
        assert counts_of(report) == {
            "region": Counts(unchanged=2),
            "partner": Counts(unchanged=2),
            "sales_order": Counts(unchanged=4),
            "order_line": Counts(unchanged=4),
        }
        assert rows_of(engine, "order_line", "batch_id", "synced_at") == stamps

    def test_an_earlier_state_can_come_back(self, engine: sa.Engine) -> None:
        # only the newest load counts as "the same": a, b, a ends with a
        corrected = channel(order_line=[line(1, 1, "7")])
        load_batch(engine, batch(channel()))
        load_batch(engine, batch(corrected))
        report = load_batch(engine, batch(channel()))
        assert counts_of(report)["order_line"] == Counts(updated=1, unchanged=3)
        assert rows_of(engine, "order_line", "amount")[0] == (Decimal(100),)

    def test_a_corrected_row_updates_by_natural_key(self, engine: sa.Engine) -> None:
        load_batch(engine, batch(channel()))
        ids = rows_of(engine, "order_line", "id")
        corrected = channel(order_line=[line(1, 1, "101.00"), *LINES[1:], line(4, 1, "8")])
        report = load_batch(engine, batch(corrected))
        assert counts_of(report)["order_line"] == Counts(inserted=1, updated=1, unchanged=3)
        assert rows_of(engine, "order_line", "amount")[0] == (Decimal("101.0000"),)
        # the corrected row keeps its id, the new one takes the next
        assert rows_of(engine, "order_line", "id") == [*ids, (5,)]
        assert rows_of(engine, "order_line", "batch_id")[0] == (report.batch_id,)

    def test_columns_that_are_not_filled_stay(self, engine: sa.Engine) -> None:
        product: Row = {"ext_id": "A", "sku": "A", "name": "总账", "category": "财务"}
        load_batch(engine, batch({"product": [product]}))
        load_batch(engine, batch({"product": [{"ext_id": "A", "sku": "A", "name": "总账2"}]}))
        assert rows_of(engine, "product", "name", "category") == [("总账2", "财务")]

    def test_a_filled_column_can_be_emptied(self, engine: sa.Engine) -> None:
        product: Row = {"ext_id": "A", "sku": "A", "name": "总账", "category": "财务"}
        load_batch(engine, batch({"product": [product]}))
        load_batch(engine, batch({"product": [{**product, "category": None}]}))
        assert rows_of(engine, "product", "category") == [(None,)]

    def test_a_row_that_comes_back_lives_again(self, engine: sa.Engine) -> None:
        load_batch(engine, batch({"region": REGIONS}))
        with engine.begin() as connection:
            connection.execute(sa.update(CANONICAL[0]).values(deleted_at=at(1)))
        report = load_batch(engine, batch({"region": REGIONS}, content="again"))
        assert counts_of(report)["region"] == Counts(updated=2)
        assert rows_of(engine, "region", "deleted_at") == [(None,), (None,)]

    def test_sources_do_not_touch_each_other(self, engine: sa.Engine) -> None:
        load_batch(engine, batch({"region": REGIONS}, source="erp"))
        load_batch(engine, batch({"region": [{"ext_id": "E", "name": "东区"}]}, source="crm"))
        assert rows_of(engine, "region", "source", "name") == [
            ("erp", "华东"),
            ("crm", "东区"),
            ("erp", "华南"),
        ]


class TestAge:
    def region(self, name: str, day: int | None) -> dict[str, list[Row]]:
        moment = None if day is None else at(day)
        return {"region": [{"ext_id": "E", "name": name, "src_updated_at": moment}]}

    def test_an_older_row_is_ignored_and_counted(self, engine: sa.Engine) -> None:
        load_batch(engine, batch(self.region("新", 9)))
        report = load_batch(engine, batch(self.region("旧", 8)))
        assert counts_of(report)["region"] == Counts(stale=1)
        assert report.stale == 1
        assert rows_of(engine, "region", "name", "src_updated_at") == [("新", at(9))]

    def test_equally_old_content_counts_as_a_correction(self, engine: sa.Engine) -> None:
        load_batch(engine, batch(self.region("甲", 9)))
        report = load_batch(engine, batch(self.region("乙", 9)))
        assert counts_of(report)["region"] == Counts(updated=1)

    def test_a_late_version_between_two_equal_ones_does_not_win(self, engine: sa.Engine) -> None:
        # versions: 甲 on day 1, 乙 on day 2, 甲 again on day 3; day 2 arrives last
        load_batch(engine, batch(self.region("甲", 1)))
        same = load_batch(engine, batch(self.region("甲", 3)))
        late = load_batch(engine, batch(self.region("乙", 2)))
        assert counts_of(same)["region"] == Counts(unchanged=1)
        assert counts_of(late)["region"] == Counts(stale=1)
        assert rows_of(engine, "region", "name", "src_updated_at") == [("甲", at(3))]

    def test_a_row_without_a_date_updates_and_keeps_the_known_date(self, engine: sa.Engine) -> None:
        load_batch(engine, batch(self.region("甲", 5)))
        report = load_batch(engine, batch(self.region("乙", None)))
        assert counts_of(report)["region"] == Counts(updated=1)
        assert rows_of(engine, "region", "name", "src_updated_at") == [("乙", at(5))]


class TestBadRows:
    def test_an_unknown_reference_rejects_the_row(self, engine: sa.Engine) -> None:
        stray = {**line(1, 9, "5"), "order_id": "O77"}
        report = load_batch(engine, batch(channel(order_line=[*LINES, stray])))
        assert counts_of(report)["order_line"] == Counts(inserted=4)
        tally = next(item.tally for item in report.tables if item.table == "order_line")
        assert (tally.read, tally.rejected, report.rejected, report.errors) == (5, 1, 1, 1)
        with engine.connect() as connection:
            error = connection.execute(sa.select(ROW_ERROR)).one()
        # row 1 is the header, so the fifth row stands in row 6
        assert (error.file, error.row_no, error.column_name, error.value, error.reason) == (
            "order_line.csv",
            6,
            "order_id",
            "O77",
            "unknown_reference: sales_order O77",
        )

    def test_a_required_reference_may_not_be_empty(self, engine: sa.Engine) -> None:
        stray = {**line(1, 9, "5"), "order_id": None}
        report = load_batch(engine, batch(channel(order_line=[*LINES, stray])))
        assert counts_of(report)["order_line"] == Counts(inserted=4)
        with engine.connect() as connection:
            assert connection.scalars(sa.select(ROW_ERROR.c.reason)).all() == ["missing"]

    def test_a_row_with_two_bad_references_counts_once(self, engine: sa.Engine) -> None:
        stray = {**ORDERS[0], "partner_id": "X", "ext_id": "O9", "order_no": "O9"}
        stray = {**stray, "region_id": "Y"}
        report = load_batch(engine, batch(channel(sales_order=[*ORDERS, stray])))
        assert (report.rejected, report.errors) == (1, 2)

    def test_the_readers_errors_are_kept_with_the_load(self, engine: sa.Engine) -> None:
        error = RowError("region.csv", "表1", 7, "名称", "x" * 900, "bad_text", "region")
        chunk = replace(
            chunk_of("region", [], ("ext_id", "name"), file="region.csv", sheet="表1"),
            errors=(error,),
            notices=(Notice("encoding", "region", {"file": "region.csv"}),),
            tally=Tally(read=3, merged=1, totals=1, rejected=1),
        )
        empty = replace(
            batch({}), tables=iter([TableRows("region", ("ext_id", "name"), iter([chunk]))])
        )
        report = load_batch(engine, empty)
        assert report.notices[0].code == "encoding"
        assert report.tables[0].tally == Tally(read=3, merged=1, totals=1, rejected=1)
        with engine.connect() as connection:
            stored = connection.execute(sa.select(ROW_ERROR)).one()
        assert (stored.sheet, stored.row_no, stored.column_name) == ("表1", 7, "名称")
        assert stored.value == "x" * 400

    def test_rows_whose_keys_become_equal_keep_one(self, engine: sa.Engine) -> None:
        # two ids of one company (same USCC): their sell-through rows meet in one key
        code = "91110000600037341L"
        partners: list[Row] = [
            {"ext_id": "A", "name": "甲", "uscc": code},
            {"ext_id": "B", "name": "甲", "uscc": code},
        ]
        sold: list[Row] = [
            {
                "ext_id": f"{partner}|SKU",
                "partner_id": partner,
                "product_id": "SKU",
                "period_start": date(2026, 1, 1),
                "grain": "month",
                "quantity": Decimal(quantity),
            }
            for partner, quantity in (("A", 3), ("B", 5))
        ]
        product: list[Row] = [{"ext_id": "SKU", "sku": "SKU", "name": "总账"}]
        for rows in (sold, sold[::-1]):
            tables = {"partner": partners, "product": product, "sell_through": rows}
            report = load_batch(engine, batch(tables))
            assert report.rejected == 1
            with engine.connect() as connection:
                error = connection.execute(
                    sa.select(ROW_ERROR).order_by(ROW_ERROR.c.id.desc()).limit(1)
                ).one()
            assert error.reason == "contradicting_key"
        # whichever order: the same row stays
        assert len(rows_of(engine, "sell_through", "quantity")) == 1
        assert counts_of(report)["sell_through"] == Counts(unchanged=1)

    def test_references_within_the_table_are_linked_or_refused(self, engine: sa.Engine) -> None:
        def registration(number: str, conflict: str | None) -> Row:
            return {
                "ext_id": number,
                "reg_no": number,
                "submitted_on": date(2026, 1, 1),
                "status": "approved",
                "conflict_of_id": conflict,
            }

        rows = [
            registration("R1", "R2"),  # forward
            registration("R2", None),
            registration("R3", "R9"),  # unknown
            registration("R4", "R3"),  # refers to a row that is refused
            registration("R5", "R5"),
        ]
        report = load_batch(engine, batch({"deal_registration": rows}))
        assert counts_of(report)["deal_registration"] == Counts(inserted=3)
        assert report.rejected == 2
        ids = dict(rows_of(engine, "deal_registration", "ext_id", "id"))
        assert rows_of(engine, "deal_registration", "ext_id", "conflict_of_id") == [
            ("R1", ids["R2"]),
            ("R2", None),
            ("R5", ids["R5"]),
        ]


class TestAllOrNothing:
    def test_an_error_while_reading_leaves_no_trace(self, engine: sa.Engine) -> None:
        load_batch(engine, batch(channel()))
        before = content(engine)
        changed = batch(channel(order_line=[line(1, 1, "1")]))

        def broken() -> Iterator[TableRows]:
            yield from changed.tables
            raise SourceFileError("orders.xlsx: damaged")

        with pytest.raises(SourceFileError, match="damaged"):
            load_batch(engine, replace(changed, tables=broken()))
        assert content(engine) == before
        with engine.connect() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(IMPORT_BATCH)) == 1

    def test_a_load_that_failed_leaves_no_gap_in_the_ids(self, engine: sa.Engine) -> None:
        def broken() -> Iterator[TableRows]:
            yield from batch(channel()).tables
            raise SourceFileError("damaged")

        with pytest.raises(SourceFileError):
            load_batch(engine, replace(batch(channel()), tables=broken()))
        load_batch(engine, batch(channel()))
        for table in ("region", "partner", "partner_xref", "sales_order", "order_line"):
            found = sorted(row[0] for row in rows_of(engine, table, "id"))
            assert found == list(range(1, len(found) + 1))

    def test_a_broken_constraint_names_it_and_leaves_no_trace(self, engine: sa.Engine) -> None:
        with pytest.raises(IntegrityError, match=r"(?i)name"):
            load_batch(engine, batch({"region": [{"ext_id": "E", "name": None}]}))
        assert content(engine)["region"] == []

    def test_a_value_that_no_column_holds_is_refused(
        self, engine: sa.Engine, backend: Backend
    ) -> None:
        # SQLite does not mind long text; PostgreSQL does, and its error must be one of ours
        long = replace(batch({"region": REGIONS}), source="x" * 61)
        if backend == "sqlite":
            assert load_batch(engine, long).inserted == 2
        else:
            with pytest.raises(IntegrityError, match="too long"):
                load_batch(engine, long)

    @pytest.mark.parametrize(
        ("table", "columns"),
        [
            ("import_batch", ("ext_id",)),
            ("region", ("ext_id", "colour")),
            ("region", ("ext_id", "batch_id")),
            ("order_line", ("ext_id", "order_id")),
        ],
    )
    def test_a_batch_may_fill_only_what_is_its_own(
        self, engine: sa.Engine, table: str, columns: tuple[str, ...]
    ) -> None:
        rows = iter([TableRows(table, columns, iter([]))])
        with pytest.raises(IntegrityError, match=table):
            load_batch(engine, replace(batch({}), tables=rows))

    def test_two_loads_do_not_interleave(
        self, engine: sa.Engine, backend: Backend, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from knowledge.warehouse import lock

        attempts: list[int] = []

        def thrice(call: Any, **_: Any) -> Any:
            for _ in range(2):
                with pytest.raises(BusyError):
                    call()
                attempts.append(1)
            return call()

        def tables() -> Iterator[TableRows]:
            monkeypatch.setattr(lock, "retrying", thrice)
            with pytest.raises(BusyError, match="another load is running"):
                load_batch(engine, batch({"region": REGIONS}))
            yield from batch({"region": REGIONS}).tables

        load_batch(engine, replace(batch({}), tables=tables()))
        assert attempts == [1, 1]
        assert len(rows_of(engine, "region", "id")) == 2


class TestBookkeeping:
    def test_says_what_came_from_which_file(self, engine: sa.Engine) -> None:
        whole = batch(channel())
        lookup = replace(whole.files[0], path="codes.csv")
        report = load_batch(engine, replace(whole, files=(*whole.files, lookup)))
        with engine.connect() as connection:
            files = connection.execute(sa.select(IMPORT_FILE).order_by(IMPORT_FILE.c.path)).all()
            tables = connection.execute(sa.select(IMPORT_TABLE)).all()
            stored = connection.execute(sa.select(IMPORT_BATCH)).one()
        assert [(file.path, file.table_name, file.rows_read) for file in files] == [
            ("codes.csv", "", 0),
            ("order_line.csv", "order_line", 4),
            ("partner.csv", "partner", 2),
            ("region.csv", "region", 2),
            ("sales_order.csv", "sales_order", 4),
        ]
        assert {row.table_name: row.rows_inserted for row in tables} == {
            "region": 2,
            "partner": 2,
            "sales_order": 4,
            "order_line": 4,
        }
        assert (stored.status, stored.rows_read, stored.rows_inserted) == ("loaded", 12, 12)
        assert stored.finished_at >= stored.started_at
        assert (report.rows_read, report.inserted) == (12, 12)

    def test_progress_counts_the_rows_of_each_table(self, engine: sa.Engine) -> None:
        seen: list[tuple[str, int]] = []
        load_batch(
            engine, batch(channel()), progress=lambda table, rows: seen.append((table, rows))
        )
        # chunks of three rows
        assert seen == [
            ("region", 2),
            ("partner", 2),
            ("sales_order", 3),
            ("sales_order", 4),
            ("order_line", 3),
            ("order_line", 4),
        ]


LINE_ROWS = st.dictionaries(
    st.tuples(st.integers(1, 4), st.integers(1, 3)),
    st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 3), st.none() | st.integers(1, 5)),
    max_size=10,
)
"""(order, line) → (amount in ten-thousandths, quantity, day of src_updated_at)."""


def as_rows(lines: dict[tuple[int, int], tuple[int, int, int | None]]) -> list[Row]:
    return [
        {
            **line(order, number, "0", str(quantity)),
            "amount": Decimal(amount).scaleb(-4),
            "src_updated_at": None if day is None else at(day),
        }
        for (order, number), (amount, quantity, day) in lines.items()
    ]


def load(engine: sa.Engine, rows: list[Row], *, content: str | None = None) -> Any:
    tables = channel(order_line=rows)
    done: SourceBatch = batch(tables, content=content)
    return load_batch(engine, done, business_date=date(2026, 3, 1))


PROPERTY = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class TestLaws:
    @PROPERTY
    @given(lines=LINE_ROWS)
    def test_loading_twice_changes_nothing(
        self, new_database: NewDatabase, lines: dict[Any, Any]
    ) -> None:
        engine = new_database()
        load(engine, as_rows(lines))
        before = content(engine)
        report = load(engine, as_rows(lines), content="other bytes")
        assert content(engine) == before
        assert (report.inserted, report.updated) == (0, 0)

    @PROPERTY
    @given(lines=LINE_ROWS, later=LINE_ROWS, data=st.data())
    def test_the_order_of_rows_does_not_matter(
        self, new_database: NewDatabase, lines: dict[Any, Any], later: dict[Any, Any], data: Any
    ) -> None:
        one, other = new_database(), new_database()
        for rows in (as_rows(lines), as_rows(later)):
            load(one, rows)
            load(other, data.draw(st.permutations(rows)))
        assert content(one) == content(other)

    @PROPERTY
    @given(first=LINE_ROWS, second=LINE_ROWS)
    def test_content_is_the_newest_version_of_every_key(
        self, new_database: NewDatabase, first: dict[Any, Any], second: dict[Any, Any]
    ) -> None:
        engine = new_database()
        load(engine, as_rows(first))
        load(engine, as_rows(second))
        expected = dict(first)
        for key, version in second.items():
            stored = expected.get(key)
            older = stored and stored[2] and version[2] and version[2] < stored[2]
            if not older:
                expected[key] = version
        assert rows_of(engine, "order_line", "ext_id", "amount", "quantity") == sorted(
            (f"O{order}|{number}", Decimal(amount).scaleb(-4), Decimal(quantity))
            for (order, number), (amount, quantity, _) in expected.items()
        )
