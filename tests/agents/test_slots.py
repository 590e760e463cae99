"""Slots: filled from evidence, and only from evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.slots import cell, render, whole
from leadline.errors import EvidenceError
from leadline.evidence import Column
from leadline.types import Language, Unit
from tests.agents.evidence import citation

ZH, EN = Language.ZH, Language.EN


def filled(template: str, language: Language = ZH) -> str:
    return render(template, (citation(),), language)[0]


class TestRendering:
    @pytest.mark.parametrize(
        ("slot", "zh", "en"),
        [
            (cell(1, 0, "region"), "华东", "华东"),
            (cell(1, 0, "amount"), "32.00万元", "CNY 320,000.00"),
            (cell(1, 1, "amount__change"), "-1.00万元", "-CNY 10,000.00"),
            (cell(1, 1, "amount__change", "size"), "1.00万元", "CNY 10,000.00"),
            (cell(1, 1, "amount__change", "direction"), "下降", "down"),
            (cell(1, 0, "amount__change_rate", "size"), "39.13%", "39.13%"),
            (cell(1, 0, "amount__change_rate", "direction"), "增长", "up"),
            (whole(1, "row_count"), "2", "2"),
            (whole(1, "time"), "2025 年", "2025"),
            (whole(1, "where"), "金牌", "金牌"),
        ],
    )
    def test_by_unit_and_format(self, slot: str, zh: str, en: str) -> None:
        assert filled(slot, ZH) == zh
        assert filled(slot, EN) == en

    def test_the_base_stops_where_today_cuts_it(self) -> None:
        # 2025-01-01 … 11-20 are 324 days; 2024 is a leap year
        assert filled(whole(1, "base")) in ("2024-01-01 … 2024-11-19", "2024-01-01 … 2024-11-20")

    def test_text_around_slots_stays(self) -> None:
        assert filled(f"在{cell(1, 0, 'region')}，{cell(1, 0, 'amount')} [1]。") == (
            "在华东，32.00万元 [1]。"
        )

    def test_each_filled_slot_tells_where_it_stands(self) -> None:
        text, slots = render(
            f"a {cell(1, 0, 'region')} b {cell(1, 1, 'amount')} c", (citation(),), ZH
        )
        assert [text[slot.start : slot.end] for slot in slots] == [slot.text for slot in slots]
        assert [slot.text for slot in slots] == ["华东", "3.00万元"]

    def test_a_citation_is_found_by_its_number(self) -> None:
        assert render(cell(2, 0, "region"), (citation(1), citation(2)), ZH)[0] == "华东"


class TestNoEvidence:
    @pytest.mark.parametrize(
        "slot",
        [
            cell(2, 0, "amount"),  # no such citation
            cell(1, 2, "amount"),  # no such row
            cell(1, 0, "profit"),  # no such column
            cell(1, 0, "amount", "rounded"),  # no such format
            whole(9, "time"),
        ],
    )
    def test_is_an_error(self, slot: str) -> None:
        with pytest.raises(EvidenceError, match="slot"):
            filled(slot)

    @pytest.mark.parametrize(
        "text", ["{{amount}}", "{c1.rows[0].amount}", "{{c1.rows[-1].amount}}"]
    )
    def test_what_is_no_slot_is_not_filled(self, text: str) -> None:
        assert filled(text) == text


class TestRowByRowUnits:
    def test_a_slot_takes_the_unit_of_its_row(self) -> None:
        columns = (
            Column("unit", Unit.TEXT, "单位", "Unit"),
            Column("value", Unit.EACH, "值", "Value", "CNY"),
        )
        rows = (("ratio", 0.25), ("days", 12))
        table = replace(citation().result, columns=columns, rows=rows, row_count=2)
        cited = replace(citation(), result=table)
        template = f"{cell(1, 0, 'value')} {cell(1, 1, 'value')}"
        assert render(template, (cited,), EN)[0] == "25.00% 12 days"
