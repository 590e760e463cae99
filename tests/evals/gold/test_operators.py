"""Gold functions on frames small enough to work out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from evals.cases import Figures
from evals.gold import growth, levels, members, operators
from evals.gold.book import Book, Measure, distinct, exact, money_sum, quotient
from evals.gold.slices import Pick, picked

SALES = pd.DataFrame(
    [
        # partner, region, order, date, amount
        ("A", "east", "1", "2012-03-01", "100.10"),
        ("A", "east", "1", "2012-03-01", "50.00"),
        ("B", "east", "2", "2012-04-02", "30.00"),
        ("C", "west", "3", "2012-04-30", "20.00"),
        ("A", "east", "4", "2013-03-05", "90.06"),
        ("C", "west", "5", "2013-04-01", "60.00"),
        ("D", "west", "6", "2013-05-01", "7.00"),
    ],
    columns=["partner", "region", "order", "date", "amount"],
)


def book() -> Book:
    sales = SALES.assign(date=pd.to_datetime(SALES["date"]), amount=exact(SALES["amount"]))
    days = sales.groupby("partner")["date"].agg(first_order="min", last_order="max")
    partners = pd.DataFrame(
        {"partner": ["A", "B", "C", "D", "E"], "region": ["east", "east", "west", "west", "east"]}
    ).merge(days.reset_index(), how="left", on="partner")
    goals = pd.DataFrame(
        [("A", "2013-01-01", "45.03"), ("B", "2013-01-01", "10"), ("C", "2013-07-01", "99")],
        columns=["partner", "date", "goal"],
    )
    inventory = pd.DataFrame(
        [("x", "2013-03-31", 5), ("y", "2013-03-31", -2), ("x", "2013-04-30", 4)],
        columns=["product", "date", "balance"],
    )
    inventory["value"] = inventory["balance"] * 2_5000
    return Book(
        {
            "sales": sales,
            "partners": partners,
            "goals": goals.assign(date=pd.to_datetime(goals["date"]), goal=exact(goals["goal"])),
            "inventory": inventory.assign(date=pd.to_datetime(inventory["date"])),
        },
        {
            "amount": Measure("sales", "money", money_sum("amount")),
            "orders": Measure("sales", "count", distinct("order")),
            "target_amount": Measure("goals", "money", money_sum("goal")),
            "new_partners": Measure("partners", "count", distinct("partner"), date="first_order"),
            "value": Measure("sales", "money", quotient(money_sum("amount"), distinct("order"))),
        },
        sales["date"].max(),
    )


Y2012 = Pick(date(2012, 1, 1), date(2013, 1, 1))
Y2013 = Pick(date(2013, 1, 1), date(2014, 1, 1))
ON_2012 = {"base_start": Y2012.start, "base_end": Y2012.end}


def rows(figures: Figures) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in figures.rows]


def only(figures: Figures) -> float | str | None:
    (found,) = figures.scalars
    return found.value


class TestPicking:
    def test_start_is_in_and_end_is_not(self) -> None:
        found = picked(book(), "orders", Pick(date(2012, 3, 1), date(2012, 4, 30)))
        assert set(found["order"]) == {"1", "2"}

    def test_buckets(self) -> None:
        found = picked(book(), "orders", Pick(where="order == '4'")).iloc[0]
        assert (found["month"], found["quarter"], found["half"], found["year"]) == (
            "2013-03",
            "2013-Q1",
            "2013-H1",
            "2013",
        )


class TestTotals:
    def test_money_is_exact(self) -> None:
        # 100.10 + 50.00 + 30.00 + 20.00 = 200.10, with no trace of binary fractions
        assert only(operators.scalar(book(), Y2012, metrics=["amount"])) == 200.1

    def test_ratio_is_sum_over_sum(self) -> None:
        # 200.10 over 3 orders
        assert only(operators.scalar(book(), Y2012, metrics=["value"])) == pytest.approx(66.7)

    def test_nothing_picked(self) -> None:
        nothing = Pick(where="region == 'north'")
        figures = operators.scalar(book(), nothing, metrics=["amount", "value"])
        assert [s.value for s in figures.scalars] == [0.0, None]


class TestTables:
    def test_groups_in_label_order(self) -> None:
        figures = operators.table(book(), Y2012, by=["region"], metrics=["amount", "orders"])
        assert rows(figures) == [("east", 180.1, 2), ("west", 20, 1)]
        assert figures.row_units == ("money", "count")
        assert (figures.row_count, figures.ordered) == (2, False)

    def test_top_is_ordered_and_counts_what_is_left(self) -> None:
        figures = operators.table(
            book(), Pick(), by=["partner"], metrics=["amount"], sort="amount", top=2
        )
        assert rows(figures) == [("A", 240.16), ("C", 80)]
        assert (figures.row_count, figures.ordered) == (2, True)

    def test_ties_go_by_label(self) -> None:
        figures = operators.table(
            book(), Y2013, by=["partner"], metrics=["orders"], sort="orders", top=3
        )
        assert [row[0] for row in rows(figures)] == ["A", "C", "D"]

    def test_having(self) -> None:
        figures = operators.table(
            book(),
            Y2012,
            by=["partner"],
            metrics=["amount"],
            having=[("amount", ">=", 20), ("amount", "<", 30)],
        )
        assert rows(figures) == [("C", 20)]

    def test_best_of_each_group(self) -> None:
        figures = operators.top_per(
            book(), Pick(), within=["region"], by=["partner"], metric="amount", n=1
        )
        assert rows(figures) == [("east", "A", 240.16), ("west", "C", 80)]

    def test_the_second(self) -> None:
        assert rows(operators.nth(book(), Pick(), by="partner", metric="amount", n=2)) == [
            ("C", 80)
        ]

    def test_the_second_to_the_third(self) -> None:
        found = operators.nth(book(), Pick(), by="partner", metric="amount", n=2, upto=3)
        assert rows(found) == [("C", 80), ("B", 30)]

    def test_sum_of_those_that_meet_a_condition(self) -> None:
        found = operators.sum_of(
            book(), Y2013, by=["partner"], metric="amount", having=[("amount", ">", 50)]
        )
        assert only(found) == pytest.approx(150.06)  # A 90.06 + C 60


class TestShares:
    def test_of_the_total(self) -> None:
        # 2013: A 90.06, C 60, D 7 of 157.06
        figures = operators.share(book(), Y2013, by=["partner"], metric="amount", top=1)
        assert rows(figures) == [("A", 90.06, pytest.approx(90.06 / 157.06))]

    def test_of_the_group(self) -> None:
        figures = operators.share(
            book(), Y2013, by=["region", "partner"], metric="amount", within=["region"]
        )
        found = {row[1]: row[3] for row in rows(figures)}
        assert found == {"A": 1, "C": pytest.approx(60 / 67), "D": pytest.approx(7 / 67)}

    def test_one_member_of_all(self) -> None:
        figures = operators.share(
            book(), Y2013, by=["region"], metric="amount", only=["west"], as_scalar=True
        )
        assert only(figures) == pytest.approx(67 / 157.06)


class TestCountsAndMeans:
    def test_groups_that_meet_a_condition(self) -> None:
        figures = operators.count_groups(
            book(), Y2013, by=["partner"], metric="amount", having=[("amount", ">", 50)]
        )
        assert only(figures) == 2

    def test_mean_over_months_with_data(self) -> None:
        # March 150.10, April 50.00
        figures = operators.average_over(book(), Y2012, by=["month"], metric="amount")
        assert only(figures) == pytest.approx(100.05)

    def test_absent_members(self) -> None:
        assert rows(members.without(book(), Y2013, metric="orders")) == [("B",), ("E",)]
        west = Pick(Y2012.start, Y2012.end, "region == 'west'")
        assert rows(members.without(book(), west, metric="orders")) == [("D",)]
        assert only(members.without(book(), Y2013, metric="orders", as_count=True)) == 2

    def test_difference_and_sum_of_leaders(self) -> None:
        gap = operators.difference(
            book(), Pick(), by="region", metric="amount", first="east", second="west"
        )
        assert only(gap) == pytest.approx(270.16 - 87)
        total = operators.top_total(book(), Pick(), by="partner", metric="amount", n=2)
        assert only(total) == pytest.approx(240.16 + 80)

    def test_leaders_keep_their_place_under_another_metric(self) -> None:
        figures = operators.frozen_top(
            book(), Y2012, by="partner", rank_by="amount", metric="orders", n=2
        )
        assert rows(figures) == [("A", 1), ("B", 1)]


class TestGrowth:
    def test_overall(self) -> None:
        figures = growth.change(book(), Y2013, metric="amount", **ON_2012)
        now, then, rate = (s.value for s in figures.scalars)
        assert (now, then) == (157.06, 200.1)
        assert rate == pytest.approx(157.06 / 200.1 - 1)

    def test_gone_is_down_100_percent_and_new_has_no_rate(self) -> None:
        figures = growth.change(book(), Y2013, metric="amount", by=["partner"], **ON_2012)
        found = {row[0]: row[1:] for row in rows(figures)}
        assert found["B"] == (0, 30, -1)
        assert found["D"] == (7, None, None)

    def test_members_without_a_rate_are_not_ranked_or_filtered_in(self) -> None:
        ranked = growth.change(
            book(), Y2013, metric="amount", by=["partner"], sort="rate", show=["rate"], **ON_2012
        )
        assert [row[0] for row in rows(ranked)] == ["C", "A", "B"]
        falling = growth.change(
            book(),
            Y2013,
            metric="amount",
            by=["partner"],
            having=[("rate", "<", 0)],
            as_count=True,
            **ON_2012,
        )
        assert only(falling) == 2

    def test_leaders_of_now_with_their_growth(self) -> None:
        figures = growth.change(
            book(), Y2013, metric="amount", by=["partner"], focus_top=2, show=["rate"], **ON_2012
        )
        assert rows(figures) == [("A", pytest.approx(90.06 / 150.1 - 1)), ("C", 2)]

    def test_months_against_the_month_before(self) -> None:
        # March 150.10 → April 50.00; March has none before it
        figures = growth.steps(book(), Y2012, grain="month", metric="amount")
        assert rows(figures) == [
            ("2012-03", 150.1, None),
            ("2012-04", 50, pytest.approx(50 / 150.1 - 1)),
        ]

    def test_the_bucket_before_may_lie_before_the_period(self) -> None:
        figures = growth.steps(book(), Y2013, grain="year", metric="amount")
        assert rows(figures) == [("2013", 157.06, pytest.approx(157.06 / 200.1 - 1))]


class TestPartners:
    def test_dormant_means_strictly_longer(self) -> None:
        # as of 2013-05-01: A 57 days, C 30 days, B 394 days, D 0; E never ordered
        assert rows(members.dormant(book(), Pick(), days=56)) == [("A",), ("B",)]
        assert rows(members.dormant(book(), Pick(), days=57)) == [("B",)]
        assert (
            only(members.dormant(book(), Pick(where="region == 'west'"), days=29, as_count=True))
            == 1
        )

    def test_first_order_in_the_period(self) -> None:
        assert rows(members.debut(book(), Y2013)) == [("D",)]

    def test_day_of_an_order(self) -> None:
        west = Pick(where="partner == 'C'")
        assert only(members.order_day(book(), west, which="last_order")) == "2013-04-01"

    def test_one_kind_without_the_other(self) -> None:
        found = members.bought_not(book(), Pick(), has="amount > 0", lacks="region == 'west'")
        assert rows(found) == [("A",), ("B",)]

    def test_ordered_once_but_no_longer(self) -> None:
        found = members.lapsed(
            book(), Y2013, first_start=date(2012, 1, 1), first_end=date(2013, 1, 1)
        )
        assert rows(found) == [("B",)]

    def test_part_that_ordered(self) -> None:
        assert only(members.buying_part(book(), Y2012)) == 0.6


class TestLevels:
    def test_attainment_counts_targets_that_start_in_the_period(self) -> None:
        h1 = Pick(date(2013, 1, 1), date(2013, 7, 1))
        figures = levels.attainment(book(), h1, by=["partner"])
        assert rows(figures) == [("A", 2.0), ("B", 0.0)]  # 90.06 / 45.03; nothing of 10
        below = levels.attainment(book(), h1, by=["partner"], having=[("attainment", "<", 1)])
        assert rows(below) == [("B", 0.0)]
        assert only(levels.attainment(book(), h1)) == pytest.approx(157.06 / 55.03)

    def test_no_target_no_attainment(self) -> None:
        assert only(levels.attainment(book(), Y2012)) is None

    def test_stock_is_of_the_last_day_of_count(self) -> None:
        assert only(levels.stock(book(), Pick())) == 4
        assert only(levels.stock(book(), Pick(), day=date(2013, 4, 29))) == 3
        assert only(levels.stock(book(), Pick(), column="value")) == 10

    def test_stock_by_member(self) -> None:
        figures = levels.stock(
            book(), Pick(), day=date(2013, 3, 31), by=["product"], sort="balance"
        )
        assert rows(figures) == [("x", 5), ("y", -2)]
