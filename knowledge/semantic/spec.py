"""`QuerySpec`: one question over the semantic model, typed.

Every planner emits it, the compiler reads it, a citation stores it. It names metrics, dimensions
and members of the model only; it holds no SQL, no table and no scope (that comes from the caller).

Members are named by their *label*, which is unique within a dimension: the name, or where two
members share a name, `name (ext_id)`.

Result columns, in this order: `rank` where asked; the time bucket (named after the grain: `day`
"2013-03-05", `week` "2013-W05", `month` "2013-03", `quarter` "2013-Q1", `half` "2013-H1", `year`
"2013"); the dimensions by name; then for each metric `m`: `m`, and where asked `m__previous`,
`m__change`, `m__change_rate`, `m__target`, `m__attainment`, `m__share`. With a rollup: the kept
dimensions, then `count`, or `m__avg`, `m__sum`, `m__min`, `m__max`.

A sum over no rows is null, a count is 0, a ratio whose denominator is zero or null is null. A row
is there if at least one fact counts for one of its metrics. Without dimensions and grain there is
always exactly one row. What has no member stands in a row of its own, with null for a label.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from leadline.types import Grain, Scalar

MODEL_CONFIG = ConfigDict(extra="forbid", frozen=True)

SetOp = Literal["in", "not_in", "contains", "is_null", "not_null"]
NumberOp = Literal["gt", "ge", "lt", "le", "eq", "ne", "between", "known"]
"""`known` keeps rows that have the figure at all (a growth ranking needs a base)."""


class Filter(BaseModel):
    """Keeps rows whose `member` (a dimension) has one of, or none of, the values.

    A row without a value has none of them: `not_in` keeps it, `in` and `contains` do not.
    `contains` finds parts of a label in any case. Values of `in` and `not_in` must be labels.
    """

    model_config = MODEL_CONFIG

    kind: Literal["filter"] = "filter"
    member: str
    op: SetOp = "in"
    values: tuple[Scalar, ...] = ()

    @model_validator(mode="after")
    def _values_fit(self) -> Filter:
        if (self.op in ("is_null", "not_null")) == bool(self.values):
            raise ValueError(f"filter on {self.member}: op {self.op} does not fit {self.values!r}")
        return self


class All(BaseModel):
    """Conjunction."""

    model_config = MODEL_CONFIG

    kind: Literal["and"] = "and"
    items: tuple[Condition, ...] = Field(min_length=1)


class Any_(BaseModel):  # noqa: N801 - `Any` is taken
    """Disjunction."""

    model_config = MODEL_CONFIG

    kind: Literal["or"] = "or"
    items: tuple[Condition, ...] = Field(min_length=1)


Condition: TypeAlias = Annotated["Filter | All | Any_", Field(discriminator="kind")]


class TimeRange(BaseModel):
    """Which days, and in which buckets.

    `start`/`end_excl` are half-open; both None means all the data. `end_excl` is the end of the
    *named* period even where it lies after the as-of date (`partial` says so); actuals stop at the
    as-of date by themselves. `dimension` picks another date of the fact (e.g. `closed_on`); due and
    expected dates may lie ahead of the as-of date and are not cut there.

    Rows without the date count only where neither a period nor a grain is asked for. Balances
    (stock, pipeline, partners on file) are taken at the last day of the period, or of each bucket,
    that is not after the as-of date. Targets belong to the period in which theirs starts; without a
    period those count that have begun.
    """

    model_config = MODEL_CONFIG

    start: date | None = None
    end_excl: date | None = None
    grain: Grain | None = None
    label: str = ""
    """What the period was called, in Chinese; `label_en` in English."""
    label_en: str = ""
    partial: bool = False
    dimension: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> TimeRange:
        if self.start and self.end_excl and self.end_excl <= self.start:
            raise ValueError(f"time range ends {self.end_excl}, not after its start {self.start}")
        return self


class Compare(BaseModel):
    """Sets each figure beside the same figure of another period, or beside its target.

    previous_period: the period of equal kind just before (`start`/`end_excl` of the base stand
    here, resolved by the planner); with a grain, the bucket before.
    yoy: one year earlier. custom: the given `start`/`end_excl`. target: the targets of the period.
    align `elapsed`: where the period is partial, the base stops after as many days as have passed;
    a base that starts one year earlier, on the same calendar day.

    With a grain, previous_period and yoy pair each bucket with the one before, or with the one of
    the same name a year earlier (29 February and week 53 may have none), and `start`/`end_excl`
    are not read; custom pairs the buckets of both periods in order. The last bucket, where it is
    under way, is aligned as above; a first bucket that starts late meets its base from that day on.

    A member of one period only stays: the missing side counts as 0 in the change of an additive
    metric; otherwise the change is null. The rate of change is change / base, null where the base
    is null, zero or negative. Metrics with yoy rule `none` cannot be compared over time.
    """

    model_config = MODEL_CONFIG

    kind: Literal["previous_period", "yoy", "custom", "target"]
    start: date | None = None
    end_excl: date | None = None
    align: Literal["elapsed", "full"] = "elapsed"


class MetricFilter(BaseModel):
    """Keeps rows by a figure. `on` picks which figure of the metric; ratios are fractions.

    The metric need not be one that the result shows. A null figure passes no filter.
    """

    model_config = MODEL_CONFIG

    metric: str
    on: Literal["value", "previous", "change", "change_rate", "share", "target", "attainment"] = (
        "value"
    )
    op: NumberOp
    value: float = 0.0
    upper: float | None = None
    """Upper bound, inclusive, for `between`."""


class Share(BaseModel):
    """The metric's share of its total over all rows, or within the groups of `within`.

    Only for metrics whose parts add up: additive ones (orders not over products), and balances
    within each bucket. `focus`, limits and metric filters do not change the total.
    """

    model_config = MODEL_CONFIG

    metric: str
    within: tuple[str, ...] = ()


class Order(BaseModel):
    """Sort by a result column; nulls last; ties break by bucket and dimensions, ascending.

    Without any order rows stand by bucket and dimensions; but where rows are ranked or cut (`rank`,
    `limit`, `top_per`), by the first metric, descending.
    """

    model_config = MODEL_CONFIG

    by: str
    direction: Literal["asc", "desc"] = "desc"


class TopPer(BaseModel):
    """Keep the first `n` rows, by `order`, within each group of `within` dimensions."""

    model_config = MODEL_CONFIG

    within: tuple[str, ...] = Field(min_length=1)
    n: int = Field(ge=1)


class Rollup(BaseModel):
    """Aggregate the finished rows once more, to their number, mean, sum or extremes.

    `keep` are dimensions (or the grain's name) that stay; `count` gives column `count`, the others
    `<metric>__<function>` for each metric. Rows with a null figure do not count towards a mean.
    `sum` only where the figures add up over what is not kept.
    """

    model_config = MODEL_CONFIG

    function: Literal["count", "avg", "sum", "min", "max"]
    keep: tuple[str, ...] = ()


class QuerySpec(BaseModel):
    """One typed question.

    Steps, in this order: where + scope + time → aggregate per fact → join → compare → shares → rank
    → metric_filters → focus → top_per → order, limit → rollup.
    """

    model_config = MODEL_CONFIG

    metrics: tuple[str, ...] = Field(min_length=1)
    dimensions: tuple[str, ...] = ()
    where: Condition | None = None
    time: TimeRange | None = None
    compare: Compare | None = None
    shares: tuple[Share, ...] = ()
    rank: bool = False
    """Place of each row by the order, from 1, equal figures alike; within the groups of `top_per`
    where there are any. Rows without the figure have none."""
    metric_filters: tuple[MetricFilter, ...] = ()
    focus: tuple[Filter, ...] = ()
    """Members to show; totals, shares and ranks still count all rows."""
    order: tuple[Order, ...] = ()
    limit: int | None = Field(default=None, ge=1)
    top_per: TopPer | None = None
    rollup: Rollup | None = None
    include_empty: bool = False
    """Also list members of the (single) dimension without a fact: additive metrics are 0 there.

    With a grain, in every bucket. Filters on what a member is itself (a partner's region or tier)
    choose which are listed; filters on facts (what was sold) do not."""

    @model_validator(mode="after")
    def _distinct(self) -> QuerySpec:
        for name, values in (("metrics", self.metrics), ("dimensions", self.dimensions)):
            if len(set(values)) != len(values):
                raise ValueError(f"{name} are repeated: {values}")
        if self.include_empty and len(self.dimensions) != 1:
            raise ValueError("include_empty needs exactly one dimension")
        return self

    def as_arguments(self) -> dict[str, object]:
        """The spec as JSON data, without what was left open."""
        return self.model_dump(mode="json", exclude_none=True)

    @property
    def grain(self) -> Grain | None:
        """The time bucket of the result, or None."""
        return self.time.grain if self.time else None

    @property
    def row_keys(self) -> tuple[str, ...]:
        """Names of the columns that identify a result row: the grain, then the dimensions."""
        return ((self.grain,) if self.grain else ()) + self.dimensions


All.model_rebuild()
Any_.model_rebuild()
QuerySpec.model_rebuild()
