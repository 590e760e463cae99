"""Briefs made, kept, and run again: the service that the command line and the door share."""

from __future__ import annotations

from dataclasses import dataclass

from agents.briefs.brief import Brief, write_brief
from agents.briefs.managers import Manager
from agents.briefs.markdown import to_markdown
from agents.briefs.page import to_html
from agents.briefs.week import Week, check_known
from agents.service import AskService
from knowledge.warehouse.brief_store import (
    BriefCitation,
    BriefRecord,
    BriefStore,
    brief_id_of,
)
from leadline.access import Principal
from leadline.clock import now_utc
from leadline.errors import IntegrityError
from leadline.types import Language


def make_brief(
    service: AskService,
    manager: Manager,
    week: Week,
    language: Language,
    principal: Principal,
    snapshot: int | None = None,
) -> BriefRecord:
    """Write the brief of a week over what was known at its end, and keep it with its evidence.

    The same brief over the same snapshot is kept once: making it again gives the one that is there.

    Args:
        service: with the store and the snapshots.
        manager: whom it is for; their scope bounds every figure.
        week: one that has begun.
        language: in which language.
        principal: who has it made.
        snapshot: of this one; the one in force by default.

    Raises:
        NotFoundError: the data knows nothing of the week.
        NotReadyError: nothing is published yet.
        EvidenceError: a line says what no evidence holds.
    """
    found = service.snapshots.current() if snapshot is None else service.snapshots.get(snapshot)
    check_known(week, found)
    then = service.as_of(found.number, week.last)
    brief = write_brief(manager, week, service.tools(then, manager.scope), language)
    for citation in brief.citations:
        service.evidence.keep(citation.result, manager.scope)
    return BriefStore(service.evidence.engine).save(_record(brief, principal))


def _record(brief: Brief, principal: Principal) -> BriefRecord:
    markdown = to_markdown(brief)
    manager = brief.manager
    return BriefRecord(
        brief_id=brief_id_of(
            manager.name,
            brief.week.name,
            brief.language,
            brief.snapshot,
            manager.scope,
            markdown,
        ),
        manager=manager.name,
        label=manager.label,
        principal=principal.name,
        scope=manager.scope,
        week=brief.week.name,
        first_day=brief.week.first,
        last_day=brief.week.last,
        partial=brief.partial,
        language=brief.language,
        snapshot=brief.snapshot,
        as_of=brief.as_of,
        markdown=markdown,
        html=to_html(brief),
        citations=tuple(
            BriefCitation(c.number, c.citation_id, c.result.tool, c.result.digest)
            for c in brief.citations
        ),
        created_at=now_utc(),
    )


@dataclass(frozen=True, slots=True)
class Replayed:
    """One citation of a brief run again."""

    citation: BriefCitation
    digest: str

    @property
    def equal(self) -> bool:
        """Whether its rows are those of then."""
        return self.digest == self.citation.digest


def replay_brief(
    service: AskService, record: BriefRecord, principal: Principal
) -> tuple[Replayed, ...]:
    """Run every citation of a brief again, on its snapshot as it stood then, under its scope.

    Raises:
        NotFoundError: a citation or the snapshot is gone.
        IntegrityError: the snapshot's files were changed, or a citation is another one.
    """
    found = []
    for citation in record.citations:
        outcome = service.replay(citation.citation_id, principal)
        if outcome.digest_then != citation.digest:
            raise IntegrityError(
                f"citation {citation.citation_id} is not the one that brief "
                f"{record.brief_id} was written with"
            )
        found.append(Replayed(citation, outcome.digest))
    return tuple(found)
