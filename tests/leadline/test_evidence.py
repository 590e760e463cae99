"""Evidence: equal digests mean equal results."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given

from leadline.evidence import Column, ToolResult
from leadline.types import Language, Unit
from tests.leadline.evidence_samples import RESULT, results


class TestDigest:
    def test_depends_on_columns_rows_and_cut(self) -> None:
        others = [
            replace(RESULT, rows=RESULT.rows[:2]),
            replace(RESULT, rows=(("华东", 1234567.9), *RESULT.rows[1:])),
            replace(RESULT, rows=RESULT.rows[::-1]),
            replace(RESULT, columns=RESULT.columns[:1]),
            replace(RESULT, columns=(RESULT.columns[0], Column("amount", Unit.COUNT, "", ""))),
            replace(RESULT, row_count=4),
            replace(RESULT, truncated=True),
        ]
        assert len({result.digest for result in [RESULT, *others]}) == len(others) + 1

    def test_does_not_depend_on_where_it_was_run(self) -> None:
        # a replay on the same snapshot must match whatever model version ran it
        assert replace(RESULT, model_version="x", arguments={}).digest == RESULT.digest

    @given(results())
    def test_is_the_same_every_time(self, result: ToolResult) -> None:
        assert result.digest == replace(result).digest
        assert len(result.digest) == 64


class TestToolResult:
    def test_is_immutable(self) -> None:
        with pytest.raises(FrozenInstanceError):
            RESULT.snapshot = 5  # type: ignore[misc]

    def test_finds_columns_by_name(self) -> None:
        assert RESULT.column_index("amount") == 1
        with pytest.raises(KeyError, match="profit"):
            RESULT.column_index("profit")

    def test_columns_are_called_in_the_readers_language(self) -> None:
        assert RESULT.columns[1].label(Language.ZH) == "销售额"
        assert RESULT.columns[1].label(Language.EN) == "Amount"
