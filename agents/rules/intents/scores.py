"""Health, segments and churn: where partners stand."""

# ruff: noqa: E501 - a table of words, one meaning a row

from __future__ import annotations

from agents.plan import ClarifyPlan, RefusePlan, Task
from agents.rules.context import PlannerContext
from agents.rules.draft import Note
from agents.rules.intents import asking
from agents.rules.intents.members import language, named, partner_filters, said, stray_filter
from agents.rules.intents.task import Intent, Outcome, noted, one
from agents.rules.words import Word, written

HEALTH: tuple[Word, ...] = (
    *written("tool", "health", r"健康(?:度|分|得分|评分|指数|状况|程度|情况)?(?:分|得分|评分)?|体检",
             "(?:channel )?health(?:y)?(?:[- ]?(?:scores?|index|status|check))?"),
    *written("tool", "healthiest", r"最健康", "healthiest|most healthy"),
    *written("tool", "unhealthiest", r"(?:最)?不(?:太)?健康|亚健康", "(?:most )?unhealth(?:y|iest)|least healthy|poor health|in poor health"),
)  # fmt: skip

SEGMENTS: tuple[Word, ...] = (
    *written("tool", "segment", r"分群|分层|聚类|客群|群体|(?:分成|分为|划分成?)了?(?:哪|几|多少)?(?:几)?(?:类|群|种)?|细分(?:群体)?",
             "segments?|segmented|segmentation|cluster(?:s|ing|ed)?"),
    *written("tool", "segment:high_potential", r"高潜力?(?:增长)?型?", "high[- ]potentials?(?: growth)?"),
    *written("tool", "segment:stable", r"稳定(?:贡献)?型?", "stable(?: contribut(?:ors?|ing|ion))?"),
    *written("tool", "segment:opportunistic", r"机会(?:导向)?型", "opportunistic|opportunity[- ](?:driven|oriented)"),
    *written("tool", "segment:insufficient_history", r"历史(?:数据)?不足", "insufficient history|too little history|short history"),
    *written("aid", "belongs", r"属于|归(?:为|到|属)|是什么(?:类型)?的?|什么类型的?|类型", "belong(?:s)?(?: to)?|fall(?:s)? into|type of|kind of"),
    *written("aid", "grounds", r"理由|依据", "on what grounds"),
    *written("aid", "each_kind", r"各类|每类|每一类|几类|哪几类|各群", "each kind|each type"),
)  # fmt: skip

CHURN: tuple[Word, ...] = (
    *written("tool", "churn", r"流失(?:的(?=风险|危险|概率|可能|倾向))?(?:风险|危险|概率|可能性?|倾向|预警|预测)?|离开我们|跑掉|丢掉|失去",
             "(?:may |might |could )?churn(?:ed|ing|ers?)?(?:[- ]?(?:risks?|probabilit(?:y|ies)|rate))?|risk of (?:churn(?:ing)?|leaving|losing)|leave us|leaving us|leaving|to leave|lose|losing|defect(?:ing)?|attrition|at risk of (?:churn(?:ing)?|leaving)"),
    *written("tool", "churn_model", r"流失(?:预警|预测)?(?:模型|算法)", "churn (?:prediction )?models?"),
    *written("tool", "churn:high", r"高流失风险|流失风险(?:等级)?(?:很|较|比较)?高(?:的)?|高危", "high[- ](?:churn[- ])?risk|high risk of (?:churn(?:ing)?|leaving)"),
    *written("tool", "churn:medium", r"中等?流失风险", "medium[- ](?:churn[- ])?risk"),
    *written("tool", "churn:low", r"低流失风险", "low[- ](?:churn[- ])?risk"),
    *written("tool", "churn:churned", r"已(?:经)?流失", "already churned|have churned|has churned"),
    *written("tool", "risk", r"(?<!存)有?(?:风险|危险)", "at risk|risks?|risky"),
    *written("aid", "exposure", r"(?:风险)?敞口|(?:的话)?(?:损失|影响)(?:金额)?", "exposures?|most to lose|revenue at (?:risk|stake)|impact|hurt us"),
)  # fmt: skip


def _health(task: Task, ctx: PlannerContext) -> Outcome:
    dims = task.draft.all_dims()
    split = [d for d in dims if d != "partner"]
    if "segment" in task.words:
        split.append("segment")
    if split:
        return _health_by(task, ctx, split)
    if not ctx.lexicon.labels.get("partner"):
        return asking.no_partners()
    if named(task, "region", ctx) and not _lists(task):
        return _health_by(task, ctx, ["region"])
    filters = partner_filters(task, ctx)
    if isinstance(filters, (ClarifyPlan, RefusePlan)):
        return filters
    best = "healthiest" in task.words or (
        task.draft.direction == "desc" and "unhealthiest" not in task.words
    )
    return one("health", order="best" if best else "worst", **filters)


def _health_by(task: Task, ctx: PlannerContext, split: list[str]) -> Outcome:
    stray = stray_filter(task, ctx, "region")
    if stray is not None:
        return stray
    if split not in (["region"], ["partner_type"], ["segment"]):
        return asking.ask(
            "健康度可以按大区、伙伴类型或分群汇总，不能按这个维度",
            "Health can be summed up by region, partner type or segment, not by this",
            ("各大区健康度", "Health score by region"),
            ("各伙伴类型健康度", "Health score by partner type"),
            language=language(task),
        )
    return one("health_summary", by=split[0], regions=named(task, "region", ctx))


