"""The source folder."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from knowledge.warehouse.batch import SourceFile
from tests.tools.erp.reading import write
from tools.erp.folder import SourceFolder, content_hash
from tools.erp.sheets import ReadOptions


class TestMatching:
    def test_names_and_patterns(self, tmp_path: Path) -> None:
        (tmp_path / "2025").mkdir()
        for name in ("b.csv", "a.csv", "2025/c.csv", "~$a.xlsx", ".hidden.csv"):
            write(tmp_path, name, "x\n")
        folder = SourceFolder(tmp_path)
        assert folder.names == ("2025/c.csv", "a.csv", "b.csv")
        assert [folder.label(path) for path in folder.match("*.csv")] == list(folder.names)
        assert [folder.label(path) for path in folder.match("2025/*.csv")] == ["2025/c.csv"]
        assert folder.match("d.csv") == []

    def test_a_name_with_brackets_means_itself(self, tmp_path: Path) -> None:
        write(tmp_path, "a[1].csv", "x\n")
        assert len(SourceFolder(tmp_path).match("a[1].csv")) == 1

    def test_composed_and_decomposed_letters_are_one_name(self, tmp_path: Path) -> None:
        # macOS decomposes file names
        write(tmp_path, unicodedata.normalize("NFD", "é.csv"), "x\n")
        assert len(SourceFolder(tmp_path).match("é.csv")) == 1

    def test_nothing_outside_the_folder_is_reached(self, tmp_path: Path) -> None:
        inner = tmp_path / "in"
        inner.mkdir()
        write(tmp_path, "secret.csv", "x\n")
        assert SourceFolder(inner).match("../secret.csv") == []
        assert SourceFolder(inner).match("../*.csv") == []


class TestOpening:
    def test_a_file_is_opened_once_for_all_that_is_asked_of_it(self, tmp_path: Path) -> None:
        path = write(tmp_path, "a.csv", "title,\ncode,name\nP1,x\n")
        folder, options = SourceFolder(tmp_path), ReadOptions()
        folder.want(path, options, ["code"])
        folder.want(path, options, ["name"])
        first = folder.open(path, options)
        assert [header.text for header in first[0].headers] == ["code", "name"]
        assert folder.open(path, options) is first


class TestHashes:
    def test_only_files_that_were_asked_for(self, tmp_path: Path) -> None:
        path = write(tmp_path, "a.csv", "abc")
        write(tmp_path, "b.csv", "x")
        folder = SourceFolder(tmp_path)
        folder.want(path, ReadOptions(), ["code"])
        (file,) = folder.hashed()
        # sha256 of "abc" from FIPS 180-4
        assert file.sha256.startswith("ba7816bf8f01cfea")
        assert (file.path, file.size_bytes) == ("a.csv", 3)

    def test_names_and_contents_both_count(self) -> None:
        one, other = SourceFile("a", "1", 1), SourceFile("b", "1", 1)
        assert content_hash([one]) != content_hash([other])
        assert content_hash([one]) != content_hash([one, other])
