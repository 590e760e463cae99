"""Who asks, and which rows they may see.

A `Scope` is compiled into every fact subquery (see `knowledge.semantic.compile`), so no argument of
a planner can widen it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows a principal may see.

    `None` means "no limit on this axis"; an empty set means "nothing". Both axes are ANDed.
    Regions are canonical region names, partners are partner ext_ids or names, both matched exactly.
    """

    regions: frozenset[str] | None = None
    partners: frozenset[str] | None = None

    @property
    def unlimited(self) -> bool:
        """Whether every row is visible."""
        return self.regions is None and self.partners is None

    @property
    def digest(self) -> str:
        """A stable short hash for citations and cache keys; `all` where nothing is limited."""
        if self.unlimited:
            return "all"
        text = json.dumps(
            {
                "regions": None if self.regions is None else sorted(self.regions),
                "partners": None if self.partners is None else sorted(self.partners),
            },
            ensure_ascii=False,
        )
        return hashlib.sha256(text.encode()).hexdigest()[:16]


EVERYTHING = Scope()

OVERSEERS = frozenset({"admin", "analyst"})
"""Roles that look after the data and review traces and evaluations."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or program that asks."""

    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    scope: Scope = EVERYTHING

    @property
    def oversees(self) -> bool:
        """Whether they may read what no scope bounds: loads, refused rows, everybody's traces.

        It takes a role and sight of all data: an analyst of one region does not.
        """
        return self.scope.unlimited and bool(self.roles & OVERSEERS)


LOCAL_OWNER = Principal("local", frozenset({"admin"}))
"""Whoever has the data directory on this machine and names no user."""
