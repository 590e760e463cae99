"""How long 5,000 partners take: profiles, segments, churn and health, all from a fresh snapshot.

    python -m bench.partner_refresh [--data-dir DIR] [--scale 21] [--seed 7]

Without a data directory it writes and loads a simulated channel of its own first, which is not
timed. Every part runs in a process of its own with no derived table to lean on, so seconds and peak
memory are those of the part alone; the sum is a full refresh, one part after the other.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.measure import peak_memory_mb, report, write_results
from knowledge.semantic.model import load_model
from knowledge.warehouse.derived import DerivedStore
from knowledge.warehouse.snapshot import SnapshotStore
from leadline.access import EVERYTHING
from tools.catalog import TOOLS, tool
from tools.definition import ToolContext
from tools.partner_filters import read_partners

ROOT = Path(__file__).parent.parent

LIMIT_SECONDS = 60.0
"""What a full refresh of 5,000 partners may take on two cores."""

PARTS = ("profile", "segments", "churn", "health")
"""Tools whose tables make a refresh."""


@dataclass(frozen=True)
class Part:
    """One part's cost: `peak_mb` is the resident peak of its process, libraries included."""

    name: str
    seconds: float
    peak_mb: float
    partners: int


def measure(name: str, data_dir: Path) -> Part:
    """Run one part in this process, with nothing derived yet; its table is of all partners."""
    snapshot = SnapshotStore(data_dir / "snapshots").current()
    partners = read_partners(snapshot)["partner"]
    arguments: dict[str, object] = {"limit": 1}
    if name == "profile":
        arguments = {"partner": str(partners.iloc[0])}
    with tempfile.TemporaryDirectory() as folder:
        store = DerivedStore(Path(folder))
        context = ToolContext(snapshot, EVERYTHING, load_model(), 5000, store)
        started = time.perf_counter()
        tool(name).run(arguments, context)
        seconds = time.perf_counter() - started
    return Part(name, round(seconds, 2), round(peak_memory_mb(), 1), len(partners))


def measured_apart(name: str, data_dir: Path) -> Part:
    """`measure` in a process of its own."""
    command = [sys.executable, "-m", "bench.partner_refresh", "--part", name]
    command += ["--data-dir", str(data_dir)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return Part(**json.loads(done.stdout.splitlines()[-1]))


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


def facts_of(parts: list[Part], absent: list[str]) -> dict[str, object]:
    """The figures to keep, and whether the bound holds for the parts that there are."""
    total = round(sum(part.seconds for part in parts), 2)
    return {
        "partners": parts[0].partners if parts else 0,
        "parts": [asdict(part) for part in parts],
        "absent": absent,
        "total_seconds": total,
        "peak_mb": max((part.peak_mb for part in parts), default=0.0),
        "limit_seconds": LIMIT_SECONDS,
        "holds": total < LIMIT_SECONDS and not absent,
    }


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--scale", type=float, default=21)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(asdict(measure(options.part, options.data_dir))))
        return
    folder = ROOT / "build" / f"partners-{options.scale:g}-{options.seed}"
    data_dir = options.data_dir or build(folder, options.scale, options.seed)
    known = {one.name for one in TOOLS}
    parts = [measured_apart(name, data_dir.resolve()) for name in PARTS if name in known]
    facts = facts_of(parts, [name for name in PARTS if name not in known])
    rows = [(p.name, f"{p.seconds:.2f} s, {p.peak_mb:,.0f} MB at most", "") for p in parts]
    rows.append(("together", f"{facts['total_seconds']} s", f"< {LIMIT_SECONDS:g} s"))
    report(f"Refresh of {facts['partners']:,} partners", rows)
    print(write_results("partner_refresh", facts))


if __name__ == "__main__":
    main()
