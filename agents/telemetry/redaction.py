"""What of a trace may leave the house.

`full`: everything that is stored, which is masked already, less credit codes. `redacted`: nothing
that a person asked, no member's name and no figure of theirs; what stays is how the answer came
about: names of tools, metrics and dimensions, kinds, counts, durations, tokens, ids. A text
becomes its length and a keyed hash, by which equal texts can be told to be equal and nothing else.
What is not known to be harmless does not pass.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from agents.telemetry.conventions import JSON, TEXT, GenAi, OpenInference
from knowledge.warehouse.trace_record import JsonSpan, StoredTrace
from leadline.evidence import Label
from leadline.masking import masked_data
from leadline.settings import ExportContent

KEY_FILE = "export.key"
KEY_BYTES = 32

_ID = re.compile(r"(?:T?[0-9a-f]{8,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-\d{1,3})?")
_CODE = re.compile(r"[a-z][a-z0-9_.]{0,39}")
_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,79}")
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@-]{0,99}")
_ERROR_CLASS = re.compile(r"[A-Za-z_]\w*(?:Error|Exception|Interrupt|Exit|Timeout)(?=$|:|\()")
_DECISION = re.compile(r"[a-z][a-z -]{0,39}(?=$|:)")
_ROLES = ("system", "developer", "user", "assistant", "tool")
_FINISHES = ("stop", "length", "tool_calls", "content_filter", "function_call")

_CODES = (
    GenAi.OPERATION,
    GenAi.AGENT_NAME,
    GenAi.PROVIDER,
    GenAi.TOOL_TYPE,
    "planner",
    "plan",
    "meta",
    "status",
    "fallback",
    "verdict",
    "language",
    "narrator",
    "code",
    "error.type",
)
"""Attributes whose values are words of our own code."""
_IDS = (
    GenAi.CONVERSATION_ID,
    OpenInference.SESSION_ID,
    "answer_id",
    "scope",
    "scope_hash",
    "digest",
    "prompt_hash",
)
"""Attributes whose values are ids and hashes."""
_NUMBERS = (
    GenAi.INPUT_TOKENS,
    GenAi.OUTPUT_TOKENS,
    GenAi.CACHED_TOKENS,
    GenAi.REASONING_TOKENS,
    GenAi.FIRST_CHUNK_S,
    GenAi.REQUEST_TEMPERATURE,
    GenAi.REQUEST_MAX_TOKENS,
    "snapshot",
    "row_count",
    "slots",
    "coverage",
    "llm_calls",
    "input_tokens",
    "output_tokens",
    "attempt",
    "spans_left_out",
)
"""Attributes that count what was done, never what was found."""
_MODELS = (
    GenAi.REQUEST_MODEL,
    GenAi.RESPONSE_MODEL,
    "model",
)
"""Attributes that name a model."""


def export_key(data_dir: Path) -> bytes:
    """The instance's key for hashes of exported texts, made on first use (readable by its owner).

    Where the folder cannot be written to, the key lasts as long as the process.
    """
    path = data_dir / KEY_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        found = path.read_bytes()
        return found if len(found) == KEY_BYTES else os.urandom(KEY_BYTES)
    except OSError:
        return os.urandom(KEY_BYTES)
    key = os.urandom(KEY_BYTES)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
    return key


def exported(trace: StoredTrace, content: ExportContent, key: bytes) -> StoredTrace:
    """The trace as it may leave: see the module's docstring."""
    if content == "full":
        spans = masked_data(trace.spans, credit_codes=True)
        assert isinstance(spans, list)  # noqa: S101 - a sequence stays one
        return replace(trace, spans=tuple(spans))
    redactor = _Redactor(key)
    summary = replace(
        trace.summary,
        question=redactor.text(trace.summary.question),
        principal=redactor.text(trace.summary.principal),
        error=redactor.error(trace.summary.error),
    )
    return StoredTrace(summary, tuple(redactor.span(span) for span in trace.spans))


