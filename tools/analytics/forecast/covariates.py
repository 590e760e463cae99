"""What is known about a period before it comes: working days and Chinese New Year.

Factories, dealers and ports in China stop for about two weeks around the Spring Festival, which
wanders between 21 January and 20 February; a month's demand depends on how much of the stop falls
into it. Caller-given covariates (promotions) are known in advance by their own dates.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tools.analytics.forecast.series import Floats

NEW_YEAR_DATES = """
1970-02-06 1971-01-27 1972-02-15 1973-02-03 1974-01-23 1975-02-11 1976-01-31 1977-02-18 1978-02-07
1979-01-28 1980-02-16 1981-02-05 1982-01-25 1983-02-13 1984-02-02 1985-02-20 1986-02-09 1987-01-29
1988-02-17 1989-02-06 1990-01-27 1991-02-15 1992-02-04 1993-01-23 1994-02-10 1995-01-31 1996-02-19
1997-02-07 1998-01-28 1999-02-16 2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09
2006-01-29 2007-02-18 2008-02-07 2009-01-26 2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31
2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22
2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11
2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 2040-02-12
"""
"""First days of the Chinese year (Hong Kong Observatory's Gregorian-lunar tables)."""
NEW_YEARS = np.array(NEW_YEAR_DATES.split(), dtype="datetime64[D]")
STOP_BEFORE_DAYS = 5
"""Days before New Year's day on which work already ebbs."""
STOP_AFTER_DAYS = 10
"""Days from New Year's day on until work is back."""
NAMES = ("working_days", "new_year_stop", "new_year_offset", "month_sin", "month_cos")


def calendar(starts: NDArray[np.datetime64], freq: str) -> Floats:
    """Calendar covariates of periods, the last axis as `NAMES`.

    Args:
        starts: period starts, any shape.
        freq: their pandas alias; a period ends where the next begins.

    Returns:
        shape of `starts` + (5,): working days (Mon-Fri less the festival stop) ÷ days; share of
        the period's days within the stop; days from the period's start to the nearest New Year
        ÷ 30, cut at ±2; sine and cosine of the day of the year. Years out of the table have no
        stop.
    """
    distinct, back = np.unique(starts, return_inverse=True)
    offset = pd.tseries.frequencies.to_offset(freq)
    ends = np.array([(pd.Timestamp(d) + offset).to_datetime64() for d in distinct])
    first = distinct.astype("datetime64[D]")
    after = np.maximum(ends.astype("datetime64[D]"), first + np.timedelta64(1, "D"))
    days = (after - first).astype(np.float64)
    work = np.busday_count(first, after).astype(np.float64)
    stop = np.zeros(len(first))
    stopped_work = np.zeros(len(first))
    for begin, end in zip(NEW_YEARS - STOP_BEFORE_DAYS, NEW_YEARS + STOP_AFTER_DAYS, strict=True):
        low, high = np.maximum(first, begin), np.minimum(after, end)
        inside = high > low
        stop[inside] += (high - low)[inside].astype(np.float64)
        stopped_work[inside] += np.busday_count(low[inside], high[inside])
    gap = (NEW_YEARS[None, :] - first[:, None]).astype(np.float64)
    nearest = gap[np.arange(len(first)), np.abs(gap).argmin(axis=1)]
    angle = 2 * np.pi * (pd.DatetimeIndex(distinct).dayofyear.to_numpy() - 1) / 365.25
    table = np.stack(
        [
            (work - stopped_work) / days,
            stop / days,
            np.clip(nearest / 30, -2, 2),
            np.sin(angle),
            np.cos(angle),
        ],
        axis=1,
    )
    return np.asarray(table[back.reshape(starts.shape)], dtype=np.float64)
