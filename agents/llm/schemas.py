"""The tools as a language model sees them: JSON schemas made from the same typed arguments.

Nothing is written twice: schemas come from the pydantic models of `tools.catalog`, without titles,
defaults and references, and without what the service fills in by itself (how a period is called,
whether it is under way). The scope is no argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from tools.catalog import TOOLS

ASK_BACK: Final = "ask_back"
REFUSE: Final = "refuse"
CITATION: Final = "citation"
"""Stands for the spec of an earlier result in the arguments of tools that take one."""
LARGEST_MESSAGE: Final = 300

Schema = dict[str, Any]

_SETTLED: Final = frozenset(
    {
        *("label", "label_en", "partial", "dimension", "align", "everything", "min_score"),
        *("lead_time_days", "service_level", "service", "overstock_days", "cost_per_unit"),
        *("cost_share", "away_share", "history_months"),
    }
)
"""Fields that are not asked of the model: the service sets them, or they are rarely needed."""

PAGES_ONLY: Final = frozenset({"health_evidence"})
"""Tools that only pages ask: nothing in them answers a question."""

OFFERED: Final = tuple(tool for tool in TOOLS if tool.name not in PAGES_ONLY)
"""The tools that a model may call."""
_NOISE: Final = frozenset({"title", "description", "default", "discriminator", "format"})
_NESTING: Final = 2
"""How deep conditions may stand in conditions."""


class AskBack(BaseModel):
    """Ask the person back where the question can mean several things that change the figures."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    message: str = Field(max_length=LARGEST_MESSAGE)
    options: tuple[str, ...] = ()


class Refuse(BaseModel):
    """Say that this data cannot answer the question, and which near questions it can answer."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    message: str = Field(max_length=LARGEST_MESSAGE)
    nearest: tuple[str, ...] = ()


DESCRIPTIONS: Final[dict[str, str]] = {
    **{tool.name: tool.description_en for tool in TOOLS},
    "query": "Figures by metric, dimension, period and comparison. Returns numbered rows.",
    "difference": "How far apart two members (first, second) are in the first metric of an earlier "
    "result, cited by number, that has exactly one dimension or grain.",
    "concentration": "What the members listed by an earlier result, cited by number, make up "
    "together of the whole; its query must ask for one share.",
    "explain": "What metrics mean and how they are computed.",
    "freshness": "As of which day the data is.",
    ASK_BACK: "Ask the person back instead of answering. Options are whole questions.",
    REFUSE: "Say that the data cannot answer. `nearest` are whole questions that it can answer.",
}


def tool_schemas() -> dict[str, Schema]:
    """Every tool by name: those of the catalogue, then the two that end a turn without figures."""
    schemas = {
        tool.name: _by_citation(compact(tool.arguments.model_json_schema())) for tool in OFFERED
    }
    schemas[ASK_BACK] = compact(AskBack.model_json_schema())
    schemas[REFUSE] = compact(Refuse.model_json_schema())
    return schemas


def compact(schema: Mapping[str, Any]) -> Schema:
    """A schema without references and noise; recursion ends at two levels of conditions."""
    found = _compact(schema, schema.get("$defs", {}), 0)
    assert isinstance(found, dict)  # noqa: S101 - an object goes in
    return found


def _compact(node: Any, defs: Mapping[str, Any], depth: int) -> Any:
    if isinstance(node, list):
        return [_compact(item, defs, depth) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _compact(defs[str(node["$ref"]).rpartition("/")[2]], defs, depth)
    for choice in ("anyOf", "oneOf"):
        if choice in node:
            return _choices(node[choice], defs, depth)
    found: Schema = {}
    for key, value in node.items():
        if key in _NOISE or key == "$defs":
            continue
        if key == "properties":
            found[key] = {
                name: _compact(item, defs, depth)
                for name, item in value.items()
                if name not in _SETTLED
            }
        elif key == "items":
            found[key] = _compact(value, defs, depth + _nests(value))
        else:
            found[key] = _compact(value, defs, depth)
    if isinstance(found.get("properties"), dict) and "kind" in found["properties"]:
        found["required"] = list(dict.fromkeys(["kind", *found.get("required", [])]))
    return found


def _nests(items: Any) -> int:
    return int(isinstance(items, dict) and "oneOf" in items)


def _choices(options: list[Any], defs: Mapping[str, Any], depth: int) -> Any:
    """One of several forms; a form that may be left out is just that form."""
    forms = [option for option in options if option.get("type") != "null"]
    if depth >= _NESTING:
        forms = [form for form in forms if _plain(form, defs)]
    found = [_compact(form, defs, depth) for form in forms]
    if len(found) == 1:
        return found[0]
    if all(set(form) == {"type"} for form in found):
        return {"type": [form["type"] for form in found]}
    return _merged(found)


def _merged(forms: list[Schema]) -> Schema:
    """Objects told apart by `kind` as one object: some servers know no choices between objects."""
    properties: Schema = {}
    for form in forms:
        properties = {**form["properties"], **properties}
    properties["kind"] = {"enum": [form["properties"]["kind"]["const"] for form in forms]}
    return {"type": "object", "properties": properties, "required": ["kind"]}


def _plain(form: Mapping[str, Any], defs: Mapping[str, Any]) -> bool:
    """Whether the form holds no further conditions."""
    body = defs.get(str(form.get("$ref", "")).rpartition("/")[2], form)
    return "items" not in body.get("properties", {})


def _by_citation(schema: Schema) -> Schema:
    """A tool that takes a spec is told the number of the result whose spec it is."""
    properties = dict(schema["properties"])
    if "spec" not in properties:
        return schema
    del properties["spec"]
    properties = {CITATION: {"type": "integer"}, **properties}
    required = [CITATION, *(name for name in schema["required"] if name != "spec")]
    return {**schema, "properties": properties, "required": required}
