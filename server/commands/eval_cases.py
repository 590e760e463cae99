"""`leadline eval feedback`, `promote`, `export`: from what readers say to cases."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from server.commands.ask import DataDir
from server.commands.eval_runs import AsJson, opened_engine, print_json


def feedback(
    rating: Annotated[
        str, typer.Option("--rating", help="down, up or all. 差评、好评或全部")
    ] = "down",
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most rows. 最多显示")] = 20,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """List what readers say of answers, newest first. 用户反馈，最近的在前."""
    from rich.console import Console

    from knowledge.warehouse.feedback_store import FeedbackStore, rating_of
    from leadline.settings import read_settings
    from server.feedback_view import print_feedback

    settings = read_settings(data_dir)
    wanted = None if rating == "all" else rating_of(rating)
    with opened_engine(settings) as engine:
        found = FeedbackStore(engine).list(rating=wanted, limit=limit)
    if as_json:
        print_json(
            [
                {
                    **asdict(item.feedback),
                    "created_at": item.feedback.created_at.isoformat(),
                    "updated_at": item.feedback.updated_at.isoformat(),
                    "question": item.question,
                    "status": item.status,
                    "conversation_id": item.conversation_id,
                }
                for item in found
            ]
        )
    else:
        print_feedback(Console(), settings.language, found)


def promote(
    answer_id: Annotated[str, typer.Argument(help="The accepted answer's id. 答案编号")],
    dataset: Annotated[
        str, typer.Option("--dataset", help="The set that takes the case. 用例集名")
    ] = "promoted",
    note: Annotated[str, typer.Option("--note", help="Kept with the case. 备注")] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Also where it was marked thumbs-down. 差评也转")
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Make a case of an accepted answer, pinned to its snapshot. 将认可的答案转为用例."""
    from rich.console import Console

    from agents.bootstrap import open_service
    from evals.cases import case_line
    from evals.promote import promote as make_case
    from knowledge.warehouse.feedback_store import FeedbackStore
    from leadline.settings import read_settings
    from leadline.types import Language
    from server.schemas import answer_payload

    settings = read_settings(data_dir)
    with opened_engine(settings) as engine:
        made = make_case(
            answer_id,
            service=open_service(settings),
            feedback=FeedbackStore(engine),
            told=answer_payload,
            dataset=dataset,
            note=note,
            force=force,
        )
    if as_json:
        print_json({"case_id": made.case.id, "dataset": made.dataset, "path": str(made.path)})
        return
    console = Console()
    zh = settings.language is Language.ZH
    if made.added:
        head = "已转为用例" if zh else "made a case"
    else:
        head = "已有同样的用例" if zh else "is a case already"
    console.print(f"{head}: {made.case.id} → {made.path}", soft_wrap=True, markup=False)
    console.print(case_line(made.case), style="dim", soft_wrap=True, markup=False, highlight=False)


def export(
    dataset: Annotated[
        list[str] | None,
        typer.Option("--dataset", help="Only this data set; may be repeated. 只导出该数据集"),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="jsonl, or inspect (inspect_ai). 导出格式")
    ] = "jsonl",
    out: Annotated[
        Path | None, typer.Option("--out", help="A file instead of the terminal. 输出文件")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Write golden and promoted cases as JSON lines. 导出用例."""
    from evals.export import exported
    from evals.instances import eval_folder
    from evals.session import all_datasets, suites_of
    from leadline.settings import read_settings

    folder = eval_folder(read_settings(data_dir))
    suites = suites_of(dataset or all_datasets(folder), folder)
    lines = [line for suite in suites for line in exported(suite.dataset, suite.cases, form)]
    text = "".join(f"{line}\n" for line in lines)
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")
