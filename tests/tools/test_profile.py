"""The profile tool: one partner's KPIs as evidence, missing ones with their reason."""

from __future__ import annotations

import pytest

from leadline.access import Scope
from leadline.errors import SpecError
from leadline.evidence import ToolResult
from leadline.types import Scalar, Unit
from tests.agents.channel import EAST, HENGXIN, NANYUE, XINYA, Channel
from tools.analytics.profile.catalog import KPIS
from tools.profile import PROFILE


def profile(channel: Channel, partner: str = HENGXIN, **more: object) -> ToolResult:
    return PROFILE.run({"partner": partner, **more}, channel.tools())


def kpi(result: ToolResult, name: str) -> dict[str, Scalar]:
    names = [column.name for column in result.columns]
    rows = [dict(zip(names, row, strict=True)) for row in result.rows]
    return next(row for row in rows if row["kpi"] == name)


class TestFigures:
    def test_every_kpi_has_a_row(self, channel: Channel) -> None:
        result = profile(channel)
        assert [row[0] for row in result.rows] == [one.name for one in KPIS]

    def test_sell_in_of_the_year_up_to_today(self, channel: Channel) -> None:
        # today is 2025-11-20, the window begins on 2024-11-21: A07 (20), B01 (120), B09 (100)
        row = kpi(profile(channel), "sell_in")
        assert (row["value"], row["unit"], row["sample"]) == (240_000.0, "money", 3)
        assert row["fresh_as_of"] == "2025-11-20"
        assert (row["category"], row["direction"]) == ("results", "up")

    def test_among_the_ten_partners(self, channel: Channel) -> None:
        # 240 恒信, 130 南粤, 90 博远, 60 Northwind, 50 宏图 (with A08), 45 Alpine, 30 京创, 10 and
        # 5 同名: the fifth of the nine that ever ordered is the median
        row = kpi(profile(channel), "sell_in")
        assert row["peer_percentile"] == 1.0
        assert row["peer_median"] == 50_000.0
        assert (row["peer_group_zh"], row["peers"]) == ("全部伙伴", 9)

    def test_another_window(self, channel: Channel) -> None:
        # three months from 2025-08-21: B09 alone
        assert kpi(profile(channel, window_months=3), "sell_in")["value"] == 100_000.0

    def test_shares_of_goals(self, channel: Channel) -> None:
        # the quarter of the only target has not ended
        row = kpi(profile(channel), "attainment")
        assert row["value"] is None
        assert row["missing_en"] == "the data does not reach back over the whole window"


class TestMissing:
    def test_no_source_says_so(self, channel: Channel) -> None:
        row = kpi(profile(channel), "logins")
        assert row["value"] is None
        assert (row["missing_zh"], row["missing_en"]) == (
            "数据中没有相关记录",
            "the data holds no such records",
        )
        assert row["fresh_as_of"] is None

    def test_who_never_ordered_is_missing_not_zero(self, channel: Channel) -> None:
        row = kpi(profile(channel, XINYA), "sell_in")
        assert row["value"] is None
        assert row["missing_en"] == "no records of this partner in the window"

    def test_a_value_has_no_reason(self, channel: Channel) -> None:
        for row in (kpi(profile(channel), one.name) for one in KPIS):
            assert (row["value"] is None) is (row["missing_en"] is not None)
            assert (row["missing_zh"] is None) is (row["missing_en"] is None)


class TestEvidence:
    def test_units_stand_row_by_row(self, channel: Channel) -> None:
        result = profile(channel)
        units = {column.name: column.unit for column in result.columns}
        assert units["value"] is units["peer_median"] is units["previous"] is Unit.EACH
        assert {Unit(str(kpi(result, one.name)["unit"])) for one in KPIS} <= set(Unit)
        value = next(column for column in result.columns if column.name == "value")
        assert value.currency == "CNY"

    def test_its_arguments_run_it_again(self, channel: Channel) -> None:
        result = profile(channel, window_months=6)
        assert PROFILE.run(result.arguments, channel.tools()).digest == result.digest

    def test_a_scope_changes_no_figure_of_a_partner_in_it(self, channel: Channel) -> None:
        inside = PROFILE.run({"partner": HENGXIN}, channel.tools(EAST.scope))
        assert inside.rows == profile(channel).rows
        assert inside.scope_hash != "all"


class TestWhatDoesNotFit:
    def test_a_foreign_partner_is_unknown(self, channel: Channel) -> None:
        with pytest.raises(SpecError, match="there is no partner"):
            PROFILE.run({"partner": NANYUE}, channel.tools(EAST.scope))

    def test_nothing_is_in_an_empty_scope(self, channel: Channel) -> None:
        with pytest.raises(SpecError, match="there is no partner"):
            PROFILE.run({"partner": HENGXIN}, channel.tools(Scope(partners=frozenset())))

    @pytest.mark.parametrize("months", [2, 37])
    def test_windows_have_bounds(self, channel: Channel, months: int) -> None:
        with pytest.raises(SpecError, match="window_months"):
            profile(channel, window_months=months)
