"""Which partners a tool is about: the arguments that lists of partners share, and what they choose.

Names are looked up among the partners inside the caller's scope only, so a foreign partner is as
unknown as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge.semantic.frames import read_frame
from knowledge.semantic.members import nearest
from leadline.access import EVERYTHING, Scope
from leadline.errors import SpecError
from tools.definition import ToolContext

if TYPE_CHECKING:
    import pandas as pd

    from knowledge.warehouse.snapshot import Snapshot

SegmentKey = Literal["high_potential", "stable", "opportunistic", "insufficient_history"]

LIST_CAP: Final = 200
"""Rows that a list may hold when a person reads it."""

PAGE_CAP: Final = 5000
"""Rows that a list may hold when a page sorts and searches it."""

_COLUMNS: Final = {
    "id": "partner_id",
    "label": "partner",
    "name": "name",
    "ext_id": "ext_id",
    "short_name": "short_name",
    "type": "partner_type",
    "tier": "partner_tier",
    "status": "partner_status",
    "owner": "partner_owner",
    "region_id": "region_id",
    "territory_id": "territory_id",
    "joined_on": "joined_on",
    "first_order_date": "first_order_date",
    "last_order_date": "last_order_date",
}


class PartnerFilters(BaseModel):
    """Which partners a list is about, and how many rows it may have."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partners: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="only these partners, by name"
    )
    regions: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="only partners of these regions"
    )
    segments: tuple[SegmentKey, ...] | None = Field(
        default=None, min_length=1, description="only partners of these segments"
    )
    limit: int = Field(
        default=10, ge=1, le=PAGE_CAP, description="rows at most; over 200 only with everything"
    )
    everything: bool = Field(default=False, description="for pages: up to 5000 rows")

    @model_validator(mode="after")
    def _long_lists_are_meant(self) -> PartnerFilters:
        if self.limit > LIST_CAP and not self.everything:
            raise ValueError(f"a limit over {LIST_CAP} needs everything=true")
        return self


def read_partners(snapshot: Snapshot, scope: Scope = EVERYTHING) -> pd.DataFrame:
    """The partners inside the scope, one row each in the order of their ids.

    Columns: `partner_id`, `partner` (the label), `name`, `ext_id`, `short_name`, `partner_type`,
    `partner_tier`, `partner_status`, `partner_owner`, `region_id`, `region`, `territory_id`,
    `territory` (labels), `joined_on`, `first_order_date`, `last_order_date` (datetime64). What the
    data lacks is null.
    """
    import pandas as pd

    table = read_frame(snapshot, "partner", tuple(_COLUMNS), scope).rename(columns=_COLUMNS)
    for axis in ("region", "territory"):
        places = read_frame(snapshot, axis, ("id", "label"))
        labels = dict(zip(places["id"], places["label"], strict=True))
        table[axis] = table[f"{axis}_id"].map(labels).astype("object")
    for day in ("joined_on", "first_order_date", "last_order_date"):
        table[day] = pd.to_datetime(table[day])
    return table


def chosen_partners(
    filters: PartnerFilters,
    context: ToolContext,
    segment_of: Mapping[int, str] | None = None,
) -> pd.DataFrame:
    """The partners inside the scope that the filters choose, as `read_partners` gives them.

    Args:
        filters: what was asked for; `limit` is not applied here.
        context: the snapshot and the scope.
        segment_of: the segment of each partner id; needed where the filters name segments.

    Raises:
        SpecError: a partner or region is unknown here, or segments are asked for without any.
    """
    table = read_partners(context.snapshot, context.scope)
    if filters.partners is not None:
        ids = [partner_row(table, name) for name in filters.partners]
        table = table[table.index.isin(ids)]
    if filters.regions is not None:
        known = _regions(context)
        for name in filters.regions:
            if name not in known:
                raise SpecError(f"there is no region {name!r}", hint=nearest(name, sorted(known)))
        table = table[table["region"].isin(filters.regions)]
    if filters.segments is not None:
        if segment_of is None:
            raise SpecError("this data has no segments of partners", hint="leave segments out")
        table = table[table["partner_id"].map(segment_of).isin(filters.segments)]
    return table


def one_partner(name: str, context: ToolContext) -> pd.Series:
    """The partner of this name inside the scope, a row of `read_partners`.

    Raises:
        SpecError: there is none, or several bear the name; the nearest labels are the hint.
    """
    table = read_partners(context.snapshot, context.scope)
    return table.loc[[partner_row(table, name)]].iloc[0]


def partner_row(table: pd.DataFrame, name: str) -> int:
    """The index of the partner called `name`: its label, else its name, number or short name.

    Raises:
        SpecError: there is none in the table, or several bear the name.
    """
    for columns in (("partner",), ("name", "ext_id"), ("short_name",)):
        found = table[(table[list(columns)] == name).any(axis=1)]
        if len(found) > 1:
            labels = "; ".join(sorted(found["partner"]))
            raise SpecError(
                f"partner {name!r} is the name of {len(found)} partners",
                hint=f"name one of them: {labels}",
            )
        if len(found) == 1:
            return int(found.index[0])
    labels_known = sorted(str(label) for label in table["partner"].dropna())
    raise SpecError(f"there is no partner {name!r}", hint=nearest(name, labels_known))


def _regions(context: ToolContext) -> set[str]:
    """Regions inside the scope; a limit on partners leaves the regions of these partners."""
    of_partners = read_partners(context.snapshot, context.scope)["region"].dropna()
    known = {str(label) for label in of_partners}
    if context.scope.partners is None:
        regions = read_frame(context.snapshot, "region", ("label",), context.scope)
        known |= {str(label) for label in regions["label"].dropna()}
    return known
