"""Engines and column types of the system of record (SQLite by default, PostgreSQL by URL)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from leadline.errors import InputError

AMOUNT_SCALE = 4
"""Decimal places kept for money and quantities: four, as ERP systems keep unit prices."""
_STEP = Decimal(1).scaleb(-AMOUNT_SCALE)


class ExactDecimal(TypeDecorator[Decimal]):
    """A Decimal with four places that never passes through a float.

    PostgreSQL stores NUMERIC(20,4); SQLite, having no decimal type, INTEGER ten-thousandths.
    """

    impl = sa.Numeric(20, AMOUNT_SCALE)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """BIGINT on SQLite, NUMERIC elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.BigInteger())
        return dialect.type_descriptor(sa.Numeric(20, AMOUNT_SCALE))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Round half to even, to four places, before any database does it in its own way."""
        if value is None:
            return None
        exact = value.quantize(_STEP)
        return int(exact.scaleb(AMOUNT_SCALE)) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Back to a Decimal with four places."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return Decimal(int(value)).scaleb(-AMOUNT_SCALE)
        return Decimal(value)


class UtcDateTime(TypeDecorator[datetime]):
    """A timezone-aware instant, always read back in UTC.

    PostgreSQL stores TIMESTAMPTZ; SQLite, which keeps no zone, the UTC time as text that sorts.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive value is refused, for nobody could say which instant it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"instant {value.isoformat()} has no timezone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back as an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def make_engine(url: str) -> sa.Engine:
    """An engine for the system of record; creates the folder of a SQLite file.

    SQLite runs in WAL mode with foreign keys on and waits 30 s for a lock.

    Raises:
        InputError: the URL is not one of sqlite or postgresql.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        # the URL itself may hold a password
        raise InputError(
            "LEADLINE_DATABASE_URL is not a database URL",
            hint="write sqlite:////path/to/file.db or postgresql://user:password@host/name",
        ) from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    if backend != "sqlite":
        raise InputError(f"database {backend!r} is not supported", hint="use sqlite or postgresql")
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed, connect_args={"timeout": 30})

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA cache_size=-200000")
        cursor.close()

    return engine
