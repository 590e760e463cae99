"""A language model's turn: what it is given, and what is made of what it hands back."""

from __future__ import annotations

from dataclasses import replace

from agents import replies
from agents.body import Body
from agents.composing import asked, compose, limited
from agents.llm.fallbacks import fallback_words
from agents.llm.turn import LlmOutcome, LlmTurn
from agents.narrate import Told, companion, narrate
from agents.plan import ClarifyPlan
from agents.planning import say_fallback, with_usage
from agents.rules.draft import Draft
from agents.tellers.catalog import COMPANIONS, TELLERS, tell
from agents.turn import Turn
from agents.wording import spec_of
from leadline.errors import EvidenceError
from leadline.evidence import Label, Planning
from leadline.settings import LlmSettings


def model_turn(turn: Turn) -> LlmTurn:
    """What the model's path is given."""
    return LlmTurn(
        question=turn.question,
        language=turn.language,
        ctx=turn.ctx,
        tools=turn.tools,
        earlier=turn.talk.earlier,
        answer_id=turn.answer_id,
        trace=turn.trace,
        emit=turn.emit,
        principal=turn.principal,
    )


def by_model(turn: Turn, outcome: LlmOutcome, settings: LlmSettings) -> Body:
    """The answer to what the model arrived at."""
    planning = with_usage(Planning(planner="llm"), outcome.usage, settings)
    if outcome.asking is not None:
        turn.talk.last_planner = "llm"
        turn.talk.note(turn.question, "", ())
        return asked(turn, outcome.asking, planning)
    apart = _nothing_in_common(outcome.told)
    if apart is not None:
        turn.talk.note(turn.question, "", ())
        return asked(turn, apart, planning)
    if outcome.template is not None:
        try:
            body = compose(
                turn,
                limited(turn, outcome.template),
                outcome.told,
                outcome.notes,
                Label.GENERATED,
                planning,
            )
        except EvidenceError:
            body = _in_fixed_words(turn, outcome, planning)
    else:
        body = _in_fixed_words(turn, outcome, planning)
    turn.talk.remember_model(outcome.told, body.reading)
    turn.talk.note(turn.question, body.reading, outcome.told)
    return body


def _nothing_in_common(told: tuple[Told, ...]) -> ClarifyPlan | None:
    """A single query that is empty because its members exclude each other is a question back."""
    queries = [item for item in told if item.result.tool == "query"]
    if len(queries) != 1:
        return None
    spec = spec_of(queries[0].result)
    return None if spec is None else replies.no_overlap_of_spec(spec, queries[0].result)


def _in_fixed_words(turn: Turn, outcome: LlmOutcome, planning: Planning) -> Body:
    """The model's evidence, told by the rules, since its own words hold what no evidence does."""
    words = fallback_words("unverified")
    planning = replace(planning, fallback="unverified", fallback_zh=words.zh, fallback_en=words.en)
    say_fallback(turn, planning)
    template = limited(turn, told_by_rules(turn, outcome.told))
    notes = (*outcome.notes, words)
    return compose(turn, template, outcome.told, notes, Label.DERIVED, planning)


def told_by_rules(turn: Turn, told: tuple[Told, ...]) -> str:
    """Results in the order in which the model fetched them, in the rules' words."""
    with turn.trace.span("narrate", narrator="rules") as span:
        lines = []
        for item in told:
            if item.result.tool in ("explain", "freshness"):
                lines.append(
                    replies.meta_template(
                        item.result.tool, len(item.result.rows), turn.language, item.number
                    )
                )
            elif item.result.tool == "query":
                alone = replace(item, role="main")
                lines.append(narrate(Draft(), (alone,), turn.language))
            elif item.result.tool in TELLERS:
                if item.result.tool not in COMPANIONS or len(told) == 1:
                    others = [o for o in told if o is not item]
                    lines.append(tell([item, *others], turn.language).template)
            else:
                lines.append(companion(replace(item, role=item.result.tool), turn.language))
        template = "\n".join(line for line in lines if line)
        span.attributes["template"] = template
    return template
