"""`leadline ask`: one question, a batch, or a conversation; and looking at answers afterwards."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadline.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from agents.service import AskService
    from leadline.access import Principal

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="The instance's folder (or LEADLINE_DATA_DIR). 实例目录"),
]
User = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="USER", help="Ask as this user of leadline.yaml. 以该用户的权限提问"
    ),
]


def ask(
    question: Annotated[
        str | None, typer.Argument(help="The question; none starts a conversation. 问题")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON")] = False,
    batch: Annotated[
        Path | None,
        typer.Option(
            "--batch", help="JSONL of {id, question, context}; one result line each. 批量提问"
        ),
    ] = None,
    planner: Annotated[
        str | None,
        typer.Option(
            "--planner", metavar="auto|rules|llm", help="Who plans (or LEADLINE_PLANNER). 规划器"
        ),
    ] = None,
    user: User = None,
    data_dir: DataDir = None,
) -> None:
    """Ask the channel in Chinese or English; every figure is cited. 提问，数字均有出处."""
    service, principal = _open(data_dir, user, planner)
    if batch is not None:
        _run_batch(service, principal, batch)
    elif question is not None:
        from agents.conversation import Conversation

        talk = Conversation()
        answer = service.ask(question, principal=principal, conversation=talk)
        if as_json:
            from server.schemas import answer_payload

            _print_json(answer_payload(answer, conversation_id=talk.conversation_id), indent=2)
        else:
            from server.answer_view import print_answer

            print_answer(answer, _console())
    else:
        _converse(service, principal, as_json=as_json)


def _open(
    data_dir: Path | None, user: str | None, planner: str | None = None
) -> tuple[AskService, Principal]:
    from dataclasses import replace

    from agents.bootstrap import open_service
    from leadline.settings import planner_mode, read_settings

    settings = read_settings(data_dir)
    if planner is not None:
        settings = replace(settings, planner=planner_mode(planner))
    return open_service(settings), settings.principal(user)


def _console() -> Console:
    from rich.console import Console

    return Console()


def _print_json(data: Any, indent: int | None = None) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=indent) + "\n")
    sys.stdout.flush()


# ------------------------------------------------------------------------------------- batch


def _run_batch(service: AskService, principal: Principal, path: Path) -> None:
    from agents.conversation import Conversation
    from server.schemas import answer_payload

    for entry in _batch_lines(path):
        talk = Conversation()
        answer = service.ask(
            entry["question"], context=entry["context"], principal=principal, conversation=talk
        )
        _print_json(answer_payload(answer, entry["id"], conversation_id=talk.conversation_id))


def _batch_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Lines of a batch file, checked before the first is run.

    Raises:
        InputError: names the file and line that is not a question.
    """
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {error}", hint="give a UTF-8 JSONL file") from error
    entries = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            entries.append(_batch_entry(line, f"{path}:{number}", number))
    yield from entries


def _batch_entry(line: str, where: str, number: int) -> dict[str, Any]:
    form = 'each line is {"id": …, "question": "…", "context": ["…"]}'
    try:
        entry = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: not JSON: {error.msg}", hint=form) from error
    context = entry.get("context") or [] if isinstance(entry, dict) else None
    if (
        not isinstance(entry, dict)
        or not isinstance(entry.get("question"), str)
        or not isinstance(context, list)
        or not all(isinstance(q, str) for q in context)
    ):
        raise InputError(f"{where}: not a question", hint=form)
    return {"id": str(entry.get("id", number)), "question": entry["question"], "context": context}


# ------------------------------------------------------------------------------ conversation


