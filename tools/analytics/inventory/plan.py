"""The reallocation plan over a table of positions, and what it is expected to bring."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tools.analytics.inventory.allocate import MoveCost, Shelf, expected_shortage, plan_moves
from tools.analytics.inventory.demand import Floats, Flows, Ints
from tools.analytics.inventory.distribution import exceeded, needs


def plan(
    table: pd.DataFrame, flow: Flows, cost: MoveCost, budget: float | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What to move between the rows of `table`.

    Args:
        table: `risk.positions` of the rows of `flow`, in the same order.
        flow: demand of these rows.
        cost: see `plan_moves`.
        budget: see `plan_moves`.

    Returns:
        The moves (giver, taker as rows of `table`; units, transfer_cost, risk_before, risk_after of
        the taker, giver_risk_after, shortage_before, shortage_after of the taker, effect = value of
        the shortage avoided, net of what the givers lose; largest first), and the table with
        stock_after, risk_after, shortage_after.
    """
    table = table.reset_index(drop=True)
    in_transit = table["in_transit"].to_numpy(dtype=np.float64)
    available = table["on_hand"].to_numpy(dtype=np.float64) + np.nan_to_num(in_transit)
    drawn = needs(flow, table["protect_days"].to_numpy(dtype=np.float64), ~np.isfinite(in_transit))
    weight = table["risk_weight"].to_numpy(dtype=np.float64)
    shelves = [
        _shelf(table, rows, available, drawn, weight)
        for _, rows in _products(table, flow)
        if len(rows) > 1
    ]
    moves = plan_moves(shelves, cost, budget)
    after = available.copy()
    np.add.at(after, moves["giver"].to_numpy(), -moves["units"].to_numpy())
    np.add.at(after, moves["taker"].to_numpy(), moves["units"].to_numpy())
    before = expected_shortage(drawn, available, weight)
    later = expected_shortage(drawn, after, weight)
    risk_after = _risk_after(table, exceeded(drawn, after), available, after)
    margin = table["unit_margin"].to_numpy(dtype=np.float64)
    gain = (before - later) * margin
    result = table.assign(stock_after=after, risk_after=risk_after, shortage_after=later)
    return _with_effect(moves, result, gain, before), result


def _risk_after(table: pd.DataFrame, now: Floats, before: Floats, after: Floats) -> Floats:
    """Risk with the new stock: what is drawn now, weighted as before; more stock never adds any."""
    was = table["stockout_risk"].to_numpy(dtype=np.float64)
    weight = table["risk_weight"].to_numpy(dtype=np.float64)
    scaled = np.where(after == before, was, now * weight)
    return np.asarray(np.minimum(scaled, np.where(after > before, was, 1.0)))


def _products(table: pd.DataFrame, flow: Flows) -> list[tuple[int, Ints]]:
    usable = flow.known & np.isfinite(table["unit_margin"].to_numpy(dtype=np.float64))
    product = table["product_id"].to_numpy()
    return [
        (int(one), np.flatnonzero(usable & (product == one)))
        for one in np.unique(product[usable]).tolist()
    ]


def _shelf(
    table: pd.DataFrame,
    rows: Ints,
    available: Floats,
    drawn: Floats,
    weight: Floats,
) -> Shelf:
    part = table.iloc[rows]
    on_hand = part["on_hand"].to_numpy(dtype=np.float64)
    in_transit = np.nan_to_num(part["in_transit"].to_numpy(dtype=np.float64))
    # only what lies there can be moved, and a giver keeps what it needs itself
    keep = np.maximum(np.minimum(available[rows], part["reorder_point"]), in_transit)
    return Shelf(
        rows,
        on_hand + in_transit,
        keep.to_numpy(dtype=np.float64),
        part["region_id"].to_numpy(dtype=np.int64),
        drawn[rows],
        weight[rows],
        float(part["unit_margin"].median()),
        float(part["unit_value"].median()),
    )


def _with_effect(
    moves: pd.DataFrame, table: pd.DataFrame, gain: Floats, before: Floats
) -> pd.DataFrame:
    """Each move's share of what its taker gains, less its share of what its giver loses."""
    taker, giver = moves["taker"].to_numpy(), moves["giver"].to_numpy()
    units = moves["units"].to_numpy(dtype=np.float64)
    into = np.zeros(len(table))
    out = np.zeros(len(table))
    np.add.at(into, taker, units)
    np.add.at(out, giver, units)
    # the programme never moves through a place, so a place gives or takes
    effect = gain[taker] * units / into[taker] + gain[giver] * units / out[giver]
    framed = moves.assign(
        transfer_cost=units * moves["unit_cost"].to_numpy(),
        risk_before=table["stockout_risk"].to_numpy()[taker],
        risk_after=table["risk_after"].to_numpy()[taker],
        giver_risk_before=table["stockout_risk"].to_numpy()[giver],
        giver_risk_after=table["risk_after"].to_numpy()[giver],
        shortage_before=before[taker],
        shortage_after=table["shortage_after"].to_numpy()[taker],
        effect=effect,
    )
    framed = framed.assign(net_effect=framed["effect"] - framed["transfer_cost"])
    by = ["net_effect", "giver", "taker"]
    return framed.sort_values(by, ascending=[False, True, True]).reset_index(drop=True)
