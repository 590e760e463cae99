"""Every word that has a meaning in one snapshot, for one scope: metrics, dimensions, members.

A *surface* is a folded spelling; it may mean several things (Canada is a region and a country):
the lexicon lists them all, choosing is the planner's work. Members outside the scope are not in it,
so a question cannot even name them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

EntryKind = Literal["metric", "dimension", "value", "absent_metric", "absent_dimension"]

LEGAL_SUFFIX = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司|集团公司|集团|公司|,? inc\.?|,? ltd\.?|,? llc|"
    r",? corp\.?|,? corporation|,? company|,? co\.?)$"
)
_BRACKETED = re.compile(r"\s*\([^)]*\)\s*")
COUNTING = re.compile(r"^(?:how many|how much|number of|count of|多少|几|共有多少)")
"""Spellings that begin so are left to the planner, which must see that something is counted."""

PRESENT = re.compile(r"^(?:current(?:ly)? |当前|目前|现在|各)")
"""Fillers that the planner knows anyway; with them a spelling would hide a longer name."""

COUNTED_MEMBERS = frozenset(
    {"partner_count", "active_partners", "new_partners", "active_customers", "products_sold"}
)
_MIN_SURFACE_HAN = 2
_MIN_SURFACE_LATIN = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning: a metric, a dimension, or the member `label` of the dimension `name`.

    `absent_*`: the model knows it, but this snapshot holds no data for it. `exact` is False for a
    spelling that leaves something out (legal suffix, brackets).
    """

    kind: EntryKind
    name: str
    label: str | None = None
    exact: bool = True


@dataclass(slots=True)
class Lexicon:
    """Surfaces to meanings, with what matching needs."""

    fold: Callable[[str], str]
    entries: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    lengths: dict[str, list[int]] = field(default_factory=dict)
    labels: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Dimension → (folded, label) of its members, for look-ups of parts of names."""

    def add(self, surface: str, entry: Entry) -> None:
        """Let the spelling `surface` mean `entry` too."""
        folded = self.fold(surface)
        if not folded or folded.isdecimal():
            return
        if entry.kind != "value" and PRESENT.match(folded):
            return
        if entry.name in COUNTED_MEMBERS and COUNTING.match(folded):
            return
        shortest = _MIN_SURFACE_LATIN if folded[0].isascii() else _MIN_SURFACE_HAN
        if len(folded) < shortest and entry.kind == "value":
            return
        known = self.entries[folded]
        same = [
            e for e in known if (e.kind, e.name, e.label) == (entry.kind, entry.name, entry.label)
        ]
        if not same:
            known.append(entry)
            self.lengths.pop(folded[0], None)

    def at(self, text: str, start: int) -> Iterator[tuple[int, list[Entry]]]:
        """All surfaces that begin at `start` of folded text: (end, meanings), longest first.

        A Latin surface must begin and end at a word boundary.
        """
        first = text[start]
        if first not in self.lengths:
            self.lengths[first] = sorted(
                {len(s) for s in self.entries if s[0] == first}, reverse=True
            )
        if _latin(first) and start > 0 and _latin(text[start - 1]):
            return
        for length in self.lengths[first]:
            end = start + length
            surface = text[start:end]
            if len(surface) < length or surface not in self.entries:
                continue
            if end < len(text) and _latin(text[end - 1]) and _latin(text[end]):
                continue
            yield end, self.entries[surface]

    def containing(self, phrase: str, *, limit: int = 50) -> list[Entry]:
        """Members whose label holds the folded `phrase` (whole words where it is Latin)."""
        if len(phrase) < 2:
            return []
        pattern = re.compile(
            (r"(?<![a-z0-9])" if _latin(phrase[0]) else "")
            + re.escape(phrase)
            + (r"(?![a-z0-9])" if _latin(phrase[-1]) else "")
        )
        found: list[Entry] = []
        for dimension, labels in self.labels.items():
            for folded, label in labels:
                if phrase in folded and pattern.search(folded):
                    found.append(Entry("value", dimension, label, exact=False))
                    if len(found) >= limit:
                        return found
        return found


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def plural_forms(word: str) -> Iterator[str]:
    """The other grammatical number of an English phrase: bikes ↔ bike, category ↔ categories."""
    if not word.isascii() or len(word) < 3 or not word[-1].isalpha():
        return
    if word.endswith("ies"):
        yield word[:-3] + "y"
    elif word.endswith(("ches", "shes", "sses", "xes")):
        yield word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]
    elif word.endswith("y") and word[-2] not in "aeiou":
        yield word[:-1] + "ies"
    elif word.endswith(("ch", "sh", "ss", "x")):
        yield word + "es"
    else:
        yield word + "s"


def member_surfaces(label: str, name: str, aliases: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Spellings of a member, each with whether it is exact.

    Label, name and aliases are; the name without brackets or legal suffix is not.
    """
    yield label, True
    yield name, True
    bare = _BRACKETED.sub("", name).strip()
    core = LEGAL_SUFFIX.sub("", bare.casefold()).strip()
    for spelling in (bare, core, LEGAL_SUFFIX.sub("", name.casefold()).strip()):
        if spelling and spelling.casefold() not in (label.casefold(), name.casefold()):
            yield spelling, False
    for alias in aliases:
        if alias:
            yield alias, True


def instance_synonyms(synonyms: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, Entry]]:
    """Words of the instance file: `metric:amount`, `dimension:region`, `value:region:华东`."""
    for key, words in synonyms.items():
        kind, _, rest = key.partition(":")
        name, _, label = rest.partition(":")
        for word in words:
            if kind == "metric":
                yield word, Entry("metric", name)
            elif kind == "dimension":
                yield word, Entry("dimension", name)
            elif kind == "value" and label:
                yield word, Entry("value", name, label)
