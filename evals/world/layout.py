"""Which file shows which table, under which headings, in which of the usual styles of an export."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

CellStyle = Literal["yuan", "brackets"]
"""`yuan`: ￥1,234.50; `brackets`: 1,234.50 and （1,234.50） for a negative."""


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """A CSV export: encoding, date format, and per column of the table its heading."""

    table: str
    path: str
    encoding: Literal["gbk", "utf-8", "utf-8-sig"]
    columns: dict[str, str]
    date_format: str = "%Y-%m-%d"
    cells: dict[str, CellStyle] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParquetLayout:
    """A Parquet export of a data platform; `money` columns become decimals."""

    table: str
    path: str
    columns: dict[str, str]
    money: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A sheet of a workbook.

    Attributes:
        groups: per column its upper heading where there are two header rows: equal neighbours are
            merged; a column without one has its own heading merged over both rows.
        totals: columns that a closing 合计 row adds up.
        chinese_dates: columns written as 2019年3月5日; other dates are real date cells.
    """

    table: str
    path: str
    sheet: str
    columns: dict[str, str]
    groups: dict[str, str] = field(default_factory=dict)
    totals: tuple[str, ...] = ()
    chinese_dates: tuple[str, ...] = ()

    @property
    def header_rows(self) -> int:
        """1, or 2 where there are groups."""
        return 2 if self.groups else 1


def _headings(text: str) -> dict[str, str]:
    """`column=标题 column=标题 …` as a dictionary."""
    return dict(pair.split("=") for pair in text.split())


