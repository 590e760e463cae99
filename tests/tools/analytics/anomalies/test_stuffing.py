"""Stuffing: goods that stayed on the shelf after a quarter's end, and purchases that did not.

One partner buys 10 boxes on the tenth of every month and sells 10 a month: 30 a quarter, about four
weeks of supply on its shelf. In the quarter that ends on 2025-03-31 it takes 60 more on 28 March.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from tools.analytics.anomalies.stuffing import StuffingFrames, find_stuffing

PUSHED = pd.Timestamp("2025-03-28")
MONTHS = pd.date_range("2024-01-01", "2025-09-01", freq="MS")
AS_OF = pd.Timestamp("2025-09-30")


def orders(extra_units: float = 60.0, thin: bool = True) -> pd.DataFrame:
    """Monthly orders, the push, and (thin) nothing in the quarter after it."""
    days = [m + pd.Timedelta(days=9) for m in MONTHS]
    kept = [d for d in days if not (thin and "2025-04-01" <= str(d.date()) <= "2025-06-30")]
    rows = [(d, 10.0) for d in kept] + ([(PUSHED, extra_units)] if extra_units else [])
    return pd.DataFrame(
        {
            "partner_id": 1,
            "product_id": 7,
            "order_id": range(len(rows)),
            "order_date": [d for d, _ in rows],
            "quantity": [q for _, q in rows],
            "amount": [q * 100 for _, q in rows],
        }
    )


def sell_through(next_months: float = 10.0) -> pd.DataFrame:
    units = [next_months if str(m.date()) in ("2025-04-01", "2025-05-01") else 10.0 for m in MONTHS]
    return pd.DataFrame(
        {"partner_id": 1, "product_id": 7, "period_start": MONTHS, "quantity": units}
    )


def stock(after: float = 65.0) -> pd.DataFrame:
    days = pd.date_range("2024-01-06", AS_OF, freq="7D")
    pushed = (days > PUSHED) & (days <= pd.Timestamp("2025-07-31"))
    return pd.DataFrame(
        {
            "partner_id": 1,
            "product_id": 7,
            "snapshot_date": days,
            "units_balance": [after if p else 10.0 for p in pushed],
        }
    )


def receivables(lines: pd.DataFrame, longer: int = 60) -> pd.DataFrame:
    pushed = lines["order_date"] == PUSHED
    return pd.DataFrame(
        {
            "partner_id": 1,
            "order_id": lines["order_id"],
            "booked_on": lines["order_date"],
            "due_on": lines["order_date"]
            + pd.to_timedelta([30 + (longer if p else 0) for p in pushed], unit="D"),
            "amount": lines["amount"],
        }
    )


NOTHING = {
    "sell_through": pd.DataFrame(columns=["partner_id", "product_id", "period_start", "quantity"]),
    "stock": pd.DataFrame(columns=["partner_id", "product_id", "snapshot_date", "units_balance"]),
    "returns": pd.DataFrame(columns=["partner_id", "product_id", "returned_on", "quantity"]),
    "receivables": pd.DataFrame(
        columns=["partner_id", "order_id", "booked_on", "due_on", "amount"]
    ),
    "payments": pd.DataFrame(columns=["partner_id", "paid_on", "amount"]),
}


def pushed_quarter() -> StuffingFrames:
    lines = orders()
    returns = pd.DataFrame(
        {
            "partner_id": [1],
            "product_id": [7],
            "returned_on": [pd.Timestamp("2025-05-05")],
            "quantity": [12.0],
        }
    )
    return StuffingFrames(
        lines, sell_through(), stock(), returns, receivables(lines), NOTHING["payments"], AS_OF
    )


class TestStuffedQuarter:
    def test_is_found_with_its_evidence(self) -> None:
        found = find_stuffing(pushed_quarter())
        assert len(found) == 1
        row = found.iloc[0]
        assert (str(row["period_start"].date()), str(row["period_end"].date())) == (
            "2025-03-22",
            "2025-03-31",
        )
        assert row["score"] > 0.9
        # 60 of 90 units in the last ten days; 90 bought, 30 sold on
        assert row["late_share"] == pytest.approx(60 / 90)
        assert row["sell_in_ratio"] == pytest.approx(3.0)
        # 65 boxes at 30 a quarter: 65 / (30 / 13) weeks; usually 10
        assert row["weeks_of_supply"] == pytest.approx(65 * 13 / 30)
        assert row["usual_weeks"] == pytest.approx(10 * 13 / 30)
        assert row["unsold_share"] == pytest.approx(1.0)
        assert row["next_quarter_ratio"] == 0
        # 12 of the 60 came back; 90 days to pay instead of 30
        assert row["returned_share"] == pytest.approx(0.2)
        assert row["extra_terms_days"] == 60

    def test_what_is_missing_is_null_and_lowers_the_score(self) -> None:
        whole = find_stuffing(pushed_quarter()).iloc[0]
        partly = find_stuffing(
            replace(pushed_quarter(), stock=NOTHING["stock"], returns=NOTHING["returns"])
        ).iloc[0]
        assert pd.isna(partly["weeks_of_supply"])
        assert pd.isna(partly["returned_share"])
        assert partly["coverage"] < whole["coverage"]
        assert partly["score"] <= whole["score"]

    def test_orders_alone_do_not_convict(self) -> None:
        alone = StuffingFrames(orders(), **NOTHING, as_of=AS_OF)
        found = find_stuffing(alone)
        assert len(found) == 1
        # burst and a thin quarter are 0.22 + 0.12 of the 0.6 that would be enough
        assert found.iloc[0]["score"] == pytest.approx(0.34 / 0.6)
        assert found.iloc[0]["score"] < 0.6


class TestWhatIsNoStuffing:
    def test_a_project_that_takes_the_goods_at_once(self) -> None:
        # 30 more sold in each of the two months after, the shelf as ever, the next quarter usual
        lines = orders(thin=False)
        genuine = replace(
            pushed_quarter(),
            lines=lines,
            sell_through=sell_through(40.0),
            stock=stock(10.0),
            returns=pushed_quarter().returns.iloc[:0],
            receivables=receivables(lines, longer=0),
        )
        found = find_stuffing(genuine)
        assert found.iloc[0]["unsold_share"] == pytest.approx(0.0)
        assert found.iloc[0]["score"] < 0.4

    def test_a_usual_quarter_is_not_listed(self) -> None:
        calm = replace(pushed_quarter(), lines=orders(extra_units=0.0, thin=False))
        assert find_stuffing(calm).empty

    def test_who_always_buys_at_the_end_of_quarters(self) -> None:
        ends = pd.to_datetime(
            ["2024-03-25", "2024-06-25", "2024-09-25", "2024-12-25", "2025-03-25", "2025-06-25"]
        )
        lines = pd.DataFrame(
            {
                "partner_id": 1,
                "product_id": 7,
                "order_id": range(len(ends)),
                "order_date": ends,
                "quantity": 30.0,
                "amount": 3000.0,
            }
        )
        assert find_stuffing(replace(pushed_quarter(), lines=lines)).empty

    def test_a_quarter_that_is_not_over_is_not_judged(self) -> None:
        early = replace(pushed_quarter(), as_of=pd.Timestamp("2025-03-30"))
        assert find_stuffing(early).empty

    def test_no_orders_at_all(self) -> None:
        empty = replace(pushed_quarter(), lines=orders().iloc[:0])
        found = find_stuffing(empty)
        assert found.empty
        assert "score" in found.columns
