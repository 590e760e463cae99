"""`leadline traces`: how answers came about; sending traces to a backend; removing old ones."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from leadline.errors import BusyError, InputError, NotFoundError
from server.commands.ask import DataDir, User

if TYPE_CHECKING:
    from rich.console import Console

    from knowledge.warehouse.trace_record import StoredTrace
    from knowledge.warehouse.trace_store import TraceStore
    from leadline.access import Principal
    from leadline.settings import Settings

app = typer.Typer(
    name="traces",
    help="How answers came about. 回答过程记录",
    no_args_is_help=True,
    rich_markup_mode=None,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON")]
TraceId = Annotated[
    str, typer.Argument(metavar="ID", help="Of a trace or an answer. 记录或答案的编号")
]


@app.command("list")
def list_traces(
    text: Annotated[
        str | None, typer.Option("--text", help="Words of the question. 问题中的文字")
    ] = None,
    status: Annotated[
        str | None,
        typer.Option("--status", help="answered, clarify, refused or failed. 结果"),
    ] = None,
    planner: Annotated[str | None, typer.Option("--planner", help="rules or llm. 规划器")] = None,
    verdict: Annotated[
        str | None, typer.Option("--verdict", help="held or rejected. 校验结论")
    ] = None,
    min_ms: Annotated[
        float | None, typer.Option("--min-ms", min=0, help="Took at least so long. 最短耗时")
    ] = None,
    before: Annotated[
        str | None, typer.Option("--before", help="The next page, or before an instant. 翻页")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="Most. 最多显示")] = 20,
    as_json: AsJson = False,
    user: User = None,
    data_dir: DataDir = None,
) -> None:
    """List traces, newest first. 列出记录，最近的在前."""
    from knowledge.warehouse.trace_store import TraceFilter
    from server.trace_view import print_traces

    wanted = TraceFilter(text=text, status=status, planner=planner, verdict=verdict, min_ms=min_ms)
    with _opened(data_dir, user) as (settings, store, principal):
        page = store.list(wanted, principal, before=before, limit=limit)
    if as_json:
        from server.routes.traces import item_payload

        _print_json({"items": [item_payload(item) for item in page.items], "next": page.next})
        return
    console = _console()
    print_traces(console, settings.language, page.items)
    if page.next:
        console.print(f"--before {page.next}", style="dim", markup=False, highlight=False)


@app.command()
def show(
    trace_id: TraceId,
    everything: Annotated[
        bool, typer.Option("--full", help="Cut no attribute short. 完整显示")
    ] = False,
    as_json: AsJson = False,
    user: User = None,
    data_dir: DataDir = None,
) -> None:
    """Show every step of one question, with arguments, results and verdicts. 查看过程."""
    from server.trace_view import print_trace

    with _opened(data_dir, user) as (settings, store, principal):
        trace = _found(store, trace_id, principal)
    if as_json:
        from server.routes.traces import trace_payload

        _print_json(trace_payload(trace))
    else:
        print_trace(_console(), settings.language, trace, everything=everything)


@app.command()
def export(
    trace_ids: Annotated[
        list[str], typer.Argument(metavar="ID…", help="Of traces or answers. 记录或答案的编号")
    ],
    endpoint: Annotated[
        str | None,
        typer.Option(
            "--endpoint", metavar="URL", help="OTLP/HTTP (or LEADLINE_OTLP_ENDPOINT). 接收地址"
        ),
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option("--header", metavar="KEY=VALUE", help="Sent along; repeatable. 请求头"),
    ] = None,
    content: Annotated[
        Literal["full", "redacted"] | None,
        typer.Option("--content", help="What leaves (or LEADLINE_OTLP_CONTENT). 导出内容"),
    ] = None,
    user: User = None,
    data_dir: DataDir = None,
) -> None:
    """Send traces to a backend over OTLP. 把记录发送到 OTLP 后端."""
    from agents.telemetry.exporter import Sender
    from agents.telemetry.redaction import export_key, exported

    given: dict[str, str] = {}
    if endpoint is not None:  # the headers of the environment are for another address
        given |= {"LEADLINE_OTLP_ENDPOINT": endpoint, "LEADLINE_OTLP_HEADERS": ""}
    if header:
        given["LEADLINE_OTLP_HEADERS"] = ",".join(header)
    if content is not None:
        given["LEADLINE_OTLP_CONTENT"] = content
    with _opened(data_dir, user, given) as (settings, store, principal):
        traces = [_found(store, trace_id, principal) for trace_id in trace_ids]
    tracing, key = settings.tracing, export_key(settings.data_dir)
    url = tracing.otlp_endpoint
    if url is None:
        raise InputError(
            "nowhere to send the traces to", hint="give --endpoint http://127.0.0.1:4318/v1/traces"
        )
    sender = Sender(url, tracing.otlp_headers)
    try:
        sent = sender.send([exported(trace, tracing.content, key) for trace in traces])
    finally:
        sender.close()
    if not sent:
        raise BusyError(
            f"{url} did not take the traces", hint="is the backend up, and is its path /v1/traces?"
        )
    spans = sum(len(trace.spans) for trace in traces)
    typer.echo(f"{len(traces)} → {url} ({spans} spans)")


@app.command()
def prune(
    days: Annotated[
        int | None,
        typer.Option("--days", min=0, help="Older than so many (or LEADLINE_TRACE_DAYS). 天数"),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Remove old traces; their answers and citations stay. 删除过期记录，答案与引用保留."""
    with _opened(data_dir, None) as (settings, store, _principal):
        kept_days = settings.tracing.retention_days if days is None else days
        removed = store.prune(kept_days)
    typer.echo(
        f"已删除 {kept_days} 天以前的记录：{removed}"
        if settings.language.value == "zh"
        else f"removed, older than {kept_days} days: {removed}"
    )


@contextmanager
def _opened(
    data_dir: Path | None, user: str | None, given: Mapping[str, str] | None = None
) -> Iterator[tuple[Settings, TraceStore, Principal]]:
    """The traces of an instance, migrated first where needed, and who looks at them.

    `given` are settings that stand above those of the environment.
    """
    from knowledge.warehouse.schema import upgrade
    from knowledge.warehouse.trace_store import TraceStore
    from leadline.database import make_engine
    from leadline.settings import read_settings

    settings = read_settings(data_dir, {**os.environ, **(given or {})})
    principal = settings.principal(user)
    engine = make_engine(settings.database_url)
    try:
        upgrade(engine)
        yield settings, TraceStore(engine), principal
    finally:
        engine.dispose()


def _found(store: TraceStore, wanted: str, principal: Principal) -> StoredTrace:
    """By the id of the trace, else of its answer."""
    try:
        return store.get(wanted, principal)
    except NotFoundError:
        return store.of_answer(wanted, principal)


def _console() -> Console:
    from rich.console import Console

    return Console()


def _print_json(data: object) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=2, default=lambda value: value.isoformat())
    sys.stdout.write(text + "\n")
