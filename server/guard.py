"""What holds for every request, before and after any route: one ASGI layer around the whole app.

Refused: hosts that are not ours (DNS rebinding), changes asked for by other sites (CSRF), bodies
that are too large, too slow or no JSON. Added: the security headers, on errors and files too. What
no route expected becomes a problem that tells nothing, and a line in the log that names no
question, token or query string.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from leadline.types import Language
from server.door import is_loopback
from server.problems import error_response, preferred, problem_response, protocol_problem

ACCESS = logging.getLogger("leadline.access")
ERRORS = logging.getLogger("leadline.server")

MAX_BODY_BYTES: Final = 64 * 1024
BODY_SECONDS: Final = 20.0
"""How long a body may take to arrive."""
DRAINED_BYTES: Final = 1024 * 1024
DRAIN_SECONDS: Final = 2.0
"""How much of a refused body is still read, and for how long."""
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
"""Sent with every response; a response may say otherwise of itself (the page's own policy)."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names by which this server may be called."""

    loopback_only: bool = True
    """Whether it listens on this machine only."""
    allowed: frozenset[str] = field(default_factory=frozenset)
    """Further names, lower case and without port; where it listens beyond this machine and this is
    empty, any name will do."""

    def accepts(self, header: str) -> bool:
        """Whether a `Host` header names us."""
        name = host_name(header)
        if name in self.allowed or is_loopback(name):
            return True
        return not self.loopback_only and not self.allowed and bool(name)


def host_name(header: str) -> str:
    """The name in a `Host` header, lower case and without port; empty where it is none."""
    try:
        found = urlsplit(f"//{header}")
        _ = found.port
    except ValueError:
        return ""
    if found.username is not None or found.path or found.query or found.fragment:
        return ""
    return (found.hostname or "").rstrip(".")


class Refused(Exception):
    """A request that goes no further."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class CutOff(Exception):
    """A response that broke off half way."""


def check_origin(headers: Headers) -> None:
    """That a change is not asked for by another site's page.

    Browsers say where a request comes from and pages cannot change that; programs say nothing.

    Raises:
        Refused: another site's page asks.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise Refused(403, "changes are accepted from this site's own pages only")
        return
    origin = headers.get("origin")
    if origin is None:
        return
    try:
        theirs = urlsplit(origin).netloc.lower()
    except ValueError:
        theirs = ""
    if theirs != headers.get("host", "").lower():
        raise Refused(403, "changes are accepted from this site's own pages only")


def check_type(headers: Headers) -> None:
    """That a body, where there is one, is JSON: no form of another site can send that.

    Raises:
        Refused: it is something else.
    """
    kind = headers.get("content-type")
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    if kind is None and not has_body:
        return
    base = (kind or "").partition(";")[0].strip().lower()
    if base != "application/json" and not (
        base.startswith("application/") and base.endswith("+json")
    ):
        raise Refused(415, "send Content-Type: application/json")


async def read_body(headers: Headers, receive: Receive) -> bytes | None:
    """The whole body; None where the client went away.

    Raises:
        Refused: it is too large, or takes too long.
    """
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > MAX_BODY_BYTES:
        raise Refused(413, f"at most {MAX_BODY_BYTES:,} bytes are read")
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                part: bytes = message.get("body", b"")
                size += len(part)
                if size > MAX_BODY_BYTES:
                    raise Refused(413, f"at most {MAX_BODY_BYTES:,} bytes are read")
                parts.append(part)
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError as error:
        raise Refused(408, f"the body did not arrive within {BODY_SECONDS:.0f} s") from error


async def drained(receive: Receive) -> bool:
    """Read what is left of a refused body, within bounds; whether that was all of it.

    A connection that is closed on a sender loses the answer with it.
    """
    size = 0
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while size < DRAINED_BYTES:
                message = await receive()
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return True
                size += len(message.get("body", b""))
    except TimeoutError:
        pass
    return False


def _replay(body: bytes, receive: Receive) -> Receive:
    """`receive` for the app: the body that was read, then whatever comes."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


class Guard:
    """The layer; `verbose` logs a line per request."""

    def __init__(self, app: ASGIApp, *, hosts: Hosts, verbose: bool = False) -> None:
        self._app = app
        self._hosts = hosts
        self._verbose = verbose

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        began = time.perf_counter()
        status = 0

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._pass(scope, receive, guarded)
        except Exception as error:  # noqa: BLE001 - the last resort; nothing of it is told
            log_failure(scope, error)
            if status:  # too late for a problem: the connection is cut off, and says no more
                raise CutOff from None
            path, language = scope["path"], _language(scope)
            await error_response(error, path, language)(scope, receive, guarded)
        finally:
            if self._verbose:
                _log_access(scope, status, (time.perf_counter() - began) * 1000)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        try:
            if not self._hosts.accepts(headers.get("host", "")):
                raise Refused(421, "the Host header names another server")
            if scope["method"] not in SAFE:
                check_origin(headers)
                check_type(headers)
                body = await read_body(headers, receive)
                if body is None:
                    return
                receive = _replay(body, receive)
        except Refused as refused:
            found = protocol_problem(
                refused.status, refused.detail, scope["path"], _language(scope)
            )
            whole = await drained(receive)
            response = problem_response(found, {} if whole else {"Connection": "close"})
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _language(scope: Scope) -> Language:
    return preferred(Headers(scope=scope).get("accept-language", ""))


def _template(scope: Scope) -> str:
    """The route's path with its parameters by name: ids are not logged."""
    return str(getattr(scope.get("route"), "path", "-"))


def _log_access(scope: Scope, status: int, milliseconds: float) -> None:
    ACCESS.info("%s %s %s %.1f ms", scope["method"], _template(scope), status or "-", milliseconds)


def log_failure(scope: Scope, error: Exception) -> None:
    """Where it happened and what kind of error it is. Messages may quote questions and rows."""
    stack = "".join(traceback.format_tb(error.__traceback__))
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    ERRORS.error("%s %s: %s\n%s", scope["method"], _template(scope), kind, stack)
