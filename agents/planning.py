"""Who planned an answer, what it cost, and why not the one who should have gone first."""

from __future__ import annotations

from dataclasses import replace

from agents.events import Event
from agents.llm.fallbacks import fallback_words
from agents.llm.turn import LlmUsage
from agents.rules.draft import Note
from agents.turn import Turn
from leadline.evidence import Planning
from leadline.settings import LlmSettings


def fallen_back(code: str, usage: LlmUsage | None, settings: LlmSettings | None) -> Planning:
    """The rules answer in the model's place, for this reason."""
    words = fallback_words(code)
    planning = Planning(fallback=code, fallback_zh=words.zh, fallback_en=words.en)
    return with_usage(planning, usage, settings)


def with_usage(
    planning: Planning, usage: LlmUsage | None, settings: LlmSettings | None
) -> Planning:
    """What the model's part took, where it took part."""
    if usage is None or settings is None:
        return planning
    return replace(
        planning,
        model=usage.model,
        prompt_hash=usage.prompt_hash,
        llm_calls=usage.calls,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cost=usage.cost,
        currency=settings.price_currency if usage.cost is not None else None,
        llm_ms=round(usage.ms, 1),
    )


def say_fallback(turn: Turn, planning: Planning) -> None:
    """Let whoever waits know."""
    text = {"zh": planning.fallback_zh, "en": planning.fallback_en}
    data = {"from": "llm", "to": "rules", "code": planning.fallback, "text": text}
    turn.emit(Event("fallback", data))


def fallback_notes(planning: Planning) -> tuple[Note, ...]:
    """What the reading says of it."""
    if planning.fallback is None or planning.planner == "llm":
        return ()
    return (Note(planning.fallback_zh, planning.fallback_en),)
