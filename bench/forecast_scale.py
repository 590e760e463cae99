"""10,000 partner × product series of 36 months: seconds and peak memory; the same on a cluster.

The pool's statistical models run once on this machine and once through fugue on a local Dask
cluster; the numbers must be equal to the last bit.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from bench.measure import report, write_results
from tools.analytics.forecast import pool
from tools.analytics.forecast.forecast import forecast
from tools.analytics.forecast.series import read

MONTHS, AHEAD = 36, 3


def demand(count: int, seed: int = 11) -> pd.DataFrame:
    """Partners × ten products: levels, seasons, growth and gaps of all kinds; unique_id, ds, y."""
    r = np.random.default_rng(seed)
    t = np.arange(MONTHS)
    level = r.lognormal(1.5, 1, count)
    share = r.uniform(0.15, 0.95, count)
    phase, growth = r.integers(0, 12, count), r.normal(0.005, 0.01, count)
    season = 1 + 0.3 * np.sin(2 * np.pi * (t[None] + phase[:, None]) / 12)
    mean = level[:, None] * season * np.exp(growth[:, None] * t)
    bought = r.random((count, MONTHS)) < share[:, None]
    y = np.where(bought, r.poisson(mean / share[:, None]), 0).astype(float)
    names = [f"P{i // 10:04} × S{i % 10}" for i in range(count)]
    months = pd.date_range("2021-01-01", periods=MONTHS, freq="MS")
    return pd.DataFrame(
        {"unique_id": np.repeat(names, MONTHS), "ds": np.tile(months, count), "y": y.ravel()}
    )


def peak_mb() -> tuple[float, float]:
    """Most memory held by this process, and by the largest one that it started; MB."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return own * 1024 / 1e6, child * 1024 / 1e6


def on_dask(frame: pd.DataFrame) -> tuple[float, bool]:
    """Seconds on two Dask workers, and whether all models' numbers are those of one machine."""
    import distributed

    client: Any = distributed.Client

    panel = read(frame, "MS", 12)
    models = pool.affordable(panel, 1)
    alone = pool.pool(panel, AHEAD, pool.Fitting(models, 1))
    started = time.perf_counter()
    with (
        warnings.catch_warnings(),
        client(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None),
    ):
        warnings.simplefilter("ignore")  # Dask on pandas' coming changes
        spread = pool.pool(panel, AHEAD, pool.Fitting(models, backend="dask"))
    seconds = time.perf_counter() - started
    return seconds, all(np.array_equal(alone[name], spread[name], equal_nan=True) for name in alone)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run it, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--series", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--dask-series", type=int, default=2_000)
    chosen = parser.parse_args(arguments)
    frame = demand(chosen.series)
    load = os.getloadavg()[0]
    started = time.perf_counter()
    made = forecast(
        frame, "MS", 12, AHEAD, n_jobs=chosen.jobs, progress=lambda s: print(s, flush=True)
    )
    seconds = time.perf_counter() - started
    own, child = peak_mb()
    part = frame[frame["unique_id"].isin(list(made.panel.ids)[: chosen.dask_series])]
    dask_s, equal = on_dask(part)
    facts = {
        "series": chosen.series,
        "jobs": chosen.jobs,
        "seconds": seconds,
        "load_before": load,
        "load_after": os.getloadavg()[0],
        "peak_mb": own,
        "peak_child_mb": child,
        "dask_series": chosen.dask_series,
        "dask_seconds": dask_s,
        "dask_equal": equal,
        "methods": made.methods.to_dict("records"),
        "coverage": made.coverage.to_dict("records"),
    }
    rows = [
        (
            f"{chosen.series:,} series × {MONTHS} months, {chosen.jobs} cores",
            f"{seconds:.0f} s",
            "",
        ),
        ("  machine's load before and after", f"{load:.0f}, {facts['load_after']:.0f}", ""),
        ("  peak memory, and of the largest helper process", f"{own:.0f}, {child:.0f} MB", ""),
        (f"{chosen.dask_series:,} series on Dask, 2 workers", f"{dask_s:.0f} s", ""),
        ("  the same numbers as on one machine", "yes" if equal else "NO", "yes"),
    ]
    report("Forecasts at scale", rows)
    print(write_results("forecast_scale", facts))


if __name__ == "__main__":
    main()
