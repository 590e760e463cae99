"""Loading partners: one row per company, whichever sources know it.

A partner belongs to the source that brought it first (its *home* record); a record of another
source that is the same company (see `resolve`) becomes a further name in `partner_xref` and only
fills what the home record leaves empty. Changes of tier, owner, region and status are kept in
`partner_history`. Records are taken in the order of their ext_id, so their order in a file never
matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from knowledge.warehouse.ids import follow_with_sequence, last_id
from knowledge.warehouse.partner_history import HistoryWriter
from knowledge.warehouse.partners import PARTNER, PARTNER_XREF, REGION, TERRITORY
from knowledge.warehouse.resolve import Identity, IdentityIndex, Match, identity
from knowledge.warehouse.stage import Counts, Stamp

_LINEAGE = (
    "id",
    "source",
    "ext_id",
    "src_updated_at",
    "payload_hash",
    "synced_at",
    "deleted_at",
    "batch_id",
)
_FACTS = tuple(column.name for column in PARTNER.c if column.name not in _LINEAGE)


@dataclass(frozen=True, slots=True)
class PartnerRecord:
    """One partner row of the batch: `values` are the filled columns, references as ids."""

    ext_id: str
    payload_hash: str
    src_updated_at: datetime | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PartnerCounts:
    """What became of the records; `linked` of them joined a partner of another record."""

    counts: Counts
    linked: int
    to_review: int


class PartnerLoader:
    """Loads the partner records of one batch.

    Args:
        connection: the load's connection, in its transaction.
        stamp: source, batch and time that written rows carry.
        day_of: the calendar day on which a change counts (`partner_history.valid_from`).
    """

    def __init__(
        self,
        connection: sa.Connection,
        stamp: Stamp,
        day_of: Callable[[datetime | None], date],
    ) -> None:
        self._connection = connection
        self._stamp = stamp
        self._day_of = day_of
        self._regions = {
            row.id: row.name for row in connection.execute(sa.select(REGION.c.id, REGION.c.name))
        }
        territories = sa.select(TERRITORY.c.id, TERRITORY.c.name, TERRITORY.c.region_id)
        self._territories = {row.id: row for row in connection.execute(territories)}
        partners = connection.execute(sa.select(PARTNER)).mappings()
        self._partners: dict[int, dict[str, Any]] = {row["id"]: dict(row) for row in partners}
        xrefs = connection.execute(
            sa.select(PARTNER_XREF).where(PARTNER_XREF.c.source == stamp.source)
        ).mappings()
        self._xrefs: dict[str, dict[str, Any]] = {row["ext_id"]: dict(row) for row in xrefs}
        self._last_id = max(self._partners, default=0)
        self._index: IdentityIndex | None = None
        self._new: set[int] = set()
        self._changed: set[int] = set()
        self._before: dict[int, dict[str, Any]] = {}
        self._days: dict[int, date] = {}
        self._new_xrefs: list[dict[str, Any]] = []
        self._changed_xrefs: dict[str, dict[str, Any]] = {}

    def load(self, records: Iterable[PartnerRecord]) -> PartnerCounts:
        """Match, insert, update and link all records, then write.

        Raises:
            sqlalchemy.exc.IntegrityError: a required column is empty.
        """
        tally = dict.fromkeys(("inserted", "updated", "unchanged", "stale", "linked", "review"), 0)
        for record in sorted(records, key=lambda item: item.ext_id):
            xref = self._xrefs.get(record.ext_id)
            if xref is None:
                tally[self._take_new(record, tally)] += 1
            else:
                tally[self._take_known(record, xref)] += 1
        self._write()
        counts = Counts(tally["inserted"], tally["updated"], tally["unchanged"], tally["stale"])
        return PartnerCounts(counts, tally["linked"], tally["review"])

    def _take_new(self, record: PartnerRecord, tally: dict[str, int]) -> str:
        match = self._match(record, 0)
        if match is not None and match.rule != "review":
            self._fill(match.partner_id, record)
            self._note_xref(record, match.partner_id, match.rule, None)
            tally["linked"] += 1
            return "updated"
        partner_id = self._insert(record)
        if match is None:
            self._note_xref(record, partner_id, "key", None)
        else:
            self._note_xref(record, partner_id, "review", match.partner_id)
            tally["review"] += 1
        return "inserted"

    def _take_known(self, record: PartnerRecord, xref: dict[str, Any]) -> str:
        stored_at: datetime | None = xref["src_updated_at"]
        incoming_at = record.src_updated_at
        partner = self._partners[xref["partner_id"]]
        if incoming_at is not None and stored_at is not None and incoming_at < stored_at:
            return "stale"
        at = incoming_at or stored_at
        home = (partner["source"], partner["ext_id"]) == (self._stamp.source, record.ext_id)
        alive = partner["deleted_at"] is None or not home
        if xref["payload_hash"] == record.payload_hash and alive:
            if at != stored_at:
                self._changed_xrefs[record.ext_id] = {**xref, "src_updated_at": at}
            return "unchanged"
        changed = {**xref, **self._written(record), "src_updated_at": at}
        changed["name_seen"] = record.values.get("name", xref["name_seen"])
        if home:
            self._overwrite(partner, record, at)
            match = self._match(record, partner["id"]) if xref["matched_by"] == "key" else None
            if match is not None:
                # partners that already carry facts are never merged by rule
                changed |= {"matched_by": "review", "candidate_id": match.partner_id}
        else:
            self._fill(partner["id"], record)
        self._changed_xrefs[record.ext_id] = changed
        return "updated"

    def _match(self, record: PartnerRecord, own_id: int) -> Match | None:
        if self._index is None:
            self._index = IdentityIndex()
            for partner in self._partners.values():
                if partner["deleted_at"] is None:
                    self._know(self._index, partner)
        seen = {**dict.fromkeys(_FACTS), **record.values}
        found = self._index.match(self._identity(own_id, self._stamp.source, seen))
        return None if found is None or found.partner_id == own_id else found

    def _know(self, index: IdentityIndex, partner: Mapping[str, Any]) -> None:
        index.add(self._identity(partner["id"], partner["source"], partner))

    def _identity(self, partner_id: int, source: str, facts: Mapping[str, Any]) -> Identity:
        territory = self._territories.get(facts["territory_id"] or 0)
        return identity(
            partner_id,
            source,
            uscc=facts["uscc"],
            name=facts["name"] or "",
            phone=facts["phone"],
            city=facts["city"],
            territory=None if territory is None else territory.name,
        )

    def _written(self, record: PartnerRecord) -> dict[str, Any]:
        return {
            "source": self._stamp.source,
            "ext_id": record.ext_id,
            "src_updated_at": record.src_updated_at,
            "payload_hash": record.payload_hash,
            "synced_at": self._stamp.synced_at,
            "deleted_at": None,
            "batch_id": self._stamp.batch_id,
        }

    def _insert(self, record: PartnerRecord) -> int:
        self._last_id += 1
        partner = {
            "id": self._last_id,
            **self._written(record),
            **dict.fromkeys(_FACTS),
            **record.values,
        }
        self._partners[self._last_id] = partner
        self._new.add(self._last_id)
        self._before[self._last_id] = dict.fromkeys(_FACTS)
        self._days[self._last_id] = self._day_of(record.src_updated_at)
        if self._index is not None:
            self._know(self._index, partner)
        return self._last_id

    def _touch(self, partner: dict[str, Any], at: datetime | None) -> None:
        self._before.setdefault(partner["id"], dict(partner))
        self._days[partner["id"]] = self._day_of(at)
        if partner["id"] not in self._new:
            self._changed.add(partner["id"])

    def _overwrite(
        self, partner: dict[str, Any], record: PartnerRecord, at: datetime | None
    ) -> None:
        self._touch(partner, record.src_updated_at)
        partner |= {**self._written(record), **record.values, "src_updated_at": at}

    def _fill(self, partner_id: int, record: PartnerRecord) -> None:
        partner = self._partners[partner_id]
        missing = {
            name: value
            for name, value in record.values.items()
            if value is not None and partner[name] is None
        }
        if missing:
            self._touch(partner, record.src_updated_at)
            partner |= missing
            partner |= {"synced_at": self._stamp.synced_at, "batch_id": self._stamp.batch_id}

    def _note_xref(
        self, record: PartnerRecord, partner_id: int, matched_by: str, candidate_id: int | None
    ) -> None:
        xref = {
            **self._written(record),
            "partner_id": partner_id,
            "matched_by": matched_by,
            "name_seen": record.values.get("name"),
            "candidate_id": candidate_id,
        }
        self._xrefs[record.ext_id] = xref
        self._new_xrefs.append(xref)

    def _write(self) -> None:
        run = self._connection.execute
        if self._new:
            run(sa.insert(PARTNER), [self._partners[number] for number in sorted(self._new)])
            follow_with_sequence(self._connection, PARTNER)
        _update_many(self._connection, PARTNER, [self._partners[n] for n in sorted(self._changed)])
        if self._new_xrefs:
            first = last_id(self._connection, PARTNER_XREF) + 1
            new = [{"id": number, **xref} for number, xref in enumerate(self._new_xrefs, first)]
            run(sa.insert(PARTNER_XREF), new)
            follow_with_sequence(self._connection, PARTNER_XREF)
        _update_many(self._connection, PARTNER_XREF, list(self._changed_xrefs.values()))
        history = HistoryWriter(self._connection, self._stamp, self._region_of)
        history.write(
            (self._partners[number], before, self._days[number])
            for number, before in sorted(self._before.items())
        )

    def _region_of(self, partner: Mapping[str, Any]) -> str | None:
        territory = self._territories.get(partner["territory_id"] or 0)
        inherited = None if territory is None else territory.region_id
        return self._regions.get(partner["region_id"] or inherited or 0)


def _update_many(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    if not rows:
        return
    names = [column.name for column in table.c if column.name != "id"]
    statement = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("row_id"))
        .values({name: sa.bindparam(f"new_{name}") for name in names})
    )
    connection.execute(
        statement,
        [{"row_id": row["id"], **{f"new_{name}": row[name] for name in names}} for row in rows],
    )
