"""Tokens → draft: what is measured, grouped, ranked, compared, shared and counted."""

from __future__ import annotations

import re
from itertools import pairwise

from agents.rules.draft import Bound, Note
from agents.rules.read import FAMILIES, Reading, _adjunct
from agents.rules.tokens import Threshold, Token
from leadline.types import Unit

DEFAULT_TOP = 10
"""How many "top partners" are, where no number is given; said in the reading."""

_LISTING = (
    "list",
    "show",
    "show me",
    "give me",
    "display",
    "列出",
    "列出来",
    "列表",
    "展示",
    "显示",
)
_RATIO_WORDS = ("率", "rate", "%", "ratio", "percentage", "margin")


# --------------------------------------------------------------------------------- metrics


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
        if _only_a_unit(r, token, before):
            token.used = True
            continue
        if before is not None and before.kind == "by":
            before.used = True
            r.draft.order_metric = name
            r.draft.ranked = r.draft.ranked or _ranking(r)
        token.used = True
        if name == "partner_count" and r.has(
            "threshold", "growth", "attained", "no_orders", "dormant"
        ):
            r.draft.rollup = "count"
            r.draft.dims.append("partner")
            continue
        for each in (name, *(e.name for e in token.also)):
            if each not in r.draft.metrics:
                r.draft.metrics.append(each)
    _read_attainment(r)
    _settle_targets(r)
    for token in list(r.of("verb")):
        token.used = token.value in r.draft.metrics


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
    goals = {"target_amount": "attainment", "payment_target": "payment_attainment", "payment_amount": "payment_attainment", "amount": "attainment"}
    for token in tokens:
        token.used = True
        named = [m for m in goals if m in r.draft.metrics]
        r.draft.metrics = [goals[named[0]]] if named else ["attainment", *r.draft.metrics]


_OF_WON = ("sales_cycle_days", "average_deal_size", "won_amount", "win_rate")


def read_outcome(r: Reading) -> None:
    """Won and lost deals: "deals won in 2017" counts by the day they closed, not were created."""
    if any(m in _OF_WON for m in r.draft.metrics):
        _mark_used(r, "outcome")  # these speak of won deals by definition
        r.draft.metrics = [m for m in r.draft.metrics if m != "won_opportunities"]
        return
    words = {t.value for t in r.of("outcome")}
    named = [f for f in r.draft.filters if f.dimension in ("outcome", "stage") and not f.negated]
    words |= {label.casefold() for f in named for label in f.labels}
    if words == {"won", "lost"} and r.ctx.available.has_metric("won_opportunities"):
        _mark_used(r, "outcome")
        counted = any("opportunities" in m for m in r.draft.metrics)
        kind = "opportunities" if counted or r.has("how_many") else "amount"
        r.draft.metrics = [f"won_{kind}", f"lost_{kind}"]
        r.draft.filters = [f for f in r.draft.filters if f not in named]
        return
    if len(words) != 1 or not words <= {"won", "lost"}:
        return
    outcome = words.pop()
    counted = f"{outcome}_opportunities"
    if not r.ctx.available.has_metric(counted):
        return
    metrics = r.draft.metrics
    if "opportunities" in metrics or (
        not metrics and ((r.has("how_many") and not any(t.kind == "dim" for t in r.tokens)) or any(t.text.endswith("单") for t in r.tokens if t.kind == "stop"))
    ):
        wanted = counted
    elif not metrics or metrics == ["orders"]:
        wanted = f"{outcome}_amount"
    else:
        return
    _mark_used(r, "outcome")
    r.draft.metrics = [wanted, *(m for m in metrics if m not in ("opportunities", "orders", wanted))]
    r.draft.filters = [f for f in r.draft.filters if f not in named]
    r.draft.counted = r.draft.counted or r.has("how_many")


def _ranking(r: Reading) -> bool:
    return r.has("top", "nth", "superlative", "best", "rank")


def nearest_metric(r: Reading, token: Token) -> str | None:
    """The metric that a superlative or threshold speaks of: 毛利率最高, highest margin, by sales."""
    metrics = [t for t in r.tokens if t.kind == "metric"]
    if not metrics:
        return None
    after = [t for t in metrics if t.start >= token.end]
    before = [t for t in metrics if t.end <= token.start]
    adjacent = r.before(token)
    if adjacent is not None and adjacent.kind == "metric":
        return adjacent.entries[0].name
    following = r.after(token)
    if following is not None and following.kind == "metric":
        return following.entries[0].name
    chinese = not token.text.isascii()
    pool = before[::-1] + after if chinese else after + before[::-1]
    return pool[0].entries[0].name


