"""A small channel to ask about: ten partners, four products, twenty-two order lines.

It is loaded and published as any source is. Amounts are yuan; the newest order is of 2025-11-20,
which is "today". What the tests count on:

    order amounts, thousands       2024                    2025
    恒信科技 (华东, 金牌)            100 + 80 + 20 = 200     120 + 100 = 220
    博远软件 (华东, 银牌)            50                      60 + 30 = 90
    同名商贸 (华东, 银牌)            -                       10
    南粤信息 (华南, 金牌)            60                      90 + 40 = 130
    同名商贸 (华南, 银牌)            -                       5
    京创数码 (华北, 银牌)            40                      20 + 10 = 30
    宏图集团 (华北, 银牌)            30                      20, last on 2025-06-30
    Alpine Systems (Overseas, 金牌)  30                      45
    Northwind (Overseas, 银牌)       -                       60
    新芽科技 (华南, 银牌)            never ordered
    all                              410                     610
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from agents.bootstrap import open_service
from agents.rules.context import PlannerContext
from agents.rules.vocabulary import planner_context
from agents.service import AskService
from knowledge.semantic.model import load_model
from knowledge.semantic.spec import Compare, Condition, Filter, MetricFilter, QuerySpec
from knowledge.warehouse.load import load_batch
from knowledge.warehouse.schema import upgrade
from knowledge.warehouse.snapshot import Snapshot, SnapshotStore, publish
from leadline.access import EVERYTHING, LOCAL_OWNER, Principal, Scope
from leadline.database import make_engine
from leadline.evidence import Answer, Citation
from leadline.settings import Instance, read_settings
from leadline.types import Scalar
from tests.knowledge.warehouse.batches import batch
from tools.definition import ToolContext

AS_OF = date(2025, 11, 20)
Y2024 = "2024-01-01..2025-01-01"
Y2025 = "2025-01-01..2026-01-01"
HENGXIN = "恒信科技有限公司"
BOYUAN = "博远软件股份有限公司"
NANYUE = "南粤信息有限公司"
JINGCHUANG = "京创数码有限公司"
XINYA = "新芽科技有限公司"

INSTANCE = """\
name: Test channel
currency: CNY
synonyms:
  "metric:amount": [签单额]
  "value:region:华东": [长三角]
users:
  east: {roles: [manager], regions: [华东]}
  south: {roles: [manager], regions: [华南]}
  hengxin: {roles: [partner], partners: [恒信科技有限公司]}
