"""Watchers of evaluation runs."""

from __future__ import annotations

from evals.instances import Skipped
from evals.run import Result


class Silent:
    """Hears everything and says nothing."""

    def opening(self, dataset: str) -> None:
        pass

    def begun(self, dataset: str, cases: int) -> None:
        pass

    def done(self, result: Result) -> None:
        pass

    def skipped(self, skipped: Skipped) -> None:
        pass
