"""A channel whose partners have characters: sixty that order in three manners, some that stop.

Today is 2026-06-30; orders start in January 2024. Partner n of 1…60, by n mod 3:

    1  steady    joined 2016, orders every 10 to 14 days for about 1,000, few opportunities
    2  growing   joined 2024, the same days, each order half as large again after a year, logs in
                 and opens opportunities a lot
    0  bursty    joined 2020, four orders within two weeks, then nothing for ten, hardly logs in

STOPPING holds who stops ordering, and when; each of them stops logging in 100 days before. Partner
61 ordered once, 62 never, 63 four times in the last two months. Odd ones sit in 华东, even ones in
华南.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from knowledge.semantic.model import load_model
from knowledge.warehouse.derived import DerivedStore
from knowledge.warehouse.snapshot import Snapshot
from leadline.access import EVERYTHING, Scope
from tests.knowledge.semantic.build import Row, publish_rows
from tools.analytics.profile.facts import Facts
from tools.definition import ToolContext
from tools.profile_base import read_facts

AS_OF = date(2026, 6, 30)
START = date(2024, 1, 8)
ONCE, NEVER, NEW = 61, 62, 63
CHARACTERS = range(1, 61)

_STOPPERS = (1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20, 22, 23)
STOPPING = {n: date(2025, 1, 20) + timedelta(days=32 * at) for at, n in enumerate(_STOPPERS)}
"""Partner → the day on which it stops: 2025-01-20 … 2026-05-15."""

LEAVING = (25, 26)
"""Will stop in two weeks, after today: they have stopped logging in."""

REGIONS = ("华南", "华东")


def kind_of(number: int) -> str:
    """The segment that the partner's character is."""
    return ("opportunistic", "stable", "high_potential")[number % 3]


def label(number: int) -> str:
    """The partner's name."""
    return f"伙伴{number:02d}"


def order_days_of(number: int) -> Iterator[date]:
    """When the partner orders."""
    if number == ONCE:
        yield date(2026, 3, 2)
    elif number == NEW:
        yield from (AS_OF - timedelta(days=55 - 14 * at) for at in range(4))
    if number not in CHARACTERS:
        return
    random = Random(number)  # noqa: S311 – no secret
    day, turn = START + timedelta(days=random.randrange(14)), 0
    until = min(AS_OF, STOPPING.get(number, AS_OF))
    while day <= until:
        yield day
        turn += 1
        burst_ends = number % 3 == 0 and turn % 4 == 0
        regular = 10 + random.randrange(5)
        bursty = 70 + random.randrange(14) if burst_ends else 3 + random.randrange(3)
        day += timedelta(days=bursty if number % 3 == 0 else regular)


def _amount(number: int, day: date, random: Random) -> Decimal:
    grown = 1.5 ** ((day - START).days / 365) if number % 3 == 2 else 1.0
    return Decimal(round(1000 * grown * (0.9 + 0.2 * random.random())))


def _facts_of(number: int, rows: dict[str, list[Row]]) -> None:
    random = Random(1000 + number)  # noqa: S311 – no secret
    where: Row = {"partner_id": number, "region_id": 1 + number % 2}
    for at, day in enumerate(order_days_of(number)):
        key = number * 1000 + at
        order: Row = {"id": key, "order_no": f"O{key}", "order_date": day, **where}
        rows["sales_order"].append(order)
        line: Row = {"id": key, "order_id": key, "line_no": "1", "quantity": Decimal(1)}
        rows["order_line"].append({**line, "amount": _amount(number, day, random)})
    if number not in CHARACTERS:
        return
    quiet = STOPPING.get(number, date(2026, 7, 15) if number in LEAVING else date(2099, 1, 1))
    quiet -= timedelta(days=100)
    pace = {1: 5, 2: 3, 0: 30}[number % 3]
    day = START
    while day <= AS_OF and day < quiet:
        rows["activity"].append(
            {"id": len(rows["activity"]) + 1, "kind": "login", "happened_on": day, **where}
        )
        day += timedelta(days=pace + random.randrange(3))
    deal_day = START + timedelta(days=number % 5)
    while number % 3 != 0 and deal_day <= AS_OF:
        closed = deal_day + timedelta(days=60)
        is_open = closed > AS_OF
        deal: Row = {"id": len(rows["opportunity"]) + 1, "name": "D", "stage": "x", **where}
        deal |= {"created_on": deal_day, "closed_on": None if is_open else closed}
        deal |= {"outcome": "open" if is_open else "won", "amount": Decimal(800)}
        rows["opportunity"].append(deal)
        deal_day += timedelta(days=12 if number % 3 == 2 else 75)


@cache
def snapshot(*, orders_only: bool = False) -> Snapshot:
    """The channel published; `orders_only` leaves out what is neither order nor partner."""
    rows: dict[str, list[Row]] = {"sales_order": [], "order_line": []}
    rows |= {"activity": [], "opportunity": []}
    for number in (*CHARACTERS, ONCE, NEVER, NEW):
        _facts_of(number, rows)
    if orders_only:
        del rows["activity"], rows["opportunity"]
    joined = {0: date(2020, 1, 1), 1: date(2016, 1, 1), 2: date(2024, 1, 1)}
    partners: list[Row] = [
        {
            "id": n,
            "ext_id": f"P{n}",
            "name": label(n),
            "region_id": 1 + n % 2,
            "joined_on": joined[n % 3] if n in CHARACTERS and not orders_only else None,
        }
        for n in (*CHARACTERS, ONCE, NEVER, NEW)
    ]
    regions: list[Row] = [{"id": 1 + at, "name": name} for at, name in enumerate(REGIONS)]
    folder = Path(mkdtemp(prefix="leadline-behaving-")) / "000001"
    return publish_rows(folder, {"region": regions, "partner": partners, **rows}, as_of=AS_OF)


@cache
def channel_facts(*, orders_only: bool = False) -> Facts:
    """The same as frames."""
    return read_facts(snapshot(orders_only=orders_only))


@cache
def _store() -> DerivedStore:
    return DerivedStore(Path(mkdtemp(prefix="leadline-behaving-derived-")))


def behaving(scope: Scope = EVERYTHING) -> ToolContext:
    """What a tool runs on; tables are computed once per process."""
    return ToolContext(snapshot(), scope, load_model(), derived=_store())
