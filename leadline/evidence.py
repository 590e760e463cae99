"""Evidence: immutable results of tools, and the answers that cite them.

A figure reaches a reader only through a `ToolResult`. A citation is a `ToolResult` with an id; it
holds all that is needed to run it again: the tool, its typed arguments, the snapshot and the scope.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from leadline.types import Language, Scalar, Unit

Status = Literal["answered", "clarify", "refused"]
ChartKind = Literal[
    "bar", "line", "grouped_bar", "stacked_bar", "pie", "waterfall", "radar", "band", "heatmap"
]
"""waterfall: x names steps, y[0] their height, added from left to right. radar: x names the
member, y its axes (0–100). band: x a period, y = middle, low,
high (and wider low, high), series the member. heatmap: x columns, series rows, y[0] the
colour."""


class Label:
    """How far an answer can be trusted; shown on every answer."""

    CERTIFIED = "已认证"
    """Semantic-layer figures, deterministic text, every figure verified."""
    DERIVED = "规则推导"
    """Deterministic, but the reading fills in something the question left open."""
    GENERATED = "模型生成"
    """A language model wrote the sentences around verified figures."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a result: machine name, unit, and what it is called in both languages."""

    name: str
    unit: Unit
    label_zh: str
    label_en: str
    currency: str | None = None

    def label(self, language: Language) -> str:
        """The column's heading in `language`."""
        return self.label_zh if language is Language.ZH else self.label_en


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What one tool call returned; never changed afterwards.

    `rows` hold raw figures (currency units, fractions) and members by name; dates as ISO text.
    `row_count` is the number of rows before the row cap; `truncated` says that the cap cut some.
    `arguments` are the tool's typed arguments as JSON data.
    """

    tool: str
    arguments: dict[str, object]
    model_version: str
    snapshot: int
    scope_hash: str
    as_of: date
    columns: tuple[Column, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    row_count: int
    truncated: bool

    @property
    def digest(self) -> str:
        """sha256 over columns and rows: equal digests mean equal results."""
        body = json.dumps(
            {
                "columns": [[c.name, c.unit.value] for c in self.columns],
                "rows": self.rows,
                "row_count": self.row_count,
                "truncated": self.truncated,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        return hashlib.sha256(body.encode()).hexdigest()

    def column_index(self, name: str) -> int:
        """Position of the column called `name`.

        Raises:
            KeyError: there is none.
        """
        for index, column in enumerate(self.columns):
            if column.name == name:
                return index
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered piece of evidence of one answer (`number` counts from 1)."""

    citation_id: str
    number: int
    result: ToolResult


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that the data of one citation can draw; the door chooses how to paint it."""

    kind: ChartKind
    citation: int
    x: str
    y: tuple[str, ...]
    series: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One way to settle an unclear question: what to show, and the question it stands for."""

    label: str
    question: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Where a text holds what a slot filled: `text[start:end]` comes from this cell.

    `row` and `column` are None for what belongs to the whole result (its period, its row count).
    """

    start: int
    end: int
    citation: int
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Planning:
    """Who planned an answer, and what that took.

    `fallback` is a code where the planner that was to go first could not (`timeout`,
    `rate_limited`, …); `fallback_zh`/`fallback_en` say it to a person. `cost` is a decimal in
    `currency`, None where no price is set.
    """

    planner: Literal["rules", "llm"] = "rules"
    fallback: str | None = None
    fallback_zh: str = ""
    fallback_en: str = ""
    model: str | None = None
    prompt_hash: str | None = None
    llm_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal | None = None
    currency: str | None = None
    llm_ms: float = 0.0


BY_RULES = Planning()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader gets. `reading` states how the question was understood."""

    answer_id: str
    question: str
    status: Status
    text: str
    language: Language
    label: str
    reading: str
    citations: tuple[Citation, ...]
    options: tuple[Option, ...]
    followups: tuple[str, ...]
    chart: Chart | None
    snapshot: int | None
    as_of: date | None
    latency_ms: float
    trace_id: str
    figures: tuple[Figure, ...] = ()
    planning: Planning = BY_RULES
