"""The rule planner: a question and what came before it → a plan.

It answers only when every content word has been used (residual check) and the query carries all
that was said (coverage check). Otherwise it asks back, or refuses and offers the nearest question
that it can answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from agents.plan import ClarifyPlan, MetaPlan, Plan, PlannerTrace, QueryPlan, RefusePlan
from agents.rules import asking
from agents.rules.build import NeedsMetric, build
from agents.rules.context import PlannerContext
from agents.rules.draft import Draft
from agents.rules.followup import Shown, is_followup, of_the_listed, patch
from agents.rules.mend import Mending, mend
from agents.rules.read import HARMLESS, Reading, read_filters, settle_lexicon
from agents.rules.read_bounds import read_bounds, read_duration_bounds, read_multiples
from agents.rules.read_counts import read_conditions, read_counts
from agents.rules.read_dims import read_dims, read_grain
from agents.rules.read_growth import read_compare, read_growth
from agents.rules.read_metrics import read_metrics, read_outcome
from agents.rules.read_ranking import read_place, read_ranking
from agents.rules.read_share import read_share
from agents.rules.read_time import read_times
from agents.rules.text import fold, spoken_language
from agents.rules.tokens import Cover, cover, weight
from knowledge.semantic.spec import QuerySpec
from leadline.types import Language, Unit


@dataclass(frozen=True, slots=True)
class Before:
    """What the conversation holds: the last draft, and what its answer listed."""

    draft: Draft | None = None
    shown: Shown | None = None
    metrics: tuple[str, ...] = ()
    pending: bool = False
    """Whether the last question was asked back and may be completed by a bare metric."""


def plan(
    question: str, ctx: PlannerContext, before: Before, trace: PlannerTrace | None = None
) -> Plan:
    """Plan one question. Never raises on what a person may type."""
    trace = trace or PlannerTrace()
    reading, mending = read(question, ctx, trace)
    language = spoken_language(question, members_named(trace))
    meta = _meta(reading, before)
    if meta is not None:
        return meta
    early = _cannot(reading, ctx, mending, language, before)
    if early is not None:
        return early
    draft = reading.draft
    _first_as_handle(reading, before)
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


def members_named(trace: PlannerTrace) -> set[str]:
    """The spellings of members in the question, which do not decide its language."""
    found = set()
    for token in trace.tokens:
        means = token["means"]
        if isinstance(means, list) and any(str(m).startswith("value:") for m in means):
            found.add(str(token["text"]))
    return found


def read(question: str, ctx: PlannerContext, trace: PlannerTrace) -> tuple[Reading, Mending]:
    """Fold, match, mend and read a question into a draft."""
    text = fold(question)
    covered = cover(text, ctx.lexicon, ctx.calendar)
    mending = mend(covered, ctx.lexicon)
    if mending.extra or mending.notes:
        covered = cover(mending.text, ctx.lexicon, ctx.calendar, mending.extra)
    reading = Reading(covered, ctx)
    _trace_cover(trace, covered, mending)
    settle_lexicon(reading)
    _free_pronouns(reading)
    read_filters(reading)
    read_metrics(reading)
    read_outcome(reading)
    read_grain(reading)
    read_counts(reading)
    read_ranking(reading)
    read_growth(reading)
    read_dims(reading)
    read_conditions(reading)
    read_bounds(reading)
    read_multiples(reading)
    read_place(reading)
    read_duration_bounds(reading)
    read_compare(reading)
    read_times(reading)
    read_share(reading)
    for wrong, right in mending.notes:
        reading.note(f"“{wrong}”按“{right}”理解", f"“{wrong}” read as “{right}”")
    return reading, mending


def _first_as_handle(r: Reading, before: Before) -> None:
    """ "第一名的毛利率" after a list: the first of that list."""
    if before.shown is None or any(t.kind == "dim" for t in r.tokens):
        return
    for token in r.tokens:
        first = token.kind == "superlative" and token.text.startswith(("第一", "冠军"))
        nth = (
            token.kind == "nth"
            and token.value == "desc"
            and 0 < (token.number or 0) <= len(before.shown.labels)
        )
        if first or nth:
            token.kind, token.value, token.used = "handle", "first" if first else "nth", True
            r.draft.nth = None
            r.draft.ranked, r.draft.top, r.draft.direction = False, None, None
            r.draft.order_metric = None


_PRONOUNS = ("they", "them", "their", "他们", "它们", "她们", "these", "those", "其中")


def _free_pronouns(r: Reading) -> None:
    """ "Top 10 partners and their share": the pronoun points into its own sentence."""
    named = [t.entries[0].name for t in r.tokens if t.kind == "value" and t.entries]
    listed = len(named) > len(set(named))
    for token in r.tokens:
        if listed and token.kind == "handle":
            token.kind = "stop"  # "London, Paris and Berlin – these three cities"
    own = any(t.kind == "dim" for t in r.tokens) and r.has(
        "top", "superlative", "threshold", "which"
    )
    for token in r.tokens:
        if own and token.kind == "handle" and token.text in _PRONOUNS:
            token.kind = "stop"


def _trace_cover(trace: PlannerTrace, covered: Cover, mending: Mending) -> None:
    trace.folded = covered.text
    trace.tokens = [
        {
            "text": t.text,
            "kind": t.kind,
            "value": t.value,
            "score": round(weight(t), 2),
            "means": [f"{e.kind}:{e.name}" + (f"={e.label}" if e.label else "") for e in t.entries][
                :6
            ],
        }
        for t in covered.tokens
    ]
    trace.residual = covered.residual_texts()
    trace.mended = mending.notes


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


def _cannot(
    r: Reading, ctx: PlannerContext, mending: Mending, language: Language, before: Before
) -> Plan | None:
    """Reasons not to go on that need no query: unknown words, absent data, several meanings."""
    beyond = r.first("beyond")
    if beyond is not None:
        return asking.beyond(beyond.value, r.draft, ctx, language)
    if r.unknown_group is not None:
        return asking.unknown_group(r.unknown_group, r.draft, ctx, language)
    residual = r.cover.residual_texts()
    if residual and before.draft is None and r.has("follow") and not r.draft.metrics:
        return asking.no_rows_to_point_at(ctx, language)
    if residual:
        return asking.unknown_words(residual, mending.suggestions, r.draft, ctx, language)
    if r.absent:
        return asking.absent(r.absent[0], r.draft, ctx, language)
    if r.ambiguities:
        first = r.ambiguities[0]
        return asking.which_one(first.token.text, first.entries, r.cover.text, ctx, language)
    if r.impossible is not None:
        return RefusePlan(r.impossible, asking.examples(Draft(), ctx, language))
    if r.problems:
        return ClarifyPlan(r.problems[0], asking.examples(r.draft, ctx, language))
    return None


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


__all__ = ["Before", "RefusePlan", "plan", "read"]
