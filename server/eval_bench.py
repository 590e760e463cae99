"""What evaluation runs are carried out with: the store, the instances, the model, the terminal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from evals.cases import DATASETS
from evals.instances import Skipped, eval_folder
from evals.opening import Endpoints, opener, rules_alone
from evals.recorded.replaying import RECORDED_MODEL, Recordings, current_tape
from evals.run import Result
from evals.sampling import Selection, Suite, select
from evals.session import all_datasets, conduct, suites_of
from evals.store import Compared, EvalStore, Run, RunSetup
from evals.version import code_version
from leadline.errors import InputError
from leadline.settings import PlannerMode, Settings, planner_mode
from server.schemas import answer_payload

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

RUNS_LOOKED_AT = 50
"""How far back a run of the rules is looked for before a new one is made."""


@dataclass(frozen=True, slots=True)
class Conducted:
    """A finished run with its results; `unrecorded` are requests that were on no tape."""

    run: Run
    results: tuple[Result, ...]
    unrecorded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """Begins, carries out and compares runs for the command line.

    `shared` is the folder with the sample data, None as the environment says.
    """

    store: EvalStore
    settings: Settings
    shared: Path | None
    workers: int
    console: Console

    def setup(
        self,
        planner: str,
        datasets: tuple[str, ...],
        selection: Selection,
        model: str | None,
        label: str,
    ) -> RunSetup:
        """What a run is to be, checked before anything is loaded.

        Raises:
            InputError: no such planner, no language model, a selection of nothing, or recorded
                replies that are absent or were made for another build.
            NotFoundError: no such data set or case.
        """
        mode = planner_mode(planner)
        folder = eval_folder(self.settings)
        names = datasets or (DATASETS if selection.recorded else all_datasets(folder))
        select(suites_of(names, folder), selection)
        for name in names if selection.recorded else ():
            current_tape(name)
        return RunSetup(
            planner=mode,
            datasets=names,
            selection=selection,
            code_version=code_version(),
            model=self._model_name(mode, model, recorded=selection.recorded),
            label=label,
        )

    def _model_name(self, mode: PlannerMode, model: str | None, *, recorded: bool) -> str | None:
        if mode == "rules":
            if recorded or model is not None:
                raise InputError(
                    "the rules need no language model",
                    hint="give --planner llm (or auto) with --recorded or --model",
                )
            return None
        if recorded:
            return RECORDED_MODEL
        llm = self.settings.llm
        if llm is None and mode == "llm":
            raise InputError(
                "no language model is configured",
                hint="set LEADLINE_LLM_BASE_URL and LEADLINE_LLM_MODEL, or give --recorded",
            )
        return model or (llm.model if llm is not None else None)

    def conduct(self, run_id: str) -> Conducted:
        """Carry out a run, or what is left of it; see `evals.session.conduct`."""
        setup = self.store.get_run(run_id).setup
        suites = self._suites(setup)
        with Recordings() as recordings, _Watching(self.console) as watcher:
            opening = opener(
                self.settings,
                suites,
                planner=setup.planner,
                llm=recordings.settings if setup.selection.recorded else self._endpoints(setup),
                told=answer_payload,
                shared=self.shared,
            )
            run, results = conduct(
                self.store, run_id, suites, opening, watcher, workers=self.workers
            )
        return Conducted(run, results, recordings.missing)

    def _suites(self, setup: RunSetup) -> tuple[Suite, ...]:
        return select(suites_of(setup.datasets, eval_folder(self.settings)), setup.selection)

    def _endpoints(self, setup: RunSetup) -> Endpoints:
        """The language model that is configured, under the name that the run has for it.

        Raises:
            InputError: none is configured any more.
        """
        if setup.planner == "rules" or setup.model is None:
            return rules_alone
        if self.settings.llm is None:
            raise InputError("the run's language model is no longer configured")
        llm = replace(self.settings.llm, model=setup.model)
        return lambda _dataset: llm

    def compared(self, run: Run, against: str) -> Compared:
        """A run against another one, or against the rules on the same cases.

        Raises:
            NotFoundError: there is no such run.
            InputError: they have no case in common.
        """
        other = self._by_rules(run) if against == "rules" else against
        return self.store.compare(other, run.run_id)

    def _by_rules(self, run: Run) -> str:
        """A finished run of the rules over these cases and data, by this code; else a new one."""
        wanted = {(r.dataset, r.case.id) for r in self.store.results(run.run_id)}
        for other in self.store.list_runs(RUNS_LOOKED_AT):
            if (
                other.setup.planner == "rules"
                and other.totals is not None
                and other.setup.code_version == run.setup.code_version
                and all(_same_data(run, other, name) for name, _case in wanted)
                and wanted <= {(r.dataset, r.case.id) for r in self.store.results(other.run_id)}
            ):
                return other.run_id
        selection = replace(run.setup.selection, repeat=1, recorded=False)
        setup = replace(
            run.setup, planner="rules", model=None, selection=selection, label=f"for {run.run_id}"
        )
        return self.conduct(self.store.begin_run(setup)).run.run_id


def _same_data(run: Run, other: Run, dataset: str) -> bool:
    mine, theirs = run.instances.get(dataset, {}), other.instances.get(dataset, {})
    return all(mine.get(key) == theirs.get(key) for key in ("snapshot", "as_of", "model_version"))


class _Watching:
    """A bar per data set, and a line for each that is skipped."""

    def __init__(self, console: Console) -> None:
        from rich.progress import Progress

        self._console = console
        self._bar: Progress = Progress(console=console, transient=True)
        self._task: TaskID | None = None
        self._right = self._asked = 0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._bar.stop()

    def opening(self, dataset: str) -> None:
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(f"{dataset} …", total=None)

    def begun(self, dataset: str, cases: int) -> None:
        self._right = self._asked = 0
        if self._task is not None:
            self._bar.update(self._task, description=dataset, total=cases)

    def done(self, result: Result) -> None:
        self._asked += 1
        self._right += result.right
        if self._task is not None:
            told = f"{result.dataset} ✓ {self._right}/{self._asked}"
            self._bar.update(self._task, description=told, advance=1)

    def skipped(self, skipped: Skipped) -> None:
        """The run's instances say so, and are shown at its end."""
