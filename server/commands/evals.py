"""`leadline eval run`: the golden questions against this build, with gates."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadline.errors import NotFoundError
from server.commands.ask import DataDir

if TYPE_CHECKING:
    from rich.console import Console

    from evals.cases import Case
    from evals.run import Ask, Result
    from leadline.settings import Settings

app = typer.Typer(
    name="eval",
    help="Golden questions and their gates. 评测",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def group() -> None:
    """Golden questions and their gates. 评测."""


@app.command()
def run(
    dataset: Annotated[
        list[str] | None,
        typer.Option("--dataset", help="Only this golden set; may be repeated. 只测该数据集"),
    ] = None,
    case: Annotated[
        list[str] | None,
        typer.Option("--case", metavar="ID", help="Only this case; may be repeated. 只测该用例"),
    ] = None,
    failures: Annotated[
        bool, typer.Option("--failures", help="List every answer that is not right. 列出未通过者")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report. 输出 JSON")] = False,
    shared_data: Annotated[
        Path | None,
        typer.Option(
            "--shared-data", help="Folder with the sample data (or LEADLINE_SHARED_DATA). 样例数据"
        ),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Ask the golden questions; exit code 1 where a gate is missed. 运行评测，未达标则返回 1."""
    from rich.console import Console

    from evals.cases import DATASETS, dataset_path, read_cases
    from evals.instances import Skipped, eval_folder, prepare
    from evals.report import as_json as report_json
    from evals.report import store
    from leadline.clock import now_utc
    from leadline.settings import read_settings

    folder = eval_folder(read_settings(data_dir))
    console = Console(stderr=as_json)
    chosen = [(name, read_cases(dataset_path(name))) for name in dataset or DATASETS]
    wanted = [(name, _picked(cases, case)) for name, cases in chosen]
    _check_found(case, wanted)

    results: list[Result] = []
    facts: dict[str, dict[str, object]] = {}
    for name, cases in wanted:
        if not cases:
            continue
        with console.status(f"loading {name} …"):
            settings = prepare(name, folder, shared=shared_data)
        if isinstance(settings, Skipped):
            facts[name] = {"skipped": settings.reason}
            console.print(f"{name}: skipped, {settings.reason}", style="yellow", soft_wrap=True)
            continue
        found, fact = _asked(name, cases, settings, console)
        results += found
        facts[name] = fact
    report = report_json(results, facts, now_utc())
    path = store(report, folder)
    if as_json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    else:
        _show(console, results, path, failures=failures or case is not None)
    if not report["passed"]:
        raise typer.Exit(1)


def _picked(cases: Sequence[Case], ids: Sequence[str] | None) -> tuple[Case, ...]:
    return tuple(c for c in cases if not ids or c.id in ids)


def _check_found(ids: Sequence[str] | None, wanted: Sequence[tuple[str, Sequence[Case]]]) -> None:
    """Raises NotFoundError for an id that no chosen golden set has."""
    known = {c.id for _name, cases in wanted for c in cases}
    for name in ids or ():
        if name not in known:
            sets = ", ".join(dataset for dataset, _cases in wanted)
            raise NotFoundError(f"no case {name!r} in {sets}", hint="ids stand in evals/datasets")


def _asked(
    name: str, cases: Sequence[Case], settings: Settings, console: Console
) -> tuple[tuple[Result, ...], dict[str, object]]:
    """The results of one golden set, and what was asked: snapshot, as-of date, model version."""
    from agents.bootstrap import open_service
    from evals.run import run_cases
    from knowledge.semantic.model import load_model
    from knowledge.warehouse.snapshot import SnapshotStore
    from leadline.access import LOCAL_OWNER
    from server.schemas import answer_payload

    service = open_service(settings)
    service.warm()

    def ask(question: str, context: tuple[str, ...]) -> Mapping[str, Any]:
        return answer_payload(service.ask(question, context=context, principal=LOCAL_OWNER))

    asking: Ask = ask
    with _bar(console, name, len(cases)) as step:
        results = run_cases(name, cases, asking, step)
    snapshot = SnapshotStore(settings.snapshot_dir).current()
    fact: dict[str, object] = {
        "snapshot": snapshot.number,
        "as_of": snapshot.as_of.isoformat(),
        "model_version": load_model().version,
        "planner": "rules",
    }
    return results, fact


@contextmanager
def _bar(console: Console, name: str, total: int) -> Iterator[Callable[[Result], None]]:
    from rich.progress import Progress

    with Progress(console=console, transient=True) as progress:
        task = progress.add_task(name, total=total)

        def step(_result: Result) -> None:
            progress.advance(task)

        yield step


def _show(console: Console, results: Sequence[Result], path: Path, *, failures: bool) -> None:
    from evals.report import lines, summarise, table

    summary = summarise(results)
    if failures:
        for result in results:
            if not result.right or result.ruling.unasked:
                _show_failure(console, result)
        for first, second in summary.disagreeing_pairs:
            console.print(f"disagree: {first} / {second}", style="yellow", highlight=False)
    for title, tallies in (
        ("By kind", summary.by_kind),
        ("By language", summary.by_language),
        ("By data set", summary.by_dataset),
    ):
        console.print(table(title, tallies))
    for line in lines(summary):
        console.print(line, highlight=False, soft_wrap=True)
    console.print(f"report: {path}", style="dim", highlight=False, soft_wrap=True)


def _show_failure(console: Console, result: Result) -> None:
    from rich.markup import escape

    asked = " → ".join((*result.case.context, result.case.question))
    answer = result.answer or {}
    console.print(f"[red]{result.ruling.verdict}[/] {result.case.id}: {escape(asked)}")
    reason = result.ruling.reason or f"unasked: {', '.join(result.ruling.unasked)}"
    console.print(f"  {escape(reason)}", highlight=False, soft_wrap=True)
    if answer.get("reading"):
        console.print(f"  read as: {escape(str(answer['reading']))}", style="dim", soft_wrap=True)
