"""The door of the pages to the tools: figures with the name of their citation.

A page shows what a tool gave and can cite every figure of it: the id of the citation covers tool,
arguments, snapshot, scope and all cells. It is stored when somebody opens it (`keep`), and from
then on it is a citation as any other: looked behind, run again, its snapshot never removed.
"""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Body, Query
from pydantic import ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from knowledge.warehouse.evidence_store import citation_id_of
from leadline.evidence import Citation, ToolResult
from server import examples
from server.api_models import CitationOut, Form, Name, Words
from server.door import Asker, Door, TheDoor
from server.json_response import JsonResponse
from server.problems import problems
from server.schemas import citation_payload
from server.tool_runs import Call, checked
from tools.catalog import TOOLS

router = APIRouter(prefix="/api/tools", tags=["tools"])

WAIT_S: Final = 5.0
"""How long a caller waits for a result before they hear that it is being computed."""
AGAIN_S: Final = 1
"""After how many seconds they are asked to come again."""


class ToolOut(Form):
    """A tool that only reads; `arguments` is the JSON Schema of what it takes."""

    name: str
    label: Words
    arguments: dict[str, Any]


class ToolList(Form):
    """All tools that pages may call."""

    items: list[ToolOut]


class ToolFigures(CitationOut):
    """What a tool gave, under the id by which it is cited."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    **examples.CITATION,
                    "id": "t4b1f6f0c2d9e8a7b6c5d4e3f2a1b0c9",
                    "as_of": "2025-11-20",
                    "digest": "0f" * 32,
                    "kept": False,
                }
            ]
        },
    )

    as_of: date
    """"Today" of the data."""
    digest: str
    """sha256 over columns and rows."""
    kept: bool
    """Whether it was stored, so that `/api/citations/{id}` knows it."""


class Computing(Form):
    """Not done yet; the same request gets the figures as soon as they are there."""

    state: Literal["computing"]
    tool: str
    seconds: float
    """For how long it has been computed."""


@router.get(
    "",
    response_model=ToolList,
    responses=problems(401, 429, 500),
    summary="What pages can read",
)
def tools(_principal: Asker) -> Response:
    """Every tool without side effects, with the form of its arguments."""
    return JsonResponse(
        {
            "items": [
                {
                    "name": found.name,
                    "label": {"zh": found.description_zh, "en": found.description_en},
                    "arguments": found.arguments.model_json_schema(),
                }
                for found in TOOLS
                if not found.side_effects
            ]
        }
    )


@router.post(
    "/{name}",
    response_model=ToolFigures,
    responses={
        202: {"description": "It is being computed: ask again", "model": Computing},
        **problems(400, 401, 404, 413, 415, 422, 429, 500, 503),
    },
    summary="Run a tool",
)
async def run_tool(
    name: Name,
    arguments: Annotated[dict[str, Any], Body(description="As `GET /api/tools` states them")],
    door: TheDoor,
    principal: Asker,
    snapshot: Annotated[
        int | None, Query(ge=1, le=10**9, description="On this one, not the one in force")
    ] = None,
    keep: Annotated[bool, Query(description="Store the result as a citation, once")] = False,
) -> Response:
    """Figures within the caller's scope, from one snapshot, each citable under the result's id."""
    call = await run_in_threadpool(_checked, door, name, arguments, snapshot, principal)
    run = door.runs.start(call)
    waited = asyncio.wrap_future(run.done)
    waited.add_done_callback(_heard)
    done, _ = await asyncio.wait({waited}, timeout=WAIT_S)
    if not done:
        told = {"state": "computing", "tool": name, "seconds": round(run.seconds, 1)}
        return JsonResponse(told, 202, headers={"Retry-After": str(AGAIN_S)})
    return await run_in_threadpool(_told, door, call, waited.result(), keep)


def _heard(done: asyncio.Future[ToolResult]) -> None:
    """Take note of an error that comes when nobody waits any more: who asks again gets it."""
    if not done.cancelled():
        done.exception()


def _checked(
    door: Door, name: str, arguments: dict[str, Any], number: int | None, principal: Asker
) -> Call:
    snapshots = door.service.snapshots
    snapshot = snapshots.current() if number is None else snapshots.get(number)
    return checked(name, arguments, snapshot, principal.scope)


def _told(door: Door, call: Call, result: ToolResult, keep: bool) -> Response:
    if keep:
        door.service.evidence.keep(result, call.scope)
    return JsonResponse(
        {
            **citation_payload(Citation(citation_id_of(result), 1, result)),
            "as_of": result.as_of,
            "digest": result.digest,
            "kept": keep,
        }
    )
