"""Distinct questions in both languages for timing: templates filled with members and periods.

Each is asked once, so no cache of whole answers can help.
"""

from __future__ import annotations

from itertools import cycle

REGIONS = ("华东", "华南", "华北", "华中", "西南", "西北", "东北")
PROVINCES = ("上海", "江苏", "广东", "北京", "湖北", "四川", "陕西", "辽宁")
PERIODS_ZH = (
    "本月",
    "上个月",
    "本季度",
    "上季度",
    "今年",
    "去年",
    "近30天",
    "近两个月",
    "2024年",
    "2024年3月",
)
PERIODS_EN = ("this month", "last month", "this quarter", "last quarter", "this year", "last year")
LINES = ("财务云", "供应链云", "制造云", "人力云")

WARM_UP = (
    "全部销售额一共多少？",
    "Total orders by region for all time",
    "每个产品类别的毛利率",
    "Top 3 salespeople by sales in 2023",
)

TEMPLATES_ZH = (
    "{period}{region}的销售额是多少？",
    "{period}各大区销售额",
    "{period}销售额前10的伙伴及占比",
    "{period}每个大区前三的伙伴",
    "{period}{region}订单数和毛利率",
    "{period}各产品线的销售额同比",
    "{period}除了{region}，各大区的毛利",
    "{period}销售额最低的5个省份",
    "{period}{line}按伙伴类型的销售额",
    "{period}{region}活跃伙伴数",
    "{region}{period}的折扣率",
    "2024年{region}每个月的销售额",
    "{period}销售额超过10万的伙伴有多少家？",
    "{province}{period}的客单价",
)

TEMPLATES_EN = (
    "What was the sales in {region} {period}?",
    "Sales by region {period}",
    "Top 10 partners by sales {period} with share",
    "Gross margin rate by product line {period}",
    "How many orders did {province} have {period}?",
    "Sales by month in 2024 for {region}",
    "Top 3 partners per region by sales {period}",
    "Active partners by tier {period}",
    "Year on year growth of sales by region {period}",
)


def questions(rounds: int = 6) -> list[str]:
    """`rounds` fillings of every template, without repeats."""
    regions, provinces, lines = cycle(REGIONS), cycle(PROVINCES), cycle(LINES)
    filled: dict[str, None] = {}
    for templates, periods in ((TEMPLATES_ZH, PERIODS_ZH), (TEMPLATES_EN, PERIODS_EN)):
        for turn in range(rounds):
            for offset, template in enumerate(templates):
                period = periods[(turn + offset) % len(periods)]
                text = template.format(
                    period=period,
                    region=next(regions),
                    province=next(provinces),
                    line=next(lines),
                )
                filled[text] = None
    return list(filled)
