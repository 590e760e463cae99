"""JSON out: nothing that Python holds breaks it, and nothing becomes NaN."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.types import Unit
from server.plain_json import instant, json_text, plain


@dataclass(frozen=True)
class Pair:
    left: Decimal
    right: date


class Secretive:
    def __repr__(self) -> str:
        return "the secret"


class TestPlain:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (float("nan"), None),
            (float("inf"), None),
            (1.5, 1.5),
            (True, True),
            (Decimal("10.10"), "10.10"),
            (date(2025, 11, 20), "2025-11-20"),
            (datetime(2025, 11, 20, 8, tzinfo=UTC), "2025-11-20T08:00:00Z"),
            (Unit.MONEY, "money"),
            ((1, [2, {3}]), [1, [2, [3]]]),
            ({Unit.MONEY: Decimal(1)}, {"money": "1"}),
            (Pair(Decimal(2), date(2025, 1, 1)), {"left": "2", "right": "2025-01-01"}),
        ],
    )
    def test_by_kind(self, value: object, expected: object) -> None:
        assert plain(value) == expected

    def test_what_it_does_not_know_is_not_printed(self) -> None:
        assert plain({"a": Secretive()}) == {"a": "Secretive"}

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=20,
        )
    )
    def test_anything_becomes_json_that_reads_back(self, value: object) -> None:
        made = plain(value)
        assert json.loads(json_text(made)) == made


class TestInstant:
    def test_is_utc_and_ends_in_z(self) -> None:
        eastern = timezone(timedelta(hours=8))
        assert instant(datetime(2026, 1, 1, 8, 0, 0, 1, eastern)) == "2026-01-01T00:00:00.000001Z"
        assert instant(datetime(2026, 1, 1)) == "2026-01-01T00:00:00Z"  # noqa: DTZ001 - taken as UTC


class TestJsonText:
    def test_refuses_nan(self) -> None:
        with pytest.raises(ValueError, match="not JSON compliant"):
            json_text(float("nan"))

    def test_half_a_surrogate_pair_can_be_sent(self) -> None:
        json_text("\ud800华东").encode()
