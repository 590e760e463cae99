"""A frame of raw cells becomes typed columns of one canonical table, and a list of bad cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from knowledge.warehouse.batch import KEY_JOINT
from tools.erp.arrow import any_true, blanked, kept, kernels, positions
from tools.erp.binding import BoundColumn, BoundTable
from tools.erp.columns import Bad, convert, each_distinct, scalar_column, to_text
from tools.erp.lookups import Lookups
from tools.erp.mapping import ColumnMapping, places
from tools.erp.mapping_document import WhereSpec
from tools.erp.origins import filled_template
from tools.erp.sheets import Frame
from tools.erp.totals import totals_mask

if TYPE_CHECKING:
    import pyarrow as pa

    from tools.erp.arrow import ArrowArray, RawColumn


EXT_ID_LENGTH = 200


@dataclass(frozen=True, slots=True)
class BadRowCell:
    """A cell for which its row is refused: position in the frame, column, text and reason."""

    index: int
    column: str | None
    value: str | None
    reason: str


@dataclass
class Evaluated:
    """Typed columns of one frame. Rows with an entry in `bad` must not be handed on."""

    row_nos: pa.Int64Array
    columns: dict[str, ArrowArray] = field(default_factory=dict)
    bad: list[BadRowCell] = field(default_factory=list)
    rounded: dict[str, int] = field(default_factory=dict)
    """Column label → amounts that lost digits."""
    emptied: dict[str, int] = field(default_factory=dict)
    """Column label → cells that could not be read and were left empty, as the mapping wants."""


@dataclass(frozen=True, slots=True)
class Selected:
    """The rows of a frame that a table wants, and how many were left out."""

    frame: Frame
    filtered: int
    totals: int


def select(frame: Frame, bound: BoundTable) -> Selected:
    """Leave out total rows and the rows that `where` excludes."""
    pc = kernels()
    totals = filtered = 0
    if bound.total_words:
        is_total = totals_mask(frame, bound.total_words, bound.key_columns)
        if any_true(is_total):
            totals = len(positions(is_total))
            frame = _filtered(frame, pc.invert(is_total))
    for name, condition, _path in bound.table.where:
        mask = _condition(to_text(raw_cells(frame, bound, name)), condition)
        before = len(frame)
        frame = _filtered(frame, mask)
        filtered += before - len(frame)
    return Selected(frame, filtered, totals)


def _condition(text: ArrowArray, where: WhereSpec) -> ArrowArray:
    import pyarrow as pa

    pc = kernels()
    mask = pa.repeat(pa.scalar(True), len(text))
    if where.any_of is not None:
        mask = pc.and_(mask, pc.is_in(text, value_set=pa.array(where.any_of, pa.string())))
    if where.none_of is not None:
        listed = pc.is_in(text, value_set=pa.array(where.none_of, pa.string()))
        mask = pc.and_(mask, pc.invert(listed))
    if where.empty is not None:
        empty = pc.is_null(text)
        mask = pc.and_(mask, empty if where.empty else pc.invert(empty))
    return mask


def _filtered(frame: Frame, mask: ArrowArray) -> Frame:
    keep = positions(mask)
    if len(keep) == len(frame):
        return frame
    place = {old: new for new, old in enumerate(keep)}
    faults = tuple(
        type(fault)(place[fault.index], fault.column, fault.value, fault.reason)
        for fault in frame.faults
        if fault.index in place
    )
    columns = tuple(None if c is None else kept(c, mask) for c in frame.columns)
    return Frame(columns, frame.row_nos.filter(mask), faults)


def raw_cells(frame: Frame, bound: BoundTable, name: str) -> RawColumn:
    """The cells that a mapping's column name means in a frame, special names included."""
    import pyarrow as pa

    if name == "@row":
        return frame.row_nos
    if name == "@file":
        return pa.repeat(pa.scalar(PurePosixPath(bound.file).stem), len(frame))
    if name == "@sheet":
        return pa.repeat(pa.scalar(bound.sheet.name, pa.string()), len(frame))
    return frame.column(bound.index[name])


def evaluate(
    frame: Frame, bound: BoundTable, lookups: Lookups, only: Sequence[str] | None = None
) -> Evaluated:
    """Read the frame's rows as rows of the bound table.

    Args:
        frame: selected rows.
        bound: the table and where its columns are.
        lookups: the look-up tables.
        only: canonical columns to read; all by default. `ext_id` is always among the result.
    """
    done = Evaluated(frame.row_nos)
    for column in bound.columns:
        if only is None or column.mapping.target.name in only:
            _evaluate_column(column, frame, bound, lookups, done)
    if bound.table.built_key:
        built = _built_key(done, bound.table.built_key)
        done.columns["ext_id"] = built
        too_long = kernels().greater(kernels().utf8_length(built), EXT_ID_LENGTH)
        done.bad += [
            BadRowCell(index, "ext_id", built[index].as_py()[:EXT_ID_LENGTH], "text_too_long")
            for index in positions(too_long)
        ]
    _add_faults(frame, bound, done)
    return done


