"""Runs of tools for pages: each call once at a time, in threads of its own, kept for a while.

A page asks for a dozen results at once, and several readers ask for the same; a first training may
take a minute. So equal calls share one run, a result stays in memory while the snapshot is read,
and no run takes a thread from questions or from the rest of the door.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from agents.service import AskService
from knowledge.warehouse.snapshot import Snapshot
from leadline.access import EVERYTHING, Scope
from leadline.errors import LeadlineError, NotFoundError, SpecError
from leadline.evidence import ToolResult
from server.asking import AskingPool
from tools.catalog import TOOLS, tool
from tools.definition import Tool

WAITING: Final = 256
"""Calls that may wait for a thread; a page makes about ten."""

CELLS_KEPT: Final = 2_000_000
"""Cells of results that are held in memory (5,000 partners × 20 columns are 100,000)."""

PREPARED: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("health", {}),
    ("segments", {}),
    ("forecast", {"by": ["region"], "horizon": "next_quarter"}),
    ("churn", {}),
    ("forecast", {"by": ["territory"], "horizon": "next_quarter"}),
    ("forecast_accuracy", {"by": ["region"]}),
)
"""What the pages start from; each fills the derived tables that many others read."""

LANES: Final[dict[str, str]] = {
    "forecast": "forecast",
    "forecast_series": "forecast",
    "forecast_accuracy": "forecast",
    "churn": "training",
    "churn_quality": "training",
    "segments": "training",
    "segment_summary": "training",
}
"""Tools whose first run trains models go one after the other: four at a time took 160 s for what
one after the other takes 26 s, since each wants all cores and they wait for the same tables."""

LOG = logging.getLogger("leadline.server")


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call, checked: equal calls have equal keys and equal results."""

    tool: Tool[Any]
    arguments: BaseModel
    snapshot: Snapshot
    scope: Scope

    @property
    def as_data(self) -> dict[str, object]:
        """The arguments as JSON data, without what was left open."""
        return self.arguments.model_dump(mode="json", exclude_none=True)

    @property
    def key(self) -> str:
        """What the result depends on."""
        made = str(self.snapshot.manifest.created_at)
        body = [self.tool.name, self.as_data, self.snapshot.number, made, self.scope.digest]
        return json.dumps(body, ensure_ascii=False, sort_keys=True)


@dataclass(slots=True)
class Run:
    """A call at work, or done."""

    done: Future[ToolResult]
    begun: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """For how long it has been there."""
        return time.monotonic() - self.begun

    @property
    def cells(self) -> int:
        """How much it holds; nothing before it is done."""
        if not self.done.done() or self.done.exception() is not None:
            return 0
        result = self.done.result()
        return len(result.rows) * len(result.columns)


def checked(name: str, arguments: dict[str, Any], snapshot: Snapshot, scope: Scope) -> Call:
    """A call whose tool exists, only reads, and takes these arguments.

    Raises:
        NotFoundError: there is no such tool, or it does more than read.
        SpecError: the arguments are not of the tool's form.
    """
    found = tool(name)
    if found.side_effects:
        raise NotFoundError(f"no tool {name!r} is open to pages")
    try:
        typed: BaseModel = found.arguments.model_validate(arguments)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])[:100]
        raise SpecError(
            f"{name}: {where or 'arguments'}: {first['msg']}", hint="see GET /api/tools"
        ) from error
    return Call(found, typed, snapshot, scope)


class ToolRuns:
    """Runs calls in the background and remembers what they gave."""

    def __init__(
        self, service: AskService, *, prepares: bool = False, cells: int = CELLS_KEPT
    ) -> None:
        """`prepares` computes what pages start from, once for each snapshot that is read."""
        self._service = service
        self._prepares = prepares
        self._cells = cells
        self._pool = AskingPool(waiting=WAITING)
        self._lanes = {name: AskingPool(1, WAITING) for name in sorted(set(LANES.values()))}
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._prepared: set[str] = set()
        self._lock = threading.Lock()
        self._closed = False

    def start(self, call: Call) -> Run:
        """The run of a call: one that is there already, else a new one.

        Raises:
            BusyError: too many calls wait.
        """
        self.prepare(call.snapshot)
        return self._start(call)

    def prepare(self, snapshot: Snapshot) -> None:
        """Begin to compute what the pages start from; once per snapshot, one after the other."""
        made = f"{snapshot.number} {snapshot.manifest.created_at}"
        with self._lock:
            if not self._prepares or made in self._prepared:
                return
            self._prepared.add(made)
        self._pool.submit(partial(self._prepare, snapshot))

    def close(self, wait_s: float) -> bool:
        """Take no more; whether all that runs was finished within that time."""
        self._closed = True
        until = time.monotonic() + wait_s
        pools = (*self._lanes.values(), self._pool)
        finished = [pool.close(max(0.0, until - time.monotonic())) for pool in pools]
        return all(finished)

    def _start(self, call: Call) -> Run:
        key = call.key
        with self._lock:
            run = self._runs.get(key)
            failed = run is not None and run.done.done() and run.done.exception() is not None
            if run is None or failed:
                pool = self._lanes.get(LANES.get(call.tool.name, ""), self._pool)
                run = Run(pool.submit(partial(self._compute, call)))
                self._runs[key] = run
            self._runs.move_to_end(key)
            self._forget()
        return run

    def _compute(self, call: Call) -> ToolResult:
        context = self._service.tools(call.snapshot, call.scope)
        return replace(call.tool.run(call.arguments, context), arguments=call.as_data)

    def _forget(self) -> None:
        """Let the oldest results go where there are too many cells; never what is at work."""
        held = {key: run.cells for key, run in self._runs.items()}
        total = sum(held.values())
        for key, cells in held.items():
            if total <= self._cells and len(self._runs) <= 1000:
                return
            if self._runs[key].done.done():
                del self._runs[key]
                total -= cells

    def _prepare(self, snapshot: Snapshot) -> None:
        offered = {found.name for found in TOOLS}
        for name, arguments in PREPARED:
            if self._closed or name not in offered:
                continue
            try:
                self._start(checked(name, arguments, snapshot, EVERYTHING)).done.result()
            except LeadlineError as error:  # a page that asks for it says why it is not there
                LOG.info("%s was not prepared: %s", name, error.message)
