"""The card, the months, the timeline, the comparison and the likes of one partner."""

from __future__ import annotations

from typing import Any

import pytest

from leadline.errors import SpecError
from leadline.evidence import ToolResult
from leadline.types import Scalar
from tests.agents.channel import BOYUAN, EAST, HENGXIN, NANYUE, XINYA, Channel
from tests.tools.partner_world import world
from tools.churn import CHURN
from tools.compare_partners import COMPARE_PARTNERS
from tools.definition import Tool
from tools.health import HEALTH
from tools.partner_timeline import KINDS, PARTNER_TIMELINE
from tools.partner_trend import PARTNER_TREND
from tools.profile_card import PROFILE_CARD
from tools.segments import SEGMENTS_TOOL
from tools.similar_partners import SIMILAR_PARTNERS


def rows_of(result: ToolResult) -> list[dict[str, Scalar]]:
    names = [column.name for column in result.columns]
    return [dict(zip(names, row, strict=True)) for row in result.rows]


def run(channel: Channel, tool: Tool[Any], **arguments: object) -> list[dict[str, Scalar]]:
    return rows_of(tool.run(arguments, channel.tools()))


class TestCard:
    def test_who_it_is_and_what_it_sold(self, channel: Channel) -> None:
        (card,) = run(channel, PROFILE_CARD, partner=HENGXIN)
        assert (card["partner"], card["region"], card["territory"]) == (HENGXIN, "华东", "浙江")
        assert (card["partner_type"], card["partner_tier"]) == ("代理商", "金牌")
        # 240 thousand now; the window before (to 2024-11-20) held A01 and A05: 180
        assert card["amount_12m"] == 240_000.0
        assert card["last_order_date"] == "2025-10-03"
        assert card["since"] == "2024-02-10"  # no joining day: the first order

    def test_what_is_unknown_is_null(self, channel: Channel) -> None:
        (card,) = run(channel, PROFILE_CARD, partner=XINYA)
        for name in ("amount_12m", "growth", "health", "last_order_date", "since", "partner_owner"):
            assert card[name] is None, name
        assert card["kpis"] == 0
        assert card["churn_risk"] is None
        assert (card["segment"], card["churn_band"]) == ("insufficient_history", "unknown")
        assert (card["segment_zh"], card["churn_en"]) == ("历史不足", "not enough history")

    def test_segment_health_and_risk_are_those_of_their_tools(self) -> None:
        (card,) = rows_of(PROFILE_CARD.run({"partner": "伙伴12"}, world()))
        only: dict[str, object] = {"partners": ["伙伴12"]}
        (segment,) = rows_of(SEGMENTS_TOOL.run(only, world()))
        (health,) = rows_of(HEALTH.run(only, world()))
        (churn,) = rows_of(CHURN.run(only, world()))
        assert (card["segment"], card["segment_en"]) == (segment["segment"], segment["segment_en"])
        assert card["health"] == health["score"] is not None
        assert (card["churn_risk"], card["churn_band"]) == (churn["risk"], churn["band"])


class TestMonths:
    def test_newest_last_with_zeros_between(self, channel: Channel) -> None:
        months = run(channel, PARTNER_TREND, partner=HENGXIN, months=3)
        assert [m["month"] for m in months] == ["2025-09", "2025-10", "2025-11"]
        assert [m["amount"] for m in months] == [0.0, 100_000.0, 0.0]
        assert [m["quantity"] for m in months] == [0.0, 10.0, 0.0]
        assert all(m["activities"] is None and m["sell_through_amount"] is None for m in months)

    def test_all_months_together_are_all_it_bought(self, channel: Channel) -> None:
        months = run(channel, PARTNER_TREND, partner=HENGXIN)
        assert sum(float(m["amount"] or 0) for m in months) == 420_000.0  # 200 + 220 thousand
        assert months[0]["month"] == "2024-02"  # where the data begins

    def test_the_peers_median_is_over_who_ever_ordered(self, channel: Channel) -> None:
        months = {m["month"]: m for m in run(channel, PARTNER_TREND, partner=HENGXIN)}
        # January 2025: 120 thousand of 恒信, eight others nothing
        assert months["2025-01"]["peer_median_amount"] == 0.0


