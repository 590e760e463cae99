"""Tokens → draft. Each function reads one aspect and marks the tokens that it used.

What no function uses is not understood; `planner.py` then asks back or refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from agents.rules.context import PlannerContext
from agents.rules.draft import Draft, FilterUse, Note
from agents.rules.tokens import Cover, Token
from knowledge.semantic.lexicon import Entry

HARMLESS = frozenset(
    [
        "stop",
        "different",
        "pronoun",
        "and",
        "by",
        "each",
        "which",
        "how_much",
        "distribution",
        "total",
        "scope_all",
        "trend",
        "rank",
        "bought",
        "also",
        "follow",
        "versus",
        "comparative",
        "rate_word",
        "amount_word",
        "vague",
        "how_many",
        "or",
    ]
)
"""Kinds whose loss changes no figure once the rest of the question has been used."""

FAMILIES: tuple[frozenset[str], ...] = (
    frozenset({"region", "country", "region_group", "territory", "city"}),
    frozenset(
        {"product", "product_model", "product_category", "product_subcategory", "product_line"}
    ),
    frozenset({"partner"}),
)
"""Dimensions that say the same thing at different levels: naming one anew replaces the others."""

PREFERENCE = [
    "region",
    "country",
    "region_group",
    "territory",
    "city",
    "partner_tier",
    "partner_type",
    "product_line",
    "product_category",
    "product_subcategory",
    "product_model",
    "product",
    "partner",
    "customer_industry",
    "customer",
    "salesperson",
    "order_type",
    "outcome",
    "stage",
    "promotion_type",
    "promotion",
]
"""Which dimension names a member first, among dimensions where it selects the same rows."""


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A spelling with several meanings that select different rows."""

    token: Token
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class Reading:
    """A question being read."""

    cover: Cover
    ctx: PlannerContext
    draft: Draft = field(default_factory=Draft)
    ambiguities: list[Ambiguity] = field(default_factory=list)
    absent: list[Entry] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)
    unknown_group: str | None = None
    impossible: Note | None = None

    @property
    def tokens(self) -> list[Token]:
        """All tokens in order."""
        return self.cover.tokens

    def of(self, *kinds: str) -> Iterator[Token]:
        """Tokens of these kinds that nobody used yet."""
        return (t for t in self.tokens if t.kind in kinds and not t.used)

    def first(self, *kinds: str, value: str | None = None) -> Token | None:
        """The first unused token of these kinds."""
        return next((t for t in self.of(*kinds) if value is None or t.value == value), None)

    def has(self, *kinds: str) -> bool:
        """Whether a token of these kinds is there, used or not."""
        return any(t.kind in kinds for t in self.tokens)

    def before(self, token: Token, *, skip: frozenset[str] = frozenset({"stop"})) -> Token | None:
        """The token before, passing over fillers, if only they lie between."""
        index = self.tokens.index(token) - 1
        while index >= 0 and self.tokens[index].kind in skip:
            index -= 1
        return self.tokens[index] if index >= 0 else None

    def after(self, token: Token, *, skip: frozenset[str] = frozenset({"stop"})) -> Token | None:
        """The token after, passing over fillers."""
        index = self.tokens.index(token) + 1
        while index < len(self.tokens) and self.tokens[index].kind in skip:
            index += 1
        return self.tokens[index] if index < len(self.tokens) else None

    @property
    def doubtful(self) -> bool:
        """Whether a word is unknown, has several meanings, or names what is not there."""
        return bool(self.cover.residual_texts() or self.ambiguities or self.absent or self.problems)

    def note(self, zh: str, en: str) -> None:
        """Remember something that the reading filled in."""
        self.draft.notes.append(Note(zh, en))


# ------------------------------------------------------------------------------ lexicon tokens


