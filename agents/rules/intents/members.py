"""Members that a task names, as the arguments of tools want them."""

from __future__ import annotations

from agents.plan import ClarifyPlan, RefusePlan, Task
from agents.rules.context import PlannerContext
from agents.rules.draft import FilterUse
from agents.rules.intents import asking
from leadline.types import Language


def language(task: Task) -> Language:
    """The language to ask back in, which options need; told by the reader among the words."""
    return Language.ZH if "zh" in task.words else Language.EN


def positive(task: Task, dimension: str) -> list[FilterUse]:
    """What is named of a dimension."""
    return [f for f in task.draft.positive_filters if f.dimension == dimension]


def stray_filter(task: Task, ctx: PlannerContext, *allowed: str) -> ClarifyPlan | None:
    """A question back where a filter is on another dimension than these."""
    for use in task.draft.filters:
        if use.dimension not in allowed:
            return asking.not_by(use.dimension, ctx, language(task))
        if use.negated and use.dimension != "region":
            return asking.not_placed(use.labels, language(task))
    return None


def named(task: Task, dimension: str, ctx: PlannerContext) -> list[str] | None:
    """The members of a dimension that are wanted: those named, or all but those excluded."""
    wanted: list[str] | None = None
    for use in task.draft.filters:
        if use.dimension != dimension:
            continue
        if use.negated:
            known = [label for _, label in ctx.lexicon.labels.get(dimension, [])]
            kept = [label for label in (wanted or known) if label not in use.labels]
        else:
            kept = [label for label in use.labels if wanted is None or label in wanted]
        wanted = kept
    return wanted


def partner_filters(
    task: Task, ctx: PlannerContext
) -> dict[str, object] | ClarifyPlan | RefusePlan:
    """Arguments `partners`, `regions` and `limit`, or why the tool cannot be limited so."""
    if not ctx.lexicon.labels.get("partner"):
        return asking.no_partners()
    stray = stray_filter(task, ctx, "partner", "region")
    if stray is not None:
        return stray
    found: dict[str, object] = {
        "partners": named(task, "partner", ctx),
        "regions": named(task, "region", ctx),
        "limit": limit_of(task),
    }
    return {name: value for name, value in found.items() if value is not None}


MOST_ROWS = 200
"""A list for people is never longer; the tools say so too."""


def limit_of(task: Task) -> int | None:
    """How many rows were asked for; all partners that were named, where they were."""
    if task.draft.top:
        return min(task.draft.top, MOST_ROWS)
    several = [len(f.labels) for f in positive(task, "partner")]
    return min(max(several), MOST_ROWS) if several and max(several) > 10 else None


def said(task: Task, prefix: str) -> str | None:
    """The rest of the word that begins so: "months=6" for "months="."""
    return next((w.removeprefix(prefix) for w in task.words if w.startswith(prefix)), None)
