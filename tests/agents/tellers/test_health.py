"""Health in words: bands, axes, reasons, honest limits, radar."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.narrate import Told
from agents.slots import render
from agents.tellers.catalog import tell
from agents.tellers.health import AXES
from agents.verify import verify
from leadline.evidence import Chart, Citation
from leadline.types import Language
from tests.agents.channel import HENGXIN, Channel
from tests.agents.tellers.telling import told_by
from tests.tools.partner_world import world
from tools.analytics.health_weights import AXES as SCORED
from tools.catalog import tool

ZH, EN = Language.ZH, Language.EN
RADAR = tuple(axis for axis, _, _ in AXES)


class TestOne:
    def test_band_score_axes_reasons_and_limits(self) -> None:
        telling, text = told_by("health", {"partners": ["伙伴01"]}, world(), ZH)
        assert text.startswith("伙伴01：较差。健康度 ")
        assert "业绩 " in text
        assert "参与 " not in text  # not known
        assert "原因：" in text
        assert "不是绝对水平" in text
        assert telling.chart == Chart("radar", 1, "partner", RADAR)

    def test_no_score_says_how_little_there_is(self, channel: Channel) -> None:
        telling, text = told_by("health", {"partners": [HENGXIN]}, channel.tools(), EN)
        assert text.startswith(f"{HENGXIN} has no health score: the data covers ")
        assert telling.chart is None

    def test_axes_of_the_radar_are_those_of_the_score(self) -> None:
        assert RADAR == SCORED


class TestList:
    def test_lowest_first_with_reasons(self) -> None:
        telling, text = told_by("health", {"limit": 3}, world(), ZH)
        lines = text.splitlines()
        assert lines[0] == "健康度最低的伙伴（共 12 家） [1]："
        assert lines[1].startswith("- 伙伴01（华东）")
        assert len([line for line in lines if line.startswith("- ")]) == 3
        assert telling.chart == Chart("bar", 1, "partner", ("score",))
        assert telling.shown is not None
        assert len(telling.shown.labels) == 3

    def test_best_first_in_english(self) -> None:
        _, text = told_by("health", {"limit": 3, "order": "best"}, world(), EN)
        assert text.startswith("Healthiest partners (of 12) [1]:")

    def test_partners_without_a_score_are_listed_as_such(self, channel: Channel) -> None:
        _, text = told_by("health", {"limit": 3}, channel.tools(), ZH)
        assert text.count("没有分数，数据只覆盖 ") == 3

    def test_nobody(self, channel: Channel) -> None:
        nobody: dict[str, object] = {"partners": [HENGXIN], "regions": ["华北"]}
        _, text = told_by("health", nobody, channel.tools(), EN)
        assert text == "No partner meets the conditions [1]."


class TestSummary:
    @pytest.mark.parametrize("language", list(Language))
    def test_regions_with_shares_and_a_radar(self, language: Language) -> None:
        telling, text = told_by("health_summary", {}, world(), language)
        assert len([line for line in text.splitlines() if line.startswith("- ")]) == 2
        assert telling.chart == Chart("radar", 1, "region", RADAR)
        assert telling.shown is not None
        assert set(telling.shown.labels) == {"华东", "华南"}

    def test_segments_by_their_names(self) -> None:
        telling, text = told_by("health_summary", {"by": "segment"}, world(), EN)
        assert "high_potential" not in text
        assert telling.chart is not None
        assert telling.chart.x == "segment_en"

    def test_groups_without_scores(self, channel: Channel) -> None:
        _, text = told_by("health_summary", {}, channel.tools(), ZH)
        assert text.count("没有分数") == 4


class TestEvidence:
    def test_too_little_to_tell(self, channel: Channel) -> None:
        _, text = told_by("health_evidence", {}, channel.tools(), EN)
        assert text.startswith("There is too little data to test whether activity foretells")

    @pytest.mark.parametrize(
        ("language", "said"),
        [
            (ZH, "- 月均登录次数：与后续变化 0.16（区间 0.03 至 0.29），与后续规模 0.66"),
            (EN, "- Logins a month: with later change 0.16 (interval 0.03 to 0.29), "),
        ],
    )
    def test_measured_ones_with_their_interval(
        self, channel: Channel, language: Language, said: str
    ) -> None:
        result = tool("health_evidence").run({}, channel.tools())
        names = [column.name for column in result.columns]
        figures = {"correlation": 0.66, "correlation_growth": 0.16, "low": 0.03, "high": 0.29}
        row = tuple(
            figures.get(name, cell) for name, cell in zip(names, result.rows[0], strict=True)
        )
        told = (Told("main", Citation("a-1", 1, replace(result, rows=(row, *result.rows[1:])))),)
        telling = tell(told, language)
        text, _ = render(telling.template, [told[0].citation], language)
        verify(telling.template, text, [told[0].citation], language)
        lines = text.splitlines()
        assert "25.00%" in lines[0]
        assert lines[1].startswith(said)
        assert len(lines) == 3  # the KPIs that could not be measured are left out
