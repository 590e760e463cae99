"""Dense ids: the next is always the largest plus one.

PostgreSQL's own sequences would leave a gap for every load that was rolled back. Call under the
write lock only.
"""

from __future__ import annotations

import sqlalchemy as sa


def last_id(connection: sa.Connection, table: sa.Table) -> int:
    """The largest id of a table, 0 where it is empty."""
    return connection.scalar(sa.select(sa.func.max(table.c.id))) or 0


def follow_with_sequence(connection: sa.Connection, table: sa.Table) -> None:
    """After rows were inserted with ids of ours: let PostgreSQL's sequence go on behind them."""
    if connection.dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(table.name, "id")
        connection.execute(sa.select(sa.func.setval(sequence, last_id(connection, table))))
