"""What an answer says; and that whatever it says, the evidence holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from agents.narrate import MAX_LINES, Told, narrate
from agents.rules.draft import Draft
from agents.slots import render
from agents.verify import verify
from agents.wording import spec_part
from knowledge.semantic.spec import QuerySpec
from leadline.errors import SpecError
from leadline.evidence import Answer, Citation
from leadline.figures import render_figure
from leadline.types import Language
from tests.agents.channel import BOYUAN, HENGXIN, NANYUE, Channel
from tests.agents.questions import QUESTIONS
from tests.agents.specs import specs
from tools.query import QUERY

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def unheld(answer: Answer) -> set[str]:
    """Numbers of a text that stand in no cell, period or count of its citations."""
    held: list[str] = [f"[{c.number}]" for c in answer.citations]
    for citation in answer.citations:
        result = citation.result
        held += [
            spec_part(result, p, answer.language) for p in ("row_count", "time", "base", "where")
        ]
        for row in result.rows:
            for value, column in zip(row, result.columns, strict=True):
                held += [
                    render_figure(value, column, answer.language, size=s) for s in (True, False)
                ]
    known = set(NUMBER.findall(" ".join(held)))
    return set(NUMBER.findall(answer.text)) - known


class TestEveryFigureIsHeld:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_in_answers(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        assert answer.status == "answered", answer.text
        assert answer.citations
        assert unheld(answer) == set()

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(spec=specs(), language=st.sampled_from(list(Language)))
    def test_for_any_spec(self, channel: Channel, spec: QuerySpec, language: Language) -> None:
        try:
            result = QUERY.run(spec, channel.tools())
        except SpecError:
            assume(False)
        told = (Told("main", Citation("a-1", 1, result)),)
        template = narrate(Draft(), told, language)
        citations = (told[0].citation,)
        text, _ = render(template, citations, language)
        verify(template, text, citations, language)
        assert "{{" not in text
        assert "[1]" in text

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        spec=specs(),
        language=st.sampled_from(list(Language)),
        role=st.sampled_from(["total", "listing", "full"]),
    )
    def test_for_any_companion(
        self, channel: Channel, spec: QuerySpec, language: Language, role: str
    ) -> None:
        try:
            result = QUERY.run(spec.model_copy(update={"rollup": None}), channel.tools())
        except SpecError:
            assume(False)
        main = QUERY.run(QuerySpec(metrics=("amount",)), channel.tools())
        told = (Told("main", Citation("a-1", 1, main)), Told(role, Citation("a-2", 2, result)))
        template = narrate(Draft(), told, language)
        citations = tuple(t.citation for t in told)
        verify(template, render(template, citations, language)[0], citations, language)


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        ("question", "words"),
        [
            ("2025年销售额", ["2025 年", "销售额", "61.00万元", "[1]"]),
            ("sales in 2025", ["Sales", "CNY 610,000.00", "2025", "[1]"]),
            ("2025年华东毛利率", ["华东", "毛利率", "54.84%"]),  # 175.5 / 320
            (
                "本季度至今比去年同期销售额",
                ["22.50万元", "15.00万元", "增长", "7.50万元", "50.00%"],
            ),
            (
                "sales this month vs last month",
                ["CNY 95,000.00", "down", "CNY 35,000.00", "26.92%", "CNY 130,000.00"],
            ),
            ("2025年销售额最高的伙伴", [HENGXIN, "最高", "22.00万元"]),
            ("which partner had the lowest sales in 2025?", ["lowest", "同名商贸 (P09)"]),
            ("2025年华东销售额占比", ["32.00万元", "52.46%"]),
            ("本季度各伙伴目标完成率", ["125.00%", "50.00%"]),
            ("沉睡超过90天的伙伴", ["143 天", "10", "9", "[2]"]),
            ("昨天销售额", ["无数据"]),
            ("partners with sales over 1 billion in 2025", ["No rows"]),
            ("除了华东，2025年的销售额", ["不含华东", "29.00万元"]),
        ],
    )
    def test_parts(self, channel: Channel, question: str, words: list[str]) -> None:
        text = channel.ask(question).text
        assert [word for word in words if word not in text] == []

    def test_rows_are_told_one_by_one_in_their_order(self, channel: Channel) -> None:
        lines = channel.ask("2025年销售额前3的伙伴").text.splitlines()
        told = [line for line in lines if line.startswith("-")]
        assert [
            name in line for name, line in zip([HENGXIN, NANYUE, BOYUAN], told, strict=True)
        ] == [True] * 3

    def test_the_sum_of_members_named_side_by_side(self, channel: Channel) -> None:
        text = channel.ask("2025年恒信科技和南粤信息的销售额").text
        assert "35.00万元" in text
        assert "[2]" in text

    def test_a_long_list_is_cut_and_says_so(self, channel: Channel) -> None:
        answer = channel.ask("各月各大区销售额")
        rows = answer.citations[0].result.row_count
        assert rows > MAX_LINES
        lines = [line for line in answer.text.splitlines() if line.startswith("-")]
        assert len(lines) == MAX_LINES + 1
        assert "引用" in lines[-1]

    def test_a_fall_to_nothing_is_no_growth(self, channel: Channel) -> None:
        # 恒信 sold 100 thousand to October the 20th and nothing to November the 20th
        line = next(
            line
            for line in channel.ask("环比下降超过20%的伙伴有哪些？").text.splitlines()
            if HENGXIN in line
        )
        assert "下降 100.00%" in line

    def test_without_a_base_there_is_no_rate(self, channel: Channel) -> None:
        answer = channel.ask("Northwind Traders sales in 2025 yoy")
        assert "no data" in answer.text
        assert "%" not in answer.text

    @pytest.mark.parametrize("question", ["2025年各大区销售额", "2025年销售额最高的伙伴"])
    def test_no_sql_and_no_machine_names(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        spoken = f"{answer.text}{answer.reading}"
        for word in ("SELECT", "amount", "order_line", "region"):
            assert word not in spoken


class TestTheBase:
    @pytest.mark.parametrize(
        "question",
        [
            "2025年销售额同比",
            "年初至今销售额同比",
            "本月销售额环比",
            "本季度销售额比上季度",
            "sales in 2025 vs 2024",
            "上季度销售额同比",
        ],
    )
    def test_text_and_reading_name_the_same_days(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        result = answer.citations[0].result
        base = spec_part(result, "base", answer.language)
        assert base in answer.text
        assert base in answer.reading


class TestBothLanguages:
    @pytest.mark.parametrize(
        ("zh", "en"),
        [
            ("2025年各大区销售额", "sales by region in 2025"),
            ("2025年销售额最高的伙伴", "which partner had the highest sales in 2025?"),
            ("沉睡超过90天的伙伴", "dormant partners over 90 days"),
        ],
    )
    def test_tell_the_same_rows(self, channel: Channel, zh: str, en: str) -> None:
        first, second = channel.ask(zh), channel.ask(en)
        assert first.citations[0].result.rows == second.citations[0].result.rows
        assert len(first.text.splitlines()) == len(second.text.splitlines())

    @pytest.mark.parametrize("question", ["sales in Overseas in 2025", "top 3 products by sales"])
    def test_english_holds_no_chinese_but_names(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        text = answer.text + answer.reading
        for row in answer.citations[0].result.rows:
            for value in row:
                text = text.replace(str(value), "")
        assert not re.search(r"[一-鿿]", text)
