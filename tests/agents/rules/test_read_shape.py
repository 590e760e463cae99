"""How it is cut: groups, buckets, rankings, thresholds, growth, shares, counts, conditions."""

from __future__ import annotations

import pytest

from tests.agents.channel import (
    BOYUAN,
    HENGXIN,
    JINGCHUANG,
    NANYUE,
    XINYA,
    Y2025,
    Channel,
    check,
    said,
    spec_of,
)

Q4 = "2025-10-01..2026-01-01"


class TestGrouping:
    @pytest.mark.parametrize(
        ("question", "by"),
        [
            ("2025年各大区销售额", "region"),
            ("2025年每个大区的销售额", "region"),
            ("2025年销售额按大区", "region"),
            ("2025年分大区销售额", "region"),
            ("2025年大区销售额分布", "region"),
            ("sales by region in 2025", "region"),
            ("sales per region in 2025", "region"),
            ("2025 sales for each region", "region"),
            ("2025 sales broken down by region", "region"),
            ("2025年各省份销售额", "territory"),
            ("2025年各城市销售额", "city"),
            ("2025年各等级伙伴的销售额", "partner_tier"),
            ("sales by partner type in 2025", "partner_type"),
            ("2025年各产品类别销售额", "product_category"),
            ("sales by product line in 2025", "product_line"),
            ("2025年各行业销售额", "customer_industry"),
            ("sales by salesperson in 2025", "salesperson"),
            ("2025年各销售人员销售额", "salesperson"),
            ("2025年各大区各产品类别销售额", "region product_category"),
            ("sales by region and product category in 2025", "region product_category"),
        ],
    )
    def test_by_dimension(self, channel: Channel, question: str, by: str) -> None:
        found = said(channel.spec(question))
        assert sorted(found.pop("by").split()) == sorted(by.split())
        found.pop("order", None)
        assert found == {"metrics": "amount", "days": Y2025}

    def test_figures(self, channel: Channel) -> None:
        assert sorted(channel.rows("2025年各大区销售额")) == [
            ["Overseas", 105_000],  # 45 + 60
            ["华东", 320_000],  # 220 + 90 + 10
            ["华北", 50_000],  # 30 + 20
            ["华南", 135_000],  # 130 + 5
        ]

    @pytest.mark.parametrize(
        ("question", "by"),
        [
            ("2025年各月销售额", "month"),
            ("2025年销售额月度趋势", "month"),
            ("2025年销售额走势", "month"),
            ("monthly sales in 2025", "month"),
            ("sales trend in 2025", "month"),
            ("2025年各季度销售额", "quarter"),
            ("sales by quarter in 2025", "quarter"),
            ("2025年每周销售额", "week"),
            ("daily sales in 2025", "day"),
            ("2025年各季度各大区销售额", "quarter region"),
        ],
    )
    def test_by_time(self, channel: Channel, question: str, by: str) -> None:
        check(channel.spec(question), metrics="amount", by=by, days=Y2025)

    def test_buckets_stand_in_time_order(self, channel: Channel) -> None:
        assert channel.rows("2025年各季度销售额") == [
            ["2025-Q1", 180_000],  # 120 + 60
            ["2025-Q2", 125_000],  # 90 + 10 + 5 + 20
            ["2025-Q3", 80_000],  # 20 + 60
            ["2025-Q4", 225_000],  # 100 + 30 + 40 + 45 + 10
        ]

    @pytest.mark.parametrize("question", ["2025年各大区累计销售额", "2025年各大区总销售额"])
    def test_a_total_of_each_group_is_still_grouped(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        assert answer.status != "answered" or "region" in said(channel.spec(question))["by"]


class TestRanking:
    @pytest.mark.parametrize(
        ("question", "order", "limit"),
        [
            ("2025年销售额前3的伙伴", "amount desc", "3"),
            ("2025年销售额前三名伙伴", "amount desc", "3"),
            ("2025年销售额最高的3个伙伴", "amount desc", "3"),
            ("top 3 partners by sales in 2025", "amount desc", "3"),
            ("three best partners by sales in 2025", "amount desc", "3"),
            ("2025年销售额最高的伙伴", "amount desc", "1"),
            ("which partner has the highest sales in 2025?", "amount desc", "1"),
            ("2025年销售额最低的3个伙伴", "amount asc", "3"),
            ("2025年销售额倒数3名的伙伴", "amount asc", "3"),
            ("bottom 3 partners by sales in 2025", "amount asc", "3"),
            ("which partner has the lowest sales in 2025?", "amount asc", "1"),
            ("2025年伙伴销售额排名", "amount desc", ""),
            ("rank partners by sales in 2025", "amount desc", ""),
        ],
    )
    def test_top_and_bottom(self, channel: Channel, question: str, order: str, limit: str) -> None:
        check(
            channel.spec(question),
            metrics="amount",
            by="partner",
            days=Y2025,
            order=order,
            limit=limit,
        )

    def test_rows_stand_in_the_order_asked_for(self, channel: Channel) -> None:
        assert channel.rows("2025年销售额前3的伙伴") == [
            [HENGXIN, 220_000],
            [NANYUE, 130_000],
            [BOYUAN, 90_000],
        ]
        assert channel.column("partner", "2025年销售额最低的3个伙伴") == [
            "同名商贸 (P09)",
            "同名商贸 (P08)",
            "宏图集团",
        ]

    def test_of_products_months_and_regions_too(self, channel: Channel) -> None:
        assert channel.rows("2025年销售额最高的产品") == [["财务云", 360_000]]
        # 120 + 90 + 10 + 100 + 30 + 10 of 财务云
        assert channel.rows("2025年哪个月销售额最高") == [["2025-10", 130_000]]
        assert channel.rows("which quarter had the lowest sales in 2025?") == [["2025-Q3", 80_000]]

    def test_ordered_by_another_metric_than_shown(self, channel: Channel) -> None:
        found = said(channel.spec("2025年销售额前3的伙伴的毛利率"))
        assert (found["order"], found["limit"]) == ("amount desc", "3")
        assert "gross_margin_rate" in found["metrics"]

    @pytest.mark.parametrize(
        "question", ["2025年销售额排名第二的伙伴", "second best partner by sales in 2025"]
    )
    def test_the_nth_is_named(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        assert answer.status == "answered"
        assert NANYUE in answer.text.splitlines()[0]

    @pytest.mark.parametrize(
        ("question", "limit"),
        [
            ("2025年每个大区销售额前2的伙伴", "region 2"),
            ("各大区2025年销售额最高的伙伴", "region 1"),
            ("top 2 partners in each region by sales in 2025", "region 2"),
            ("the best partner of each region by sales in 2025", "region 1"),
        ],
    )
    def test_within_each_group(self, channel: Channel, question: str, limit: str) -> None:
        found = said(channel.spec(question))
        assert (found["per"], found["by"]) == (limit, "region partner")
        assert "limit" not in found

    def test_figures_within_each_group(self, channel: Channel) -> None:
        rows = channel.rows("2025年每个大区销售额最高的伙伴")
        assert sorted(rows) == [
            ["Overseas", "Northwind Traders", 60_000],
            ["华东", HENGXIN, 220_000],
            ["华北", JINGCHUANG, 30_000],
            ["华南", NANYUE, 130_000],
        ]

    @pytest.mark.parametrize(
        "question", ["top partners by sales in 2025", "2025年销售额最高的伙伴有哪些"]
    )
    def test_without_a_number_it_is_said_how_many(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        if said(channel.spec(question)).get("limit") == "10":
            assert "10" in answer.reading

    @pytest.mark.parametrize(
        "question",
        [
            "2025年销售额最高和毛利最低的伙伴",
            "top 3 and bottom 3 partners by sales in 2025",
            "2025年销售额前0名的伙伴",
            "max sales in 2025",
            "2025年最低销售额",
            "largest order in 2025",
            "最好的伙伴是谁",
            "best partner in 2025",
        ],
    )
    def test_what_cannot_be_ranked_is_asked_back(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        assert answer.status == "clarify", answer.text
        assert answer.options


class TestThresholds:
    @pytest.mark.parametrize(
        ("question", "having"),
        [
            ("2025年销售额超过5万的伙伴", "amount gt 50000"),
            ("2025年销售额不低于9万的伙伴", "amount ge 90000"),
            ("2025年销售额在5万到10万之间的伙伴", "amount between 50000..100000"),
            ("2025年销售额5万以下的伙伴", "amount le 50000"),
            ("2025年销售额大于1亿的伙伴", "amount gt 1e+08"),
            ("partners with sales over 50k in 2025", "amount gt 50000"),
            ("partners with sales of at least 0.09 million in 2025", "amount ge 90000"),
            ("which partners sold less than 20,000 in 2025", "amount lt 20000"),
        ],
    )
    def test_of_a_figure(self, channel: Channel, question: str, having: str) -> None:
        check(channel.spec(question), metrics="amount", by="partner", days=Y2025, having=having)

    def test_members_at_the_bound(self, channel: Channel) -> None:
        assert channel.column("partner", "2025年销售额不低于9万的伙伴") == [HENGXIN, NANYUE, BOYUAN]
        assert channel.column("partner", "2025年销售额超过9万的伙伴") == [HENGXIN, NANYUE]

    @pytest.mark.parametrize(
        ("question", "having"),
        [
            ("2025年毛利率低于45%的产品", "gross_margin_rate lt 0.45"),
            ("2025年毛利率在20到60%之间的产品", "gross_margin_rate between 0.2..0.6"),
            (
                "products with a gross margin rate above 50 percent in 2025",
                "gross_margin_rate gt 0.5",
            ),
        ],
    )
    def test_of_a_ratio(self, channel: Channel, question: str, having: str) -> None:
        found = said(channel.spec(question))
        assert (found["having"], found["by"]) == (having, "product")

    def test_two_that_must_both_hold(self, channel: Channel) -> None:
        found = said(channel.spec("2025年销售额超过5万且毛利率超过50%的伙伴"))
        assert found["having"] == "amount gt 50000; gross_margin_rate gt 0.5"
        # 恒信 60 %, 南粤 57 %; 博远 42 % and Northwind 50 % do not pass
        assert channel.column("partner", "2025年销售额超过5万且毛利率超过50%的伙伴") == [
            HENGXIN,
            NANYUE,
        ]

    def test_two_of_which_one_may_hold_are_not_taken_for_both(self, channel: Channel) -> None:
        assert channel.ask("2025年销售额超过5万或毛利率超过55%的伙伴").status != "answered"

    def test_on_the_metric_named_beside_it(self, channel: Channel) -> None:
        found = said(channel.spec("2025年订单数不少于2的伙伴的销售额"))
        assert found["having"] == "orders ge 2"

    def test_a_share(self, channel: Channel) -> None:
        found = said(channel.spec("2025年销售额占比超过20%的伙伴"))
        assert found["having"] == "amount.share gt 0.2"
        # 220 / 610 = 36 %, 130 / 610 = 21 %
        assert channel.column("partner", "2025年销售额占比超过20%的伙伴") == [HENGXIN, NANYUE]


class TestGrowth:
    @pytest.mark.parametrize(
        "question",
        [
            "2025年各大区销售额同比",
            "2025年各大区销售额同比增长多少",
            "sales growth by region in 2025",
        ],
    )
    def test_of_each_shows_each(self, channel: Channel, question: str) -> None:
        assert "having" not in said(channel.spec(question))
        assert len(channel.rows(question)) == 4

    @pytest.mark.parametrize(
        ("question", "partners"),
        [
            # 京创: 30 against 40; all others with a base rose
            ("2025年销售额同比下降的伙伴", [JINGCHUANG]),
            ("which partners declined in 2025?", [JINGCHUANG]),
            ("2025年销售额同比增长超过100%的伙伴", [NANYUE]),  # 130 against 60
            ("partners that grew by more than 100% in 2025", [NANYUE]),
            # 60 → 90 is 80 % over 50
            ("2025年销售额同比增长50%以上的伙伴", [NANYUE, BOYUAN, "Alpine Systems"]),
        ],
    )
    def test_picks_those_that_did(
        self, channel: Channel, question: str, partners: list[str]
    ) -> None:
        assert channel.column("partner", question) == partners

    def test_a_drop_by_more_than_a_share_is_a_rate_below_its_negative(
        self, channel: Channel
    ) -> None:
        spec = channel.spec("环比下降超过20%的伙伴有哪些？")
        assert said(spec)["having"] == "amount.change_rate lt -0.2"
        # November to the 20th against October to the 20th: 恒信 100 → 0, 博远 30 → 0
        assert sorted(map(str, channel.column("partner", "环比下降超过20%的伙伴有哪些？"))) == [
            BOYUAN,
            HENGXIN,
        ]

    @pytest.mark.parametrize(
        "question", ["2025年增长最快的伙伴", "which partner grew fastest in 2025?"]
    )
    def test_the_fastest(self, channel: Channel, question: str) -> None:
        found = said(channel.spec(question))
        assert found["order"] == "amount__change_rate desc"
        assert channel.column("partner", question) == [NANYUE]

    @pytest.mark.parametrize(
        "question",
        [
            "2025年销售额增长率前3的伙伴",
            "2025年各伙伴按增长率排名",
            "top 3 partners by growth in 2025",
            "top 3 partners by sales growth in 2025",
            "top 3 partners by sales growth rate in 2025",
            "partners ranked by growth in 2025",
        ],
    )
    def test_a_ranking_by_growth_is_not_one_by_sales(self, channel: Channel, question: str) -> None:
        # 117 %, 80 %, 50 %; by sales 恒信 would come first
        partners = channel.column("partner", question)
        assert partners[:3] == [NANYUE, BOYUAN, "Alpine Systems"]

    def test_the_bottom_by_growth(self, channel: Channel) -> None:
        found = channel.column("region", "bottom 2 regions by growth in 2025")
        assert found == ["华北", "华东"]  # 25 %, 39 %; Overseas 250 %

    @pytest.mark.parametrize(
        "question", ["2025年增长额最高的3个伙伴", "2025年销售额增长额前3的伙伴"]
    )
    def test_by_the_amount_where_the_amount_is_named(self, channel: Channel, question: str) -> None:
        # 70, 40 and 40 thousand; by the rate Alpine would be third with 15
        changes = channel.column("amount__change", question)
        assert changes == [70_000, 40_000, 40_000]

    @pytest.mark.parametrize(
        "question",
        ["2025年增长超过5万的伙伴", "partners whose sales increased by more than 50k in 2025"],
    )
    def test_an_amount_after_a_growth_word_bounds_the_growth(
        self, channel: Channel, question: str
    ) -> None:
        # Northwind rose by 60 from nothing: no growth to speak of
        assert channel.column("partner", question) == [NANYUE]

    @pytest.mark.parametrize("question", ["2025年10月销售额同比环比", "2025年10月同比和环比"])
    def test_of_two_comparisons_none_is_dropped(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        if answer.status == "answered":
            kinds = {said(spec_of(c)).get("vs", "").split(" ")[0] for c in answer.citations}
            assert {"yoy", "previous_period"} <= kinds

    def test_the_largest_drop(self, channel: Channel) -> None:
        assert channel.column("partner", "2025年销售额下降最多的伙伴") == [JINGCHUANG]

    def test_members_without_a_base_are_not_ranked(self, channel: Channel) -> None:
        # Northwind and both 同名商贸 had nothing before; 宏图 had nothing by that day
        partners = channel.column("partner", "fastest growing partners in 2025")
        assert partners == [NANYUE, BOYUAN, "Alpine Systems", HENGXIN, JINGCHUANG]


class TestShare:
    def test_of_each_member(self, channel: Channel) -> None:
        check(
            channel.spec("2025年各大区销售额占比"),
            metrics="amount",
            by="region",
            days=Y2025,
            share="amount",
        )
        shares = channel.column("amount__share", "2025年各大区销售额占比")
        assert sum(float(s) for s in shares if s is not None) == pytest.approx(1)

    @pytest.mark.parametrize(
        "question",
        ["2025年华东销售额占比", "华东占2025年销售额的比例", "2025年华东销售额占全国多少"],
    )
    def test_of_one_member_counts_all_others_in_the_whole(
        self, channel: Channel, question: str
    ) -> None:
        assert said(channel.spec(question))["focus"] == "region in 华东"
        assert channel.column("amount__share", question) == [pytest.approx(320 / 610)]

    def test_of_a_partner_in_its_region(self, channel: Channel) -> None:
        question = "2025年恒信科技占华东的比例"
        found = said(channel.spec(question))
        assert (found["focus"], found["where"]) == (f"partner in {HENGXIN}", "region in 华东")
        assert channel.column("amount__share", question) == [pytest.approx(220 / 320)]

    @pytest.mark.parametrize("question", ["2025年各大区内各产品占比", "2025年各大区各产品占比"])
    def test_within_groups_or_of_all_is_not_guessed(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        if answer.status == "answered" and "内" in question:
            assert said(channel.spec(question))["share"] == "amount/region"

    def test_with_a_ranking_still_of_everything(self, channel: Channel) -> None:
        question = "2025年销售额前3的伙伴及占比"
        assert said(channel.spec(question))["limit"] == "3"
        assert channel.column("amount__share", question)[0] == pytest.approx(220 / 610)


class TestCountsAndMeans:
    @pytest.mark.parametrize(
        "question",
        ["2025年有多少家伙伴下单", "how many partners ordered in 2025", "2025年活跃伙伴数"],
    )
    def test_partners_with_orders(self, channel: Channel, question: str) -> None:
        assert channel.rows(question) == [[9]]

    @pytest.mark.parametrize(
        "question", ["一共有多少家伙伴", "how many partners are there in total"]
    )
    def test_partners_on_file(self, channel: Channel, question: str) -> None:
        assert channel.rows(question) == [[10]]

    @pytest.mark.parametrize(
        "question",
        ["2025年销售额超过5万的伙伴有多少家", "how many partners had sales above 50k in 2025"],
    )
    def test_members_that_meet_a_condition_are_counted_and_listed(
        self, channel: Channel, question: str
    ) -> None:
        answer = channel.ask(question)
        assert said(channel.spec(question))["rollup"] == "count"
        assert channel.rows(question) == [[4]]
        listed = answer.citations[1].result
        assert [row[0] for row in listed.rows] == [HENGXIN, NANYUE, BOYUAN, "Northwind Traders"]

    @pytest.mark.parametrize(
        "question",
        ["2025年每个大区有多少伙伴销售额超过5万", "各大区2025年销售额超过5万的伙伴数"],
    )
    def test_members_that_meet_a_condition_in_each_group(
        self, channel: Channel, question: str
    ) -> None:
        # two of 华东 (220, 90), one of 华南 (130), one of Overseas (60)
        assert sorted(channel.rows(question)) == [["Overseas", 1], ["华东", 2], ["华南", 1]]

    @pytest.mark.parametrize(
        "question",
        ["2025年各大区平均每个伙伴销售额", "average sales per partner by region in 2025"],
    )
    def test_mean_over_partners_of_each_group(self, channel: Channel, question: str) -> None:
        rows = dict(channel.rows(question))
        # 320 of three, 135 of two, 105 of two, 50 of two
        assert rows["华东"] == pytest.approx(320_000 / 3, abs=0.01)
        assert rows["华南"] == pytest.approx(135_000 / 2, abs=0.01)
        assert len(rows) == 4

    @pytest.mark.parametrize("question", ["2025年月均销售额", "average monthly sales in 2025"])
    def test_mean_over_months_with_figures(self, channel: Channel, question: str) -> None:
        # nine months have orders: 610 / 9
        assert channel.rows(question) == [[pytest.approx(610_000 / 9, abs=0.01)]]

    @pytest.mark.parametrize(
        "question", ["2025年平均每个伙伴的销售额", "average sales per partner in 2025"]
    )
    def test_mean_over_partners(self, channel: Channel, question: str) -> None:
        assert channel.rows(question) == [[pytest.approx(610_000 / 9, abs=0.01)]]


class TestConditions:
    @pytest.mark.parametrize(
        "question",
        [
            "沉睡超过90天的伙伴",
            "超过90天没有下单的伙伴",
            "dormant partners over 90 days",
            "partners that have not ordered for 90 days",
        ],
    )
    def test_dormant(self, channel: Channel, question: str) -> None:
        # 05-05, 05-06 and 06-30 to 11-20: 199, 198 and 143 days
        assert sorted(channel.rows(question), key=str) == [
            ["同名商贸 (P08)", 199],
            ["同名商贸 (P09)", 198],
            ["宏图集团", 143],
        ]

    def test_dormant_tells_who_never_ordered_by_number(self, channel: Channel) -> None:
        answer = channel.ask("沉睡超过90天的伙伴")
        note = answer.citations[1].result
        assert note.rows == ((10, 9),)
        assert XINYA not in answer.text

    @pytest.mark.parametrize("question", ["从未下单的伙伴", "partners that never ordered"])
    def test_never_ordered(self, channel: Channel, question: str) -> None:
        assert channel.column("partner", question) == [XINYA]

    def test_ordered_then_but_not_since(self, channel: Channel) -> None:
        # everyone of 2024 ordered in 2025 as well; in the third quarter only 京创 and Northwind did
        question = "2025年第二季度下过单但第三季度没有下单的伙伴"
        assert sorted(map(str, channel.column("partner", question))) == sorted(
            [NANYUE, "同名商贸 (P08)", "同名商贸 (P09)", "宏图集团"]
        )

    def test_ordered_now_but_not_then_is_not_turned_round(self, channel: Channel) -> None:
        answer = channel.ask("2025年下单但2024年没下单的伙伴")
        if answer.status == "answered":
            found = channel.column("partner", "2025年下单但2024年没下单的伙伴")
            assert sorted(map(str, found)) == [
                "Northwind Traders",
                "同名商贸 (P08)",
                "同名商贸 (P09)",
            ]

    @pytest.mark.parametrize(
        ("question", "partners"),
        [
            ("本季度未达标的伙伴", [NANYUE, BOYUAN]),  # 80 %, 50 %
            ("which partners missed their target this quarter", [NANYUE, BOYUAN]),
            ("本季度达标的伙伴", [HENGXIN, JINGCHUANG]),  # 125 %, 100 %
            ("除了金牌，本季度哪些伙伴未达标？", [BOYUAN]),
        ],
    )
    def test_targets(self, channel: Channel, question: str, partners: list[str]) -> None:
        assert sorted(map(str, channel.column("partner", question))) == sorted(partners)

    def test_targets_without_a_period_say_which(self, channel: Channel) -> None:
        answer = channel.ask("哪些伙伴未达标？")
        assert answer.status == "answered"
        assert said(channel.spec("哪些伙伴未达标？"))["days"] == Q4
        assert "季度" in answer.reading

    def test_attainment_of_payments(self, channel: Channel) -> None:
        assert channel.rows("本季度各伙伴回款完成率") == [[HENGXIN, 1.0], [BOYUAN, 0.5]]


class TestWho:
    @pytest.mark.parametrize(
        "question",
        [
            "2025年谁买了Edge Box",
            "2025年买了Edge Box的伙伴",
            "which partners bought Edge Box in 2025",
        ],
    )
    def test_asks_for_a_list(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        if answer.status == "answered":
            found = channel.column("partner", question)
            assert sorted(map(str, found)) == sorted([BOYUAN, JINGCHUANG, NANYUE])

    def test_who_bought_both_is_not_who_bought_either(self, channel: Channel) -> None:
        answer = channel.ask("2025年买了财务云和Edge Box的伙伴")
        if answer.status == "answered":
            found = channel.column("partner", "2025年买了财务云和Edge Box的伙伴")
            assert (
                sorted(map(str, found)) == sorted([JINGCHUANG, NANYUE]) or "任一" in answer.reading
            )

    @pytest.mark.parametrize(
        "question",
        [
            "2025年买了两种以上产品的伙伴",
            "partners that bought at least two different products in 2025",
        ],
    )
    def test_how_many_kinds_they_bought(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        if answer.status == "answered":
            found = channel.column("partner", question)
            assert sorted(map(str, found)) == sorted([BOYUAN, JINGCHUANG, NANYUE])


class TestContest:
    @pytest.mark.parametrize(
        "question",
        ["2025年恒信科技和博远软件谁卖得多", "2025年恒信科技比博远软件多多少"],
    )
    def test_both_figures_and_how_far_apart(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        assert channel.rows(question) == [[HENGXIN, 220_000], [BOYUAN, 90_000]]
        gap = answer.citations[1].result
        assert gap.tool == "difference"
        assert gap.rows[0][gap.column_index("difference")] == 130_000

    def test_who_grows_faster(self, channel: Channel) -> None:
        question = "恒信科技和博远软件谁增长更快？"
        assert channel.column("partner", question) == [BOYUAN, HENGXIN]  # 80 %, 22 %
