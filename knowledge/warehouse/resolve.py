"""The same company under many names: when two partner records are one, and when a person must say.

Similarity of names alone misleads: 上海云帆 and 云帆软件（上海） are one company at a score of 67,
云帆 and 云舟 two at 83. So these rules, from the strictest on:

- the same valid 统一社会信用代码 (USCC) → one partner; two different ones → two partners, always;
- another source, the same phone, the same core of the name, the same branch, and places that are
  known on both sides and agree → one partner;
- another source and something of this, contradicted by nothing → a person decides.

Within one source its own ids are believed: two resellers may share a name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from knowledge.warehouse.places import leading_place, province_of

MatchRule = Literal["uscc", "phone+name", "review"]
SHORTEST_PHONE = 7
"""Fewer digits (an extension, a typing slip) identify nobody."""
SHORTEST_CONTAINED_CORE = 2
"""云帆 within 云帆软件 is worth a look; a single character is not."""

_LEGAL = (
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "控股有限公司",
    "有限公司",
    "集团公司",
    "个体工商户",
    "有限合伙",
    "普通合伙",
    "集团",
    "公司",
)
_LEGAL_EN = re.compile(
    r"(?:[\s,.]+(?:co|ltd|limited|inc|incorporated|corp|corporation|company|llc|llp|gmbh|ag|plc|pte|"
    r"pty|bv|sarl|group|holdings?))+[\s,.]*$"
)
_BRANCH = re.compile(
    r"^(?P<main>.*?(?:公司|集团|厂|中心|商行|事务所))?(?P<branch>[^公司]{0,10}?)"
    r"(?:分公司|分部|分行|支公司|办事处|营业部|代表处)$"
)
_BRANCH_EN = re.compile(r"[\s,.(-]+(?P<branch>\w*)\s*branch(?:\s+office)?\)?$")
_BRACKETS = re.compile(r"[(\[【「]([^)\]】」]*)[)\]】」]")
_NOT_WORD = re.compile(r"[^\w]+|_")


class CompanyName(NamedTuple):
    """A name taken apart: `core` is what remains without place, legal form and branch."""

    core: str
    province: str | None
    branch: str | None


@cache
def _simplifier() -> object:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplified(text: str) -> str:
    """NFKC, Traditional to Simplified characters, case-folded, stripped."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    if plain.isascii():
        return plain
    return str(_simplifier().convert(plain))  # type: ignore[attr-defined]


@lru_cache(maxsize=100_000)
def split_name(name: str) -> CompanyName:
    """Take a company's name apart.

    >>> split_name("上海雲帆軟體（集團）有限公司北京分公司")
    CompanyName(core='云帆软体', province='上海', branch='北京')
    """
    text = simplified(name)
    text, branch = _without_branch(text)
    province: str | None = None
    for inside in _BRACKETS.findall(text):
        province = province or province_of(inside)
    text = _BRACKETS.sub(
        lambda m: "" if province_of(m[1]) or m[1] in _LEGAL or m[1] == "中国" else m[1], text
    )
    text = _without_legal_form(text.strip())
    while (leading := leading_place(text)) and leading[1] and province in (None, leading[0]):
        province, text = leading
    return CompanyName(_NOT_WORD.sub("", text), province, branch)


def _without_branch(text: str) -> tuple[str, str | None]:
    found = _BRANCH.match(text)
    if found and found["main"]:
        return found["main"], _NOT_WORD.sub("", found["branch"])
    found = _BRANCH_EN.search(text)
    if found:
        return text[: found.start()], found["branch"]
    return text, None


def _without_legal_form(text: str) -> str:
    text = _LEGAL_EN.sub("", text)
    shorter = True
    while shorter:
        shorter = False
        for form in _LEGAL:
            if text.endswith(form) and len(text) > len(form):
                text, shorter = text.removesuffix(form), True
    return text


