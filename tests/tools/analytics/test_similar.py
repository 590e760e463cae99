"""Likeness: twins are alike, opposites are not, what is unknown does not count."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tools.analytics.profile.rows import ELDER, Row, facts, line
from tools.analytics.profile.facts import Facts
from tools.analytics.similar import KPIS_COMPARED, MIN_SHARED, mixes, nearest_partners, scaled

DAYS = [f"2025-{m}-05" for m in (11, 12)] + [f"2026-{m:02d}-05" for m in range(1, 11)]


def orders(number: int, size: float, product: int, customer: int, every: int = 1) -> list[Row]:
    """An order a month of one product to one customer."""
    more = {"partner_id": number, "product_id": product, "customer_id": customer}
    return [
        line(day, size, order_id=number * 100 + at, **more)
        for at, day in enumerate(DAYS)
        if at % every == 0
    ]


@pytest.fixture(scope="module")
def six() -> Facts:
    """1 and 2 are twins; 3 sells the same to others, ten times as much; 4 to 6 lie between."""
    rows = orders(1, 100, 1, 1) + orders(2, 100, 1, 1) + orders(3, 1000, 2, 2)
    rows += orders(4, 200, 1, 2) + orders(5, 300, 2, 1, 2) + orders(6, 400, 1, 1, 3)
    return facts(6, order_line=rows)


class TestNearest:
    def test_a_twin_is_first_and_wholly_alike(self, six: Facts) -> None:
        near = nearest_partners(scaled(six), mixes(six), 1)
        first = near.iloc[0]
        assert (first["partner_id"], first["similarity"]) == (2, 1.0)
        assert (first["line_overlap"], first["industry_overlap"]) == (1.0, 1.0)

    def test_another_product_to_another_industry_shares_no_mix(self, six: Facts) -> None:
        near = nearest_partners(scaled(six), mixes(six), 1).set_index("partner_id")
        assert near["line_overlap"][3] == 0.0
        assert near["industry_overlap"][3] == 0.0
        assert near["similarity"][3] < near["similarity"][4]

    def test_it_goes_both_ways(self, six: Facts) -> None:
        there = nearest_partners(scaled(six), mixes(six), 1).set_index("partner_id")
        back = nearest_partners(scaled(six), mixes(six), 4).set_index("partner_id")
        assert there["similarity"][4] == back["similarity"][1]

    def test_nobody_is_alike_to_itself_and_strangers_are_left_out(self, six: Facts) -> None:
        near = nearest_partners(scaled(six), mixes(six), 1)
        assert 1 not in set(near["partner_id"])
        assert ELDER not in set(near["partner_id"])  # it shares too few known KPIs
        assert (near["shared"] >= MIN_SHARED).all()

    def test_most_alike_first_ties_by_id(self, six: Facts) -> None:
        near = nearest_partners(scaled(six), mixes(six), 3)
        assert near["similarity"].is_monotonic_decreasing
        twins = near[near["partner_id"].isin((1, 2))]["partner_id"].tolist()
        assert twins == [1, 2]

    def test_similarity_is_a_share(self, six: Facts) -> None:
        near = nearest_partners(scaled(six), mixes(six), 1)
        assert near["similarity"].between(0, 1).all()


class TestParts:
    def test_mixes_add_up_to_one(self, six: Facts) -> None:
        mix = mixes(six)
        whole = mix.groupby(["partner_id", "kind"])["share"].sum()
        np.testing.assert_allclose(whole, 1.0)
        assert set(mix["partner_id"]) == {1, 2, 3, 4, 5, 6}

    def test_scaled_by_median_and_deviation(self, six: Facts) -> None:
        table = scaled(six)
        assert list(table.columns) == ["partner_id", *KPIS_COMPARED]
        assert abs(table["sell_in"].median()) < 1e-9
        assert table["sell_in"].abs().max() <= 3.0
        assert table["win_rate"].isna().all()
