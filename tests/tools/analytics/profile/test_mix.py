"""KPIs of the mix: customers that stay, lines and products, the share of the region."""

from __future__ import annotations

import pytest

from tests.tools.analytics.profile.rows import Row, facts, line, value, why
from tools.analytics.profile.kpi import Missing


def sold(day: str, customer: int, amount: float = 100.0, **more: object) -> Row:
    return line(day, amount, customer_id=customer, **more)


class TestCustomers:
    def test_each_counts_once_and_the_unnamed_not(self) -> None:
        rows = [sold("2026-01-01", 1), sold("2026-02-01", 1), sold("2026-03-01", 2)]
        rows.append(line("2026-04-01", 5))
        assert value("active_customers", facts(order_line=rows)) == 2.0

    def test_new_ones_are_new_to_the_partner(self) -> None:
        # customers 1, 2, 3 in the window; 1 had bought before, 3 only from another partner
        rows = [sold("2025-01-01", 1), sold("2025-01-01", 3, partner_id=2)]
        rows += [sold("2026-01-01", 1), sold("2026-02-01", 2), sold("2026-03-01", 3)]
        assert value("new_customer_share", facts(order_line=rows)) == pytest.approx(2 / 3)

    def test_two_customers_are_too_few(self) -> None:
        rows = [sold("2026-01-01", 1), sold("2026-02-01", 2)]
        assert why("new_customer_share", facts(order_line=rows)) is Missing.SMALL_SAMPLE

    def test_retention_and_what_the_kept_spend(self) -> None:
        # three before (100 each); 1 spends 150 now, 2 spends 50, 3 is gone; 4 is new
        rows = [sold("2025-01-01", number) for number in (1, 2, 3)]
        rows += [sold("2026-01-01", 1, 150), sold("2026-01-02", 2, 50), sold("2026-01-03", 4, 999)]
        of = facts(order_line=rows)
        assert value("customer_retention", of) == pytest.approx(2 / 3)
        assert value("net_retention", of) == pytest.approx(200 / 300)

    def test_nobody_kept_is_zero(self) -> None:
        rows = [sold("2025-01-01", number) for number in (1, 2, 3)]
        assert value("customer_retention", facts(order_line=rows)) == 0.0


class TestProducts:
    def test_recurring_by_the_name_of_the_category(self) -> None:
        rows = [line("2026-01-01", 30, product_id=1), line("2026-01-02", 70, product_id=2)]
        assert value("recurring_share", facts(order_line=rows)) == pytest.approx(0.3)

    def test_a_catalogue_without_subscriptions_has_no_such_share(self) -> None:
        of = facts(
            order_line=[line("2026-01-01", 30, product_id=2)],
            product=[{"id": 2, "line": "硬件", "category": "硬件"}],
        )
        assert why("recurring_share", of) is Missing.NO_BASE

    def test_new_within_two_years_of_the_sale(self) -> None:
        # product 2 came out in March 2026, product 1 in 2016
        rows = [line("2026-04-01", 25, product_id=2), line("2026-04-01", 75, product_id=1)]
        assert value("new_product_share", facts(order_line=rows)) == pytest.approx(0.25)

    def test_concentration_on_lines(self) -> None:
        # shares 0.75 and 0.25: 0.5625 + 0.0625
        rows = [line("2026-01-01", 75, product_id=1)]
        rows += [line("2026-01-02", 15, product_id=2), line("2026-01-03", 10, product_id=2)]
        assert value("product_line_hhi", facts(order_line=rows)) == pytest.approx(0.625)


class TestShareOfRegion:
    def test_own_sales_in_the_own_region_over_all_there(self) -> None:
        rows = [line("2026-01-01", 30), line("2026-01-02", 50, region_id=2)]
        rows += [line("2026-01-03", 70, partner_id=2)]
        # region 1 sold 100, of which 30 are its own; what it sold in region 2 is no share of 1
        of = facts(order_line=rows)
        assert value("region_share", of) == pytest.approx(0.3)
        assert value("region_share", of, partner=2) == pytest.approx(0.7)
