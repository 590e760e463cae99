"""Deterministic verdicts on one answer, given the JSON contract of `leadline ask --json`.

Figures and members are looked for in the citations' rows, never in the text; the text is then held
to the same rows. An answer that gives figures where it should not, or other figures than the gold
ones, is silently wrong: nothing told the reader.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from evals import tool_calls
from evals.cases import Case, Figures, GoldScalar, GoldUnit, Role, Status
from evals.figures import Shown, names_date, shown_figures
from leadline.types import Scalar

Verdict = Literal[
    "right", "clarified_instead", "refused_instead", "silently_wrong", "wrong_status", "error"
]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

RELATIVE = 1e-6
"""Tolerance of money, counts and quantities."""
HALF_CENT = 0.005
"""Least tolerance of money: sources and warehouse round single lines to four decimals."""
RATIO_ABSOLUTE = 5e-5
"""Tolerance of ratios."""

ROLE_SUFFIX: dict[str, Role] = {
    "__previous": "previous",
    "__change": "change",
    "__change_rate": "rate",
}
"""How a result column's name says what its figure is to the metric."""

SUMMED: frozenset[str] = frozenset({"money", "count", "quantity"})
"""Units of sums and counts."""

COUNTED: frozenset[str] = frozenset({"count", "quantity"})
"""Units that differ in name only."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict and, unless it is `right`, why."""

    verdict: Verdict
    reason: str = ""
    unasked: tuple[str, ...] = ()
    """Metrics that a right answer cites although nobody asked for them."""


@dataclass(frozen=True, slots=True)
class Table:
    """One citation's result."""

    names: tuple[str, ...]
    units: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    row_count: int
    truncated: bool


RIGHT = Ruling("right")


def judge(case: Case, answer: Mapping[str, Any]) -> Ruling:
    """The verdict on an answer to a case."""
    status = answer.get("status")
    if status not in get_args(Status):
        return Ruling("error", f"status {status!r}")
    if status not in (case.expect.status, *case.expect.also):
        return _other_status(case, answer, str(status))
    if status == "clarify":
        return _asked_back(case, answer)
    if status == "refused":
        return RIGHT if answer.get("text") else Ruling("error", "a refusal without a word")
    return _answered(case, answer)


def _other_status(case: Case, answer: Mapping[str, Any], status: str) -> Ruling:
    wanted = case.expect.status
    if status == "clarify":
        return Ruling("clarified_instead", f"wanted {wanted}: {_brief(answer)}")
    if status == "refused":
        return Ruling("refused_instead", f"wanted {wanted}: {_brief(answer)}")
    if any(table.rows for table in tables_of(answer)):
        return Ruling("silently_wrong", f"gave figures, wanted {wanted}: {_brief(answer)}")
    return Ruling("wrong_status", f"answered without figures, wanted {wanted}: {_brief(answer)}")


def _asked_back(case: Case, answer: Mapping[str, Any]) -> Ruling:
    offered = [f"{o.get('label', '')} {o.get('question', '')}" for o in answer.get("options", ())]
    if not offered:
        return Ruling("wrong_status", "asks back without an option to pick")
    for name in case.expect.options:
        if not any(_folded(name) in _folded(text) for text in offered):
            return Ruling("wrong_status", f"no option offers {name!r}: {offered}")
    return RIGHT


def _answered(case: Case, answer: Mapping[str, Any]) -> Ruling:
    tables = tables_of(answer)
    text = str(answer.get("text", ""))
    for day in case.expect.dates:
        if not names_date(text, day):
            return Ruling("silently_wrong", f"the text does not name {day}: {_brief(answer)}")
    if case.expect.calls:
        return _by_tools(case, answer, tables)
    if not case.expect.demanded:
        return RIGHT if text else Ruling("error", "answered without a word")
    wrongs = []
    for wanted in (case.expect, *case.expect.alternatives):
        together = (wanted, *case.expect.further)
        wrong = mismatch(together, tables)
        for part in together if wrong is None else ():
            wrong = wrong or unshown(part, text, _names(answer, tables))
        if wrong is None:
            break
        wrongs.append(wrong)
    else:
        return Ruling("silently_wrong", "; or ".join(wrongs))
    stray = unsupported(case, answer, tables)
    return Ruling("silently_wrong", stray) if stray else Ruling("right", "", unasked(case, tables))


def _by_tools(case: Case, answer: Mapping[str, Any], tables: Sequence[Table]) -> Ruling:
    wrong = tool_calls.missing(case.expect.calls, answer)
    stray = wrong or unsupported(case, answer, tables)
    if stray:
        return Ruling("silently_wrong", stray)
    return RIGHT if answer.get("text") else Ruling("error", "answered without a word")


