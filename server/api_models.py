"""The forms of what the API takes and gives: the JSON contract, as OpenAPI states it.

Responses are built by `server.schemas` and the routes and sent as they are; tests hold them against
these models.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from leadline.evidence import ChartKind
from leadline.types import Scalar, Unit
from server import examples

Text: TypeAlias = Annotated[str, Field(pattern=r"^[^\x00]*$")]
"""Any text without the character NUL, which not every database can keep."""

Name: TypeAlias = Annotated[str, Path(pattern=r"^[0-9A-Za-z][0-9A-Za-z_.:-]*$", max_length=80)]
"""An id in a path."""


def _utc(value: datetime) -> datetime:
    try:
        aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the instant lies outside the calendar") from error


def _iso(value: object) -> object:
    """Only ISO text: bare numbers would pass for seconds since 1970."""
    if not isinstance(value, str) or value.strip().lstrip("+-").replace(".", "").isdigit():
        raise ValueError("an instant in ISO 8601 is needed")
    return value


Instant: TypeAlias = Annotated[datetime, BeforeValidator(_iso), AfterValidator(_utc)]
"""An instant; without a zone it is UTC."""

Before: TypeAlias = Annotated[
    Instant | None, Query(description="Only what is older: `next` of the page before")
]
Limit: TypeAlias = Annotated[int, Query(ge=1, le=200, description="Most items of one page")]
Search: TypeAlias = Annotated[
    str | None,
    Query(max_length=200, pattern=r"^[^\x00]*$", description="Only with this text, in any case"),
]


class Form(BaseModel):
    """Base of all forms: nothing beside what is listed."""

    model_config = ConfigDict(extra="forbid")


class Words(Form):
    """A text in both languages."""

    zh: str
    en: str


# ------------------------------------------------------------------------------------- asking


class Question(Form):
    """What is asked."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [*examples.QUESTIONS]})

    question: Annotated[Text, Field(min_length=1, max_length=2000)]
    """In Chinese, English or both mixed."""
    conversation_id: Annotated[
        str | None, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z_.:-]*$", max_length=80)
    ] = None
    """To ask on in a conversation; none begins a new one."""
    planner: Literal["auto", "rules", "llm", "llm-first"] | None = None
    """Who plans; the server's setting by default. `llm-first` is another word for `llm`: the rules
    take over wherever the model fails."""
    language: None = None
    """Always that of the question."""


class ColumnOut(Form):
    """One column of a result."""

    name: str
    unit: Unit
    label: Words
    currency: str | None = None
    """ISO 4217; only for money."""


class CitationOut(Form):
    """A piece of evidence: what was run, and all that it gave."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.CITATION]})

    id: str
    number: int
    """Its mark in the answer's text, from 1."""
    tool: str
    spec: dict[str, Any]
    """The tool's arguments."""
    snapshot: int
    model_version: str
    scope_hash: str
    columns: list[ColumnOut]
    rows: list[list[Scalar]]
    """Raw figures: currency units, fractions; dates as ISO text."""
    row_count: int
    """Before the row cap."""
    truncated: bool


class OptionOut(Form):
    """Something to ask: what to show, and the question it stands for."""

    label: str
    question: str


class ChartOut(Form):
    """A chart that the data of one citation can draw."""

    kind: ChartKind
    citation: int
    x: str
    y: list[str]
    series: str | None


class FigureOut(Form):
    """Where the text holds a figure: characters `start` to `end` come from this cell."""

    start: int
    end: int
    citation: int
    row: int | None
    column: str | None


class PlanningOut(Form):
    """Who planned, and what that took."""

    planner: Literal["rules", "llm"]
    fallback: str | None
    """Why the planner that was to go first could not: a code."""
    fallback_text: Words | None
    model: str | None
    prompt_hash: str | None
    llm_calls: int
    input_tokens: int
    output_tokens: int
    cost: str | None
    """A decimal number, in `currency`."""
    currency: str | None
    llm_ms: float


class AnswerOut(Form):
    """An answer; the same object as `leadline ask --json` prints."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.ANSWER]})

    id: str
    answer_id: str
    conversation_id: str | None
    question: str
    status: Literal["answered", "clarify", "refused"]
    text: str
    """Plain text with citation marks like ` [1]`; never HTML or Markdown."""
    language: Literal["zh", "en"]
    label: Literal["已认证", "规则推导", "模型生成"]
    reading: str
    """How the question was understood."""
    citations: list[CitationOut]
    options: list[OptionOut]
    followups: list[str]
    chart: ChartOut | None
    figures: list[FigureOut]
    planning: PlanningOut
    snapshot: int | None
    as_of: date | None
    latency_ms: float
    trace_id: str
    created_at: datetime | None
    """When it was stored; null on a fresh one."""


class FeedbackOut(Form):
    """What one principal says of an answer."""

    rating: Literal["up", "down"]
    comment: str | None
    created_at: datetime


class StoredAnswerOut(AnswerOut):
    """An answer as it was given, with the caller's own feedback."""

    feedback: FeedbackOut | None
