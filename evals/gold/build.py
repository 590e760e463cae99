"""Turns the question files into golden cases: each question names the gold function it is about.

`questions/<dataset>/*.yaml` are lists of entries. An entry holds one question in one or several
wordings (`zh`, `en`, `mixed`; a text or a list), its `kind`, and under `gold` the function (`call`)
and arguments that compute what a right answer holds; `start`, `end` and `where` pick the source
rows. The first zh and the first en wording are a pair.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.cases import Case, Expect, Figures, Lang, Status
from evals.gold import growth, levels, members, operators
from evals.gold.book import Book
from evals.gold.slices import Pick
from evals.gold.tools import call_want
from leadline.errors import InputError

QUESTION_DIR = Path(__file__).parent / "questions"

SHAPES: dict[str, Callable[..., Figures]] = {
    "scalar": operators.scalar,
    "table": operators.table,
    "top_per": operators.top_per,
    "share": operators.share,
    "change": growth.change,
    "steps": growth.steps,
    "count_groups": operators.count_groups,
    "average_over": operators.average_over,
    "difference": operators.difference,
    "nth": operators.nth,
    "sum_of": operators.sum_of,
    "top_total": operators.top_total,
    "frozen_top": operators.frozen_top,
    "without": members.without,
    "dormant": members.dormant,
    "debut": members.debut,
    "order_day": members.order_day,
    "bought_not": members.bought_not,
    "lapsed": members.lapsed,
    "buying_part": members.buying_part,
    "attainment": levels.attainment,
    "stock": levels.stock,
}
"""The gold functions by the name that question files use."""

PREFIX = {"adventureworks": "aw", "crm_pipeline": "crm", "channel": "ch"}
LANGS: tuple[Lang, ...] = ("zh", "en", "mixed")

Wording = str | tuple[str, ...]


class GoldCall(BaseModel):
    """A gold function by name, the rows that it is about, and its other arguments."""

    model_config = ConfigDict(extra="allow", frozen=True)

    call: str = "table"
    start: date | None = None
    end: date | None = None
    where: str | None = None


class Entry(BaseModel):
    """One question in its wordings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: str
    zh: Wording = ()
    en: Wording = ()
    mixed: Wording = ()
    context: Mapping[Literal["zh", "en", "mixed"], tuple[str, ...]] = Field(default_factory=dict)
    status: Status = "answered"
    also: tuple[Status, ...] = ()
    gold: GoldCall | None = None
    alternatives: tuple[GoldCall, ...] = ()
    tools: tuple[Mapping[str, Any], ...] = ()
    dates: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    note: str = ""

    def wordings(self, lang: Lang) -> tuple[str, ...]:
        """The wordings in one language."""
        told: Wording = {"zh": self.zh, "en": self.en, "mixed": self.mixed}[lang]
        return (told,) if isinstance(told, str) else told


def read_entries(dataset: str) -> tuple[Entry, ...]:
    """All entries of a data set's question files, files in name order.

    Raises:
        InputError: a file is not YAML, an entry is malformed or an id stands twice; names the file.
    """
    entries: list[Entry] = []
    seen: set[str] = set()
    for path in sorted((QUESTION_DIR / dataset).glob("*.yaml")):
        try:
            document = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        except yaml.YAMLError as error:
            raise InputError(f"{path} is not valid YAML: {error}") from error
        for raw in document:
            try:
                entry = Entry.model_validate(raw)
            except ValidationError as error:
                raise InputError(f"{path}: entry {raw.get('id')!r}: {error}") from error
            if entry.id in seen:
                raise InputError(f"{path}: entry {entry.id!r} stands twice")
            seen.add(entry.id)
            entries.append(entry)
    return tuple(entries)


def build_cases(dataset: str, book: Book) -> tuple[Case, ...]:
    """All cases of a data set with figures freshly computed from its source frames."""
    return tuple(
        case for entry in read_entries(dataset) for case in _cases_of(entry, PREFIX[dataset], book)
    )


def _cases_of(entry: Entry, prefix: str, book: Book) -> Iterator[Case]:
    expect = _expectation(entry, book)
    paired = bool(entry.wordings("zh") and entry.wordings("en"))
    partner: dict[Lang, Lang] = {"zh": "en", "en": "zh"}
    for lang in LANGS:
        for number, question in enumerate(entry.wordings(lang), start=1):
            first = number == 1
            stem = f"{prefix}-{entry.id}-"
            yield Case(
                id=stem + lang + ("" if first else str(number)),
                kind=entry.kind,
                lang=lang,
                question=question,
                context=entry.context.get(lang, ()),
                pair=stem + partner[lang] if paired and first and lang in partner else None,
                note=entry.note,
                expect=expect,
            )


def _expectation(entry: Entry, book: Book) -> Expect:
    figures = compute(entry.gold, book) if entry.gold else Figures()
    return Expect(
        **figures.model_dump(),
        status=entry.status,
        also=entry.also,
        alternatives=tuple(compute(call, book) for call in entry.alternatives),
        calls=tuple(call_want(said, book) for said in entry.tools),
        dates=entry.dates,
        options=entry.options,
    )


def compute(call: GoldCall, book: Book) -> Figures:
    """Runs one gold function.

    Raises:
        InputError: there is no such function, or it takes other arguments.
    """
    function = SHAPES.get(call.call)
    if function is None:
        known = ", ".join(sorted(SHAPES))
        raise InputError(f"no gold function {call.call!r}", hint=f"known: {known}")
    arguments: dict[str, Any] = dict(call.model_extra or {})
    pick = Pick(call.start, call.end, call.where)
    try:
        inspect.signature(function).bind(book, pick, **arguments)
    except TypeError as error:
        raise InputError(f"gold function {call.call}: {error} in {arguments}") from error
    return function(book, pick, **arguments)