def unasked(case: Case, tables: Sequence[Table]) -> tuple[str, ...]:
    """Metrics in the first citation beyond the number of figures that the case wants."""
    wanted = case.expect
    values = [s for s in wanted.scalars if s.role == "value"]
    asked = len(values) or sum(wanted.role_of(f) == "value" for f in range(len(wanted.row_units)))
    if not tables or not (wanted.scalars or wanted.row_units):
        return ()
    first = tables[0]
    metrics = [
        name
        for name, unit in zip(first.names, first.units, strict=True)
        if unit not in {"text", "date"} and "__" not in name
    ]
    return tuple(metrics) if len(metrics) > max(1, asked) else ()


def tables_of(answer: Mapping[str, Any]) -> tuple[Table, ...]:
    """The citations' results."""
    return tuple(
        Table(
            names=tuple(str(column["name"]) for column in citation["columns"]),
            units=tuple(str(column["unit"]) for column in citation["columns"]),
            rows=tuple(tuple(row) for row in citation["rows"]),
            row_count=int(citation["row_count"]),
            truncated=bool(citation["truncated"]),
        )
        for citation in answer.get("citations", ())
    )


def mismatch(together: Sequence[Figures], tables: Sequence[Table]) -> str | None:
    """Why the tables do not hold all the wanted figures; None where they do.

    A further table of the same shape that holds none of them contradicts the ones that do.
    """
    used: list[Table] = []
    for wanted in together:
        holding = _holding(wanted, tables)
        if isinstance(holding, str):
            return holding
        used += holding
    for table in tables:
        if table not in used and any(table.names == other.names for other in used):
            return f"a second result of the same kind says otherwise: {_found([table])}"
    return None


def _holding(wanted: Figures, tables: Sequence[Table]) -> list[Table] | str:
    """The tables that hold the wanted figures, or why none does."""
    used: list[Table] = []
    for scalar in wanted.scalars:
        holding = [table for table in tables if _holds_scalar(table, scalar)]
        if not holding:
            return f"no citation holds {scalar.value} ({scalar.unit}); found {_found(tables)}"
        used += holding
    if wanted.rows or wanted.row_count is not None:
        figures: Sequence[int | None] = range(len(wanted.row_units)) or (None,)
        for figure in figures:
            wrongs = [_table_mismatch(wanted, table, figure) for table in tables]
            if None not in wrongs:
                return " / ".join(str(w) for w in wrongs) or "no citation"
            used += [t for t, wrong in zip(tables, wrongs, strict=True) if wrong is None]
    return used


def _holds_scalar(table: Table, scalar: GoldScalar) -> bool:
    """A single figure stands in a result of one row, else it is an accident of a list."""
    if scalar.unit == "count" and len(table.rows) > 1 and not table.truncated:
        return table.row_count == scalar.value
    if scalar.value is None and not table.rows:
        return True
    return len(table.rows) == 1 and any(
        unit_fits(scalar.unit, unit)
        and role_of(name) == scalar.role
        and same(scalar.value, cell, scalar.unit)
        for name, unit, cell in zip(table.names, table.units, table.rows[0], strict=True)
    )


def role_of(column: str) -> Role:
    """What the figures of a result column are to their metric."""
    return next((r for suffix, r in ROLE_SUFFIX.items() if column.endswith(suffix)), "value")


def _table_mismatch(wanted: Figures, table: Table, figure: int | None) -> str | None:
    """Why one table does not hold the wanted rows with the figure at that place (None: labels)."""
    total = len(wanted.rows) if wanted.row_count is None else wanted.row_count
    if wanted.exact_rows and table.row_count != total:
        return f"{table.row_count} rows instead of {total}"
    places = _places(wanted, table)
    if isinstance(places, str):
        return places
    if wanted.ordered and places != list(range(len(places))):
        return f"rows stand in another order: {places}"
    if figure is None or not wanted.rows:
        return None
    unit, role = wanted.row_units[figure], wanted.role_of(figure)
    where = figure - len(wanted.row_units)
    for column, (name, column_unit) in enumerate(zip(table.names, table.units, strict=True)):
        if (
            unit_fits(unit, column_unit)
            and role_of(name) == role
            and all(
                same(row[where], table.rows[place][column], unit)
                for row, place in zip(wanted.rows, places, strict=True)
            )
        ):
            return None
    return f"no {unit} column agrees; {wanted.rows[0][:where]} should be {wanted.rows[0][where]}"


def _places(wanted: Figures, table: Table) -> list[int] | str:
    """Which row of the table stands for each wanted row, or why one is missing."""
    held = [frozenset(_folded(c) for c in row if isinstance(c, str)) for row in table.rows]
    labels = len(wanted.rows[0]) - len(wanted.row_units) if wanted.rows else 0
    places: list[int] = []
    for row in wanted.rows:
        members = {_folded(str(label)) for label in row[:labels]}
        found = (i for i, have in enumerate(held) if members <= have and i not in places)
        place = next(found, None)
        if place is None:
            return f"no row for {row[:labels]}"
        places.append(place)
    return places


