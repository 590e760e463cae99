"""Numbers as people write them: 1,234.5, 3万, 一亿两千万, 20%, 百分之二十, $1.5 million, 2k."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_EN_WORDS = {
    w: i
    for i, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "dozen": 12}
_EN_SCALE = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mm": 1e6, "mio": 1e6, "million": 1e6,
    "millions": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9,
}  # fmt: skip
_HAN_NUMERAL = "零〇一二两俩三四五六七八九十百千万亿"

_NUMBER = re.compile(
    rf"""
    (?P<pct_zh>百分之)?
    (?P<sign>-)?
    (?P<currency>[$¥€£]|usd|cny|rmb)?\s*
    (?:
        (?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)
        \s*(?P<scale>(?:thousand|millions?|billion|bn|mn|mm|mio|k|m|b)(?![a-z])|[十百千]?[万亿]|[百千])?
      | (?P<han>[{_HAN_NUMERAL}]+)
      | (?P<word>{"|".join(sorted(_EN_WORDS, key=len, reverse=True))})(?![a-z])
        (?:\s+(?P<wscale>thousand|million|billion|hundred)(?![a-z]))?
      | (?P<onehalf>half(?!\s*(?:an?\s|of\s|year|[- ]year|\d))(?![a-z-]))
      | (?P<half>half\s+)?an?\s+
        (?P<ascale>thousand|million|billion|hundred\s+thousand|hundred)(?![a-z])
    )
    \s*(?P<pct>%|percent(?![a-z])|per\s?cent(?![a-z])|个百分点|成(?![交员都功本立单]))?
    (?P<money>\s*(?:元|块钱|块|usd(?![a-z])|dollars?(?![a-z])|yuan(?![a-z])|rmb(?![a-z])|美元|美金|人民币))?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the text. `value` of a percentage is a fraction (20 % → 0.2)."""

    value: float
    percent: bool
    money: bool
    end: int
    scaled: bool
    """Whether a scale such as 万 or million, a percent sign or a currency stood with it."""


def number_at(text: str, start: int) -> Number | None:
    """The number that begins at `start` of folded text, or None."""
    found = _NUMBER.match(text, start)
    if not found or found.end() == start:
        return None
    value = _value(found)
    if value is None:
        return None
    if found["onehalf"]:
        return Number(0.5, percent=True, money=False, end=found.end(), scaled=True)
    percent_word = found["pct"] or ("%" if found["pct_zh"] else None)
    if percent_word == "成":
        value /= 10
    elif percent_word:
        value /= 100
    if found["sign"]:
        value = -value
    money = bool(found["currency"] or found["money"])
    scaled = bool(found["scale"] or found["wscale"] or found["ascale"] or percent_word or money)
    return Number(value, bool(percent_word), money, found.end(), scaled)


def _value(found: re.Match[str]) -> float | None:
    if found["digits"]:
        value = float(found["digits"].replace(",", ""))
        scale = found["scale"]
        if not scale:
            return value
        if scale in _EN_SCALE:
            return value * _EN_SCALE[scale]
        for char in scale:
            value *= _SMALL.get(char) or _LARGE[char]
        return value
    if found["onehalf"]:
        return 0.5
    if found["ascale"]:
        scale = {"hundred thousand": 1e5, "hundred": 100.0}.get(
            " ".join(found["ascale"].split()), _EN_SCALE.get(found["ascale"], 0.0)
        )
        return scale / 2 if found["half"] else scale
    if found["word"]:
        value = float(_EN_WORDS[found["word"]])
        if found["wscale"]:
            value *= 100 if found["wscale"] == "hundred" else _EN_SCALE[found["wscale"]]
        return value
    return han_number(found["han"])


def han_number(text: str) -> float | None:
    """Value of a Chinese numeral such as 一亿两千万 or 二十; None where it is none."""
    if not text or any(c not in _HAN_NUMERAL for c in text):
        return None
    if all(c in _DIGIT for c in text) and len(text) > 1:
        return float("".join(str(_DIGIT[c]) for c in text))  # 二〇一三
    total, section, digit = 0, 0, 0
    seen = False
    for char in text:
        if char in _DIGIT:
            digit, seen = _DIGIT[char], True
        elif char in _SMALL:
            section += (digit or 1) * _SMALL[char]
            digit, seen = 0, True
        else:
            if not seen:
                return None
            total = (
                (total + section + digit) * _LARGE[char]
                if char == "亿"
                else (total + (section + digit) * _LARGE[char])
            )
            section = digit = 0
    return float(total + section + digit) if seen or section else None


def small_count(text: str) -> int | None:
    """A whole number below 1000 written as digits, Chinese numeral or English word."""
    if text.isdecimal():
        return int(text)
    if text in _EN_WORDS:
        return _EN_WORDS[text]
    value = han_number(text)
    return int(value) if value is not None else None
