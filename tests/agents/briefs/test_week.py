"""Weeks by name, and which of them a brief can be written of."""

from __future__ import annotations

from datetime import date

import pytest

from agents.briefs.week import Week, check_known, last_whole_week, parse_week, week_of
from leadline.errors import InputError, NotFoundError
from tests.agents.channel import Channel


class TestNames:
    @pytest.mark.parametrize("text", ["2013-W47", "2013W47", "2013-w47", " 2013-W47 "])
    def test_are_iso_weeks(self, text: str) -> None:
        week = parse_week(text)
        assert (week.first, week.last) == (date(2013, 11, 18), date(2013, 11, 24))
        assert week.name == "2013-W47"

    def test_the_first_week_may_begin_in_the_old_year(self) -> None:
        assert parse_week("2026-W01").first == date(2025, 12, 29)

    @pytest.mark.parametrize("text", ["47", "2013-47", "W47", "2013-W471", ""])
    def test_other_texts_are_none(self, text: str) -> None:
        with pytest.raises(InputError, match="is no week"):
            parse_week(text)

    @pytest.mark.parametrize("text", ["2013-W53", "2013-W00", "0000-W01"])
    def test_weeks_that_do_not_exist(self, text: str) -> None:
        with pytest.raises(NotFoundError, match="no week"):
            parse_week(text)


class TestDays:
    def test_a_day_s_week(self) -> None:
        assert week_of(date(2013, 11, 24)).name == "2013-W47"
        assert week_of(date(2013, 11, 25)).name == "2013-W48"

    def test_weeks_before(self) -> None:
        assert week_of(date(2026, 1, 7)).before(2).name == "2025-W52"

    @pytest.mark.parametrize(
        ("day", "name"),
        # Saturday, Sunday, Monday
        [(date(2013, 11, 23), "2013-W46"), (date(2013, 11, 24), "2013-W47")],
    )
    def test_the_last_whole_week(self, day: date, name: str) -> None:
        assert last_whole_week(day).name == name


class TestKnown:
    """The channel's orders run from 2024-02-10 to Thursday 2025-11-20."""

    @pytest.mark.parametrize("day", [date(2024, 2, 10), date(2025, 6, 2), date(2025, 11, 20)])
    def test_weeks_with_data(self, channel: Channel, day: date) -> None:
        check_known(week_of(day), channel.snapshot)

    def test_none_after_the_data(self, channel: Channel) -> None:
        with pytest.raises(NotFoundError, match="the data ends on 2025-11-20") as error:
            check_known(Week(date(2025, 11, 24)), channel.snapshot)
        assert "2025-W47" in error.value.hint

    def test_none_before_it(self, channel: Channel) -> None:
        with pytest.raises(NotFoundError, match="begins on 2024-02-10"):
            check_known(Week(date(2024, 1, 29)), channel.snapshot)
