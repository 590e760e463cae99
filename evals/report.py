"""What a run of the golden sets comes to: counts by kind and language, rates, gates."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evals.cases import Status
from evals.citing import Citing, citing
from evals.run import Result
from evals.scorers import VERDICTS

LEAST_RIGHT = 0.95
"""Share of right answers below which a run fails."""
MOST_SILENTLY_WRONG = 0
"""Silently wrong answers above which a run fails."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one group of cases."""

    group: str
    cases: int
    right: int
    verdicts: dict[str, int]

    @property
    def right_share(self) -> float | None:
        """Right answers over cases; None without cases."""
        return self.right / self.cases if self.cases else None


@dataclass(frozen=True, slots=True)
class Rates:
    """How a status was used: of the answers that have it, how many should; and the reverse.

    None where nothing was given (precision) or wanted (recall).
    """

    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class PlanningTotals:
    """Who planned the answers of a run, and what that took; `cost` as decimal text.

    `fallbacks` count why a planner that was to go first could not, by code.
    """

    planners: dict[str, int]
    fallbacks: dict[str, int]
    llm_calls: int
    input_tokens: int
    output_tokens: int
    cost: str | None
    currency: str | None
    llm_p50_ms: float | None
    prompt_hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """One run. Shares are fractions, None where they have no base; latencies in milliseconds.

    Paraphrases agree where both give the wanted figures, and are identical where they cite the same
    rows. `unasked` counts right answers that also cite metrics nobody asked for. With several
    attempts at each case, `cases` counts all of them; `pass_all` is the share of cases that are
    right each time (pass^k), `steady` that of cases with the same evidence each time.
    `citation_recall` is the share of the texts' figures that a citation filled,
    `citation_precision` that of cited ranges that show what their cell holds.
    """

    cases: int
    right: int
    right_share: float | None
    verdicts: dict[str, int]
    pairs: int
    pairs_agreeing: float | None
    pairs_identical: float | None
    followups: int
    followup_accuracy: float | None
    refusal: Rates
    clarification: Rates
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    by_kind: tuple[Tally, ...]
    by_language: tuple[Tally, ...]
    by_dataset: tuple[Tally, ...]
    unasked: int
    disagreeing_pairs: tuple[tuple[str, str], ...]
    planning: PlanningTotals
    attempts: int
    pass_all: float | None
    steady: float | None
    citation_recall: float | None
    citation_precision: float | None

    @property
    def passed(self) -> bool:
        """Whether the run meets both gates (a run without cases does not)."""
        return (
            self.right_share is not None
            and self.right_share >= LEAST_RIGHT
            and self.verdicts["silently_wrong"] <= MOST_SILENTLY_WRONG
        )


def summarise(results: Sequence[Result]) -> Summary:
    """Counts and rates of a run, over all attempts."""
    pairs = _pairs(results)
    apart = [(a.case.id, b.case.id) for a, b in pairs if not _agree(a, b)]
    followups = [r for r in results if r.case.context]
    right = sum(r.right for r in results)
    spent = [r.latency_ms for r in results]
    tries = _tries(results)
    answered = [(r.case, r.answer) for r in results if r.answer and r.status == "answered"]
    cited = sum((citing(case, answer) for case, answer in answered), Citing())
    return Summary(
        cases=len(results),
        right=right,
        right_share=_share(right, len(results)),
        verdicts=_verdicts(results),
        pairs=len(pairs),
        pairs_agreeing=_share(len(pairs) - len(apart), len(pairs)),
        pairs_identical=_share(sum(_identical(a, b) for a, b in pairs), len(pairs)),
        followups=len(followups),
        followup_accuracy=_share(sum(r.right for r in followups), len(followups)),
        refusal=_rates(results, "refused"),
        clarification=_rates(results, "clarify"),
        latency_p50_ms=percentile(spent, 50),
        latency_p95_ms=percentile(spent, 95),
        by_kind=_tallies(results, lambda r: r.case.kind),
        by_language=_tallies(results, lambda r: r.case.lang),
        by_dataset=_tallies(results, lambda r: r.dataset),
        unasked=sum(bool(r.ruling.unasked) for r in results),
        disagreeing_pairs=tuple(apart),
        planning=planning_totals(results),
        attempts=max((r.attempt for r in results), default=0),
        pass_all=_share(sum(all(r.right for r in g) for g in tries), len(tries)),
        steady=_share(sum(len({r.digest for r in g}) == 1 for g in tries), len(tries)),
        citation_recall=cited.recall,
        citation_precision=cited.precision,
    )


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The median for 50, else the nearest rank; None without values."""
    if not values:
        return None
    if percent == 50:
        return statistics.median(values)
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def planning_totals(results: Sequence[Result]) -> PlanningTotals:
    """Who planned the answers, and what that took."""
    planned = [r.planning for r in results if r.planning is not None]
    costs = [p.cost for p in planned if p.cost is not None]
    spent = [p.llm_ms for p in planned if p.llm_calls]
    return PlanningTotals(
        planners=dict(Counter(p.planner for p in planned)),
        fallbacks=dict(Counter(p.fallback for p in planned if p.fallback)),
        llm_calls=sum(p.llm_calls for p in planned),
        input_tokens=sum(p.input_tokens for p in planned),
        output_tokens=sum(p.output_tokens for p in planned),
        cost=str(sum(costs, Decimal(0))) if costs else None,
        currency=next((p.currency for p in planned if p.cost is not None), None),
        llm_p50_ms=percentile(spent, 50),
        prompt_hashes=tuple(sorted({p.prompt_hash for p in planned if p.prompt_hash})),
    )


def _tries(results: Iterable[Result]) -> list[list[Result]]:
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.dataset, result.case.id), []).append(result)
    return list(groups.values())


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _verdicts(results: Iterable[Result]) -> dict[str, int]:
    counts = Counter(r.ruling.verdict for r in results)
    return {verdict: counts[verdict] for verdict in VERDICTS}


def _tallies(results: Sequence[Result], key: Callable[[Result], str]) -> tuple[Tally, ...]:
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(key(result), []).append(result)
    return tuple(
        Tally(name, len(group), sum(r.right for r in group), _verdicts(group))
        for name, group in groups.items()
    )


def _pairs(results: Sequence[Result]) -> list[tuple[Result, Result]]:
    by_id = {(r.dataset, r.case.id, r.attempt): r for r in results}
    found = (
        (r, by_id.get((r.dataset, r.case.pair or "", r.attempt)))
        for r in results
        if r.case.lang == "zh"
    )
    return [(first, second) for first, second in found if second is not None]


def _agree(first: Result, second: Result) -> bool:
    """Both give the wanted figures in the same status, or else cite the same rows."""
    if first.right and second.right:
        return first.status == second.status
    return _identical(first, second)


def _identical(first: Result, second: Result) -> bool:
    return first.digest is not None and first.digest == second.digest


def _rates(results: Sequence[Result], status: Status) -> Rates:
    """A case that also accepts the status counts towards precision, not towards recall."""
    given = [r for r in results if r.answer is not None and r.answer.get("status") == status]
    wanted = [r for r in results if r.case.expect.status == status]
    fitting = sum(status in (r.case.expect.status, *r.case.expect.also) for r in given)
    met = sum(r.right for r in wanted)
    return Rates(_share(fitting, len(given)), _share(met, len(wanted)))
