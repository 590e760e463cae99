"""Spans hold enough to see what happened, never a whole table."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from leadline.bounds import MAX_DEPTH, MAX_ITEMS, MAX_TEXT, bounded, short_text
from leadline.masking import masked
from tests.leadline.planted import planted

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
NUMBER = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON_LIKE = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=30,
)


class TestTexts:
    def test_a_short_one_stays(self) -> None:
        assert short_text("销售额" * 10) == "销售额" * 10

    def test_a_long_one_is_cut_and_says_so(self) -> None:
        cut = short_text("销" * (MAX_TEXT + 1))
        assert len(cut) == MAX_TEXT
        assert cut.endswith("… [truncated, 4001 characters]")

    def test_what_no_database_keeps_is_written_out(self) -> None:
        assert short_text("a\x00b\ud800c销") == "a\\x00b\\ud800c销"

    @given(st.integers(3900, 3990), planted())
    def test_no_half_secret_is_left_at_the_cut(self, before: int, secret: str) -> None:
        shown = masked(short_text("的" * before + " " + secret + " " + "的" * 200))
        left = shown.removeprefix("的" * before + " ").partition("[truncated")[0]
        assert not re.search(r"\d{4}|[A-Za-z0-9]{18}", left)


class TestValues:
    def test_lists_and_objects_are_cut_and_marked(self) -> None:
        cut = bounded({"rows": list(range(MAX_ITEMS + 5)), "deep": {str(n): n for n in range(70)}})
        assert isinstance(cut, dict)
        assert cut["rows"] == [*range(MAX_ITEMS), "… 5 more"]
        assert len(cut["deep"]) == MAX_ITEMS + 1
        assert cut["deep"]["…"] == "10 more"

    def test_what_json_does_not_know_becomes_text(self) -> None:
        given = {
            "day": date(2025, 1, 2),
            "price": Decimal("1.50"),
            "set": {"b", "a"},
            3: float("nan"),
        }
        assert bounded(given) == {
            "day": "2025-01-02",
            "price": "1.50",
            "set": ["a", "b"],
            "3": "nan",
        }

    def test_an_endless_nesting_ends(self) -> None:
        nested: list[object] = []
        nested.append(nested)
        assert len(json.dumps(bounded(nested))) < 1000

    @given(JSON_LIKE)
    def test_is_always_json_and_small_values_are_untouched(self, value: object) -> None:
        text = json.dumps(bounded(value))
        if len(text) < 50 and text.count("[") + text.count("{") < MAX_DEPTH:
            assert json.loads(text) == json.loads(json.dumps(value))
