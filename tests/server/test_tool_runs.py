"""Runs of tools: shared, remembered within bounds, prepared once per snapshot."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from agents.service import AskService
from leadline.access import EVERYTHING, Scope
from leadline.errors import BusyError, NotFoundError, SpecError
from leadline.evidence import ToolResult
from server.tool_runs import ToolRuns, checked
from tests.agents.channel import EAST, Channel
from tools.catalog import TOOLS
from tools.definition import Tool, ToolContext

(FRESHNESS,) = (tool for tool in TOOLS if tool.name == "freshness")
BY_PARTNER: dict[str, Any] = {"metrics": ["amount"], "dimensions": ["partner"]}


@pytest.fixture
def service(channel: Channel) -> AskService:
    return channel.service


@pytest.fixture
def runs(service: AskService) -> Iterator[ToolRuns]:
    found = ToolRuns(service)
    yield found
    found.close(5)


class TestChecking:
    def test_what_is_left_open_makes_no_other_call(self, service: AskService) -> None:
        snapshot = service.snapshots.current()
        bare = checked("query", BY_PARTNER, snapshot, EVERYTHING)
        said = checked("query", {**BY_PARTNER, "limit": None}, snapshot, EVERYTHING)
        east = checked("query", BY_PARTNER, snapshot, EAST.scope)
        assert bare.key == said.key
        assert bare.key != east.key

    def test_a_tool_that_does_more_than_read_is_closed_to_pages(
        self, service: AskService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sending = replace(FRESHNESS, side_effects=True)
        monkeypatch.setattr("server.tool_runs.tool", lambda _name: sending)
        with pytest.raises(NotFoundError, match="open to pages"):
            checked("freshness", {}, service.snapshots.current(), EVERYTHING)

    def test_names_the_argument_that_is_wrong(self, service: AskService) -> None:
        with pytest.raises(SpecError, match="query: limit"):
            checked("query", {**BY_PARTNER, "limit": 0}, service.snapshots.current(), EVERYTHING)


class TestMemory:
    def test_equal_calls_share_a_run(self, service: AskService, runs: ToolRuns) -> None:
        call = checked("query", BY_PARTNER, service.snapshots.current(), EVERYTHING)
        first = runs.start(call)
        assert first.done.result(10).row_count == 9  # of ten partners one never ordered
        assert runs.start(call) is first

    def test_lets_the_oldest_go(self, service: AskService) -> None:
        # nine rows of two cells are 18, so 40 hold two results
        runs = ToolRuns(service, cells=40)
        snapshot = service.snapshots.current()
        calls = [
            checked("query", {**BY_PARTNER, "metrics": [m]}, snapshot, EVERYTHING)
            for m in ("amount", "quantity", "orders")
        ]
        begun = []
        for call in calls:
            begun.append(runs.start(call))
            begun[-1].done.result(10)
        again = runs.start(calls[2])
        assert again is begun[2]
        assert runs.start(calls[1]) is begun[1]
        assert runs.start(calls[0]) is not begun[0]
        runs.close(5)

    def test_a_failure_is_tried_again(self, service: AskService, runs: ToolRuns) -> None:
        wrong = {**BY_PARTNER, "metrics": ["happiness"]}
        call = checked("query", wrong, service.snapshots.current(), EVERYTHING)
        first = runs.start(call)
        with pytest.raises(SpecError, match="happiness"):
            first.done.result(10)
        assert runs.start(call) is not first

    def test_takes_no_more_when_closed(self, service: AskService) -> None:
        runs = ToolRuns(service)
        assert runs.close(1)
        call = checked("query", BY_PARTNER, service.snapshots.current(), EVERYTHING)
        with pytest.raises(BusyError):
            runs.start(call)


class TestLanes:
    def test_what_trains_goes_one_after_the_other_beside_the_rest(
        self, service: AskService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        free = threading.Event()
        order: list[str] = []

        def slow(name: str) -> Tool[Any]:
            def compute(arguments: Any, context: ToolContext) -> ToolResult:
                order.append(f"{name} begins")
                assert free.wait(10)
                order.append(f"{name} ends")
                return FRESHNESS.compute(arguments, context)

            return replace(FRESHNESS, name=name, compute=compute)

        tools = {name: slow(name) for name in ("forecast", "forecast_series")}
        monkeypatch.setattr("server.tool_runs.tool", lambda name: tools.get(name, FRESHNESS))
        runs = ToolRuns(service)
        snapshot = service.snapshots.current()
        begun = [runs.start(checked(name, {}, snapshot, EVERYTHING)) for name in tools]
        quick = runs.start(checked("freshness", {}, snapshot, EVERYTHING))
        assert quick.done.result(10).rows  # it waits for none of them
        free.set()
        for run in begun:
            run.done.result(10)
        assert order == [
            "forecast begins",
            "forecast ends",
            "forecast_series begins",
            "forecast_series ends",
        ]
        assert runs.close(5)


class TestPreparing:
    def test_computes_once_per_snapshot_under_no_limit(
        self, service: AskService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[Scope] = []

        def note(arguments: Any, context: ToolContext) -> ToolResult:
            seen.append(context.scope)
            return FRESHNESS.compute(arguments, context)

        noting = Tool("noting", "记", "Notes", FRESHNESS.arguments, note)
        monkeypatch.setattr("server.tool_runs.PREPARED", (("noting", {}), ("not_offered", {})))
        monkeypatch.setattr("server.tool_runs.TOOLS", (noting,))
        monkeypatch.setattr("server.tool_runs.tool", lambda _name: noting)
        runs = ToolRuns(service, prepares=True)
        for _ in range(3):
            runs.prepare(service.snapshots.current())
        until = time.monotonic() + 10
        while not seen and time.monotonic() < until:
            time.sleep(0.01)
        assert runs.close(5)
        assert seen == [EVERYTHING]

    def test_nothing_where_it_is_not_wanted(self, service: AskService) -> None:
        runs = ToolRuns(service)
        runs.prepare(service.snapshots.current())
        assert runs.close(0)
