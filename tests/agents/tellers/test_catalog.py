"""Tellers: one per tool that can open an answer, and what they have at hand."""

from __future__ import annotations

from datetime import date

import pytest

from agents.narrate import Told
from agents.tellers.catalog import TELLERS, tell
from agents.tellers.telling import listed, mark, text_of
from leadline.errors import NotFoundError
from leadline.evidence import Citation, Column, ToolResult
from leadline.types import Language, Unit
from tools.catalog import TOOLS

WORDED_ELSEWHERE = {"query", "difference", "concentration", "explain", "freshness"}
"""Tools whose results agents.narrate and agents.replies word."""


def told(*rows: tuple[str | None, float], tool: str = "unheard_of") -> Told:
    columns = (
        Column("partner", Unit.TEXT, "伙伴", "Partner"),
        Column("risk", Unit.RATIO, "风险", "Risk"),
    )
    result = ToolResult(
        tool, {}, "1", 1, "all", date(2026, 10, 31), columns, rows, len(rows), truncated=False
    )
    return Told("main", Citation("a-3", 3, result))


class TestTheCatalogue:
    def test_every_tool_has_words(self) -> None:
        silent = {tool.name for tool in TOOLS} - WORDED_ELSEWHERE - TELLERS.keys()
        assert silent == set()

    def test_every_teller_has_a_tool(self) -> None:
        assert TELLERS.keys() <= {tool.name for tool in TOOLS}

    def test_a_result_that_nobody_words_is_an_error(self) -> None:
        with pytest.raises(NotFoundError, match="no teller for results of unheard_of"):
            tell((told(),), Language.ZH)


class TestWhatTellersUse:
    def test_the_mark_is_the_citation_s_number(self) -> None:
        assert mark(told()) == " [3]"

    def test_a_cell_as_text_and_an_empty_one(self) -> None:
        one = told(("云帆", 0.5), (None, 0.1))
        assert [text_of(one, row, "partner") for row in (0, 1)] == ["云帆", ""]

    def test_what_was_listed_each_once_and_in_order(self) -> None:
        shown = listed(told(("B", 1), ("A", 2), (None, 3), ("B", 4)), "partner")
        assert shown is not None
        assert (shown.dimension, shown.labels) == ("partner", ("B", "A"))

    def test_nothing_listed(self) -> None:
        assert listed(told((None, 1)), "partner") is None
