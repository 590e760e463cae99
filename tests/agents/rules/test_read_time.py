"""Which days, and compared with which. Today is 2025-11-20, a Thursday."""

from __future__ import annotations

from datetime import date

import pytest

from tests.agents.channel import Y2024, Y2025, Channel, check, said, spec_of


class TestOnePeriod:
    @pytest.mark.parametrize(
        ("question", "days", "amount"),
        [
            ("2024年销售额", Y2024, 410_000),
            ("去年销售额", Y2024, 410_000),
            ("sales last year", Y2024, 410_000),
            ("今年销售额", Y2025, 610_000),
            ("年初至今销售额", "2025-01-01..2025-11-21", 610_000),
            ("YTD sales", "2025-01-01..2025-11-21", 610_000),
            ("本季度销售额", "2025-10-01..2026-01-01", 225_000),  # 100 + 30 + 40 + 45 + 10
            ("上季度销售额", "2025-07-01..2025-10-01", 80_000),  # 20 + 60
            ("本月销售额", "2025-11-01..2025-12-01", 95_000),  # 40 + 45 + 10
            ("sales last month", "2025-10-01..2025-11-01", 130_000),
            ("2025年上半年销售额", "2025-01-01..2025-07-01", 305_000),
            ("H1销售额", "2025-01-01..2025-07-01", 305_000),
            ("Q3销售额", "2025-07-01..2025-10-01", 80_000),
            ("2024年第四季度销售额", "2024-10-01..2025-01-01", 200_000),
            ("sales in October", "2025-10-01..2025-11-01", 130_000),
            ("12月销售额", "2024-12-01..2025-01-01", 30_000),
            ("近两个月销售额", "2025-09-21..2025-11-21", 225_000),
            ("sales in the past 2 months", "2025-09-21..2025-11-21", 225_000),
            ("近30天销售额", "2025-10-22..2025-11-21", 95_000),
            ("近半年销售额", "2025-05-21..2025-11-21", 325_000),
            ("2025年1月到6月销售额", "2025-01-01..2025-07-01", 305_000),
            ("sales from March to May 2025", "2025-03-01..2025-06-01", 165_000),
            ("2025年7月以来的销售额", "2025-07-01..", 305_000),
            ("sales before 2025", "..2025-01-01", 410_000),
            ("2025年11月20日销售额", "2025-11-20..2025-11-21", 10_000),
        ],
    )
    def test_days_and_figure(self, channel: Channel, question: str, days: str, amount: int) -> None:
        check(channel.spec(question), metrics="amount", days=days)
        assert channel.rows(question) == [[amount]]

    def test_no_period_is_all_the_data(self, channel: Channel) -> None:
        check(channel.spec("各大区销售额"), metrics="amount", by="region")
        assert "2024-02-10 … 2025-11-20" in channel.ask("各大区销售额").reading

    def test_a_period_cut_by_today_is_partial(self, channel: Channel) -> None:
        time = channel.spec("本季度销售额").time
        assert time is not None
        assert time.partial
        assert "2025-10-01 … 2025-11-20" in channel.ask("本季度销售额").reading

    def test_a_month_said_apart_from_its_year(self, channel: Channel) -> None:
        assert said(channel.spec("2024年销售额，10月"))["days"] == "2024-10-01..2024-11-01"

    def test_the_label_stands_in_the_question_s_language(self, channel: Channel) -> None:
        assert channel.ask("上季度销售额").text.startswith("上季度")
        assert "last quarter" in channel.ask("sales last quarter").text


