"""AdventureWorks straight from its Parquet files: reseller sales, quotas and product inventory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pandas as pd

from evals.cases import Figures, GoldScalar, GoldUnit
from evals.gold.book import (
    TEN_THOUSANDTHS,
    Book,
    Measure,
    distinct,
    exact,
    money_sum,
    number_sum,
    quotient,
    row_total,
)
from evals.gold.slices import (
    Having,
    Pick,
    as_rows,
    counted,
    frame_of,
    keep,
    label_rows,
    one,
    picked,
    ranked,
    value_of,
)

LINES = {"R": "Road", "M": "Mountain", "T": "Touring", "S": "Other sales"}

PLACES = ("partner_type", "city", "territory", "region", "country", "region_group")

AMOUNTS = {
    "SalesAmount": "amount",
    "ExtendedAmount": "list_amount",
    "DiscountAmount": "discount",
    "TotalProductCost": "cost",
    "TaxAmt": "tax",
    "Freight": "freight",
}


@lru_cache(maxsize=2)
def load(folder: Path) -> Book:
    """The book of the folder with AdventureWorks' Parquet files."""
    resellers = _resellers(folder)
    products = _products(folder)
    sales = _sales(folder, resellers, products)
    days = sales.groupby("partner")["date"].agg(first_order="min", last_order="max")
    resellers = resellers.merge(days.reset_index(), on="partner", how="left")
    as_of = sales["date"].max()
    frames = {
        "sales": sales,
        "resellers": resellers,
        "quota": _quota(folder),
        "inventory": _inventory(folder, products),
    }
    return Book(frames, MEASURES, as_of)


