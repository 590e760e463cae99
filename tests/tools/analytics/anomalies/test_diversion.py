"""Diversion: dense stretches of cheap, unregistered orders outside the region, and honest ones.

Partner 1 is authorised for region 1. It sells to customer 10 at home twice a month; in the window
it also sells to customer 20 of region 2, whom partner 2 (of region 2) serves.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from tools.analytics.anomalies.diversion import DiversionFrames, find_diversion, judged_orders

HOME, AWAY = 10, 20
FLOOR = 60.0


def frames(
    outside: int = 6,
    price: float = 50.0,
    registered: bool = False,
    shared: bool = True,
) -> DiversionFrames:
    """Twelve months of two home orders each, and `outside` ones, monthly from July."""
    days = [
        d + pd.Timedelta(days=x)
        for d in pd.date_range("2025-01-01", periods=12, freq="MS")
        for x in (4, 18)
    ]
    rows = [(1, d, HOME, 100.0) for d in days]
    away = [pd.Timestamp("2025-07-10") + pd.DateOffset(months=i) for i in range(outside)]
    rows += [(1, d, AWAY, price) for d in away]
    rows += [(2, pd.Timestamp("2025-02-02"), AWAY if shared else 21, 100.0)]
    lines = pd.DataFrame(
        {
            "order_id": range(len(rows)),
            "order_date": [d for _, d, _, _ in rows],
            "partner_id": [p for p, _, _, _ in rows],
            "customer_id": [c for _, _, c, _ in rows],
            "product_id": 7,
            "quantity": 1.0,
            "amount": [a for _, _, _, a in rows],
        }
    )
    return DiversionFrames(
        lines=lines,
        shipments=pd.DataFrame(columns=["order_id", "region_id"]),
        customers=pd.DataFrame({"id": [HOME, AWAY, 21], "region_id": [1, 2, 2]}),
        partners=pd.DataFrame({"id": [1, 2], "region_id": [1, 2]}),
        floors=pd.DataFrame(
            {
                "product_id": [7],
                "price": [FLOOR],
                "valid_from": [pd.Timestamp("2024-01-01")],
                "valid_to": [pd.NaT],
            }
        ),
        registrations=pd.DataFrame(
            {
                "partner_id": [1, 1],
                "customer_id": [HOME, AWAY],
                "submitted_on": pd.to_datetime(["2024-12-01", "2025-06-20"]),
                "refused": [False, not registered],
            }
        ),
    )


class TestDiversion:
    def test_is_found_with_its_evidence(self) -> None:
        found = find_diversion(frames())
        assert len(found) == 1
        row = found.iloc[0]
        assert row["partner_id"] == 1
        # 10 July to 10 December
        assert (str(row["period_start"].date()), str(row["period_end"].date())) == (
            "2025-07-10",
            "2025-12-10",
        )
        assert row["to_region_id"] == 2
        assert row["off_orders"] == 6
        # from 10 July to 10 December two home orders in each month but the last, which has one,
        # and one of July lies before: 6 of 6 + 10
        assert row["off_share"] == pytest.approx(6 / 16)
        assert row["off_amount"] == 300.0
        assert row["below_floor_share"] == 1
        assert row["unregistered_share"] == 1
        assert row["shared_customer_share"] == 1
        assert row["shared_customers"] == 1
        assert row["score"] == pytest.approx(1.0)

    def test_a_national_account_is_none(self) -> None:
        honest = frames(price=100.0, registered=True, shared=False)
        assert find_diversion(honest).empty

    def test_selling_abroad_now_and_then_is_none(self) -> None:
        assert find_diversion(frames(outside=2)).empty

    def test_without_floor_prices_the_rest_convicts_less(self) -> None:
        there = frames()
        without = replace(there, floors=there.floors.iloc[:0])
        row = find_diversion(without).iloc[0]
        assert pd.isna(row["below_floor_share"])
        # the others in full, 0.6 of the 0.75 that would be enough
        assert row["score"] == pytest.approx(0.8)
        assert row["coverage"] == pytest.approx(0.6)

    def test_without_registrations_nothing_is_unregistered(self) -> None:
        there = frames()
        row = find_diversion(replace(there, registrations=there.registrations.iloc[:0])).iloc[0]
        assert pd.isna(row["unregistered_share"])

    def test_two_windows_are_two_findings(self) -> None:
        there = frames()
        early = there.lines[there.lines["customer_id"] == AWAY].iloc[:4].copy()
        early["order_date"] = pd.to_datetime(
            ["2025-01-02", "2025-01-03", "2025-01-06", "2025-01-07"]
        )
        early["order_id"] += 1000
        # 60 orders at home in between: dense on both sides, not over the whole
        home = pd.concat([there.lines[there.lines["customer_id"] == HOME].iloc[:1]] * 60)
        home["order_date"] = pd.Timestamp("2025-03-03")
        home["order_id"] = range(2000, 2060)
        both = replace(there, lines=pd.concat([there.lines, early, home]))
        assert find_diversion(both)["off_orders"].tolist() == [4, 6]

    def test_no_orders_at_all(self) -> None:
        there = frames()
        found = find_diversion(replace(there, lines=there.lines.iloc[:0]))
        assert found.empty
        assert "score" in found.columns


class TestJudgedOrders:
    def test_where_it_was_shipped_goes_before_where_the_customer_sits(self) -> None:
        there = frames(outside=1)
        order = int(there.lines.loc[there.lines["customer_id"] == AWAY, "order_id"].iloc[0])
        shipped = replace(there, shipments=pd.DataFrame({"order_id": [order], "region_id": [1]}))
        assert judged_orders(there).set_index("order_id").loc[order, "outside"]
        assert not judged_orders(shipped).set_index("order_id").loc[order, "outside"]

    def test_a_floor_price_counts_on_its_days_only(self) -> None:
        there = frames(outside=1)
        later = there.floors.assign(valid_from=pd.Timestamp("2025-12-01"))
        judged = judged_orders(replace(there, floors=later))
        own = judged[judged["customer_id"] == AWAY]
        assert own["below"].isna().all()

    def test_cents_of_rounding_are_no_breach(self) -> None:
        judged = judged_orders(frames(outside=1, price=59.99))
        assert judged.loc[judged["customer_id"] == AWAY, "below"].max() == 0

    def test_a_partner_without_a_region_is_never_outside(self) -> None:
        there = frames()
        nowhere = replace(there, partners=pd.DataFrame({"id": [1, 2], "region_id": [None, 2]}))
        assert not judged_orders(nowhere)["outside"].any()

    def test_who_sells_to_everybody_s_customer(self) -> None:
        judged = judged_orders(frames(shared=False))
        assert judged["shared"].max() == 0
