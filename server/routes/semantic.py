"""The semantic model: what can be asked here, in which words, and what it means."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from fastapi import APIRouter
from starlette.responses import Response

from knowledge.semantic.engine import Availability, available, members
from knowledge.semantic.model import Dimension, Metric, load_model
from knowledge.warehouse.snapshot import Snapshot
from leadline.access import Scope
from leadline.types import Unit
from server.api_models import Form, Words
from server.door import Asker, TheDoor
from server.json_response import JsonResponse
from server.problems import problems

router = APIRouter(prefix="/api/semantic", tags=["semantic model"])


class SynonymsOut(Form):
    """What else people call it."""

    zh: list[str]
    en: list[str]


class Span(Form):
    """First and last day with data."""

    start: date
    end: date


class MetricOut(Form):
    """A figure that can be asked for."""

    name: str
    label: Words
    definition: Words
    unit: Unit
    additivity: Literal["additive", "semi_additive", "non_additive"]
    direction: Literal["up", "down", "neutral"]
    """What counts as better."""
    synonyms: SynonymsOut
    available: bool
    """Whether the data here holds any, within the caller's scope."""
    span: Span | None
    dimensions: list[str]
    """By which it can be split here."""


class DimensionOut(Form):
    """Something that figures are split or filtered by."""

    name: str
    label: Words
    definition: Words
    kind: Literal["member", "attribute", "date"]
    synonyms: SynonymsOut
    members: int | None
    """How many the caller may see; null for dates."""


class ModelOut(Form):
    """Metrics and dimensions; `version` is a hash of all definitions."""

    version: str
    metrics: list[MetricOut]
    dimensions: list[DimensionOut]


@router.get(
    "/model",
    response_model=ModelOut,
    responses=problems(401, 429, 500, 503),
    summary="What can be asked",
)
def semantic_model(door: TheDoor, principal: Asker) -> Response:
    """Every metric and dimension, and what of it the caller's data holds."""
    model = load_model()
    snapshot = door.service.snapshots.current()
    reach = available(snapshot, principal.scope)
    return JsonResponse(
        {
            "version": model.version,
            "metrics": [_metric(metric, reach) for metric in model.metrics.values()],
            "dimensions": [
                _dimension(dimension, snapshot, principal.scope)
                for dimension in model.dimensions.values()
            ],
        }
    )


def _metric(metric: Metric, reach: Availability) -> dict[str, Any]:
    span = reach.metric_spans.get(metric.name)
    here = metric.name in reach.metrics
    return {
        "name": metric.name,
        "label": metric.label.model_dump(),
        "definition": metric.definition.model_dump(),
        "unit": metric.unit,
        "additivity": metric.additivity,
        "direction": metric.direction,
        "synonyms": metric.synonyms.model_dump(),
        "available": here,
        "span": {"start": span.start, "end": span.last} if here and span and span.days else None,
        "dimensions": sorted(reach.metric_dimensions.get(metric.name, ())),
    }


def _dimension(dimension: Dimension, snapshot: Snapshot, scope: Scope) -> dict[str, Any]:
    count = None
    if dimension.kind != "date":
        count = len(members(snapshot, dimension.name, scope))
    return {
        "name": dimension.name,
        "label": dimension.label.model_dump(),
        "definition": dimension.definition.model_dump(),
        "kind": dimension.kind,
        "synonyms": dimension.synonyms.model_dump(),
        "members": count,
    }
