"""The deterministic narrator: evidence → a template with slots, in the question's language.

It chooses words and order, nothing else: every figure, member and date is a slot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agents.rules.draft import Draft
from agents.slots import cell, whole
from agents.wording import filters_of, key_label, metric_label, spec_of
from knowledge.semantic.spec import Filter, QuerySpec
from leadline.evidence import Citation, ToolResult
from leadline.types import Language, Unit

MAX_LINES = 12
"""Rows told in the text; the rest stand in the citation."""


@dataclass(frozen=True, slots=True)
class Told:
    """A cited result and the part it plays."""

    role: str
    citation: Citation

    @property
    def result(self) -> ToolResult:
        """The evidence."""
        return self.citation.result

    @property
    def number(self) -> int:
        """The citation's number."""
        return self.citation.number


def narrate(draft: Draft, told: Sequence[Told], language: Language) -> str:
    """The template of an answer to a query plan."""
    main = told[0]
    spec = spec_of(main.result)
    assert spec is not None  # noqa: S101 - the main result of a query plan is a query
    zh = language is Language.ZH
    if not main.result.rows:
        text = _nothing(main, spec, zh)
    elif spec.rollup is not None:
        text = _rolled(main, spec, language)
    elif not spec.row_keys:
        text = _scalar(main, spec, language)
    else:
        text = _rows(main, spec, draft, language)
    extra = [companion(t, language) for t in told[1:]]
    return "\n".join([text, *(e for e in extra if e)])


def _mark(told: Told) -> str:
    return f" [{told.number}]"


def _head(told: Told, spec: QuerySpec, zh: bool) -> str:
    """Period and filters: "2013 年 Bikes 的" / " of Bikes in 2013"."""
    timed = spec.time is not None and (spec.time.start or spec.time.end_excl)
    time = whole(told.number, "time") if timed else ("全部期间" if zh else "all periods")
    named, excluded = _where_parts(spec)
    where = whole(told.number, "where") if named or excluded else ""
    if zh:
        return time + (f"，{where}，" if named else where)
    link = " of " if named else ""
    return (f"{link}{where}" if where else "") + f", {time}"


def _where_parts(spec: QuerySpec) -> tuple[bool, bool]:
    """Whether the head must name members, and exclusions; rows that name them need no head."""
    if isinstance(spec.where, Filter) and spec.where.member in spec.dimensions:
        return False, spec.where.op == "not_in"
    ops = {f.op for f in filters_of(spec.where)}
    return "in" in ops, "not_in" in ops


def _nothing(told: Told, spec: QuerySpec, zh: bool) -> str:
    head = _head(told, spec, zh)
    if zh:
        return f"{head}没有符合条件的记录{_mark(told)}。"
    return f"No rows meet the conditions{head}{_mark(told)}."


def _scalar(told: Told, spec: QuerySpec, language: Language) -> str:
    zh = language is Language.ZH
    head = _head(told, spec, zh)
    if zh:
        clauses = [_figure_clause(told, spec, 0, metric, language) for metric in spec.metrics]
        return f"{head}{'；'.join(clauses)}{_mark(told)}。"
    first, *rest = spec.metrics
    name = metric_label(first, language)
    text = f"{name[0].upper()}{name[1:]}{head}: {cell(told.number, 0, first)}"
    text += _change(told, spec, 0, first, zh)
    text += "".join(f"; {_figure_clause(told, spec, 0, m, language)}" for m in rest)
    return f"{text}{_mark(told)}."


def _figure_clause(told: Told, spec: QuerySpec, row: int, metric: str, language: Language) -> str:
    """ "销售额 X，比 … 增长 Y（Z）"."""
    zh = language is Language.ZH
    name = metric_label(metric, language)
    value = cell(told.number, row, metric)
    text = f"{name}为 {value}" if zh else f"{name} {value}"
    return text + _change(told, spec, row, metric, zh)


def _columns(told: Told) -> set[str]:
    return {c.name for c in told.result.columns}


def _is_ratio(told: Told, metric: str) -> bool:
    """Changes of ratios are told in percentage points, never as a rate of a rate."""
    return told.result.columns[told.result.column_index(metric)].unit is Unit.RATIO


def _value(told: Told, row: int, column: str) -> object:
    return told.result.rows[row][told.result.column_index(column)]


