"""The archive of forecasts: added to, never changed, read back equal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from knowledge.warehouse.forecast_store import (
    ForecastQuality,
    ForecastStore,
    ForecastSubject,
    ForecastValue,
)
from knowledge.warehouse.forecasts import FORECAST_VALUE
from leadline.errors import InputError, IntegrityError, NotFoundError

SUBJECT = ForecastSubject(
    3, date(2026, 10, 31), "amount", "month", ("region", "partner"), date(2026, 11, 1), "1"
)
QUALITY = ForecastQuality(0.5, 0.12, -0.03, 0.79, None)
VALUE = ForecastValue(
    ("华东", "云帆"), date(2026, 11, 1), 100.5, 80.0, 120.0, 70.0, 130.25, "Blend", 0.2, None
)


@pytest.fixture
def store(engine: sa.Engine) -> ForecastStore:
    return ForecastStore(engine, migrate=True)


class TestKeeping:
    def test_a_run_is_read_back_equal(self, store: ForecastStore) -> None:
        run, new = store.keep(SUBJECT, QUALITY, [VALUE])
        assert new
        assert store.run(run.run_id) == run
        assert (run.subject, run.quality, run.row_count) == (SUBJECT, QUALITY, 1)
        assert store.values(run.run_id) == (VALUE,)

    def test_the_same_subject_is_kept_once(self, store: ForecastStore) -> None:
        first, _ = store.keep(SUBJECT, QUALITY, [VALUE])
        again, new = store.keep(SUBJECT, QUALITY, [replace(VALUE, forecast=1.0)])
        assert not new
        assert again == first
        assert store.values(first.run_id) == (VALUE,)

    def test_another_version_is_another_run(self, store: ForecastStore) -> None:
        first, _ = store.keep(SUBJECT, QUALITY, [VALUE])
        second, new = store.keep(replace(SUBJECT, version="2"), QUALITY, [VALUE])
        assert new
        assert second.run_id != first.run_id

    def test_nothing_is_no_run(self, store: ForecastStore) -> None:
        with pytest.raises(InputError):
            store.keep(SUBJECT, QUALITY, [])

    def test_the_total_has_no_members(self, store: ForecastStore) -> None:
        total = replace(SUBJECT, level=())
        run, _ = store.keep(total, QUALITY, [replace(VALUE, members=())])
        assert store.run(run.run_id).subject.level == ()
        assert store.values(run.run_id)[0].members == ()


class TestReading:
    def test_an_unknown_run_is_said(self, store: ForecastStore) -> None:
        with pytest.raises(NotFoundError):
            store.values("f-nothing")

    def test_rows_that_were_changed_are_noticed(
        self, store: ForecastStore, engine: sa.Engine
    ) -> None:
        run, _ = store.keep(SUBJECT, QUALITY, [VALUE])
        with engine.begin() as connection:
            connection.execute(sa.update(FORECAST_VALUE).values(forecast=99.0))
        with pytest.raises(IntegrityError):
            store.values(run.run_id)

    def test_the_best_informed_before_a_day_comes_first(self, store: ForecastStore) -> None:
        made = {}
        for snapshot, as_of, opened in (
            (1, date(2026, 8, 31), date(2026, 9, 1)),
            (2, date(2026, 9, 30), date(2026, 10, 1)),
            (3, date(2026, 10, 31), date(2026, 11, 1)),
        ):
            subject = replace(SUBJECT, snapshot=snapshot, as_of=as_of, opened=opened)
            made[snapshot] = store.keep(subject, QUALITY, [VALUE])[0].run_id
        level = SUBJECT.level
        found = store.made_before("amount", "month", level, date(2026, 10, 1), 3)
        # The third knew October; the first two did not.
        assert [run.run_id for run in found] == [made[2], made[1]]
        older = store.made_before("amount", "month", level, date(2026, 10, 1), 1)
        assert [run.run_id for run in older] == [made[1]]
        for other in (("quantity", "month", level), ("amount", "week", level)):
            assert store.made_before(*other, date(2026, 10, 1), 3) == ()
        assert store.made_before("amount", "month", (), date(2026, 10, 1), 3) == ()
