"""The large made-up channel: exact in size, repeatable, and read alike by the layer and by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bench.ask import check_equal
from bench.channel import FIRST_DAY, LAST_DAY, LargeChannel
from bench.handwritten import PAIRS, Pair
from bench.measure import percentile
from bench.questions import WARM_UP, questions
from knowledge.semantic.engine import run_query
from knowledge.warehouse.load import load_batch
from knowledge.warehouse.snapshot import Snapshot, SnapshotStore, publish
from leadline.access import EVERYTHING
from leadline.database import make_engine

LINES = 20_000

Rows = dict[str, list[dict[str, Any]]]


def rows_of(channel: LargeChannel) -> Rows:
    """All rows of the channel by table, as Python values."""
    found: Rows = {}
    for table in channel.batch().tables:
        found[table.table] = [
            dict(zip(chunk.columns, values, strict=True))
            for chunk in table.chunks
            for values in zip(*(c.to_pylist() for c in chunk.columns.values()), strict=True)
        ]
    return found


@pytest.fixture(scope="module")
def rows() -> Rows:
    return rows_of(LargeChannel(LINES))


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("bench")
    engine = make_engine(f"sqlite:///{folder / 'leadline.db'}")
    load_batch(engine, LargeChannel(LINES).batch())
    published = publish(engine, SnapshotStore(folder / "snapshots"))
    engine.dispose()
    return published


class TestLargeChannel:
    def test_has_exactly_as_many_lines_as_asked_for(self, rows: Rows) -> None:
        assert len(rows["order_line"]) == LINES

    def test_each_line_belongs_to_an_order_and_each_order_to_a_partner(self, rows: Rows) -> None:
        assert {r["order_id"] for r in rows["order_line"]} == {
            r["ext_id"] for r in rows["sales_order"]
        }
        assert {r["partner_id"] for r in rows["sales_order"]} <= {
            r["ext_id"] for r in rows["partner"]
        }
        assert {r["product_id"] for r in rows["order_line"]} == {
            r["ext_id"] for r in rows["product"]
        }

    def test_amounts_are_exact(self, rows: Rows) -> None:
        for line in rows["order_line"][:500]:
            assert line["list_amount"] == line["unit_price"] * line["quantity"]
            assert line["amount"] == line["list_amount"] - line["discount_amount"]
            assert line["discount_amount"] * 20 % line["list_amount"] == Decimal(
                0
            )  # 0, 5, 10, 15 %

    def test_spans_three_years_to_its_last_day(self, rows: Rows) -> None:
        days = [r["order_date"] for r in rows["sales_order"]]
        assert days == sorted(days)
        assert days[0] >= FIRST_DAY
        assert days[-1] == LAST_DAY

    def test_names_are_unique(self, rows: Rows) -> None:
        for table in ("partner", "product", "salesperson", "territory"):
            names = [r["name"] for r in rows[table]]
            assert len(set(names)) == len(names)

    def test_the_same_seed_gives_the_same_channel(self, rows: Rows) -> None:
        assert rows_of(LargeChannel(LINES))["order_line"] == rows["order_line"]
        assert rows_of(LargeChannel(LINES, seed=8))["order_line"] != rows["order_line"]


class TestPairs:
    @pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
    def test_layer_and_hand_agree(self, pair: Pair, snapshot: Snapshot) -> None:
        import duckdb

        files = {name: snapshot.folder / t.file for name, t in snapshot.manifest.tables.items()}
        hand = duckdb.connect().execute(pair.query(files)).fetchall()
        layer = list(run_query(pair.spec, snapshot, EVERYTHING, row_cap=10_000).rows)
        assert hand
        check_equal(pair, layer, hand)

    def test_a_difference_stops_the_benchmark(self) -> None:
        with pytest.raises(SystemExit, match="results differ"):
            check_equal(PAIRS[0], [(1.0,)], [(Decimal("1.01"),)])
        with pytest.raises(SystemExit, match="results differ"):
            check_equal(PAIRS[0], [(1.0,)], [(Decimal(1),), (Decimal(1),)])


class TestQuestions:
    def test_there_are_more_than_a_hundred_and_none_twice(self) -> None:
        asked = questions()
        assert len(asked) > 100
        assert len(set(asked)) == len(asked)
        assert not set(asked) & set(WARM_UP)


class TestPercentile:
    def test_is_the_smallest_value_that_the_share_does_not_exceed(self) -> None:
        values = [float(v) for v in range(1, 21)]
        assert percentile(values, 0.50) == 10  # rank ⌈0.50 · 20⌉ = 10
        assert percentile(values, 0.95) == 19  # rank ⌈0.95 · 20⌉ = 19
        assert percentile([7.0], 0.95) == 7
