"""One cell at a time: the number, date or yes/no that a person wrote.

These functions take what no vectorised path can (`tools.erp.columns` tries that first): brackets
for negatives, units inside the cell, Chinese dates, serial days. Whatever has two readings is
refused with a reason, never guessed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from leadline.errors import InputError

FACTORS: dict[str, Decimal] = {
    "元": Decimal(1),
    "千": Decimal(1_000),
    "千元": Decimal(1_000),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "百万": Decimal(1_000_000),
    "百万元": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "千万元": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
    "亿元": Decimal(100_000_000),
    "thousand": Decimal(1_000),
    "million": Decimal(1_000_000),
    "billion": Decimal(1_000_000_000),
    "percent": Decimal("0.01"),
    "%": Decimal("0.01"),
}
"""Units that a mapping, a header or a cell may give, and what one of them is worth."""

BLANKS = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "——",
        "–",
        "/",
        "\\",
        "n/a",
        "na",
        "null",
        "none",
        "nan",
        "无",
        "暂无",
        "#n/a",
    }
)
"""What people write into a number or date cell that has no value (compared case-folded)."""

DASHES = ("-", "--", "—", "——", "–")
"""What stands for "nothing" in any cell, text included."""

CURRENCY_MARKS: dict[str, tuple[str, ...]] = {
    "CNY": ("¥", "人民币", "RMB"),
    "USD": ("US$", "$"),
    "EUR": ("€",),
    "GBP": ("£",),
    "JPY": ("¥", "日元"),
    "HKD": ("HK$", "$", "港币"),
    "TWD": ("NT$", "$"),
    "SGD": ("S$", "$"),
    "AUD": ("A$", "$"),
    "CAD": ("C$", "$"),
}
"""Marks besides the ISO code itself that name a currency."""

EARLIEST_YEAR = 1900
LATEST_YEAR = 2199
FIRST_SERIAL = 20_000
"""1954-10-03. Smaller bare numbers in a date column are more likely an error than a date."""
LAST_SERIAL = 73_415
"""2100-12-31, for the same reason."""
_SERIAL_EPOCH = date(1899, 12, 30)

_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_SUFFIX = re.compile(r"(百万元?|千万元?|万元?|亿元?|千元?|元|%|‰)$")
_COUNTED = re.compile(r"(?<=\d)[个台套件人家户份笔单]$")
_ANY_MARK = re.compile(r"^(?:[A-Z]{2,3}\$|[A-Z]{3}(?=[\d\s.+-])|[¥$€£]|人民币|日元|港币)|[A-Z]{3}$")
_DASHES = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "，": ","})
_DATE = re.compile(
    r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*([-/.月])\s*(\d{1,2})\s*[日号]?"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
    r"(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?"
)
_DAY_FIRST_OR_LAST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?:\s.*)?")
_COMPACT = re.compile(r"(?:19|20|21)\d{6}")
_NAMED_MONTH = ("%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y")
_YES = frozenset({"是", "y", "yes", "true", "t", "1", "√", "✓", "✔", "有", "对"})
_NO = frozenset({"否", "n", "no", "false", "f", "0", "×", "✗", "✘", "无", "没有", "非"})


class BadCell(InputError):
    """A cell that cannot be read as what its column is; `reason` is a code of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_number(
    value: object, *, factor: Decimal = Decimal(1), currency: str | None = None
) -> Decimal | None:
    """The exact number in a cell, times `factor`; None where the cell holds no value.

    A unit written in the cell (`3.5万`, `12%`) wins over `factor`. Brackets and a trailing minus
    are negatives. Commas must group by three. A currency mark must be that of `currency`. A float
    keeps the 15 digits that a spreadsheet shows.

    Raises:
        BadCell: bad_number, number_too_large, other_currency.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        raise BadCell("bad_number")
    if isinstance(value, int):
        return value * factor
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if math.isinf(value):
            raise BadCell("bad_number")
        return Decimal(f"{value:.15g}") * factor
    if isinstance(value, Decimal):
        return value * factor
    if not isinstance(value, str):
        raise BadCell("bad_number")
    return _number_in_text(value, factor, currency)


def _number_in_text(text: str, factor: Decimal, currency: str | None) -> Decimal | None:
    cleaned = _cleaned(text)
    if cleaned.casefold() in BLANKS or text.strip().casefold() in BLANKS:
        return None
    if any(unicodedata.category(letter) == "No" for letter in text):
        raise BadCell("bad_number")  # 5² is not 52
    cleaned = cleaned.translate(_DASHES)
    negative = False
    if cleaned.startswith("(") and cleaned.endswith(")"):
        cleaned, negative = cleaned[1:-1].strip(), True
    cleaned, signed = _without_sign(cleaned)
    cleaned = _without_mark(cleaned, currency)
    cleaned, inner = _without_sign(cleaned)
    if negative + (signed is not None) + (inner is not None) > 1:
        raise BadCell("bad_number")
    negative = negative or signed == "-" or inner == "-"
    if suffix := _SUFFIX.search(cleaned):
        mark = suffix.group(1)
        if mark in ("%", "‰") and factor not in (1, FACTORS["percent"]):
            raise BadCell("bad_number")
        if mark.endswith("元") and currency not in (None, "CNY"):
            raise BadCell("other_currency")
        cleaned = cleaned[: suffix.start()].rstrip()
        factor = Decimal("0.001") if mark == "‰" else FACTORS[mark]
    else:
        cleaned = _COUNTED.sub("", cleaned)
    if not _NUMBER.fullmatch(cleaned):
        raise BadCell("bad_number")
    number = Decimal(cleaned.replace(",", ""))
    if number.adjusted() > 30:
        raise BadCell("number_too_large")
    number *= factor
    return -number if negative else number


def _cleaned(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lstrip("'").strip()


def _without_sign(text: str) -> tuple[str, str | None]:
    if text[:1] in ("-", "+"):
        return text[1:].lstrip(), text[0]
    if text.endswith("-"):
        return text[:-1].rstrip(), "-"
    return text, None


def _without_mark(text: str, currency: str | None) -> str:
    if not _ANY_MARK.search(text):
        return text
    marks = () if currency is None else (currency, *CURRENCY_MARKS.get(currency, ()))
    for mark in marks:
        if text.startswith(mark):
            return text[len(mark) :].lstrip()
        if text.endswith(mark):
            return text[: -len(mark)].rstrip()
    raise BadCell("other_currency")


def parse_day(value: object, formats: Sequence[str] = (), zone: str = "UTC") -> date | None:
    """The calendar date in a cell; None where the cell holds no value.

    Reads 2026-01-05, 2026/1/5, 2026.1.5, 2026年1月5日, 20260105, 5-Jan-2026 and serial days
    (46027), each with or without a time of day, and whatever `formats` (strptime) describe.
    A moment with an offset counts as the date in `zone`.

    Raises:
        BadCell: bad_date, ambiguous_date (1/5/2026 without a format), date_out_of_range.
    """
    moment = _moment(value, formats)
    if moment is None:
        return None
    return (moment.astimezone(ZoneInfo(zone)) if moment.tzinfo else moment).date()


def parse_instant(value: object, formats: Sequence[str] = (), zone: str = "UTC") -> datetime | None:
    """The moment in a cell, in UTC; one without an offset is taken as local time of `zone`.

    Raises:
        BadCell: as `parse_day`.
    """
    moment = _moment(value, formats)
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(UTC)


def _moment(value: object, formats: Sequence[str]) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return _in_range(value)
    if isinstance(value, date):
        return _in_range(datetime.combine(value, time()))
    if isinstance(value, bool):
        raise BadCell("bad_date")
    if isinstance(value, int | float | Decimal):
        if isinstance(value, float) and math.isnan(value):
            return None
        number = Decimal(str(value))
        text = str(int(number)) if number == number.to_integral_value() else str(number)
        return _moment_in_text(text, formats)
    if isinstance(value, str):
        return _moment_in_text(value, formats)
    raise BadCell("bad_date")


def _moment_in_text(text: str, formats: Sequence[str]) -> datetime | None:
    cleaned = _cleaned(text)
    if cleaned.casefold() in BLANKS:
        return None
    for pattern in formats:
        if found := _by_format(cleaned, pattern):
            return _in_range(found)
    if found := _by_pattern(cleaned):
        return _in_range(found)
    if _COMPACT.fullmatch(cleaned):
        return _in_range(_or_bad(int(cleaned[:4]), int(cleaned[4:6]), int(cleaned[6:])))
    if re.fullmatch(r"\d{4,6}(?:\.\d+)?", cleaned):
        serial = Decimal(cleaned)
        if not FIRST_SERIAL <= serial <= LAST_SERIAL:
            raise BadCell("bad_date")
        return from_serial(serial)
    if _DAY_FIRST_OR_LAST.fullmatch(cleaned):
        raise BadCell("bad_date" if formats else "ambiguous_date")
    for pattern in _NAMED_MONTH:
        if found := _by_format(cleaned, pattern):
            return _in_range(found)
    raise BadCell("bad_date")


def from_serial(serial: Decimal) -> datetime:
    """The local moment of a spreadsheet's serial day (1900 system), to the second."""
    days = int(serial)
    seconds = int(((serial - days) * 86_400).to_integral_value())
    midnight = datetime.combine(_SERIAL_EPOCH + timedelta(days=days), time())
    return midnight + timedelta(seconds=seconds)


