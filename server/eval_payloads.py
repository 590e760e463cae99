"""Evaluation runs as JSON data: what `leadline eval … --json` and the HTTP API give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evals.compare import Comparison, Side
    from evals.run import Result
    from evals.store import Compared, Run


def run_payload(run: Run) -> dict[str, Any]:
    """A run without its cases; `totals` and `summary` are null until it has finished."""
    setup = run.setup
    totals = run.totals
    return {
        "run_id": run.run_id,
        "label": setup.label,
        "started_at": run.started_at.isoformat(),
        "finished_at": None if run.finished_at is None else run.finished_at.isoformat(),
        "planner": setup.planner,
        "model": setup.model,
        "prompt_hash": run.prompt_hash,
        "code_version": setup.code_version,
        "datasets": list(setup.datasets),
        "selection": {**asdict(setup.selection), "cases": list(setup.selection.cases)},
        "instances": {name: dict(fact) for name, fact in run.instances.items()},
        "asked": run.asked,
        "totals": None if totals is None else {**asdict(totals), "cost": _text(totals.cost)},
        "summary": None if run.summary is None else dict(run.summary),
    }


def case_payload(result: Result) -> dict[str, Any]:
    """One case of a run, without the evidence of its answer."""
    answer: Mapping[str, Any] = result.answer or {}
    planning = result.planning
    return {
        "dataset": result.dataset,
        "case_id": result.case.id,
        "attempt": result.attempt,
        "kind": result.case.kind,
        "language": result.case.lang,
        "context": list(result.case.context),
        "question": result.case.question,
        "verdict": result.ruling.verdict,
        "reason": result.ruling.reason,
        "unasked": list(result.ruling.unasked),
        "status": result.status,
        "text": answer.get("text"),
        "reading": answer.get("reading"),
        "answer_id": answer.get("answer_id"),
        "planner": None if planning is None else planning.planner,
        "fallback": None if planning is None else planning.fallback,
        "input_tokens": None if planning is None else planning.input_tokens,
        "output_tokens": None if planning is None else planning.output_tokens,
        "cost": None if planning is None else _text(planning.cost),
        "latency_ms": round(result.latency_ms, 3),
        "digest": result.digest,
    }


def compared_payload(compared: Compared) -> dict[str, Any]:
    """Two runs side by side; `a` and `b` hold the run and what it came to on the common cases."""
    found: Comparison = compared.comparison
    return {
        "a": {"run": run_payload(compared.a), **_side(found.a)},
        "b": {"run": run_payload(compared.b), **_side(found.b)},
        "cases": found.cases,
        "only_a": found.only_a,
        "only_b": found.only_b,
        "changed": list(found.changed),
        "by_kind": [asdict(rate) for rate in found.by_kind],
        "by_language": [asdict(rate) for rate in found.by_language],
        "by_dataset": [asdict(rate) for rate in found.by_dataset],
        "regressed": [asdict(flip) for flip in found.regressed],
        "mended": [asdict(flip) for flip in found.mended],
        "both_answered": found.both_answered,
        "differing": [asdict(difference) for difference in found.differing],
        "p_value": found.p_value,
        "latency_ratio": found.latency_ratio,
        "cost_ratio": found.cost_ratio,
    }


def _side(side: Side) -> dict[str, Any]:
    return {**asdict(side), "cost": _text(side.cost)}


def _text(cost: Decimal | None) -> str | None:
    return None if cost is None else str(cost)
