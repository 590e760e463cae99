"""The words for stock, moves, events and findings: verified in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from agents.narrate import Told
from agents.slots import render
from agents.tellers.catalog import tell
from agents.verify import verify
from leadline.access import EVERYTHING, Scope
from leadline.evidence import Citation
from leadline.types import Language
from tests.tools.stock_world import EAST, NORTH, context
from tools.catalog import tool


def ran(*names: str, scope: Scope = EVERYTHING, **arguments: Any) -> tuple[Told, ...]:
    """Results of tools, numbered from 1; the arguments are the first one's."""
    found = []
    for number, name in enumerate(names, start=1):
        result = tool(name).run(arguments if number == 1 else {}, context(scope))
        found.append(Told("main", Citation(f"a-{number}", number, result)))
    return tuple(found)


def text(told: tuple[Told, ...], language: Language) -> str:
    """What is read; every figure of it is held against its evidence."""
    citations = [item.citation for item in told]
    template = tell(told, language).template
    said, _ = render(template, citations, language)
    verify(template, said, citations, language)
    return said


class TestRisk:
    def test_names_place_product_risk_and_reason(self) -> None:
        said = text(ran("inventory_risk"), Language.ZH)
        assert "有风险的库存品项共 2 项" in said
        assert "广州仓 · 网关：可能缺货，缺货风险 100.00%" in said
        assert "上海仓 · 网关：积压，超出可售量 174，占用 1.74万元" in said
        assert "补货周期 30 天（假设值，数据中没有）" in said

    def test_in_english(self) -> None:
        said = text(ran("inventory_risk"), Language.EN)
        assert "2 in all" in said
        assert "may run out, stock-out risk 100.00%" in said

    @pytest.mark.parametrize("language", list(Language))
    def test_nothing_at_risk_is_said(self, language: Language) -> None:
        said = text(ran("inventory_risk", scope=NORTH), language)
        assert "0" in said

    def test_draws_the_risk_only_where_something_runs_out(self) -> None:
        assert tell(ran("inventory_risk"), Language.ZH).chart is not None
        assert tell(ran("inventory_risk", risk="overstock"), Language.ZH).chart is None

    def test_the_products_can_be_asked_about_next(self) -> None:
        shown = tell(ran("inventory_risk"), Language.ZH).shown
        assert shown is not None
        assert (shown.dimension, shown.labels) == ("product", ("网关",))


class TestMoves:
    @pytest.mark.parametrize(
        ("language", "start"), [(Language.ZH, "建议调拨 1 笔"), (Language.EN, "Moves suggested: 1")]
    )
    def test_say_what_goes_where_and_what_the_plan_brings(
        self, language: Language, start: str
    ) -> None:
        said = text(ran("allocation", "allocation_summary"), language)
        assert said.startswith(start)
        assert "上海仓 → 广州仓" in said
        assert said.count("[2]") == 1

    @pytest.mark.parametrize("language", list(Language))
    def test_none_is_worth_it(self, language: Language) -> None:
        assert "→" not in text(ran("allocation", scope=EAST), language)

    @pytest.mark.parametrize("language", list(Language))
    def test_the_summary_alone_states_its_assumptions(self, language: Language) -> None:
        said = text(ran("allocation_summary"), language)
        assert said.count("1.00%") == 2
        assert "30" in said


class TestEventsAndFindings:
    @pytest.mark.parametrize("language", list(Language))
    @pytest.mark.parametrize("name", ["happenings", "data_quality"])
    def test_nothing_on_record_is_said(self, name: str, language: Language) -> None:
        assert "0" in text(ran(name), language)
