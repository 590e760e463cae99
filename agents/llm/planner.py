"""The language-model planner: a question → cited results and a template of slots.

The model chooses tools and arguments and writes sentences around slots. It computes nothing:
figures come from the tools, under the caller's scope, on the pinned snapshot. What it may see of
names and figures is decided by the share level.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from pydantic import ValidationError

from agents.llm.calls import Calls
from agents.llm.endpoint import Endpoint
from agents.llm.errors import LlmError
from agents.llm.judging import Judge, Settled
from agents.llm.session import Session, heard
from agents.llm.situation import system_prompt
from agents.llm.turn import LlmOutcome, LlmTurn
from knowledge.semantic.spec import QuerySpec
from leadline.settings import LlmSettings

EARLIER_TOLD = 6
"""Turns of the conversation that the model is told."""


class LlmPlanner:
    """Answers questions with one endpoint; safe to use from many threads at once."""

    def __init__(self, settings: LlmSettings) -> None:
        self.settings = settings
        self._endpoint = Endpoint(settings)

    def warm(self) -> None:
        """Import and connect what the first question would wait for; sends nothing."""
        from agents.llm import loop

        self._endpoint.model()
        loop.tools()

    def close(self) -> None:
        """Close the connections to the endpoint."""
        self._endpoint.close()

    def answer(self, turn: LlmTurn) -> LlmOutcome:
        """Answer one question.

        Raises:
            LlmError: the model could not; `code` says why, `usage` what it took.
        """
        from agents.llm import loop  # langchain

        deadline = time.monotonic() + self.settings.timeout_s
        session = Session(turn, self.settings.share)
        calls = Calls(self._endpoint, turn.trace, deadline)
        judge = Judge(session, tuple(_specs(turn)))
        try:
            loop.run(
                session,
                calls,
                judge,
                system_prompt(turn.ctx, session.veil),
                [*_history(session), ("user", _question(session))],
            )
        except LlmError as error:
            final = judge.broken_off(error) if error.code in PASSING else None
            if final is None:
                error.usage = calls.usage()
                raise
            return _outcome(final, calls)
        if session.asking is not None:
            return LlmOutcome(usage=calls.usage(), asking=session.asking)
        if judge.final is None:
            raise LlmError("the model ended without an answer", code="loop", usage=calls.usage())
        return _outcome(judge.final, calls)


PASSING = frozenset(
    {"unreachable", "rate_limited", "server_error", "timeout", "cut_off", "bad_reply"}
)
"""Failures of the endpoint, not of the plan: results that were fetched before can still be told."""


def _outcome(final: Settled, calls: Calls) -> LlmOutcome:
    return LlmOutcome(
        usage=calls.usage(),
        told=final.told,
        template=final.template,
        notes=final.notes,
        unverified=final.unverified,
    )


def _specs(turn: LlmTurn) -> Iterator[QuerySpec]:
    """The queries of earlier turns."""
    for earlier in turn.earlier:
        for spec in earlier.specs:
            try:
                yield QuerySpec.model_validate(spec)
            except ValidationError:  # stored by a version whose queries looked otherwise
                continue


def _history(session: Session) -> Iterator[tuple[str, str]]:
    """Earlier turns: the question, and the queries that answered it."""
    veil, turn = session.veil, session.turn
    for earlier in turn.earlier[-EARLIER_TOLD:]:
        yield "user", veil.question(earlier.question, heard(earlier.question, turn))
        queries = [veil.arguments(spec) for spec in earlier.specs]
        told = json.dumps(queries, ensure_ascii=False, separators=(",", ":"))
        yield "assistant", f"Answered by the queries {told}" if queries else "No query was run."


def _question(session: Session) -> str:
    """The question, the members that were recognised in it, and the language to answer in."""
    veil, turn = session.veil, session.turn
    parts = [veil.question(turn.question, session.heard)]
    found = veil.recognised(session.heard)
    if found:
        told = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        parts.append(f"Recognised members: {told}")
    parts.append(f"Answer in {'Chinese' if turn.language == 'zh' else 'English'}.")
    return "\n\n".join(parts)
