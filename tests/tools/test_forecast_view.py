"""What forecasting methods are called for people."""

from __future__ import annotations

import pytest

from tools.analytics.forecast import shares
from tools.analytics.forecast.pool import LONG_MODELS
from tools.forecast_view import METHODS, method_text


class TestMethodText:
    @pytest.mark.parametrize(
        "method", [shares.OWN, *LONG_MODELS, *(f"Share{cycle}" for cycle in shares.cycles(12))]
    )
    def test_no_method_is_shown_by_its_code(self, method: str) -> None:
        zh, en = method_text(method)
        assert method not in zh
        assert method not in en
        assert any("\u4e00" <= letter <= "\u9fff" for letter in zh)

    def test_a_scaled_method_says_so(self) -> None:
        zh, en = METHODS["DOT"]
        assert method_text("ScaledDOT") == (
            f"{zh}（按上级总量校准）",
            f"{en}, scaled to the level above",
        )

    def test_a_sum_says_what_was_summed(self) -> None:
        assert method_text("SumOf:Global + Median") == (
            "全局梯度提升模型、统计模型的中位数，由更细的预测汇总",
            "global boosted model; median of statistical models, summed from finer forecasts",
        )
