"""Stored spans as OpenTelemetry spans: the doubles that backends read are made here.

`ReadableSpan`s are built directly, with our ids and times. The way through a tracer would need an
id generator that is told what comes next, and would listen to OTEL_* variables (samplers, limits)
that Leadline does not speak of.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agents.telemetry.conventions import (
    AGENT_NAME_VALUE,
    JSON,
    OTEL_SCHEMA_URL,
    ROOT_SPAN,
    TEXT,
    GenAi,
    OpenInference,
)
from knowledge.warehouse.trace_record import JsonSpan, StoredTrace
from leadline import __version__

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan

Wire = dict[str, Any]

PROJECT = "leadline"
_SPAN_OF_EACH = (OpenInference.SESSION_ID, GenAi.CONVERSATION_ID)
"""Attributes of the root that every span repeats: backends filter by them."""
_TOKENS = {
    GenAi.INPUT_TOKENS: OpenInference.PROMPT_TOKENS,
    GenAi.OUTPUT_TOKENS: OpenInference.COMPLETION_TOKENS,
    GenAi.CACHED_TOKENS: OpenInference.CACHED_TOKENS,
    GenAi.REASONING_TOKENS: OpenInference.REASONING_TOKENS,
}


def resource() -> Resource:
    """Who sends: nothing of the machine."""
    from opentelemetry.sdk.resources import Resource

    return Resource(
        {
            "service.name": PROJECT,
            "service.version": __version__,
            OpenInference.PROJECT: PROJECT,
        },
        schema_url=OTEL_SCHEMA_URL,
    )


def otel_spans(trace: StoredTrace, sender: Resource) -> list[ReadableSpan]:
    """The spans of a trace, with its ids and times; exactly one has no parent."""
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

    spans = _rooted(trace)
    root = next(span for span in spans if span["parent_id"] is None)
    shared = {k: root["attributes"][k] for k in _SPAN_OF_EACH if k in root["attributes"]}
    began_ns = int(trace.summary.started_at.timestamp() * 1_000_000) * 1_000
    trace_number = _number(trace.summary.trace_id, 32)
    scope = InstrumentationScope(PROJECT, __version__, OTEL_SCHEMA_URL)

    def context(span_id: str) -> SpanContext:
        return SpanContext(
            trace_number,
            _number(span_id, 16),
            is_remote=False,
            trace_flags=TraceFlags(TraceFlags.SAMPLED),
        )

    def at(milliseconds: float) -> int:
        return began_ns + round(milliseconds * 1_000_000)

    return [
        ReadableSpan(
            name=span["name"],
            context=context(span["span_id"]),
            parent=None if span["parent_id"] is None else context(span["parent_id"]),
            resource=sender,
            attributes=wire_attributes(span, shared),
            events=_events(span, at),
            kind=SpanKind.CLIENT if span["kind"] == "LLM" else SpanKind.INTERNAL,
            status=(
                Status(StatusCode.OK)
                if span["status"] == "ok"
                else Status(StatusCode.ERROR, span["error"] or "")
            ),
            start_time=at(span["start_ms"]),
            end_time=at(span["start_ms"] + span["duration_ms"]),
            instrumentation_scope=scope,
        )
        for span in spans
    ]


def wire_attributes(span: JsonSpan, shared: Mapping[str, object]) -> Wire:
    """Attributes of one span in both vocabularies, as OTLP can carry them."""
    given: dict[str, Any] = {**shared, **span["attributes"]}
    made: Wire = {OpenInference.SPAN_KIND: span["kind"]}
    if span["error"]:
        made["error.type"] = str(span["error"]).partition(":")[0]
    _plan_doubles(given)
    _tool_doubles(given, made)
    _llm_doubles(given, made)
    for key, value in given.items():
        if value is not None:
            made[key if "." in key else f"{PROJECT}.{key}"] = _carried(value)
    _fill_blanks(span, made)
    return made


def _fill_blanks(span: JsonSpan, made: Wire) -> None:
    """Backends list input and output of each span: small steps show their facts and how they went.

    The content type stands wherever there is content.
    """
    if not made.get(OpenInference.INPUT):
        own = {k: v for k, v in span["attributes"].items() if "." not in k and k != "template"}
        made |= {OpenInference.INPUT: _json(own), OpenInference.INPUT_MIME: JSON}
    if not made.get(OpenInference.OUTPUT):
        made |= {OpenInference.OUTPUT: span["error"] or "ok", OpenInference.OUTPUT_MIME: TEXT}
    made.setdefault(OpenInference.INPUT_MIME, TEXT)
    made.setdefault(OpenInference.OUTPUT_MIME, TEXT)


def _rooted(trace: StoredTrace) -> Sequence[JsonSpan]:
    """Traces of earlier versions had no root, and a trace that was cut may miss parents."""
    known = {span["span_id"] for span in trace.spans}
    tops = [span for span in trace.spans if span["parent_id"] not in known]
    if len(tops) == 1 and tops[0]["parent_id"] is None:
        return trace.spans
    summary = trace.summary
    root: JsonSpan = {
        "span_id": hashlib.sha256(summary.trace_id.encode()).hexdigest()[:16],
        "parent_id": None,
        "name": ROOT_SPAN,
        "kind": "AGENT",
        "start_ms": 0.0,
        "duration_ms": summary.duration_ms,
        "status": "error" if summary.error else "ok",
        "error": summary.error,
        "attributes": {
            GenAi.OPERATION: "invoke_agent",
            GenAi.AGENT_NAME: AGENT_NAME_VALUE,
            GenAi.CONVERSATION_ID: summary.conversation_id,
            OpenInference.SESSION_ID: summary.conversation_id,
            OpenInference.USER_ID: summary.principal,
            OpenInference.INPUT: summary.question,
            OpenInference.OUTPUT: summary.status or "?",
        },
        "events": [],
    }
    orphans = {id(span) for span in tops}
    return [
        root,
        *(
            {**span, "parent_id": root["span_id"]} if id(span) in orphans else span
            for span in trace.spans
        ),
    ]


def _plan_doubles(given: dict[str, Any]) -> None:
    if "plan" in given and "question" in given:
        given.setdefault(OpenInference.INPUT, given["question"])
        if OpenInference.OUTPUT not in given:
            decided = ("plan", "queries", "message", "options", "coverage", "residual", "mended")
            shown = {key: given[key] for key in decided if given.get(key) not in (None, [], "")}
            given[OpenInference.OUTPUT] = _json(shown)
            given[OpenInference.OUTPUT_MIME] = JSON
    elif "template" in given:
        given.setdefault(OpenInference.OUTPUT, given["template"])


def _tool_doubles(given: dict[str, Any], made: Wire) -> None:
    if GenAi.TOOL_NAME in given:
        made[OpenInference.TOOL_NAME] = given[GenAi.TOOL_NAME]
    if GenAi.TOOL_CALL_ID in given:
        made[OpenInference.TOOL_ID] = given[GenAi.TOOL_CALL_ID]
    if GenAi.TOOL_DESCRIPTION in given:
        made[OpenInference.TOOL_DESCRIPTION] = given[GenAi.TOOL_DESCRIPTION]
    if GenAi.TOOL_ARGUMENTS in given:
        text = _json(given[GenAi.TOOL_ARGUMENTS])
        made[OpenInference.TOOL_PARAMETERS] = text
        made |= {OpenInference.INPUT: text, OpenInference.INPUT_MIME: JSON}
    if GenAi.TOOL_RESULT in given:
        text = _json(given[GenAi.TOOL_RESULT])
        made |= {OpenInference.OUTPUT: text, OpenInference.OUTPUT_MIME: JSON}


def _llm_doubles(given: dict[str, Any], made: Wire) -> None:
    if model := given.get(GenAi.RESPONSE_MODEL) or given.get(GenAi.REQUEST_MODEL):
        made[OpenInference.MODEL_NAME] = model
    if provider := given.get(GenAi.PROVIDER):
        made[OpenInference.PROVIDER] = provider
    parameters = {
        name: given[key]
        for name, key in (
            ("temperature", GenAi.REQUEST_TEMPERATURE),
            ("max_tokens", GenAi.REQUEST_MAX_TOKENS),
        )
        if key in given
    }
    if parameters:
        made[OpenInference.INVOCATION_PARAMETERS] = _json(parameters)
    for ours, theirs in _TOKENS.items():
        if isinstance(given.get(ours), int):
            made[theirs] = given[ours]
    if OpenInference.PROMPT_TOKENS in made or OpenInference.COMPLETION_TOKENS in made:
        made[OpenInference.TOTAL_TOKENS] = made.get(OpenInference.PROMPT_TOKENS, 0) + made.get(
            OpenInference.COMPLETION_TOKENS, 0
        )
    if GenAi.REQUEST_MODEL in given and given.get("currency") == "USD" and "cost" in given:
        made[OpenInference.TOTAL_COST] = float(given["cost"])
    for ours, theirs, side, mime in (
        (
            GenAi.INPUT_MESSAGES,
            OpenInference.INPUT_MESSAGES,
            OpenInference.INPUT,
            OpenInference.INPUT_MIME,
        ),
        (
            GenAi.OUTPUT_MESSAGES,
            OpenInference.OUTPUT_MESSAGES,
            OpenInference.OUTPUT,
            OpenInference.OUTPUT_MIME,
        ),
    ):
        messages = [m for m in given.pop(ours, ()) if isinstance(m, Mapping)]
        if messages:
            made |= {side: _json({"messages": messages}), mime: JSON}
            made[ours] = _json([_parts(message) for message in messages])
            for number, message in enumerate(messages):
                made |= _flat(f"{theirs}.{number}.message", message)


def _flat(prefix: str, message: Mapping[str, Any]) -> Wire:
    """One message as OpenInference writes it."""
    made: Wire = {f"{prefix}.role": message.get("role", "")}
    for key in ("content", "tool_call_id", "name"):
        if message.get(key):
            made[f"{prefix}.{key}"] = str(message[key])
    for number, call in enumerate(_calls(message)):
        base = f"{prefix}.tool_calls.{number}.tool_call"
        made[f"{base}.function.name"] = call["name"]
        made[f"{base}.function.arguments"] = call["arguments"]
        if call["id"]:
            made[f"{base}.id"] = call["id"]
    return made


def _parts(message: Mapping[str, Any]) -> Wire:
    """One message as the GenAI conventions write it."""
    parts: list[Wire] = []
    if content := message.get("content"):
        if message.get("role") == "tool":
            found = {"id": message.get("tool_call_id"), "response": content}
            parts.append({"type": "tool_call_response", **found})
        else:
            parts.append({"type": "text", "content": content})
    parts += [{"type": "tool_call", **call} for call in _calls(message)]
    return {"role": message.get("role", ""), "parts": parts}


def _calls(message: Mapping[str, Any]) -> list[dict[str, str]]:
    """Tool calls of a message, whether in the chat API's form or in LangChain's."""
    made = []
    for call in message.get("tool_calls") or ():
        if isinstance(call, Mapping):
            function = call.get("function") or call
            arguments = function.get("arguments", function.get("args", ""))
            text = arguments if isinstance(arguments, str) else _json(arguments)
            made.append(
                {
                    "id": str(call.get("id") or ""),
                    "name": str(function.get("name", "")),
                    "arguments": text,
                }
            )
    return made


def _events(span: JsonSpan, at: Any) -> list[Any]:
    from opentelemetry.sdk.trace import Event

    made = [
        Event(
            event["name"],
            {
                key if "." in key else f"{PROJECT}.{key}": _carried(value)
                for key, value in event["attributes"].items()
                if value is not None
            },
            at(event["at_ms"]),
        )
        for event in span["events"]
    ]
    if span["error"]:
        kind, _, message = str(span["error"]).partition(": ")
        described = {"exception.type": kind, "exception.message": message or kind}
        made.append(Event("exception", described, at(span["start_ms"] + span["duration_ms"])))
    return made


def _carried(value: object) -> Any:
    """A value that OTLP's encoders take: a scalar, a list of scalars of one type, or JSON text."""
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list | tuple) and value:
        kinds = {type(item) for item in value}
        if len(kinds) == 1 and kinds <= {str, bool, int, float}:
            return tuple(value)
    return _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(text: str, digits: int) -> int:
    """An id as the number that OpenTelemetry keeps; never 0."""
    if re.fullmatch(rf"[0-9a-f]{{{digits}}}", text) and int(text, 16):
        return int(text, 16)
    return int(hashlib.sha256(text.encode()).hexdigest()[:digits], 16)
