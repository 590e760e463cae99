"""The semantic model: what can be asked, in which words, and how it is computed.

`model.yaml` beside this file is the only source. This module types and checks it; it must not know
SQL, snapshots or planners. Facts are the tables that are counted and summed, dimensions are what
figures are split or filtered by, metrics are formulas over facts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from leadline.errors import InputError
from leadline.types import Language, Unit

MODEL_FILE = Path(__file__).with_name("model.yaml")

STRICT = ConfigDict(extra="forbid", frozen=True)

Additivity = Literal["additive", "semi_additive", "non_additive"]
Direction = Literal["up", "down", "neutral"]
YearOnYear = Literal["same_period", "same_day", "none"]
Function = Literal["sum", "count", "count_distinct", "min", "max"]
Balance = Literal["last_snapshot", "open_interval", "registered"]


class Words(BaseModel):
    """A text in both languages."""

    model_config = STRICT

    zh: str
    en: str

    def get(self, language: Language) -> str:
        """The text in `language`."""
        return self.zh if language is Language.ZH else self.en


class Synonyms(BaseModel):
    """What people call a thing besides its label, per language."""

    model_config = STRICT

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    def get(self, language: Language) -> tuple[str, ...]:
        """The words in `language`."""
        return self.zh if language is Language.ZH else self.en


def _pairs(value: object) -> object:
    """A mapping as pairs, so that a measure can be a key."""
    return tuple(value.items()) if isinstance(value, dict) else value


class Measure(BaseModel):
    """One aggregate over the rows of one fact.

    `sum` adds `column` (less `minus`, times `times`, or the days from `days_since` to it), `count`
    counts rows, `count_distinct` the different values of `column`. Rows count only where every
    column of `known` is there, every column of `where` has one of its values (compared without
    regard to case), and the date in `due_before_as_of` lies before the as-of date.
    """

    model_config = STRICT

    kind: Literal["measure"] = "measure"
    function: Function
    column: str | None = None
    minus: str | None = None
    times: str | None = None
    days_since: str | None = None
    known: tuple[str, ...] = ()
    where: Annotated[tuple[tuple[str, tuple[str, ...]], ...], BeforeValidator(_pairs)] = ()
    due_before_as_of: str | None = None
    fact: str | None = None
    """Another fact than the metric's own (in ratios over two facts)."""
    date: str | None = None
    """Another date than the fact's first."""

    def columns(self) -> Iterator[str]:
        """Every column of the fact that the measure reads, its date apart."""
        single = (self.column, self.minus, self.times, self.days_since, self.due_before_as_of)
        yield from (name for name in single if name is not None)
        yield from self.known
        yield from (column for column, _ in self.where)


class Ratio(BaseModel):
    """Numerator over denominator, each summed first; null where the denominator is zero or null."""

    model_config = STRICT

    kind: Literal["ratio"] = "ratio"
    numerator: Measure
    denominator: Measure


class DaysSince(BaseModel):
    """Days from a measured date to the as-of date."""

    model_config = STRICT

    kind: Literal["days_since"] = "days_since"
    latest: Measure


class TargetOf(BaseModel):
    """The targets of another metric (`amount`), or how far it attains them (`attainment`)."""

    model_config = STRICT

    kind: Literal["target", "attainment"]
    metric: str


Formula: TypeAlias = Annotated[Measure | Ratio | DaysSince | TargetOf, Field(discriminator="kind")]


class Fact(BaseModel):
    """A table that is counted and summed.

    `dates`: its date columns, the default first. `keys`: the dimension tables to which it has a
    `<table>_id` (its own table means its `id`). `via`: dimension tables reached through another,
    e.g. a tender's region through its territory. `columns`: dimensions that are columns of its own.
    """

    model_config = STRICT

    label: Words
    dates: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    via: dict[str, str] = Field(default_factory=dict)
    columns: dict[str, str] = Field(default_factory=dict)

    @property
    def reachable(self) -> frozenset[str]:
        """Dimension tables that a row of the fact can be joined to."""
        return frozenset(self.keys) | frozenset(self.via)


