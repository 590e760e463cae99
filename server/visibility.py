"""Whose answers a principal may see: one's own, under today's scope; all, where none limits.

To a principal who may not see it, a thing is not there: "not found" tells nothing, not even that.
"""

from __future__ import annotations

from agents.service import AskService
from knowledge.warehouse.conversations import Owner
from knowledge.warehouse.evidence_store import AnswerRecord, CitationRecord
from leadline.access import Principal
from leadline.errors import NotFoundError


def may_see(record: AnswerRecord, principal: Principal) -> bool:
    """Whether the principal may see a stored answer, its citations and its trace."""
    if principal.scope.unlimited:
        return True
    return record.principal == principal.name and record.scope_hash == principal.scope.digest


def seen_answer(service: AskService, answer_id: str, principal: Principal) -> AnswerRecord:
    """A stored answer.

    Raises:
        NotFoundError: there is none, or none for this principal.
    """
    record = service.evidence.record(answer_id)
    if not may_see(record, principal):
        raise NotFoundError(f"no answer {answer_id!r} is stored")
    return record


def seen_citation(service: AskService, citation_id: str, principal: Principal) -> CitationRecord:
    """A stored citation.

    Raises:
        NotFoundError: there is none, or none for this principal.
        IntegrityError: it was changed.
    """
    record = service.evidence.citation(citation_id)
    if record.answer_id is None:  # of a page: whoever has the same scope gets the same figures
        seen = principal.scope.unlimited or record.scope.digest == principal.scope.digest
    else:
        seen = may_see(service.evidence.record(record.answer_id), principal)
    if not seen:
        raise NotFoundError(f"no citation {citation_id!r} is stored")
    return record


def seen_conversation(
    service: AskService, conversation_id: str, principal: Principal
) -> list[AnswerRecord]:
    """The answers of a conversation that the principal may see, oldest first.

    Raises:
        NotFoundError: there are none.
    """
    records = service.evidence.conversation(conversation_id)
    seen = [record for record in records if may_see(record, principal)]
    if not seen:
        raise NotFoundError(f"no conversation {conversation_id!r} is stored")
    return seen


def listed_owner(principal: Principal) -> Owner | None:
    """Whose conversations a list shows: one's own; to an administrator who sees all data, all."""
    if "admin" in principal.roles and principal.scope.unlimited:
        return None
    return Owner(principal.name, principal.scope.digest)
