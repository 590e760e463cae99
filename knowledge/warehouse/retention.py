"""Which published snapshots may go: all but the newest and those that something stored cites."""

from __future__ import annotations

import sqlalchemy as sa

from knowledge.warehouse.answers import ANSWER, CITATION
from knowledge.warehouse.briefs import BRIEF
from knowledge.warehouse.snapshot_store import SnapshotStore


def cited_snapshots(engine: sa.Engine) -> set[int]:
    """Numbers of the snapshots that a stored answer, citation or brief was made from."""
    numbers: set[int] = set()
    with engine.connect() as connection:
        for column in (ANSWER.c.snapshot_no, CITATION.c.snapshot_no, BRIEF.c.snapshot_no):
            found = connection.execute(sa.select(column).distinct().where(column.is_not(None)))
            numbers |= {int(number) for (number,) in found}
    return numbers


def let_old_go(engine: sa.Engine, store: SnapshotStore, keep: int) -> list[int]:
    """Remove what is neither among the newest `keep` snapshots nor cited; the removed numbers.

    Raises:
        BusyError: another process is publishing.
    """
    return store.prune(keep, cited_snapshots(engine))
