"""Tokens → draft: what is measured, in which unit, won or lost, against which target."""

from __future__ import annotations

from agents.rules.draft import Note
from agents.rules.read import Reading, mark_used, ranking
from agents.rules.tokens import Token
from knowledge.semantic.lexicon import Entry
from leadline.types import Unit


def read_metrics(r: Reading) -> None:
    """Metrics named, and which of them orders the rows."""
    for token in r.tokens:
        if token.kind != "metric":
            continue
        name = token.entries[0].name
        if token.text.startswith(("总", "total", "overall")):
            r.draft.total = True
        following = r.after(token, skip=frozenset())
        if token.text.startswith("total") and following is not None and following.text == "of":
            r.draft.summing = True
        if token.text.startswith(("how many", "多少", "几")):
            r.draft.counted = True
        before = r.before(token)
        if _counts_people(token, before):
            token.kind = "how_many"
            continue
        summed = token.entries[0].name == "average_deal_size" and "amount" in token.text
        if summed and r.has("grain", "avg_by"):
            r.problems.append(
                Note(
                    "是每笔的平均，还是各期合计的平均？请换一种说法",
                    "The average per item, or of each period's total? Please rephrase",
                )
            )
        if _only_a_unit(r, token, before):
            token.used = True
            continue
        if before is not None and before.kind == "by":
            before.used = True
            r.draft.order_metric = name
            r.draft.ranked = r.draft.ranked or ranking(r)
        token.used = True
        if name == "partner_count" and r.has(
            "threshold", "growth", "attained", "no_orders", "dormant"
        ):
            r.draft.rollup, r.draft.counted_dim = "count", "partner"
            r.draft.dims.append("partner")
            continue
        for each in (name, *(e.name for e in token.also)):
            if each not in r.draft.metrics:
                r.draft.metrics.append(each)
    _read_verbs(r)
    _read_attainment(r)
    _settle_targets(r)
    for token in list(r.of("verb")):
        token.used = token.value in r.draft.metrics


def _read_verbs(r: Reading) -> None:
    """Missed and hit beside a target; 活跃 beside partners."""
    for token in list(r.of("attained_verb")):
        goal = {"target_amount": "attainment", "payment_target": "payment_attainment"}
        named = [m for m in r.draft.metrics if m in goal]
        if named:  # "missed their 2012 target": the period stands between
            token.used = True
            r.draft.attained = token.value  # type: ignore[assignment]
            r.draft.metrics = [goal.get(m, m) for m in r.draft.metrics]
    for token in list(r.of("active_word")):
        after = r.after(token)
        if after is not None and after.kind == "dim" and after.entries[0].name == "partner":
            token.used = after.used = True
            if "active_partners" not in r.draft.metrics:
                r.draft.metrics.append("active_partners")
            for counting in r.of("how_many"):
                counting.used = True


def _counts_people(token: Token, before: Token | None) -> bool:
    """零售商数量: how many of them, not how many pieces."""
    counted = before is not None and before.kind == "dim"
    return (
        token.text in ("数量", "个数", "总数")
        and counted
        and before is not None
        and before.entries[0].name in ("partner", "customer", "salesperson")
    )


def _only_a_unit(r: Reading, token: Token, before: Token | None) -> bool:
    """活跃经销商数量, units received: the word counts what another metric names."""
    if token.entries[0].name != "quantity":
        return False
    if token.text in ("数量", "个数", "总数") and before is not None and before.kind == "metric":
        return True
    others = (t.entries[0].name for t in r.tokens if t.kind == "metric" and t is not token)
    return token.text.endswith(("units", "unit")) and any(
        r.ctx.unit(m) is Unit.QUANTITY and m != "quantity" for m in others
    )


def _settle_targets(r: Reading) -> None:
    """Attainment named together with its target or its metric is one figure."""
    metrics = r.draft.metrics
    if "attainment" in metrics and any(m.startswith("payment") for m in metrics):
        metrics[metrics.index("attainment")] = "payment_attainment"
    if "payment_attainment" in metrics:
        metrics[:] = [m for m in metrics if m not in ("payment_target", "payment_amount")]
    if "attainment" in metrics:
        metrics[:] = [m for m in metrics if m != "target_amount"]


