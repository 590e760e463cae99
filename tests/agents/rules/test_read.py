"""What is measured and whose: metrics, members, what is left out, what can mean several things."""

from __future__ import annotations

import pytest

from leadline.evidence import Label
from tests.agents.channel import (
    BOYUAN,
    EAST,
    HENGXIN,
    NANYUE,
    Y2025,
    Channel,
    check,
    said,
)


class TestMetrics:
    @pytest.mark.parametrize(
        ("question", "metrics"),
        [
            ("2025年销售额", "amount"),
            ("2025年营收", "amount"),
            ("2025年卖了多少钱", "amount"),
            ("revenue in 2025", "amount"),
            ("2025年订单数", "orders"),
            ("how many orders in 2025", "orders"),
            ("2025年销量", "quantity"),
            ("units sold in 2025", "quantity"),
            ("2025年毛利", "gross_margin"),
            ("gross profit in 2025", "gross_margin"),
            ("2025年毛利率", "gross_margin_rate"),
            ("gross margin percentage in 2025", "gross_margin_rate"),
            ("2025年客单价", "average_order_value"),
            ("average order value in 2025", "average_order_value"),
            ("2025年折扣率", "discount_rate"),
            ("discount amount in 2025", "discount_amount"),
            ("2025年活跃伙伴数", "active_partners"),
            ("active partners in 2025", "active_partners"),
            ("2025年新增伙伴数", "new_partners"),
            ("2025年回款", "payment_amount"),
            ("payments in 2025", "payment_amount"),
            ("2025年赢单率", "win_rate"),
            ("win rate in 2025", "win_rate"),
            ("2025年赢单金额", "won_amount"),
            ("2025年签单额", "amount"),  # a word of this instance
        ],
    )
    def test_each_by_its_names(self, channel: Channel, question: str, metrics: str) -> None:
        check(channel.spec(question), metrics=metrics, days=Y2025)

    def test_two_metrics_side_by_side(self, channel: Channel) -> None:
        check(channel.spec("2025年销售额和毛利率"), metrics="amount gross_margin_rate", days=Y2025)
        check(channel.spec("sales and orders in 2025"), metrics="amount orders", days=Y2025)

    @pytest.mark.parametrize(
        ("question", "value"),
        [
            ("2025年销售额", 610_000),
            ("2025年订单数", 13),
            ("2025年销量", 89),  # 12+6+9+1+1+2+10+8+10+15+3+5+6+1
            ("2025年毛利", 326_000),  # 610 less costs of 284 thousand
            ("2025年毛利率", 326 / 610),
            ("2025年平均订单金额", 610_000 / 13),
            ("2025年折扣金额", 10_000),
            ("2025年折扣率", 10 / 620),
            ("2025年赢单率", 0.5),  # two won, two lost
        ],
    )
    def test_figures(self, channel: Channel, question: str, value: float) -> None:
        assert channel.rows(question) == [[pytest.approx(value)]]


