"""An answer on a terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from leadline.evidence import Answer, Option
from server.answer_view import print_answer
from server.chart_view import BAR_CELLS
from tests.agents.channel import Channel


def shown(answer: Answer, *, width: int = 200) -> str:
    """What a terminal of this width would show, without colours."""
    stream = io.StringIO()
    print_answer(answer, Console(file=stream, width=width, no_color=True, force_terminal=False))
    return stream.getvalue()


class TestAnswered:
    def test_text_reading_citation_and_label(self, channel: Channel) -> None:
        answer = channel.ask("2025年华东销售额")
        text = shown(answer)
        citation = answer.citations[0]
        for part in (
            answer.text,
            answer.reading,
            f"[1] {citation.citation_id}",
            "快照 1",
            "已认证",
        ):
            assert part in text
        assert answer.answer_id in text
        assert "2025-11-20" in text

    def test_in_english(self, channel: Channel) -> None:
        text = shown(channel.ask("sales in Overseas in 2025"))
        for part in (
            "Read as: ",
            "certified",
            "as of 2025-11-20",
            "snapshot 1",
            "1 row",
            "Ask next",
        ):
            assert part in text
        assert "快照" not in text

    def test_follow_ups(self, channel: Channel) -> None:
        answer = channel.ask("2025年华东销售额")
        assert all(followup in shown(answer) for followup in answer.followups)

    def test_every_citation_has_its_line(self, channel: Channel) -> None:
        answer = channel.ask("2025年恒信科技和博远软件谁卖得多")
        text = shown(answer)
        for citation in answer.citations:
            assert f"[{citation.number}] {citation.citation_id} · {citation.result.tool}" in text

    def test_no_sql_is_shown(self, channel: Channel) -> None:
        assert "SELECT" not in shown(channel.ask("2025年各大区销售额"))


class TestCharts:
    def test_bars_are_as_long_as_their_figures(self, channel: Channel) -> None:
        lines = [
            line for line in shown(channel.ask("2025年各大区销售额")).splitlines() if "█" in line
        ]
        bars = {line.split()[0]: line.count("█") for line in lines}
        # of 320 thousand: 135 is 42 %, 105 33 %, 50 16 %
        assert bars == {
            "华东": BAR_CELLS,
            "华南": round(135 / 320 * BAR_CELLS),
            "Overseas": round(105 / 320 * BAR_CELLS),
            "华北": round(50 / 320 * BAR_CELLS),
        }

    def test_each_bar_bears_its_figure(self, channel: Channel) -> None:
        text = shown(channel.ask("sales by region in 2025"))
        line = next(line for line in text.splitlines() if "█" in line and "Overseas" in line)
        assert line.rstrip().endswith("CNY 105,000.00")

    def test_two_keys_name_both(self, channel: Channel) -> None:
        text = shown(channel.ask("2025年各季度各大区销售额"))
        assert any("█" in line and "2025-Q1 / 华东" in line for line in text.splitlines())

    def test_none_for_a_single_figure(self, channel: Channel) -> None:
        assert "█" not in shown(channel.ask("2025年销售额"))

    def test_none_where_all_is_zero(self, channel: Channel) -> None:
        answer = channel.ask("2025年各大区销售额")
        citation = answer.citations[0]
        rows = tuple((row[0], 0.0) for row in citation.result.rows)
        nothing = replace(citation, result=replace(citation.result, rows=rows))
        assert "█" not in shown(replace(answer, citations=(nothing,)))

    def test_a_loss_has_a_bar_too(self, channel: Channel) -> None:
        answer = channel.ask("2025年各大区销售额")
        citation = answer.citations[0]
        rows = (("华东", -100.0), ("华南", 50.0))
        loss = replace(citation, result=replace(citation.result, rows=rows, row_count=2))
        lines = [ln for ln in shown(replace(answer, citations=(loss,))).splitlines() if "█" in ln]
        assert [line.count("█") for line in lines] == [BAR_CELLS, BAR_CELLS // 2]
        assert "-100.00元" in lines[0]


class TestAskingBackAndRefusing:
    def test_options_are_numbered(self, channel: Channel) -> None:
        answer = channel.ask("查查销售额")
        text = shown(answer)
        for number, option in enumerate(answer.options, start=1):
            assert f"{number}. {option.label}" in text

    @pytest.mark.parametrize("question", ["查查销售额", "预测下季度毛利率"])
    def test_bear_no_label(self, channel: Channel, question: str) -> None:
        text = shown(channel.ask(question))
        assert "已认证" not in text
        assert channel.ask(question).text in text


class TestNamesAreText:
    """Members come from files: whatever they hold is printed, never obeyed."""

    @pytest.mark.parametrize(
        "name", ["[red]ACME[/red]", "[/]", "[link=http://x]A[/link]", "a [1] b"]
    )
    def test_markup(self, channel: Channel, name: str) -> None:
        answer = channel.ask("2025年各大区销售额")
        citation = answer.citations[0]
        rows = ((name, 320_000.0), *citation.result.rows[1:])
        spoilt = replace(
            answer,
            text=f"{name}：32.00万元 [1]",
            reading=f"筛选：{name}",
            citations=(replace(citation, result=replace(citation.result, rows=rows)),),
            options=(Option(name, name),),
            followups=(f"{name}呢？",),
        )
        assert shown(spoilt).count(name) == 5
