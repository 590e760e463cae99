"""Anomalies in words: who, when, why, what it does not prove."""

from __future__ import annotations

import pytest

from leadline.types import Language
from tests.agents.tellers.telling import told_by
from tests.tools.pushed_channel import context

NAMES = ("stuffing", "diversion", "revenue_anomalies")


class TestStuffing:
    def test_who_when_and_why(self) -> None:
        telling, text = told_by("stuffing", {}, context(), Language.ZH)
        assert text.startswith("疑似压货共 1 处")
        assert "甲（华东，2025-03-22 至 2025-03-31" in text
        assert "季末十天进货占当季 66.67%" in text
        assert "请向伙伴核实" in text
        assert telling.shown is not None
        assert telling.shown.labels == ("甲",)

    def test_in_english(self) -> None:
        _, text = told_by("stuffing", {}, context(), Language.EN)
        assert text.startswith("Suspected channel stuffing: 1.")
        assert "66.67% of the quarter's units came in its last ten days" in text


class TestDiversion:
    def test_who_when_and_why(self) -> None:
        _, text = told_by("diversion", {}, context(), Language.ZH)
        assert "乙（华南，2025-04-15 至 2025-09-15" in text
        assert "100.00% 低于渠道底价" in text


class TestRevenue:
    def test_the_fall_of_a_region(self) -> None:
        telling, text = told_by("revenue_anomalies", {"by": "region"}, context(), Language.ZH)
        assert "华北（2025-07-01 至 2025-09-30）" in text
        assert telling.reading == "销售额异常，按大区"
        assert telling.followups[0] == "华北的销售额为什么变化？"
        assert telling.chart is not None
        assert telling.chart.y == ("expected", "actual")

    def test_series_of_two_names(self) -> None:
        telling, text = told_by("revenue_anomalies", {}, context(), Language.EN)
        assert "华北 × 智能硬件" in text
        assert telling.followups[0] == "Why did sales for 华北 智能硬件 change?"

    def test_partners_are_named_without_their_region(self) -> None:
        arguments: dict[str, object] = {"by": "partner", "partners": ["丙"]}
        telling, text = told_by("revenue_anomalies", arguments, context(), Language.ZH)
        assert "- 丙（" in text
        assert telling.reading == "销售额异常，按伙伴"


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", NAMES)
class TestNothingFound:
    def test_is_said_with_what_to_ask_next(self, name: str, language: Language) -> None:
        telling, text = told_by(name, {"until": "2020-01-01"}, context(), language)
        assert text.endswith("[1]")
        assert ("没有发现" in text) == (language is Language.ZH)
        assert telling.followups
        assert telling.chart is None
        assert telling.shown is None
