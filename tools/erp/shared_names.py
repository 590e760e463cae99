"""Two companies that bear one name: kept apart by their ids, and said so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from knowledge.warehouse.batch import Notice

if TYPE_CHECKING:
    from tools.erp.arrow import ArrowArray

WATCHED = frozenset({"partner", "customer"})
MOST_NOTICES = 20
"""Names told one by one; the rest is told as a count."""
_MOST_KEYS = 5


class SharedNames:
    """Collects names of the rows handed on; one with the same USCC is the same company."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._bearers: dict[str, dict[str, str]] = {}

    def add(self, columns: Mapping[str, ArrowArray]) -> None:
        """Take in some rows; does nothing for tables whose names need not be unique."""
        if self._table not in WATCHED or "name" not in columns:
            return
        names: list[Any] = columns["name"].to_pylist()
        ids: list[Any] = columns["ext_id"].to_pylist()
        codes: list[Any] = columns["uscc"].to_pylist() if "uscc" in columns else ids
        for name, ext_id, code in zip(names, ids, codes, strict=True):
            self._bearers.setdefault(name, {}).setdefault(code or ext_id, ext_id)

    def notices(self) -> list[Notice]:
        """One notice for each name that several companies bear."""
        shared = {name: list(ids.values()) for name, ids in self._bearers.items() if len(ids) > 1}
        told = [
            Notice(
                "shared_name",
                self._table,
                {
                    "count": len(ids),
                    "name": name,
                    "keys": ", ".join(ids[:_MOST_KEYS]) + (" …" if len(ids) > _MOST_KEYS else ""),
                },
            )
            for name, ids in sorted(shared.items())[:MOST_NOTICES]
        ]
        if len(shared) > MOST_NOTICES:
            more = len(shared) - MOST_NOTICES
            told.append(Notice("more_shared_names", self._table, {"count": more}))
        return told
