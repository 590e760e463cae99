"""Weekly briefs: stored whole with their citations, read back equal, never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from knowledge.warehouse.briefs import BRIEF
from knowledge.warehouse.evidence_store import scope_from, scope_text
from knowledge.warehouse.lock import writing
from knowledge.warehouse.schema import upgrade
from leadline.access import Principal, Scope
from leadline.errors import IntegrityError, NotFoundError
from leadline.types import Language


@dataclass(frozen=True, slots=True)
class BriefCitation:
    """One piece of a brief's evidence: its number in the text, and where it is stored."""

    number: int
    citation_id: str
    tool: str
    digest: str


@dataclass(frozen=True, slots=True)
class BriefRecord:
    """A brief as it was given.

    `manager` is who it is for, `label` how they are called, `principal` who had it made, `scope`
    what its figures are limited to. `partial`: the week was not over. `as_of` is the last day that
    counted, `snapshot` the data.
    """

    brief_id: str
    manager: str
    label: str
    principal: str
    scope: Scope
    week: str
    first_day: date
    last_day: date
    partial: bool
    language: Language
    snapshot: int
    as_of: date
    markdown: str
    html: str
    citations: tuple[BriefCitation, ...]
    created_at: datetime

    @property
    def digest(self) -> str:
        """sha256 over the text and the digests of its evidence."""
        body = json.dumps([self.markdown, _cited(self.citations)], ensure_ascii=False)
        return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class BriefSummary:
    """What a list shows of a brief."""

    brief_id: str
    manager: str
    label: str
    week: str
    first_day: date
    last_day: date
    partial: bool
    language: Language
    snapshot: int
    as_of: date
    created_at: datetime


def brief_id_of(
    manager: str, week: str, language: Language, snapshot: int, scope: Scope, markdown: str
) -> str:
    """The same brief over the same data has the same id: making it again stores nothing new."""
    body = [manager, week, language.value, snapshot, scope.digest, markdown]
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return "b" + hashlib.sha256(text.encode()).hexdigest()[:19]


class BriefStore:
    """Briefs in the system of record, migrated first where needed."""

    def __init__(self, engine: sa.Engine) -> None:
        upgrade(engine)
        self._engine = engine

    def save(self, record: BriefRecord) -> BriefRecord:
        """Keep a brief, once; gives the one that is stored.

        Raises:
            BusyError: the database stays locked by another writer.
        """
        wanted = BRIEF.c.brief_id == record.brief_id
        with writing(self._engine) as connection:
            found = connection.execute(sa.select(BRIEF).where(wanted)).one_or_none()
            if found is None:
                connection.execute(sa.insert(BRIEF), [_row(record)])
        return record if found is None else _record(found)

    def get(self, brief_id: str, principal: Principal) -> BriefRecord:
        """The brief with this id.

        Raises:
            NotFoundError: there is none, or it was made under another scope than the principal's.
            IntegrityError: what is stored was changed.
        """
        query = sa.select(BRIEF).where(BRIEF.c.brief_id == brief_id, *_visible(principal))
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(
                f"no brief {brief_id!r} is stored", hint="list them: leadline brief --list"
            )
        record = _record(row)
        if record.digest != row.digest:
            raise IntegrityError(f"brief {brief_id} was changed after it was stored")
        return record

    def list(
        self,
        principal: Principal,
        *,
        manager: str | None = None,
        week: str | None = None,
        before: datetime | None = None,
        limit: int = 50,
    ) -> list[BriefSummary]:
        """Briefs that the principal may see, the last made first.

        Args:
            principal: who looks.
            manager: only theirs.
            week: only of this one (`2026-W27`).
            before: only those made before this instant (to page on).
            limit: at most so many.
        """
        wanted = _visible(principal)
        for column, value in ((BRIEF.c.manager, manager), (BRIEF.c.week, week)):
            if value is not None:
                wanted.append(column == value)
        if before is not None:
            wanted.append(BRIEF.c.created_at < before)
        columns = [BRIEF.c[name] for name in _SUMMARY]
        query = sa.select(*columns).where(*wanted)
        query = query.order_by(BRIEF.c.created_at.desc(), BRIEF.c.brief_id).limit(limit)
        with self._engine.connect() as connection:
            return [_summary(row) for row in connection.execute(query)]


_SUMMARY = (
    "brief_id",
    "manager",
    "label",
    "week",
    "first_day",
    "last_day",
    "partial",
    "language",
    "snapshot_no",
    "as_of",
    "created_at",
)


def _visible(principal: Principal) -> list[sa.ColumnElement[bool]]:
    """Whoever has the same scope may read the same figures; without limits, all of them."""
    if principal.scope.unlimited:
        return []
    return [BRIEF.c.scope_hash == principal.scope.digest]


def _cited(citations: Sequence[BriefCitation]) -> list[list[object]]:
    return [[c.number, c.citation_id, c.tool, c.digest] for c in citations]


def _row(record: BriefRecord) -> dict[str, Any]:
    return {
        "brief_id": record.brief_id,
        "manager": record.manager,
        "label": record.label,
        "principal": record.principal,
        "scope": scope_text(record.scope),
        "scope_hash": record.scope.digest,
        "week": record.week,
        "first_day": record.first_day,
        "last_day": record.last_day,
        "partial": record.partial,
        "language": record.language.value,
        "snapshot_no": record.snapshot,
        "as_of": record.as_of,
        "markdown": record.markdown,
        "html": record.html,
        "citations": json.dumps(_cited(record.citations), ensure_ascii=False),
        "digest": record.digest,
        "created_at": record.created_at,
    }


def _record(row: sa.Row[Any]) -> BriefRecord:
    return BriefRecord(
        brief_id=row.brief_id,
        manager=row.manager,
        label=row.label,
        principal=row.principal,
        scope=scope_from(row.scope),
        week=row.week,
        first_day=row.first_day,
        last_day=row.last_day,
        partial=bool(row.partial),
        language=Language(row.language),
        snapshot=row.snapshot_no,
        as_of=row.as_of,
        markdown=row.markdown,
        html=row.html,
        citations=tuple(BriefCitation(*item) for item in json.loads(row.citations)),
        created_at=row.created_at,
    )


def _summary(row: sa.Row[Any]) -> BriefSummary:
    return BriefSummary(
        brief_id=row.brief_id,
        manager=row.manager,
        label=row.label,
        week=row.week,
        first_day=row.first_day,
        last_day=row.last_day,
        partial=bool(row.partial),
        language=Language(row.language),
        snapshot=row.snapshot_no,
        as_of=row.as_of,
        created_at=row.created_at,
    )
