"""Whether the process lives, and whether it can answer: for whoever watches over it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from fastapi import APIRouter
from starlette.responses import Response

from leadline import __version__
from server.api_models import Form
from server.door import TheDoor
from server.json_response import JsonResponse
from server.problems import problems

router = APIRouter(tags=["health"])


class Alive(Form):
    """The process answers."""

    status: Literal["ok"]
    version: str


class Ready(Form):
    """Questions can be answered, on this snapshot."""

    ready: Literal[True]
    snapshot: int
    as_of: date


@router.get("/healthz", response_model=Alive, summary="Whether the process lives")
async def healthz() -> Response:
    """Always, while the process runs. Needs no token."""
    return JsonResponse({"status": "ok", "version": __version__})


@router.get(
    "/readyz",
    response_model=Ready,
    responses=problems(500, 503),
    summary="Whether questions can be answered",
)
def readyz(door: TheDoor) -> Response:
    """Whether a snapshot is published. Needs no token."""
    snapshot = door.service.snapshots.current()
    return JsonResponse({"ready": True, "snapshot": snapshot.number, "as_of": snapshot.as_of})
