"""What all canonical tables share: one MetaData, lineage columns, natural keys.

A canonical table has an integer `id` (dense, assigned at loading, never reused) and a natural key
under a unique constraint. References point to `id`. The lineage columns say where a row came from.
"""

from __future__ import annotations

import sqlalchemy as sa

from leadline.database import ExactDecimal, UtcDateTime

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NATURAL_KEY = "natural_key"
"""Key in `Table.info`: the tuple of column names that identify a row of the source."""


def lineage() -> tuple[sa.Column[object], ...]:
    """The lineage columns of a canonical table (new objects on each call)."""
    return (
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("ext_id", sa.String(200), nullable=False),
        sa.Column("src_updated_at", UtcDateTime()),
        sa.Column("payload_hash", sa.String(64), nullable=False),
        sa.Column("synced_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime()),
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("import_batch.id")),
    )


def canonical(
    name: str,
    *columns: sa.Column[object],
    key: tuple[str, ...] = ("source", "ext_id"),
) -> sa.Table:
    """A canonical table: `id`, lineage, the given columns, unique on the natural key."""
    return sa.Table(
        name,
        METADATA,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        *lineage(),
        *columns,
        sa.UniqueConstraint(*key),
        info={NATURAL_KEY: key},
    )


def ref(column: str, table: str, *, required: bool = False) -> sa.Column[object]:
    """A reference to `table.id`."""
    return sa.Column(column, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=not required)


def text(column: str, length: int = 200, *, required: bool = False) -> sa.Column[object]:
    """A text column."""
    return sa.Column(column, sa.String(length), nullable=not required)


def amount(column: str, *, required: bool = False) -> sa.Column[object]:
    """A Decimal column with four places (money in currency units, or a quantity)."""
    return sa.Column(column, ExactDecimal(), nullable=not required)


def day(column: str, *, required: bool = False) -> sa.Column[object]:
    """A calendar date."""
    return sa.Column(column, sa.Date, nullable=not required)


def instant(column: str, *, required: bool = False) -> sa.Column[object]:
    """A moment, timezone-aware."""
    return sa.Column(column, UtcDateTime(), nullable=not required)


def whole(column: str, *, required: bool = False) -> sa.Column[object]:
    """A whole number."""
    return sa.Column(column, sa.Integer, nullable=not required)


def flag(column: str) -> sa.Column[object]:
    """A yes or no; null is unknown."""
    return sa.Column(column, sa.Boolean)


def real(column: str) -> sa.Column[object]:
    """A measured ratio or rate (never money)."""
    return sa.Column(column, sa.Float)
