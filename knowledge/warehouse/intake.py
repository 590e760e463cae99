"""One batch on its way into the tables, inside the transaction that `load` opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from knowledge.warehouse.base import NATURAL_KEY
from knowledge.warehouse.batch import (
    Notice,
    RowChunk,
    RowError,
    SourceBatch,
    TableRows,
    Tally,
    reference,
)
from knowledge.warehouse.credit_code import clean_credit_codes
from knowledge.warehouse.lineage import IMPORT_BATCH, IMPORT_FILE, IMPORT_TABLE, ROW_ERROR
from knowledge.warehouse.partner_load import PartnerLoader, PartnerRecord
from knowledge.warehouse.references import References, resolve
from knowledge.warehouse.report import LoadReport, TableLoad
from knowledge.warehouse.stage import Counts, Stage, Stamp
from knowledge.warehouse.tables import BY_NAME
from leadline.clock import now_utc
from leadline.errors import IntegrityError

Progress: TypeAlias = Callable[[str, int], None]
"""Called after each chunk with the table's name and the rows of it read so far."""

_ANALYZE_FROM_ROWS = 10_000
"""Over this many new rows PostgreSQL plans later joins badly unless it has statistics of them."""

_VALUE_LENGTH = 400
_LOADERS_OWN = frozenset({"id", "source", "payload_hash", "synced_at", "deleted_at", "batch_id"})


@dataclass(slots=True)
class _Progress:
    """How far one table is: tallies per file, and the sheets that its rows came from."""

    per_file: dict[str, Tally] = field(default_factory=dict)
    origins: list[tuple[str, str | None]] = field(default_factory=list)

    def add(self, file: str, tally: Tally) -> None:
        self.per_file[file] = self.per_file.get(file, Tally()) + tally

    def origin_no(self, chunk: RowChunk) -> int:
        origin = (chunk.file, chunk.sheet)
        if not self.origins or self.origins[-1] != origin:
            self.origins.append(origin)
        return len(self.origins) - 1

    @property
    def total(self) -> Tally:
        return sum(self.per_file.values(), Tally())


