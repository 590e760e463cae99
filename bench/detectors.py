"""Precision and recall of the anomaly detectors on the simulated channel's planted truths.

    python -m bench.detectors [--seeds 1 2 3 4 5] [--keep FOLDER]

For each seed the channel is written and loaded (or found in FOLDER/SEED with `truth.json` and
`data/`), and the tools run with their default least score. Thresholds were chosen on seeds from 101
on; seeds 1 to 5 are reported and were not tuned on.

Matching. A finding is right if a planted event of the same member overlaps its days; an event is
found if a finding does. Precision is right findings over all findings, recall found events over all
events.

- stuffing, diversion: the planted events of that name. Genuine spikes and national accounts count
  as wrong findings, and are counted beside.
- decline: the region that loses two lines. By default (region × line) it is found where one of its
  lines is; beside it by region alone, and line by line.
- hot spots: a line that surges in a province, by province × line, upwards (recall).
- partners down: lulls and churners that left (from the day when their orders fade) as events;
  right is also what overlaps the quarter after a planted stuffing, which is thin because of it.
  Churners that ordered too rarely to have a level are events all the same.
- partners up: precision only, against stuffed quarters and genuine spikes; that a partner grows by
  itself for some months is no planted event, so this is a lower bound.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.measure import report, write_results
from knowledge.semantic.frames import read_frame
from knowledge.semantic.model import load_model
from knowledge.warehouse.snapshot import SnapshotStore
from leadline.access import EVERYTHING
from leadline.evidence import ToolResult
from tools.catalog import tool
from tools.definition import ToolContext

SEEDS = (1, 2, 3, 4, 5)
TARGET = 0.9
QUARTER = timedelta(days=92)

Truth = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """Something planted or found: who (member labels), its days, both in it."""

    who: tuple[str, ...]
    first: date
    last: date

    def meets(self, other: Event) -> bool:
        """Whether both are of the same member and share a day."""
        return self.who == other.who and self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Score:
    """Right findings of all, and found events of all."""

    right: int
    findings: int
    found: int
    events: int

    @property
    def precision(self) -> float:
        """1 where nothing was found."""
        return self.right / self.findings if self.findings else 1.0

    @property
    def recall(self) -> float:
        """1 where nothing was planted."""
        return self.found / self.events if self.events else 1.0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.right + other.right,
            self.findings + other.findings,
            self.found + other.found,
            self.events + other.events,
        )

    def __str__(self) -> str:
        return f"{self.right}/{self.findings} right, {self.found}/{self.events} found"


def matched(found: Sequence[Event], planted: Sequence[Event], also: Sequence[Event] = ()) -> Score:
    """Findings beside what was planted; `also` makes a finding right but need not be found."""
    right = sum(any(f.meets(e) for e in (*planted, *also)) for f in found)
    hit = sum(any(f.meets(e) for f in found) for e in planted)
    return Score(right, len(found), hit, len(planted))


def findings(result: ToolResult, keys: Sequence[str]) -> list[Event]:
    """The result's rows as events of the members in `keys`."""
    at = [result.column_index(key) for key in keys]
    first, last = result.column_index("period_start"), result.column_index("period_end")
    return [
        Event(
            tuple(str(row[i]) for i in at),
            date.fromisoformat(str(row[first])),
            date.fromisoformat(str(row[last])),
        )
        for row in result.rows
    ]


def day(text: str) -> date:
    """An ISO day."""
    return date.fromisoformat(text)


def scores(folder: Path, truth: Truth) -> tuple[dict[str, Score], float]:
    """Every detector on one loaded channel, and the seconds that all took together."""
    context = ToolContext(
        SnapshotStore(folder / "snapshots").current(), EVERYTHING, load_model(), row_cap=5000
    )
    partners = read_frame(context.snapshot, "partner", ("ext_id", "label"))
    label = dict(zip(partners["ext_id"], partners["label"], strict=True))

    def planted(key: str, first: str = "start", last: str = "end") -> list[Event]:
        return [Event((label[e["partner"]],), day(e[first]), day(e[last])) for e in truth[key]]

    def run(name: str, **arguments: object) -> ToolResult:
        return tool(name).run({"limit": 5000, "everything": True, **arguments}, context)

    began = time.perf_counter()
    stuffing = findings(run("stuffing"), ("partner",))
    diversion = findings(run("diversion"), ("partner",))
    found = {
        "stuffing": matched(stuffing, planted("stuffing")),
        "diversion": matched(diversion, planted("diversion")),
        "genuine spikes flagged": matched(stuffing, planted("genuine_spikes")),
        "national accounts flagged": matched(diversion, planted("national_accounts")),
        **_places(run, truth),
        **_partners(run, truth, label, planted),
    }
    return found, time.perf_counter() - began


