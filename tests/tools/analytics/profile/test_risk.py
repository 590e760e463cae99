"""KPIs of risk: debts, silence, irregular and late-quarter orders, stock, other territories."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tools.analytics.profile.rows import Row, facts, line, lines, measured, value, why
from tools.analytics.profile.kpi import Missing


def due(day: str, amount: float, still: float, order: int = 1, **more: object) -> Row:
    row = {"booked_on": "2026-01-01", "due_on": day, "amount": amount, "open_amount": still}
    return {**row, "order_id": order, **more}


SOLD: list[Row] = [
    {"period_start": f"2026-{month:02d}-01", "product_id": 2, "quantity": 13, "amount": 1.0}
    for month in (8, 9, 10)
]


class TestDebts:
    def test_overdue_share_of_what_is_unpaid(self) -> None:
        rows = [due("2026-09-01", 100, 30), due("2026-12-01", 100, 70), due("2026-02-01", 50, 0)]
        assert value("overdue_share", facts(receivable=rows)) == 0.3

    def test_what_is_due_today_is_not_late(self) -> None:
        assert value("overdue_share", facts(receivable=[due("2026-10-31", 100, 30)])) == 0.0

    def test_who_owes_nothing_of_what_fell_due_is_punctual(self) -> None:
        assert value("overdue_share", facts(receivable=[due("2026-02-01", 50, 0)])) == 0.0

    def test_who_had_nothing_due_is_unknown(self) -> None:
        rows = [due("2024-02-01", 50, 0, booked_on="2024-01-01")]
        assert why("overdue_share", facts(receivable=rows)) is Missing.UNKNOWN_PARTNER

    def test_days_of_sales_outstanding(self) -> None:
        # 300 unpaid of 3,650 sold in 365 days
        rows = [line("2026-01-01", 3000), line("2026-01-02", 600), line("2026-01-03", 50)]
        of = facts(receivable=[due("2026-12-01", 300, 300)], order_line=rows)
        assert value("dso", of) == pytest.approx(30.0)

    def test_delay_is_the_median_after_the_due_day(self) -> None:
        owed = [due("2026-03-01", 100, 0, order) for order in (1, 2, 3)]
        days = ("2026-02-27", "2026-03-06", "2026-04-30")
        paid = [
            {"paid_on": day, "amount": 100.0, "order_id": order}
            for order, day in enumerate(days, start=1)
        ]
        paid.append({"paid_on": "2026-04-01", "amount": 9.0, "order_id": 77})  # nothing to match
        assert measured("payment_delay_days", facts(receivable=owed, payment=paid))[:2] == (5.0, 3)

    def test_paid_over_booked(self) -> None:
        owed = [due("2026-03-01", 100, 0, order) for order in (1, 2, 3)]
        paid = [{"paid_on": "2026-03-05", "amount": 240.0, "order_id": 1}]
        assert value("collection_rate", facts(receivable=owed, payment=paid)) == pytest.approx(0.8)


class TestSilence:
    DAYS = ("2026-07-01", "2026-07-11", "2026-07-21", "2026-10-01")

    def test_since_the_last_order(self) -> None:
        assert value("days_since_order", facts(order_line=lines(*self.DAYS))) == 30.0

    def test_the_usual_interval_is_a_median(self) -> None:
        of = facts(order_line=lines(*self.DAYS, "2026-10-01"))
        assert value("order_interval_days", of) == 10.0  # 10, 10, 72

    def test_silence_in_intervals(self) -> None:
        assert value("silence", facts(order_line=lines(*self.DAYS))) == 3.0  # 30 / 10

    def test_two_intervals_are_no_habit(self) -> None:
        of = facts(order_line=lines(*self.DAYS[:3]))
        assert why("silence", of) is Missing.SMALL_SAMPLE


class TestShape:
    def test_the_same_every_month_is_regular(self) -> None:
        days = [f"2025-{m}-05" for m in (11, 12)] + [f"2026-{m:02d}-05" for m in range(1, 11)]
        assert value("order_irregularity", facts(order_line=lines(*days))) == pytest.approx(0.0)

    def test_months_without_orders_are_zero(self) -> None:
        # four months of 300, eight of zero
        days = ("2026-01-05", "2026-03-05", "2026-05-05", "2026-07-05")
        months = np.array([300.0] * 4 + [0.0] * 8)
        of = facts(order_line=lines(*days, amount=300))
        assert value("order_irregularity", of) == pytest.approx(months.std() / months.mean())

    def test_the_last_ten_days_of_quarters(self) -> None:
        # 09-21 is the first of the last ten days of September
        rows = [line("2026-09-20", 10), line("2026-09-21", 30), line("2026-09-30", 40)]
        rows.append(line("2026-10-31", 20))
        assert value("quarter_end_share", facts(order_line=rows)) == pytest.approx(0.7)

    def test_the_largest_customer(self) -> None:
        rows = [line("2026-01-01", 60, customer_id=1), line("2026-01-02", 20, customer_id=2)]
        rows.append(line("2026-01-03", 20, customer_id=1))
        assert value("top_customer_share", facts(order_line=rows)) == pytest.approx(0.8)

    def test_customers_that_buy_elsewhere_too(self) -> None:
        rows = [line("2026-01-01", 1, customer_id=number) for number in (1, 2, 3)]
        rows.append(line("2026-02-01", 1, customer_id=3, partner_id=2))
        assert value("shared_customer_share", facts(order_line=rows)) == pytest.approx(1 / 3)


class TestGoods:
    def test_bought_over_sold_on_of_reported_products(self) -> None:
        rows = [line("2026-08-01", 1, product_id=2, quantity=78)]
        rows.append(line("2026-08-01", 1, product_id=1, quantity=999))  # nobody reports product 1
        of = facts(order_line=rows, sell_through=SOLD)
        assert value("sell_in_over_through", of) == pytest.approx(2.0)  # 78 / 39

    def test_weeks_of_supply_at_the_last_count(self) -> None:
        stock = [
            {"snapshot_date": "2026-10-24", "product_id": 2, "units_balance": 500},
            {"snapshot_date": "2026-10-31", "product_id": 2, "units_balance": 12},
        ]
        # 39 sold in 13 weeks: 3 a week
        of = facts(inventory_snapshot=stock, sell_through=SOLD)
        assert value("weeks_of_supply", of) == pytest.approx(4.0)

    def test_units_shipped_to_other_regions(self) -> None:
        rows = [
            {"shipped_on": "2026-01-01", "quantity": 10, "region_id": region}
            for region in (1, 1, 1, 2, 1)
        ]
        assert value("off_territory_share", facts(shipment=rows)) == pytest.approx(0.2)
