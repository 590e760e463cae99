"""The timeline tool: what happened with one partner, newest first."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.partner_filters import one_partner
from tools.profile_base import day_text, read_table, result_of, rounded

KINDS: dict[str, tuple[str, str]] = {
    "joined": ("加入渠道", "Joined the channel"),
    "first_order": ("首张订单", "First order"),
    "largest_order": ("最大一张订单", "Largest order"),
    "long_gap": ("长时间停单后恢复下单", "Ordered again after a long gap"),
    "last_order": ("最近一张订单", "Latest order"),
    "deal_won": ("赢单", "Deal won"),
    "deal_lost": ("丢单", "Deal lost"),
    "registration": ("提交报备", "Deal registered"),
    "conflict": ("报备撞单", "Registration in conflict"),
    "certificate": ("取得认证", "Certificate earned"),
    "certificate_expired": ("认证到期", "Certificate expired"),
    "return": ("退货", "Goods returned"),
    "mdf": ("申请市场基金", "MDF claimed"),
    "tier": ("等级变更", "Tier changed"),
    "status": ("状态变更", "Status changed"),
    "owner": ("负责人变更", "Owner changed"),
    "region": ("大区变更", "Region changed"),
}
"""Kinds of events, in both languages."""

TABLES = {
    "order_line": ("partner_id", "order_id", "order_no", "order_date", "amount"),
    "opportunity": ("partner_id", "name", "outcome", "closed_on", "amount"),
    "deal_registration": ("partner_id", "reg_no", "submitted_on", "conflict_of_id", "amount"),
    "certification": ("partner_id", "holder", "subject", "issued_on", "expires_on"),
    "sales_return": ("partner_id", "return_no", "returned_on", "amount", "reason"),
    "mdf_claim": ("partner_id", "claimed_on", "amount", "purpose"),
    "partner_history": ("partner_id", "attribute", "value", "valid_from"),
}


class TimelineArguments(BaseModel):
    """One partner and how many events."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partner: str = Field(description="the partner, by name")
    limit: int = Field(default=40, ge=1, le=200, description="events at most")


def _compute(arguments: TimelineArguments, context: ToolContext) -> ToolResult:
    """One row per event, newest first.

    Milestones of orders, large won and lost deals (those of a kind beyond a limit are left to the
    lists), registrations, certificates, returns, funds, changes of tier, status, owner and region.

    Raises:
        SpecError: the partner is unknown here.
    """
    from tools.analytics.profile.timeline import events

    partner = one_partner(arguments.partner, context)
    own = int(partner["partner_id"])
    frames = {}
    for name, wanted in TABLES.items():
        frame = read_table(context.snapshot, name, wanted)
        frames[name] = frame[frame["partner_id"] == own]
    found = events(frames, partner["joined_on"], context.snapshot.as_of)
    rows: list[tuple[Scalar, ...]] = []
    for row in found.head(arguments.limit).itertuples():
        zh, en = KINDS[str(row.kind)]
        detail = str(row.detail)
        rows.append(
            (
                day_text(row.date),
                str(row.kind),
                f"{zh}：{detail}" if detail else zh,
                f"{en}: {detail}" if detail else en,
                rounded(row.amount, Unit.MONEY),
                str(partner["partner"]),
            )
        )
    columns = (
        Column("date", Unit.DATE, "日期", "Date"),
        Column("kind", Unit.TEXT, "类别", "Kind"),
        Column("title_zh", Unit.TEXT, "事件", "Event (Chinese)"),
        Column("title_en", Unit.TEXT, "事件（英文）", "Event"),
        Column("amount", Unit.MONEY, "金额", "Amount", context.snapshot.manifest.currency),
        Column("partner", Unit.TEXT, "伙伴", "Partner"),
    )
    return result_of("partner_timeline", arguments, context, columns, rows, row_count=len(found))


PARTNER_TIMELINE = Tool(
    name="partner_timeline",
    description_zh="一个伙伴的大事记：订单里程碑、赢单丢单、报备、认证、退货、变更",
    description_en="What happened with one partner: orders, deals, certificates, returns, changes",
    arguments=TimelineArguments,
    compute=_compute,
)
