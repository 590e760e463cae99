"""How long 5,000 partners take: profiles, segments, churn and health, all from a fresh snapshot.

    python -m bench.partner_refresh [--data-dir DIR] [--scale 21] [--seed 7]

Without a data directory it writes and loads a simulated channel of its own first, which is not
timed. The snapshot is read once, as by whoever computes several tables in a row; no derived table
is there yet. Seconds count only on a machine that does nothing else: the load average is kept too.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from bench.measure import peak_memory_mb, report, write_results
from knowledge.semantic.model import load_model
from knowledge.warehouse.derived import DerivedStore
from knowledge.warehouse.snapshot import SnapshotStore
from leadline.access import EVERYTHING
from tools.catalog import tool
from tools.definition import ToolContext
from tools.partner_filters import read_partners
from tools.profile_base import read_facts

ROOT = Path(__file__).parent.parent

LIMIT_SECONDS = 60.0
"""What a full refresh of 5,000 partners may take on two cores."""

PARTS = ("profile", "segments", "churn", "health")
"""Tools whose tables make a refresh."""


@dataclass(frozen=True)
class Part:
    """One part's cost; `cpu_seconds` are of all threads, so they exceed seconds on two cores."""

    name: str
    seconds: float
    cpu_seconds: float
    peak_mb: float


def measure(data_dir: Path) -> tuple[list[Part], int]:
    """Refresh every part, the snapshot read once, nothing derived yet; and how many partners."""
    snapshot = SnapshotStore(data_dir / "snapshots").current()
    parts: list[Part] = []

    def timed(name: str, work: Callable[[], object]) -> object:
        wall, cpu = time.perf_counter(), time.process_time()
        found = work()
        seconds, burnt = time.perf_counter() - wall, time.process_time() - cpu
        parts.append(Part(name, round(seconds, 2), round(burnt, 2), round(peak_memory_mb(), 1)))
        return found

    held = timed("read", lambda: read_facts(snapshot))
    partners = read_partners(snapshot)["partner"]
    with tempfile.TemporaryDirectory() as folder:
        store = DerivedStore(Path(folder))
        context = ToolContext(snapshot, EVERYTHING, load_model(), 5000, store)
        for name in PARTS:
            arguments: dict[str, object] = {"limit": 1}
            if name == "profile":
                arguments = {"partner": str(partners.iloc[0])}
            timed(name, partial(tool(name).run, arguments, context))
    del held
    return parts, len(partners)


def build(folder: Path, scale: float, seed: int) -> Path:
    """Write and load a simulated channel; gives its data directory. Kept if it is there already."""
    data = folder / "data"
    if (data / "snapshots").is_dir():
        return data
    source = folder / "src"
    world = ["-m", "evals.world", str(source), "--seed", str(seed), "--scale", str(scale)]
    subprocess.run([sys.executable, *world], cwd=ROOT, check=True)
    leadline = Path(sys.executable).with_name("leadline")
    mapping = ROOT / "evals" / "world" / "mapping.yaml"
    load = [str(leadline), "load", str(source), "--mapping", str(mapping), "--data-dir", str(data)]
    subprocess.run(load, cwd=ROOT, check=True)
    return data


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--scale", type=float, default=21)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    folder = ROOT / "build" / f"partners-{options.scale:g}-{options.seed}"
    data_dir = options.data_dir or build(folder, options.scale, options.seed)
    loads = [round(os.getloadavg()[0], 1)]
    parts, partners = measure(data_dir)
    loads.append(round(os.getloadavg()[0], 1))
    total = round(sum(part.seconds for part in parts), 2)
    burnt = round(sum(part.cpu_seconds for part in parts), 2)
    rows = [(p.name, f"{p.seconds:.2f} s ({p.cpu_seconds:.2f} s of CPU)", "") for p in parts]
    rows.append(("together", f"{total} s ({burnt} s of CPU)", f"< {LIMIT_SECONDS:g} s"))
    rows.append(("peak memory", f"{parts[-1].peak_mb:,.0f} MB", ""))
    rows.append(("load average before and after", f"{loads[0]}, {loads[1]}", "< 2"))
    report(f"Refresh of {partners:,} partners", rows)
    facts = {
        "partners": partners,
        "parts": [asdict(part) for part in parts],
        "total_seconds": total,
        "total_cpu_seconds": burnt,
        "peak_mb": parts[-1].peak_mb,
        "load_average": loads,
        "limit_seconds": LIMIT_SECONDS,
        "holds": total < LIMIT_SECONDS,
    }
    print(write_results("partner_refresh", facts))


if __name__ == "__main__":
    main()
