"""What the service adds to a language model's own time: checks, tools, masking, the store.

A competent scripted model (`evals.scripted`) is asked over real HTTP. Per question the time that
the server spent on its replies is taken off the whole; what is left is overhead, the wire
and the client included. The rules answer the same questions for comparison.

    python -m bench.llm_overhead                    an instance of the simulated channel
    python -m bench.llm_overhead --data-dir DIR     an instance that is there
"""

from __future__ import annotations

import argparse
import gc
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import percentile, report, write_results

if TYPE_CHECKING:
    from agents.service import AskService
    from leadline.settings import Settings

QUESTIONS = (
    "今年各大区销售额", "sales by region this year", "今年销售额前10的伙伴及占比",
    "本季度至今比去年同期销售额", "sales this month vs last month", "上季度各大区毛利率",
    "今年各产品线销售额同比", "top 5 partners by sales last year", "去年各月销售额",
    "average monthly sales by region last year", "沉睡超过90天的伙伴", "今年华东和华南的销售额",
    "每个大区销售额前3的伙伴", "环比下降超过20%的伙伴有哪些？", "how fresh is the data?",
    "销售额怎么算的？",
)  # fmt: skip
ROUNDS = 4
THINK_S = 0.2
"""How long the model takes over a reply, in the run with many at once."""
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Turn:
    """One question: all its milliseconds, those of the model's server, and calls.

    `cpu_ms` is processor time of the whole process, the scripted model's own included.
    """

    question: str
    total_ms: float
    model_ms: float
    calls: int
    cpu_ms: float

    @property
    def overhead_ms(self) -> float:
        """What the service added."""
        return self.total_ms - self.model_ms


def channel_settings(folder: Path) -> Settings:
    """A small simulated channel, loaded and published."""
    from evals.instances import Skipped, prepare

    found = prepare("channel", folder)
    if isinstance(found, Skipped):
        raise SystemExit(found.reason)
    return found


def measure(settings: Settings) -> dict[str, object]:
    """Turns one by one, then many at once over a model that takes its time."""
    from agents.bootstrap import open_service
    from agents.rules.vocabulary import planner_context
    from evals.scripted.competent import Competent
    from evals.scripted.server import MODEL, ScriptedModel
    from leadline.access import EVERYTHING
    from leadline.settings import LlmSettings

    rules = open_service(replace(settings, llm=None))
    context = planner_context(rules.snapshots.current(), EVERYTHING, settings.instance)
    with ScriptedModel(Competent(context)) as server:
        service = open_service(replace(settings, llm=LlmSettings(server.base_url, MODEL)))
        began = time.perf_counter()
        service.warm()
        warm_s = time.perf_counter() - began

        def ask(question: str) -> Turn:
            busy, calls, began = server.busy_s, len(server.requests), time.perf_counter()
            cpu = time.process_time()
            answer = service.ask(question, planner="llm")
            total = time.perf_counter() - began
            if answer.planning.fallback is not None:
                raise SystemExit(f"{question}: {answer.planning.fallback}")
            spent = (server.busy_s - busy) * 1000
            cpu_ms = (time.process_time() - cpu) * 1000
            return Turn(question, total * 1000, spent, len(server.requests) - calls, cpu_ms)

        for question in QUESTIONS:
            ask(question)
        turns = [ask(question) for _ in range(ROUNDS) for question in QUESTIONS]
    return {
        "warm_seconds": warm_s,
        "turns": len(turns),
        "calls_per_turn": statistics.mean(turn.calls for turn in turns),
        **_spread("overhead", [turn.overhead_ms for turn in turns]),
        **_spread("overhead_per_call", [turn.overhead_ms / turn.calls for turn in turns]),
        **_spread("cpu", [turn.cpu_ms for turn in turns]),
        **_spread("rules", _timed(rules)),
        "slowest": max(turns, key=lambda turn: turn.overhead_ms).question,
        **_crowded(settings, Competent(context)),
    }


def _spread(name: str, values: Sequence[float]) -> dict[str, float]:
    return {
        f"{name}_median_ms": statistics.median(values),
        f"{name}_p95_ms": percentile(values, 0.95),
    }


def _timed(service: AskService) -> list[float]:
    """Milliseconds of the same questions by the rules, warm."""
    found = []
    for round_ in range(ROUNDS + 1):
        for question in QUESTIONS:
            began = time.perf_counter()
            service.ask(question, planner="rules")
            if round_:
                found.append((time.perf_counter() - began) * 1000)
    return found


def _crowded(settings: Settings, behaviour: Callable[..., object]) -> dict[str, float]:
    """Many at once, the model thinking a while over each reply as real ones do."""
    from agents.bootstrap import open_service
    from evals.scripted.server import MODEL, ScriptedModel
    from leadline.settings import LlmSettings

    with ScriptedModel(behaviour, think_s=THINK_S) as server:  # type: ignore[arg-type]
        service = open_service(replace(settings, llm=LlmSettings(server.base_url, MODEL)))
        service.ask(QUESTIONS[0], planner="llm")

        def ask(question: str) -> float:
            began = time.perf_counter()
            answer = service.ask(question, planner="llm")
            thought = THINK_S * answer.planning.llm_calls
            return (time.perf_counter() - began - thought) * 1000

        with ThreadPoolExecutor(AT_ONCE) as pool:
            beyond = list(pool.map(ask, QUESTIONS * 2))
    return _spread("crowded_beyond_thinking", beyond)


def claims(found: dict[str, object]) -> list[tuple[str, str, str]]:
    """The table: what, measured, target."""

    def ms(name: str) -> str:
        return f"{found[name]:,.0f} ms"

    return [
        ("turns", f"{found['turns']}", ""),
        ("calls of the model per turn", f"{found['calls_per_turn']:.1f}", ""),
        ("overhead of a turn, median", ms("overhead_median_ms"), "< 300 ms"),
        ("overhead of a turn, p95", ms("overhead_p95_ms"), "< 300 ms"),
        ("overhead per call, median", ms("overhead_per_call_median_ms"), ""),
        (
            "processor time of a turn, the scripted model's included, median",
            ms("cpu_median_ms"),
            "",
        ),
        ("the rules alone, median", ms("rules_median_ms"), ""),
        (
            f"{AT_ONCE} at once, beyond the model's thinking, median",
            ms("crowded_beyond_thinking_median_ms"),
            "",
        ),
        ("first use (imports, words of the instance)", f"{found['warm_seconds']:.1f} s", ""),
    ]


def main() -> None:
    """Measure, print the table, write `bench/results/llm_overhead.json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, help="an instance of the simulated channel")
    given = parser.parse_args()
    from leadline.settings import read_settings

    folder = Path(tempfile.mkdtemp(prefix="leadline-bench-"))
    try:
        settings = read_settings(given.data_dir, {}) if given.data_dir else channel_settings(folder)
        found = measure(settings)
    finally:
        shutil.rmtree(folder)
    report("bench.llm_overhead", claims(found))
    print("slowest:", found["slowest"])
    print("written:", write_results("llm_overhead", found))
    gc.collect()  # DuckDB complains of what the interpreter has not let go of when it ends


if __name__ == "__main__":
    main()
