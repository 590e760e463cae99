"""What a language model may see of names: members become placeholders such as `partner#3`.

One veil serves one question. It replaces on the way out (question, history, results, messages) and
translates back on the way in (arguments, text). Which dimensions are veiled depends on the share
level: people always; partners and customers unless rows are shared; every member where only the
schema is. Personal data in any text is replaced at every level.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from agents.llm.tool_members import IN_ARGUMENTS
from agents.rules.context import PlannerContext
from agents.rules.read import Reading
from agents.rules.text import fold
from agents.rules.tokens import Token
from knowledge.semantic.lexicon import Entry
from leadline.masking import masked
from leadline.settings import ShareLevel
from leadline.types import Scalar

PEOPLE: Final = frozenset({"salesperson", "salesperson_manager", "partner_owner"})
"""Dimensions whose members are persons: veiled at every share level."""
COMPANIES: Final = frozenset({"partner", "customer", "warehouse"})
"""Dimensions whose members are single companies, or bear a company's name: veiled unless rows are
shared."""
PUBLIC: Final = frozenset(
    {
        "partner_type", "partner_tier", "partner_status", "region", "territory", "country",
        "region_group", "city", "product", "product_category", "product_subcategory",
        "product_line", "product_model", "product_color", "customer_industry", "customer_size",
        "order_type", "order_status", "promotion", "promotion_type", "return_reason",
        "currency", "stage", "outcome", "deal_status", "activity_kind", "competitor",
        "tender_type",
    }
)  # fmt: skip
"""Dimensions whose members are no individuals. A dimension that is named nowhere here is veiled."""

SEVERAL: Final = "name"
"""What the placeholder of a name is called that several members bear."""

PLACEHOLDER: Final = re.compile(r"(?<![A-Za-z0-9_#])[a-z][a-z_]*#\d+(?![A-Za-z0-9_])")
_SHORTEST = 2
"""Letters of a name below which it is not looked for inside of sentences."""


@dataclass(slots=True)
class Veil:
    """Names and their placeholders, for one question."""

    share: ShareLevel
    ctx: PlannerContext
    _by_name: dict[tuple[str, str], str] = field(default_factory=dict)
    _by_placeholder: dict[str, str] = field(default_factory=dict)

    def hides(self, dimension: str) -> bool:
        """Whether members of the dimension are told as placeholders."""
        if self.share == "schema" or dimension in PEOPLE:
            return True
        if dimension in COMPANIES:
            return self.share != "rows"
        return dimension not in PUBLIC

    # ---- out ------------------------------------------------------------------------------------

    def member(self, dimension: str, label: str) -> str:
        """What a member is called outside; one that bears personal data has a placeholder too."""
        if self.hides(dimension) or self.plain(label) != label:
            return self._placeholder(dimension, label)
        return label

    def plain(self, text: str) -> str:
        """`text` without personal data."""
        return masked(text, credit_codes=True)

    def message(self, text: str) -> str:
        """A text of ours (an error, a hint) without hidden members and personal data."""
        folded = fold(text)
        found = [
            (len(surface), surface, dimension, label)
            for dimension, labels in self.ctx.lexicon.labels.items()
            if self.hides(dimension)
            for surface, label in labels
            if len(surface) >= _SHORTEST and surface in folded and _whole(surface).search(folded)
        ]
        for _, surface, dimension, label in sorted(found, reverse=True):
            placeholder = self._placeholder(dimension, label)
            folded = _whole(surface).sub(lambda _, to=placeholder: to, folded)  # type: ignore[misc]
        veiled = self._without_aliases(folded)
        return self.plain(veiled if found or veiled != folded else text)

    def _without_aliases(self, folded: str) -> str:
        """Folded text without other spellings of hidden members: short names, codes."""
        parts, at = [], 0
        while at < len(folded):
            given = PLACEHOLDER.match(folded, at)
            end, name = (given.end(), given[0]) if given else self._alias_at(folded, at)
            parts.append(name)
            at = end
        return "".join(parts)

    def _alias_at(self, folded: str, at: int) -> tuple[int, str]:
        """The placeholder of the longest spelling at this place and its end; else the letter."""
        if folded[at] != " ":
            for end, entries in self.ctx.lexicon.at(folded, at):
                if not self._individual(entries):
                    continue
                meant = {(e.name, e.label or "") for e in entries}
                key = meant.pop() if len(meant) == 1 else (SEVERAL, folded[at:end])
                return end, self._placeholder(*key)
        return at + 1, folded[at]

    def _individual(self, entries: Sequence[Entry]) -> bool:
        """Whether a spelling means hidden individuals and nothing else."""
        return bool(entries) and all(
            e.kind == "value" and e.name not in PUBLIC and self.hides(e.name) for e in entries
        )

    def question(self, text: str, reading: Reading) -> str:
        """A question as typed, with the hidden members that were recognised in it replaced."""
        hidden = [t for t in reading.tokens if self._hidden_name(t)]
        if not hidden:
            return self.plain(text)
        folded, parts, at = reading.cover.text, [], 0
        for token in sorted(hidden, key=lambda t: t.start):
            parts += [folded[at : token.start].rstrip(), " ", self._name_of(token), " "]
            at = token.end
        return self.plain("".join([*parts, folded[at:].lstrip()]).strip())

    def _name_of(self, token: Token) -> str:
        """The placeholder of a name; one of its own where several members bear it."""
        meant = {(e.name, e.label or "") for e in token.entries}
        if len(meant) > 1:
            return self._placeholder(SEVERAL, token.text)
        return self._placeholder(*meant.pop())

    def _hidden_name(self, token: Token) -> bool:
        """Whether a token names nothing but hidden individuals; a word that is public too stays.

        Public words (a region, a product) are the asker's own, at every share level.
        """
        return token.kind == "value" and self._individual(token.entries)

    def heard_as(self, said: str, reading: Reading) -> str:
        """A piece of the question as the model was told it."""
        for token in reading.tokens:
            if token.text == said and self._hidden_name(token):
                return self._name_of(token)
        return self.message(said)

    def recognised(self, reading: Reading) -> list[dict[str, object]]:
        """The members that the lexicon found in the question, for the model to filter by."""
        found: list[dict[str, object]] = []
        for token in reading.tokens:
            if token.kind != "value" or not token.entries:
                continue
            entries: dict[tuple[str, str], Entry] = {}
            for entry in (*token.entries, *token.equals):
                entries.setdefault((entry.name, entry.label or ""), entry)
            means = [
                {"dimension": name, "member": self.member(name, label)} for name, label in entries
            ]
            hidden = self._hidden_name(token)
            text = self._name_of(token) if hidden else self.plain(token.text)
            found.append({"text": text, "means": means[:6]})
        return found

    def arguments(self, value: object, dimension: str | None = None) -> object:
        """A tool's arguments (JSON data) with the members in its filters as told outside."""
        if isinstance(value, Mapping):
            of = str(value["member"]) if "member" in value else None
            keys = _first_dimension(value)
            return {
                key: self.arguments(
                    item,
                    of
                    if key == "values"
                    else keys
                    if keys and key in ("first", "second")
                    else IN_ARGUMENTS.get(key),
                )
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.arguments(item, dimension) for item in value]
        if isinstance(value, str):
            return self.member(dimension, value) if dimension else value
        return value

    def _placeholder(self, dimension: str, label: str) -> str:
        key = (dimension, label)
        if key not in self._by_name:
            number = 1 + sum(known == dimension for known, _ in self._by_name)
            placeholder = f"{dimension}#{number}"
            self._by_name[key] = placeholder
            self._by_placeholder[placeholder] = label
        return self._by_name[key]

    # ---- in -------------------------------------------------------------------------------------

    def value(self, said: Scalar) -> Scalar:
        """What a value in a model's filter stands for."""
        return self._by_placeholder.get(said.strip(), said) if isinstance(said, str) else said

    def named(self, placeholder: str) -> str | None:
        """The member behind a placeholder, or None where none was given out."""
        return self._by_placeholder.get(placeholder)

    def revealed(self, text: str) -> str:
        """A sentence of the model with its placeholders translated back."""
        return PLACEHOLDER.sub(lambda m: self._by_placeholder.get(m[0], m[0]), text)


def _first_dimension(arguments: Mapping[str, object]) -> str | None:
    """The dimension of `first` and `second` beside a spec."""
    spec = arguments.get("spec")
    if not isinstance(spec, Mapping):
        return None
    names = spec.get("dimensions")
    return str(names[0]) if isinstance(names, list | tuple) and names else None


def _whole(surface: str) -> re.Pattern[str]:
    """The name as a whole word, where it is written in Latin letters."""
    lead = r"(?<![a-z0-9#])" if surface[0].isascii() else ""
    tail = r"(?![a-z0-9#])" if surface[-1].isascii() else ""
    return re.compile(lead + re.escape(surface) + tail)