def _lists(task: Task) -> bool:
    """Whether single partners are wanted, not how a whole region is doing."""
    draft = task.draft
    return bool(
        draft.all_dims()
        or draft.ranked
        or draft.top
        or {"healthiest", "unhealthiest"} & set(task.words)
        or any(f.dimension == "partner" for f in draft.filters)
    )


def _segments(task: Task, ctx: PlannerContext) -> Outcome:
    chosen = [w.removeprefix("segment:") for w in task.words if w.startswith("segment:")]
    partners = named(task, "partner", ctx)
    draft = task.draft
    counted = bool(draft.share or draft.rollup or draft.metrics or "counted" in task.words)
    if partners is None and (counted or not chosen):
        return _segment_summary(task, ctx)  # how many, what share: the summary has both
    if any(d != "partner" for d in task.draft.all_dims()):
        return asking.not_placed(_dims(task, ctx), language(task))
    filters = partner_filters(task, ctx)
    if isinstance(filters, (ClarifyPlan, RefusePlan)):
        return filters
    return one("segments", segments=chosen or None, **filters)


def _segment_summary(task: Task, ctx: PlannerContext) -> Outcome:
    stray = stray_filter(task, ctx, "region")
    if stray is not None:
        return stray
    if not ctx.lexicon.labels.get("partner"):
        return asking.no_partners()
    if any(d != "partner" for d in task.draft.all_dims()):
        return asking.not_placed(_dims(task, ctx), language(task))
    return one("segment_summary", regions=named(task, "region", ctx))


def _dims(task: Task, ctx: PlannerContext) -> list[str]:
    return [ctx.dimension_label(d, language(task)) for d in task.draft.all_dims() if d != "partner"]


def _churn(task: Task, ctx: PlannerContext) -> Outcome:
    if not ctx.lexicon.labels.get("partner"):
        return asking.no_partners()
    if any(d != "partner" for d in task.draft.all_dims()):
        return asking.refuse(
            "流失风险只按伙伴给出",
            "Churn risk is given for partners only",
            language=language(task),
        )
    filters = partner_filters(task, ctx)
    if isinstance(filters, (ClarifyPlan, RefusePlan)):
        return filters
    order = "exposure" if "exposure" in task.words else None
    bounds = task.draft.bounds
    least: float | None = None
    if bounds:
        bound = bounds[0].threshold
        if (
            len(bounds) > 1
            or bound.op not in ("gt", "ge")
            or not (bound.percent or bound.value <= 1)
        ):
            return asking.ask(
                "流失风险只能限定“超过百分之几”",
                "Churn risk can only be limited to more than some percent",
                language=language(task),
            )
        least = bound.value
    notes: tuple[Note, ...] = ()
    if task.draft.time is not None:
        later = task.draft.time.start is not None and task.draft.time.start > ctx.calendar.as_of
        if not later:
            return asking.ask(
                "流失风险按数据截止日评估，不能指定过去的时间",
                "Churn risk is assessed as of the data's date, not for a past period",
                ("哪些伙伴有流失风险？", "Which partners are at risk of churn?"),
                language=language(task),
            )
        notes = (
            Note(
                "流失风险按模型固定的观察期给出，不随所说的时间变化",
                "the risk is for the model's own horizon, whatever period was named",
            ),
        )
    found = one("churn", order=order, min_risk=least, band=said(task, "churn:"), **filters)
    return noted(found, *notes)


def _churn_quality(task: Task, ctx: PlannerContext) -> Outcome:
    stray = stray_filter(task, ctx)
    return stray or one("churn_quality")


def _risk(task: Task, _: PlannerContext) -> Outcome:
    return asking.ask(
        "想看哪一种风险？",
        "Which kind of risk do you mean?",
        ("哪些伙伴有流失风险？", "Which partners are at risk of churn?"),
        ("哪些产品会缺货？", "Which products will run out of stock?"),
        ("哪些产品积压？", "Which products are overstocked?"),
        ("哪些伙伴有压货嫌疑？", "Which partners show signs of channel stuffing?"),
        language=language(task),
    )


_LIST = frozenset({"filters", "dims", "top", "ranked", "each_value", "contest"})

INTENTS: tuple[Intent, ...] = (
    Intent("health", frozenset({"health", "healthiest", "unhealthiest"}), _health, aids=frozenset({"segment", "why", "grounds"}), fields=_LIST | {"outer_dims"}),
    Intent("segments", frozenset({"segment", "segment:high_potential", "segment:stable", "segment:opportunistic", "segment:insufficient_history"}), _segments, aids=frozenset({"belongs", "why", "grounds", "each_kind"}), fields=_LIST | {"outer_dims", "share", "rollup", "counted_dim", "metrics"}, counts=True),
    Intent("churn_quality", frozenset({"churn", "churn_model"}), _churn_quality, needs=frozenset({"accuracy"}), aids=frozenset({"model", "forecast"}), fields=frozenset({"filters"})),
    Intent("churn", frozenset({"churn", "churn:high", "churn:medium", "churn:low", "churn:churned"}), _churn, aids=frozenset({"future", "exposure", "risk", "recent", "severity", "why", "grounds"}), fields=_LIST | {"bounds", "time"}),
    Intent("risk", frozenset({"risk"}), _risk, fields=_LIST | {"outer_dims", "time", "metrics", "share", "growth"}),
)  # fmt: skip
