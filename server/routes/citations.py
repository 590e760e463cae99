"""Citations: the rows behind a figure, what they mean, and the proof by running them again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from agents.service import AskService
from agents.wording import spec_of
from knowledge.semantic.formula import formula_text
from knowledge.semantic.model import SemanticModel, load_model
from knowledge.semantic.reading import describe
from knowledge.semantic.spec import QuerySpec
from knowledge.warehouse.evidence_store import CitationRecord
from knowledge.warehouse.snapshot import Snapshot
from knowledge.warehouse.status import sources_of
from leadline.clock import now_utc
from leadline.errors import NotFoundError
from leadline.evidence import Citation, ToolResult
from leadline.types import Language, Unit
from server.api_models import CitationOut, Form, Name, Words
from server.door import Asker, TheDoor
from server.json_response import JsonResponse
from server.problems import problems
from server.schemas import citation_payload
from server.visibility import seen_citation

router = APIRouter(prefix="/api/citations", tags=["citations"])


class SnapshotInfo(Form):
    """The data that a citation was drawn from; `created_at` null where it is gone."""

    number: int
    created_at: datetime | None
    as_of: date
    sources: list[str]


class Definition(Form):
    """What a metric means here."""

    name: str
    label: Words
    definition: Words
    unit: Unit
    formula: str
    """In symbols, over tables and columns."""


class CitationDetail(CitationOut):
    """A citation with all that is needed to understand it."""

    answer_id: str | None
    """Null where a page cites it, and no answer."""
    reading: Words
    """How the query was understood, with dates."""
    snapshot_info: SnapshotInfo
    definitions: list[Definition]
    digest: str
    """sha256 over columns and rows."""


class Replay(Form):
    """A citation run again on its snapshot."""

    equal: bool
    """Whether not one cell differs."""
    digest: str
    digest_then: str
    model_changed: bool
    """Whether the definitions of metrics have changed since."""
    replayed_at: datetime
    citation: CitationOut
    """With the rows of now."""


@dataclass(frozen=True, slots=True)
class _Behind:
    """A citation with the snapshot it was drawn from, if that is still there."""

    record: CitationRecord
    snapshot: Snapshot | None
    model: SemanticModel

    def reading(self, language: Language) -> str:
        """How the query was understood; empty for tools that run none, and unknown metrics."""
        spec = spec_of(self.record.result)
        if spec is None or self.snapshot is None or not _is_known(spec, self.model):
            return ""
        return describe(spec, self.snapshot, self.model, language)


def _is_known(spec: QuerySpec, model: SemanticModel) -> bool:
    """Whether the model of now still has all that a spec of then names."""
    named = (*spec.metrics, *(item.metric for item in spec.metric_filters))
    return set(named) <= set(model.metrics) and set(spec.dimensions) <= set(model.dimensions)


def metrics_of(result: ToolResult) -> tuple[str, ...]:
    """Names of the metrics that a result speaks of, as they stand in its arguments."""
    spec = spec_of(result)
    if spec is None:
        named = result.arguments.get("metrics", ())
        return tuple(map(str, named)) if isinstance(named, Iterable) else ()
    used = (
        *spec.metrics,
        *(item.metric for item in spec.metric_filters),
        *(share.metric for share in spec.shares),
    )
    return tuple(dict.fromkeys(used))


def definition_payload(name: str, model: SemanticModel) -> dict[str, Any]:
    """A metric's meaning as JSON data."""
    metric = model.metrics[name]
    return {
        "name": name,
        "label": metric.label.model_dump(),
        "definition": metric.definition.model_dump(),
        "unit": metric.unit,
        "formula": formula_text(metric),
    }


def _snapshot_of(service: AskService, number: int) -> Snapshot | None:
    try:
        return service.snapshots.get(number)
    except NotFoundError:  # removed by hand: cited snapshots are kept otherwise
        return None


@router.get(
    "/{citation_id}",
    response_model=CitationDetail,
    responses=problems(401, 404, 422, 429, 500, 503),
    summary="Look behind a figure",
)
def citation(citation_id: Name, door: TheDoor, principal: Asker) -> Response:
    """The rows of a citation, how its query was read, what its metrics mean, and its data."""
    record = seen_citation(door.service, citation_id, principal)
    result = record.result
    snapshot = _snapshot_of(door.service, result.snapshot)
    behind = _Behind(record, snapshot, load_model())
    batches = () if snapshot is None else snapshot.manifest.batch_ids
    return JsonResponse(
        {
            **citation_payload(Citation(record.citation_id, record.number, result)),
            "answer_id": record.answer_id,
            "reading": {language.value: behind.reading(language) for language in Language},
            "snapshot_info": {
                "number": result.snapshot,
                "created_at": None if snapshot is None else snapshot.manifest.created_at,
                "as_of": result.as_of,
                "sources": sources_of(door.service.evidence.engine, batches),
            },
            "definitions": [
                definition_payload(name, behind.model)
                for name in metrics_of(result)
                if name in behind.model.metrics
            ],
            "digest": record.digest,
        }
    )


@router.post(
    "/{citation_id}/replay",
    response_model=Replay,
    responses=problems(401, 404, 413, 415, 422, 429, 500, 503),
    summary="Run a citation again",
)
def replay(citation_id: Name, door: TheDoor, principal: Asker) -> Response:
    """Verify the snapshot's files, run the same query under the same scope, compare every cell."""
    record = seen_citation(door.service, citation_id, principal)
    if _snapshot_of(door.service, record.snapshot) is None:
        raise NotFoundError(f"snapshot {record.snapshot} of this citation is not there any more")
    outcome = door.service.replay(citation_id, principal)
    now = Citation(citation_id, record.number, outcome.result)
    return JsonResponse(
        {
            "equal": outcome.equal,
            "digest": outcome.digest,
            "digest_then": outcome.digest_then,
            "model_changed": outcome.model_changed,
            "replayed_at": now_utc(),
            "citation": citation_payload(now),
        }
    )
