"""Where the source files of each golden set lie, and the readers that know them."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from evals import world
from evals.cases import Case
from evals.gold import adventureworks, channel, crm
from evals.gold.book import Book
from evals.gold.build import build_cases
from evals.world.generator import TRUTH_FILE, generate

SHARED_DATA_VARIABLE = "LEADLINE_SHARED_DATA"
REPOSITORY = Path(__file__).resolve().parents[2]

CHANNEL_SEED = 7
"""The simulated channel that the golden questions are about, at scale 1."""


def shared_data(given: Path | None = None) -> Path:
    """The shared sample data: as given, else by the environment, else beside the repository."""
    named = os.environ.get(SHARED_DATA_VARIABLE)
    if given is not None:
        return given
    return Path(named) if named else REPOSITORY.parent / "shared" / "data"


def source_folder(dataset: str, scratch: Path, shared: Path | None = None) -> Path | None:
    """The folder with a data set's source files, or None where it is absent.

    The simulated channel is written into `scratch` where it does not lie there yet as this
    generator writes it; what an earlier one left there is removed.
    """
    if dataset == "channel":
        folder = scratch / f"channel-{CHANNEL_SEED}-{_generator_version()}"
        for stale in set(scratch.glob("channel-*")) - {folder}:
            shutil.rmtree(stale)
        if not (folder / TRUTH_FILE).exists():  # written last, so its files are complete
            generate(folder, CHANNEL_SEED)
        return folder
    folder = shared_data(shared) / dataset
    return folder if folder.is_dir() else None


def _generator_version() -> str:
    """A short hash over the generator's own source: another generator may write other files."""
    digest = hashlib.sha256()
    for path in sorted(Path(world.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def content_hash(folder: Path) -> str:
    """sha256 over the names and contents of all files of a source folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\n".encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def gold_cases(dataset: str, folder: Path) -> tuple[Case, ...]:
    """The golden cases of a data set with figures computed from the files in `folder`."""
    return build_cases(dataset, _READERS[dataset](folder))


_READERS: dict[str, Callable[[Path], Book]] = {
    "adventureworks": adventureworks.load,
    "crm_pipeline": crm.load,
    "channel": channel.load,
}
