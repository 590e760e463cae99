"""The laws that are tested here hold for boosters of any size: small ones are quick."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tools.analytics.forecast import backtest, gbm

ROUNDS = 25


@pytest.fixture(autouse=True, scope="package")
def small_boosters() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for kind in tuple(gbm.ROUNDS):
            patch.setitem(gbm.ROUNDS, kind, ROUNDS)
        patch.setattr(gbm, "SMALL_ROUNDS", ROUNDS)
        patch.setattr(backtest, "SMALL_BAGS", 1)
        yield
