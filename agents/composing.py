"""The body of an answer: the verified text, and what the reader needs beside it."""

from __future__ import annotations

from dataclasses import replace

from agents import replies
from agents.body import Body
from agents.narrate import Told
from agents.plan import ClarifyPlan, RefusePlan
from agents.planning import fallback_notes
from agents.rules.draft import Note
from agents.suggest import chart_for, followups
from agents.tellers.catalog import tell_first
from agents.tellers.telling import Telling
from agents.telling import show, verified
from agents.turn import Turn
from agents.wording import spec_of
from knowledge.semantic.spec import QuerySpec
from leadline.evidence import Planning
from leadline.types import Language


def asked(turn: Turn, plan: ClarifyPlan | RefusePlan, planning: Planning) -> Body:
    """A question back or a refusal."""
    body = replies.asking(plan, turn.language)
    reading = replies.notes_text(fallback_notes(planning), turn.language)
    show(turn, body.text, (), None)
    return replace(body, planning=planning, reading=reading)


def limited(turn: Turn, template: str) -> str:
    """The template, with the limit of the asker's scope where there is one."""
    if turn.principal.scope.unlimited:
        return template
    return f"{template}\n{replies.LIMITED[turn.language]}"


def compose(
    turn: Turn,
    template: str,
    told: tuple[Told, ...],
    notes: tuple[Note, ...],
    label: str,
    planning: Planning,
) -> Body:
    """Verify, and add what the reader needs beside the text."""
    citations = tuple(item.citation for item in told)
    done = verified(template, citations, turn)
    main = next((item for item in told if item.result.tool == "query"), None)
    spec = spec_of(main.result) if main is not None else None
    reading = _reading(turn, spec, notes)
    chart = chart_for(main.result, spec) if main is not None and spec is not None else None
    if chart is not None and main is not None:
        chart = replace(chart, citation=main.number)
    telling = tell_first(told, turn.language) if main is None else None
    leads = followups(spec, turn.ctx, turn.language) if spec is not None else ()
    if telling is not None:
        chart, leads = telling.chart, telling.followups
        joint = "；" if turn.language is Language.ZH else "; "
        reading = joint.join(part for part in (telling.reading, reading) if part)
    show(turn, done.text, citations, chart)
    return Body(
        "answered",
        done.text,
        label=label,
        reading=reading,
        citations=citations,
        followups=leads,
        chart=chart,
        figures=done.figures,
        planning=planning,
    )


def compose_telling(
    turn: Turn,
    telling: Telling,
    told: tuple[Told, ...],
    notes: tuple[Note, ...],
    label: str,
    planning: Planning,
) -> Body:
    """Verify a teller's words, and add what the reader needs beside them."""
    citations = tuple(item.citation for item in told)
    with turn.trace.span("narrate", narrator="rules") as span:
        template = limited(turn, telling.template)
        span.attributes["template"] = template
    done = verified(template, citations, turn)
    show(turn, done.text, citations, telling.chart)
    joint = "；" if turn.language is Language.ZH else "; "
    said = (telling.reading, replies.notes_text(notes, turn.language))
    return Body(
        "answered",
        done.text,
        label=label,
        reading=joint.join(part for part in said if part),
        citations=citations,
        followups=telling.followups,
        chart=telling.chart,
        figures=done.figures,
        planning=planning,
    )


def _reading(turn: Turn, spec: QuerySpec | None, notes: tuple[Note, ...]) -> str:
    if spec is None:
        return replies.notes_text(notes, turn.language)
    return replies.reading(spec, notes, turn.tools, turn.language, turn.principal)
