"""`python -m evals.world OUT --seed 7 --scale 1`: write a simulated channel."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evals.world.generator import generate


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line, write the files, print what was written."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.world",
        description="Write the source files of a simulated channel and its truth.json.",
    )
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 240 partners")
    parser.add_argument("--months", type=int, default=36, help="24 to 72, ending 2026-10")
    options = parser.parse_args(arguments)
    try:
        summary = generate(options.out, options.seed, options.scale, options.months)
    except ValueError as error:
        parser.error(str(error))
    width = max(len(name) for name in summary.rows)
    lines = [f"{name:<{width}} {rows:>9,}" for name, rows in summary.rows.items()]
    lines.append(f"{summary.start} … {summary.end}, seed {summary.seed}, scale {summary.scale:g}")
    lines.append(f"planted: {', '.join(f'{kind} {n}' for kind, n in summary.planted.items())}")
    lines.append(
        f"bad rows: {summary.bad_rows}; {summary.size_bytes / 1e6:.1f} MB in {options.out}"
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
