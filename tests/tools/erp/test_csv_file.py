"""Delimited text: encodings, delimiters, ragged and blank rows, row numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadline.errors import SourceFileError
from tests.tools.erp.reading import write
from tools.erp import csv_file
from tools.erp.csv_file import CsvSheet, detect_encoding, open_csv
from tools.erp.sheets import Frame, ReadOptions


def rows_of(sheet: CsvSheet) -> list[tuple[int, list[Any]]]:
    found = []
    for frame in sheet.frames([]):
        columns = [frame.column(index).to_pylist() for index in range(len(frame.columns))]
        numbers = frame.row_nos.to_pylist()
        found += [
            (n, list(cells)) for n, cells in zip(numbers, zip(*columns, strict=True), strict=True)
        ]
    return sorted(found)


def opened(path: Path, *names: str, **options: Any) -> CsvSheet:
    return open_csv(path, path.name, ReadOptions(**options), names)


class TestEncodings:
    @pytest.mark.parametrize(
        ("encoding", "found"),
        [
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8-sig"),
            ("gbk", "gb18030"),
            ("gb18030", "gb18030"),
            ("utf-16", "utf-16"),
        ],
    )
    def test_found_and_read(self, tmp_path: Path, encoding: str, found: str) -> None:
        path = write(tmp_path, "a.csv", "编码,名称\nP1,云帆\n", encoding)
        assert detect_encoding(path) == found
        sheet = opened(path, "编码")
        assert [header.text for header in sheet.headers] == ["编码", "名称"]
        assert rows_of(sheet) == [(2, ["P1", "云帆"])]

    def test_a_byte_sequence_cut_by_a_block_is_no_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(csv_file, "_BLOCK_BYTES", 4)
        path = write(tmp_path, "a.csv", "编码\n云帆\n")
        assert detect_encoding(path) == "utf-8"

    def test_neither_utf8_nor_gb18030(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes("编码\n云帆\n".encode() + b"\xff\xff\n")
        with pytest.raises(SourceFileError, match=r"neither UTF-8 nor .*near byte 14") as caught:
            detect_encoding(path)
        assert "encoding" in caught.value.hint

    def test_a_given_encoding_that_does_not_fit(self, tmp_path: Path) -> None:
        path = write(tmp_path, "a.csv", "编码\n云帆\n", "gbk")
        with pytest.raises(SourceFileError, match="cannot be read as ascii"):
            opened(path, "编码", encoding="ascii")

    def test_only_an_unusual_encoding_is_told(self, tmp_path: Path) -> None:
        assert opened(write(tmp_path, "a.csv", "编码\n云\n", "gbk"), "编码").encoding == "gb18030"
        assert opened(write(tmp_path, "b.csv", "编码\n云\n"), "编码").encoding is None

    def test_the_copy_in_utf8_goes_with_the_sheet(self, tmp_path: Path) -> None:
        sheet = opened(write(tmp_path, "a.csv", "编码\n云\n", "gbk"), "编码")
        copy = sheet.utf8
        assert copy.is_file()
        del sheet
        assert not copy.parent.exists()


class TestForm:
    @pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
    def test_the_delimiter_is_found_by_the_header(self, tmp_path: Path, delimiter: str) -> None:
        text = f'code{delimiter}name\nP1{delimiter}"a{delimiter}b"\n'
        sheet = opened(write(tmp_path, "a.csv", text), "code", "name")
        assert sheet.delimiter == delimiter
        assert rows_of(sheet) == [(2, ["P1", f"a{delimiter}b"])]

    def test_a_header_below_a_title_and_a_note(self, tmp_path: Path) -> None:
        path = write(tmp_path, "a.csv", "伙伴清单,,\n单位：万元,,\n编码,名称,金额\nP1,云帆,3\n")
        sheet = opened(path, "编码", "金额")
        assert sheet.unit == "万元"
        assert rows_of(sheet) == [(4, ["P1", "云帆", "3"])]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_line_ends(self, tmp_path: Path, end: str) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes(f"code,name{end}P1,云{end}P2,帆{end}".encode())
        assert rows_of(opened(path, "code")) == [(2, ["P1", "云"]), (3, ["P2", "帆"])]

    def test_no_header_at_all_goes_by_letters(self, tmp_path: Path) -> None:
        sheet = opened(write(tmp_path, "a.csv", "P1,云\nP2,帆\n"), header_rows=())
        assert [header.text for header in sheet.headers] == ["A", "B"]
        assert rows_of(sheet) == [(1, ["P1", "云"]), (2, ["P2", "帆"])]

    def test_given_header_rows(self, tmp_path: Path) -> None:
        path = write(tmp_path, "a.csv", "x,y\ncode,name\nP1,云\n")
        assert rows_of(opened(path, "code", header_rows=(2,))) == [(3, ["P1", "云"])]

    def test_an_empty_file(self, tmp_path: Path) -> None:
        with pytest.raises(SourceFileError, match="empty"):
            opened(write(tmp_path, "a.csv", ""), "code")

    def test_a_header_and_no_rows(self, tmp_path: Path) -> None:
        assert rows_of(opened(write(tmp_path, "a.csv", "code,name\n"), "code")) == []

    def test_no_header_with_the_names(self, tmp_path: Path) -> None:
        with pytest.raises(SourceFileError, match=r"no header row .* 编码 .*code, name"):
            opened(write(tmp_path, "a.csv", "code,name\nP1,x\n"), "编码")

    @pytest.mark.parametrize("row", ['P1,"x', '"P1,x'])
    def test_an_unclosed_quote_is_a_broken_file(self, tmp_path: Path, row: str) -> None:
        # else the rows below it would end up in one cell
        sheet = opened(write(tmp_path, "a.csv", f"code,name\nP0,w\n{row}\nP2,y\nP3,z\n"), "code")
        with pytest.raises(SourceFileError, match="opens in row 3 is never closed"):
            rows_of(sheet)

    @pytest.mark.parametrize("row", ['P1,"a\nb"', '"P1\n",x'])
    def test_a_closed_one_at_the_end_is_not(self, tmp_path: Path, row: str) -> None:
        assert len(rows_of(opened(write(tmp_path, "a.csv", f"code,name\n{row}\n"), "code"))) == 1


class TestRows:
    def test_blank_rows_count_and_are_left_out(self, tmp_path: Path) -> None:
        path = write(tmp_path, "a.csv", "code,name\nP1,x\n\n,\nP2,y\n")
        assert rows_of(opened(path, "code")) == [(2, ["P1", "x"]), (5, ["P2", "y"])]

    def test_a_line_break_inside_quotes_is_one_row(self, tmp_path: Path) -> None:
        path = write(tmp_path, "a.csv", 'code,name\nP1,"a\nb"\nP2,y\n')
        assert rows_of(opened(path, "code")) == [(2, ["P1", "a\nb"]), (3, ["P2", "y"])]

    def test_short_rows_are_padded(self, tmp_path: Path) -> None:
        path = write(tmp_path, "a.csv", "code,name,city\nP1,x,沪\nP2\nP3,z,京\n")
        assert rows_of(opened(path, "code"))[1] == (3, ["P2", None, None])

    def test_cells_beyond_the_header_have_letters(self, tmp_path: Path) -> None:
        path = write(tmp_path, "a.csv", "code,name\nP1,x,note\nP2,y\n")
        sheet = opened(path, "code")
        assert [header.text for header in sheet.headers] == ["code", "name", "C"]
        assert rows_of(sheet) == [(2, ["P1", "x", "note"]), (3, ["P2", "y", None])]

    def test_a_surplus_cell_far_below_the_sample(self, tmp_path: Path) -> None:
        lines = [f"P{n},x" for n in range(60)]
        lines[55] += ",surplus"
        path = write(tmp_path, "a.csv", "code,name\n" + "\n".join(lines) + "\n")
        faults = [
            (frame.row_nos[fault.index].as_py(), fault.reason)
            for frame in opened(path, "code").frames([])
            for fault in frame.faults
        ]
        assert faults == [(57, "too_many_cells")]  # header is row 1, P0 row 2, P55 row 57

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
    @given(
        st.lists(st.sampled_from(["full", "short", "long", "blank", "quoted"]), max_size=60),
        st.sampled_from([64, 200, 8 << 20]),
    )
    def test_every_row_has_its_number_whatever_the_blocks(
        self, tmp_path: Path, kinds: list[str], block: int
    ) -> None:
        forms = {
            "full": "r{0},x,y",
            "short": "r{0}",
            "long": "r{0},x,y,",
            "blank": "",
            "quoted": 'r{0},"a\nb",y',
        }
        body = "".join(forms[kind].format(n) + "\n" for n, kind in enumerate(kinds, start=2))
        path = write(tmp_path, "a.csv", "code,b,c\n" + body)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(csv_file, "_BLOCK_BYTES", block)
            found = rows_of(opened(path, "code", "b", "c"))
        expected = [n for n, kind in enumerate(kinds, start=2) if kind != "blank"]
        assert [n for n, _ in found] == expected
        assert [cells[0] for _, cells in found] == [f"r{n}" for n in expected]


def test_a_frame_knows_which_columns_it_lacks(tmp_path: Path) -> None:
    frame = next(iter(opened(write(tmp_path, "a.csv", "code\nP1\n"), "code").frames([])))
    bare = Frame((None,), frame.row_nos)
    with pytest.raises(LookupError):
        bare.column(0)
