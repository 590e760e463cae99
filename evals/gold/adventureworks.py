"""AdventureWorks straight from its Parquet files: reseller sales, quotas and product inventory."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

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
        "partners": resellers,
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
    "partner_count": Measure("partners", "count", distinct("partner"), date="first_order"),
    "new_partners": Measure("partners", "count", distinct("partner"), date="first_order"),
    "target_amount": Measure("quota", "money", money_sum("quota")),
    "stock_in_units": Measure("inventory", "quantity", number_sum("units_in")),
    "stock_out_units": Measure("inventory", "quantity", number_sum("units_out")),
}
