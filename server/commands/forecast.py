"""`leadline forecast`: of the instance's snapshot by level, or of a file of series."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, cast, get_args

import typer

from leadline.errors import InputError
from server.commands.ask import DataDir

FILLS = ("auto", "zero", "interpolate")


def forecast(
    series: Annotated[
        Path | None,
        typer.Option("--series", metavar="FILE", help="CSV or Parquet: unique_id, ds, y. 序列文件"),
    ] = None,
    freq: Annotated[
        str | None, typer.Option("--freq", help="MS, QS, W-MON, D … (found if left out). 频率")
    ] = None,
    season: Annotated[
        int | None, typer.Option("--season", min=1, help="Periods per cycle. 季节周期")
    ] = None,
    horizon: Annotated[
        int | None, typer.Option("--h", "--horizon", min=1, help="Periods ahead. 预测期数")
    ] = None,
    level: Annotated[
        str, typer.Option("--level", help="Interval levels in per cent. 区间置信水平")
    ] = "80,95",
    fill: Annotated[
        str, typer.Option("--fill", metavar="auto|zero|interpolate", help="Gaps. 缺口如何填")
    ] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write here. 写入文件")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Of the global models. 随机种子")] = 0,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Processes; all by default. 进程数")
    ] = None,
    metric: Annotated[
        str, typer.Option("--metric", help="Of the snapshot: amount, quantity. 指标")
    ] = "amount,quantity",
    data_dir: DataDir = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress. 不显示进度")] = False,
) -> None:
    """Forecast with method, backtest error and intervals. 预测：方法、回测误差、区间."""
    say = _progress(quiet)
    if series is None:
        _snapshot(data_dir, metric, as_json=as_json, out=out, say=say)
        return
    if fill not in FILLS:
        raise InputError(f"--fill {fill} is none", hint=f"one of {', '.join(FILLS)}")
    from tools.forecast_file import as_csv, read_series, run_file
    from tools.forecast_file import as_json as to_json

    made = run_file(
        read_series(series),
        freq=freq,
        season=season,
        horizon=horizon,
        levels=_levels(level),
        fill=cast("Literal['auto', 'zero', 'interpolate']", fill),
        seed=seed,
        n_jobs=jobs or len(os.sched_getaffinity(0)),
        progress=say,
    )
    _write(to_json(made) + "\n" if as_json else as_csv(made), out)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")


def _snapshot(
    data_dir: Path | None,
    metric: str,
    *,
    as_json: bool,
    out: Path | None,
    say: Callable[[str], None],
) -> None:
    """Forecast the instance's snapshot by level, keep it, and show the next month.

    Raises:
        InputError: no such metric, or there are no orders with a whole month.
    """
    from agents.bootstrap import open_service
    from knowledge.warehouse.forecast_store import ForecastStore
    from leadline.access import EVERYTHING
    from leadline.settings import read_settings
    from server.forecast_view import as_payload, print_forecasts
    from tools.forecast_base import Metric
    from tools.forecast_run import forecasts_of

    metrics = tuple(part.strip() for part in metric.split(","))
    if not metrics or set(metrics) - set(get_args(Metric)):
        raise InputError(f"--metric {metric} is none", hint="amount, quantity or both")
    settings = read_settings(data_dir)
    service = open_service(settings)
    store = service.forecasts
    assert isinstance(store, ForecastStore)  # noqa: S101 - the composition root gives one
    context = service.tools(service.snapshots.current(), EVERYTHING)
    kept = []
    for made in forecasts_of(context, cast("tuple[Metric, ...]", metrics), say=say):
        run, new = store.keep(made.subject, made.quality, made.values)
        kept.append((run, made.values, new))
    service.close()
    if not kept:
        raise InputError("no orders with a whole month: nothing to forecast from")
    if as_json or out is not None:
        _write(json.dumps(as_payload(kept), ensure_ascii=False, indent=2) + "\n", out)
    if not as_json:
        from rich.console import Console

        print_forecasts(Console(), settings.language, kept)


def _levels(text: str) -> tuple[int, ...]:
    """ "80,95" → (80, 95).

    Raises:
        InputError: not whole numbers from 1 to 99.
    """
    try:
        levels = tuple(sorted({int(part) for part in text.split(",")}))
    except ValueError:
        levels = ()
    if not levels or levels[0] < 1 or levels[-1] > 99:
        raise InputError(f"--level {text} is none", hint="per cent between 1 and 99, e.g. 80,95")
    return levels


def _progress(quiet: bool) -> Callable[[str], None]:
    """Lines on stderr with the seconds since the start."""
    begun = time.monotonic()

    def say(line: str) -> None:
        if not quiet:
            typer.echo(f"{time.monotonic() - begun:6.1f} s  {line}", err=True)

    return say
