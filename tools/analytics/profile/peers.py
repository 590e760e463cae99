"""Who a partner is compared with: those of its type, region and tenure, or a wider group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.analytics.profile.facts import Floats, Ints

MIN_PEERS: Final = 8
"""With fewer members that have a figure a percentile says little: the next wider group is taken."""

TENURE_YEARS: Final = (1.0, 3.0)
"""Bounds of the tenure bands: newcomers, growing, established."""

WINSOR: Final = (0.05, 0.95)

Group = Literal["type_region_tenure", "type_region", "type_tenure", "type", "all"]
GROUPS: Final[tuple[Group, ...]] = (
    "type_region_tenure",
    "type_region",
    "type_tenure",
    "type",
    "all",
)
"""Narrowest first."""

GROUP_ZH: Final[dict[Group, str]] = {
    "type_region_tenure": "同类型、同大区、同合作年限",
    "type_region": "同类型、同大区",
    "type_tenure": "同类型、同合作年限",
    "type": "同类型",
    "all": "全部伙伴",
}
GROUP_EN: Final[dict[Group, str]] = {
    "type_region_tenure": "same type, region and tenure",
    "type_region": "same type and region",
    "type_tenure": "same type and tenure",
    "type": "same type",
    "all": "all partners",
}


@dataclass(frozen=True)
class Standing:
    """How values stand among peers, arrays partners × KPIs.

    `percentile` 0…1 (share of the peers that are not better; NaN where there is no value),
    `median` of the group, `group` the index into `GROUPS` (−1 where none was large enough),
    `peers` how many members have the figure.
    """

    percentile: Floats
    median: Floats
    group: npt.NDArray[np.int8]
    peers: Ints


def peer_codes(partners: pd.DataFrame, as_of: pd.Timestamp) -> dict[Group, Ints]:
    """The group that each partner belongs to, per kind of group.

    Args:
        partners: `partner_type`, `region_id`, `joined_on`, `first_order_date`; tenure counts from
            joining, else from the first order; who has neither is in a band of its own.
        as_of: today.
    """
    begun = partners["joined_on"].fillna(partners["first_order_date"])
    years = (as_of - begun).dt.days / 365.25
    band = np.select([years.isna(), years < TENURE_YEARS[0], years < TENURE_YEARS[1]], [0, 1, 2], 3)
    keys = {"type": partners["partner_type"], "region": partners["region_id"]}
    codes = {name: pd.factorize(column)[0].astype(np.int64) + 1 for name, column in keys.items()}
    kind, region = codes["type"], codes["region"]
    wide = np.int64(max(len(partners), 1) + 1)
    return {
        "type_region_tenure": (kind * wide + region) * 4 + band,
        "type_region": kind * wide + region,
        "type_tenure": kind * 4 + band,
        "type": kind,
        "all": np.zeros(len(partners), dtype=np.int64),
    }


def standing(
    values: Floats, signs: Floats, codes: dict[Group, Ints], *, winsorised: bool = False
) -> Standing:
    """Percentile and median of every value in the narrowest group with enough members.

    Args:
        values: partners × KPIs, NaN where missing.
        signs: per KPI +1 where more is better, −1 where less is, 0 where neither (no percentile).
        codes: `peer_codes`.
        winsorised: ranks are of values drawn in to the group's 5th and 95th percentile.
    """
    shape = values.shape
    percentile, median = np.full(shape, np.nan), np.full(shape, np.nan)
    group, peers = np.full(shape, -1, np.int8), np.zeros(shape, np.int64)
    frame = pd.DataFrame(values * np.where(signs == 0, 1.0, signs))
    for index, name in enumerate(GROUPS):
        grouped = frame.groupby(codes[name])
        number = grouped.transform("count").to_numpy(dtype=np.int64)
        open_cells = np.isfinite(values) & (group < 0) & (number >= MIN_PEERS)
        if not open_cells.any():
            continue
        ranked = _drawn_in(frame, codes[name]).groupby(codes[name]) if winsorised else grouped
        rank = ranked.rank(method="average").to_numpy(dtype=np.float64)
        middle = grouped.transform("median").to_numpy(dtype=np.float64)
        share = (rank - 1.0) / np.maximum(number - 1, 1)
        percentile = np.where(open_cells, share, percentile)
        median = np.where(open_cells, middle * np.where(signs == 0, 1.0, signs), median)
        peers = np.where(open_cells, number, peers)
        group = np.where(open_cells, np.int8(index), group)
    return Standing(np.where(signs == 0, np.nan, percentile), median, group, peers)


def _drawn_in(frame: pd.DataFrame, codes: Ints) -> pd.DataFrame:
    """Values outside the 5th and 95th percentile of their group replaced by these."""
    grouped = frame.groupby(codes)
    low, high = (grouped.quantile(share).reindex(codes).to_numpy() for share in WINSOR)
    return pd.DataFrame(np.clip(frame.to_numpy(), low, high))
