"""Conversations: the history of what was asked."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from knowledge.warehouse.conversations import list_conversations
from knowledge.warehouse.feedback_store import FeedbackStore
from server.api_models import Before, Form, Limit, Name, Search, StoredAnswerOut
from server.door import Asker, TheDoor
from server.json_response import JsonResponse
from server.plain_json import instant
from server.problems import problems
from server.routes.answers import stored_payload
from server.visibility import listed_owner, seen_conversation

router = APIRouter(prefix="/api", tags=["conversations"])


class ConversationItem(Form):
    """One conversation in the list; its title is its first question."""

    conversation_id: str
    title: str
    answers: int
    started_at: datetime
    updated_at: datetime


class ConversationPage(Form):
    """Conversations, the last asked in first."""

    items: list[ConversationItem]
    next: str | None
    """What to give as `before` for the next page; null at the end."""


class ConversationOut(Form):
    """A conversation with its answers, oldest first."""

    conversation_id: str
    title: str
    answers: list[StoredAnswerOut]


@router.get(
    "/conversations",
    response_model=ConversationPage,
    responses=problems(401, 422, 429, 500, 503),
    summary="List conversations",
)
def conversations(
    door: TheDoor,
    principal: Asker,
    limit: Limit = 50,
    before: Before = None,
    q: Search = None,
) -> Response:
    """One's own conversations; an administrator who sees all data gets everybody's."""
    found = list_conversations(
        door.service.evidence.engine,
        owner=listed_owner(principal),
        containing=q,
        before=before,
        limit=limit + 1,
    )
    items = found[:limit]
    more = len(found) > limit
    return JsonResponse({"items": items, "next": instant(items[-1].updated_at) if more else None})


@router.get(
    "/conversations/{conversation_id}",
    response_model=ConversationOut,
    responses=problems(401, 404, 422, 429, 500, 503),
    summary="Read a conversation",
)
def conversation(conversation_id: Name, door: TheDoor, principal: Asker) -> Response:
    """Every answer of a conversation, as it was given."""
    records = seen_conversation(door.service, conversation_id, principal)
    store = FeedbackStore(door.service.evidence.engine)
    said = store.of_answers([r.answer.answer_id for r in records], principal.name)
    return JsonResponse(
        {
            "conversation_id": conversation_id,
            "title": records[0].answer.question,
            "answers": [stored_payload(r, said.get(r.answer.answer_id)) for r in records],
        }
    )
