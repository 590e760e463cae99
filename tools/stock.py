"""What the stock tools share: frames of a snapshot made into positions, limited to the scope."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.semantic.frames import read_frame
from leadline.errors import SpecError
from tools.definition import ToolContext

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from tools.analytics.inventory.demand import Flows

Holder = Literal["auto", "own", "partner", "all"]
PLACE = ("warehouse_id", "partner_id", "region_id", "product_id")
NOWHERE = -1
STALE_DAYS = 90


class StockArguments(BaseModel):
    """What every stock tool can be told; the defaults are stated in the answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    warehouses: tuple[str, ...] | None = Field(default=None, description="only these warehouses")
    products: tuple[str, ...] | None = Field(default=None, description="only these products")
    regions: tuple[str, ...] | None = Field(default=None, description="only stock of these regions")
    holder: Holder = Field(
        default="auto",
        description="own: head office's stock; partner: stock that partners hold; "
        "auto: own where there is any, else partners'",
    )
    lead_time_days: int = Field(
        default=30,
        ge=1,
        le=365,
        description="days until ordered stock arrives, where the data does not say",
    )
    service_level: float = Field(
        default=0.95, ge=0.5, le=0.999, description="share of lead times without a stock-out"
    )
    service: Literal["together", "each"] = Field(
        default="together",
        description="together: the level over all items for the least money, cheap items more, "
        "dear ones less; each: every item the same level",
    )
    overstock_days: int = Field(
        default=90, ge=7, le=730, description="what will not sell in so many days lies idle"
    )


@dataclass(frozen=True)
class Stock:
    """Positions inside the scope and the filters, with the demand they rest on (same rows)."""

    table: pd.DataFrame
    flow: Flows
    whole_stock: pd.DataFrame
    """Positions in scope before the filters: to say what there is."""


def read_stock(arguments: StockArguments, context: ToolContext) -> Stock:
    """Positions of the snapshot as of its day.

    `table`: the columns of `risk.positions` with `warehouse`, `partner`, `region`, `product`,
    `product_category` as labels (null where unknown) and `lead_time_seen` (from the data or not).

    Raises:
        SpecError: a filter names a warehouse, product or region that does not exist (in scope).
    """
    import pandas as pd

    from tools.analytics.inventory.demand import flows
    from tools.analytics.inventory.lead_time import lead_days
    from tools.analytics.inventory.risk import RiskOptions, positions

    snapshot, as_of = context.snapshot, pd.Timestamp(context.snapshot.as_of)
    columns = ("snapshot_date", *PLACE, "units_balance", "units_in", "units_out", "unit_cost")
    flow = flows(read_frame(snapshot, "inventory_snapshot", columns), as_of)
    lines = read_frame(
        snapshot, "order_line", ("product_id", "partner_id", "order_date", "ship_date", "quantity")
    )
    held = flow.keys["partner_id"] != NOWHERE
    days, seen = lead_days(flow.keys["product_id"], held, lines, arguments.lead_time_days)
    value, margin = _unit_worth(flow.keys, context)
    options = RiskOptions(
        arguments.service_level, arguments.service == "together", arguments.overstock_days
    )
    in_transit = _in_transit(flow.keys, lines, as_of)
    table = positions(flow, days, in_transit, value, margin, options)
    table = _labelled(table.assign(lead_time_seen=seen), context)
    visible = _visible(table, context)
    chosen = visible & _holder(table, visible, arguments.holder)
    chosen &= _filters(table, visible, arguments)
    return Stock(
        table[chosen].reset_index(drop=True), _rows(flow, chosen.to_numpy()), table[visible]
    )


def _rows(flow: Flows, rows: np.typing.NDArray[np.bool_]) -> Flows:
    keys = flow.keys[rows].reset_index(drop=True)
    demand, inflow, balance = flow.demand[rows], flow.inflow[rows], flow.balance[rows]
    return replace(flow, keys=keys, demand=demand, inflow=inflow, balance=balance)


