"""窜货, diversion: goods that a partner sells outside the region it is authorised for.

An order is outside where it is shipped to (or, without a shipment, its customer sits in) another
region than the partner's. That alone is no offence: partners serve branches of their customers, and
national accounts span regions, registered and at usual prices. Suspicious is an outside order below
the channel's floor price, without a registered deal, to a customer that another partner serves
(partner KPI 51). For each partner the stretch of orders is found in which suspicion is densest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tools.analytics.anomalies.evidence import Kind, ramp, weighed

if TYPE_CHECKING:
    import pandas as pd

VERSION: Final = "1"

FLOOR_TOLERANCE: Final = 0.001
"""Of the floor price: rounding of amounts to cents is no breach."""
LEAST_OUTSIDE: Final = 3
"""Outside orders in a stretch below which it is not looked at."""

OUTSIDE_WEIGHT: Final = 0.25
BELOW_WEIGHT: Final = 0.35
UNREGISTERED_WEIGHT: Final = 0.15
SHARED_WEIGHT: Final = 0.25
"""How suspicious an outside order is, 0–1: by itself, and for each thing that is wrong with it."""
DENSITY: Final = 0.15
"""Mean suspicion per order that a stretch must exceed; a national account of a third of all orders,
registered and at usual prices, stays at 0.25 × 1/3 = 0.08."""

KINDS: Final = (
    Kind("below_floor", 0.40, 0.05, 0.50),
    Kind("unregistered", 0.20, 0.40, 1.00),
    Kind("shared", 0.25, 0.05, 0.35),
    Kind("one_region", 0.15, 0.50, 0.90),
)
"""Of the outside orders of the stretch: below the floor price, without a registered deal, to
customers whom another partner serves too, to one and the same region."""
ENOUGH: Final = 0.75
"""Coverage of evidence from which a score is not cut."""
OFF_SHARE: Final = (0.05, 0.20)
"""Outside share of a stretch's orders at which it begins to count, and counts in full."""
COUNT: Final = (1.0, 5.0)
"""The same for the number of outside orders."""


@dataclass(frozen=True, slots=True)
class DiversionFrames:
    """What the detector reads; a table that is absent is an empty frame.

    lines: order_id, order_date, partner_id, customer_id, product_id, quantity, amount. shipments:
    order_id, region_id (where the goods went). customers: id, region_id. partners: id, region_id
    (where it is authorised). floors: product_id, price, valid_from, valid_to (exclusive, null is
    "still"). registrations: partner_id, customer_id, submitted_on, refused (whether it was).
    """

    lines: pd.DataFrame
    shipments: pd.DataFrame
    customers: pd.DataFrame
    partners: pd.DataFrame
    floors: pd.DataFrame
    registrations: pd.DataFrame


def find_diversion(frames: DiversionFrames) -> pd.DataFrame:
    """Every partner's stretches of dense suspicion.

    Columns: partner_id, period_start, period_end (first and last outside order), score (0–1),
    to_region_id (where most went), orders (of the stretch), off_orders, off_share, off_amount,
    below_floor_share, unregistered_share, shared_customer_share, shared_customers (count),
    one_region_share (all of the outside orders), coverage (0–1). Null where the table is absent.
    Rows by partner_id and period_start.
    """
    import pandas as pd

    orders = judged_orders(frames)
    found = []
    for _, own in orders.groupby("partner_id", sort=True):
        found += [_stretch(own.iloc[a:b]) for a, b in _dense(own)]
    rows = pd.DataFrame(found, columns=[c for c in _COLUMNS if c not in ("score", "coverage")])
    if rows.empty:
        return rows.assign(score=0.0, coverage=0.0)[[*_COLUMNS]].astype({"score": "float64"})
    figures = {
        "below_floor": rows["below_floor_share"],
        "unregistered": rows["unregistered_share"],
        "shared": rows["shared_customer_share"],
        "one_region": rows["one_region_share"],
    }
    score, rows["coverage"] = weighed(figures, KINDS, ENOUGH)
    dense = ramp(rows["off_share"], *OFF_SHARE) * ramp(rows["off_orders"], *COUNT)
    rows["score"] = score * dense**0.5
    return rows.sort_values(["partner_id", "period_start"], kind="stable")[[*_COLUMNS]].reset_index(
        drop=True
    )


_COLUMNS: Final = (
    "partner_id",
    "period_start",
    "period_end",
    "score",
    "to_region_id",
    "orders",
    "off_orders",
    "off_share",
    "off_amount",
    "below_floor_share",
    "unregistered_share",
    "shared_customer_share",
    "shared_customers",
    "one_region_share",
    "coverage",
)


