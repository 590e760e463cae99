"""Words that nothing matched: mended where one meaning is clearly nearest, else only offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

import pytest

from agents.rules.context import PlannerContext
from agents.rules.mend import Mending, mend
from agents.rules.text import fold
from agents.rules.time_rules import Calendar
from agents.rules.tokens import cover
from tests.agents.channel import Channel

CALENDAR = Calendar(date(2025, 11, 20))
Mender: TypeAlias = Callable[[str], Mending]


def mender(context: PlannerContext) -> Mender:
    return lambda typed: mend(cover(fold(typed), context.lexicon, CALENDAR), context.lexicon)


@pytest.fixture(scope="module")
def mended(context: PlannerContext) -> Mender:
    """What becomes of a text by the channel's words."""
    return mender(context)


def offered(mending: Mending) -> set[str]:
    return {entry.label or entry.name for entry in mending.suggestions}


class TestMisspellings:
    @pytest.mark.parametrize(
        ("typed", "text"),
        [
            ("revenu in 2025", "revenue in 2025"),
            ("sales by resaller", "sales by reseller"),
            ("sales of Alpin Systems", "sales of alpine systems"),
            ("montly sales", "monthly sales"),
        ],
    )
    def test_the_nearest_word_takes_its_place(self, mended: Mender, typed: str, text: str) -> None:
        assert mended(typed).text == text

    def test_every_change_is_noted(self, mended: Mender) -> None:
        assert mended("sales by resaller").notes == [("resaller", "reseller")]

    def test_nothing_is_changed_where_all_is_known(self, mended: Mender) -> None:
        mending = mended("sales by region in 2025")
        assert mending.text == "sales by region in 2025"
        assert not mending.notes
        assert not mending.suggestions

    @pytest.mark.parametrize("typed", ["zz sales", "qx sales", "zz销售额"])
    def test_short_words_are_left_alone(self, mended: Mender, typed: str) -> None:
        mending = mended(typed)
        assert mending.text == fold(typed)
        assert not mending.notes

    def test_a_word_far_from_all_stays(self, mended: Mender) -> None:
        mending = mended("sales of blorptastic")
        assert mending.text == "sales of blorptastic"
        assert not mending.suggestions

    def test_a_tie_between_two_meanings_is_not_decided(self, channel: Channel) -> None:
        own = {
            "value__partner__Northwind Traders": ("norwind",),
            "value__partner__Alpine Systems": ("norwint",),
        }
        mending = mender(channel.context(**own))("sales of norwinx")
        assert "norwinx" in mending.text
        assert not mending.notes


class TestPartsOfNames:
    def test_part_of_a_chinese_name_is_found_and_marked(self, mended: Mender) -> None:
        extra = mended("恒信的销售额").extra
        assert [t.entries[0].label for t in extra] == ["恒信科技有限公司"]
        assert extra[0].note  # for the reading

    def test_several_names_with_the_part_are_all_kept(self, mended: Mender) -> None:
        mending = mended("名商贸销售额")
        labels = {e.label for t in mending.extra for e in t.entries} | offered(mending)
        assert {"同名商贸 (P08)", "同名商贸 (P09)"} <= labels

    def test_one_word_of_an_english_name_is_offered_never_assumed(self, mended: Mender) -> None:
        mending = mended("sales of northwind")
        assert offered(mending) == {"Northwind Traders"}
        assert not mending.extra
        assert not mending.notes


class TestPinyin:
    @pytest.mark.parametrize("typed", ["huadong销售额", "hd销售额"])
    def test_in_full_or_by_initials(self, mended: Mender, typed: str) -> None:
        mending = mended(typed)
        assert mending.text == "华东销售额"
        assert len(mending.notes) == 1

    def test_initials_of_two_names_are_not_decided(self, channel: Channel) -> None:
        own = {"value__region__华南": ("海东",)}  # 海东 and 华东: hd
        mending = mender(channel.context(**own))("hd销售额")
        assert mending.text == "hd销售额"
        assert not mending.notes
