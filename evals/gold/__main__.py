"""`python -m evals.gold --write` computes the golden sets anew from the source files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evals.cases import DATASETS, case_line, dataset_path
from evals.gold.sources import gold_cases, source_folder


def main() -> int:
    """Writes or checks the golden sets whose sources are there; says which are skipped."""
    parser = argparse.ArgumentParser(prog="python -m evals.gold", description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", action="store_true", help="write the golden sets")
    action.add_argument("--check", action="store_true", help="fail where a stored set differs")
    parser.add_argument("--dataset", action="append", choices=DATASETS, help="only this one")
    parser.add_argument("--shared-data", type=Path, help="folder with the shared data sets")
    given = parser.parse_args()
    stale = 0
    for name in given.dataset or DATASETS:
        source = source_folder(name, given.shared_data)
        if source is None:
            _say(f"{name}: skipped, its source files are not there")
            continue
        text = "".join(case_line(case) + "\n" for case in gold_cases(name, source))
        path = dataset_path(name)
        if given.write:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            _say(f"{name}: {text.count(chr(10))} cases written to {path}")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale += 1
            _say(f"{name}: {path} differs from what the source files give")
        else:
            _say(f"{name}: {text.count(chr(10))} cases are up to date")
    return 1 if stale else 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
