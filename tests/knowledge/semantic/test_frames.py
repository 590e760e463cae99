"""Rows of a snapshot as frames: every row in scope, typed, in order, whatever is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from knowledge.semantic.frames import read_frame
from leadline.access import EVERYTHING, Scope
from leadline.errors import SpecError
from tests.knowledge.semantic.shop import EAST, publish_shop, shop

LINES = ("id", "partner_id", "amount", "order_date", "order_no", "cost_amount")


def amounts(scope: Scope) -> list[float]:
    return list(read_frame(shop(), "order_line", ("amount",), scope)["amount"])


class TestTypes:
    def test_amounts_days_and_texts(self) -> None:
        frame = read_frame(shop(), "order_line", LINES)
        assert frame["amount"].dtype == np.float64
        assert pd.api.types.is_datetime64_any_dtype(frame["order_date"])
        assert frame["order_no"].dtype == object
        row = frame.set_index("id").loc[3]
        assert (row["amount"], row["order_no"]) == (200.0, "O2")
        assert row["order_date"] == pd.Timestamp(2013, 2, 10)

    def test_what_is_unknown_is_null_not_zero(self) -> None:
        frame = read_frame(shop(), "order_line", LINES).set_index("id")
        assert frame["cost_amount"].isna()[4]
        assert frame["cost_amount"].notna().sum() == 6

    def test_ids_stay_whole_numbers_where_some_are_null(self) -> None:
        products = read_frame(shop(), "order_line", ("product_id",))["product_id"]
        assert pd.api.types.is_integer_dtype(products)
        assert products.isna().sum() == 1  # O4 names no product


class TestOrder:
    def test_columns_as_asked_and_rows_by_id(self) -> None:
        frame = read_frame(shop(), "order_line", ("amount", "id"))
        assert list(frame.columns) == ["amount", "id"]
        assert list(frame["id"]) == [1, 2, 3, 4, 5, 6, 7]
        assert list(frame.index) == list(range(7))

    def test_the_order_does_not_need_the_id_in_view(self) -> None:
        # 60 40 200 50 30 80 20 by id, though files are sorted by day
        assert amounts(EVERYTHING) == [60.0, 40.0, 200.0, 50.0, 30.0, 80.0, 20.0]


class TestScope:
    def test_a_region(self) -> None:
        # O1, O3, O4, O6 are of 华东
        assert amounts(Scope(regions=frozenset({"华东"}))) == [60.0, 40.0, 50.0, 30.0, 20.0]

    def test_a_row_of_no_region_is_outside(self) -> None:
        both = Scope(regions=frozenset({"华东", "华南"}))
        assert 80.0 not in amounts(both)
        assert len(amounts(both)) == 6

    @pytest.mark.parametrize("name", ["P4", "Alpha (P4)"])
    def test_a_partner_by_number_or_label(self, name: str) -> None:
        assert amounts(Scope(partners=frozenset({name}))) == [30.0]

    def test_a_shared_name_is_nobody(self) -> None:
        assert amounts(Scope(partners=frozenset({"Alpha"}))) == []

    def test_both_limits_hold(self) -> None:
        scope = Scope(regions=frozenset({"华南"}), partners=frozenset({"P1"}))
        assert amounts(scope) == []

    def test_an_empty_limit_is_nothing(self) -> None:
        assert amounts(Scope(regions=frozenset())) == []

    def test_the_partners_own_table(self) -> None:
        east = read_frame(shop(), "partner", ("ext_id",), Scope(regions=frozenset({"华东"})))
        assert list(east["ext_id"]) == ["P1", "P4"]
        own = read_frame(shop(), "partner", ("ext_id",), Scope(partners=frozenset({"P2"})))
        assert list(own["ext_id"]) == ["P2"]

    def test_the_catalogue_is_open_to_all(self) -> None:
        names = read_frame(shop(), "product", ("name",), Scope(regions=frozenset()))["name"]
        assert list(names) == ["云", "盒"]

    def test_a_table_that_cannot_say_whose_it_is_stays_closed(self) -> None:
        seller = {"id": 1, "name": "Ann", "manager": "王"}
        snapshot = publish_shop(salesperson=[seller])
        limited = Scope(partners=frozenset({"P1"}))
        assert len(read_frame(snapshot, "salesperson", ("name",))) == 1
        assert len(read_frame(snapshot, "customer", ("name",), limited)) == 0


class TestMissing:
    def test_a_table_that_is_not_there_is_empty(self) -> None:
        frame = read_frame(shop(), "mdf_claim", ("amount", "claimed_on"))
        assert frame.empty
        assert list(frame.columns) == ["amount", "claimed_on"]

    def test_a_column_that_is_not_there_is_null(self) -> None:
        frame = read_frame(shop(), "order_line", ("amount", "shoe_size"))
        assert len(frame) == 7
        assert frame["shoe_size"].isna().all()

    def test_only_columns_that_are_not_there(self) -> None:
        frame = read_frame(shop(), "order_line", ("shoe_size",))
        assert len(frame) == 7
        assert list(frame.columns) == ["shoe_size"]

    def test_no_column_is_an_error(self) -> None:
        with pytest.raises(SpecError, match="order_line"):
            read_frame(shop(), "order_line", ())

    def test_amounts_of_payments(self) -> None:
        payment = {
            "id": 9,
            "payment_no": "X",
            "paid_on": date(2013, 3, 1),
            "partner_id": 1,
            "region_id": EAST,
            "amount": Decimal("12.3456"),
        }
        frame = read_frame(publish_shop(payment=[payment]), "payment", ("amount", "paid_on"))
        assert frame["amount"].tolist() == [12.3456]
