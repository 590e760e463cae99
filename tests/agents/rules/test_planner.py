"""Answer, ask back, or refuse: never silently something else than was asked."""

from __future__ import annotations

import re
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from leadline.evidence import Answer, Label
from leadline.types import Language
from tests.agents.channel import (
    EAST,
    HENGXIN,
    OTHERS_OF_EAST,
    Y2024,
    Y2025,
    Channel,
    check,
    said,
)

few = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

ANSWERABLE = (
    "2025年销售额",
    "2025年各大区的销售额",
    "2025年销售额前3的伙伴",
    "华东2025年毛利率",
    "本季度未达标的伙伴",
    "2025年各大区销售额同比",
    "sales by region in 2025",
    "top 3 partners by sales in 2025",
    "gross margin of Edge Box in 2025",
    "sales this month vs last month",
)

UNKNOWN_WORDS = """
满意度 线上 线下 试用 海运 退税 含税 直销 电商 门店 夜间 进口 国企 民营 预付 分期 取消
大额 新品 自营 中位数 方差 复合 税后 实付 反差 现金 高端 上市公司 学校 医院 复购 会员 国内
海外 小型 春节 女性 张三 王五 旗舰店 上海市
online offline refurbished wholesale prepaid female median organic returned cancelled
pending urgent loyal domestic foreign bundled trial premium cheap approved seasonal
adjusted weighted rolling compound marginal strategic enterprise platinum mostly roughly
double twice freemium
"""


class TestResidual:
    """A content word that nothing used is never ignored."""

    @pytest.mark.parametrize("word", re.findall(r"\S+", UNKNOWN_WORDS))
    @pytest.mark.parametrize(
        ("zh", "en"),
        [
            ("2025年{}销售额", "{} sales in 2025"),
            ("{}2025年各大区的销售额", "sales by region in 2025 {}"),
            ("2025年{}伙伴销售额前3", "top 3 {} partners by sales in 2025"),
        ],
    )
    def test_a_word_without_a_meaning_here(
        self, channel: Channel, word: str, zh: str, en: str
    ) -> None:
        template = en if word.isascii() else zh
        unsettled(channel.ask(template.format(word)), word)

    @few
    @given(data=st.data())
    def test_any_word_at_any_place(self, channel: Channel, data: st.DataObject) -> None:
        question = data.draw(st.sampled_from(ANSWERABLE))
        word = data.draw(
            st.text(alphabet="bcdfghjkmnpqrvwxz", min_size=5, max_size=9)
            | st.text(alphabet="鹦鹉蝴蝶琥珀葡萄珊瑚蜻蜓", min_size=2, max_size=4)
        )
        at = data.draw(st.integers(0, len(question)))
        typed = f"{question[:at]}{word}{question[at:]}"
        if question.isascii():
            typed = f"{question[:at]} {word} {question[at:]}"
        unsettled(channel.ask(typed), word)

    def test_it_is_named_in_the_refusal(self, channel: Channel) -> None:
        assert "满意度" in channel.ask("客户满意度最高的伙伴？").text
        assert "zodiac" in channel.ask("sales by zodiac sign").text

    def test_a_known_word_without_a_place_is_not_ignored_either(self, channel: Channel) -> None:
        for question in ("2025年80%销售额", "sales in 2025 42", "2025年第三销售额"):
            assert channel.ask(question).status != "answered", question


MODIFIERS = """
同比 环比 占比 前3 后2 最低 超过5万 不超过5万 除了华东 按月 每季度 平均 增长 下降 增长最快
未达标 达标 沉睡 没有下单 第二名 前三分之一 翻倍 负增长 相比上月 去年 华南 金牌 毛利率 趋势
只看软件 为什么 预测 人均 首次 赢单 目标对比 50% 3个 大于 年底 最近 其他 month-over-month
share top-3 bottom-2 lowest over-50k excluding-华东 per-quarter average growth declining
fastest-growing below-target dormant without-orders second-highest doubled last-year trend
only-hardware why forecast first-time new won lost against-target 50% three year-end
recently other half twice negative neither without never
"""


class TestModifiers:
    """A word that changes a question changes its reading, or there is no answer."""

    @pytest.mark.parametrize("word", re.findall(r"\S+", MODIFIERS))
    def test_is_never_without_effect(self, channel: Channel, word: str) -> None:
        english = word.isascii() or "excluding" in word
        bases = (
            ("sales in 2025", "sales by region in 2025")
            if english
            else ("2025年销售额", "2025年各大区销售额")
        )
        for base in bases:
            plain = channel.ask(base)
            modifier = word.replace("-", " ") if english else word
            joint = " " if english else ""
            for typed in (f"{modifier}{joint}{base}", f"{base}{joint}{modifier}"):
                answer = channel.ask(typed)
                same = [c.result.digest for c in answer.citations] == [
                    c.result.digest for c in plain.citations
                ]
                assert not same or answer.reading != plain.reading, typed


