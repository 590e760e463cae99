"""Lead times: from orders to shipping where the data says it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tools.analytics.inventory.lead_time import LEAST_ORDERS, lead_days, order_lead_days


def lines(waits: list[float | None], product: int = 1) -> pd.DataFrame:
    """One line per wait in days, ordered on one day; None is not shipped."""
    day = pd.Timestamp("2025-01-01")
    return pd.DataFrame(
        {
            "product_id": product,
            "order_date": day,
            "ship_date": [pd.NaT if w is None else day + pd.Timedelta(days=w) for w in waits],
        }
    )


class TestOrders:
    def test_nine_in_ten_arrive_within_it(self) -> None:
        # 0 … 19 days: the 90 % quantile lies at 17.1
        by_product, overall = order_lead_days(lines([float(i) for i in range(20)]))
        assert by_product.to_dict() == {1: 17.1}
        assert overall == 17.1

    def test_unshipped_lines_and_lines_shipped_before_they_were_ordered_do_not_count(self) -> None:
        _, overall = order_lead_days(lines([None, -3.0, *[2.0] * LEAST_ORDERS]))
        assert overall == 2.0

    def test_a_day_at_least(self) -> None:
        assert order_lead_days(lines([0.0] * LEAST_ORDERS))[1] == 1.0

    def test_too_few_orders_tell_nothing(self) -> None:
        assert order_lead_days(lines([2.0] * (LEAST_ORDERS - 1)))[1] is None


class TestOfRows:
    PRODUCTS = pd.Series([1, 2, 1])
    HELD = pd.Series([True, True, False])

    def test_partners_wait_for_orders_head_office_for_nobody_knows_what(self) -> None:
        found, seen = lead_days(self.PRODUCTS, self.HELD, lines([5.0] * 20), 30)
        # product 2 has no orders of its own: all products together
        assert found.tolist() == [5.0, 5.0, 30.0]
        assert seen.tolist() == [True, True, False]

    def test_without_orders_all_is_assumed(self) -> None:
        found, seen = lead_days(self.PRODUCTS, self.HELD, lines([]), 21)
        assert found.tolist() == [21.0] * 3
        assert not np.any(seen)
