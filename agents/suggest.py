"""What helps after an answer: a picture of it, and questions that lead on from it."""

from __future__ import annotations

from agents.rules.context import PlannerContext
from agents.wording import key_label
from knowledge.semantic.model import TargetOf
from knowledge.semantic.spec import QuerySpec
from leadline.evidence import Chart, ToolResult
from leadline.types import Language, Unit

MAX_CHART_ROWS = 40
_DRILL = ("region", "product_category", "partner_type", "product_line", "partner", "salesperson")


def chart_for(result: ToolResult, spec: QuerySpec) -> Chart | None:
    """A chart for rows of one or two keys; None for single figures and dates."""
    if spec.rollup is not None or len(result.rows) < 2 or len(result.rows) > MAX_CHART_ROWS:
        return None
    keys = spec.row_keys
    metric = spec.metrics[0]
    unit = result.columns[result.column_index(metric)].unit
    if unit in (Unit.DATE, Unit.TEXT) or len(keys) > 2:
        return None
    names = {c.name for c in result.columns}
    compared = (metric, f"{metric}__previous") if f"{metric}__previous" in names else (metric,)
    if spec.grain is not None:
        return Chart("line", 1, keys[0], compared, keys[1] if len(keys) > 1 else None)
    if len(keys) == 2:
        return Chart("stacked_bar", 1, keys[0], (metric,), keys[1])
    if len(compared) == 2:
        return Chart("grouped_bar", 1, keys[0], compared)
    return Chart("bar", 1, keys[0], (metric,))


def followups(spec: QuerySpec, ctx: PlannerContext, language: Language) -> tuple[str, ...]:
    """Up to three follow-ups that the planner itself understands."""
    zh = language is Language.ZH
    found: list[str] = []
    metric = spec.metrics[0]
    if ctx.model.metrics[metric].balance is not None:
        return ()
    if spec.compare is None and spec.time is not None and spec.time.start and spec.rollup is None:
        found.append("同比呢？" if zh else "What about year over year?")
    for name in _DRILL:
        if spec.limit is not None:
            break  # split otherwise, a list of the first few is no list of them any more
        if name in spec.dimensions or not ctx.available.carries(metric, name):
            continue
        label = key_label(name, language)
        found.append(f"按{label}看呢？" if zh else f"What about by {label}?")
        break
    plain = not isinstance(ctx.model.metrics[metric].formula, TargetOf)
    if spec.grain is None and spec.rollup is None and plain:
        found.append("按月看呢？" if zh else "What about by month?")
    return tuple(found[:3])
