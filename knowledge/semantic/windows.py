"""Which days a question covers: the current window, the base it is compared with, the buckets.

Pure date arithmetic over a spec and an as-of date; no SQL. Actual figures stop at the as-of date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.semantic.calendar import (
    bucket_start,
    bucket_year_before,
    buckets,
    is_partial,
    period_before,
    same_elapsed,
    shift_bucket,
    shift_years,
    year_before,
)
from knowledge.semantic.spec import Compare, QuerySpec
from leadline.errors import SpecError
from leadline.types import Grain, Period


@dataclass(frozen=True, slots=True)
class Days:
    """A half-open range of days; `start` None: from the first day of the data on.

    `end_excl` is always set: actual figures end with the as-of date.
    """

    start: date | None
    end_excl: date

    @property
    def empty(self) -> bool:
        """Whether no day is in it."""
        return self.start is not None and self.start >= self.end_excl

    @property
    def last(self) -> date:
        """The last day in it."""
        return self.end_excl - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Windows:
    """The days of one question.

    `named`: the period as named, both ends None for "all the data" (targets and dates in the future
    read it). `current`: its part up to the as-of date. `base`: the days compared with, or None;
    `base_named`: the same before it was cut to the elapsed days (targets are those of all of it).
    `buckets`: first days of the current buckets, where there is a grain and its range is known.
    `pairs`: (current bucket, base bucket), for the buckets that have a counterpart.
    """

    named_start: date | None
    named_end_excl: date | None
    current: Days
    base: Days | None
    base_named: Days | None
    grain: Grain | None
    buckets: tuple[date, ...]
    pairs: tuple[tuple[date, date], ...]

    @property
    def unlimited(self) -> bool:
        """Whether the question names no period."""
        return self.named_start is None and self.named_end_excl is None


def resolve_windows(spec: QuerySpec, as_of: date, first_day: date | None) -> Windows:
    """The windows of `spec` on data that ends at `as_of` and begins at `first_day`.

    Raises:
        SpecError: a comparison that needs a period, or a custom one without its base period.
    """
    tomorrow = as_of + timedelta(days=1)
    time = spec.time
    start = time.start if time else None
    named_end = time.end_excl if time else None
    current = Days(start, min(named_end or tomorrow, tomorrow))
    grain = spec.grain
    found: tuple[date, ...] = ()
    if grain is not None and not current.empty:
        begin = start or first_day or as_of
        if begin < current.end_excl:
            found = buckets(grain, Period(begin, current.end_excl))
    base: Days | None = None
    base_named: Days | None = None
    pairs: tuple[tuple[date, date], ...] = ()
    compare = spec.compare
    if compare is not None and compare.kind != "target":
        if grain is None:
            base, base_named = _base(spec, compare, as_of)
        elif compare.kind == "custom":
            base, base_named = _custom_base(compare, Days(start, named_end or tomorrow), as_of)
            of_base = buckets(grain, Period(base.start or base.end_excl, base.end_excl))
            pairs = tuple(zip(found, of_base, strict=False))
        else:
            base, pairs = _shifted(compare, grain, current, found, as_of)
            end = shift_bucket(grain, pairs[-1][1], 1) if pairs else base.end_excl
            base_named = Days(base.start, end)
    return Windows(start, named_end, current, base, base_named, grain, found, pairs)


def _named(spec: QuerySpec, as_of: date) -> Period:
    time = spec.time
    if time is None or time.start is None:
        raise SpecError(
            "a comparison needs a period to compare", hint="give the time range a start and an end"
        )
    return Period(time.start, max(time.start, time.end_excl or as_of + timedelta(days=1)))


def _base(spec: QuerySpec, compare: Compare, as_of: date) -> tuple[Days, Days]:
    if compare.kind == "custom" and (compare.start is None or compare.end_excl is None):
        raise SpecError("a custom comparison needs the start and end of its base period")
    named = _named(spec, as_of)
    if compare.start is not None and compare.end_excl is not None:
        base = Period(compare.start, max(compare.start, compare.end_excl))
    elif compare.kind == "yoy":
        base = year_before(named)
    else:
        base = period_before(named)
    flagged = spec.time is not None and spec.time.partial
    whole = Days(base.start, base.end_excl)
    return _aligned(compare, named, base, as_of, flagged=flagged), whole


def _custom_base(compare: Compare, named: Days, as_of: date) -> tuple[Days, Days]:
    if compare.start is None or compare.end_excl is None:
        raise SpecError("a custom comparison needs the start and end of its base period")
    base = Period(compare.start, max(compare.start, compare.end_excl))
    whole = Days(base.start, base.end_excl)
    if named.start is None:
        return whole, whole
    period = Period(named.start, max(named.start, named.end_excl))
    return _aligned(compare, period, base, as_of, flagged=False), whole


def _aligned(compare: Compare, named: Period, base: Period, as_of: date, *, flagged: bool) -> Days:
    """The base, cut to the elapsed days of a partial period, and at the as-of date."""
    tomorrow = as_of + timedelta(days=1)
    if compare.align == "elapsed":
        base = same_elapsed(named, base, as_of)
        if flagged and not is_partial(named, as_of) and base.start != shift_years(named.start, -1):
            # a period said to be partial, given by its elapsed days only
            base = base.clipped(base.start + timedelta(days=named.clipped(tomorrow).days))
    return Days(base.start, min(base.end_excl, tomorrow))


def _shifted(
    compare: Compare, grain: Grain, current: Days, found: tuple[date, ...], as_of: date
) -> tuple[Days, tuple[tuple[date, date], ...]]:
    """The base of a bucketed series: the bucket before each, or the one a year earlier.

    The last bucket, where it has not run its course, is compared with the same elapsed days of its
    base bucket (a year before: up to the same calendar day); a first bucket that starts late, with
    its base bucket from the same day on.
    """
    pairs = tuple(
        (bucket, earlier)
        for bucket in found
        if (earlier := _earlier(compare, grain, bucket)) is not None
    )
    if not pairs:
        return Days(current.end_excl, current.end_excl), ()
    last, last_base = pairs[-1]
    base_end = shift_bucket(grain, last_base, 1)
    covered_end = min(current.end_excl, shift_bucket(grain, last, 1))
    stopped_by_as_of = covered_end == as_of + timedelta(days=1)
    if covered_end < shift_bucket(grain, last, 1) and not (
        stopped_by_as_of and compare.align == "full"
    ):
        base_end = min(base_end, _earlier_end(compare, grain, covered_end, last, last_base))
    start = None
    if current.start is not None:
        start = _earlier_day(compare, grain, current.start)
    return Days(start, base_end), pairs


def _earlier_end(
    compare: Compare, grain: Grain, covered_end: date, last: date, last_base: date
) -> date:
    """Where the base of the last bucket stops: the same calendar day, or after as many days."""
    if compare.kind == "yoy" and grain != "week":
        return shift_years(covered_end - timedelta(days=1), -1) + timedelta(days=1)
    return last_base + (covered_end - last)


def _earlier(compare: Compare, grain: Grain, bucket: date) -> date | None:
    if compare.kind == "yoy":
        return bucket_year_before(grain, bucket)
    return shift_bucket(grain, bucket, -1)


def _earlier_day(compare: Compare, grain: Grain, day: date) -> date:
    if compare.kind == "yoy" and grain != "week":
        return shift_years(day, -1)
    bucket = bucket_start(grain, day)
    earlier = _earlier(compare, grain, bucket)
    if earlier is None:  # ISO week 53: the base starts with the next week that has a counterpart
        return shift_bucket(grain, bucket, -52)
    if grain in ("day", "week"):
        return earlier + (day - bucket)
    return shift_bucket(grain, day, -1)
