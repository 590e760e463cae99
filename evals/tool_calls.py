"""What a right answer of a tool holds: which tool, told what, and rows that other code knows of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from leadline.types import Scalar

STRICT = ConfigDict(extra="forbid", frozen=True)

RELATIVE = 1e-6
ABSOLUTE = 6e-3
"""Figures are the same within the larger of a millionth and half a cent (and some)."""


class CellWant(BaseModel):
    """A figure that the tool's rows must hold.

    where: the row, by the values of some of its columns; several rows may not fit.
    """

    model_config = STRICT

    where: dict[str, str] = {}
    column: str
    value: float | None
    tolerance: float = 0.0
    """How far off it may be, where the two ways of computing it round differently."""


class MembersWant(BaseModel):
    """Members that a column must (or may only) hold."""

    model_config = STRICT

    column: str
    labels: tuple[str, ...]
    at_least: int = 0
    """How many of the labels must stand in the rows; with `only`, no other label may."""
    only: bool = False


class CallWant(BaseModel):
    """One citation that must be there.

    arguments: what the tool was told, as far as it matters; lists in any order.
    absent: arguments that must not have been given.
    order: a column by whose figures the rows must stand, highest ("desc") or lowest first.
    """

    model_config = STRICT

    tool: str
    arguments: dict[str, Any] = {}
    absent: tuple[str, ...] = ()
    cells: tuple[CellWant, ...] = ()
    members: tuple[MembersWant, ...] = ()
    order: tuple[str, Literal["asc", "desc"]] | None = None
    most_rows: int | None = None


def missing(wanted: Sequence[CallWant], answer: Mapping[str, Any]) -> str | None:
    """Why the answer's citations are not the wanted calls; None where they are."""
    citations = list(answer.get("citations", ()))
    for want in wanted:
        told = [c for c in citations if c.get("tool") == want.tool]
        if not told:
            tools = [c.get("tool") for c in citations]
            return f"no citation of {want.tool}, but of {tools}"
        wrongs = [_wrong(want, citation) for citation in told]
        if None not in wrongs:
            return f"{want.tool}: {wrongs[0]}"
    return None


def _wrong(want: CallWant, citation: Mapping[str, Any]) -> str | None:
    said = citation.get("spec") or {}
    for name, value in want.arguments.items():
        if not _same(value, said.get(name)):
            return f"{name} is {said.get(name)!r}, wanted {value!r}"
    for name in want.absent:
        if said.get(name) not in (None, [], ()):
            return f"{name} is {said[name]!r}, wanted none"
    names = [str(column["name"]) for column in citation["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in citation["rows"]]
    if want.most_rows is not None and len(rows) > want.most_rows:
        return f"{len(rows)} rows, wanted {want.most_rows} at most"
    for cell in want.cells:
        if wrong := _wrong_cell(cell, rows):
            return wrong
    for members in want.members:
        if wrong := _wrong_members(members, rows):
            return wrong
    return _disordered(want, rows)


def _same(wanted: Any, said: Any) -> bool:
    if isinstance(wanted, list | tuple) and isinstance(said, list | tuple):
        return sorted(map(str, wanted)) == sorted(map(str, said))
    if isinstance(wanted, float) and isinstance(said, int | float):
        return abs(wanted - said) < RELATIVE
    return bool(wanted == said)


def _wrong_cell(cell: CellWant, rows: Sequence[Mapping[str, Scalar]]) -> str | None:
    fitting = [r for r in rows if all(str(r.get(k)) == v for k, v in cell.where.items())]
    if len(fitting) != 1:
        return f"{len(fitting)} rows where {cell.where}"
    found = fitting[0].get(cell.column)
    if cell.value is None or found is None:  # over no rows a sum may be null or zero
        same = not cell.value and not found
        return None if same else f"{cell.column} is {found}, wanted {cell.value}"
    least = max(ABSOLUTE if abs(cell.value) > 1 else 0.0, RELATIVE * abs(cell.value))
    if abs(float(found) - cell.value) > max(least, cell.tolerance, 1e-6):
        return f"{cell.column} where {cell.where} is {found}, wanted {cell.value}"
    return None


def _wrong_members(want: MembersWant, rows: Sequence[Mapping[str, Scalar]]) -> str | None:
    held = [str(row.get(want.column)) for row in rows]
    hits = len(set(held) & set(want.labels))
    if hits < want.at_least:
        known = len(want.labels)
        return f"{hits} of {want.column} are of the {known} known, wanted {want.at_least}"
    if want.only and (alien := sorted(set(held) - set(want.labels))):
        return f"{want.column} holds {alien[:3]}, which should not be there"
    return None


def _disordered(want: CallWant, rows: Sequence[Mapping[str, Scalar]]) -> str | None:
    if want.order is None:
        return None
    column, way = want.order
    values = [row.get(column) for row in rows]
    figures = [float(v) for v in values if isinstance(v, int | float)]
    if figures != sorted(figures, reverse=way == "desc"):
        return f"rows do not stand by {column} ({way})"
    return None
