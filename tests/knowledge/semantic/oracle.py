"""What a spec must answer, worked out row by row in plain Python.

Shares nothing with the compiler but the spec and the published rows: its own dimensions, metrics,
windows, comparisons and order of steps. Slow and obvious on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from knowledge.semantic.spec import All, Any_, Condition, Filter, QuerySpec
from leadline.access import Scope
from tests.knowledge.semantic.build import Row
from tests.knowledge.semantic.dates import ONE_DAY, STEP, base_bucket, bucket, days_of, moved
from tests.knowledge.semantic.figures import DIMENSIONS, FIGURES, OWN, Part, over
from tests.knowledge.semantic.worlds import World

Key = tuple[Any, ...]


@dataclass
class Window:
    """Days by bucket (`""` without a grain): which rows a flow counts, where a balance stands."""

    days: dict[str, Callable[[date], bool]] = field(default_factory=dict)
    at: dict[str, date] = field(default_factory=dict)
    undated: bool = False


class Oracle:
    """One spec on one world for one scope."""

    def __init__(self, world: World, spec: QuerySpec, scope: Scope) -> None:
        self.world, self.spec, self.scope = world, spec, scope
        self.as_of = world.as_of
        self.by_id = {name: {row["id"]: row for row in rows} for name, rows in world.rows.items()}

    # ---- rows ----------------------------------------------------------------------------

    def refer(self, fact: str, row: Row, table: str) -> Row:
        if table == fact:
            return row
        if fact == "tender" and table == "region":
            return self.refer("territory", self.refer(fact, row, "territory"), "region")
        return self.by_id.get(table, {}).get(row.get(f"{table}_id"), {})

    def member(self, fact: str, row: Row, dimension: str) -> Any:
        own = OWN.get((fact, dimension))
        if own is not None:
            return row.get(own)
        table, column = DIMENSIONS[dimension]
        return self.refer(fact, row, table).get(column)

    def visible(self, fact: str, row: Row) -> bool:
        regions, partners = self.scope.regions, self.scope.partners
        if regions is not None:
            region = self.refer(fact, row, "region")
            if not {region.get("label"), region.get("name")} & set(regions):
                return False
        if partners is not None:
            partner = self.refer(fact, row, "partner")
            if not {partner.get("label"), partner.get("ext_id")} & set(partners):
                return False
        return True

    def passes(self, fact: str, row: Row, wanted: Condition | None) -> bool:
        if wanted is None:
            return True
        if isinstance(wanted, All):
            return all(self.passes(fact, row, item) for item in wanted.items)
        if isinstance(wanted, Any_):
            return any(self.passes(fact, row, item) for item in wanted.items)
        return fits(self.member(fact, row, wanted.member), wanted)

    def seen(self, fact: str) -> list[Row]:
        return [row for row in self.world.rows.get(fact, []) if self.visible(fact, row)]

    # ---- windows -------------------------------------------------------------------------

    def windows(self) -> tuple[Window, Window | None]:
        spec = self.spec
        start = spec.time.start if spec.time else None
        named_end = spec.time.end_excl if spec.time else None
        end = min(named_end or date.max, self.as_of + ONE_DAY)
        compare = spec.compare
        if spec.grain is None:
            now = Window(
                {"": lambda day: (start is None or day >= start) and day < end},
                {} if start is not None and start >= end else {"": end - ONE_DAY},
                undated=start is None and named_end is None,
            )
            return now, self.plain_base(start, named_end, end) if compare else None
        first = start or min(self.dates(), default=self.as_of)
        labels = sorted(
            {bucket(spec.grain, d.date()) for d in pd.date_range(first, end - ONE_DAY)}
            if first < end
            else set()
        )
        now = Window()
        for label in labels:
            days = days_of(spec.grain, label)
            now.days[label] = lambda day, label=label: (
                bucket(spec.grain or "", day) == label
                and (start is None or day >= start)
                and day < end
            )
            now.at[label] = min(days[-1], end - ONE_DAY)
        return now, self.bucketed_base(labels, start, end) if compare else None

    def dates(self) -> Iterator[date]:
        for name in self.metrics():
            for part in FIGURES[name].parts:
                for row in self.seen(part.fact):
                    if row.get(part.day) is not None:
                        yield row[part.day]

    def plain_base(self, start: date | None, named_end: date | None, end: date) -> Window:
        compare = self.spec.compare
        assert compare is not None
        assert start is not None
        named_end = named_end or self.as_of + ONE_DAY
        if compare.start is not None and compare.end_excl is not None:
            base = (compare.start, compare.end_excl)
        elif compare.kind == "yoy":
            base = (moved(start, years=-1), moved(named_end, years=-1))
        else:
            base = self.period_before(start, named_end)
        last = base[1]
        if compare.align == "elapsed" and start < end < named_end:
            passed = base[0] + (end - start)
            if base[0] == moved(start, years=-1):
                passed = moved(end - ONE_DAY, years=-1) + ONE_DAY
            last = min(last, passed)
        last = min(last, self.as_of + ONE_DAY)
        return Window(
            {"": lambda day: base[0] <= day < last}, {} if base[0] >= last else {"": last - ONE_DAY}
        )

    def period_before(self, start: date, end: date) -> tuple[date, date]:
        for grain in ("year", "half", "quarter", "month", "week", "day"):
            days = days_of(grain, bucket(grain, start))
            if (days[0], days[-1] + ONE_DAY) == (start, end):
                before = days_of(grain, bucket(grain, start - ONE_DAY))
                return before[0], start
        return start - (end - start), start

    def bucketed_base(self, labels: list[str], start: date | None, end: date) -> Window:
        compare, grain = self.spec.compare, self.spec.grain or ""
        assert compare is not None
        pairs = [
            (label, earlier)
            for label in labels
            if (earlier := base_bucket(compare.kind, grain, label)) is not None
        ]
        found = Window()
        for index, (label, earlier) in enumerate(pairs):
            days, base_days = days_of(grain, label), days_of(grain, earlier)
            last = base_days[-1] + ONE_DAY
            covered = min(end, days[-1] + ONE_DAY)
            full = compare.align == "full" and covered == self.as_of + ONE_DAY
            if index == len(pairs) - 1 and covered <= days[-1] and not full:
                passed = base_days[0] + (covered - days[0])
                if compare.kind == "yoy" and grain != "week":
                    passed = moved(covered - ONE_DAY, years=-1) + ONE_DAY
                last = min(last, passed)
            opening = date.min
            if start is not None and days[0] <= start <= days[-1]:
                opening = self.earlier_day(start, days[0], base_days[0])
            opening = max(opening, base_days[0])
            found.days[label] = lambda day, a=opening, b=last: a <= day < b
            found.at[label] = last - ONE_DAY
        return found

    def earlier_day(self, start: date, first: date, base_first: date) -> date:
        compare, grain = self.spec.compare, self.spec.grain or ""
        assert compare is not None
        if grain == "week":
            return base_first + (start - first)
        if compare.kind == "yoy":
            return moved(start, years=-1)
        return moved(start, **STEP[grain])

    # ---- figures -------------------------------------------------------------------------

    def metrics(self) -> list[str]:
        hidden = [item.metric for item in self.spec.metric_filters]
        return list(dict.fromkeys([*self.spec.metrics, *hidden]))

    def rows_by_key(self, part: Part, window: Window) -> dict[Key, list[Row]]:
        found: dict[Key, list[Row]] = {}
        seen = self.seen(part.fact)
        for row in seen:
            if not part.keep(row, self.as_of) or not self.passes(part.fact, row, self.spec.where):
                continue
            members = tuple(self.member(part.fact, row, d) for d in self.spec.dimensions)
            for label in self.buckets_of(part, row, window, seen):
                key = ((label,) if self.spec.grain else ()) + members
                found.setdefault(key, []).append(row)
        return found

    def buckets_of(self, part: Part, row: Row, window: Window, seen: list[Row]) -> Iterator[str]:
        day = row.get(part.day)
        if not part.standing:
            if day is None:
                if window.undated and not self.spec.grain:
                    yield ""
                return
            yield from (label for label, holds in window.days.items() if holds(day))
            return
        for label, at in window.at.items():
            if self.stands(part, row, at, seen):
                yield label

    def stands(self, part: Part, row: Row, at: date, seen: list[Row]) -> bool:
        day = row.get(part.day)
        if part.standing == "counted":
            return day == max((r[part.day] for r in seen if r[part.day] <= at), default=None)
        if part.standing == "joined":
            return at >= self.as_of or (day is not None and day <= at)
        if at >= self.as_of:
            return bool(row["outcome"] == "open")
        still = row["outcome"] == "open" or row["closed_on"] > at
        return day is not None and day <= at and still

    def table(self) -> list[dict[str, Any]]:
        """One dictionary a row: the key under "key", then figures by column name."""
        now, base = self.windows()
        compared = base is not None
        rows: dict[Key, dict[str, Any]] = {}
        found: dict[str, list[list[dict[Key, list[Row]]]]] = {}
        for name in self.metrics():
            parts = FIGURES[name].parts
            found[name] = [[self.rows_by_key(part, now) for part in parts]]
            if base is not None:
                found[name].append([self.rows_by_key(part, base) for part in parts])
            for by_key in (d for side in found[name] for d in side):
                for key in by_key:
                    rows.setdefault(key, {"key": key})
        for key in self.empty_keys(now):
            rows.setdefault(key, {"key": key})
        if not self.spec.row_keys:
            rows.setdefault((), {"key": ()})
        for key, row in rows.items():
            for name in self.metrics():
                sides = [
                    self.figure(name, [by_key.get(key, []) for by_key in side])
                    for side in found[name]
                ]
                row[name] = sides[0]
                if compared:
                    row.update(self.compared(name, sides[0], sides[1]))
        return list(rows.values())

    def figure(self, name: str, parts: list[list[Row]]) -> Any:
        figure = FIGURES[name]
        if not any(parts) and not figure.count:
            return Decimal(0) if self.spec.include_empty and figure.additive else None
        value = figure.value(parts, self.as_of)
        if value is None and self.spec.include_empty and figure.additive:
            return Decimal(0)
        return value

    def compared(self, name: str, now: Any, before: Any) -> dict[str, Any]:
        change: Any = None
        if FIGURES[name].additive:
            if now is not None or before is not None:
                change = (now or 0) - (before or 0)
        elif now is not None and before is not None:
            change = now - before
        rate = None
        if before is not None and before > 0:
            rate = over(change, before)
        return {
            f"{name}__previous": before,
            f"{name}__change": change,
            f"{name}__change_rate": rate,
        }

    def empty_keys(self, now: Window) -> Iterator[Key]:
        if not self.spec.include_empty:
            return
        dimension = self.spec.dimensions[0]
        table, column = DIMENSIONS[dimension]
        for row in self.world.rows.get(table, []):
            value = row.get(column)
            if value is None or not self.listed(table, row):
                continue
            if self.spec.grain:
                yield from ((label, value) for label in now.days)
            else:
                yield (value,)

    def listed(self, table: str, row: Row) -> bool:
        """Whether a member may be listed: in scope, and fitting what filters tell of itself."""
        return self.member_visible(table, row) and all(
            self.told(table, row, item)
            for item in conjuncts(self.spec.where)
            if self.knows(table, item)
        )

    def told(self, table: str, row: Row, wanted: Condition) -> bool:
        """Whether a member passes a condition, as far as what it refers to is visible."""
        if isinstance(wanted, All):
            return all(self.told(table, row, item) for item in wanted.items)
        if isinstance(wanted, Any_):
            return any(self.told(table, row, item) for item in wanted.items)
        other, column = DIMENSIONS[wanted.member]
        found = self.refer(table, row, other)
        hidden = not found or not self.member_visible(other, found)
        return fits(None if hidden else found.get(column), wanted)

    def knows(self, table: str, wanted: Condition) -> bool:
        """Whether a dimension table can tell a condition by itself."""
        if not isinstance(wanted, Filter):
            return all(self.knows(table, item) for item in wanted.items)
        return wanted.member in DIMENSIONS and self.carries(table, wanted.member)

    def carries(self, fact: str, dimension: str) -> bool:
        """Whether the data leads from rows of a fact to any value of a dimension."""
        rows = self.world.rows.get(fact, [])
        return any(self.member(fact, row, dimension) is not None for row in rows)

    def member_visible(self, table: str, row: Row) -> bool:
        if self.scope.unlimited or table in ("product", "promotion"):
            return True
        if self.visible(table, row):
            return True
        for fact in self.world.rows:
            if fact in ("sales_order", "region", "territory", "product", "customer", "salesperson"):
                continue
            if any(
                other.get("id" if fact == table else f"{table}_id") == row["id"]
                for other in self.seen(fact)
            ):
                return True
        return False

    # ---- steps after the join ------------------------------------------------------------

    def answer(self) -> list[tuple[Any, ...]]:
        """The result's rows, in order, without a row cap."""
        spec = self.spec
        rows = self.table()
        for share in spec.shares:
            self.share(rows, share.metric, share.within)
        order = [(item.by, item.direction == "desc") for item in spec.order]
        if not order and (spec.rank or spec.limit or spec.top_per):
            order = [(spec.metrics[0], True)]
        if spec.rank:
            self.rank(rows, order)
        rows = [row for row in rows if all(self.fits_number(row, f) for f in spec.metric_filters)]
        rows = [row for row in rows if all(fits(self.cell(row, f.member), f) for f in spec.focus)]
        rows = self.sorted(rows, order)
        if spec.top_per is not None:
            kept: list[dict[str, Any]] = []
            seen: dict[Key, int] = {}
            for row in rows:
                group = tuple(self.cell(row, name) for name in spec.top_per.within)
                seen[group] = seen.get(group, 0) + 1
                if seen[group] <= spec.top_per.n:
                    kept.append(row)
            rows = kept
        rows = rows[: spec.limit]
        if spec.rollup is not None:
            return self.rolled(rows)
        return [tuple(self.cell(row, name) for name in self.columns()) for row in rows]

    def columns(self) -> list[str]:
        spec = self.spec
        names = ["rank"] if spec.rank else []
        names += spec.row_keys
        shared = {share.metric for share in spec.shares}
        for metric in spec.metrics:
            names.append(metric)
            if spec.compare is not None:
                names += [f"{metric}__{f}" for f in ("previous", "change", "change_rate")]
            if metric in shared:
                names.append(f"{metric}__share")
        return names

    def cell(self, row: dict[str, Any], name: str) -> Any:
        keys = self.spec.row_keys
        return row["key"][keys.index(name)] if name in keys else row[name]

    def share(self, rows: list[dict[str, Any]], metric: str, within: tuple[str, ...]) -> None:
        totals: dict[Key, Decimal] = {}
        for row in rows:
            group = tuple(self.cell(row, name) for name in within)
            totals[group] = totals.get(group, Decimal(0)) + (row[metric] or 0)
        for row in rows:
            group = tuple(self.cell(row, name) for name in within)
            row[f"{metric}__share"] = over(row[metric], totals[group])

    def rank(self, rows: list[dict[str, Any]], order: list[tuple[str, bool]]) -> None:
        within = self.spec.top_per.within if self.spec.top_per else ()
        for row in rows:
            row["rank"] = None
            if self.cell(row, order[0][0]) is None:
                continue
            group = [self.cell(row, name) for name in within]
            peers = [r for r in rows if [self.cell(r, name) for name in within] == group]
            row["rank"] = 1 + sum(self.place(r, order) < self.place(row, order) for r in peers)

    def place(self, row: dict[str, Any], order: list[tuple[str, bool]]) -> tuple[Any, ...]:
        found: list[Any] = []
        for name, descending in order:
            value = self.cell(row, name)
            found.append(value is None)
            found.append(0 if value is None else Reversed(value) if descending else value)
        return tuple(found)

    def sorted(
        self, rows: list[dict[str, Any]], order: list[tuple[str, bool]]
    ) -> list[dict[str, Any]]:
        ties = [(name, False) for name in self.spec.row_keys]
        return sorted(rows, key=lambda row: self.place(row, [*order, *ties]))

    def fits_number(self, row: dict[str, Any], wanted: Any) -> bool:
        name = wanted.metric if wanted.on == "value" else f"{wanted.metric}__{wanted.on}"
        value = row[name]
        if value is None:
            return False
        bound = Decimal(repr(wanted.value)) if isinstance(value, Decimal) else wanted.value
        if wanted.op == "between":
            upper = Decimal(repr(wanted.upper)) if isinstance(value, Decimal) else wanted.upper
            return bool(bound <= value <= upper)
        return bool(
            {
                "gt": value > bound,
                "ge": value >= bound,
                "lt": value < bound,
                "le": value <= bound,
                "eq": value == bound,
                "ne": value != bound,
            }[wanted.op]
        )

    def rolled(self, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        rollup = self.spec.rollup
        assert rollup is not None
        groups: dict[Key, list[dict[str, Any]]] = {} if rollup.keep else {(): []}
        for row in rows:
            group = tuple(self.cell(row, name) for name in rollup.keep)
            groups.setdefault(group, []).append(row)
        found = []
        for group, members in groups.items():
            if rollup.function == "count":
                found.append((*group, len(members)))
                continue
            figures = []
            for metric in self.spec.metrics:
                values = [row[metric] for row in members if row[metric] is not None]
                figures.append(again(rollup.function, values))
            found.append((*group, *figures))
        width = len(rollup.keep)
        return sorted(found, key=lambda row: [(v is None, v or "") for v in row[:width]])


class Reversed:
    """A value that sorts the other way round."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: Reversed) -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reversed) and bool(other.value == self.value)

    __hash__ = None  # type: ignore[assignment]


def again(function: str, values: list[Any]) -> Any:
    if not values:
        return None
    if function == "avg":
        return float(sum(values)) / len(values)
    return {"sum": sum, "min": min, "max": max}[function](values)


def fits(value: Any, wanted: Filter) -> bool:
    if wanted.op == "is_null":
        return value is None
    if wanted.op == "not_null":
        return value is not None
    if wanted.op == "not_in":
        return value not in wanted.values
    if wanted.op == "in":
        return value in wanted.values
    return value is not None and any(str(v).lower() in value.lower() for v in wanted.values)


def conjuncts(wanted: Condition | None) -> list[Condition]:
    if wanted is None:
        return []
    if isinstance(wanted, All):
        return [part for item in wanted.items for part in conjuncts(item)]
    return [wanted]
