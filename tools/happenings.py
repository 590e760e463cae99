"""The happenings tool: dated events of the market and the offer that explain or foretell figures.

New products, changed list prices, promotions that begin, what competitors did, tenders: one line
each, from the tables that hold them. Titles are text of others and are shown as such.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge.semantic.frames import read_frame
from leadline.access import Scope
from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["launch", "price", "competitor", "promotion", "tender"]
KINDS: Final[dict[Kind, tuple[str, str]]] = {
    "launch": ("新品上市", "new product"),
    "price": ("价格调整", "price change"),
    "competitor": ("竞品动态", "competitor"),
    "promotion": ("促销开始", "promotion begins"),
    "tender": ("招标公告", "tender"),
}
"""In the order in which they are listed."""
DEFAULT_DAYS = 7


class HappeningsArguments(BaseModel):
    """Which days (both inclusive; the last seven by default), which kinds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: date | None = Field(default=None, description="first day")
    until: date | None = Field(default=None, description="last day; today by default")
    kinds: tuple[Kind, ...] | None = Field(default=None, min_length=1)
    limit: int = Field(default=20, ge=1, le=500)

    @model_validator(mode="after")
    def _ordered(self) -> HappeningsArguments:
        if self.since and self.until and self.until < self.since:
            raise ValueError("until lies before since")
        return self


def _columns(currency: str | None) -> tuple[Column, ...]:
    return (
        Column("date", Unit.DATE, "日期", "Date"),
        Column("kind", Unit.TEXT, "类别", "Kind"),
        Column("kind_zh", Unit.TEXT, "类别", "Kind"),
        Column("kind_en", Unit.TEXT, "类别", "Kind"),
        Column("title", Unit.TEXT, "内容", "What"),
        Column("region", Unit.TEXT, "大区", "Region"),
        Column("product", Unit.TEXT, "产品", "Product"),
        Column("product_line", Unit.TEXT, "产品线", "Product line"),
        Column("old_value", Unit.MONEY, "原值", "Before", currency),
        Column("new_value", Unit.MONEY, "现值", "Now", currency),
    )


def _compute(arguments: HappeningsArguments, context: ToolContext) -> ToolResult:
    """One row per event, by kind, then the newest and the largest first."""
    import pandas as pd

    as_of = context.snapshot.as_of
    until = min(arguments.until or as_of, as_of)
    since = arguments.since or until - timedelta(days=DEFAULT_DAYS - 1)
    found: list[dict[str, Any]] = []
    for kind in arguments.kinds or tuple(KINDS):
        table = _READERS[kind](context)
        if table.empty:
            continue
        days = pd.to_datetime(table["date"])
        inside = table[(days >= pd.Timestamp(since)) & (days <= pd.Timestamp(until))]
        records = inside.assign(kind=kind).to_dict("records")
        found += [{str(k): v for k, v in row.items()} for row in records]
    order = list(KINDS)
    found.sort(
        key=lambda r: (order.index(r["kind"]), -_number(r.get("new_value")), str(r["title"]))
    )
    found.sort(
        key=lambda r: (order.index(r["kind"]), r["kind"] != "tender" and -r["date"].toordinal())
    )
    heads = _columns(context.snapshot.manifest.currency)
    rows = tuple(_row(r, heads) for r in found[: arguments.limit])
    return ToolResult(
        tool="happenings",
        arguments=arguments.model_dump(mode="json", exclude_none=True),
        model_version=context.model.version,
        snapshot=context.snapshot.number,
        scope_hash=context.scope.digest,
        as_of=as_of,
        columns=heads,
        rows=rows,
        row_count=len(found),
        truncated=len(found) > len(rows),
    )


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and value == value else 0.0  # noqa: PLR0124


def _row(record: dict[str, Any], heads: tuple[Column, ...]) -> tuple[Scalar, ...]:
    zh, en = KINDS[record["kind"]]
    record = {**record, "kind_zh": zh, "kind_en": en, "date": record["date"].date().isoformat()}
    return tuple(_cell(record.get(c.name), c) for c in heads)


def _cell(value: Any, column: Column) -> Scalar:
    if value is None or value != value:  # noqa: PLR0124 - nan
        return None
    return round(float(value), 2) if column.unit is Unit.MONEY else str(value)


def _labels(context: ToolContext, table: str, column: str = "label") -> pd.Series:
    return read_frame(context.snapshot, table, ("id", column)).set_index("id")[column]


def _launches(context: ToolContext) -> pd.DataFrame:
    """Products by the day on which they came out."""
    products = read_frame(context.snapshot, "product", ("label", "line", "launched_on"))
    products = products[products["launched_on"].notna()]
    return products.assign(title=products["label"]).rename(
        columns={"launched_on": "date", "label": "product", "line": "product_line"}
    )


def _prices(context: ToolContext) -> pd.DataFrame:
    """Prices that differ from the one before on the same list."""
    columns = ("product_id", "price_list", "price", "valid_from")
    prices = read_frame(context.snapshot, "product_price", columns)
    prices = prices[prices["valid_from"].notna()].sort_values(
        ["product_id", "price_list", "valid_from"], kind="stable"
    )
    before = prices.groupby(["product_id", "price_list"], dropna=False)["price"].shift()
    changed = prices.assign(old_value=before)
    changed = changed[before.notna() & (before != changed["price"])]
    product = changed["product_id"].map(_labels(context, "product"))
    title = product.astype("str") + " · " + changed["price_list"].astype("str")
    return changed.assign(product=product, title=title).rename(
        columns={"valid_from": "date", "price": "new_value"}
    )


def _promotions(context: ToolContext) -> pd.DataFrame:
    """Promotions by their first day."""
    found = read_frame(context.snapshot, "promotion", ("label", "category", "starts_on"))
    found = found[found["starts_on"].notna()]
    return found.rename(columns={"label": "title", "category": "product_line", "starts_on": "date"})


def _competitors(context: ToolContext) -> pd.DataFrame:
    """What competitors did, where the caller sells."""
    columns = ("competitor", "title", "happened_on", "region_id", "product_line")
    values = ("old_value", "new_value")
    found = read_frame(context.snapshot, "competitor_event", (*columns, *values), context.scope)
    title = found["title"].where(found["title"].notna(), found["competitor"])
    region = found["region_id"].map(_labels(context, "region"))
    return found.assign(title=title, region=region).rename(columns={"happened_on": "date"})


def _tenders(context: ToolContext) -> pd.DataFrame:
    """Tenders in the caller's regions, by budget."""
    columns = ("project_name", "territory_id", "budget", "published_on")
    found = read_frame(context.snapshot, "tender", columns)
    region_id = found["territory_id"].map(_labels(context, "territory", "region_id"))
    region = region_id.map(_labels(context, "region"))
    found = found.assign(region=region).rename(
        columns={"project_name": "title", "published_on": "date", "budget": "new_value"}
    )
    return found[_inside(found["region"], context.scope)]


def _inside(region: pd.Series, scope: Scope) -> pd.Series:
    """Rows of regions that the scope holds; nobody's where it is limited to partners."""
    if scope.partners is not None:
        return region.isna() & False
    return region.notna() | True if scope.regions is None else region.isin(sorted(scope.regions))


_READERS: Final = {
    "launch": _launches,
    "price": _prices,
    "competitor": _competitors,
    "promotion": _promotions,
    "tender": _tenders,
}

HAPPENINGS = Tool(
    name="happenings",
    description_zh="这段时间发生了什么：新品、调价、促销、竞品动态、招标公告",
    description_en="What happened: new products, price changes, promotions, competitors, tenders",
    arguments=HappeningsArguments,
    compute=_compute,
)
