"""The rule planner: a question and what came before it → a plan.

It answers only when every content word has been used (residual check) and the query carries all
that was said (coverage check). Otherwise it asks back, or refuses and offers the nearest question
that it can answer.
"""

from __future__ import annotations

from itertools import pairwise

from agents.plan import MetaPlan, Plan, PlannerTrace, QueryPlan, RefusePlan, ToolPlan
from agents.rules import asking
from agents.rules.before import Before
from agents.rules.build import NeedsMetric, build
from agents.rules.context import PlannerContext
from agents.rules.draft import Draft
from agents.rules.followup import first_as_handle, is_followup, of_the_listed, patch
from agents.rules.hindrance import hindrance
from agents.rules.intents.reading import Attempt, attempt, attempt_bare, compares
from agents.rules.mend import Mending, mend
from agents.rules.read import HARMLESS, Reading
from agents.rules.read_all import read_query
from agents.rules.text import fold, spoken_language
from agents.rules.tokens import cover
from agents.rules.tracing import members_named, trace_cover
from knowledge.semantic.spec import QuerySpec
from leadline.types import Language, Unit


def plan(
    question: str, ctx: PlannerContext, before: Before, trace: PlannerTrace | None = None
) -> Plan:
    """Plan one question. Never raises on what a person may type.

    A question with a tool's own words goes to that tool. Where it does not fit there, it may still
    be one about figures; if it is neither, the tool's question back is the one that helps.
    """
    trace = trace or PlannerTrace()
    tried = attempt(question, ctx, before)
    if tried is not None and isinstance(tried.plan, ToolPlan):
        return _taken(tried, trace)
    if tried is None and (before.task is not None or compares(question)):
        follows = attempt_bare(question, ctx, before)
        if follows is not None and (isinstance(follows.plan, ToolPlan) or before.task is None):
            return _taken(follows, trace)
    own = plan_query(question, ctx, before, trace)
    if isinstance(own, QueryPlan | MetaPlan):
        return own
    if tried is None:
        tried = attempt_bare(question, ctx, before)
        if tried is not None and not isinstance(tried.plan, ToolPlan):
            tried = None
    return _taken(tried, trace) if tried is not None else own


def _taken(tried: Attempt, trace: PlannerTrace) -> Plan:
    """The tool's plan; the trace says how the question was read for it."""
    trace.folded, trace.tokens = tried.trace.folded, tried.trace.tokens
    trace.residual, trace.mended = tried.trace.residual, tried.trace.mended
    trace.decisions = tried.trace.decisions
    return tried.plan


def plan_query(question: str, ctx: PlannerContext, before: Before, trace: PlannerTrace) -> Plan:
    """Plan a question about figures, which the query tool answers."""
    reading, mending = read(question, ctx, trace)
    language = spoken_language(question, members_named(trace))
    meta = _meta(reading, before)
    if meta is not None:
        return meta
    early = hindrance(reading, ctx, mending, language, before.draft)
    if early is not None:
        return early
    draft = reading.draft
    first_as_handle(reading, before.shown)
    completes = before.pending and bool(draft.metrics) and not draft.all_dims()
    followed = before.draft is not None and (is_followup(reading) or completes)
    if followed and before.draft is not None:
        both = any(t.text in ("both", "两者", "二者", "俩") for t in reading.tokens)
        if both and not reading.draft.filters:
            return asking.no_rows_to_point_at(ctx, language)
        if of_the_listed(before.draft, reading, before.shown):
            return asking.listed_or_all(ctx, language)
        patched = patch(before.draft, reading, before.shown)
        if patched is None:
            return asking.no_rows_to_point_at(ctx, language)
        draft = patched
        trace.decisions.append("follow-up: the last question is patched")
    elif reading.has("handle"):
        return asking.no_rows_to_point_at(ctx, language)
    if reading.has("best") and not draft.metrics and reading.first("best"):
        return asking.best_by_what(draft, ctx, language)
    leftover = _unused(reading)
    if leftover:
        trace.decisions.append(f"unused: {leftover}")
        return asking.not_placed(leftover, draft, ctx, language)
    return _decide(reading, draft, ctx, language, followed=followed)


def read(question: str, ctx: PlannerContext, trace: PlannerTrace) -> tuple[Reading, Mending]:
    """Fold, match, mend and read a question into a draft."""
    text = fold(question)
    covered = cover(text, ctx.lexicon, ctx.calendar)
    mending = mend(covered, ctx.lexicon)
    if mending.extra or mending.notes:
        covered = cover(mending.text, ctx.lexicon, ctx.calendar, mending.extra)
    reading = Reading(covered, ctx)
    trace_cover(trace, covered, mending)
    read_query(reading)
    for wrong, right in mending.notes:
        reading.note(f"“{wrong}”按“{right}”理解", f"“{wrong}” read as “{right}”")
    return reading, mending


def _meta(r: Reading, before: Before) -> MetaPlan | None:
    token = r.first("meta")
    if token is None:
        return None
    metrics = tuple(dict.fromkeys(r.draft.metrics))
    if token.value == "how_computed":
        if r.draft.time or r.draft.filters or r.draft.ranked:
            return None
        return MetaPlan("how_computed", metrics or before.metrics)
    if token.value == "as_of":
        return MetaPlan("as_of")
    if metrics or r.draft.filters:
        return None
    return MetaPlan("help")


