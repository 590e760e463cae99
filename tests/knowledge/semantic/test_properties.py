"""Any spec answers what an independent reckoning answers; nothing outside the scope shows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from knowledge.semantic.engine import run_query
from knowledge.semantic.spec import QuerySpec
from leadline.access import Scope
from leadline.evidence import ToolResult
from leadline.types import Scalar
from tests.knowledge.semantic.figures import FIGURES
from tests.knowledge.semantic.oracle import Oracle
from tests.knowledge.semantic.questions import carried, questions
from tests.knowledge.semantic.worlds import World

MANY = settings(
    max_examples=220,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


FEW = settings(MANY, max_examples=50)


def same(got: Scalar, want: Any) -> bool:
    if isinstance(want, date):
        return got == want.isoformat()
    if want is None or isinstance(want, str):
        return got == want
    if isinstance(want, Decimal | float):
        close = abs(float(want) - float(got or 0)) <= 1e-9 * max(1.0, abs(float(want)))
        return isinstance(got, int | float) and close
    return got == want


def check(result: ToolResult, wanted: list[tuple[Any, ...]]) -> None:
    rows = [list(row) for row in result.rows]
    assert len(rows) == len(wanted), (rows, wanted)
    for row, want in zip(rows, wanted, strict=True):
        assert len(row) == len(want), (row, want)
        assert all(map(same, row, want)), (row, want)


class TestAnySpec:
    @MANY
    @given(questions())
    def test_equals_an_independent_reckoning(
        self, question: tuple[World, QuerySpec, Scope]
    ) -> None:
        there, spec, scope = question
        oracle = Oracle(there, spec, scope)
        wanted = oracle.answer()
        event(f"rows: {min(len(wanted), 3)}")
        result = run_query(spec, there.snapshot, scope, row_cap=100_000, threads=1)
        if spec.rollup is None:
            assert [column.name for column in result.columns] == oracle.columns()
        check(result, wanted)
        assert result.row_count == len(wanted)
        assert not result.truncated


class TestLaws:
    @FEW
    @given(questions())
    def test_asking_twice_gives_the_same(self, question: tuple[World, QuerySpec, Scope]) -> None:
        there, spec, scope = question
        one = run_query(spec, there.snapshot, scope, threads=1)
        again = QuerySpec.model_validate(one.arguments)
        assert run_query(again, there.snapshot, scope, threads=2).digest == one.digest

    @FEW
    @given(questions(), st.sampled_from(["partner", "region", "partner_tier", "territory"]))
    def test_parts_add_up_to_the_total(
        self, question: tuple[World, QuerySpec, Scope], name: str
    ) -> None:
        there, spec, scope = question
        additive = [metric for metric in spec.metrics if FIGURES[metric].additive]
        if not additive or not all(name in carried(there.seed, metric) for metric in additive):
            return
        time = spec.time and spec.time.model_copy(update={"grain": None})
        plain = QuerySpec(metrics=tuple(additive), where=spec.where, time=time)
        parts = run_query(
            plain.model_copy(update={"dimensions": (name,)}), there.snapshot, scope, threads=1
        )
        whole = run_query(plain, there.snapshot, scope, threads=1).rows[0]
        for index, total in enumerate(whole):
            found = [
                Decimal(str(row[index + 1])) for row in parts.rows if row[index + 1] is not None
            ]
            assert float(sum(found)) == (total or 0)

    @FEW
    @given(questions())
    def test_a_cap_only_cuts(self, question: tuple[World, QuerySpec, Scope]) -> None:
        there, spec, scope = question
        whole = run_query(spec, there.snapshot, scope, row_cap=10_000, threads=1)
        cut = run_query(spec, there.snapshot, scope, row_cap=2, threads=1)
        assert cut.rows == whole.rows[:2]
        assert cut.row_count == whole.row_count == len(whole.rows)
        assert cut.truncated == (len(whole.rows) > 2)
