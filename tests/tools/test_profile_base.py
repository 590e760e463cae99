"""What partner tools share: the snapshot's facts, figures as they stand in results."""

from __future__ import annotations

import gc
import math

import numpy as np
import pandas as pd
import pytest

from leadline.types import Language, Scalar, Unit
from tests.agents.channel import Channel
from tests.tools.partner_world import PARTNERS, world
from tools.profile_base import (
    day_text,
    read_facts,
    read_table,
    rounded,
    segments_of,
    shown,
    text_or_none,
)


class TestFacts:
    def test_who_holds_them_shares_them(self) -> None:
        held = read_facts(world().snapshot)
        assert read_facts(world().snapshot) is held
        assert held.size == len(PARTNERS)

    def test_let_go_they_are_read_anew(self) -> None:
        first = read_facts(world().snapshot)
        mark = id(first.tables)
        first.tables["mark"] = pd.DataFrame()
        del first
        gc.collect()
        again = read_facts(world().snapshot)
        assert "mark" not in again.tables, mark

    def test_another_snapshot_has_facts_of_its_own(self, channel: Channel) -> None:
        held = read_facts(world().snapshot)
        other = read_facts(channel.snapshot)
        assert other is not held
        assert other.size == 10

    def test_a_missing_table_is_empty_with_days(self, channel: Channel) -> None:
        frame = read_table(channel.snapshot, "mdf_claim", ("partner_id", "claimed_on"))
        assert frame.empty
        assert pd.api.types.is_datetime64_any_dtype(frame["claimed_on"])


class TestFigures:
    @pytest.mark.parametrize(
        ("value", "unit", "expected"),
        [
            (1234.5678, Unit.MONEY, 1234.57),
            (1 / 3, Unit.RATIO, 0.333333),
            (2.6, Unit.COUNT, 3),
            (1.25, Unit.DAYS, 1.2),
            (-0.0, Unit.RATIO, 0.0),
            (math.nan, Unit.MONEY, None),
            (math.inf, Unit.RATIO, None),
            (np.float64("nan"), Unit.COUNT, None),
            (None, Unit.COUNT, None),
        ],
    )
    def test_rounded_by_unit(self, value: object, unit: Unit, expected: Scalar) -> None:
        assert rounded(value, unit) == expected

    def test_minus_zero_is_zero(self) -> None:
        assert math.copysign(1, float(rounded(-0.0, Unit.RATIO) or 0.0)) == 1

    def test_days_and_texts(self) -> None:
        assert day_text(pd.Timestamp(2026, 10, 31, 8)) == "2026-10-31"
        assert day_text(pd.NaT) is None
        assert text_or_none("x") == "x"
        assert text_or_none(None) is None
        assert text_or_none(math.nan) is None

    def test_shown_as_a_person_reads_it(self) -> None:
        assert shown(50_000.0, Unit.MONEY, "CNY", Language.ZH) == "5.00万元"
        assert shown(0.25, Unit.RATIO, None, Language.EN) == "25.00%"
        assert shown(None, Unit.DAYS, None, Language.EN) == "no data"


class TestSegments:
    def test_every_partner_has_one(self) -> None:
        found = segments_of(world())
        assert set(found) == set(PARTNERS)
        assert set(found.values()) <= {
            "high_potential",
            "stable",
            "opportunistic",
            "insufficient_history",
        }
