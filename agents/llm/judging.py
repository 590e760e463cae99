"""Whether a model's final text can be shown, and what to tell it where it cannot.

Every kind of fault is repaired once. What is still wrong then is not shown: the rules word the
results, and what the queries left out is told to the reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from agents.llm.claims import Claims, names_in_play
from agents.llm.coverage import gaps
from agents.llm.errors import LlmError
from agents.llm.gap import Gap
from agents.llm.prompts import repair
from agents.llm.second_reading import rules_query, same_query, second_reading
from agents.llm.session import Session
from agents.llm.tool_coverage import SecondCall, rules_call, tool_gaps, uses_tools
from agents.llm.veil import PLACEHOLDER
from agents.narrate import Told
from agents.rules.draft import Note
from agents.slots import SLOT, cell, render
from agents.telemetry.attributes import verdict_attributes
from agents.traces import SpanKind
from agents.verify import CITATION_MARK, verify
from knowledge.semantic.spec import QuerySpec
from leadline.errors import EvidenceError
from leadline.evidence import Citation, ToolResult
from leadline.types import Unit

Fault = Literal["evidence", "wording", "coverage", "empty"]

LONGEST_TEXT: Final = 4000
SLOTS_TOLD: Final = 12


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome of a turn: results renumbered as the template cites them."""

    told: tuple[Told, ...]
    template: str | None
    notes: tuple[Note, ...]
    unverified: str | None


