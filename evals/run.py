"""Puts the questions of a golden set to anything that answers, and judges each answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from evals.cases import Case
from evals.scorers import Ruling, judge

Ask: TypeAlias = Callable[[str, tuple[str, ...]], Mapping[str, Any]]
"""question, earlier questions → the JSON contract of `leadline ask --json`."""


@dataclass(frozen=True, slots=True)
class Result:
    """One case with its answer (None where asking failed) and the ruling on it."""

    dataset: str
    case: Case
    ruling: Ruling
    answer: Mapping[str, Any] | None
    latency_ms: float

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.ruling.verdict == "right"


def run_cases(
    dataset: str,
    cases: Iterable[Case],
    ask: Ask,
    on_done: Callable[[Result], None] | None = None,
) -> tuple[Result, ...]:
    """Asks every case in turn; `on_done` hears of each result (for a progress bar).

    A question on which `ask` fails gets the verdict `error` with the failure as its reason; the run
    goes on. `latency_ms` is the answer's own where it says so, else the measured time.
    """
    results = []
    for case in cases:
        result = _one(dataset, case, ask)
        results.append(result)
        if on_done is not None:
            on_done(result)
    return tuple(results)


def _one(dataset: str, case: Case, ask: Ask) -> Result:
    started = time.perf_counter()
    try:
        answer = ask(case.question, case.context)
        ruling = judge(case, answer)
    except Exception as error:  # noqa: BLE001 - the failure is the result of this case
        spent = (time.perf_counter() - started) * 1000
        failed = Ruling("error", f"{type(error).__name__}: {error}")
        return Result(dataset, case, failed, None, spent)
    spent = (time.perf_counter() - started) * 1000
    return Result(dataset, case, ruling, answer, float(answer.get("latency_ms") or spent))
