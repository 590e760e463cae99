"""The instances that golden questions are put to: loaded once, kept, brought up to date.

Each has a data directory and a SQLite file of its own under the evaluation folder, whatever
database and data directory the process was told to serve.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evals.cases import hash_path
from evals.gold.sources import REPOSITORY, content_hash, shared_data, source_folder
from leadline.errors import InputError
from leadline.settings import INSTANCE_FILE, Settings, read_instance, read_settings

if TYPE_CHECKING:
    from tools.erp.files import ReadProgress

EVAL_FOLDER = "evals"
"""Under the data directory: reports, instances and generated sources."""

CHANNEL_MAPPING = Path(__file__).parent / "world" / "mapping.yaml"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A data set that cannot be asked about here, and why."""

    dataset: str
    reason: str


def eval_folder(settings: Settings) -> Path:
    """Where evaluations keep their reports and instances."""
    return settings.data_dir / EVAL_FOLDER


def mapping_path(dataset: str) -> Path:
    """The mapping by which a data set is loaded."""
    if dataset == "channel":
        return CHANNEL_MAPPING
    return REPOSITORY / "examples" / dataset / "mapping.yaml"


def prepare(
    dataset: str,
    folder: Path,
    *,
    shared: Path | None = None,
    progress: Callable[[ReadProgress], None] | None = None,
) -> Settings | Skipped:
    """Load a data set into its instance under `folder` and publish it, unless it is there already.

    An instance belongs to its sources, its mapping and the code that loads and publishes: where one
    of these has changed it is made anew, since rows that a source no longer has would stay.

    Args:
        dataset: name of the golden set.
        folder: the evaluation folder (see `eval_folder`).
        shared: the shared sample data; otherwise as the environment says.
        progress: called for each frame of rows that is read.

    Raises:
        InputError: the golden figures were computed from other source files than these.
        LeadlineError: whatever loading or publishing raises.
    """
    mapping = mapping_path(dataset)
    if not mapping.is_file():
        return Skipped(dataset, f"its mapping {mapping} is absent (run from a source checkout)")
    source = source_folder(dataset, folder / "sources", shared)
    if source is None:
        return Skipped(
            dataset, f"{shared_data(shared) / dataset} is absent (set LEADLINE_SHARED_DATA)"
        )
    content = content_hash(source)
    _check_figures(dataset, content)
    instances = folder / "instances"
    instance = instances / f"{dataset}-{_fingerprint(mapping, content)}"
    for stale in set(instances.glob(f"{dataset}-*")) - {instance}:
        shutil.rmtree(stale)
    _take_over_words(mapping.parent / INSTANCE_FILE, instance / INSTANCE_FILE)
    settings = read_settings(instance, environ={})
    _load(settings, mapping, source, progress)
    return settings


def _check_figures(dataset: str, content: str) -> None:
    """Figures from other sources would make every answer look wrong."""
    path = hash_path(dataset)
    if not path.exists() or path.read_text(encoding="utf-8").strip() != content:
        raise InputError(
            f"{dataset}: the golden figures were computed from other source files",
            hint=f"compute them anew: python -m evals.gold --write --dataset {dataset}",
        )


def _fingerprint(mapping: Path, content: str) -> str:
    """A short hash of the mapping, the sources and the code that loads and publishes."""
    digest = hashlib.sha256(mapping.read_bytes() + content.encode())
    for package in ("knowledge/warehouse", "tools/erp"):
        for path in sorted((REPOSITORY / package).glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _take_over_words(offered: Path, own: Path) -> None:
    """The instance has the words that its mapping's folder offers, also after these changed."""
    own.parent.mkdir(parents=True, exist_ok=True)
    if offered.is_file():
        own.write_bytes(offered.read_bytes())


def _load(
    settings: Settings,
    mapping: Path,
    source: Path,
    progress: Callable[[ReadProgress], None] | None,
) -> None:
    from knowledge.warehouse.load import load_batch
    from knowledge.warehouse.snapshot import SnapshotStore, publish
    from leadline.database import make_engine
    from tools.erp.files import read_source
    from tools.erp.mapping import load_mapping

    words = settings.data_dir / INSTANCE_FILE
    timezone = (read_instance(words) if words.is_file() else settings.instance).timezone
    checked = load_mapping(mapping, timezone=timezone)
    store = SnapshotStore(settings.snapshot_dir)
    if store.numbers():
        return
    engine = make_engine(settings.database_url)
    try:
        load_batch(engine, read_source(source, checked, progress), timezone=checked.timezone)
        publish(engine, store)
    finally:
        engine.dispose()
