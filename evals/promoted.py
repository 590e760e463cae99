"""Where the cases lie that were made of accepted answers: in the instance that gave the answers."""

from __future__ import annotations

import os
import re
from pathlib import Path

from evals.cases import DATASETS, Case, case_line, read_cases
from knowledge.warehouse.lock import file_lock
from leadline.errors import InputError

PROMOTED = "promoted"
"""Folder below the evaluation folder, and the data set that takes what names no other."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


def promoted_path(folder: Path, name: str) -> Path:
    """The file of the promoted set `name`.

    Args:
        folder: the evaluation folder.
        name: lower-case letters, digits, `_` and `-`; not the name of a golden set.

    Raises:
        InputError: the name cannot be one.
    """
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name!r} cannot name a set of cases",
            hint="use lower-case letters, digits, - and _, at most 60",
        )
    if name in DATASETS:
        raise InputError(
            f"{name} is a golden set of its own instance, accepted answers go elsewhere",
            hint=f"leave --dataset out for {PROMOTED!r}, or choose another name",
        )
    return folder / PROMOTED / f"{name}.jsonl"


def promoted_names(folder: Path) -> tuple[str, ...]:
    """Names of the promoted sets of an instance, in order."""
    return tuple(sorted(path.stem for path in (folder / PROMOTED).glob("*.jsonl")))


def add_case(folder: Path, name: str, case: Case) -> bool:
    """Put a case into a promoted set, in place of the one with its id; whether that changed it.

    The file is replaced as a whole: a reader sees it before or after, never in between.

    Raises:
        InputError: the name cannot be one, or the file holds what is no case.
        BusyError: another process is adding a case.
    """
    path = promoted_path(folder, name)
    with file_lock(path.with_suffix(".lock"), "another promotion"):
        cases = {c.id: c for c in read_cases(path)} if path.exists() else {}
        if cases.get(case.id) == case:
            return False
        cases[case.id] = case
        text = "".join(f"{case_line(c)}\n" for c in cases.values())
        fresh = path.with_suffix(".tmp")
        with fresh.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    return True