def unsettled(answer: Answer, word: str) -> None:
    """Not answered; or answered with the word, as it was mended, in the reading."""
    if answer.status == "answered":
        assert answer.label == Label.DERIVED, f"{answer.question}: {answer.reading}"
        assert word in answer.reading, f"{answer.question}: {answer.reading}"


Part: TypeAlias = tuple[str, str, str]
"""Chinese, English, and what it says in a spec."""

TIMES: tuple[Part, ...] = (
    ("2025年", "in 2025", Y2025),
    ("去年", "last year", Y2024),
    ("上季度", "last quarter", "2025-07-01..2025-10-01"),
    ("近两个月", "in the last 2 months", "2025-09-21..2025-11-21"),
    ("2025年上半年", "in the first half of 2025", "2025-01-01..2025-07-01"),
    ("2024年10月", "in October 2024", "2024-10-01..2024-11-01"),
)
METRICS: tuple[Part, ...] = (
    ("销售额", "sales", "amount"),
    ("订单数", "orders", "orders"),
    ("毛利", "gross margin", "gross_margin"),
    ("毛利率", "gross margin rate", "gross_margin_rate"),
    ("销量", "quantity", "quantity"),
    ("平均订单金额", "average order value", "average_order_value"),
)
DIMENSIONS: tuple[Part, ...] = (
    ("大区", "region", "region"),
    ("伙伴", "partner", "partner"),
    ("产品类别", "product category", "product_category"),
    ("客户行业", "industry", "customer_industry"),
    ("销售人员", "salesperson", "salesperson"),
)
FILTERS: tuple[Part, ...] = (
    ("", "", ""),
    ("Overseas", "Overseas", "region in Overseas"),
    ("金牌伙伴", "金牌 partners", "partner_tier in 金牌"),
    ("Edge Box", "Edge Box", "product in Edge Box"),
    ("制造业", "制造业", "customer_industry in 制造业"),
    (HENGXIN, HENGXIN, f"partner in {HENGXIN}"),
)


class TestCoverage:
    """Whatever a question says stands in its spec, in either language."""

    @few
    @given(
        time=st.sampled_from(TIMES),
        metric=st.sampled_from(METRICS),
        dimension=st.sampled_from(DIMENSIONS),
        whose=st.sampled_from(FILTERS),
        top=st.none() | st.integers(1, 12),
    )
    def test_every_part_is_there(
        self,
        channel: Channel,
        time: Part,
        metric: Part,
        dimension: Part,
        whose: Part,
        top: int | None,
    ) -> None:
        assume(dimension[2] not in whose[2])
        of_zh, of_en = whose[0] and f"{whose[0]}的", whose[1] and f" of {whose[1]}"
        if top is None:
            zh = f"{time[0]}{of_zh}各{dimension[0]}{metric[0]}"
            en = f"{metric[1]}{of_en} by {dimension[1]} {time[1]}"
        else:
            zh = f"{time[0]}{of_zh}{metric[0]}前{top}的{dimension[0]}"
            en = f"top {top} {plural(dimension[1])} by {metric[1]}{of_en} {time[1]}"
        expected = {
            "metrics": metric[2],
            "by": dimension[2],
            "days": time[2],
            "where": whose[2],
            "limit": "" if top is None else str(top),
        }
        for question in (zh, en):
            check(channel.spec(question), **expected)

    @few
    @given(
        time=st.sampled_from(TIMES),
        metric=st.sampled_from(METRICS),
        left_out=st.sampled_from(FILTERS[1:4]),
    )
    def test_what_is_left_out(
        self, channel: Channel, time: Part, metric: Part, left_out: Part
    ) -> None:
        expected = {
            "metrics": metric[2],
            "days": time[2],
            "where": left_out[2].replace(" in ", " not_in "),
        }
        for question in (
            f"{time[0]}除了{left_out[0]}以外的{metric[0]}",
            f"{metric[1]} {time[1]} excluding {left_out[1]}",
        ):
            check(channel.spec(question), **expected)

    @few
    @given(
        metric=st.sampled_from([METRICS[0], METRICS[2], METRICS[4]]),
        time=st.sampled_from(TIMES[2:]),
        bound=st.sampled_from([("超过", "above", "gt"), ("不低于", "of at least", "ge")]),
        tens=st.integers(1, 40),
    )
    def test_a_threshold(
        self,
        channel: Channel,
        metric: Part,
        time: Part,
        bound: tuple[str, str, str],
        tens: int,
    ) -> None:
        value = tens * 10
        for question in (
            f"{time[0]}{metric[0]}{bound[0]}{value}的伙伴",
            f"partners with {metric[1]} {bound[1]} {value} {time[1]}",
        ):
            check(
                channel.spec(question),
                metrics=metric[2],
                by="partner",
                days=time[2],
                having=f"{metric[2]} {bound[2]} {value}",
            )


