"""How much stock the demand quantile saves at the same service: `python -m bench.inventory`.

Replay: what left every place and product is taken as demand, week by week. Each week a policy
orders up to a level; the order arrives after the lead time; what cannot be served is lost. Policies
learn from the year before only and anew every four weeks:

* quantile: what `inventory_risk` plans with: the quantile of demand over lead time and review, the
  service level kept over all items together (cheap ones more, dear ones less),
* each: the same quantile with one level for every item,
* z_sigma: mean + z · σ · √(lead time + review) of the weekly demand, one level for every item.

A policy is a curve: more stock, fewer lost units. All are run over the same nominal levels, and
compared where they reach the same fill rate, the share of units served from stock. Stock is its
mean value over the replay. Then the planted boxes of the simulated channel (one overstocked in one
warehouse of head office, one short in another) are looked up in what `inventory_risk` lists.

Seeds 1 to 5 were never tuned on.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from bench.measure import report, write_results
from knowledge.semantic.frames import read_frame
from knowledge.semantic.model import load_model
from knowledge.warehouse.snapshot import Snapshot, SnapshotStore
from leadline.access import EVERYTHING
from tools.analytics.inventory.demand import NOWHERE, PLACE, Bools, Floats, Flows, Ints, flows
from tools.analytics.inventory.distribution import fitted_quantile, shared_service
from tools.analytics.inventory.lead_time import order_lead_days
from tools.definition import ToolContext
from tools.inventory_risk import INVENTORY_RISK

WEEK = 7
HISTORY, EVERY = 52, 4
"""Weeks of history, and weeks after which a policy learns anew."""
REVIEW_WEEKS = 1
ASSUMED_LEAD_DAYS = 30
LEVELS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999)
TARGETS = (0.9, 0.95, 0.97)
METHODS = ("quantile", "each", "z_sigma")
LEAST_WEEKS_WITH_DEMAND = 4


@dataclass(frozen=True)
class Demand:
    """[row, week] units asked for; [row] cost of a unit, weeks of lead time, whether own stock."""

    units: Floats
    cost: Floats
    lead: Ints
    own: Bools


def read_demand(snapshot: Snapshot) -> Demand:
    """Weekly outflow of every place and product with a whole history, over all the data."""
    columns = ("snapshot_date", *PLACE, "units_balance", "units_in", "units_out", "unit_cost")
    counts = read_frame(snapshot, "inventory_snapshot", columns)
    last = pd.Timestamp(snapshot.as_of)
    counts = counts[counts["snapshot_date"] <= last]
    back = (last - counts["snapshot_date"]).dt.days // WEEK
    counts = counts.assign(snapshot_date=last - pd.to_timedelta(back * WEEK, unit="D"))
    weekly = counts.groupby([*PLACE, "snapshot_date"], dropna=False, as_index=False).agg(
        units_balance=("units_balance", "last"),
        units_in=("units_in", "sum"),
        units_out=("units_out", "sum"),
        unit_cost=("unit_cost", "mean"),
    )
    flow = flows(weekly, last, history_days=(int(back.max()) + 1) * WEEK)
    cost = flow.keys["unit_cost"].to_numpy(dtype=np.float64)
    units = np.nan_to_num(flow.demand)
    busy = (units[:, :HISTORY] > 0).sum(axis=1) >= LEAST_WEEKS_WITH_DEMAND
    rows = busy & np.isfinite(flow.demand).all(axis=1) & np.isfinite(cost)
    own = flow.keys["partner_id"].to_numpy() == NOWHERE
    lines = read_frame(snapshot, "order_line", ("product_id", "order_date", "ship_date"))
    _, shipped = order_lead_days(lines)
    days = np.where(own | (shipped is None), ASSUMED_LEAD_DAYS, shipped or ASSUMED_LEAD_DAYS)
    lead = np.maximum(np.rint(days / WEEK), 1).astype(np.int64)
    return Demand(units[rows], cost[rows], lead[rows], own[rows])


def order_up_to(demand: Demand, week: int, method: str) -> Floats:
    """[level, row] how much to order up to, from the year before the week."""
    history = demand.units[:, week - HISTORY : week]
    weeks = demand.lead + REVIEW_WEEKS
    if method == "z_sigma":
        z = np.array([NormalDist().inv_cdf(level) for level in LEVELS])
        spread = history.std(axis=1, ddof=1) * np.sqrt(weeks)
        return np.asarray(np.maximum(history.mean(axis=1) * weeks + z[:, None] * spread, 0.0))
    keys = pd.DataFrame({"on_hand": np.zeros(len(history))})
    flow = Flows(keys, WEEK, history, np.zeros_like(history), np.ones_like(history))
    found = []
    for level in LEVELS:
        shares = np.full(len(history), level)
        if method == "quantile":
            mean = np.asarray(history.mean(axis=1), dtype=np.float64)
            shares = shared_service(level, mean, demand.cost, demand.own)
        found.append(fitted_quantile(flow, np.asarray(weeks * WEEK, dtype=np.float64), shares))
    return np.array(found)


def replay(demand: Demand, method: str) -> tuple[Floats, Floats]:
    """[level] mean stock value and [level] fill rate (units) of one policy."""
    rows, weeks = demand.units.shape
    coming = np.zeros((len(LEVELS), rows, weeks + int(demand.lead.max()) + 1))
    level = order_up_to(demand, HISTORY, method)
    stock = np.ceil(level)
    value, served, asked = np.zeros(len(LEVELS)), np.zeros(len(LEVELS)), 0.0
    every = np.arange(rows)
    for week in range(HISTORY, weeks):
        if (week - HISTORY) % EVERY == 0:
            level = order_up_to(demand, week, method)
        stock = stock + coming[:, :, week]
        gone = np.minimum(demand.units[:, week], stock)
        stock = stock - gone
        served += gone.sum(axis=1)
        asked += float(demand.units[:, week].sum())
        on_order = coming[:, :, week + 1 :].sum(axis=2)
        ordered = np.ceil(np.maximum(level - stock - on_order, 0.0))
        coming[:, every, week + demand.lead] += ordered
        value += (stock * demand.cost).sum(axis=1)
    return value / (weeks - HISTORY), served / asked


def compare(demand: Demand) -> dict[str, Any]:
    """All curves, and the stock of each where it reaches the same fill rate."""
    curves = {method: replay(demand, method) for method in METHODS}
    same = []
    for target in TARGETS:
        stock = {method: stock_at(target, *curve) for method, curve in curves.items()}
        base = stock["z_sigma"]
        saved = {
            method: None if base is None or value is None else round(1 - value / base, 4)
            for method, value in stock.items()
            if method != "z_sigma"
        }
        same.append({"fill_rate": target, "stock": stock, "saved": saved})
    return {
        "rows": len(demand.units),
        "weeks": demand.units.shape[1] - HISTORY,
        "share_of_weeks_without_demand": round(float((demand.units == 0).mean()), 4),
        "lead_weeks": sorted(set(demand.lead.tolist())),
        "same_service": same,
        "curves": {
            method: [
                {"level": level, "stock": round(float(v)), "fill_rate": round(float(f), 4)}
                for level, v, f in zip(LEVELS, *curve, strict=True)
            ]
            for method, curve in curves.items()
        },
    }


def stock_at(target: float, stock: Floats, fill: Floats) -> float | None:
    """Stock at a fill rate, between the two nearest levels; None outside the curve."""
    if not fill.min() <= target <= fill.max():
        return None
    order = np.argsort(fill)
    return round(float(np.interp(target, fill[order], stock[order])))


def planted(snapshot: Snapshot, truth: dict[str, dict[str, str]]) -> dict[str, object]:
    """Where the planted boxes stand among what `inventory_risk` lists of head office's stock."""
    context = ToolContext(snapshot, EVERYTHING, load_model())
    names = {
        table: read_frame(snapshot, table, (key, "label")).set_index(key)["label"]
        for table, key in (("warehouse", "ext_id"), ("product", "sku"))
    }
    found: dict[str, object] = {}
    for risk, what in (("stockout", "short"), ("overstock", "overstocked")):
        result = INVENTORY_RISK.run({"risk": risk, "holder": "own", "limit": 1000}, context)
        listed = [(row[0], row[1]) for row in result.rows]
        wanted = names["warehouse"][truth[what]["warehouse"]], names["product"][truth[what]["sku"]]
        found[f"{what}_rank"] = listed.index(wanted) + 1 if wanted in listed else None
        found[f"{what}_listed"] = len(listed)
    return found


