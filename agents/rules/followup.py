"""A follow-up is a patch of what was said before, never a guess at a whole new question."""

from __future__ import annotations

from dataclasses import dataclass, replace

from agents.rules.draft import Draft, FilterUse
from agents.rules.read import FAMILIES, Reading
from agents.rules.timex import with_year_of

_PLACES_OF_PARTNERS = frozenset(
    {
        "partner",
        "partner_type",
        "partner_tier",
        "region",
        "country",
        "region_group",
        "territory",
        "city",
    }
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the last answer listed: the dimension of its rows and their labels, in order."""

    dimension: str
    labels: tuple[str, ...]


def is_followup(r: Reading) -> bool:
    """Whether the question leans on the one before."""
    if r.has("handle"):
        return True
    draft = r.draft
    opening = next((t for t in r.tokens if t.text != ","), None)
    if opening is not None and opening.kind in ("and", "also"):
        return True
    if opening is not None and opening.kind == "each" and not draft.outer_dims:
        return True  # 各买了什么产品: each of those before
    if all(t.kind == "metric" or (t.kind == "stop" and not t.text.isalnum()) for t in r.tokens):
        return True  # a metric alone, right after an answer
    complete = bool(draft.metrics) and bool(
        draft.all_dims() or draft.grain or draft.ranked or draft.filters or draft.time
    )
    if r.has("follow"):
        return not (complete and (draft.all_dims() or draft.ranked))
    if draft.metrics or draft.no_orders or draft.dormant_days is not None or draft.attained:
        return False
    return not r.has("bought", "how_many")


def patch(old: Draft, r: Reading, shown: Shown | None) -> Draft | None:
    """The old draft with what the new question says put in its place.

    Returns None where the question points at rows ("these five") and none were shown.
    """
    new, result = r.draft, old.copy()
    result.notes = list(new.notes)
    handled = r.has("handle")
    if handled:
        if shown is None:
            return None
        _freeze(result, r, shown)
    adds = any(t.text in ("加上", "plus", "as well as", "along with") for t in r.tokens[:2])
    _widen(result, r)
    if _against_member(result, r):
        return result
    _patch_metrics(result, new, keep=r.has("also") or adds)
    _patch_filters(result, new, narrow=handled or _narrows(r))
    _patch_time(result, new)
    _patch_shape(result, new, r, handled=handled)
    return result


def of_the_listed(old: Draft, r: Reading, shown: Shown | None) -> bool:
    """Whether a ranking was listed and the new question splits by something else.

    Of those listed, or of all? The planner asks.
    """
    new = r.draft
    if shown is None or r.has("handle"):
        return False
    listed = old.ranked and old.top is not None and len(shown.labels) > 1
    others = [d for d in new.all_dims() if d != shown.dimension]
    group = bool(new.outer_dims) and r.has("each") and not r.has("bought")
    return listed and bool(others) and not new.ranked and not group


def _widen(result: Draft, r: Reading) -> None:
    """全国呢, all regions: the place named before no longer limits."""
    everything = r.has("scope_all") or any(
        t.kind == "total" and t.text in ("所有", "全部", "all") for t in r.tokens
    )
    if everything and not r.draft.filters:
        places = FAMILIES[0]
        result.filters = [f for f in result.filters if f.dimension not in places]


def _against_member(result: Draft, r: Reading) -> bool:
    """ "和华南比呢": the member named before stays, the new one stands beside it."""
    new = r.draft.positive_filters
    if not r.has("versus") or len(new) != 1 or r.draft.time is not None:
        return False
    same = [f for f in result.positive_filters if f.dimension == new[0].dimension]
    if len(same) != 1:
        return False
    both = tuple(dict.fromkeys([*same[0].labels, *new[0].labels]))
    result.filters = [f for f in result.filters if f is not same[0]]
    result.filters.append(FilterUse(new[0].dimension, both))
    result.contest = True
    return True


def _narrows(r: Reading) -> bool:
    words = ("only", "just", "只看", "仅看", "仅", "只")
    return any(t.kind == "follow" and t.text in words for t in r.tokens)


def _freeze(result: Draft, r: Reading, shown: Shown) -> None:
    labels = handled_labels(r, shown)
    for each in r.of("handle"):
        each.used = True
    result.filters = [f for f in result.filters if f.dimension != shown.dimension]
    result.filters.append(FilterUse(shown.dimension, labels))
    result.dims = [shown.dimension]
    result.outer_dims = []
    result.top = result.nth = result.direction = None
    result.ranked = False
    result.bounds = []
    result.growth = None
    result.rollup = None
    result.dormant_days, result.no_orders, result.attained = None, False, None
    result.focus, result.share = None, False
    if r.draft.share:  # "their share of the total": all members count in the whole
        result.focus = result.filters.pop()
    if result.metrics in (["days_since_last_order"], ["orders"]) and r.draft.metrics:
        result.metrics = []


def handled_labels(r: Reading, shown: Shown) -> tuple[str, ...]:
    """The members that "these five", "the first one", 其中 point at."""
    token = next(t for t in r.tokens if t.kind == "handle")
    if token.value == "first":
        return shown.labels[:1]
    if token.value == "nth":
        return shown.labels[(token.number or 1) - 1 : token.number]
    return shown.labels if token.number is None else shown.labels[: token.number]


def first_as_handle(r: Reading, shown: Shown | None) -> None:
    """ "第一名的毛利率" after a list: the first of that list."""
    if shown is None or any(t.kind == "dim" for t in r.tokens):
        return
    for token in r.tokens:
        first = token.kind == "superlative" and token.text.startswith(("第一", "冠军"))
        nth = (
            token.kind == "nth"
            and token.value == "desc"
            and 0 < (token.number or 0) <= len(shown.labels)
        )
        if first or nth:
            token.kind, token.value, token.used = "handle", "first" if first else "nth", True
            r.draft.nth = None
            r.draft.ranked, r.draft.top, r.draft.direction = False, None, None
            r.draft.order_metric = None


def _patch_metrics(result: Draft, new: Draft, *, keep: bool) -> None:
    if not new.metrics:
        return
    sister = {"won_amount": "won_opportunities", "lost_amount": "lost_opportunities"}
    if result.metrics and result.metrics[0].endswith("_opportunities"):
        new.metrics = [sister.get(m, m) for m in new.metrics]  # "how about lost ones?": deals too
    result.metrics = (
        list(dict.fromkeys([*result.metrics, *new.metrics])) if keep else list(new.metrics)
    )
    result.order_metric = new.order_metric
    result.bounds = [b for b in result.bounds if b.metric in result.metrics]
    result.dormant_days, result.no_orders, result.attained = None, False, None


def _patch_filters(result: Draft, new: Draft, *, narrow: bool) -> None:
    for use in new.filters:
        family = next((f for f in FAMILIES if use.dimension in f), frozenset({use.dimension}))
        if use.dimension == "partner":
            family = _PLACES_OF_PARTNERS  # "and Boyuan?" after a city: the partner, wherever it is
        if not use.negated and not narrow:
            result.filters = [f for f in result.filters if f.dimension not in family]
            if result.focus is not None and result.focus.dimension in family:
                result.focus = use
                continue
        elif not use.negated:
            result.filters = [f for f in result.filters if f.dimension != use.dimension or narrow]
        result.filters.append(use)
    if new.focus is not None:
        result.focus, result.share = new.focus, True


def _patch_time(result: Draft, new: Draft) -> None:
    if new.against is not None and result.time is not None and result.time.unit is not None:
        words = (new.against.label_zh, new.against.label_en)
        if words[0].startswith(("上", "前")) or words[1].startswith("last "):
            result.compare, result.base_time = "previous_period", None
        else:
            result.compare, result.base_time = "custom", new.against
        return
    if new.time is not None:
        old = result.time
        result.time = (
            new.time if old is None else with_year_of(new.time, replace(old, year_given=True))
        )
        if result.compare == "custom":
            result.compare, result.base_time = None, None
    if new.base_time is not None:
        result.base_time = new.base_time
    if new.compare is not None:
        result.compare = new.compare
        if new.compare != "custom":
            result.base_time = None


def _patch_shape(result: Draft, new: Draft, r: Reading, *, handled: bool) -> None:
    if new.total and not new.all_dims() and new.grain is None and not new.share:
        result.dims, result.outer_dims, result.grain, result.ranked = [], [], None, False
        result.top, result.total = None, True
        result.share = False
    _patch_dims(result, new, r)
    if new.grain is not None:
        result.grain = new.grain
        if handled and not new.all_dims():
            result.dims = []
        if result.compare == "custom":
            result.compare, result.base_time = None, None
    if new.ranked:
        result.ranked, result.direction, result.nth = True, new.direction, new.nth
        result.top = new.top or result.top
        result.order_metric = new.order_metric or result.order_metric
    if new.growth is not None:
        result.growth, result.growth_on = new.growth, new.growth_on
        result.growth_ranked = new.growth_ranked
        result.growth_filter = handled or r.has("which") or result.growth_filter
    if new.share:
        result.share = True
        _focus_last(result)
    if new.rollup is not None:
        result.rollup, result.rollup_grain = new.rollup, new.rollup_grain
    if new.contest or new.difference:
        result.contest, result.difference = new.contest, new.difference
    for bound in new.bounds:
        result.bounds = [b for b in result.bounds if (b.metric, b.on) != (bound.metric, bound.on)]
        result.bounds.append(bound)
    if new.attained is not None:
        result.attained = new.attained
    if new.dormant_days is not None:
        result.dormant_days = new.dormant_days
    if new.no_orders:
        result.no_orders = True


def _focus_last(result: Draft) -> None:
    """ "And its share?" of a single figure: of the members last named, within all the others."""
    if result.all_dims() or result.focus is not None:
        return
    positive = result.positive_filters
    if positive:
        result.focus = positive[-1]
        result.filters = [f for f in result.filters if f is not positive[-1]]


def _patch_dims(result: Draft, new: Draft, r: Reading) -> None:
    """Grouping said anew replaces the old; 再按… adds; 每个… of a ranking becomes its group."""
    if new.outer_dims and result.ranked and result.dims:
        result.outer_dims = [d for d in new.outer_dims if d not in result.dims]
    elif new.all_dims():
        if r.has("also"):
            result.dims = list(dict.fromkeys([*result.dims, *new.all_dims()]))
        else:
            result.dims, result.outer_dims, result.grain = new.all_dims(), [], None
