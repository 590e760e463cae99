"""How each published table is made from the raw ones: labels, and where and when a fact happened.

Every recipe is a DuckDB SELECT over views: `raw_<table>` for the exported rows, `<table>` for what
is published already, `partner_place` for partners with their region resolved. Facts carry region
and territory in themselves, so a scope or a filter by region never needs a join.
"""

from __future__ import annotations

import sqlalchemy as sa

from knowledge.warehouse.export import published_columns
from knowledge.warehouse.tables import BY_NAME, CANONICAL

DIMENSIONS = (
    "region",
    "territory",
    "product",
    "customer",
    "salesperson",
    "promotion",
    "warehouse",
    "partner",
)
"""Tables whose rows are named by a `label`, in an order in which they can be made."""

PLACES = ("territory", "partner", "customer", "salesperson", "warehouse")
"""Tables that decide in which region a fact lies."""

MAIN_DATES: dict[str, str] = {
    "sales_order": "order_date",
    "order_line": "order_date",
    "shipment": "shipped_on",
    "invoice": "invoiced_on",
    "payment": "paid_on",
    "receivable": "booked_on",
    "sales_return": "returned_on",
    "opportunity": "created_on",
    "opportunity_stage": "entered_at",
    "deal_registration": "submitted_on",
    "activity": "happened_on",
    "certification": "issued_on",
    "mdf_claim": "claimed_on",
    "inventory_snapshot": "snapshot_date",
    "sell_through": "period_start",
    "target": "period_start",
    "macro_indicator": "period_start",
    "competitor_event": "happened_on",
    "document": "published_on",
    "tender": "published_on",
}
"""The date by which a fact's file is sorted, so that a period reads only its part of it."""

HEADERS: dict[str, str] = {"order_line": "sales_order", "opportunity_stage": "opportunity"}
"""Facts that take their keys from another fact."""

READ_BY_OTHERS = ("sales_order", "opportunity", "order_line")
"""Published facts that other recipes, or the manifest, read."""

PARTNER_PLACE = """
    SELECT p.* REPLACE (coalesce(p.region_id, t.region_id) AS region_id)
    FROM raw_partner p LEFT JOIN raw_territory t ON t.id = p.territory_id
"""
"""A partner's region is its own, else that of its territory."""

_ORDER_KEYS = (
    "order_no",
    "order_date",
    "due_date",
    "ship_date",
    "partner_id",
    "customer_id",
    "salesperson_id",
    "order_type",
    "currency",
    "region_id",
    "territory_id",
)
_OPPORTUNITY_KEYS = (
    "partner_id",
    "customer_id",
    "product_id",
    "salesperson_id",
    "region_id",
    "territory_id",
)
_NOT_FACTS = ("partner_xref", "partner_history")
_TARGET_LEVELS = ("region", "territory", "partner", "salesperson")


def facts() -> tuple[str, ...]:
    """All published tables that are no dimension, headers before what takes their keys."""
    names = [table.name for table in CANONICAL if table.name not in DIMENSIONS]
    return tuple(sorted(names, key=lambda name: name in HEADERS))


def layout_of(name: str) -> str:
    """All that decides what the published table looks like: its recipe and its raw columns."""
    table = BY_NAME[name]
    columns = [f"{column} {table.c[column].type!r}" for column in published_columns(table)]
    return "\n".join((recipe(name), *columns))


def recipe(name: str) -> str:
    """The SELECT that makes the published form of a table, in its final order."""
    return f"SELECT * FROM ({_body(name)}) ORDER BY {_order(name)}"  # noqa: S608 - our own names


def _body(name: str) -> str:
    if name == "partner":
        return _labelled("partner", _partner_rows())
    if name in DIMENSIONS:
        return _labelled(name, f"SELECT * FROM raw_{name}")  # noqa: S608 - our own names
    if name == "order_line":
        return _order_line()
    if name == "opportunity_stage":
        return _keyed("opportunity_stage", "opportunity", _OPPORTUNITY_KEYS)
    if name == "target":
        return _target()
    if name not in _NOT_FACTS and "partner_id" in BY_NAME[name].c:
        return _placed(name)
    return f"SELECT f.* FROM raw_{name} f"  # noqa: S608 - our own names


def _order(name: str) -> str:
    return f"{MAIN_DATES[name]}, id" if name in MAIN_DATES else "id"


