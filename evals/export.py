"""Cases in the form of other tools; the figures go along, the scorers stay here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Literal, get_args

from evals.cases import Case, Figures, case_line
from leadline.errors import InputError

ExportFormat = Literal["jsonl", "inspect"]
"""`jsonl` as the golden sets are; `inspect` samples of inspect_ai's `json_dataset`."""


def exported(dataset: str, cases: Iterable[Case], form: str) -> Iterator[str]:
    """One line of JSON per case.

    Raises:
        InputError: there is no such form.
    """
    if form not in get_args(ExportFormat):
        known = ", ".join(get_args(ExportFormat))
        raise InputError(f"no export format {form!r}", hint=f"choose one of {known}")
    for case in cases:
        if form == "jsonl":
            yield case_line(case)
        else:
            yield json.dumps(_sample(dataset, case), ensure_ascii=False)


def _sample(dataset: str, case: Case) -> dict[str, Any]:
    """An Inspect sample: earlier questions are turns of the user, the target is for a person."""
    turns = [{"role": "user", "content": question} for question in (*case.context, case.question)]
    body: dict[str, Any] = json.loads(case_line(case))
    kept = ("kind", "lang", "pair", "note", "snapshot", "scope", "expect")
    return {
        "id": case.id,
        "input": turns if case.context else case.question,
        "target": _target(case),
        "metadata": {"dataset": dataset, **{key: body[key] for key in kept if key in body}},
    }


def _target(case: Case) -> str:
    expect = case.expect
    if expect.status != "answered":
        return " / ".join((expect.status, *expect.options))
    parts = [_in_words(part) for part in (expect, *expect.further)]
    return "; ".join([part for part in parts if part] + list(expect.dates)) or "answered"


def _in_words(figures: Figures) -> str:
    scalars = [f"{scalar.value} ({scalar.unit})" for scalar in figures.scalars]
    rows = [" ".join(str(cell) for cell in row) for row in figures.rows]
    return "; ".join(scalars + rows)
