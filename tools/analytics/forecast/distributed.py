"""The pool's statsforecast call on a Dask or Ray cluster, through fugue.

The same models, frame and integer steps as on one machine; each series is fitted whole by one
worker, so the numbers do not depend on where it ran.
"""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd

from leadline.errors import InputError


def spread_out(
    engine: Any, frame: pd.DataFrame, horizon: int, backend: Literal["dask", "ray"]
) -> pd.DataFrame:
    """Run `engine.forecast` over the cluster that the process is connected to (or a local one).

    Args:
        engine: a StatsForecast with its models.
        frame: unique_id, ds (integer), y.
        horizon: steps ahead.
        backend: the cluster's kind; its client library must be installed.

    Returns:
        unique_id, ds and a column per model, as from one machine; order not kept.
    """
    if backend == "dask":
        try:
            import dask.dataframe as dd
        except ImportError as error:
            raise InputError("Dask is not installed.", hint="Add dask[distributed].") from error
        parts = max(2, min(64, frame["unique_id"].nunique() // 200))
        lazy: Any = dd
        made = engine.forecast(df=lazy.from_pandas(frame, npartitions=parts, sort=False), h=horizon)
        return pd.DataFrame(made.compute())
    try:
        import ray.data
    except ImportError as error:
        raise InputError("Ray is not installed.", hint="Add ray[data].") from error
    return pd.DataFrame(engine.forecast(df=ray.data.from_pandas(frame), h=horizon).to_pandas())
