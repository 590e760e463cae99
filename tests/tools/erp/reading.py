"""Reading a folder by a mapping, with everything that came out of it at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from knowledge.warehouse.batch import Notice, RowError, Tally
from tools.erp.files import read_source
from tools.erp.mapping import parse_mapping


@dataclass
class Collected:
    """One table's stream, run to its end."""

    columns: tuple[str, ...] = ()
    rows: list[dict[str, Any]] = field(default_factory=list)
    row_nos: list[int] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]

    def reasons(self) -> list[tuple[int | None, str | None, str]]:
        return [(e.row_no, e.column, e.reason.partition(":")[0]) for e in self.errors]


def read(folder: Path, mapping: str) -> dict[str, Collected]:
    """All tables of a folder, in the order in which they come."""
    batch = read_source(folder, parse_mapping(dedent(mapping), "mapping.yaml"))
    found: dict[str, Collected] = {}
    for table in batch.tables:
        collected = found[table.table] = Collected(table.columns)
        for chunk in table.chunks:
            collected.rows += list(_rows(chunk.columns))
            collected.row_nos += [n for n in chunk.row_nos.to_pylist() if n is not None]
            collected.errors += chunk.errors
            collected.notices += chunk.notices
            collected.tally += chunk.tally
    return found


def _rows(columns: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    lists = {name: array.to_pylist() for name, array in columns.items()}
    for values in zip(*lists.values(), strict=True):
        yield dict(zip(lists, values, strict=True))


def read_table(folder: Path, mapping: str, table: str = "partner") -> Collected:
    """One table of a folder."""
    return read(folder, mapping)[table]


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    """A text file with the lines of `text`, unindented."""
    path = folder / name
    path.write_bytes(dedent(text).lstrip("\n").encode(encoding))
    return path
