"""KPIs of investment: funds claimed, granted and returned; promotions; the first order."""

from __future__ import annotations

import pytest

from tests.tools.analytics.profile.rows import (
    AS_OF,
    ELDER,
    Row,
    facts,
    line,
    lines,
    people,
    value,
    why,
)
from tools.analytics.profile.facts import Facts
from tools.analytics.profile.kpi import Missing


def claim(amount: float, approved: float | None, status: str = "已核销") -> Row:
    day = {"claimed_on": "2026-05-01"}
    return {**day, "amount": amount, "approved_amount": approved, "status": status}


CLAIMS = [claim(100, 80), claim(50, None, "审批中"), claim(70, 0, "已驳回")]


class TestFunds:
    def test_claimed_whatever_became_of_it(self) -> None:
        assert value("mdf_claimed", facts(mdf_claim=CLAIMS)) == 220.0

    def test_who_claimed_nothing_is_unknown(self) -> None:
        assert why("mdf_claimed", facts(mdf_claim=CLAIMS), 2) is Missing.UNKNOWN_PARTNER

    def test_granted_over_sell_in(self) -> None:
        # 80 approved, 50 pending at face value, the refused one nothing: 130 / 1300
        of = facts(mdf_claim=CLAIMS, order_line=[line("2026-01-01", 1300)])
        assert value("mdf_share", of) == pytest.approx(0.1)

    def test_what_came_back_over_what_was_put_in(self) -> None:
        # margin 500 − 130 granted, over 130
        of = facts(mdf_claim=CLAIMS, order_line=[line("2026-01-01", 1300, cost_amount=800)])
        assert value("mdf_return", of) == pytest.approx(370 / 130)

    def test_approved_over_decided(self) -> None:
        # 80 of the 100 and the 70 that were decided on
        assert value("mdf_approved_share", facts(mdf_claim=CLAIMS)) == pytest.approx(80 / 170)


class TestPromotions:
    def test_share_of_sell_in(self) -> None:
        rows = [*lines("2026-01-01", "2026-01-02", "2026-01-03"), line("2026-01-04", 100)]
        rows[0]["promotion_id"] = 3
        assert value("promotion_share", facts(order_line=rows)) == 0.25

    def test_data_without_promotions_have_no_share(self) -> None:
        rows = lines("2026-01-01", "2026-01-02", "2026-01-03")
        assert why("promotion_share", facts(order_line=rows)) is Missing.NO_SOURCE


class TestFirstOrder:
    def of(self, joined: str, first: str) -> Facts:
        old = facts(order_line=[line(first, 100)])
        table = people([1, 2, ELDER], joined_on=[joined, "2019-01-01", "2019-01-01"])
        frames = {"order_line": old.tables["order_line"].assign(partner_id=[ELDER, 1])}
        return Facts(table, frames, AS_OF)

    def test_days_from_joining(self) -> None:
        assert value("days_to_first_order", self.of("2025-12-01", "2026-01-10")) == 40.0

    def test_who_joined_before_the_data_may_have_ordered_unseen(self) -> None:
        assert why("days_to_first_order", self.of("2019-06-01", "2026-01-10")) is not Missing.NOT

    def test_an_order_before_joining_says_nothing(self) -> None:
        assert why("days_to_first_order", self.of("2026-02-01", "2026-01-10")) is not Missing.NOT
