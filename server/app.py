"""The HTTP door: one FastAPI app with the API, the web app and what holds for every request."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from agents.bootstrap import open_service
from agents.service import AskService
from leadline import __version__
from leadline.errors import NotReadyError
from leadline.settings import Settings
from server.asking import AskingPool
from server.auth import Authority
from server.brief_runs import BriefRuns
from server.door import Door
from server.guard import Guard, Hosts
from server.problems import Problem, tell_problems
from server.routes import (
    answers,
    ask,
    briefs,
    citations,
    conversations,
    data,
    evals,
    health,
    semantic,
    session,
    tools,
    traces,
)
from server.tool_runs import ToolRuns
from server.web_files import WebFiles

CLOSING_WAIT_S: Final = 10.0
"""How long a server that stops waits for questions at work."""

ROUTERS: Final = (
    health.router,
    session.router,
    ask.router,
    conversations.router,
    answers.router,
    citations.router,
    tools.router,
    briefs.router,
    traces.router,
    data.router,
    semantic.router,
    evals.router,
)

TAGS: Final[list[dict[str, Any]]] = [
    {"name": "health", "description": "For whoever watches over the process"},
    {"name": "session", "description": "Who asks"},
    {"name": "asking", "description": "Questions and their answers"},
    {"name": "conversations", "description": "What was asked before"},
    {"name": "answers", "description": "Answers as they were given, and feedback on them"},
    {"name": "citations", "description": "The evidence behind each figure"},
    {"name": "tools", "description": "What pages read: each tool's figures, citable as they stand"},
    {"name": "briefs", "description": "Weekly briefs of managers, and having one made"},
    {"name": "traces", "description": "How each answer came about (administrators, analysts)"},
    {"name": "data", "description": "Loads, refused rows, snapshots (administrators, analysts)"},
    {"name": "semantic model", "description": "What can be asked, and what it means"},
    {"name": "evals", "description": "Evaluation runs and cases (administrators, analysts)"},
]

DESCRIPTION: Final = """\
Questions about the channel in Chinese or English, each figure cited and replayable.

Every error is `application/problem+json`. Where a token is set, send it as
`Authorization: Bearer TOKEN`, or exchange it for a cookie at `POST /api/login`. What a principal's
scope hides is not there for them: not in figures, not in lists, not by id (404).
"""


def create_app(
    settings: Settings,
    *,
    hosts: Hosts | None = None,
    verbose: bool = False,
    service: AskService | None = None,
    asking: AskingPool | None = None,
    web: WebFiles | None = None,
    prepares: bool = False,
) -> FastAPI:
    """The app over one instance, opened (and migrated where needed).

    Args:
        settings: of the instance.
        hosts: the names that it answers for; this machine's own by default.
        verbose: log a line per request, on the logger `leadline.access`.
        service: an opened one, in place of the settings' own.
        asking: where questions wait their turn.
        web: the built web app.
        prepares: compute what the pages start from in the background, once per snapshot.

    Raises:
        InputError: the database cannot be used.
    """
    service = service or open_service(settings)
    door = Door(
        settings,
        service,
        Authority(settings),
        asking or AskingPool(),
        web or WebFiles(),
        ToolRuns(service, prepares=prepares),
        BriefRuns(service),
    )

    app = FastAPI(
        title="Leadline",
        version=__version__,
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=partial(_life, door),
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.door = door
    for router in ROUTERS:
        app.include_router(router)
    tell_problems(app)
    _serve_web(app, door.web)
    _document(app)
    app.add_middleware(Guard, hosts=hosts or Hosts(), verbose=verbose)
    return app


@asynccontextmanager
async def _life(door: Door, _app: FastAPI) -> AsyncIterator[None]:
    """Warm at the start; at the end wait a while for what is at work, then close."""
    door.asking.submit(partial(_warm, door))
    yield
    await run_in_threadpool(door.runs.close, CLOSING_WAIT_S)
    await run_in_threadpool(door.briefs.close, CLOSING_WAIT_S)
    await run_in_threadpool(door.asking.close, CLOSING_WAIT_S)
    await run_in_threadpool(door.service.close)
    gc.unfreeze()


def _warm(door: Door) -> None:
    """Read the words of the snapshot in force, so that the first question is as quick as the next.

    Then what the pages start from, where that is wanted.

    Before the first load there is nothing to read.
    """
    try:
        door.service.warm()
        door.runs.prepare(door.service.snapshots.current())
    except NotReadyError:
        return
    # words and members live as long as the server: the collector need not look at them again and
    # again (a look at all of AdventureWorks halts every thread for 85 ms)
    gc.collect()
    gc.freeze()


def _serve_web(app: FastAPI, web: WebFiles) -> None:
    """Answer what no route of the API takes with the web app, and unknown API paths with 404."""

    async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path == "/api" or path.startswith("/api/"):
            raise HTTPException(404)
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        response = web.response(path, Headers(scope=scope))
        if response is None:
            raise HTTPException(404)
        await response(scope, receive, send)

    app.router.default = elsewhere


def _document(app: FastAPI) -> None:
    """State the form of problems in the OpenAPI document, in place of FastAPI's own errors."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
            )
            schemas = cast("dict[str, Any]", found["components"]["schemas"])
            schemas["Problem"] = Problem.model_json_schema(
                ref_template="#/components/schemas/{model}"
            )
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
