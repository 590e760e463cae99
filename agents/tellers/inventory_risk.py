"""How positions at risk are told: what runs out first, what lies idle, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from agents.narrate import Told
from agents.slots import cell, whole
from agents.tellers.telling import MAX_LINES, Telling, listed, mark, text_of
from leadline.evidence import Chart
from leadline.types import Language


def tell_inventory_risk(told: Sequence[Told], language: Language) -> Telling:
    """The words for `inventory_risk`; what follows in the plan is told by its own tellers."""
    first = told[0]
    zh = language is Language.ZH
    rows = range(min(len(first.result.rows), MAX_LINES))
    if not rows:
        return Telling(_nothing(first, zh), reading=_reading(first, zh))
    lines = [position_line(first, row, language) for row in rows]
    count = whole(first.number, "row_count")
    if zh:
        title = f"有风险的库存品项共 {count} 项{mark(first)}："
    else:
        title = f"Stock positions at risk, {count} in all{mark(first)}:"
    more = ["- 其余见引用" if zh else "- the rest stands in the citation"]
    more = more if len(first.result.rows) > MAX_LINES else []
    chart = Chart("bar", first.number, "product", ("stockout_risk",))
    return Telling(
        "\n".join([title, *lines, *more, _limits(first, zh)]),
        reading=_reading(first, zh),
        chart=chart if _has(first, "stockout") else None,
        followups=_followups(zh),
        shown=listed(first, "product"),
    )


def position_line(told: Told, row: int, language: Language) -> str:
    """One position: name, what threatens it, why."""
    zh, n = language is Language.ZH, told.number
    name = place_name(told, row)
    kind = cell(n, row, "risk_zh" if zh else "risk_en")
    why = cell(n, row, "reasons_zh" if zh else "reasons_en")
    if text_of(told, row, "risk") == "stockout":
        figure = cell(n, row, "stockout_risk")
        figure = f"缺货风险 {figure}" if zh else f"stock-out risk {figure}"
    else:
        units, value = cell(n, row, "overstock_units"), cell(n, row, "overstock_value")
        figure = (
            f"超出可售量 {units}，占用 {value}" if zh else f"{units} beyond need, worth {value}"
        )
    if zh:
        return f"- {name}：{kind}，{figure}（{why}）"
    return f"- {name}: {kind}, {figure} ({why})"


def place_name(told: Told, row: int) -> str:
    """Warehouse and product; the product alone where no warehouse is known."""
    product = cell(told.number, row, "product")
    if not text_of(told, row, "warehouse"):
        return product
    return f"{cell(told.number, row, 'warehouse')} · {product}"


def _limits(told: Told, zh: bool) -> str:
    counted = cell(told.number, 0, "counted_on")
    lead = cell(told.number, 0, "lead_time_days")
    source = cell(told.number, 0, "lead_time_source_zh" if zh else "lead_time_source_en")
    if zh:
        return f"盘点日 {counted}；首项补货周期 {lead}（{source}）{mark(told)}。"
    return f"Counted on {counted}; lead time of the first line {lead} ({source}){mark(told)}."


def _nothing(told: Told, zh: bool) -> str:
    count = whole(told.number, "row_count")
    if zh:
        return (
            f"没有达到门槛的缺货或积压品项（{count} 项）；没有库存数据的仓库不在其中{mark(told)}。"
        )
    return (
        f"No position reaches the threshold ({count} listed); "
        f"places without stock data are not among them{mark(told)}."
    )


def _reading(told: Told, zh: bool) -> str:
    holder = str(told.result.arguments.get("holder", "auto"))
    names = {
        "own": ("总部仓库存", "head office's stock"),
        "partner": ("伙伴库存", "partners' stock"),
        "all": ("全部库存", "all stock"),
        "auto": ("优先总部仓库存", "head office's stock where there is any"),
    }
    return names[holder][0 if zh else 1]


def _followups(zh: bool) -> tuple[str, ...]:
    if zh:
        return ("给出调拨建议", "哪些产品积压？")
    return ("What stock should be moved where?", "Which products are overstocked?")


def _has(told: Told, kind: str) -> bool:
    return any(text_of(told, row, "risk") == kind for row in range(len(told.result.rows)))