def _change(told: Told, spec: QuerySpec, row: int, metric: str, zh: bool) -> str:
    columns = _columns(told)
    n = told.number
    text = ""
    if f"{metric}__change" in columns:
        base = whole(n, "base") if not spec.grain else ("上一期" if zh else "the bucket before")
        if spec.grain and spec.compare and spec.compare.kind == "yoy":
            base = "上年同期" if zh else "a year earlier"
        change = f"{metric}__change"
        if None in (_value(told, row, change), _value(told, row, f"{metric}__previous")):
            previous = cell(n, row, f"{metric}__previous")
            text = f"（{base} 为 {previous}）" if zh else f" ({base}: {previous})"
        else:
            direction = cell(n, row, change, "direction")
            size = cell(n, row, change, "size")
            rate_column = f"{metric}__change_rate"
            rate = ""
            if (
                not _is_ratio(told, metric)
                and rate_column in columns
                and _value(told, row, rate_column) is not None
            ):
                shown = cell(n, row, rate_column, "size")
                rate = f"（{shown}）" if zh else f" ({shown})"
            previous = cell(n, row, f"{metric}__previous")
            text = (
                f"，比 {base} 的 {previous} {direction} {size}{rate}"
                if zh
                else f", {direction} {size}{rate} from {previous} in {base}"
            )
    if f"{metric}__target" in columns:
        target, done = cell(n, row, f"{metric}__target"), cell(n, row, f"{metric}__attainment")
        text += f"，目标 {target}，完成率 {done}" if zh else f", target {target}, attainment {done}"
    if f"{metric}__share" in columns:
        share = cell(n, row, f"{metric}__share")
        text += f"，占比 {share}" if zh else f", a share of {share}"
    return text


def _rows(told: Told, spec: QuerySpec, draft: Draft, language: Language) -> str:
    zh = language is Language.ZH
    if draft.nth is not None and len(told.result.rows) >= draft.nth:
        return _nth(told, spec, draft, language)
    if len(told.result.rows) == 1:
        return _single(told, spec, language)
    head = _head(told, spec, zh)
    keys = "、".join(key_label(k, language) for k in spec.row_keys)
    metrics = "、".join(metric_label(m, language) for m in spec.metrics)
    total = len(told.result.rows)
    count = whole(told.number, "row_count")
    if zh:
        title = f"{head}按{keys}的{metrics}{_mark(told)}，共 {count} 行："
    else:
        keys = " and ".join(key_label(k, language) for k in spec.row_keys)
        metrics = ", ".join(metric_label(m, language) for m in spec.metrics)
        title = f"{metrics[0].upper()}{metrics[1:]} by {keys}{head}{_mark(told)}, {count} rows:"
    lines = [_line(told, spec, row, language) for row in range(min(total, MAX_LINES))]
    if total > MAX_LINES:
        lines.append("- 其余见引用" if zh else "- the rest stands in the citation")
    return "\n".join([title, *lines])


def _row_name(told: Told, spec: QuerySpec, row: int) -> str:
    return " / ".join(cell(told.number, row, key) for key in spec.row_keys)


def _line(told: Told, spec: QuerySpec, row: int, language: Language) -> str:
    zh = language is Language.ZH
    parts: list[str] = []
    for metric in spec.metrics:
        label = "" if len(spec.metrics) == 1 else metric_label(metric, language) + " "
        value = cell(told.number, row, metric)
        parts.append(label + value + _short_change(told, row, metric, zh))
    return (
        f"- {_row_name(told, spec, row)}{'：' if zh else ': '}{('；' if zh else '; ').join(parts)}"
    )


def _short_change(told: Told, row: int, metric: str, zh: bool) -> str:
    columns, n, notes = _columns(told), told.number, []
    if f"{metric}__previous" in columns and _value(told, row, f"{metric}__previous") is None:
        notes.append("基期无数据" if zh else "no base")
    rate = f"{metric}__change" if _is_ratio(told, metric) else f"{metric}__change_rate"
    if rate in columns and _value(told, row, rate) is not None:
        notes.append(f"{cell(n, row, rate, 'direction')} {cell(n, row, rate, 'size')}")
    if f"{metric}__attainment" in columns:
        done = cell(n, row, f"{metric}__attainment")
        notes.append(f"完成率 {done}" if zh else f"attainment {done}")
    if f"{metric}__share" in columns:
        share = cell(n, row, f"{metric}__share")
        notes.append(f"占比 {share}" if zh else f"share {share}")
    if not notes:
        return ""
    return f"（{'，'.join(notes)}）" if zh else f" ({', '.join(notes)})"


