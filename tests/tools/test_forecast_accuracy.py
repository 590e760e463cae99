"""Was the forecast right: kept forecasts before backtests, and a replay that stays the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from knowledge.warehouse.forecast_store import (
    ForecastQuality,
    ForecastStore,
    ForecastSubject,
    ForecastValue,
)
from leadline.errors import SpecError
from leadline.evidence import ToolResult
from tests.tools.forecast_world import EAST, FIRST, world
from tools.definition import ToolContext
from tools.forecast_accuracy import FORECAST_ACCURACY
from tools.forecast_base import Key
from tools.forecast_run import forecasts_of


@pytest.fixture
def archive() -> Iterator[ForecastStore]:
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    yield ForecastStore(engine, migrate=True)
    engine.dispose()


def table(result: ToolResult) -> list[dict[str, Any]]:
    names = [column.name for column in result.columns]
    return [dict(zip(names, row, strict=True)) for row in result.rows]


def with_archive(archive: ForecastStore, scope: Any = None) -> ToolContext:
    return replace(world() if scope is None else world(scope), forecasts=archive)


def keep(archive: ForecastStore, level: tuple[str, ...], opened: date, **figures: float) -> str:
    """Three months from `opened` on, each member with the same forecast every month, ± 10 %."""
    values = [
        ForecastValue(
            (member,) if level else (),
            date(opened.year, opened.month + at, 1),
            figure,
            0.9 * figure,
            1.1 * figure,
            0.8 * figure,
            1.2 * figure,
            "Blend",
            0.1,
            0.0,
        )
        for member, figure in figures.items()
        for at in range(3)
    ]
    as_of = date(2026, 6, 30) if opened.month == 7 else date(2026, 5, 31)
    number = 1 if opened.month == 7 else 0
    subject = ForecastSubject(number, as_of, "amount", "month", level, opened, "1")
    run, _ = archive.keep(subject, ForecastQuality(1.0, 0.1, 0.0, 0.8, 0.95), values)
    return run.run_id


class TestBacktest:
    def test_a_backtest_knows_only_the_data_of_then(self) -> None:
        rows = table(FORECAST_ACCURACY.run({"by": ["region"]}, world()))
        south = next(row for row in rows if row["region"] == "华南")
        # 丁 began in August: the quarter brought 3 × 3,000 + 2 × 4,000, and nobody could know.
        assert south["actual"] == 17_000
        assert south["forecast"] < 12_000
        assert (south["made_on"], south["origin"]) == ("2026-06-30", "backtest")
        assert south["error_rate"] == pytest.approx(south["forecast"] / 17_000 - 1, abs=1e-5)

    def test_the_total_counts_the_members_inside(self) -> None:
        rows = table(FORECAST_ACCURACY.run({"by": ["region"]}, world()))
        total = rows[-1]
        assert total["kind"] == "total"
        assert total["members"] == 2
        assert total["members_inside80"] == sum(row["inside80"] for row in rows[:-1])
        assert total["actual"] == 3 * 3_000 + 17_000

    def test_a_month_by_name(self) -> None:
        row = table(FORECAST_ACCURACY.run({"period": "2025-12"}, world()))[0]
        assert row["actual"] == 12_000
        assert row["made_on"] == "2025-11-30"

    @pytest.mark.parametrize("period", ["2026-10", "2026-Q4", "2027-01"])
    def test_what_is_not_over_is_refused(self, period: str) -> None:
        with pytest.raises(SpecError, match="is not over"):
            FORECAST_ACCURACY.run({"period": period}, world())

    def test_what_nothing_precedes_is_refused(self) -> None:
        with pytest.raises(SpecError, match="no orders before"):
            FORECAST_ACCURACY.run({"period": "2023-Q4"}, world())


class TestKept:
    def test_what_was_kept_before_the_period_is_used(self, archive: ForecastStore) -> None:
        runs = (
            keep(archive, ("region",), date(2026, 7, 1), 华东=3_000, 华南=3_500),
            keep(archive, (), date(2026, 7, 1), all=6_500),
        )
        result = FORECAST_ACCURACY.run({"by": ["region"]}, with_archive(archive))
        rows = table(result)
        east = next(row for row in rows if row["region"] == "华东")
        # Three months of 3,000 and 3,000 came each: exact, inside both.
        assert (east["forecast"], east["actual"], east["error_rate"]) == (9_000, 9_000, 0)
        assert (east["inside80"], east["origin"], east["made_on"]) == (1, "stored", "2026-06-30")
        # Correlation 1: three times ± 350 is ± 1,050 around 10,500; 17,000 came.
        south = next(row for row in rows if row["region"] == "华南")
        assert (south["lo80"], south["hi80"]) == (9_450, 11_550)
        assert (south["inside80"], south["inside95"]) == (0, 0)
        assert rows[-1]["forecast"] == 19_500
        assert result.arguments["runs"] == list(runs)

    def test_the_best_informed_is_used(self, archive: ForecastStore) -> None:
        keep(archive, (), date(2026, 6, 1), all=1_000)
        later = keep(archive, (), date(2026, 7, 1), all=6_500)
        result = FORECAST_ACCURACY.run({"period": "2026-07"}, with_archive(archive))
        assert result.arguments["runs"] == [later]

    def test_what_began_after_the_period_is_not(self, archive: ForecastStore) -> None:
        keep(archive, (), date(2026, 7, 1), all=6_500)
        result = FORECAST_ACCURACY.run({"period": "2026-06"}, with_archive(archive))
        assert table(result)[0]["origin"] == "backtest"
        assert result.arguments["runs"] == []

    def test_a_replay_keeps_to_what_was_used(self, archive: ForecastStore) -> None:
        before = FORECAST_ACCURACY.run({"period": "2026-07"}, with_archive(archive))
        keep(archive, (), date(2026, 7, 1), all=6_500)
        after = FORECAST_ACCURACY.run({"period": "2026-07"}, with_archive(archive))
        assert after.digest != before.digest
        for first in (before, after):
            again = FORECAST_ACCURACY.run(first.arguments, with_archive(archive))
            assert again.digest == first.digest

    def test_a_scope_never_reads_others_kept_sums(self, archive: ForecastStore) -> None:
        keep(archive, ("region",), date(2026, 7, 1), 华东=3_000, 华南=3_500)
        keep(archive, (), date(2026, 7, 1), all=6_500)
        east = FORECAST_ACCURACY.run({"by": ["region"]}, with_archive(archive, EAST))
        assert [row["region"] for row in table(east)] == ["华东"]
        for scope in (EAST, FIRST):
            alone = FORECAST_ACCURACY.run({}, with_archive(archive, scope))
            assert table(alone)[0]["origin"] == "backtest"

    def test_a_run_about_something_else_is_refused(self, archive: ForecastStore) -> None:
        run = keep(archive, (), date(2026, 7, 1), all=6_500)
        with pytest.raises(SpecError, match="something else"):
            FORECAST_ACCURACY.run({"runs": [run], "metric": "quantity"}, with_archive(archive))
        with pytest.raises(SpecError, match="no archive"):
            FORECAST_ACCURACY.run({"runs": [run]}, world())


class TestForecastsOf:
    def test_levels_that_the_data_has_agree_with_each_other(self) -> None:
        said: list[str] = []
        levels: tuple[tuple[Key, ...], ...] = ((), ("region",), ("territory",))
        made = list(forecasts_of(world(), ("amount",), levels, said.append))
        assert [item.subject.level for item in made] == [(), ("region",)]
        assert said == ["amount by total", "amount by region"]
        total, regions = made
        assert len(total.values) == 12
        for at, value in enumerate(total.values):
            parts = [v.forecast for v in regions.values if v.period_start == value.period_start]
            assert sum(parts) == pytest.approx(value.forecast, abs=0.01), at
        assert total.subject.opened == date(2026, 10, 1)
        assert 0 <= total.quality.rho <= 1