# ------------------------------------------------------------------------------- dimensions


def read_grain(r: Reading) -> None:
    """Time buckets: by month, each quarter, which year; a bare "month" beside a ranking or 和."""
    for token in list(r.of("grain")):
        token.used = True
        if any(r.ctx.unit(m) is Unit.DATE for m in r.draft.metrics):
            continue  # "on which day was the last order": the figure is a day already
        r.draft.grain = token.value  # type: ignore[assignment]
    if any(r.ctx.unit(m) is Unit.DAYS for m in r.draft.metrics):
        for token in r.of("count_grain", "grain_noun"):
            token.used = token.value == "day"  # "how many days" asks for the unit of the figure
    for token in list(r.of("count_grain")):
        if r.has("threshold", "growth", "no_orders"):
            token.used = True
            r.draft.grain = token.value  # type: ignore[assignment]
            r.draft.rollup = "count"
    for token in list(r.of("grain_noun")):
        before = r.before(token)
        led = before is not None and before.kind in ("each", "by", "which", "and", "superlative", "best", "number")
        if led or _ranking(r):
            token.used = True
            r.draft.grain = token.value  # type: ignore[assignment]
    for token in list(r.of("duration")):
        unit = next((g for w, g in _GRAIN_OF.items() if w in token.text), None)
        if unit is not None and _ranking(r) and not r.has("dormant", "no_orders"):
            token.used = True
            r.draft.grain = unit  # type: ignore[assignment]
            r.draft.top = _count_in(token.text)
    if r.draft.grain is None and any(True for _ in r.of("trend")):
        r.draft.grain = "month"
        r.note("趋势按月展示", "the trend is shown by month")
    for token in list(r.of("trend")):
        token.used = True


_GRAIN_OF = {"月": "month", "month": "month", "季": "quarter", "quarter": "quarter", "周": "week", "week": "week", "年": "year", "year": "year"}


def _count_in(text: str) -> int | None:
    from agents.rules.numbers import number_at

    for start in range(len(text)):
        if number := number_at(text, start):
            return int(number.value)
    return None


def read_dims(r: Reading) -> None:
    """Grouping dimensions, and which of them is the outer one of "top 3 per region"."""
    dims = [t for t in r.tokens if t.kind == "dim" and not t.used]
    for token in dims:
        name = token.entries[0].name
        marker = _marker(r, token)
        token.used = True
        if marker in ("each", "by") and not r.has("which"):
            r.draft.growth_filter = r.draft.growth_filter and _relative(r, token)
        if marker == "adjunct":
            continue
        if marker == "each":
            if name not in r.draft.outer_dims:
                r.draft.outer_dims.append(name)
        elif name not in r.draft.dims:
            r.draft.dims.append(name)
    _mark_used(r, "distribution")
    _who(r)
    dangling = r.first("each")
    named = {f.dimension for f in r.draft.filters}
    if dangling is not None and not r.draft.all_dims() and len(named) == 1 and not r.draft.grain:
        dangling.used = True  # 除Bikes以外的品类各卖了多少: by what the members are
        (r.draft.dims if r.has("share") else r.draft.outer_dims).append(named.pop())
    _unknown_group(r)


_PARTNER_ATTRIBUTES = ("partner_type", "partner_tier", "partner_status")


def _who(r: Reading) -> None:
    """谁买了…, 增值经销商有哪些: partners are meant although no word names them."""
    if r.draft.dims or r.draft.outer_dims or r.draft.grain or not r.ctx.available.has_metric("orders"):
        return
    asks = [t for t in r.tokens if t.kind == "which"]
    several = any(len(f.labels) > 1 for f in r.draft.positive_filters)
    who = any(t.text in ("谁", "who") for t in asks) and r.has("bought")
    kinds = any(f.dimension in _PARTNER_ATTRIBUTES for f in r.draft.positive_filters)
    if not several and (who or (asks and kinds) or (kinds and r.has("threshold"))):
        for token in asks:
            token.used = True
        r.draft.dims.append("partner")


