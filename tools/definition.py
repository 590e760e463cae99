"""What a tool is: a name, typed arguments, and a run that returns evidence.

A tool computes; it decides nothing and words nothing. The scope stands in its context, never in its
arguments, so no planner can widen it. Running a tool twice on one snapshot gives equal results.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge.semantic.model import SemanticModel
from knowledge.warehouse.derived import DerivedStore
from knowledge.warehouse.forecast_store import ForecastStore
from knowledge.warehouse.snapshot import Snapshot
from leadline.access import Scope
from leadline.errors import SpecError
from leadline.evidence import ToolResult

if TYPE_CHECKING:
    import pandas as pd

A = TypeVar("A", bound=BaseModel)

EVERY_ROW = 1_000_000
"""The row cap of a tool that computes over another one's rows: it must see all of them."""


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool runs on. The caller pins the snapshot and sets the scope."""

    snapshot: Snapshot
    scope: Scope
    model: SemanticModel
    row_cap: int = 1000
    derived: DerivedStore | None = None
    """Where tables computed once per snapshot are kept; None computes them each time."""
    forecasts: ForecastStore | None = None
    """Forecasts that were kept when they were made; None where there is no archive."""

    def once(self, name: str, version: str, compute: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """A table that belongs to the snapshot, not to the caller: limit it to `scope` yourself.

        Args:
            name: what it is, with its parameters; small letters, digits, `_`, `.`, `-`.
            version: of the code that computes it; raise it with every change of the result.
            compute: makes it, the same rows every time.
        """
        if self.derived is None:
            return compute()
        return self.derived.get(self.snapshot, name, version, compute)


@dataclass(frozen=True, slots=True)
class Tool(Generic[A]):
    """One capability. `side_effects` False: it only reads."""

    name: str
    description_zh: str
    description_en: str
    arguments: type[A]
    compute: Callable[[A, ToolContext], ToolResult]
    side_effects: bool = False

    def run(self, arguments: BaseModel | dict[str, object], context: ToolContext) -> ToolResult:
        """Validate the arguments and compute.

        Raises:
            SpecError: the arguments are not of the tool's form, or name what does not exist.
        """
        if isinstance(arguments, self.arguments):
            return self.compute(arguments, context)
        try:
            typed = self.arguments.model_validate(arguments)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise SpecError(f"{self.name}: argument {where}: {first['msg']}") from error
        return self.compute(typed, context)
