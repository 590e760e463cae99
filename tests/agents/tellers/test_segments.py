"""Segments in words: names and directions from cells, what helps, honest limits."""

from __future__ import annotations

from leadline.evidence import Chart
from leadline.types import Language
from tests.agents.tellers.telling import told_by
from tests.tools.behaving_world import NEVER, STOPPING, behaving, label

ZH, EN = Language.ZH, Language.EN


class TestOne:
    def test_segment_why_and_what_helps(self) -> None:
        telling, text = told_by("segments", {"partners": [label(30)]}, behaving(), ZH)
        assert text.startswith("伙伴30：机会导向型")
        assert "- 把握 " in text
        assert "- 原因：" in text
        assert "- 建议：按单支持" in text
        assert telling.chart is None

    def test_what_it_was_before(self) -> None:
        _, text = told_by("segments", {"partners": [label(min(STOPPING))]}, behaving(), EN)
        assert "insufficient history" in text.splitlines()[0]
        assert "- before: " in text
        assert "confidence" not in text.splitlines()[1]

    def test_who_is_not_judged(self) -> None:
        _, text = told_by("segments", {"partners": [label(NEVER)]}, behaving(), ZH)
        assert "历史不足" in text
        assert "近一年没有订单" in text


class TestList:
    def test_counts_all_and_lists_some(self) -> None:
        telling, text = told_by("segments", {"limit": 4}, behaving(), ZH)
        lines = text.splitlines()
        assert lines[0] == "伙伴分群（共 63 家） [1]："
        assert len([line for line in lines if line.startswith("- ")]) == 4
        assert telling.chart == Chart("bar", 1, "partner", ("amount_12m",))
        assert telling.shown is not None
        assert len(telling.shown.labels) == 4

    def test_nobody(self) -> None:
        nobody: dict[str, object] = {"partners": [label(30)], "segments": ["stable"]}
        assert told_by("segments", nobody, behaving(), EN)[1].startswith("No partner meets")


class TestSummary:
    def test_each_segment_with_growth_and_support(self) -> None:
        for language, words in (
            (ZH, ("高潜力增长型", "同比", "建议：")),
            (EN, ("on the year before", "helps")),
        ):
            telling, text = told_by("segment_summary", {}, behaving(), language)
            assert all(word in text for word in words)
            assert len([line for line in text.splitlines() if line.startswith("- ")]) == 4
            suffix = "zh" if language is ZH else "en"
            assert telling.chart == Chart("bar", 1, f"segment_{suffix}", ("amount_12m",))
