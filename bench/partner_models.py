"""Segments and churn risk against what was planted: `python -m bench.partner_models`.

Claims and targets, on simulated channels of seeds that nothing was tuned on: the adjusted Rand
index of the segments against the planted kinds of partner ≥ 0.8; the churn model's AUC-PR ≥ 1.5
times that of recency, frequency and money; its expected calibration error ≤ 0.05. On AdventureWorks
the churn model is tested on later months, without a target.

Churn is measured twice: `planted`, the risks of today against who was planted to stop within 90
days (who has stopped already is left out); and `later`, the model learned until a day against the
snapshot's own later months.

`--instances FOLDER` uses FOLDER/SEED/{src,data} where they exist and builds what is missing there;
`--adventureworks FOLDER` is the data folder of a loaded AdventureWorks.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from bench.measure import report, write_results

REPOSITORY = Path(__file__).resolve().parent.parent
SEEDS = (1, 2, 3, 4, 5)
ARI_TARGET, RATIO_TARGET, ECE_TARGET = 0.8, 1.5, 0.05

Result = dict[str, Any]


def instance(folder: Path, seed: int) -> Path:
    """The simulated channel of a seed under `folder`, made where it is not there."""
    home = folder / str(seed)
    if not (home / "data" / "snapshots").exists():
        print(f"seed {seed}: simulating and loading ...", file=sys.stderr)
        source = home / "src"
        mapping = REPOSITORY / "evals" / "world" / "mapping.yaml"
        load = ["load", str(source), "--mapping", str(mapping), "--data-dir", str(home / "data")]
        simulate = [sys.executable, "-m", "evals.world", str(source), "--seed", str(seed)]
        leadline = [sys.executable, "-c", "from server.cli import main; main()", *load]
        for command in (simulate, leadline):
            subprocess.run(command, cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL)
    return home


def measure_channel(home: Path) -> Result:
    """The segments and risks of one simulated channel against its truth."""
    import numpy as np
    from sklearn.metrics import adjusted_rand_score

    from tools.analytics.segments.walk import segment_table

    facts = _facts(home / "data")
    truth = json.loads((home / "src" / "truth.json").read_text(encoding="utf-8"))
    planted = [truth["partners"][key] for key in facts.partners["ext_id"]]
    segments = segment_table(facts)
    scored = np.array([p["enough_history"] and not p["left"] and not p["leaving"] for p in planted])
    kinds = np.array([p["archetype"] for p in planted])
    leaving = np.array([p["leaving"] for p in planted])
    left = np.array([p["left"] for p in planted])
    return {
        "segment_ari": float(
            adjusted_rand_score(kinds[scored], segments["segment"].to_numpy()[scored])
        ),
        "segments_scored": int(scored.sum()),
        "stability": float(segments["stability"].iloc[0]),
        **_churn(facts, leaving, left),
    }


def measure_later(data_dir: Path) -> Result:
    """The churn model of one instance, tested on its own later months."""
    from tools.analytics.churn.model import Timeline

    return _later(Timeline(_facts(data_dir)))


def _facts(data_dir: Path) -> Any:
    from knowledge.warehouse.snapshot import SnapshotStore
    from leadline.settings import read_settings
    from tools.profile_base import read_facts

    return read_facts(SnapshotStore(read_settings(data_dir).snapshot_dir).current())


def _churn(facts: Any, leaving: Any, left: Any) -> Result:
    from sklearn.metrics import average_precision_score, brier_score_loss

    from tools.analytics.churn.model import Timeline, fit
    from tools.analytics.churn.quality import calibration_error, lift

    timeline = Timeline(facts)
    now = timeline.moment(timeline.today)
    asked = now.standing.at_risk & ~left
    truth = leaving[asked].astype(int)
    figures: Result = {"planted_positives": int(truth.sum()), "planted_sample": len(truth)}
    for name, model in (
        ("planted", fit(timeline, timeline.today)),
        ("planted_baseline", fit(timeline, timeline.today, ("recency",))),
    ):
        if model is None:
            raise SystemExit("too few churns to learn from")
        risk = model.risk(now.figures.values[asked])
        figures |= {
            f"{name}_auc_pr": float(average_precision_score(truth, risk)),
            f"{name}_brier": float(brier_score_loss(truth, risk)),
            f"{name}_ece": calibration_error(risk, truth),
            f"{name}_lift_10": lift(risk, truth),
            f"{name}_model": model.kind,
        }
    figures["planted_ratio"] = figures["planted_auc_pr"] / figures["planted_baseline_auc_pr"]
    return figures | _later(timeline)


def _later(timeline: Any) -> Result:
    from dataclasses import asdict

    from tools.analytics.churn.quality import quality

    found = quality(timeline)
    if found is None:
        return {"later": "history too short for a test"}
    figures = {f"later_{name}": value for name, value in asdict(found).items()}
    return {**figures, "later_ratio": found.auc_pr / found.baseline_auc_pr}


SHOWN = (
    ("segment_ari", "segments: adjusted Rand index", f"≥ {ARI_TARGET}"),
    ("planted_auc_pr", "churn, planted: AUC-PR", ""),
    ("planted_baseline_auc_pr", "churn, planted: AUC-PR of the baseline", ""),
    ("planted_ratio", "churn, planted: ratio", f"≥ {RATIO_TARGET}"),
    ("planted_ece", "churn, planted: calibration error", f"≤ {ECE_TARGET}"),
    ("planted_lift_10", "churn, planted: lift of the top 10 %", ""),
    ("later_auc_pr", "churn, later months: AUC-PR", ""),
    ("later_baseline_auc_pr", "churn, later months: AUC-PR of the baseline", ""),
    ("later_ratio", "churn, later months: ratio", f"≥ {RATIO_TARGET}"),
    ("later_ece", "churn, later months: calibration error", f"≤ {ECE_TARGET}"),
    ("later_brier", "churn, later months: Brier score", ""),
    ("later_baseline_brier", "churn, later months: Brier score of the baseline", ""),
    ("later_lift_10", "churn, later months: lift of the top 10 %", ""),
    ("later_baseline_lift_10", "churn, later months: lift of the baseline", ""),
)


def rows_of(seeds: dict[int, Result], other: Result | None) -> list[tuple[str, str, str]]:
    """The table's rows: figures per seed, their mean, and AdventureWorks."""
    rows = []
    for name, label, target in SHOWN:
        values = [result[name] for result in seeds.values() if name in result]
        cells = " ".join(f"{value:.3f}" for value in values)
        told = f"{cells} | {fmean(values):.3f}" if values else "-"
        if other is not None and name in other:
            told += f" | {other[name]:.3f}"
        rows.append((label, told, target))
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure all seeds and AdventureWorks where it is given, print the table, write the JSON."""
    parser = argparse.ArgumentParser(description="segments and churn against planted truth")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--instances", type=Path, help="folder of instances to use and fill")
    parser.add_argument("--adventureworks", type=Path, help="data folder of AdventureWorks")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.instances or Path(scratch)
        seeds = {seed: measure_channel(instance(folder, seed)) for seed in given.seeds}
    other = measure_later(given.adventureworks) if given.adventureworks else None
    names = " ".join(map(str, seeds))
    tail = " | AdventureWorks" if other is not None else ""
    report(f"Segments and churn: seeds {names} | mean{tail}", rows_of(seeds, other))
    if tuple(given.seeds) == SEEDS:
        write_results("partner_models", {"seeds": seeds, "adventureworks": other})


if __name__ == "__main__":
    main()