def _superlative(spec: QuerySpec, language: Language) -> str:
    order = spec.order[0] if spec.order else None
    low = order is not None and order.direction == "asc"
    metric = (order.by if order else spec.metrics[0]).split("__")[0]
    name = metric_label(metric, language)
    growth = order is not None and "__change" in order.by
    if language is Language.ZH:
        name += "变化" if growth else ""
        return f"{name}{'最低' if low else '最高'}"
    name = f"change in {name}" if growth else name
    return f"{'lowest' if low else 'highest'} {name}"


def _single(told: Told, spec: QuerySpec, language: Language) -> str:
    zh = language is Language.ZH
    head = _head(told, spec, zh)
    name = _row_name(told, spec, 0)
    clauses = "；".join(_figure_clause(told, spec, 0, m, language) for m in spec.metrics)
    if not spec.limit and not spec.rank:
        if zh:
            return f"{head}{name}：{clauses}{_mark(told)}。"
        clauses = "; ".join(_figure_clause(told, spec, 0, m, language) for m in spec.metrics)
        return f"{name}: {clauses}{head}{_mark(told)}."
    if spec.rank:
        place = cell(told.number, 0, "rank")
        if zh:
            return f"{head}{name}：{clauses}，排名第 {place}{_mark(told)}。"
        return f"{name}: {clauses}, rank {place}{head}{_mark(told)}."
    keys = key_label(spec.row_keys[-1], language)
    best = _superlative(spec, language)
    if zh:
        return f"{head}{best}的{keys}是 {name}：{clauses}{_mark(told)}。"
    clauses = "; ".join(_figure_clause(told, spec, 0, m, language) for m in spec.metrics)
    return f"The {keys} with the {best} is {name}: {clauses}{head}{_mark(told)}."


def _nth(told: Told, spec: QuerySpec, draft: Draft, language: Language) -> str:
    zh = language is Language.ZH
    row = (draft.nth or 1) - 1
    name = _row_name(told, spec, row)
    clauses = ("；" if zh else "; ").join(
        _figure_clause(told, spec, row, m, language) for m in spec.metrics
    )
    head = _head(told, spec, zh)
    lines = [_line(told, spec, at, language) for at in range(len(told.result.rows))]
    if zh:
        return "\n".join([f"{head}所问名次是 {name}：{clauses}{_mark(told)}。排名依次为：", *lines])
    return "\n".join([f"Asked for: {name}, {clauses}{head}{_mark(told)}. In order:", *lines])


def _rolled(told: Told, spec: QuerySpec, language: Language) -> str:
    zh = language is Language.ZH
    assert spec.rollup is not None  # noqa: S101 - the caller looked
    head = _head(told, spec, zh)
    keys = [k for k in spec.row_keys if k not in spec.rollup.keep]
    thing = "、".join(key_label(k, language) for k in keys)
    if spec.rollup.function == "count" and spec.rollup.keep:
        return _counted_rows(told, spec, language, thing)
    if spec.rollup.function == "count":
        count = cell(told.number, 0, "count")
        if zh:
            return f"{head}符合条件的{thing}有 {count} 个{_mark(told)}。"
        thing = " and ".join(key_label(k, language) for k in keys)
        return f"{count} members of “{thing}” meet the conditions{head}{_mark(told)}."
    if spec.rollup.function == "sum":
        return _summed(told, spec, language)
    suffix = spec.rollup.function
    if spec.rollup.keep:
        return _rolled_rows(told, spec, language, suffix, thing)
    parts = []
    for metric in spec.metrics:
        value = cell(told.number, 0, f"{metric}__{suffix}")
        name = metric_label(metric, language)
        parts.append(f"{name} {value}" if zh else f"{name} of {value}")
    if zh:
        return f"{head}平均每{thing}{'；'.join(parts)}（只计有数据的{thing}）{_mark(told)}。"
    told_parts = "; ".join(parts)
    return f"On average per {thing}: {told_parts}{head} (over each {thing} with data){_mark(told)}."


def _counted_rows(told: Told, spec: QuerySpec, language: Language, thing: str) -> str:
    zh = language is Language.ZH
    assert spec.rollup is not None  # noqa: S101 - the caller looked
    lines = []
    for row in range(min(len(told.result.rows), MAX_LINES)):
        name = " / ".join(cell(told.number, row, k) for k in spec.rollup.keep)
        lines.append(f"- {name}{'：' if zh else ': '}{cell(told.number, row, 'count')}")
    head = _head(told, spec, zh)
    title = (
        f"{head}符合条件的{thing}个数{_mark(told)}："
        if zh
        else f"How many of “{thing}”{head}{_mark(told)}:"
    )
    return "\n".join([title, *lines])