def settle_lexicon(r: Reading) -> None:
    """Give every lexicon token one kind of meaning: it becomes `metric`, `dim` or `value`."""
    _settle_units(r)
    mentioned = {e.name for t in r.of("lexicon") for e in t.entries if e.kind == "dimension"}
    for token in list(r.of("lexicon")):
        entries = token.entries
        present = tuple(e for e in entries if not e.kind.startswith("absent"))
        if not present and r.has("outcome") and {e.name for e in entries} <= {"orders", "amount"}:
            token.kind = "stop"  # 赢了几单: deals are meant, there are no orders here
            continue
        if not present:
            r.absent.extend(entries)
            token.kind = "absent"
            token.used = True
            continue
        metrics = tuple(e for e in present if e.kind == "metric")
        dims = tuple(e for e in present if e.kind == "dimension")
        values = tuple(e for e in present if e.kind == "value")
        previous = r.before(token)
        grouped = previous is not None and previous.kind in ("each", "by", "which")
        if dims and (grouped or not (metrics or values)):
            token.kind, token.entries = "dim", dims
        elif metrics and (
            not values
            or not dims
            or not any(
                t is not token and e.kind == "metric" for t in r.of("lexicon") for e in t.entries
            )
        ):
            token.kind, token.entries = "metric", metrics
        else:
            _settle_value(r, token, values, mentioned)
        _settle_names(r, token)
    _align_values(r)


def _align_values(r: Reading) -> None:
    """Canada and the United States: members side by side are taken from one dimension."""
    values = [t for t in r.tokens if t.kind == "value" and len(t.entries) == 1]
    for left, right in pairwise(values):
        between = [t for t in r.tokens if left.end <= t.start and t.end <= right.start]
        linked = bool(between) and all(t.kind in ("and", "or", "versus", "stop") for t in between)
        if not linked or left.entries[0].name == right.entries[0].name:
            continue
        for one, other in ((left, right), (right, left)):
            twin = next((e for e in one.equals if e.name == other.entries[0].name), None)
            if twin is not None:
                one.entries = (twin,)
                break
        else:
            _whole_and_part(r, left, right, between)


def _whole_and_part(r: Reading, left: Token, right: Token, between: list[Token]) -> None:
    """华东和浙江: one may contain the other, so neither "and" nor "or" is meant for sure."""
    lead = r.before(left)
    aside = any(")" in t.text for t in between) or (lead is not None and lead.kind == "not")
    if aside:
        return  # 西南（不含重庆）和西北: the part is an exception, not one of two
    names = {left.entries[0].name, right.entries[0].name}
    if any(t.kind == "and" and t.text not in _TURNS for t in between) and any(
        names <= family for family in FAMILIES
    ):
        r.problems.append(
            Note(
                f"“{left.text}”和“{right.text}”不在同一层级，请分开问",
                f"“{left.text}” and “{right.text}” are of different levels: please ask one by one",
            )
        )


def _settle_units(r: Reading) -> None:
    """件, 单, 次: the metric where none is named (卖了多少件), else only its unit (库存多少件)."""
    named = any(e.kind == "metric" for t in r.of("lexicon") for e in t.entries)
    for token in list(r.of("unit_metric")):
        threshold = r.before(token)
        bounded = threshold is not None and threshold.kind == "threshold"
        unit = r.ctx.unit(token.value)
        units = {
            r.ctx.unit(e.name) for t in r.of("lexicon") for e in t.entries if e.kind == "metric"
        }
        asked = token.text.startswith(("多少", "几")) and unit not in units
        if (named and not bounded and not asked) or not r.ctx.available.has_metric(token.value):
            token.kind = "stop"
            continue
        token.kind, token.entries = "lexicon", (Entry("metric", token.value),)


def _settle_names(r: Reading, token: Token) -> None:
    if token.kind not in ("dim", "metric") or len(token.entries) == 1:
        return
    hinted = _hinted(r, token)
    if hinted is not None:
        token.entries = (hinted,)
        return
    carried = tuple(e for e in token.entries if _fits_others(r, token, e))
    token.entries = carried or token.entries
    if {e.name for e in token.entries} == {"region", "territory"}:
        token.entries = tuple(e for e in token.entries if e.name == "region")
        r.note(f"“{token.text}”按大区理解", f"“{token.text}” read as region")
    if token.kind == "metric" and not r.has("top", "superlative", "threshold", "rank", "nth"):
        labels = [r.ctx.model.metrics[e.name].label for e in token.entries]
        if len(labels) == 2:  # "margin": the amount and the rate are both told
            token.also = token.entries[1:]
            token.entries = token.entries[:1]
            r.note(
                f"“{token.text}”同时给出{labels[0].zh}和{labels[1].zh}",
                f"“{token.text}”: both {labels[0].en} and {labels[1].en}",
            )
    if len(token.entries) > 1:
        r.ambiguities.append(Ambiguity(token, token.entries))


