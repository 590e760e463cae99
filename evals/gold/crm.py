"""The CRM pipeline straight from its CSV files: opportunities with agent, account and product."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from evals.cases import GoldUnit
from evals.gold.book import Book, Measure, distinct, exact, money_sum, quotient, row_total

SPELLINGS = {"GTXPro": "GTX Pro"}
"""Products that the pipeline file spells otherwise than the product file."""

SECTORS = {"technolgy": "technology"}
"""The source's misspelt sectors."""


@lru_cache(maxsize=2)
def load(folder: Path) -> Book:
    """The book of the folder with the CRM's CSV files."""
    deals = pd.read_csv(folder / "sales_pipeline.csv")
    deals["product"] = deals["product"].replace(SPELLINGS)
    accounts = pd.read_csv(folder / "accounts.csv")
    accounts["industry"] = accounts["sector"].replace(SECTORS)
    teams = pd.read_csv(folder / "sales_teams.csv")
    products = pd.read_csv(folder / "products.csv")
    deals = (
        deals.merge(teams, on="sales_agent", how="left")
        .merge(accounts[["account", "industry", "office_location"]], on="account", how="left")
        .merge(products[["product", "series"]], on="product", how="left")
        .rename(
            columns={
                "sales_agent": "salesperson",
                "regional_office": "region",
                "account": "customer",
            }
        )
    )
    deals["created"] = pd.to_datetime(deals["engage_date"])
    deals["closed"] = pd.to_datetime(deals["close_date"])
    deals["amount"] = exact(deals["close_value"].fillna(0))
    deals["days"] = (deals["closed"] - deals["created"]).dt.days
    as_of = max(deals["created"].max(), deals["closed"].max())
    return Book({"deals": deals}, MEASURES, as_of)


def _won(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["deal_stage"] == "Won"]


def _of_won(unit: GoldUnit, column: str | None = None) -> Measure:
    """A sum (or, without a column, a count) over won deals, by closing day."""
    compute = money_sum(column) if column else row_total()
    return Measure("deals", unit, lambda rows: compute(_won(rows)), date="closed")


def _cycle(rows: pd.DataFrame) -> float | None:
    won = _won(rows)
    return float(won["days"].mean()) if len(won) else None


def _closed(rows: pd.DataFrame) -> float | None:
    return float(rows["deal_stage"].isin(["Won", "Lost"]).sum())


def _won_count(rows: pd.DataFrame) -> float | None:
    return float(len(_won(rows)))


def _won_amount(rows: pd.DataFrame) -> float | None:
    return money_sum("amount")(_won(rows))


MEASURES = {
    "opportunities": Measure("deals", "count", row_total(), date="created"),
    "won_opportunities": _of_won("count"),
    "lost_opportunities": Measure(
        "deals", "count", lambda rows: float((rows["deal_stage"] == "Lost").sum()), date="closed"
    ),
    "won_amount": _of_won("money", "amount"),
    "win_rate": Measure("deals", "ratio", quotient(_won_count, _closed), date="closed"),
    "average_deal_size": Measure(
        "deals", "money", quotient(_won_amount, _won_count), date="closed"
    ),
    "sales_cycle_days": Measure("deals", "days", _cycle, date="closed"),
    "customers": Measure("deals", "count", distinct("customer"), date="closed"),
}
