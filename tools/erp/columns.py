"""Whole columns to their target types: Arrow kernels for the plain cells, `cells` for the odd ones.

A column of a file arrives as an Arrow array of whatever type the file had, or as a list of Python
values where a spreadsheet mixes types. It leaves as an array of the target's travelling type, with
null and a reason wherever a cell could not be read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from knowledge.warehouse.batch import LARGEST_AMOUNT, arrow_type
from leadline.database import AMOUNT_SCALE
from tools.erp.arrow import any_true, blanked, kernels, positions
from tools.erp.cells import (
    DASHES,
    BadCell,
    as_text,
    parse_day,
    parse_flag,
    parse_instant,
    parse_number,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from tools.erp.arrow import ArrowArray, RawColumn

Kind = Literal["text", "amount", "whole", "real", "flag", "day", "instant"]

_QUANTUM = Decimal(1).scaleb(-AMOUNT_SCALE)
_WHOLE_LIMIT = 2**31
"""Whole columns are 32-bit integers in PostgreSQL."""
_LEAST_NOTED = Decimal("0.000001")
"""Rounding away less than this is a float's noise, not a loss that a person should hear of."""
_PLAIN_NUMBER = r"^[+-]?\d{1,14}(\.\d{1,4})?$"
_LONG_NUMBER = r"^[+-]?\d{1,14}(\.\d{1,9})?$"
_FLOAT_NUMBER = r"^[+-]?\d{1,14}\.\d{5,18}$"
_PLAIN_WHOLE = r"^[+-]?\d{1,9}$"
_UNSTORABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
_BREAKS = r"[\t\r\n]+"


@dataclass(frozen=True, slots=True)
class Target:
    """What a canonical column takes."""

    name: str
    kind: Kind
    arrow: pa.DataType
    length: int | None
    """Most characters of a text; None where any length fits."""


@dataclass(frozen=True, slots=True)
class CellRules:
    """How the cells of one column are to be read."""

    factor: Decimal = Decimal(1)
    date_formats: tuple[str, ...] = ()
    currency: str | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that could not be read: its position in the column, its text, and a reason code."""

    index: int
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Converted:
    """A column of the target's type; the cells listed in `bad` are null in it."""

    values: ArrowArray
    bad: list[Bad] = field(default_factory=list)
    rounded: int = 0
    """Amounts that lost digits beyond the fourth decimal."""


def target_of(column: sa.Column[Any]) -> Target:
    """The target that a canonical column is."""
    import pyarrow as pa

    arrow = arrow_type(column)
    kind: Kind
    if pa.types.is_decimal(arrow):
        kind = "amount"
    elif pa.types.is_string(arrow):
        kind = "text"
    elif pa.types.is_integer(arrow):
        kind = "whole"
    elif pa.types.is_floating(arrow):
        kind = "real"
    elif pa.types.is_boolean(arrow):
        kind = "flag"
    elif pa.types.is_date(arrow):
        kind = "day"
    else:
        kind = "instant"
    length = getattr(column.type, "length", None) if kind == "text" else None
    if kind == "text" and column.foreign_keys:
        length = 200
    return Target(column.name, kind, arrow, length)


def convert(raw: RawColumn, target: Target, rules: CellRules) -> Converted:
    """Read a raw column as `target`, by `rules`."""
    if target.kind == "text":
        return _to_storable_text(raw, target)
    if isinstance(raw, list):
        return _by_distinct(raw, target, rules)
    import pyarrow as pa

    kind = raw.type
    if target.kind == "amount":
        if pa.types.is_decimal(kind) or pa.types.is_integer(kind):
            return _amount_from_numbers(raw, target, rules)
        if pa.types.is_floating(kind):
            return _amount_from_floats(raw, target, rules)
        if pa.types.is_string(kind):
            return _amount_from_text(raw, target, rules)
    if target.kind == "whole" and pa.types.is_string(kind):
        return _mostly_plain(raw, _PLAIN_WHOLE, target, rules)
    if target.kind == "day" and (pa.types.is_date(kind) or pa.types.is_timestamp(kind)):
        return _day_from_dates(raw, target, rules)
    return _by_distinct(raw, target, rules)


# --- text ---------------------------------------------------------------------------------------


def to_text(raw: RawColumn) -> ArrowArray:
    """A raw column as trimmed text (see `as_text`): 1001.0 is `1001`; empty or a dash is null."""
    import pyarrow as pa

    pc = kernels()
    if isinstance(raw, list):
        known: dict[tuple[type, Any], str | None] = {}
        texts: list[str | None] = []
        for value in raw:
            key = (type(value), value)
            if key not in known:
                known[key] = as_text(value)
            texts.append(known[key])
        return pa.array(texts, pa.string())
    kind = raw.type
    if pa.types.is_integer(kind):
        digits: ArrowArray = pc.cast(raw, pa.string())
        return digits
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        text = pc.utf8_trim_whitespace(pc.cast(raw, pa.string()))
        return blanked(text, pc.is_in(text, value_set=pa.array(["", *DASHES])))
    if pa.types.is_null(kind):
        return pa.nulls(len(raw), pa.string())
    return each_distinct(raw, as_text, pa.string())


