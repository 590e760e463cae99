"""What a tool is: a name, typed arguments, and a run that returns evidence.

A tool computes; it decides nothing and words nothing. The scope stands in its context, never in its
arguments, so no planner can widen it. Running a tool twice on one snapshot gives equal results.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge.semantic.model import SemanticModel
from knowledge.warehouse.snapshot import Snapshot
from leadline.access import Scope
from leadline.errors import SpecError
from leadline.evidence import ToolResult

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
