"""The files go through the product's own loader: everything arrives but the planted bad rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from evals.world.geography import REGIONS
from evals.world.layout import CSV_FILES, PARQUET_FILES, SHEETS
from knowledge.warehouse.load import load_batch
from knowledge.warehouse.report import LoadReport
from knowledge.warehouse.schema import upgrade
from knowledge.warehouse.tables import BY_NAME, CANONICAL
from leadline.database import make_engine
from leadline.settings import read_instance
from tests.evals.world.conftest import Written
from tests.paths import REPOSITORY
from tools.erp.files import read_source
from tools.erp.mapping import Mapping, load_mapping

WORLD = REPOSITORY / "evals" / "world"

TABLE_OF = {
    "regions": "region", "territories": "territory", "territory_owners": "territory_owner",
    "products": "product", "prices": "product_price", "customers": "customer",
    "salespeople": "salesperson", "promotions": "promotion", "orders": "sales_order",
    "lines": "order_line", "invoices": "invoice", "receivables": "receivable",
    "payments": "payment", "returns": "sales_return", "stages": "opportunity_stage",
    "registrations": "deal_registration", "certifications": "certification", "claims": "mdf_claim",
    "warehouses": "warehouse", "sell_through": "sell_through", "macro": "macro_indicator",
    "competitor_events": "competitor_event", "tenders": "tender", "shipments": "shipment",
    "activities": "activity", "inventory": "inventory_snapshot", "documents": "document",
    "partners": "partner", "contacts": "partner_contact", "history": "partner_history",
    "opportunities": "opportunity", "region_targets": "target", "partner_targets": "target",
}  # fmt: skip
"""Canonical table that each table of the layouts fills."""


@dataclass(frozen=True)
class Loaded:
    """A loaded world."""

    engine: sa.Engine
    mapping: Mapping
    report: LoadReport

    def rows(self, sql: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text(sql)))

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])


@pytest.fixture(scope="module")
def loaded(small: Written, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    path = tmp_path_factory.mktemp("instance") / "leadline.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    mapping = load_mapping(WORLD / "mapping.yaml")
    batch = read_source(small.summary.folder, mapping)
    yield Loaded(engine, mapping, load_batch(engine, batch, timezone=mapping.timezone))
    engine.dispose()


class TestRejected:
    def test_exactly_the_planted_rows(self, small: Written, loaded: Loaded) -> None:
        found = {
            (file, sheet, row, value or "")
            for file, sheet, row, value in loaded.rows(
                "SELECT file, sheet, row_no, value FROM row_error"
            )
        }
        planted = {
            (entry["file"], entry["sheet"], entry["row"], entry["value"])
            for entry in small.truth["bad_rows"]
        }
        assert found == planted

    def test_for_the_planted_reasons(self, small: Written, loaded: Loaded) -> None:
        found = {
            (file, row): reason.split(":")[0]
            for file, row, reason in loaded.rows("SELECT file, row_no, reason FROM row_error")
        }
        for entry in small.truth["bad_rows"]:
            assert found[entry["file"], entry["row"]] == entry["reason"]


class TestArrived:
    def test_every_good_row(self, small: Written, loaded: Loaded) -> None:
        expected: dict[str, int] = {}
        rows = small.summary.rows
        for layout in (*CSV_FILES, *PARQUET_FILES):
            table = TABLE_OF[layout.table]
            expected[table] = expected.get(table, 0) + rows[layout.path]
        for sheet in SHEETS:
            table = TABLE_OF[sheet.table]
            expected[table] = expected.get(table, 0) + rows[f"{sheet.path}#{sheet.sheet}"]
        found = {table: loaded.count(table) for table in expected}
        # The loader keeps a history of its own beside the source's; its keys hold a bar.
        own = "SELECT count(*) FROM partner_history WHERE ext_id LIKE '%|%'"
        found["partner_history"] -= int(loaded.rows(own)[0][0])
        assert found == expected

    def test_every_canonical_table_has_rows(self, loaded: Loaded) -> None:
        empty = {table.name for table in CANONICAL if loaded.count(table.name) == 0}
        # Alerts are Leadline's own; cross-references come from a second source.
        assert empty <= {"alert", "partner_xref"}
        assert set(TABLE_OF.values()) <= set(BY_NAME)

    def test_amounts_to_the_cent(self, small: Written, loaded: Loaded) -> None:
        lines = BY_NAME["order_line"]
        with loaded.engine.connect() as connection:
            amounts = connection.execute(sa.select(lines.c.amount, lines.c.quantity)).all()
        assert sum(row.amount for row in amounts) == Decimal(small.truth["totals"]["amount"])
        assert sum(row.quantity for row in amounts) == small.truth["totals"]["quantity"]

    def test_wan_became_yuan(self, small: Written, loaded: Loaded) -> None:
        first = small.sheet("主数据/目标.xlsx", "大区目标").iloc[0]
        targets = BY_NAME["target"]
        with loaded.engine.connect() as connection:
            amounts = connection.execute(
                sa.select(targets.c.amount).where(
                    targets.c.ext_id.like("%华东%"),
                    targets.c.measure == "amount",
                    targets.c.period_start == small.summary.start,
                )
            ).all()
        assert [row.amount for row in amounts] == [Decimal(str(first["目标（万元）"])) * 10_000]

    def test_moments_are_beijing_time(self, small: Written, loaded: Loaded) -> None:
        notices = small.csv("市场/招标公告.csv")
        half_past = notices["投标截止时间"].str.endswith("09:30:00")
        number = str(notices[half_past]["公告编号"].iloc[0])
        table = BY_NAME["tender"]
        with loaded.engine.connect() as connection:
            deadline = connection.execute(
                sa.select(table.c.deadline).where(table.c.ext_id == number)
            ).scalar_one()
        assert (deadline.hour, deadline.minute) == (1, 30)  # UTC: eight hours earlier

    def test_the_same_files_again_change_nothing(self, small: Written, loaded: Loaded) -> None:
        batch = read_source(small.summary.folder, loaded.mapping)
        report = load_batch(loaded.engine, batch, timezone=loaded.mapping.timezone)
        assert report.status == "unchanged"


class TestInstance:
    def test_managers_see_their_region_and_the_admin_everything(self) -> None:
        instance = read_instance(WORLD / "leadline.yaml")
        assert instance.currency == "CNY"
        assert instance.default_metrics["order_type"] == "amount"
        users = dict(instance.users)
        assert users.pop("admin").regions is None
        assert {name: user.regions for name, user in users.items()} == {
            region.login: (region.name,) for region in REGIONS
        }

    def test_words_are_for_members_that_exist(self, full: Written) -> None:
        instance = read_instance(WORLD / "leadline.yaml")
        partners = full.sheet("主数据/伙伴档案.xlsx", "伙伴")
        known = {
            "region": {region.name for region in REGIONS},
            "order_type": set(full.csv("ERP/销售订单.csv")["订单类型"]),
            "partner_tier": set(partners["等级"].dropna()),
            "partner_type": set(partners["伙伴类型"].dropna()),
            "product_line": set(full.csv("主数据/产品.csv")["产品线"]),
            "activity_kind": {"login", "training", "demo", "proposal", "visit"},
        }
        for key in instance.synonyms:
            _, dimension, member = key.split(":")
            assert member in known[dimension], key


def test_the_mapping_names_every_file(small: Written) -> None:
    mapping = load_mapping(WORLD / "mapping.yaml")
    named = {file.spec.file for file in mapping.files}
    written = {
        str(path.relative_to(small.summary.folder))
        for path in Path(small.summary.folder).rglob("*.*")
    }
    assert written - named == {"truth.json"}