def _relative(r: Reading, token: Token) -> bool:
    """Whether the dimension is what a clause describes (下降的大区), not what splits (各大区)."""
    before = r.before(token)
    return before is None or before.kind not in ("each", "by")


def _marker(r: Reading, token: Token) -> str:
    before, after = r.before(token), r.after(token)
    if before is not None and before.kind == "value":
        further = r.before(before, skip=frozenset({"stop", "value"}))
        if further is not None and further.kind == "each":
            further.used = True
            return "each"  # "each Canadian province"
    if before is not None and before.kind == "distribution":
        return "by"
    if before is not None and before.kind in ("each", "by", "which"):
        before.used = True
        return before.kind
    if before is not None and before.kind == "and":
        left = r.before(before)
        if left is not None and left.kind == "dim" and left.entries[0].name in r.draft.all_dims():
            return "each" if left.entries[0].name in r.draft.outer_dims else "by"
    if after is not None and after.kind in ("distribution", "rank", "which"):
        return "by"
    if (r.has("total") and not _ranking(r)) or _filtered_by_it(r, token):
        return "adjunct"
    if _adjunct(r, token):
        ranked = _ranking(r) or r.has("threshold", "no_orders", "dormant", "attained", "which")
        same = any(
            t.kind == "value" and t.entries and t.entries[0].name == token.entries[0].name
            for t in r.tokens
        )
        return "adjunct" if same or not ranked else "by"
    if token.entries[0].name in _PLAIN and not (
        _lists_partners(r, token) or _who_bought(r, token)
    ):
        return "adjunct"
    return "by"


_PLAIN = ("partner", "product", "customer")
"""Words such as "reseller sales", 产品销量 merely say whose figures are meant."""


def _filtered_by_it(r: Reading, token: Token) -> bool:
    """ "Countries other than France": the word names what the members beside it are."""
    if _ranking(r) or r.has("threshold", "share", "growth", "which", "distribution"):
        return False
    name = token.entries[0].name
    family = next((f for f in FAMILIES if name in f), frozenset({name}))
    negated = r.has("not", "not_after")
    return any(
        t.kind == "value"
        and t.entries
        and (t.entries[0].name == name or (negated and t.entries[0].name in family))
        for t in r.tokens
    ) and r.has("how_much", "others", "total", "not_after")


def _who_bought(r: Reading, token: Token) -> bool:
    """ "买了财务云的伙伴": the clause ends in those who did it."""
    last = [t for t in r.tokens if t.kind != "stop"][-1:]
    return bool(last) and last[0] is token and r.has("bought") and not r.has("metric", "how_much")


def _lists_partners(r: Reading, token: Token) -> bool:
    """Whether a bare 伙伴/reseller asks for a list, or merely says whose sales are meant."""
    led = (r.before(t) for t in r.tokens if t.kind == "dim" and t is not token)
    if any(t is not None and t.kind == "which" for t in led):
        return False  # "which manager's partners": the managers are listed
    if _ranking(r) or r.has(
        "threshold", "share", "dormant", "no_orders", "attained", "distribution"
    ):
        return True
    if r.has("which", "fastest") or any(t.text in _LISTING for t in r.tokens):
        return r.has("which", "fastest") or token.text.endswith("s") or not token.text.isascii()
    return not r.has("metric", "bought", "how_many", "how_much", "growth")


def _unknown_group(r: Reading) -> None:
    """ "By policy": a grouping word followed by something that we do not know."""
    for word in list(r.of("by", "each", "which")):
        gap = next((span for span in r.cover.residual if span[0] >= word.end), None)
        after = r.after(word)
        if gap is not None and (after is None or gap[0] < after.start):
            r.unknown_group = r.cover.text[gap[0] : gap[1]]


def _mark_used(r: Reading, *kinds: str) -> None:
    for token in list(r.of(*kinds)):
        token.used = True


# ---------------------------------------------------------------------------------- ranking


