"""Behaviour: growth, steadiness, tenure, engagement, each at a day, from rows up to it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.tools.analytics.profile.rows import AS_OF, Row, facts, line
from tests.tools.behaving_world import channel_facts
from tools.analytics.profile.facts import Facts
from tools.analytics.segments.features import FEATURES, Behaviour, behaviour


def of(**tables: list[Row]) -> Behaviour:
    return behaviour(facts(2, **tables), AS_OF)


def figure(seen: Behaviour, name: str) -> Any:
    return seen.figures[name][0]


def monthly(amounts: list[float], **more: Any) -> list[Row]:
    """One order in the middle of each of the last months, the last one in October 2026."""
    last = pd.Timestamp(2026, 10, 15)
    days = [last - pd.DateOffset(months=at) for at in reversed(range(len(amounts)))]
    return [line(str(d.date()), a, **more) for d, a in zip(days, amounts, strict=True) if a > 0]


class TestGrowth:
    def test_amount_a_day_against_the_year_before(self) -> None:
        # 12 × 150 against 12 × 100; the first order is 2024-11-15, 351 of the 365 days before
        seen = of(order_line=monthly([100.0] * 12 + [150.0] * 12))
        assert figure(seen, "growth") == pytest.approx(1800 / 365 / (1200 / 351) - 1)
        assert seen.amount[0] == 1800.0

    def test_under_90_days_before_the_window_say_nothing(self) -> None:
        # the first order is 2025-08-15: 78 days before 2025-11-01
        assert math.isnan(figure(of(order_line=monthly([100.0] * 15)), "growth"))
        assert not math.isnan(figure(of(order_line=monthly([100.0] * 16)), "growth"))


class TestSteadiness:
    def test_the_channel_s_own_season_is_no_variation(self) -> None:
        # both partners buy three times as much in every other month: their shares never change
        season = [100.0, 300.0] * 12
        both = [*monthly(season), *monthly(season, partner_id=2)]
        assert figure(of(order_line=both), "variation") == pytest.approx(0.0, abs=1e-9)

    def test_a_partner_s_own_swings_are(self) -> None:
        # 100 and 300 by turns beside a giant that never changes: sd 100 over mean 200
        both = [*monthly([100.0, 300.0] * 12), *monthly([1e9] * 24, partner_id=2)]
        assert figure(of(order_line=both), "variation") == pytest.approx(0.5, rel=1e-3)

    def test_months_without_an_order_since_the_first(self) -> None:
        both = [*monthly([100.0, 0.0, 0.0] * 8), *monthly([100.0] * 24, partner_id=2)]
        assert figure(of(order_line=both), "pauses") == pytest.approx(2 / 3, abs=0.03)
        assert of(order_line=both).figures["pauses"][1] == 0.0

    def test_uneven_intervals(self) -> None:
        # intervals 10, 10, 40: mean 20, standard deviation √200
        rows = [
            line(day, 100.0) for day in ("2026-08-01", "2026-08-11", "2026-08-21", "2026-09-30")
        ]
        assert figure(of(order_line=rows), "unevenness") == pytest.approx(math.sqrt(200) / 20)


class TestEngagement:
    def test_opportunities_pipeline_and_activity(self) -> None:
        deals: list[Row] = [
            {"created_on": "2026-01-01", "closed_on": None, "amount": 300.0, "id": 1},
            {"created_on": "2026-02-01", "closed_on": "2026-03-01", "amount": 500.0, "id": 2},
            {"created_on": "2025-01-01", "closed_on": None, "amount": 300.0, "id": 3},
        ]
        acts: list[Row] = [{"happened_on": "2026-05-01", "kind": "login"}] * 4
        seen = of(order_line=monthly([100.0] * 24), opportunity=deals, activity=acts)
        assert figure(seen, "opportunities") == 2.0
        assert figure(seen, "pipeline") == pytest.approx(600 / 1200)
        assert figure(seen, "activity") == 4.0

    def test_absent_tables_are_missing_not_zero(self) -> None:
        seen = of(order_line=monthly([100.0] * 24))
        for name in ("opportunities", "pipeline", "activity"):
            assert math.isnan(figure(seen, name))


class TestHistory:
    def test_nine_months_four_order_days_and_sales(self) -> None:
        # first orders 2026-01-15 (289 days) and 2026-02-15 (258 days)
        rows = [*monthly([100.0] * 10), *monthly([100.0] * 9, partner_id=2)]
        assert of(order_line=rows).history[:2].tolist() == [True, False]

    def test_few_orders_are_no_history(self) -> None:
        rows = [line(day, 100.0) for day in ("2025-01-05", "2025-06-05", "2026-01-05")]
        assert not of(order_line=rows).history[0]

    def test_a_year_without_orders_is_none_either(self) -> None:
        rows = [*monthly([100.0] * 12 + [0.0] * 12), *monthly([100.0] * 18 + [0.0] * 5 + [1.0])]
        seen = of(order_line=rows[:12])
        assert not seen.history[0]

    def test_who_has_been_silent_for_long_shapes_no_group(self) -> None:
        # last order 2026-04-15, 199 days ago
        seen = of(order_line=monthly([100.0] * 18 + [0.0] * 6))
        assert (bool(seen.history[0]), bool(seen.recent[0])) == (True, False)


class TestLogged:
    def test_every_feature_in_its_order_and_finite_where_known(self) -> None:
        seen = behaviour(channel_facts(), channel_facts().as_of)
        logged = seen.logged()
        assert logged.shape == (63, len(FEATURES))
        assert np.isfinite(logged[seen.recent]).mean() > 0.9


class TestNoLeak:
    def test_rows_after_the_day_change_nothing(self) -> None:
        whole, day = channel_facts(), pd.Timestamp(2025, 12, 31)
        cut = {"order_line": "order_date", "activity": "happened_on", "opportunity": "created_on"}
        frames = {n: t[t[cut[n]] <= day] for n, t in whole.tables.items() if n in cut}
        past = Facts(whole.partners, frames, day)
        first, second = behaviour(whole, day), behaviour(past, day)
        assert first.history.tolist() == second.history.tolist()
        assert first.history.sum() > 50
        told = first.history
        pd.testing.assert_frame_equal(first.figures[told], second.figures[told])
