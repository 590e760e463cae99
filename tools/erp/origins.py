"""Where a column's raw cells come from: a heading of the file, or a template of several."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from typing import TYPE_CHECKING

from leadline.errors import MappingError
from tools.erp.arrow import kernels
from tools.erp.columns import to_text
from tools.erp.headers import Header, candidates
from tools.erp.mapping import Mapping, literals, nearest, places
from tools.erp.sheets import Sheet
from tools.erp.yaml_lines import Path as DocumentPath

if TYPE_CHECKING:
    from tools.erp.arrow import ArrowArray, RawColumn


def columns_of(text: str) -> list[str]:
    """The columns that `text` names: those of a template, else the one whose name it is."""
    return places(text) or [text]


def resolve_column(
    sheet: Sheet, label: str, name: str, mapping: Mapping, path: DocumentPath
) -> Header:
    """The heading that `name` means in a sheet; `label` is how messages call the sheet.

    Raises:
        MappingError: none, or several.
    """
    found = candidates(sheet.headers, name)
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(repr(header.text) for header in found)
        raise mapping.error(
            f"{name!r} means several columns of {label}: {several}",
            path,
            hint="write the whole heading; where two are the same, rename one in the file, or use "
            "`header_rows: []` and column letters",
        )
    raise _unknown(sheet, label, name, mapping, path)


def _unknown(
    sheet: Sheet, label: str, name: str, mapping: Mapping, path: DocumentPath
) -> MappingError:
    known = [header.text for header in sheet.headers if header.text]
    known += [header.last for header in sheet.headers if header.last]
    return mapping.error(f"{label} has no column {name!r}", path, hint=nearest(name, known))


def filled_template(text: str, columns: Dict[str, RawColumn]) -> ArrowArray:
    """A template (or a single column's name) filled from `columns`; null where a place is empty."""
    if not places(text):
        return to_text(columns[text])
    import pyarrow as pa

    pc = kernels()
    pieces: list[object] = []
    for literal, place in zip(literals(text), [*places(text), None], strict=True):
        pieces.append(pa.scalar(literal, pa.string()))
        if place is not None:
            pieces.append(to_text(columns[place]))
    filled: ArrowArray = pc.binary_join_element_wise(*pieces, "", null_handling="emit_null")
    return filled
