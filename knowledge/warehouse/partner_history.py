"""Slow changes of partners: which tier, owner, region and status held from when to when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any, NamedTuple

import sqlalchemy as sa

from knowledge.warehouse.ids import follow_with_sequence, last_id
from knowledge.warehouse.partners import PARTNER_HISTORY
from knowledge.warehouse.stage import Stamp

PLAIN_ATTRIBUTES = ("tier", "owner", "status")
_IDS_PER_QUERY = 500

Change = tuple[Mapping[str, Any], Mapping[str, Any], date]
"""A partner's columns after and before, and the day from which the change counts."""


class _Held(NamedTuple):
    """The value that holds now: row id, value, since when."""

    row_id: int
    value: str | None
    valid_from: date


class HistoryWriter:
    """Writes the differences between two states of partners.

    Args:
        connection: the load's connection, in its transaction.
        stamp: source, batch and time that written rows carry.
        region_of: the name of a partner's region.
    """

    def __init__(
        self,
        connection: sa.Connection,
        stamp: Stamp,
        region_of: Callable[[Mapping[str, Any]], str | None],
    ) -> None:
        self._connection = connection
        self._stamp = stamp
        self._region_of = region_of

    def write(self, changes: Iterable[Change]) -> None:
        """Close what no longer holds and open what holds from the change's day on.

        A change on the day (or before the day) from which the value still stood replaces it there:
        an attribute has one value a day. A partner's first values count from its first load.
        """
        differing = [
            (after, day, attribute, value)
            for after, before, day in changes
            for attribute, old, value in self._differences(before, after)
            if old != value
        ]
        still = self._open_rows(sorted({after["id"] for after, *_ in differing}))
        opened: list[dict[str, Any]] = []
        for after, day, attribute, value in differing:
            held = still.get((after["id"], attribute))
            if held is None:
                opened.append(self._row(after, attribute, value, day))
            elif held.value == value:
                continue
            elif day <= held.valid_from:
                self._replace(held.row_id, value)
            else:
                self._close(held.row_id, day)
                opened.append(self._row(after, attribute, value, day))
        if opened:
            first = last_id(self._connection, PARTNER_HISTORY) + 1
            new = [{"id": number, **row} for number, row in enumerate(opened, first)]
            self._connection.execute(sa.insert(PARTNER_HISTORY), new)
            follow_with_sequence(self._connection, PARTNER_HISTORY)

    def _differences(
        self, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> Iterable[tuple[str, str | None, str | None]]:
        for name in PLAIN_ATTRIBUTES:
            yield name, before[name], after[name]
        yield "region", self._region_of(before), self._region_of(after)

    def _open_rows(self, partner_ids: Sequence[int]) -> dict[tuple[int, str], _Held]:
        columns = PARTNER_HISTORY.c
        query = sa.select(
            columns.id,
            columns.partner_id,
            columns.attribute,
            columns.value,
            columns.valid_from,
        ).where(columns.valid_to.is_(None), columns.deleted_at.is_(None))
        found: dict[tuple[int, str], _Held] = {}
        for start in range(0, len(partner_ids), _IDS_PER_QUERY):
            some = columns.partner_id.in_(partner_ids[start : start + _IDS_PER_QUERY])
            for row in self._connection.execute(query.where(some)):
                found[row.partner_id, row.attribute] = _Held(row.id, row.value, row.valid_from)
        return found

    def _row(
        self, partner: Mapping[str, Any], attribute: str, value: str | None, day: date
    ) -> dict[str, Any]:
        return {
            **self._lineage(value),
            "source": self._stamp.source,
            "ext_id": f"{partner['source']}:{partner['ext_id']}"[:170] + f"|{attribute}|{day}",
            "partner_id": partner["id"],
            "attribute": attribute,
            "value": value,
            "valid_from": day,
        }

    def _lineage(self, value: str | None) -> dict[str, Any]:
        return {
            "payload_hash": blake2b((value or "").encode(), digest_size=16).hexdigest(),
            "synced_at": self._stamp.synced_at,
            "batch_id": self._stamp.batch_id,
        }

    def _replace(self, row_id: int, value: str | None) -> None:
        self._update(row_id, {"value": value, **self._lineage(value)})

    def _close(self, row_id: int, day: date) -> None:
        stamp = {"synced_at": self._stamp.synced_at, "batch_id": self._stamp.batch_id}
        self._update(row_id, {"valid_to": day, **stamp})

    def _update(self, row_id: int, values: Mapping[str, Any]) -> None:
        self._connection.execute(
            sa.update(PARTNER_HISTORY).where(PARTNER_HISTORY.c.id == row_id).values(**values)
        )
