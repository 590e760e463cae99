"""A tool's result told, rendered and verified, as an answer would be."""

from __future__ import annotations

from agents.narrate import Told
from agents.slots import render
from agents.tellers.catalog import tell
from agents.tellers.telling import Telling
from agents.verify import verify
from leadline.evidence import Citation
from leadline.types import Language
from tools.catalog import tool
from tools.definition import ToolContext


def told_by(
    name: str, arguments: dict[str, object], context: ToolContext, language: Language
) -> tuple[Telling, str]:
    """The telling and its text.

    Raises:
        EvidenceError: the text holds a figure or direction that no evidence holds.
    """
    told = (Told("main", Citation("a-1", 1, tool(name).run(arguments, context))),)
    telling = tell(told, language)
    text, _ = render(telling.template, [told[0].citation], language)
    verify(telling.template, text, [told[0].citation], language)
    return telling, text
