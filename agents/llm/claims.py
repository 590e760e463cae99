"""What a model's sentences claim beyond their figures: whose, of what, when, more or less, why.

The verifier (`agents.verify`) sees to it that every figure stands in a slot. A figure in a slot can
still stand beside the wrong name, metric or period, and a sentence can compare, rank, add up or
explain what nobody computed. Each line is held to the results that it cites. Whatever is not
plainly borne out is rejected; the rules then word the answer, so being strict costs only style.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from agents.llm.claim_words import HIGH, LOW, NEEDS, NEVER, queries_of
from agents.llm.coverage import conditions_of
from agents.llm.periods import Span, so_far
from agents.narrate import Told
from agents.rules.context import PlannerContext
from agents.rules.text import fold
from agents.rules.timex import time_at
from agents.slots import SLOT
from agents.verify import CITATION_MARK
from agents.wording import filters_of, spec_of
from knowledge.semantic.spec import QuerySpec
from leadline.errors import EvidenceError


@dataclass(frozen=True, slots=True)
class Claims:
    """Checks the lines of a template against the results that they cite.

    `names` are the members that play a part in this question, by folded spelling.
    """

    ctx: PlannerContext
    told: Sequence[Told]
    names: dict[str, frozenset[tuple[str, str]]]

    def check(self, template: str) -> None:
        """Hold every line to its evidence.

        Raises:
            EvidenceError: says which words nothing bears out, and where.
        """
        for line in template.splitlines():
            problem = next(self._problems(line), None)
            if problem is not None:
                raise EvidenceError(problem)

    def _problems(self, line: str) -> Iterator[str]:
        numbers = {int(m["citation"]) for m in SLOT.finditer(line)}
        numbers |= {int(m[1]) for m in CITATION_MARK.finditer(SLOT.sub(" ", line))}
        cited = [item for item in self.told if item.number in numbers]
        text = fold(CITATION_MARK.sub(" ", SLOT.sub(" ◦ ", line)))
        text, alien = self._without_words(text, line, cited)
        yield from alien
        for what, pattern in NEVER:
            if found := pattern.search(text):
                yield f"{what} {found[0]!r} is no figure of a result"
        for what, pattern, borne_out in NEEDS:
            if (found := pattern.search(text)) and not borne_out(cited):
                yield f"{what} {found[0]!r}: no cited result computes one"
        yield from self._rankings(text, line, cited)

    # ---- whose, of what, when -------------------------------------------------------------------

    def _without_words(self, text: str, line: str, cited: Sequence[Told]) -> tuple[str, list[str]]:
        """The text without members, metrics, dimensions and periods; those not borne out.

        At each place the longest word counts: "won opportunities" is a metric, not "won".
        """
        bears = _Bears(self.ctx, line, cited)
        problems, parts, at = [], [], 0
        while at < len(text):
            end, problem = at, None
            for found, holds in (
                self._name_at(text, at, bears),
                self._metric_at(text, at, bears),
                self._period_at(text, at, bears),
            ):
                if found > end:
                    end, problem = found, holds
            if end == at:
                parts.append(text[at])
                at += 1
                continue
            if problem is not None:
                problems.append(problem)
            parts.append(" ◦ ")
            at = end
        return "".join(parts), problems

    def _name_at(self, text: str, at: int, bears: _Bears) -> tuple[int, str | None]:
        """Where the longest member's name at this place ends, and what is wrong with it."""
        for surface in self._surfaces.get(text[at], ()):
            if not text.startswith(surface, at) or not _is_whole(text, at, at + len(surface)):
                continue
            held = not self.names[surface].isdisjoint(bears.members)
            said = f"the name {surface!r} stands beside figures that are not of it"
            return at + len(surface), None if held else f"{said}; name members by slots"
        return at, None

    @property
    def _surfaces(self) -> dict[str, list[str]]:
        """Names by their first character, longest first."""
        found: dict[str, list[str]] = {}
        for surface in sorted(self.names, key=len, reverse=True):
            found.setdefault(surface[0], []).append(surface)
        return found

    def _metric_at(self, text: str, at: int, bears: _Bears) -> tuple[int, str | None]:
        """The same of metrics and dimensions; words of dimensions claim nothing by themselves."""
        if text[at] == " ":
            return at, None
        if text.startswith("in order", at):  # "order" is a metric
            return at + len("in order"), None
        for end, entries in self.ctx.lexicon.at(text, at):
            kinds = {entry.kind.removeprefix("absent_") for entry in entries}
            if kinds == {"dimension"}:
                return end, None
            if kinds != {"metric"}:
                return at, None
            held = bears.explains or not bears.metrics.isdisjoint(e.name for e in entries)
            said = f"the metric {text[at:end]!r} is not in the cited results"
            return end, None if held else said
        return at, None

    def _period_at(self, text: str, at: int, bears: _Bears) -> tuple[int, str | None]:
        """The same of periods."""
        inside = at > 0 and text[at - 1].isascii() and text[at - 1].isalnum()
        found = None if inside else time_at(text, at, self.ctx.calendar)
        if found is None or found[1] <= at:
            return at, None
        expr, end = found
        span = so_far(expr.start, expr.end_excl, self.ctx.calendar.as_of)
        if span in bears.windows or bears.buckets or text.startswith("同期", end):
            return end, None
        return end, f"the period {text[at:end]!r} is not that of the cited results"

    # ---- first and last -------------------------------------------------------------------------

    def _rankings(self, text: str, line: str, cited: Sequence[Told]) -> Iterator[str]:
        """最高, lowest: only of an ordered result, and of its first row."""
        high, low = HIGH.search(text), LOW.search(text)
        found = high or low
        if found is None:
            return
        wanted = {"desc"} if high and not low else {"asc"} if low and not high else {"asc", "desc"}
        directions = set()
        for spec in queries_of(cited):
            if spec.order:
                directions.add(spec.order[0].direction)
            elif spec.limit or spec.top_per or spec.rank:
                directions.add("desc")
        if not directions & wanted:
            yield f"ranking {found[0]!r}: no cited result is ordered so"
            return
        if any(spec.top_per or spec.focus for spec in queries_of(cited)):
            return
        rows = {int(m["row"]) for m in SLOT.finditer(line) if m["row"]}
        if len(rows) == 1 and rows != {0}:
            yield f"ranking {found[0]!r}: the row named is not the first"