def phone_digits(text: str | None) -> str | None:
    """The digits of the first number in a cell, without China's country code; None if too short."""
    if not text:
        return None
    first = re.split(r"[/,;、；，]|转|ext", unicodedata.normalize("NFKC", text).casefold())[0]
    digits = re.sub(r"\D", "", first)
    digits = digits.removeprefix("00") if first.strip().startswith("00") else digits
    if len(digits) > SHORTEST_PHONE + 3 and digits.startswith("86"):
        digits = digits.removeprefix("86")
    digits = digits.lstrip("0")
    return digits if len(digits) >= SHORTEST_PHONE else None


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known about a partner that helps to recognise it; `partner_id` 0 where it is new."""

    partner_id: int
    source: str
    uscc: str | None
    name: CompanyName
    phone: str | None
    places: dict[str, str]
    """Kind of place → place, e.g. province, city, territory."""

    def place_agrees(self, other: Identity) -> bool | None:
        """Whether the places agree; None where no kind of place is known on both sides."""
        shared = self.places.keys() & other.places.keys()
        if not shared:
            return None
        return all(self.places[kind] == other.places[kind] for kind in shared)


def identity(
    partner_id: int,
    source: str,
    *,
    uscc: str | None,
    name: str,
    phone: str | None,
    city: str | None,
    territory: str | None,
) -> Identity:
    """An identity from a partner's columns.

    The place in the name counts first, then the city, then the territory; a place outside China
    is compared as it is written.
    """
    parts = split_name(name)
    places: dict[str, str] = {}
    province = parts.province
    for written in (city, territory):
        province = province or (province_of(simplified(written)) if written else None)
    if province is not None:
        places["province"] = province
    else:
        for kind, written in (("city", city), ("territory", territory)):
            if written:
                places[kind] = simplified(written)
    return Identity(partner_id, source, uscc, parts, phone_digits(phone), places)


class Match(NamedTuple):
    """The partner that a record is (`uscc`, `phone+name`) or may be (`review`)."""

    partner_id: int
    rule: MatchRule


@dataclass(slots=True)
class IdentityIndex:
    """Known partners, found by USCC, phone and core of the name."""

    _by_uscc: dict[str, Identity] = field(default_factory=dict)
    _by_phone: dict[str, list[Identity]] = field(default_factory=dict)
    _by_start: dict[str, list[Identity]] = field(default_factory=dict)

    def add(self, known: Identity) -> None:
        """Make a partner known; of several with one USCC the first added stands for it."""
        if known.uscc:
            self._by_uscc.setdefault(known.uscc, known)
        if known.phone:
            self._by_phone.setdefault(known.phone, []).append(known)
        if known.name.core:
            start = known.name.core[:SHORTEST_CONTAINED_CORE]
            self._by_start.setdefault(start, []).append(known)

    def match(self, record: Identity) -> Match | None:
        """The partner that `record` is, or may be; None where nothing points to one."""
        if record.uscc and (same := self._by_uscc.get(record.uscc)):
            return Match(same.partner_id, "uscc")
        near = {
            known.partner_id: known
            for known in (
                *self._by_phone.get(record.phone or "", ()),
                *self._by_start.get(record.name.core[:SHORTEST_CONTAINED_CORE], ()),
            )
            if known.source != record.source
            and not (record.uscc and known.uscc)
            and record.place_agrees(known) is not False
        }
        sure = [known for known in near.values() if _is_same(record, known)]
        if len(sure) == 1:
            return Match(sure[0].partner_id, "phone+name")
        maybe = [known for known in near.values() if _may_be_same(record, known)]
        if not maybe:
            return None
        best = min(maybe, key=lambda known: (not _is_same(record, known), known.partner_id))
        return Match(best.partner_id, "review")


def _is_same(record: Identity, known: Identity) -> bool:
    return (
        record.phone is not None
        and record.phone == known.phone
        and record.name.core == known.name.core
        and record.name.branch == known.name.branch
        and record.place_agrees(known) is True
    )


def _may_be_same(record: Identity, known: Identity) -> bool:
    if record.phone is not None and record.phone == known.phone:
        return True
    mine, theirs = record.name.core, known.name.core
    if not mine or not theirs:
        return False
    if mine == theirs:
        return True
    contained = mine.startswith(theirs) or theirs.startswith(mine)
    return contained and record.place_agrees(known) is True
