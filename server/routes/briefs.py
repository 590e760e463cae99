"""Weekly briefs: the archive, one of them as text, page or PDF, and having one made."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from agents.briefs.managers import Manager, find_manager, managers, own_brief
from agents.briefs.pdf import print_pdf
from agents.briefs.week import check_known, last_whole_week, parse_week
from knowledge.warehouse.brief_store import BriefRecord, BriefStore, BriefSummary
from leadline.access import Principal
from leadline.errors import NotFoundError
from leadline.types import Language
from server import examples
from server.api_models import Before, Form, Limit, Name, Text
from server.brief_runs import Wanted
from server.door import Asker, Door, TheDoor
from server.json_response import JsonResponse
from server.problems import problems

router = APIRouter(prefix="/api/briefs", tags=["briefs"])

WAIT_S: Final = 5.0
"""How long a caller waits for a brief before they hear that it is being written."""
AGAIN_S: Final = 2
WEEK: Final = r"^\d{4}-W\d{2}$"

WeekName = Annotated[str, Query(pattern=WEEK, description="An ISO week, e.g. 2026-W27")]


class BriefItem(Form):
    """A brief in the list."""

    brief_id: str
    manager: str
    label: str
    week: str
    first_day: date
    last_day: date
    partial: bool
    """Whether the week was not over when it was written."""
    language: Literal["zh", "en"]
    snapshot: int
    as_of: date
    """The last day that counted."""
    created_at: datetime


class BriefPage(Form):
    """Briefs, the last made first."""

    items: list[BriefItem]
    next: str | None
    """What to give as `before` for the next page; null at the end."""


class BriefSource(Form):
    """One piece of evidence: `id` opens under `/api/citations/{id}` and can be run again there."""

    number: int
    id: str
    tool: str
    digest: str


class BriefOut(BriefItem):
    """A brief as it was given."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.BRIEF]})

    markdown: str
    html: str
    """A page that needs nothing else: no script, charts inline."""
    citations: list[BriefSource]
    digest: str
    """sha256 over the text and the digests of its evidence."""


class BriefManager(Form):
    """Somebody for whom a brief can be made."""

    name: str
    label: str
    regions: list[str]
    source: Literal["user", "region", "sales_manager", "salesperson"]


class BriefManagers(Form):
    """Whom the caller may have briefs made for."""

    items: list[BriefManager]
    last_week: str
    """The last week that is over in the data."""


class BriefWanted(Form):
    """What brief is wanted; all left out: one's own, of the last whole week, in Chinese."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"week": "2026-W27", "language": "zh"}]},
    )

    week: Annotated[str, Field(pattern=WEEK)] | None = None
    language: Literal["zh", "en"] = "zh"
    manager: Annotated[Text, Field(min_length=1, max_length=100)] | None = None
    """For whom; only who sees all data may name somebody else."""


class BeingWritten(Form):
    """Not done yet; the same request gets the brief as soon as it is there."""

    state: Literal["computing"]
    manager: str
    week: str
    seconds: float


def item_payload(found: BriefSummary | BriefRecord) -> dict[str, Any]:
    """A brief in the list as JSON data."""
    return {
        "brief_id": found.brief_id,
        "manager": found.manager,
        "label": found.label,
        "week": found.week,
        "first_day": found.first_day,
        "last_day": found.last_day,
        "partial": found.partial,
        "language": found.language,
        "snapshot": found.snapshot,
        "as_of": found.as_of,
        "created_at": found.created_at,
    }


def brief_payload(found: BriefRecord) -> dict[str, Any]:
    """A whole brief as JSON data."""
    return {
        **item_payload(found),
        "markdown": found.markdown,
        "html": found.html,
        "citations": [
            {"number": c.number, "id": c.citation_id, "tool": c.tool, "digest": c.digest}
            for c in found.citations
        ],
        "digest": found.digest,
    }


@router.get(
    "",
    response_model=BriefPage,
    responses=problems(401, 422, 429, 500, 503),
    summary="The archive of briefs",
)
def briefs(
    door: TheDoor,
    principal: Asker,
    manager: Annotated[str | None, Query(max_length=100, pattern=r"^[^\x00]*$")] = None,
    week: WeekName | None = None,
    before: Before = None,
    limit: Limit = 50,
) -> Response:
    """Briefs made under the caller's scope, the last made first; all, where nothing limits it."""
    store = BriefStore(door.service.evidence.engine)
    found = store.list(principal, manager=manager, week=week, before=before, limit=limit)
    more = found[-1].created_at.isoformat() if len(found) == limit else None
    return JsonResponse({"items": [item_payload(item) for item in found], "next": more})