class Metric(BaseModel):
    """A figure that can be asked for."""

    model_config = STRICT

    name: str = ""
    label: Words
    synonyms: Synonyms = Synonyms()
    unit: Unit
    additivity: Additivity
    not_additive_over: tuple[str, ...] = ()
    """Dimensions over which an otherwise additive count cannot be added up (orders by product)."""
    direction: Direction
    definition: Words
    fact: str
    formula: Formula
    balance: Balance | None = None
    """How a figure is taken at a day: stock last counted, pipeline open, partners registered."""
    dimensions: tuple[str, ...] = ()
    """Allowed dimensions; filled with all that the facts can carry where the model names none."""
    yoy: YearOnYear = "same_period"
    """same_period: the same days a year earlier. same_day: the balance of the same day. none: not
    comparable over time."""
    target_measure: str | None = None
    """`measure` under which targets for this metric are stored."""
    owner: str = "channel operations"
    version: int = 1

    @property
    def additive(self) -> bool:
        """Whether parts add up to the whole over every dimension and over time."""
        return self.additivity == "additive"

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The aggregates that the formula reads (none for targets)."""
        formula = self.formula
        if isinstance(formula, Measure):
            return (formula,)
        if isinstance(formula, Ratio):
            return (formula.numerator, formula.denominator)
        if isinstance(formula, DaysSince):
            return (formula.latest,)
        return ()

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the formula reads, the main one first (targets: their metric's too)."""
        names = [self.fact, *(m.fact for m in self.measures if m.fact is not None)]
        return tuple(dict.fromkeys(names))

    @property
    def counts(self) -> bool:
        """Whether the figure is a plain count, which is 0 and never null where nothing is."""
        formula = self.formula
        return isinstance(formula, Measure) and formula.function in ("count", "count_distinct")


class Source(BaseModel):
    """One place where a dimension's value stands: a column of a dimension table."""

    model_config = STRICT

    table: str
    column: str


