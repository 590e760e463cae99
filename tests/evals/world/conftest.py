"""Worlds for the tests: one of full size, one small, and a simulation that is not written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from evals.world.generator import WorldSummary, generate
from evals.world.world import World, simulate

SMALL = 0.15
"""36 partners."""


@dataclass(frozen=True)
class Written:
    """A world on disk, read back as a person would: every cell as text, bad rows included."""

    summary: WorldSummary
    truth: dict[str, Any]

    def csv(self, name: str) -> pd.DataFrame:
        return _read_csv(self.summary.folder / name)

    def parquet(self, name: str) -> pd.DataFrame:
        return _read_parquet(self.summary.folder / name)

    def sheet(self, name: str, sheet: str, header_rows: int = 1) -> pd.DataFrame:
        return _read_sheet(self.summary.folder / name, sheet, header_rows)

    def bad(self, table: str) -> list[int]:
        """Index labels of the bad rows of a table as read without its header rows."""
        header = {"opportunities": 2, "activities": 0}.get(table, 1)
        return [r["row"] - header - 1 for r in self.truth["bad_rows"] if r["table"] == table]


@cache
def _read_csv(path: Path) -> pd.DataFrame:
    encoding = "gbk" if path.parent.name == "ERP" else "utf-8-sig"
    return pd.read_csv(path, encoding=encoding, dtype=str, keep_default_na=False)


@cache
def _read_parquet(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path)


@cache
def _read_sheet(path: Path, sheet: str, header_rows: int) -> pd.DataFrame:
    raw = pd.read_excel(path, sheet_name=sheet, header=None, dtype=object, engine="calamine")
    names = raw.iloc[header_rows - 1].where(raw.iloc[header_rows - 1].notna(), raw.iloc[0])
    body = raw.iloc[header_rows:].reset_index(drop=True)
    body.columns = pd.Index(names)
    return body


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return _written(tmp_path_factory.mktemp("full"), 1.0)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return _written(tmp_path_factory.mktemp("small"), SMALL)


def _written(folder: Path, scale: float) -> Written:
    summary = generate(folder, seed=7, scale=scale)
    return Written(summary, json.loads((folder / "truth.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def world() -> World:
    """The simulation behind `full`."""
    return simulate(7, 1.0, 36)
