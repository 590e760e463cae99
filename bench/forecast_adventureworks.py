"""Forecast errors and coverage on AdventureWorks' reseller units: four levels, rolling origins.

Two schemes of four origins each, three months ahead: `year` (origins after 24, 27, 30 and 33
months, whose twelve months do not overlap) and `recent` (after 30, 31, 32 and 33 months). At each
origin everything is done anew from the months before it: choice of methods, intervals, sums.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from bench.measure import peak_memory_mb, report, write_results
from tools.analytics.forecast.reconcile import Level, Setup, forecast_levels, names
from tools.analytics.forecast.series import Panel

DATA = Path(os.environ.get("LEADLINE_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")
MIDDLE = Level("region × subcategory", ("region", "subcategory"))
LEVELS = (
    Level("region", ("region",)),
    Level("region × category", ("region", "category")),
    MIDDLE,
    Level("reseller × category", ("reseller", "category")),
)
TARGETS = (0.247, 0.348, 0.547, 0.609)
"""WAPE per level, as published for these data with this method."""
MONTHS = pd.date_range("2010-12-01", "2013-11-01", freq="MS")
SCHEMES = {"year": (24, 27, 30, 33), "recent": (30, 31, 32, 33)}
AHEAD = 3


def units(folder: Path) -> pd.DataFrame:
    """Units by reseller, region, category, subcategory and month (ds)."""

    def table(name: str) -> pd.DataFrame:
        return pd.read_parquet(folder / f"{name}.parquet")

    lines = table("FactResellerSales")
    for name, key in (
        ("DimReseller", "ResellerKey"),
        ("DimProduct", "ProductKey"),
        ("DimProductSubcategory", "ProductSubcategoryKey"),
        ("DimProductCategory", "ProductCategoryKey"),
        ("DimSalesTerritory", "SalesTerritoryKey"),
    ):
        other = table(name)
        new = [c for c in other.columns if c == key or c not in lines.columns]
        lines = lines.merge(other[new], on=key)
    lines["ds"] = pd.to_datetime(lines["OrderDate"]).dt.to_period("M").dt.to_timestamp()
    columns = {
        "ResellerAlternateKey": "reseller",
        "SalesTerritoryRegion": "region",
        "EnglishProductCategoryName": "category",
        "EnglishProductSubcategoryName": "subcategory",
    }
    lines = lines.rename(columns=columns).assign(y=lines["OrderQuantity"].astype(float))
    return lines.groupby([*columns.values(), "ds"])["y"].sum().reset_index()


def judge(frame: pd.DataFrame, level: Level, made: pd.DataFrame, panel: Panel) -> dict[str, float]:
    """Sums over all series and months: error, actual, forecast, naive's error, hits, values.

    Demand of series that were never seen before counts as missed; nothing was said of their bounds.
    """
    start, end = made["ds"].min(), made["ds"].max()
    came = frame.assign(unique_id=names(frame, level))
    came = came[(came["ds"] >= start) & (came["ds"] <= end)]
    actual = came.groupby(["unique_id", "ds"], as_index=False)["y"].sum()
    both = made.merge(actual, on=["unique_id", "ds"], how="outer")
    known = both["mean"].notna()
    both = both.fillna({"y": 0.0, "mean": 0.0})
    year_ago = panel.long().assign(ds=lambda x: x["ds"] + pd.DateOffset(years=1))
    naive = both[["unique_id", "ds", "y"]].merge(
        year_ago.rename(columns={"y": "naive"}), on=["unique_id", "ds"], how="left"
    )
    inside = {
        f"inside{n}": float(
            ((both["y"] >= both[f"lo-{n}"]) & (both["y"] <= both[f"hi-{n}"]))[known].sum()
        )
        for n in (80, 95)
    }
    return {
        "error": float((both["mean"] - both["y"]).abs().sum()),
        "actual": float(both["y"].sum()),
        "forecast": float(both["mean"].sum()),
        "naive_error": float((naive["naive"].fillna(0.0) - naive["y"]).abs().sum()),
        "unseen": float(both["y"][~known].sum()),
        "values": float(known.sum()),
        "series": float(len(panel)),
        **inside,
    }


def run(frame: pd.DataFrame, origins: Sequence[int], jobs: int) -> dict[str, dict[str, float]]:
    """Per level the sums of `judge` over the origins."""
    out: dict[str, dict[str, float]] = {}
    for origin in origins:
        past = frame[frame["ds"] <= MONTHS[origin - 1]]
        setup = Setup("MS", 12, AHEAD, n_jobs=jobs, end=MONTHS[origin - 1])
        made = forecast_levels(past, LEVELS, MIDDLE, setup)
        for level in LEVELS:
            result = made.by_level[level.name]
            judged = judge(frame, level, result.frame, result.panel)
            sums = out.setdefault(level.name, dict.fromkeys(judged, 0.0))
            for name, value in judged.items():
                sums[name] = max(sums[name], value) if name == "series" else sums[name] + value
        print(f"origin after {origin} months", flush=True)
    return out


def figures(sums: dict[str, float]) -> dict[str, float]:
    """The measures of a level."""
    return {
        "series": sums["series"],
        "wape": sums["error"] / sums["actual"],
        "bias": sums["forecast"] / sums["actual"] - 1,
        "coverage80": sums["inside80"] / sums["values"],
        "coverage95": sums["inside95"] / sums["values"],
        "naive_wape": sums["naive_error"] / sums["actual"],
        "unseen_share": sums["unseen"] / sums["actual"],
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run both schemes, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--scheme", choices=tuple(SCHEMES), action="append")
    chosen = parser.parse_args(arguments)
    frame = units(DATA / "adventureworks")
    started = time.perf_counter()
    results: dict[str, dict[str, dict[str, float]]] = {}
    rows: list[tuple[str, str, str]] = []
    for scheme in chosen.scheme or tuple(SCHEMES):
        sums = run(frame, SCHEMES[scheme], chosen.jobs)
        results[scheme] = {level: figures(found) for level, found in sums.items()}
        for (level, found), target in zip(results[scheme].items(), TARGETS, strict=True):
            head = f"{scheme}: {level} ({found['series']:.0f})"
            rows.append((f"{head}, WAPE", f"{found['wape']:.3f}", f"≤ {target}"))
            rows.append(("  seasonal naive's WAPE", f"{found['naive_wape']:.3f}", ""))
            rows.append(("  bias", f"{found['bias']:+.3f}", "± 0.10"))
            rows.append(("  coverage of 80 %", f"{found['coverage80']:.3f}", "0.75 – 0.85"))
            rows.append(("  coverage of 95 %", f"{found['coverage95']:.3f}", "0.90 – 1.00"))
            rows.append(("  demand of pairs never seen", f"{found['unseen_share']:.1%}", ""))
    report("AdventureWorks, reseller units, 4 origins, 3 months ahead", rows)
    facts = {"seconds": round(time.perf_counter() - started, 1), "peak_mb": peak_memory_mb()}
    print(write_results("forecast_adventureworks", {**facts, "origins": SCHEMES, **results}))


if __name__ == "__main__":
    main()