class Intake:
    """Takes in one batch.

    Args:
        connection: in the transaction that is committed when all went well.
        batch: consumed once.
        progress: told how far the reading is.
        business_date: from when a change counts that bears no date of its own; today by default.
        zone: in which an instant's calendar day is taken.
    """

    def __init__(
        self,
        connection: sa.Connection,
        batch: SourceBatch,
        progress: Progress | None,
        business_date: date | None,
        zone: ZoneInfo,
    ) -> None:
        self._connection = connection
        self._batch = batch
        self._progress = progress
        self._zone = zone
        started = now_utc()
        self._business_date = business_date or started.astimezone(zone).date()
        self._references = References(connection, batch.source)
        self._stamp = Stamp(batch.source, self._open_batch(started), started)
        self._notices: list[Notice] = []
        self._errors = 0
        self._linked = 0
        self._to_review = 0

    def run(self) -> LoadReport:
        """Load every table, then the bookkeeping.

        Raises:
            IntegrityError: the batch names a table or column that it may not fill.
            LeadlineError: whatever the batch raises.
        """
        tables: list[TableLoad] = []
        files: list[tuple[str, str, Tally]] = []
        for rows in self._batch.tables:
            _check_columns(rows)
            done = _Progress()
            load = self._load_partners if rows.table == "partner" else self._load_rows
            counts = load(rows, done)
            tables.append(TableLoad(rows.table, done.total, counts))
            files += [(file, rows.table, tally) for file, tally in done.per_file.items()]
        report = LoadReport(
            status="loaded",
            batch_id=self._stamp.batch_id,
            source=self._batch.source,
            tables=tuple(tables),
            notices=tuple(self._notices),
            errors=self._errors,
            linked=self._linked,
            to_review=self._to_review,
        )
        self._keep_books(report, files)
        return report

    def _load_rows(self, rows: TableRows, done: _Progress) -> Counts:
        table = BY_NAME[rows.table]
        own = [name for name in rows.columns if reference(table.c[name]) == rows.table]
        stage = Stage(self._connection, table, rows.columns, own, self._stamp)
        for chunk in self._chunks(rows, done):
            arrays, row_nos, errors = resolve(rows.table, chunk, self._references)
            self._reject(done, errors)
            stage.add(arrays, row_nos, done.origin_no(chunk))
        merged = self._drop_duplicates(stage, rows.table, done)
        self._drop_unknown_self_references(stage, rows.table, done)
        counts = stage.apply()
        self._references.written(rows.table, stage.other_ids())
        stage.drop()
        if counts.inserted >= _ANALYZE_FROM_ROWS and self._connection.dialect.name == "postgresql":
            self._connection.exec_driver_sql(f'ANALYZE "{table.name}"')
        return replace(
            counts,
            unchanged=counts.unchanged + merged.unchanged,
            stale=counts.stale + merged.stale,
        )

    def _load_partners(self, rows: TableRows, done: _Progress) -> Counts:
        records: list[PartnerRecord] = []
        facts = [name for name in rows.columns if name not in ("ext_id", "src_updated_at")]
        for chunk in self._chunks(rows, done):
            arrays, _, errors = resolve(rows.table, chunk, self._references)
            self._reject(done, errors)
            columns: dict[str, list[Any]] = {name: a.to_pylist() for name, a in arrays.items()}
            empty = [None] * len(columns["ext_id"])
            for ext_id, content, updated_at, *values in zip(
                columns["ext_id"],
                columns["payload_hash"],
                columns.get("src_updated_at", empty),
                *(columns[name] for name in facts),
                strict=True,
            ):
                record = dict(zip(facts, values, strict=True))
                records.append(PartnerRecord(ext_id, content, updated_at, record))
        outcome = PartnerLoader(self._connection, self._stamp, self._day_of).load(records)
        self._linked += outcome.linked
        self._to_review += outcome.to_review
        self._references.written("partner", {})
        return outcome.counts

    def _chunks(self, rows: TableRows, done: _Progress) -> Iterator[RowChunk]:
        read = 0
        for chunk in rows.chunks:
            done.add(chunk.file, chunk.tally)
            self._notices += chunk.notices
            self._write_errors(chunk.errors)
            cleaned, notice = clean_credit_codes(rows.table, chunk)
            if notice is not None:
                self._notices.append(notice)
            yield cleaned
            read += chunk.tally.read
            if self._progress is not None:
                self._progress(rows.table, read)

    def _day_of(self, moment: datetime | None) -> date:
        if moment is None:
            return self._business_date
        return moment.astimezone(self._zone).date()

    def _reject(self, done: _Progress, errors: Sequence[RowError]) -> None:
        """Note rows that the reader took and the loader cannot; two errors of a row count once."""
        for file, _ in {(error.file, error.row_no) for error in errors}:
            done.add(file, Tally(rejected=1))
        self._write_errors(errors)

    def _drop_duplicates(self, stage: Stage, table: str, done: _Progress) -> Counts:
        """Duplicates by resolved key: same content counts as unchanged, older as stale."""
        same = older = 0
        errors: list[RowError] = []
        key = "+".join(BY_NAME[table].info[NATURAL_KEY])
        for duplicate in stage.drop_duplicates():
            if duplicate.same:
                same += 1
            elif duplicate.older:
                older += 1
            else:
                file, sheet = done.origins[duplicate.origin_no]
                errors.append(
                    RowError(file, sheet, duplicate.row_no, key, None, "contradicting_key", table)
                )
        self._reject(done, errors)
        return Counts(unchanged=same, stale=older)

    def _drop_unknown_self_references(self, stage: Stage, table: str, done: _Progress) -> None:
        errors: list[RowError] = []
        for origin_no, row_no, column, wanted in stage.drop_unknown_self_references():
            file, sheet = done.origins[origin_no]
            reason = f"unknown_reference: {table} {wanted}"
            errors.append(RowError(file, sheet, row_no, column, wanted, reason, table))
        self._reject(done, errors)

    def _write_errors(self, errors: Sequence[RowError]) -> None:
        if not errors:
            return
        self._errors += len(errors)
        self._connection.execute(
            sa.insert(ROW_ERROR),
            [
                {
                    "batch_id": self._stamp.batch_id,
                    "file": error.file,
                    "sheet": error.sheet,
                    "row_no": error.row_no,
                    "column_name": error.column,
                    "value": None if error.value is None else error.value[:_VALUE_LENGTH],
                    "reason": error.reason[:_VALUE_LENGTH],
                    "table_name": error.table,
                }
                for error in errors
            ],
        )

    def _open_batch(self, started: datetime) -> int:
        values = {
            "source": self._batch.source,
            "kind": self._batch.kind,
            "origin": self._batch.origin,
            "mapping_hash": self._batch.mapping_hash,
            "content_hash": self._batch.content_hash,
            "status": "loaded",
            "started_at": started,
        }
        made = self._connection.execute(sa.insert(IMPORT_BATCH).values(values))
        key = made.inserted_primary_key
        if key is None:
            raise IntegrityError("the database gave the new import batch no id")
        return int(key[0])

    def _keep_books(self, report: LoadReport, files: Sequence[tuple[str, str, Tally]]) -> None:
        batch_id = self._stamp.batch_id
        self._connection.execute(
            sa.update(IMPORT_BATCH)
            .where(IMPORT_BATCH.c.id == batch_id)
            .values(
                finished_at=now_utc(),
                rows_read=report.rows_read,
                rows_inserted=report.inserted,
                rows_updated=report.updated,
                rows_unchanged=report.unchanged,
                rows_stale=report.stale,
                rows_rejected=report.rejected,
            )
        )
        if report.tables:
            self._connection.execute(
                sa.insert(IMPORT_TABLE),
                [
                    {
                        "batch_id": batch_id,
                        "table_name": item.table,
                        "rows_read": item.tally.read,
                        "rows_inserted": item.counts.inserted,
                        "rows_updated": item.counts.updated,
                        "rows_unchanged": item.counts.unchanged,
                        "rows_stale": item.counts.stale,
                        "rows_rejected": item.tally.rejected,
                    }
                    for item in report.tables
                ],
            )
        self._write_files(files)

    def _write_files(self, files: Sequence[tuple[str, str, Tally]]) -> None:
        """One row per file and table that it fed; a file that only served look-ups has no table."""
        known = {file.path: file for file in self._batch.files}
        rows = [*files, *((path, "", Tally()) for path in known.keys() - {f for f, *_ in files})]
        values = [
            {
                "batch_id": self._stamp.batch_id,
                "path": path,
                "sha256": known[path].sha256,
                "bytes": known[path].size_bytes,
                "table_name": table,
                "rows_read": tally.read,
                "rows_rejected": tally.rejected,
            }
            for path, table, tally in sorted(rows, key=lambda row: row[:2])
            if path in known
        ]
        if values:
            self._connection.execute(sa.insert(IMPORT_FILE), values)


def _check_columns(rows: TableRows) -> None:
    table = BY_NAME.get(rows.table)
    if table is None:
        raise IntegrityError(f"the batch fills {rows.table!r}, which is no canonical table")
    wrong = [name for name in rows.columns if name not in table.c or name in _LOADERS_OWN]
    key: tuple[str, ...] = table.info[NATURAL_KEY]
    missing = {"ext_id", *key} - {"source", *rows.columns}
    if wrong or missing:
        raise IntegrityError(
            f"the batch fills {rows.table} with columns {sorted(wrong)} that it may not fill, "
            f"or without {sorted(missing)}, which identify a row"
        )
