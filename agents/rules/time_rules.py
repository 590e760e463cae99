"""Time expressions, Chinese and English, resolved against the data's as-of date.

A *named* period (March, Q3 2013, 上半年, 去年) may lack its year: it then means the most recent one
that has started. *Rolling* windows end with the as-of date and count calendar months, never blocks of
thirty days. Nothing here looks at the wall clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from agents.rules.numbers import small_count
from knowledge.semantic.calendar import fiscal_year_named, period_of, shift_bucket, shift_months
from leadline.types import Grain, Period

_N = r"(\d{1,3}|[一二两三四五六七八九十百]+)"
_EN_N = r"(\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_MONTHS_EN = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH_EN = r"(" + "|".join(f"{m}|{m[:3]}\\.?(?![a-z])" for m in _MONTHS_EN) + r"|sept\.?(?![a-z]))"
_ORDINAL_EN = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}
_UNIT_ZH: dict[str, Grain] = {
    "日": "day", "天": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month",
    "季度": "quarter", "季": "quarter", "半年": "half", "年": "year", "年度": "year",
    "财年": "year", "月份": "month",
}  # fmt: skip
_REL_YEAR = {
    "今年": 0, "本年": 0, "本年度": 0, "当年": 0, "去年": -1, "上年": -1, "上一年": -1,
    "上年度": -1, "前年": -2, "大前年": -3, "明年": 1, "后年": 2,
}  # fmt: skip
_YEAR_ZH = (
    r"(?:(?P<y4>(?:19|20)\d\d)(?:年度?|(?=[qh]\d|第|[上下]半年|[一二三四]季))|(?P<y2>\d\d)年"
    r"|(?P<yh>[二一][〇零一二三四五六七八九]{3})年|(?P<yrel>"
    + "|".join(sorted(_REL_YEAR, key=len, reverse=True))
    + r"))"
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What "today" and "fiscal year" mean here."""

    as_of: date
    fiscal_start_month: int = 1


@dataclass(frozen=True, slots=True)
class TimeExpr:
    """A resolved time expression.

    `unit` is the kind of period that "previous period" steps by; None for arbitrary ranges.
    `start` or `end_excl` None: open on that side. `year_given`: the year was said or is relative to
    today (a bare "March" is false, and may take over the year of a neighbour).
    """

    start: date | None
    end_excl: date | None
    unit: Grain | None
    kind: str
    label_zh: str
    label_en: str
    year_given: bool = True

    def partial(self, as_of: date) -> bool:
        """Whether the as-of date lies in the period before its last day."""
        return (
            self.start is not None
            and self.end_excl is not None
            and self.start <= as_of
            and self.end_excl > as_of + timedelta(days=1)
        )


def named(unit: Grain, start: date, *, year_given: bool = True) -> TimeExpr:
    """The whole calendar period of `unit` that begins at `start`."""
    period = period_of(unit, start)
    zh, en = _names(unit, period)
    return TimeExpr(period.start, period.end_excl, unit, "named", zh, en, year_given)


def _names(unit: Grain, period: Period) -> tuple[str, str]:
    start = period.start
    if unit == "year":
        return f"{start.year} 年", f"{start.year}"
    if unit == "half":
        half = 1 if start.month <= 6 else 2
        return f"{start.year} 年{'上' if half == 1 else '下'}半年", f"H{half} {start.year}"
    if unit == "quarter":
        quarter = (start.month + 2) // 3
        return f"{start.year} 年第{'一二三四'[quarter - 1]}季度", f"Q{quarter} {start.year}"
    if unit == "month":
        return (
            f"{start.year} 年 {start.month} 月",
            f"{_MONTHS_EN[start.month - 1].title()} {start.year}",
        )
    if unit == "week":
        year, week, _ = start.isocalendar()
        return f"{year} 年第 {week} 周", f"week {week} of {year}"
    return start.isoformat(), start.isoformat()


def _unit_of_start(unit: Grain, year: int, number: int) -> date:
    if unit == "half":
        return date(year, 1 if number == 1 else 7, 1)
    if unit == "quarter":
        return date(year, 3 * number - 2, 1)
    return date(year, number, 1)


def _in_year(cal: Calendar, unit: Grain, number: int, year: int | None) -> TimeExpr:
    """The number-th half, quarter or month of `year`, or of the latest year in which it has begun."""
    if year is not None:
        return named(unit, _unit_of_start(unit, year, number))
    start = _unit_of_start(unit, cal.as_of.year, number)
    if start > cal.as_of:
        start = _unit_of_start(unit, cal.as_of.year - 1, number)
    return named(unit, start, year_given=False)