class Dimension(BaseModel):
    """Something that figures are split or filtered by.

    kind `member`: a table of things with unique labels. `attribute`: a column of such a table, or
    of a fact. `date`: a date role that a time range can name.
    `also`: where the value stands instead, tried in order, for facts that do not reach `table` or
    data that leaves the column empty.
    """

    model_config = STRICT

    name: str = ""
    label: Words
    synonyms: Synonyms = Synonyms()
    kind: Literal["member", "attribute", "date"]
    table: str
    column: str = "label"
    also: tuple[Source, ...] = ()
    definition: Words
    future: bool = False
    """For dates: days after the as-of date are facts too (due and expected dates)."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """All places of the value, the preferred first."""
        return (Source(table=self.table, column=self.column), *self.also)


class _Document(BaseModel):
    model_config = STRICT

    facts: dict[str, Fact]
    metrics: dict[str, Metric]
    dimensions: dict[str, Dimension]
    ambiguous: dict[Language, dict[str, tuple[str, ...]]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SemanticModel:
    """The checked model. `version` is a short hash of the file: equal text, equal version.

    `ambiguous` maps a language and a word to the metrics or dimensions that it may mean, the most
    usual first.
    """

    metrics: dict[str, Metric]
    dimensions: dict[str, Dimension]
    facts: dict[str, Fact]
    ambiguous: dict[Language, dict[str, tuple[str, ...]]]
    version: str

    def carries(self, fact: str, dimension: str) -> bool:
        """Whether the model lets `fact` be split by `dimension` (the data may still lack it)."""
        found = self.dimensions[dimension]
        table = self.facts[fact]
        if found.kind == "date":
            return False
        return dimension in table.columns or any(
            source.table in table.reachable for source in found.sources
        )


def check_names(metrics: dict[str, Metric], dimensions: dict[str, Dimension]) -> None:
    """No name stands for a metric and a dimension.

    Raises:
        InputError: one does.
    """
    both = sorted(set(metrics) & set(dimensions))
    if both:
        raise InputError(f"{MODEL_FILE.name}: {both} are both metrics and dimensions")


def check_words(
    metrics: dict[str, Metric],
    dimensions: dict[str, Dimension],
    ambiguous: dict[Language, dict[str, tuple[str, ...]]],
) -> None:
    """Within a language a word means one thing, unless `ambiguous` lists all that it means.

    Raises:
        InputError: names every word that means two things, or an ambiguity that names nothing.
    """
    named: list[Metric | Dimension] = [*metrics.values(), *dimensions.values()]
    known = {item.name for item in named}
    wrong: list[str] = []
    for language in Language:
        declared = {word.casefold(): set(to) for word, to in ambiguous.get(language, {}).items()}
        meanings: dict[str, set[str]] = {}
        for item in named:
            for word in (item.label.get(language), *item.synonyms.get(language)):
                meanings.setdefault(word.casefold(), set()).add(item.name)
        wrong += [
            f"{language} {word!r} means {sorted(names)}"
            for word, names in meanings.items()
            if len(names | declared.get(word, set())) > 1 and not names <= declared.get(word, set())
        ]
        wrong += [
            f"{language} {word!r} is ambiguous between unknown {sorted(names - known)}"
            for word, names in declared.items()
            if not names <= known or len(names) < 2
        ]
    if wrong:
        raise InputError(
            f"{MODEL_FILE.name}: {'; '.join(wrong)}",
            hint="give each word one meaning, or list all of them under `ambiguous`",
        )


def check_columns(document: _Document) -> None:
    """Every table and column that the model names exists in the warehouse or its enrichment.

    Raises:
        InputError: names what is missing and where.
    """
    from knowledge.semantic.tables import snapshot_columns

    wrong: list[str] = []

    def need(where: str, table: str, columns: tuple[str, ...]) -> None:
        known = snapshot_columns(table)
        wrong.extend(f"{where}: {table}.{c}" for c in columns if c not in known)

    for name, fact in document.facts.items():
        keys = tuple(f"{key}_id" for key in fact.keys if key != name)
        need(f"fact {name}", name, (*fact.dates, *keys, *fact.columns.values()))
        for table, through in fact.via.items():
            need(f"fact {name}", through, (f"{table}_id",))
        unknown = sorted(set(fact.columns) - set(document.dimensions))
        wrong.extend(f"fact {name}: dimension {dimension}" for dimension in unknown)
    for name, dimension in document.dimensions.items():
        for source in dimension.sources:
            need(f"dimension {name}", source.table, (source.column,))
    for name, metric in document.metrics.items():
        for measure in metric.measures:
            table = measure.fact or metric.fact
            dates = () if measure.date is None else (measure.date,)
            need(f"metric {name}", table, (*measure.columns(), *dates))
            if measure.date is not None and measure.date not in document.facts[table].dates:
                wrong.append(f"metric {name}: {measure.date} is no date of fact {table}")
        if isinstance(metric.formula, TargetOf) and metric.formula.metric not in document.metrics:
            wrong.append(f"metric {name}: metric {metric.formula.metric}")
    if wrong:
        raise InputError(f"{MODEL_FILE.name} names what does not exist: {'; '.join(wrong)}")


def _with_dimensions(metric: Metric, model: SemanticModel) -> Metric:
    facts = metric.facts
    if isinstance(metric.formula, TargetOf):
        facts = (*facts, *model.metrics[metric.formula.metric].facts)
    carried = tuple(
        name for name in model.dimensions if all(model.carries(fact, name) for fact in facts)
    )
    if metric.dimensions:
        carried = tuple(name for name in carried if name in metric.dimensions)
    return metric.model_copy(update={"dimensions": carried})


def parse_model(text: str) -> SemanticModel:
    """Type and check a model document.

    Raises:
        InputError: the document is not valid; the message names the entry.
    """
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    raw: Any = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader either way
    for section in ("metrics", "dimensions"):
        for name, entry in raw.get(section, {}).items():
            entry["name"] = name
    try:
        document = _Document.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{MODEL_FILE.name}: {where}: {first['msg']}") from error
    check_names(document.metrics, document.dimensions)
    check_words(document.metrics, document.dimensions, document.ambiguous)
    check_columns(document)
    version = hashlib.sha256(text.encode()).hexdigest()[:12]
    model = SemanticModel(
        document.metrics, document.dimensions, document.facts, document.ambiguous, version
    )
    metrics = {name: _with_dimensions(metric, model) for name, metric in model.metrics.items()}
    return SemanticModel(metrics, model.dimensions, model.facts, model.ambiguous, version)


@lru_cache(maxsize=1)
def load_model() -> SemanticModel:
    """The model of `model.yaml`, read once per process.

    Raises:
        InputError: the file is not valid.
    """
    return parse_model(MODEL_FILE.read_text(encoding="utf-8"))
