"""What the crash test runs in a process of its own: load a later state, publish it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeAlias

import sqlalchemy as sa

from knowledge.warehouse import load as loading
from knowledge.warehouse import publish as publishing
from knowledge.warehouse.load import load_batch
from knowledge.warehouse.snapshot import SnapshotStore, publish
from leadline.database import make_engine
from tests.knowledge.warehouse.batches import Row, batch

ORDERS = 120
LINES_PER_ORDER = 3
CHUNK_ROWS = 50
State: TypeAlias = Literal["before", "after"]
Point: TypeAlias = Literal[
    "first chunk", "last chunk", "committed", "first table", "before rename", "after rename"
]
"""Where the process ends itself, for the moments that a random delay would hardly meet."""


def source(state: State) -> dict[str, list[Row]]:
    """A small channel; `after` corrects rows, adds some, moves partners and has a bad row."""
    later = state == "after"
    orders = range(ORDERS + (20 if later else 0))
    lines: list[Row] = [
        {
            "ext_id": f"O{order}|{number}",
            "order_id": f"O{order}",
            "line_no": str(number),
            "product_id": f"S{(order + number) % 5}",
            "quantity": Decimal(number + 1),
            "amount": Decimal(order * 100 + number) / (8 if later and order % 3 == 0 else 4),
        }
        for order in orders
        for number in range(LINES_PER_ORDER)
    ]
    if later:
        lines.append({**lines[0], "ext_id": "X|1", "order_id": "X"})
    return {
        "region": [{"ext_id": name, "name": name} for name in ("华东", "华南")],
        "partner": [
            {
                "ext_id": f"P{n}",
                "name": f"伙伴{n}",
                "tier": "金牌" if later and n % 4 == 0 else "银牌",
                "region_id": "华南" if (later and n % 5 == 0) or n % 2 else "华东",
            }
            for n in range(40)
        ],
        "product": [{"ext_id": f"S{n}", "sku": f"S{n}", "name": f"产品{n}"} for n in range(5)],
        "sales_order": [
            {
                "ext_id": f"O{order}",
                "order_no": f"O{order}",
                "order_date": date(2026, 1 + order % 6, 1 + order % 28),
                "partner_id": f"P{order % 40}",
            }
            for order in orders
        ],
        "order_line": lines,
    }


def load_and_publish(engine: sa.Engine, store: SnapshotStore, state: State) -> None:
    """Load a state of the source and publish it, as the command does."""
    on = date(2026, 6, 30) if state == "before" else date(2026, 7, 31)
    load_batch(engine, batch(source(state), content=state, chunk_rows=CHUNK_ROWS), business_date=on)
    publish(engine, store)


def run(url: str, snapshots: Path, point: Point | None) -> None:
    """Load and publish the later state; end at `point` as if killed, where one is given."""
    engine, store = make_engine(url), SnapshotStore(snapshots)
    if point is None:
        load_and_publish(engine, store, "after")
        return
    reached = _die_at(point)
    load_batch(
        engine,
        batch(source("after"), content="after", chunk_rows=CHUNK_ROWS),
        business_date=date(2026, 7, 31),
        progress=reached,
    )
    publish(engine, store, progress=lambda table, _: _die() if point == "first table" else None)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_at(point: Point) -> Callable[[str, int], None]:
    if point == "committed":
        loading._checkpoint = lambda engine: _die()
    elif point == "before rename":
        SnapshotStore.put = lambda *_: _die()  # type: ignore[method-assign, assignment]
    elif point == "after rename":
        publishing._mark_published = lambda *_: _die()

    def reached(table: str, rows: int) -> None:
        last = (ORDERS + 20) * LINES_PER_ORDER + 1
        if point == "first chunk" or (
            point == "last chunk" and table == "order_line" and rows == last
        ):
            _die()

    return reached