"""

EAST = Principal("east", frozenset({"manager"}), Scope(regions=frozenset({"华东"})))
SOUTH = Principal("south", frozenset({"manager"}), Scope(regions=frozenset({"华南"})))

OTHERS_OF_EAST = ("南粤", "京创", "宏图", "Alpine", "Northwind", "新芽", "P09", "华南", "华北")
"""What a manager of 华东 must never read."""

REGIONS = (
    ("R1", "华东", "中国"),
    ("R2", "华南", "中国"),
    ("R3", "华北", "中国"),
    ("R4", "Overseas", "Germany"),
)
TERRITORIES = (
    ("T1", "浙江", "R1"),
    ("T2", "江苏", "R1"),
    ("T3", "广东", "R2"),
    ("T4", "北京", "R3"),
    ("T5", "Bavaria", "R4"),
)
PARTNERS = (
    ("P01", "恒信科技有限公司", "金牌", "代理商", "T1", "宁波"),
    ("P02", "博远软件股份有限公司", "银牌", "经销商", "T2", "南京"),
    ("P03", "南粤信息有限公司", "金牌", "代理商", "T3", "深圳"),
    ("P04", "京创数码有限公司", "银牌", "经销商", "T4", "北京"),
    ("P05", "Alpine Systems", "金牌", "代理商", "T5", "Munich"),
    ("P06", "Northwind Traders", "银牌", "经销商", "T5", "Augsburg"),
    ("P07", "宏图集团", "银牌", "经销商", "T4", "北京"),
    ("P08", "同名商贸", "银牌", "经销商", "T1", "宁波"),
    ("P09", "同名商贸", "银牌", "经销商", "T3", "广州"),
    ("P10", "新芽科技有限公司", "银牌", "代理商", "T3", "广州"),
)
PRODUCTS = (
    ("S1", "财务云", "软件", "财务", "云产品"),
    ("S2", "供应链云", "软件", "供应链", "云产品"),
    ("S3", "Edge Box", "Hardware", "Gateways", "Boxes"),
    ("S4", "Data Vault", "Hardware", "Storage", "Boxes"),
)
CUSTOMERS = (
    ("C1", "星海制造", "制造业"),
    ("C2", "万家零售", "零售业"),
    ("C3", "Helios", "Healthcare"),
)
SALESPEOPLE = (("E1", "张伟", "王强"), ("E2", "李娜", "王强"))

ORDERS = (
    # number, day, partner, salesperson, customer, product, quantity, list, amount, cost
    ("A01", "2024-02-10", "P01", "E1", "C1", "S1", 10, 100_000, 100_000, 40_000),
    ("A02", "2024-05-15", "P02", "E2", "C2", "S2", 5, 50_000, 50_000, 25_000),
    ("A03", "2024-08-20", "P03", "E1", "C1", "S1", 6, 60_000, 60_000, 24_000),
    ("A04", "2024-10-05", "P04", "E2", "C2", "S3", 20, 40_000, 40_000, 30_000),
    ("A05", "2024-10-10", "P01", "E1", "C1", "S1", 8, 80_000, 80_000, 32_000),
    ("A06", "2024-11-10", "P05", "E2", "C3", "S4", 4, 30_000, 30_000, 15_000),
    ("A07", "2024-11-25", "P01", "E1", "C1", "S1", 2, 20_000, 20_000, 8_000),
    ("A08", "2024-12-15", "P07", "E2", "C2", "S2", 3, 30_000, 30_000, 15_000),
    ("B01", "2025-01-20", "P01", "E1", "C1", "S1", 12, 120_000, 120_000, 48_000),
    ("B02", "2025-03-12", "P02", "E2", "C2", "S2", 6, 60_000, 60_000, 30_000),
    ("B03", "2025-04-18", "P03", "E1", "C1", "S1", 9, 100_000, 90_000, 36_000),
    ("B04", "2025-05-05", "P08", "E1", "C1", "S1", 1, 10_000, 10_000, 4_000),
    ("B05", "2025-05-06", "P09", "E1", "C1", "S2", 1, 5_000, 5_000, 2_500),
    ("B06", "2025-06-30", "P07", "E2", "C2", "S2", 2, 20_000, 20_000, 10_000),
    ("B07", "2025-07-08", "P04", "E2", "C2", "S3", 10, 20_000, 20_000, 15_000),
    ("B08", "2025-09-09", "P06", "E2", "C3", "S4", 8, 60_000, 60_000, 30_000),
    ("B09", "2025-10-03", "P01", "E1", "C1", "S1", 10, 100_000, 100_000, 40_000),
    ("B10", "2025-10-16", "P02", "E2", "C2", "S3", 15, 30_000, 30_000, 22_500),
    ("B11", "2025-11-05", "P03", "E1", "C1", "S1", 3, 30_000, 30_000, 12_000),
    ("B11", "2025-11-05", "P03", "E1", "C1", "S3", 5, 10_000, 10_000, 7_500),
    ("B12", "2025-11-12", "P05", "E2", "C3", "S4", 6, 45_000, 45_000, 22_500),
    ("B13", "2025-11-20", "P04", "E2", "C2", "S1", 1, 10_000, 10_000, 4_000),
)
PAYMENTS = (
    ("X1", "2024-11-01", "P01", 150_000),
    ("X2", "2025-02-15", "P01", 100_000),
    ("X3", "2025-10-20", "P01", 60_000),
    ("X4", "2025-10-25", "P02", 45_000),
    ("X5", "2025-11-10", "P03", 20_000),
)
TARGETS = (
    # measure, partner, amount; all of the fourth quarter of 2025
    ("amount", "P01", 80_000),  # sold 100: attained 125 %
    ("amount", "P02", 60_000),  # sold 30: 50 %
    ("amount", "P03", 50_000),  # sold 40: 80 %
    ("amount", "P04", 10_000),  # sold 10: 100 %
    ("payment", "P01", 60_000),  # paid 60: 100 %
    ("payment", "P02", 90_000),  # paid 45: 50 %
)
OPPORTUNITIES = (
    # id, partner, stage, outcome, created, closed, amount
    ("O1", "P01", "赢单", "won", "2025-01-05", "2025-03-06", 100_000),  # 60 days
    ("O2", "P02", "赢单", "won", "2025-08-01", "2025-10-10", 40_000),  # 70 days
    ("O3", "P03", "丢单", "lost", "2025-07-01", "2025-10-15", 50_000),
    ("O4", "P04", "丢单", "lost", "2025-02-01", "2025-02-20", 10_000),
    ("O5", "P01", "谈判", "open", "2025-09-01", None, 70_000),
    ("O6", "P05", "初步接触", "open", "2025-11-01", None, 30_000),
)
STOCK = (
    ("2025-10-31", "W1", "S3", 100),
    ("2025-10-31", "W1", "S4", 40),
    ("2025-11-15", "W1", "S3", 120),
    ("2025-11-15", "W1", "S4", 30),
)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _sales() -> dict[str, list[dict[str, Any]]]:
    orders: dict[str, dict[str, Any]] = {}
    lines = []
    for at, (number, day, partner, seller, customer, product, *figures) in enumerate(ORDERS):
        orders[number] = {
            "ext_id": number,
            "order_no": number,
            "order_date": _day(day),
            "partner_id": partner,
            "salesperson_id": seller,
            "customer_id": customer,
            "order_type": "新签" if number.startswith("A") else "续费",
            "currency": "CNY",
        }
        quantity, listed, amount, cost = map(Decimal, figures)
        lines.append(
            {
                "ext_id": f"{number}-{at}",
                "order_id": number,
                "line_no": str(at),
                "product_id": product,
                "quantity": quantity,
                "list_amount": listed,
                "discount_amount": listed - amount,
                "amount": amount,
                "cost_amount": cost,
            }
        )
    return {"sales_order": list(orders.values()), "order_line": lines}


def tables() -> dict[str, list[dict[str, Any]]]:
    """Canonical rows of the channel, in an order that references allow."""
    home = {code: region for code, _, region in TERRITORIES}
    return {
        "region": [{"ext_id": e, "name": n, "country": c} for e, n, c in REGIONS],
        "territory": [{"ext_id": e, "name": n, "region_id": r} for e, n, r in TERRITORIES],
        "product": [
            {"ext_id": e, "sku": e, "name": n, "category": c, "subcategory": s, "line": li}
            for e, n, c, s, li in PRODUCTS
        ],
        "customer": [{"ext_id": e, "name": n, "industry": i} for e, n, i in CUSTOMERS],
        "salesperson": [{"ext_id": e, "name": n, "manager": m} for e, n, m in SALESPEOPLE],
        "warehouse": [{"ext_id": "W1", "name": "上海仓", "region_id": "R1"}],
        "partner": [
            {
                "ext_id": e,
                "name": n,
                "tier": tier,
                "type": kind,
                "territory_id": t,
                "region_id": home[t],
                "city": city,
            }
            for e, n, tier, kind, t, city in PARTNERS
        ],
        **_sales(),
        "payment": [
            {
                "ext_id": e,
                "payment_no": e,
                "paid_on": _day(d),
                "partner_id": p,
                "amount": Decimal(a),
                "currency": "CNY",
            }
            for e, d, p, a in PAYMENTS
        ],
        "target": [
            {
                "ext_id": f"G{at}",
                "measure": m,
                "period_start": date(2025, 10, 1),
                "grain": "quarter",
                "partner_id": p,
                "amount": Decimal(a),
            }
            for at, (m, p, a) in enumerate(TARGETS)
        ],
        "opportunity": [
            {
                "ext_id": e,
                "name": e,
                "partner_id": p,
                "stage": s,
                "outcome": o,
                "created_on": _day(c),
                "closed_on": _day(x),
                "amount": Decimal(a),
                "currency": "CNY",
            }
            for e, p, s, o, c, x, a in OPPORTUNITIES
        ],
        "inventory_snapshot": [
            {
                "ext_id": f"{d}-{w}-{p}",
                "snapshot_date": _day(d),
                "warehouse_id": w,
                "product_id": p,
                "units_balance": Decimal(u),
                "unit_cost": Decimal(1_000),
            }
            for d, w, p, u in STOCK
        ],
    }


def build(folder: Path) -> None:
    """Load and publish the channel into an instance's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "leadline.yaml").write_text(INSTANCE, encoding="utf-8")
    settings = read_settings(folder, {})
    engine = make_engine(settings.database_url)
    upgrade(engine)
    report = load_batch(engine, batch(tables(), source="test"), business_date=AS_OF)
    assert not report.rejected, report
    publish(engine, SnapshotStore(settings.snapshot_dir))
    engine.dispose()


