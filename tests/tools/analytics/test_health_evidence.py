"""What activity foretells: measured on past days against what was sold afterwards."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tools.analytics.profile.rows import Row, facts, line
from tools.analytics.health_evidence import ACTIVITY_KPIS, MIN_SAMPLE, evidence_table
from tools.analytics.profile.facts import Facts

MONTHS = [f"{2023 + (10 + m) // 12}-{(10 + m) % 12 + 1:02d}-05" for m in range(36)]


def world(partners: int, *, foretelling: bool) -> Facts:
    """Partners that all sell alike until the last half year and log in 1, 2, 3 … times a month.

    Where it foretells, sales of the last half year are as large as the logins; where not, they run
    in a cycle that has nothing to do with them.
    """
    orders: list[Row] = []
    logins: list[Row] = []
    for number in range(1, partners + 1):
        last = number if foretelling else 1 + (number * 7) % 11
        for at, day in enumerate(MONTHS):
            size = 10.0 if at < 30 else float(last)
            orders.append(line(day, size, partner_id=number, order_id=number * 100 + at))
            logins.append(
                {"partner_id": number, "kind": "login", "happened_on": day, "quantity": number}
            )
    return facts(partners, order_line=orders, activity=logins)


class TestCorrelation:
    def test_perfect_where_who_logs_in_more_sells_more_later(self) -> None:
        row = evidence_table(world(30, foretelling=True)).set_index("kpi").loc["logins"]
        # four origins; at the newest the ranks agree wholly, at the two before in part (their six
        # months reach into the last half year), at the oldest all sell alike: no correlation
        assert row["origins"] == 4
        assert row["sample"] == 4 * 30
        assert row["correlation_growth"] == pytest.approx(1.0)
        assert row["low"] > 0.9

    def test_about_nothing_where_they_have_nothing_to_do_with_each_other(self) -> None:
        row = evidence_table(world(33, foretelling=False)).set_index("kpi").loc["logins"]
        assert abs(row["correlation_growth"]) < 0.2
        assert row["low"] < 0 < row["high"]

    def test_few_partners_say_nothing(self) -> None:
        row = evidence_table(world(MIN_SAMPLE - 1, foretelling=True)).set_index("kpi").loc["logins"]
        assert np.isnan(row["correlation"])
        assert np.isnan(row["correlation_growth"])

    def test_what_the_data_lacks_is_missing(self) -> None:
        table = evidence_table(world(30, foretelling=True)).set_index("kpi")
        assert np.isnan(table["correlation_growth"]["certified_heads"])
        assert table["sample"]["certified_heads"] == 0

    def test_every_activity_kpi_has_a_row(self) -> None:
        table = evidence_table(world(30, foretelling=True))
        assert tuple(table["kpi"]) == ACTIVITY_KPIS


class TestReach:
    def test_without_orders_there_are_no_origins(self) -> None:
        table = evidence_table(facts())
        assert (table["origins"] == 0).all()
        assert table["correlation"].isna().all()
