"""Tokens → draft: what splits the rows, by which period, and who is listed."""

from __future__ import annotations

from agents.rules.read import FAMILIES, Reading, adjunct, mark_used, ranking
from agents.rules.tokens import Token
from leadline.types import Unit

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
        led = before is not None and before.kind in (
            "each",
            "by",
            "which",
            "and",
            "superlative",
            "best",
            "number",
        )
        if led or ranking(r):
            token.used = True
            r.draft.grain = token.value  # type: ignore[assignment]
    for token in list(r.of("duration")):
        unit = next((g for w, g in _GRAIN_OF.items() if w in token.text), None)
        if unit is not None and ranking(r) and not r.has("dormant", "no_orders"):
            token.used = True
            r.draft.grain = unit  # type: ignore[assignment]
            r.draft.top = _count_in(token.text)
    if r.draft.grain is None and any(True for _ in r.of("trend")):
        r.draft.grain = "month"
        r.note("趋势按月展示", "the trend is shown by month")
    for token in list(r.of("trend")):
        token.used = True


_GRAIN_OF = {
    "月": "month",
    "month": "month",
    "季": "quarter",
    "quarter": "quarter",
    "周": "week",
    "week": "week",
    "年": "year",
    "year": "year",
}


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
    mark_used(r, "distribution")
    _who(r)
    dangling = r.first("each")
    named = {f.dimension for f in r.draft.filters}
    if dangling is not None and not r.draft.all_dims() and len(named) == 1 and not r.draft.grain:
        dangling.used = True  # 除Bikes以外的品类各卖了多少: by what the members are
        (r.draft.dims if r.has("share") else r.draft.outer_dims).append(named.pop())
    _unknown_group(r)


PARTNER_ATTRIBUTES = ("partner_type", "partner_tier", "partner_status")


def _who(r: Reading) -> None:
    """谁买了…, 增值经销商有哪些: partners are meant although no word names them."""
    if (
        r.draft.dims
        or r.draft.outer_dims
        or r.draft.grain
        or not r.ctx.available.has_metric("orders")
    ):
        return
    asks = [t for t in r.tokens if t.kind == "which"]
    several = any(len(f.labels) > 1 for f in r.draft.positive_filters)
    who = any(t.text in ("谁", "who") for t in asks) and r.has("bought")
    if asks and r.has("attained", "attained_verb"):
        goal = next((m for m in r.draft.metrics if m.endswith("attainment")), "attainment")
        holders = [
            d for d in ("partner", "salesperson", "region") if r.ctx.available.carries(goal, d)
        ]
        if holders:  # 谁没完成目标
            for token in asks:
                token.used = True
            r.draft.dims.append(holders[0])
        return
    kinds = any(f.dimension in PARTNER_ATTRIBUTES for f in r.draft.positive_filters)
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
    if (r.has("total") and not ranking(r)) or _filtered_by_it(r, token):
        return "adjunct"
    if adjunct(r, token):
        ranked = ranking(r) or r.has("threshold", "no_orders", "dormant", "attained", "which")
        same = any(
            t.kind == "value" and t.entries and t.entries[0].name == token.entries[0].name
            for t in r.tokens
        )
        others = any(t.kind == "dim" and t is not token for t in r.tokens)
        return "adjunct" if same or others or not ranked else "by"
    if token.entries[0].name in _PLAIN and not (_lists_partners(r, token) or _who_bought(r, token)):
        return "adjunct"
    return "by"


_PLAIN = ("partner", "product", "customer")
"""Words such as "reseller sales", 产品销量 merely say whose figures are meant."""


def _filtered_by_it(r: Reading, token: Token) -> bool:
    """ "Countries other than France": the word names what the members beside it are."""
    if ranking(r) or r.has("threshold", "share", "growth", "which", "distribution"):
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
    if not last or last[0] is not token:
        return False
    fell = any(t.kind == "growth" and t.value in ("up", "down") for t in r.tokens)
    return (r.has("bought") and not r.has("metric", "how_much")) or fell


def _lists_partners(r: Reading, token: Token) -> bool:
    """Whether a bare 伙伴/reseller asks for a list, or merely says whose sales are meant."""
    led = (r.before(t) for t in r.tokens if t.kind == "dim" and t is not token)
    if any(t is not None and t.kind == "which" for t in led):
        return False  # "which manager's partners": the managers are listed
    if ranking(r) or r.has(
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