@router.get(
    "/managers",
    response_model=BriefManagers,
    responses=problems(401, 429, 500, 503),
    summary="Whom briefs can be made for",
)
def brief_managers(door: TheDoor, principal: Asker) -> Response:
    """Everybody with regions, for who sees all data; otherwise the caller."""
    snapshot = door.service.snapshots.current()
    people: tuple[Manager, ...] = (own_brief(principal),)
    if principal.scope.unlimited:
        people = managers(door.settings, snapshot)
    return JsonResponse(
        {
            "items": [
                {"name": m.name, "label": m.label, "regions": m.regions, "source": m.source}
                for m in people
            ],
            "last_week": last_whole_week(snapshot.as_of).name,
        }
    )


@router.get(
    "/{brief_id}",
    response_model=BriefOut,
    responses=problems(401, 404, 422, 429, 500, 503),
    summary="Read a brief",
)
def brief(brief_id: Name, door: TheDoor, principal: Asker) -> Response:
    """A brief as it was given: its facts, its text, its page, its evidence."""
    found = BriefStore(door.service.evidence.engine).get(brief_id, principal)
    return JsonResponse(brief_payload(found))


@router.get(
    "/{brief_id}/pdf",
    response_class=Response,
    responses={
        200: {"description": "The brief as PDF", "content": {"application/pdf": {}}},
        **problems(401, 404, 422, 429, 500, 503),
    },
    summary="A brief as PDF",
)
def brief_pdf(brief_id: Name, door: TheDoor, principal: Asker) -> Response:
    """Printed by headless Chromium from the archived page; 503 where there is no Chromium."""
    found = BriefStore(door.service.evidence.engine).get(brief_id, principal)
    name = f"brief-{found.week}-{found.brief_id}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(print_pdf(found.html), media_type="application/pdf", headers=headers)


@router.post(
    "",
    response_model=BriefOut,
    responses={
        202: {"description": "It is being written: ask again", "model": BeingWritten},
        **problems(400, 401, 404, 413, 415, 422, 429, 500, 503),
    },
    summary="Have a brief made",
)
async def make_brief(wanted: BriefWanted, door: TheDoor, principal: Asker) -> Response:
    """The brief of a week over what was known at its end, kept in the archive; made once."""
    asked = await run_in_threadpool(_wanted, wanted, door, principal)
    making = door.briefs.start(asked)
    waited = asyncio.wrap_future(making.done)
    waited.add_done_callback(_heard)
    done, _ = await asyncio.wait({waited}, timeout=WAIT_S)
    if not done:
        told = {
            "state": "computing",
            "manager": asked.manager.name,
            "week": asked.week.name,
            "seconds": round(making.seconds, 1),
        }
        return JsonResponse(told, 202, headers={"Retry-After": str(AGAIN_S)})
    return JsonResponse(brief_payload(waited.result()))


def _heard(done: asyncio.Future[BriefRecord]) -> None:
    """Take note of an error that comes when nobody waits any more: who asks again gets it."""
    if not done.cancelled():
        done.exception()


def _wanted(wanted: BriefWanted, door: Door, principal: Principal) -> Wanted:
    snapshot = door.service.snapshots.current()
    week = last_whole_week(snapshot.as_of) if wanted.week is None else parse_week(wanted.week)
    check_known(week, snapshot)
    manager = own_brief(principal)
    if wanted.manager is not None and wanted.manager != principal.name:
        if not principal.scope.unlimited:
            raise NotFoundError(f"nobody called {wanted.manager!r} has regions of the channel")
        manager = find_manager(wanted.manager, door.settings, snapshot)
    return Wanted(manager, week, Language(wanted.language), snapshot, principal)
