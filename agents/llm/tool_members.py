"""Where members stand in tools other than the query: in their arguments, and in their results.

Columns that hold members are called like their dimension; a few say more (from_warehouse). Texts of
results (reasons, titles) may name members inside of sentences.
"""

from __future__ import annotations

from typing import Final

from knowledge.semantic.model import SemanticModel

IN_ARGUMENTS: Final[dict[str, str]] = {
    "partner": "partner",
    "partners": "partner",
    "first": "partner",
    "second": "partner",
    "regions": "region",
    "products": "product",
    "warehouses": "warehouse",
}
"""Arguments of tools that name members, and of which dimension. Of tools without a query inside."""

IN_COLUMNS: Final[dict[str, str]] = {
    "from_warehouse": "warehouse",
    "to_warehouse": "warehouse",
    "from_region": "region",
    "to_region": "region",
    "home_region": "region",
}
"""Columns of members that are not called like their dimension."""


def dimension_of(column: str, model: SemanticModel) -> str | None:
    """The dimension whose members stand in a column of a tool's result."""
    if column in model.dimensions:
        return column
    return IN_COLUMNS.get(column)