class TestTimeline:
    def test_newest_first(self, channel: Channel) -> None:
        events = run(channel, PARTNER_TIMELINE, partner=HENGXIN)
        days = [str(event["date"]) for event in events]
        assert days == sorted(days, reverse=True)
        told = {str(e["kind"]): (e["date"], e["amount"]) for e in events}
        assert told["first_order"] == ("2024-02-10", 100_000.0)
        assert told["largest_order"] == ("2025-01-20", 120_000.0)
        assert told["last_order"] == ("2025-10-03", 100_000.0)
        assert told["deal_won"] == ("2025-03-06", 100_000.0)

    def test_titles_in_both_languages(self, channel: Channel) -> None:
        for event in run(channel, PARTNER_TIMELINE, partner=HENGXIN):
            zh, en = KINDS[str(event["kind"])]
            assert str(event["title_zh"]).startswith(zh)
            assert str(event["title_en"]).startswith(en)

    def test_a_limit_says_how_many_there_are(self, channel: Channel) -> None:
        whole = PARTNER_TIMELINE.run({"partner": HENGXIN}, channel.tools())
        two = PARTNER_TIMELINE.run({"partner": HENGXIN, "limit": 2}, channel.tools())
        assert two.rows == whole.rows[:2]
        assert two.row_count == len(whole.rows) > 2

    def test_nothing_happened(self, channel: Channel) -> None:
        assert run(channel, PARTNER_TIMELINE, partner=XINYA) == []


class TestComparison:
    def test_side_by_side_and_who_is_ahead(self, channel: Channel) -> None:
        rows = run(channel, COMPARE_PARTNERS, first=HENGXIN, second=BOYUAN)
        by_name = {row["kpi"]: row for row in rows}
        sell_in = by_name["sell_in"]
        # 博远 bought 60 in March and 30 in October
        assert (sell_in["first_value"], sell_in["second_value"]) == (240_000.0, 90_000.0)
        assert sell_in["better"] == "first"
        silence = by_name["days_since_order"]
        assert (silence["first_value"], silence["second_value"]) == (48.0, 35.0)
        assert silence["better"] == "second"  # fewer days are better

    def test_turned_round_it_says_the_same(self, channel: Channel) -> None:
        there = run(channel, COMPARE_PARTNERS, first=HENGXIN, second=BOYUAN)
        back = run(channel, COMPARE_PARTNERS, first=BOYUAN, second=HENGXIN)
        other = {"first": "second", "second": "first", "": ""}
        assert [row["kpi"] for row in there] == [row["kpi"] for row in back]
        for one, two in zip(there, back, strict=True):
            assert one["first_value"] == two["second_value"]
            assert two["better"] == other[str(one["better"])]

    def test_what_neither_has_is_left_out(self, channel: Channel) -> None:
        rows = run(channel, COMPARE_PARTNERS, first=HENGXIN, second=BOYUAN)
        assert "logins" not in {row["kpi"] for row in rows}

    def test_nobody_is_ahead_where_one_is_missing_or_no_way_is_better(
        self, channel: Channel
    ) -> None:
        rows = run(channel, COMPARE_PARTNERS, first=HENGXIN, second=XINYA)
        assert rows
        assert {row["better"] for row in rows} == {""}

    @pytest.mark.parametrize("second", [HENGXIN, "P01"])
    def test_one_partner_is_no_pair(self, channel: Channel, second: str) -> None:
        with pytest.raises(SpecError, match=r"different|the same partner"):
            run(channel, COMPARE_PARTNERS, first=HENGXIN, second=second)

    def test_a_foreign_partner_is_unknown(self, channel: Channel) -> None:
        arguments: dict[str, object] = {"first": HENGXIN, "second": NANYUE}
        with pytest.raises(SpecError, match="there is no partner"):
            COMPARE_PARTNERS.run(arguments, channel.tools(EAST.scope))


class TestLikes:
    def test_most_alike_first_and_never_itself(self, channel: Channel) -> None:
        found = run(channel, SIMILAR_PARTNERS, partner=HENGXIN, limit=50)
        likeness = [float(row["similarity"] or 0) for row in found]
        assert likeness == sorted(likeness, reverse=True)
        assert HENGXIN not in {row["partner"] for row in found}

    def test_what_they_share(self, channel: Channel) -> None:
        found = {row["partner"]: row for row in run(channel, SIMILAR_PARTNERS, partner=HENGXIN)}
        # both sell 财务云 to 制造业: 240 of 240 thousand, and 120 of 130 with 10 of Edge Box
        reasons = str(found[NANYUE]["reasons_zh"])
        assert "产品线构成重合 100.00%（云产品）" not in reasons
        assert "产品线构成重合 92.31%（云产品）" in reasons
        assert "同为代理商" in reasons
        assert "both 代理商" in str(found[NANYUE]["reasons_en"])

    def test_only_partners_inside_the_scope(self, channel: Channel) -> None:
        arguments: dict[str, object] = {"partner": HENGXIN, "limit": 50}
        result = SIMILAR_PARTNERS.run(arguments, channel.tools(EAST.scope))
        assert {row[1] for row in result.rows} <= {"华东"}
        assert result.row_count == len(result.rows)
