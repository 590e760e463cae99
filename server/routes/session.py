"""Who is asking, and coming and going of browsers."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from leadline import __version__
from leadline.access import Principal
from leadline.errors import SignInError
from leadline.settings import PlannerMode, Settings, ShareLevel
from server.api_models import Form, Text
from server.auth import COOKIE, FAILURE_DELAY_S, MAX_TOKEN_LENGTH, SESSION_S
from server.door import Asker, TheDoor, client_of
from server.json_response import JsonResponse
from server.problems import problems

router = APIRouter(prefix="/api", tags=["session"])


class Login(Form):
    """What opens the door."""

    token: Annotated[Text, Field(min_length=1, max_length=MAX_TOKEN_LENGTH)]
    """`LEADLINE_TOKEN`, or the token of a user of leadline.yaml."""


class User(Form):
    """Who asks. `regions` and `partners` null: no limit on that axis."""

    name: str
    roles: list[str]
    regions: list[str] | None
    partners: list[str] | None


class InstanceOut(Form):
    """What this instance is."""

    name: str
    currency: str
    timezone: str


class Llm(Form):
    """The language model, and what it may be sent."""

    model: str
    share: ShareLevel


class Planner(Form):
    """Who plans by default."""

    mode: PlannerMode
    llm: Llm | None


class SessionOut(Form):
    """Everything that a page needs to know of its reader."""

    user: User
    instance: InstanceOut
    language: Literal["zh", "en"]
    planner: Planner
    version: str
    authenticated: Literal[True]


@router.get(
    "/session", response_model=SessionOut, responses=problems(401, 429), summary="Who is asking"
)
async def session(door: TheDoor, principal: Asker) -> Response:
    """The principal, the instance and the planner."""
    return JsonResponse(session_payload(door.settings, principal))


def session_payload(settings: Settings, principal: Principal) -> dict[str, object]:
    """The session as JSON data."""
    scope, llm, instance = principal.scope, settings.llm, settings.instance
    return {
        "user": {
            "name": principal.name,
            "roles": sorted(principal.roles),
            "regions": None if scope.regions is None else sorted(scope.regions),
            "partners": None if scope.partners is None else sorted(scope.partners),
        },
        "instance": {
            "name": instance.name,
            "currency": instance.currency,
            "timezone": instance.timezone,
        },
        "language": settings.language.value,
        "planner": {
            "mode": settings.planner,
            "llm": None if llm is None else {"model": llm.model, "share": llm.share},
        },
        "version": __version__,
        "authenticated": True,
    }


@router.post(
    "/login",
    status_code=204,
    response_class=Response,
    responses={
        204: {"description": f"Signed in: the cookie `{COOKIE}` is set"},
        **problems(400, 401, 413, 415, 422, 429),
    },
    summary="Sign in with a token",
)
async def login(shown: Login, request: Request, door: TheDoor) -> Response:
    """Exchange a token for a session cookie, which scripts of a page cannot read.

    Where no token is set, there is nothing to sign in to.
    """
    answer = Response(status_code=204)
    if not door.authority.guarded:
        return answer
    try:
        user = door.authority.identify(shown.token, client_of(request))
    except SignInError:
        await asyncio.sleep(FAILURE_DELAY_S)
        raise
    answer.set_cookie(
        COOKIE,
        door.authority.session(user),
        max_age=SESSION_S,
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post(
    "/logout",
    status_code=204,
    response_class=Response,
    responses={204: {"description": "Signed out: the cookie is gone"}, **problems(413, 415)},
    summary="Sign out",
)
async def logout(request: Request) -> Response:
    """Take the cookie back. Needs no token."""
    answer = Response(status_code=204)
    answer.delete_cookie(
        COOKIE,
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer
