"""The state of one question with a language model: what it asked for, got, and got wrong."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import Any, Final

from agents.executor import call
from agents.llm import telling
from agents.llm.arguments import Arguments
from agents.llm.asking import asked_back, refused
from agents.llm.errors import LlmError
from agents.llm.schemas import ASK_BACK, OFFERED, REFUSE
from agents.llm.turn import LlmTurn
from agents.llm.veil import Veil
from agents.narrate import Told
from agents.plan import ClarifyPlan, PlannerTrace, RefusePlan
from agents.rules.draft import Note
from agents.rules.planner import read
from agents.rules.read import Reading
from leadline.errors import LeadlineError, NotFoundError, SpecError
from leadline.evidence import Citation, ToolResult
from leadline.settings import ShareLevel

MISTAKES_BORNE: Final = 1
"""Wrong calls of one tool that may be repaired; the next one ends the model's part."""

KNOWN: Final = frozenset({tool.name for tool in OFFERED})


@dataclass(slots=True)
class Session:
    """One question. Tools are called one at a time, in the order in which the model named them."""

    turn: LlmTurn
    share: ShareLevel
    veil: Veil = field(init=False)
    heard: Reading = field(init=False)
    """How the rules read the question: what masking and the coverage check go by."""
    told: list[Told] = field(default_factory=list)
    asking: ClarifyPlan | RefusePlan | None = None
    notes: list[Note] = field(default_factory=list)
    step: int = 0
    """Replies of the model so far."""
    _arguments: Arguments = field(init=False)
    _by_call: dict[str, int] = field(default_factory=dict)
    _mistakes: dict[str, set[int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.veil = Veil(self.share, self.turn.ctx)
        self.heard = heard(self.turn.question, self.turn)
        draft = self.heard.draft
        times = (draft.time, draft.base_time, *(token.time for token in self.heard.tokens))
        said = tuple(time for time in times if time is not None)
        self._arguments = Arguments(self.veil, said, self._spec_of)

    def _spec_of(self, number: int) -> dict[str, object] | None:
        found = next((t.result for t in self.told if t.number == number), None)
        return found.arguments if found is not None and found.tool == "query" else None

    def run(self, name: str, said: dict[str, Any]) -> tuple[str, bool]:
        """Carry out one call of the model.

        Returns what it is told (JSON) and whether the call held.

        Raises:
            LlmError: it got the same tool wrong again (`invalid_plan`).
        """
        with self._lock:
            try:
                body = self._run(name, said)
            except SpecError as error:
                return self._mistaken(name, error), False
            except NotFoundError as error:
                return self._mistaken(name, error), False
            except LeadlineError as error:
                # not the model's mistake: it hears the class, the trace has the rest
                return _json({"error": error.model_text()}), False
            self._mistakes.pop(name, None)
            return _json(body), True

    def _run(self, name: str, said: dict[str, Any]) -> dict[str, object]:
        if name == ASK_BACK:
            self.asking = asked_back(said, self.veil, self.turn)
            return {"done": True}
        if name == REFUSE:
            self.asking = refused(said, self.veil, self.turn)
            return {"done": True}
        if name not in KNOWN:
            raise NotFoundError(
                f"there is no tool {name!r}", hint=f"tools: {', '.join(sorted(KNOWN))}"
            )
        arguments, note = self._arguments.typed(name, said)
        key = _json([name, arguments])
        if key in self._by_call:
            number = self._by_call[key]
            again = telling.told(number, self.told[number - 1].result, self.veil)
            return {**again, "note": "asked before"}
        turn = self.turn
        result = call(name, arguments, turn.tools, turn.trace, turn.emit)
        number = self._keep(result)
        self._by_call[key] = number
        if note is not None and note not in self.notes:
            self.notes.append(note)
        return telling.told(number, result, self.veil)

    def _keep(self, result: ToolResult) -> int:
        number = len(self.told) + 1
        role = "main" if result.tool == "query" else result.tool
        citation = Citation(f"{self.turn.answer_id}-{number}", number, result)
        self.told.append(Told(role, citation))
        return number

    def _mistaken(self, name: str, error: LeadlineError) -> str:
        """Count a wrong call; tell the model, or give up on it."""
        tool = name if name in KNOWN else "?"
        steps = self._mistakes.setdefault(tool, set())
        steps.add(self.step)
        if len(steps) > MISTAKES_BORNE:
            raise LlmError(
                f"{name} was called wrongly again: {error.message}", code="invalid_plan"
            ) from error
        body = {"error": self.veil.message(error.message)}
        if error.hint:
            body["hint"] = self.veil.message(error.hint)
        return _json(body)

    def misspelt(self, name: str, problem: str) -> str:
        """A call whose arguments are no JSON, as the model is told of it.

        Raises:
            LlmError: as for `run`.
        """
        with self._lock:
            return self._mistaken(name, SpecError(f"the arguments are no JSON object: {problem}"))


def heard(question: str, turn: LlmTurn) -> Reading:
    """How the rules read a text: its tokens and what they mean, whether or not it all fits."""
    reading, _ = read(question, turn.ctx, PlannerTrace())
    return reading


def _json(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=str)