class _Bears:
    """What the results that a line cites can bear out."""

    def __init__(self, ctx: PlannerContext, line: str, cited: Sequence[Told]) -> None:
        specs = queries_of(cited)
        self.explains = any(item.result.tool == "explain" for item in cited)
        self.buckets = any(spec.grain is not None for spec in specs)
        self.members = {
            (item.member, str(value))
            for spec in specs
            for item in (*filters_of(spec.where), *spec.focus)
            for value in item.values
        }
        self.members |= set(_rows_of(line, cited))
        self.members |= {pair for spec in specs for pair in conditions_of(spec, ctx)}
        self.metrics = {m for spec in specs for m in spec.metrics}
        self.metrics |= {item.metric for spec in specs for item in spec.metric_filters}
        if any(spec.compare and spec.compare.kind == "target" for spec in specs):
            self.metrics |= {"target_amount", "attainment", "payment_target", "payment_attainment"}
        if self.metrics & {"attainment", "payment_attainment"}:
            self.metrics |= {"target_amount", "amount", "payment_target", "payment_amount"}
        self.windows = set(_windows(specs, ctx.calendar.as_of))


def _windows(specs: Sequence[QuerySpec], as_of: date) -> Iterator[Span]:
    for spec in specs:
        if spec.time is not None:
            yield so_far(spec.time.start, spec.time.end_excl, as_of)
        if spec.compare is not None and spec.compare.start is not None:
            yield so_far(spec.compare.start, spec.compare.end_excl, as_of)


def _rows_of(line: str, cited: Sequence[Told]) -> Iterator[tuple[str, str]]:
    """Members of the rows that the line's slots point at."""
    by_number = {item.number: item.result for item in cited}
    for match in SLOT.finditer(line):
        result = by_number.get(int(match["citation"]))
        if result is None or match["row"] is None or int(match["row"]) >= len(result.rows):
            continue
        for column, value in zip(result.columns, result.rows[int(match["row"])], strict=True):
            if isinstance(value, str):
                yield column.name, value


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a span of Latin letters is no part of a longer word."""

    def latin(at: int) -> bool:
        return 0 <= at < len(text) and text[at].isascii() and text[at].isalnum()

    return not (latin(start - 1) and latin(start)) and not (latin(end - 1) and latin(end))


def names_in_play(
    told: Sequence[Told], heard: Sequence[tuple[str, str]]
) -> dict[str, frozenset[tuple[str, str]]]:
    """Members that a line may name in this question: those said, filtered by, and listed.

    Args:
        told: the results.
        heard: (dimension, label) of members of the question.
    """
    found: dict[str, set[tuple[str, str]]] = {}
    for dimension, label in {*heard, *_members(told)}:
        if len(label) >= 2:
            found.setdefault(fold(label), set()).add((dimension, label))
    return {surface: frozenset(members) for surface, members in found.items() if surface}


def _members(told: Sequence[Told]) -> Iterator[tuple[str, str]]:
    for item in told:
        spec = spec_of(item.result)
        if spec is None:
            continue
        for wanted in (*filters_of(spec.where), *spec.focus):
            for value in wanted.values:
                yield wanted.member, str(value)
        keys = set(spec.dimensions)
        for at, column in enumerate(item.result.columns):
            name = spec.row_keys[0] if column.name in ("first", "second") else column.name
            if name in keys:
                for row in item.result.rows:
                    if isinstance(row[at], str):
                        yield name, str(row[at])
