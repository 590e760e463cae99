"""The door: a whole channel from one seed, as files with the truth beside them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evals.world.seeds import stream
from evals.world.tables import make_tables
from evals.world.truth import make_truth, planted_counts
from evals.world.world import simulate
from evals.world.write import write_files

TRUTH_FILE = "truth.json"


@dataclass(frozen=True, slots=True)
class WorldSummary:
    """What `generate` wrote.

    Attributes:
        start, end: first and last simulated date.
        rows: good rows per file (`file#sheet` for workbooks).
        bad_rows: rows that a loader must reject; `truth.json` says which and why.
        planted: number of planted events by kind.
        size_bytes: all files together.
    """

    folder: Path
    seed: int
    scale: float
    start: date
    end: date
    rows: dict[str, int]
    bad_rows: int
    planted: dict[str, int]
    size_bytes: int


def generate(folder: Path, seed: int = 7, scale: float = 1.0, months: int = 36) -> WorldSummary:
    """Write the source files of a simulated channel and `truth.json` into `folder`.

    Args:
        folder: made if need be; files of the same names are overwritten.
        seed: the same seed, scale and months give byte-identical files.
        scale: 1 is 240 partners and about 60,000 order lines; no fewer than 31 partners.
        months: how many end with October 2026 (24 to 72).

    Raises:
        ValueError: scale is not positive or months out of range.
    """
    world = simulate(seed, scale, months)
    tables = make_tables(world)
    rows, bad_rows = write_files(folder, stream(seed, "faults"), tables)
    truth = make_truth(world, tables, rows, bad_rows, scale)
    text = json.dumps(truth, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / TRUTH_FILE).write_text(text + "\n", encoding="utf-8")
    files = {path.split("#")[0] for path in rows} | {TRUTH_FILE}
    return WorldSummary(
        folder=folder,
        seed=seed,
        scale=scale,
        start=world.timeline.start,
        end=world.timeline.end,
        rows=rows,
        bad_rows=len(bad_rows),
        planted=planted_counts(truth),
        size_bytes=sum((folder / path).stat().st_size for path in files),
    )
