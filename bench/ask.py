"""Speed from load to answer on a large channel: `python -m bench.ask [--lines N]`.

Claims and targets (5 million order lines, 2 cores): load into SQLite ≥ 20,000 lines a second; warm
questions p95 < 500 ms end to end; the semantic layer ≤ 1.3 times hand-written DuckDB SQL that gives
the same result; `leadline --help` < 0.5 s; the first answer of a fresh process < 4 s.

Each stage runs in a process of its own, so its peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.channel import LargeChannel
from bench.handwritten import PAIRS, Pair
from bench.measure import peak_memory_mb, percentile, report, write_results
from bench.questions import WARM_UP, questions

REPOSITORY = Path(__file__).resolve().parent.parent
LINES = 5_000_000
RUNS = 9
"""Timed runs of each pair; the median counts."""
FRESH_QUESTION = "今年各大区销售额"

Result = dict[str, Any]


def load_stage(data_dir: Path, lines: int) -> Result:
    """Load the channel into SQLite and publish the first snapshot."""
    from knowledge.warehouse.load import load_batch
    from knowledge.warehouse.snapshot import SnapshotStore, publish
    from leadline.database import make_engine
    from leadline.settings import read_settings

    settings = read_settings(data_dir)
    engine = make_engine(settings.database_url)
    started = time.perf_counter()
    loaded = load_batch(engine, LargeChannel(lines).batch())
    load_seconds = time.perf_counter() - started
    load_peak = peak_memory_mb()
    started = time.perf_counter()
    snapshot = publish(engine, SnapshotStore(settings.snapshot_dir))
    publish_seconds = time.perf_counter() - started
    inserted = {item.table: item.counts.inserted for item in loaded.tables}
    return {
        "order_lines": inserted["order_line"],
        "rows": sum(inserted.values()),
        "load_seconds": load_seconds,
        "lines_per_second": inserted["order_line"] / load_seconds,
        "load_peak_memory_mb": load_peak,
        "publish_seconds": publish_seconds,
        "peak_memory_mb": peak_memory_mb(),
        "database_mb": (data_dir / "leadline.db").stat().st_size / 1e6,
        "snapshot_mb": sum(f.stat().st_size for f in snapshot.folder.iterdir()) / 1e6,
    }


def ask_stage(data_dir: Path, _lines: int) -> Result:
    """Ask every question once in a warm process, each in a conversation of its own."""
    from agents.bootstrap import open_service
    from leadline.settings import read_settings

    service = open_service(read_settings(data_dir))
    for question in WARM_UP:
        service.ask(question)
    timings: list[tuple[float, str, str]] = []
    for question in questions():
        started = time.perf_counter()
        answer = service.ask(question)
        milliseconds = (time.perf_counter() - started) * 1000
        timings.append((milliseconds, answer.status, question))
    times = [milliseconds for milliseconds, _, _ in timings]
    return {
        "questions": len(timings),
        "answered": sum(status == "answered" for _, status, _ in timings),
        "not_answered": [
            f"{status}: {text}" for _, status, text in timings if status != "answered"
        ],
        "p50_ms": percentile(times, 0.50),
        "p95_ms": percentile(times, 0.95),
        "max_ms": max(times),
        "slowest": [f"{ms:.0f} ms {text}" for ms, _, text in sorted(timings, reverse=True)[:5]],
        "peak_memory_mb": peak_memory_mb(),
    }


def layer_stage(data_dir: Path, _lines: int) -> Result:
    """Run each typed question and its hand-written twin by turns; both must give the same rows."""
    import duckdb

    from knowledge.semantic.engine import run_query
    from knowledge.warehouse.snapshot import SnapshotStore
    from leadline.access import EVERYTHING
    from leadline.settings import read_settings

    snapshot = SnapshotStore(read_settings(data_dir).snapshot_dir).current()
    files = {name: snapshot.folder / table.file for name, table in snapshot.manifest.tables.items()}
    connection = duckdb.connect()
    measured: list[Result] = []
    for pair in PAIRS:
        sql = pair.query(files)

        def by_layer(pair: Pair = pair) -> list[tuple[Any, ...]]:
            return list(run_query(pair.spec, snapshot, EVERYTHING, row_cap=10_000).rows)

        def by_hand(sql: str = sql) -> list[tuple[Any, ...]]:
            return connection.execute(sql).fetchall()

        check_equal(pair, by_layer(), by_hand())
        layer, hand = _by_turns(by_layer, by_hand)
        measured.append(
            {"name": pair.name, "layer_ms": layer, "hand_ms": hand, "ratio": layer / hand}
        )
    ratios = [item["ratio"] for item in measured]
    return {
        "pairs": measured,
        "median_ratio": statistics.median(ratios),
        "worst_ratio": max(ratios),
    }


def _by_turns(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """Median milliseconds of each, run in turns after one unmeasured run."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(RUNS + 1):
        for run, spent in zip((first, second), times, strict=True):
            started = time.perf_counter()
            run()
            if turn:
                spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])