def _relative(cal: Calendar, unit: Grain, steps: int, zh: str, en: str) -> TimeExpr:
    period = period_of(unit, shift_bucket(unit, period_of(unit, cal.as_of).start, steps))
    return TimeExpr(period.start, period.end_excl, unit, "named", zh, en)


def _rolling(cal: Calendar, unit: Grain, count: int) -> TimeExpr:
    end = cal.as_of + timedelta(days=1)
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(unit)
    if months:
        start = shift_months(end, -months * count)
    else:
        start = end - timedelta(days=count * (7 if unit == "week" else 1))
    zh_unit = {
        "day": "天",
        "week": "周",
        "month": "个月",
        "quarter": "个季度",
        "half": "个半年",
        "year": "年",
    }[unit]
    plural = "s" if count != 1 else ""
    return TimeExpr(
        start, end, unit, "rolling", f"近 {count} {zh_unit}", f"the last {count} {unit}{plural}"
    )


def _to_date(cal: Calendar, unit: Grain) -> TimeExpr:
    period = period_of(unit, cal.as_of)
    zh = {
        "year": "年初至今",
        "quarter": "本季度至今",
        "month": "本月至今",
        "week": "本周至今",
        "half": "本半年至今",
        "day": "今天",
    }[unit]
    en = {"day": "today"}.get(unit, f"{unit} to date")
    return TimeExpr(period.start, cal.as_of + timedelta(days=1), unit, "to_date", zh, en)


def _year(found: re.Match[str], cal: Calendar) -> int | None:
    groups = found.groupdict()
    if groups.get("y4"):
        return int(groups["y4"])
    if groups.get("y2"):
        return 2000 + int(groups["y2"])
    if groups.get("yh"):
        return small_count(groups["yh"])
    if groups.get("yrel"):
        return cal.as_of.year + _REL_YEAR[groups["yrel"]]
    return None


def _month_number(word: str) -> int:
    prefix = word.rstrip(".")[:3]
    return next(i for i, m in enumerate(_MONTHS_EN, 1) if m.startswith(prefix))


def _quarter_number(word: str) -> int:
    return "一二三四".index(word) + 1 if word in "一二三四" else int(word)


def _year_earlier(cal: Calendar, unit: str) -> TimeExpr:
    """The whole month, quarter, … that holds the same day of last year."""
    grain: Grain = unit  # type: ignore[assignment]
    return named(grain, period_of(grain, shift_months(cal.as_of, -12)).start)


def _named_before(cal: Calendar, word: str, steps: int, zh: str, en: str) -> TimeExpr:
    unit: Grain = word  # type: ignore[assignment]  # the pattern allows grains only
    return _relative(cal, unit, steps, zh, en)


def _edge(cal: Calendar, word: str, year: int | None, *, last: bool) -> TimeExpr:
    """The first or the last month, quarter or half of a year."""
    unit: Grain = {"季度": "quarter", "半年": "half"}.get(word, "month")  # type: ignore[assignment]
    count = {"quarter": 4, "half": 2, "month": 12}[unit]
    return _in_year(cal, unit, count if last else 1, year)


def _first(cal: Calendar, unit: Grain, count: int, year: int | None) -> TimeExpr:
    """The first `count` quarters or months of a year, this year by default."""
    start = date(year if year is not None else cal.as_of.year, 1, 1)
    end = shift_bucket(unit, start, count)
    if not 0 < count <= (4 if unit == "quarter" else 12):
        raise ValueError(f"a year has no {count} {unit}s")
    zh_unit = "个季度" if unit == "quarter" else "个月"
    return TimeExpr(
        start,
        end,
        None,
        "range",
        f"{start.year} 年前 {count} {zh_unit}",
        f"the first {count} {unit}s of {start.year}",
        year is not None,
    )


def _safe(make: Callable[[], TimeExpr | None]) -> TimeExpr | None:
    try:
        return make()
    except ValueError:  # 13月, February 30: not a date, so not a time expression
        return None


_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], Calendar], TimeExpr | None]]


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.VERBOSE if "\n" in pattern else 0)


def _day(year: int, month: int, day: int) -> TimeExpr:
    return named("day", date(year, month, day))


