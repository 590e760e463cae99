"""What the question says and the queries do not: the cure for answers that are silently wrong.

A model may drop a condition, or take another member than was named, and word the result so that
nobody notices. The rules' lexicon knows the members, metrics, periods and numbers of a question
without doubt, even where the rules cannot put the whole question together. Each of these must stand
in a query that the answer cites, and each filter must have been said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from agents.llm.gap import Gap
from agents.llm.periods import Span, so_far
from agents.llm.shape import Shape
from agents.llm.telling import ROWS_TOLD
from agents.rules.context import PlannerContext
from agents.rules.read import Reading
from agents.rules.time_rules import TimeExpr
from agents.rules.tokens import Token
from agents.wording import filters_of, spec_of
from knowledge.semantic.calendar import bucket_start, period_before, year_before
from knowledge.semantic.model import Ratio
from knowledge.semantic.spec import Filter, QuerySpec
from leadline.evidence import ToolResult
from leadline.types import Period

_TARGETS: Final[dict[str, tuple[str, ...]]] = {
    "attainment": ("amount",),
    "target_amount": ("amount", "attainment"),
    "amount": ("attainment",),
    "payment_attainment": ("payment_amount",),
    "payment_target": ("payment_amount", "payment_attainment"),
    "payment_amount": ("payment_attainment",),
}
"""Metrics that a comparison with targets tells under another name."""

_COUNTED: Final[dict[str, tuple[str, ...]]] = {
    "partner": ("partner_count", "active_partners", "new_partners", "amount_per_partner"),
    "customer": ("active_customers",),
    "product": ("products_sold",),
}
"""Metrics that count the members of a dimension, so that no row need be split by it."""


def gaps(
    heard: Reading,
    results: Sequence[ToolResult],
    before: Iterable[QuerySpec] = (),
    fetched: Sequence[ToolResult] = (),
) -> tuple[Gap, ...]:
    """What the cited results leave out of the question, or put into it.

    Args:
        heard: how the rules read the question.
        results: those that the answer cites.
        before: the queries of earlier turns, whose filters a follow-up may keep.
        fetched: all results of the question; members found by one may be filtered by in another.
    """
    looked = _Looked(heard, results, heard.ctx, tuple(fetched))
    if not looked.specs:
        return ()
    found = [
        *looked.members(),
        *looked.ambiguous(),
        *looked.shortened(),
        *looked.metrics(),
        *looked.periods(),
        *looked.groups(),
        *Shape(heard, looked.specs, results).gaps(),
        *looked.added(tuple(before)),
    ]
    return tuple({gap.said: gap for gap in reversed(found)}.values())[::-1]


@dataclass(slots=True)
class _Looked:
    """The question's tokens beside the specs of the results."""

    heard: Reading
    results: Sequence[ToolResult]
    ctx: PlannerContext
    fetched: Sequence[ToolResult] = ()

    @property
    def specs(self) -> list[QuerySpec]:
        """The queries behind the results."""
        return [spec for result in self.results if (spec := spec_of(result)) is not None]

    def _of(self, *kinds: str) -> Iterator[Token]:
        return (t for t in self.heard.tokens if t.kind in kinds)

    def _filters(self) -> list[Filter]:
        return [f for spec in self.specs for f in (*filters_of(spec.where), *spec.focus)]

    # ---- members --------------------------------------------------------------------------------

    def members(self) -> Iterator[Gap]:
        """Members that no filter names and no row shows; those excluded that are let in."""
        negated = {
            (use.dimension, label)
            for use in self.heard.draft.filters
            if use.negated
            for label in use.labels
        }
        for token in self._of("value"):
            meant = {
                (e.name, e.label) for e in (*token.entries, *token.equals) if e.label is not None
            }
            if not meant:
                continue
            out = bool(meant & negated)
            if not self._has(meant, out=out):
                names = " | ".join(sorted(f"{name} = {label}" for name, label in meant))
                verb = "exclude (op not_in)" if out else "filter or split by"
                yield Gap(token.text, f"{verb} {names}")

    def _has(self, meant: set[tuple[str, str]], *, out: bool) -> bool:
        op = "not_in" if out else "in"
        for item in self._filters():
            if item.op == op and any((item.member, v) in meant for v in map(str, item.values)):
                return True
            if item.op == "contains" and not out:
                parts = [str(v).casefold() for v in item.values]
                if any(
                    name == item.member and any(p in label.casefold() for p in parts)
                    for name, label in meant
                ):
                    return True
        built_in = {pair for spec in self.specs for pair in conditions_of(spec, self.ctx)}
        if not out and not meant.isdisjoint(built_in):
            return True
        shown = any(self._shows(name, label) for name, label in meant)
        if not out:
            return shown
        names, labels = {n for n, _ in meant}, {label for _, label in meant}
        rest = any(
            f.op == "in" and f.member in names and labels.isdisjoint(map(str, f.values))
            for f in self._filters()
        )
        return rest and not shown  # the others were named one by one

    def ambiguous(self) -> Iterator[Gap]:
        """Names that several members bear, of which one was taken without a word."""
        used = {(f.member, str(v)) for f in self._filters() for v in f.values}
        for found in self.heard.ambiguities:
            meant = {(e.name, e.label) for e in found.entries if e.label is not None}
            taken = sorted(str(label) for name, label in meant & used)
            if len(taken) == 1 and len(meant) > 1:
                said = found.token.text
                yield Gap(said, "may mean several members: ask_back which", "chosen", taken[0])

    def _shows(self, dimension: str, label: str) -> bool:
        """Whether a row of a result is about the member."""
        for result in self.results:
            names = [column.name for column in result.columns]
            for name in (dimension, "first", "second"):
                if name in names and any(r[names.index(name)] == label for r in result.rows):
                    return True
        return False

    def added(self, before: tuple[QuerySpec, ...]) -> Iterator[Gap]:
        """Filters on members that neither the question nor an earlier turn or result names."""
        said = {
            (e.name, e.label)
            for t in self.heard.tokens
            for e in (*t.entries, *t.equals)
            if e.kind == "value"
        }
        said |= {
            (f.member, str(v))
            for spec in before
            for f in (*filters_of(spec.where), *spec.focus)
            for v in f.values
        }
        for item in self._filters():
            if item.op not in ("in", "not_in"):
                continue
            alien = [
                str(v)
                for v in item.values
                if (item.member, str(v)) not in said and not self._shown_alone(item, str(v))
            ]
            if alien:
                text = f"{item.member} = {', '.join(alien[:6])}"
                yield Gap(text, f"leave out {text}, which nobody asked for", "added")

    def shortened(self) -> Iterator[Gap]:
        """Filters by the members of another result of which the model was told the first only."""
        for item in self._filters():
            values = {str(v) for v in item.values}
            for result in self.fetched:
                names = [column.name for column in result.columns]
                if item.op != "in" or item.member not in names or result.tool != "query":
                    continue
                at = names.index(item.member)
                listed = [str(row[at]) for row in result.rows]
                if len(listed) > ROWS_TOLD and values == set(listed[:ROWS_TOLD]):
                    said = f"{item.member}: {len(values)} / {len(listed)}"
                    yield Gap(said, "all rows are meant: repeat the conditions, not the members")

    def _shown_alone(self, item: Filter, label: str) -> bool:
        """Whether another result of this question found the member (a query that leads to one)."""
        for result in (*self.results, *self.fetched):
            spec = spec_of(result)
            if spec is None or item.member not in spec.dimensions:
                continue
            if any(f == item for f in (*filters_of(spec.where), *spec.focus)):
                continue
            at = [column.name for column in result.columns]
            if item.member in at and any(r[at.index(item.member)] == label for r in result.rows):
                return True
        return False

    # ---- metrics, groups ------------------------------------------------------------------------

    def metrics(self) -> Iterator[Gap]:
        """Metrics that no query reads."""
        read = {m for spec in self.specs for m in spec.metrics}
        read |= {item.metric for spec in self.specs for item in spec.metric_filters}
        read |= {
            str(m)
            for result in self.results
            if result.tool == "explain"
            for row in result.rows
            for m in row[:1]
        }
        draft = self.heard.draft
        certain = {*draft.metrics, draft.order_metric, *(b.metric for b in draft.bounds)}
        if any(True for _ in self._of("rollup")):  # the average amount per order: a ratio of both
            read |= {m for m in certain if m is not None and self._part_of_a_ratio(m)}
        aimed = any(spec.compare and spec.compare.kind == "target" for spec in self.specs)
        for token in self._of("metric"):
            names = [e.name for e in (*token.entries, *token.also) if e.kind == "metric"]
            others = [o for n in names for o in _TARGETS.get(n, ()) if aimed or "attain" in o]
            if not set(names) & certain:
                continue  # the rules took the word for something else: only a unit, a verb
            if read.isdisjoint([*names, *others]):
                yield Gap(token.text, f"metric {' or '.join(names)}")

    def _part_of_a_ratio(self, name: str) -> bool:
        """Whether a metric that was queried divides by the metric, or divides it."""
        whole = self.ctx.model.metrics[name].measures
        for spec in self.specs:
            for other in spec.metrics:
                formula = self.ctx.model.metrics[other].formula
                if not isinstance(formula, Ratio) or len(whole) != 1:
                    continue
                if whole[0] in (formula.numerator, formula.denominator):
                    return True
        return False

    def groups(self) -> Iterator[Gap]:
        """Dimensions and grains that rows were to be split by: 各大区, by region, each month."""
        keys = {key for spec in self.specs for key in spec.row_keys}
        keys |= {key for spec in self.specs if spec.rollup for key in spec.rollup.keep}
        keys |= {item.member for item in self._filters()}
        read = {m for spec in self.specs for m in spec.metrics}
        listed = self.heard.has("top", "nth", "superlative", "which", "threshold")
        draft = self.heard.draft
        for token in self._of("dim"):
            lead = self.heard.before(token)
            marked = lead is not None and lead.kind in ("each", "by")
            names = [e.name for e in token.entries if e.kind == "dimension"]
            if not marked and not (listed and set(names) & set(draft.all_dims())):
                continue
            counted = [m for n in names for m in _COUNTED.get(n, ())]
            if names and keys.isdisjoint(names) and read.isdisjoint(counted):
                yield Gap(token.text, f"split by {' or '.join(names)}")
        grain = draft.grain
        if grain is not None and grain not in keys:
            kinds = ("grain", "grain_noun", "duration", "avg_by", "count_grain", "trend")
            word = next((t for t in (*self._of(*kinds), *self._of("time"))), None)
            yield Gap(word.text if word else self.heard.cover.text, f"time.grain {grain}")

    # ---- periods, comparisons -------------------------------------------------------------------

    def periods(self) -> Iterator[Gap]:
        """Periods that no query covers."""
        for token in self._of("time"):
            expr = token.time
            if expr is None or any(self._covers(spec, expr) for spec in self.specs):
                continue
            last = None if expr.end_excl is None else expr.end_excl.isoformat()
            start = None if expr.start is None else expr.start.isoformat()
            yield Gap(token.text, f"time start {start}, end_excl {last}")

    def _covers(self, spec: QuerySpec, expr: TimeExpr) -> bool:
        time, compare = spec.time, spec.compare
        windows: list[Span] = []
        if time is not None:
            windows.append((time.start, time.end_excl))
            if self._several and spec.grain is not None and self._buckets(spec, expr):
                return True
        if compare is not None and compare.start is not None:
            windows.append((compare.start, compare.end_excl))
            if time is not None and compare.end_excl == time.start:
                windows.append((compare.start, time.end_excl))  # from July to August
            if compare.start == expr.start and _within(compare.end_excl, expr.end_excl):
                return True  # "versus last year" is cut to the same elapsed days
        if compare is not None and time is not None and time.start and time.end_excl:
            period = Period(time.start, time.end_excl)
            if compare.kind == "yoy":
                before = year_before(period)
                windows.append((before.start, before.end_excl))
            elif compare.kind == "previous_period":
                before = period_before(period)
                windows.append((before.start, before.end_excl))
        return any(self._same(window, expr) for window in windows)

    def _same(self, window: Span, expr: TimeExpr) -> bool:
        """The same days so far; one said without a year may take over that of another."""
        ours, said = self._clipped(*window), self._clipped(expr.start, expr.end_excl)
        if ours == said:
            return True
        if expr.year_given or not self._several or None in (*ours, *said):
            return False
        return [d and (d.month, d.day) for d in ours] == [d and (d.month, d.day) for d in said]

    @property
    def _several(self) -> bool:
        """Whether the question names several periods, which then may stand side by side."""
        return sum(True for _ in self._of("time")) > 1

    def _clipped(self, start: date | None, end: date | None) -> Span:
        return so_far(start, end, self.ctx.calendar.as_of)

    def _buckets(self, spec: QuerySpec, expr: TimeExpr) -> bool:
        """Whether the period is made of whole buckets of the result."""
        grain, time = spec.grain, spec.time
        if grain is None or time is None or expr.start is None:
            return False
        first, end = self._clipped(time.start, time.end_excl)
        start, last = self._clipped(expr.start, expr.end_excl)
        if start is None or last is None or end is None or (first is not None and start < first):
            return False
        whole = bucket_start(grain, start) == start or start == first
        tomorrow = self.ctx.calendar.as_of + timedelta(days=1)
        return whole and last <= end and (bucket_start(grain, last) == last or last == tomorrow)


def conditions_of(spec: QuerySpec, ctx: PlannerContext) -> Iterator[tuple[str, str]]:
    """Conditions that are part of the metrics themselves: won amount counts what was won."""
    for name in (*spec.metrics, *(item.metric for item in spec.metric_filters)):
        metric = ctx.model.metrics.get(name)
        for measure in metric.measures if metric is not None else ():
            for column, values in measure.where:
                yield from ((column, value) for value in values)


def _within(end: date | None, whole: date | None) -> bool:
    return end is not None and (whole is None or end <= whole)
