"""The tool for similar partners: who is most like this one, and in what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from leadline.evidence import Column, ToolResult
from leadline.types import Language, Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.partner_filters import one_partner, read_partners
from tools.profile_base import read_facts, result_of, rounded, shown, text_or_none

if TYPE_CHECKING:
    import pandas as pd

REASONS = 3


class SimilarArguments(BaseModel):
    """One partner, and how many others are listed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partner: str = Field(description="the partner, by name")
    limit: int = Field(default=5, ge=1, le=50, description="how many others")


_COLUMNS = (
    Column("partner", Unit.TEXT, "伙伴", "Partner"),
    Column("region", Unit.TEXT, "大区", "Region"),
    Column("similarity", Unit.RATIO, "相似度", "Similarity"),
    Column("reasons_zh", Unit.TEXT, "相似之处", "What they share (Chinese)"),
    Column("reasons_en", Unit.TEXT, "相似之处（英文）", "What they share"),
    Column("partner_type", Unit.TEXT, "伙伴类型", "Partner type"),
)


def _compute(arguments: SimilarArguments, context: ToolContext) -> ToolResult:
    """The most similar partners inside the scope, most alike first.

    Raises:
        SpecError: the partner is unknown here.
    """
    from tools.analytics.similar import VERSION, mixes, nearest_partners, scaled

    partner = one_partner(arguments.partner, context)
    own_id = int(partner["partner_id"])

    kpis = context.once("similar-kpis", VERSION, lambda: scaled(read_facts(context.snapshot)))
    mix = context.once("similar-mixes", VERSION, lambda: mixes(read_facts(context.snapshot)))
    visible = read_partners(context.snapshot, context.scope).set_index("partner_id")
    near = nearest_partners(kpis, mix, own_id)
    near = near[near["partner_id"].isin(visible.index)]
    rows: list[tuple[Scalar, ...]] = []
    for row in near.head(arguments.limit).to_dict("records"):
        other = visible.loc[row["partner_id"]]
        rows.append(
            (
                str(other["partner"]),
                text_or_none(other["region"]),
                rounded(row["similarity"], Unit.RATIO),
                *_reasons(row, partner, other, mix),
                text_or_none(other["partner_type"]),
            )
        )
    return result_of("similar_partners", arguments, context, _COLUMNS, rows, row_count=len(near))


def _reasons(
    row: dict[Any, Any], own: pd.Series, other: pd.Series, mix: pd.DataFrame
) -> tuple[str, str]:
    """What two partners share: the closest KPIs, the overlap of their mixes, their type."""
    from tools.analytics.profile.catalog import KPI_BY_NAME

    told: list[tuple[str, str]] = []
    for kind, zh, en in (
        ("line", "产品线", "product lines"),
        ("industry", "客户行业", "industries"),
    ):
        overlap = rounded(row[f"{kind}_overlap"], Unit.RATIO)
        if isinstance(overlap, float) and overlap >= 0.7:
            top = _largest_shared(mix, kind, int(own["partner_id"]), int(row["partner_id"]))
            parts = [shown(overlap, Unit.RATIO, None, lang) for lang in Language]
            told.append((f"{zh}构成重合 {parts[0]}（{top}）", f"{en} overlap {parts[1]} ({top})"))
    close = sorted(
        (float(value), str(name)[2:])
        for name, value in row.items()
        if str(name).startswith("d_") and value <= 0.5
    )
    names = [KPI_BY_NAME[name] for _, name in close[:REASONS]]
    if names:
        zh_names, en_names = (
            "、".join(k.label_zh for k in names),
            ", ".join(k.label_en for k in names),
        )
        told.append((f"{zh_names}相近", f"close in {en_names}"))
    if own["partner_type"] and own["partner_type"] == other["partner_type"]:
        kind = str(own["partner_type"])
        told.append((f"同为{kind}", f"both {kind}"))
    return "；".join(zh for zh, _ in told), "; ".join(en for _, en in told)


def _largest_shared(mix: pd.DataFrame, kind: str, first: int, second: int) -> str:
    rows = mix[mix["kind"] == kind]
    one, two = (
        rows[rows["partner_id"] == at].set_index("member")["share"] for at in (first, second)
    )
    least = one.combine(two, min).dropna()
    return str(least.sort_values(ascending=False, kind="stable").index[0])


SIMILAR_PARTNERS = Tool(
    name="similar_partners",
    description_zh="与某伙伴最相似的伙伴及相似之处",
    description_en="The partners most like one partner, and what they share",
    arguments=SimilarArguments,
    compute=_compute,
)