class _Redactor:
    def __init__(self, key: bytes) -> None:
        self._key = key
        self._rules = self._made_rules()

    # ------------------------------------------------------------------ pieces

    def text(self, text: str) -> str:
        """Length and keyed hash."""
        if not text:
            return text
        digest = hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:12]
        return f"[redacted: {len(text)} characters, {digest}]"

    def error(self, text: str | None) -> str | None:
        """The class of an error, without what it says."""
        if text is None:
            return None
        if found := _ERROR_CLASS.match(text):
            return found[0]
        return text if text in _fallback_codes() else "error"

    def span(self, span: JsonSpan) -> JsonSpan:
        return {
            **span,
            "name": self._name(span),
            "error": self.error(span["error"]),
            "attributes": self.attributes(span["attributes"]),
            "events": [
                {
                    "name": event["name"] if _CODE.fullmatch(event["name"]) else "event",
                    "at_ms": event["at_ms"],
                    "attributes": self.attributes(event["attributes"]),
                }
                for event in span["events"]
            ],
        }

    def _name(self, span: JsonSpan) -> str:
        """`execute_tool NAME` and `chat MODEL` may hold what a model or server made up."""
        operation, _, rest = str(span["name"]).partition(" ")
        if not _CODE.fullmatch(operation):
            return "span"
        if not rest:
            return operation
        known = _tools() | {"leadline"}
        kept = rest in known or (operation == "chat" and _MODEL.fullmatch(rest) is not None)
        return f"{operation} {rest}" if kept else f"{operation} [redacted]"

    def attributes(self, attributes: Mapping[str, Any]) -> dict[str, object]:
        made: dict[str, object] = {}
        for key, value in attributes.items():
            if key in self._rules:
                made[key] = self._rules[key](value)
            elif _CODE.fullmatch(key):
                made[key] = self._unknown(value)
        return made

    def _unknown(self, value: object) -> object:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self.text(value)
        return self.text(json.dumps(value, ensure_ascii=False))

    # ------------------------------------------------------------------ rules

    def _made_rules(self) -> dict[str, Callable[[Any], object]]:
        return {
            **dict.fromkeys(_CODES, self._matching(_CODE)),
            **dict.fromkeys(_IDS, self._id),
            **dict.fromkeys(_NUMBERS, self._number),
            **dict.fromkeys(_MODELS, self._matching(_MODEL)),
            GenAi.TOOL_NAME: self._one_of(_tools()),
            GenAi.TOOL_ARGUMENTS: self._structure,
            GenAi.TOOL_RESULT: self._result,
            GenAi.INPUT_MESSAGES: self._messages,
            GenAi.OUTPUT_MESSAGES: self._messages,
            GenAi.FINISH_REASONS: lambda value: [self._one_of(_FINISHES)(v) for v in _list(value)],
            OpenInference.INPUT_MIME: self._one_of((TEXT, JSON)),
            OpenInference.OUTPUT_MIME: self._one_of((TEXT, JSON)),
            "cost": self._decimal,
            "currency": self._matching(re.compile(r"[A-Z]{3}")),
            "label": self._one_of((Label.CERTIFIED, Label.DERIVED, Label.GENERATED)),
            "truncated": lambda value: value is True,
            "columns": lambda value: [self._matching(_COLUMN)(v) for v in _list(value)],
            "citations": lambda value: [self._id(v) for v in _list(value)],
            "tokens": self._tokens,
            "residual": lambda value: f"[redacted: {len(_list(value))} words]",
            "mended": lambda value: [_kept(v, ("score",)) for v in _list(value)],
            "decisions": lambda value: [self._decision(v) for v in _list(value)],
            "queries": self._structure,
            "options": lambda value: f"[redacted: {len(_list(value))} options]",
            "notes": lambda value: f"[redacted: {len(_list(value))} notes]",
        }

    def _matching(self, form: re.Pattern[str]) -> Callable[[Any], object]:
        return lambda value: (
            value if isinstance(value, str) and form.fullmatch(value) else self._unknown(value)
        )

    def _one_of(self, known: frozenset[str] | tuple[str, ...]) -> Callable[[Any], object]:
        return lambda value: value if value in known else self._unknown(value)

    def _id(self, value: object) -> object:
        if value == "all" or (isinstance(value, str) and _ID.fullmatch(value)):
            return value
        return self._unknown(value)

    def _number(self, value: object) -> object:
        return value if isinstance(value, int | float) else self._unknown(value)

    def _decimal(self, value: object) -> object:
        return self._matching(re.compile(r"\d{1,12}(?:\.\d{1,12})?(?:E-\d{1,2})?"))(value)

    def _decision(self, value: object) -> object:
        found = _DECISION.match(value) if isinstance(value, str) else None
        return found[0] if found else self._unknown(value)

    def _tokens(self, value: object) -> object:
        return [_kept(v, ("kind", "score")) for v in _list(value)]

    def _result(self, value: object) -> object:
        if not isinstance(value, Mapping):
            return self._unknown(value)
        columns = [self._matching(_COLUMN)(v) for v in _list(value.get("columns"))]
        return {"columns": columns, "rows": f"[redacted: {len(_list(value.get('rows')))} rows]"}

    def _structure(self, value: object) -> object:
        """Arguments of tools: names that the model of the data knows stay, all else goes."""
        if isinstance(value, Mapping):
            return {
                key if key in _vocabulary() else "…": self._structure(item)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._structure(item) for item in value]
        if isinstance(value, str) and all(part in _vocabulary() for part in value.split("__")):
            return value
        if value is None or isinstance(value, bool):
            return value
        return "[number]" if isinstance(value, int | float) else self._unknown(value)

    def _messages(self, value: object) -> object:
        return [self._message(v) for v in _list(value) if isinstance(v, Mapping)]

    def _message(self, message: Mapping[str, Any]) -> dict[str, object]:
        made: dict[str, object] = {"role": self._one_of(_ROLES)(message.get("role", ""))}
        if content := message.get("content"):
            made["content"] = self._unknown(content)
        calls = [c for c in _list(message.get("tool_calls")) if isinstance(c, Mapping)]
        if calls:
            names = [(c.get("function") or c).get("name", "") for c in calls]
            made["tool_calls"] = [{"name": self._one_of(_tools())(name)} for name in names]
        return made


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _kept(value: object, keys: tuple[str, ...]) -> dict[str, object]:
    return {k: value[k] for k in keys if k in value} if isinstance(value, Mapping) else {}