CSV_FILES = (
    CsvLayout(
        "regions",
        "主数据/大区.csv",
        "utf-8",
        _headings("name=大区 group=大区群 country=国家 owner=大区经理"),
    ),
    CsvLayout(
        "territories",
        "主数据/省份.csv",
        "utf-8",
        _headings(
            "name=省份 full_name=全称 adcode=行政区划代码 region=大区 country=国家 owner=负责人"
        ),
    ),
    CsvLayout(
        "territory_owners",
        "主数据/省份负责人.csv",
        "utf-8",
        _headings("territory=省份 owner=负责人 valid_from=生效日期 valid_to=失效日期"),
    ),
    CsvLayout(
        "products",
        "主数据/产品.csv",
        "utf-8-sig",
        _headings(
            "sku=产品编码 name=产品名称 category=产品类别 subcategory=子类 "
            "line=产品线 model=型号 color=颜色 status=状态 list_price=标准价 "
            "standard_cost=标准成本 launched_on=上市日期"
        ),
    ),
    CsvLayout(
        "prices",
        "主数据/价目表.csv",
        "utf-8-sig",
        _headings("sku=产品编码 price_list=价目 price=单价 valid_from=生效日期 valid_to=失效日期"),
    ),
    CsvLayout(
        "customers",
        "主数据/客户.csv",
        "utf-8-sig",
        _headings(
            "code=客户编码 uscc=统一社会信用代码 name=客户名称 industry=行业 "
            "size=规模 region=大区 territory=省份 city=城市 country=国家 "
            "employees=员工数 annual_revenue=年营收 founded_year=成立年份"
        ),
    ),
    CsvLayout(
        "salespeople",
        "主数据/销售人员.csv",
        "utf-8",
        _headings(
            "code=销售员编码 name=姓名 manager=上级 region=大区 partner=伙伴编码 office=办公地"
        ),
    ),
    CsvLayout(
        "promotions",
        "主数据/促销活动.csv",
        "utf-8",
        _headings(
            "code=活动编码 name=活动名称 kind=活动类型 category=适用产品线 "
            "discount=额外折扣率 starts_on=开始日期 ends_on=结束日期"
        ),
    ),
    CsvLayout(
        "orders",
        "ERP/销售订单.csv",
        "gbk",
        _headings(
            "order_no=订单号 order_date=订单日期 due_date=要求交货日 "
            "ship_date=发货日期 partner=伙伴编码 customer=客户编码 "
            "salesperson=销售员编码 order_type=订单类型 status=单据状态 "
            "currency=币别 po_no=客户采购单号"
        ),
    ),
    CsvLayout(
        "lines",
        "ERP/销售订单明细.csv",
        "gbk",
        _headings(
            "order_no=订单号 line_no=行号 sku=产品编码 promotion=活动编码 "
            "quantity=数量 unit_price=单价 list_amount=标准金额 "
            "discount_amount=折扣额 amount=金额 tax_amount=税额 cost_amount=成本 "
            "freight_amount=运费"
        ),
    ),
    CsvLayout(
        "invoices",
        "ERP/销售发票.csv",
        "gbk",
        _headings(
            "invoice_no=发票号 order_no=订单号 partner=伙伴编码 "
            "invoiced_on=开票日期 amount=价税合计 tax_amount=税额 currency=币别 "
            "buyer_name=购买方名称"
        ),
        cells={"amount": "brackets", "tax_amount": "brackets"},
    ),
    CsvLayout(
        "receivables",
        "ERP/应收单.csv",
        "gbk",
        _headings(
            "receivable_no=应收单号 partner=伙伴编码 order_no=订单号 "
            "booked_on=立账日期 due_on=到期日 amount=应收金额 "
            "open_amount=未核销金额 currency=币别"
        ),
    ),
    CsvLayout(
        "payments",
        "ERP/回款.csv",
        "gbk",
        _headings(
            "payment_no=收款单号 partner=伙伴编码 order_no=订单号 "
            "paid_on=收款日期 amount=收款金额 currency=币别 method=结算方式"
        ),
        date_format="%Y/%m/%d",
        cells={"amount": "yuan"},
    ),
    CsvLayout(
        "returns",
        "ERP/退货单.csv",
        "gbk",
        _headings(
            "return_no=退货单号 line_no=行号 order_no=订单号 partner=伙伴编码 "
            "sku=产品编码 returned_on=退货日期 quantity=数量 amount=退货金额 "
            "reason=退货原因"
        ),
    ),
    CsvLayout(
        "stages",
        "CRM/商机阶段.csv",
        "utf-8",
        _headings("opp_no=商机编号 stage=阶段 entered_at=进入时间"),
    ),
    CsvLayout(
        "registrations",
        "CRM/报备.csv",
        "utf-8",
        _headings(
            "reg_no=报备编号 partner=伙伴编码 customer=客户编码 sku=产品编码 "
            "opp_no=商机编号 submitted_on=提交日期 decided_on=审批日期 "
            "protected_until=保护期至 status=报备状态 conflict_of=冲突报备 "
            "amount=预计金额"
        ),
    ),
    CsvLayout(
        "certifications",
        "伙伴门户/认证.csv",
        "utf-8",
        _headings(
            "cert_no=证书编号 partner=伙伴编码 holder=持证人 subject=认证科目 "
            "issued_on=发证日期 expires_on=到期日期"
        ),
    ),
    CsvLayout(
        "claims",
        "伙伴门户/市场基金.csv",
        "utf-8",
        _headings(
            "claim_no=申请编号 partner=伙伴编码 claimed_on=申请日期 "
            "amount=申请金额 approved_amount=批准金额 status=状态 purpose=用途"
        ),
    ),
    CsvLayout(
        "warehouses",
        "库存/仓库.csv",
        "utf-8",
        _headings("code=仓库编码 name=仓库名称 region=大区 partner=伙伴编码 city=城市"),
    ),
    CsvLayout(
        "sell_through",
        "库存/动销.csv",
        "utf-8",
        _headings(
            "partner=伙伴编码 sku=产品编码 period_start=月份 quantity=动销数量 amount=动销金额"
        ),
    ),
    CsvLayout(
        "macro",
        "市场/宏观指标.csv",
        "utf-8",
        _headings(
            "series=指标 region=大区 territory=省份 period_start=期间起始 "
            "grain=频率 vintage=发布日期 value=数值 unit=单位"
        ),
    ),
    CsvLayout(
        "competitor_events",
        "市场/竞品动态.csv",
        "utf-8",
        _headings(
            "event_no=动态编号 competitor=竞品厂商 kind=类型 happened_on=日期 "
            "region=大区 line=产品线 title=标题 old_value=原值 new_value=新值 "
            "url=链接"
        ),
    ),
    CsvLayout(
        "tenders",
        "市场/招标公告.csv",
        "utf-8-sig",
        _headings(
            "notice_id=公告编号 notice_type=公告类型 project_name=项目名称 "
            "project_no=项目编号 purchaser=采购人 agency=代理机构 territory=省份 "
            "budget_wan=预算金额（万元） award_amount=中标金额（元） "
            "supplier=中标供应商 published_on=发布日期 deadline=投标截止时间 "
            "document=资讯编号"
        ),
    ),
)

