"""Asking: one JSON answer, or a stream of events while it is worked on."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from agents.conversation import Conversation
from agents.events import Event, silent
from agents.openers import openers
from agents.service import AskService, new_answer_id
from leadline.access import Principal
from leadline.evidence import Answer
from leadline.settings import PlannerMode
from leadline.types import Language
from server import examples
from server.api_models import AnswerOut, Form, OptionOut, Question
from server.door import Asker, Door, TheDoor
from server.guard import log_failure
from server.json_response import JsonResponse
from server.problems import language_of, problem_of, problems
from server.schemas import answer_payload
from server.streams import Mailbox, event_data, event_stream

router = APIRouter(prefix="/api", tags=["asking"])

EVENT_STREAM = "text/event-stream"


class Suggestions(Form):
    """What can be asked first."""

    questions: list[OptionOut]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A question that is about to be worked on, with the names of what will come of it."""

    question: str
    principal: Principal
    talk: Conversation
    planner: PlannerMode | None
    answer_id: str
    trace_id: str
    snapshot: int
    as_of: date

    def payload(self) -> dict[str, Any]:
        """The first event."""
        return {
            "answer_id": self.answer_id,
            "conversation_id": self.talk.conversation_id,
            "trace_id": self.trace_id,
            "question": self.question,
            "snapshot": self.snapshot,
            "as_of": self.as_of,
        }

    def answer(self, service: AskService, emit: Callable[[Event], None]) -> Answer:
        """Work on it; the answer is stored before it is returned."""
        return service.ask(
            self.question,
            principal=self.principal,
            conversation=self.talk,
            planner=self.planner,
            snapshot=self.snapshot,
            emit=emit,
            answer_id=self.answer_id,
            trace_id=self.trace_id,
        )

    def told(self, answer: Answer) -> dict[str, Any]:
        """The answer as JSON data."""
        return answer_payload(answer, conversation_id=self.talk.conversation_id)


def accept(door: Door, asked: Question, principal: Principal) -> Accepted:
    """Find the conversation and pin the snapshot.

    Raises:
        NotFoundError: there is no such conversation for this principal.
        NotReadyError: nothing is published yet.
    """
    service = door.service
    snapshot = service.snapshots.current()
    if asked.conversation_id is None:
        talk = service.keep(Conversation(), principal)
    else:
        talk = service.conversation(asked.conversation_id, principal)
    planner: PlannerMode | None = "llm" if asked.planner == "llm-first" else asked.planner
    return Accepted(
        asked.question,
        principal,
        talk,
        planner,
        new_answer_id(),
        uuid.uuid4().hex,
        snapshot.number,
        snapshot.as_of,
    )


@router.post(
    "/ask",
    response_model=AnswerOut,
    responses={
        200: {
            "description": "The answer; with `Accept: text/event-stream` its making, event by "
            "event: accepted, plan, fallback, tool_call, tool_result, citation, text, chart, then "
            "answer (which counts) or error, and done",
            "content": {EVENT_STREAM: {"schema": {"type": "string"}, "example": examples.EVENTS}},
        },
        **problems(400, 401, 404, 413, 415, 422, 429, 500, 503),
    },
    summary="Ask a question",
)
async def ask(
    asked: Question,
    request: Request,
    door: TheDoor,
    principal: Asker,
    accept_header: Annotated[
        str, Header(alias="accept", include_in_schema=False)
    ] = "application/json",
) -> Response:
    """Answer a question in Chinese or English; every figure is cited.

    The answer is stored even if whoever asked goes away meanwhile.
    """
    if asked.conversation_id is None:
        accepted = accept(door, asked, principal)  # a millisecond; a thread would cost more
    else:
        accepted = await run_in_threadpool(accept, door, asked, principal)
    if EVENT_STREAM in accept_header.lower():
        return _streamed(door, accepted, request)
    work: Future[Answer] = door.asking.submit(partial(accepted.answer, door.service, silent))
    answer = await asyncio.shield(asyncio.wrap_future(work))
    return JsonResponse(accepted.told(answer))


def _streamed(door: Door, accepted: Accepted, request: Request) -> Response:
    mailbox = Mailbox(asyncio.get_running_loop())
    path, language = request.url.path, language_of(request)

    def hear(event: Event) -> None:
        if event.name != "accepted":  # told already, before there was a thread to answer
            mailbox.post(event.name, event_data(event))

    def work() -> None:
        try:
            answer = accepted.answer(door.service, hear)
            mailbox.post("answer", accepted.told(answer))
        except Exception as error:  # noqa: BLE001 - told to the reader, and counted below
            problem = problem_of(error, path, language, accepted.trace_id)
            mailbox.post("error", problem.model_dump(exclude_none=True))
            if problem.status >= 500:
                log_failure(request.scope, error)
        finally:
            mailbox.post("done", {})

    def begin() -> None:
        door.asking.begin(work)

    door.asking.take_place()
    return event_stream(mailbox, ("accepted", accepted.payload()), begin)


@router.get(
    "/suggestions",
    response_model=Suggestions,
    responses=problems(401, 422, 429, 500, 503),
    summary="What can be asked first",
)
def suggestions(
    door: TheDoor,
    principal: Asker,
    language: Annotated[Literal["zh", "en"], Query(description="Of the questions")] = "zh",
) -> Response:
    """A few questions that this instance's data can answer."""
    found = openers(door.service.planner_context(principal), Language(language))
    return JsonResponse({"questions": [{"label": o.label, "question": o.question} for o in found]})