def read_ranking(r: Reading) -> None:
    """Top and bottom N, the N-th, superlatives, "ranked"."""
    draft = r.draft
    if len(list(r.of("top", "nth"))) > 1:
        r.problems.append(_two_rankings())
    for token in list(r.of("top", "nth")):
        if draft.direction is not None and draft.direction != token.value:
            r.problems.append(_two_rankings())
        token.used = True
        draft.ranked, draft.direction = True, token.value  # type: ignore[assignment]
        draft.top = token.number
        if token.number == 0:
            r.problems.append(Note("前 0 名没有内容，要看前几名？", "The first none? How many do you want?"))
        if token.kind == "nth":
            draft.nth = token.number
        draft.order_metric = draft.order_metric or nearest_metric(r, token)
    if draft.metrics or r.has("bought"):  # "best by sales" ranks by sales; "the best partner" alone is asked back
        for token in list(r.of("best")):
            token.kind = "superlative"
    for token in list(r.of("superlative")):
        if draft.nth is not None or r.has("fastest"):
            token.used = True
            continue
        _superlative(r, token)
    ascending = r.has("rank_asc")
    for token in list(r.of("rank", "rank_asc")):
        token.used = True
        draft.ranked = True
        draft.direction = draft.direction or ("asc" if ascending else "desc")
    if draft.ranked and draft.order_metric is None and draft.metrics:
        draft.order_metric = draft.metrics[0]


def _superlative(r: Reading, token: Token) -> None:
    draft = r.draft
    metric = nearest_metric(r, token)
    token.used = True
    if draft.direction is not None and (
        draft.direction != token.value or (draft.order_metric or metric) != metric
    ):
        if draft.top is not None and draft.order_metric == metric and draft.direction == token.value:
            return
        r.problems.append(_two_rankings())
        return
    draft.ranked, draft.direction = True, token.value  # type: ignore[assignment]
    draft.order_metric = draft.order_metric or metric
    if draft.top is None:
        draft.top = _how_many_top(r)


def _how_many_top(r: Reading) -> int:
    number = next(
        (
            t
            for t in r.of("number")
            if t.amount and 1 <= t.amount.value <= 500 and not t.amount.scaled
        ),
        None,
    )
    if number is not None and number.amount is not None:
        number.used = True
        return int(number.amount.value)
    plural = any(
        t.kind == "dim" and t.text.isascii() and t.text.endswith("s") for t in r.tokens
    ) or any(t.kind == "which" and t.text == "哪些" for t in r.tokens)
    if plural and not any(t.kind == "which" and t.text == "which" for t in r.tokens):
        r.note(f"未说明数量，取前 {DEFAULT_TOP}", f"no number was given: the first {DEFAULT_TOP}")
        return DEFAULT_TOP
    return 1


def _two_rankings() -> Note:
    return Note(
        "一个问题里有两种排序，请分开问", "two rankings in one question: please ask them one by one"
    )


# ------------------------------------------------------------------------------- thresholds