def _labelled(name: str, rows: str) -> str:
    """`label` is the name; where rows share one, with the ext_id; failing that, also the source."""
    columns = ", ".join(f'"{column}"' for column in published_columns(BY_NAME[name]))
    extra = ", first_order_date, last_order_date" if name == "partner" else ""
    return f"""
        SELECT {columns}{extra},
            CASE WHEN count(*) OVER (PARTITION BY short) = 1 THEN short
                 ELSE name || ' (' || source || ':' || ext_id || ')' END AS label
        FROM (
            SELECT *,
                CASE WHEN count(*) OVER (PARTITION BY name) = 1 THEN name
                     ELSE name || ' (' || ext_id || ')' END AS short
            FROM ({rows})
        )
    """  # noqa: S608 - our own names


def _partner_rows() -> str:
    return """
        SELECT p.*, o.first_order_date, o.last_order_date
        FROM partner_place p
        LEFT JOIN (
            SELECT partner_id, min(order_date) AS first_order_date,
                max(order_date) AS last_order_date
            FROM order_line GROUP BY partner_id
        ) o ON o.partner_id = p.id
    """


def _placed(name: str) -> str:
    """Region: own, own territory's, then the partner's, then what else the table knows."""
    table = BY_NAME[name]
    joins = ["LEFT JOIN partner_place p ON p.id = f.partner_id"]
    region: list[str] = []
    territory = ["p.territory_id"]
    if name == "inventory_snapshot":
        # stock lies where its warehouse is
        joins.append("LEFT JOIN raw_warehouse w ON w.id = f.warehouse_id")
        joins.append("LEFT JOIN partner_place wp ON wp.id = w.partner_id")
        region.append("w.region_id")
    if "region_id" in table.c:
        region.append("f.region_id")
    if "territory_id" in table.c:
        joins.append("LEFT JOIN raw_territory t ON t.id = f.territory_id")
        region.append("t.region_id")
        territory.insert(0, "f.territory_id")
    region.append("p.region_id")
    if name == "inventory_snapshot":
        region.append("wp.region_id")
    if name == "opportunity":
        joins.append("LEFT JOIN raw_salesperson s ON s.id = f.salesperson_id")
        joins.append("LEFT JOIN raw_customer c ON c.id = f.customer_id")
        joins.append("LEFT JOIN raw_territory ct ON ct.id = c.territory_id")
        region += ["s.region_id", "c.region_id", "ct.region_id"]
    places = {"region_id": _first(region), "territory_id": _first(territory)}
    return _with(table, places, joins)


def _target() -> str:
    """`level` says at which level a target was set, before its region is filled in from there."""
    names = " || ".join(
        f"CASE WHEN f.{level}_id IS NULL THEN '' ELSE '+{level}' END" for level in _TARGET_LEVELS
    )
    line = "CASE WHEN coalesce(f.product_line, '') = '' THEN '' ELSE '+product_line' END"
    level = f"coalesce(nullif(substr({names}, 2), ''), 'total') || {line}"
    joins = [
        "LEFT JOIN raw_territory t ON t.id = f.territory_id",
        "LEFT JOIN partner_place p ON p.id = f.partner_id",
        "LEFT JOIN raw_salesperson s ON s.id = f.salesperson_id",
        "LEFT JOIN partner_place sp ON sp.id = s.partner_id",
    ]
    region = ["f.region_id", "t.region_id", "p.region_id", "s.region_id", "sp.region_id"]
    territory = ["f.territory_id", "p.territory_id"]
    places = {"region_id": _first(region), "territory_id": _first(territory)}
    return _with(BY_NAME["target"], places, joins, {"level": level})


def _order_line() -> str:
    keys = ", ".join(f"o.{name}" for name in _ORDER_KEYS)
    return f"""
        SELECT f.*, {keys}, o.status AS order_status
        FROM raw_order_line f JOIN sales_order o ON o.id = f.order_id
    """  # noqa: S608 - our own names


def _keyed(name: str, header: str, keys: tuple[str, ...]) -> str:
    taken = ", ".join(f"h.{key}" for key in keys)
    return f"SELECT f.*, {taken} FROM raw_{name} f JOIN {header} h ON h.id = f.{header}_id"  # noqa: S608 - our own names


def _first(options: list[str]) -> str:
    return f"coalesce({', '.join(options)})" if len(options) > 1 else options[0]


def _with(
    table: sa.Table,
    places: dict[str, str],
    joins: list[str],
    more: dict[str, str] | None = None,
) -> str:
    """The table's columns with `places` put in their place or added, then `more`."""
    own = published_columns(table)
    columns = [f"{places[name]} AS {name}" if name in places else f'f."{name}"' for name in own]
    added = {name: made for name, made in places.items() if name not in own} | (more or {})
    columns += [f"{made} AS {name}" for name, made in added.items()]
    return f"SELECT {', '.join(columns)} FROM raw_{table.name} f {' '.join(joins)}"  # noqa: S608 - our own names
