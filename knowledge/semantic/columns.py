"""The columns of a result: names, units and what they are called in both languages."""

from __future__ import annotations

from typing import Final

from knowledge.semantic.conditions import leaves
from knowledge.semantic.connection import SnapshotDatabase
from knowledge.semantic.model import Metric
from knowledge.semantic.spec import All, Filter, QuerySpec
from leadline.evidence import Column
from leadline.types import Grain, Unit

GRAIN_LABELS: Final[dict[Grain, tuple[str, str]]] = {
    "day": ("日", "day"),
    "week": ("周", "week"),
    "month": ("月份", "month"),
    "quarter": ("季度", "quarter"),
    "half": ("半年", "half-year"),
    "year": ("年份", "year"),
}
BASE_LABELS: Final[dict[str, tuple[str, str, str]]] = {
    "previous_period": ("上期", "previous period", "环比"),
    "yoy": ("去年同期", "a year before", "同比"),
    "custom": ("对比期", "base period", "较对比期"),
}
ROLLUP_LABELS: Final[dict[str, tuple[str, str]]] = {
    "avg": ("平均", "mean"),
    "sum": ("合计", "sum"),
    "min": ("最小", "minimum"),
    "max": ("最大", "maximum"),
}


def result_columns(database: SnapshotDatabase, spec: QuerySpec) -> tuple[Column, ...]:
    """The columns of a spec's result, in the order that `spec.py` documents."""
    currency = result_currency(database, spec)
    metrics = [database.model.metrics[name] for name in spec.metrics]
    if spec.rollup is not None:
        return (*_keys(database, spec, spec.rollup.keep), *_rollup(spec, metrics, currency))
    found: list[Column] = []
    if spec.rank:
        found.append(Column("rank", Unit.COUNT, "排名", "rank"))
    found += _keys(database, spec, spec.row_keys)
    shared = {share.metric for share in spec.shares}
    for metric in metrics:
        found += _metric(spec, metric, currency)
        if metric.name in shared:
            found.append(_column(metric, "share", "占比", "share", None, Unit.RATIO))
    return tuple(found)


def result_currency(database: SnapshotDatabase, spec: QuerySpec) -> str | None:
    """The currency of the result's money: the only one there is, or the only one asked for."""
    if database.snapshot.manifest.currency is not None:
        return database.snapshot.manifest.currency
    conjuncts = spec.where.items if isinstance(spec.where, All) else leaves(spec.where)[:1]
    for item in conjuncts:
        if (
            isinstance(item, Filter)
            and (item.member, item.op) == ("currency", "in")
            and len(item.values) == 1
            and (spec.where is item or isinstance(spec.where, All))
        ):
            return str(item.values[0])
    return None


def _keys(database: SnapshotDatabase, spec: QuerySpec, names: tuple[str, ...]) -> list[Column]:
    found: list[Column] = []
    for name in names:
        if name == spec.grain:
            zh, en = GRAIN_LABELS[spec.grain]
        else:
            label = database.model.dimensions[name].label
            zh, en = label.zh, label.en
        found.append(Column(name, Unit.TEXT, zh, en))
    return found


def _metric(spec: QuerySpec, metric: Metric, currency: str | None) -> list[Column]:
    money = currency if metric.unit is Unit.MONEY else None
    found = [Column(metric.name, metric.unit, metric.label.zh, metric.label.en, money)]
    if spec.compare is None:
        return found
    if spec.compare.kind == "target":
        if metric.target_measure is not None:
            found.append(_column(metric, "target", "目标", "target", money))
            found.append(_column(metric, "attainment", "完成率", "attainment", None, Unit.RATIO))
        return found
    zh, en, rate = BASE_LABELS[spec.compare.kind]
    found.append(_column(metric, "previous", zh, en, money))
    found.append(_column(metric, "change", "变化", "change", money))
    found.append(
        _column(metric, "change_rate", f"{rate}变化率", "rate of change", None, Unit.RATIO)
    )
    return found


def _column(
    metric: Metric, figure: str, zh: str, en: str, currency: str | None, unit: Unit | None = None
) -> Column:
    return Column(
        f"{metric.name}__{figure}",
        unit or metric.unit,
        f"{metric.label.zh}（{zh}）",
        f"{metric.label.en} ({en})",
        currency,
    )


def _rollup(spec: QuerySpec, metrics: list[Metric], currency: str | None) -> list[Column]:
    function = spec.rollup.function if spec.rollup else "count"
    if function == "count":
        return [Column("count", Unit.COUNT, "个数", "count")]
    zh, en = ROLLUP_LABELS[function]
    return [
        _column(metric, function, zh, en, currency if metric.unit is Unit.MONEY else None)
        for metric in metrics
    ]
