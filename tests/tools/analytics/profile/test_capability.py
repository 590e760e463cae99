"""KPIs of capability: certificates in force, training, breadth."""

from __future__ import annotations

import math

import pytest

from tests.tools.analytics.profile.rows import Row, facts, line, lines, value, why
from tools.analytics.profile.kpi import Missing


def certificate(holder: str, subject: str, expires: str | None, **more: object) -> Row:
    row = {"holder": holder, "subject": subject, "expires_on": expires}
    return {"issued_on": "2025-01-01", **row, **more}


CERTIFICATES = [
    certificate("王", "财务云", "2027-01-01"),  # 62 days after today
    certificate("王", "供应链", "2027-06-01"),
    certificate("李", "财务云", None),
    certificate("赵", "人力云", "2026-10-31"),  # expires today: no longer in force tomorrow
    certificate("钱", "人力云", "2028-01-01", issued_on="2026-12-01"),  # not issued yet
]


class TestCertificates:
    def test_people_and_subjects_in_force(self) -> None:
        of = facts(certification=CERTIFICATES)
        assert value("certified_heads", of) == 2.0
        assert value("certified_subjects", of) == 2.0

    def test_those_that_expire_within_ninety_days(self) -> None:
        assert value("expiring_share", facts(certification=CERTIFICATES)) == pytest.approx(1 / 3)

    def test_all_expired_is_zero_heads_and_no_share(self) -> None:
        of = facts(certification=[certificate("王", "财务云", "2026-01-01")])
        assert value("certified_heads", of) == 0.0
        assert why("expiring_share", of) is Missing.UNKNOWN_PARTNER

    def test_never_certified_is_unknown(self) -> None:
        of = facts(certification=CERTIFICATES)
        assert why("certified_heads", of, partner=2) is Missing.UNKNOWN_PARTNER


class TestTraining:
    def test_attended_and_passed(self) -> None:
        results = ("通过", "通过", "未通过", None)
        rows = [{"kind": "training", "happened_on": "2026-05-01", "result": r} for r in results]
        of = facts(activity=rows)
        assert value("trainings", of) == 4.0
        assert value("training_pass_rate", of) == pytest.approx(2 / 3)


class TestBreadth:
    def test_two_industries_evenly_are_two(self) -> None:
        # customers 1 and 3 make, 2 sells: 100 to each industry
        rows = [line("2026-01-01", 60, customer_id=1), line("2026-01-02", 40, customer_id=3)]
        rows.append(line("2026-01-03", 100, customer_id=2))
        assert value("industry_breadth", facts(order_line=rows)) == pytest.approx(2.0)

    def test_unevenly_they_are_fewer(self) -> None:
        # shares 0.9 and 0.1
        rows = lines("2026-01-01", "2026-01-02", "2026-01-03", amount=30, customer_id=1)
        rows.append(line("2026-01-04", 10, customer_id=2))
        expected = math.exp(-(0.9 * math.log(0.9) + 0.1 * math.log(0.1)))
        assert value("industry_breadth", facts(order_line=rows)) == pytest.approx(expected)

    def test_product_lines(self) -> None:
        rows = [line("2026-01-01", 1, product_id=1), line("2026-01-02", 1, product_id=2)]
        rows += [line("2026-01-03", 1, product_id=2), line("2026-01-04", 1)]
        assert value("product_lines", facts(order_line=rows)) == 2.0

    def test_lines_of_unnamed_products_are_unknown_not_none(self) -> None:
        assert why("product_lines", facts(order_line=lines("2026-01-01"))) is Missing.NO_BASE
