"""What tools must find, as plain pandas over the source files, and what was planted in them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from evals.gold.book import Book
from evals.gold.slices import Pick, grouped, value_of
from evals.tool_calls import CallWant, CellWant, MembersWant
from leadline.errors import InputError

Made = list[dict[str, Any]] | list[str]


def why(
    book: Book,
    pick: Pick,
    *,
    metric: str,
    base_start: date,
    base_end: date,
    by: str | None = None,
    column: str | None = None,
) -> list[dict[str, Any]]:
    """The whole change of a metric, and that of each member where `by` names a source column.

    Cells `previous`, `current`, `change` of the total row (`kind` total), and of the members' rows.
    """
    base = Pick(base_start, base_end, pick.where)
    cells = _sides({"kind": "total"}, value_of(book, metric, base), value_of(book, metric, pick))
    if by is None or column is None:
        return cells
    before, now = (grouped(book, [by], metric, p) for p in (base, pick))
    for key in sorted(set(before.index) | set(now.index)):
        label = key[0] if isinstance(key, tuple) else key
        old, new = (float(side.get(key, 0.0)) for side in (before, now))
        cells += _sides({"kind": "member", column: str(label)}, old, new)
    return cells


def _sides(where: dict[str, str], old: float | None, new: float | None) -> list[dict[str, Any]]:
    change = None if old is None or new is None else new - old
    named = (("previous", old), ("current", new), ("change", change))
    return [{"where": where, "column": name, "value": value} for name, value in named]


def figure(
    book: Book, pick: Pick, *, metric: str, column: str, row: dict[str, str] | None = None
) -> list[dict[str, Any]]:
    """One figure in one column."""
    return [{"where": row or {}, "column": column, "value": value_of(book, metric, pick)}]


def top_partners(book: Book, pick: Pick, *, n: int, metric: str = "amount") -> list[str]:
    """The partners with the highest figures, ties by name."""
    figures = grouped(book, ["partner"], metric, pick).reset_index()
    figures.columns = ["partner", "figure"]
    ordered = figures.sort_values(["figure", "partner"], ascending=[False, True])
    return [str(name) for name in ordered["partner"].head(n)]


def partners(book: Book, pick: Pick) -> list[str]:
    """The names of the partners that `where` picks."""
    frame = book.frames["partners"]
    if pick.where:
        frame = frame.query(pick.where, engine="python")
    return sorted(str(name) for name in frame["partner"])


def planted(book: Book, pick: Pick, *, kind: str, within: str | None = None) -> list[str]:
    """The names of the partners of whom something was planted; `within` picks among them."""
    codes = book.planted.get(kind)
    if codes is None:
        raise InputError(f"nothing is planted as {kind!r}", hint=f"known: {sorted(book.planted)}")
    frame = book.frames["partners"]
    frame = frame[frame["partner_code"].isin(codes)]
    chosen = pick.where or within
    if chosen:
        frame = frame.query(chosen, engine="python")
    return sorted(str(name) for name in frame["partner"])


SOURCES: dict[str, Callable[..., Made]] = {
    "why": why,
    "figure": figure,
    "top_partners": top_partners,
    "partners": partners,
    "planted": planted,
}
"""What question files may call for under `cells`, `labels` and in arguments."""


def call_want(said: Mapping[str, Any], book: Book) -> CallWant:
    """A wanted call as the question file says it, with what it calls for computed."""
    body = dict(said)
    body["arguments"] = {k: _made(v, book) for k, v in body.get("arguments", {}).items()}
    if "cells" in body:
        body["cells"] = tuple(CellWant.model_validate(c) for c in _made(body["cells"], book))
    members = body.get("members", [])
    body["members"] = tuple(
        MembersWant.model_validate({**m, "labels": tuple(_made(m["labels"], book))})
        for m in ([members] if isinstance(members, Mapping) else members)
    )
    return CallWant.model_validate(body)


def _made(value: Any, book: Book) -> Any:
    """A value as it stands, or what a source computes."""
    if not isinstance(value, Mapping) or "call" not in value:
        return value
    body = dict(value)
    source = SOURCES.get(str(body.pop("call")))
    if source is None:
        raise InputError(f"no source {value['call']!r}", hint=f"known: {', '.join(SOURCES)}")
    pick = Pick(body.pop("start", None), body.pop("end", None), body.pop("where", None))
    try:
        inspect.signature(source).bind(book, pick, **body)
    except TypeError as error:
        raise InputError(f"source {value['call']}: {error}") from error
    return source(book, pick, **body)