def _hinted(r: Reading, token: Token) -> Entry | None:
    """Which of several dimensions a word such as 类型 means, from a member or kin beside it."""
    if token.entries[0].kind != "dimension":
        return None
    values = {e.name for t in r.tokens if t is not token for e in t.entries if e.kind == "value"}
    named = [e for e in token.entries if e.name in values]
    if len(named) == 1:
        return named[0]
    whole = {e.name for t in r.tokens if t is not token for e in t.entries if e.kind == "dimension"}
    kin = [e for e in token.entries if e.name.rpartition("_")[0] in whole]
    return kin[0] if len(kin) == 1 else None


def _fits_others(r: Reading, token: Token, entry: Entry) -> bool:
    """Whether a metric (or dimension) goes with the dimensions (or metrics) around it."""
    other = "dimension" if entry.kind == "metric" else "metric"
    names = [
        t.entries[0].name
        for t in r.tokens
        if t is not token and len(t.entries) == 1 and t.entries[0].kind == other
    ]
    if entry.kind == "metric":
        return all(r.ctx.available.carries(entry.name, name) for name in names)
    return all(r.ctx.available.carries(name, entry.name) for name in names)


def _settle_value(r: Reading, token: Token, values: tuple[Entry, ...], mentioned: set[str]) -> None:
    token.kind = "value"
    by_dim: dict[str, list[Entry]] = {}
    for entry in values:
        by_dim.setdefault(entry.name, []).append(entry)
    order = sorted(by_dim, key=lambda d: PREFERENCE.index(d) if d in PREFERENCE else 99)
    exact = [d for d in order if any(e.exact for e in by_dim[d])]
    order = exact or order
    first = order[0]
    if len(by_dim[first]) > 1:
        token.entries = tuple(by_dim[first])
        r.ambiguities.append(Ambiguity(token, tuple(by_dim[first])))
        return
    if len(order) > 1:
        named = [d for d in order if d in mentioned]
        rivals = [d for d in order[1:] if len(by_dim[d]) == 1]
        head = by_dim[first][0]
        if len(named) == 1:
            first = named[0]
        elif not all(
            r.ctx.same_rows((head.name, head.label or ""), (d, by_dim[d][0].label or ""))
            for d in rivals
        ):
            token.entries = tuple(by_dim[d][0] for d in order if len(by_dim[d]) == 1)
            r.ambiguities.append(Ambiguity(token, token.entries))
            return
        else:
            token.equals = tuple(by_dim[d][0] for d in order if len(by_dim[d]) == 1)
    token.entries = (by_dim[first][0],)


# ---------------------------------------------------------------------------- filters by member


def read_filters(r: Reading) -> None:
    """Named members, what negates them, and whether they are alternatives."""
    negated = _negated_tokens(r)
    uses: dict[tuple[str, bool], list[str]] = {}
    for token in r.tokens:
        if token.kind != "value" or not token.entries:
            continue
        entry = token.entries[0]
        labels = uses.setdefault((entry.name, id(token) in negated), [])
        if entry.label is not None and entry.label not in labels:
            labels.append(entry.label)
        token.used = True
        if token.note:
            r.note(
                f"“{token.note}”按“{entry.label}”理解", f"“{token.note}” read as “{entry.label}”"
            )
    for (dimension, negative), labels in uses.items():
        r.draft.filters.append(FilterUse(dimension, tuple(labels), negative))
    for dimension in {d for d, negative in uses if negative}:
        _drop_contradiction(r, dimension)
    r.draft.any_of = _is_alternative(r)
    _bought_but_not(r)


def _bought_but_not(r: Reading) -> None:
    """ "Bought bikes but no clothing" is a difference of two lists, which no filter can say."""
    negative = {f.dimension for f in r.draft.filters if f.negated}
    positive = {f.dimension for f in r.draft.filters if not f.negated}
    both = any(
        n == p or (n.startswith("product") and p.startswith("product"))
        for n in negative
        for p in positive
    )
    lists = r.has("no_orders") and sum(len(f.labels) for f in r.draft.filters) > 1
    bought = [f for f in r.draft.filters if f.dimension.startswith("product") and not f.negated]
    listed = any(t.kind == "dim" and t.entries[0].name == "partner" for t in r.tokens)
    joined = any(t.kind == "and" for t in r.tokens)
    if (
        r.has("bought")
        and listed
        and joined
        and not r.has("metric", "how_much", "how_many")
        and any(len(f.labels) > 1 for f in bought)
    ):
        r.problems.append(
            Note(
                "是每样都买过，还是买过其中任何一样？请分开问",
                "Those who bought all of them, or any? Please ask one by one",
            )
        )
    none_of = any(t.kind == "not" and t.text == "no" for t in r.tokens)
    if (
        r.has("bought")
        and not r.has("metric")
        and (both or lists or none_of)
        and not r.has("how_much")
    ):
        r.impossible = Note(
            "还不能回答“买过A但没买B”这类两份名单相减的问题，请分开问",
            "Lists of who bought one thing but not another cannot be answered yet; ask for each",
        )


