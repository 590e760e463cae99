"""What a model's sentences claim beyond their figures: whose, of what, when, more or less, why.

The verifier (`agents.verify`) sees to it that every figure stands in a slot. A figure in a slot can
still stand beside the wrong name, metric or period, and a sentence can compare, rank, add up or
explain what nobody computed. Each line is held to the results that it cites. Whatever is not
plainly borne out is rejected; the rules then word the answer, so being strict costs only style.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.llm.claim_words import HIGH, LOW, NEEDS, NEVER, queries_of
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
        text, alien = self._without_names(text, line, cited)
        yield from alien
        text, alien = self._without_metrics(text, cited)
        yield from alien
        text, alien = self._without_periods(text, cited)
        yield from alien
        for what, pattern in NEVER:
            if found := pattern.search(text):
                yield f"{what} {found[0]!r} is no figure of a result"
        for what, pattern, borne_out in NEEDS:
            if (found := pattern.search(text)) and not borne_out(cited):
                yield f"{what} {found[0]!r}: no cited result computes one"
        yield from self._rankings(text, line, cited)

    # ---- whose ----------------------------------------------------------------------------------

    def _without_names(self, text: str, line: str, cited: Sequence[Told]) -> tuple[str, list[str]]:
        """The text without members, and those whose figures the line does not cite."""
        borne_out = {
            (f.member, str(v))
            for spec in queries_of(cited)
            for f in (*filters_of(spec.where), *spec.focus)
            for v in f.values
        } | set(self._rows_of(line, cited))
        problems = []
        for surface in sorted(self.names, key=len, reverse=True):
            pattern = _whole(surface)
            if not pattern.search(text):
                continue
            if self.names[surface].isdisjoint(borne_out):
                problems.append(
                    f"the name {surface!r} stands beside figures that are not of it; name members "
                    "by slots"
                )
            text = pattern.sub(" ◦ ", text)
        return text, problems

    def _rows_of(self, line: str, cited: Sequence[Told]) -> Iterator[tuple[str, str]]:
        """Members of the rows that the line's slots point at."""
        by_number = {item.number: item.result for item in cited}
        for match in SLOT.finditer(line):
            result = by_number.get(int(match["citation"]))
            if result is None or match["row"] is None or int(match["row"]) >= len(result.rows):
                continue
            for column, value in zip(result.columns, result.rows[int(match["row"])], strict=True):
                if isinstance(value, str):
                    yield column.name, value

    # ---- of what --------------------------------------------------------------------------------

    def _without_metrics(self, text: str, cited: Sequence[Told]) -> tuple[str, list[str]]:
        """The text without names of metrics, and those that no cited result holds."""
        read = {m for spec in queries_of(cited) for m in spec.metrics}
        read |= {item.metric for spec in queries_of(cited) for item in spec.metric_filters}
        if any(spec.compare and spec.compare.kind == "target" for spec in queries_of(cited)):
            read |= {"target_amount", "attainment", "payment_target", "payment_attainment"}
        if read & {"attainment", "payment_attainment"}:
            read |= {"target_amount", "amount", "payment_target", "payment_amount"}
        explained = any(item.result.tool == "explain" for item in cited)
        problems, parts, at = [], [], 0
        while at < len(text):
            end, names = self._metric_at(text, at)
            if end == at:
                parts.append(text[at])
                at += 1
                continue
            if names.isdisjoint(read) and not explained:
                problems.append(f"the metric {text[at:end]!r} is not in the cited results")
            parts.append(" ◦ ")
            at = end
        return "".join(parts), problems

    def _metric_at(self, text: str, at: int) -> tuple[int, set[str]]:
        """The longest name at this place, where it is a metric's: its end and what it means."""
        if text[at] == " ":
            return at, set()
        for end, entries in self.ctx.lexicon.at(text, at):
            metrics = {e.name for e in entries if e.kind in ("metric", "absent_metric")}
            return (end, metrics) if metrics and len(metrics) == len(entries) else (at, set())
        return at, set()

    # ---- when -----------------------------------------------------------------------------------

    def _without_periods(self, text: str, cited: Sequence[Told]) -> tuple[str, list[str]]:
        """The text without named periods, and those that no cited result is about."""
        windows = {w for spec in queries_of(cited) for w in self._windows(spec)}
        bucketed = any(spec.grain is not None for spec in queries_of(cited))
        problems, parts, at = [], [], 0
        while at < len(text):
            inside = at > 0 and text[at - 1].isascii() and text[at - 1].isalnum()
            found = None if inside else time_at(text, at, self.ctx.calendar)
            if found is None or found[1] <= at:
                parts.append(text[at])
                at += 1
                continue
            expr, end = found
            loose = text[end : end + 2] == "同期" or bucketed
            span = so_far(expr.start, expr.end_excl, self.ctx.calendar.as_of)
            if span not in windows and not loose:
                problems.append(f"the period {text[at:end]!r} is not that of the cited results")
            parts.append(" ◦ ")
            at = end
        return "".join(parts), problems

    def _windows(self, spec: QuerySpec) -> Iterator[Span]:
        as_of = self.ctx.calendar.as_of
        if spec.time is not None:
            yield so_far(spec.time.start, spec.time.end_excl, as_of)
        if spec.compare is not None and spec.compare.start is not None:
            yield so_far(spec.compare.start, spec.compare.end_excl, as_of)

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


def _whole(surface: str) -> re.Pattern[str]:
    lead = r"(?<![a-z0-9])" if surface[0].isascii() else ""
    tail = r"(?![a-z0-9])" if surface[-1].isascii() else ""
    return re.compile(lead + re.escape(surface) + tail)


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
