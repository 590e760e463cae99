"""Runs of the golden sets in the instance's database, each result kept as soon as it is there.

Nothing in it names a host, a user or a path.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from evals.cases import Case, case_line
from evals.compare import Comparison, compare
from evals.report import Summary
from evals.run import Result
from evals.sampling import Selection
from evals.scorers import Ruling
from knowledge.warehouse.eval_tables import EVAL_RESULT, EVAL_RUN
from knowledge.warehouse.lock import writing
from knowledge.warehouse.schema import upgrade
from leadline.clock import now_utc
from leadline.errors import InputError, NotFoundError
from leadline.settings import PlannerMode

SHORTEST_PREFIX = 4
"""Characters of a run's id that stand for the whole where no other run begins with them."""


@dataclass(frozen=True, slots=True)
class RunSetup:
    """What a run is to be, known before its first question."""

    planner: PlannerMode
    datasets: tuple[str, ...]
    selection: Selection
    code_version: str
    model: str | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class RunTotals:
    """What a finished run came to; `cost` in `currency`, None where no price was set."""

    cases: int
    right: int
    silently_wrong: int
    passed: bool
    fallbacks: int
    llm_calls: int
    input_tokens: int
    output_tokens: int
    cost: Decimal | None
    currency: str | None
    latency_p50_ms: float | None
    latency_p95_ms: float | None


@dataclass(frozen=True, slots=True)
class Run:
    """One run as it stands.

    asked: results so far.
    instances: per data set the snapshot, as-of date and model version, or why it was skipped.
    totals, summary: None until the run has finished; `summary` is `evals.report.Summary` as data.
    """

    run_id: str
    setup: RunSetup
    started_at: datetime
    finished_at: datetime | None
    asked: int
    instances: Mapping[str, Mapping[str, Any]]
    prompt_hash: str | None
    totals: RunTotals | None
    summary: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs and what they have in common."""

    a: Run
    b: Run
    comparison: Comparison


class EvalStore:
    """Runs and results in the system of record, migrated first where needed."""

    def __init__(self, engine: sa.Engine) -> None:
        upgrade(engine)
        self._engine = engine

    def begin_run(self, setup: RunSetup) -> str:
        """Keep that a run has begun; its id.

        Raises:
            BusyError: the database stays locked by another writer.
        """
        now = now_utc()
        run_id = uuid.uuid4().hex[:10]
        row = {
            "run_id": run_id,
            "label": setup.label or None,
            "started_at": now,
            "planner": setup.planner,
            "model": setup.model,
            "code_version": setup.code_version,
            "datasets": _dump(setup.datasets),
            "selection": _dump(asdict(setup.selection)),
            "instances": _dump({}),
        }
        with writing(self._engine) as connection:
            connection.execute(sa.insert(EVAL_RUN), row)
        return run_id

    def set_instance(self, run_id: str, dataset: str, fact: Mapping[str, Any]) -> None:
        """Keep what a data set was asked on, or why it was skipped.

        Raises:
            NotFoundError: there is no such run.
            InputError: the run has asked it on something else before.
            BusyError: the database stays locked by another writer.
        """
        this = EVAL_RUN.c.run_id == run_id
        with writing(self._engine) as connection:
            found = connection.scalar(sa.select(EVAL_RUN.c.instances).where(this))
            if found is None:
                raise NotFoundError(f"no evaluation run {run_id!r}")
            instances = json.loads(found)
            before = instances.get(dataset, fact)
            if "skipped" not in before and before != dict(fact):
                raise InputError(
                    f"run {run_id} asked {dataset} on {before}, now it is {dict(fact)}",
                    hint="begin a new run",
                )
            instances[dataset] = dict(fact)
            connection.execute(sa.update(EVAL_RUN).where(this).values(instances=_dump(instances)))

    def add_result(self, run_id: str, result: Result) -> None:
        """Keep one result, committed on return.

        Raises:
            IntegrityError: the run has this attempt at this case, or there is no such run.
            BusyError: the database stays locked by another writer.
        """
        planning = result.planning
        cost = None if planning is None else planning.cost
        row = {
            "run_id": run_id,
            "dataset": result.dataset,
            "case_id": result.case.id,
            "attempt": result.attempt,
            "case_body": case_line(result.case),
            "verdict": result.ruling.verdict,
            "reason": result.ruling.reason,
            "unasked": _dump(result.ruling.unasked),
            "status": result.status,
            "latency_ms": result.latency_ms,
            "answer": None if result.answer is None else _dump(result.answer),
            "digest": result.digest,
            "asked_at": now_utc(),
            "cost": None if cost is None else str(cost),
            **{name: getattr(planning, name, None) for name in _PLANNING},
        }
        with writing(self._engine) as connection:
            connection.execute(sa.insert(EVAL_RESULT), row)

    def finish_run(self, run_id: str, summary: Summary) -> Run:
        """Keep what a run came to; the run as it stands then.

        Raises:
            NotFoundError: there is no such run.
            BusyError: the database stays locked by another writer.
        """
        planning = summary.planning
        values = {
            "finished_at": now_utc(),
            "cases": summary.cases,
            "right_cases": summary.right,
            "silently_wrong": summary.verdicts["silently_wrong"],
            "summary": _dump(asdict(summary)),
            "fallbacks": sum(planning.fallbacks.values()),
            "llm_calls": planning.llm_calls,
            "input_tokens": planning.input_tokens,
            "output_tokens": planning.output_tokens,
            "cost": planning.cost,
            "currency": planning.currency,
            "prompt_hash": planning.prompt_hashes[0] if len(planning.prompt_hashes) == 1 else None,
            "latency_p50_ms": summary.latency_p50_ms,
            "latency_p95_ms": summary.latency_p95_ms,
            "passed": summary.passed,
        }
        with writing(self._engine) as connection:
            done = connection.execute(
                sa.update(EVAL_RUN).where(EVAL_RUN.c.run_id == run_id).values(**values)
            )
            if not done.rowcount:
                raise NotFoundError(f"no evaluation run {run_id!r}")
        return self.get_run(run_id)

    def list_runs(self, limit: int = 20) -> tuple[Run, ...]:
        """The newest runs, finished or not, newest first."""
        query = (
            sa.select(EVAL_RUN)
            .order_by(EVAL_RUN.c.started_at.desc(), EVAL_RUN.c.run_id.desc())
            .limit(limit)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
            asked = self._asked(connection, [row.run_id for row in rows])
        return tuple(_run(row, asked[row.run_id]) for row in rows)

    def get_run(self, run_id: str) -> Run:
        """The run with this id, or with the only id that begins so.

        Raises:
            NotFoundError: there is none, or several begin so.
        """
        with self._engine.connect() as connection:
            row = connection.execute(
                sa.select(EVAL_RUN).where(EVAL_RUN.c.run_id == run_id)
            ).one_or_none()
            if row is None:
                row = self._by_prefix(connection, run_id)
            return _run(row, self._asked(connection, [row.run_id])[row.run_id])

    def results(self, run_id: str) -> tuple[Result, ...]:
        """The results of a run, in the order in which they came.

        Raises:
            NotFoundError: there is no such run.
        """
        run = self.get_run(run_id)
        query = (
            sa.select(EVAL_RESULT)
            .where(EVAL_RESULT.c.run_id == run.run_id)
            .order_by(
                EVAL_RESULT.c.asked_at,
                EVAL_RESULT.c.dataset,
                EVAL_RESULT.c.attempt,
                EVAL_RESULT.c.case_id,
            )
        )
        with self._engine.connect() as connection:
            return tuple(_result(row) for row in connection.execute(query))

    def compare(self, a: str, b: str) -> Compared:
        """Run b against run a, over the cases that both asked.

        Raises:
            NotFoundError: one of them is not there.
            InputError: they have no case in common.
        """
        first, second = self.get_run(a), self.get_run(b)
        return Compared(
            first, second, compare(self.results(first.run_id), self.results(second.run_id))
        )

    def _by_prefix(self, connection: sa.Connection, prefix: str) -> sa.Row[Any]:
        begins = EVAL_RUN.c.run_id.startswith(prefix, autoescape=True)
        rows = connection.execute(sa.select(EVAL_RUN).where(begins).limit(2)).all()
        if len(prefix) < SHORTEST_PREFIX or len(rows) != 1:
            what = "several evaluation runs begin with" if len(rows) > 1 else "no evaluation run"
            raise NotFoundError(f"{what} {prefix!r}", hint="`leadline eval list` shows all runs")
        return rows[0]

    @staticmethod
    def _asked(connection: sa.Connection, run_ids: Sequence[str]) -> Counter[str]:
        """Results so far, by run."""
        query = (
            sa.select(EVAL_RESULT.c.run_id, sa.func.count())
            .where(EVAL_RESULT.c.run_id.in_(run_ids))
            .group_by(EVAL_RESULT.c.run_id)
        )
        return Counter({run_id: int(n) for run_id, n in connection.execute(query)})


_PLANNING = (
    "planner",
    "fallback",
    "model",
    "prompt_hash",
    "llm_ms",
    "llm_calls",
    "input_tokens",
    "output_tokens",
    "currency",
)
"""What a result's row takes over from `leadline.evidence.Planning`, besides the cost."""