def _to_storable_text(raw: RawColumn, target: Target) -> Converted:

    pc = kernels()
    text = to_text(raw)
    if target.length is not None and any_true(pc.match_substring_regex(text, _BREAKS)):
        text = pc.replace_substring_regex(text, _BREAKS, " ")
    bad: list[Bad] = []
    faults = [("bad_text", pc.match_substring_regex(text, _UNSTORABLE))]
    if target.length is not None:
        faults.append(("text_too_long", pc.greater(pc.utf8_length(text), target.length)))
    for reason, faulty in faults:
        if any_true(faulty):
            bad += [Bad(i, text[i].as_py()[:200], reason) for i in positions(faulty)]
            text = blanked(text, faulty)
    return Converted(text, bad)


# --- amounts ------------------------------------------------------------------------------------


def _amount_from_numbers(raw: ArrowArray, target: Target, rules: CellRules) -> Converted:
    import pyarrow as pa

    pc = kernels()
    values = raw
    if pa.types.is_integer(values.type):
        values = pc.cast(pc.cast(values, pa.int64()), pa.decimal128(19, 0))
    if values.type.precision > 26 or values.type.scale > 9:
        return _by_distinct(raw, target, rules)
    if rules.factor != 1:
        values = pc.multiply(values, pa.scalar(rules.factor))
    return _fitted(values, raw, target)


def _amount_from_text(raw: ArrowArray, target: Target, rules: CellRules) -> Converted:
    import pyarrow as pa

    pc = kernels()
    text = to_text(raw)
    scaled = rules.factor != 1
    plain = pc.match_substring_regex(text, _LONG_NUMBER if scaled else _PLAIN_NUMBER)
    readable = blanked(text, pc.invert(plain))
    if scaled:
        values = pc.multiply(pc.cast(readable, pa.decimal128(27, 9)), pa.scalar(rules.factor))
        fitted = _fitted(values, text, target)
    else:
        fitted = Converted(pc.cast(readable, target.arrow))
    return _with_odd(fitted, text, plain, target, rules)


def _fitted(values: ArrowArray, raw: ArrowArray, target: Target) -> Converted:
    import pyarrow as pa

    pc = kernels()
    limit = pa.scalar(Decimal(LARGEST_AMOUNT))
    too_large = pc.greater_equal(pc.abs(values), limit)
    bad: list[Bad] = []
    if any_true(too_large):
        bad = [Bad(i, str(raw[i].as_py()), "number_too_large") for i in positions(too_large)]
        values = blanked(values, too_large)
    rounded = 0
    if values.type.scale > AMOUNT_SCALE:
        exact = values
        values = pc.round(values, AMOUNT_SCALE, "half_to_even")
        loss = pc.abs(pc.subtract(exact, values))
        rounded = pc.sum(pc.greater(loss, pa.scalar(_LEAST_NOTED))).as_py() or 0
    return Converted(pc.cast(values, target.arrow), bad, rounded)


def _amount_from_floats(raw: ArrowArray, target: Target, rules: CellRules) -> Converted:
    """Each float stands for the shortest decimal that gives it back; NaN is null."""
    import pyarrow as pa

    pc = kernels()
    wide = pc.cast(raw, pa.float64())
    shortest = pc.cast(blanked(wide, pc.is_nan(wide)), pa.string())
    noisy = pc.match_substring_regex(shortest, _FLOAT_NUMBER)
    if rules.factor != 1 or not any_true(noisy):
        return _amount_from_text(shortest, target, rules)
    short = _amount_from_text(blanked(shortest, noisy), target, rules)
    long = pc.cast(blanked(shortest, pc.invert(noisy)), pa.decimal128(34, 20))
    fitted = _fitted(long, raw, target)
    values = pc.coalesce(short.values, fitted.values)
    return Converted(values, short.bad, short.rounded + fitted.rounded)


# --- the rest -----------------------------------------------------------------------------------


def _mostly_plain(raw: ArrowArray, pattern: str, target: Target, rules: CellRules) -> Converted:

    pc = kernels()
    text = to_text(raw)
    plain = pc.match_substring_regex(text, pattern)
    readable = blanked(text, pc.invert(plain))
    return _with_odd(Converted(pc.cast(readable, target.arrow)), text, plain, target, rules)


