"""The timeline: milestones and changes, newest first, nothing from the future."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from tools.analytics.profile.timeline import LARGEST, events

AS_OF = date(2026, 10, 31)
EMPTY = {
    "order_line": ("order_id", "order_no", "order_date", "amount"),
    "opportunity": ("name", "outcome", "closed_on", "amount"),
    "deal_registration": ("reg_no", "submitted_on", "conflict_of_id", "amount"),
    "certification": ("holder", "subject", "issued_on", "expires_on"),
    "sales_return": ("return_no", "returned_on", "amount", "reason"),
    "mdf_claim": ("claimed_on", "amount", "purpose"),
    "partner_history": ("attribute", "value", "valid_from"),
}


def told(joined: str | None = None, **rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    frames = {}
    for name, columns in EMPTY.items():
        frame = pd.DataFrame(rows.get(name, []), columns=list(columns))
        days = [c for c in columns if c.endswith(("_on", "_date"))]
        frames[name] = frame.assign(**{day: pd.to_datetime(frame[day]) for day in days})
    found = events(frames, joined, AS_OF)
    return [
        (
            str(row["date"])[:10],
            row["kind"],
            row["detail"],
            None if pd.isna(row["amount"]) else row["amount"],
        )
        for row in found.to_dict("records")
    ]


class TestOrders:
    def test_first_largest_and_last(self) -> None:
        rows = [(1, "A", "2026-01-01", 10.0), (2, "B", "2026-02-01", 40.0),
                (2, "B", "2026-02-01", 50.0), (3, "C", "2026-03-01", 60.0)]  # fmt: skip
        assert told(order_line=rows) == [
            ("2026-03-01", "last_order", "C", 60.0),
            ("2026-02-01", "largest_order", "B", 90.0),  # of two lines
            ("2026-01-01", "first_order", "A", 10.0),
        ]

    def test_a_single_order_is_told_once(self) -> None:
        rows = [(1, "A", "2026-01-01", 10.0)]
        assert told(order_line=rows) == [("2026-01-01", "first_order", "A", 10.0)]

    @pytest.mark.parametrize(("back", "is_told"), [("2026-04-01", False), ("2026-04-02", True)])
    def test_coming_back_after_ninety_days(self, back: str, is_told: bool) -> None:
        rows = [(1, "A", "2026-01-01", 10.0), (2, "B", back, 5.0), (3, "C", back, 5.0)]
        kinds = [kind for _, kind, _, _ in told(order_line=rows)]
        assert ("long_gap" in kinds) is is_told


class TestChanges:
    def test_what_it_was_at_first_is_no_change(self) -> None:
        rows = [("tier", "银牌", "2025-01-01"), ("tier", "金牌", "2026-01-01"),
                ("status", "合作中", "2025-01-01")]  # fmt: skip
        assert told(partner_history=rows) == [("2026-01-01", "tier", "银牌 → 金牌", None)]

    def test_the_same_again_is_no_change(self) -> None:
        rows = [("tier", "银牌", "2025-01-01"), ("tier", "银牌", "2026-01-01")]
        assert told(partner_history=rows) == []

    def test_other_attributes_are_not_told(self) -> None:
        rows = [("phone", "1", "2025-01-01"), ("phone", "2", "2026-01-01")]
        assert told(partner_history=rows) == []


class TestOthers:
    def test_each_kind_has_its_day_and_amount(self) -> None:
        found = told(
            joined="2020-01-01",
            opportunity=[("项目", "won", "2026-05-01", 7.0), ("丢", "lost", "2026-04-01", 8.0)],
            deal_registration=[("R1", "2026-03-02", None, 5.0), ("R2", "2026-03-01", 1, 6.0)],
            certification=[("王", "财务云", "2025-01-01", "2026-01-01")],
            sales_return=[("T", "2026-02-02", 3.0, "质量")],
            mdf_claim=[("2026-02-01", 4.0, "展会")],
        )
        assert found == [
            ("2026-05-01", "deal_won", "项目", 7.0),
            ("2026-04-01", "deal_lost", "丢", 8.0),
            ("2026-03-02", "registration", "R1", 5.0),
            ("2026-03-01", "conflict", "R2", 6.0),
            ("2026-02-02", "return", "质量", 3.0),
            ("2026-02-01", "mdf", "展会", 4.0),
            ("2026-01-01", "certificate_expired", "财务云", None),
            ("2025-01-01", "certificate", "财务云", None),
            ("2020-01-01", "joined", "", None),
        ]

    def test_the_future_has_not_happened(self) -> None:
        rows = [("王", "财务云", "2026-10-31", "2026-11-01")]
        assert [kind for _, kind, _, _ in told(certification=rows)] == ["certificate"]

    def test_open_deals_and_days_unknown_are_no_events(self) -> None:
        rows = [("a", "open", None, 7.0), ("b", "won", None, 7.0)]
        assert told(opportunity=rows) == []

    def test_only_the_largest_deals(self) -> None:
        rows = [(f"d{n}", "won", "2026-05-01", float(n)) for n in range(LARGEST + 5)]
        amounts = [amount for _, _, _, amount in told(opportunity=rows)]
        assert len(amounts) == LARGEST
        assert min(amounts) == 5.0

    def test_nothing_known_is_nothing_told(self) -> None:
        assert told() == []