def _zh_month_day(m: re.Match[str], cal: Calendar) -> TimeExpr | None:
    month, number = small_count(m["mo"]), small_count(m["d"])
    if not month or not number:
        return None
    year = _year(m, cal)
    if year is not None:
        return _day(year, month, number)
    day = date(cal.as_of.year, month, number)
    return named(
        "day", day if day <= cal.as_of else date(day.year - 1, month, number), year_given=False
    )


def _zh_part(unit: Grain, group: str) -> Callable[[re.Match[str], Calendar], TimeExpr | None]:
    def rule(m: re.Match[str], cal: Calendar) -> TimeExpr | None:
        word = m[group]
        number = (
            {"上": 1, "前": 1, "下": 2, "后": 2, "1": 1, "2": 2}[word]
            if unit == "half"
            else (_quarter_number(word) if unit == "quarter" else small_count(word) or 0)
        )
        return _in_year(cal, unit, number, _year(m, cal))

    return rule


def _relative_zh(m: re.Match[str], cal: Calendar) -> TimeExpr:
    unit = _UNIT_ZH[m["unit"]]
    word = m["rel"]
    steps = (
        0
        if word in ("本", "这", "这个", "当", "当前", "这一")
        else -2
        if word in ("上上", "上上个")
        else 1
        if word.startswith("下")
        else -1
    )
    return _relative(cal, unit, steps, m[0], _relative_en(unit, steps))


def _relative_en(unit: Grain, steps: int) -> str:
    if steps == 0:
        return f"this {unit}"
    if steps == -1:
        return f"last {unit}"
    if steps == 1:
        return f"next {unit}"
    return f"the {unit} before last"


def _relative_zh_name(unit: Grain, steps: int) -> str:
    name = {
        "day": "天",
        "week": "周",
        "month": "月",
        "quarter": "季度",
        "half": "半年",
        "year": "年",
    }[unit]
    if unit == "year":
        return {0: "今年", -1: "去年", 1: "明年"}[steps]
    if unit == "half":
        return {0: "本半年", -1: "上个半年", 1: "下个半年"}[steps]
    return {0: "本", -1: "上", 1: "下"}[steps] + name


def _en_year(word: str | None, cal: Calendar) -> int | None:
    if not word:
        return None
    if word.isdecimal():
        return int(word) if len(word) == 4 else 2000 + int(word)
    steps = {"this": 0, "last": -1, "next": 1, "previous": -1, "the": -2}
    return cal.as_of.year + steps[word.split()[0]]


_EN_YEAR = (
    r"(?P<y>(?:19|20)\d\d|this\ year|last\ year|next\ year|the\ year\ before\ last)(?!\d)".replace(
        "\\ ", " "
    )
)


def _fiscal(cal: Calendar, year: int) -> TimeExpr:
    period = fiscal_year_named(year, cal.fiscal_start_month)
    return TimeExpr(period.start, period.end_excl, "year", "named", f"{year} 财年", f"FY{year}")


def _iso_week(year: int, week: int) -> TimeExpr:
    return named("week", date.fromisocalendar(year, week, 1))


_EN_UNIT = r"(?P<unit>day|week|month|quarter|half|half[- ]year|year)"


def _rolling_en(m: re.Match[str], cal: Calendar) -> TimeExpr | None:
    groups = m.groupdict()
    count = small_count(groups["n"]) if groups.get("n") else 1
    unit: Grain = "half" if m["unit"].startswith("half") else m["unit"]  # type: ignore[assignment]
    return _rolling(cal, unit, count) if count else None


def _relative_en_rule(m: re.Match[str], cal: Calendar) -> TimeExpr:
    unit: Grain = "half" if m["unit"].startswith("half") else m["unit"]  # type: ignore[assignment]
    steps = {
        "this": 0,
        "current": 0,
        "last": -1,
        "previous": -1,
        "prior": -1,
        "next": 1,
        "coming": 1,
    }[m["rel"]]
    return _relative(cal, unit, steps, _relative_zh_name(unit, steps), _relative_en(unit, steps))


def _en_month_day(m: re.Match[str], cal: Calendar) -> TimeExpr:
    month, day = _month_number(m["m"]), int(m["d"])
    if m["y"]:
        return _day(int(m["y"]), month, day)
    latest = date(cal.as_of.year, month, day)
    return named(
        "day",
        latest if latest <= cal.as_of else date(latest.year - 1, month, day),
        year_given=False,
    )


