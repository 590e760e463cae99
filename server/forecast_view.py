"""How kept forecasts look: a table for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from leadline.evidence import Column
from leadline.figures import render_figure
from leadline.types import Language, Scalar, Unit

if TYPE_CHECKING:
    from rich.console import Console

    from knowledge.warehouse.forecast_store import ForecastRun, ForecastValue

Kept = Sequence[tuple["ForecastRun", Sequence["ForecastValue"], bool]]
"""Runs with their rows, and whether each is new in the archive."""
MOST_ROWS = 8
"""Members shown per level; the rest are kept and in the JSON."""


def as_payload(kept: Kept) -> list[dict[str, object]]:
    """The runs as JSON data; days and moments as ISO text."""
    return [
        {
            "run_id": run.run_id,
            **{
                name: value.isoformat() if hasattr(value, "isoformat") else value
                for name, value in asdict(run.subject).items()
            },
            **asdict(run.quality),
            "made_at": run.made_at.isoformat(),
            "values": [
                {**asdict(value), "period_start": value.period_start.isoformat()}
                for value in values
            ],
        }
        for run, values, _ in kept
    ]


def print_forecasts(console: Console, language: Language, kept: Kept) -> None:
    """One table per level: the next month of the largest members, method and errors."""
    from rich.table import Table

    zh = language is Language.ZH
    for run, values, new in kept:
        subject = run.subject
        first = [v for v in values if v.period_start == values[0].period_start]
        first = sorted(first, key=lambda v: (-v.forecast, v.members))
        level = " × ".join(subject.level) or ("合计" if zh else "total")
        head = f"{subject.metric} · {level} · {first[0].period_start:%Y-%m}"
        table = Table(title=head, title_justify="left", title_style="bold")
        names = ("成员", "预测", "80% 区间", "方法", "回测误差")
        other = ("member", "forecast", "80% interval", "method", "backtest error")
        for name in names if zh else other:
            table.add_column(name, justify="left" if name in (names[0], other[0]) else "right")
        for value in first[:MOST_ROWS]:
            table.add_row(*_cells(value, subject.metric, language))
        console.print(table)
        console.print(_foot(run, len(first), new=new, zh=zh), highlight=False)


def _cells(value: ForecastValue, metric: str, language: Language) -> tuple[str, ...]:
    unit = Unit.MONEY if metric == "amount" else Unit.QUANTITY

    def shown(figure: Scalar, of: Unit = unit) -> str:
        return render_figure(figure, Column("figure", of, "", ""), language)

    rounded = [
        round(v, 1) for v in (value.forecast, value.lo80, value.hi80, value.lo95, value.hi95)
    ]
    return (
        " × ".join(value.members) or "–",
        shown(rounded[0]),
        f"{shown(rounded[1])} – {shown(rounded[2])}",
        value.method,
        shown(value.wape, Unit.RATIO),
    )


def _foot(run: ForecastRun, members: int, *, new: bool, zh: bool) -> str:
    quality = run.quality
    said = [
        "–" if figure is None else f"{figure:.1%}"
        for figure in (quality.wape, quality.bias, quality.coverage80, quality.coverage95)
    ]
    if zh:
        state = "已存档" if new else "此前已存档"
        return (
            f"共 {members} 个成员，回测误差 {said[0]}，偏差 {said[1]}，"
            f"80% 区间实测覆盖 {said[2]}，95% 区间 {said[3]}；{state} {run.run_id}\n"
        )
    state = "kept as" if new else "already kept as"
    return (
        f"{members} members, backtest error {said[0]}, bias {said[1]}, measured coverage of 80% "
        f"{said[2]}, of 95% {said[3]}; {state} {run.run_id}\n"
    )
