"""压货, channel stuffing: goods pushed into a partner's stock at the end of a quarter.

For each partner and each quarter that is over: how much of the boxes it keeps in stock came in the
last `LATE_DAYS` days beyond what usually does, whether they stayed on the shelf, whether the next
quarter was thin, whether part came back, whether it was given longer to pay, and whether its debt
grew faster than its sales (partner KPI 50). A large purchase that end customers take at once is no
stuffing: it clears the shelf, sells through, and is followed by a usual quarter.

Only products that the partner reports sell-through or stock of are looked at; without either table
all its orders are, and the score cannot reach the default threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tools.analytics.anomalies.evidence import Kind, ramp, weighed

if TYPE_CHECKING:
    import pandas as pd

VERSION: Final = "1"
LATE_DAYS: Final = 10
"""The last days of a quarter, as partner KPI 50 says."""
SHELF_FROM_DAYS: Final = 14
SHELF_TO_DAYS: Final = 56
"""After the end of the quarter: late orders have arrived, the next quarter's are not all there."""
AFTER_DAYS: Final = 92
"""Days after the end of the quarter in which returns and thin orders are looked for."""
LEAST_AFTER_DAYS: Final = 28
"""Of them must have passed before the next quarter says anything."""
LEAST_WEEKS: Final = 4.0
"""Weeks of supply that are nobody's overstock: usual ones below are taken as so many."""
LEAST_QUARTERS: Final = 3
"""Quarters with orders below which there is no usual."""
TYPICAL_QUARTERS: Final = 4
"""Quarters up to the one judged whose sell-through is its usual pace."""

BURST: Final = Kind("burst", 0.22, 0.3, 1.0)
KINDS: Final = (
    BURST,
    Kind("supply", 0.22, 1.5, 3.0),
    Kind("unsold", 0.18, 0.3, 0.8),
    Kind("next_quarter", 0.12, 0.9, 0.4),
    Kind("returned", 0.12, 0.02, 0.12),
    Kind("terms", 0.09, 5.0, 30.0),
    Kind("debt", 0.05, 0.0, 0.5),
)
"""burst: late units beyond the usual, in usual quarters. supply: weeks of supply afterwards over
the usual ones. unsold: part of the excess that the next two months did not sell. next_quarter: its
sell-in over the usual. returned: part of the late units. terms: days more to pay than usual. debt:
growth of what is owed less growth of sell-in."""
LEAST_DEBT: Final = 0.01
"""Of today's debt: growth from less than that is no figure."""
ENOUGH: Final = 0.6
"""Coverage of evidence from which a score is not cut."""


@dataclass(frozen=True, slots=True)
class StuffingFrames:
    """What the detector reads; a table that is absent is an empty frame.

    lines: partner_id, product_id, order_id, order_date, quantity, amount. sell_through: partner_id,
    product_id, period_start, quantity (by month). stock: partner_id, product_id, snapshot_date,
    units_balance (partners' own). returns: partner_id, product_id, returned_on, quantity.
    receivables: partner_id, order_id, booked_on, due_on, amount. payments: partner_id, paid_on,
    amount. Days are datetime64, `as_of` is the last day of facts.
    """

    lines: pd.DataFrame
    sell_through: pd.DataFrame
    stock: pd.DataFrame
    returns: pd.DataFrame
    receivables: pd.DataFrame
    payments: pd.DataFrame
    as_of: pd.Timestamp