_RULES: tuple[_Rule, ...] = (
    # to date
    (_rx(r"年初至今|年初到现在|今年以来|今年至今|今年到现在|本年至今|本年累计|今年累计|年累计|年度累计"), lambda m, c: _to_date(c, "year")),
    (_rx(r"(?:本|这个|这)季度?(?:至今|以来|到现在|累计)|季初至今|季度至今"), lambda m, c: _to_date(c, "quarter")),
    (_rx(r"(?:本|这个|当)月(?:至今|以来|到现在|累计)|月初至今"), lambda m, c: _to_date(c, "month")),
    (_rx(r"(?:本|这)周(?:至今|以来|到现在)"), lambda m, c: _to_date(c, "week")),
    (_rx(r"(?:ytd|year[- ]to[- ]date|this year to date|(?:so far )?this year so far|so far this year|this year so far)(?![a-z0-9])"), lambda m, c: _to_date(c, "year")),
    (_rx(r"(?:qtd|quarter[- ]to[- ]date|so far this quarter|this quarter so far|this quarter to date)(?![a-z0-9])"), lambda m, c: _to_date(c, "quarter")),
    (_rx(r"(?:mtd|month[- ]to[- ]date|so far this month|this month so far|this month to date)(?![a-z0-9])"), lambda m, c: _to_date(c, "month")),
    # rolling
    (_rx(r"(?:最近|近|过去|这)(?:的)?(?P<n>\d{1,3}|[一二两三四五六七八九十]+)(?:个)?(?P<unit>天|日|周|星期|礼拜|月|季度|季|年|半年)(?:内|以来|里)?"), lambda m, c: _safe(lambda: _rolling(c, _UNIT_ZH[m["unit"]], small_count(m["n"]) or 0))),
    (_rx(r"(?:最近|近|过去)半年|半年(?:以来|来|内)"), lambda m, c: replace(_rolling(c, "month", 6), label_zh="近半年")),
    (_rx(r"(?:最近|近|过去)(?:一)?(?P<unit>周|月|季度|年)(?!\d)"), lambda m, c: _rolling(c, _UNIT_ZH[m["unit"]], 1)),
    (_rx(r"(?:滚动(?:12|十二)个月|ttm(?![a-z0-9])|ltm(?![a-z0-9])|trailing (?:12|twelve)[- ]months?)"), lambda m, c: _rolling(c, "month", 12)),
    (_rx(r"(?:the )?(?:last|past|previous|trailing|recent|most recent|latest|preceding) (?P<n>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve)[- ](?P<unit>day|week|month|quarter|year)s?(?![a-z0-9])"), _rolling_en),
    (_rx(r"(?:the )?past (?P<unit>day|week|month|quarter|half[- ]year|year)(?![a-z0-9])"), _rolling_en),
    (_rx(r"(?:the )?(?:last|past) half[- ](?:a )?year(?![a-z0-9])"), lambda m, c: _rolling(c, "month", 6)),
    # days
    (_rx(r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"), lambda m, c: _safe(lambda: _day(int(m["y"]), int(m["m"]), int(m["d"])))),
    (_rx(_YEAR_ZH + r"?的?(?P<mo>\d{1,2}|[一二三四五六七八九十]+)月(?P<d>\d{1,2}|[一二三四五六七八九十]+)[日号]"), lambda m, c: _safe(lambda: _zh_month_day(m, c))),
    (_rx(r"(?P<m>" + _MONTH_EN + r") (?P<d>\d{1,2})(?:st|nd|rd|th)?(?![\d])(?:,? (?P<y>(?:19|20)\d\d))?(?!\d)"), lambda m, c: _safe(lambda: _en_month_day(m, c))),
    (_rx(r"(?P<d>\d{1,2})(?:st|nd|rd|th)? (?:of )?(?P<m>" + _MONTH_EN + r"),?(?: (?P<y>(?:19|20)\d\d))?(?!\d)"), lambda m, c: _safe(lambda: _en_month_day(m, c))),
    (_rx(r"今[天日]|today(?![a-z0-9])"), lambda m, c: TimeExpr(c.as_of, c.as_of + timedelta(days=1), "day", "named", "今天", "today")),
    (_rx(r"昨[天日]|yesterday(?![a-z0-9])"), lambda m, c: _relative(c, "day", -1, "昨天", "yesterday")),
    (_rx(r"前天"), lambda m, c: _relative(c, "day", -2, "前天", "the day before yesterday")),
    (_rx(r"明天|tomorrow(?![a-z0-9])"), lambda m, c: _relative(c, "day", 1, "明天", "tomorrow")),
    # weeks
    (_rx(r"(?P<y>(?:19|20)\d\d)[- ]?w(?P<w>\d{1,2})(?![a-z0-9])"), lambda m, c: _safe(lambda: _iso_week(int(m["y"]), int(m["w"])))),
    (_rx(r"(?P<y>(?:19|20)\d\d)年第(?P<w>\d{1,2})周"), lambda m, c: _safe(lambda: _iso_week(int(m["y"]), int(m["w"])))),
    (_rx(r"week (?P<w>\d{1,2}) (?:of )?(?P<y>(?:19|20)\d\d)(?![a-z0-9])"), lambda m, c: _safe(lambda: _iso_week(int(m["y"]), int(m["w"])))),
    # halves, quarters, months with or without a year
    (_rx(_YEAR_ZH + r"?\s?的?(?:(?P<h>[上下前后])半年|h(?P<h2>[12])(?![\d]))"), lambda m, c: _in_year(c, "half", {"上": 1, "前": 1, "下": 2, "后": 2, "1": 1, "2": 2}[m["h"] or m["h2"]], _year(m, c))),
    (_rx(_YEAR_ZH + r"?\s?的?(?:第?(?P<q>[一二三四1-4])(?:个)?季度?(?!节)|q(?P<q2>[1-4])(?!\d))"), lambda m, c: _in_year(c, "quarter", _quarter_number(m["q"] or m["q2"]), _year(m, c))),
    (_rx(_YEAR_ZH + r"?\s?的?(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?(?![\d])"), _zh_part("month", "m")),
    (_rx(r"(?:h|half )(?P<h>[12])(?: of|,)? ?" + _EN_YEAR), lambda m, c: _in_year(c, "half", int(m["h"]), _en_year(m["y"], c))),
    (_rx(_EN_YEAR + r"[- ]?h(?P<h>[12])(?![a-z0-9])"), lambda m, c: _in_year(c, "half", int(m["h"]), _en_year(m["y"], c))),
    (_rx(r"(?:the )?(?P<o>first|second|1st|2nd)[- ]half(?:[- ]year)?(?: of| in)?(?: " + _EN_YEAR + r"| the year)?(?![a-z0-9])"), lambda m, c: _in_year(c, "half", _ORDINAL_EN[m["o"]], _en_year(m["y"], c))),
    (_rx(r"q(?P<q>[1-4])(?: of| in|,|-)? ?'?(?P<y>(?:19|20)\d\d|this year|last year|\d\d)(?!\d)"), lambda m, c: _in_year(c, "quarter", int(m["q"]), _en_year(m["y"], c))),
    (_rx(_EN_YEAR + r"[- ]?q(?P<q>[1-4])(?![a-z0-9])"), lambda m, c: _in_year(c, "quarter", int(m["q"]), _en_year(m["y"], c))),
    (_rx(r"(?:the )?(?P<o>first|second|third|fourth|1st|2nd|3rd|4th) quarter(?: of| in)?(?: " + _EN_YEAR + r"| the year)?(?![a-z0-9])"), lambda m, c: _in_year(c, "quarter", _ORDINAL_EN[m["o"]], _en_year(m["y"], c))),
    (_rx(r"(?:the )?last quarter of " + _EN_YEAR), lambda m, c: _in_year(c, "quarter", 4, _en_year(m["y"], c))),
    (_rx(r"(?P<m>" + _MONTH_EN + r")(?: of| in|,|-)? ?" + _EN_YEAR), lambda m, c: _in_year(c, "month", _month_number(m["m"]), _en_year(m["y"], c))),
    (_rx(r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>0?[1-9]|1[0-2])(?![\d-])"), lambda m, c: _in_year(c, "month", int(m["m"]), int(m["y"]))),
    (_rx(r"h(?P<h>[12])(?![a-z0-9])"), lambda m, c: _in_year(c, "half", int(m["h"]), None)),
    (_rx(r"q(?P<q>[1-4])(?![a-z0-9])"), lambda m, c: _in_year(c, "quarter", int(m["q"]), None)),
    (_rx(r"(?P<m>" + _MONTH_EN.replace("|may\\.?(?![a-z])", "") + r")(?![a-z0-9])"), lambda m, c: _in_year(c, "month", _month_number(m["m"]), None)),
    (_rx(_YEAR_ZH + r"的?(?P<e>第一个|最后一个?|头一个)(?P<u>季度|月|半年)"), lambda m, c: _edge(c, m["u"], _year(m, c), last=m["e"].startswith("最后"))),
    (_rx(r"(?:the )?(?P<e>first|last) (?P<u>month) of " + _EN_YEAR), lambda m, c: _edge(c, m["u"], _en_year(m["y"], c), last=m["e"] == "last")),
    # the first quarters or months of a year
    (_rx(_YEAR_ZH + r"?的?前(?P<q>[二两三23])个?季度?"), lambda m, c: _first(c, "quarter", small_count(m["q"]) or 0, _year(m, c))),
    (_rx(_YEAR_ZH + r"的?前(?P<q>\d{1,2}|[二两三四五六七八九十]+)个?月"), lambda m, c: _first(c, "month", small_count(m["q"]) or 0, _year(m, c))),
    (_rx(r"(?:the )?first (?P<n>two|three|2|3) quarters(?: of| in)?(?: " + _EN_YEAR + r"| the year)?"), lambda m, c: _first(c, "quarter", small_count(m["n"]) or 0, _en_year(m["y"], c))),
    (_rx(r"(?:the )?first (?P<n>two|three|four|five|six|seven|eight|nine|ten|eleven|\d{1,2}) months(?: of| in)?(?: " + _EN_YEAR + r"| the year)"), lambda m, c: _first(c, "month", small_count(m["n"]) or 0, _en_year(m["y"], c))),
    (_rx(r"(?:in )?(?:the )?same (?P<unit>month|quarter|half|week) (?:of )?(?:last year|a year ago|a year earlier)(?![a-z])|(?:去年|上年)同(?P<zh>月|季度?)"), lambda m, c: _year_earlier(c, m["unit"] or {"月": "month"}.get(m["zh"], "quarter"))),
    (_rx(r"(?P<m>" + _MONTH_EN + r")[- ]'?(?P<y>\d\d)(?!\d)"), lambda m, c: _in_year(c, "month", _month_number(m["m"]), 2000 + int(m["y"]))),
    # relative
    (_rx(r"(?:the )?(?P<unit>week|month|quarter|year) before last(?![a-z0-9])"), lambda m, c: _named_before(c, m["unit"], -2, {"week": "上上周", "month": "上上个月", "quarter": "上上季度", "year": "前年"}[m["unit"]], f"the {m['unit']} before last")),
    (_rx(r"(?P<n>two|three|2|3) (?P<unit>month|quarter|year)s ago(?![a-z0-9])"), lambda m, c: _named_before(c, m["unit"], -(small_count(m["n"]) or 0), f"{small_count(m['n'])} {m['unit']} 前", m[0])),
    (_rx(r"(?P<rel>上上个|上上)(?P<unit>月份?|季度|周)"), _relative_zh),
    (_rx(r"(?P<rel>本|这一|这个|这|当前|当|上一个|上一|上个|上|前一个|前一|下一个|下一|下个|下)(?P<unit>月份?|季度|季(?!节)|周|星期|礼拜|半年|年度|年|财年)(?!前|来)"), _relative_zh),
    (_rx(r"(?:the )?(?P<rel>this|current|last|previous|prior|next|coming) (?P<unit>day|week|month|quarter|half|year)(?![a-z0-9])"), _relative_en_rule),
    # years
    (_rx(r"(?:fy|fiscal year|fiscal|财年) ?'?(?P<y>(?:19|20)\d\d|\d\d)(?!\d)"), lambda m, c: _fiscal(c, _en_year(m["y"], c) or 0)),
    (_rx(r"(?P<y>(?:19|20)\d\d)财年度?"), lambda m, c: _fiscal(c, int(m["y"]))),
    (_rx(_YEAR_ZH + r"(?:全年|整年|一整年)?(?!前(?![\d一二三四五六七八九十]))"), lambda m, c: named("year", date(_year(m, c) or 1, 1, 1))),
    (_rx(r"(?:calendar (?:year )?|the year |full[- ]year |all of |year )?(?P<y>(?:19|20)\d\d)(?![\d.,%]\d|\d)(?:'s)?(?!\s*(?:元|万|亿|单|件|台|家|个|k(?![a-z0-9])|million))"), lambda m, c: named("year", date(int(m["y"]), 1, 1))),
)  # fmt: skip


def period_at(text: str, start: int, cal: Calendar) -> tuple[TimeExpr, int] | None:
    """The longest single period (no ranges) that begins at `start`."""
    best: tuple[TimeExpr, int] | None = None
    for pattern, rule in _RULES:
        found = pattern.match(text, start)
        if found and found.end() > start and (best is None or found.end() > best[1]):
            expr = _safe(lambda rule=rule, found=found: rule(found, cal))  # type: ignore[misc]
            if expr is not None:
                best = (expr, found.end())
    return best
