"""Personal data in free text: telephone numbers, e-mail addresses, identity and bank card numbers.

What leaves the house has these replaced, at every share level. Patterns err on the side of hiding:
a figure that looks like a telephone number is hidden too. Names of people are members of dimensions
and are hidden as such (`agents.llm.veil`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_ID_CARD = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx]"
    r"(?![0-9A-Za-z])"
)
_CREDIT_CODE = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9A-HJ-NPQRTUWXY]*[A-HJ-NPQRTUWXY])[0-9A-HJ-NPQRTUWXY]{2}\d{6}"
    r"[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])"
)
_CARD = re.compile(r"(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.])")
_MOBILE = re.compile(r"(?<![\d.])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d.])")
_LANDLINE = re.compile(r"(?<![\d.-])(?:\(0\d{2,3}\)|0\d{2,3}-) ?\d{7,8}(?![\d-])")
_ABROAD = re.compile(r"(?<![\d.])\+\d{1,3}(?:[ .-]?\(?\d{2,4}\)?){2,5}(?![\d.])")


def _luhn(text: str) -> bool:
    digits = [int(char) for char in text if char.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("email", _EMAIL, lambda _: True),
    ("id_card", _ID_CARD, lambda _: True),
    ("credit_code", _CREDIT_CODE, lambda _: True),
    ("bank_card", _CARD, _luhn),
    ("phone", _MOBILE, lambda _: True),
    ("phone", _LANDLINE, lambda _: True),
    ("phone", _ABROAD, lambda _: True),
)


def personal_data(text: str) -> Iterator[tuple[str, str]]:
    """Each piece of personal data in `text`: (kind, as written); an earlier kind takes its part."""
    rest = text
    for kind, pattern, holds in _KINDS:
        found = [m[0] for m in pattern.finditer(rest) if holds(m[0])]
        for piece in found:
            yield kind, piece
            rest = rest.replace(piece, "\n")