@cache
def _tools() -> frozenset[str]:
    from tools.catalog import TOOLS

    return frozenset(tool.name for tool in TOOLS)


@cache
def _fallback_codes() -> frozenset[str]:
    from agents.llm.fallbacks import FALLBACKS

    return frozenset(FALLBACKS)


@cache
def _vocabulary() -> frozenset[str]:
    """Names of the semantic model and of the tools' arguments: the words that tell nothing."""
    from knowledge.semantic.model import load_model
    from leadline.types import GRAINS
    from tools.catalog import TOOLS

    model = load_model()
    words = {*model.metrics, *model.dimensions, *GRAINS, *_tools(), "role", "spec", "main"}
    for tool in TOOLS:
        _schema_words(tool.arguments.model_json_schema(), words)
    return frozenset(words)


def _schema_words(schema: object, words: set[str]) -> None:
    if isinstance(schema, Mapping):
        properties = schema.get("properties")
        if isinstance(properties, Mapping):
            words.update(properties)
        words.update(v for v in _list(schema.get("enum")) if isinstance(v, str))
        if isinstance(schema.get("const"), str):
            words.add(schema["const"])
        for item in schema.values():
            _schema_words(item, words)
    elif isinstance(schema, list):
        for item in schema:
            _schema_words(item, words)
