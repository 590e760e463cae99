"""Rows with the same key: merged, settled by a rule, or refused."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.warehouse.batch import Tally
from tests.tools.erp.reading import Collected, read_table, write
from tools.erp import csv_file, duplicates, table_stream
from tools.erp.duplicates import RowHasher, place_of, row_numbers, sequence, sheet_numbers

MAPPING = """
    source: s
    files:
      - file: p*.csv
        tables:
          partner:
            {keep}
            columns: {ext_id: code, name: name}
"""


def partners(folder: Path, body: str, keep: str = "") -> Collected:
    write(folder, "p.csv", "code,name,at\n" + body)
    return read_table(folder, MAPPING.replace("{keep}", f"keep: {keep}" if keep else ""))


class TestWithoutARule:
    def test_identical_rows_are_one(self, tmp_path: Path) -> None:
        found = partners(tmp_path, "P1,a\nP2,b\nP1,a\nP1,a\n")
        assert sorted(found.column("ext_id")) == ["P1", "P2"]
        assert found.tally == Tally(read=4, merged=2)
        assert found.errors == []

    def test_contradicting_rows_are_all_refused(self, tmp_path: Path) -> None:
        found = partners(tmp_path, "P1,a\nP2,b\nP1,c\nP1,a\n")
        assert found.column("ext_id") == ["P2"]
        assert found.tally == Tally(read=4, rejected=3)
        # row 5 is identical with row 2, so two places stand for three rows
        assert [(e.row_no, e.column, e.value, e.reason) for e in found.errors] == [
            (2, "code", "P1", "contradicting_key: 2, 4 (name)"),
            (4, "code", "P1", "contradicting_key: 2, 4 (name)"),
        ]

    def test_a_row_that_is_bad_anyway_contradicts_nothing(self, tmp_path: Path) -> None:
        found = partners(tmp_path, "P1,a\nP1,\n")
        assert found.column("name") == ["a"]
        assert found.reasons() == [(3, "name", "missing")]

    def test_across_files(self, tmp_path: Path) -> None:
        write(tmp_path, "p0.csv", "code,name\nP1,z\n")
        found = partners(tmp_path, "P1,a\n")
        assert [(e.file, e.row_no) for e in found.errors] == [("p.csv", 2), ("p0.csv", 2)]


class TestRules:
    @pytest.mark.parametrize(
        ("keep", "name"),
        [
            ("{last_by: at}", "b"),
            ("{first_by: at}", "a"),
            ("last", "c"),
            ("first", "a"),
        ],
    )
    def test_one_row_is_kept(self, tmp_path: Path, keep: str, name: str) -> None:
        found = partners(tmp_path, "P1,a,2024/9/1\nP1,b,2024/10/1\nP1,c,\n", keep)
        assert found.column("name") == [name]
        assert found.tally == Tally(read=3, merged=2)

    def test_dates_are_compared_as_dates_and_numbers_as_numbers(self, tmp_path: Path) -> None:
        # as text 2024/9/1 would be later than 2024/10/1, and 9 more than 10
        assert partners(tmp_path, "P1,a,2024/9/1\nP1,b,2024/10/1\n", "{last_by: at}").column(
            "name"
        ) == ["b"]
        assert partners(tmp_path, "P1,a,9\nP1,b,10\n", "{last_by: at}").column("name") == ["b"]
        assert partners(tmp_path, "P1,a,v9\nP1,b,v10\n", "{last_by: at}").column("name") == ["a"]

    def test_a_row_without_the_column_loses(self, tmp_path: Path) -> None:
        assert partners(tmp_path, "P1,a,\nP1,b,5\n", "{last_by: at}").column("name") == ["b"]

    def test_a_tie_is_a_contradiction(self, tmp_path: Path) -> None:
        found = partners(tmp_path, "P1,a,5\nP1,b,5\nP1,c,4\n", "{last_by: at}")
        assert found.rows == []
        assert found.tally == Tally(read=3, merged=1, rejected=2)

    def test_the_last_of_rows_that_come_again(self, tmp_path: Path) -> None:
        assert partners(tmp_path, "P1,a\nP1,b\nP1,a\n", "last").column("name") == ["a"]
        assert partners(tmp_path, "P1,a\nP1,b\nP1,a\n", "first").column("name") == ["a"]


class TestSecondKey:
    def test_an_ext_id_must_be_unique_besides_the_number(self, tmp_path: Path) -> None:
        write(tmp_path, "o.csv", "id,no,day\n1,A,2026-01-05\n1,B,2026-01-05\n2,C,2026-01-05\n")
        found = read_table(
            tmp_path,
            """
            source: s
            files:
              - file: o.csv
                tables:
                  sales_order: {columns: {ext_id: id, order_no: no, order_date: day}}
            """,
            "sales_order",
        )
        assert found.column("order_no") == ["C"]
        assert [e.row_no for e in found.errors] == [2, 3]


class TestManyRows:
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
    @given(
        st.lists(st.tuples(st.integers(0, 6), st.sampled_from("ab")), max_size=40),
        st.sampled_from([1, 7, 50_000]),
    )
    def test_agrees_with_a_plain_count_whatever_the_frames(
        self, tmp_path: Path, rows: list[tuple[int, str]], frame_rows: int
    ) -> None:
        with pytest.MonkeyPatch.context() as patch:
            for module in (csv_file, table_stream):
                patch.setattr(module, "FRAME_ROWS", frame_rows)
            patch.setattr(duplicates, "_COMPACT_ROWS", 3)
            found = partners(tmp_path, "".join(f"P{key},{name}\n" for key, name in rows))
        names = defaultdict(set)
        for key, name in rows:
            names[f"P{key}"].add(name)
        kept = {key for key, seen in names.items() if len(seen) == 1}
        counts = Counter(f"P{key}" for key, _ in rows)
        rejected = sum(count for key, count in counts.items() if key not in kept)
        assert sorted(found.column("ext_id")) == sorted(kept)
        assert found.tally == Tally(
            read=len(rows), merged=len(rows) - rejected - len(kept), rejected=rejected
        )


class TestHashesAndPlaces:
    def test_equal_rows_have_equal_hashes(self) -> None:
        hasher = RowHasher()
        hashes = hasher.hashes([pa.array(["a", "a", "b"]), pa.array(["1", "1", None])])
        hasher.close()
        assert hashes[0] == hashes[1] != hashes[2]

    def test_a_place_is_sheet_and_row(self) -> None:
        rows = pa.array([2, 1_048_576], pa.int64())
        seqs = sequence(3, rows)
        assert row_numbers(seqs).to_pylist() == [2, 1_048_576]
        assert sheet_numbers(seqs).to_pylist() == [3, 3]
        assert place_of(seqs[1].as_py()) == (3, 1_048_576)
