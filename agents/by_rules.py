"""The rules' plan carried out: queries run and told, or a question back, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from agents import replies
from agents.body import Body
from agents.composing import asked, compose, compose_telling, limited
from agents.events import Event
from agents.executor import call, execute, execute_tools
from agents.narrate import Told, narrate
from agents.plan import ClarifyPlan, MetaPlan, Plan, QueryPlan, RefusePlan, ToolPlan
from agents.planning import fallback_notes
from agents.rules.asking import definitions
from agents.rules.draft import Note
from agents.tellers.catalog import tell
from agents.telling import show, verified
from agents.turn import Turn
from leadline.errors import SpecError
from leadline.evidence import Citation, Label, Planning


def by_rules(turn: Turn, plan: Plan, planning: Planning) -> Body:
    """Carry out what the rules planned; `planning` says on whose behalf."""
    told: tuple[Told, ...] = ()
    if isinstance(plan, QueryPlan):
        steps = [{"tool": "query", "arguments": q.spec.as_arguments()} for q in plan.queries]
        _announce(turn, "query", steps, plan)
        try:
            told = execute(plan, turn.tools, turn.trace, turn.answer_id, turn.emit)
        except SpecError as error:
            plan = RefusePlan(Note(error.message, error.message))
        else:
            apart = replies.no_overlap(plan, told[0].result)
            if apart is None:
                return _tell(turn, plan, told, planning)
            turn.talk.note(turn.question, "", ())
            return asked(turn, apart, planning)
    if isinstance(plan, ToolPlan):
        steps = [{"tool": c.tool, "arguments": c.arguments} for c in plan.calls]
        _announce(turn, "tools", steps, plan)
        try:
            told = execute_tools(plan, turn.tools, turn.trace, turn.answer_id, turn.emit)
        except SpecError as error:
            plan = RefusePlan(Note(error.message, error.message))
        else:
            return _tell_tools(turn, plan, told, planning)
    turn.talk.remember(plan, (), "")
    turn.talk.note(turn.question, "", ())
    if isinstance(plan, MetaPlan):
        return _meta(turn, plan, planning)
    kind = "clarify" if isinstance(plan, ClarifyPlan) else "refuse"
    _announce(turn, kind, [], plan)
    return asked(turn, plan, planning)


def _announce(turn: Turn, kind: str, steps: Sequence[Mapping[str, object]], plan: Plan) -> None:
    reading = ""
    if isinstance(plan, QueryPlan):
        spec, notes = plan.queries[0].spec, plan.notes
        try:
            reading = replies.reading(spec, notes, turn.tools, turn.language, turn.principal)
        except SpecError:
            reading = ""  # the query itself is about to say what does not fit
    data: dict[str, object] = {"planner": "rules", "kind": kind, "reading": reading, "steps": steps}
    turn.emit(Event("plan", data))


def _tell(turn: Turn, plan: QueryPlan, told: tuple[Told, ...], planning: Planning) -> Body:
    with turn.trace.span("narrate", narrator="rules") as span:
        template = limited(turn, narrate(plan.built, told, turn.language))
        span.attributes["template"] = template
    notes = (*plan.notes, *fallback_notes(planning))
    label = Label.DERIVED if plan.notes else Label.CERTIFIED
    body = compose(turn, template, told, notes, label, planning)
    turn.talk.remember(plan, told, body.reading)
    turn.talk.note(turn.question, body.reading, told)
    return body


def _tell_tools(turn: Turn, plan: ToolPlan, told: tuple[Told, ...], planning: Planning) -> Body:
    telling = tell(told, turn.language)
    notes = (*plan.notes, *fallback_notes(planning))
    label = Label.DERIVED if plan.notes else Label.CERTIFIED
    body = compose_telling(turn, telling, told, notes, label, planning)
    turn.talk.remember_tools(plan, telling.shown, body.reading)
    turn.talk.note(turn.question, body.reading, told)
    return body


def _meta(turn: Turn, plan: MetaPlan, planning: Planning) -> Body:
    if plan.kind == "help":
        body = replies.help_text(turn.ctx, turn.language)
        _announce(turn, "meta", [], plan)
        show(turn, body.text, (), None)
        return replace(body, planning=planning)
    if plan.kind == "how_computed" and not plan.metrics:
        which = ClarifyPlan(
            Note("想了解哪个指标的口径？", "Which figure should be explained?"),
            definitions(turn.ctx, turn.language),
        )
        _announce(turn, "clarify", [], which)
        return asked(turn, which, planning)
    name = "freshness" if plan.kind == "as_of" else "explain"
    arguments: dict[str, object] = {} if name == "freshness" else {"metrics": list(plan.metrics)}
    _announce(turn, "meta", [{"tool": name, "arguments": arguments}], plan)
    result = call(name, arguments, turn.tools, turn.trace, turn.emit)
    citation = Citation(f"{turn.answer_id}-1", 1, result)
    template = replies.meta_template(name, len(result.rows), turn.language)
    done = verified(template, (citation,), turn)
    show(turn, done.text, (citation,), None)
    reading = turn.talk.last_reading if name == "explain" else ""
    fallen = replies.notes_text(fallback_notes(planning), turn.language)
    return Body(
        "answered",
        done.text,
        reading="；".join(part for part in (reading, fallen) if part),
        citations=(citation,),
        figures=done.figures,
        planning=planning,
    )
