"""Whether a `QuerySpec` fits the model, the data and itself, before any SQL is made.

Every refusal names the member that does not fit and what could be meant or used instead.
"""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.semantic.conditions import leaves
from knowledge.semantic.connection import SnapshotDatabase
from knowledge.semantic.members import check_values, nearest
from knowledge.semantic.model import Metric, TargetOf
from knowledge.semantic.places import find_place
from knowledge.semantic.spec import Filter, MetricFilter, QuerySpec
from leadline.access import Scope
from leadline.errors import SpecError
from leadline.types import Unit

TIME_FIGURES = ("previous", "change", "change_rate")


def all_metrics(spec: QuerySpec) -> tuple[str, ...]:
    """The metrics of a spec and those that only its metric filters read."""
    hidden = (item.metric for item in spec.metric_filters)
    return tuple(dict.fromkeys([*spec.metrics, *hidden]))


def check_spec(database: SnapshotDatabase, spec: QuerySpec, scope: Scope) -> None:
    """Check everything that can be known before the query runs.

    Raises:
        SpecError: something is unknown, not allowed together, or not in this snapshot.
    """
    metrics = [_metric(database, name) for name in all_metrics(spec)]
    filters = leaves(spec.where)
    for name in dict.fromkeys([*spec.dimensions, *(f.member for f in (*filters, *spec.focus))]):
        _dimension(database, name)
    for metric in metrics:
        for name in spec.dimensions:
            _allowed(database, metric, name, "split")
        for item in filters:
            _allowed(database, metric, item.member, "filtered")
        _time_role(database, metric, spec)
        _comparable(database, metric, spec)
        _standing(database, metric, spec)
    for item in (*filters, *spec.focus):
        check_values(database, item, scope)
    _check_focus(spec.focus, spec.dimensions)
    _check_shares(database, spec)
    for wanted in spec.metric_filters:
        _check_metric_filter(database, spec, wanted)
    _check_layout(database, spec)


def _metric(database: SnapshotDatabase, name: str) -> Metric:
    metric = database.model.metrics.get(name)
    if metric is None:
        raise SpecError(
            f"there is no metric {name!r}", hint=nearest(name, list(database.model.metrics))
        )
    needed = metric
    if isinstance(metric.formula, TargetOf):
        _require(database, name, "target", "amount")
        needed = database.model.metrics[metric.formula.metric]
        if metric.formula.kind == "target":
            return metric
    for measure in needed.measures:
        table = measure.fact or needed.fact
        _require(database, name, table, measure.column or "id")
    return metric


def _require(database: SnapshotDatabase, metric: str, table: str, column: str) -> None:
    if database.has(table, column):
        return
    missing = f"{table}.{column}" if table in database.tables else f"table {table}"
    raise SpecError(
        f"this data cannot answer {metric}: {missing} is empty",
        hint="load the data it needs, or ask for another metric",
    )


def _dimension(database: SnapshotDatabase, name: str) -> None:
    found = database.model.dimensions.get(name)
    if found is None or found.kind == "date":
        known = [n for n, d in database.model.dimensions.items() if d.kind != "date"]
        raise SpecError(f"there is no dimension {name!r}", hint=nearest(name, known))


def facts_of(database: SnapshotDatabase, metric: Metric) -> tuple[str, ...]:
    """The facts whose rows a metric reads, targets apart from their level's choice."""
    if isinstance(metric.formula, TargetOf):
        actual = database.model.metrics[metric.formula.metric].facts
        return ("target", *actual) if metric.formula.kind == "attainment" else ("target",)
    return metric.facts


def _allowed(database: SnapshotDatabase, metric: Metric, name: str, verb: str) -> None:
    carried = [
        dimension
        for dimension in metric.dimensions
        if all(find_place(database, fact, dimension) for fact in facts_of(database, metric))
    ]
    if name in carried:
        return
    why = "in this data " if name in metric.dimensions else ""
    raise SpecError(
        f"{metric.name} cannot be {verb} by {name}" + (f" {why.strip()}" if why else ""),
        hint=f"it can be by: {', '.join(carried)}" if carried else "it carries no dimension",
    )


def _time_role(database: SnapshotDatabase, metric: Metric, spec: QuerySpec) -> None:
    role = spec.time.dimension if spec.time else None
    if role is None:
        return
    for fact in facts_of(database, metric):
        dates = database.model.facts[fact].dates
        if role not in dates or not database.has(fact, role):
            raise SpecError(
                f"{metric.name} has no date {role!r}", hint=f"its dates: {', '.join(dates)}"
            )
    if metric.balance == "last_snapshot" or (
        metric.balance == "open_interval" and role == "closed_on"
    ):
        raise SpecError(f"{metric.name} stands at a day; it has no date {role!r}")


