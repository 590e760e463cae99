"""Tokens → draft: counts of members, averages, sums, and members by condition."""

from __future__ import annotations

from agents.rules.draft import Note
from agents.rules.read import Reading
from agents.rules.read_dims import PARTNER_ATTRIBUTES
from agents.rules.tokens import Token
from leadline.types import Unit

_SUMMING = frozenset(
    {
        *("合计", "总计", "总和", "加起来", "加总", "共计", "总共", "一共", "total", "combined"),
        *("together", "sum", "altogether", "in total", "add up to", "add up", "adds up to"),
    }
)
"""Totals that, said of a list, ask for the sum over its rows."""


def read_counts(r: Reading) -> None:
    """ "How many partners …", averages per month or per member, totals."""
    draft = r.draft
    for token in list(r.of("avg_by")):
        token.used = True
        draft.rollup, draft.rollup_grain = "avg", token.value  # type: ignore[assignment]
        draft.grain = token.value  # type: ignore[assignment]
    _counting_words(r)
    for token in list(r.of("how_many")):
        before = r.before(token)
        if before is not None and before.kind == "by":
            r.problems.append(
                Note(
                    "不能按“数量”分组，请说出维度",
                    "Grouping by a count is not possible; name a dimension",
                )
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
            count_members(r, target.entries[0].name)
    for token in list(r.of("rollup")):
        _average(r, token)
    for token in list(r.of("total", "scope_all")):
        token.used = True
        draft.total = True
        draft.summing = draft.summing or token.text in _SUMMING
    for token in list(r.of("cumulative")):
        token.used = True
        draft.cumulative = draft.total = True


def _counting_words(r: Reading) -> None:
    """多少 counts where members follow it (有多少经销商) or a condition has picked them."""
    picked = r.has("no_orders", "dormant", "attained", "threshold") and not r.has("metric")
    for token in list(r.of("how_much")):
        if token.text != "多少":
            continue
        following = r.after(token)
        members = following is not None and following.kind == "dim"
        if members or (picked and _counted_before(r, token) is not None):
            token.kind = "how_many"


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
    if dimension in PARTNER_ATTRIBUTES and not r.draft.metrics:
        token.used = True
        count_members(r, "partner")
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


def count_members(r: Reading, dimension: str) -> None:
    """How many members there are: a metric where there is one, else the rows are counted."""
    draft = r.draft
    conditional = bool(
        r.has("threshold", "attained", "no_orders", "dormant")
        or (r.has("growth") and not draft.metrics)
        or r.has("growth")
    )
    if conditional:
        draft.rollup, draft.counted_dim = "count", dimension
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
    draft.rollup, draft.counted_dim = "count", dimension
    draft.dims.append(dimension)


def _use_with_marker(r: Reading, tokens: list[Token]) -> None:
    for token in tokens:
        token.used = True
        before = r.before(token)
        if before is not None and before.kind == "each":
            before.used = True


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
    if draft.metrics and all(
        r.ctx.unit(m) in (Unit.RATIO, Unit.DAYS) or "average" in m for m in draft.metrics
    ):
        return
    if draft.grain is not None:
        draft.rollup, draft.rollup_grain = "avg", draft.grain
        return
    every = token.text.endswith(("每", "每个"))
    each = [
        t
        for t in r.tokens
        if t.kind == "dim"
        and (((b := r.before(t)) is not None and b.kind == "each") or (every and b is token))
    ]
    people = [t for t in each if t.entries[0].name == "partner"]
    if token.text in ("人均", "户均", "店均") or people:
        _use_with_marker(r, people)  # other dimensions marked 各 stay the grouping
        if draft.metrics in ([], ["amount"]):
            draft.metrics = ["amount_per_partner"]
            return
        draft.rollup, draft.dims = "avg", ["partner"]
        return
    if each:
        draft.rollup = "avg"
        _use_with_marker(r, each)
        draft.dims.extend(t.entries[0].name for t in each)
        return
    token.used = False  # an average of what? the planner asks


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
            draft.metrics = [
                m for m in draft.metrics if m not in ("partner_count", "active_partners", "orders")
            ]
            draft.metrics.insert(0, "new_partners")
            draft.notes = [n for n in draft.notes if "订单的伙伴" not in n.zh]
        if r.has("which") or (
            any(t.kind == "dim" and t.text.endswith("s") for t in r.tokens)
            and not r.has("how_many")
        ):
            draft.dims = draft.dims or ["partner"]


def _days(r: Reading) -> int | None:
    """The number of days of "over 90 days", "3 months", or of a rolling window."""
    days: int | None = None
    for token in list(r.of("duration")):
        token.used = True
        days = token.number
    return days
