"""`python -m evals.scripted --data-dir DIR`: serve a competent model for an instance, by hand."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evals.scripted.competent import Competent
from evals.scripted.server import MODEL, ScriptedModel
from leadline.access import EVERYTHING
from leadline.settings import read_settings


def competent_of(data_dir: Path) -> Competent:
    """A competent model for the instance in `data_dir`.

    Raises:
        NotReadyError: nothing is published there.
    """
    from agents.rules.vocabulary import planner_context
    from knowledge.warehouse.snapshot import SnapshotStore

    settings = read_settings(data_dir)
    snapshot = SnapshotStore(settings.snapshot_dir).current()
    return Competent(planner_context(snapshot, EVERYTHING, settings.instance))


def main() -> None:
    """Serve until interrupted; the first line says how to point Leadline at it."""
    parser = argparse.ArgumentParser(prog="python -m evals.scripted", description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True, help="instance to know")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--think-ms", type=int, default=0, help="how long it thinks a reply over")
    given = parser.parse_args()
    think_s = given.think_ms / 1000
    model = ScriptedModel(competent_of(given.data_dir), think_s=think_s, port=given.port)
    told = f"export LEADLINE_LLM_BASE_URL={model.base_url} LEADLINE_LLM_MODEL={MODEL}\n"
    sys.stdout.write(told)
    sys.stdout.flush()
    try:
        model.serve()
    except KeyboardInterrupt:
        sys.stdout.write("stopped\n")


if __name__ == "__main__":
    main()
