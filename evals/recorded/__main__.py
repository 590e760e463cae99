"""`python -m evals.recorded --write`: the tapes, made anew from the competent scripted model."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from agents.bootstrap import open_service
from agents.llm.prompts import prompt_hash
from evals.cases import DATASETS, Case, dataset_path, read_cases
from evals.instances import Skipped, eval_folder, prepare
from evals.recorded.replaying import Recording
from evals.recorded.tape import Tape, tape_path, write_tape
from evals.scripted.competent import Competent
from evals.scripted.server import MODEL, ScriptedModel
from leadline.errors import InputError, LeadlineError
from leadline.settings import LlmSettings, read_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Make tapes anew, or say how old they are; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.recorded", description=__doc__)
    parser.add_argument("--write", action="store_true", help="make the tapes anew")
    parser.add_argument("--dataset", action="append", choices=DATASETS, help="only this one")
    parser.add_argument("--data-dir", type=Path, default=Path("build/eval"))
    parser.add_argument("--shared-data", type=Path, help="folder with the sample data")
    given = parser.parse_args(arguments)
    if not given.write:
        parser.print_help()
        return 2
    folder = eval_folder(read_settings(given.data_dir, {}))
    try:
        for dataset in given.dataset or DATASETS:
            tape = record(dataset, folder, shared=given.shared_data)
            write_tape(tape, tape_path(dataset))
            size = tape_path(dataset).stat().st_size
            sys.stdout.write(f"{dataset}: {len(tape.replies)} replies, {size:,} bytes\n")
    except LeadlineError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    return 0


def record(
    dataset: str, folder: Path, *, shared: Path | None = None, cases: Sequence[Case] | None = None
) -> Tape:
    """What the competent model replies to the cases of a golden set.

    Args:
        dataset: name of the golden set.
        folder: the evaluation folder.
        shared: the shared sample data; otherwise as the environment says.
        cases: only these.

    Raises:
        InputError: the data set cannot be asked here.
    """
    settings = prepare(dataset, folder, shared=shared)
    if isinstance(settings, Skipped):
        raise InputError(f"{dataset} cannot be recorded: {settings.reason}")
    tape = Tape(prompt_hash())
    words = open_service(settings).planner_context()
    with ScriptedModel(Recording(Competent(words), tape)) as server:
        service = open_service(replace(settings, llm=LlmSettings(server.base_url, MODEL)))
        for case in read_cases(dataset_path(dataset)) if cases is None else cases:
            service.ask(case.question, context=case.context, planner="llm")
    return tape


if __name__ == "__main__":
    sys.exit(main())
