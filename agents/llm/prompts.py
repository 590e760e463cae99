"""Prompt texts: files under `agents/prompts`, read once, with a hash that traces record."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Final

from agents.llm.schemas import DESCRIPTIONS, tool_schemas

FOLDER: Final = Path(__file__).resolve().parent.parent / "prompts"
FILES: Final = ("planner", "situation", "repairs")
"""What a model is told, stable text first: servers keep the beginning of a prompt in a cache."""


@lru_cache(maxsize=len(FILES))
def prompt(name: str) -> str:
    """The text of a prompt file."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8").strip()


def filled(name: str, **values: str) -> str:
    """A prompt file with its `$names` filled in; every name must be given."""
    return Template(prompt(name)).substitute(values)


def repair(kind: str, **values: str) -> str:
    """What a model is told when its reply was no good: one section of `repairs.md`."""
    sections = re.split(r"^## (\w+)\n", prompt("repairs"), flags=re.MULTILINE)[1:]
    texts = dict(zip(sections[::2], sections[1::2], strict=True))
    return Template(texts[kind].strip()).substitute(values)


@lru_cache(maxsize=1)
def prompt_hash() -> str:
    """16 hex digits over the prompt files and the tools' schemas: equal hash, equal instructions.

    What differs from question to question (today, members, the question) is not in it.
    """
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(prompt(name).encode())
    tools = {name: [DESCRIPTIONS[name], schema] for name, schema in tool_schemas().items()}
    digest.update(json.dumps(tools, sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()[:16]
