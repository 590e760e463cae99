"""Bodies of answers that are not a table of figures, and the stated reading of those that are."""

from __future__ import annotations

from collections.abc import Sequence

from agents.body import Body
from agents.plan import ClarifyPlan, QueryPlan, RefusePlan
from agents.rules.asking import examples
from agents.rules.context import PlannerContext
from agents.rules.draft import Draft, Note
from agents.rules.read import FAMILIES
from agents.slots import cell
from agents.wording import filters_of
from knowledge.semantic.spec import All, Condition, Filter, QuerySpec
from leadline.access import Principal
from leadline.evidence import Option, Status, ToolResult
from leadline.types import Language
from tools.definition import ToolContext

LIMITED = {
    Language.ZH: "只统计了您权限范围内的数据。",
    Language.EN: "Only data within your scope is counted.",
}
"""Said under every answer to a principal who does not see everything."""


def _say(note: Note, language: Language) -> str:
    return note.zh if language is Language.ZH else note.en


def asking(plan: ClarifyPlan | RefusePlan, language: Language) -> Body:
    """A question back, or a refusal with the nearest questions."""
    message = _say(plan.message, language)
    if not message.endswith(("？", "?", "。", ".")):
        message += "。" if language is Language.ZH else "."
    status: Status = "clarify" if isinstance(plan, ClarifyPlan) else "refused"
    return Body(status, message, options=plan.options)


def reading(
    spec: QuerySpec,
    notes: Sequence[Note],
    tools: ToolContext,
    language: Language,
    principal: Principal,
) -> str:
    """How the question was understood: period, comparison, filters, what was filled in, scope."""
    from knowledge.semantic.reading import describe

    parts = [describe(spec, tools.snapshot, tools.model, language)]
    parts += [_say(note, language) for note in notes]
    if not principal.scope.unlimited:
        regions = sorted(principal.scope.regions or ()) + sorted(principal.scope.partners or ())
        names = "、".join(regions) or "-"
        parts.append(
            f"仅限权限范围：{names}" if language is Language.ZH else f"within your scope: {names}"
        )
    joint = "；" if language is Language.ZH else "; "
    return joint.join(part for part in parts if part)


def notes_text(notes: Sequence[Note], language: Language) -> str:
    """Notes in one line."""
    return ("；" if language is Language.ZH else "; ").join(_say(n, language) for n in notes)


def no_overlap(plan: QueryPlan, result: ToolResult) -> ClarifyPlan | None:
    """Members that exclude each other (Germany, North America): ask rather than say "no data"."""
    if plan.built.no_orders or plan.built.each_value or plan.built.contest:
        return None
    named = [(f.dimension, f.labels[0]) for f in plan.built.positive_filters if len(f.labels) == 1]
    return nothing_in_common(named, plan.queries[0].spec, result)


def no_overlap_of_spec(spec: QuerySpec, result: ToolResult) -> ClarifyPlan | None:
    """The same for a query that stands alone, whoever wrote it."""
    if spec.include_empty or not _all_must_hold(spec.where):
        return None
    named = [
        (f.member, str(f.values[0]))
        for f in filters_of(spec.where)
        if f.op == "in" and len(f.values) == 1
    ]
    return nothing_in_common(named, spec, result)


def _all_must_hold(where: Condition | None) -> bool:
    if isinstance(where, All):
        return all(_all_must_hold(item) for item in where.items)
    return where is None or isinstance(where, Filter)


def nothing_in_common(
    named: Sequence[tuple[str, str]], spec: QuerySpec, result: ToolResult
) -> ClarifyPlan | None:
    """A question back: two (dimension, label) of one family are named, and no figure is there."""
    keys = set(spec.row_keys)
    figures = [
        row[at]
        for row in result.rows
        for at, column in enumerate(result.columns)
        if column.name not in keys
    ]
    if any(figure not in (None, 0) for figure in figures):
        return None
    for family in FAMILIES:
        kin = [(dimension, label) for dimension, label in named if dimension in family]
        if len(set(kin)) < 2:
            continue
        zh, en = "”与“".join(label for _, label in kin), "” and “".join(label for _, label in kin)
        options = tuple(Option(label, label) for _, label in kin)
        return ClarifyPlan(
            Note(
                f"“{zh}”没有交集，想看哪一个？",
                f"“{en}” have nothing in common. Which one do you want?",
            ),
            options,
        )
    return None


def help_text(ctx: PlannerContext, language: Language) -> Body:
    """What can be asked here: metrics and dimensions with data, and examples."""
    metrics = [m for m in ctx.model.metrics if ctx.available.has_metric(m)]
    dims = [
        d
        for d, dimension in ctx.model.dimensions.items()
        if dimension.kind != "date" and any(ctx.available.carries(m, d) for m in metrics)
    ]
    names = [ctx.metric_label(m, language) for m in metrics]
    cuts = [ctx.dimension_label(d, language) for d in dims]
    if language is Language.ZH:
        text = (
            f"可以问这些指标：{'、'.join(names)}。可以按这些维度拆分或筛选：{'、'.join(cuts)}；"
            "也可以按日、周、月、季度、年，看同比、环比、排名、占比、目标完成。"
        )
    else:
        text = (
            f"Figures: {', '.join(names)}. Split or filter by: {', '.join(cuts)}; by day, week, "
            "month, quarter or year; with comparisons, rankings, shares and targets."
        )
    return Body("answered", text, options=examples(Draft(), ctx, language))


def meta_template(tool: str, rows: int, language: Language, number: int = 1) -> str:
    """The template for the explain and freshness tools; `number` is the citation's."""
    zh = language is Language.ZH
    if tool == "freshness":
        day, which = cell(number, 0, "as_of"), cell(number, 0, "snapshot")
        if zh:
            return f"数据截至 {day}，快照 {which} [{number}]。"
        return f"The data is as of {day}, snapshot {which} [{number}]."
    name, definition = ("name_zh", "definition_zh") if zh else ("name_en", "definition_en")
    lines = [
        f"{cell(number, r, name)}{'：' if zh else ': '}{cell(number, r, definition)} [{number}]"
        for r in range(rows)
    ]
    return "\n".join(lines)