def _unused(r: Reading) -> list[str]:
    """Content words that no part of the reading used."""
    return [t.text for t in r.tokens if not t.used and t.kind not in HARMLESS]


def _decide(
    r: Reading, draft: Draft, ctx: PlannerContext, language: Language, *, followed: bool
) -> Plan:
    if r.has("bought") and not draft.metrics:
        draft.vague = True
    said = draft.copy()
    if not followed and _bare(r, draft, ctx):
        return asking.bare(draft, ctx, language)
    if _says_nothing(draft):
        return asking.nothing(ctx, language)
    try:
        queries = build(draft, ctx)
    except NeedsMetric:
        return asking.which_metric(draft, ctx, language)
    lost = _lost(r, queries[0].spec, draft)
    if lost is not None:
        return asking.not_placed([lost], draft, ctx, language)
    refusal = _out_of_reach(queries[0].spec.metrics, draft, ctx, language)
    if refusal is not None:
        return refusal
    return QueryPlan(tuple(queries), said, draft, tuple(draft.notes))


def _lost(r: Reading, spec: QuerySpec, draft: Draft) -> str | None:
    """Coverage check: something that was said has no place in the query."""
    rows = bool(spec.row_keys)
    each = next((t for t in r.tokens if t.kind == "each"), None)
    if each is not None and not rows and spec.rollup is None and not draft.metrics_per_member():
        return each.text
    if spec.top_per is not None and _upside_down(spec):
        return next((t.text for t in r.tokens if t.kind == "each"), r.cover.text)
    if draft.attained and not rows and r.has("which"):
        return next((t.text for t in r.tokens if t.kind == "which"), r.cover.text)
    if spec.metric_filters and not rows:
        kinds = ("threshold", "attained", "multiple", "growth", "dormant", "no_orders")
        return next((t.text for t in r.tokens if t.kind in kinds), r.cover.text)
    if draft.ranked and not rows:
        words = ("top", "nth", "superlative", "rank", "which_rank", "fastest")
        return next((t.text for t in r.tokens if t.kind in words), r.cover.text)
    if draft.share and not rows:
        return next((t.text for t in r.tokens if t.kind == "share"), r.cover.text)
    alone = _uncoordinated(r)
    if alone is not None and len(spec.metrics) > 1:
        return alone
    if draft.cumulative and spec.grain is not None:
        return next((t.text for t in r.tokens if t.kind == "cumulative"), r.cover.text)
    return None


_JOINS = frozenset(
    {
        "and",
        "also",
        "top",
        "nth",
        "superlative",
        "best",
        "threshold",
        "by",
        "rank",
        "versus",
        "difference",
        "which",
        "growth",
        "compare",
    }
)


def _uncoordinated(r: Reading) -> str | None:
    """Two metric words with nothing that joins them: one of them qualifies the other, unread."""
    metrics = [t for t in r.tokens if t.kind == "metric"]
    for left, right in pairwise(metrics):
        between = [t for t in r.tokens if left.end <= t.start and t.end <= right.start]
        if any(t.kind == "share" for t in between):
            return right.text
        joined = any(t.kind in _JOINS for t in between) or any(
            t.kind == "stop" and any(mark in t.text for mark in ",，;/") for t in between
        )
        same = left.entries[0].name == right.entries[0].name
        known = {left.entries[0].name, right.entries[0].name}
        if not joined and not same and not known <= _TARGET_WORDS:
            return right.text
    return None


_TARGET_WORDS = frozenset(
    {
        "amount",
        "payment_amount",
        "target_amount",
        "payment_target",
        "attainment",
        "payment_attainment",
    }
)


_OF_PARTNERS = frozenset(
    {"region", "country", "region_group", "territory", "city", "partner_type", "partner_tier"}
)


def _upside_down(spec: QuerySpec) -> bool:
    """The first country of each partner: a partner has but one, so something else was meant."""
    assert spec.top_per is not None  # noqa: S101 - the caller looked
    inner = set(spec.row_keys) - set(spec.top_per.within)
    return "partner" in spec.top_per.within and bool(inner & _OF_PARTNERS)


def _says_nothing(draft: Draft) -> bool:
    return draft == Draft(notes=draft.notes)


def _bare(r: Reading, draft: Draft, ctx: PlannerContext) -> bool:
    """A metric and nothing else: which period, which cut? (查查销售额)."""
    if not draft.metrics or r.has("how_many") or draft.total or draft.share or draft.counted:
        return False
    said = Draft(metrics=draft.metrics, notes=draft.notes, order_metric=draft.order_metric)
    if draft != said:
        return False
    return all(
        ctx.model.metrics[m].balance is None and ctx.unit(m) is not Unit.DAYS for m in draft.metrics
    )


def _out_of_reach(
    metrics: tuple[str, ...], draft: Draft, ctx: PlannerContext, language: Language
) -> Plan | None:
    """Metrics without data, dimensions that they cannot be split by, periods without data."""
    for metric in metrics:
        if not ctx.available.has_metric(metric):
            return asking.no_data(metric, ctx, language)
        names = [*draft.all_dims(), *(f.dimension for f in draft.filters)]
        if draft.focus is not None:
            names.append(draft.focus.dimension)
        for name in names:
            if not ctx.available.carries(metric, name):
                return asking.not_by(metric, name, draft, ctx, language)
    return asking.outside_span(metrics[0], draft, ctx, language)


__all__ = ["Before", "RefusePlan", "members_named", "plan", "plan_query", "read"]
