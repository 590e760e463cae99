"""Make the messy partner list of this example: an Excel workbook and a CSV file in GBK.

Run it as `python examples/partner_list/make.py`; the files it makes are kept beside it. Everything
a person's spreadsheet does is in them on purpose: a title, a header of two rows with merged cells,
万元, merged regions, subtotals, dates in many forms, negatives in brackets, rows that are wrong.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

FOLDER = Path(__file__).parent / "files"
WORKBOOK = FOLDER / "伙伴清单2025.xlsx"
ORDERS = FOLDER / "订单明细.csv"

HEADER = (
    (
        "大区",
        "伙伴编码",
        "伙伴名称",
        "基本信息",
        None,
        None,
        "2025年经营（万元）",
        None,
        "签约日期",
        "电话",
    ),
    (None, None, None, "类型", "等级", "城市", "营业额", "2026年目标", None, None),
)
HEADER_MERGES = ("A4:A5", "B4:B5", "C4:C5", "D4:F4", "G4:H4", "I4:I5", "J4:J5")

PARTNERS: dict[str, tuple[tuple[object, ...], ...]] = {
    "华东": (
        (
            "P001",
            "上海云帆软件有限公司",
            "代理商",
            "金牌",
            "上海",
            "1,234.5",
            600,
            date(2021, 3, 8),
            "021-5550101",
        ),
        (
            "P002",
            "杭州启明信息技术有限公司",
            "代理商",
            "银牌",
            "杭州",
            862.25,
            420,
            "2022年1月5日",
            "0571-5550102",
        ),
        (
            "P003",
            "南京远航科技有限公司",
            "服务商",
            "银牌",
            "南京",
            "（5.6）",
            150,
            44927,
            "025-5550103",
        ),
        ("P004", "宁波海川网络有限公司", "经销商", "铜牌", "宁波", "—", 80, "2023/6/1", "—"),
    ),
    "华南": (
        (
            "P005",
            "深圳鹏程数码有限公司",
            "经销商",
            "金牌",
            "深圳",
            1530,
            700,
            "2020-11-20",
            "0755-5550105",
        ),
        (
            "P006",
            "广州粤信系统集成有限公司",
            "代理商",
            "银牌",
            "广州",
            "￥ 980.4",
            450,
            date(2022, 9, 15),
            "020-5550106",
        ),
        (
            "P006",
            "广州粤信系统集成有限公司",
            "代理商",
            "银牌",
            "广州",
            "￥ 980.4",
            450,
            date(2022, 9, 15),
            "020-5550106",
        ),
        (
            "P007",
            "厦门鹭岛软件有限公司",
            "服务商",
            "铜牌",
            "厦门",
            0,
            60,
            "20230418",
            "0592-5550107",
        ),
    ),
    "华北": (
        (
            "P008",
            "北京中联创新科技有限公司",
            "代理商",
            "金牌",
            "北京",
            "2105.88",
            900,
            date(2019, 5, 6),
            "010-5550108",
        ),
        (
            "P009",
            "天津津港信息有限公司",
            "经销商",
            "铜牌",
            "天津",
            "待定",
            70,
            "2023年7月",
            "022-5550109",
        ),
        (
            "P010",
            "启明信息技术有限公司",
            "服务商",
            "银牌",
            "石家庄",
            310.5,
            160,
            45108,
            "0311-5550110",
        ),
        (
            None,
            "太原晋阳数据有限公司",
            "经销商",
            "铜牌",
            "太原",
            45,
            30,
            date(2024, 2, 1),
            "0351-5550111",
        ),
    ),
    "西南": (
        (
            "P012",
            "成都蜀都软件有限公司",
            "代理商",
            "银牌",
            "成都",
            "7,20.5",
            380,
            date(2021, 12, 1),
            "028-5550112",
        ),
        (
            "P013",
            "启明信息技术有限公司",
            "经销商",
            "铜牌",
            "重庆",
            268.9,
            120,
            "1/5/2024",
            "023-5550113",
        ),
        (
            "P014",
            "昆明滇池科技有限公司",
            "服务商",
            "铜牌",
            "昆明",
            "1.2亿",
            90,
            date(2023, 3, 3),
            "0871-5550114",
        ),
        (
            "P015",
            "贵阳黔云数据有限公司",
            "代理商",
            "铜牌",
            "贵阳",
            96,
            75,
            "2022.8.8",
            "0851-5550115",
        ),
    ),
}

PRICES = {"财务云": 6800, "供应链云": 9600, "人力云": 4200, "扫码枪": 350}


def make_workbook(path: Path) -> None:
    """The partner list, as somebody in channel operations keeps it."""
    book = Workbook()
    book.properties.created = book.properties.modified = datetime(2026, 1, 5)  # noqa: DTZ001
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has a sheet
    sheet.title = "伙伴清单"
    sheet["A1"] = "渠道伙伴清单"
    sheet["A1"].font = Font(size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.merge_cells("A1:J1")
    sheet["A2"] = "制表：渠道管理部"
    sheet["I2"] = "制表日期：2026年1月5日"
    for row, cells in enumerate(HEADER, start=4):
        for column, text in enumerate(cells, start=1):
            sheet.cell(row, column, text)
    for merge in HEADER_MERGES:
        sheet.merge_cells(merge)
    row = 6
    for region, partners in PARTNERS.items():
        first = row
        sheet.cell(row, 1, region)
        for partner in partners:
            for column, value in enumerate(partner, start=2):
                sheet.cell(row, column, value)
            row += 1
        sheet.merge_cells(start_row=first, end_row=row - 1, start_column=1, end_column=1)
        sheet.cell(row, 1, f"{region}小计")
        sheet.cell(row, 8, f"=SUM(H{first}:H{row - 1})")
        row += 1
    sheet.cell(row, 1, "合　计")
    sheet.cell(row, 7, "9,999.99")
    notes = book.create_sheet("填表说明")
    notes["A1"] = "营业额、目标以万元填写；签约日期填合同日期。"
    book.save(path)


def order_rows() -> list[str]:
    """The order lines of 2025 as text, then rows that are wrong, then the total."""
    partners = ("P001", "P002", "P003", "P004", "P005", "P006", "P007", "P008", "P010", "P014")
    products = list(PRICES)
    rows = []
    for number in range(48):
        month, day = number % 12 + 1, (number * 7) % 28 + 1
        partner = partners[(number * 7) % len(partners)]
        for line in range(1, number % 3 + 2):
            product = products[(number + line) % len(products)]
            quantity = (number * line) % 9 + 1
            amount = PRICES[product] * quantity
            rows.append(
                f"SO25{number + 1:04d},{line},2025年{month}月{day}日,{partner},{product},"
                f'{quantity}套,"{amount:,.2f}"'
            )
    rows += [
        'SO250049,1,2025/12/30,P001,财务云,-1套,"（6,800.00）"',  # a return
        "SO250050,1,2025-12-31,P999,财务云,1套,6800",  # no such partner
        "SO250051,1,2025-12-31,P005,扫码枪,2套,赠送",  # not an amount
        "SO250052,1,2025年13月1日,P005,扫码枪,2套,700",  # not a date
        "SO250001,1,2025年1月1日,P001,供应链云,1套,1.00",  # contradicts the first row
        '合计,,,,,,"1,234,567.00"',
    ]
    return rows


def make_orders(path: Path) -> None:
    """The order lines, saved by a Chinese spreadsheet program: GBK with CRLF."""
    lines = ["订单号,行号,日期,伙伴编码,产品,数量,金额（元）", *order_rows()]
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode("gbk"))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    make_workbook(WORKBOOK)
    make_orders(ORDERS)