def judged_orders(frames: DiversionFrames) -> pd.DataFrame:
    """Customer orders by partner and day, each with what is wrong with it.

    Columns: partner_id, order_id, order_date, customer_id, amount, region_id (where it went),
    outside (bool), below, unregistered, shared (1, 0, or null where it cannot be told), suspicion
    (0–1).
    """
    import pandas as pd

    lines = frames.lines.dropna(subset=["partner_id", "order_date", "customer_id"])
    lines = lines.assign(below=_below_floor(lines, frames.floors))
    orders = lines.groupby("order_id", as_index=False).agg(
        partner_id=("partner_id", "first"),
        order_date=("order_date", "first"),
        customer_id=("customer_id", "first"),
        amount=("amount", "sum"),
        below=("below", "max"),
    )
    orders["region_id"] = _destination(orders, frames)
    home = frames.partners.set_index("id")["region_id"]
    own = orders["partner_id"].map(home)
    orders["outside"] = orders["region_id"].notna() & own.notna() & (orders["region_id"] != own)
    orders["unregistered"] = _unregistered(orders, frames.registrations)
    orders["shared"] = _shared(orders)
    wrong = [
        (orders["below"], BELOW_WEIGHT),
        (orders["unregistered"], UNREGISTERED_WEIGHT),
        (orders["shared"], SHARED_WEIGHT),
    ]
    weight = pd.Series(OUTSIDE_WEIGHT, index=orders.index)
    for sign, part in wrong:
        weight += part * sign.fillna(0.0)
    orders["suspicion"] = weight.where(orders["outside"], 0.0)
    return orders.sort_values(["partner_id", "order_date", "order_id"], kind="stable")


def _below_floor(lines: pd.DataFrame, floors: pd.DataFrame) -> pd.Series[Any]:
    """1 where a line's net price lies below the floor of its day; null where there is no floor."""
    import pandas as pd

    nothing = pd.Series(float("nan"), index=lines.index)
    if floors.empty:
        return nothing
    pairs = lines[["product_id", "order_date"]].reset_index().merge(floors, on="product_id")
    began = pairs["valid_from"].isna() | (pairs["valid_from"] <= pairs["order_date"])
    ended = pairs["valid_to"].notna() & (pairs["valid_to"] <= pairs["order_date"])
    floor = pairs[began & ~ended].groupby("index")["price"].min().reindex(lines.index)
    price = lines["amount"] / lines["quantity"].where(lines["quantity"] > 0)
    below = (price < floor * (1 - FLOOR_TOLERANCE)).astype("float64")
    return below.where(floor.notna() & price.notna())


def _destination(orders: pd.DataFrame, frames: DiversionFrames) -> pd.Series[Any]:
    """The region that an order was shipped to, else that of its customer."""
    of_customer = orders["customer_id"].map(frames.customers.set_index("id")["region_id"])
    shipped = frames.shipments.dropna(subset=["order_id", "region_id"])
    to = shipped.drop_duplicates("order_id").set_index("order_id")["region_id"]
    return orders["order_id"].map(to).astype("float64").fillna(of_customer.astype("float64"))


def _unregistered(orders: pd.DataFrame, registrations: pd.DataFrame) -> pd.Series[Any]:
    """1 where the partner had no deal with the customer registered by the day of the order."""
    import pandas as pd

    if registrations.empty:
        return pd.Series(float("nan"), index=orders.index)
    held = registrations[~registrations["refused"]]
    keys = ["partner_id", "customer_id"]
    first = (
        held.astype(dict.fromkeys(keys, "float64"))
        .groupby(keys, as_index=False)["submitted_on"]
        .min()
    )
    since = orders[keys].astype("float64").merge(first, on=keys, how="left")["submitted_on"]
    registered = since.to_numpy() <= orders["order_date"].to_numpy()
    return pd.Series((~registered).astype("float64"), index=orders.index)


def _shared(orders: pd.DataFrame) -> pd.Series[Any]:
    """1 where another partner sells to the same customer."""
    partners = orders.groupby("customer_id")["partner_id"].transform("nunique")
    return (partners > 1).astype("float64")


def _dense(own: pd.DataFrame) -> list[tuple[int, int]]:
    """Stretches of one partner's orders whose suspicion exceeds `DENSITY` per order most.

    The stretch with the largest sum of excess is taken, then what lies before and after it is
    looked at in the same way.
    """
    excess = (own["suspicion"] - DENSITY).to_list()
    outside = own["outside"].to_list()
    found: list[tuple[int, int]] = []
    waiting = [(0, len(excess))]
    while waiting:
        low, high = waiting.pop()
        if sum(outside[low:high]) < LEAST_OUTSIDE:
            continue
        a, b = _best(excess, low, high)
        if a == b or sum(outside[a:b]) < LEAST_OUTSIDE:
            continue
        found.append((a, b))
        waiting += [(low, a), (b, high)]
    return sorted(found)


def _best(values: list[float], low: int, high: int) -> tuple[int, int]:
    """The half-open stretch of `values[low:high]` with the largest positive sum (Kadane)."""
    best, span, running, start = 0.0, (low, low), 0.0, low
    for at in range(low, high):
        if running <= 0:
            running, start = 0.0, at
        running += values[at]
        if running > best:
            best, span = running, (start, at + 1)
    return span


def _stretch(orders: pd.DataFrame) -> tuple[object, ...]:
    """The figures of one stretch, in the order of the columns."""
    out = orders[orders["outside"]]
    to = float(out["region_id"].mode().min())
    shared = out[out["shared"] == 1]
    return (
        int(out["partner_id"].iloc[0]),
        out["order_date"].min(),
        out["order_date"].max(),
        to,
        len(orders),
        len(out),
        len(out) / len(orders),
        float(out["amount"].sum()),
        out["below"].mean(),
        out["unregistered"].mean(),
        out["shared"].mean(),
        shared["customer_id"].nunique(),
        float((out["region_id"] == to).mean()),
    )
