"""Any spec answers what an independent reckoning answers; nothing outside the scope shows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, event, given, settings

from knowledge.semantic.engine import run_query
from knowledge.semantic.spec import QuerySpec
from leadline.access import Scope
from leadline.evidence import ToolResult
from leadline.types import Scalar
from tests.knowledge.semantic.oracle import Oracle
from tests.knowledge.semantic.questions import questions
from tests.knowledge.semantic.worlds import World

MANY = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


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
