"""The segment of each partner, walked over the last month-ends: a change must hold.

One set of groups, fitted at the as-of date, looks at every month-end of the last year. A partner
changes its segment once two looks in a row say so, or one says so clearly; so one odd month moves
nobody, and the same snapshot always tells the same history.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.analytics.profile.facts import Facts, Floats, Ints
from tools.analytics.segments.features import FEATURES, Behaviour, behaviour
from tools.analytics.segments.groups import (
    NAMED,
    RULES,
    SEGMENTS,
    Groups,
    find_groups,
    scaled,
    shares,
    squared,
)

VERSION: Final = "2"
"""Raise it whenever a figure of the table changes."""

LOOKS: Final = 12
"""Month-ends before the as-of date."""

CLEAR: Final = 0.8
"""A look that gives a new segment such a share counts at once."""

REASONS: Final = 3

UNKNOWN: Final = len(NAMED)
"""Position of insufficient_history in SEGMENTS."""


def segment_table(facts: Facts) -> pd.DataFrame:
    """One row per partner, in their order.

    Columns: `partner_id`, `segment`, `confidence` (0–1, NaN without history: how often resampled
    groups give the same name, times how near the partner lies to it), `previous_segment` and
    `since` (null before the first change seen; `since` is then the first look), `amount_12m`,
    `growth` (ratio, NaN where there is no year before), per feature `<name>__value` and
    `<name>__median` (over partners with history), and `reason_1` … `reason_3` (features, empty
    where fewer speak for the segment).
    """
    now = behaviour(facts, facts.as_of)
    groups = find_groups(now)
    table = pd.DataFrame({"partner_id": facts.ids})
    if groups is None:
        held = _nothing(facts)
        table["confidence"] = np.nan
    else:
        held = _walked(facts, now, groups)
        table["confidence"] = _confidence(now, groups, held["state"].to_numpy())
    names = [*SEGMENTS, None]
    table["segment"] = [names[at] for at in held["state"]]
    table["previous_segment"] = pd.Series([names[at] for at in held["previous"]], dtype="object")
    table["since"] = pd.to_datetime(held["since"])
    table["amount_12m"] = now.amount
    table["growth"] = now.figures["growth"]
    table["silhouette"] = np.nan if groups is None else groups.silhouette
    table["stability"] = np.nan if groups is None else groups.stability
    for name in FEATURES:
        table[f"{name}__value"] = now.figures[name]
        table[f"{name}__median"] = now.figures.loc[now.recent, name].dropna().median()
    told = _reasons(now, groups, held["state"].to_numpy())
    for place in range(REASONS):
        table[f"reason_{place + 1}"] = told[:, place]
    return table


def looks(facts: Facts) -> list[pd.Timestamp]:
    """The days looked at, oldest first, the as-of date last.

    A look needs a year of data before it.
    """
    start = facts.tables["order_line"]["order_date"].min()
    ends = pd.date_range(end=facts.as_of - pd.Timedelta(days=1), periods=LOOKS, freq="ME")
    return [*(d for d in ends if d - pd.DateOffset(months=12) >= start), facts.as_of]


def _nothing(facts: Facts) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "state": np.full(facts.size, UNKNOWN),
            "previous": np.full(facts.size, UNKNOWN + 1),
            "since": facts.as_of,
        }
    )


def _walked(facts: Facts, now: Behaviour, groups: Groups) -> pd.DataFrame:
    """State, previous state (one past UNKNOWN: none) and since when, after all looks."""
    days = looks(facts)
    size = facts.size
    state = np.full(size, UNKNOWN)
    previous = np.full(size, UNKNOWN + 1)
    since = np.full(size, days[0].to_datetime64())
    pending = np.full(size, -1)
    pending_since = since.copy()
    for number, day in enumerate(days):
        seen = now if day == now.day else behaviour(facts, day)
        near = shares(_points(seen, groups), groups.centres, groups.names)
        found = np.where(seen.history, near.argmax(axis=1), UNKNOWN)
        sure = (near.max(axis=1) >= CLEAR) | (found == UNKNOWN) | (state == UNKNOWN)
        if number == 0:
            state = found
            continue
        differs = found != state
        held = differs & (pending == found)
        fresh = differs & ~held
        pending_since = np.where(fresh, day.to_datetime64(), pending_since)
        pending = np.where(differs, found, -1)
        change = differs & (held | sure)
        previous = np.where(change, state, previous)
        since = np.where(change, pending_since, since)
        state = np.where(change, found, state)
        pending = np.where(change, -1, pending)
    return pd.DataFrame({"state": state, "previous": previous, "since": since})


def _points(seen: Behaviour, groups: Groups) -> Floats:
    """Scaled features that the groups use; those that were not known then are zero."""
    return np.nan_to_num(scaled(seen)[:, groups.columns])


def _confidence(now: Behaviour, groups: Groups, state: Ints) -> Floats:
    points = _points(now, groups)
    rows = np.arange(len(points))
    named = np.minimum(state, UNKNOWN - 1)
    near = shares(points, groups.centres, groups.names)[rows, named]
    agreed = np.zeros(len(points))
    for centres, names in groups.resampled:
        agreed += shares(points, centres, names).argmax(axis=1) == named
    sure = near * agreed / max(len(groups.resampled), 1)
    return np.where(state == UNKNOWN, np.nan, np.round(sure, 6))


def _reasons(now: Behaviour, groups: Groups | None, state: Ints) -> npt.NDArray[np.object_]:
    """The features that speak most for the partner's segment, by name, partners × REASONS.

    A feature speaks by how much nearer it brings the partner to its own group than to the nearest
    group of another name. Those of the segment's rule come first, for they are what it means.
    """
    told = np.full((len(state), REASONS), "", dtype=object)
    if groups is None:
        return told
    points = _points(now, groups)
    distance = squared(points, groups.centres)
    features = np.array([FEATURES[at] for at in groups.columns], dtype=object)
    for at, name in enumerate(NAMED):
        rows = np.flatnonzero(state == at)
        is_own = np.array([called == name for called in groups.names])
        own, other = np.flatnonzero(is_own), np.flatnonzero(~is_own)
        if not (len(rows) and len(own) and len(other)):
            continue
        mine = groups.centres[own[distance[np.ix_(rows, own)].argmin(axis=1)]]
        theirs = groups.centres[other[distance[np.ix_(rows, other)].argmin(axis=1)]]
        gain = (points[rows] - theirs) ** 2 - (points[rows] - mine) ** 2
        known = now.figures.iloc[rows][list(features)].notna().to_numpy()
        central = np.array([f in RULES[name] for f in features])
        gain = np.where(known & (gain > 0), gain + 100.0 * central, 0.0)
        best = np.argsort(-gain, axis=1, kind="stable")[:, :REASONS]
        picked = np.where(np.take_along_axis(gain, best, axis=1) > 0, features[best], "")
        told[rows, : picked.shape[1]] = picked
    return told
