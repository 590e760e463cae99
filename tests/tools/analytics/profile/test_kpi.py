"""When a KPI has a value, and why not: no source, too early, unknown, few, no base."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from leadline.types import Unit
from tests.tools.analytics.profile.rows import AS_OF, ELDER, facts, line, people
from tools.analytics.profile.facts import Facts, Window, trailing
from tools.analytics.profile.kpi import Kpi, Measured, Missing, judged

YEAR = trailing(AS_OF, 12)


def kpi(measured: Measured, **more: object) -> Kpi:
    def compute(_: Facts, __: Window) -> Measured:
        return measured

    words = ("k", "results", Unit.COUNT, "up", "指标", "KPI", "口径", "definition")
    return Kpi(*words, ("order_line",), "条", "rows", compute, **more)  # type: ignore[arg-type]


def arrays(*pairs: tuple[float, float]) -> Measured:
    table = np.array(pairs, dtype=np.float64)
    return Measured(table[:, 0], table[:, 1])


class TestReasons:
    def judge(self, found: Measured, **more: object) -> list[tuple[object, Missing]]:
        value, _, reason = judged(kpi(found, **more), facts(order_line=[]), YEAR)
        shown = [None if np.isnan(v) else float(v) for v in value]
        return list(zip(shown, map(Missing, reason), strict=True))

    def test_each_in_its_turn(self) -> None:
        # no sample; a sample under 3; enough but nothing to divide by
        found = arrays((7.0, 0), (7.0, 2), (np.nan, 3))
        assert self.judge(found, min_sample=3) == [
            (None, Missing.UNKNOWN_PARTNER),
            (None, Missing.SMALL_SAMPLE),
            (None, Missing.NO_BASE),
        ]

    def test_a_count_of_zero_is_a_figure_of_who_is_known(self) -> None:
        known = np.array([True, False, True])
        found = Measured(np.array([0.0, 0.0, 5.0]), np.zeros(3), known)
        assert self.judge(found, min_sample=0) == [
            (0.0, Missing.NOT),
            (None, Missing.UNKNOWN_PARTNER),
            (5.0, Missing.NOT),
        ]

    def test_infinity_is_no_figure(self) -> None:
        found = arrays((np.inf, 5), (1.0, 5), (1.0, 5))
        assert self.judge(found)[0] == (None, Missing.NO_BASE)


class TestReach:
    def of(self, first_day: str) -> Facts:
        frame = pd.DataFrame({"partner_id": [ELDER], "order_date": [first_day], "amount": [1.0]})
        columns = facts(order_line=[]).tables["order_line"].columns.drop("at")
        return Facts(people([ELDER]), {"order_line": frame.reindex(columns=columns)}, AS_OF)

    # the window begins on 2025-11-01, the one before on 2024-11-01; a month's slack
    @pytest.mark.parametrize(
        ("first_day", "windows", "reason"),
        [
            ("2025-12-02", 1, Missing.NOT),
            ("2025-12-03", 1, Missing.TOO_EARLY),
            ("2025-11-01", 2, Missing.TOO_EARLY),
            ("2024-12-02", 2, Missing.NOT),
        ],
    )
    def test_the_data_must_reach_back(self, first_day: str, windows: int, reason: Missing) -> None:
        found = judged(kpi(arrays((1.0, 5)), whole_windows=windows), self.of(first_day), YEAR)
        assert Missing(found[2][0]) is reason

    def test_a_source_that_is_not_there(self) -> None:
        _, _, reason = judged(kpi(arrays((1.0, 5))), facts(), YEAR)
        assert set(reason) == {Missing.NO_SOURCE}

    def test_what_keeps_no_history_is_known_today_alone(self) -> None:
        of, today = self.of("2019-01-01"), kpi(arrays((1.0, 5)), today_only=True)
        assert Missing(judged(today, of, YEAR)[2][0]) is Missing.NOT
        assert Missing(judged(today, of, YEAR.before)[2][0]) is Missing.TOO_EARLY


class TestWindows:
    def test_trailing_ends_with_today(self) -> None:
        assert YEAR.start == pd.Timestamp(2025, 11, 1)
        assert YEAR.end_excl == pd.Timestamp(2026, 11, 1)
        assert YEAR.days == 365

    def test_the_one_before_is_as_many_months(self) -> None:
        assert YEAR.before.start == pd.Timestamp(2024, 11, 1)
        assert YEAR.before.end_excl == YEAR.start

    def test_a_day_inside_a_month(self) -> None:
        window = trailing(pd.Timestamp(2013, 11, 29), 3)
        assert (window.start, window.end_excl) == (
            pd.Timestamp(2013, 8, 30),
            pd.Timestamp(2013, 11, 30),
        )


class TestFacts:
    def test_rows_of_nobody_are_dropped(self) -> None:
        of = facts(order_line=[line("2026-01-01", 5, partner_id=None), line("2026-01-01", 7)])
        assert sorted(of.tables["order_line"]["amount"]) == [1.0, 7.0]  # the elder's and 7

    def test_memo_makes_a_thing_once(self) -> None:
        of, calls = facts(), []
        for _ in range(2):
            of.memo("x", lambda: calls.append(1))
        assert calls == [1]

    def test_days_after_today_do_not_count_as_reach(self) -> None:
        of = facts(order_line=[line("2027-01-01", 5)])
        span = of.span("order_line")
        assert span is not None
        assert span[1] == pd.Timestamp(2020, 1, 1)

    def test_no_partners_at_all(self) -> None:
        of = Facts(people([]), {}, AS_OF)
        assert of.size == 0
        assert of.span("order_line") is None


class TestColumns:
    def test_a_column_without_any_value_is_no_source(self) -> None:
        needed = kpi(arrays((1.0, 5), (1.0, 5), (1.0, 5)), columns=("order_line.customer_id",))
        without = facts(order_line=[line("2026-01-01", 5)])
        with_one = facts(order_line=[line("2026-01-01", 5, customer_id=1)])
        assert set(judged(needed, without, YEAR)[2]) == {Missing.NO_SOURCE}
        assert set(judged(needed, with_one, YEAR)[2]) == {Missing.NOT}

    def test_of_the_catalogue_too(self) -> None:
        of = facts(product=[{"id": 1, "line": None, "category": "x"}])
        assert of.carries("product.category")
        assert not of.carries("product.line")