@cache
def _template() -> Path:
    """The channel, built once per process."""
    folder = Path(tempfile.mkdtemp(prefix="leadline-channel-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    build(folder / "data")
    return folder / "data"


def new_instance(folder: Path) -> Path:
    """A copy of the built channel that a test may change; returns its data directory."""
    target = folder / "data"
    shutil.copytree(_template(), target)
    return target


class Channel:
    """An opened instance and the answers already got from it (asking again would say the same)."""

    def __init__(self, folder: Path, service: AskService) -> None:
        self.folder = folder
        self.service = service
        self.answers: dict[tuple[str, tuple[str, ...], str], Answer] = {}

    def __repr__(self) -> str:
        return "channel"  # property tests print their arguments

    def ask(self, question: str, *earlier: str, as_: Principal = LOCAL_OWNER) -> Answer:
        """The answer to `question` after `earlier` questions of the same conversation."""
        key = (question, earlier, as_.name)
        if key not in self.answers:
            self.answers[key] = self.service.ask(question, context=earlier, principal=as_)
        return self.answers[key]

    def spec(self, question: str, *earlier: str, as_: Principal = LOCAL_OWNER) -> QuerySpec:
        """What an answered question became: the spec of its first citation."""
        answer = self.ask(question, *earlier, as_=as_)
        assert answer.status == "answered", f"{question}: {answer.status}: {answer.text}"
        return spec_of(answer.citations[0])

    def rows(self, question: str, *earlier: str) -> list[list[Scalar]]:
        """The rows of an answered question's first citation."""
        answer = self.ask(question, *earlier)
        assert answer.status == "answered", f"{question}: {answer.status}: {answer.text}"
        return [list(row) for row in answer.citations[0].result.rows]

    def column(self, name: str, question: str, *earlier: str) -> list[Scalar]:
        """One column of an answered question's first citation."""
        answer = self.ask(question, *earlier)
        assert answer.status == "answered", f"{question}: {answer.status}: {answer.text}"
        result = answer.citations[0].result
        at = result.column_index(name)
        return [row[at] for row in result.rows]

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot in force."""
        return self.service.snapshots.current()

    def context(self, scope: Scope = EVERYTHING, **synonyms: tuple[str, ...]) -> PlannerContext:
        """What the planner knows; `synonyms` as in the instance file, `__` standing for a colon."""
        own = {key.replace("__", ":"): words for key, words in synonyms.items()}
        return planner_context(self.snapshot, scope, Instance(synonyms=own))

    def tools(self, scope: Scope = EVERYTHING, *, row_cap: int = 1000) -> ToolContext:
        """What a tool runs on."""
        return ToolContext(self.snapshot, scope, load_model(), row_cap)


def spec_of(citation: Citation) -> QuerySpec:
    """The spec behind a citation of the query tool."""
    assert citation.result.tool == "query", citation.result.tool
    return QuerySpec.model_validate(citation.result.arguments)


def open_channel(folder: Path) -> Iterator[Channel]:
    """A copy of the channel in `folder`, opened; closed at the end."""
    data = new_instance(folder)
    yield Channel(data, open_service(read_settings(data, {})))


def said(spec: QuerySpec) -> dict[str, str]:
    """A spec in short, for tables of expectations; what was left open is left out.

    `days` is "start..end_excl"; `where`, `focus` "dimension in a|b; …"; `having` "metric.on op
    value; …"; `per` "region 3"; `rollup` "count", "avg/region".
    """
    time, compare = spec.time, spec.compare
    ranged = time is not None and (time.start or time.end_excl)
    found = {
        "metrics": " ".join(spec.metrics),
        "by": " ".join(spec.row_keys),
        "where": "" if spec.where is None else _condition(spec.where),
        "days": f"{time.start or ''}..{time.end_excl or ''}" if time and ranged else "",
        "vs": "" if compare is None else _compared(compare),
        "having": "; ".join(_having(item) for item in spec.metric_filters),
        "share": "; ".join("/".join((share.metric, *share.within)) for share in spec.shares),
        "focus": "; ".join(_condition(item) for item in spec.focus),
        "order": "; ".join(f"{item.by} {item.direction}" for item in spec.order),
        "limit": str(spec.limit or ""),
        "per": f"{' '.join(spec.top_per.within)} {spec.top_per.n}" if spec.top_per else "",
        "rollup": "/".join((spec.rollup.function, *spec.rollup.keep)) if spec.rollup else "",
    }
    return {key: text for key, text in found.items() if text}


def _condition(wanted: Condition) -> str:
    if isinstance(wanted, Filter):
        return f"{wanted.member} {wanted.op} {'|'.join(sorted(map(str, wanted.values)))}"
    joint = " or " if wanted.kind == "or" else "; "
    return joint.join(sorted(_condition(item) for item in wanted.items))


def _compared(compare: Compare) -> str:
    days = f" {compare.start}..{compare.end_excl}" if compare.start else ""
    return compare.kind + days


def _having(item: MetricFilter) -> str:
    on = "" if item.on == "value" else f".{item.on}"
    upper = "" if item.upper is None else f"..{item.upper:g}"
    return f"{item.metric}{on} {item.op} {item.value:g}{upper}"


def check(spec: QuerySpec, **expected: str) -> None:
    """The spec says what was expected and no more; the order counts only where it is expected."""
    found = said(spec)
    if "order" not in expected:
        found.pop("order", None)
    assert found == {key: text for key, text in expected.items() if text}
