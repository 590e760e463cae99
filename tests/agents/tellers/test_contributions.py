"""Why a figure changed, in words: causes, what worked against them, effects, a waterfall."""

from __future__ import annotations

import pytest

from leadline.evidence import Chart
from leadline.types import Language
from tests.agents.channel import BOYUAN, HENGXIN, Channel
from tests.agents.tellers.telling import told_by
from tests.tools import pushed_channel

EAST = {"kind": "filter", "member": "region", "values": ["华东"]}
YEAR = {"start": "2025-01-01", "end_excl": "2026-01-01", "partial": True}
QUESTION: dict[str, object] = {
    "dimensions": ["partner"],
    "time": YEAR,
    "compare": {"kind": "yoy"},
    "where": EAST,
}


class TestWords:
    def test_chinese(self, channel: Channel) -> None:
        telling, text = told_by("contributions", QUESTION, channel.tools(), Language.ZH)
        # 230 thousand → 320 thousand: +90
        first = text.splitlines()[0]
        assert first.startswith("华东销售额增长 9.00万元：由 23.00万元 变为 32.00万元")
        assert "2025-01-01 至 2025-11-20，对比 2024-01-01 至 2024-11-20" in first
        assert f"主要来自：{BOYUAN} 4.00万元、{HENGXIN} 4.00万元" in text
        assert "方向相反" not in text
        assert telling.reading == "销售额变化的原因，按伙伴分解"

    def test_english(self, channel: Channel) -> None:
        _, text = told_by("contributions", QUESTION, channel.tools(), Language.EN)
        assert text.startswith("Sales for 华东: up by CNY 90,000.00, from CNY 230,000.00 to")
        assert "Mainly from: " in text
        assert "Of this: price effect" in text

    @pytest.mark.parametrize("language", list(Language))
    def test_a_fall_names_what_fell_first_and_what_worked_against(self, language: Language) -> None:
        # 华北's boxes fall to a third from July 2025; its software stays as it was
        _, text = told_by(
            "contributions",
            {
                "dimensions": ["product_line"],
                "time": {"start": "2025-07-01", "end_excl": "2025-10-01"},
                "compare": {"kind": "previous_period"},
                "where": {"kind": "filter", "member": "region", "values": ["华北"]},
            },
            pushed_channel.context(),
            language,
        )
        cause = text.splitlines()[1]
        assert "智能硬件 -" in cause
        assert "财务云" not in cause

    def test_points_where_the_figure_is_a_rate(self, channel: Channel) -> None:
        arguments = {**QUESTION, "metric": "gross_margin_rate"}
        _, text = told_by("contributions", arguments, channel.tools(), Language.ZH)
        # 133/230 = 57.83 % → 175.5/320 = 54.84 %
        assert text.startswith("华东毛利率下降 2.98 个百分点：由 57.83% 变为 54.84%")
        assert "比率效应" in text

    def test_no_change_has_no_cause(self, channel: Channel) -> None:
        _, text = told_by(
            "contributions",
            {
                "dimensions": ["partner"],
                "time": {"start": "2025-01-01", "end_excl": "2025-02-01"},
                "compare": {"kind": "custom", "start": "2025-01-01", "end_excl": "2025-02-01"},
            },
            channel.tools(),
            Language.ZH,
        )
        assert "持平" in text
        assert "主要来自" not in text


class TestWhatFollows:
    def test_a_waterfall_of_the_rows(self, channel: Channel) -> None:
        telling, _ = told_by("contributions", QUESTION, channel.tools(), Language.ZH)
        assert telling.chart == Chart("waterfall", 1, "partner", ("change",))

    def test_the_members_can_be_pointed_at(self, channel: Channel) -> None:
        telling, _ = told_by("contributions", QUESTION, channel.tools(), Language.ZH)
        assert telling.shown is not None
        assert telling.shown.dimension == "partner"
        # the total and the others are no partners
        assert set(telling.shown.labels) == {BOYUAN, HENGXIN, "同名商贸 (P08)"}

    def test_drilling_into_the_largest_cause_is_offered(self, channel: Channel) -> None:
        arguments = {**QUESTION, "dimensions": ["product_line"]}
        telling, _ = told_by("contributions", arguments, channel.tools(), Language.ZH)
        assert telling.followups == (
            "华东云产品的销售额为什么变化？",
            "华东各伙伴对销售额变化的贡献",
        )
        telling, _ = told_by("contributions", arguments, channel.tools(), Language.EN)
        assert telling.followups[0] == "Why did sales for 华东 云产品 change?"
