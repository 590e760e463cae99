"""Briefs in the making: one after the other in a thread of their own, equal ones once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from agents.briefs.making import make_brief
from agents.briefs.managers import Manager
from agents.briefs.week import Week
from agents.service import AskService
from knowledge.warehouse.brief_store import BriefRecord
from knowledge.warehouse.snapshot import Snapshot
from leadline.access import Principal
from leadline.types import Language
from server.asking import AskingPool

WAITING: Final = 64
KEPT: Final = 200
"""Finished ones remembered by what was asked; all of them are in the archive anyway."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One brief that somebody wants."""

    manager: Manager
    week: Week
    language: Language
    snapshot: Snapshot
    principal: Principal

    @property
    def key(self) -> tuple[object, ...]:
        """What the brief depends on."""
        manager, snapshot = self.manager, self.snapshot
        made = str(snapshot.manifest.created_at)
        scope = manager.scope.digest
        return (manager.name, scope, self.week.name, self.language, snapshot.number, made)


@dataclass(slots=True)
class Making:
    """A brief at work, or done."""

    done: Future[BriefRecord]
    begun: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """For how long it has been there."""
        return time.monotonic() - self.begun


class BriefRuns:
    """Makes briefs in the background."""

    def __init__(self, service: AskService) -> None:
        self._service = service
        # a first forecast trains models on all cores: two briefs at once would be slower
        self._pool = AskingPool(1, WAITING)
        self._making: dict[tuple[object, ...], Making] = {}
        self._lock = threading.Lock()

    def start(self, wanted: Wanted) -> Making:
        """The making of this brief: one that is there already, else a new one.

        Raises:
            BusyError: too many wait.
        """
        with self._lock:
            found = self._making.get(wanted.key)
            failed = found is not None and found.done.done() and found.done.exception() is not None
            if found is None or failed:
                found = Making(self._pool.submit(partial(self._make, wanted)))
                self._making[wanted.key] = found
                self._forget()
            return found

    def close(self, wait_s: float) -> bool:
        """Take no more; whether all that runs was finished within that time."""
        return self._pool.close(wait_s)

    def _make(self, wanted: Wanted) -> BriefRecord:
        return make_brief(
            self._service,
            wanted.manager,
            wanted.week,
            wanted.language,
            wanted.principal,
            wanted.snapshot.number,
        )

    def _forget(self) -> None:
        for key in [k for k, making in self._making.items() if making.done.done()]:
            if len(self._making) <= KEPT:
                return
            del self._making[key]
