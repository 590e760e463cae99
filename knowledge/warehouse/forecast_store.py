"""The archive of forecasts: what was said of the future, kept until the future has come.

Runs are only added. A snapshot, metric and level is kept once per version of the method, and rows
are checked against the run's digest when they are read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from knowledge.warehouse.forecasts import FORECAST_RUN, FORECAST_VALUE
from knowledge.warehouse.lock import writing
from knowledge.warehouse.schema import upgrade
from leadline.clock import now_utc
from leadline.errors import InputError, IntegrityError, NotFoundError


@dataclass(frozen=True, slots=True)
class ForecastValue:
    """One period of one member: forecast, bounds (the metric's unit), method, backtest error."""

    members: tuple[str, ...]
    period_start: date
    forecast: float
    lo80: float
    hi80: float
    lo95: float
    hi95: float
    method: str
    wape: float | None
    bias: float | None


@dataclass(frozen=True, slots=True)
class ForecastSubject:
    """What a run forecasts, from what: at most one run is kept for it.

    Attributes:
        snapshot: the number of the snapshot, whose last day is `as_of`.
        metric: amount or quantity.
        grain: month or week.
        level: the key columns, none for the total.
        opened: start of the first period that was not whole.
        version: of the method.
    """

    snapshot: int
    as_of: date
    metric: str
    grain: str
    level: tuple[str, ...]
    opened: date
    version: str


@dataclass(frozen=True, slots=True)
class ForecastQuality:
    """How a run's method did in its backtest; null where nothing could be scored.

    `rho` is the correlation by which bounds of several periods add up.
    """

    rho: float
    wape: float | None
    bias: float | None
    coverage80: float | None
    coverage95: float | None


@dataclass(frozen=True, slots=True)
class ForecastRun:
    """A kept run without its rows."""

    run_id: str
    subject: ForecastSubject
    quality: ForecastQuality
    row_count: int
    digest: str
    made_at: datetime


class ForecastStore:
    """The kept forecasts of an instance; the schema must be up to date."""

    def __init__(self, engine: sa.Engine, *, migrate: bool = False) -> None:
        if migrate:
            upgrade(engine)
        self._engine = engine

    def keep(
        self,
        subject: ForecastSubject,
        quality: ForecastQuality,
        values: Sequence[ForecastValue],
    ) -> tuple[ForecastRun, bool]:
        """Keep a run; the one kept before where the subject has one. True where it is new.

        Raises:
            InputError: there are no values.
            BusyError: the database stays locked by another writer.
        """
        if not values:
            raise InputError("a forecast run without values is none")
        body = [_row(value) for value in values]
        digest = _digest(body)
        named = json.dumps(_subject(subject), sort_keys=True, default=str)
        run_id = "f-" + hashlib.sha256(named.encode()).hexdigest()[:24]
        run = ForecastRun(run_id, subject, quality, len(body), digest, now_utc())
        with writing(self._engine) as connection:
            found = connection.execute(
                sa.select(FORECAST_RUN).where(FORECAST_RUN.c.run_id == run_id)
            ).first()
            if found is not None:
                return _run(found), False
            connection.execute(
                sa.insert(FORECAST_RUN),
                {
                    "run_id": run_id,
                    **_subject(subject),
                    **_quality(quality),
                    "row_count": run.row_count,
                    "digest": digest,
                    "made_at": run.made_at,
                },
            )
            rows = [{"run_id": run_id, "number": n, **row} for n, row in enumerate(body)]
            connection.execute(sa.insert(FORECAST_VALUE), rows)
        return run, True

    def run(self, run_id: str) -> ForecastRun:
        """A kept run.

        Raises:
            NotFoundError: there is none with this id.
        """
        with self._engine.connect() as connection:
            query = sa.select(FORECAST_RUN).where(FORECAST_RUN.c.run_id == run_id)
            found = connection.execute(query).first()
        if found is None:
            raise NotFoundError(f"no forecast {run_id!r} is kept")
        return _run(found)

    def made_before(
        self, metric: str, grain: str, level: tuple[str, ...], start: date, snapshot: int
    ) -> tuple[ForecastRun, ...]:
        """Runs that knew nothing of the period from `start` on, the best informed first.

        Args:
            metric: amount or quantity.
            grain: month or week.
            level: the key columns.
            start: of the period that is asked about.
            snapshot: the number of the snapshot that asks; later ones' runs are left out.
        """
        table = FORECAST_RUN.c
        query = (
            sa.select(FORECAST_RUN)
            .where(
                table.metric == metric,
                table.grain == grain,
                table.level == "+".join(level),
                table.opened <= start,
                table.as_of < start,
                table.snapshot_no <= snapshot,
            )
            .order_by(table.as_of.desc(), table.snapshot_no.desc(), table.version.desc())
        )
        with self._engine.connect() as connection:
            return tuple(_run(row) for row in connection.execute(query))

    def values(self, run_id: str) -> tuple[ForecastValue, ...]:
        """A run's rows, in the order in which they were kept.

        Raises:
            NotFoundError: there is no such run.
            IntegrityError: the rows are not those that were kept.
        """
        run = self.run(run_id)
        query = sa.select(FORECAST_VALUE).where(FORECAST_VALUE.c.run_id == run_id)
        with self._engine.connect() as connection:
            found = list(connection.execute(query.order_by(FORECAST_VALUE.c.number)))
        values = tuple(_value(row) for row in found)
        if _digest([_row(value) for value in values]) != run.digest:
            raise IntegrityError(f"the rows of forecast {run_id} are not those that were kept")
        return values


def _row(value: ForecastValue) -> dict[str, Any]:
    members = json.dumps(list(value.members), ensure_ascii=False)
    named = FORECAST_VALUE.columns.keys()[3:]
    # Whole numbers come back as floats, and must have the same digest.
    cells = (float(v) if isinstance(v, int) else v for v in astuple(value)[1:])
    return {"members": members, **dict(zip(named, cells, strict=True))}


def _value(row: Any) -> ForecastValue:
    members = tuple(json.loads(row.members))
    return ForecastValue(members, *tuple(row)[3:])


def _digest(rows: Sequence[dict[str, Any]]) -> str:
    body = json.dumps([list(row.values()) for row in rows], ensure_ascii=False, default=str)
    return hashlib.sha256(body.encode()).hexdigest()


def _subject(subject: ForecastSubject) -> dict[str, Any]:
    return {
        "snapshot_no": subject.snapshot,
        "as_of": subject.as_of,
        "metric": subject.metric,
        "grain": subject.grain,
        "level": "+".join(subject.level),
        "opened": subject.opened,
        "version": subject.version,
    }


def _quality(quality: ForecastQuality) -> dict[str, Any]:
    names = ("rho", "wape", "bias", "coverage80", "coverage95")
    return dict(zip(names, astuple(quality), strict=True))


def _run(row: Any) -> ForecastRun:
    level = tuple(filter(None, row.level.split("+")))
    return ForecastRun(
        row.run_id,
        ForecastSubject(
            row.snapshot_no, row.as_of, row.metric, row.grain, level, row.opened, row.version
        ),
        ForecastQuality(row.rho, row.wape, row.bias, row.coverage80, row.coverage95),
        row.row_count,
        row.digest,
        row.made_at,
    )