@dataclass(slots=True)
class Judge:
    """Judges the replies of one question."""

    session: Session
    before: tuple[QuerySpec, ...]
    """Queries of earlier turns."""
    repaired: set[Fault] = field(default_factory=set)
    final: Settled | None = None
    rules: QuerySpec | None = None
    """The rules' query, once it has been `looked` for."""
    call: SecondCall | None = None
    """The rules' call of another tool, likewise."""
    looked: bool = False

    def reply(self, text: str) -> str | None:
        """Take a final reply, or say what the model must mend.

        Raises:
            LlmError: it answers without evidence or with nothing at all, again.
        """
        if not text.strip():
            return self._again("empty", LlmError("the reply is empty", code="bad_reply"))
        told = self.session.told
        if not told:
            error = LlmError("the model answers without calling a tool", code="no_evidence")
            return self._again("evidence", error)
        template, problem = self._worded(text)
        cited = self._cited(template)
        missing = self._gaps(cited)
        if missing and "coverage" not in self.repaired:
            self.repaired.add("coverage")
            return repair("coverage", gaps="\n".join(map(self._wanted, missing)))
        if problem is not None and "wording" not in self.repaired:
            self.repaired.add("wording")
            return repair(
                "wording",
                problem=self.session.veil.message(problem),
                slots="\n".join(_legal_slots(told)),
            )
        notes = tuple(gap.note() for gap in missing)
        self.final = self._settled(cited, None if problem else template, notes, problem)
        return None

    def broken_off(self, error: LlmError) -> Settled | None:
        """What can be told where the model failed after its queries had said all that was asked."""
        told = self.session.told
        if not told or self._gaps(told):
            return None
        note = Note(
            "语言模型在收尾时中断，按已查到的结果作答",
            "the language model broke off at the end; told is what had been found",
        )
        return self._settled(told, None, (note,), error.code)

    def _again(self, fault: Fault, error: LlmError) -> str:
        if fault in self.repaired:
            raise error
        self.repaired.add(fault)
        return repair(fault)

    # ---- wording --------------------------------------------------------------------------------

    def _worded(self, text: str) -> tuple[str, str | None]:
        """The template with placeholders translated back, and what is wrong with it."""
        session = self.session
        citations = [item.citation for item in session.told]
        with session.turn.trace.span("verify", SpanKind.GUARDRAIL) as span:
            rendered = ""
            template = self._revealed(text.strip())
            problem = None
            try:
                if len(template) > LONGEST_TEXT:
                    raise EvidenceError(f"the text is longer than {LONGEST_TEXT} characters")
                rendered, _ = render(template, citations, session.turn.language)
                verify(template, rendered, citations, session.turn.language)
                Claims(session.turn.ctx, session.told, self._names()).check(template)
            except EvidenceError as error:
                problem = error.message
            span.attributes.update(
                verdict_attributes(
                    held=problem is None, template=text, reason=problem or "", text=rendered
                )
            )
        return template, problem

    def _names(self) -> dict[str, frozenset[tuple[str, str]]]:
        heard = [
            (entry.name, entry.label)
            for token in self.session.heard.tokens
            if token.kind == "value"
            for entry in (*token.entries, *token.equals)
            if entry.label is not None
        ]
        return names_in_play(self.session.told, heard)

    def _revealed(self, text: str) -> str:
        """Placeholders as the slots that hold their members, else as the members' names."""

        def reveal(match: object) -> str:
            written = match[0]  # type: ignore[index]
            label = self.session.veil.named(written)
            if label is None:
                return str(written)
            slot = next(self._slots_of(label), None)
            if slot is not None:
                return slot
            return label if not SLOT.search(label) and not CITATION_MARK.search(label) else written

        return PLACEHOLDER.sub(reveal, text)

    def _slots_of(self, label: str) -> Iterator[str]:
        for item in self.session.told:
            for number, row in enumerate(item.result.rows):
                for column, value in zip(item.result.columns, row, strict=True):
                    if value == label and column.unit is Unit.TEXT:
                        yield cell(item.number, number, column.name)

    # ---- results --------------------------------------------------------------------------------

    def _cited(self, template: str) -> list[Told]:
        """The results that a template cites; all, where it cites none that is there."""
        numbers = {int(m["citation"]) for m in SLOT.finditer(template)}
        numbers |= {int(m[1]) for m in CITATION_MARK.finditer(SLOT.sub(" ", template))}
        found = [item for item in self.session.told if item.number in numbers]
        return found or list(self.session.told)

    def _gaps(self, told: list[Told]) -> tuple[Gap, ...]:
        results = [item.result for item in told]
        with self.session.turn.trace.span("coverage", SpanKind.GUARDRAIL) as span:
            fetched = [item.result for item in self.session.told]
            if uses_tools(results):
                missing = tool_gaps(self.session.heard, results)
            else:
                missing = gaps(self.session.heard, results, self.before, fetched)
            missing = missing or self._otherwise(results)
            said = ", ".join(gap.said for gap in missing)
            span.attributes.update(
                verdict_attributes(
                    held=not missing,
                    template=self.session.turn.question,
                    reason=f"not covered: {said}" if missing else "",
                    text="" if missing else "all of it is covered",
                )
            )
        return missing

    def _otherwise(self, results: list[ToolResult]) -> tuple[Gap, ...]:
        """The rules' reading, where they understand the question and found other figures."""
        turn = self.session.turn
        if not self.looked:
            self.looked, self.rules, self.call = True, rules_query(turn), rules_call(turn)
        if self.call is not None:
            if self.call.agrees(results, turn):
                return ()
            return (self.call.gap(self.session.veil.arguments(self.call.call.arguments)),)
        if self.rules is None or same_query(self.rules, results):
            return ()
        second = second_reading(self.rules, turn)
        if second is None or second.agrees(results):
            return ()
        told = self.session.veil.arguments(second.spec.as_arguments())
        wanted = f"a grammar reads the question as {json.dumps(told, ensure_ascii=False)}"
        return (Gap(second.zh, wanted, "differs", second.en),)

    def _wanted(self, gap: Gap) -> str:
        """What the model is to do about a gap; members as it knows them."""
        veil = self.session.veil
        wanted = veil.message(gap.wanted)
        if gap.kind == "differs":
            return f"- {gap.wanted}; query so, unless something else is meant"
        if gap.kind == "added":
            return f"- {wanted}"
        return f"- “{veil.heard_as(gap.said, self.session.heard)}”: {wanted}"

    def _settled(
        self,
        told: list[Told],
        template: str | None,
        notes: tuple[Note, ...],
        problem: str | None,
    ) -> Settled:
        """Results numbered from 1 in the order in which they were fetched."""
        new = {item.number: at for at, item in enumerate(told, start=1)}
        answer_id = self.session.turn.answer_id
        renumbered = tuple(
            replace(item, citation=Citation(f"{answer_id}-{at}", at, item.result))
            for at, item in enumerate(told, start=1)
        )
        if template is not None:
            template = _renumbered(template, new)
        return Settled(renumbered, template, (*self.session.notes, *notes), problem)


def _renumbered(template: str, new: dict[int, int]) -> str:
    parts, at = [], 0
    for match in SLOT.finditer(template):
        parts.append(_marks(template[at : match.start()], new))
        number = int(match["citation"])
        parts.append(match[0].replace(f"{{{{c{number}.", f"{{{{c{new[number]}.", 1))
        at = match.end()
    return "".join([*parts, _marks(template[at:], new)])


def _marks(text: str, new: dict[int, int]) -> str:
    return CITATION_MARK.sub(lambda m: f"[{new[int(m[1])]}]", text)


def _legal_slots(told: list[Told]) -> Iterator[str]:
    for item in told[:SLOTS_TOLD]:
        columns = ", ".join(column.name for column in item.result.columns)
        rows = len(item.result.rows)
        whole = ", ".join(f"{{{{c{item.number}.{p}}}}}" for p in ("row_count", "time", "where"))
        if rows:
            slot = f"{{{{c{item.number}.rows[R].COLUMN}}}}"
            yield f"- {slot} with R from 0 to {rows - 1}, COLUMN one of {columns}; {whole}"
        else:
            yield f"- result {item.number} has no rows; {whole}"
