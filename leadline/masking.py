"""Personal data and secrets in text: found by their form, and masked before anything keeps them.

Masked are e-mail addresses, telephone numbers, identity-card numbers of China, bank cards, keys and
tokens, passwords in addresses, and whatever stands behind a word such as `password=`; on request
also unified social credit codes, which name companies. Numbers (as opposed to text) are figures and
stay. Digits and letters of full width count as plain ones.

A form is no proof: a number that looks like a telephone number is masked though it is none. The
other way round, what has no form (a person's name) is not found here; scopes and export rules
guard that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

SECRET = "[secret]"  # noqa: S105 - what stands in its place
MIN_KNOWN_LENGTH = 6
"""A known secret shorter than this would mask ordinary words."""

_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_FREE = r"(?<![0-9A-Za-z])"
_END = r"(?![0-9A-Za-z])"
_NO_DIGIT = r"(?<![0-9.])"
_NO_MORE = r"(?!\.?[0-9])"
_DIGEST_LENGTH = 16
_HEXADECIMAL = "0123456789abcdefABCDEF"


@dataclass(frozen=True, slots=True)
class _Form:
    """A pattern; `group` is what is masked; `check` says whether a find is really one."""

    pattern: re.Pattern[str]
    mask: str
    group: int | str = 0
    check: Callable[[str, int, int], bool] | None = None
    needs: str = ""
    """A character without which there is nothing to look for."""


def _no_digest(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is no part of a longer id or hash in hexadecimal digits."""
    left = len(text[:start]) - len(text[:start].rstrip(_HEXADECIMAL))
    right = len(text[end:]) - len(text[end:].lstrip(_HEXADECIMAL))
    return left + right == 0 or end - start + left + right < _DIGEST_LENGTH


def _luhn(text: str, start: int, end: int) -> bool:
    digits = [int(char) for char in text[start:end] if char.isdecimal()]
    if not 14 <= len(digits) <= 19 or not _no_digest(text, start, end):
        return False
    # from the right, every second digit counts double, and a double of two digits their sum
    doubled = (sum(divmod(d * (1 + at % 2), 10)) for at, d in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0


def _dialled(text: str, start: int, end: int) -> bool:
    return 8 <= sum(char.isdecimal() for char in text[start:end]) <= 15


def _compile(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | (re.IGNORECASE if ignore_case else 0))


_SECRETS = (
    _Form(
        _compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*KEY-----|$)"),
        SECRET,
        needs="-",
    ),
    _Form(
        _compile(r"[a-z][a-z0-9+.-]{0,20}://[^\s/@:]*:(?P<secret>[^\s/@]+)@", ignore_case=True),
        SECRET,
        "secret",
        needs="@",
    ),
    _Form(
        _compile(r"\b(?:bearer|basic)\s+(?P<secret>[A-Za-z0-9._~+/=-]{6,})", ignore_case=True),
        SECRET,
        "secret",
    ),
    _Form(_compile(_FREE + r"sk-[A-Za-z0-9_-]{6,}"), SECRET, needs="-"),
    _Form(
        _compile(
            _FREE
            + r"(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|xox[a-z]-[\w-]{10,}"
            r"|glpat-[\w-]{16,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|LTAI[0-9A-Za-z]{12,})"
        ),
        SECRET,
    ),
    _Form(_compile(_FREE + r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), SECRET, needs="."),
    _Form(
        _compile(
            r"(?:api[ _-]?key|access[ _-]?key|secret|passw(?:or)?d|pwd|token|authorization"
            r"|密码|口令|密钥|令牌)"
            r"[\"']?\s*(?:[=:]|是|为)\s*[\"']?(?P<secret>(?!(?:bearer|basic)\s|\[)[^\s\"',;，；。）)]{4,})",
            ignore_case=True,
        ),
        SECRET,
        "secret",
    ),
)
_PERSONAL = (
    _Form(
        _compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
        "[email]",
        needs="@",
    ),
    _Form(
        _compile(
            _NO_DIGIT + r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
            r"\d{3}[0-9Xx]" + _NO_MORE
        ),
        "[id number]",
        check=_no_digest,
    ),
    _Form(
        _compile(_NO_DIGIT + r"[3-6]\d{3}(?:[ -]?\d{4}){2}(?:[ -]?\d{1,4}){1,2}" + _NO_MORE),
        "[bank card]",
        check=_luhn,
    ),
    _Form(
        _compile(_NO_DIGIT + r"(?:(?:\+|00)?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}" + _NO_MORE),
        "[phone]",
        check=_no_digest,
    ),
    _Form(
        _compile(_NO_DIGIT + r"\(?0\d{2,3}\)?[ -]\d{7,8}(?:[ -]\d{1,5})?" + _NO_MORE),
        "[phone]",
        check=_no_digest,
    ),
    _Form(
        _compile(r"(?<![0-9A-Za-z+])\+[1-9]\d{0,2}(?:[ -]?\(?\d{1,4}\)?){2,5}" + _NO_MORE),
        "[phone]",
        check=_dialled,
        needs="+",
    ),
)
_CREDIT_CODE = _Form(
    _compile(_FREE + r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}" + _END), "[credit code]"
)
_SECRET_KEY = _compile(
    r"(?:^|[_.-])(?:api[_-]?key|authorization|password|passwd|secret|access[_-]?token|cookie)$",
    ignore_case=True,
)


def masked(text: str, *, known: Collection[str] = (), credit_codes: bool = False) -> str:
    """The text with personal data and secrets masked; masking twice changes nothing.

    Args:
        text: anything.
        known: secrets to mask wherever they stand, whatever their form.
        credit_codes: also mask unified social credit codes.
    """
    for secret in known:
        if len(secret) >= MIN_KNOWN_LENGTH:
            text = text.replace(secret, SECRET)
    forms = (*_SECRETS, *((_CREDIT_CODE,) if credit_codes else ()), *_PERSONAL)
    folded = text.translate(_PLAIN)
    for form in forms:
        if form.needs and form.needs not in folded:
            continue
        text, folded = _apply(form, text, folded)
    return text


def _apply(form: _Form, text: str, folded: str) -> tuple[str, str]:
    """Both texts have the same length: what is found in one is masked in both."""
    parts: list[tuple[int, int]] = []
    for found in form.pattern.finditer(folded):
        start, end = found.span(form.group)
        if form.check is None or form.check(folded, start, end):
            parts.append((start, end))
    for start, end in reversed(parts):
        text = text[:start] + form.mask + text[end:]
        folded = folded[:start] + form.mask + folded[end:]
    return text, folded


def masked_data(
    value: object, *, known: Collection[str] = (), credit_codes: bool = False
) -> object:
    """JSON data with every text in it masked; what stands under a key such as `password` wholly."""
    if isinstance(value, str):
        return masked(value, known=known, credit_codes=credit_codes)
    if isinstance(value, Mapping):
        return {
            masked(str(key), known=known): (
                SECRET
                if isinstance(item, str) and item and _SECRET_KEY.search(str(key))
                else masked_data(item, known=known, credit_codes=credit_codes)
            )
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [masked_data(item, known=known, credit_codes=credit_codes) for item in value]
    return value
