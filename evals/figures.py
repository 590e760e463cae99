"""Figures in a text: reads what a person reads, with the precision at which it is shown.

"3,357.5万" stands for any value within half a unit of its last digit. Signs are dropped, since a
text says "下降 11.7%" where the evidence holds -0.117.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

SCALES = {
    "万亿": 1e12,
    "亿": 1e8,
    "千万": 1e7,
    "百万": 1e6,
    "万": 1e4,
    "千": 1e3,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "million": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "thousand": 1e3,
    "k": 1e3,
    "%": 1e-2,
    "个百分点": 1e-2,
    "百分点": 1e-2,
    "percentage points": 1e-2,
    "percentage point": 1e-2,
    "percent": 1e-2,
    "pp": 1e-2,
    "pts": 1e-2,
}

_SUFFIX = "|".join(sorted(map(re.escape, SCALES), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?<![A-Za-z0-9_.])(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?:\s?(?P<scale>{_SUFFIX})(?![a-z]))?",
    re.IGNORECASE,
)

_MARKERS = re.compile(r"\[\^?\d+\]|【\d+】")
_MONTH_NAMES = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_TIMES = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{4}-(?:q[1-4]|h[12]|w\d{2}|\d{2})(?!\d)"
    r"|\d{4}\s?年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?)?|\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?"
    r"|(?<![a-z])[qh][1-4](?:\s?\d{4})?"
    rf"|\d{{1,2}}\s+(?:{_MONTH_NAMES})\.?(?:,?\s+\d{{4}})?"
    rf"|(?:{_MONTH_NAMES})\.?\s+\d{{1,2}},?\s+\d{{4}}|(?:{_MONTH_NAMES})\.?\s+\d{{4}}"
    r"|(?<!\d)(?:19|20)\d{2}(?![.,]?\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as a text shows it: its value, and half a unit of its last digit."""

    text: str
    value: float
    half_unit: float

    def stands_for(self, value: float) -> bool:
        """Whether `value`, rounded as shown, gives this figure (signs aside)."""
        slack = 1e-12 * max(1.0, abs(value))
        return abs(abs(value) - self.value) <= self.half_unit + slack


def folded(text: str) -> str:
    """NFKC, so full-width digits and signs read as plain ones."""
    return unicodedata.normalize("NFKC", text)


def shown_figures(text: str, names: tuple[str, ...] = ()) -> tuple[Shown, ...]:
    """The figures of a text, without citation marks, dates, years and the digits of `names`."""
    plain = folded(text)
    for name in sorted({folded(n) for n in names if re.search(r"\d", n)}, key=len, reverse=True):
        # "2013-06" is a name in a list of months, but no name within "2013-06-30"; nor is "95%"
        # one within "20.95%"
        before = r"(?<!\d)(?<!\d\.)" if name[0].isdigit() else ""
        after = r"(?!-?\d)" if name[-1].isdigit() else ""
        whole = rf"{before}{re.escape(name)}{after}"
        plain = re.sub(whole, " ", plain, flags=re.IGNORECASE)
    plain = _TIMES.sub(" ", _MARKERS.sub(" ", plain))
    return tuple(_read(match) for match in _NUMBER.finditer(plain))


def _read(match: re.Match[str]) -> Shown:
    digits = match["digits"].replace(",", "")
    scale = SCALES[match["scale"].lower()] if match["scale"] else 1.0
    decimals = len(digits.partition(".")[2])
    return Shown(match[0], float(digits) * scale, 0.5 * 10.0**-decimals * scale)


def names_date(text: str, iso: str) -> bool:
    """Whether a text names a day: 2013-11-29, 2013年11月29日, 29 Nov 2013 or Nov 29, 2013."""
    day = date.fromisoformat(iso)
    plain = folded(text).lower()
    short = day.strftime("%b").lower()
    forms = (
        rf"{day.year}[-/.]0?{day.month}[-/.]0?{day.day}(?!\d)",
        rf"{day.year}\s?年\s?0?{day.month}\s?月\s?0?{day.day}\s?日",
        rf"(?<!\d)0?{day.day}\s+{short}[a-z]*\.?,?\s+{day.year}",
        rf"{short}[a-z]*\.?\s+0?{day.day},?\s+{day.year}",
    )
    return any(re.search(form, plain) for form in forms)