def check_equal(pair: Pair, layer: list[tuple[Any, ...]], hand: list[tuple[Any, ...]]) -> None:
    """Stop where the two differ: a faster wrong answer is no result."""
    if not pair.spec.order:
        layer, hand = sorted(layer, key=_names), sorted(hand, key=_names)
    same = len(layer) == len(hand) and all(map(_same_row, layer, hand))
    if not same:
        raise SystemExit(f"{pair.name}: results differ\n  layer {layer[:3]}\n  hand  {hand[:3]}")


def _names(row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(cell for cell in row if isinstance(cell, str))


def _same_row(left: tuple[Any, ...], right: tuple[Any, ...]) -> bool:
    if len(left) != len(right):
        return False
    return all(
        math.isclose(a, float(b), rel_tol=1e-9) if isinstance(a, int | float) else a == b
        for a, b in zip(left, right, strict=True)
    )


def process_stage(data_dir: Path, _lines: int) -> Result:
    """Seconds of whole commands: start, work, end; the best of three, for a quiet machine."""
    leadline = str(Path(sys.executable).with_name("leadline"))

    def best(*arguments: str) -> float:
        times = []
        for _ in range(3):
            started = time.perf_counter()
            done = subprocess.run(
                [leadline, *arguments], check=False, capture_output=True, text=True, cwd=data_dir
            )
            times.append(time.perf_counter() - started)
            if done.returncode:
                raise SystemExit(f"leadline {' '.join(arguments)}: {done.stderr}")
        return min(times)

    return {
        "help_seconds": best("--help"),
        "first_answer_seconds": best("ask", FRESH_QUESTION, "--data-dir", str(data_dir)),
    }


STAGES: dict[str, Callable[[Path, int], Result]] = {
    "load": load_stage,
    "ask": ask_stage,
    "layer": layer_stage,
    "process": process_stage,
}


def run_stage(name: str, data_dir: Path, lines: int) -> Result:
    """One stage in a fresh process."""
    out = data_dir / f"bench-{name}.json"
    command = [sys.executable, "-m", "bench.ask", "--stage", name, "--lines", str(lines)]
    environ = {key: value for key, value in os.environ.items() if not key.startswith("LEADLINE_")}
    subprocess.run(
        [*command, "--data-dir", str(data_dir), "--out", str(out)],
        check=True,
        cwd=REPOSITORY,
        env=environ,
    )
    result: Result = json.loads(out.read_text(encoding="utf-8"))
    return result


def claims(results: dict[str, Result]) -> list[tuple[str, str, str]]:
    """The table: what, measured, target."""
    load, ask, layer, process = (results[name] for name in STAGES)
    return [
        ("order lines loaded", f"{load['order_lines']:,}", ""),
        ("load into SQLite", f"{load['lines_per_second']:,.0f} lines/s", "≥ 20,000 lines/s"),
        ("publish the snapshot", f"{load['publish_seconds']:.1f} s", ""),
        ("peak memory, load and publish", f"{load['peak_memory_mb']:,.0f} MB", ""),
        ("questions answered, warm", f"{ask['answered']} of {ask['questions']}", "all"),
        ("question, p50", f"{ask['p50_ms']:.0f} ms", ""),
        ("question, p95", f"{ask['p95_ms']:.0f} ms", "< 500 ms"),
        ("peak memory, asking", f"{ask['peak_memory_mb']:,.0f} MB", ""),
        (
            f"semantic layer / hand-written SQL, median of {len(layer['pairs'])}",
            f"{layer['median_ratio']:.2f} ×",
            "≤ 1.3 ×",
        ),
        ("semantic layer / hand-written SQL, worst", f"{layer['worst_ratio']:.2f} ×", ""),
        ("leadline --help", f"{process['help_seconds']:.2f} s", "< 0.5 s"),
        ("first answer of a fresh process", f"{process['first_answer_seconds']:.2f} s", "< 4 s"),
    ]


def main() -> None:
    """Run all stages, print the table, write `bench/results/ask.json` for a run at full size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--data-dir", type=Path, help="keep the loaded channel here")
    parser.add_argument("--stage", choices=STAGES, help="run one stage in this process")
    parser.add_argument("--out", type=Path, help="where a stage writes its figures")
    arguments = parser.parse_args()
    if arguments.stage:
        result = STAGES[arguments.stage](arguments.data_dir, arguments.lines)
        arguments.out.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
        return
    folder = arguments.data_dir or Path(tempfile.mkdtemp(prefix="leadline-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        results = {name: run_stage(name, folder, arguments.lines) for name in STAGES}
    finally:
        if arguments.data_dir is None:
            shutil.rmtree(folder)
    report(f"bench.ask, {arguments.lines:,} order lines", claims(results))
    for line in results["ask"]["not_answered"] + results["ask"]["slowest"]:
        print(" ", line)
    name = "ask" if arguments.lines == LINES else f"ask-{arguments.lines}"
    print("written:", write_results(name, {"lines": arguments.lines, **results}))


if __name__ == "__main__":
    main()
