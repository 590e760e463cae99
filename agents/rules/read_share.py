"""Tokens → draft: whose share, of which whole."""

from __future__ import annotations

import re

from agents.rules.draft import Note
from agents.rules.read import Reading, mark_used, ranking
from agents.rules.tokens import Token


def read_share(r: Reading) -> None:
    """占比: of which members, of which whole."""
    tokens = list(r.of("share"))
    if not tokens or r.draft.where_ranked:
        return
    if (
        r.has("bought")
        and not r.draft.metrics
        and set(r.draft.all_dims()) <= {"partner"}
        and not ranking(r)
    ):
        r.impossible = Note(
            "还不能计算“下过单的伙伴占比”这类个数之比，可以分别问两个个数",
            "Shares of a number of partners cannot be computed yet; ask for the two counts",
        )
    word = tokens[0]
    if any(b.on == "growth" for b in r.draft.bounds) and r.draft.growth is not None:
        mark_used(r, "share")  # "declined by more than 20 percent"
        return
    mark_used(r, "share")
    r.draft.share = True
    named = {f.dimension for f in r.draft.positive_filters}
    values = [t for t in r.tokens if t.kind == "value" and t.entries and t.entries[0].name in named]
    following = r.after(word)
    if following is not None and following.kind == "growth":
        r.problems.append(
            Note("还不能计算占比的变化", "How a share has changed cannot be computed yet")
        )
    if len(r.draft.outer_dims) == 2 and not values and _WITHIN.search(r.cover.text):
        r.draft.dims = [r.draft.outer_dims.pop()]  # 各大区内各产品占比: within the first
        return
    if r.draft.outer_dims and len({t.entries[0].name for t in values}) == 1:
        beside = (r.before(values[0]), r.after(values[0]))
        of_it = any(t is not None and t.kind == "share" for t in beside)
        if of_it and not _parent_of(values[0].entries[0].name, r.draft.outer_dims[-1]):
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
                "Share within each of them, or of the whole? Say “within each …” or"
                " “distribution by …”",
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
        inside = r.cover.text[before[-1].end : word.start] if before else ""
        if len(before) > 1 and re.search(r"[中里内]", inside):
            return before[0]  # 增值经销商在加拿大销售额中的占比
        return before[-1] if before else after[0]
    for token in after:
        lead = text[word.end : token.start]
        if any(w in lead for w in (" from ", " is ", " are ", " was ", " were ", " due to ")):
            return token
    if before and (text[before[-1].end : word.start].strip() in ("'s", "", "'") or not after):
        return before[-1]
    return after[0] if after else before[-1]
