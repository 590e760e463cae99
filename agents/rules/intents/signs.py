"""Channel stuffing, diversion, and revenue that is not what it should be."""

# ruff: noqa: E501 - a table of words, one meaning a row

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from agents.plan import ClarifyPlan, RefusePlan, Task
from agents.rules.context import PlannerContext
from agents.rules.intents import asking
from agents.rules.intents.members import language, partner_filters
from agents.rules.intents.task import Intent, Outcome, Settled, one
from agents.rules.words import Word, written

WORDS: tuple[Word, ...] = (
    *written("tool", "stuffing", r"(?:季末|期末|月末)?(?:压货|压库|囤货|塞货|冲量|冲单)",
             "(?:channel[- ])?stuff(?:ed|ing|s)?(?: (?:the|our) channel)?|load(?:ed|ing)(?: (?:up )?the channel)?|quarter[- ]end loading|channel loading"),
    *written("tool", "diversion", r"(?:跨区)?(?:窜货|串货)|跨区(?:域)?(?:销售|卖货|发货|出货)?|越区(?:销售)?",
             "divert(?:ed|ing|s)?(?: goods)?|diversion|gr[ae]y[- ]market(?:ing| sales)?|(?:sell(?:s|ing)?|sold) (?:outside|out of|beyond) (?:of )?(?:their|its|his|her) (?:own )?(?:territory|territories|region|area)|cross[- ]region selling|out[- ]of[- ]territory(?: sales)?"),
    *written("tool", "anomaly", r"(?:有)?异常(?:波动|情况|点|值|事件|现象)?|反常|不正常|可疑|离奇", "anomal(?:y|ies|ous)|unusual|abnormal(?:ities|ly)?|outliers?|irregular(?:ity|ities)?|suspicious|odd|out of the ordinary"),
    *written("stop", "anything", r"有没有|有(?:哪些|什么)", "anything|are there any|is there any"),
)  # fmt: skip


def _signs(tool: str, task: Task, ctx: PlannerContext) -> Outcome:
    if any(d != "partner" for d in task.draft.all_dims()):
        return asking.not_placed(
            [ctx.dimension_label(d, language(task)) for d in task.draft.all_dims()], language(task)
        )
    filters = partner_filters(task, ctx)
    if isinstance(filters, (ClarifyPlan, RefusePlan)):
        return filters
    return one(tool, **filters, **_window(task, ctx))


def _window(task: Task, ctx: PlannerContext) -> dict[str, object]:
    """First and last day of the named period; the last is not after the data's date."""
    time = task.draft.time
    if time is None:
        return {}
    found: dict[str, object] = {}
    if time.start is not None:
        found["since"] = time.start.isoformat()
    if time.end_excl is not None:
        last = min(time.end_excl - timedelta(days=1), ctx.calendar.as_of)
        found["until"] = last.isoformat()
    return found


def _stuffing(task: Task, ctx: PlannerContext) -> Outcome:
    return _signs("stuffing", task, ctx)


def _diversion(task: Task, ctx: PlannerContext) -> Outcome:
    return _signs("diversion", task, ctx)


def _anomalies(task: Task, ctx: PlannerContext) -> Outcome:
    if any(m != "amount" for m in task.draft.metrics):
        return asking.ask(
            "目前只检查销售额的异常",
            "Only sales are checked for anomalies",
            ("今年销售额有哪些异常？", "Which anomalies are there in sales this year?"),
            language=language(task),
        )
    by = [d for d in task.draft.all_dims() if d in _ANOMALOUS]
    if len(by) != len(task.draft.all_dims()) or len(by) > _MOST_KEYS:
        return asking.ask(
            "异常可以按伙伴、大区或产品类别查看",
            "Anomalies can be looked for by partner, region or product category",
            ("今年哪些伙伴的销售额异常？", "Which partners have unusual sales this year?"),
            ("今年哪些大区的销售额异常？", "Which regions have unusual sales this year?"),
            language=language(task),
        )
    plain = replace(task, draft=replace(task.draft, dims=[], outer_dims=[]))
    found = _signs("revenue_anomalies", plain, ctx)
    if not isinstance(found, Settled) or not by:
        return found
    return one("revenue_anomalies", by=by, **found.calls[0].arguments)


_MOST_KEYS = 2
_ANOMALOUS = ("partner", "region", "product_category")


_FIELDS = frozenset({"filters", "dims", "top", "ranked", "time"})
_AIDS = frozenset({"signs", "recent", "severity", "future", "risk"})

INTENTS: tuple[Intent, ...] = (
    Intent("stuffing", frozenset({"stuffing"}), _stuffing, aids=_AIDS, fields=_FIELDS),
    Intent("diversion", frozenset({"diversion"}), _diversion, aids=_AIDS, fields=_FIELDS),
    Intent("anomalies", frozenset({"anomaly"}), _anomalies, aids=_AIDS, fields=_FIELDS | {"metrics", "growth", "outer_dims"}),
)  # fmt: skip
