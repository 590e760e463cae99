"""Stock positions: what may run out before new stock comes, and what will lie idle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from tools.analytics.inventory.demand import NOWHERE, Floats, Flows
from tools.analytics.inventory.distribution import (
    exceeded,
    fitted_quantile,
    needs,
    quantile,
    shared_service,
    shortage,
)

RECENT_PERIODS_DAYS: Final = 91
"""A quarter: how far back empty shelves are counted."""

LEAST_DRAWN: Final = 0.02
"""A drawn risk is taken for at least this much where the past is set against it."""
ALIKE_SHARE: Final = 0.25
"""The quarter of past counts with the stock closest to today's are the moments alike."""


@dataclass(frozen=True, slots=True)
class RiskOptions:
    """How cautious to be.

    Attributes:
        service_level: share of lead times in which demand is to be met from stock.
        together: the level is kept over all rows, for the least money in stock (see
            `shared_service`); otherwise by each row.
        overstock_days: what will not sell within so many days lies idle.
    """

    service_level: float = 0.95
    together: bool = True
    overstock_days: float = 90.0


def positions(
    flow: Flows,
    lead_days: Floats,
    in_transit: Floats,
    unit_value: Floats,
    unit_margin: Floats,
    options: RiskOptions,
) -> pd.DataFrame:
    """One row per row of `flow.keys`, in its order; figures of demand are null without history.

    Stock has to last until what is ordered at the next count has arrived: `protect_days` is the
    lead time and one step more. Over these days
    * service_level = what the row is planned for (`RiskOptions.together`),
    * reorder_point = that quantile of demand (whole units, rounded up),
    * safety_stock = reorder_point less mean demand,
    * stockout_risk = P(need > on hand + in transit), where the need is demand if it is known what
      is in transit, else demand less receipts that keep coming as they came over the past year; in
      that case at least `ran_out` of the row's own past,
    * shortage_units = stockout_risk × the mean need beyond the stock where there is one,

    and over `overstock_days`

    * overstock_units = what exceeds both the reorder point and the `service_level` quantile,
    * overstock_risk = P(demand < on hand + in transit).

    Args:
        flow: the grid of demand.
        lead_days: [row] days until ordered stock arrives.
        in_transit: [row] units on their way, nan where nobody knows (counts as none).
        unit_value: [row] what a unit costs.
        unit_margin: [row] what is lost with a unit that could not be sold.
        options: service level and horizon.
    """
    protect = lead_days + flow.step_days
    on_hand = flow.keys["on_hand"].to_numpy(dtype=np.float64)
    available = on_hand + np.nan_to_num(in_transit)
    per_day = mean_per_day(flow)
    service = np.full(len(flow.keys), options.service_level)
    if options.together:
        own = flow.keys["partner_id"].to_numpy() == NOWHERE
        service = shared_service(options.service_level, per_day, unit_value, own)
    reorder = np.ceil(fitted_quantile(flow, protect, service) - 1e-9) + 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        cover = np.where(per_day > 0, np.maximum(on_hand, 0.0) / per_day, np.nan)
    table = flow.keys.assign(
        in_transit=in_transit,
        demand_per_day=per_day,
        lead_time_days=lead_days,
        service_level=service,
        protect_days=protect,
        cover_days=cover,
        safety_stock=np.maximum(reorder - per_day * protect, 0.0),
        reorder_point=reorder,
        empty_share=empty_share(flow),
        unit_value=unit_value,
        unit_margin=unit_margin,
    )
    short = _short(flow, protect, in_transit, available, unit_margin)
    idle = _idle(flow, available, reorder, unit_value, options)
    return table.assign(**short, **idle)


def _short(
    flow: Flows, protect: Floats, in_transit: Floats, available: Floats, unit_margin: Floats
) -> dict[str, Floats]:
    """The columns of running out."""
    gap = needs(flow, protect, ~np.isfinite(in_transit))
    drawn = exceeded(gap, available)
    risk = np.where(np.isfinite(in_transit), drawn, np.fmax(drawn, ran_out(flow, protect)))
    risk = np.where(flow.known, risk, np.nan)
    weight = np.where(drawn < risk, risk / np.maximum(drawn, LEAST_DRAWN), 1.0)
    units = shortage(gap, available) * weight
    return {
        "stockout_risk": risk,
        "risk_weight": weight,
        "shortage_units": units,
        "shortage_value": units * unit_margin,
    }


def _idle(
    flow: Flows, available: Floats, reorder: Floats, unit_value: Floats, options: RiskOptions
) -> dict[str, Floats]:
    """The columns of what will not sell."""
    none = np.zeros(len(flow.keys), dtype=bool)
    sold = needs(flow, np.full(len(flow.keys), options.overstock_days), none)
    limit = np.maximum(reorder, np.ceil(quantile(sold, options.service_level) - 1e-9))
    units = np.floor(np.maximum(available - limit, 0.0) + 1e-9)
    return {
        "overstock_risk": np.where(flow.known, (sold < available[:, None]).mean(axis=1), np.nan),
        "overstock_units": units,
        "overstock_value": units * unit_value,
    }


def mean_per_day(flow: Flows) -> Floats:
    """[row] units a day over the known periods; nan without history."""
    filled = np.isfinite(flow.demand)
    count = np.maximum(filled.sum(axis=1), 1)
    mean = np.where(filled, flow.demand, 0.0).sum(axis=1) / count / flow.step_days
    return np.where(flow.known, mean, np.nan)


def empty_share(flow: Flows) -> Floats:
    """[row] share of the last quarter's known counts that found nothing."""
    recent = max(1, round(RECENT_PERIODS_DAYS / flow.step_days))
    known = np.isfinite(flow.demand[:, -recent:])
    found_empty = (flow.empty[:, -recent:] & known).sum(axis=1)
    share = found_empty / np.maximum(known.sum(axis=1), 1)
    return np.where(flow.known, share, np.nan)


def ran_out(flow: Flows, days: Floats) -> Floats:
    """[row] how often the shelf ran empty within `days` after a past count with stock like today's.

    The past of the row itself: of the quarter of its counts whose stock was closest to today's and
    that have so many days after them, the share that was followed by a count that found nothing.
    It knows what resampled receipts do not: whether they come in time. nan without such counts.
    """
    result = np.full(len(flow.keys), np.nan)
    on_hand = flow.keys["on_hand"].to_numpy(dtype=np.float64)
    empty = flow.empty
    for row in range(len(flow.keys)):
        ahead = max(1, int(np.ceil(days[row] / flow.step_days - 1e-9)))
        starts = np.flatnonzero(np.isfinite(flow.balance[row, :-ahead]))
        if not flow.known[row] or not len(starts):
            continue
        distance = np.abs(flow.balance[row, starts] - on_hand[row])
        alike = starts[np.argsort(distance, kind="stable")]
        alike = alike[: max(1, round(ALIKE_SHARE * len(starts)))]
        result[row] = np.mean([empty[row, at + 1 : at + 1 + ahead].any() for at in alike.tolist()])
    return result