def _with_odd(
    done: Converted, text: ArrowArray, plain: ArrowArray, target: Target, rules: CellRules
) -> Converted:
    """Add the cells that the vectorised path left (`plain` false), read one by one."""
    pc = kernels()
    odd = pc.fill_null(pc.invert(plain), False)
    if not any_true(odd):
        return done
    where = positions(odd)
    rest = _by_distinct(pc.take(text, where), target, rules)
    values = pc.replace_with_mask(done.values, odd, rest.values)
    bad = done.bad + [Bad(where[b.index], b.value, b.reason) for b in rest.bad]
    return Converted(values, bad, done.rounded + rest.rounded)


def _day_from_dates(raw: ArrowArray, target: Target, rules: CellRules) -> Converted:
    import pyarrow as pa

    pc = kernels()
    values = raw
    if pa.types.is_timestamp(values.type) and values.type.tz is not None:
        values = pc.local_timestamp(pc.cast(values, pa.timestamp("us", tz=rules.zone)))
    year = pc.year(values)
    bounds = pc.min_max(year).as_py()
    if bounds["min"] is not None and (bounds["min"] < 1900 or bounds["max"] > 2199):
        return _by_distinct(raw, target, rules)
    if pa.types.is_timestamp(values.type):
        values = pc.floor_temporal(values, unit="day")
    return Converted(pc.cast(values, target.arrow))


def _by_distinct(raw: RawColumn, target: Target, rules: CellRules) -> Converted:
    """Read each distinct value once in Python and spread the results."""
    import pyarrow as pa

    pc = kernels()
    distinct, codes = _encoded(raw)
    results: list[Any] = []
    reasons: dict[int, str] = {}
    losses: set[int] = set()
    for position, value in enumerate(distinct):
        try:
            result, lossy = _read(value, target, rules)
        except BadCell as error:
            reasons[position] = error.reason
            result, lossy = None, False
        if lossy:
            losses.add(position)
        results.append(result)
    values = pc.take(pa.array(results, target.arrow), codes)
    bad: list[Bad] = []
    rounded = 0
    if reasons or losses:
        for index, code in enumerate(codes.to_pylist()):
            if code in reasons:
                bad.append(Bad(index, str(distinct[code])[:200], reasons[code]))
            elif code in losses:
                rounded += 1
    return Converted(values, bad, rounded)


def _read(value: Any, target: Target, rules: CellRules) -> tuple[Any, bool]:
    """The value as the target's Python type, and whether digits were lost.

    Raises:
        BadCell: with the reason.
    """
    if value is None:
        return None, False
    if target.kind == "day":
        return parse_day(value, rules.date_formats, rules.zone), False
    if target.kind == "instant":
        return parse_instant(value, rules.date_formats, rules.zone), False
    if target.kind == "flag":
        return parse_flag(value), False
    number = parse_number(value, factor=rules.factor, currency=rules.currency)
    if number is None:
        return None, False
    if target.kind == "real":
        return float(number), False
    if target.kind == "whole":
        if number != number.to_integral_value():
            raise BadCell("bad_whole")
        if abs(number) >= _WHOLE_LIMIT:
            raise BadCell("number_too_large")
        return int(number), False
    if abs(number) >= LARGEST_AMOUNT:
        raise BadCell("number_too_large")
    fitted = number.quantize(_QUANTUM, ROUND_HALF_EVEN)
    return fitted, abs(fitted - number) > _LEAST_NOTED


def each_distinct(raw: ArrowArray, read: Callable[[Any], Any], arrow: pa.DataType) -> ArrowArray:
    """`read` applied to each value, once per distinct one; null stays null."""
    import pyarrow as pa

    distinct, codes = _encoded(raw)
    results = pa.array([read(value) for value in distinct], arrow)
    spread: ArrowArray = kernels().take(results, codes)
    return spread


def _encoded(raw: RawColumn) -> tuple[list[Any], ArrowArray]:
    """Distinct values and, for each row, the position of its value among them (null for null)."""
    import pyarrow as pa

    if not isinstance(raw, list):
        encoded = raw.dictionary_encode()
        return encoded.dictionary.to_pylist(), encoded.indices
    known: dict[tuple[type, Any], int] = {}
    codes = [
        None if value is None else known.setdefault((type(value), value), len(known))
        for value in raw
    ]
    return [value for _kind, value in known], pa.array(codes, pa.int32())


def scalar_column(value: Any, length: int, target: Target, rules: CellRules) -> Converted:
    """A column of one constant, read as `target`; at most one `bad`, at index 0."""
    import pyarrow as pa

    one = (
        _by_distinct([value], target, rules)
        if target.kind != "text"
        else convert([value], target, rules)
    )
    return Converted(pa.repeat(one.values[0], length), one.bad)
