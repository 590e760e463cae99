"""Carries out a run: every selected case is asked, judged and kept before the next is told of.

A run that was cut off goes on where it stopped; what it has asked before is not asked again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from evals.cases import DATASETS, case_line, dataset_path, read_cases
from evals.instances import Skipped
from evals.promoted import promoted_names, promoted_path
from evals.report import summarise
from evals.run import Ask, Result, run_cases
from evals.sampling import Suite
from evals.store import EvalStore, Run
from evals.version import code_version
from leadline.errors import InputError


@dataclass(frozen=True, slots=True)
class Opened:
    """A data set that can be asked: how, and what it is (snapshot, as-of date, model version)."""

    ask: Ask
    fact: Mapping[str, Any]


Opener: TypeAlias = Callable[[str], Opened | Skipped]
"""Opens the instance to which the questions of a data set are put."""


class Watcher(Protocol):
    """Hears how a run gets on."""

    def opening(self, dataset: str) -> None:
        """A data set is being loaded."""

    def begun(self, dataset: str, cases: int) -> None:
        """So many cases of a data set are about to be asked."""

    def done(self, result: Result) -> None:
        """A case was asked, and its result kept."""

    def skipped(self, skipped: Skipped) -> None:
        """A data set cannot be asked here."""


def suites_of(datasets: Sequence[str], folder: Path) -> tuple[Suite, ...]:
    """All cases of these data sets: golden ones, or promoted ones of this instance.

    Args:
        datasets: names.
        folder: the evaluation folder.

    Raises:
        NotFoundError: there is no such data set.
        InputError: a file of cases cannot be read.
    """
    own = promoted_names(folder)
    return tuple(
        Suite(name, read_cases(promoted_path(folder, name) if name in own else dataset_path(name)))
        for name in datasets
    )


def all_datasets(folder: Path) -> tuple[str, ...]:
    """The golden sets and the promoted sets of this instance, in the order in which they run."""
    return (*DATASETS, *promoted_names(folder))


def conduct(
    store: EvalStore,
    run_id: str,
    suites: Sequence[Suite],
    opener: Opener,
    watcher: Watcher,
    *,
    workers: int = 1,
) -> tuple[Run, tuple[Result, ...]]:
    """Ask what the run has not asked yet; the finished run and all its results.

    Each result is committed before the watcher hears of it, so a run that is killed loses none.

    Raises:
        InputError: the run was begun by other code, on other data or with other cases.
        LeadlineError: whatever loading, publishing or keeping raises.
    """
    run = store.get_run(run_id)
    if run.setup.code_version != code_version():
        raise InputError(
            f"run {run_id} was begun by {run.setup.code_version}, this is {code_version()}",
            hint="begin a new run: answers of two builds do not make one run",
        )
    asked = {(r.dataset, r.case.id, r.attempt) for r in store.results(run_id)}

    def keep(result: Result) -> None:
        store.add_result(run_id, result)
        watcher.done(result)

    for suite in suites:
        rounds = [
            (attempt, [c for c in suite.cases if (suite.dataset, c.id, attempt) not in asked])
            for attempt in range(1, run.setup.selection.repeat + 1)
        ]
        left = sum(len(cases) for _attempt, cases in rounds)
        if not left:
            continue
        watcher.opening(suite.dataset)
        opened = opener(suite.dataset)
        if isinstance(opened, Skipped):
            store.set_instance(run_id, suite.dataset, {"skipped": opened.reason})
            watcher.skipped(opened)
            continue
        fact = {**opened.fact, "cases_sha256": _cases_hash(suite)}
        store.set_instance(run_id, suite.dataset, fact)
        watcher.begun(suite.dataset, left)
        for attempt, cases in rounds:
            run_cases(suite.dataset, cases, opened.ask, keep, attempt=attempt, workers=workers)
    results = store.results(run_id)
    return store.finish_run(run_id, summarise(results)), results


def _cases_hash(suite: Suite) -> str:
    lines = "\n".join(case_line(case) for case in suite.cases)
    return hashlib.sha256(lines.encode()).hexdigest()[:16]
