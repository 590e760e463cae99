"""M3, monthly, all 1,428 series, 18 months ahead: accuracy, coverage and time of the whole pool.

The pool sees each series' training part alone; its test part is read only to judge. OWA is the mean
of sMAPE and MASE relative to Naive2 (Makridakis and others 2020). AutoETS with its full search is
timed beside it on a sample of series and scaled up, since it alone takes many minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from bench.measure import peak_memory_mb, report, write_results
from tools.analytics.forecast.forecast import forecast
from tools.analytics.forecast.series import Floats

DATA = Path(os.environ.get("LEADLINE_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")
SEASON, AHEAD = 12, 18
END = pd.Timestamp("2000-01-01")
"""Where every training part is laid to end: the series' own dates play no part."""


def series(folder: Path) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Training and test part of every monthly series."""
    raw = json.loads((folder / "m3_data.json").read_text(encoding="utf-8"))
    named = sorted(k for k, v in raw.items() if v["period"][0].upper() == "MONTHLY")
    train = {name: np.array(raw[name]["x"], dtype=float) for name in named}
    return train, {name: np.array(raw[name]["xx"], dtype=float) for name in named}


def long(lines: dict[str, Floats]) -> pd.DataFrame:
    """unique_id, ds, y."""
    parts = [
        pd.DataFrame(
            {"unique_id": name, "ds": pd.date_range(end=END, periods=len(y), freq="MS"), "y": y}
        )
        for name, y in lines.items()
    ]
    return pd.concat(parts, ignore_index=True)


def indices(y: Floats) -> Floats:
    """Classical multiplicative seasonal indices where the season is significant, else ones."""
    n, m = len(y), SEASON
    if n < 3 * m:
        return np.ones(m)
    centred = y - y.mean()
    power = float((centred**2).sum()) or 1.0
    r = np.array([float((centred[k:] * centred[:-k]).sum()) / power for k in range(1, m + 1)])
    if abs(r[-1]) <= 1.645 * np.sqrt((1 + 2 * float((r[:-1] ** 2).sum())) / n):
        return np.ones(m)
    weights = np.r_[0.5, np.ones(m - 1), 0.5] / m
    ratio = y[m // 2 : n - m // 2] / np.convolve(y, weights, "valid")
    slot = (np.arange(len(ratio)) + m // 2) % m
    found = np.array([ratio[slot == s].mean() for s in range(m)])
    return np.asarray(found * m / found.sum(), dtype=np.float64)


def naive2(y: Floats) -> Floats:
    """The last value, seasonally adjusted and put back."""
    index = indices(y)
    steps = (len(y) + np.arange(AHEAD)) % SEASON
    return np.asarray(y[-1] / index[(len(y) - 1) % SEASON] * index[steps], dtype=np.float64)


def measure(train: dict[str, Floats], actual: Floats, made: Floats) -> tuple[float, float]:
    """SMAPE in per cent and MASE, over all series and steps."""
    scale = np.array([np.abs(y[SEASON:] - y[:-SEASON]).mean() for y in train.values()])
    smape = (200 * np.abs(made - actual) / (np.abs(made) + np.abs(actual))).mean()
    return float(smape), float((np.abs(made - actual) / scale[:, None]).mean())


def autoets(frame: pd.DataFrame, sample: int, total: int, jobs: int) -> float:
    """Seconds that AutoETS alone would take for all series, by an even sample of them."""
    from statsforecast import StatsForecast
    from statsforecast.models import AutoETS

    names = sorted(frame["unique_id"].unique())
    chosen = names[:: max(1, len(names) // sample)][:sample]
    part = frame[frame["unique_id"].isin(chosen)]
    started = time.perf_counter()
    StatsForecast([AutoETS(season_length=SEASON)], freq="MS", n_jobs=jobs).forecast(
        df=part, h=AHEAD
    )
    return (time.perf_counter() - started) * total / len(chosen)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run it once, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--autoets", type=int, default=60, help="series timed; 1428 for all")
    parser.add_argument("--series", type=int, help="only so many, for a quick look")
    chosen = parser.parse_args(arguments)
    train, test = series(DATA / "m3")
    if chosen.series:
        kept = list(train)[:: max(1, len(train) // chosen.series)][: chosen.series]
        train, test = {k: train[k] for k in kept}, {k: test[k] for k in kept}
    frame = long(train)
    load = os.getloadavg()[0]
    started, cpu = time.perf_counter(), time.process_time()
    made = forecast(
        frame, "MS", SEASON, AHEAD, n_jobs=chosen.jobs, progress=lambda s: print(s, flush=True)
    )
    wall, cpu = time.perf_counter() - started, time.process_time() - cpu
    actual = np.stack([test[name] for name in made.panel.ids])
    ordered = {name: train[name] for name in made.panel.ids}
    smape, mase = measure(ordered, actual, made.mean)
    base = measure(ordered, actual, np.stack([naive2(y) for y in ordered.values()]))
    owa = (smape / base[0] + mase / base[1]) / 2
    inside = {
        level: float(
            (
                (actual.ravel() >= made.frame[f"lo-{level}"].to_numpy())
                & (actual.ravel() <= made.frame[f"hi-{level}"].to_numpy())
            ).mean()
        )
        for level in (80, 95)
    }
    ets = autoets(frame, min(chosen.autoets, len(train)), len(train), chosen.jobs)
    facts = {
        "series": len(train),
        "jobs": chosen.jobs,
        "owa": owa,
        "smape": smape,
        "mase": mase,
        "naive2": base,
        "coverage": inside,
        "wall_s": wall,
        "cpu_s_parent": cpu,
        "load_before": load,
        "load_after": os.getloadavg()[0],
        "peak_mb": peak_memory_mb(),
        "autoets_wall_s": ets,
        "autoets_series_timed": min(chosen.autoets, len(train)),
        "methods": made.methods.to_dict("records"),
    }
    rows = [
        (f"OWA of {len(train):,} series, {AHEAD} months", f"{owa:.4f}", "≤ 0.785"),
        ("sMAPE, MASE", f"{smape:.2f}, {mase:.3f}", ""),
        ("coverage of 80 %, 95 %", f"{inside[80]:.3f}, {inside[95]:.3f}", "± 0.05"),
        (f"wall time, {chosen.jobs} processes (load before {load:.0f})", f"{wall:.0f} s", ""),
        (f"AutoETS alone, from {facts['autoets_series_timed']} series", f"{ets:.0f} s", ""),
    ]
    report("M3 monthly", rows)
    if not chosen.series:
        print(write_results("forecast_m3", facts))


if __name__ == "__main__":
    main()
