"""Tokens → draft: thresholds, tied to a metric, its growth, or its share."""

from __future__ import annotations

from itertools import pairwise

from agents.rules.draft import Bound, Note
from agents.rules.read import Reading
from agents.rules.read_metrics import nearest_metric
from agents.rules.tokens import Threshold, Token
from leadline.types import Unit


def read_bounds(r: Reading) -> None:
    """Thresholds, each tied to a metric, to its growth, or to a share."""
    limits = [t for t in r.tokens if t.kind == "threshold"]
    for left, right in pairwise(limits):
        if any(t.kind == "or" and left.end <= t.start < right.end for t in r.tokens):
            r.problems.append(
                Note(
                    "还不能用“或”连接两个条件，请分开问",
                    "Two conditions joined by “or”: please ask one by one",
                )
            )
    for token in list(r.of("threshold")):
        bound = token.threshold
        assert bound is not None  # noqa: S101 - a threshold token carries one
        if r.has("dormant") or (r.has("no_orders") and not r.has("metric")):
            continue  # a number of days: read with dormancy
        token.used = True
        r.draft.bounds.append(_bind(r, token, bound))


def read_duration_bounds(r: Reading) -> None:
    """Lengths of time that bound a metric in days: a sales cycle over 60 days."""
    for token in list(r.of("duration")):
        name = nearest_metric(r, token)
        if name is None or r.ctx.unit(name) is not Unit.DAYS or token.number is None:
            continue
        token.used = True
        less = any(w in token.text for w in ("不到", "少于", "低于", "less", "under"))
        at_least = any(w in token.text for w in ("至少", "at least"))
        op = "lt" if less else "ge" if at_least else "gt"
        limit = Threshold(op, float(token.number), None, percent=False, money=False, scaled=False)  # type: ignore[arg-type]
        r.draft.bounds.append(Bound(name, "value", limit))


def _counts_members(r: Reading, token: Token) -> bool:
    """Whether the metric word says what is counted (…的伙伴数), not what is bounded."""
    return r.draft.rollup == "count" and token.entries[0].name == "partner_count"


def _bind(r: Reading, token: Token, bound: Threshold) -> Bound:
    before, after = r.before(token), r.after(token)
    led = r.before(token, skip=frozenset({"stop", "by"}))
    if led is not None and led.kind == "growth" and not bound.percent:
        r.draft.growth_on = "change"  # "increased by more than 50k"
        return Bound(None, "growth", bound)
    if after is not None and after.kind == "metric" and _counts_members(r, after):
        after = None
    if bound.percent:
        if (after is not None and after.kind == "share") or (
            before is not None and before.kind == "share"
        ):
            return Bound(nearest_metric(r, token), "share", bound)
        near = before if before is not None and before.kind == "metric" else None
        if near is not None and r.ctx.unit(near.entries[0].name) is Unit.RATIO:
            return Bound(near.entries[0].name, "value", bound)
        goals = {"target_amount": "attainment", "payment_target": "payment_attainment"}
        goal = next((m for m in r.draft.metrics if m in goals), None)
        if goal is not None:  # "under 80 % of target"
            r.draft.metrics = [goals[goal] if m == goal else m for m in r.draft.metrics]
            return Bound(goals[goal], "value", bound)
        if r.has("growth", "compare"):
            return Bound(None, "growth", bound)
        if r.has("share"):
            return Bound(nearest_metric(r, token), "share", bound)
    if after is not None and after.kind == "metric" and not bound.money:
        return Bound(after.entries[0].name, "value", bound)
    if before is not None and before.kind == "growth":
        r.draft.growth_on = "change"
        return Bound(None, "growth", bound)
    name = nearest_metric(r, token)
    if bound.money and (name is None or r.ctx.unit(name) is not Unit.MONEY):
        money = [m for m in r.draft.metrics if r.ctx.unit(m) is Unit.MONEY]
        name = money[0] if money else None
    return Bound(name, "value", bound)


def read_multiples(r: Reading) -> None:
    """翻倍, halved: growth with its threshold in one word."""
    for token in list(r.of("multiple")):
        token.used = True
        direction, _, size = token.value.partition(":")
        r.draft.growth = "up" if direction == "up" else "down"
        limit = Threshold("ge", float(size), None, percent=True, money=False, scaled=True)
        r.draft.bounds.append(Bound(None, "growth", limit))
