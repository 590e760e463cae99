"""`leadline eval run`: the golden questions against this build, with gates; every run is kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadline.errors import InputError
from leadline.settings import Settings
from server.commands.ask import DataDir
from server.commands.eval_runs import AsJson, opened_store, print_json

if TYPE_CHECKING:
    from rich.console import Console

    from evals.store import Compared
    from server.eval_bench import Conducted


Planner = Annotated[str, typer.Option("--planner", help="rules, llm or auto. 由谁规划")]
Datasets = Annotated[
    list[str] | None,
    typer.Option("--dataset", help="Only this data set; may be repeated. 只测该数据集"),
]
Cases = Annotated[
    list[str] | None,
    typer.Option("--case", metavar="ID", help="Only this case; may be repeated. 只测该用例"),
]
Sample = Annotated[
    int | None, typer.Option("--sample", min=1, help="So many cases of all kinds. 分层抽样题数")
]
Seed = Annotated[int, typer.Option("--seed", help="Draws the sample. 抽样种子")]
Repeat = Annotated[
    int, typer.Option("--repeat", min=1, help="Attempts at each case (pass^k). 每题重复次数")
]
ModelName = Annotated[
    str | None, typer.Option("--model", help="In place of LEADLINE_LLM_MODEL. 换用该模型")
]
Recorded = Annotated[
    bool,
    typer.Option(
        "--recorded", help="The model's replies are recorded; implies --against rules. 回放录制"
    ),
]
Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="RUN|rules",
        help="Compare with this run, or with the rules; figures may not differ. 与之比较",
    ),
]
RunLabel = Annotated[str, typer.Option("--label", help="What this run is for. 备注")]
Resume = Annotated[
    str | None,
    typer.Option("--resume", metavar="RUN", help="Go on with a run that was cut off. 续跑"),
]
Workers = Annotated[int, typer.Option("--workers", min=1, help="Questions asked at once. 并发数")]
Failures = Annotated[
    bool, typer.Option("--failures", help="List every answer that is not right. 列出未通过者")
]
SharedData = Annotated[
    Path | None,
    typer.Option(
        "--shared-data", help="Folder with the sample data (or LEADLINE_SHARED_DATA). 样例数据"
    ),
]


def run(
    planner: Planner = "rules",
    dataset: Datasets = None,
    case: Cases = None,
    sample: Sample = None,
    seed: Seed = 0,
    repeat: Repeat = 1,
    model: ModelName = None,
    recorded: Recorded = False,
    against: Against = None,
    label: RunLabel = "",
    resume: Resume = None,
    workers: Workers = 1,
    failures: Failures = False,
    as_json: AsJson = False,
    shared_data: SharedData = None,
    data_dir: DataDir = None,
) -> None:
    """Ask the golden questions; exit code 1 where a gate is missed. 运行评测，未达标则返回 1."""
    from rich.console import Console

    from evals.sampling import Selection
    from leadline.settings import read_settings
    from server.eval_bench import Bench
    from server.eval_view import print_begun

    settings = read_settings(data_dir)
    selection = Selection(tuple(case or ()), sample, seed, repeat, recorded)
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
        print_begun(console, settings.language, run_id)
        done = bench.conduct(run_id)
        wanted = against or ("rules" if done.run.setup.selection.recorded else None)
        compared = None if wanted is None else bench.compared(done.run, wanted)
        _show(console, settings, done, compared, as_json=as_json, failures=failures)
    totals = done.run.totals
    differing = compared is not None and compared.comparison.differing
    if not (totals and totals.passed) or differing or done.unrecorded:
        raise typer.Exit(1)


def _show(
    console: Console,
    settings: Settings,
    done: Conducted,
    compared: Compared | None,
    *,
    as_json: bool,
    failures: bool,
) -> None:
    from evals.report import summarise
    from server.eval_compare_view import print_comparison
    from server.eval_payloads import case_payload, compared_payload, run_payload
    from server.eval_view import print_run, print_unrecorded

    run, results = done.run, done.results
    if as_json:
        data = {**run_payload(run), "cases": [case_payload(result) for result in results]}
        if compared is not None:
            data["compared"] = compared_payload(compared)
        print_json(data)
    else:
        every = failures or bool(run.setup.selection.cases)
        print_run(console, settings.language, run, results, summarise(results), failures=every)
        if compared is not None:
            print_comparison(console, settings.language, compared)
    print_unrecorded(console, settings.language, done.unrecorded)
