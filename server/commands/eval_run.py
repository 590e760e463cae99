"""`leadline eval run`: the golden questions against this build, with gates; every run is kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadline.errors import InputError
from leadline.settings import Settings
from server.commands.ask import DataDir
from server.commands.eval_runs import opened_store

if TYPE_CHECKING:
    from rich.console import Console

    from evals.run import Result
    from evals.store import Compared, Run


def run(
    planner: Annotated[
        str, typer.Option("--planner", help="rules, llm or auto. 由谁规划")
    ] = "rules",
    dataset: Annotated[
        list[str] | None,
        typer.Option("--dataset", help="Only this data set; may be repeated. 只测该数据集"),
    ] = None,
    case: Annotated[
        list[str] | None,
        typer.Option("--case", metavar="ID", help="Only this case; may be repeated. 只测该用例"),
    ] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, help="So many cases of all kinds. 分层抽样题数")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Draws the sample. 抽样种子")] = 0,
    repeat: Annotated[
        int, typer.Option("--repeat", min=1, help="Attempts at each case (pass^k). 每题重复次数")
    ] = 1,
    model: Annotated[
        str | None, typer.Option("--model", help="In place of LEADLINE_LLM_MODEL. 换用该模型")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="RUN|rules",
            help="Compare with this run, or with the rules; figures may not differ. 与之比较",
        ),
    ] = None,
    label: Annotated[str, typer.Option("--label", help="What this run is for. 备注")] = "",
    resume: Annotated[
        str | None,
        typer.Option("--resume", metavar="RUN", help="Go on with a run that was cut off. 续跑"),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=1, help="Questions asked at once. 并发数")
    ] = 1,
    failures: Annotated[
        bool, typer.Option("--failures", help="List every answer that is not right. 列出未通过者")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON")] = False,
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

    from evals.sampling import Selection
    from leadline.settings import read_settings
    from server.eval_bench import Bench

    settings = read_settings(data_dir)
    selection = Selection(tuple(case or ()), sample, seed, repeat)
    console = Console(stderr=as_json)
    with opened_store(settings) as store:
        bench = Bench(store, settings, shared_data, workers, console)
        if resume is None:
            setup = bench.setup(planner, tuple(dataset or ()), selection, model, label)
            run_id = store.begin_run(setup)
        else:
            if dataset or selection != Selection():
                raise InputError("a run goes on with its own cases: give --resume alone")
            run_id = store.get_run(resume).run_id
        done, results = bench.conduct(run_id)
        compared = None if against is None else bench.compared(done, against)
        _show(console, settings, done, results, compared, as_json=as_json, failures=failures)
    if not (done.totals and done.totals.passed) or (compared and compared.comparison.differing):
        raise typer.Exit(1)


def _show(
    console: Console,
    settings: Settings,
    done: Run,
    results: tuple[Result, ...],
    compared: Compared | None,
    *,
    as_json: bool,
    failures: bool,
) -> None:
    if as_json:
        from server.eval_payloads import case_payload, compared_payload, run_payload

        data = {**run_payload(done), "cases": [case_payload(result) for result in results]}
        if compared is not None:
            data["compared"] = compared_payload(compared)
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
        return
    from evals.report import summarise
    from server.eval_compare_view import print_comparison
    from server.eval_view import print_run

    every = failures or bool(done.setup.selection.cases)
    print_run(console, settings.language, done, results, summarise(results), failures=every)
    if compared is not None:
        print_comparison(console, settings.language, compared)
