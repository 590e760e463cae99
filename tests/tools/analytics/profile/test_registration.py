"""KPIs of deal registrations: decided how, how fast, in conflict, and what became of them."""

from __future__ import annotations

import pytest

from tests.tools.analytics.profile.rows import Row, facts, measured, value, why
from tools.analytics.profile.kpi import Missing


def registration(status: str, submitted: str = "2026-05-01", **more: object) -> Row:
    return {"submitted_on": submitted, "status": status, **more}


def many(**numbers: int) -> list[Row]:
    return [registration(status) for status, number in numbers.items() for _ in range(number)]


class TestDecisions:
    def test_volume_counts_the_window(self) -> None:
        rows = [*many(已批准=2), registration("已批准", "2025-01-01")]
        assert value("registrations", facts(deal_registration=rows)) == 2.0

    def test_approved_over_decided(self) -> None:
        # 已转化 and 已过期 were approved once; 审核中 is not decided; 冲突 was refused
        rows = many(已批准=1, 已转化=1, 已过期=1, 已驳回=1, 冲突=1, 审核中=5)
        assert measured("approval_rate", facts(deal_registration=rows))[:2] == (0.6, 5)

    def test_english_words_too(self) -> None:
        rows = many(approved=3, rejected=1, expired=1)
        assert value("approval_rate", facts(deal_registration=rows)) == pytest.approx(0.8)

    def test_days_to_decision_is_a_median(self) -> None:
        days = ("2026-05-02", "2026-05-04", "2026-05-30")
        rows = [registration("已批准", decided_on=day) for day in days]
        assert value("decision_days", facts(deal_registration=rows)) == 3.0  # 1, 3, 29

    def test_conflicts(self) -> None:
        rows = [*many(已批准=4), registration("冲突", conflict_of_id=7)]
        assert value("conflict_rate", facts(deal_registration=rows)) == 0.2


class TestOutcomes:
    def test_squatting_is_what_lapsed(self) -> None:
        rows = many(已批准=1, 已转化=1, 已过期=3, 已驳回=9)
        assert value("expired_share", facts(deal_registration=rows)) == 0.6

    def test_won_over_settled(self) -> None:
        deals = [
            {"id": 1, "created_on": "2026-05-01", "outcome": "won", "closed_on": "2026-06-01"},
            {"id": 2, "created_on": "2026-05-01", "outcome": "lost", "closed_on": "2026-06-01"},
            {"id": 3, "created_on": "2026-05-01", "outcome": "open", "closed_on": None},
        ]
        rows = [registration("已批准", opportunity_id=number) for number in (1, 2, 3)]
        rows += many(已过期=2, 已转化=1)
        # won: deal 1 and the converted one; settled: those, deal 2, two lapsed; deal 3 is open
        of = facts(deal_registration=rows, opportunity=deals)
        assert measured("registered_won_rate", of)[:2] == (0.4, 5)

    def test_attach_of_won_deals(self) -> None:
        deals = [
            {"id": n, "created_on": "2026-05-01", "outcome": "won", "closed_on": "2026-06-01"}
            for n in (1, 2, 3, 4)
        ]
        rows = [registration("已转化", opportunity_id=1)]
        of = facts(deal_registration=rows, opportunity=deals)
        assert value("registration_attach", of) == 0.25

    def test_without_deals_there_is_no_source(self) -> None:
        of = facts(deal_registration=many(已批准=9))
        assert why("registered_won_rate", of) is Missing.NO_SOURCE
