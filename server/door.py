"""What the routes share: the service, who may come in, the queues, the web app."""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from agents.service import AskService
from leadline.access import Principal
from leadline.errors import SignInError
from leadline.settings import Settings
from server.asking import AskingPool
from server.auth import COOKIE, FAILURE_DELAY_S, Authority, check_overseer
from server.brief_runs import BriefRuns
from server.tool_runs import ToolRuns
from server.web_files import WebFiles

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""Headers by which a proxy shows itself."""


@dataclass(frozen=True, slots=True)
class Door:
    """One running server."""

    settings: Settings
    service: AskService
    authority: Authority
    asking: AskingPool
    web: WebFiles
    runs: ToolRuns
    briefs: BriefRuns


def door_of(request: Request) -> Door:
    """The door that this request came to."""
    return cast("Door", request.app.state.door)


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own, and nobody else's."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def client_of(request: Request) -> str:
    """The address that sends the request."""
    return request.client.host if request.client else ""


def is_direct(request: Request) -> bool:
    """Whether the request comes straight from this machine."""
    if any(name in request.headers for name in FORWARDED):
        return False
    return is_loopback(client_of(request))


_bearer = HTTPBearer(
    auto_error=False, description="LEADLINE_TOKEN, or the token of a user of leadline.yaml"
)
_cookie = APIKeyCookie(
    name=COOKIE, auto_error=False, description="set by POST /api/login, for browsers"
)


async def admitted(
    request: Request,
    _by_header: Annotated[object, Security(_bearer)],
    _by_cookie: Annotated[object, Security(_cookie)],
) -> Principal:
    """Who asks.

    Raises:
        SignInError: nobody that we know; told a little late, so that guessing takes long.
    """
    try:
        return door_of(request).authority.admit(
            request.headers,
            request.cookies.get(COOKIE),
            client_of(request),
            direct=is_direct(request),
        )
    except SignInError:
        if "authorization" in request.headers:
            await asyncio.sleep(FAILURE_DELAY_S)
        raise


async def overseer(principal: Annotated[Principal, Depends(admitted)]) -> Principal:
    """Who asks, if they may see what no scope bounds.

    Raises:
        AccessError: they may not.
    """
    check_overseer(principal)
    return principal


TheDoor = Annotated[Door, Depends(door_of)]
Asker = Annotated[Principal, Depends(admitted)]
Overseer = Annotated[Principal, Depends(overseer)]
