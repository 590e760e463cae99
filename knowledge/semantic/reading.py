"""The stated reading of a spec: which days, compared with which, whose, split and cut how.

A person must be able to see from it what was computed, without SQL. Pure text; no figures of the
result stand in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from knowledge.semantic.columns import BASE_LABELS, GRAIN_LABELS, ROLLUP_LABELS
from knowledge.semantic.model import Metric, SemanticModel, TargetOf
from knowledge.semantic.spec import All, Any_, Condition, Filter, MetricFilter, Order, QuerySpec
from knowledge.semantic.windows import Days, Windows, resolve_windows
from knowledge.warehouse.snapshot import Snapshot
from leadline.types import Language, Unit

SHOWN_VALUES: Final = 6
"""Filter values written out; the rest are counted."""
SIGNS: Final[dict[str, str]] = {
    "gt": ">",
    "ge": "≥",
    "lt": "<",
    "le": "≤",
    "eq": "=",
    "ne": "≠",
    "between": "∈",
}
FIGURES: Final[dict[str, tuple[str, str]]] = {
    "previous": ("（对比期）", " (base)"),
    "change": ("的变化", " change"),
    "change_rate": ("的变化率", " rate of change"),
    "share": ("的占比", " share"),
    "target": ("的目标", " target"),
    "attainment": ("的完成率", " attainment"),
}


def describe(spec: QuerySpec, snapshot: Snapshot, model: SemanticModel, language: Language) -> str:
    """Say in `language` how a spec was read.

    For example 本季度 = 2013-10-01 … 2013-11-29，对比 2012-10-01 … 2012-11-29（同样 60 天）.
    """
    return _Reading(spec, snapshot, model, language == Language.ZH).text()


@dataclass(frozen=True, slots=True)
class _Reading:
    spec: QuerySpec
    snapshot: Snapshot
    model: SemanticModel
    zh: bool

    def text(self) -> str:
        parts = [
            self._days(),
            self._standing(),
            self._filters(),
            self._grouping(),
            self._figures(),
            self._cut(),
            self._rollup(),
        ]
        return ("；" if self.zh else "; ").join(part for part in parts if part)

    def _say(self, zh: str, en: str) -> str:
        return zh if self.zh else en

    def _list(self, names: Iterable[str]) -> str:
        return ("、" if self.zh else ", ").join(names)

    def _name(self, name: str) -> str:
        """The label of a metric, dimension, grain or result column."""
        base, _, figure = name.partition("__")
        if base in self.model.metrics:
            words = self.model.metrics[base].label
        elif base in self.model.dimensions:
            words = self.model.dimensions[base].label
        else:
            pair = next((p for grain, p in GRAIN_LABELS.items() if grain == base), (base, base))
            return self._say(*pair)
        return self._say(words.zh, words.en) + self._say(*FIGURES.get(figure, ("", "")))

    # ---- days ----------------------------------------------------------------------------------

    def _span(self) -> tuple[date | None, date | None]:
        """First and last day of the dates that the metrics go by."""
        firsts: list[date] = []
        lasts: list[date] = []
        for name in self.spec.metrics:
            fact, column = self._date_of(self.model.metrics[name])
            entry = self.snapshot.manifest.tables.get(fact)
            found = None if entry is None else entry.columns.get(column)
            if found is not None and found.min is not None and found.max is not None:
                firsts.append(found.min)
                lasts.append(found.max)
        return min(firsts, default=None), max(lasts, default=None)

    def _date_of(self, metric: Metric) -> tuple[str, str]:
        if isinstance(metric.formula, TargetOf):
            metric = self.model.metrics[metric.formula.metric]
        asked = self.spec.time.dimension if self.spec.time else None
        own = [measure.date for measure in metric.measures if measure.date is not None]
        return metric.fact, asked or (own or self.model.facts[metric.fact].dates)[0]

    def _windows(self) -> Windows:
        first, last = self._span()
        role = self.spec.time.dimension if self.spec.time else None
        as_of = self.snapshot.as_of
        if role is not None and self.model.dimensions[role].future and last is not None:
            as_of = max(as_of, last)
        return resolve_windows(self.spec, as_of, first)

    def _days(self) -> str:
        if all(self._stands(name) for name in self.spec.metrics) and self.spec.compare is None:
            return ""
        windows = self._windows()
        current = self._range(windows.current)
        time = self.spec.time
        label = ""
        if time is not None:
            label = self._say(time.label, time.label_en or time.label)
        if windows.unlimited:
            named = self._say(f"全部数据（{current}）", f"all data ({current})")
        else:
            named = f"{label} = {current}" if label else current
        if time is not None and time.dimension is not None:
            role = self._name(time.dimension)
            named += self._say(f"（按{role}）", f" (by {role})")
        return named + self._compared(windows)

    def _range(self, days: Days) -> str:
        start = days.start or self._span()[0]
        if start is None:
            return self._say(f"截至 {days.last}", f"up to {days.last}")
        if start >= days.end_excl:
            return self._say(f"{start} 起，尚无实际数据", f"from {start}, no actual data yet")
        return f"{start} … {days.last}"

    def _compared(self, windows: Windows) -> str:
        compare = self.spec.compare
        if compare is None:
            return ""
        if compare.kind == "target":
            return self._say("，对比目标", ", compared with target")
        if self.spec.grain is not None and compare.kind != "custom":
            zh = "每期对比" + BASE_LABELS[compare.kind][0]
            en = "each compared with the " + (
                "one a year before" if compare.kind == "yoy" else "one before"
            )
            cut = self._say("，末期按相同天数", ", the last by the same number of days")
            partial = bool(windows.pairs) and self._last_is_cut(windows)
            return self._say("，", ", ") + self._say(zh, en) + (cut if partial else "")
        if windows.base is None:
            return ""
        base = self._range(windows.base)
        text = self._say(f"，对比 {base}", f", compared with {base}")
        if windows.current.start is None or windows.base.start is None:
            return text
        days = (windows.current.end_excl - windows.current.start).days
        if windows.base != windows.base_named:
            same = (windows.base.end_excl - windows.base.start).days == days
            if same:
                text += self._say(f"（同样 {days} 天）", f" (the same {days} days)")
        return text

    def _last_is_cut(self, windows: Windows) -> bool:
        return windows.base is not None and windows.base != windows.base_named

    def _stands(self, name: str) -> bool:
        role = self.spec.time.dimension if self.spec.time else None
        return self.model.metrics[name].balance is not None and role is None

    def _standing(self) -> str:
        """The day at which balances are taken."""
        names = [name for name in self.spec.metrics if self._stands(name)]
        if not names:
            return ""
        current = self._windows().current
        label = self._list(self._name(name) for name in names)
        if self.spec.grain is not None:
            return self._say(
                f"{label}取各期末（最晚 {current.last}）的余额",
                f"{label} at the end of each period, {current.last} at the latest",
            )
        return self._say(
            f"{label}取 {current.last} 的余额", f"{label} as it stood on {current.last}"
        )

    # ---- rows ----------------------------------------------------------------------------------

    def _filters(self) -> str:
        found: list[str] = []
        if self.spec.where is not None:
            found.append(self._condition(self.spec.where, outer=True))
        found += [self._metric_filter(item) for item in self.spec.metric_filters]
        if not found:
            return ""
        both = self._say("，且 ", " and ").join(found)
        return self._say(f"筛选：{both}", f"only {both}")

    def _condition(self, wanted: Condition, *, outer: bool = False) -> str:
        if isinstance(wanted, Filter):
            return self._filter(wanted)
        word = (
            self._say(" 或 ", " or ") if isinstance(wanted, Any_) else self._say("，且 ", " and ")
        )
        text = word.join(self._condition(item) for item in wanted.items)
        bare = len(wanted.items) == 1 or (outer and isinstance(wanted, All))
        return text if bare else self._say(f"（{text}）", f"({text})")

    def _filter(self, wanted: Filter) -> str:
        name = self._name(wanted.member)
        if wanted.op == "is_null":
            return self._say(f"{name}为空", f"{name} missing")
        if wanted.op == "not_null":
            return self._say(f"{name}不为空", f"{name} known")
        values = self._list(str(value) for value in wanted.values[:SHOWN_VALUES])
        more = len(wanted.values) - SHOWN_VALUES
        if more > 0:
            values += self._say(f" 等 {len(wanted.values)} 个", f" and {more} more")
        sign = {
            "in": " = ",
            "not_in": " ≠ ",
            "contains": self._say(" 含 ", " containing "),
        }[wanted.op]
        return f"{name}{sign}{values}"

    def _metric_filter(self, wanted: MetricFilter) -> str:
        name = self._name(wanted.metric) + self._say(*FIGURES.get(wanted.on, ("", "")))
        ratio = wanted.on in ("change_rate", "share", "attainment") or (
            self.model.metrics[wanted.metric].unit is Unit.RATIO
        )
        if wanted.op == "known":
            return self._say(f"有{name}", f"with known {name}")
        value = _number(wanted.value, ratio=ratio)
        if wanted.op == "between" and wanted.upper is not None:
            value = f"[{value}, {_number(wanted.upper, ratio=ratio)}]"
        return f"{name} {SIGNS[wanted.op]} {value}"

    def _grouping(self) -> str:
        keys = self._list(self._name(name) for name in self.spec.row_keys)
        if not keys:
            return ""
        text = self._say(f"按{keys}", f"by {keys}")
        if self.spec.include_empty:
            text += self._say("（含没有数据的）", " (those without figures too)")
        return text

    def _figures(self) -> str:
        found: list[str] = []
        for share in self.spec.shares:
            name = self._name(share.metric)
            if share.within:
                within = self._list(self._name(key) for key in share.within)
                found.append(
                    self._say(
                        f"{name}占比按各{within}内合计", f"share of {name} within each {within}"
                    )
                )
            else:
                found.append(self._say(f"{name}占比按全部合计", f"share of all {name}"))
        return self._list(found)

    def _cut(self) -> str:
        spec = self.spec
        found: list[str] = []
        if spec.focus:
            shown = self._say("，", " and ").join(self._filter(item) for item in spec.focus)
            found.append(
                self._say(f"只显示 {shown}", f"showing {shown} only")
                + self._say("（排名与占比按全部计）", " (ranks and shares count all)")
                * bool(spec.rank or spec.shares)
            )
        order = self._order()
        if spec.top_per is not None:
            within = self._list(self._name(name) for name in spec.top_per.within)
            found.append(
                self._say(
                    f"每个{within}取前 {spec.top_per.n}",
                    f"the first {spec.top_per.n} of each {within}",
                )
            )
        if spec.limit is not None:
            found.append(self._say(f"取前 {spec.limit}", f"the first {spec.limit}"))
        return self._say("，", ", ").join(part for part in (order, *found) if part)

    def _order(self) -> str:
        order: tuple[Order, ...] = self.spec.order
        if not order and (self.spec.limit or self.spec.top_per or self.spec.rank):
            order = (Order(by=self.spec.metrics[0]),)
        words = [
            self._name(item.by)
            + (
                self._say("从高到低", " descending")
                if item.direction == "desc"
                else self._say("从低到高", " ascending")
            )
            for item in order
        ]
        if not words:
            return ""
        return self._say("", "by ") + self._say("，再按", ", then ").join(words)

    def _rollup(self) -> str:
        rollup = self.spec.rollup
        if rollup is None:
            return ""
        kept = self._list(self._name(name) for name in rollup.keep)
        per = "" if not kept else self._say(f"按{kept}", f" per {kept}")
        if rollup.function == "count":
            return self._say(f"{per}计个数", f"counted{per}")
        word = self._say(*ROLLUP_LABELS[rollup.function])
        return self._say(f"{per}取{word}", f"{word}{per}")


def _number(value: float, *, ratio: bool) -> str:
    """A threshold as a person writes it."""
    exact = Decimal(repr(value))
    if ratio:
        return f"{(exact * 100).normalize():f}%"
    return f"{exact.normalize():,f}"
