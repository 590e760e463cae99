"""Planning in a test: what is asked becomes calls, with what came before."""

from __future__ import annotations

from agents.plan import Plan, QueryPlan, ToolPlan
from agents.rules.before import Before
from agents.rules.context import PlannerContext
from agents.rules.followup import Shown
from agents.rules.planner import plan


def planned(question: str, ctx: PlannerContext, *earlier: str, listed: Shown | None = None) -> Plan:
    """The plan after these questions, the last of which listed `listed`."""
    before = Before()
    for text in earlier:
        before = _after(plan(text, ctx, before), before)
    if listed is not None:
        before = Before(before.draft, listed, before.metrics, task=before.task)
    return plan(question, ctx, before)


def _after(done: Plan, before: Before) -> Before:
    if isinstance(done, ToolPlan):
        return Before(done.draft, before.shown, before.metrics, task=done.task)
    if isinstance(done, QueryPlan):
        return Before(done.draft, before.shown, done.queries[0].spec.metrics)
    raise AssertionError(f"an earlier question was not answered: {done}")


def call(question: str, ctx: PlannerContext, *earlier: str, listed: Shown | None = None) -> str:
    """The first call as text (`churn limit=5 regions=华东`), else the kind of plan."""
    done = planned(question, ctx, *earlier, listed=listed)
    if not isinstance(done, ToolPlan):
        return type(done).__name__
    first = done.calls[0]
    return " ".join([first.tool, *(f"{k}={_text(v)}" for k, v in sorted(first.arguments.items()))])


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return "|".join(str(item) for item in value)
    if isinstance(value, dict):
        if "values" in value:
            return f"{value['member']}:{_text(value['values'])}"
        if "start" in value:
            kind = f"{value['kind']}:" if "kind" in value else ""
            return f"{kind}{value['start']}..{value['end_excl']}"
        return str(value)
    return str(value)