PARQUET_FILES = (
    ParquetLayout(
        "shipments",
        "ERP/出库单.parquet",
        _headings(
            "shipment_no=出库单号 line_no=行号 order_no=订单号 partner=伙伴编码 "
            "sku=产品编码 territory=收货省份 shipped_on=出库日期 quantity=数量 "
            "tracking_no=运单号"
        ),
    ),
    ParquetLayout(
        "activities",
        "伙伴门户/伙伴行为.parquet",
        _headings(
            "activity_no=行为编号 partner=伙伴编码 salesperson=销售员编码 "
            "customer=客户编码 kind=行为类型 happened_on=日期 quantity=次数 "
            "evidence=凭证 result=结果"
        ),
    ),
    ParquetLayout(
        "inventory",
        "库存/库存快照.parquet",
        _headings(
            "snapshot_date=快照日期 warehouse=仓库编码 sku=产品编码 "
            "partner=伙伴编码 units_balance=结存数量 units_in=入库数量 "
            "units_out=出库数量 unit_cost=单位成本"
        ),
        money=("unit_cost",),
    ),
    ParquetLayout(
        "documents",
        "市场/资讯.parquet",
        _headings(
            "document_no=资讯编号 url_hash=链接指纹 url=链接 kind=类别 title=标题 "
            "body=正文 language=语言 published_on=发布日期 fetched_at=采集时间 "
            "region=大区 topic=主题"
        ),
    ),
)

_MASTER, _CRM, _TARGETS = "主数据/伙伴档案.xlsx", "CRM/商机导出.xlsx", "主数据/目标.xlsx"

SHEETS = (
    SheetLayout(
        "partners",
        _MASTER,
        "伙伴",
        _headings(
            "code=伙伴编码 uscc=统一社会信用代码 name=伙伴名称 short_name=简称 "
            "type=伙伴类型 tier=等级 status=合作状态 owner=渠道经理 region=大区 "
            "territory=省份 city=城市 country=国家 phone=联系电话 email=邮箱 "
            "address=注册地址 industry_focus=主攻行业 employees=员工数 "
            "annual_revenue_wan=年营收（万元） joined_on=签约日期"
        ),
        totals=("employees", "annual_revenue_wan"),
        chinese_dates=("joined_on",),
    ),
    SheetLayout(
        "contacts",
        _MASTER,
        "联系人",
        _headings(
            "code=联系人编码 partner=伙伴编码 name=姓名 title=职务 phone=电话 "
            "email=邮箱 is_primary=主要联系人"
        ),
    ),
    SheetLayout(
        "history",
        _MASTER,
        "变更记录",
        _headings(
            "partner=伙伴编码 attribute=变更项 value=取值 valid_from=生效日期 valid_to=失效日期"
        ),
    ),
    SheetLayout(
        "opportunities",
        _CRM,
        "商机",
        _headings(
            "opp_no=商机编号 name=商机名称 partner=伙伴编码 partner_name=伙伴名称 "
            "region=大区 customer=客户编码 customer_name=客户名称 sku=产品编码 "
            "salesperson=销售员编码 amount_wan=商机金额 weighted_wan=加权金额 "
            "stage=当前阶段 outcome=结果 probability=赢率 created_on=创建日期 "
            "expected_close_on=预计成交 closed_on=关闭日期"
        ),
        groups=_headings(
            "partner=伙伴 partner_name=伙伴 region=伙伴 customer=客户与产品 "
            "customer_name=客户与产品 sku=客户与产品 salesperson=客户与产品 "
            "amount_wan=金额（万元） weighted_wan=金额（万元） stage=进展 "
            "outcome=进展 probability=进展 created_on=时间 expected_close_on=时间 "
            "closed_on=时间"
        ),
        totals=("amount_wan", "weighted_wan"),
    ),
    SheetLayout(
        "region_targets",
        _TARGETS,
        "大区目标",
        _headings("region=大区 measure=指标 period_start=月份 amount_wan=目标（万元）"),
        totals=("amount_wan",),
    ),
    SheetLayout(
        "partner_targets",
        _TARGETS,
        "伙伴目标",
        _headings("partner=伙伴编码 measure=指标 period_start=季度起始 amount_wan=目标（万元）"),
        totals=("amount_wan",),
    ),
)
