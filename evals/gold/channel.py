"""The simulated channel straight from the files that it writes: CSV, workbooks and Parquet.

Rows that no careful reader could use (a date that does not exist, a number that is none, a key that
stands nowhere, a name left out, a closing 合计) are dropped here as they must be by the loader.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import pandas as pd

from evals.cases import GoldUnit
from evals.gold.book import (
    Book,
    Measure,
    distinct,
    exact,
    money_sum,
    number_sum,
    quotient,
    row_total,
)
from evals.world.generator import TRUTH_FILE

WAN = 10_000
TOTAL_ROW = "合计"

PARTNER = {
    "伙伴编码": "partner_code",
    "伙伴名称": "partner",
    "伙伴类型": "partner_type",
    "等级": "tier",
    "合作状态": "partner_status",
    "渠道经理": "owner",
    "大区": "region",
    "省份": "territory",
    "城市": "city",
}
PRODUCT = {
    "产品编码": "sku",
    "产品名称": "product",
    "产品类别": "category",
    "子类": "subcategory",
    "产品线": "line",
}


@lru_cache(maxsize=2)
def load(folder: Path) -> Book:
    """The book of a folder that `evals.world` wrote."""
    partners, products = _partners(folder), _products(folder)
    sales = _sales(folder, partners, products)
    days = sales.groupby("partner")["date"].agg(first_order="min", last_order="max")
    frames = {
        "sales": sales,
        "partners": partners.merge(days.reset_index(), on="partner", how="left"),
        "payments": _payments(folder, partners),
        "receivables": _receivables(folder, partners),
        "returns": _returns(folder, partners, products),
        "deals": _deals(folder, partners, products),
        "registrations": _registrations(folder, partners, products),
        "activities": _activities(folder, partners),
        "claims": _claims(folder, partners),
        "sell_through": _sell_through(folder, partners, products),
        "inventory": _inventory(folder, products),
        "region_targets": _region_targets(folder),
        "partner_targets": _partner_targets(folder, partners),
        "competitors": _competitors(folder),
    }
    as_of = sales["date"].max()
    overdue = frames["receivables"]["due"] < as_of
    frames["receivables"]["overdue"] = frames["receivables"]["open"].where(overdue, 0)
    return Book(frames, MEASURES, as_of, planted=_planted(folder))


def _planted(folder: Path) -> dict[str, frozenset[str]]:
    """What the world's own account says of partners: who stocked up, diverted, leaves, grows."""
    truth = json.loads((folder / TRUTH_FILE).read_text(encoding="utf-8"))
    found = {
        kind: frozenset(str(item["partner"]) for item in truth[kind])
        for kind in ("stuffing", "diversion", "churners")
    }
    for code, partner in truth["partners"].items():
        for kind in (partner["archetype"], "leaving" if partner["leaving"] else "staying"):
            found[kind] = found.get(kind, frozenset()) | {code}
    return found


def _csv(folder: Path, name: str) -> pd.DataFrame:
    """All cells as text; an empty one is null."""
    encoding = "gbk" if name.startswith("ERP/") else "utf-8-sig"
    return pd.read_csv(folder / name, encoding=encoding, dtype="str")


def _sheet(folder: Path, name: str, sheet: str, header: list[int] | int = 0) -> pd.DataFrame:
    frame = pd.read_excel(folder / name, sheet_name=sheet, header=header, engine="calamine")
    return frame[frame.iloc[:, 0] != TOTAL_ROW]


def _dates(column: pd.Series[str], pattern: str = "%Y-%m-%d") -> pd.Series[pd.Timestamp]:
    return pd.to_datetime(column, format=pattern, errors="coerce")


def _numbers(column: pd.Series[str]) -> pd.Series[float]:
    return pd.to_numeric(column, errors="coerce")


def _partners(folder: Path) -> pd.DataFrame:
    frame = _sheet(folder, "主数据/伙伴档案.xlsx", "伙伴")
    frame = frame[frame["伙伴名称"].notna()]
    return frame.rename(columns=PARTNER)[list(PARTNER.values())]


def _products(folder: Path) -> pd.DataFrame:
    return _csv(folder, "主数据/产品.csv").rename(columns=PRODUCT)[list(PRODUCT.values())]


def _of(frame: pd.DataFrame, partners: pd.DataFrame) -> pd.DataFrame:
    """Rows of known partners, with what is known of these."""
    return frame.rename(columns={"伙伴编码": "partner_code"}).merge(partners, on="partner_code")


