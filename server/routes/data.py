"""What is loaded, what was refused, what is published: for those who look after the data."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from knowledge.warehouse.snapshot import Snapshot
from knowledge.warehouse.status import (
    SourceStatus,
    count_row_errors,
    data_status,
    row_errors,
)
from server.api_models import Form
from server.door import Overseer, TheDoor
from server.json_response import JsonResponse
from server.problems import problems

router = APIRouter(prefix="/api/data", tags=["data"])

MOST_OFFSET = 10_000_000


class FileOut(Form):
    """One file of a source's newest load; `table` empty for look-ups."""

    path: str
    table: str
    rows_read: int
    rows_rejected: int


class SourceOut(Form):
    """One source: its live rows per table and its newest load."""

    source: str
    kind: str
    origin: str
    loaded_at: datetime
    loads: int
    rows_read: int
    rows_rejected: int
    errors: int
    pending: bool
    """Loaded, not published yet."""
    tables: dict[str, int]
    files: list[FileOut]


class Status(Form):
    """All sources; the snapshot in force, nulls before the first one."""

    snapshot: int | None
    as_of: date | None
    published_at: datetime | None
    pending: bool
    currency: str
    sources: list[SourceOut]


class RowErrorOut(Form):
    """A row that was not loaded, and why; `row_no` counts as the spreadsheet does."""

    batch_id: int
    source: str
    file: str
    sheet: str | None
    row_no: int | None
    column: str | None
    value: str | None
    reason: str
    table: str | None


class RowErrorPage(Form):
    """Some of them; `total` is how many there are."""

    total: int
    items: list[RowErrorOut]


class SnapshotOut(Form):
    """One published snapshot: rows per table, bytes on disk (shared files counted each time)."""

    number: int
    created_at: datetime
    as_of: date
    tables: dict[str, int]
    current: bool
    bytes: int


class SnapshotList(Form):
    """All snapshots, the newest first."""

    items: list[SnapshotOut]


def _source(source: SourceStatus) -> dict[str, object]:
    return {
        "source": source.source,
        "kind": source.kind,
        "origin": source.origin,
        "loaded_at": source.loaded_at,
        "loads": source.loads,
        "rows_read": source.rows_read,
        "rows_rejected": source.rows_rejected,
        "errors": source.errors,
        "pending": source.pending,
        "tables": source.rows,
        "files": source.files,
    }


@router.get(
    "/status",
    response_model=Status,
    responses=problems(401, 403, 429, 500, 503),
    summary="What is loaded",
)
def status(door: TheDoor, _principal: Overseer) -> Response:
    """Every source with its newest load, and the snapshot in force."""
    service = door.service
    found = data_status(service.evidence.engine, service.snapshots)
    known = None
    if found.snapshot is not None:
        known = service.snapshots.get(found.snapshot).manifest.currency
    return JsonResponse(
        {
            "snapshot": found.snapshot,
            "as_of": found.as_of,
            "published_at": found.published_at,
            "pending": found.pending,
            "currency": known or door.settings.instance.currency,
            "sources": [_source(source) for source in found.sources],
        }
    )


@router.get(
    "/errors",
    response_model=RowErrorPage,
    responses=problems(401, 403, 422, 429, 500, 503),
    summary="Rows that were not loaded",
)
def errors(
    door: TheDoor,
    _principal: Overseer,
    source: Annotated[
        str | None,
        Query(max_length=60, pattern=r"^[^\x00]*$", description="Only of this source"),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=MOST_OFFSET)] = 0,
) -> Response:
    """The refused rows of the newest load of each source, with file, row, column and reason."""
    engine = door.service.evidence.engine
    return JsonResponse(
        {
            "total": count_row_errors(engine, source=source),
            "items": row_errors(engine, source=source, limit=limit, offset=offset),
        }
    )


@router.get(
    "/snapshots",
    response_model=SnapshotList,
    responses=problems(401, 403, 429, 500, 503),
    summary="What is published",
)
def snapshots(door: TheDoor, _principal: Overseer) -> Response:
    """Every published snapshot, the newest first; it is the one in force."""
    found = door.service.snapshots.all()
    return JsonResponse({"items": [_snapshot(s, found[-1]) for s in reversed(found)]})


def _snapshot(snapshot: Snapshot, newest: Snapshot) -> dict[str, object]:
    tables = snapshot.manifest.tables
    return {
        "number": snapshot.number,
        "created_at": snapshot.manifest.created_at,
        "as_of": snapshot.as_of,
        "tables": {name: entry.rows for name, entry in tables.items()},
        "current": snapshot.number == newest.number,
        "bytes": sum(entry.bytes for entry in tables.values()),
    }
