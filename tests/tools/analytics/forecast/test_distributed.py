"""The pool on a local Dask cluster gives the numbers of one machine."""

import numpy as np
import pandas as pd
import pytest

from leadline.errors import InputError
from tools.analytics.forecast import pool
from tools.analytics.forecast.distributed import spread_out
from tools.analytics.forecast.series import read


@pytest.mark.filterwarnings("default")
def test_dask_gives_the_same_numbers():
    distributed = pytest.importorskip("distributed")
    r = np.random.default_rng(2)
    ds = pd.date_range("2020-01-01", periods=36, freq="MS")
    frame = pd.concat(
        [
            pd.DataFrame({"unique_id": f"s{i:02}", "ds": ds, "y": r.poisson(1 + 3 * i, 36) * 1.0})
            for i in range(12)
        ]
    )
    panel = read(frame, "MS", 12)
    models = ("DOT", "CES", "TSB", "IMAPA")
    alone = pool.pool(panel, 3, pool.Fitting(models))
    with distributed.Client(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ):
        spread = pool.pool(panel, 3, pool.Fitting(models, backend="dask"))
    assert set(alone) == set(spread)
    for name, values in alone.items():
        np.testing.assert_array_equal(spread[name], values, err_msg=name)


def test_a_missing_cluster_library_is_said():
    pytest.importorskip("statsforecast")
    try:
        import ray  # noqa: F401
    except ImportError:
        with pytest.raises(InputError, match="Ray is not installed"):
            spread_out(None, pd.DataFrame(), 1, "ray")