def _read(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(folder / f"{name}.parquet")


def _territories(folder: Path) -> pd.DataFrame:
    frame = _read(folder, "DimSalesTerritory")
    return frame.rename(
        columns={
            "SalesTerritoryRegion": "region",
            "SalesTerritoryCountry": "country",
            "SalesTerritoryGroup": "region_group",
        }
    )[["SalesTerritoryKey", "region", "country", "region_group"]]


def _resellers(folder: Path) -> pd.DataFrame:
    """One row per reseller; two resellers that share a name carry their number in the label."""
    frame = _read(folder, "DimReseller").merge(_read(folder, "DimGeography"), on="GeographyKey")
    frame = frame.merge(_territories(folder), on="SalesTerritoryKey")
    shared = frame["ResellerName"].duplicated(keep=False)
    numbered = frame["ResellerName"] + " (" + frame["ResellerAlternateKey"] + ")"
    frame["partner"] = frame["ResellerName"].where(~shared, numbered)
    return frame.rename(
        columns={"BusinessType": "partner_type", "City": "city", "StateProvinceName": "territory"}
    )[["ResellerKey", "partner", *PLACES]]


def _products(folder: Path) -> pd.DataFrame:
    frame = _read(folder, "DimProduct")
    subcategories = _read(folder, "DimProductSubcategory")
    frame = frame.merge(subcategories, on="ProductSubcategoryKey", how="left")
    frame = frame.merge(_read(folder, "DimProductCategory"), on="ProductCategoryKey", how="left")
    frame["line"] = frame["ProductLine"].str.strip().map(LINES)
    return frame.rename(
        columns={
            "EnglishProductName": "product",
            "EnglishProductCategoryName": "category",
            "EnglishProductSubcategoryName": "subcategory",
            "ModelName": "model",
            "Color": "color",
        }
    )[["ProductKey", "product", "category", "subcategory", "line", "model", "color"]]


def _sales(folder: Path, resellers: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    lines = _read(folder, "FactResellerSales")
    sales = pd.DataFrame(
        {
            "order": lines["SalesOrderNumber"],
            "date": pd.to_datetime(lines["OrderDate"]).astype("datetime64[ns]"),
            "quantity": lines["OrderQuantity"].astype("int64"),
            "salesperson": "Employee " + lines["EmployeeKey"].astype(str),
        }
        | {new: exact(lines[old]) for old, new in AMOUNTS.items()}
    )
    keys = lines[["ResellerKey", "ProductKey", "PromotionKey", "SalesTerritoryKey"]]
    promotions = _read(folder, "DimPromotion").rename(
        columns={"EnglishPromotionName": "promotion", "EnglishPromotionType": "promotion_type"}
    )[["PromotionKey", "promotion", "promotion_type"]]
    sales = pd.concat([sales, keys], axis=1)
    own = resellers[["ResellerKey", "partner", "partner_type", "city", "territory"]]
    sales = sales.merge(own, on="ResellerKey").merge(products, on="ProductKey")
    sales = sales.merge(promotions, on="PromotionKey")
    return sales.merge(_territories(folder), on="SalesTerritoryKey")


def _quota(folder: Path) -> pd.DataFrame:
    quota = _read(folder, "FactSalesQuota")
    return pd.DataFrame(
        {
            "salesperson": "Employee " + quota["EmployeeKey"].astype(str),
            "date": pd.to_datetime(quota["Date"]).astype("datetime64[ns]"),
            "quota": exact(quota["SalesAmountQuota"]),
        }
    )


def _inventory(folder: Path, products: pd.DataFrame) -> pd.DataFrame:
    stock = _read(folder, "FactProductInventory")
    stock["date"] = pd.to_datetime(stock["MovementDate"]).astype("datetime64[ns]")
    stock = stock.rename(
        columns={"UnitsBalance": "balance", "UnitsIn": "units_in", "UnitsOut": "units_out"}
    )
    stock["value"] = exact(stock["UnitCost"]) * stock["balance"].astype("int64")
    columns = ["ProductKey", "date", "balance", "units_in", "units_out", "value"]
    return stock[columns].merge(products, on="ProductKey")


def _margin(rows: pd.DataFrame) -> float | None:
    return int((rows["amount"] - rows["cost"]).sum()) / TEN_THOUSANDTHS


_amount = money_sum("amount")

MEASURES = {
    "amount": Measure("sales", "money", _amount),
    "orders": Measure("sales", "count", distinct("order")),
    "order_lines": Measure("sales", "count", row_total()),
    "quantity": Measure("sales", "quantity", number_sum("quantity")),
    "gross_margin": Measure("sales", "money", _margin),
    "gross_margin_rate": Measure("sales", "ratio", quotient(_margin, _amount)),
    "average_order_value": Measure("sales", "money", quotient(_amount, distinct("order"))),
    "average_unit_price": Measure("sales", "money", quotient(_amount, number_sum("quantity"))),
    "active_partners": Measure("sales", "count", distinct("partner")),
    "amount_per_partner": Measure("sales", "money", quotient(_amount, distinct("partner"))),
    "products_sold": Measure("sales", "count", distinct("product")),
    "list_amount": Measure("sales", "money", money_sum("list_amount")),
    "discount_amount": Measure("sales", "money", money_sum("discount")),
    "discount_rate": Measure(
        "sales", "ratio", quotient(money_sum("discount"), money_sum("list_amount"))
    ),
    "cost_amount": Measure("sales", "money", money_sum("cost")),
    "tax_amount": Measure("sales", "money", money_sum("tax")),
    "freight_amount": Measure("sales", "money", money_sum("freight")),
    "partner_count": Measure("resellers", "count", distinct("partner"), date="first_order"),
    "new_partners": Measure("resellers", "count", distinct("partner"), date="first_order"),
    "target_amount": Measure("quota", "money", money_sum("quota")),
    "stock_in_units": Measure("inventory", "quantity", number_sum("units_in")),
    "stock_out_units": Measure("inventory", "quantity", number_sum("units_out")),
}


def dormant(book: Book, pick: Pick, *, days: int, as_count: bool = False) -> Figures:
    """Resellers whose last order lies strictly more than `days` days before the as-of date."""
    resellers = book.frames["resellers"]
    if pick.where:
        resellers = resellers.query(pick.where, engine="python")
    silence = (book.as_of - resellers["last_order"]).dt.days
    asleep = sorted(resellers.loc[silence > days, "partner"])
    return counted(len(asleep)) if as_count else label_rows(asleep)


def debut(book: Book, pick: Pick) -> Figures:
    """Resellers whose first order lies in the period."""
    return label_rows(sorted(set(picked(book, "new_partners", pick)["partner"])))


def bought_not(book: Book, pick: Pick, *, has: str, lacks: str) -> Figures:
    """Resellers with an order line that meets `has` and none that meets `lacks`."""
    having = set(picked(book, "orders", Pick(pick.start, pick.end, has))["partner"])
    lacking = set(picked(book, "orders", Pick(pick.start, pick.end, lacks))["partner"])
    return label_rows(sorted(having - lacking))


def buying_part(book: Book, pick: Pick) -> Figures:
    """The part of all resellers on file that ordered in the period."""
    buying = picked(book, "orders", pick)["partner"].nunique()
    return one(buying / len(book.frames["resellers"]), "ratio")


def order_day(book: Book, pick: Pick, *, which: Literal["first_order", "last_order"]) -> Figures:
    """The day of the first or last order of the reseller that the pick selects."""
    day = book.frames["resellers"].query(str(pick.where), engine="python")[which].iloc[0]
    return Figures(scalars=(GoldScalar(value=day.date().isoformat(), unit="date"),))


def attainment(
    book: Book,
    pick: Pick,
    *,
    by: Sequence[str] = (),
    having: Sequence[Having] = (),
    sort: str | None = None,
    ascending: bool = False,
    top: int | None = None,
    exact: bool = True,
) -> Figures:
    """Sales over quota; a quota counts where its date lies in the period.

    Columns: `amount`, `target`, `attainment`. A salesperson without a quota has no attainment.
    """
    if not by:
        sold, goal = value_of(book, "amount", pick), value_of(book, "target_amount", pick)
        return one((sold or 0.0) / goal if goal else None, "ratio")
    frame = frame_of(book, by, ["amount", "target_amount"], pick)
    frame = frame[frame["target_amount"].notna()]
    frame = keep(frame.assign(attainment=frame["amount"] / frame["target_amount"]), having)
    if sort is not None:
        frame = ranked(frame, sort, ascending=ascending).head(top or len(frame))
    return as_rows(frame, ["attainment"], ["ratio"], ordered=sort is not None, exact=exact)


def stock(
    book: Book,
    pick: Pick,
    *,
    column: Literal["balance", "value"] = "balance",
    day: date | None = None,
    by: Sequence[str] = (),
    sort: str | None = None,
    ascending: bool = False,
    top: int | None = None,
) -> Figures:
    """Units (`balance`) or worth (`value`) in stock at the last inventory day up to `day`.

    Without `day`, up to the as-of date.
    """
    rows = book.frames["inventory"]
    limit = book.as_of if day is None else pd.Timestamp(day)
    rows = rows[rows["date"] == rows.loc[rows["date"] <= limit, "date"].max()]
    if pick.where:
        rows = rows.query(pick.where, engine="python")
    unit: GoldUnit = "money" if column == "value" else "quantity"
    scale = TEN_THOUSANDTHS if column == "value" else 1
    if not by:
        return one(rows[column].sum() / scale, unit)
    frame = (rows.groupby(list(by))[[column]].sum() / scale).astype("float64")
    if sort is not None:
        frame = ranked(frame, sort, ascending=ascending).head(top or len(frame))
    return as_rows(frame, [column], [unit], ordered=sort is not None)


OPERATORS: dict[str, Callable[..., Figures]] = {
    "dormant": dormant,
    "debut": debut,
    "bought_not": bought_not,
    "buying_part": buying_part,
    "order_day": order_day,
    "attainment": attainment,
    "stock": stock,
}
"""Gold functions that only this data set has."""
