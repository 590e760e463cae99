"""The table: risks for those who have a rhythm, bands for all, reasons that were measured."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from tests.tools.behaving_world import LEAVING, NEVER, ONCE, STOPPING, channel_facts
from tools.analytics.churn.table import HIGH, churn_table, quality_table


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return churn_table(channel_facts()).set_index("partner_id")


class TestBands:
    def test_never_a_risk_for_one_order_or_none(self, table: pd.DataFrame) -> None:
        for number in (ONCE, NEVER):
            assert math.isnan(table["risk"][number])
            assert table["band"][number] == "unknown"

    def test_who_stopped_long_ago_has_churned_and_has_no_risk(self, table: pd.DataFrame) -> None:
        gone = [n for n, day in STOPPING.items() if (day.year, day.month) < (2026, 3)]
        assert len(gone) >= 10
        assert (table["band"][gone] == "churned").all()
        assert table["risk"][gone].isna().all()

    def test_who_stopped_logging_in_is_high(self, table: pd.DataFrame) -> None:
        assert (table["risk"][list(LEAVING)] >= HIGH).all()
        assert (table["band"][list(LEAVING)] == "high").all()

    def test_the_others_are_low(self, table: pd.DataFrame) -> None:
        steady = [n for n in range(28, 61) if n % 3]
        assert (table["band"][steady] == "low").all()

    def test_a_burst_s_pause_is_no_churn(self, table: pd.DataFrame) -> None:
        assert set(table["band"][list(range(3, 61, 3))]) <= {"low", "medium"}

    def test_exposure_is_risk_times_sales(self, table: pd.DataFrame) -> None:
        row = table.loc[25]
        assert row["exposure"] == pytest.approx(row["risk"] * row["amount_12m"])


class TestReasons:
    def test_logins_raise_the_risk_of_who_leaves(self, table: pd.DataFrame) -> None:
        row = table.loc[25]
        assert row["reason_1"] == "logins"
        assert row["pull_1"] > 0
        assert row["recent_1"] < row["usual_1"]

    def test_strongest_first(self, table: pd.DataFrame) -> None:
        told = table[table["reason_3"] != ""]
        assert len(told)
        assert (told["pull_1"].abs() >= told["pull_2"].abs()).all()
        assert (told["pull_2"].abs() >= told["pull_3"].abs()).all()

    def test_none_without_a_risk(self, table: pd.DataFrame) -> None:
        assert (table["reason_1"][table["risk"].isna()] == "").all()


class TestOrdersOnly:
    def test_orders_alone_still_give_risks(self) -> None:
        table = churn_table(channel_facts(orders_only=True)).set_index("partner_id")
        assert table["model"].iloc[0] == "recency"
        assert table["risk"][28] < HIGH
        assert set(table["band"]) >= {"low", "churned", "unknown"}


class TestQualityTable:
    def test_one_row_with_days(self) -> None:
        (row,) = quality_table(channel_facts()).to_dict("records")
        assert row["tested_until"] < pd.Timestamp(2026, 6, 30)
        assert row["auc_pr"] <= 1.0
