"""What the vendor sells: six software lines and boxed hardware, prices, promotions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from evals.world.timeline import Bools, Floats, Ints, Timeline

LINES = ("财务云", "供应链", "制造云", "人力云", "协同OA", "行业版", "智能硬件")
HARDWARE = len(LINES) - 1
"""Index of the line that is shipped in boxes and kept in stock."""

LAUNCHED_SKU, CUT_SKU = "HR-600", "SC-200"
"""The product that appears during the simulation, and the one whose price is cut."""

_CATALOGUE = """
FI-100|总账云|财务云|核算|标准版|1280|1.3|SaaS订阅
FI-200|应收应付云|财务云|核算|标准版|1080|1.1|SaaS订阅
FI-300|固定资产云|财务云|核算|标准版|860|0.7|SaaS订阅
FI-400|费控报销云|财务云|费控|专业版|680|1.2|SaaS订阅
FI-500|资金管理云|财务云|资金|旗舰版|2360|0.5|SaaS订阅
FI-600|合并报表云|财务云|报表|旗舰版|2880|0.4|SaaS订阅
FI-700|电子发票管家|财务云|税务|标准版|420|1.2|SaaS订阅
SC-100|采购云|供应链|采购|标准版|1180|0.9|SaaS订阅
SC-200|进销存云|供应链|库存|标准版|760|1.6|SaaS订阅
SC-300|仓储管理WMS|供应链|仓储|专业版|1980|0.6|许可软件
SC-400|运输管理TMS|供应链|运输|专业版|1860|0.4|许可软件
SC-500|供应商协同门户|供应链|采购|专业版|1320|0.5|SaaS订阅
SC-600|全渠道订单中心|供应链|销售|旗舰版|2240|0.5|SaaS订阅
MF-100|生产计划云|制造云|计划|专业版|1760|0.8|SaaS订阅
MF-200|车间执行MES|制造云|执行|旗舰版|3280|0.6|许可软件
MF-300|质量管理QMS|制造云|质量|专业版|1580|0.5|许可软件
MF-400|设备管理EAM|制造云|设备|专业版|1460|0.5|许可软件
MF-500|高级排程APS|制造云|计划|旗舰版|3680|0.3|许可软件
MF-600|成本管理云|制造云|成本|专业版|1520|0.6|SaaS订阅
HR-100|薪酬云|人力云|薪酬|标准版|520|1.0|SaaS订阅
HR-200|考勤排班云|人力云|考勤|标准版|360|1.1|SaaS订阅
HR-300|招聘云|人力云|招聘|标准版|480|0.6|SaaS订阅
HR-400|绩效云|人力云|绩效|专业版|640|0.5|SaaS订阅
HR-500|员工自助平台|人力云|服务|标准版|280|0.7|SaaS订阅
HR-600|智能人事分析|人力云|分析|旗舰版|1180|1.5|SaaS订阅
OA-100|流程审批OA|协同OA|流程|标准版|320|1.3|SaaS订阅
OA-200|电子合同|协同OA|合同|标准版|460|0.8|SaaS订阅
OA-300|知识文档库|协同OA|文档|专业版|380|0.6|SaaS订阅
OA-400|移动门户|协同OA|门户|标准版|300|0.7|SaaS订阅
IN-100|医药流通版|行业版|医药|旗舰版|3180|0.5|许可软件
IN-200|工程项目版|行业版|建筑|旗舰版|2960|0.6|许可软件
IN-300|食品追溯版|行业版|食品|旗舰版|2680|0.4|许可软件
IN-400|商贸零售版|行业版|零售|专业版|1880|0.7|许可软件
IN-500|公共事业版|行业版|公共|旗舰版|3360|0.4|许可软件
HW-100|发票打印一体机|智能硬件|打印|P10|560|1.3|硬件
HW-200|票据扫描仪|智能硬件|扫描|S20|760|1.0|硬件
HW-300|人脸考勤机|智能硬件|考勤|K30|420|1.3|硬件
HW-400|数据采集终端|智能硬件|采集|D40|980|0.9|硬件
HW-500|智能收银机|智能硬件|收银|C50|1280|0.7|硬件
HW-600|边缘网关服务器|智能硬件|网关|G60|2880|0.4|硬件
"""


class Product(NamedTuple):
    """A row of the catalogue; `price` in yuan per seat and year, or per box."""

    sku: str
    name: str
    line: str
    subcategory: str
    model: str
    price: int
    weight: float
    category: str


def _product(text: str) -> Product:
    sku, name, line, subcategory, model, price, weight, category = text.split("|")
    return Product(sku, name, line, subcategory, model, int(price), float(weight), category)


PRODUCTS = tuple(_product(text) for text in _CATALOGUE.strip().splitlines())
SKUS = tuple(product.sku for product in PRODUCTS)
LAUNCHED, CUT = SKUS.index(LAUNCHED_SKU), SKUS.index(CUT_SKU)
LINE_OF: Ints = np.array([LINES.index(product.line) for product in PRODUCTS])
IS_HARDWARE: Bools = LINE_OF == HARDWARE
PRICE_CENTS: Ints = np.array([product.price * 100 for product in PRODUCTS])
WEIGHT: Floats = np.array([product.weight for product in PRODUCTS])
COST_SHARE: Floats = np.where(
    IS_HARDWARE, 0.62, np.where([p.category == "许可软件" for p in PRODUCTS], 0.18, 0.14)
)
"""Standard cost over list price."""
COST_CENTS: Ints = np.rint(PRICE_CENTS * COST_SHARE).astype(np.int64)
FLOOR_SHARE: Floats = np.where(IS_HARDWARE, 0.80, 0.55)
"""The lowest net price that the channel contract allows, over list price."""
TAX_RATE: Floats = np.where(IS_HARDWARE, 0.13, 0.06)


@dataclass(frozen=True, slots=True)
class Promotion:
    """A campaign on some lines; `first` and `last` are days, both included."""

    code: str
    name: str
    kind: str
    lines: tuple[int, ...]
    first: int
    last: int
    discount: float
    uplift: float


_CAMPAIGNS = (
    ("春季焕新", "季节促销", (0, 4), (3, 1), (3, 31), 0.04, 1.18),
    ("云上半年惠", "季节促销", (3, 4), (6, 10), (6, 30), 0.05, 1.25),
    ("硬件特惠月", "硬件促销", (6,), (11, 1), (11, 30), 0.03, 1.15),
    ("年终冲刺", "冲刺促销", (0, 1, 2), (12, 1), (12, 31), 0.05, 1.15),
)


def promotions(timeline: Timeline, launch_day: int) -> tuple[Promotion, ...]:
    """The yearly campaigns within the simulation, and the one of the launch."""
    found: list[Promotion] = []
    for year in range(timeline.start.year, timeline.end.year + 1):
        for name, kind, lines, start, stop, discount, uplift in _CAMPAIGNS:
            first, last = timeline.day_of(date(year, *start)), timeline.day_of(date(year, *stop))
            if first >= 0 and last < timeline.days:
                code = f"PM{year}{start[0]:02d}"
                found.append(
                    Promotion(code, f"{year}{name}", kind, lines, first, last, discount, uplift)
                )
    last = min(launch_day + 89, timeline.days - 1)
    found.append(
        Promotion("PMNEW01", "智能人事分析首发礼", "新品促销", (3,), launch_day, last, 0.06, 1.0)
    )
    return tuple(sorted(found, key=lambda promotion: (promotion.first, promotion.code)))


def product_table(timeline: Timeline, launch_day: int, cut_price_cents: int) -> pd.DataFrame:
    """The product master as it stands on the last day (the cut price is in force)."""
    launched = [date(2016 + index % 7, index % 12 + 1, 1) for index in range(len(PRODUCTS))]
    launched[LAUNCHED] = timeline.date_of(launch_day)
    price = PRICE_CENTS.copy()
    price[CUT] = cut_price_cents
    return pd.DataFrame(
        {
            "sku": SKUS,
            "name": [product.name for product in PRODUCTS],
            "category": [product.category for product in PRODUCTS],
            "subcategory": [product.subcategory for product in PRODUCTS],
            "line": [product.line for product in PRODUCTS],
            "model": [product.model for product in PRODUCTS],
            "color": ["黑" if hardware else None for hardware in IS_HARDWARE],
            "status": ["新品" if sku == LAUNCHED_SKU else "在售" for sku in SKUS],
            "list_price": price / 100,
            "standard_cost": COST_CENTS / 100,
            "launched_on": launched,
        }
    )


def price_table(
    timeline: Timeline, launch_day: int, cut_day: int, cut_price_cents: int
) -> pd.DataFrame:
    """标准价 and 渠道底价 of every product with their validity; two rows for the cut one."""
    opening = date(timeline.start.year - 1, 1, 1)
    rows: list[tuple[str, str, float, date, date | None]] = []
    for index, sku in enumerate(SKUS):
        start = timeline.date_of(launch_day) if index == LAUNCHED else opening
        floor = float(FLOOR_SHARE[index])
        spans: list[tuple[int, date, date | None]] = [(int(PRICE_CENTS[index]), start, None)]
        if index == CUT:
            changed = timeline.date_of(cut_day)
            spans = [(int(PRICE_CENTS[CUT]), start, changed), (cut_price_cents, changed, None)]
        for cents, since, until in spans:
            rows.append((sku, "标准价", cents / 100, since, until))
            rows.append((sku, "渠道底价", round(cents * floor) / 100, since, until))
    return pd.DataFrame(rows, columns=["sku", "price_list", "price", "valid_from", "valid_to"])
