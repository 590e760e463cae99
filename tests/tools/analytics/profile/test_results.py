"""KPIs of results: sell-in, growth, slope, attainment, margin, orders, returns, discounts."""

from __future__ import annotations

import pytest

from tests.tools.analytics.profile.rows import Row, facts, line, lines, measured, value, why
from tools.analytics.profile.kpi import Missing


def goal(start: str, amount: float, grain: str = "quarter", **more: object) -> Row:
    level = {"measure": "amount", "level": "partner"}
    return {"period_start": start, "amount": amount, "grain": grain, **level, **more}


class TestSellIn:
    def test_sums_the_lines_of_the_window(self) -> None:
        rows = [line("2025-10-31", 7), line("2025-11-01", 10), line("2026-10-31", 20)]
        assert measured("sell_in", facts(order_line=rows)) == (30.0, 2, Missing.NOT)

    def test_who_ordered_before_but_not_now_sold_nothing(self) -> None:
        assert value("sell_in", facts(order_line=[line("2024-01-01", 7)])) == 0.0

    def test_who_never_ordered_is_unknown_not_zero(self) -> None:
        of = facts(order_line=[line("2026-01-01", 7)])
        assert measured("sell_in", of, partner=2) == (None, 0, Missing.UNKNOWN_PARTNER)

    def test_without_orders_there_is_no_source(self) -> None:
        assert why("sell_in", facts()) is Missing.NO_SOURCE

    def test_another_window(self) -> None:
        rows = [line("2026-07-31", 7), line("2026-08-01", 5)]
        assert value("sell_in", facts(order_line=rows), months=3) == 5.0

    def test_orders_are_counted_once_each(self) -> None:
        rows = [line("2026-01-01", 1, order_id=1), line("2026-01-01", 2, order_id=1)]
        assert value("orders", facts(order_line=rows)) == 1.0

    def test_the_average_takes_three_orders(self) -> None:
        two = lines("2026-01-01", "2026-01-02", amount=90)
        assert why("average_order_value", facts(order_line=two)) is Missing.SMALL_SAMPLE
        rows = [*two, line("2026-01-03", 30)]
        assert value("average_order_value", facts(order_line=rows)) == 70.0  # 210 / 3


class TestGrowth:
    def test_over_the_window_before(self) -> None:
        rows = [line("2023-01-01", 1), line("2025-03-01", 200), line("2026-03-01", 250)]
        assert value("growth", facts(order_line=rows)) == pytest.approx(0.25)

    def test_to_nothing_is_minus_all(self) -> None:
        rows = [*lines("2024-12-01", "2025-01-01"), line("2023-01-01", 1)]
        assert value("growth", facts(order_line=rows)) == -1.0

    def test_a_base_of_a_few_weeks_is_none(self) -> None:
        # first order in September 2025: the window before saw it for two months of twelve
        rows = lines("2025-09-01", "2026-01-01", "2026-02-01")
        assert why("growth", facts(order_line=rows)) is Missing.NO_BASE

    def test_data_that_begin_too_late(self) -> None:
        of = facts(order_line=lines("2026-01-01", "2026-02-01"))
        of.tables["order_line"] = of.tables["order_line"].query("at == 0")
        assert why("growth", of) is Missing.TOO_EARLY

    def test_the_slope_over_four_quarters(self) -> None:
        # 100, 200, 300, 400: 100 more each quarter, over a mean of 250
        rows = [
            line("2025-12-01", 100),
            line("2026-03-01", 200),
            line("2026-06-01", 300),
            line("2026-09-01", 400),
        ]
        assert value("quarter_slope", facts(order_line=rows)) == pytest.approx(0.4)

    def test_a_flat_year_has_no_slope(self) -> None:
        rows = lines("2025-12-01", "2026-03-01", "2026-06-01", "2026-09-01")
        assert value("quarter_slope", facts(order_line=rows)) == pytest.approx(0.0)


class TestAttainment:
    def test_actual_over_target_of_periods_that_ended(self) -> None:
        # Q1 90 of 100, Q2 60 of 100; the fourth quarter has not ended
        rows = [line("2026-02-01", 90), line("2026-05-01", 60), line("2026-10-05", 999)]
        goals = [goal("2026-01-01", 100), goal("2026-04-01", 100), goal("2026-10-01", 100)]
        assert measured("attainment", facts(order_line=rows, target=goals))[:2] == (0.75, 2)

    def test_sales_of_a_quarter_without_target_do_not_count(self) -> None:
        rows = [line("2026-02-01", 90), line("2026-08-01", 500)]
        assert value("attainment", facts(order_line=rows, target=[goal("2026-01-01", 100)])) == 0.9

    @pytest.mark.parametrize("other", [{"measure": "payment"}, {"level": "region"}])
    def test_other_targets_do_not_count(self, other: Row) -> None:
        goals = [goal("2026-01-01", 100, **other)]
        of = facts(order_line=[line("2026-02-01", 90)], target=goals)
        assert why("attainment", of) is Missing.UNKNOWN_PARTNER

    def test_of_two_grains_the_shorter_counts(self) -> None:
        goals = [goal("2026-01-01", 1000, "year"), goal("2026-01-01", 100)]
        of = facts(order_line=[line("2026-02-01", 50)], target=goals)
        assert value("attainment", of) == 0.5


class TestMargins:
    def test_over_lines_whose_cost_is_known(self) -> None:
        rows = [line("2026-01-01", 100, cost_amount=60), line("2026-01-02", 500)]
        assert value("gross_margin_rate", facts(order_line=rows)) == pytest.approx(0.4)

    def test_without_costs_it_is_missing(self) -> None:
        assert why("gross_margin_rate", facts(order_line=lines("2026-01-01"))) is Missing.NO_SOURCE

    def test_discount_over_list(self) -> None:
        rows = [line("2026-01-01", 80, list_amount=100, discount_amount=20)]
        rows += [line("2026-01-02", 290, list_amount=300, discount_amount=10)]
        assert value("discount_depth", facts(order_line=rows)) == pytest.approx(0.075)  # 30 / 400

    def test_returns_over_sell_in_whatever_their_sign(self) -> None:
        rows = lines("2026-01-01", "2026-02-01", "2026-03-01")
        back = [{"returned_on": "2026-03-05", "amount": -30.0}]
        of = facts(order_line=rows, sales_return=back)
        assert value("return_rate", of) == pytest.approx(0.1)

    def test_nothing_returned_is_zero(self) -> None:
        rows = lines("2026-01-01", "2026-02-01", "2026-03-01")
        assert value("return_rate", facts(order_line=rows, sales_return=[])) == 0.0


class TestRegularity:
    def test_months_with_orders_over_all(self) -> None:
        rows = lines("2026-01-01", "2026-01-20", "2026-02-01", "2026-03-01")
        assert value("active_month_share", facts(order_line=rows)) == 0.25

    def test_sell_through_as_reported(self) -> None:
        sold = [{"period_start": "2026-01-01", "amount": 40.0, "quantity": 4}]
        assert value("sell_through", facts(sell_through=sold)) == 40.0
        assert why("sell_through", facts(sell_through=sold), 2) is Missing.UNKNOWN_PARTNER