def _summed(told: Told, spec: QuerySpec, language: Language) -> str:
    zh = language is Language.ZH
    parts = []
    for metric in spec.metrics:
        value = cell(told.number, 0, f"{metric}__sum")
        name = metric_label(metric, language)
        parts.append(f"{name}合计 {value}" if zh else f"{name} together {value}")
    head = _head(told, spec, zh)
    if zh:
        return f"{head}所列成员的{'；'.join(parts)}{_mark(told)}。"
    return f"Of the members listed{head}: {'; '.join(parts)}{_mark(told)}."


def _rolled_rows(told: Told, spec: QuerySpec, language: Language, suffix: str, thing: str) -> str:
    zh = language is Language.ZH
    assert spec.rollup is not None  # noqa: S101 - the caller looked
    lines = []
    for row in range(min(len(told.result.rows), MAX_LINES)):
        name = " / ".join(cell(told.number, row, k) for k in spec.rollup.keep)
        values = "；".join(cell(told.number, row, f"{m}__{suffix}") for m in spec.metrics)
        lines.append(f"- {name}{'：' if zh else ': '}{values}")
    metric = metric_label(spec.metrics[0], language)
    title = (
        f"平均每{thing}的{metric}{_mark(told)}："
        if zh
        else f"Average {metric} per {thing}{_mark(told)}:"
    )
    return "\n".join([title, *lines])


def companion(told: Told, language: Language) -> str:
    """What a result beside the main one adds, by its role; empty where it adds nothing."""
    zh = language is Language.ZH
    if not told.result.rows:
        return ""
    n = told.number
    if told.role == "registered":
        all_, ordered = cell(n, 0, "partner_count"), cell(n, 0, "active_partners")
        if zh:
            listed = f"在册伙伴 {all_} 家，其中下过单的 {ordered} 家"
            return f"{listed}；从未下单的不在名单内{_mark(told)}。"
        listed = f"Of {all_} registered partners, {ordered} have ordered"
        return f"{listed}; those that never did are not listed{_mark(told)}."
    if told.role == "difference":
        a, b = cell(n, 0, "first"), cell(n, 0, "second")
        gap, rate = cell(n, 0, "difference", "size"), cell(n, 0, "difference_rate", "size")
        at = told.result.column_index("difference")
        points = told.result.columns[at].unit is Unit.RATIO
        known = told.result.rows[0][told.result.column_index("difference_rate")] is not None
        relative = f"（相当于后者的 {rate}）" if zh else f" ({rate} of the latter)"
        relative = relative if known and not points else ""
        if zh:
            return f"{a} 与 {b} 相差 {gap}{relative}{_mark(told)}。"
        return f"{a} and {b} differ by {gap}{relative}{_mark(told)}."
    if told.role == "concentration":
        members, share = cell(n, 0, "members"), cell(n, 0, "together__share")
        value = cell(n, 0, "together")
        if zh:
            return f"这 {members} 个合计 {value}，占全部的 {share}{_mark(told)}。"
        return f"These {members} together: {value}, {share} of the whole{_mark(told)}."
    spec = spec_of(told.result)
    if spec is None:
        return ""
    if told.role == "total":
        values = [cell(n, 0, m) for m in spec.metrics]
        return (
            f"合计 {'；'.join(values)}{_mark(told)}。"
            if zh
            else f"Together: {'; '.join(values)}{_mark(told)}."
        )
    if told.role == "full":
        if spec.row_keys:
            note = "基期按整段计的结果" if zh else "With the whole base period"
            return f"{note}{_mark(told)}{'：' if zh else ':'}\n" + "\n".join(
                _line(told, spec, row, language) for row in range(min(len(told.result.rows), 5))
            )
        clause = _figure_clause(told, spec, 0, spec.metrics[0], language)
        return (
            f"基期按整段计：{clause}{_mark(told)}。"
            if zh
            else f"With the whole base period: {clause}{_mark(told)}."
        )
    if told.role == "listing":
        lines = [
            _line(told, spec, row, language) for row in range(min(len(told.result.rows), MAX_LINES))
        ]
        title = f"名单{_mark(told)}：" if zh else f"They are{_mark(told)}:"
        return "\n".join([title, *lines])
    return ""
