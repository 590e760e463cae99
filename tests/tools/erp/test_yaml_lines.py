"""YAML with lines."""

from __future__ import annotations

import pytest

from leadline.errors import MappingError
from tools.erp.yaml_lines import read_yaml

TEXT = """\
source: x
files:
  - file: a.csv
    tables:
      partner: {columns: {ext_id: 编码,
                          name: 名称}}
  - file: b.csv
"""


class TestLines:
    @pytest.mark.parametrize(
        ("path", "line"),
        [
            ((), 1),
            (("source",), 1),
            (("files", 0, "file"), 3),
            (("files", 0, "tables", "partner", "columns", "name"), 6),
            (("files", 1), 7),
            (("files", 1, "nothing", "here"), 7),
        ],
    )
    def test_where_a_value_stands(self, path: tuple[str | int, ...], line: int) -> None:
        assert read_yaml(TEXT, "m.yaml").where(path) == f"m.yaml:{line}"

    def test_steps_that_the_document_lacks_are_passed_over(self) -> None:
        assert (
            read_yaml(TEXT, "m.yaml").where(("files", "list", 1, "FileSpec", "file")) == "m.yaml:7"
        )


class TestValues:
    def test_text_stays_as_it_was_written(self) -> None:
        data = read_yaml("[no, yes, 0012, 1.10, 2026-01-05, 12:30, 7, -3, true, null, ~]", "m").data
        assert data == ["no", "yes", "0012", "1.10", "2026-01-05", "12:30", 7, -3, True, None, None]

    def test_keys_are_text(self) -> None:
        assert read_yaml("{1: a, Y: b, null: c}", "m").data == {"1": "a", "Y": "b", "null": "c"}

    def test_nothing(self) -> None:
        assert read_yaml("", "m").data is None


class TestFaults:
    def test_a_repeated_key(self) -> None:
        with pytest.raises(
            MappingError, match=r"^m\.yaml:3: 'a' stands here and already at line 1"
        ):
            read_yaml("a: 1\nb: 2\na: 3\n", "m.yaml")

    def test_no_yaml(self) -> None:
        with pytest.raises(MappingError, match=r"^m\.yaml:3: not valid YAML"):
            read_yaml("a: 1\nb: [1, 2\nc: 3\n", "m.yaml")

    def test_a_key_that_is_no_text(self) -> None:
        with pytest.raises(MappingError, match=r"^m:1: a key must be plain text"):
            read_yaml("? [1, 2]\n: x\n", "m")
