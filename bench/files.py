"""From files to committed rows: how fast a channel in CSV or Parquet is read, checked and loaded.

`python -m bench.files` writes the channel of `bench.channel` as one file per table, loads it by a
mapping as `leadline load` does, and prints lines per second with and without the database.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.channel import LargeChannel
from bench.measure import peak_memory_mb, report, write_results
from knowledge.warehouse.batch import TableRows, reference
from knowledge.warehouse.load import load_batch
from knowledge.warehouse.tables import BY_NAME
from leadline.database import make_engine
from tools.erp.files import read_source
from tools.erp.mapping import Mapping, parse_mapping

LINES = 5_000_000
FORMATS = ("csv", "parquet")


def write_channel(folder: Path, lines: int, file_format: str) -> Mapping:
    """Write the channel and return the mapping that reads it back, every column by its own name."""
    files = []
    for table in LargeChannel(lines).batch().tables:
        write_table(folder / f"{table.table}.{file_format}", table)
        definition = BY_NAME[table.table].c
        columns = {
            name.removesuffix("_id") if reference(definition[name]) else name: name
            for name in table.columns
        }
        tables = {table.table: {"columns": columns}}
        files.append({"file": f"{table.table}.{file_format}", "tables": tables})
    return parse_mapping(json.dumps({"source": "bench", "files": files}), "bench.json")


def write_table(path: Path, table: TableRows) -> None:
    """Write one table chunk by chunk."""
    import pyarrow as pa
    from pyarrow import csv, parquet

    writer: Any = None
    for chunk in table.chunks:
        batch = pa.record_batch(list(chunk.columns.values()), names=list(chunk.columns))
        if writer is None:
            make = csv.CSVWriter if path.suffix == ".csv" else parquet.ParquetWriter
            writer = make(path, batch.schema)
        writer.write_batch(batch)
    if writer is not None:
        writer.close()


def run(lines: int, file_format: str) -> dict[str, Any]:
    """Read alone, then read and load."""
    with tempfile.TemporaryDirectory(prefix="leadline-bench-") as name:
        folder = Path(name) / "files"
        folder.mkdir()
        mapping = write_channel(folder, lines, file_format)
        size = sum(path.stat().st_size for path in folder.iterdir())
        started = time.perf_counter()
        rows = 0
        for table in read_source(folder, mapping).tables:
            rows += sum(len(chunk) for chunk in table.chunks)
        read_seconds = time.perf_counter() - started
        engine = make_engine(f"sqlite:///{Path(name) / 'leadline.db'}")
        started, cpu = time.perf_counter(), time.process_time()
        loaded = load_batch(engine, read_source(folder, mapping))
        load_seconds, load_cpu = time.perf_counter() - started, time.process_time() - cpu
        engine.dispose()
    if loaded.inserted != rows or loaded.rejected:
        raise SystemExit(f"{rows} rows read, {loaded.inserted} loaded, {loaded.rejected} rejected")
    return {
        "rows": rows,
        "files_mb": size / 1e6,
        "read_seconds": read_seconds,
        "read_lines_per_second": lines / read_seconds,
        "load_seconds": load_seconds,
        "load_cpu_seconds": load_cpu,
        "load_lines_per_second": lines / load_seconds,
        "peak_memory_mb": peak_memory_mb(),
    }


def main() -> None:
    """Run both formats, print the table, write `bench/results/files.json` at full size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    lines = parser.parse_args().lines
    results = {file_format: run(lines, file_format) for file_format in FORMATS}
    rows = []
    for name, result in results.items():
        rows += [
            (f"{name}: read and check", f"{result['read_lines_per_second']:,.0f} lines/s", ""),
            (
                f"{name}: read, check and load into SQLite",
                f"{result['load_lines_per_second']:,.0f} lines/s",
                "≥ 20,000 lines/s",
            ),
            (f"{name}: peak memory so far", f"{result['peak_memory_mb']:,.0f} MB", ""),
        ]
    report(f"bench.files, {lines:,} order lines", rows)
    name = "files" if lines == LINES else f"files-{lines}"
    print("written:", write_results(name, {"lines": lines, **results}))


if __name__ == "__main__":
    main()