def unit_fits(wanted: GoldUnit, unit: str) -> bool:
    """Whether a column's unit can carry the wanted figure."""
    return wanted == unit or {wanted, unit} <= COUNTED


def same(wanted: Scalar, found: Scalar, unit: GoldUnit) -> bool:
    """Whether two cells hold the same figure within the unit's tolerance.

    Null equals null only, but for sums and counts: over no rows they may be null or 0.
    """
    if wanted is None or found is None:
        return wanted is found or (unit in SUMMED and not wanted and not found)
    if isinstance(wanted, str) or isinstance(found, str):
        return str(wanted) == str(found)
    gap = abs(float(wanted) - float(found))
    if unit == "ratio":
        return gap <= RATIO_ABSOLUTE
    least = HALF_CENT if unit == "money" else 0.0
    return gap <= max(RELATIVE * abs(float(wanted)), least)


def unshown(wanted: Figures, text: str, names: tuple[str, ...]) -> str | None:
    """Why the text does not show the wanted single figures at its own precision."""
    shown = shown_figures(text, names)
    for scalar in wanted.scalars:
        if isinstance(scalar.value, str):
            if not names_date(text, scalar.value):
                return f"the text does not name {scalar.value}"
        elif scalar.value and not any(s.stands_for(scalar.value) for s in shown):
            return f"the text does not show {scalar.value}: {text[:120]!r}"
    return None


def unsupported(case: Case, answer: Mapping[str, Any], tables: Sequence[Table]) -> str | None:
    """The first figure of the text that neither the rows nor the question give."""
    cells = [
        float(cell)
        for table in tables
        for row in table.rows
        for cell in row
        if isinstance(cell, int | float) and not isinstance(cell, bool)
    ]
    for shown in own_figures(case, answer, tables, str(answer.get("text", ""))):
        if not any(shown.stands_for(cell) for cell in cells):
            return f"the text shows {shown.text!r}, which no citation holds"
    return None


def own_figures(
    case: Case, answer: Mapping[str, Any], tables: Sequence[Table], text: str
) -> Iterator[Shown]:
    """The figures of a text that say something new: no rank or row count, nothing that was asked.

    `text` is the answer's, or a part of it.
    """
    told = [case.question, *case.context, str(answer.get("reading", ""))]
    given = {s.value for words in told for s in shown_figures(words)}
    given |= {abs(leaf) for leaf in _spec_leaves(answer) if isinstance(leaf, int | float)}
    given |= {float(table.row_count) for table in tables}
    longest = max((table.row_count for table in tables), default=0)
    for shown in shown_figures(text, _names(answer, tables)):
        if shown.value not in given and not _is_rank(shown, longest):
            yield shown


def _is_rank(shown: Shown, longest: int) -> bool:
    return shown.value == int(shown.value) and shown.text.isdigit() and shown.value <= longest


def _spec_leaves(node: object) -> Iterator[str | int | float]:
    """All texts and numbers in the arguments of an answer's citations (or in one of these)."""
    if isinstance(node, Mapping):
        parts = [c.get("spec") for c in node["citations"]] if "citations" in node else node.values()
        for part in parts:
            yield from _spec_leaves(part)
    elif isinstance(node, list | tuple):
        for part in node:
            yield from _spec_leaves(part)
    elif isinstance(node, str | int | float) and not isinstance(node, bool):
        yield node


def evidence_digest(answer: Mapping[str, Any]) -> str:
    """sha256 over status and cited rows (order aside): equal where two answers agree."""
    body = json.dumps([answer.get("status"), *_evidence(answer)], ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()


def _evidence(answer: Mapping[str, Any]) -> list[str]:
    def rounded(cell: Scalar) -> Scalar:
        return float(f"{cell:.9g}") if isinstance(cell, int | float) else cell

    return sorted(
        json.dumps([rounded(cell) for cell in row], ensure_ascii=False)
        for table in tables_of(answer)
        for row in table.rows
    )


def _names(answer: Mapping[str, Any], tables: Sequence[Table]) -> tuple[str, ...]:
    """Members, whose digits are no figures: those in the rows and those that were filtered on."""
    cells = {c for table in tables for row in table.rows for c in row if isinstance(c, str)}
    return tuple(cells | {leaf for leaf in _spec_leaves(answer) if isinstance(leaf, str)})


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _brief(answer: Mapping[str, Any]) -> str:
    return " ".join(str(answer.get("text", "")).split())[:160]


def _found(tables: Sequence[Table]) -> str:
    return "; ".join(f"{t.row_count} rows {list(t.rows[:2])}" for t in tables)[:240] or "nothing"
