"""The words for bad rows and notices, in Chinese and English.

A `RowError.reason` is stored as `code` or `code: detail`; what a person reads is made here, at the
edge, in the person's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from leadline.types import Language


class Words(NamedTuple):
    """One message in both languages, with `{name}` places to fill."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """The message in `language`."""
        return self.zh if language is Language.ZH else self.en


REASONS: dict[str, Words] = {
    "missing": Words("必填项为空", "a required value is missing"),
    "bad_number": Words("不是数字", "not a number"),
    "bad_whole": Words("不是整数", "not a whole number"),
    "number_too_large": Words("数值超出范围", "number out of range"),
    "other_currency": Words("货币与映射不符", "a currency other than the mapping's"),
    "bad_date": Words("不是日期", "not a date"),
    "ambiguous_date": Words(
        "日期有歧义（日/月顺序不明），请在映射中写 date_format",
        "day and month cannot be told apart; give `date_format` in the mapping",
    ),
    "date_out_of_range": Words("日期超出范围", "date out of range"),
    "bad_flag": Words("不是“是/否”", "not a yes or no"),
    "text_too_long": Words("文字过长", "text too long"),
    "bad_text": Words("含有不可用的字符", "holds a character that cannot be stored"),
    "unknown_value": Words(
        "取值不在映射的 map 中", "a value that the mapping's `map` does not list"
    ),
    "lookup_failed": Words("查找表中没有此值", "not found in the look-up file"),
    "unknown_reference": Words("引用的记录不存在", "refers to a row that is not there"),
    "contradicting_key": Words(
        "主键重复且内容不一致", "the same key comes again with other content"
    ),
    "too_many_cells": Words("单元格多于表头", "more cells than the header"),
    "cell_error": Words("单元格为公式错误值", "the cell holds a formula error"),
    "formula_without_value": Words(
        "公式没有缓存值，请用表格软件打开后重新保存",
        "formula without a stored value; open the file in a spreadsheet program and save it again",
    ),
}
"""Reason codes of the reader, and of the loader (`unknown_reference`)."""

NOTICES: dict[str, Words] = {
    "shared_name": Words(
        "{count} 条{table_zh}记录同名“{name}”，已按编码分别保留（{keys}）",
        "{count} {table_en} share the name {name!r}; kept apart by id ({keys})",
    ),
    "more_shared_names": Words(
        "另有 {count} 个名称为多条{table_zh}记录共用",
        "{count} more names are shared by several {table_en}",
    ),
    "rounded": Words(
        "列“{column}”有 {count} 个数值多于四位小数，已四舍六入到四位",
        "{count} values of column {column!r} had more than four decimals and were rounded to four",
    ),
    "emptied": Words(
        "列“{column}”有 {count} 个单元格无法识别，已按映射留空",
        "{count} cells of column {column!r} could not be read and were left empty, as mapped",
    ),
    "unit_from_header": Words(
        "列“{column}”的单位取自表头：{unit}", "column {column!r}: unit {unit} taken from the header"
    ),
    "unit_differs": Words(
        "列“{column}”表头写 {header_unit}，映射写 {unit}，按映射计算",
        "column {column!r}: the header says {header_unit}, the mapping {unit}; the mapping counts",
    ),
    "totals_skipped": Words(
        "{file}：跳过 {count} 行合计/小计", "{file}: {count} total rows skipped"
    ),
    "bad_uscc": Words(
        "{count} 个统一社会信用代码校验不通过，已留空：{examples}",
        "{count} credit codes (USCC) with a wrong check digit were left empty: {examples}",
    ),
    "encoding": Words("{file}：按 {encoding} 编码读取", "{file}: read as {encoding}"),
}
"""Notice codes and their texts."""

TABLE_WORDS: dict[str, Words] = {
    "region": Words("大区", "regions"),
    "territory": Words("区域", "territories"),
    "partner": Words("伙伴", "partners"),
    "partner_contact": Words("伙伴联系人", "partner contacts"),
    "partner_history": Words("伙伴变更", "partner changes"),
    "partner_xref": Words("伙伴对照", "partner cross-references"),
    "territory_owner": Words("区域负责人", "territory owners"),
    "product": Words("产品", "products"),
    "product_price": Words("价目", "prices"),
    "customer": Words("客户", "customers"),
    "salesperson": Words("销售人员", "salespeople"),
    "promotion": Words("促销", "promotions"),
    "sales_order": Words("订单", "orders"),
    "order_line": Words("订单行", "order lines"),
    "shipment": Words("发货", "shipments"),
    "invoice": Words("发票", "invoices"),
    "payment": Words("回款", "payments"),
    "receivable": Words("应收", "receivables"),
    "sales_return": Words("退货", "returns"),
    "target": Words("目标", "targets"),
    "opportunity": Words("商机", "opportunities"),
    "opportunity_stage": Words("商机阶段", "opportunity stages"),
    "deal_registration": Words("报备", "deal registrations"),
    "activity": Words("行为", "activities"),
    "certification": Words("认证", "certifications"),
    "mdf_claim": Words("市场费用申请", "marketing fund claims"),
    "warehouse": Words("仓库", "warehouses"),
    "inventory_snapshot": Words("库存", "inventory"),
    "sell_through": Words("动销", "sell-through"),
    "macro_indicator": Words("宏观指标", "macro indicators"),
    "competitor_event": Words("竞品动态", "competitor events"),
    "document": Words("文档", "documents"),
    "tender": Words("招标", "tenders"),
    "alert": Words("预警", "alerts"),
}
"""What the rows of a table are called."""


def reason_text(reason: str, language: Language) -> str:
    """The sentence for a stored reason; an unknown code is shown as it is."""
    code, _, detail = reason.partition(": ")
    words = REASONS.get(code)
    if words is None:
        return reason
    joint = "：" if language is Language.ZH else ": "
    return words.say(language) + (f"{joint}{detail}" if detail else "")


def notice_text(code: str, table: str, values: Mapping[str, str | int], language: Language) -> str:
    """The sentence for a notice; an unknown code is shown with its values."""
    words = NOTICES.get(code)
    if words is None:
        return f"{code} {dict(values)}"
    name = TABLE_WORDS.get(table, Words(table, table))
    return words.say(language).format(**values, table_zh=name.zh, table_en=name.en)