def _places(run: Any, truth: Truth) -> dict[str, Score]:
    """Regions, lines in regions, and lines in provinces against decline and hot spots."""
    decline, end = truth["decline"], day(truth["as_of"])
    region, since = str(decline["region"]), day(decline["start"])

    def down(by: tuple[str, ...]) -> list[Event]:
        return findings(run("revenue_anomalies", by=by, direction="down"), by)

    spots = [
        Event((h["territory"], h["line"]), day(h["start"]), day(h["end"]))
        for h in truth["hot_spots"]
    ]
    up = findings(
        run("revenue_anomalies", by=("territory", "product_line"), direction="up"),
        ("territory", "product_line"),
    )
    lines = [Event((region, line), since, end) for line in decline["lines"]]
    by_default = [
        Event(found.who[:1], found.first, found.last)
        for found in findings(
            run("revenue_anomalies", direction="down"), ("region", "product_line")
        )
    ]
    return {
        "decline by default (any line)": matched(by_default, [Event((region,), since, end)]),
        "decline by region": matched(down(("region",)), [Event((region,), since, end)]),
        "decline by region × line": matched(down(("region", "product_line")), lines),
        "hot spots by province × line": matched(up, spots),
    }


def _partners(run: Any, truth: Truth, label: dict[str, str], planted: Any) -> dict[str, Score]:
    """Partners whose sales fell or rose, against lulls, churn, and pushed or genuine quarters."""
    end = day(truth["as_of"])
    churn = [
        Event((label[c["partner"]],), day(c["fades_from"]), end)
        for c in truth["churners"]
        if c["left"]
    ]
    thin = [Event(e.who, e.last, e.last + QUARTER) for e in planted("stuffing")]
    leaving = [
        Event((label[c["partner"]],), day(c["fades_from"]), end)
        for c in truth["churners"]
        if not c["left"]
    ]
    down = findings(run("revenue_anomalies", by=("partner",), direction="down"), ("partner",))
    up = findings(run("revenue_anomalies", by=("partner",), direction="up"), ("partner",))
    lulls = planted("lulls")
    return {
        "partners down": matched(down, [*lulls, *churn], [*thin, *leaving]),
        "of these lulls": matched(down, lulls),
        "of these churners": matched(down, churn),
        "partners up": matched(up, [], [*planted("stuffing"), *planted("genuine_spikes")]),
    }


@contextmanager
def channel(seed: int, kept: Path | None) -> Iterator[tuple[Path, Truth]]:
    """The data directory and truth of a seed, made anew where it is not kept."""
    folder = kept / str(seed) if kept is not None else None
    if folder is not None and (folder / "truth.json").exists():
        yield folder / "data", json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        return
    with tempfile.TemporaryDirectory() as made:
        source, data = Path(made) / "source", Path(made) / "data"
        mapping = Path("evals/world/mapping.yaml")
        leadline = Path(sys.executable).with_name("leadline")
        world = [sys.executable, "-m", "evals.world", str(source), "--seed", str(seed)]
        load = [str(leadline), "load", str(source), "--mapping", str(mapping)]
        for command in (world, [*load, "--data-dir", str(data)]):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        yield data, json.loads((source / "truth.json").read_text(encoding="utf-8"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Score every seed, print each and the sum of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS))
    parser.add_argument("--keep", type=Path, help="folder with SEED/truth.json and SEED/data")
    parser.add_argument("--no-write", action="store_true", help="leave bench/results as it is")
    chosen = parser.parse_args(arguments)
    by_seed: dict[int, dict[str, Score]] = {}
    seconds: dict[int, float] = {}
    for seed in chosen.seeds:
        with channel(seed, chosen.keep) as (folder, truth):
            by_seed[seed], seconds[seed] = scores(folder, truth)
        rows = [(name, str(score), "") for name, score in by_seed[seed].items()]
        report(f"seed {seed}, {seconds[seed]:.1f} s", rows)
    names = list(by_seed[chosen.seeds[0]])
    mean = {
        name: {
            "precision": sum(s[name].precision for s in by_seed.values()) / len(by_seed),
            "recall": sum(s[name].recall for s in by_seed.values()) / len(by_seed),
        }
        for name in names
    }
    report(f"mean of seeds {', '.join(map(str, by_seed))}", _mean_rows(mean))
    if chosen.no_write:
        return
    each = {
        str(seed): {
            name: {
                "precision": score.precision,
                "recall": score.recall,
                "findings": score.findings,
                "events": score.events,
            }
            for name, score in found.items()
        }
        for seed, found in by_seed.items()
    }
    facts = {"seeds": chosen.seeds, "mean": mean, "by_seed": each, "seconds": seconds}
    print(write_results("detectors", facts))


def _mean_rows(mean: dict[str, dict[str, float]]) -> list[tuple[str, str, str]]:
    rows = []
    for name, score in mean.items():
        target = f"≥ {TARGET}" if name in ("stuffing", "diversion") else ""
        if name.endswith("flagged"):
            rows.append((f"{name} (of all of them)", f"{score['recall']:.3f}", "0"))
            continue
        rows.append((f"{name}: precision", f"{score['precision']:.3f}", target))
        if name != "partners up":
            rows.append((f"{name}: recall", f"{score['recall']:.3f}", target))
    return rows


if __name__ == "__main__":
    main()