class TestMembers:
    @pytest.mark.parametrize(
        ("question", "where"),
        [
            ("华东2025年销售额", "region in 华东"),
            ("长三角2025年销售额", "region in 华东"),  # the instance's own word
            ("sales in Overseas in 2025", "region in Overseas"),
            ("浙江2025年销售额", "territory in 浙江"),
            ("宁波2025年销售额", "city in 宁波"),
            ("sales in Munich in 2025", "city in Munich"),
            ("Germany sales 2025", "country in Germany"),
            ("2025年金牌伙伴的销售额", "partner_tier in 金牌"),
            ("恒信科技2025年销售额", f"partner in {HENGXIN}"),
            ("恒信科技有限公司2025年销售额", f"partner in {HENGXIN}"),
            ("Alpine Systems sales in 2025", "partner in Alpine Systems"),
            ("财务云2025年销售额", "product in 财务云"),
            ("sales of Edge Box in 2025", "product in Edge Box"),
            ("2025年软件的销售额", "product_category in 软件"),
            ("hardware sales in 2025", "product_category in Hardware"),
            ("云产品2025年销售额", "product_line in 云产品"),
            ("制造业2025年销售额", "customer_industry in 制造业"),
            ("healthcare sales in 2025", "customer_industry in Healthcare"),
            ("张伟2025年销售额", "salesperson in 张伟"),
        ],
    )
    def test_by_name(self, channel: Channel, question: str, where: str) -> None:
        check(channel.spec(question), metrics="amount", where=where, days=Y2025)

    def test_several_dimensions_are_all_kept(self, channel: Channel) -> None:
        check(
            channel.spec("2025年华东金牌伙伴财务云的销售额"),
            metrics="amount",
            where="partner_tier in 金牌; product in 财务云; region in 华东",
            days=Y2025,
        )

    def test_several_members_are_shown_side_by_side_with_their_sum(self, channel: Channel) -> None:
        answer = channel.ask("2025年恒信科技和南粤信息的销售额")
        check(
            channel.spec("2025年恒信科技和南粤信息的销售额"),
            metrics="amount",
            by="partner",
            where=f"partner in {NANYUE}|{HENGXIN}",
            days=Y2025,
        )
        # 220 + 130 thousand
        assert [list(c.result.rows) for c in answer.citations] == [
            [(HENGXIN, 220_000), (NANYUE, 130_000)],
            [(350_000,)],
        ]

    def test_a_part_of_a_name_is_taken_and_said(self, channel: Channel) -> None:
        answer = channel.ask("恒信2025年销售额")
        check(
            channel.spec("恒信2025年销售额"),
            metrics="amount",
            where=f"partner in {HENGXIN}",
            days=Y2025,
        )
        assert "恒信" in answer.reading.replace(HENGXIN, "")

    @pytest.mark.parametrize("question", ["hxkj2025年销售额", "Alpin Systems sales in 2025"])
    def test_a_mended_name_is_said(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        assert answer.status == "answered"
        written = question.lower().split("2025")[0].split(" sales")[0].strip()
        assert written in answer.reading

    def test_a_code_names_its_partner(self, channel: Channel) -> None:
        check(
            channel.spec("P08 2025年销售额"),
            metrics="amount",
            where="partner in 同名商贸 (P08)",
            days=Y2025,
        )


class TestNegation:
    @pytest.mark.parametrize(
        "question",
        [
            "除了华东，2025年的销售额",
            "2025年不含华东的销售额",
            "2025年华东以外的销售额",
            "2025年除华东之外的销售额",
            "sales in 2025 excluding 华东",
            "sales in 2025 except 华东",
            "sales in 2025 outside 华东",
        ],
    )
    def test_left_out(self, channel: Channel, question: str) -> None:
        check(channel.spec(question), metrics="amount", where="region not_in 华东", days=Y2025)
        assert channel.rows(question) == [[290_000]]  # 610 − 320

    def test_only_the_run_after_the_word_is_left_out(self, channel: Channel) -> None:
        check(
            channel.spec("2025年华东除了恒信科技的销售额"),
            metrics="amount",
            where=f"partner not_in {HENGXIN}; region in 华东",
            days=Y2025,
        )
        check(
            channel.spec("sales excluding hardware in Overseas in 2025"),
            metrics="amount",
            where="product_category not_in Hardware; region in Overseas",
            days=Y2025,
        )

    def test_several_are_left_out_together(self, channel: Channel) -> None:
        check(
            channel.spec("2025年除了恒信科技和博远软件，华东的销售额"),
            metrics="amount",
            where=f"partner not_in {BOYUAN}|{HENGXIN}; region in 华东",
            days=Y2025,
        )

    def test_the_grouping_stays(self, channel: Channel) -> None:
        check(
            channel.spec("除了华东，2025年各大区销售额"),
            metrics="amount",
            by="region",
            where="region not_in 华东",
            days=Y2025,
        )


class TestAlternatives:
    def test_of_one_dimension_are_a_list(self, channel: Channel) -> None:
        spec = channel.spec("华东或华南2025年的销售额")
        assert said(spec)["where"] == "region in 华东|华南"

    def test_of_two_dimensions_are_an_or(self, channel: Channel) -> None:
        # 华东 320 and, outside it, 财务云: 120 of 南粤, 10 of 京创
        question = "2025年华东或财务云的销售额"
        assert said(channel.spec(question))["where"] == "product in 财务云 or region in 华东"
        assert channel.rows(question) == [[450_000]]


class TestSeveralMeanings:
    def test_of_one_name_are_asked_back(self, channel: Channel) -> None:
        answer = channel.ask("同名商贸2025年销售额")
        assert answer.status == "clarify"
        assert {option.question for option in answer.options} == {
            "同名商贸 (P08)2025年销售额",
            "同名商贸 (P09)2025年销售额",
        }

    @pytest.mark.parametrize(
        ("question", "word"),
        [
            ("2025年各区域销售额", "区域"),  # 大区 or 省份
            ("2025年各类型销售额", "类型"),  # of partners, orders or products
            ("2025年折扣最高的产品", "折扣"),  # rate or amount
            ("margin in 2025", "margin"),
            ("sales by type in 2025", "type"),
            ("sales by area in 2025", "area"),
        ],
    )
    def test_of_one_word_are_never_picked_silently(
        self, channel: Channel, question: str, word: str
    ) -> None:
        answer = channel.ask(question)
        if answer.status == "answered":
            assert word in answer.reading
            assert answer.label == Label.DERIVED
        else:
            assert answer.status == "clarify"
            assert len(answer.options) > 1
            assert all(channel.ask(o.question).status == "answered" for o in answer.options)

    def test_members_that_select_the_same_rows_are_no_question(self, channel: Channel) -> None:
        # 北京 is a territory and a city, but every line of the one is of the other
        spec = channel.spec("北京2025年销售额")
        assert said(spec)["where"] in ("territory in 北京", "city in 北京")
        assert channel.rows("北京2025年销售额") == [[50_000]]

    def test_a_word_beside_it_settles_which(self, channel: Channel) -> None:
        check(
            channel.spec("2025年各类型的伙伴销售额"),
            metrics="amount",
            by="partner_type",
            days=Y2025,
        )
        assert said(channel.spec("北京市2025年各城市销售额"))["where"].endswith("in 北京")

    def test_only_what_the_caller_sees_counts(self, channel: Channel) -> None:
        # within 华东 there is one 同名商贸: nothing to ask
        spec = channel.spec("同名商贸2025年销售额", as_=EAST)
        assert said(spec)["where"] == "partner in 同名商贸 (P08)"

    @pytest.mark.parametrize(
        "question", ["华东和浙江2025年销售额", "sales in 华东 and 浙江 in 2025"]
    )
    def test_a_whole_and_its_part_side_by_side_are_not_the_part(
        self, channel: Channel, question: str
    ) -> None:
        answer = channel.ask(question)
        if answer.status == "answered":
            shown = {row[-1] for c in answer.citations for row in c.result.rows}
            assert {320_000, 230_000} <= shown

    def test_members_that_exclude_each_other_are_asked_back(self, channel: Channel) -> None:
        answer = channel.ask("2025年华南宁波的销售额")
        assert answer.status == "clarify"
        assert {option.label for option in answer.options} >= {"华南", "宁波"}
