"""One partner in words: headlines, strong and weak points, what is missing, in both languages."""

from __future__ import annotations

import pytest

from leadline.evidence import Chart
from leadline.types import Language
from tests.agents.channel import BOYUAN, HENGXIN, XINYA, Channel
from tests.agents.tellers.telling import told_by
from tests.tools.partner_world import world

ZH, EN = Language.ZH, Language.EN


class TestProfile:
    def test_headlines_with_change_and_place(self) -> None:
        telling, text = told_by("profile", {"partner": "伙伴12"}, world(), ZH)
        first, second, *_ = text.splitlines()
        assert first == "伙伴12 [1]："
        # 12,000 in each of twelve months, as in the year before; the largest of twelve
        assert second.startswith("- 进货额 14.40万元，较上期持平 0.00%，同组百分位 100.00%（中位 ")
        assert "强项：进货额 14.40万元（百分位 100.00%）" in text
        assert telling.shown is not None
        assert telling.shown.labels == ("伙伴12",)

    def test_english(self) -> None:
        _, text = told_by("profile", {"partner": "伙伴01"}, world(), EN)
        # six of the twelve months at 1,000, twelve before
        assert "- Sell-in CNY 6,000.00, down 50.00% on the window before, peer percentile" in text
        assert "Weak: " in text

    def test_what_is_missing_is_said_with_its_reason(self) -> None:
        _, text = told_by("profile", {"partner": "伙伴12"}, world(), ZH)
        assert "没有数据：目标完成率（数据中没有相关记录）" in text
        assert "其余见表" in text

    def test_a_partner_without_anything(self, channel: Channel) -> None:
        _, text = told_by("profile", {"partner": XINYA}, channel.tools(), EN)
        lines = text.splitlines()
        assert lines[0] == f"{XINYA} [1]:"
        assert lines[1].startswith("No data: Sell-in (no records of this partner in the window)")
        assert len(lines) == 2

    @pytest.mark.parametrize("language", list(Language))
    def test_what_to_ask_next(self, channel: Channel, language: Language) -> None:
        telling, _ = told_by("profile", {"partner": HENGXIN}, channel.tools(), language)
        assert len(telling.followups) == 2


class TestCard:
    def test_in_one_sentence(self, channel: Channel) -> None:
        _, text = told_by("profile_card", {"partner": HENGXIN}, channel.tools(), ZH)
        assert text.startswith(f"{HENGXIN}（华东，代理商，金牌，")
        assert "进货额 24.00万元" in text
        assert "健康度" not in text  # it has none

    def test_with_health(self) -> None:
        _, text = told_by("profile_card", {"partner": "伙伴12"}, world(), EN)
        assert text.startswith("伙伴12 (华南")
        assert ", health " in text


class TestComparison:
    def test_side_by_side(self, channel: Channel) -> None:
        pair: dict[str, object] = {"first": HENGXIN, "second": BOYUAN}
        telling, text = told_by("compare_partners", pair, channel.tools(), ZH)
        lines = text.splitlines()
        assert lines[0] == f"{HENGXIN} 与 {BOYUAN} 对比 [1]："
        assert f"- 进货额：24.00万元 / 9.00万元，{HENGXIN} 更优" in lines
        assert telling.chart == Chart(
            "grouped_bar", 1, "label_zh", ("first_percentile", "second_percentile")
        )

    def test_english(self, channel: Channel) -> None:
        pair: dict[str, object] = {"first": HENGXIN, "second": BOYUAN}
        telling, text = told_by("compare_partners", pair, channel.tools(), EN)
        assert f"- Sell-in: CNY 240,000.00 / CNY 90,000.00, {HENGXIN} is ahead" in text
        assert telling.chart is not None
        assert telling.chart.x == "label_en"

    def test_two_of_which_nothing_is_known(self, channel: Channel) -> None:
        pair: dict[str, object] = {"first": XINYA, "second": "P08", "window_months": 36}
        _, text = told_by("compare_partners", pair, channel.tools(), ZH)
        assert text


class TestLikes:
    def test_each_with_what_it_shares(self, channel: Channel) -> None:
        arguments: dict[str, object] = {"partner": HENGXIN}
        telling, text = told_by("similar_partners", arguments, channel.tools(), ZH)
        assert text.startswith("最相似的伙伴（比较了 ")
        assert "相似度" in text
        assert telling.shown is not None
        assert telling.shown.dimension == "partner"
        assert HENGXIN not in telling.shown.labels

    def test_nobody_to_compare_with(self, channel: Channel) -> None:
        _, text = told_by("similar_partners", {"partner": XINYA}, channel.tools(), EN)
        assert text == "No partner can be compared: there is too little data [1]."


class TestHistory:
    def test_a_timeline_newest_first(self, channel: Channel) -> None:
        _, text = told_by("partner_timeline", {"partner": HENGXIN}, channel.tools(), ZH)
        lines = text.splitlines()
        assert lines[0].startswith(f"{HENGXIN}的大事记，最近的在前（共 ")
        assert lines[1] == "- 2025-10-03 最近一张订单：B09，10.00万元"

    def test_no_events(self, channel: Channel) -> None:
        _, text = told_by("partner_timeline", {"partner": XINYA}, channel.tools(), EN)
        assert text == "The data holds no events of it [1]."

    def test_months_beside_the_peers(self) -> None:
        arguments: dict[str, object] = {"partner": "伙伴12", "months": 3}
        telling, text = told_by("partner_trend", arguments, world(), EN)
        lines = text.splitlines()
        assert lines[0].startswith("Monthly sell-in of 伙伴12 (3 months, newest first")
        # in October eleven partners bought 2,000 to 12,000 and the first nothing: 6,500
        assert lines[1] == "- 2026-10: CNY 12,000.00 (peer median CNY 6,500.00)"
        assert telling.chart == Chart("line", 1, "month", ("amount", "peer_median_amount"))

    def test_no_months(self, channel: Channel) -> None:
        _, text = told_by("partner_trend", {"partner": HENGXIN}, channel.tools(), ZH)
        assert text.startswith(f"{HENGXIN}逐月进货额")