def plural(word: str) -> str:
    """The English plural of a dimension's name."""
    if word == "salesperson":
        return "salespeople"
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


class TestParaphrases:
    @pytest.mark.parametrize(
        "questions",
        [
            ("2025年各大区销售额", "按大区看2025年的销售额", "sales by region in 2025"),
            ("2025年销售额最高的伙伴", "which partner had the highest sales in 2025?"),
            ("本季度未达标的伙伴", "which partners missed their target this quarter"),
            ("本月销售额环比", "sales this month vs the previous period"),
            ("２０２５年銷售額", "2025年销售额", "Sales in 2025?", "SALES IN 2025"),
            ("沉睡超过90天的伙伴", "partners dormant for more than 90 days"),
            ("2025年每个大区销售额前2的伙伴", "top 2 partners per region by sales in 2025"),
        ],
    )
    def test_give_equal_rows(self, channel: Channel, questions: tuple[str, ...]) -> None:
        rows = [sorted(map(str, channel.rows(question))) for question in questions]
        assert all(found == rows[0] for found in rows)


class TestAskingBack:
    @pytest.mark.parametrize(
        "question",
        [
            "查查销售额",
            "销售额是多少",
            "show me sales",
            "毛利率",
            "2025年",
            "华东",
            "恒信科技",
            "?",
            "123",
        ],
    )
    def test_too_little_was_said(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        assert answer.status == "clarify"
        assert answer.options
        assert not answer.citations

    @pytest.mark.parametrize("question", ["总销售额", "一共有多少订单", "total sales", "库存"])
    def test_enough_without_a_period(self, channel: Channel, question: str) -> None:
        assert channel.ask(question).status == "answered"

    def test_what_was_understood_stands_in_the_options(self, channel: Channel) -> None:
        answer = channel.ask("2025年恒信科技怎么样")
        assert all(
            "2025" in option.question and HENGXIN in option.question for option in answer.options
        )


class TestRefusing:
    @pytest.mark.parametrize(
        "question",
        [
            "客户满意度最高的伙伴？",
            "退货率最高的产品",  # known, but nothing loaded
            "return rate in 2025",
            "2025年各竞品的销售额",  # a dimension without data
            "2025年各仓库的销售额",  # data, but sales have no warehouse
            "sales by zodiac sign",
            "按星座看销售额",
            "预测2099年的销售额",
            "预测下季度毛利率",
            "为什么天是蓝的",
            "怎么提升销售额，给点建议",
            "恒信科技还差多少拿到下一档返利？",
            "2024年哪些伙伴有流失风险？",
            "which partners are similar to nobody at all?",
        ],
    )
    def test_what_cannot_be_answered(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        assert answer.status in ("refused", "clarify"), answer.text
        assert answer.options
        assert not answer.citations
        assert answer.text

    @pytest.mark.parametrize(
        "question", ["预测下季度毛利率", "退货率最高的产品", "sales by zodiac sign"]
    )
    def test_is_a_refusal_not_a_question(self, channel: Channel, question: str) -> None:
        assert channel.ask(question).status == "refused"

    def test_the_dimensions_that_there_are_are_named(self, channel: Channel) -> None:
        assert "大区" in channel.ask("2025年各仓库的销售额").text


class TestOptions:
    @pytest.mark.parametrize(
        "question",
        [
            "查查销售额",
            "show me sales",
            "2025年",
            "2025",
            "华东",
            "最好的伙伴是谁",
            "best partner",
            "同名商贸2025年销售额",
            "客户满意度最高的伙伴？",
            "sales by zodiac sign",
            "预测2099年的销售额",
            "2023年销售额",
            "2025年各仓库的销售额",
            "退货率最高的产品",
            "大区经理有哪些",
            "全国数据给我看看",
            "hello",
            "北京的库存",
        ],
    )
    def test_every_option_can_be_answered(self, channel: Channel, question: str) -> None:
        options = channel.ask(question).options
        assert options
        for option in options:
            assert option.label
            answer = channel.ask(option.question)
            assert answer.status == "answered", f"{option.question}: {answer.text}"

    @pytest.mark.parametrize(
        "question", ["查查销售额", "show me sales", "2023年销售额", "sales in 2030"]
    )
    def test_they_are_in_the_question_s_language(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        chinese = answer.language is Language.ZH
        assert all(option.question.isascii() is not chinese for option in answer.options)


class TestAboutTheAnswer:
    @pytest.mark.parametrize(
        "question", ["数据截至哪天？", "how fresh is the data?", "数据更新到什么时候"]
    )
    def test_as_of(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        assert answer.citations[0].result.tool == "freshness"
        assert "2025-11-20" in answer.text

    @pytest.mark.parametrize(
        ("question", "metric"),
        [
            ("销售额怎么算的？", "amount"),
            ("how is gross margin rate calculated?", "gross_margin_rate"),
            ("活跃伙伴数的定义是什么", "active_partners"),
        ],
    )
    def test_how_a_metric_is_computed(self, channel: Channel, question: str, metric: str) -> None:
        result = channel.ask(question).citations[0].result
        assert result.tool == "explain"
        assert result.rows[0][0] == metric

    def test_how_the_last_figure_was_computed(self, channel: Channel) -> None:
        answer = channel.ask("这个数怎么算的？", "2025年华东毛利率")
        assert answer.citations[0].result.rows[0][0] == "gross_margin_rate"
        assert "华东" in answer.reading

    def test_without_a_figure_before_it_asks_which(self, channel: Channel) -> None:
        answer = channel.ask("这个数怎么算的？")
        assert answer.status == "clarify"
        assert answer.options

    @pytest.mark.parametrize(
        ("question", "words"),
        [("你能回答什么问题？", ("销售额", "大区")), ("what can I ask?", ("sales", "region"))],
    )
    def test_what_can_be_asked(
        self, channel: Channel, question: str, words: tuple[str, ...]
    ) -> None:
        answer = channel.ask(question)
        assert answer.status == "answered"
        assert all(word in answer.text for word in words)
        assert answer.options

    def test_what_has_no_data_is_not_offered(self, channel: Channel) -> None:
        assert "退货" not in channel.ask("你能回答什么问题？").text


class TestLanguage:
    @pytest.mark.parametrize(
        ("question", "language"),
        [
            ("2025年销售额", Language.ZH),
            ("sales in 2025", Language.EN),
            ("H1渠道top5 YoY怎么样", Language.ZH),
            ("2025年Edge Box的sales", Language.ZH),
            ("sales of 华东 in 2025", Language.EN),
            ("top 2 partners in 华东 by sales", Language.EN),
        ],
    )
    def test_of_the_words_that_are_no_names(
        self, channel: Channel, question: str, language: Language
    ) -> None:
        assert channel.ask(question).language is language


class TestScope:
    def test_members_outside_are_unknown(self, channel: Channel) -> None:
        for question in ("南粤信息2025年销售额", "华南2025年销售额", "sales of Alpine Systems"):
            answer = channel.ask(question, as_=EAST)
            assert answer.status in ("refused", "clarify"), question
            assert not answer.citations
            others = {o.question for o in answer.options} | {o.label for o in answer.options}
            assert not any(name in text for name in OTHERS_OF_EAST for text in others)

    def test_a_misspelt_outsider_is_not_suggested(self, channel: Channel) -> None:
        answer = channel.ask("sales of Alpin Systems in 2025", as_=EAST)
        assert answer.status in ("refused", "clarify")
        assert "alpine" not in str(answer).casefold()


class TestAnythingTyped:
    @few
    @given(
        st.text(
            alphabet="销售额华东各前三的2025年月超过%万比除了这5家topby sales,.?！' 不", max_size=24
        )
    )
    def test_never_fails(self, channel: Channel, typed: str) -> None:
        answer = channel.service.ask(typed)
        assert answer.status in ("answered", "clarify", "refused")
        assert answer.text
        assert answer.status == "answered" or answer.options

    def test_the_spec_is_the_citation_s(self, channel: Channel) -> None:
        # what `said` reads is what is stored with the answer
        assert said(channel.spec("2025年销售额")) == {"metrics": "amount", "days": Y2025}
