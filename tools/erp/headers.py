"""Which rows of a sheet are its header, and what its columns are called.

A header may span several rows with merged cells; only the top-left cell of a merge holds a value.
Titles, dates and a line such as 单位：万元 may stand above it. The names that the mapping asks for
tell the header from everything else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tools.erp.cells import as_text

SEARCH_ROWS = 30
"""How far down a sheet a header is looked for."""
MOST_LEVELS = 4
"""A header has no more rows than this."""
_TITLE_SHARE = 0.6
"""A single text merged over more of the width than this is a title, not a header level."""

_MONEY = "(元|千元|万元|百万元|千万元|亿元)"
_UNIT = re.compile(
    rf"\(\s*(?:金额)?(?:单位\s*[:：]\s*)?(?:人民币)?\s*{_MONEY}\s*\)|[\s,/_·-]{_MONEY}$|[:：]\s*{_MONEY}$"
)
_UNIT_LINE = re.compile(rf"单位\s*[:：]\s*(?:人民币)?\s*{_MONEY}")

Merge: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range, each (row, column) from 0, both in it."""


@dataclass(frozen=True, slots=True)
class Header:
    """One column's heading: `text` joins the levels with a space, `last` is the lowest level."""

    index: int
    text: str
    last: str
    unit: str | None = None
    """The money unit that the heading names, such as 万元."""


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """The header of a sheet.

    `last_row` counts from 0 and is in the header; `unit` is what a line above says for the sheet.
    """

    last_row: int
    headers: tuple[Header, ...]
    unit: str | None = None


def folded(text: str) -> str:
    """How headings are compared: without width, case, blanks and the star of required fields."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s+", "", plain).strip("*")


def candidates(headers: Sequence[Header], name: str) -> list[Header]:
    """The columns that `name` may mean: one where it is clear, several where it is not.

    A heading with its unit counts before one without, the whole before its lowest level.
    """
    wanted = folded(name)
    for whole in (folded, _without_unit):
        for level in ("text", "last"):
            found = [header for header in headers if whole(getattr(header, level)) == wanted]
            if found:
                return found
    return []


def _without_unit(text: str) -> str:
    return folded(_UNIT.sub("", unicodedata.normalize("NFKC", text)))


def plain_headers(names: Sequence[str]) -> tuple[Header, ...]:
    """Headers of a file that has just one name for each column."""
    return tuple(Header(i, name, name, unit_in(name)) for i, name in enumerate(names))


def unit_in(text: str) -> str | None:
    """The money unit that a heading names; None where it names none."""
    found = None
    for match in _UNIT.finditer(unicodedata.normalize("NFKC", text)):
        found = next(group for group in match.groups() if group)
    return found


def fixed_header(
    rows: Sequence[Sequence[Any]], wanted: Sequence[int], merges: Sequence[Merge]
) -> HeaderBlock:
    """The header that stands in the given rows (from 0, in order)."""
    return HeaderBlock(wanted[-1], _joined(rows, wanted, merges), _sheet_unit(rows[: wanted[0]]))


def find_header(
    rows: Sequence[Sequence[Any]],
    names: Sequence[str],
    merges: Sequence[Merge] = (),
    skip_rows: int = 0,
) -> tuple[HeaderBlock | None, int]:
    """The header in which most of `names` are found, and how many; None where none is.

    Args:
        rows: the first rows of the sheet, at least `SEARCH_ROWS` of them where there are as many.
        names: the columns that the mapping asks for; the first row counts where it asks for none.
        merges: merged ranges of the sheet.
        skip_rows: rows at the top that are certainly no header.
    """
    if not names and len(rows) > skip_rows:
        return fixed_header(rows, [skip_rows], merges), 0
    best: HeaderBlock | None = None
    most = 0
    for bottom in range(skip_rows, min(len(rows), SEARCH_ROWS)):
        top = _top_of(rows, bottom, merges, skip_rows)
        reach = [
            last[0]
            for first, last in merges
            if top <= first[0] <= bottom and last[0] - first[0] < MOST_LEVELS
        ]
        levels = range(top, max([bottom, *reach]) + 1)
        headers = _joined(rows, levels, merges)
        hits = sum(1 for name in names if candidates(headers, name))
        if hits > most:
            best = HeaderBlock(levels[-1], headers, _sheet_unit(rows[:top]))
            most = hits
    return best, most


def _top_of(
    rows: Sequence[Sequence[Any]], bottom: int, merges: Sequence[Merge], skip_rows: int
) -> int:
    top = bottom
    while top > skip_rows and bottom - top < MOST_LEVELS - 1:
        above = top - 1
        cells = [cell for cell in rows[above] if as_text(cell) is not None]
        texts = {as_text(cell) or "" for cell in cells}
        if not texts or not all(isinstance(cell, str) for cell in cells):
            break
        if any(":" in text or "：" in text for text in texts):
            break
        if len(texts) == 1 and not _is_group(above, len(rows[above]), merges):
            break
        top = above
    return top


def _is_group(row: int, width: int, merges: Sequence[Merge]) -> bool:
    spans = [
        last[1] - first[1] + 1 for first, last in merges if first[0] == row and first[1] < last[1]
    ]
    return bool(spans) and max(spans) <= _TITLE_SHARE * width


def _joined(
    rows: Sequence[Sequence[Any]], levels: Sequence[int], merges: Sequence[Merge]
) -> tuple[Header, ...]:
    width = max((len(rows[row]) for row in levels), default=0)
    grid = {
        row: [as_text(cell) or "" for cell in rows[row]] + [""] * (width - len(rows[row]))
        for row in levels
    }
    touched = False
    for first, last in merges:
        if first[0] not in grid:
            continue
        touched = True
        value = grid[first[0]][first[1]] if first[1] < width else ""
        for row in range(first[0], last[0] + 1):
            for column in range(first[1], min(last[1] + 1, width)):
                if row in grid:
                    grid[row][column] = value
    if not touched:
        for row in list(levels)[:-1]:
            _fill_right(grid[row])
    headers = []
    for column in range(width):
        parts: list[str] = []
        for row in levels:
            part = re.sub(r"\s+", " ", grid[row][column])
            if part and (not parts or parts[-1] != part):
                parts.append(part)
        text = " ".join(parts)
        headers.append(Header(column, text, parts[-1] if parts else "", unit_in(text)))
    return tuple(headers)


def _fill_right(cells: list[str]) -> None:
    for index in range(1, len(cells)):
        cells[index] = cells[index] or cells[index - 1]


def _sheet_unit(rows: Sequence[Sequence[Any]]) -> str | None:
    for row in rows:
        for cell in row:
            if isinstance(cell, str) and (
                match := _UNIT_LINE.search(unicodedata.normalize("NFKC", cell))
            ):
                return match.group(1)
    return None


def letters(index: int) -> str:
    """The spreadsheet's letters for a column (0 is A, 26 is AA)."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text
