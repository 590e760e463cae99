"""How loads, data and snapshots look in the terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from leadline.types import Language
from tools.erp.reasons import TABLE_WORDS, notice_text, reason_text

if TYPE_CHECKING:
    from rich.console import Console

    from knowledge.warehouse.report import LoadReport
    from knowledge.warehouse.snapshot import Snapshot
    from knowledge.warehouse.status import DataStatus, SourceStatus, StoredError

_MOST_NOTICES = 30


def _in(language: Language, zh: str, en: str) -> str:
    return zh if language is Language.ZH else en


def table_name(table: str, language: Language) -> str:
    """A table's machine name, with its Chinese word for a Chinese reader."""
    words = TABLE_WORDS.get(table)
    if language is Language.ZH and words is not None:
        return f"{words.zh} {table}"
    return table


def _grid(title: str, headings: Sequence[tuple[str, str]]) -> Table:
    """A table with headings, each with its justification."""
    grid = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for heading, justify in headings:
        grid.add_column(
            heading,
            justify="right" if justify == "right" else "left",
            overflow="fold",
            no_wrap=justify == "right",  # a number cut in two is read wrongly
        )
    return grid


def print_load(
    console: Console, language: Language, report: LoadReport, snapshot: Snapshot
) -> None:
    """What a load did, table by table; its notices; and the snapshot."""
    if report.status == "unchanged":
        console.print(
            _in(
                language,
                f"与上次装载（第 {report.batch_id} 批）的文件和映射完全相同，未作改动。",
                f"The same files by the same mapping as load {report.batch_id}: nothing changed.",
            )
        )
    else:
        console.print(_counts(language, report))
        _print_notices(console, language, report)
        _print_rejected(console, language, report)
    rows = sum(entry.rows for entry in snapshot.manifest.tables.values())
    console.print(
        _in(
            language,
            f"快照 {snapshot.number}：{len(snapshot.manifest.tables)} 张表，{rows:,} 行，"
            f"数据截至 {snapshot.as_of}。",
            f"Snapshot {snapshot.number}: {len(snapshot.manifest.tables)} tables, {rows:,} rows, "
            f"as of {snapshot.as_of}.",
        )
    )


def _counts(language: Language, report: LoadReport) -> Table:
    headings = [
        ("表", "Table", "left"),
        ("读取", "Read", "right"),
        ("新增", "Inserted", "right"),
        ("更新", "Updated", "right"),
        ("未变", "Unchanged", "right"),
        ("合并", "Merged", "right"),
        ("略过", "Skipped", "right"),
        ("拒收", "Rejected", "right"),
    ]
    stale = report.stale > 0
    if stale:
        headings.insert(5, ("较旧", "Older", "right"))
    grid = _grid(
        _in(
            language,
            f"第 {report.batch_id} 批，来源 {report.source}，{report.seconds:.1f} 秒",
            f"Load {report.batch_id}, source {report.source}, {report.seconds:.1f} s",
        ),
        [(_in(language, zh, en), justify) for zh, en, justify in headings],
    )
    for item in report.tables:
        counts, tally = item.counts, item.tally
        cells = [tally.read, counts.inserted, counts.updated, counts.unchanged]
        cells += [counts.stale] if stale else []
        cells += [tally.merged, tally.filtered + tally.totals]
        rejected = f"[red]{tally.rejected:,}[/red]" if tally.rejected else "0"
        numbers = [f"{cell:,}" for cell in cells]
        grid.add_row(escape(table_name(item.table, language)), *numbers, rejected)
    return grid


def _print_notices(console: Console, language: Language, report: LoadReport) -> None:
    texts = [
        notice_text(notice.code, notice.table, notice.values, language) for notice in report.notices
    ]
    if report.linked:
        texts.append(
            _in(
                language,
                f"{report.linked} 条伙伴记录与其他来源的同一伙伴合一",
                f"{report.linked} partner records joined a partner known from another source",
            )
        )
    if report.to_review:
        texts.append(
            _in(
                language,
                f"{report.to_review} 条伙伴记录可能与已有伙伴相同，待人工确认",
                f"{report.to_review} partner records may be a known partner; a person must decide",
            )
        )
    texts = list(dict.fromkeys(texts))  # two sheets of one form say the same
    for text in texts[:_MOST_NOTICES]:
        console.print(f"[yellow]•[/yellow] {escape(text)}", soft_wrap=True)
    if len(texts) > _MOST_NOTICES:
        console.print(f"[yellow]•[/yellow] … +{len(texts) - _MOST_NOTICES}")


def _print_rejected(console: Console, language: Language, report: LoadReport) -> None:
    if report.rejected:
        console.print(
            _in(
                language,
                f"[red]{report.rejected:,} 行被拒收[/red]，详见 leadline data errors",
                f"[red]{report.rejected:,} rows were rejected[/red]; see leadline data errors",
            )
        )


def print_instance_copied(console: Console, language: Language, path: Path, name: str) -> None:
    """Say that the instance's settings came with the mapping."""
    console.print(
        escape(
            _in(
                language,
                f"实例设置“{name}”已复制到 {path}",
                f"Instance settings of {name!r} copied to {path}",
            )
        ),
        soft_wrap=True,
    )