def find_stuffing(frames: StuffingFrames) -> pd.DataFrame:
    """Every partner and finished quarter with a burst at its end.

    Columns: partner_id, period_start, period_end (the last ten days), score (0–1), late_units,
    late_amount, late_share, sell_in_units, sell_through_units, sell_in_ratio, burst,
    weeks_of_supply, usual_weeks, unsold_share, next_quarter_ratio, returned_share,
    extra_terms_days, receivable_growth, sales_growth, coverage (0–1); a figure whose table is
    absent is null. Rows by partner_id and period_start.
    """
    import pandas as pd

    lines = _held(frames)
    quarters = _quarters(lines, frames.as_of)
    if quarters.empty:
        return pd.DataFrame(columns=[*_COLUMNS])
    rows = _burst(quarters, _by_quarter(frames.sell_through, "period_start"))
    rows = rows[rows["burst"] > BURST.nothing].reset_index(drop=True)
    rows["_end"] = rows["quarter"].dt.end_time.dt.normalize()
    _shelf(rows, frames)
    _sold_on(rows, frames)
    _next_quarter(rows, lines, frames.as_of)
    _returned(rows, frames)
    _terms(rows, lines, frames.receivables)
    _debt(rows, frames)
    figures = {
        "burst": rows["burst"],
        "supply": rows["weeks_of_supply"] / rows["usual_weeks"].clip(lower=LEAST_WEEKS),
        "unsold": rows["unsold_share"],
        "next_quarter": rows["next_quarter_ratio"],
        "returned": rows["returned_share"],
        "terms": rows["extra_terms_days"],
        "debt": rows["receivable_growth"] - rows["sales_growth"],
    }
    score, coverage = weighed(figures, KINDS, ENOUGH)
    # the burst is the act itself: what surrounds a small one weighs less
    rows["score"] = score * ramp(rows["burst"], BURST.nothing, BURST.full) ** 0.5
    rows["coverage"] = coverage
    rows["period_end"] = rows["_end"]
    rows["period_start"] = rows["_end"] - pd.Timedelta(days=LATE_DAYS - 1)
    found = rows.sort_values(["partner_id", "period_start"], kind="stable")
    return found[[*_COLUMNS]].reset_index(drop=True)


_COLUMNS: Final = (
    "partner_id",
    "period_start",
    "period_end",
    "score",
    "late_units",
    "late_amount",
    "late_share",
    "sell_in_units",
    "sell_through_units",
    "sell_in_ratio",
    "burst",
    "weeks_of_supply",
    "usual_weeks",
    "unsold_share",
    "next_quarter_ratio",
    "returned_share",
    "extra_terms_days",
    "receivable_growth",
    "sales_growth",
    "coverage",
)


def _held(frames: StuffingFrames) -> pd.DataFrame:
    """Order lines of products that the partner keeps in stock; all where nobody reports any."""
    import pandas as pd

    lines = frames.lines.dropna(subset=["partner_id", "order_date"])
    keys = ["partner_id", "product_id"]
    # an absent table is an empty frame without types, which concat would not know how to take
    known = [frame[keys].dropna().astype("int64") for frame in (frames.sell_through, frames.stock)]
    kept = pd.concat(known).drop_duplicates()
    if kept.empty:
        return lines
    return lines.merge(kept.astype(lines[keys].dtypes.to_dict()), on=keys, how="inner")


