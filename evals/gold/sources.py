"""Where the source files of each golden set lie, and the book and gold functions that read them."""

from __future__ import annotations

import os
from pathlib import Path

from evals.cases import Case
from evals.gold.build import build_cases

SHARED_DATA_VARIABLE = "LEADLINE_SHARED_DATA"
REPOSITORY = Path(__file__).resolve().parents[2]


def shared_data(given: Path | None = None) -> Path:
    """The shared sample data: as given, else by the environment, else beside the repository."""
    named = os.environ.get(SHARED_DATA_VARIABLE)
    if given is not None:
        return given
    return Path(named) if named else REPOSITORY.parent / "shared" / "data"


def source_folder(dataset: str, shared: Path | None = None) -> Path | None:
    """The folder with a data set's source files, or None where it is absent."""
    folder = shared_data(shared) / dataset
    return folder if folder.is_dir() else None


def gold_cases(dataset: str, folder: Path) -> tuple[Case, ...]:
    """The golden cases of a data set with figures computed from the files in `folder`."""
    from evals.gold import adventureworks, crm

    if dataset == "adventureworks":
        return build_cases(dataset, adventureworks.load(folder), adventureworks.OPERATORS)
    return build_cases(dataset, crm.load(folder), {})
