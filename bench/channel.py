"""A large made-up channel for measuring speed: as many order lines as wanted, straight from numpy.

No truth is planted in it and no accuracy may be read off it (`evals.world` is for that). Names are
Chinese and unique, sizes of partners follow a power law, months have a season, three years grow.
The same seed gives the same channel.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from knowledge.warehouse.batch import KEY_JOINT, RowChunk, SourceBatch, TableRows, Tally, chunk_of
from leadline.database import AMOUNT_SCALE

SOURCE = "bench"
FIRST_DAY = date(2022, 12, 1)
LAST_DAY = date(2025, 11, 20)
ORDERS_PER_CHUNK = 10_000
PARTNERS = 2_000

REGIONS: Mapping[str, tuple[str, ...]] = {
    "华东": ("上海", "江苏", "浙江", "安徽", "山东"),
    "华南": ("广东", "福建", "广西", "海南"),
    "华北": ("北京", "天津", "河北", "山西"),
    "华中": ("湖北", "湖南", "河南", "江西"),
    "西南": ("四川", "重庆", "云南", "贵州"),
    "西北": ("陕西", "甘肃", "宁夏", "新疆"),
    "东北": ("辽宁", "吉林", "黑龙江"),
}
TYPES = ("代理商", "经销商", "实施伙伴")
TIERS = ("金牌", "银牌", "铜牌")
LINES = ("财务云", "供应链云", "制造云", "人力云")
EDITIONS = ("标准版", "专业版", "企业版", "旗舰版", "集团版")
MODULES = ("总账", "报表", "采购", "仓储", "生产", "质检", "薪酬", "考勤", "费控", "税务")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙"
GIVEN = ("伟", "芳", "敏", "静", "磊")

Ints: TypeAlias = npt.NDArray[np.int64]
Row: TypeAlias = dict[str, Any]


def _partner_names() -> list[str]:
    # 14 × 14 × 5 × 3 = 2,940 names, the first PARTNERS of a fixed shuffle
    one = "恒鼎瑞博嘉诚宏远盛泰联创启明"
    two = "达信和通科汇智领锐安辰景昊岳"
    three = ("科技", "软件", "信息", "数码", "云服务")
    names = [a + b + c + d for a, b, c, d in product(one, two, three, ("", "股份", "实业"))]
    order = np.random.default_rng(0).permutation(len(names))
    return [names[i] for i in order[:PARTNERS]]


def _amounts(ten_thousandths: Ints) -> pa.Array[Any]:
    """A decimal128 array of the given ten-thousandths, without a Python object per value."""
    words = np.empty((len(ten_thousandths), 2), dtype="<i8")
    words[:, 0] = ten_thousandths
    words[:, 1] = ten_thousandths >> 63
    kind = pa.decimal128(20, AMOUNT_SCALE)
    return pa.Array.from_buffers(kind, len(words), [None, pa.py_buffer(words.tobytes())])


def _joined(*parts: pa.Array[Any] | str) -> pa.Array[Any]:
    join: Any = pc.binary_join_element_wise  # its stub knows no mixture of arrays and scalars
    joined: pa.Array[Any] = join(*parts, "")
    return joined


def _numbered(prefix: str, numbers: Ints, width: int) -> pa.Array[Any]:
    return _joined(prefix, pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, padding="0"))


@dataclass(frozen=True)
class LargeChannel:
    """A channel of `lines` order lines (exactly), about a fifth as many orders."""

    lines: int
    seed: int = 7

    @cached_property
    def _line_counts(self) -> Ints:
        """Lines of each order: 1 to 9, adding up to `lines`."""
        counts = np.random.default_rng(self.seed).integers(1, 10, size=self.lines // 4 + 10)
        ends = np.cumsum(counts)
        orders = int(np.searchsorted(ends, self.lines)) + 1
        counts = counts[:orders].astype(np.int64)
        counts[-1] -= ends[orders - 1] - self.lines
        return counts

    @cached_property
    def _order_days(self) -> Ints:
        """Day of each order counted from FIRST_DAY, ascending; the first and last day occur."""
        days = np.arange((LAST_DAY - FIRST_DAY).days + 1)
        weight = (1 + days / 1500) * (1 + 0.35 * np.sin(2 * np.pi * days / 365.25))
        drawn = np.random.default_rng(self.seed + 1).choice(
            days, size=len(self._line_counts), p=weight / weight.sum()
        )
        drawn.sort()
        drawn[-1] = days[-1]
        return drawn.astype(np.int64)

    @cached_property
    def _order_partners(self) -> Ints:
        """Partner of each order; the last twenty partners went quiet half a year ago."""
        weight = 1.0 / np.arange(10, PARTNERS + 10) ** 0.8
        orders = len(self._line_counts)
        rng = np.random.default_rng(self.seed + 2)
        drawn = rng.choice(PARTNERS, size=orders, p=weight / weight.sum()).astype(np.int64)
        quiet = (drawn >= PARTNERS - 20) & (self._order_days > self._order_days[-1] - 180)
        drawn[quiet] -= 100
        return drawn

    def batch(self) -> SourceBatch:
        """The whole channel for the loader; order lines are made chunk by chunk as it reads."""
        facts = {"seed": self.seed, "lines": self.lines}
        return SourceBatch(
            source=SOURCE,
            kind="bench",
            origin="bench.channel",
            mapping_hash=None,
            content_hash=hashlib.sha256(repr(facts).encode()).hexdigest(),
            files=(),
            tables=self._tables(),
        )

    def _tables(self) -> Iterator[TableRows]:
        for table, rows in self._small_tables().items():
            columns = tuple(rows[0])
            yield TableRows(table, columns, iter([chunk_of(table, rows, columns)]))
        orders = ("ext_id", "order_no", "order_date", "partner_id", "salesperson_id", "currency")
        yield TableRows("sales_order", orders, self._orders())
        yield TableRows("order_line", _LINE_COLUMNS, self._order_lines())

    def _small_tables(self) -> dict[str, list[Row]]:
        provinces = [(p, region) for region, members in REGIONS.items() for p in members]
        people = [s + g for s, g in product(SURNAMES, GIVEN)]
        quarters = [date(y, m, 1) for y in (2023, 2024, 2025) for m in (1, 4, 7, 10)]
        return {
            "region": [{"ext_id": name, "name": name, "country": "中国"} for name in REGIONS],
            "territory": [
                {"ext_id": p, "name": p, "region_id": region, "country": "中国"}
                for p, region in provinces
            ],
            "partner": [
                {
                    "ext_id": f"P{i:05d}",
                    "name": name,
                    "type": TYPES[i % 3],
                    "tier": TIERS[min(i % 7 // 2, 2)],
                    "status": "签约",
                    "territory_id": provinces[i * 11 % len(provinces)][0],
                    "city": provinces[i * 11 % len(provinces)][0],
                }
                for i, name in enumerate(_partner_names())
            ],
            "product": [
                {
                    "ext_id": f"SKU{i:03d}",
                    "sku": f"SKU{i:03d}",
                    "name": f"{line}{module}{edition}",
                    "category": line,
                    "subcategory": f"{line}{module}",
                    "line": line,
                    "list_price": Decimal(_price(i)),
                }
                for i, (line, module, edition) in enumerate(product(LINES, MODULES, EDITIONS))
            ],
            "salesperson": [{"ext_id": f"E{i:02d}", "name": name} for i, name in enumerate(people)],
            "target": [
                {
                    "ext_id": f"T-{region}-{start}",
                    "measure": "amount",
                    "period_start": start,
                    "grain": "quarter",
                    "region_id": region,
                    "amount": Decimal(self.lines) * 180,
                }
                for region in REGIONS
                for start in quarters
            ],
        }

    def _orders(self) -> Iterator[RowChunk]:
        first = np.datetime64(FIRST_DAY)
        for start in range(0, len(self._line_counts), ORDERS_PER_CHUNK):
            number = np.arange(start, min(start + ORDERS_PER_CHUNK, len(self._line_counts)))
            numbers = _numbered("SO", number, 8)
            partner = self._order_partners[number]
            yield _chunk(
                "orders",
                number,
                {
                    "ext_id": numbers,
                    "order_no": numbers,
                    "order_date": pa.array(
                        (first + self._order_days[number]).astype("datetime64[D]"), pa.date32()
                    ),
                    "partner_id": _numbered("P", partner, 5),
                    "salesperson_id": _numbered("E", partner % 60, 2),
                    "currency": pa.array(["CNY"] * len(number), pa.string()),
                },
            )

    def _order_lines(self) -> Iterator[RowChunk]:
        prices = np.array([_price(i) for i in range(200)], dtype=np.int64)
        first_line = 0
        for start in range(0, len(self._line_counts), ORDERS_PER_CHUNK):
            counts = self._line_counts[start : start + ORDERS_PER_CHUNK]
            total = int(counts.sum())
            rng = np.random.default_rng((self.seed, start))
            order = np.repeat(np.arange(start, start + len(counts)), counts)
            line_no = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts) + 1
            sku = rng.integers(0, 200, size=total)
            quantity = rng.integers(1, 9, size=total)
            gross = prices[sku] * quantity * 10**AMOUNT_SCALE
            discount = gross // 100 * rng.choice([0, 0, 5, 10, 15], size=total)
            numbers = _numbered("SO", order, 8)
            lines = pa.array(line_no).cast(pa.string())
            yield _chunk(
                "lines",
                np.arange(first_line, first_line + total),
                {
                    "ext_id": _joined(numbers, KEY_JOINT, lines),
                    "order_id": numbers,
                    "line_no": lines,
                    "product_id": _numbered("SKU", sku, 3),
                    "quantity": _amounts(quantity * 10**AMOUNT_SCALE),
                    "unit_price": _amounts(prices[sku] * 10**AMOUNT_SCALE),
                    "list_amount": _amounts(gross),
                    "discount_amount": _amounts(discount),
                    "amount": _amounts(gross - discount),
                    "cost_amount": _amounts(gross // 100 * (40 + sku % 30)),
                },
            )
            first_line += total


_LINE_COLUMNS = (
    "ext_id",
    "order_id",
    "line_no",
    "product_id",
    "quantity",
    "unit_price",
    "list_amount",
    "discount_amount",
    "amount",
    "cost_amount",
)


def _price(sku: int) -> int:
    """List price in yuan: 200 to 4,050."""
    return 200 + sku * 97 % 78 * 50


def _chunk(file: str, number: Ints, columns: dict[str, pa.Array[Any]]) -> RowChunk:
    return RowChunk(
        file=file,
        sheet=None,
        columns=columns,
        row_nos=pa.array(number + 2, pa.int64()),
        tally=Tally(read=len(number)),
    )
