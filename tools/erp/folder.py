"""The source folder: which files a mapping means, their hashes, and each opened only once."""

from __future__ import annotations

import fnmatch
import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.warehouse.batch import SourceFile
from leadline.errors import SourceFileError
from tools.erp.sheets import ReadOptions, Sheet
from tools.erp.tabular import open_sheets

_LOCK_PREFIX = "~$"
"""Excel's own note that somebody has the workbook open; never data."""


@dataclass
class SourceFolder:
    """A folder with source files.

    `wanted` collects, before anything is opened, the column names asked of each file: headers are
    found by them.
    """

    root: Path
    wanted: dict[tuple[Path, ReadOptions], dict[str, None]] = field(default_factory=dict)
    _opened: dict[tuple[Path, ReadOptions], tuple[Sheet, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.root.is_dir():
            raise SourceFileError(f"{self.root} is not a folder")
        self._files = {
            unicodedata.normalize("NFC", path.relative_to(self.root).as_posix()): path
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and not path.name.startswith((_LOCK_PREFIX, "."))
        }

    @property
    def names(self) -> tuple[str, ...]:
        """All files, by path relative to the folder."""
        return tuple(self._files)

    def match(self, pattern: str) -> list[Path]:
        """The files that a name or pattern (`orders_*.csv`) means, sorted; empty where none is."""
        plain = unicodedata.normalize("NFC", pattern)
        if plain in self._files:
            return [self._files[plain]]
        return [path for name, path in self._files.items() if fnmatch.fnmatchcase(name, plain)]

    def label(self, path: Path) -> str:
        """How messages call a file: its path relative to the folder."""
        return path.relative_to(self.root).as_posix()

    def want(self, path: Path, options: ReadOptions, names: Iterable[str]) -> None:
        """Note that these columns of the file will be asked for."""
        self.wanted.setdefault((path, options), {}).update(dict.fromkeys(names))

    def open(self, path: Path, options: ReadOptions) -> tuple[Sheet, ...]:
        """The file's sheets; opened at the first call.

        Raises:
            SourceFileError: see `open_sheets`.
        """
        key = (path, options)
        if key not in self._opened:
            names: Sequence[str] = list(self.wanted.get(key, ()))
            self._opened[key] = open_sheets(path, self.label(path), options, names)
        return self._opened[key]

    def hashed(self) -> tuple[SourceFile, ...]:
        """The files that were asked for, with the sha256 of their bytes."""
        paths = sorted({path for path, _options in self.wanted})
        return tuple(self._hashed(path) for path in paths)

    def _hashed(self, path: Path) -> SourceFile:
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise SourceFileError(f"{self.label(path)}: cannot be read: {error}") from error
        return SourceFile(self.label(path), digest, path.stat().st_size)


def content_hash(files: Sequence[SourceFile]) -> str:
    """One hash over names and contents of all files."""
    lines = "".join(f"{file.sha256}  {file.path}\n" for file in files)
    return hashlib.sha256(lines.encode()).hexdigest()
