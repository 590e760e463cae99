"""The shape of an answer: rankings, thresholds, comparisons, shares, means that were asked for.

The second half of the coverage check (`agents.llm.coverage`): the first looks for what is named,
this one for what is to be done with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agents.llm.gap import Gap
from agents.rules.read import Reading
from agents.rules.read_ranking import DEFAULT_TOP
from agents.rules.tokens import Token
from knowledge.semantic.spec import MetricFilter, QuerySpec
from leadline.evidence import ToolResult

_TOLERANCE: Final = 1e-6
_ABOVE: Final = ("gt", "ge")
_BELOW: Final = ("lt", "le")
_NONE: Final = ("eq", "le", "lt")
_OVER_TIME: Final = ("change", "change_rate")


@dataclass(frozen=True, slots=True)
class Shape:
    """A question beside the queries that are to answer it."""

    heard: Reading
    specs: Sequence[QuerySpec]
    results: Sequence[ToolResult]

    def gaps(self) -> Iterator[Gap]:
        """What was to be done and is not done."""
        yield from self.counts()
        yield from self.order()
        yield from self.thresholds()
        yield from self.conditions()
        yield from self.comparisons()
        yield from self.changes()
        yield from self.shares()
        yield from self.means()

    def _of(self, *kinds: str) -> Iterator[Token]:
        return (t for t in self.heard.tokens if t.kind in kinds)

    @property
    def _bounds(self) -> list[MetricFilter]:
        return [item for spec in self.specs for item in spec.metric_filters]

    # ---- rankings -------------------------------------------------------------------------------

    def counts(self) -> Iterator[Gap]:
        """Top N and the N-th that no query cuts at."""
        cuts = {spec.limit for spec in self.specs}
        cuts |= {spec.top_per.n for spec in self.specs if spec.top_per}
        rows = {result.row_count for result in self.results}
        for token in self._of("top", "nth"):
            number = token.number
            if not number:
                continue
            enough = number in cuts or (number in rows and token.kind == "top")
            if token.kind == "nth":
                enough = any((cut or 0) >= number for cut in cuts) or max(rows) >= number
            if not enough:
                yield Gap(token.text.removesuffix("的"), f"limit {number}")
        draft = self.heard.draft
        spoken = next((t for t in self._of("number") if t.used and t.amount), None)
        if draft.top in (None, 1, DEFAULT_TOP) or spoken is None or not draft.ranked:
            return
        if draft.top not in cuts | rows:
            yield Gap(spoken.text, f"limit {draft.top}")

    def order(self) -> Iterator[Gap]:
        """Most, fewest: rows that are to stand in order, and do not, or the other way round."""
        draft = self.heard.draft
        words = [t.text for t in self._of("top", "nth", "superlative", "fastest")]
        if not words or draft.direction is None or not draft.ranked:
            return
        found = set()
        for spec in self.specs:
            if spec.order:
                found.add(spec.order[0].direction)
            elif spec.limit or spec.top_per or spec.rank:
                found.add("desc")
            if spec.order and any("__change" in item.by for item in spec.order):
                return  # the largest drop is ascending: which way is the growth's matter
        if draft.direction not in found and draft.growth is None:
            yield Gap(words[0].removesuffix("的"), f"order {draft.direction}")

    # ---- thresholds -----------------------------------------------------------------------------

    def thresholds(self) -> Iterator[Gap]:
        """Bounds on figures that no query holds, or that it holds the other way round."""
        for token in self._of("threshold"):
            bound = token.threshold
            if bound is None:
                continue
            near = [item for item in self._bounds if _holds(item, bound.value)]
            if not any(_same_way(item, bound.op, bound.value) for item in near):
                yield Gap(token.text, f"metric_filters {bound.op} {bound.value:g}")

    def conditions(self) -> Iterator[Gap]:
        """Dormant, attained, without orders: conditions that words stand for."""
        draft = self.heard.draft
        days = draft.dormant_days
        if days is not None and not any(
            item.metric == "days_since_last_order" and item.value == days and item.op in _ABOVE
            for item in self._bounds
        ):
            yield self._gap(
                f"metric_filters days_since_last_order gt {days}", "dormant", "no_orders"
            )
        if draft.no_orders and not any(
            item.metric == "orders"
            and item.op in _NONE
            and item.value == (1 if item.op == "lt" else 0)
            for item in self._bounds
        ):
            yield self._gap("metric_filters orders eq 0, include_empty", "no_orders")
        if draft.attained is not None and self.heard.draft.all_dims():
            ways = _ABOVE if draft.attained == "ge" else _BELOW
            if not any(
                "attainment" in (item.metric.rpartition("_")[2], item.on) and item.op in ways
                for item in self._bounds
            ):
                yield self._gap(
                    f"metric_filters attainment {draft.attained} 1", "attained", "attained_verb"
                )

    def _gap(self, wanted: str, *kinds: str) -> Gap:
        word = next((t.text for t in self._of(*kinds)), self.heard.cover.text)
        return Gap(word, wanted)

    # ---- comparisons ----------------------------------------------------------------------------

    def comparisons(self) -> Iterator[Gap]:
        """同比, 环比 and growth where nothing is compared, or with another period."""
        kind = self.heard.draft.compare
        over_time = kind in ("yoy", "previous_period")
        if not over_time and self.heard.draft.growth is None:
            return
        windows = {(s.time.start, s.time.end_excl) for s in self.specs if s.time is not None}
        kinds = {s.compare.kind for s in self.specs if s.compare and s.compare.kind != "target"}
        said = next((t for t in self._of("compare")), None)
        if kinds or len(windows) > 1:
            wrong = said is not None and over_time and not kinds & {kind, "custom"}
            if wrong and said is not None and len(windows) < 2:
                yield Gap(said.text, f"compare {kind}")
            return
        bucketed = any(spec.grain is not None for spec in self.specs)
        words = [t.text for t in self._of("compare", "growth", "fastest")]
        if words and not (bucketed and kind is None):
            yield Gap(words[0], f"compare {kind or 'yoy'}")

    def changes(self) -> Iterator[Gap]:
        """Those that grew or fell: a condition on the change, or an order by it."""
        draft = self.heard.draft
        if draft.growth not in ("up", "down", "not_up", "not_down") or not draft.all_dims():
            return
        if not draft.growth_filter or draft.contest:
            return
        if draft.growth_ranked and draft.growth not in ("down", "not_up"):
            return
        ways = (*(_ABOVE if draft.growth in ("up", "not_down") else _BELOW), "between")
        on_change = [item for item in self._bounds if item.on in _OVER_TIME]
        ordered = any("__change" in item.by for spec in self.specs for item in spec.order)
        if on_change and not any(item.op in ways for item in on_change):
            yield self._gap(f"metric_filters on change_rate {ways[0]}", "growth")
        elif not on_change and not (ordered and self.heard.has("superlative", "top", "fastest")):
            yield self._gap(f"metric_filters on change_rate {ways[0]} 0", "growth")

    # ---- shares and means -----------------------------------------------------------------------

    def shares(self) -> Iterator[Gap]:
        """A share that no query computes."""
        if not self.heard.draft.share:
            return
        ratios = any("__share" in c.name for result in self.results for c in result.columns)
        if not ratios and not any(spec.shares for spec in self.specs):
            yield self._gap("shares", "share")

    def means(self) -> Iterator[Gap]:
        """An average that no query computes: neither over rows nor as a metric."""
        if self.heard.draft.rollup != "avg" or not self.heard.has("rollup", "avg_by"):
            return
        rolled = any(spec.rollup and spec.rollup.function == "avg" for spec in self.specs)
        named = any(
            "average" in metric or "_per_" in metric for s in self.specs for metric in s.metrics
        )
        if not rolled and not named:
            yield self._gap("rollup avg", "rollup", "avg_by")


def _holds(item: MetricFilter, wanted: float) -> bool:
    bounds = [value for value in (item.value, item.upper) if value is not None]
    return item.op != "known" and any(_near(abs(value), abs(wanted)) for value in bounds)


def _same_way(item: MetricFilter, op: str, wanted: float) -> bool:
    """Whether a bound has the direction that was said; that of a fall stands below zero."""
    for ways in (_ABOVE, _BELOW):
        if op in ways:
            flipped = item.value < 0 <= wanted and item.on in _OVER_TIME
            return item.op in ((_BELOW if ways is _ABOVE else _ABOVE) if flipped else ways)
    return True


def _near(value: float, wanted: float) -> bool:
    """Equal, or the same percentage written as a number and as a fraction."""
    return any(
        abs(value - each) <= _TOLERANCE * max(1.0, abs(each))
        for each in (wanted, wanted / 100, wanted * 100)
    )
