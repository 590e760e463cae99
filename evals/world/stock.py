"""库存 and 动销 as tables, and the weekly stock of head office's warehouses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evals.world.finance import Delivery
from evals.world.geography import REGIONS
from evals.world.orders import Lines, Orders
from evals.world.partners import Partners
from evals.world.products import COST_CENTS, IS_HARDWARE, PRICE_CENTS, SKUS
from evals.world.shelves import Shelves
from evals.world.timeline import Floats, Ints, Timeline

_SHELF_PRICE = 0.96
"""What end customers pay, over list price."""

HEAD_OFFICE = (
    ("WH01", "华东总仓", "华东", "上海市"),
    ("WH02", "华北仓", "华北", "天津市"),
    ("WH03", "华南仓", "华南", "广州"),
    ("WH04", "华中仓", "华中", "武汉"),
    ("WH05", "西南仓", "西南", "成都"),
)
_SERVED_BY = {"华东": 0, "华北": 1, "东北": 1, "华南": 2, "华中": 3, "西南": 4, "西北": 4}
_LEAD_WEEKS = 4


@dataclass(frozen=True, slots=True)
class HeadOffice:
    """Weekly stock per warehouse and box: [warehouse, box, week]; and what is planted in it."""

    received: Ints
    shipped: Ints
    balance: Ints
    overstocked: tuple[int, int]
    short: tuple[int, int]


def sell_through_table(timeline: Timeline, partners: Partners, shelf: Shelves) -> pd.DataFrame:
    """动销: boxes and yuan per partner, product and month."""
    monthly = np.add.reduceat(shelf.sold, timeline.month_first[:-1], axis=1)
    started = timeline.month_of_day[shelf.first]
    row, month = np.nonzero(np.arange(timeline.months) >= started[:, None])
    quantity = monthly[row, month]
    cents = np.rint(PRICE_CENTS[shelf.product[row]] * _SHELF_PRICE).astype(np.int64)
    starts = timeline.dates(timeline.month_first[:-1])
    table = pd.DataFrame(
        {
            "partner": np.array(partners.codes)[shelf.partner[row]],
            "sku": np.array(SKUS)[shelf.product[row]],
            "period_start": starts[month],
            "grain": "month",
            "quantity": quantity,
            "amount": quantity * cents / 100,
        }
    )
    return table.iloc[np.lexsort((row, month))]


def week_ends(timeline: Timeline) -> Ints:
    """Days on which stock is counted: Saturdays, the last simulated day being one."""
    return np.arange(timeline.days - 1, -1, -7)[::-1]


def make_head_office(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    orders: Orders,
    lines: Lines,
    delivery: Delivery,
) -> HeadOffice:
    """Order-up-to replenishment once a week; one box overstocked somewhere, one short."""
    ends = week_ends(timeline)
    boxes = np.flatnonzero(IS_HARDWARE)
    served = np.array([_SERVED_BY[region.name] for region in REGIONS])
    ship = delivery.ship_day[lines.order]
    rows = IS_HARDWARE[lines.product] & (ship < timeline.days)
    place = served[partners.places.region[orders.partner[lines.order[rows]]]]
    box = lines.product[rows] - boxes[0]
    week = np.searchsorted(ends, ship[rows])
    shape = (len(HEAD_OFFICE), len(boxes), len(ends))
    wanted = np.zeros(shape, dtype=np.int64)
    np.add.at(wanted, (place, box, week), lines.quantity[rows])
    picks = rng.choice(shape[0] * shape[1], 2, replace=False)
    over, short = ((int(pick) // shape[1], int(pick) % shape[1]) for pick in picks)
    cover = np.full(shape[:2], 1.0)
    cover[over], cover[short] = 3.2, 0.45
    received, shipped, balance = _replenish(wanted, cover)
    return HeadOffice(received, shipped, balance, over, short)


def _replenish(wanted: Ints, cover: Floats) -> tuple[Ints, Ints, Ints]:
    received, shipped, balance = (np.zeros_like(wanted) for _ in range(3))
    mean = wanted.mean(axis=2)
    stock = np.rint(mean * (_LEAD_WEEKS + 2) * cover).astype(np.int64)
    backlog = np.zeros_like(stock)
    for week in range(wanted.shape[2]):
        stock = stock + received[:, :, week]
        need = wanted[:, :, week] + backlog
        shipped[:, :, week] = np.minimum(need, stock)
        backlog = need - shipped[:, :, week]
        stock = stock - shipped[:, :, week]
        balance[:, :, week] = stock
        recent = wanted[:, :, max(0, week - 12) : week + 1]
        spread = recent.std(axis=2) * 1.3 * np.sqrt(_LEAD_WEEKS + 1)
        level = (recent.mean(axis=2) * (_LEAD_WEEKS + 1) + spread) * cover
        due = week + _LEAD_WEEKS
        if due < wanted.shape[2]:
            coming = received[:, :, week + 1 : due].sum(axis=2)
            order = np.rint(level - stock - coming + backlog).astype(np.int64)
            received[:, :, due] = np.maximum(order, 0)
    return received, shipped, balance


def warehouse_table(partners: Partners) -> pd.DataFrame:
    """仓库: head office's, then one per stocking partner."""
    table = partners.table[partners.stocking]
    own = pd.DataFrame(
        {
            "code": "W" + table["code"],
            "name": table["short_name"] + "库房",
            "region": table["region"],
            "partner": table["code"],
            "city": table["city"],
        }
    )
    head = pd.DataFrame(
        [(code, name, region, None, city) for code, name, region, city in HEAD_OFFICE],
        columns=list(own.columns),
    )
    return pd.concat([head, own], ignore_index=True)


def inventory_table(
    timeline: Timeline, partners: Partners, shelf: Shelves, head: HeadOffice
) -> pd.DataFrame:
    """库存快照: one row per Saturday, warehouse and product."""
    ends = week_ends(timeline)
    begins = np.concatenate([[0], ends[:-1] + 1])
    came = np.add.reduceat(shelf.received, begins, axis=1)
    went = np.add.reduceat(shelf.sold + shelf.returned, begins, axis=1)
    row, week = np.nonzero(ends >= shelf.first[:, None])
    place, box, when = np.indices(head.balance.shape).reshape(3, -1)
    boxes = np.flatnonzero(IS_HARDWARE)
    codes = np.array(partners.codes)
    holder = codes[shelf.partner[row]]
    product = np.concatenate([boxes[box], shelf.product[row]])
    week_no = np.concatenate([when, week])
    table = pd.DataFrame(
        {
            "snapshot_date": timeline.dates(ends)[week_no],
            "warehouse": np.concatenate(
                [np.array([entry[0] for entry in HEAD_OFFICE])[place], np.char.add("W", holder)]
            ),
            "sku": np.array(SKUS)[product],
            "partner": np.concatenate([np.full(len(place), None), holder.astype(object)]),
            "units_balance": _pick(head.balance, place, box, when, shelf.balance[row, ends[week]]),
            "units_in": _pick(head.received, place, box, when, came[row, week]),
            "units_out": _pick(head.shipped, place, box, when, went[row, week]),
            "unit_cost": COST_CENTS[product] / 100,
        }
    )
    return table.iloc[np.lexsort((np.arange(len(table)), week_no))]


def _pick(cube: Ints, place: Ints, box: Ints, when: Ints, own: Ints) -> Ints:
    return np.concatenate([cube[place, box, when], own])