def _read_attainment(r: Reading) -> None:
    """ "How much of the target was reached": the target alone becomes its attainment."""
    tokens = list(r.of("attainment"))
    goals = {
        "target_amount": "attainment",
        "payment_target": "payment_attainment",
        "payment_amount": "payment_attainment",
        "amount": "attainment",
    }
    for token in tokens:
        token.used = True
        named = [m for m in goals if m in r.draft.metrics]
        r.draft.metrics = [goals[named[0]]] if named else ["attainment", *r.draft.metrics]


_OF_WON = ("sales_cycle_days", "average_deal_size", "win_rate")


def read_outcome(r: Reading) -> None:
    """Won and lost deals: "deals won in 2017" counts by the day they closed, not were created."""
    if any(m in _OF_WON for m in r.draft.metrics):
        mark_used(r, "outcome")  # these speak of won deals by definition
        r.draft.metrics = [m for m in r.draft.metrics if m != "won_opportunities"]
        return
    words = {t.value for t in r.of("outcome")}
    named = [f for f in r.draft.filters if f.dimension in ("outcome", "stage") and not f.negated]
    words |= {label.casefold() for f in named for label in f.labels}
    words |= {m.split("_")[0] for m in r.draft.metrics if m in _DEALS}
    if not words or not words <= {"won", "lost"}:
        return
    if not r.ctx.available.has_metric("won_opportunities"):
        return
    if "won_amount" in r.draft.metrics and words == {"won"}:
        mark_used(r, "outcome")  # "won amount" says it already
        r.draft.filters = [f for f in r.draft.filters if f not in named]
        return
    wanted = [m for word in ("won", "lost") if word in words for m in _of_outcome(r, word)]
    rest = [m for m in r.draft.metrics if m not in ("opportunities", "orders", *_DEALS)]
    if rest and not set(r.draft.metrics) & {"opportunities", *_DEALS}:
        return
    mark_used(r, "outcome")
    for token in r.tokens:
        if token.kind == "metric" and token.entries[0].name == "opportunities":
            token.entries = (Entry("metric", wanted[0]),)  # a threshold speaks of these deals
    r.draft.metrics = [*wanted, *(m for m in rest if m not in wanted)]
    r.draft.filters = [f for f in r.draft.filters if f not in named]
    r.draft.counted = r.draft.counted or r.has("how_many")


_DEALS = ("won_opportunities", "lost_opportunities")


def _of_outcome(r: Reading, outcome: str) -> list[str]:
    """Number or amount of the deals won (or lost), or both where both are asked for."""
    deals = any("opportunities" in m for m in r.draft.metrics) or any(
        t.text.endswith("单") for t in r.tokens if t.kind == "stop"
    )
    people = any(t.kind == "dim" for t in r.tokens)
    counted = deals or (r.has("how_many") and not people and not r.draft.metrics)
    money = any(t.kind == "how_much" and ("钱" in t.text or "金额" in t.text) for t in r.tokens)
    if not counted:
        return [f"{outcome}_amount"]
    return [f"{outcome}_opportunities", *([f"{outcome}_amount"] if money else [])]


def nearest_metric(r: Reading, token: Token) -> str | None:
    """The metric that a superlative or threshold speaks of: 毛利率最高, highest margin."""
    counted = r.draft.rollup == "count"
    metrics = [
        t
        for t in r.tokens
        if t.kind == "metric" and not (counted and t.entries[0].name == "partner_count")
    ]
    if not metrics:
        return None
    after = [t for t in metrics if t.start >= token.end]
    before = [t for t in metrics if t.end <= token.start]
    adjacent = r.before(token)
    if adjacent is not None and adjacent in metrics:
        return adjacent.entries[0].name
    following = r.after(token)
    if following is not None and following in metrics:
        return following.entries[0].name
    chinese = not token.text.isascii()
    pool = before[::-1] + after if chinese else after + before[::-1]
    return pool[0].entries[0].name
