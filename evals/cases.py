"""What one golden case is: a question, what came before it, and what a right answer holds.

A case says nothing about *how* an answer is found. Figures are raw (currency units, fractions),
members are named by label, time buckets as in `knowledge.semantic.spec` ("2013-03", "2013-Q1").
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evals.tool_calls import CallWant
from leadline.errors import InputError, NotFoundError
from leadline.types import Scalar

DATASET_DIR = Path(__file__).parent / "datasets"
DATASETS = ("adventureworks", "crm_pipeline", "channel")
"""The golden sets, in the order in which they run; each belongs to the instance of its name."""

ROWS_KEPT = 60
"""Rows of a long result that a case stores; `row_count` still counts all of them."""

Lang = Literal["zh", "en", "mixed"]
Status = Literal["answered", "clarify", "refused"]
GoldUnit = Literal["money", "ratio", "count", "quantity", "days", "date", "text"]

STRICT = ConfigDict(extra="forbid", frozen=True)


Role = Literal["value", "previous", "change", "rate"]
"""What a figure is to its metric: itself, its base, the difference, the growth rate."""


class GoldScalar(BaseModel):
    """One figure that the evidence must hold and the text must show."""

    model_config = STRICT

    value: float | str | None
    unit: GoldUnit
    role: Role = "value"


class Figures(BaseModel):
    """Figures and members that an answer's citations must hold.

    rows: labels first, then one figure per entry of `row_units` (and `row_roles`, where the figures
        are not all values).
    ordered: the citation's first rows are these, in this order.
    exact_rows: the citation holds these rows and no others.
    row_count: all rows of the result, where `rows` keeps only the first ones.
    """

    model_config = STRICT

    scalars: tuple[GoldScalar, ...] = ()
    rows: tuple[tuple[Scalar, ...], ...] = ()
    row_units: tuple[GoldUnit, ...] = ()
    row_roles: tuple[Role, ...] = ()
    ordered: bool = False
    exact_rows: bool = True
    row_count: int | None = None

    @model_validator(mode="after")
    def _rows_fit(self) -> Figures:
        for row in self.rows:
            if len(row) <= len(self.row_units):
                raise ValueError(f"row {row!r} has no label beside {len(self.row_units)} figures")
        if self.row_roles and len(self.row_roles) != len(self.row_units):
            raise ValueError(f"{len(self.row_roles)} roles for {len(self.row_units)} figures")
        return self

    def role_of(self, figure: int) -> Role:
        """The role of the figure at this place of a row."""
        return self.row_roles[figure] if self.row_roles else "value"

    @property
    def demanded(self) -> bool:
        """Whether anything at all must be found in the citations."""
        return bool(self.scalars or self.rows or self.row_count is not None)


class Expect(Figures):
    """What a right answer is.

    also: other statuses that are as good (a misspelt member may be asked back about).
    alternatives: other figures that answer the question as well ("second best" as one row or two).
    dates: ISO dates that the text must name, in whatever form.
    options: words that the options of a clarification must offer between them.
    further: figures of other citations, which must be there as well.
    calls: tools other than the query that must be cited, told what, with which rows.
    """

    status: Status
    also: tuple[Status, ...] = ()
    alternatives: tuple[Figures, ...] = ()
    dates: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    further: tuple[Figures, ...] = ()
    calls: tuple[CallWant, ...] = ()


class CaseScope(BaseModel):
    """The limits under which a case is asked; None is no limit on this axis."""

    model_config = STRICT

    regions: tuple[str, ...] | None = None
    partners: tuple[str, ...] | None = None


class Case(BaseModel):
    """One line of a golden set.

    pair: id of the paraphrase in the other language.
    snapshot: the published data that the figures are of; None asks the one in force.
    """

    model_config = STRICT

    id: str
    kind: str
    lang: Lang
    question: str
    context: tuple[str, ...] = ()
    pair: str | None = None
    note: str = Field(default="", description="the reading chosen where others are possible")
    snapshot: int | None = None
    scope: CaseScope | None = None
    expect: Expect


def dataset_path(name: str) -> Path:
    """Where the golden set `name` lies.

    Raises:
        NotFoundError: there is no such golden set.
    """
    if name not in DATASETS:
        raise NotFoundError(f"no golden set {name!r}", hint=f"choose one of {', '.join(DATASETS)}")
    return DATASET_DIR / f"{name}.jsonl"


def hash_path(name: str) -> Path:
    """Where the hash of the source files stands from which the figures of `name` were computed."""
    return dataset_path(name).with_suffix(".sha256")


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a JSONL file, in file order.

    Raises:
        InputError: the file is missing, or a line is not a case; names file and line.
    """
    if not path.exists():
        hint = "write it with `python -m evals.gold --write`"
        raise InputError(f"{path} does not exist", hint=hint)
    cases: list[Case] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            cases.append(Case.model_validate(json.loads(line)))
        except (json.JSONDecodeError, ValidationError) as error:
            raise InputError(f"{path}:{number}: not a case: {error}") from error
    return tuple(cases)


def case_line(case: Case) -> str:
    """The case as one line of JSON; fields that say nothing are left out."""
    body = case.model_dump(mode="json", exclude={"expect"})
    for name in ("note", "snapshot", "scope"):
        if not body[name]:
            del body[name]
    body["expect"] = case.expect.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(body, ensure_ascii=False)
