"""`leadline demo`: a simulated channel, loaded and asked; the whole path in half a minute."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadline.errors import InputError
from server.commands.ask import DataDir

if TYPE_CHECKING:
    from rich.console import Console

    from agents.conversation import Conversation

QUESTIONS = (
    "本季度各大区销售额及同比",
    "Who are the top 5 partners by sales this year, with their share?",
    "What about last year?",
    "华东三季度销售额为什么下滑？",
    "哪些伙伴有流失风险？",
    "Forecast for next quarter by region",
)
"""Figures in Chinese and English with a follow-up; then a cause, a risk and an outlook."""

DEFAULT_SEED = 7
LOOPBACK = "127.0.0.1"


def demo(
    data_dir: DataDir = None,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="Which channel to simulate. 随机种子")
    ] = DEFAULT_SEED,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the instance to ask on. 保留演示数据")
    ] = False,
    serving: Annotated[
        bool,
        typer.Option("--serve/--no-serve", help="Serve the web app at the end. 最后启动网页"),
    ] = True,
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65535, help="Where; a free one by default. 端口"),
    ] = None,
) -> None:
    """Simulate a channel, ask some questions, serve the web app. 演示：装载、提问、启动网页."""
    from rich.console import Console

    console = Console()
    with demo_folder(data_dir, keep=keep) as folder:
        _load(console, folder, seed)
        talk = _ask(console, folder)
        if keep or _named(data_dir) is not None:
            console.print(f"\nleadline ask --data-dir {folder}", highlight=False, soft_wrap=True)
        if serving:
            _serve(folder, port, talk.conversation_id)


def _serve(folder: Path, port: int | None, conversation_id: str) -> None:
    """Serve the demo's instance on this machine until somebody stops it."""
    from leadline.settings import read_settings
    from server.commands.serve import DEFAULT_PORT, bind, serve_on

    settings = read_settings(folder)
    try:
        listening = bind(LOOPBACK, DEFAULT_PORT if port is None else port)
    except InputError:
        if port is not None:
            raise
        listening = bind(LOOPBACK, 0)  # another demo has the usual one
    typer.echo()
    with listening:
        serve_on(settings, listening, page=f"ask/{conversation_id}")


def _named(data_dir: Path | None) -> Path | None:
    """The folder that the option or the environment names."""
    from leadline.settings import read_settings

    if data_dir is None and not os.environ.get("LEADLINE_DATA_DIR"):
        return None
    return read_settings(data_dir).data_dir


@contextmanager
def demo_folder(data_dir: Path | None, *, keep: bool) -> Iterator[Path]:
    """Where the demo lives; one that nobody named is removed at the end unless it is to be kept."""
    import shutil
    import tempfile

    if os.environ.get("LEADLINE_DATABASE_URL"):
        raise InputError(
            "LEADLINE_DATABASE_URL is set, and the demo does not write into a database that it did "
            "not make",
            hint="env -u LEADLINE_DATABASE_URL leadline demo",
        )
    named = _named(data_dir)
    if named is not None:
        yield named
        return
    made = Path(tempfile.mkdtemp(prefix="leadline-demo-"))
    try:
        yield made
    finally:
        if not keep:
            shutil.rmtree(made)


def _load(console: Console, folder: Path, seed: int) -> None:
    """Simulate the channel of this seed under the folder and load it by its mapping.

    Raises:
        InputError: the folder holds another instance.
    """
    import evals.world
    from evals.world.generator import generate
    from leadline.settings import read_settings
    from server.commands.load import load

    source = folder / f"demo-{seed}"
    if not source.exists() and (folder / "leadline.db").exists():
        raise InputError(
            f"{folder} holds an instance that is not the demo of seed {seed}",
            hint="name an empty folder with --data-dir, or none",
        )
    chinese = read_settings(folder).language == "zh"
    with console.status(
        "模拟一家软件厂商三年的渠道 …"
        if chinese
        else "simulating three years of a vendor's channel …"
    ):
        world = generate(source, seed=seed)
    files = len({name.split("#")[0] for name in world.rows})
    rows = sum(world.rows.values())
    console.print(
        f"已模拟 {world.start} … {world.end}：{files} 个文件，{rows:,} 行，"
        f"另有 {world.bad_rows} 行故意写坏。"
        if chinese
        else f"Simulated {world.start} … {world.end}: {files} files, {rows:,} rows and "
        f"{world.bad_rows} broken on purpose.",
        highlight=False,
    )
    load(source, Path(evals.world.__file__).parent / "mapping.yaml", folder)


def _ask(console: Console, folder: Path) -> Conversation:
    """Ask the questions in one conversation; then run the first citation again."""
    from agents.bootstrap import open_service
    from agents.conversation import Conversation
    from leadline.access import LOCAL_OWNER
    from leadline.settings import read_settings
    from server.answer_view import print_answer

    service, talk = open_service(read_settings(folder)), Conversation()
    first = ""
    for question in QUESTIONS:
        console.print(f"\n? {question}", style="bold cyan", markup=False)
        answer = service.ask(question, conversation=talk)
        print_answer(answer, console)
        first = first or next((c.citation_id for c in answer.citations), "")
    if first:
        outcome = service.replay(first, LOCAL_OWNER)
        verdict = "equal" if outcome.equal else "NOT EQUAL"
        console.print(f"\nleadline replay {first}: {verdict}, {outcome.digest[:16]}…", style="dim")
    return talk