def _by_pattern(text: str) -> datetime | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, first, month, second, day, hour, minute, seconds, offset = match.groups()
    if second != {"年": "月"}.get(first, first):
        raise BadCell("bad_date")
    found = _or_bad(int(year), int(month), int(day))
    if hour is None:
        return found
    clock = f"{int(hour):02d}:{minute}:{seconds or '00'}"
    zone = "" if offset is None else "+00:00" if offset == "Z" else offset
    try:
        return datetime.fromisoformat(f"{found.date().isoformat()}T{clock}{zone}")
    except ValueError as error:
        raise BadCell("bad_date") from error


def _by_format(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is the column's matter
    except ValueError:
        return None  # another format may fit; the caller refuses in the end


def _or_bad(year: int, month: int, day: int) -> datetime:
    try:
        return datetime(year, month, day)  # noqa: DTZ001 - a date has no zone
    except ValueError as error:
        raise BadCell("bad_date") from error


def _in_range(moment: datetime) -> datetime:
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise BadCell("date_out_of_range")
    return moment


def parse_flag(value: object) -> bool | None:
    """The yes or no in a cell; None where it is empty.

    Raises:
        BadCell: bad_flag.
    """
    if value is None or isinstance(value, bool):
        return value
    text = as_text(value)
    if text is None:
        return None
    folded = unicodedata.normalize("NFKC", text).casefold()
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    if folded in BLANKS:
        return None
    raise BadCell("bad_flag")


def as_text(value: object) -> str | None:
    """A cell as trimmed text: 1001.0 as `1001`, midnight as a date; None if empty or a dash."""
    if value is None:
        return None
    if isinstance(value, str):
        text = value.strip()
        return None if text in DASHES else text or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return f"{value:.15g}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        midnight = value.tzinfo is None and value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
