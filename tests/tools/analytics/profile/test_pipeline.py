"""KPIs of the pipeline: open deals, coverage, winning, cycle, stages, slips."""

from __future__ import annotations

import itertools

import pytest

from tests.tools.analytics.profile.rows import Row, facts, line, measured, value, why
from tools.analytics.profile.kpi import Missing

_ids = itertools.count(1000)


def deal(created: str, outcome: str = "open", closed: str | None = None, **more: object) -> Row:
    row: Row = {"created_on": created, "outcome": outcome, "closed_on": closed, "amount": 100.0}
    return {"id": next(_ids), **row, **more}


def won(closed: str, created: str = "2026-01-01", **more: object) -> Row:
    return deal(created, "won", closed, **more)


def lost(closed: str, created: str = "2026-01-01", **more: object) -> Row:
    return deal(created, "lost", closed, **more)


class TestOpen:
    def test_what_is_open_today(self) -> None:
        deals = [deal("2026-09-01"), deal("2026-09-02", amount=50.0), won("2026-10-01")]
        assert measured("open_pipeline", facts(opportunity=deals))[:2] == (150.0, 2)

    def test_known_to_the_source_but_nothing_open_is_zero(self) -> None:
        assert value("open_pipeline", facts(opportunity=[won("2026-02-01")])) == 0.0
        of = facts(opportunity=[won("2026-02-01")])
        assert why("open_pipeline", of, partner=2) is Missing.UNKNOWN_PARTNER

    def test_overdue_ones_are_past_their_expected_day(self) -> None:
        deals = [deal("2026-09-01", expected_close_on=day) for day in ("2026-10-01", "2026-12-01")]
        assert value("overdue_open_share", facts(opportunity=deals)) == 0.5

    def test_coverage_of_what_the_targets_still_ask(self) -> None:
        # the quarter asks 300, 100 are sold in it, the next one asks 200: 400 left; 200 open
        goals = [
            {"period_start": start, "amount": amount, "grain": "quarter", "level": "partner"}
            for start, amount in (("2026-10-01", 300.0), ("2027-01-01", 200.0))
        ]
        of = facts(
            opportunity=[deal("2026-09-01"), deal("2026-09-02")],
            target=[{**goal, "measure": "amount"} for goal in goals],
            order_line=[line("2026-10-10", 100), line("2026-09-30", 999)],
        )
        assert value("pipeline_coverage", of) == pytest.approx(0.5)

    def test_momentum_of_the_last_quarter(self) -> None:
        # 400 new in the year, 200 of it in the last quarter: twice a quarter's share of 100
        days = ("2025-12-01", "2026-03-01", "2026-09-01", "2026-10-01")
        assert value("pipeline_momentum", facts(opportunity=[deal(d) for d in days])) == 2.0


class TestWinning:
    def test_won_over_decided_by_the_day_closed(self) -> None:
        deals = [won("2026-02-01"), won("2026-03-01"), *(lost("2026-04-01") for _ in range(3))]
        deals += [won("2025-01-01"), deal("2026-05-01")]  # too early; undecided
        assert measured("win_rate", facts(opportunity=deals))[:2] == (0.4, 5)

    def test_four_decided_are_too_few(self) -> None:
        deals = [won("2026-02-01") for _ in range(4)]
        assert why("win_rate", facts(opportunity=deals)) is Missing.SMALL_SAMPLE

    def test_won_amount(self) -> None:
        deals = [won("2026-02-01"), lost("2026-02-01"), won("2026-03-01", amount=30.0)]
        assert value("won_amount", facts(opportunity=deals)) == 130.0

    def test_the_cycle_is_a_median_of_won_ones(self) -> None:
        deals = [won("2026-01-11"), won("2026-01-21"), won("2026-12-31"), won("2026-03-02")]
        deals.append(lost("2026-01-02"))
        # 10, 20 and 60 days; the one of December is not won yet as far as today knows
        assert value("cycle_days", facts(opportunity=deals)) == 20.0

    def test_velocity(self) -> None:
        # 2 open × 0.5 won × 100 ÷ 10 days = 10 a day
        deals = [won("2026-01-11") for _ in range(3)] + [lost("2026-02-01") for _ in range(3)]
        deals += [deal("2026-09-01"), deal("2026-09-02")]
        assert value("velocity", facts(opportunity=deals)) == pytest.approx(10.0)

    def test_slip_after_the_expected_day(self) -> None:
        days = ("2026-02-01", "2026-02-06", "2026-01-30")
        deals = [won(day, expected_close_on="2026-02-01") for day in days]
        assert value("closing_slip_days", facts(opportunity=deals)) == 0.0  # −2, 0, 5


class TestStages:
    def test_moves_that_are_no_loss(self) -> None:
        # deal A: 线索 → 方案 → 赢单, two moves; deal B: 线索 → 方案 → 输单, the second is a loss;
        # deal C: 线索 → 方案, still open: five moves, one lost
        deals = [won("2026-03-01"), lost("2026-03-01"), deal("2026-01-01")]
        stages = [
            {"opportunity_id": one["id"], "entered_at": f"2026-0{month}-01"}
            for one, months in zip(deals, (3, 3, 2), strict=True)
            for month in range(1, months + 1)
        ]
        of = facts(opportunity=deals, opportunity_stage=stages)
        assert measured("stage_conversion", of)[:2] == (0.8, 5)

    def test_stalled_for_sixty_days(self) -> None:
        # today is 10-31: moved 08-01 is stalled, 10-01 is not; never moved counts from creation
        deals = [deal("2026-01-01"), deal("2026-01-01"), deal("2026-02-01"), deal("2026-10-20")]
        stages = [
            {"opportunity_id": deals[0]["id"], "entered_at": "2026-08-01"},
            {"opportunity_id": deals[1]["id"], "entered_at": "2026-10-01"},
        ]
        of = facts(opportunity=deals, opportunity_stage=stages)
        assert value("stalled_share", of) == 0.5
