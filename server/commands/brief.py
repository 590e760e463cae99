"""`leadline brief`: the weekly brief of one manager or of all; the archive; running one again."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadline.errors import InputError
from server.commands.ask import DataDir, User

if TYPE_CHECKING:
    from agents.briefs.managers import Manager
    from agents.briefs.week import Week
    from agents.service import AskService
    from knowledge.warehouse.brief_store import BriefRecord
    from leadline.access import Principal
    from leadline.types import Language

FORMATS = ("md", "html", "pdf")


def brief(
    who: Annotated[
        str | None,
        typer.Option("--for", metavar="MANAGER", help="A manager, salesperson or region. 给谁"),
    ] = None,
    everyone: Annotated[bool, typer.Option("--all", help="For every manager. 所有经理")] = False,
    week: Annotated[
        str | None,
        typer.Option("--week", metavar="2013-W47", help="By default the last whole one. 周"),
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="zh|en", help="Language. 语言")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write files there. 写到目录")
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="md,html,pdf", help="Which files. 文件格式")
    ] = "md,html",
    listed: Annotated[bool, typer.Option("--list", help="What is archived. 列出周报")] = False,
    show: Annotated[
        str | None, typer.Option("--show", metavar="ID", help="Print one again. 再看一次")
    ] = None,
    replay: Annotated[
        str | None, typer.Option("--replay", metavar="ID", help="Prove its figures. 重放核对")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON")] = False,
    user: User = None,
    data_dir: DataDir = None,
) -> None:
    """Write the weekly brief: what changed and why, what comes, what to do. 生成渠道周报."""
    chosen = [who is not None, everyone, listed, show is not None, replay is not None]
    if sum(chosen) != 1:
        raise InputError(
            "leadline brief takes one of --for, --all, --list, --show, --replay",
            hint="leadline brief --for huadong --week 2026-W27",
        )
    wanted = _formats(formats)
    from agents.bootstrap import open_service
    from leadline.settings import read_settings

    settings = read_settings(data_dir)
    service, principal = open_service(settings), settings.principal(user)
    if listed:
        _list(service, principal, week, as_json=as_json)
    elif show is not None:
        _show(service, principal, show, out, wanted, as_json=as_json)
    elif replay is not None:
        _replay(service, principal, replay, as_json=as_json)
    else:
        language = _language(lang, settings.language)
        made = _made(service, principal, who, week, language)
        _give(made, out, wanted, as_json=as_json)


def _formats(text: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found or set(found) - set(FORMATS):
        raise InputError(f"--format {text} is none", hint=f"any of {', '.join(FORMATS)}")
    return found


def _language(text: str | None, otherwise: Language) -> Language:
    from leadline.types import Language

    if text is None:
        return otherwise
    if text not in tuple(Language):
        raise InputError(f"--lang {text} is none", hint="zh or en")
    return Language(text)


def _made(
    service: AskService, principal: Principal, who: str | None, week: str | None, language: Language
) -> list[BriefRecord]:
    from agents.briefs.making import make_brief
    from agents.briefs.managers import find_manager, managers, own_brief
    from agents.briefs.week import last_whole_week, parse_week

    snapshot = service.snapshots.current()
    at: Week = last_whole_week(snapshot.as_of) if week is None else parse_week(week)
    people: tuple[Manager, ...]
    if not principal.scope.unlimited:
        # who has a scope gets a brief of it, and nobody else's
        people = (own_brief(principal),)
        if who not in (None, principal.name):
            raise InputError(f"{principal.name} can have a brief of their own regions only")
    elif who is None:
        people = managers(service.settings, snapshot)
    else:
        people = (find_manager(who, service.settings, snapshot),)
    made = []
    for manager in people:
        made.append(make_brief(service, manager, at, language, principal))
        if len(people) > 1:
            typer.echo(f"{made[-1].brief_id}  {manager.label}  {at.name}", err=True)
    return made


def _give(
    made: list[BriefRecord], out: Path | None, formats: tuple[str, ...], *, as_json: bool
) -> None:
    if out is not None:
        for record in made:
            _write(record, out, formats)
    if as_json:
        _print_json([_payload(record) for record in made])
    elif out is None:
        sys.stdout.write("\n".join(record.markdown for record in made))


def _write(record: BriefRecord, out: Path, formats: tuple[str, ...]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    safe = "".join(c if c.isalnum() or c in "-_" else "-" for c in record.manager)
    stem = out / f"{record.week}-{safe}-{record.language.value}"
    for kind in formats:
        path = stem.with_suffix(f".{kind}")
        if kind == "pdf":
            from agents.briefs.pdf import print_pdf

            path.write_bytes(print_pdf(record.html))
        else:
            path.write_text(record.markdown if kind == "md" else record.html, encoding="utf-8")
        typer.echo(str(path), err=True)


def _payload(record: BriefRecord) -> dict[str, Any]:
    return {
        "brief_id": record.brief_id,
        "manager": record.manager,
        "label": record.label,
        "week": record.week,
        "language": record.language.value,
        "snapshot": record.snapshot,
        "as_of": record.as_of.isoformat(),
        "partial": record.partial,
        "digest": record.digest,
        "markdown": record.markdown,
        "citations": [
            {"number": c.number, "id": c.citation_id, "tool": c.tool, "digest": c.digest}
            for c in record.citations
        ],
    }


def _list(service: AskService, principal: Principal, week: str | None, *, as_json: bool) -> None:
    from agents.briefs.week import parse_week
    from knowledge.warehouse.brief_store import BriefStore

    name = None if week is None else parse_week(week).name
    found = BriefStore(service.evidence.engine).list(principal, week=name, limit=200)
    if as_json:
        _print_json(
            [
                {
                    "brief_id": item.brief_id,
                    "manager": item.manager,
                    "week": item.week,
                    "language": item.language.value,
                    "as_of": item.as_of.isoformat(),
                    "snapshot": item.snapshot,
                    "created_at": item.created_at.isoformat(),
                }
                for item in found
            ]
        )
        return
    for item in found:
        days = f"{item.as_of.isoformat()}{' …' if item.partial else ''}"
        typer.echo(f"{item.brief_id}  {item.week}  {item.language.value}  {days}  {item.label}")
    if not found:
        typer.echo(
            "no brief yet 还没有周报: leadline brief --for MANAGER --week 2026-W27", err=True
        )


def _show(
    service: AskService,
    principal: Principal,
    brief_id: str,
    out: Path | None,
    formats: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    from knowledge.warehouse.brief_store import BriefStore

    record = BriefStore(service.evidence.engine).get(brief_id, principal)
    _give([record], out, formats, as_json=as_json)


def _replay(service: AskService, principal: Principal, brief_id: str, *, as_json: bool) -> None:
    from agents.briefs.making import replay_brief
    from knowledge.warehouse.brief_store import BriefStore

    record = BriefStore(service.evidence.engine).get(brief_id, principal)
    found = replay_brief(service, record, principal)
    if as_json:
        _print_json(
            [
                {
                    "number": item.citation.number,
                    "id": item.citation.citation_id,
                    "tool": item.citation.tool,
                    "equal": item.equal,
                    "digest": item.digest,
                    "digest_then": item.citation.digest,
                }
                for item in found
            ]
        )
    else:
        for item in found:
            state = "equal 一致" if item.equal else "NOT equal 不一致"
            typer.echo(
                f"[{item.citation.number}] {item.citation.tool}: {state} {item.digest[:16]}…"
            )
    if not all(item.equal for item in found):
        raise typer.Exit(1)


def _print_json(data: Any) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
