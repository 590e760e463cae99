"""`leadline load`: files into the system of record, then a published snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadline.errors import InputError
from server.commands.ask import DataDir

if TYPE_CHECKING:
    from rich.console import Console

    from leadline.settings import Settings
    from leadline.types import Language
    from tools.erp.files import ReadProgress


def load(
    source_dir: Annotated[
        Path, typer.Argument(metavar="SOURCE_DIR", help="Folder with the files. 数据文件夹")
    ],
    mapping: Annotated[
        Path, typer.Option("--mapping", "-m", metavar="FILE.yaml", help="The mapping. 映射文件")
    ],
    data_dir: DataDir = None,
) -> None:
    """Load CSV, Excel and Parquet files by a mapping and publish a snapshot. 按映射装载文件."""
    from rich.console import Console

    from knowledge.warehouse.load import load_batch
    from knowledge.warehouse.retention import let_old_go
    from knowledge.warehouse.snapshot import SnapshotStore, publish
    from leadline.database import make_engine
    from leadline.settings import INSTANCE_FILE, read_instance, read_settings
    from server.load_view import print_instance_copied, print_load, print_removed
    from tools.erp.files import read_source
    from tools.erp.mapping import load_mapping

    settings = read_settings(data_dir)
    offered = mapping.parent / INSTANCE_FILE
    own = settings.data_dir / INSTANCE_FILE
    copies = offered.is_file() and not own.exists()
    instance = read_instance(offered) if copies else settings.instance
    checked = load_mapping(mapping, timezone=instance.timezone)
    _check_separate(source_dir, settings)

    console, language = Console(), settings.language
    engine = make_engine(settings.database_url)
    store = SnapshotStore(settings.snapshot_dir)
    try:
        with _reading_bar(console, language) as show:
            batch = read_source(source_dir, checked, show)
            report = load_batch(engine, batch, timezone=checked.timezone)
        if copies:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            own.write_bytes(offered.read_bytes())
            print_instance_copied(console, language, own, instance.name)
        with console.status("发布快照…" if language == "zh" else "publishing the snapshot…"):
            snapshot = publish(engine, store)
        print_load(console, language, report, snapshot)
        print_removed(console, language, let_old_go(engine, store, instance.keep_snapshots))
    finally:
        engine.dispose()


def _check_separate(source_dir: Path, settings: Settings) -> None:
    """Refuse to read the instance's own folder as a source."""
    if source_dir.resolve() == settings.data_dir.resolve():
        raise InputError(
            f"{source_dir} is the data directory itself",
            hint="give the folder with the source files, and another one as --data-dir",
        )


@contextmanager
def _reading_bar(console: Console, language: Language) -> Iterator[Callable[[ReadProgress], None]]:
    """A bar per table while it is read and written."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
    )

    chinese = language == "zh"
    verbs = {
        "scan": "查重" if chinese else "keys of",
        "read": "装载" if chinese else "loading",
    }
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    tasks: dict[str, TaskID] = {}

    def show(progress: ReadProgress) -> None:
        if progress.table not in tasks:
            tasks[progress.table] = bar.add_task(progress.table, total=None)
        bar.update(
            tasks[progress.table],
            description=f"{verbs[progress.phase]} {progress.table}",
            completed=progress.rows,
            total=progress.total,
        )

    with bar:
        yield show
