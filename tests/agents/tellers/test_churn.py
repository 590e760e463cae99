"""Churn in words: risk, stake, reasons; no probability where there is none; how good it was."""

from __future__ import annotations

import pytest

from leadline.evidence import Chart
from leadline.types import Language
from tests.agents.channel import Channel
from tests.agents.tellers.telling import told_by
from tests.tools.behaving_world import LEAVING, ONCE, STOPPING, behaving, label

ZH, EN = Language.ZH, Language.EN


class TestList:
    @pytest.mark.parametrize("language", [ZH, EN])
    def test_risk_stake_and_reasons(self, language: Language) -> None:
        telling, text = told_by("churn", {"limit": 3}, behaving(), language)
        lines = [line for line in text.splitlines() if line.startswith("- ")]
        assert len(lines) == 3
        assert all("%" in line for line in lines)
        assert telling.chart == Chart("bar", 1, "partner", ("risk",))
        assert telling.shown is not None
        assert telling.shown.dimension == "partner"

    def test_the_order_is_said(self) -> None:
        by_stake = {"limit": 3, "order": "exposure"}
        assert told_by("churn", by_stake, behaving(), ZH)[1].startswith("按风险敞口排列")
        assert told_by("churn", {"limit": 3}, behaving(), ZH)[1].startswith("按流失风险排列")

    def test_churned_partners_have_no_chart_of_risks(self) -> None:
        telling, text = told_by("churn", {"band": "churned", "limit": 3}, behaving(), ZH)
        assert "已流失，不给概率" in text
        assert telling.chart is None

    def test_nobody(self) -> None:
        nobody: dict[str, object] = {"partners": [label(ONCE)], "band": "high"}
        assert told_by("churn", nobody, behaving(), ZH)[1].startswith("没有符合条件的伙伴")


class TestOne:
    def test_who_leaves(self) -> None:
        _, text = told_by("churn", {"partners": [label(LEAVING[0])]}, behaving(), EN)
        assert text.startswith(f"- {label(LEAVING[0])} (")
        assert "raises the risk" in text
        assert "not a verdict" in text

    def test_who_has_left_and_who_is_new(self) -> None:
        gone = told_by("churn", {"partners": [label(min(STOPPING))]}, behaving(), EN)[1]
        assert "churned, no probability: last order " in gone
        once = told_by("churn", {"partners": [label(ONCE)]}, behaving(), ZH)[1]
        assert "下单次数太少" in once


class TestQuality:
    @pytest.mark.parametrize("language", [ZH, EN])
    def test_model_baseline_and_days(self, language: Language) -> None:
        _, text = told_by("churn_quality", {}, behaving(), language)
        assert text.count("AUC-PR") == 1
        assert len(text.splitlines()) == 4
        assert "2026-" in text

    def test_too_short_a_history_is_said(self, channel: Channel) -> None:
        assert told_by("churn_quality", {}, channel.tools(), ZH)[1].startswith("历史太短")