def _dump(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _run(row: sa.Row[Any], asked: int) -> Run:
    selection = json.loads(row.selection)
    setup = RunSetup(
        planner=row.planner,
        datasets=tuple(json.loads(row.datasets)),
        selection=Selection(**{**selection, "cases": tuple(selection["cases"])}),
        code_version=row.code_version,
        model=row.model,
        label=row.label or "",
    )
    return Run(
        run_id=row.run_id,
        setup=setup,
        started_at=row.started_at,
        finished_at=row.finished_at,
        asked=asked,
        instances=json.loads(row.instances),
        prompt_hash=row.prompt_hash,
        totals=None if row.finished_at is None else _totals(row),
        summary=None if row.summary is None else json.loads(row.summary),
    )


def _totals(row: sa.Row[Any]) -> RunTotals:
    return RunTotals(
        cases=row.cases,
        right=row.right_cases,
        silently_wrong=row.silently_wrong,
        passed=row.passed,
        fallbacks=row.fallbacks,
        llm_calls=row.llm_calls,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        cost=None if row.cost is None else Decimal(row.cost),
        currency=row.currency,
        latency_p50_ms=row.latency_p50_ms,
        latency_p95_ms=row.latency_p95_ms,
    )


def _result(row: sa.Row[Any]) -> Result:
    return Result(
        dataset=row.dataset,
        case=Case.model_validate_json(row.case_body),
        ruling=Ruling(row.verdict, row.reason, tuple(json.loads(row.unasked))),
        answer=None if row.answer is None else json.loads(row.answer),
        latency_ms=row.latency_ms,
        attempt=row.attempt,
    )