class TestComparison:
    @pytest.mark.parametrize(
        ("question", "days", "base"),
        [
            ("2025年上半年销售额同比", "2025-01-01..2025-07-01", "yoy 2024-01-01..2024-07-01"),
            ("H1 2025 sales yoy", "2025-01-01..2025-07-01", "yoy 2024-01-01..2024-07-01"),
            (
                "2025年Q3销售额比去年同期",
                "2025-07-01..2025-10-01",
                "yoy 2024-07-01..2024-10-01",
            ),
            (
                "上个月销售额环比",
                "2025-10-01..2025-11-01",
                "previous_period 2025-09-01..2025-10-01",
            ),
            (
                "上季度销售额环比",
                "2025-07-01..2025-10-01",
                "previous_period 2025-04-01..2025-07-01",
            ),
            (
                "近两个月销售额环比",  # a window goes against the window before it
                "2025-09-21..2025-11-21",
                "previous_period 2025-07-21..2025-09-21",
            ),
            (
                "近30天销售额环比",
                "2025-10-22..2025-11-21",
                "previous_period 2025-09-22..2025-10-22",
            ),
            ("2024年销售额同比", Y2024, "yoy 2023-01-01..2024-01-01"),
        ],
    )
    def test_base_of_a_named_period(
        self, channel: Channel, question: str, days: str, base: str
    ) -> None:
        check(channel.spec(question), metrics="amount", days=days, vs=base)

    @pytest.mark.parametrize(
        ("question", "current", "previous"),
        [
            # to the 20th of November against the same days: 30 and 20 days of the month are not it
            ("本月销售额环比", 95_000, 130_000),
            ("本月销售额同比", 95_000, 30_000),  # 2024-11-25 lies after the 20th
            ("本季度销售额同比", 225_000, 150_000),  # 40 + 80 + 30; not the 20 and 30 after
            ("本季度至今比去年同期销售额", 225_000, 150_000),
            ("sales this quarter vs the same period last year", 225_000, 150_000),
            ("今年销售额同比", 610_000, 360_000),  # 410 less 20 and 30
            ("年初至今销售额同比", 610_000, 360_000),
        ],
    )
    def test_a_partial_period_goes_against_the_same_elapsed_days(
        self, channel: Channel, question: str, current: int, previous: int
    ) -> None:
        assert channel.column("amount", question) == [current]
        assert channel.column("amount__previous", question) == [previous]
        assert channel.column("amount__change", question) == [current - previous]
        rate = channel.column("amount__change_rate", question)
        assert rate == [pytest.approx((current - previous) / previous)]

    def test_without_a_period_month_to_date_or_year_to_date(self, channel: Channel) -> None:
        month, year = channel.ask("销售额环比"), channel.ask("销售额同比")
        assert said(spec_of(month.citations[0]))["days"].startswith("2025-11-01..")
        assert said(spec_of(year.citations[0]))["days"] == "2025-01-01..2025-11-21"
        assert "未说明期间" in month.reading
        assert "未说明期间" in year.reading

    def test_growth_without_a_basis_says_which_it_took(self, channel: Channel) -> None:
        answer = channel.ask("华东2025年销售额增长")
        assert said(channel.spec("华东2025年销售额增长"))["vs"].startswith("yoy 2024-01-01")
        assert "上年同期" in answer.reading

    def test_buckets_go_against_the_one_before(self, channel: Channel) -> None:
        question = "2025年各季度销售额环比"
        assert said(channel.spec(question))["by"] == "quarter"
        # 2024-Q4 was 200; the 51 days of this quarter go against those of the third, to 08-20
        assert channel.column("amount__previous", question) == [200_000, 180_000, 125_000, 20_000]

    def test_against_targets(self, channel: Channel) -> None:
        question = "本季度各伙伴销售额与目标对比"
        assert said(channel.spec(question))["vs"] == "target"
        row = dict(
            zip(
                channel.column("partner", question),
                channel.column("amount__attainment", question),
                strict=True,
            )
        )
        assert row["恒信科技有限公司"] == 1.25


class TestTwoPeriods:
    @pytest.mark.parametrize(
        ("question", "days", "base"),
        [
            (
                "2025年上半年比2024年上半年销售额",
                "2025-01-01..2025-07-01",
                "2024-01-01..2024-07-01",
            ),
            ("sales in 2025 vs 2024", Y2025, Y2024),
            ("2025年vs2024年销售额", Y2025, Y2024),
            ("2024年和2025年销售额对比", Y2025, Y2024),
            (
                "sales growth from Q1 2025 to Q3 2025",
                "2025-07-01..2025-10-01",
                "2025-01-01..2025-04-01",
            ),
            ("2025年Q1比Q2销售额", "2025-01-01..2025-04-01", "2025-04-01..2025-07-01"),
            ("sales this month vs last month", "2025-11-01..2025-12-01", "2025-10-01..2025-11-01"),
        ],
    )
    def test_the_one_after_the_comparing_word_is_the_base(
        self, channel: Channel, question: str, days: str, base: str
    ) -> None:
        found = said(channel.spec(question))
        assert found["days"] == days
        assert found["vs"].split()[-1] == base

    def test_a_base_named_whole_is_shown_whole_too(self, channel: Channel) -> None:
        answer = channel.ask("sales in 2025 vs 2024")
        previous = [
            c.result.rows[0][c.result.column_index("amount__previous")] for c in answer.citations
        ]
        assert previous == [360_000, 410_000]  # the same elapsed days; the whole year

    def test_touching_periods_side_by_side_are_rows(self, channel: Channel) -> None:
        assert channel.rows("2024年、2025年销售额") == [["2024", 410_000], ["2025", 610_000]]

    def test_the_month_before_the_last_is_no_rolling_window(self, channel: Channel) -> None:
        answer = channel.ask("上个月销售额比前一个月")
        if answer.status == "answered":
            assert said(spec_of(answer.citations[0]))["vs"].endswith("2025-09-01..2025-10-01")

    def test_periods_that_do_not_go_together_are_asked_back(self, channel: Channel) -> None:
        answer = channel.ask("2024年、2025年3月、近30天销售额")
        assert answer.status == "clarify"


class TestOutsideTheData:
    @pytest.mark.parametrize("question", ["2023年销售额", "sales in 2030", "2020年各大区销售额"])
    def test_is_refused_with_the_span(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        assert answer.status == "refused"
        assert "2024-02-10" in answer.text
        assert "2025-11-20" in answer.text
        assert answer.options

    @pytest.mark.parametrize("question", ["2025年2月30日销售额", "13月销售额", "2025-13销售额"])
    def test_no_such_day_is_never_answered(self, channel: Channel, question: str) -> None:
        assert channel.ask(question).status in ("clarify", "refused")


class TestToday:
    def test_is_the_data_s_not_the_clock_s(self, channel: Channel) -> None:
        answer = channel.ask("今天销售额")
        assert answer.as_of == date(2025, 11, 20)
        assert said(spec_of(answer.citations[0]))["days"] == "2025-11-20..2025-11-21"
