"""What tables of the first two versions share, frozen: later versions bring their own.

Constraints are named by the convention of `knowledge.warehouse.base.METADATA`.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from leadline.database import UtcDateTime


def column(name: str, kind: Any, *, required: bool = False) -> sa.Column[Any]:
    """A plain column."""
    return sa.Column(name, kind, nullable=not required)


def text(name: str, length: int = 200, *, required: bool = False) -> sa.Column[Any]:
    """A text column."""
    return column(name, sa.String(length), required=required)


def reference(name: str, table: str, *, required: bool = False) -> sa.Column[Any]:
    """A reference to `table.id`."""
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=not required)


def identity() -> sa.Column[Any]:
    """The dense integer `id`."""
    return sa.Column("id", sa.Integer(), autoincrement=True, nullable=False)


def create(
    name: str,
    *columns: sa.Column[Any],
    primary: tuple[str, ...] = ("id",),
    unique: tuple[str, ...] | None = None,
) -> None:
    """Create a table."""
    constraints: list[sa.Constraint] = [sa.PrimaryKeyConstraint(*primary)]
    if unique is not None:
        constraints.append(sa.UniqueConstraint(*unique))
    op.create_table(name, *columns, *constraints)


def canonical(
    name: str, *columns: sa.Column[Any], key: tuple[str, ...] = ("source", "ext_id")
) -> None:
    """Create a canonical table: `id`, lineage, the given columns, unique on its natural key."""
    create(
        name,
        identity(),
        text("source", 60, required=True),
        text("ext_id", required=True),
        column("src_updated_at", UtcDateTime()),
        text("payload_hash", 64, required=True),
        column("synced_at", UtcDateTime(), required=True),
        column("deleted_at", UtcDateTime()),
        reference("batch_id", "import_batch"),
        *columns,
        unique=key,
    )
