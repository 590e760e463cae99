"""A channel written row by row, for KPIs whose every figure can be worked out in the head.

Today is 2026-10-31, so the window of twelve months is 2025-11-01 … 2026-10-31 and the one before it
2024-11-01 … 2025-10-31. Partners are numbered from 1; partner 99 has one old row in every table, so
that each table reaches back far enough.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from tools.analytics.profile.catalog import KPI_BY_NAME
from tools.analytics.profile.facts import CATALOGUE, COLUMNS, Facts, day_of, trailing
from tools.analytics.profile.kpi import Missing, judged

AS_OF = pd.Timestamp(2026, 10, 31)
ELDER = 99
OLD = "2020-01-01"

Row = dict[str, Any]

PRODUCTS: list[Row] = [
    {"id": 1, "line": "财务云", "category": "SaaS订阅", "launched_on": "2016-01-01"},
    {"id": 2, "line": "硬件", "category": "硬件", "launched_on": "2026-03-01"},
]
CUSTOMERS: list[Row] = [
    {"id": 1, "industry": "制造"},
    {"id": 2, "industry": "零售"},
    {"id": 3, "industry": "制造"},
]


def facts(partners: int = 2, **tables: list[Row]) -> Facts:
    """The channel of these rows; every row without a `partner_id` is of partner 1."""
    frames: dict[str, pd.DataFrame] = {}
    given = {"product": PRODUCTS, "customer": CUSTOMERS, **tables}
    for name, rows in given.items():
        if name in CATALOGUE:
            frames[name] = pd.DataFrame(rows, columns=list(CATALOGUE[name]))
            continue
        old = {"partner_id": ELDER, day_of(name): OLD, "order_id": -1, "amount": 1.0}
        whole = [old, *({"partner_id": 1, **row} for row in rows)]
        frames[name] = pd.DataFrame(whole, columns=list(COLUMNS[name]))
    return Facts(people([*range(1, partners + 1), ELDER]), frames, AS_OF)


def people(ids: list[int], **more: Any) -> pd.DataFrame:
    """Partners of one type and region that joined long ago."""
    return pd.DataFrame(
        {
            "partner_id": ids,
            "region_id": 1,
            "partner_type": "代理商",
            "joined_on": "2019-01-01",
            "first_order_date": OLD,
            **more,
        }
    )


def line(day: str, amount: float, **more: Any) -> Row:
    """An order line; its order is its day unless named."""
    order = int(day.replace("-", ""))
    return {"order_date": day, "amount": amount, "order_id": order, "region_id": 1, **more}


def lines(*days: str, amount: float = 100.0, **more: Any) -> list[Row]:
    """One line of the same amount per day."""
    return [line(day, amount, **more) for day in days]


def measured(name: str, of: Facts, partner: int = 1, months: int = 12) -> tuple[Any, int, Missing]:
    """Value (None where missing), sample and reason of a KPI for one partner."""
    value, sample, reason = judged(KPI_BY_NAME[name], of, trailing(AS_OF, months))
    at = list(of.ids).index(partner)
    found = None if math.isnan(value[at]) else float(value[at])
    return found, int(sample[at]), Missing(reason[at])


def value(name: str, of: Facts, partner: int = 1, months: int = 12) -> Any:
    """The value of a KPI for one partner, None where it is missing."""
    return measured(name, of, partner, months)[0]


def why(name: str, of: Facts, partner: int = 1, months: int = 12) -> Missing:
    """Why the KPI is missing for one partner."""
    return measured(name, of, partner, months)[2]
