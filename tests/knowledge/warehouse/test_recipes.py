"""What publishing adds to the rows: places, labels, levels, header keys."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from knowledge.warehouse.snapshot import SnapshotStore, publish
from leadline.errors import IntegrityError
from tests.knowledge.warehouse.batches import Row, at
from tests.knowledge.warehouse.published import (
    CHANNEL,
    LINES,
    ORDERS,
    PARTNERS,
    PLACES,
    line,
    load,
    named,
    order,
    rows,
)


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "snapshots")


class TestPlaces:
    def test_a_partner_without_region_takes_its_territorys(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        load(engine, CHANNEL)
        assert named(publish(engine, store), "partner", "name", "region_id") == [
            ("甲", "华南"),
            ("乙", "华东"),
            ("丙", None),
        ]

    def test_an_order_line_carries_its_header_and_its_place(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        load(engine, CHANNEL)
        columns = ("order_no", "order_date", "region_id", "territory_id", "amount", "currency")
        # by date; region: the order's own, else of its own territory, else the partner's
        assert named(publish(engine, store), "order_line", *columns) == [
            ("O2", date(2026, 1, 5), "华南", "广东", Decimal("20.5000"), "CNY"),
            ("O4", date(2026, 1, 6), None, None, Decimal("1.0000"), "CNY"),
            ("O3", date(2026, 1, 7), "华东", None, Decimal("30.0000"), "CNY"),
            ("O1", date(2026, 2, 9), "华南", "上海", Decimal("10.0000"), "CNY"),
        ]

    def test_every_fact_of_a_partner_lies_where_the_partner_does(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        day = date(2026, 1, 1)
        facts: dict[str, Row] = {
            "payment": {"payment_no": "1", "paid_on": day, "amount": Decimal(1)},
            "receivable": {"receivable_no": "1", "booked_on": day, "amount": Decimal(1)},
            "invoice": {"invoice_no": "1", "invoiced_on": day, "amount": Decimal(1)},
            "activity": {"kind": "visit", "happened_on": day},
            "certification": {"holder": "王伟", "subject": "总账", "issued_on": day},
            "mdf_claim": {"claim_no": "1", "claimed_on": day, "amount": Decimal(1)},
            "deal_registration": {"reg_no": "1", "submitted_on": day, "status": "approved"},
        }
        tables: dict[str, list[Row]] = {
            name: [{"ext_id": "1", "partner_id": "P2", **row}] for name, row in facts.items()
        }
        load(engine, {**PLACES, "partner": PARTNERS, **tables})
        snapshot = publish(engine, store)
        for name in facts:
            assert named(snapshot, name, "region_id", "territory_id") == [("华东", "上海")], name

    def test_an_opportunity_falls_back_to_salesperson_then_customer(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        def opportunity(number: str, **more: Any) -> Row:
            return {"ext_id": number, "stage": "won", "outcome": "won", **more}

        load(
            engine,
            {
                **PLACES,
                "partner": PARTNERS,
                "customer": [
                    {"ext_id": "C", "name": "客户", "region_id": None, "territory_id": "GD"},
                    {"ext_id": "D", "name": "客户二", "region_id": "E", "territory_id": None},
                ],
                "salesperson": [{"ext_id": "X", "name": "王伟", "region_id": "E"}],
                "opportunity": [
                    opportunity("1", partner_id="P1", salesperson_id="X"),
                    opportunity("2", partner_id="P3", salesperson_id="X", customer_id="C"),
                    opportunity("3", partner_id="P3", customer_id="C"),
                    opportunity("4", customer_id="D"),
                    opportunity("5"),
                ],
                "opportunity_stage": [
                    {"ext_id": "s", "opportunity_id": "3", "stage": "won", "entered_at": at(9)}
                ],
            },
        )
        snapshot = publish(engine, store)
        found = named(snapshot, "opportunity", "ext_id", "region_id", "territory_id")
        assert sorted(found) == [
            ("1", "华南", "上海"),
            ("2", "华东", None),
            ("3", "华南", None),
            ("4", "华东", None),
            ("5", None, None),
        ]
        # its stages carry the opportunity's keys; instants are UTC without a zone
        stages = named(snapshot, "opportunity_stage", "region_id", "customer_id", "entered_at")
        assert stages == [("华南", 1, datetime(2026, 3, 9, 12, tzinfo=UTC).replace(tzinfo=None))]

    def test_stock_lies_where_its_warehouse_is(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        def stock(number: str, **more: Any) -> Row:
            day = date(2026, 1, int(number))
            return {
                "ext_id": number,
                "snapshot_date": day,
                "product_id": "A",
                "units_balance": Decimal(1),
                **more,
            }

        load(
            engine,
            {
                **PLACES,
                "partner": PARTNERS,
                "product": [{"ext_id": "A", "sku": "A", "name": "服务器"}],
                "warehouse": [
                    {"ext_id": "W", "name": "总仓", "region_id": "E", "partner_id": None},
                    {"ext_id": "V", "name": "伙伴仓", "region_id": None, "partner_id": "P1"},
                ],
                "inventory_snapshot": [
                    stock("1", warehouse_id="W", partner_id="P1"),
                    stock("2", warehouse_id=None, partner_id="P2"),
                    stock("3", warehouse_id="V", partner_id=None),
                ],
            },
        )
        found = named(publish(engine, store), "inventory_snapshot", "ext_id", "region_id")
        assert found == [("1", "华东"), ("2", "华东"), ("3", "华南")]

    def test_a_target_says_its_level_before_its_region_is_filled_in(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        def target(number: str, **more: Any) -> Row:
            return {
                "ext_id": number,
                "measure": "amount",
                "period_start": date(2026, 1, 1),
                "grain": "quarter",
                "amount": Decimal(1),
                **more,
            }

        load(
            engine,
            {
                **PLACES,
                "partner": PARTNERS,
                "salesperson": [{"ext_id": "X", "name": "王伟", "region_id": "S"}],
                "target": [
                    target("1"),
                    target("2", product_line="财务云"),
                    target("3", region_id="E"),
                    target("4", partner_id="P2"),
                    target("5", salesperson_id="X"),
                    target("6", territory_id="GD", product_line="财务云"),
                    target("7", region_id="E", partner_id="P1"),
                ],
            },
        )
        found = named(
            publish(engine, store), "target", "ext_id", "level", "region_id", "territory_id"
        )
        assert found == [
            ("1", "total", None, None),
            ("2", "total+product_line", None, None),
            ("3", "region", "华东", None),
            ("4", "partner", "华东", "上海"),
            ("5", "salesperson", "华南", None),
            ("6", "territory+product_line", "华南", "广东"),
            ("7", "region+partner", "华东", "上海"),
        ]


class TestDimensions:
    def test_a_label_is_the_name_unless_it_is_shared(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        partners: list[Row] = [
            {"ext_id": "1", "name": "云帆"},
            {"ext_id": "2", "name": "云帆"},
            {"ext_id": "3", "name": "远航"},
        ]
        load(engine, {"partner": partners})
        load(engine, {"partner": [{"ext_id": "1", "name": "云帆"}]}, source="crm")
        assert rows(publish(engine, store), "partner", "label") == [
            ("云帆 (erp:1)",),
            ("云帆 (2)",),
            ("远航",),
            ("云帆 (crm:1)",),
        ]

    def test_every_dimension_has_labels(self, engine: sa.Engine, store: SnapshotStore) -> None:
        load(
            engine,
            {
                **PLACES,
                "partner": PARTNERS,
                "product": [{"ext_id": "A", "sku": "A", "name": "总账"}],
                "customer": [{"ext_id": "A", "name": "客户"}],
                "salesperson": [{"ext_id": "A", "name": "王伟"}],
                "promotion": [{"ext_id": "A", "name": "春节"}],
                "warehouse": [{"ext_id": "A", "name": "总仓"}],
            },
        )
        snapshot = publish(engine, store)
        for name in (
            "region",
            "territory",
            "partner",
            "product",
            "customer",
            "salesperson",
            "promotion",
            "warehouse",
        ):
            assert rows(snapshot, name, "label") == rows(snapshot, name, "name")

    def test_a_partner_knows_its_first_and_last_order(
        self, engine: sa.Engine, store: SnapshotStore
    ) -> None:
        later = [*ORDERS, order("O5", date(2026, 3, 1), partner_id="P1", currency="CNY")]
        load(engine, {**CHANNEL, "sales_order": later, "order_line": [*LINES, line("O5", 1, "1")]})
        found = rows(
            publish(engine, store), "partner", "name", "first_order_date", "last_order_date"
        )
        assert found[0] == ("甲", date(2026, 2, 9), date(2026, 3, 1))

    def test_two_equal_labels_are_refused(self, engine: sa.Engine, store: SnapshotStore) -> None:
        # a name that looks exactly like the way out for two others
        names = ["云帆", "云帆 (erp:1)", "云帆 (1)", "云帆"]
        load(
            engine,
            {
                "product": [
                    {"ext_id": str(n), "sku": "x", "name": name} for n, name in enumerate(names, 1)
                ]
            },
        )
        load(engine, {"product": [{"ext_id": "1", "sku": "x", "name": "云帆"}]}, source="crm")
        with pytest.raises(IntegrityError, match="two rows of product would bear the same label"):
            publish(engine, store)