def _evaluate_column(
    column: BoundColumn, frame: Frame, bound: BoundTable, lookups: Lookups, done: Evaluated
) -> None:
    mapping = column.mapping
    spec, target = mapping.spec, mapping.target
    count = len(frame)
    if spec.const is not None:
        converted = scalar_column(spec.const, count, target, column.rules)
        raw: RawColumn = converted.values
        bad = converted.bad if count else []
    else:
        raw, bad = _prepared(_origin(frame, bound, mapping), mapping, lookups)
        converted = convert(raw, target, column.rules)
        bad = bad + converted.bad
    values = converted.values
    if converted.rounded:
        done.rounded[column.label] = converted.rounded
    if spec.invalid == "empty" and bad:
        done.emptied[column.label] = len(bad)
        bad = []
    if spec.default is not None and values.null_count:
        filler = scalar_column(spec.default, 1, target, column.rules)
        bad = bad + filler.bad
        values = kernels().fill_null(values, filler.values[0])
    done.columns[target.name] = values
    done.bad += [BadRowCell(b.index, column.label, b.value, b.reason) for b in bad]
    if mapping.required and values.null_count:
        known = {b.index for b in bad}
        done.bad += [
            BadRowCell(index, column.label, None, "missing")
            for index in positions(kernels().is_null(values))
            if index not in known
        ]


def _origin(frame: Frame, bound: BoundTable, mapping: ColumnMapping) -> RawColumn:
    spec = mapping.spec
    if spec.column is not None:
        return raw_cells(frame, bound, spec.column)
    if spec.join is not None:
        return _joined([to_text(raw_cells(frame, bound, n)) for n in spec.join], spec.separator)
    template = spec.template or ""
    cells = {name: raw_cells(frame, bound, name) for name in places(template)}
    return filled_template(template, cells)


def _joined(parts: Sequence[ArrowArray], separator: str) -> ArrowArray:
    """The filled ones of the parts, row by row; null where none is."""
    # not `null_handling="skip"`: Arrow 26 then drops the rows in which every part is null
    pc = kernels()
    text = parts[0]
    for part in parts[1:]:
        both = pc.binary_join_element_wise(text, part, separator, null_handling="emit_null")
        text = pc.coalesce(both, text, part)
    return text


def _prepared(
    raw: RawColumn, mapping: ColumnMapping, lookups: Lookups
) -> tuple[RawColumn, list[Bad]]:
    """The cells after `split`, `map` and `lookup`, and those that these did not know."""
    spec = mapping.spec
    bad: list[Bad] = []
    if spec.split is not None:
        by, part = spec.split.by, spec.split.part
        raw = _each(raw, lambda text: _part(text, by, part))
    if spec.map is not None:
        listed = spec.map
        rule = (spec.unmatched if not spec.lookup else None) or "keep"
        raw = _replaced(raw, listed, rule, "unknown_value", bad)
    for number, lookup in enumerate(spec.lookup):
        path = (*mapping.path, "lookup", number)
        table = lookups.table(lookup, path)
        raw = _replaced(raw, table, spec.unmatched or "error", "lookup_failed", bad)
    return raw, bad


def _part(text: str, by: str, part: int) -> str | None:
    parts = [piece.strip() for piece in text.split(by)]
    index = part - 1 if part > 0 else part
    return parts[index] or None if -len(parts) <= index < len(parts) else None


def _replaced(
    raw: RawColumn,
    table: dict[str, str | None],
    rule: str,
    reason: str,
    bad: list[Bad],
) -> ArrowArray:
    unknown: dict[str, None] = {}

    def replace(text: str) -> str | None:
        if text in table:
            return table[text]
        unknown[text] = None
        return text if rule == "keep" else None

    text = to_text(raw)
    replaced = _each(text, replace)
    if unknown and rule == "error":
        import pyarrow as pa

        missed = kernels().is_in(text, value_set=pa.array(list(unknown), pa.string()))
        bad += [Bad(i, text[i].as_py(), reason) for i in positions(missed)]
    return replaced


def _each(raw: RawColumn, change: Callable[[str], str | None]) -> ArrowArray:
    import pyarrow as pa

    return each_distinct(to_text(raw), change, pa.string())


def _built_key(done: Evaluated, parts: Sequence[str]) -> ArrowArray:
    """`ext_id` from the row's own key columns, in their canonical form."""
    import pyarrow as pa

    pc = kernels()
    count = len(done.row_nos)
    texts = []
    for name in parts:
        values = done.columns.get(name)
        text = pa.nulls(count, pa.string()) if values is None else pc.cast(values, pa.string())
        texts.append(pc.fill_null(text, ""))
    if len(texts) == 1:
        return blanked(texts[0], pc.equal(texts[0], ""))
    built: ArrowArray = pc.binary_join_element_wise(*texts, KEY_JOINT)
    return built


def _add_faults(frame: Frame, bound: BoundTable, done: Evaluated) -> None:
    used = set(bound.index.values())
    for fault in frame.faults:
        if fault.column is None:
            done.bad.append(BadRowCell(fault.index, None, fault.value, fault.reason))
        elif fault.column in used:
            label = bound.sheet.headers[fault.column].text
            done.bad.append(BadRowCell(fault.index, label, fault.value or None, fault.reason))
