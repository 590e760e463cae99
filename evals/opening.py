"""The instances of a run, opened: the golden sets' own ones, or this very one for promoted cases.

Answers to promoted cases are kept in a database of their own beside the cases, so a run does not
appear among the conversations of the instance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from agents.bootstrap import open_service
from agents.service import AskService
from evals.cases import Case
from evals.instances import Skipped, eval_folder, prepare
from evals.promoted import promoted_names
from evals.run import Ask
from evals.sampling import Suite
from evals.session import Opened, Opener
from knowledge.semantic.model import load_model
from leadline.access import EVERYTHING, LOCAL_OWNER, Principal, Scope
from leadline.evidence import Answer
from leadline.settings import LlmSettings, PlannerMode, Settings

Told: TypeAlias = Callable[[Answer], Mapping[str, Any]]
"""An answer as the JSON contract has it."""

Endpoints: TypeAlias = Callable[[str], LlmSettings | None]
"""Data set → the language model for it; None where the rules plan alone."""

OWN_ANSWERS = "answers.db"
"""In the evaluation folder: what was answered to promoted cases."""


def rules_alone(_dataset: str) -> None:
    """No data set has a language model."""


def opener(
    settings: Settings,
    suites: tuple[Suite, ...],
    *,
    planner: PlannerMode,
    llm: Endpoints,
    told: Told,
    shared: Path | None = None,
) -> Opener:
    """Opens the instance of each data set.

    Args:
        settings: of the instance in whose folder the evaluation lies.
        suites: what is asked.
        planner: who plans.
        llm: the language model that answers to a data set.
        told: makes the JSON contract of an answer.
        shared: the shared sample data; otherwise as the environment says.
    """
    folder = eval_folder(settings)
    own = promoted_names(folder)
    cases = {suite.dataset: suite.cases for suite in suites}

    def open_dataset(dataset: str) -> Opened | Skipped:
        if dataset in own:
            service = open_service(replace(own_settings(settings), llm=llm(dataset)))
            service.warm()
            return Opened(_ask(service, planner, told), _pinned(service, cases[dataset]))
        prepared = prepare(dataset, folder, shared=shared)
        if isinstance(prepared, Skipped):
            return prepared
        service = open_service(replace(prepared, llm=llm(dataset)))
        service.warm()
        return Opened(_ask(service, planner, told), _in_force(service))

    return open_dataset


def own_settings(settings: Settings) -> Settings:
    """This instance's data, with answers kept apart from its own."""
    folder = eval_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    return replace(settings, database_url=f"sqlite:///{folder / OWN_ANSWERS}")


def open_apart(settings: Settings) -> AskService:
    """This instance's data under the rules, with answers kept apart from its own."""
    return open_service(replace(own_settings(settings), llm=None))


def asker(case: Case) -> Principal:
    """Who asks a case: the owner, or one with the limits that the case names."""
    if case.scope is None:
        return LOCAL_OWNER
    regions, partners = case.scope.regions, case.scope.partners
    scope = Scope(
        None if regions is None else frozenset(regions),
        None if partners is None else frozenset(partners),
    )
    return LOCAL_OWNER if scope == EVERYTHING else Principal("eval", scope=scope)


def _ask(service: AskService, planner: PlannerMode, told: Told) -> Ask:
    def ask(case: Case) -> Mapping[str, Any]:
        return told(
            service.ask(
                case.question,
                context=case.context,
                principal=asker(case),
                planner=planner,
                snapshot=case.snapshot,
            )
        )

    return ask


def _in_force(service: AskService) -> dict[str, Any]:
    snapshot = service.snapshots.current()
    return {
        "snapshot": snapshot.number,
        "as_of": snapshot.as_of.isoformat(),
        "model_version": load_model().version,
    }


def _pinned(service: AskService, cases: tuple[Case, ...]) -> dict[str, Any]:
    """The newest snapshot that a case is pinned to; the one in force where a case is not pinned."""
    numbers = {case.snapshot or service.snapshots.current().number for case in cases}
    snapshot = service.snapshots.get(max(numbers))
    return {
        "snapshot": snapshot.number,
        "as_of": snapshot.as_of.isoformat(),
        "model_version": load_model().version,
        "snapshots": sorted(numbers),
    }
