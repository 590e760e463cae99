"""Evaluation runs, two of them side by side, and answers that become cases."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field
from starlette.responses import Response

from evals.promoted import PROMOTED
from evals.store import EvalStore
from knowledge.warehouse.feedback_store import FeedbackStore
from server.api_models import Form, Name, Text
from server.door import Overseer, TheDoor
from server.eval_payloads import case_payload, compared_payload, run_payload
from server.json_response import JsonResponse
from server.problems import problems
from server.schemas import answer_payload
from server.visibility import seen_answer

router = APIRouter(prefix="/api", tags=["evals"])

RunId = Annotated[str, Query(max_length=40, pattern=r"^[0-9A-Za-z]+$")]


class EvalRunOut(Form):
    """One run; `totals` and `summary` are null until it has finished."""

    run_id: str
    label: str
    started_at: datetime
    finished_at: datetime | None
    planner: str
    model: str | None
    prompt_hash: str | None
    code_version: str
    datasets: list[str]
    selection: dict[str, Any]
    instances: dict[str, Any]
    """Per data set its snapshot, as-of date and model version, or why it was skipped."""
    asked: int
    totals: dict[str, Any] | None
    summary: dict[str, Any] | None


class EvalRunList(Form):
    """Runs, the newest first."""

    items: list[EvalRunOut]


class EvalRunDetail(EvalRunOut):
    """A run with its cases."""

    cases: list[dict[str, Any]]


class EvalComparison(Form):
    """Run b against run a, over the cases that both asked."""

    model_config = ConfigDict(extra="allow")

    a: dict[str, Any]
    b: dict[str, Any]
    cases: int
    regressed: list[dict[str, Any]]
    mended: list[dict[str, Any]]
    differing: list[dict[str, Any]]
    p_value: float
    """How likely so uneven flips are by chance (McNemar's exact test)."""


class PromoteIn(Form):
    """Where the case goes, and what to say with it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"note": "与财务核对过"}]}
    )

    dataset: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")] = PROMOTED
    note: Annotated[Text, Field(max_length=2000)] = ""


class Promoted(Form):
    """The case that an answer became."""

    case_id: str
    dataset: str
    path: str
    """Its file, below the instance's data directory."""


@router.get(
    "/evals/runs",
    response_model=EvalRunList,
    responses=problems(401, 403, 422, 429, 500, 503),
    summary="List evaluation runs",
)
def runs(
    door: TheDoor, _principal: Overseer, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> Response:
    """The newest runs, finished or not."""
    found = EvalStore(door.service.evidence.engine).list_runs(limit)
    return JsonResponse({"items": [run_payload(run) for run in found]})


@router.get(
    "/evals/runs/{run_id}",
    response_model=EvalRunDetail,
    responses=problems(401, 403, 404, 422, 429, 500, 503),
    summary="Read an evaluation run",
)
def run(run_id: Name, door: TheDoor, _principal: Overseer) -> Response:
    """A run with every case: what was asked, said and found."""
    store = EvalStore(door.service.evidence.engine)
    found = store.get_run(run_id)
    cases = [case_payload(result) for result in store.results(found.run_id)]
    return JsonResponse({**run_payload(found), "cases": cases})


@router.get(
    "/evals/compare",
    response_model=EvalComparison,
    responses=problems(401, 403, 404, 422, 429, 500, 503),
    summary="Compare two evaluation runs",
)
def compare(a: RunId, b: RunId, door: TheDoor, _principal: Overseer) -> Response:
    """What run b got right that run a did not, and the reverse, with the odds of chance."""
    return JsonResponse(compared_payload(EvalStore(door.service.evidence.engine).compare(a, b)))


@router.post(
    "/answers/{answer_id}/promote",
    status_code=201,
    response_model=Promoted,
    responses=problems(400, 401, 403, 404, 413, 415, 422, 429, 500, 503),
    summary="Make a case of an answer",
)
def promote(answer_id: Name, wanted: PromoteIn, door: TheDoor, principal: Overseer) -> Response:
    """Pin an accepted answer to its snapshot as an evaluation case."""
    from evals.promote import promote as make_case  # with it comes all that loads golden sets

    service = door.service
    seen_answer(service, answer_id, principal)
    made = make_case(
        answer_id,
        service=service,
        feedback=FeedbackStore(service.evidence.engine),
        told=answer_payload,
        dataset=wanted.dataset,
        note=wanted.note,
        principal=principal,
    )
    path = made.path
    if path.is_relative_to(door.settings.data_dir):
        path = path.relative_to(door.settings.data_dir)
    return JsonResponse(
        {"case_id": made.case.id, "dataset": made.dataset, "path": str(path)}, status_code=201
    )
