"""Without LightGBM the histogram booster forecasts, and the method's name says so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tools.analytics.forecast import gbm
from tools.analytics.forecast.forecast import forecast


@pytest.fixture
def without_lightgbm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gbm, "has_lightgbm", lambda: False)


def rows(sign: float) -> pd.DataFrame:
    r = np.random.default_rng(5)
    ds = pd.date_range("2020-01-01", periods=30, freq="MS")
    parts = [
        pd.DataFrame({"unique_id": f"s{i}", "ds": ds, "y": sign * r.poisson(30 + i, 30)})
        for i in range(9)
    ]
    return pd.concat(parts, ignore_index=True)


class TestWithoutLightGBM:
    @pytest.mark.parametrize("sign", [1.0, -1.0])
    def test_it_forecasts_under_its_own_name(self, without_lightgbm: None, sign: float) -> None:
        made = forecast(rows(sign), "MS", 12, 2)
        # Means of 30 to 38: a forecast far from that would be no forecast.
        assert (made.frame["mean"] * sign).between(15, 60).all()
        assert "GlobalHistogram" in set(made.errors["method"])
        named = {gbm.told("Blend"), gbm.told("Global"), gbm.told("Median")}
        assert named == {"BlendHistogram", "GlobalHistogram", "Median"}
        assert not set(made.methods["method"]) & {"Blend", "Global"}

    def test_the_kinds_are_the_histogram_alone(self, without_lightgbm: None) -> None:
        made = forecast(rows(1.0), "MS", 12, 2)
        assert gbm.kinds_for(made.panel) == ("histogram",)


class TestWithLightGBM:
    def test_names_are_plain(self) -> None:
        assert gbm.has_lightgbm()
        assert gbm.told("Blend") == "Blend"
