"""Speed of the HTTP door: `python -m bench.serve [INSTANCE]` (or LEADLINE_DATA_DIR).

Claims and targets (2 cores, AdventureWorks, planned by the rules): 20 questions at once, 0 errors,
p95 < 1.5 s to the whole answer; the first event of a stream < 150 ms. Measured over real HTTP
against `leadline serve` in a process of its own, on a copy of the instance. The asking client
shares the machine's cores with the server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from bench.measure import percentile, report, write_results

AT_ONCE = 20
ROUNDS = 10
"""Waves of questions; the first is asked of a server that has only just started."""

QUESTIONS = (
    "今年各大区销售额及同比",
    "Top 10 partners by sales this year, with their share",
    "今年每个月的销售额",
    "Sales by product category this quarter",
    "沉睡超过90天的伙伴有哪些？",
    "How many orders were placed last month?",
    "今年各产品类别的毛利率",
    "worst 5 provinces this year",
    "去年销售额前5的产品",
    "What is the stock value now?",
    "各区域今年的订单数",
    "sales in Germany last year",
    "本季度销售额比去年同期",
    "average order value by partner type in 2012",
    "2012年各季度销售额",
    "Which partners grew fastest this year?",
    "今年销售额最高的销售人员",
    "Bikes sales by month in 2013",
    "近三个月各产品线销售额",
    "discount rate by promotion this year",
)
"""Twenty of different kinds, half of them Chinese; no two alike."""

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as its asker saw it; milliseconds since it was sent."""

    question: str
    status: str
    """The answer's status, or what went wrong."""
    first_ms: float
    done_ms: float

    @property
    def failed(self) -> bool:
        """Whether there was no answer."""
        return self.status not in ("answered", "clarify", "refused")


@contextmanager
def serving(instance: Path) -> Iterator[str]:
    """`leadline serve` on a copy of the instance; its address."""
    with tempfile.TemporaryDirectory(prefix="leadline-bench-") as folder:
        data_dir = Path(folder) / "data"
        shutil.copytree(instance, data_dir)
        environ = {k: v for k, v in os.environ.items() if not k.startswith("LEADLINE_")}
        command = [sys.executable, "-c", "from server.cli import main; main()", "serve"]
        process = subprocess.Popen(
            [*command, "--port", "0", "--data-dir", str(data_dir)],
            stdout=subprocess.PIPE,
            text=True,
            env={**environ, "LEADLINE_LANGUAGE": "en"},
        )
        try:
            assert process.stdout is not None  # noqa: S101 - it was asked for
            line = process.stdout.readline()
            yield next(word for word in line.split() if word.startswith("http"))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


async def ask(url: SplitResult, question: str, *, stream: bool) -> Asked:
    """Ask once, as a stream or for the JSON answer, over a connection of its own.

    As little as possible is done with what comes back: the client's own work would be measured too.
    """
    body = json.dumps({"question": question}).encode()
    kind = "text/event-stream" if stream else "application/json"
    head = (
        f"POST /api/ask HTTP/1.1\r\nHost: {url.netloc}\r\nAccept: {kind}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(head.encode() + body)
    first_ms, got = 0.0, b""
    while piece := await reader.read(1 << 16):
        got += piece
        if not first_ms and (b"event: accepted" in got or not stream):
            first_ms = (time.perf_counter() - began) * 1000
    done_ms = (time.perf_counter() - began) * 1000
    writer.close()
    return Asked(question, status_of(got), first_ms or done_ms, done_ms)


def status_of(response: bytes) -> str:
    """The status of the answer that a response holds, or what it says instead."""
    text = response.decode(errors="replace")
    found = re.findall(r'"status":"(answered|clarify|refused)"', text)
    return str(found[-1]) if text.startswith("HTTP/1.1 200 ") and found else text[:300]


async def waves(url: str, *, at_once: int, rounds: int, stream: bool) -> list[list[Asked]]:
    """Rounds of questions, all of a round sent at the same moment."""
    where = urlsplit(url)
    chosen = [QUESTIONS[number % len(QUESTIONS)] for number in range(at_once)]
    return [
        await asyncio.gather(*(ask(where, question, stream=stream) for question in chosen))
        for _ in range(rounds)
    ]


def figures(found: Sequence[Asked]) -> Result:
    """What a number of questions came to."""
    done = [item.done_ms for item in found]
    first = [item.first_ms for item in found]
    return {
        "questions": len(found),
        "errors": [f"{item.question}: {item.status}" for item in found if item.failed],
        "answered": sum(item.status == "answered" for item in found),
        "p50_ms": percentile(done, 0.50),
        "p95_ms": percentile(done, 0.95),
        "max_ms": max(done),
        "first_event_p50_ms": percentile(first, 0.50),
        "first_event_p95_ms": percentile(first, 0.95),
        "first_event_max_ms": max(first),
    }


def measure(instance: Path, *, at_once: int, rounds: int) -> dict[str, Result]:
    """All stages against one server each."""
    results: dict[str, Result] = {}
    for name, stream in (("json", False), ("stream", True)):
        with serving(instance) as url:
            first, *rest = asyncio.run(waves(url, at_once=at_once, rounds=rounds, stream=stream))
            results[f"{name}_first_round"] = figures(first)
            results[name] = figures([item for wave in rest for item in wave])
            if stream:
                alone = asyncio.run(waves(url, at_once=1, rounds=20, stream=True))
                results["alone"] = figures([item for wave in alone for item in wave])
    return results


def claims(results: dict[str, Result], at_once: int) -> list[tuple[str, str, str]]:
    """The table: what, measured, target."""
    rows = []
    for name, words in (
        ("json", f"{at_once} at once, JSON"),
        ("stream", f"{at_once} at once, streamed"),
        ("json_first_round", f"{at_once} at once, JSON, just started"),
        ("stream_first_round", f"{at_once} at once, streamed, just started"),
        ("alone", "one after the other, streamed"),
    ):
        found = results[name]
        warm = "first_round" not in name  # a server that has only just started still reads
        rows += [
            (f"{words}: errors of {found['questions']}", str(len(found["errors"])), "0"),
            (
                f"{words}: answer p50, p95",
                f"{found['p50_ms']:.0f} ms, {found['p95_ms']:.0f} ms",
                "p95 < 1500 ms" if warm else "",
            ),
        ]
        if "json" not in name:
            rows.append(
                (
                    f"{words}: first event p50, p95",
                    f"{found['first_event_p50_ms']:.0f} ms, {found['first_event_p95_ms']:.0f} ms",
                    "< 150 ms" if warm else "",
                )
            )
    return rows


def main() -> None:
    """Run all stages, print the table, write `bench/results/serve.json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "instance", type=Path, nargs="?", default=os.environ.get("LEADLINE_DATA_DIR")
    )
    parser.add_argument("--at-once", type=int, default=AT_ONCE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    if arguments.instance is None:
        parser.error("name the folder of a loaded instance, or set LEADLINE_DATA_DIR")
    results = measure(Path(arguments.instance), at_once=arguments.at_once, rounds=arguments.rounds)
    report(
        f"bench.serve, {arguments.at_once} questions at once", claims(results, arguments.at_once)
    )
    for found in results.values():
        for line in found["errors"][:5]:
            print(" ", line)
    name = "serve" if arguments.at_once == AT_ONCE else f"serve-{arguments.at_once}"
    facts = {"at_once": arguments.at_once, "rounds": arguments.rounds, **results}
    print("written:", write_results(name, facts))


if __name__ == "__main__":
    main()
