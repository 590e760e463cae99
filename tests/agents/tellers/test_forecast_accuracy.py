"""The accuracy of forecasts in words: too high or low, inside or outside, kept or worked out."""

from __future__ import annotations

import pytest

from leadline.types import Language
from tests.agents.tellers.test_forecast import changed, told, words


class TestAccuracy:
    @pytest.mark.parametrize("language", list(Language))
    @pytest.mark.parametrize("by", [[], ["region"], ["partner"]])
    def test_every_form_is_verified(self, language: Language, by: list[str]) -> None:
        telling, text = words(language, told("forecast_accuracy", by=by))
        assert "2026-Q3" in text
        assert (telling.chart is None) == (not by)

    def test_the_sign_is_a_word(self) -> None:
        item = told("forecast_accuracy")
        assert "预测偏低 12.50%" in words(Language.ZH, changed(item, error_rate=-0.125))[1]
        assert "12.50% too high" in words(Language.EN, changed(item, error_rate=0.125))[1]
        assert "偏" not in words(Language.ZH, changed(item, error_rate=None))[1]

    @pytest.mark.parametrize(
        ("inside80", "inside95", "verdict"),
        [
            (1, 1, "inside the 80% interval"),
            (0, 1, "inside the 95% interval only"),
            (0, 0, "outside the 95% interval"),
        ],
    )
    def test_which_interval_held(self, inside80: int, inside95: int, verdict: str) -> None:
        item = changed(told("forecast_accuracy"), inside80=inside80, inside95=inside95)
        assert verdict in words(Language.EN, item)[1]

    def test_a_backtest_is_called_one(self) -> None:
        item = told("forecast_accuracy")
        assert "这是回测" in words(Language.ZH, item)[1]
        kept = words(Language.ZH, changed(item, origin="stored"))[1]
        assert "回测" not in kept
        assert "当时存下的预测" in kept

    def test_members_inside_are_counted(self) -> None:
        text = words(Language.EN, told("forecast_accuracy", by=["region"]))[1]
        assert "of 2 lay inside the 80% interval" in text
