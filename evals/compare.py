"""Two runs side by side: what one got right and the other did not, and whether chance explains it.

Only cases that both asked are compared. With several attempts at a case, it counts as right where
every attempt was; texts and figures are those of the first.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from evals.report import percentile
from evals.run import Result
from evals.scorers import Table, Verdict, tables_of
from leadline.errors import InputError
from leadline.types import Scalar

Key = tuple[str, str]
"""Data set and id of a case."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Right cases of one group in either run."""

    group: str
    cases: int
    right_a: int
    right_b: int


@dataclass(frozen=True, slots=True)
class Side:
    """One run of the two, over the compared cases; latencies in milliseconds.

    `cost` is in `currency`; None where no price was set.
    """

    right: int
    silently_wrong: int
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    tokens: int
    cost: Decimal | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that one run got right and the other did not."""

    dataset: str
    case_id: str
    context: tuple[str, ...]
    question: str
    verdict_a: Verdict
    verdict_b: Verdict
    reason_a: str
    reason_b: str
    text_a: str
    text_b: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that both answered, with figures that contradict each other."""

    dataset: str
    case_id: str
    context: tuple[str, ...]
    question: str
    what: str
    text_a: str
    text_b: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two runs have in common and where they part.

    only_a, only_b: cases that one run alone asked.
    changed: ids of compared cases that expect something else now than then.
    p_value: McNemar's exact test, two-sided: how likely so uneven flips are by chance.
    latency_ratio: median of b over that of a; cost_ratio: b over a, None without two costs in one
        currency.
    """

    cases: int
    only_a: int
    only_b: int
    changed: tuple[str, ...]
    a: Side
    b: Side
    by_kind: tuple[Rate, ...]
    by_language: tuple[Rate, ...]
    by_dataset: tuple[Rate, ...]
    regressed: tuple[Flip, ...]
    mended: tuple[Flip, ...]
    both_answered: int
    differing: tuple[Difference, ...]
    p_value: float
    latency_ratio: float | None
    cost_ratio: float | None


def compare(first: Sequence[Result], second: Sequence[Result]) -> Comparison:
    """Compare run b (`second`) with run a (`first`).

    Raises:
        InputError: they have no case in common.
    """
    tries_a, tries_b = _tries(first), _tries(second)
    common = [key for key in tries_a if key in tries_b]
    if not common:
        raise InputError(
            f"the runs have no case in common ({len(tries_a)} and {len(tries_b)} cases)",
            hint="run the same data sets with both planners",
        )
    pairs = [(tries_a[key], tries_b[key]) for key in common]
    flips = [_flip(a, b) for a, b in pairs if _right(a) != _right(b)]
    regressed = tuple(flip for flip in flips if flip.verdict_a == "right")
    mended = tuple(flip for flip in flips if flip.verdict_a != "right")
    both = [(a[0], b[0]) for a, b in pairs if a[0].status == b[0].status == "answered"]
    a, b = _side([p[0] for p in pairs]), _side([p[1] for p in pairs])
    return Comparison(
        cases=len(common),
        only_a=len(tries_a) - len(common),
        only_b=len(tries_b) - len(common),
        changed=tuple(a[0].case.id for a, b in pairs if a[0].case.expect != b[0].case.expect),
        a=a,
        b=b,
        by_kind=_rates(pairs, lambda r: r.case.kind),
        by_language=_rates(pairs, lambda r: r.case.lang),
        by_dataset=_rates(pairs, lambda r: r.dataset),
        regressed=regressed,
        mended=mended,
        both_answered=len(both),
        differing=tuple(d for d in (_difference(x, y) for x, y in both) if d is not None),
        p_value=mcnemar(len(regressed), len(mended)),
        latency_ratio=_ratio(a.latency_p50_ms, b.latency_p50_ms),
        cost_ratio=_ratio(a.cost, b.cost) if a.currency == b.currency else None,
    )


def mcnemar(lost: int, won: int) -> float:
    """Exact two-sided p of `lost` against `won` flips, each as likely by chance; 1 without any."""
    flips = lost + won
    tail = sum(math.comb(flips, k) for k in range(min(lost, won) + 1))
    return float(min(Fraction(1), 2 * Fraction(tail, 2**flips)))


def _tries(results: Iterable[Result]) -> dict[Key, list[Result]]:
    found: dict[Key, list[Result]] = {}
    for result in sorted(results, key=lambda r: r.attempt):
        found.setdefault((result.dataset, result.case.id), []).append(result)
    return found


def _right(tries: Sequence[Result]) -> bool:
    return all(result.right for result in tries)


def _telling(tries: Sequence[Result]) -> Result:
    """The attempt that decides: the first that is not right, else the first."""
    return next((result for result in tries if not result.right), tries[0])


def _flip(tries_a: Sequence[Result], tries_b: Sequence[Result]) -> Flip:
    a, b = _telling(tries_a), _telling(tries_b)
    return Flip(
        dataset=a.dataset,
        case_id=a.case.id,
        context=b.case.context,
        question=b.case.question,
        verdict_a=a.ruling.verdict,
        verdict_b=b.ruling.verdict,
        reason_a=a.ruling.reason,
        reason_b=b.ruling.reason,
        text_a=_text(a),
        text_b=_text(b),
    )


def _text(result: Result) -> str:
    return "" if result.answer is None else str(result.answer.get("text", ""))


def _side(groups: Sequence[Sequence[Result]]) -> Side:
    results = [result for tries in groups for result in tries]
    planned = [r.planning for r in results if r.planning is not None]
    costs = [p.cost for p in planned if p.cost is not None]
    spent = [r.latency_ms for r in results]
    return Side(
        right=sum(_right(tries) for tries in groups),
        silently_wrong=sum(
            any(r.ruling.verdict == "silently_wrong" for r in tries) for tries in groups
        ),
        latency_p50_ms=percentile(spent, 50),
        latency_p95_ms=percentile(spent, 95),
        tokens=sum(p.input_tokens + p.output_tokens for p in planned),
        cost=sum(costs, Decimal(0)) if costs else None,
        currency=next((p.currency for p in planned if p.cost is not None), None),
    )


def _rates(
    pairs: Sequence[tuple[Sequence[Result], Sequence[Result]]], group: Callable[[Result], str]
) -> tuple[Rate, ...]:
    cases: Counter[str] = Counter(group(b[0]) for _, b in pairs)
    right_a = Counter(group(b[0]) for a, b in pairs if _right(a))
    right_b = Counter(group(b[0]) for _, b in pairs if _right(b))
    return tuple(Rate(name, n, right_a[name], right_b[name]) for name, n in cases.items())


def _ratio(a: float | Decimal | None, b: float | Decimal | None) -> float | None:
    return float(b) / float(a) if a and b is not None else None


# ------------------------------------------------------------------------------- figures


def _difference(a: Result, b: Result) -> Difference | None:
    what = contradiction(a.answer or {}, b.answer or {})
    if what is None:
        return None
    return Difference(
        a.dataset, a.case.id, b.case.context, b.case.question, what, _text(a), _text(b)
    )


def contradiction(a: Mapping[str, Any], b: Mapping[str, Any]) -> str | None:
    """How two answers' figures contradict each other; None where they do not.

    Each result of the answer that cites fewer must be among the other's, on the columns that both
    have; columns, orders and further results of only one of them contradict nothing.
    """
    fewer, more = sorted((tables_of(a), tables_of(b)), key=len)
    if not fewer and more:
        return "one of them cites nothing"
    for table in fewer:
        gaps = [_gap(table, other) for other in more]
        if None not in gaps:
            return " / ".join(str(gap) for gap in gaps)
    return None


def _gap(one: Table, other: Table) -> str | None:
    """How two results differ on the columns that both have; None where they do not."""
    shared = [name for name in one.names if name in other.names]
    units = dict(zip(one.names, one.units, strict=True))
    figures = [name for name in shared if units[name] != "text"]
    if not figures and any(unit != "text" for unit in (*one.units, *other.units)):
        return f"no figure in common: {list(one.names)} and {list(other.names)}"
    if one.row_count != other.row_count:
        return f"{one.row_count} rows and {other.row_count} rows"
    rows, others = _projected(one, shared), _projected(other, shared)
    if rows == others:
        return None
    lacking = next(iter((rows - others) or (others - rows)))
    return f"only one of them has {dict(zip(shared, lacking, strict=True))}"


def _projected(table: Table, names: Sequence[str]) -> Counter[tuple[Scalar, ...]]:
    """The rows on these columns, figures to nine significant digits."""
    at = [table.names.index(name) for name in names]
    return Counter(tuple(_rounded(row[i]) for i in at) for row in table.rows)


def _rounded(cell: Scalar) -> Scalar:
    return float(f"{cell:.9g}") if isinstance(cell, int | float) else cell
