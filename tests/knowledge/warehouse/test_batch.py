"""The interface between sources and the loader."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.warehouse.batch import (
    LARGEST_AMOUNT,
    Tally,
    arrow_type,
    chunk_of,
    natural_key,
    reference,
    ten_thousandths,
)
from knowledge.warehouse.tables import BY_NAME, CANONICAL

ABOVE = Decimal(LARGEST_AMOUNT) - Decimal("0.0001")


class TestTypes:
    @pytest.mark.parametrize(
        ("table", "column", "kind"),
        [
            ("partner", "name", pa.string()),
            ("partner", "region_id", pa.string()),
            ("partner", "employees", pa.int64()),
            ("partner", "annual_revenue", pa.decimal128(20, 4)),
            ("partner", "joined_on", pa.date32()),
            ("partner", "src_updated_at", pa.timestamp("us", tz="UTC")),
            ("partner_contact", "is_primary", pa.bool_()),
            ("opportunity", "probability", pa.float64()),
            ("document", "body", pa.string()),
        ],
    )
    def test_how_values_travel(self, table: str, column: str, kind: pa.DataType) -> None:
        assert arrow_type(BY_NAME[table].c[column]) == kind

    @pytest.mark.parametrize("table", CANONICAL, ids=lambda table: table.name)
    def test_every_column_can_travel(self, table: object) -> None:
        for column in BY_NAME[str(table)].c:
            assert isinstance(arrow_type(column), pa.DataType)

    def test_keys_and_references(self) -> None:
        assert natural_key("order_line") == ("order_id", "line_no")
        assert natural_key("partner") == ("ext_id",)
        assert reference(BY_NAME["order_line"].c.order_id) == "sales_order"
        assert reference(BY_NAME["order_line"].c.batch_id) is None


class TestAmounts:
    @given(st.lists(st.none() | st.decimals(-ABOVE, ABOVE, places=4)), st.integers(0, 3))
    def test_ten_thousandths_are_exact(self, amounts: list[Decimal | None], skip: int) -> None:
        array = pa.array(amounts, pa.decimal128(20, 4)).slice(skip)
        expected = [None if a is None else int(a * 10_000) for a in amounts[skip:]]
        assert ten_thousandths(array) == expected


class TestChunks:
    def test_python_rows_become_columns(self) -> None:
        chunk = chunk_of(
            "partner",
            [
                {"ext_id": "P1", "name": "云帆", "joined_on": date(2026, 1, 5)},
                {
                    "ext_id": "P2",
                    "name": "云舟",
                    "src_updated_at": datetime(2026, 1, 5, tzinfo=UTC),
                },
            ],
            ("ext_id", "name", "joined_on", "src_updated_at"),
        )
        assert len(chunk) == 2
        assert chunk.row_nos.to_pylist() == [2, 3]
        assert chunk.columns["joined_on"].to_pylist() == [date(2026, 1, 5), None]
        assert chunk.tally == Tally(read=2)

    def test_a_value_that_does_not_fit(self) -> None:
        with pytest.raises(pa.ArrowInvalid):
            chunk_of("partner", [{"ext_id": "P1", "employees": "many"}], ("ext_id", "employees"))

    def test_tallies_add_up(self) -> None:
        assert sum([Tally(1, 2, 3, 4, 5), Tally(read=1, rejected=1)], Tally()) == Tally(
            2, 2, 3, 4, 6
        )
