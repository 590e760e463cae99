"""What to move where: a linear programme over expected shortage and the cost of moving.

For each product, units move between the places that hold it. What a place is expected to fall short
of is convex in its stock, so it is a maximum of lines and the plan is a linear programme (HiGHS):

    minimise   Σ margin · shortage(place) + Σ cost · units
    subject to stock(place) = now − out + in, shortage(place) ≥ each of its lines,
               stock(giver) ≥ min(now, its reorder point), out ≤ now, Σ cost · units ≤ budget.

A plan moves stock that has a better place; it buys nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from tools.analytics.inventory.demand import Floats, Ints

LINES: Final = 40
"""Pieces of each shortage curve: quantiles of what is needed, so most where stock decides."""
LEAST_UNITS: Final = 1e-6
NEEDLESS: Final = 1e-6
"""Share of a unit's value by which moving is dearer than not: what helps nobody stays."""


@dataclass(frozen=True, slots=True)
class MoveCost:
    """What moving a unit costs: a fixed amount, and a share of what the unit is worth.

    `away` comes on top of `share` where it goes to another region.
    """

    per_unit: float = 0.0
    share: float = 0.01
    away: float = 0.01


@dataclass(frozen=True, slots=True)
class Shelf:
    """The places that hold one product.

    Attributes:
        place: [place] row of the positions table.
        stock, keep: [place] units there (in transit included), and what a giver must keep.
        region: [place] region id, -1 where unknown.
        needs: [place, draw] units needed, ascending; weight: [place] factor of the shortage.
        margin, value: what an unsold unit loses, what a unit is worth.
    """

    place: Ints
    stock: Floats
    keep: Floats
    region: Ints
    needs: Floats
    weight: Floats
    margin: float
    value: float


@dataclass(frozen=True, slots=True)
class _Arcs:
    """Ways between the places of one product, by number of place; cost of a unit on each."""

    giver: Ints
    taker: Ints
    cost: Floats


def expected_shortage(needs: Floats, stock: Floats, weight: Floats) -> Floats:
    """[place] expected units short, as in `risk.positions`."""
    return np.asarray(np.maximum(needs - stock[:, None], 0.0).mean(axis=1) * weight)


def plan_moves(
    shelves: list[Shelf], cost: MoveCost, budget: float | None, *, whole: bool = True
) -> pd.DataFrame:
    """The plan: giver, taker (rows of the positions table), units, unit_cost; largest saving first.

    Args:
        shelves: one per product, each with at least two places.
        cost: of moving.
        budget: the most that all moves together may cost; None for no limit.
        whole: whether only whole units can be moved (rounded down).

    Returns:
        A frame with no rows where nothing is worth moving.
    """
    arcs = [_arcs(shelf, cost) for shelf in shelves]
    programme = _Programme()
    for shelf, pairs in zip(shelves, arcs, strict=True):
        programme.add(shelf, pairs)
    units = programme.solve(budget)
    moved = pd.DataFrame(
        {
            "giver": _joined([s.place[a.giver] for s, a in zip(shelves, arcs, strict=True)]),
            "taker": _joined([s.place[a.taker] for s, a in zip(shelves, arcs, strict=True)]),
            "unit_cost": np.concatenate([np.zeros(0), *(a.cost for a in arcs)]),
            "units": np.floor(units + LEAST_UNITS) if whole else units,
        }
    )
    return moved[moved["units"] > LEAST_UNITS].reset_index(drop=True)


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _arcs(shelf: Shelf, cost: MoveCost) -> _Arcs:
    """Every way from a place with units to spare to another one."""
    spare = np.maximum(shelf.stock - shelf.keep, 0.0)
    giver, taker = np.meshgrid(np.flatnonzero(spare >= 1.0), np.arange(len(shelf.place)))
    other = giver.ravel() != taker.ravel()
    giver, taker = giver.ravel()[other], taker.ravel()[other]
    # an unknown region is never "the same": its way may be long
    away = (shelf.region[giver] != shelf.region[taker]) | (shelf.region[giver] < 0)
    rate = cost.share + np.where(away, cost.away, 0.0)
    return _Arcs(giver, taker, cost.per_unit + rate * shelf.value)


class _Programme:
    """Variables: units of every arc, then the expected shortage of every place."""

    def __init__(self) -> None:
        self._entries: list[tuple[Ints, Ints, Floats]] = []
        self._bounds: list[Floats] = []
        self._price: list[Floats] = []
        self._rows = 0
        self._columns = 0
        self._arcs: list[Ints] = []
        self._fees: list[Floats] = []

    def add(self, shelf: Shelf, arcs: _Arcs) -> None:
        """One product: its arcs, its shortages, its limits."""
        count, places = len(arcs.giver), len(shelf.place)
        first, shortage = self._columns, self._columns + count
        columns = np.arange(first, first + count)
        self._columns += count + places
        self._arcs.append(columns)
        self._fees.append(arcs.cost)
        self._price += [arcs.cost + NEEDLESS * shelf.value, np.full(places, shelf.margin)]
        giver, taker = arcs.giver, arcs.taker
        spare = np.maximum(shelf.stock - shelf.keep, 0.0)
        self._limit(giver, columns, np.ones(count), spare)
        for line in range(LINES):
            # shortage(s) ≥ w·mean(needs above cut)·share − w·share·s, tangent at the cut
            at = int(line * shelf.needs.shape[1] / LINES)
            share = (shelf.needs.shape[1] - at) / shelf.needs.shape[1]
            top = shelf.needs[:, at:].sum(axis=1) / shelf.needs.shape[1] * shelf.weight
            slope = share * shelf.weight
            place = np.concatenate([giver, taker, np.arange(places)])
            column = np.concatenate([columns, columns, shortage + np.arange(places)])
            value = np.concatenate([slope[giver], -slope[taker], -np.ones(places)])
            self._limit(place, column, value, slope * shelf.stock - top)

    def _limit(
        self,
        row: Ints,
        column: Ints,
        value: Floats,
        bound: Floats,
    ) -> None:
        self._entries.append((row + self._rows, column, value))
        self._bounds.append(bound)
        self._rows += len(bound)

    def solve(self, budget: float | None) -> Floats:
        """Units of every arc, in the order in which they were added."""
        if not any(len(columns) for columns in self._arcs):
            return np.zeros(0)
        arcs, fees = np.concatenate(self._arcs), np.concatenate(self._fees)
        if budget is not None:
            self._limit(np.zeros(len(arcs), dtype=np.int64), arcs, fees, np.array([budget]))
        row = np.concatenate([entry[0] for entry in self._entries])
        column = np.concatenate([entry[1] for entry in self._entries])
        value = np.concatenate([entry[2] for entry in self._entries])
        matrix = coo_matrix((value, (row, column)), shape=(self._rows, self._columns)).tocsr()
        price = np.concatenate(self._price)
        found = linprog(price, A_ub=matrix, b_ub=np.concatenate(self._bounds), method="highs")
        # always feasible (moving nothing is), always bounded (costs and shortages are ≥ 0)
        units: Floats = np.asarray(found.x, dtype=np.float64)[arcs]
        return np.maximum(units, 0.0)
