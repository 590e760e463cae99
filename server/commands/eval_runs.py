"""`leadline eval list`, `show`, `compare`: evaluation runs of the past."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from leadline.settings import Settings
from server.commands.ask import DataDir

if TYPE_CHECKING:
    import sqlalchemy as sa

    from evals.store import EvalStore

RunId = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's id, or how it begins. 评测编号或其开头")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON")]


@contextmanager
def opened_engine(settings: Settings) -> Iterator[sa.Engine]:
    """The instance's system of record, for as long as it is needed."""
    from leadline.database import make_engine

    engine = make_engine(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def opened_store(settings: Settings) -> Iterator[EvalStore]:
    """The runs that are kept in the instance."""
    from evals.store import EvalStore

    with opened_engine(settings) as engine:
        yield EvalStore(engine)


def list_runs(
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most runs. 最多显示")] = 20,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """List the runs, newest first. 评测记录，最近的在前."""
    from rich.console import Console

    from leadline.settings import read_settings
    from server.eval_payloads import run_payload
    from server.eval_view import print_runs

    settings = read_settings(data_dir)
    with opened_store(settings) as store:
        runs = store.list_runs(limit)
    if as_json:
        print_json([run_payload(run) for run in runs])
    else:
        print_runs(Console(), settings.language, runs)


def show(
    run_id: RunId,
    failures: Annotated[
        bool, typer.Option("--failures", help="List every answer that is not right. 列出未通过者")
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show what a run came to, also one that was cut off. 查看一次评测."""
    from rich.console import Console

    from evals.report import summarise
    from leadline.settings import read_settings
    from server.eval_payloads import case_payload, run_payload
    from server.eval_view import print_run

    settings = read_settings(data_dir)
    with opened_store(settings) as store:
        run = store.get_run(run_id)
        results = store.results(run.run_id)
    if as_json:
        print_json({**run_payload(run), "cases": [case_payload(result) for result in results]})
    else:
        summary = summarise(results)
        print_run(Console(), settings.language, run, results, summary, failures=failures)


def compare(
    a: RunId,
    b: RunId,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Compare run B with run A; exit code 1 where their figures differ. 比较，数字不同则返回 1."""
    from rich.console import Console

    from leadline.settings import read_settings
    from server.eval_compare_view import print_comparison
    from server.eval_payloads import compared_payload

    settings = read_settings(data_dir)
    with opened_store(settings) as store:
        compared = store.compare(a, b)
    if as_json:
        print_json(compared_payload(compared))
    else:
        print_comparison(Console(), settings.language, compared)
    if compared.comparison.differing:
        raise typer.Exit(1)


def print_json(data: object) -> None:
    """JSON for a program, readable for a person."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
