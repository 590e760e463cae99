"""`python -m evals.gold --write` computes the golden sets anew from the source files."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from evals.cases import DATASETS, case_line, dataset_path, hash_path
from evals.gold.sources import content_hash, gold_cases, shared_data, source_folder


def main() -> int:
    """Writes or checks the golden sets whose sources are there; says which are skipped."""
    parser = argparse.ArgumentParser(prog="python -m evals.gold", description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", action="store_true", help="write the golden sets")
    action.add_argument("--check", action="store_true", help="fail where a stored set differs")
    parser.add_argument("--dataset", action="append", choices=DATASETS, help="only this one")
    parser.add_argument("--shared-data", type=Path, help="folder with the shared data sets")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="leadline-gold-") as scratch:
        stale = [
            name
            for name in given.dataset or DATASETS
            if not _current(name, Path(scratch), given.shared_data, write=given.write)
        ]
    return 1 if stale else 0


def _current(name: str, scratch: Path, shared: Path | None, *, write: bool) -> bool:
    """Writes or compares one golden set; whether it is now what its sources give (or skipped)."""
    source = source_folder(name, scratch, shared)
    if source is None:
        _say(f"{name}: skipped, {shared_data(shared) / name} is absent")
        return True
    text = "".join(case_line(case) + "\n" for case in gold_cases(name, source))
    path, count = dataset_path(name), text.count("\n")
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        hash_path(name).write_text(content_hash(source) + "\n", encoding="utf-8")
        _say(f"{name}: {count} cases written to {path}")
        return True
    same = path.exists() and path.read_text(encoding="utf-8") == text
    _say(f"{name}: {count} cases {'are up to date' if same else f'differ from {path}'}")
    return same


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
