"""Loading a batch: everything in one transaction, or nothing.

A load takes the write lock, so two never interleave, and writes the rows, their lineage, the bad
rows and the counts together. Killed at any moment, it leaves the state before or the state after.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from knowledge.warehouse.batch import SourceBatch
from knowledge.warehouse.intake import Intake, Progress
from knowledge.warehouse.lineage import IMPORT_BATCH
from knowledge.warehouse.lock import exclusive, writing
from knowledge.warehouse.report import LoadReport
from knowledge.warehouse.schema import upgrade

DEFAULT_TIMEZONE = "Asia/Shanghai"


def load_batch(
    engine: sa.Engine,
    batch: SourceBatch,
    *,
    progress: Progress | None = None,
    business_date: date | None = None,
    timezone: str = DEFAULT_TIMEZONE,
) -> LoadReport:
    """Load one batch into the system of record, which is migrated first where it has to be.

    A batch with the same content and mapping as the newest of its source does nothing.

    Args:
        engine: the system of record.
        batch: consumed once.
        progress: called after each chunk with the table and the rows of it read so far.
        business_date: from when a partner's change counts where its row bears no
            `src_updated_at`; today by default.
        timezone: in which an instant's calendar day is taken.

    Raises:
        BusyError: another load is running, or the database stays locked.
        IntegrityError: a row contradicts a constraint of its table although it was validated.
        LeadlineError: whatever the batch raises while it is read; nothing is written then.
    """
    started = time.monotonic()
    upgrade(engine)
    with exclusive(engine):
        with engine.connect() as connection:
            same = _same_as_newest(connection, batch)
        if same is not None:
            return LoadReport("unchanged", same, batch.source)
        with writing(engine) as connection:
            report = Intake(connection, batch, progress, business_date, ZoneInfo(timezone)).run()
        _checkpoint(engine)
    return replace(report, seconds=time.monotonic() - started)


def _same_as_newest(connection: sa.Connection, batch: SourceBatch) -> int | None:
    columns = IMPORT_BATCH.c
    newest = connection.execute(
        sa.select(columns.id, columns.content_hash, columns.mapping_hash)
        .where(columns.source == batch.source)
        .order_by(columns.id.desc())
        .limit(1)
    ).one_or_none()
    if newest is None:
        return None
    same = (newest.content_hash, newest.mapping_hash) == (batch.content_hash, batch.mapping_hash)
    return int(newest.id) if same else None


def _checkpoint(engine: sa.Engine) -> None:
    """Fold SQLite's write-ahead log back, so a large load leaves no file of its size behind.

    Where a reader is at work it is left for the next load: waiting would gain nothing.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        timeout = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {timeout}")
