"""From what a model says to typed arguments: shapes mended, placeholders translated.

Only the shape is mended (a list for a conjunction, text for a list of one). What is asked for is
not: unknown names, and combinations that do not fit, are errors that the model is told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from agents.llm.periods import settled
from agents.llm.schemas import CITATION
from agents.llm.tool_members import IN_ARGUMENTS
from agents.llm.veil import Veil
from agents.rules.draft import Note
from agents.rules.text import fold
from agents.rules.time_rules import TimeExpr
from knowledge.semantic.spec import QuerySpec
from leadline.errors import SpecError

Said = Mapping[str, Any]

_LISTS: Final = (
    "metrics", "dimensions", "shares", "metric_filters", "focus", "order", "values", "within",
    "keep", "items",
)  # fmt: skip
_TOOL_LISTS: Final = ("dimensions", "segments", "kinds")
"""Lists among the arguments of the other tools; there `order` is a word."""
_ERRORS_TOLD: Final = 3


@dataclass(frozen=True, slots=True)
class Arguments:
    """How a model's arguments become a tool's. `spec_of` gives the query behind a citation."""

    veil: Veil
    times: tuple[TimeExpr, ...]
    spec_of: Callable[[int], dict[str, object] | None]

    def typed(self, tool: str, said: Said) -> tuple[dict[str, object], Note | None]:
        """The arguments of a tool of the catalogue, and a note where a period was filled in.

        Raises:
            SpecError: they are not of the tool's form; the message may be told to the model.
        """
        if tool == "query":
            return self._query(said)
        if CITATION not in said and "spec" not in said:
            return self._of_tool(said)
        rest = {k: v for k, v in said.items() if k not in (CITATION, "spec")}
        note = None
        if CITATION in said:
            spec = self._cited(said[CITATION])
        else:
            spec, note = self._query(_unpacked(said["spec"]))
        for name in ("first", "second"):
            if name in rest:
                rest[name] = self.veil.value(rest[name])
        return {"spec": spec, **rest}, note

    def _of_tool(self, said: Said) -> tuple[dict[str, object], Note | None]:
        """Arguments of a tool without a query inside: members by their labels, and periods."""
        shaped = {key: self._named(key, value) for key, value in said.items()}
        note = None
        if shaped.get("time") is not None or shaped.get("compare") is not None:
            spec, note = self._query(
                {
                    "metrics": [shaped.get("metric") or "amount"],
                    **{k: shaped[k] for k in ("time", "compare") if shaped.get(k) is not None},
                }
            )
            shaped |= {k: spec[k] for k in ("time", "compare") if k in spec}
        return {k: v for k, v in shaped.items() if v is not None}, note

    def _named(self, key: str, value: object) -> object:
        value = _unpacked(value)
        dimension = IN_ARGUMENTS.get(key)
        if key == "where":
            return self._condition(key, value)
        if dimension is None and isinstance(value, str):
            return [value] if key in _TOOL_LISTS else value
        if dimension is None:
            return self._shaped(key, value)
        if isinstance(value, list):
            return [self._member(dimension, item) for item in value] or None
        named = self._member(dimension, value)
        return [named] if key.endswith("s") and named is not None else named

    def _cited(self, number: object) -> dict[str, object]:
        spec = self.spec_of(int(number)) if str(number).isdecimal() else None  # type: ignore[call-overload]
        if spec is None:
            raise SpecError(f"{CITATION} {number!r} is no result of a query of this question")
        return spec

    def _query(self, said: object) -> tuple[dict[str, object], Note | None]:
        if not isinstance(said, Mapping):
            raise SpecError("a query's arguments are an object")
        shaped = {key: self._shaped(key, value) for key, value in said.items()}
        try:
            spec = QuerySpec.model_validate(shaped)
        except ValidationError as error:
            raise SpecError("; ".join(_problems(error))) from error
        spec, note = settled(spec, self.veil.ctx.calendar, self.times)
        return spec.as_arguments(), note

    def _shaped(self, key: str, value: object) -> object:
        """One field in the form that the spec wants."""
        value = _unpacked(value)
        if key in ("where", "items", "focus"):
            return self._condition(key, value)
        if isinstance(value, Mapping):
            value = {k: self._shaped(k, v) for k, v in value.items()}
        elif isinstance(value, list):
            value = [self._shaped("", item) for item in value]
        if key in _LISTS and value is not None and not isinstance(value, list):
            return [value]
        return value

    def _condition(self, key: str, value: object) -> object:
        if isinstance(value, list):
            items = [self._one(item) for item in value]
            if key != "where":
                return items
            return {"kind": "and", "items": items} if items else None
        if value is None or value == {}:
            return None if key == "where" else []
        return self._one(value) if key == "where" else [self._one(value)]

    def _one(self, value: object) -> object:
        """A single condition: its kind made plain, its values as the data names them."""
        value = _unpacked(value)
        if not isinstance(value, Mapping):
            return value
        if "member" not in value:
            return {k: self._shaped(k, v) for k, v in value.items()}
        found: dict[str, object] = {"kind": "filter", **value}
        for name in ("items", "and", "or"):
            found.pop(name, None)
        values = _unpacked(found.get("values", []))
        listed = values if isinstance(values, list) else [values]
        found["values"] = [self._member(str(value["member"]), item) for item in listed]
        return found

    def _member(self, dimension: str, said: object) -> object:
        """The label that a value stands for; as it was said where that is not certain."""
        if not isinstance(said, str):
            return said
        text = self.veil.value(said)
        meant = {
            entry.label
            for entry in self.veil.ctx.lexicon.entries.get(fold(str(text)), ())
            if entry.kind == "value" and entry.name == dimension
        }
        return meant.pop() if text not in meant and len(meant) == 1 else text


def _unpacked(value: object) -> object:
    """An object or list that a model wrote as text."""
    if isinstance(value, str) and value.strip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except json.JSONDecodeError:  # a name that begins with a bracket
            return value
    return value


def _problems(error: ValidationError) -> Iterable[str]:
    for found in error.errors()[:_ERRORS_TOLD]:
        where = ".".join(str(part) for part in found["loc"])
        yield f"argument {where}: {found['msg']}" if where else str(found["msg"])
