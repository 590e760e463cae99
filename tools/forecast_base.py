"""What the forecasting tools share: their arguments, the facts, and one stored table per level.

A level's table is computed over all data once per snapshot and kept; filters and scope choose among
its rows. Only what cannot be chosen that way (a partner's own share of a region) is computed anew,
from the rows inside the scope.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge.semantic.engine import members
from knowledge.semantic.frames import read_frame
from knowledge.semantic.members import nearest
from knowledge.semantic.spec import All, Any_, Condition, Filter
from leadline.access import EVERYTHING, Scope
from leadline.errors import SpecError

if TYPE_CHECKING:
    import pandas as pd

    from tools.analytics.forecast.horizon import PeriodGrain
    from tools.definition import ToolContext

Key = Literal["region", "territory", "product_category", "product_line", "partner", "product"]
Metric = Literal["amount", "quantity"]
PLACES: Final = ("region", "territory", "partner")
GOODS: Final[dict[str, str]] = {
    "product": "label",
    "product_category": "category",
    "product_line": "line",
}
MIDDLE: Final = ("region", "product_category")
"""The level to sum from where the data has both."""
NEAR: Final[dict[str, int]] = {"month": 13, "week": 13}
FAR: Final[dict[str, int]] = {"month": 26, "week": 53}
"""Periods that are forecast: near ones once for every question, further ones where asked for."""
WIDEST: Final = 2
"""Keys of the widest level that is computed over all data; more are too many thin series."""
NO_MEMBER: Final = ""
"""Stands for a missing member inside the tables; null in results."""
OUTSIDE: Final = "\x00"
"""A label that no member bears."""


class ForecastArguments(BaseModel):
    """What to forecast: a metric, the members to tell apart, and which facts count."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: Metric = Field(default="amount", description="sales amount or units")
    by: tuple[Key, ...] = Field(
        default=(), max_length=2, description="members to tell apart; none is the total"
    )
    horizon: str = Field(
        default="next_month",
        description="next_month, next_quarter, next_3_months, to_year_end, months:N or weeks:N",
        pattern=r"^(next_month|next_quarter|next_3_months|to_year_end|(months|weeks):[1-9]\d?)$",
    )
    where: Condition | None = Field(
        default=None, description="only these regions, partners, products …: in / not_in filters"
    )
    limit: int = Field(default=50, ge=1, le=1000, description="members at most, largest first")

    @model_validator(mode="after")
    def _distinct(self) -> ForecastArguments:
        if len(set(self.by)) != len(self.by):
            raise ValueError(f"by is repeated: {self.by}")
        filters_of(self.where)
        return self


def filters_of(where: Condition | None) -> tuple[Filter, ...]:
    """The conjunction's filters.

    Raises:
        ValueError: an "or", another operator, or a dimension that forecasts do not know.
    """
    if where is None:
        return ()
    if isinstance(where, All):
        return tuple(f for item in where.items for f in filters_of(item))
    if isinstance(where, Any_) or where.op not in ("in", "not_in"):
        raise ValueError("forecasts take in and not_in filters, joined by and")
    if where.member not in (*PLACES, *GOODS):
        raise ValueError(f"forecasts cannot be limited by {where.member}")
    return (where,)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that answer a question, inside the scope.

    Attributes:
        table: as `tools.analytics.forecast.table.forecast_table`, with the columns `keys`.
        keys: what the rows are told apart by: `by`, what filters name and what holds those.
        by: the columns asked for.
    """

    table: pd.DataFrame
    keys: tuple[str, ...]
    by: tuple[str, ...]


def find_rows(
    arguments: ForecastArguments, context: ToolContext, steps: int, opened: date | None = None
) -> Rows:
    """The stored rows that answer the arguments.

    Args:
        arguments: `horizon` gives the grain only.
        context: the snapshot and the scope.
        steps: how many periods ahead are needed.
        opened: forecast as on the day before this start of a period, from the data of then; from
            the first period that is not whole where None.

    Raises:
        SpecError: a member is unknown, or the data cannot be told apart as asked.
    """
    from tools.analytics.forecast.horizon import first_open

    carried = carried_keys(context)
    filters = _checked(arguments, context, carried)
    grain: PeriodGrain = "week" if arguments.horizon.startswith("weeks") else "month"
    within = regions_of(context)
    limits = filters if within is None else (*filters, within)
    keys = closure((*arguments.by, *(f.member for f in limits)), carried)
    horizon = (FAR if steps > NEAR[grain] else NEAR)[grain]
    start = opened or first_open(context.snapshot.as_of, grain)
    level = LevelOf(arguments.metric, grain, keys, horizon, start)
    middle = tuple(k for k in MIDDLE if k in carried)
    if context.scope.partners is not None or len(keys) > WIDEST:
        # Who sees some partners only gets forecasts of what they see; rare combinations likewise.
        own = closure(arguments.by, carried)
        level = replace(level, keys=middle if set(own) <= set(middle) else own, filters=filters)
        return Rows(level_table(context, level, carried, context.scope), level.keys, arguments.by)
    if set(keys) <= set(middle):
        level = replace(level, keys=middle)
    table = level_table(context, level, carried, EVERYTHING)
    for entry in limits:
        table = table.loc[table[entry.member].isin(entry.values) == (entry.op == "in")]
    return Rows(table.reset_index(drop=True), level.keys, arguments.by)


def closure(names: tuple[str, ...], carried: tuple[str, ...]) -> tuple[str, ...]:
    """The names with what holds them, in one order: every question about a level shares a table."""
    wanted = set(names)
    wanted |= {"region"} if wanted & {"territory", "partner"} else set()
    wanted |= {"product_category"} if "product" in wanted else set()
    return tuple(name for name in (*PLACES, *GOODS) if name in wanted and name in carried)


def _checked(
    arguments: ForecastArguments, context: ToolContext, carried: tuple[str, ...]
) -> tuple[Filter, ...]:
    """The filters, every dimension carried and every member known inside the scope.

    Raises:
        SpecError: one is not.
    """
    filters = filters_of(arguments.where)
    lacking = [k for k in (*arguments.by, *(f.member for f in filters)) if k not in carried]
    if lacking:
        hint = f"it can be told apart by {', '.join(carried) or 'nothing'}"
        raise SpecError(f"orders of this data have no {', '.join(lacking)}", hint=hint)
    for entry in filters:
        known = sorted(m.label for m in members(context.snapshot, entry.member, context.scope))
        for value in entry.values:
            if value not in known:
                hint = nearest(str(value), known)
                raise SpecError(f"there is no {entry.member} {value!r}", hint=hint)
    return filters


def regions_of(context: ToolContext) -> Filter | None:
    """The scope's limit on regions as a filter of labels."""
    if context.scope.regions is None:
        return None
    places = read_frame(context.snapshot, "region", ("label",), Scope(context.scope.regions))
    return Filter(member="region", values=tuple(sorted(places["label"])) or (OUTSIDE,))


