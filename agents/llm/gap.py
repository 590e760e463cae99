"""A difference between what a question says and what the queries say, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agents.rules.draft import Note


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was said and not used, or used and not said.

    `said` is the piece of the question, or the filter; `wanted` tells a model what to do about it.
    """

    said: str
    wanted: str
    kind: Literal["missing", "added", "chosen", "differs"] = "missing"
    taken: str = ""
    """The member that was taken of several that may be meant; the rules' reading in English."""

    def note(self) -> Note:
        """What the reader is told."""
        if self.kind == "added":
            return Note(
                f"模型自行加了条件：{self.said}", f"the model added a condition: {self.said}"
            )
        if self.kind == "chosen":
            return Note(
                f"“{self.said}”有多种含义，模型按“{self.taken}”理解",
                f"“{self.said}” may mean several; the model took “{self.taken}”",
            )
        if self.kind == "differs":
            return Note(
                f"规则的理解不同：{self.said}", f"the rules read it otherwise: {self.taken}"
            )
        return Note(f"没有用到：{self.said}", f"not used: {self.said}")