def read_bounds(r: Reading) -> None:
    """Thresholds, each tied to a metric, to its growth, or to a share."""
    limits = [t for t in r.tokens if t.kind == "threshold"]
    for left, right in pairwise(limits):
        if any(t.kind == "or" and left.end <= t.start < right.end for t in r.tokens):
            r.problems.append(
                Note("还不能用“或”连接两个条件，请分开问", "Two conditions joined by “or”: please ask one by one")
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


def _bind(r: Reading, token: Token, bound: Threshold) -> Bound:
    before, after = r.before(token), r.after(token)
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


# ------------------------------------------------------------- growth, comparison, share, counts


def read_growth(r: Reading) -> None:
    """Growth words and the fastest of them."""
    draft = r.draft
    by_rate = r.has("fastest", "rate_word")
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
        if any(t is not None and t.kind in ("superlative", "fastest", "top", "best") for t in beside):
            draft.growth_ranked = True
        if token.text in ("降幅", "跌幅", "增幅", "增速", "涨幅", "增长率"):
            by_rate = True
    if draft.growth is None:
        return
    if r.has("fastest"):
        draft.growth_ranked = True
    sized = any(t.kind == "superlative" and t.text not in ("lowest", "highest") for t in r.tokens)
    if r.has("amount_word"):
        draft.growth_on = "change"
    elif by_rate:
        draft.growth_on = "change_rate"
    elif sized and draft.growth_ranked:
        draft.growth_on = "change"  # "grew the most", 减少最多: in money; "fastest" is the rate
    for token in list(r.of("fastest")):
        token.used = True
        draft.ranked = True
        draft.top = draft.top or _how_many_top(r)
        slow = token.text in ("最慢", "slowest")
        draft.direction = "asc" if slow else "desc"
    if draft.growth_ranked and draft.growth == "down":
        draft.direction = "desc" if draft.direction == "asc" else "asc"  # the largest drop first


def read_compare(r: Reading) -> None:
    """同比, 环比, against target, versus, difference."""
    draft = r.draft
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
        if any(f.dimension in _PARTNER_ATTRIBUTES for f in named) and draft.dims == ["partner"]:
            draft.dims = [named[0].dimension]  # 哪类伙伴: the types named, not partners
        _mark_used(r, "comparative")
    if draft.difference or len(list(r.of("time"))) == 2:
        _mark_used(r, "comparative")
    for token in list(r.of("pretax")):
        token.used = draft.metrics == ["amount"]  # order lines are before tax already
    for token in list(r.of("end_of")):
        token.used = bool(draft.metrics) and all(
            r.ctx.model.metrics[m].balance is not None for m in draft.metrics
        )


def read_share(r: Reading) -> None:
    """占比: of which members, of which whole."""
    tokens = list(r.of("share"))
    if not tokens or r.draft.where_ranked:
        return
    if r.has("bought") and not r.draft.metrics and set(r.draft.all_dims()) <= {"partner"} and not (
        _ranking(r) or r.has("value", "how_much")
    ):
        r.impossible = Note(
            "还不能计算“下过单的伙伴占比”这类个数之比，可以分别问两个个数",
            "Shares of a number of partners cannot be computed yet; ask for the two counts",
        )
    word = tokens[0]
    if any(b.on == "growth" for b in r.draft.bounds) and r.draft.growth is not None:
        _mark_used(r, "share")  # "declined by more than 20 percent"
        return
    _mark_used(r, "share")
    r.draft.share = True
    values = [t for t in r.tokens if t.kind == "value" and t.entries]
    if r.draft.outer_dims and len({t.entries[0].name for t in values}) == 1:
        if not _parent_of(values[0].entries[0].name, r.draft.outer_dims[-1]):
            _share_within(r, values)
        return
    if not values or r.draft.all_dims() or (r.draft.grain is not None and not values):
        return
    focus = _focus_token(r, word, values)
    dimension = focus.entries[0].name
    use = next(f for f in r.draft.filters if f.dimension == dimension and not f.negated)
    r.draft.filters.remove(use)
    r.draft.focus = use


_WITHIN = re.compile(r"within|in each|of each|for each|every|中|里|内部?")


def _share_within(r: Reading, values: list[Token]) -> None:
    """ "Share of bikes within each region": of each region's own total, if that was said."""
    name = values[0].entries[0].name
    if not _WITHIN.search(r.cover.text):
        r.problems.append(
            Note(
                "占比是占各自内部的合计，还是占全部合计？请说“各…内部的占比”或“按…分布的占比”",
                "Share within each of them, or of the whole? Say “within each …” or “distribution by …”",
            )
        )
        return
    use = next(f for f in r.draft.filters if f.dimension == name and not f.negated)
    r.draft.filters.remove(use)
    r.draft.focus = use


_LEVELS = (
    ("region_group", "country", "region", "territory", "city", "partner"),
    ("product_category", "product_subcategory", "product_model", "product"),
)


def _parent_of(name: str, dimension: str) -> bool:
    """Whether `name` is a coarser level of the hierarchy of `dimension`: then it is the whole."""
    for levels in _LEVELS:
        if name in levels and dimension in levels:
            return levels.index(name) < levels.index(dimension)
    return False


def _finer(values: list[Token]) -> Token | None:
    """Of two members of one hierarchy (Canada, North America): the finer, which is the part."""
    names = [t.entries[0].name for t in values]
    for levels in _LEVELS:
        if len(values) == 2 and all(n in levels for n in names) and names[0] != names[1]:
            return max(values, key=lambda t: levels.index(t.entries[0].name))
    return None


def _focus_token(r: Reading, word: Token, values: list[Token]) -> Token:
    """Which member the share is of: 自行车占…, Bikes' share of …, share of X that comes from Y."""
    if len(values) == 1:
        return values[0]
    finer = _finer(values)
    if finer is not None:
        return finer
    before = [t for t in values if t.end <= word.start]
    after = [t for t in values if t.start >= word.end]
    text = r.cover.text
    if not word.text.isascii():
        return before[-1] if before else after[0]
    for token in after:
        lead = text[word.end : token.start]
        if any(w in lead for w in (" from ", " is ", " are ", " was ", " were ", " due to ")):
            return token
    if before and (text[before[-1].end : word.start].strip() in ("'s", "", "'") or not after):
        return before[-1]
    return after[0] if after else before[-1]


_SUMMING = frozenset(
    "合计 总计 总和 加起来 加总 共计 总共 一共 total combined together sum altogether".split()
    + ["in total", "add up to", "add up", "adds up to", "summed up"]
)


def read_counts(r: Reading) -> None:
    """ "How many partners …", averages per month or per member, totals."""
    draft = r.draft
    for token in list(r.of("avg_by")):
        token.used = True
        draft.rollup, draft.rollup_grain = "avg", token.value  # type: ignore[assignment]
        draft.grain = token.value  # type: ignore[assignment]
    for token in list(r.of("how_many")):
        before = r.before(token)
        if before is not None and before.kind == "by":
            r.problems.append(
                Note("不能按“数量”分组，请说出维度", "Grouping by a count is not possible; name a dimension")
            )
        target = r.after(token)
        if target is not None and target.kind in ("each", "which"):
            target = r.after(target)
        if target is not None and target.kind == "value":
            target = _dim_nearby(r, target) or target
        if target is not None and target.kind == "value" and _counts_value(r, token, target):
            continue
        if (target is None or target.kind != "dim") and len(token.text) > 1:
            target = _counted_before(r, token) or target
        if target is not None and target.kind == "dim":
            token.used = target.used = True
            _count_members(r, target.entries[0].name)
    for token in list(r.of("rollup")):
        _average(r, token)
    for token in list(r.of("total", "scope_all")):
        token.used = True
        draft.total = True
        draft.summing = draft.summing or token.text in _SUMMING
    for token in list(r.of("cumulative")):
        token.used = True
        draft.cumulative = draft.total = True


def _counts_value(r: Reading, token: Token, target: Token) -> bool:
    """ "How many jerseys": units sold. "有多少家自行车专卖店": partners of that type."""
    after = r.after(target)
    if after is not None and after.kind in ("dim", "metric"):
        return False
    dimension = target.entries[0].name
    if dimension.startswith("product") and not r.draft.metrics:
        token.used = True
        r.draft.metrics.append("quantity")
        return True
    if dimension in _PARTNER_ATTRIBUTES and not r.draft.metrics:
        token.used = True
        _count_members(r, "partner")
        return True
    return False


def _counted_before(r: Reading, token: Token) -> Token | None:
    """ "销售额超过100万的伙伴有多少家": what is counted stands before the counting word."""
    if token.text.isascii():
        return None
    before = [t for t in r.tokens if t.kind == "dim" and t.end <= token.start]
    return before[-1] if before else None


def _dim_nearby(r: Reading, token: Token) -> Token | None:
    after = r.after(token)
    return after if after is not None and after.kind == "dim" else None


def _count_members(r: Reading, dimension: str) -> None:
    draft = r.draft
    conditional = bool(
        r.has("threshold", "attained", "no_orders", "dormant")
        or (r.has("growth") and not draft.metrics)
        or r.has("growth")
    )
    if conditional:
        draft.rollup = "count"
        draft.dims.append(dimension)
        return
    if dimension == "product" and r.has("bought") and not r.has("different"):
        # units, or different products? both are told
        for name in ("quantity", "products_sold"):
            if name not in draft.metrics and r.ctx.available.has_metric(name):
                draft.metrics.append(name)
        return
    distinct = {
        "partner": "active_partners" if r.has("bought", "time", "grain") else "partner_count",
        "customer": "active_customers",
        "product": "products_sold",
    }.get(dimension)
    if distinct and r.ctx.available.has_metric(distinct):
        if distinct not in draft.metrics:
            draft.metrics.append(distinct)
        if distinct == "active_partners":
            r.note("按有订单的伙伴计", "partners with at least one order are counted")
        return
    draft.rollup = "count"
    draft.dims.append(dimension)


def _average(r: Reading, token: Token) -> None:
    """ "Average sales per partner", "average monthly orders"; a ratio is an average already."""
    draft = r.draft
    token.used = True
    if draft.rollup_grain is not None:
        return
    if draft.metrics == ["orders"] and (r.has("how_much") or "钱" in r.cover.text):
        draft.metrics = ["average_order_value"]
        draft.total = True
        for number in list(r.of("number")):
            number.used = number.text.strip() in ("one", "1", "一")
        return
    if draft.metrics and all(r.ctx.unit(m) in (Unit.RATIO, Unit.DAYS) or "average" in m for m in draft.metrics):
        return
    if draft.grain is not None:
        draft.rollup, draft.rollup_grain = "avg", draft.grain
        return
    dims = [t for t in r.tokens if t.kind == "dim"]
    each = [
        t
        for t in dims
        if ((b := r.before(t)) is not None and b.kind == "each")
        or token.text.endswith("每")
        or token.text.endswith("每个")
    ]
    if token.text in ("人均", "户均", "店均") or (each and each[0].entries[0].name == "partner"):
        for t in each:
            t.used = True
            if (b := r.before(t)) is not None and b.kind == "each":
                b.used = True
        if draft.metrics in ([], ["amount"]):
            draft.metrics = ["amount_per_partner"]
            return
        draft.rollup, draft.dims = "avg", ["partner"]
        return
    if each:
        draft.rollup = "avg"
        for t in each:
            t.used = True
            if (b := r.before(t)) is not None:
                b.used = True
            draft.dims.append(t.entries[0].name)
        return
    token.used = False  # an average of what? the planner asks


def read_multiples(r: Reading) -> None:
    """翻倍, halved: growth with its threshold in one word."""
    for token in list(r.of("multiple")):
        token.used = True
        direction, _, size = token.value.partition(":")
        r.draft.growth = "up" if direction == "up" else "down"
        limit = Threshold("ge", float(size), None, percent=True, money=False, scaled=True)
        r.draft.bounds.append(Bound(None, "growth", limit))


def read_place(r: Reading) -> None:
    """ "Where does Canada rank?": its place among all members of its dimension."""
    for token in list(r.of("which_rank")):
        token.used = True
        r.draft.where_ranked = True
    asked = any(t.kind == "rank" and t.text.startswith("rank") for t in r.tokens)
    single = [f for f in r.draft.positive_filters if len(f.labels) == 1]
    dims = r.draft.all_dims()
    if asked and single and (not dims or dims == [single[-1].dimension]) and r.draft.grain is None:
        r.draft.where_ranked = True  # "what is Germany's rank among countries"
    if not r.draft.where_ranked:
        return
    for token in r.of("rank"):
        token.used = True
    r.draft.ranked = True
    r.draft.direction = r.draft.direction or "desc"
    named = [f for f in r.draft.positive_filters if len(f.labels) == 1]
    wanted = [f for f in named if f.dimension in r.draft.all_dims()] or named
    if not wanted:
        r.draft.where_ranked = False
        return
    r.draft.focus = wanted[-1]
    r.draft.filters = [f for f in r.draft.filters if f is not wanted[-1]]
    r.draft.dims = [wanted[-1].dimension]


def read_conditions(r: Reading) -> None:
    """Dormant partners, partners without orders, targets hit or missed."""
    draft = r.draft
    for token in list(r.of("dormant")):
        token.used = True
        draft.dormant_days = _days(r) or draft.dormant_days or 90
    for token in list(r.of("no_orders")):
        token.used = True
        days = _days(r)
        if days is not None:
            draft.dormant_days = days
        elif draft.dormant_days is None:
            draft.no_orders = True
    for token in list(r.of("attained")):
        token.used = True
        draft.attained = token.value  # type: ignore[assignment]
    lists = any(t.kind == "dim" and t.entries[0].name == "partner" for t in r.tokens)
    if "first_order_date" in draft.metrics and lists and r.has("time"):
        draft.metrics = ["new_partners"]  # partners whose first order was in a period
        draft.dims = ["partner"]
    for token in list(r.of("first_time")):
        token.used = True
        if "new_partners" not in draft.metrics:
            draft.metrics = [m for m in draft.metrics if m not in ("partner_count", "active_partners", "orders")]
            draft.metrics.insert(0, "new_partners")
            draft.notes = [n for n in draft.notes if "订单的伙伴" not in n.zh]
        if r.has("which") or any(t.kind == "dim" and t.text.endswith("s") for t in r.tokens) and not r.has("how_many"):
            draft.dims = draft.dims or ["partner"]


def _days(r: Reading) -> int | None:
    """The number of days of "over 90 days", "3 months", or of a rolling window."""
    days: int | None = None
    for token in list(r.of("duration")):
        token.used = True
        days = token.number
    return days
