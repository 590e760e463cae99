"""The churn quality tool: how good the risks were on later months than the model had learned."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.profile_base import day_text, read_facts, result_of, rounded, text_or_none


class ChurnQualityArguments(BaseModel):
    """Nothing to choose: one model, one test."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_COLUMNS = (
    Column("auc_pr", Unit.RATIO, "AUC-PR", "AUC-PR"),
    Column("baseline_auc_pr", Unit.RATIO, "基线 AUC-PR", "Baseline AUC-PR"),
    Column("brier", Unit.RATIO, "Brier 分", "Brier score"),
    Column("ece", Unit.RATIO, "校准误差", "Calibration error"),
    Column("lift_10", Unit.QUANTITY, "前 10% 提升", "Lift of the top 10 %"),
    Column("positives", Unit.COUNT, "测试中的流失", "Churns in the test"),
    Column("sample", Unit.COUNT, "测试样本", "Test sample"),
    Column("trained_until", Unit.DATE, "训练截至", "Trained until"),
    Column("tested_from", Unit.DATE, "测试自", "Tested from"),
    Column("tested_until", Unit.DATE, "测试至", "Tested until"),
    Column("baseline_brier", Unit.RATIO, "基线 Brier 分", "Baseline Brier score"),
    Column("baseline_lift_10", Unit.QUANTITY, "基线前 10% 提升", "Baseline lift of the top 10 %"),
    Column("model", Unit.TEXT, "模型", "Model"),
)


def _compute(arguments: ChurnQualityArguments, context: ToolContext) -> ToolResult:
    """One row, or none where the data is too short for a test.

    Figures are of the whole channel, also for who may see a part of it only: they name nobody.
    """
    from tools.analytics.churn.table import VERSION, quality_table

    found = context.once(
        "churn-quality", VERSION, lambda: quality_table(read_facts(context.snapshot))
    )
    rows: list[tuple[Scalar, ...]] = []
    for row in found.to_dict("records"):
        cells: list[Scalar] = []
        for column in _COLUMNS:
            value = row[column.name]
            if column.unit is Unit.DATE:
                cells.append(day_text(value))
            elif column.unit is Unit.TEXT:
                cells.append(text_or_none(value))
            else:
                cells.append(rounded(value, column.unit))
        rows.append(tuple(cells))
    return result_of("churn_quality", arguments, context, _COLUMNS, rows)


CHURN_QUALITY = Tool(
    name="churn_quality",
    description_zh="流失模型准不准：在训练之后的月份上与基线对比",
    description_en="How good churn risks are: tested on later months against a baseline",
    arguments=ChurnQualityArguments,
    compute=_compute,
)