@contextmanager
def channel(seed: int, kept: Path | None) -> Iterator[tuple[Snapshot, dict[str, Any]]]:
    """A simulated channel and its truth: kept as SEED/truth.json and SEED/data, or made now."""
    if kept is not None and (kept / str(seed) / "truth.json").is_file():
        folder = kept / str(seed)
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        yield SnapshotStore(folder / "data" / "snapshots").current(), truth
        return
    from evals.instances import CHANNEL_MAPPING
    from evals.world.generator import generate
    from knowledge.warehouse.load import load_batch
    from knowledge.warehouse.snapshot import publish
    from leadline.database import make_engine
    from tools.erp.files import read_source
    from tools.erp.mapping import load_mapping

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        generate(folder / "source", seed=seed)
        engine = make_engine(f"sqlite:///{folder / 'leadline.db'}")
        mapping = load_mapping(CHANNEL_MAPPING)
        load_batch(engine, read_source(folder / "source", mapping), timezone=mapping.timezone)
        snapshot = publish(engine, SnapshotStore(folder / "snapshots"))
        engine.dispose()
        truth = json.loads((folder / "source" / "truth.json").read_text(encoding="utf-8"))
        yield snapshot, truth


def main(arguments: Sequence[str] | None = None) -> None:
    """Run everything, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3, 4, 5])
    parser.add_argument("--kept", type=Path, help="folder with SEED/truth.json and SEED/data")
    parser.add_argument("--adventureworks", type=Path, help="data directory of a loaded instance")
    chosen = parser.parse_args(arguments)
    started = time.perf_counter()
    results: dict[str, Any] = {}
    if chosen.adventureworks is not None:
        snapshot = SnapshotStore(chosen.adventureworks / "snapshots").current()
        results["adventureworks"] = compare(read_demand(snapshot))
    for seed in chosen.seeds:
        with channel(seed, chosen.kept) as (snapshot, truth):
            measured = compare(read_demand(snapshot))
            results[f"channel {seed}"] = {**measured, **planted(snapshot, truth["stock"])}
    rows: list[tuple[str, str, str]] = []
    for name, measured in results.items():
        rows.append((f"{name}: items × weeks", f"{measured['rows']} × {measured['weeks']}", ""))
        for line in measured["same_service"]:
            for method, saved in line["saved"].items():
                shown = "outside both curves" if saved is None else f"{saved:+.1%}"
                goal = "> 0" if method == "quantile" else ""
                rows.append((f"  stock saved at {line['fill_rate']:.0%}, {method}", shown, goal))
        if "short_rank" in measured:
            for what in ("short", "overstocked"):
                place = f"{measured[f'{what}_rank']} of {measured[f'{what}_listed']}"
                rows.append((f"  planted {what} box, rank in the list", place, "listed"))
    report("Stock at the same fill rate, against mean + z·σ·√(lead time + review)", rows)
    seconds = round(time.perf_counter() - started, 1)
    print(write_results("inventory", {"seconds": seconds, "results": results}))


if __name__ == "__main__":
    main()