def _converse(service: AskService, principal: Principal, *, as_json: bool) -> None:
    from agents.conversation import Conversation
    from leadline.errors import LeadlineError
    from leadline.evidence import Answer
    from server.answer_view import print_answer
    from server.schemas import answer_payload

    console, talk = _console(), Conversation()
    interactive = sys.stdin.isatty()
    if interactive:
        console.print(
            "Leadline · 输入问题，空行结束 / type a question, an empty line ends", style="dim"
        )
    last: Answer | None = None
    while True:
        try:
            typed = console.input("[bold]? [/]") if interactive else sys.stdin.readline()
        except (EOFError, KeyboardInterrupt):
            break
        typed = typed.strip()
        if not typed:
            break
        if last is not None and typed.isdecimal() and 1 <= int(typed) <= len(last.options):
            typed = last.options[int(typed) - 1].question
            console.print(typed, style="dim", markup=False)
        try:
            last = service.ask(typed, principal=principal, conversation=talk)
        except LeadlineError as error:
            console.print(str(error), style="red", markup=False)
            continue
        if as_json:
            _print_json(answer_payload(last, conversation_id=talk.conversation_id))
        else:
            print_answer(last, console)


# ------------------------------------------------------------------------- looking back


def show(
    answer_id: Annotated[str, typer.Argument(help="The answer's id. 答案编号")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON")] = False,
    user: User = None,
    data_dir: DataDir = None,
) -> None:
    """Print a stored answer again. 再看一次答案."""
    from server.answer_view import print_answer
    from server.schemas import answer_payload

    service, principal = _open(data_dir, user)
    answer = service.stored_answer(answer_id, principal)
    if as_json:
        kept = service.evidence.record(answer_id)
        payload = answer_payload(
            answer, conversation_id=kept.conversation_id, created_at=kept.created_at
        )
        _print_json(payload, indent=2)
    else:
        console = _console()
        console.print(f"? {answer.question}", style="dim", markup=False)
        print_answer(answer, console)


def replay(
    citation_id: Annotated[str, typer.Argument(help="The citation's id. 引用编号")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON")] = False,
    user: User = None,
    data_dir: DataDir = None,
) -> None:
    """Run a citation again on its snapshot and prove that it gives the same rows. 重放引用."""
    service, principal = _open(data_dir, user)
    outcome = service.replay(citation_id, principal)
    if as_json:
        from server.schemas import result_payload

        _print_json(
            {
                "citation_id": citation_id,
                "equal": outcome.equal,
                "digest": outcome.digest,
                "digest_then": outcome.digest_then,
                "model_changed": outcome.model_changed,
                **result_payload(outcome.result),
            },
            indent=2,
        )
    else:
        _print_replay(citation_id, outcome)
    if not outcome.equal:
        raise typer.Exit(1)


def _print_replay(citation_id: str, outcome: Any) -> None:
    from rich.table import Table

    from leadline.figures import render_figure, unit_in
    from leadline.types import Language

    console = _console()
    table = Table(title=f"{citation_id} · snapshot {outcome.result.snapshot}")
    for column in outcome.result.columns:
        table.add_column(column.label_en)
    for at, row in enumerate(outcome.result.rows[:50]):
        table.add_row(
            *(
                _plain(render_figure(v, unit_in(outcome.result, at, c), Language.EN))
                for v, c in zip(row, outcome.result.columns, strict=True)
            )
        )
    console.print(table)
    if outcome.equal:
        console.print(f"equal 一致 · sha256 {outcome.digest[:16]}…", style="green")
    else:
        console.print(
            f"NOT equal 不一致: {outcome.digest[:16]}… now, {outcome.digest_then[:16]}… then",
            style="red",
        )
    if outcome.model_changed:
        console.print("the semantic model has changed since 指标定义此后有变更", style="yellow")


def trace(
    answer_id: Annotated[str, typer.Argument(help="The answer's id. 答案编号")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON")] = False,
    user: User = None,
    data_dir: DataDir = None,
) -> None:
    """Show how an answer came about: matches, plan, tool calls, verdict, timings. 查看过程."""
    service, principal = _open(data_dir, user)
    spans = service.stored_trace(answer_id, principal)
    if as_json:
        _print_json(spans, indent=2)
        return
    from server.trace_view import print_spans

    print_spans(_console(), answer_id, spans)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