def _in_transit(
    keys: pd.DataFrame, lines: pd.DataFrame, as_of: pd.Timestamp
) -> np.typing.NDArray[np.float64]:
    """Units that a partner ordered and that were not shipped by the count; nan for own stock."""
    import numpy as np
    import pandas as pd

    if lines.empty or not lines["ship_date"].notna().any():
        return np.full(len(keys), np.nan)
    # a line that was never marked as shipped long ago is a gap in the data, not a parcel
    recent = lines[pd.to_datetime(lines["order_date"]) > as_of - pd.Timedelta(days=STALE_DAYS)]
    by = ["partner_id", "product_id"]
    counted = keys.groupby(by, as_index=False)["counted_on"].max()
    found = recent.merge(counted, on=by)
    open_ = found["order_date"].le(as_of) & ~found["ship_date"].le(found["counted_on"])
    units = found[open_].groupby(by)["quantity"].sum().rename("open_units").reset_index()
    waiting = keys[by].merge(units, on=by, how="left")["open_units"].fillna(0.0)
    held = (keys["partner_id"] != NOWHERE).to_numpy()
    return np.where(held, waiting.to_numpy(dtype=np.float64), np.nan)


def _unit_worth(
    keys: pd.DataFrame, context: ToolContext
) -> tuple[np.typing.NDArray[np.float64], np.typing.NDArray[np.float64]]:
    """[row] what a unit costs, and what is lost with an unsold one: price less cost, else cost."""
    import numpy as np

    product = read_frame(context.snapshot, "product", ("id", "list_price", "standard_cost"))
    product = product.set_index("id").astype("float64")
    price = keys["product_id"].map(product["list_price"]).to_numpy(dtype=np.float64)
    standard = keys["product_id"].map(product["standard_cost"]).to_numpy(dtype=np.float64)
    counted = keys["unit_cost"].to_numpy(dtype=np.float64)
    value = np.where(
        np.isfinite(counted), counted, np.where(np.isfinite(standard), standard, price)
    )
    margin = np.where(price > value, price - value, value)
    return value, margin


def _labelled(table: pd.DataFrame, context: ToolContext) -> pd.DataFrame:
    for name in ("warehouse", "partner", "region", "product"):
        names = read_frame(context.snapshot, name, ("id", "label")).set_index("id")["label"]
        table = table.assign(**{name: table[f"{name}_id"].map(names).astype("object")})
    category = read_frame(context.snapshot, "product", ("id", "category")).set_index("id")
    return table.assign(
        product_category=table["product_id"].map(category["category"]).astype("object"),
        # stock without a warehouse is named by who holds it
        warehouse=table["warehouse"].where(table["warehouse"].notna(), table["partner"]),
    )


def _visible(table: pd.DataFrame, context: ToolContext) -> pd.Series:
    import pandas as pd

    if context.scope.unlimited:
        return pd.Series(True, index=table.index)
    mine = read_frame(context.snapshot, "inventory_snapshot", PLACE, context.scope)
    mine = mine.drop_duplicates().fillna(NOWHERE).astype("int64")
    keys = pd.MultiIndex.from_frame(table[list(PLACE)])
    return pd.Series(keys.isin(pd.MultiIndex.from_frame(mine)), index=table.index)


def _holder(table: pd.DataFrame, visible: pd.Series, holder: Holder) -> pd.Series:
    own = table["partner_id"] == NOWHERE
    if holder == "auto":
        holder = "own" if (own & visible).any() else "partner"
    if holder == "all":
        return own | True
    return own if holder == "own" else ~own


def _filters(table: pd.DataFrame, visible: pd.Series, arguments: StockArguments) -> pd.Series:
    import pandas as pd

    chosen = pd.Series(True, index=table.index)
    for column, names in (
        ("warehouse", arguments.warehouses),
        ("product", arguments.products),
        ("region", arguments.regions),
    ):
        if names is None:
            continue
        known = set(table.loc[visible, column].dropna())
        check_names(column, names, known)
        chosen &= table[column].isin(names)
    return chosen


def check_names(what: str, names: tuple[str, ...], known: set[str]) -> None:
    """Every name must be known.

    Raises:
        SpecError: one is not; the nearest names are the hint.
    """
    import difflib

    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.3)
            hint = f"nearest: {', '.join(near)}" if near else f"no {what} holds stock here"
            raise SpecError(f"no stock of {what} {name!r}", hint=hint)