def carried_keys(context: ToolContext) -> tuple[str, ...]:
    """The key columns that the snapshot's orders can be told apart by."""
    tables = context.snapshot.manifest.tables
    order = tables.get("order_line")
    if order is None:
        return ()
    found: list[str] = []
    for name in PLACES:
        column = order.columns.get(f"{name}_id")
        if name in tables and column is not None and column.nulls < order.rows:
            found.append(name)
    product = tables.get("product")
    if product is not None and "product_id" in order.columns:
        for name, attribute in GOODS.items():
            entry = product.columns.get(attribute)
            if entry is not None and entry.nulls < product.rows:
                found.append(name)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class LevelOf:
    """A level that is computed once: its metric, grain, keys, how far, and which facts count."""

    metric: Metric
    grain: PeriodGrain
    keys: tuple[str, ...]
    horizon: int
    opened: date
    filters: tuple[Filter, ...] = ()

    def name(self, scope: Scope) -> str:
        """What the table is called in the store of derived tables."""
        limits = [f.model_dump(mode="json") for f in self.filters]
        said = json.dumps([limits, scope.digest], ensure_ascii=False, sort_keys=True)
        keys = "-".join(self.keys) or "total"
        start = self.opened.strftime("%Y%m%d")
        name = f"forecast.{self.metric}.{self.grain}.{keys}.h{self.horizon}.{start}"
        if not limits and scope.unlimited:
            return name
        return f"{name}.{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def level_table(
    context: ToolContext, level: LevelOf, carried: tuple[str, ...], scope: Scope
) -> pd.DataFrame:
    """The level's table, computed first where the snapshot has none yet."""
    from tools.analytics.forecast.table import VERSION

    def compute() -> pd.DataFrame:
        from tools.analytics.forecast.table import Plan, forecast_table

        middle = tuple(k for k in MIDDLE if k in carried)
        above = None
        if level.keys != middle:
            above = level_table(context, replace(level, keys=middle), carried, scope)
        facts = read_facts(context, level.metric, (*level.keys, *middle), level.filters, scope)
        plan = Plan(level.keys, middle, level.grain, level.opened, level.horizon)
        return forecast_table(facts, plan, above, n_jobs=_jobs())

    return context.once(level.name(scope), VERSION, compute)


def _jobs() -> int:
    """Processes to fit with: all cores from a command, one from a thread of a server.

    The pool forks, and a fork of a process whose other threads hold locks never comes back.
    """
    if threading.current_thread() is not threading.main_thread():
        return 1
    return len(os.sched_getaffinity(0))


def read_facts(
    context: ToolContext,
    metric: Metric,
    keys: tuple[str, ...],
    filters: tuple[Filter, ...],
    scope: Scope,
) -> pd.DataFrame:
    """Order lines inside the scope: the keys as labels ("" where there is none), day and y."""
    import pandas as pd

    named = tuple(dict.fromkeys((*keys, *(f.member for f in filters))))
    ids = [f"{name}_id" for name in PLACES if name in named]
    ids += ["product_id"] if set(named) & set(GOODS) else []
    lines = read_frame(context.snapshot, "order_line", (*ids, "order_date", metric), scope)
    out = pd.DataFrame({"day": pd.to_datetime(lines["order_date"]), "y": lines[metric]})
    for name in named:
        table, column = (name, "label") if name in PLACES else ("product", GOODS[name])
        labels = read_frame(context.snapshot, table, ("id", column))
        of = dict(zip(labels["id"], labels[column], strict=True))
        found = lines["product_id" if name in GOODS else f"{name}_id"].map(of)
        out[name] = found.astype("object").where(found.notna(), NO_MEMBER)
    for entry in filters:
        out = out.loc[out[entry.member].isin(entry.values) == (entry.op == "in")]
    return out.dropna(subset=["day", "y"])
