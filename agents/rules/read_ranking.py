"""Tokens → draft: top and bottom, the N-th, superlatives, the place of one member."""

from __future__ import annotations

from itertools import pairwise

from agents.rules.draft import Note
from agents.rules.read import Reading
from agents.rules.read_metrics import nearest_metric
from agents.rules.tokens import Token

DEFAULT_TOP = 10
"""How many "top partners" are, where no number is given; said in the reading."""


def read_ranking(r: Reading) -> None:
    """Top and bottom N, the N-th, superlatives, "ranked"."""
    draft = r.draft
    ranks = [t for t in r.tokens if t.kind in ("top", "nth", "superlative")]
    apart = any(
        any(t.kind in ("dim", "value") for t in r.tokens if a.end <= t.start and t.end <= b.start)
        for a, b in pairwise(ranks)
    )
    nested = apart and not r.has("which_rank", "growth")
    if len(list(r.of("top", "nth"))) > 1 or nested:
        r.problems.append(two_rankings())
    for token in list(r.of("top", "nth")):
        if draft.direction is not None and draft.direction != token.value:
            r.problems.append(two_rankings())
        token.used = True
        draft.ranked, draft.direction = True, token.value  # type: ignore[assignment]
        draft.top = token.number
        if token.number == 0:
            r.problems.append(
                Note("前 0 名没有内容，要看前几名？", "The first none? How many do you want?")
            )
        if token.kind == "nth":
            draft.nth = token.number
        draft.order_metric = draft.order_metric or nearest_metric(r, token)
    if draft.metrics or r.has(
        "bought"
    ):  # "best by sales" ranks by sales; "the best partner" alone is asked back
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
        if (
            draft.top is not None
            and draft.order_metric == metric
            and draft.direction == token.value
        ):
            return
        r.problems.append(two_rankings())
        return
    draft.ranked, draft.direction = True, token.value  # type: ignore[assignment]
    draft.order_metric = draft.order_metric or metric
    if draft.top is None:
        draft.top = how_many_top(r)


def how_many_top(r: Reading) -> int:
    """How many rows a superlative wants: the number beside it, ten for a plural, else one."""
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


def two_rankings() -> Note:
    """The question back where a question ranks in two ways."""
    return Note(
        "一个问题里有两种排序，请分开问", "two rankings in one question: please ask them one by one"
    )


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