def _standing(database: SnapshotDatabase, metric: Metric, spec: QuerySpec) -> None:
    """Partners without joining dates can be counted today, and at no other day."""
    if metric.balance != "registered" or database.has(metric.fact, metric.measures[0].date or ""):
        return
    end = spec.time.end_excl if spec.time else None
    past = end is not None and end <= database.as_of
    if past or spec.grain is not None or (spec.compare and spec.compare.kind != "target"):
        raise SpecError(
            f"{metric.name} is known for today only: this data has no joining dates",
            hint="ask for it without a period, or for new_partners or active_partners",
        )


def _comparable(database: SnapshotDatabase, metric: Metric, spec: QuerySpec) -> None:
    if spec.compare is None:
        return
    if spec.compare.kind == "target":
        if metric.target_measure is None and metric.name in spec.metrics:
            able = [n for n, m in database.model.metrics.items() if m.target_measure is not None]
            raise SpecError(
                f"there are no targets for {metric.name}",
                hint=f"there can be for: {', '.join(able)}",
            )
        _require(database, f"targets of {metric.name}", "target", "amount")
    elif metric.yoy == "none":
        raise SpecError(
            f"{metric.name} cannot be compared over time", hint="leave the comparison out"
        )


def _check_focus(focus: Iterable[Filter], dimensions: tuple[str, ...]) -> None:
    for item in focus:
        if item.member not in dimensions:
            raise SpecError(
                f"focus on {item.member}, which is not among the dimensions {dimensions}",
                hint="add it to the dimensions, or filter by it in `where`",
            )


def _check_shares(database: SnapshotDatabase, spec: QuerySpec) -> None:
    for share in spec.shares:
        if share.metric not in spec.metrics:
            raise SpecError(f"share of {share.metric}, which is not among the metrics")
        _known_keys("share within", share.within, spec)
        metric = database.model.metrics[share.metric]
        summed = [key for key in spec.row_keys if key not in share.within]
        if metric.additivity == "non_additive" or not set(summed).isdisjoint(
            metric.not_additive_over
        ):
            raise SpecError(
                f"{share.metric} has no shares: its parts do not add up to the total",
                hint="ask for the share of an amount or a count",
            )
        if metric.additivity == "semi_additive" and spec.grain in summed:
            raise SpecError(
                f"{share.metric} does not add up over time",
                hint=f"take the share within {spec.grain}",
            )


def _known_keys(what: str, names: Iterable[str], spec: QuerySpec) -> None:
    for name in names:
        if name not in spec.row_keys:
            raise SpecError(
                f"{what} {name!r}, which no row of the result has",
                hint=f"the rows have: {', '.join(spec.row_keys) or 'no dimension'}",
            )


def _check_metric_filter(database: SnapshotDatabase, spec: QuerySpec, wanted: MetricFilter) -> None:
    compared = spec.compare.kind if spec.compare else None
    where = f"metric filter on {wanted.metric}, {wanted.on}"
    if wanted.on in TIME_FIGURES and compared in (None, "target"):
        raise SpecError(f"{where}: nothing is compared over time", hint="add a comparison")
    if wanted.on in ("target", "attainment") and compared != "target":
        raise SpecError(f"{where}: nothing is compared with targets", hint="compare with target")
    if wanted.on == "share" and wanted.metric not in {share.metric for share in spec.shares}:
        raise SpecError(f"{where}: its share is not asked for", hint="add it to `shares`")
    if (wanted.op == "between") != (wanted.upper is not None):
        raise SpecError(f"{where}: `upper` belongs to `between` and to nothing else")
    if database.model.metrics[wanted.metric].unit is Unit.DATE:
        raise SpecError(f"{where}: a date is no number", hint="filter days_since_last_order")


def _check_layout(database: SnapshotDatabase, spec: QuerySpec) -> None:
    if spec.top_per is not None:
        _known_keys("top per", spec.top_per.within, spec)
    if spec.rollup is None:
        return
    _known_keys("rollup keeps", spec.rollup.keep, spec)
    lost = set(spec.row_keys) - set(spec.rollup.keep)
    for name in spec.metrics:
        metric = database.model.metrics[name]
        if metric.unit is Unit.DATE and spec.rollup.function in ("avg", "sum"):
            raise SpecError(f"{name} is a date: it has no {spec.rollup.function}")
        if spec.rollup.function == "sum" and (
            metric.additivity == "non_additive"
            or not lost.isdisjoint(metric.not_additive_over)
            or (metric.additivity == "semi_additive" and spec.grain in lost)
        ):
            raise SpecError(
                f"{name} does not add up over {', '.join(sorted(lost)) or 'its rows'}",
                hint="ask for it without those dimensions instead of adding rows up",
            )
