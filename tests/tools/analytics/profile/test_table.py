"""The table of all KPIs: change, trend, place among peers, freshness, reasons."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.tools.analytics.profile.rows import ELDER, Row, facts, line, lines
from tools.analytics.profile.catalog import KPIS
from tools.analytics.profile.facts import Facts
from tools.analytics.profile.kpi import Missing
from tools.analytics.profile.peers import GROUPS
from tools.analytics.profile.table import profile_table, why_missing


def cell(of: Facts, kpi: str, partner: int = 1) -> pd.Series:
    table = profile_table(of, 12)
    found = table[(table["partner_id"] == partner) & (table["kpi"] == kpi)]
    assert len(found) == 1
    return found.iloc[0]


def year(before: float, now: float) -> list[Row]:
    return [line("2023-01-01", 1), line("2025-03-01", before), line("2026-03-01", now)]


class TestRows:
    def test_every_partner_has_every_kpi_in_order(self) -> None:
        table = profile_table(facts(order_line=lines("2026-01-01")), 12)
        assert len(table) == 3 * len(KPIS)
        assert table["partner_id"].drop_duplicates().tolist() == [1, 2, ELDER]
        assert table["kpi"].head(len(KPIS)).tolist() == [kpi.name for kpi in KPIS]

    def test_a_value_or_a_reason_never_both(self) -> None:
        table = profile_table(facts(order_line=lines("2026-01-01"), activity=[]), 12)
        assert (table["value"].isna() == (table["reason"] != Missing.NOT)).all()

    def test_twice_the_same(self) -> None:
        first, second = (profile_table(facts(order_line=year(1, 2)), 12) for _ in range(2))
        pd.testing.assert_frame_equal(first, second)


class TestChange:
    @pytest.mark.parametrize(
        ("before", "now", "change", "trend"),
        [(100, 120, 0.2, 1), (100, 104, 0.04, 0), (100, 80, -0.2, -1), (100, 95, -0.05, 0)],
    )
    def test_against_the_window_before(
        self, before: float, now: float, change: float, trend: int
    ) -> None:
        row = cell(facts(order_line=year(before, now)), "sell_in")
        assert row["change"] == pytest.approx(change)
        assert (row["trend"], row["previous"]) == (trend, before)

    def test_from_nothing_there_is_none(self) -> None:
        row = cell(facts(order_line=[line("2023-01-01", 1), line("2026-03-01", 9)]), "sell_in")
        assert row["previous"] == 0.0
        assert np.isnan(row["change"])
        assert np.isnan(row["trend"])


class TestPlace:
    def test_among_peers_of_type_and_region(self) -> None:
        rows = [line("2026-01-01", number * 10, partner_id=number) for number in range(1, 10)]
        row = cell(facts(9, order_line=rows), "sell_in", partner=9)
        # nine sold 10…90 and the elder nothing: nobody sold more
        assert row["percentile"] == 1.0
        assert row["median"] == 45.0
        assert (GROUPS[row["group"]], row["peers"]) == ("type_region_tenure", 10)

    def test_two_partners_have_no_peers(self) -> None:
        row = cell(facts(order_line=lines("2026-01-01")), "sell_in")
        assert np.isnan(row["percentile"])
        assert row["group"] == -1


class TestFreshness:
    def test_the_stalest_table_decides(self) -> None:
        back = [{"returned_on": "2026-05-05", "amount": 1.0}]
        of = facts(order_line=lines("2026-10-30"), sales_return=back)
        assert cell(of, "sell_in")["fresh"] == pd.Timestamp(2026, 10, 30)
        assert cell(of, "return_rate")["fresh"] == pd.Timestamp(2026, 5, 5)

    def test_a_table_that_is_missing_has_no_day(self) -> None:
        assert pd.isna(cell(facts(order_line=lines("2026-10-30")), "logins")["fresh"])


class TestReasons:
    def test_a_value_needs_none(self) -> None:
        assert why_missing(Missing.NOT, "sell_in", 3) == ("", "")

    def test_a_small_sample_says_how_small(self) -> None:
        zh, en = why_missing(Missing.SMALL_SAMPLE, "win_rate", 2)
        assert zh == "样本太小：2 个商机，至少需要 5"
        assert en == "sample too small: 2 opportunities, at least 5 needed"

    @pytest.mark.parametrize("reason", [m for m in Missing if m is not Missing.NOT])
    def test_each_is_said_in_both_languages(self, reason: Missing) -> None:
        zh, en = why_missing(reason, "sell_in", 0)
        assert zh
        assert en.isascii()
