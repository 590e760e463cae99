"""Answers as they were given, and what readers say of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import ConfigDict, Field
from starlette.responses import Response

from knowledge.warehouse.evidence_store import AnswerRecord
from knowledge.warehouse.feedback_store import LONGEST_COMMENT, Feedback, FeedbackStore
from server.api_models import FeedbackOut, Form, Name, StoredAnswerOut, Text
from server.door import Asker, TheDoor
from server.json_response import JsonResponse
from server.problems import problems
from server.schemas import answer_payload
from server.visibility import seen_answer

router = APIRouter(prefix="/api/answers", tags=["answers"])


class FeedbackIn(Form):
    """Thumbs up or down."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"rating": "down", "comment": "应按回款口径"}]},
    )

    rating: Literal["up", "down"]
    comment: Annotated[Text, Field(max_length=LONGEST_COMMENT)] | None = None


def feedback_payload(feedback: Feedback | None) -> dict[str, Any] | None:
    """Feedback as JSON data."""
    if feedback is None:
        return None
    return {
        "rating": feedback.rating,
        "comment": feedback.comment,
        "created_at": feedback.created_at,
    }


def stored_payload(record: AnswerRecord, feedback: Feedback | None) -> dict[str, Any]:
    """A stored answer as JSON data."""
    answer = answer_payload(
        record.answer, conversation_id=record.conversation_id, created_at=record.created_at
    )
    return {**answer, "feedback": feedback_payload(feedback)}


@router.get(
    "/{answer_id}",
    response_model=StoredAnswerOut,
    responses=problems(401, 404, 422, 429, 500, 503),
    summary="Read an answer again",
)
def answer(answer_id: Name, door: TheDoor, principal: Asker) -> Response:
    """An answer as it was given, with the caller's own feedback."""
    record = seen_answer(door.service, answer_id, principal)
    said = FeedbackStore(door.service.evidence.engine).get(answer_id, principal.name)
    return JsonResponse(stored_payload(record, said))


@router.put(
    "/{answer_id}/feedback",
    response_model=FeedbackOut,
    responses=problems(400, 401, 404, 413, 415, 422, 429, 500, 503),
    summary="Rate an answer",
)
def rate(answer_id: Name, said: FeedbackIn, door: TheDoor, principal: Asker) -> Response:
    """Thumbs up or down, in place of what the caller said before."""
    seen_answer(door.service, answer_id, principal)
    store = FeedbackStore(door.service.evidence.engine)
    kept = store.set(answer_id, principal.name, said.rating, said.comment)
    return JsonResponse(feedback_payload(kept))


@router.delete(
    "/{answer_id}/feedback",
    status_code=204,
    response_class=Response,
    responses={
        204: {"description": "There is none any more"},
        **problems(401, 404, 413, 415, 422, 429, 500, 503),
    },
    summary="Take feedback back",
)
def unrate(answer_id: Name, door: TheDoor, principal: Asker) -> Response:
    """Forget what the caller said of an answer, if anything."""
    seen_answer(door.service, answer_id, principal)
    FeedbackStore(door.service.evidence.engine).remove(answer_id, principal.name)
    return Response(status_code=204)
