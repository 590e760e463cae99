"""Reasons not to go on that need no query: unknown words, absent data, several meanings."""

from __future__ import annotations

from agents.plan import ClarifyPlan, Plan, RefusePlan
from agents.rules import asking
from agents.rules.context import PlannerContext
from agents.rules.draft import Draft
from agents.rules.mend import Mending
from agents.rules.read import Reading
from leadline.types import Language


def hindrance(
    r: Reading, ctx: PlannerContext, mending: Mending, language: Language, before: Draft | None
) -> Plan | None:
    """A question back or a refusal where a part of the question cannot be understood here."""
    beyond = r.first("beyond")
    if beyond is not None:
        return asking.beyond(beyond.value, r.draft, ctx, language)
    if r.unknown_group is not None:
        return asking.unknown_group(r.unknown_group, r.draft, ctx, language)
    residual = r.cover.residual_texts()
    if residual and before is None and r.has("follow") and not r.draft.metrics:
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
