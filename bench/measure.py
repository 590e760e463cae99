"""What every benchmark needs: machine facts, percentiles, peak memory, a table, a JSON file."""

from __future__ import annotations

import importlib.metadata
import json
import math
import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"

Facts = Mapping[str, object]


def machine() -> dict[str, object]:
    """Cores, processor, memory and the versions that speed depends on."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _proc_field("/proc/cpuinfo", "model name") or platform.processor(),
        "memory": _proc_field("/proc/meminfo", "MemTotal"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{
            name: importlib.metadata.version(name)
            for name in ("duckdb", "duckdb-sqlalchemy", "pyarrow", "sqlalchemy", "numpy")
        },
    }


def _proc_field(path: str, name: str) -> str:
    if not Path(path).exists():
        return ""
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""


def peak_memory_mb() -> float:
    """The most memory that this process has held at once, in MB of 10⁶ bytes."""
    kib = _proc_field("/proc/self/status", "VmHWM").split()[0]
    return int(kib) * 1024 / 1e6


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the smallest value that `share` of the values do not exceed.

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5)
    2.0
    """
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked) - 1e-9) - 1)]


def report(title: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """Print claims, one per row: what, measured, target (empty where there is none)."""
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("what")
    table.add_column("measured", justify="right")
    table.add_column("target", justify="right")
    for row in rows:
        table.add_row(*row)
    Console(width=100).print(table)


def write_results(name: str, facts: Facts) -> Path:
    """Write `bench/results/NAME.json`, with the machine's facts."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    text = json.dumps({"machine": machine(), **facts}, ensure_ascii=False, indent=2, default=str)
    path.write_text(text + "\n", encoding="utf-8")
    return path
