"""`leadline data`: what is loaded, which rows were refused, which snapshots there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from leadline.errors import NotReadyError
from server.commands.ask import DataDir

if TYPE_CHECKING:
    import sqlalchemy as sa
    from rich.console import Console

    from leadline.settings import Settings

app = typer.Typer(
    help="What is loaded, bad rows, snapshots. 已装载的数据、错误行、快照",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def status(data_dir: DataDir = None) -> None:
    """Tell what is loaded, from where, as of when, with how many errors. 数据状态."""
    from knowledge.warehouse.snapshot import SnapshotStore
    from knowledge.warehouse.status import data_status
    from server.load_view import print_status

    settings = _settings(data_dir)
    with _engine(settings) as engine:
        found = data_status(engine, SnapshotStore(settings.snapshot_dir))
    print_status(_console(), settings.language, found)


@app.command()
def errors(
    batch: Annotated[
        int | None,
        typer.Option("--load", help="Of this load; else of each source's newest. 指定批次"),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="Only of this source. 指定来源")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="Most rows to show. 最多显示行数")
    ] = 50,
    data_dir: DataDir = None,
) -> None:
    """List the rows that were not loaded, and why. 被拒收的行与原因."""
    from knowledge.warehouse.status import row_errors
    from server.load_view import print_errors

    settings = _settings(data_dir)
    with _engine(settings) as engine:
        found = row_errors(engine, source=source, batch_id=batch, limit=limit + 1)
    print_errors(_console(), settings.language, found[:limit], more=len(found) > limit)


@app.command()
def snapshots(
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare every file with its hash. 校验哈希")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """List the published snapshots. 已发布的快照."""
    from knowledge.warehouse.retention import cited_snapshots
    from knowledge.warehouse.snapshot import SnapshotStore
    from server.load_view import print_snapshots

    settings = _settings(data_dir)
    store = SnapshotStore(settings.snapshot_dir)
    found = store.all()
    if not found:
        raise _nothing_loaded(settings)
    if verify:
        for snapshot in found:
            store.verify(snapshot.number)
    with _engine(settings) as engine:
        cited = cited_snapshots(engine)
    print_snapshots(_console(), settings.language, found, cited)


@app.command()
def publish(data_dir: DataDir = None) -> None:
    """Publish what is loaded, where an earlier publishing was cut off. 发布快照."""
    from knowledge.warehouse.snapshot import SnapshotStore
    from knowledge.warehouse.snapshot import publish as publish_snapshot

    settings = _settings(data_dir)
    with _engine(settings) as engine:
        snapshot = publish_snapshot(engine, SnapshotStore(settings.snapshot_dir))
    chinese = settings.language == "zh"
    _console().print(
        f"当前快照 {snapshot.number}，数据截至 {snapshot.as_of}。"
        if chinese
        else f"Snapshot {snapshot.number} is in force, as of {snapshot.as_of}."
    )


def _settings(data_dir: object) -> Settings:
    from pathlib import Path

    from leadline.settings import read_settings

    return read_settings(data_dir if isinstance(data_dir, Path) else None)


@contextmanager
def _engine(settings: Settings) -> Iterator[sa.Engine]:
    """The system of record, which is not made if it is not there.

    Raises:
        NotReadyError: it is not there, or holds no tables.
    """
    import sqlalchemy as sa

    from knowledge.warehouse.lineage import IMPORT_BATCH
    from leadline.database import make_engine

    url = sa.make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not _sqlite_exists(url.database):
        raise _nothing_loaded(settings)
    engine = make_engine(settings.database_url)
    try:
        if not sa.inspect(engine).has_table(IMPORT_BATCH.name):
            raise _nothing_loaded(settings)
        yield engine
    finally:
        engine.dispose()


def _sqlite_exists(database: str | None) -> bool:
    from pathlib import Path

    return database is not None and Path(database).is_file()


def _nothing_loaded(settings: Settings) -> NotReadyError:
    return NotReadyError(
        f"nothing is loaded yet in {settings.data_dir}",
        hint="load data first: leadline load SOURCE_DIR --mapping FILE.yaml",
    )


def _console() -> Console:
    from rich.console import Console

    return Console()
