"""Files by their extension; Parquet."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from leadline.errors import SourceFileError
from tests.tools.erp.reading import write
from tools.erp.sheets import FRAME_ROWS, ReadOptions
from tools.erp.tabular import open_sheets


class TestParquet:
    def test_only_the_columns_that_are_needed(self, tmp_path: Path) -> None:
        parquet.write_table(pa.table({"a": [1, 2], "b": ["x", "y"]}), tmp_path / "t.parquet")
        (sheet,) = open_sheets(tmp_path / "t.parquet", "t.parquet", ReadOptions(), ["b"])
        (frame,) = sheet.frames([1])
        assert frame.columns[0] is None
        assert list(frame.column(1)) == [pa.scalar("x"), pa.scalar("y")]
        assert frame.row_nos.to_pylist() == [1, 2]
        assert (sheet.rows, sheet.has_totals) == (2, False)

    def test_long_files_come_in_frames(self, tmp_path: Path) -> None:
        rows = FRAME_ROWS + 3
        parquet.write_table(pa.table({"a": range(rows)}), tmp_path / "t.parquet")
        (sheet,) = open_sheets(tmp_path / "t.parquet", "t", ReadOptions(), ["a"])
        for needed in ([0], []):  # without columns there are still rows to fill with constants
            numbers = [n for frame in sheet.frames(needed) for n in frame.row_nos.to_pylist()]
            assert numbers == list(range(1, rows + 1))

    def test_encoded_text_is_plain_text(self, tmp_path: Path) -> None:
        column = pa.array(["x", "y"])
        table = pa.table(
            {
                "coded": column.dictionary_encode(),
                "large": column.cast(pa.large_string()),
                "bytes": column.cast(pa.binary()),
            }
        )
        parquet.write_table(table, tmp_path / "t.parquet")
        (sheet,) = open_sheets(tmp_path / "t.parquet", "t", ReadOptions(), [])
        (frame,) = sheet.frames([0, 1, 2])
        assert [c.to_pylist() for c in frame.columns if not isinstance(c, list) and c] == [
            ["x", "y"]
        ] * 3

    def test_nested_values_are_refused(self, tmp_path: Path) -> None:
        parquet.write_table(pa.table({"a": [[1], [2]]}), tmp_path / "t.parquet")
        (sheet,) = open_sheets(tmp_path / "t.parquet", "t", ReadOptions(), ["a"])
        with pytest.raises(SourceFileError, match="'a' holds nested values"):
            list(sheet.frames([0]))

    def test_a_broken_file(self, tmp_path: Path) -> None:
        write(tmp_path, "t.parquet", "no parquet")
        with pytest.raises(SourceFileError, match="cannot be read as Parquet"):
            open_sheets(tmp_path / "t.parquet", "t.parquet", ReadOptions(), [])


def test_an_unknown_kind_of_file(tmp_path: Path) -> None:
    path = write(tmp_path, "a.pdf", "x")
    with pytest.raises(SourceFileError, match="unknown kind of file") as caught:
        open_sheets(path, "a.pdf", ReadOptions(), [])
    assert ".xlsx" in caught.value.hint
