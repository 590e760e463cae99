"""KPIs of engagement: logins, active days, demos, and how long ago."""

from __future__ import annotations

from tests.tools.analytics.profile.rows import Row, facts, measured, value, why
from tools.analytics.profile.kpi import Missing


def act(kind: str, day: str = "2026-05-01", **more: object) -> Row:
    return {"kind": kind, "happened_on": day, **more}


class TestLogins:
    def test_a_month_by_quantity_a_row_without_is_one(self) -> None:
        # 12 + 11 + 1 over twelve months
        rows = [act("login", quantity=12), act("login", quantity=11), act("登录")]
        assert value("logins", facts(activity=rows)) == 2.0

    def test_none_in_the_window_of_a_known_partner_is_zero(self) -> None:
        rows = [act("login", "2025-01-01", quantity=12)]
        assert value("logins", facts(activity=rows)) == 0.0

    def test_a_partner_the_source_does_not_know_is_unknown(self) -> None:
        of = facts(activity=[act("login")])
        assert why("logins", of, partner=2) is Missing.UNKNOWN_PARTNER

    def test_a_source_that_records_no_logins_cannot_say_zero(self) -> None:
        assert why("logins", facts(activity=[act("demo")])) is Missing.NO_BASE


class TestOthers:
    def test_kinds_are_counted_apart(self) -> None:
        of = facts(activity=[act("demo"), act("演示"), act("proposal"), act("visit")])
        assert [value(name, of) for name in ("demos", "proposals", "visits")] == [2.0, 1.0, 1.0]

    def test_days_with_anything(self) -> None:
        rows = [act("demo"), act("visit"), act("visit", "2026-05-02"), act("visit", "2024-01-01")]
        assert value("activity_days", facts(activity=rows)) == 2.0

    def test_days_since_the_last_one(self) -> None:
        rows = [act("demo", "2026-10-21"), act("visit", "2026-10-01")]
        assert measured("days_since_activity", facts(activity=rows))[:2] == (10.0, 2)

    def test_what_lies_ahead_is_not_yet(self) -> None:
        rows = [act("demo", "2026-10-21"), act("visit", "2026-11-20")]
        assert value("days_since_activity", facts(activity=rows)) == 10.0
