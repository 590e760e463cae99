"""All intents, listed one by one, the narrower ones first."""

from __future__ import annotations

import re

from agents.rules.intents import causes, outlook, partners, scores, signs, stock, world
from agents.rules.intents.task import Intent
from agents.rules.intents.words import SHARED, general_words
from agents.rules.words import Word

_OWN: tuple[Word, ...] = (
    *partners.WORDS,
    *scores.HEALTH,
    *scores.SEGMENTS,
    *scores.CHURN,
    *causes.WORDS,
    *signs.WORDS,
    *outlook.WORDS,
    *stock.WORDS,
    *world.WORDS,
    *SHARED,
)

TOOL_WORDS: tuple[Word, ...] = (*_OWN, *general_words())
"""The words of a question to a tool: the general ones and those of all families.

Of two meanings of one spelling the first one counts: a family's own."""

HEADS: tuple[re.Pattern[str], ...] = tuple(w.pattern for w in _OWN if w.kind == "tool")

INTENTS: tuple[Intent, ...] = (
    *scores.INTENTS,
    *partners.INTENTS,
    *signs.INTENTS,
    *stock.INTENTS,
    *world.INTENTS,
    *outlook.INTENTS,
    *causes.INTENTS,
)


def intent(name: str) -> Intent:
    """The intent called so."""
    return next(i for i in INTENTS if i.name == name)