def print_removed(console: Console, language: Language, numbers: Sequence[int]) -> None:
    """Say which old snapshots were let go."""
    if numbers:
        listed = ", ".join(map(str, numbers))
        console.print(
            _in(
                language,
                f"已清理无引用的旧快照：{listed}",
                f"Old snapshots that nothing cites were removed: {listed}",
            )
        )


def print_status(console: Console, language: Language, status: DataStatus) -> None:
    """What is loaded, from where, as of when, with how many errors."""
    if status.snapshot is None or status.published_at is None:
        console.print(_in(language, "尚未发布快照。", "No snapshot is published yet."))
    else:
        at = f"{status.published_at:%Y-%m-%d %H:%M} UTC"
        console.print(
            _in(
                language,
                f"快照 {status.snapshot}，数据截至 {status.as_of}，发布于 {at}",
                f"Snapshot {status.snapshot}, as of {status.as_of}, published {at}",
            )
        )
    for source in status.sources:
        _print_source(console, language, source)


def _print_source(console: Console, language: Language, source: SourceStatus) -> None:
    at = f"{source.loaded_at:%Y-%m-%d %H:%M} UTC"
    files = len({file.path for file in source.files})
    pending = _in(language, "，未发布", ", not published") if source.pending else ""
    console.print()
    console.print(
        _in(
            language,
            f"来源 [bold]{escape(source.source)}[/bold]：第 {source.batch_id} 批，{at}{pending}",
            f"Source [bold]{escape(source.source)}[/bold]: load {source.batch_id}, {at}{pending}",
        ),
        soft_wrap=True,
    )
    console.print(
        _in(
            language,
            f"{escape(source.origin)}：{files} 个文件，读取 {source.rows_read:,} 行，"
            f"拒收 {source.rows_rejected:,} 行（{source.errors:,} 处错误）",
            f"{escape(source.origin)}: {files} files, {source.rows_read:,} rows read, "
            f"{source.rows_rejected:,} rejected ({source.errors:,} errors)",
        ),
        soft_wrap=True,
    )
    rows = _grid(
        "", [(_in(language, "表", "Table"), "left"), (_in(language, "行数", "Rows"), "right")]
    )
    for table, count in source.rows.items():
        rows.add_row(escape(table_name(table, language)), f"{count:,}")
    console.print(rows)


def print_errors(
    console: Console, language: Language, rows: Sequence[StoredError], *, more: bool
) -> None:
    """Rows that were not loaded, by file and row; and whether there are more."""
    if not rows:
        console.print(_in(language, "没有被拒收的行。", "No rows were rejected."))
        return
    places = list(dict.fromkeys((row.file, row.sheet) for row in rows))
    for file, sheet in places:
        grid = _grid(
            escape(file if sheet is None else f"{file} [{sheet}]"),
            [
                (_in(language, "行", "Row"), "right"),
                (_in(language, "列", "Column"), "left"),
                (_in(language, "值", "Value"), "left"),
                (_in(language, "原因", "Reason"), "left"),
                (_in(language, "表", "Table"), "left"),
            ],
        )
        for row in sorted(rows, key=lambda row: row.row_no or 0):
            if (row.file, row.sheet) == (file, sheet):
                grid.add_row(
                    "" if row.row_no is None else str(row.row_no),
                    escape(row.column or ""),
                    escape(row.value or ""),
                    escape(reason_text(row.reason, language)),
                    escape(row.table or ""),
                )
        console.print(grid)
    if more:
        console.print(
            _in(
                language,
                f"只显示前 {len(rows):,} 条，更多请用 --limit",
                f"only the first {len(rows):,} are shown; see --limit",
            )
        )


def print_snapshots(
    console: Console, language: Language, snapshots: Sequence[Snapshot], cited: set[int]
) -> None:
    """All snapshots, the newest, which is in force, last."""
    grid = _grid(
        "",
        [
            (_in(language, "快照", "Snapshot"), "right"),
            (_in(language, "数据截至", "As of"), "left"),
            (_in(language, "发布 (UTC)", "Published (UTC)"), "left"),
            (_in(language, "表", "Tables"), "right"),
            (_in(language, "行数", "Rows"), "right"),
            ("MB", "right"),
            (_in(language, "状态", "State"), "left"),
        ],
    )
    for snapshot in snapshots:
        manifest = snapshot.manifest
        entries = manifest.tables.values()
        states = []
        if snapshot is snapshots[-1]:
            states.append(_in(language, "当前", "in force"))
        if snapshot.number in cited:
            states.append(_in(language, "被引用", "cited"))
        grid.add_row(
            str(snapshot.number),
            str(snapshot.as_of),
            f"{manifest.created_at:%Y-%m-%d %H:%M}",
            str(len(manifest.tables)),
            f"{sum(entry.rows for entry in entries):,}",
            f"{sum(entry.bytes for entry in entries) / 1e6:.1f}",
            _in(language, "、", ", ").join(states),
        )
    console.print(grid)