def _quarters(lines: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Units and amount per partner and finished quarter, all of them and the late ones.

    A quarter between a partner's first and last without orders stands with zeros.
    """
    import pandas as pd

    if lines.empty:
        return pd.DataFrame()
    lines = lines.assign(quarter=lines["order_date"].dt.to_period("Q"))
    end = lines["quarter"].dt.end_time.dt.normalize()
    late = (end - lines["order_date"]).dt.days < LATE_DAYS
    lines = lines.assign(
        late_units=lines["quantity"].where(late, 0.0), late_amount=lines["amount"].where(late, 0.0)
    )
    sums = lines.groupby(["partner_id", "quarter"])[
        ["quantity", "amount", "late_units", "late_amount"]
    ].sum()
    every = pd.period_range(lines["quarter"].min(), lines["quarter"].max(), freq="Q")
    partners = pd.DataFrame({"partner_id": sorted(lines["partner_id"].unique())})
    grid = partners.merge(pd.DataFrame({"quarter": every}), how="cross")
    full = grid.merge(sums.reset_index(), on=["partner_id", "quarter"], how="left")
    full[sums.columns.to_list()] = full[sums.columns.to_list()].fillna(0.0)
    first = lines.groupby("partner_id")["quarter"].min()
    begun = full["quarter"] >= full["partner_id"].map(first)
    full = full.loc[begun & (full["quarter"].dt.end_time.dt.normalize() <= as_of)]
    names = {"quantity": "sell_in_units", "amount": "sell_in_amount"}
    named: pd.DataFrame = full.rename(columns=names)
    return named


def _by_quarter(table: pd.DataFrame, day: str) -> pd.Series[Any] | None:
    """Units per (partner, quarter); None where the table is absent."""
    if table.empty:
        return None
    quarter = table[day].dt.to_period("Q")
    units: pd.Series[Any] = table["quantity"].groupby([table["partner_id"], quarter]).sum()
    return units.rename_axis(["partner_id", "quarter"])


def _burst(quarters: pd.DataFrame, sold: pd.Series[Any] | None) -> pd.DataFrame:
    """Adds what is usual: pace of a quarter, late units, and the burst beyond them."""
    import pandas as pd

    rows = quarters.copy()
    by = rows.groupby("partner_id")
    active = rows["sell_in_units"].where(rows["sell_in_units"] > 0)
    usual_in = active.groupby(rows["partner_id"]).transform("median")
    count = active.groupby(rows["partner_id"]).transform("count")
    usual_late = by["late_units"].transform("median")
    if sold is None:
        rows["sell_through_units"] = pd.Series(float("nan"), index=rows.index)
        usual = usual_in
    else:
        keys = pd.MultiIndex.from_frame(rows[["partner_id", "quarter"]])
        known = rows["partner_id"].isin(sold.index.get_level_values(0))
        rows["sell_through_units"] = sold.reindex(keys).fillna(0.0).to_numpy()
        rows.loc[~known, "sell_through_units"] = float("nan")
        pace = (
            rows.groupby("partner_id")["sell_through_units"]
            .rolling(TYPICAL_QUARTERS, min_periods=1)
            .mean()
            .reset_index(level=0, drop=True)
        )
        usual = pd.concat([usual_in, pace], axis=1).max(axis=1)
    rows["usual"] = usual.clip(lower=1.0)
    rows["sell_in_before"] = by["sell_in_amount"].shift(1)
    rows["burst"] = ((rows["late_units"] - usual_late) / rows["usual"]).where(
        count >= LEAST_QUARTERS
    )
    rows["excess"] = (rows["late_units"] - usual_late).clip(lower=0.0)
    rows["late_share"] = rows["late_units"] / rows["sell_in_units"].where(rows["sell_in_units"] > 0)
    rows["sell_in_ratio"] = rows["sell_in_units"] / rows["sell_through_units"].where(
        rows["sell_through_units"] > 0
    )
    return rows


def _shelf(rows: pd.DataFrame, frames: StuffingFrames) -> None:
    """Weeks of supply some weeks after the quarter, and usually."""
    import pandas as pd

    rows["weeks_of_supply"] = rows["usual_weeks"] = float("nan")
    if frames.stock.empty:
        return
    held = (
        frames.stock.groupby(["partner_id", "snapshot_date"])["units_balance"].sum().reset_index()
    )
    pairs = rows[["partner_id", "_end", "usual"]].reset_index().merge(held, on="partner_id")
    gap = (pairs["snapshot_date"] - pairs["_end"]).dt.days
    pairs["weeks"] = pairs["units_balance"] / (pairs["usual"] / 13)
    after = pairs[(gap >= SHELF_FROM_DAYS) & (gap <= SHELF_TO_DAYS)]
    rows["weeks_of_supply"] = after.groupby("index")["weeks"].median().reindex(rows.index)
    before = pairs[(gap < 0) | (gap > SHELF_TO_DAYS + 2 * AFTER_DAYS)]
    rows["usual_weeks"] = before.groupby("index")["weeks"].median().reindex(rows.index)
    rows["usual_weeks"] = pd.to_numeric(rows["usual_weeks"])


def _sold_on(rows: pd.DataFrame, frames: StuffingFrames) -> None:
    """The part of the excess that end customers did not take in the two months after."""
    import pandas as pd

    rows["unsold_share"] = float("nan")
    if frames.sell_through.empty:
        return
    table = frames.sell_through
    month = table["period_start"].dt.to_period("M")
    sold = table["quantity"].groupby([table["partner_id"], month]).sum()
    reported = set(table["partner_id"])
    last = month.max()
    taken, months = pd.Series(0.0, index=rows.index), pd.Series(0, index=rows.index)
    for step in (1, 2):
        following = rows["quarter"].dt.asfreq("M", how="end") + step
        keys = pd.MultiIndex.from_arrays([rows["partner_id"], following])
        there = following <= last
        taken += pd.Series(sold.reindex(keys).fillna(0.0).to_numpy(), index=rows.index).where(
            there, 0.0
        )
        months += there.astype(int)
    beyond = (taken - rows["usual"] / 3 * months).clip(lower=0.0)
    share = 1 - (beyond / rows["excess"].where(rows["excess"] > 0)).clip(upper=1.0)
    rows["unsold_share"] = share.where((months > 0) & rows["partner_id"].isin(reported))


def _next_quarter(rows: pd.DataFrame, lines: pd.DataFrame, as_of: pd.Timestamp) -> None:
    """Sell-in after the quarter over the usual pace, of the days that have passed."""
    import pandas as pd

    passed = (as_of - rows["_end"]).dt.days.clip(upper=AFTER_DAYS)
    bought = _within(rows, lines, "order_date", "quantity")
    pace = rows["usual"] * passed / AFTER_DAYS
    ratio = bought / pace.where(pace > 0)
    rows["next_quarter_ratio"] = pd.Series(ratio).where(passed >= LEAST_AFTER_DAYS)


def _within(rows: pd.DataFrame, table: pd.DataFrame, day: str, value: str) -> pd.Series[Any]:
    """Sums of a table's value in the days after each row's quarter."""
    pairs = rows[["partner_id", "_end"]].reset_index().merge(table, on="partner_id")
    gap = (pairs[day] - pairs["_end"]).dt.days
    inside = pairs[(gap > 0) & (gap <= AFTER_DAYS)]
    return inside.groupby("index")[value].sum().reindex(rows.index, fill_value=0.0)


def _returned(rows: pd.DataFrame, frames: StuffingFrames) -> None:
    """Units that came back after the quarter, beyond the partner's usual, over the late units."""
    rows["returned_share"] = float("nan")
    if frames.returns.empty:
        return
    returns = frames.returns.dropna(subset=["partner_id", "returned_on"])
    keys = frames.lines[["partner_id", "product_id"]].drop_duplicates()
    held = _held(frames)[["partner_id", "product_id"]].drop_duplicates()
    returns = returns.merge(held if len(held) else keys, on=["partner_id", "product_id"])
    back = _within(rows, returns, "returned_on", "quantity")
    rows["returned_share"] = (back / rows["late_units"].where(rows["late_units"] > 0)).clip(
        upper=1.0
    )


def _terms(rows: pd.DataFrame, lines: pd.DataFrame, receivables: pd.DataFrame) -> None:
    """Days to pay of the late orders (the longest), less the partner's median."""
    rows["extra_terms_days"] = float("nan")
    if receivables.empty or receivables["due_on"].isna().all():
        return
    days = (receivables["due_on"] - receivables["booked_on"]).dt.days
    usual = days.groupby(receivables["partner_id"]).median()
    of_order = days.groupby(receivables["order_id"]).max()
    late = lines.assign(quarter=lines["order_date"].dt.to_period("Q"))
    end = late["quarter"].dt.end_time.dt.normalize()
    late = late[(end - late["order_date"]).dt.days < LATE_DAYS].copy()
    late["days"] = late["order_id"].map(of_order)
    weighted = late.dropna(subset=["days"])
    weighted = weighted.assign(product=weighted["days"] * weighted["quantity"])
    sums = weighted.groupby(["partner_id", "quarter"])[["product", "quantity"]].sum()
    mean = (sums["product"] / sums["quantity"].where(sums["quantity"] > 0)).rename("mean")
    found = rows[["partner_id", "quarter"]].merge(
        mean.reset_index(), on=["partner_id", "quarter"], how="left"
    )
    rows["extra_terms_days"] = found["mean"].to_numpy() - rows["partner_id"].map(usual).to_numpy()


def _debt(rows: pd.DataFrame, frames: StuffingFrames) -> None:
    """Growth of what is owed from a quarter before to after this one, beside that of sell-in."""
    rows["receivable_growth"] = rows["sales_growth"] = float("nan")
    if frames.receivables.empty or frames.payments.empty:
        return
    import pandas as pd

    booked = frames.receivables[["partner_id", "booked_on", "amount"]].set_axis(
        ["partner_id", "day", "amount"], axis=1
    )
    paid = frames.payments[["partner_id", "paid_on", "amount"]].set_axis(
        ["partner_id", "day", "amount"], axis=1
    )
    moves = pd.concat([booked, paid.assign(amount=-paid["amount"])]).dropna()
    pairs = rows[["partner_id", "_end"]].reset_index().merge(moves, on="partner_id")
    after = pairs["_end"] + pd.Timedelta(days=SHELF_FROM_DAYS)
    before = after - pd.Timedelta(days=AFTER_DAYS)
    owed = pairs[pairs["day"] <= after].groupby("index")["amount"].sum().reindex(rows.index)
    owed_before = pairs[pairs["day"] <= before].groupby("index")["amount"].sum()
    base = owed_before.reindex(rows.index)
    rows["receivable_growth"] = owed / base.where(base > LEAST_DEBT * owed) - 1
    earlier = rows["sell_in_before"]
    rows["sales_growth"] = rows["sell_in_amount"] / earlier.where(earlier > 0) - 1
