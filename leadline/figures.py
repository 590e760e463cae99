"""How a figure looks: money in 万元/亿元 or with thousands separators, fractions as percent."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from leadline.errors import EvidenceError
from leadline.evidence import Column, ToolResult
from leadline.types import Language, Scalar, Unit

_SYMBOL = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_NAME_ZH = {"CNY": "元", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元"}
_WAN = Decimal(10_000)
_YI = Decimal(100_000_000)
MISSING = {Language.ZH: "无数据", Language.EN: "no data"}


def unit_in(result: ToolResult, row: int, column: Column) -> Column:
    """`column` with the unit that it has in this row.

    Raises:
        EvidenceError: the row names no unit for a column of row by row units.
    """
    if column.unit is not Unit.EACH:
        return column
    try:
        return replace(column, unit=Unit(str(result.rows[row][result.column_index("unit")])))
    except (KeyError, ValueError) as error:
        raise EvidenceError(f"row {row} names no unit for {column.name}") from error


def render_figure(value: Scalar, column: Column, language: Language, *, size: bool = False) -> str:
    """`value` as a person reads it; `size` leaves the sign out."""
    if value is None:
        return MISSING[language]
    if isinstance(value, (bool, str)) or column.unit in (Unit.TEXT, Unit.DATE):
        return str(value)
    number = Decimal(str(value))
    if size:
        number = abs(number)
    if column.unit is Unit.RATIO and column.name.endswith(("__change", "difference", "_effect")):
        points = _round(number * 100, 2)
        return f"{points} 个百分点" if language is Language.ZH else f"{points} pp"
    if column.unit is Unit.RATIO:
        return f"{_round(number * 100, 2)}%"
    if column.unit is Unit.MONEY:
        return _money(number, column.currency, language)
    if column.unit is Unit.DAYS:
        return f"{_plain(number)} 天" if language is Language.ZH else f"{_plain(number)} days"
    return _plain(number)


def _money(number: Decimal, currency: str | None, language: Language) -> str:
    code = currency or ""
    if language is Language.ZH:
        name = _NAME_ZH.get(code, f" {code}" if code else "")
        if abs(number) >= _YI:
            return f"{_round(number / _YI, 4)}亿{name}"
        if abs(number) >= _WAN:
            return f"{_round(number / _WAN, 2)}万{name}"
        return f"{_round(number, 2)}{name}"
    sign = "-" if number < 0 else ""
    symbol = _SYMBOL.get(code, f"{code} " if code else "")
    return f"{sign}{symbol}{_round(abs(number), 2)}"


def _round(number: Decimal, places: int) -> str:
    quantum = Decimal(1).scaleb(-places)
    return f"{number.quantize(quantum, rounding=ROUND_HALF_UP):,}"


def _plain(number: Decimal) -> str:
    if number == number.to_integral_value():
        return f"{number.to_integral_value():,}"
    return _round(number, 2)


def direction_word(value: Scalar, language: Language) -> str:
    """增长/下降/持平 by the sign of a change; null has no direction."""
    if value is None or isinstance(value, (str, bool)):
        return "变化未知" if language is Language.ZH else "changed by an unknown amount"
    if value > 0:
        return "增长" if language is Language.ZH else "up"
    if value < 0:
        return "下降" if language is Language.ZH else "down"
    return "持平" if language is Language.ZH else "unchanged"
