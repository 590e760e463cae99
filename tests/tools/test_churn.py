"""The churn tools: risks inside the scope, reasons with figures, quality against the baseline."""

from __future__ import annotations

from typing import Any

import pytest

from leadline.access import EVERYTHING, Scope
from leadline.errors import SpecError
from leadline.evidence import ToolResult
from leadline.types import Scalar
from tests.agents.channel import Channel
from tests.tools.behaving_world import LEAVING, NEVER, ONCE, STOPPING, behaving, label
from tools.churn import CHURN
from tools.churn_quality import CHURN_QUALITY
from tools.churn_words import BAND_EN, BAND_ZH, churn_reasons

EAST = Scope(regions=frozenset({"华东"}))


def rows_of(result: ToolResult) -> list[dict[str, Scalar]]:
    names = [column.name for column in result.columns]
    return [dict(zip(names, row, strict=True)) for row in result.rows]


def listed(scope: Scope = EVERYTHING, **arguments: object) -> list[dict[str, Scalar]]:
    return rows_of(CHURN.run({"limit": 200, **arguments}, behaving(scope)))


def risk(row: dict[str, Scalar], name: str = "risk") -> float:
    value = row[name]
    assert isinstance(value, (int, float))
    return float(value)


class TestList:
    def test_highest_risk_first_and_none_last(self) -> None:
        found = [row["risk"] for row in listed()]
        told = [value for value in found if isinstance(value, float)]
        assert told == sorted(told, reverse=True)
        assert found[: len(told)] == told
        assert len(found) == 63

    def test_who_leaves_comes_first(self) -> None:
        first = {row["partner"] for row in listed(band="high")}
        assert {label(number) for number in LEAVING} <= first

    def test_most_at_stake_first(self) -> None:
        stakes = [risk(row, "exposure") for row in listed(order="exposure", min_risk=0.0)]
        assert stakes == sorted(stakes, reverse=True)

    def test_exposure_is_risk_times_sales(self) -> None:
        for row in listed(min_risk=0.0):
            assert risk(row, "exposure") == pytest.approx(
                risk(row) * risk(row, "amount_12m"), abs=1.0
            )

    def test_a_least_risk_leaves_out_the_unknown(self) -> None:
        assert all(risk(row) >= 0.5 for row in listed(min_risk=0.5))

    def test_bands_in_both_languages(self) -> None:
        for row in listed():
            band = str(row["band"])
            assert (row["band_zh"], row["band_en"]) == (BAND_ZH[band], BAND_EN[band])

    def test_never_a_risk_for_one_order(self) -> None:
        (once,) = listed(partners=[label(ONCE)])
        (never,) = listed(partners=[label(NEVER)])
        assert (once["risk"], once["band"], once["usual_interval"]) == (None, "unknown", None)
        assert once["reasons_zh"] == "下单次数太少，不给概率"
        assert never["reasons_en"] == "never ordered"

    def test_who_has_churned_says_for_how_long(self) -> None:
        (row,) = listed(partners=[label(min(STOPPING))])
        assert (row["risk"], row["band"], row["exposure"]) == (None, "churned", None)
        assert str(row["days_since_last_order"]) in str(row["reasons_en"])

    def test_reasons_say_figures_and_which_way(self) -> None:
        (row,) = listed(partners=[label(LEAVING[0])])
        assert str(row["reasons_zh"]).startswith("近一季月均登录 ")
        assert "，推高风险" in str(row["reasons_zh"])
        assert "raises the risk" in str(row["reasons_en"])

    def test_segments_can_be_chosen(self) -> None:
        assert len(listed(segments=["opportunistic"])) < 63


class TestScope:
    def test_only_own_partners_with_the_same_risks(self) -> None:
        own, whole = listed(EAST), {row["partner"]: row for row in listed()}
        assert {row["region"] for row in own} == {"华东"}
        assert all(whole[row["partner"]] == row for row in own)

    def test_a_foreign_partner_is_unknown(self) -> None:
        with pytest.raises(SpecError, match="no partner"):
            listed(EAST, partners=[label(2)])


class TestWords:
    def row(self, **more: Any) -> dict[str, Any]:
        empty = {f"reason_{at}": "" for at in (1, 2, 3)}
        return {
            "band": "high",
            "days_since_last_order": 40.0,
            "usual_interval": 10.0,
            **empty,
            **more,
        }

    def told(self, at: int, name: str, pull: float, recent: float, usual: float) -> dict[str, Any]:
        return {
            f"reason_{at}": name,
            f"pull_{at}": pull,
            f"recent_{at}": recent,
            f"usual_{at}": usual,
        }

    def test_money_in_its_currency(self) -> None:
        row = self.row(**self.told(1, "amount", 1.0, 12_000.0, 30_000.0))
        zh, en = churn_reasons(row, "CNY")
        assert zh == "近一季月均额 1.20万元（自身常态 3.00万元），推高风险"
        assert en == "sales a month CNY 12,000.00 (own CNY 30,000.00), raises the risk"

    def test_what_says_the_same_is_told_once(self) -> None:
        row = self.row(
            **self.told(1, "silence", 1.0, 40.0, 10.0),
            **self.told(2, "to_limit", 0.8, 40.0, 90.0),
            **self.told(3, "logins", -0.5, 8.0, 4.0),
        )
        _, en = churn_reasons(row, None)
        assert en == (
            "last order 40 days ago (usually 10 days), raises the risk; "
            "logins a month 8 (own 4), lowers the risk"
        )

    def test_a_figure_that_is_missing_is_not_told(self) -> None:
        assert churn_reasons(self.row(**self.told(1, "logins", 1.0, 1.0, float("nan"))), None) == (
            "",
            "",
        )

    def test_no_model_is_said(self) -> None:
        zh, en = churn_reasons(self.row(band="unknown"), None)
        assert zh == "可学习的流失太少，不给概率"
        assert en == "too few churns to learn from for a probability"


class TestQuality:
    def test_one_row_of_a_test_on_later_months(self) -> None:
        (row,) = rows_of(CHURN_QUALITY.run({}, behaving()))
        assert risk(row, "auc_pr") > risk(row, "baseline_auc_pr")
        assert risk(row, "ece") <= 0.05
        assert str(row["trained_until"]) < str(row["tested_from"]) <= str(row["tested_until"])
        assert str(row["tested_until"]) < "2026-06-30"

    def test_too_short_a_history_has_no_row(self, channel: Channel) -> None:
        assert CHURN_QUALITY.run({}, channel.tools()).rows == ()

    def test_and_gives_no_risks(self, channel: Channel) -> None:
        rows = rows_of(CHURN.run({}, channel.tools()))
        assert rows
        assert all(row["risk"] is None for row in rows)
