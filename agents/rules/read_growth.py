"""Tokens → draft: growth, and what a figure is compared with."""

from __future__ import annotations

from agents.rules.draft import Note
from agents.rules.read import Reading, mark_used, ranking
from agents.rules.read_dims import PARTNER_ATTRIBUTES
from agents.rules.read_ranking import how_many_top
from agents.rules.tokens import Token


def read_growth(r: Reading) -> None:
    """Growth words and the fastest of them."""
    draft = r.draft
    spoken = [t for t in r.tokens if t.kind == "growth"]
    if len(spoken) > 1 and len({t.entries[0].name for t in r.tokens if t.kind == "metric"}) > 1:
        r.problems.append(
            Note(
                "两个指标各有涨跌条件，请分开问",
                "Two figures with growth of their own: please ask one by one",
            )
        )
    by_rate = r.has("fastest", "rate_word") and not r.has("amount_word")
    sized_word = False
    for token in list(r.of("growth")):
        token.used = True
        value = token.value
        if draft.growth in ("up", "down") and value == "any":
            continue
        if {draft.growth, value} == {"up", "down"}:
            value = "rate"  # "did it rise or fall?" asks for the change
        draft.growth = value  # type: ignore[assignment]
        near = frozenset({"stop", "share", "rate_word", "amount_word"})
        beside = (r.before(token, skip=near), r.after(token, skip=near))
        sized_word = sized_word or token.text.endswith(("额", "量"))
        if _ranked_by(r, token):
            draft.growth_ranked = True
        if any(
            t is not None and t.kind in ("superlative", "fastest", "top", "best") for t in beside
        ):
            draft.growth_ranked = True
        if token.text in ("降幅", "跌幅", "增幅", "增速", "涨幅", "增长率"):
            by_rate = True
    if draft.growth is None:
        return
    if r.has("fastest"):
        draft.growth_ranked = True
    sized = any(t.kind == "superlative" and t.text not in ("lowest", "highest") for t in r.tokens)
    if r.has("amount_word") or sized_word:
        draft.growth_on = "change"
    elif by_rate:
        draft.growth_on = "change_rate"
    elif sized and draft.growth_ranked:
        draft.growth_on = "change"  # "grew the most", 减少最多: in money; "fastest" is the rate
    for token in list(r.of("fastest")):
        token.used = True
        draft.ranked = True
        draft.top = draft.top or how_many_top(r)
        slow = token.text in ("最慢", "slowest")
        draft.direction = "asc" if slow else "desc"
    if draft.growth_ranked and draft.growth == "down":
        draft.direction = "desc" if draft.direction == "asc" else "asc"  # the largest drop first


def _ranked_by(r: Reading, token: Token) -> bool:
    """ "Top 3 by growth", "ranked by sales growth", 按增长率排名."""
    before = r.before(token)
    if before is not None and before.kind == "metric":
        before = r.before(before)
    led = before is not None and (
        before.kind == "by" or (before.kind == "rank" and before.text.endswith("by"))
    )
    return led and ranking(r)


def read_compare(r: Reading) -> None:
    """同比, 环比, against target, versus, difference."""
    draft = r.draft
    kinds = {t.value for t in r.of("compare")}
    if len(kinds) > 1:
        r.problems.append(
            Note(
                "同比和环比请分开问", "Year over year or period over period? Please ask one by one"
            )
        )
    for token in list(r.of("compare")):
        token.used = True
        draft.compare = token.value  # type: ignore[assignment]
    for token in list(r.of("target")):
        token.used = True
        draft.compare = "target"
    for token in list(r.of("difference")):
        token.used = True
        draft.difference = True
    named = [f for f in draft.positive_filters if len(f.labels) >= 2]
    if named and r.has("versus", "comparative", "difference", "which", "superlative"):
        draft.contest = True
        if any(f.dimension in PARTNER_ATTRIBUTES for f in named) and draft.dims == ["partner"]:
            draft.dims = [named[0].dimension]  # 哪类伙伴: the types named, not partners
        mark_used(r, "comparative")
    if draft.difference or len(list(r.of("time"))) == 2:
        mark_used(r, "comparative")
    for token in list(r.of("pretax")):
        token.used = draft.metrics == ["amount"]  # order lines are before tax already
    for token in list(r.of("end_of")):
        token.used = bool(draft.metrics) and all(
            r.ctx.model.metrics[m].balance is not None for m in draft.metrics
        )
