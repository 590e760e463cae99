"""Features: own normal against the last quarter, and nothing from after the cut-off."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from tests.tools.analytics.profile.rows import AS_OF, Row, facts, line
from tests.tools.behaving_world import channel_facts
from tools.analytics.churn.features import TRENDS, Figures, figures_at
from tools.analytics.churn.labels import standing
from tools.analytics.order_days import day_number, order_days
from tools.analytics.profile.facts import Facts

TODAY = day_number(AS_OF)


def at(of: Facts, day: int = TODAY) -> Figures:
    return figures_at(of, standing(order_days(of), day))


def every(days: int, since: str, until: str, **more: object) -> list[Row]:
    found = pd.date_range(since, until, freq=f"{days}D")
    return [line(str(day.date()), 100.0, **more) for day in found]


class TestTrends:
    def test_recent_and_own_normal_per_30_days(self) -> None:
        # the normal is 2025-11-01 … 2026-05-04, 185 days; 37 logins of 5 days apart there: 6 a
        # month. Nine in the last 90 days: 3 a month
        logins = [
            {"happened_on": str(day.date()), "kind": "login", "quantity": 1.0}
            for day in (
                *pd.date_range("2025-11-01", periods=37, freq="5D"),
                *pd.date_range("2026-08-05", periods=9, freq="9D"),
            )
        ]
        found = at(facts(1, order_line=every(10, "2025-01-01", "2026-10-31"), activity=logins))
        assert found.recent["logins"][0] == pytest.approx(3.0)
        assert found.usual["logins"][0] == pytest.approx(6.0)

    def test_what_all_do_is_no_sign(self) -> None:
        # both partners halve their orders: the median change is taken out
        slow = [*every(10, "2025-06-01", "2026-05-01"), *every(20, "2026-05-05", "2026-10-31")]
        both = [*slow, *({**row, "partner_id": 2} for row in slow)]
        found = at(facts(2, order_line=both))
        assert found.values["orders"][:2].tolist() == [0.0, 0.0]
        assert found.recent["orders"][0] < found.usual["orders"][0]

    def test_a_short_normal_says_nothing(self) -> None:
        # first order 2026-04-01: only 33 days before the quiet half-year
        found = at(facts(1, order_line=every(10, "2026-04-01", "2026-10-31")))
        assert math.isnan(found.values["orders"][0])

    def test_absent_tables_give_nothing(self) -> None:
        found = at(facts(1, order_line=every(10, "2025-01-01", "2026-10-31")))
        absent = ["logins", "activities", "opportunities", "late_days", "certificates"]
        assert found.values.loc[0, absent].isna().all()
        assert set(TRENDS) <= set(found.values.columns)


class TestPayments:
    def test_lateness_now_and_normally(self) -> None:
        owed: list[Row] = []
        paid: list[Row] = []
        for order, (due, late) in enumerate(
            [("2025-12-01", 0), ("2026-01-01", 10), ("2026-09-01", 40), ("2026-10-01", 20)]
        ):
            key = 100 + order
            owed.append({"order_id": key, "due_on": due, "booked_on": due, "amount": 1.0})
            when = str((pd.Timestamp(due) + pd.Timedelta(days=late)).date())
            paid.append({"order_id": key, "paid_on": when, "amount": 1.0})
        # still open today: due on 10-11, it counts as 21 days up to the end of 10-31
        owed.append({"order_id": 200, "due_on": "2026-10-11", "booked_on": "2026-10-01"})
        orders = every(10, "2025-01-01", "2026-10-31")
        found = at(facts(1, order_line=orders, receivable=owed, payment=paid))
        assert found.recent["late_days"][0] == pytest.approx((40 + 20 + 21) / 3)
        assert found.usual["later"][0] == pytest.approx(5.0)
        assert found.values["later"][0] == pytest.approx((27 - 5) / 30)


class TestCertificates:
    def test_valid_now_and_half_a_year_ago(self) -> None:
        held: list[Row] = [
            {"issued_on": "2024-01-01", "expires_on": "2026-08-01", "holder": "A"},
            {"issued_on": "2024-01-01", "expires_on": None, "holder": "B"},
        ]
        orders = every(10, "2025-01-01", "2026-10-31")
        found = at(facts(1, order_line=orders, certification=held))
        assert (found.recent["certificates"][0], found.usual["certificates"][0]) == (1.0, 2.0)
        assert found.values["certificates"][0] == pytest.approx(math.log(1.5 / 2.5))


class TestNoLeak:
    def test_rows_after_the_cut_off_change_nothing(self) -> None:
        whole = channel_facts()
        cutoff = pd.Timestamp(2025, 12, 31)
        frames = {
            name: table[
                table[
                    "order_date"
                    if name == "order_line"
                    else "happened_on"
                    if name == "activity"
                    else "created_on"
                ]
                <= cutoff
            ]
            for name, table in whole.tables.items()
            if name in ("order_line", "activity", "opportunity")
        }
        partners = whole.partners.assign(
            first_order_date=whole.partners["first_order_date"].where(
                whole.partners["first_order_date"] <= cutoff
            )
        )
        past = Facts(partners, frames, cutoff)
        first, second = (at(of, day_number(cutoff)) for of in (whole, past))
        assert np.isfinite(first.values["logins"]).sum() > 30
        pd.testing.assert_frame_equal(first.values, second.values)
        begun = standing(order_days(past), day_number(cutoff)).order_days > 0
        pd.testing.assert_frame_equal(first.usual[begun], second.usual[begun])
        pd.testing.assert_frame_equal(first.recent[begun], second.recent[begun])
