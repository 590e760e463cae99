"""Puts the questions of a golden set to anything that answers, and judges each answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from evals.cases import Case
from evals.scorers import Ruling, evidence_digest, judge
from leadline.evidence import BY_RULES, Planning

Ask: TypeAlias = Callable[[Case], Mapping[str, Any]]
"""case → the JSON contract of `leadline ask --json`."""


@dataclass(frozen=True, slots=True)
class Result:
    """One case with its answer (None where asking failed) and the ruling on it.

    `attempt` counts from 1 where a run asks each case several times.
    """

    dataset: str
    case: Case
    ruling: Ruling
    answer: Mapping[str, Any] | None
    latency_ms: float
    attempt: int = 1

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.ruling.verdict == "right"

    @property
    def status(self) -> str | None:
        """The answer's status; None where asking failed."""
        return None if self.answer is None else str(self.answer["status"])

    @property
    def digest(self) -> str | None:
        """Over status and evidence: equal where two answers agree; None where asking failed."""
        return None if self.answer is None else evidence_digest(self.answer)

    @property
    def planning(self) -> Planning | None:
        """Who planned the answer and what that took; None where asking failed."""
        if self.answer is None:
            return None
        told = self.answer.get("planning")
        if told is None:
            return BY_RULES
        cost = told["cost"]
        return Planning(
            planner=told["planner"],
            fallback=told["fallback"],
            model=told["model"],
            prompt_hash=told["prompt_hash"],
            llm_calls=told["llm_calls"],
            input_tokens=told["input_tokens"],
            output_tokens=told["output_tokens"],
            cost=None if cost is None else Decimal(cost),
            currency=told["currency"],
            llm_ms=told["llm_ms"],
        )


def run_cases(
    dataset: str,
    cases: Iterable[Case],
    ask: Ask,
    on_done: Callable[[Result], None] | None = None,
    *,
    attempt: int = 1,
    workers: int = 1,
) -> tuple[Result, ...]:
    """Asks every case; `on_done` hears of each result as it comes, in the caller's thread.

    A question on which `ask` fails gets the verdict `error` with the failure as its reason; the run
    goes on. `latency_ms` is the answer's own where it says so, else the measured time. With several
    workers, so many cases are asked at once. The results are in the order of the cases.
    """
    found: dict[Future[Result], Result] = {}
    with ThreadPoolExecutor(workers) as pool:
        asked = [pool.submit(_one, dataset, case, ask, attempt) for case in cases]
        try:
            for done in as_completed(asked):
                found[done] = done.result()
                if on_done is not None:
                    on_done(found[done])
        except BaseException:  # whoever interrupts does not wait for what is still to be asked
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return tuple(found[future] for future in asked)


def _one(dataset: str, case: Case, ask: Ask, attempt: int) -> Result:
    started = time.perf_counter()
    try:
        answer = ask(case)
        ruling = judge(case, answer)
    except Exception as error:  # noqa: BLE001 - the failure is the result of this case
        spent = (time.perf_counter() - started) * 1000
        failed = Ruling("error", f"{type(error).__name__}: {error}")
        return Result(dataset, case, failed, None, spent, attempt)
    spent = (time.perf_counter() - started) * 1000
    return Result(dataset, case, ruling, answer, float(answer.get("latency_ms") or spent), attempt)
