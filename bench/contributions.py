"""Do contributions add up? Every metric × dimension that the data allows, on real instances.

For each pair the rows of the contributions tool are added up as decimals and set beside its total,
and the total beside the query tool's own change of the same question. Both must be zero to the
cent; the time of a call stands beside it.

    python -m bench.contributions INSTANCE …

INSTANCE is a data directory with a snapshot (`leadline load … --data-dir INSTANCE`).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from bench.measure import percentile, report, write_results
from bench.partner_models import REPOSITORY
from bench.partner_models import instance as channel_of
from knowledge.semantic.calendar import shift_months
from knowledge.semantic.engine import available
from knowledge.semantic.model import load_model
from knowledge.warehouse.snapshot import SnapshotStore
from leadline.access import EVERYTHING
from leadline.errors import SpecError
from leadline.types import Scalar
from tools.contributions import CONTRIBUTIONS
from tools.definition import EVERY_ROW, ToolContext
from tools.query import QUERY

MONTHS = 3
"""The later period: the last three months; the earlier one is a year before."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One metric × dimension. Residuals in the metric's unit; `refused` says why there are none."""

    metric: str
    dimension: str
    rows: int = 0
    residual: Decimal = Decimal(0)
    beside_query: Decimal = Decimal(0)
    overlap: bool = False
    ms: float = 0.0
    refused: str = ""


def measure(context: ToolContext, metric: str, dimension: str) -> Pair:
    """Run one pair and add it up."""
    end = context.snapshot.as_of + timedelta(days=1)
    question: dict[str, object] = {
        "time": {"start": shift_months(end, -MONTHS).isoformat(), "end_excl": end.isoformat()},
        "compare": {"kind": "yoy"},
    }
    began = time.perf_counter()
    try:
        found = CONTRIBUTIONS.run(
            {"metric": metric, "dimensions": [dimension], "limit": 200, **question}, context
        )
    except SpecError as error:
        return Pair(metric, dimension, refused=error.message)
    took = (time.perf_counter() - began) * 1000
    at, kind = found.column_index("change"), found.column_index("kind")
    *parts, total = found.rows
    residual = sum((exact(row[at]) for row in parts), Decimal(0)) - exact(total[at])
    asked = QUERY.run({"metrics": [metric], **question}, context)
    change = asked.rows[0][asked.column_index(f"{metric}__change")]
    beside = exact(total[at]) - exact(change) if change is not None else exact(total[at])
    return Pair(
        metric,
        dimension,
        len(found.rows),
        abs(residual),
        abs(beside),
        any(row[kind] == "overlap" for row in parts),
        took,
    )


def exact(value: Scalar) -> Decimal:
    """A figure as the decimal that it prints as."""
    return Decimal(str(value))


def instance(folder: Path) -> dict[str, object]:
    """All pairs of one instance, printed and as facts."""
    context = ToolContext(
        SnapshotStore(folder / "snapshots").current(), EVERYTHING, load_model(), row_cap=EVERY_ROW
    )
    known = available(context.snapshot, EVERYTHING)
    pairs = [
        measure(context, metric, dimension)
        for metric in sorted(known.metrics)
        for dimension in sorted(known.metric_dimensions[metric])
    ]
    done = [pair for pair in pairs if not pair.refused]
    refused = {pair.metric: pair.refused for pair in pairs if pair.refused}
    times = [pair.ms for pair in done]
    facts: dict[str, object] = {
        "pairs": len(pairs),
        "added_up": len(done),
        "with_overlap": sum(pair.overlap for pair in done),
        "max_residual": max(pair.residual for pair in done),
        "max_beside_query": max(pair.beside_query for pair in done),
        "p50_ms": percentile(times, 0.5),
        "p95_ms": percentile(times, 0.95),
        "max_ms": max(times),
        "refused": refused,
    }
    rows = [
        ("metric × dimension pairs", f"{len(pairs)}", ""),
        ("added up", f"{len(done)}", ""),
        ("of these with an overlap row", f"{facts['with_overlap']}", ""),
        ("largest residual of the rows", f"{facts['max_residual']}", "< 0.005"),
        ("largest difference from the query", f"{facts['max_beside_query']:.7f}", "< 0.005"),
        ("one call p50", f"{facts['p50_ms']:.0f} ms", ""),
        ("one call p95", f"{facts['p95_ms']:.0f} ms", ""),
        *((f"refused: {name}", why[:50], "") for name, why in sorted(refused.items())),
    ]
    report(f"contributions on {folder.name}", rows)
    return facts


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every instance named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "instances", nargs="*", type=Path, help="by default a simulated channel, made in build/"
    )
    chosen = parser.parse_args(arguments)
    folders = chosen.instances or [channel_of(REPOSITORY / "build" / "channels", 7) / "data"]
    facts = {folder.name: instance(folder) for folder in folders}
    print(write_results("contributions", facts))


if __name__ == "__main__":
    main()