def _drop_contradiction(r: Reading, dimension: str) -> None:
    """A dimension with both named and excluded members: say it, the query will AND them."""
    if any(f.dimension == dimension and not f.negated for f in r.draft.filters):
        both = next(f for f in r.draft.filters if f.dimension == dimension and not f.negated)
        out = next(f for f in r.draft.filters if f.dimension == dimension and f.negated)
        if set(both.labels) & set(out.labels):
            r.problems.append(
                Note("同一成员既包含又排除", "a member is both included and excluded")
            )


def _negated_tokens(r: Reading) -> set[int]:
    """Ids of the values under a negation: those after it in one run, or before 以外."""
    found: set[int] = set()
    _all_but(r)
    for word in list(r.of("not")):
        run = _run_of_values(r, r.tokens.index(word) + 1, step=1)
        if run:
            word.used = True
            found.update(id(t) for t in run)
    for word in list(r.of("not_after")):
        run = _run_of_values(r, r.tokens.index(word) - 1, step=-1)
        if run:
            word.used = True
            found.update(id(t) for t in run)
    if found:
        for word in list(r.of("others")):
            word.used = True  # 除了A，其他国家
    return found


def _all_but(r: Reading) -> None:
    """ "All categories but Bikes": there "but" leaves out."""
    if not any(t.text in ("all", "every", "any") for t in r.tokens):
        return
    for word in r.of("and"):
        before, after = r.before(word), r.after(word)
        if (
            word.text == "but"
            and before
            and after
            and (before.kind, after.kind) == ("dim", "value")
        ):
            word.kind = "not"


def _run_of_values(r: Reading, index: int, *, step: int) -> list[Token]:
    """Values beside a negation, nearest first.

    "Excluding bikes in Europe" ends at "in": only members joined by and/or, or by a comma before a
    member of the same dimension, go on.
    """
    run: list[Token] = []
    while 0 <= index < len(r.tokens):
        token = r.tokens[index]
        if token.kind == "value":
            if run and not _joined(r, run[-1], token, step):
                break
            run.append(token)
        elif token.kind == "dim" and adjunct(r, token):
            token.used = True
        elif token.kind not in ("stop", "and", "or", "not", "others"):
            break
        index += step
    return run


_GOES_ON = frozenset({",", "，", "the", "的", "、", "/", "any", "all"})
_TURNS = ("but", "while", "但", "但是")


def _joined(r: Reading, last: Token, token: Token, step: int) -> bool:
    first, second = (last, token) if step > 0 else (token, last)
    between = [t for t in r.tokens if first.end <= t.start and t.end <= second.start]
    if any(t.kind == "stop" and t.text not in _GOES_ON for t in between):
        return False
    linked = any(t.kind in ("and", "or") and t.text not in _TURNS for t in between)
    return linked or first.entries[0].name == second.entries[0].name


def adjunct(r: Reading, token: Token) -> bool:
    """Whether a dimension word only names the kind of the member beside it (金牌伙伴)."""
    name = token.entries[0].name
    near = frozenset({"stop", "and", "or", "dim"})
    beside = (r.before(token, skip=near), r.after(token))
    return any(
        t is not None and t.kind == "value" and t.entries and _kin(t.entries[0].name, name)
        for t in beside
    )


def _kin(value_dimension: str, dimension: str) -> bool:
    return value_dimension == dimension or value_dimension.startswith(f"{dimension}_")


def _is_alternative(r: Reading) -> bool:
    for word in list(r.of("or")):
        left, right = r.before(word), r.after(word)
        if left and right and left.kind == right.kind == "value":
            word.used = True
            if left.entries[0].name != right.entries[0].name:
                return True
    return False


def ranking(r: Reading) -> bool:
    """Whether anything in the question ranks."""
    return r.has("top", "nth", "superlative", "best", "rank")


def mark_used(r: Reading, *kinds: str) -> None:
    """Count all tokens of these kinds as used."""
    for token in list(r.of(*kinds)):
        token.used = True
