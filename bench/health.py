"""Whether the health score makes sense: on simulated channels whose truth is known.

    python -m bench.health [FOLDER …]

Each folder holds `src` (with `truth.json`) and `data` (an instance); without any, seeds 1 to 5 are
written and loaded under `build/` first. The score was not tuned on these. Reported per channel: the
mean score of those that have left, are about to leave, and stay, by archetype; and how often one
that has left or is about to scores lower than one that stays (area under the ROC curve).
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from bench.measure import report, write_results
from bench.partner_refresh import ROOT, build
from knowledge.warehouse.snapshot import SnapshotStore
from tools.analytics.health import health_table
from tools.partner_filters import read_partners
from tools.profile_base import read_facts

SEEDS = (1, 2, 3, 4, 5)
GONE = ("left", "leaving")
NAMES = {
    "高潜力增长型": "high potential",
    "稳定贡献型": "stable",
    "机会导向型": "opportunistic",
}


def scored(folder: Path) -> pd.DataFrame:
    """Score and kind (left, leaving, new, or the archetype) of every partner of one channel."""
    snapshot = SnapshotStore(folder / "data" / "snapshots").current()
    table = health_table(read_facts(snapshot))[["partner_id", "score", "coverage"]]
    table = table.merge(read_partners(snapshot)[["partner_id", "ext_id"]])
    truth = json.loads((folder / "src" / "truth.json").read_text(encoding="utf-8"))["partners"]
    kinds = {}
    for key, one in truth.items():
        known = NAMES.get(one["archetype"], "new") if one["enough_history"] else "new"
        kinds[key] = "left" if one["left"] else "leaving" if one["leaving"] else known
    return table.assign(kind=table["ext_id"].map(kinds))


def lower_share(lower: pd.Series, higher: pd.Series) -> float:
    """Share of pairs in which the first's score is the lower one, ties half."""
    low, high = lower.to_numpy()[:, None], higher.to_numpy()[None, :]
    return float(np.mean((low < high) + 0.5 * (low == high)))


@dataclass(frozen=True)
class Found:
    """What one channel shows: means and numbers by kind, and the two shares of pairs."""

    mean_score: dict[str, float]
    partners: dict[str, int]
    without_score: int
    gone_below_staying: float
    leaving_below_staying: float


def figures(table: pd.DataFrame) -> Found:
    """The figures of one channel's scores."""
    known = table.dropna(subset=["score"])
    gone = known["kind"].isin(GONE)
    stays = known.loc[~gone & (known["kind"] != "new"), "score"]
    leaving = known.loc[known["kind"] == "leaving", "score"]
    kinds = sorted(set(table["kind"]))
    return Found(
        {k: round(float(known.loc[known["kind"] == k, "score"].mean()), 1) for k in kinds},
        {k: int((table["kind"] == k).sum()) for k in kinds},
        int(table["score"].isna().sum()),
        round(lower_share(known.loc[gone, "score"], stays), 3),
        round(lower_share(leaving, stays), 3),
    )


def main() -> None:
    """Measure every folder, print the table, write the JSON."""
    folders = [Path(name) for name in sys.argv[1:]]
    if not folders:
        folders = [ROOT / "build" / f"health-{seed}" for seed in SEEDS]
        for seed, folder in zip(SEEDS, folders, strict=True):
            build(folder, 1, seed)
    found = {folder.name: figures(scored(folder)) for folder in folders}
    rows = []
    for name, one in found.items():
        means = sorted(one.mean_score.items(), key=lambda item: item[1])
        told = ", ".join(f"{kind} {mean}" for kind, mean in means)
        rows.append((f"{name}: mean score", told, ""))
        rows.append((f"{name}: gone below staying", f"{one.gone_below_staying}", "> 0.5"))
        rows.append((f"{name}: leaving alone", f"{one.leaving_below_staying}", "> 0.5"))
    report("Health against the planted truth", rows)
    print(write_results("health", {"channels": {name: asdict(one) for name, one in found.items()}}))


if __name__ == "__main__":
    main()
