"""What a run of the golden sets comes to: counts by kind and language, rates, gates."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.cases import Status
from evals.run import Result
from evals.scorers import VERDICTS, agreement

if TYPE_CHECKING:
    from rich.table import Table

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
class Summary:
    """One run. Shares are fractions, None where they have no base; latencies in milliseconds.

    Paraphrases agree where both give the wanted figures, and are identical where they cite the same
    rows. `unasked` counts right answers that also cite metrics nobody asked for.
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

    @property
    def passed(self) -> bool:
        """Whether the run meets both gates (a run without cases does not)."""
        return (
            self.right_share is not None
            and self.right_share >= LEAST_RIGHT
            and self.verdicts["silently_wrong"] <= MOST_SILENTLY_WRONG
        )


def summarise(results: Sequence[Result]) -> Summary:
    """Counts and rates of a run."""
    pairs = _pairs(results)
    apart = [(a.case.id, b.case.id) for a, b in pairs if not _agree(a, b)]
    followups = [r for r in results if r.case.context]
    right = sum(r.right for r in results)
    spent = sorted(r.latency_ms for r in results)
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
        latency_p50_ms=statistics.median(spent) if spent else None,
        latency_p95_ms=spent[max(0, -(-len(spent) * 95 // 100) - 1)] if spent else None,
        by_kind=_tallies(results, lambda r: r.case.kind),
        by_language=_tallies(results, lambda r: r.case.lang),
        by_dataset=_tallies(results, lambda r: r.dataset),
        unasked=sum(bool(r.ruling.unasked) for r in results),
        disagreeing_pairs=tuple(apart),
    )


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
    by_id = {result.case.id: result for result in results}
    return [
        (result, by_id[result.case.pair])
        for result in results
        if result.case.lang == "zh" and result.case.pair in by_id
    ]


def _agree(first: Result, second: Result) -> bool:
    """Both give the wanted figures in the same status, or else cite the same rows."""
    if first.answer is None or second.answer is None:
        return False
    if first.right and second.right:
        return bool(first.answer["status"] == second.answer["status"])
    return agreement(first.answer, second.answer)


def _identical(first: Result, second: Result) -> bool:
    if first.answer is None or second.answer is None:
        return False
    return agreement(first.answer, second.answer)


def _rates(results: Sequence[Result], status: Status) -> Rates:
    """A case that also accepts the status counts towards precision, not towards recall."""
    given = [r for r in results if r.answer is not None and r.answer.get("status") == status]
    wanted = [r for r in results if r.case.expect.status == status]
    fitting = sum(status in (r.case.expect.status, *r.case.expect.also) for r in given)
    met = sum(r.right for r in wanted)
    return Rates(_share(fitting, len(given)), _share(met, len(wanted)))


def as_json(
    results: Sequence[Result], facts: Mapping[str, Any], made_at: datetime
) -> dict[str, Any]:
    """The whole run as JSON data; `facts` hold snapshot and as-of date per data set."""
    summary = summarise(results)
    return {
        "made_at": made_at.isoformat(),
        "passed": summary.passed,
        "gates": {"right_share": LEAST_RIGHT, "silently_wrong": MOST_SILENTLY_WRONG},
        "instances": dict(facts),
        "summary": asdict(summary),
        "cases": [_case_json(result) for result in results],
    }


def _case_json(result: Result) -> dict[str, Any]:
    answer = result.answer or {}
    return {
        "id": result.case.id,
        "dataset": result.dataset,
        "kind": result.case.kind,
        "lang": result.case.lang,
        "context": list(result.case.context),
        "question": result.case.question,
        "verdict": result.ruling.verdict,
        "reason": result.ruling.reason,
        "unasked": list(result.ruling.unasked),
        "status": answer.get("status"),
        "reading": answer.get("reading"),
        "answer_id": answer.get("answer_id"),
        "latency_ms": round(result.latency_ms, 3),
    }


def store(report: Mapping[str, Any], folder: Path) -> Path:
    """Writes the report into `folder` under the time at which it was made; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.fromisoformat(report["made_at"]).strftime("%Y%m%dT%H%M%S%f")
    path = folder / f"report-{stamp}.json"
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def table(title: str, tallies: Sequence[Tally]) -> Table:
    """Counts per group for the terminal."""
    from rich.table import Table

    grid = Table(title=title, title_justify="left")
    grid.add_column("group")
    for heading in ("cases", "right", "right %", *VERDICTS[1:]):
        grid.add_column(heading.replace("_", " "), justify="right")
    for tally in tallies:
        share = "–" if tally.right_share is None else f"{tally.right_share:.1%}"
        rest = (str(tally.verdicts[verdict] or "·") for verdict in VERDICTS[1:])
        grid.add_row(tally.group, str(tally.cases), str(tally.right), share, *rest)
    return grid


def lines(summary: Summary) -> tuple[str, ...]:
    """The run in a few plain lines."""
    verdict = "PASS" if summary.passed else "FAIL"
    silent, refusal, asking = (
        summary.verdicts["silently_wrong"],
        summary.refusal,
        summary.clarification,
    )
    return (
        (
            f"{verdict}: {summary.right} of {summary.cases} right "
            f"({_percent(summary.right_share)}, gate {LEAST_RIGHT:.0%}); "
            f"{silent} silently wrong (gate {MOST_SILENTLY_WRONG})"
        ),
        (
            f"zh/en pairs that agree: {_percent(summary.pairs_agreeing)} of {summary.pairs} "
            f"(citing the very same rows: {_percent(summary.pairs_identical)}); "
            f"follow-ups right: {_percent(summary.followup_accuracy)} of {summary.followups}; "
            f"right with metrics nobody asked for: {summary.unasked}"
        ),
        (
            f"refusals: precision {_percent(refusal.precision)}, "
            f"recall {_percent(refusal.recall)}; "
            f"clarifications: precision {_percent(asking.precision)}, "
            f"recall {_percent(asking.recall)}"
        ),
        f"latency p50 {_ms(summary.latency_p50_ms)}, p95 {_ms(summary.latency_p95_ms)}",
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} ms"