def _with(frame: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Rows of known products, with what is known of these."""
    return frame.rename(columns={"产品编码": "sku"}).merge(products, on="sku")


def _sales(folder: Path, partners: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    orders = _csv(folder, "ERP/销售订单.csv")
    orders["date"] = _dates(orders["订单日期"])
    orders = _of(orders[orders["date"].notna()], partners)
    orders = orders.rename(
        columns={"订单号": "order", "订单类型": "order_type", "单据状态": "status"}
    )
    customers = _csv(folder, "主数据/客户.csv").rename(columns={"行业": "industry", "规模": "size"})
    orders = orders.merge(customers[["客户编码", "industry", "size"]], on="客户编码", how="left")
    lines = _csv(folder, "ERP/销售订单明细.csv").rename(columns={"订单号": "order"})
    lines = lines[_numbers(lines["金额"]).notna()]
    sales = _with(lines, products).merge(orders, on="order")
    promotions = _csv(folder, "主数据/促销活动.csv").rename(columns={"活动名称": "promotion"})
    sales = sales.merge(promotions[["活动编码", "promotion"]], on="活动编码", how="left")
    amounts = {
        "金额": "amount",
        "标准金额": "list_amount",
        "折扣额": "discount",
        "成本": "cost",
        "税额": "tax",
        "运费": "freight",
    }
    computed = {new: exact(sales[old].fillna("0")) for old, new in amounts.items()}
    sales = sales.assign(quantity=_numbers(sales["数量"]).astype("int64"), **computed)
    kept = ["order", "date", "order_type", "status", "industry", "size", "promotion", "quantity"]
    known = [*PARTNER.values(), *PRODUCT.values()]
    return sales[[*kept, *computed, *known]]


def _payments(folder: Path, partners: pd.DataFrame) -> pd.DataFrame:
    frame = _of(_csv(folder, "ERP/回款.csv"), partners)
    frame["date"] = _dates(frame["收款日期"], "%Y/%m/%d")
    frame["plain"] = frame["收款金额"].str.replace("[￥,]", "", regex=True)
    frame = frame[frame["date"].notna() & _numbers(frame["plain"]).notna()]
    return frame.assign(amount=exact(frame["plain"]))


def _receivables(folder: Path, partners: pd.DataFrame) -> pd.DataFrame:
    frame = _of(_csv(folder, "ERP/应收单.csv"), partners)
    return frame.assign(
        date=_dates(frame["立账日期"]), due=_dates(frame["到期日"]), open=exact(frame["未核销金额"])
    )


def _returns(folder: Path, partners: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    frame = _with(_of(_csv(folder, "ERP/退货单.csv"), partners), products)
    frame = frame[_numbers(frame["数量"]).notna()].rename(columns={"退货原因": "reason"})
    return frame.assign(
        date=_dates(frame["退货日期"]),
        amount=exact(frame["退货金额"]),
        quantity=_numbers(frame["数量"]),
    )


def _deals(folder: Path, partners: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    frame = _sheet(folder, "CRM/商机导出.xlsx", "商机", header=[0, 1])
    headings = [tuple(map(str, pair)) for pair in frame.columns.to_list()]
    frame.columns = pd.Index([top if "Unnamed" in low else low for top, low in headings])
    own = ["伙伴编码", "产品编码", "商机金额", "当前阶段", "结果", "创建日期", "关闭日期"]
    frame = _with(_of(frame[own], partners), products)
    created = pd.to_datetime(frame["创建日期"], errors="coerce")
    frame = frame.assign(created=created, closed=pd.to_datetime(frame["关闭日期"], errors="coerce"))
    frame = frame[created.notna() & _numbers(frame["商机金额"]).notna()]
    return frame.assign(
        amount=exact(frame["商机金额"]) * WAN,
        days=(frame["closed"] - frame["created"]).dt.days,
    ).rename(columns={"结果": "outcome", "当前阶段": "stage"})


def _registrations(folder: Path, partners: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    frame = _with(_of(_csv(folder, "CRM/报备.csv"), partners), products)
    return frame.assign(date=_dates(frame["提交日期"]), amount=exact(frame["预计金额"])).rename(
        columns={"报备状态": "deal_status", "冲突报备": "conflict_of"}
    )


def _activities(folder: Path, partners: pd.DataFrame) -> pd.DataFrame:
    frame = _of(pd.read_parquet(folder / "伙伴门户/伙伴行为.parquet"), partners)
    return frame.assign(date=pd.to_datetime(frame["日期"])).rename(columns={"行为类型": "kind"})


def _claims(folder: Path, partners: pd.DataFrame) -> pd.DataFrame:
    frame = _of(_csv(folder, "伙伴门户/市场基金.csv"), partners)
    return frame.assign(date=_dates(frame["申请日期"]), amount=exact(frame["申请金额"]))


def _sell_through(folder: Path, partners: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    frame = _with(_of(_csv(folder, "库存/动销.csv"), partners), products)
    return frame.assign(
        date=_dates(frame["月份"]),
        amount=exact(frame["动销金额"]),
        quantity=_numbers(frame["动销数量"]),
    )


def _inventory(folder: Path, products: pd.DataFrame) -> pd.DataFrame:
    frame = _with(pd.read_parquet(folder / "库存/库存快照.parquet"), products)
    warehouses = _csv(folder, "库存/仓库.csv")[["仓库编码", "仓库名称", "大区"]]
    frame = frame.merge(warehouses, on="仓库编码", how="left")
    balance = frame["结存数量"].astype("int64")
    return frame.assign(
        date=pd.to_datetime(frame["快照日期"]),
        balance=balance,
        value=exact(frame["单位成本"]) * balance,
    ).rename(columns={"仓库名称": "warehouse", "大区": "region"})


def _region_targets(folder: Path) -> pd.DataFrame:
    frame = _sheet(folder, "主数据/目标.xlsx", "大区目标")
    return pd.DataFrame(
        {
            "region": frame["大区"],
            "measure": frame["指标"],
            "date": pd.to_datetime(frame["月份"]),
            "goal": exact(frame["目标（万元）"]) * WAN,
        }
    )


def _partner_targets(folder: Path, partners: pd.DataFrame) -> pd.DataFrame:
    frame = _of(_sheet(folder, "主数据/目标.xlsx", "伙伴目标"), partners)
    frame = frame[_numbers(frame["目标（万元）"]).notna()]
    return frame.assign(
        date=pd.to_datetime(frame["季度起始"]), goal=exact(frame["目标（万元）"]) * WAN
    )


def _competitors(folder: Path) -> pd.DataFrame:
    frame = _csv(folder, "市场/竞品动态.csv")
    return frame.assign(date=_dates(frame["日期"])).rename(columns={"竞品厂商": "competitor"})


def _margin(rows: pd.DataFrame) -> float | None:
    return money_sum("amount")(rows.assign(amount=rows["amount"] - rows["cost"]))


def _of_outcome(outcome: str, unit: GoldUnit, date: str, column: str | None = None) -> Measure:
    compute = money_sum(column) if column else row_total()
    return Measure("deals", unit, lambda rows: compute(rows[rows["outcome"] == outcome]), date)


def _targets(measure: str) -> Measure:
    total = money_sum("goal")
    return Measure("region_targets", "money", lambda rows: total(rows[rows["measure"] == measure]))


def _cycle(rows: pd.DataFrame) -> float | None:
    won = rows[rows["outcome"] == "赢单"]
    return float(won["days"].mean()) if len(won) else None


_amount = money_sum("amount")
_won = _of_outcome("赢单", "count", "closed")
_won_amount = _of_outcome("赢单", "money", "closed", "amount")
_lost = _of_outcome("输单", "count", "closed")


def _closed(rows: pd.DataFrame) -> float | None:
    return float(rows["outcome"].isin(["赢单", "输单"]).sum())


MEASURES = {
    "amount": Measure("sales", "money", _amount),
    "orders": Measure("sales", "count", distinct("order")),
    "quantity": Measure("sales", "quantity", number_sum("quantity")),
    "gross_margin": Measure("sales", "money", _margin),
    "gross_margin_rate": Measure("sales", "ratio", quotient(_margin, _amount)),
    "average_order_value": Measure("sales", "money", quotient(_amount, distinct("order"))),
    "active_partners": Measure("sales", "count", distinct("partner")),
    "amount_per_partner": Measure("sales", "money", quotient(_amount, distinct("partner"))),
    "discount_rate": Measure(
        "sales", "ratio", quotient(money_sum("discount"), money_sum("list_amount"))
    ),
    "partner_count": Measure("partners", "count", distinct("partner"), "first_order"),
    "new_partners": Measure("partners", "count", distinct("partner"), "first_order"),
    "payment_amount": Measure("payments", "money", _amount),
    "receivable_open_amount": Measure("receivables", "money", money_sum("open")),
    "overdue_amount": Measure("receivables", "money", money_sum("overdue")),
    "return_amount": Measure("returns", "money", _amount),
    "return_quantity": Measure("returns", "quantity", number_sum("quantity")),
    "opportunities": Measure("deals", "count", row_total(), "created"),
    "won_opportunities": _won,
    "won_amount": _won_amount,
    "lost_opportunities": _lost,
    "win_rate": Measure("deals", "ratio", quotient(_won.compute, _closed), "closed"),
    "average_deal_size": Measure(
        "deals", "money", quotient(_won_amount.compute, _won.compute), "closed"
    ),
    "sales_cycle_days": Measure("deals", "days", _cycle, "closed"),
    "open_opportunities": _of_outcome("进行中", "count", "created"),
    "pipeline_amount": _of_outcome("进行中", "money", "created", "amount"),
    "deal_registrations": Measure("registrations", "count", row_total()),
    "activities": Measure("activities", "count", row_total()),
    "mdf_claimed": Measure("claims", "money", _amount),
    "sell_through_quantity": Measure("sell_through", "quantity", number_sum("quantity")),
    "sell_through_amount": Measure("sell_through", "money", _amount),
    "target_amount": _targets("销售额"),
    "payment_target": _targets("回款"),
    "partner_target": Measure("partner_targets", "money", money_sum("goal")),
    "competitor_events": Measure("competitors", "count", row_total()),
}
