"""Secrets and personal data to plant, and what may stand beside them."""

from __future__ import annotations

import re

from hypothesis import strategies as st

BESIDE = " ，。、；：（）销售额华东各伙伴的是多少"
"""What people write around a number; a letter or digit that touches it would make it another."""

_TOKEN = st.text("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMN23456789", min_size=20, max_size=40)
_PHONE = st.from_regex(r"1[3-9]\d{9}", fullmatch=True, alphabet=st.characters(codec="ascii"))
_EMAIL = st.from_regex(
    r"[a-z]{3,8}\.[a-z]{2,8}@[a-z]{3,8}\.(com|cn)",
    fullmatch=True,
    alphabet=st.characters(codec="ascii"),
)
_ID = st.builds(
    lambda place, year, month, day, tail: f"{place}{year}{month:02d}{day:02d}{tail}",
    st.integers(110000, 659999),
    st.integers(1930, 2015),
    st.integers(1, 12),
    st.integers(1, 28),
    st.from_regex(r"\d{3}[0-9X]", fullmatch=True, alphabet=st.characters(codec="ascii")),
)


def planted() -> st.SearchStrategy[str]:
    """Phones, e-mail addresses, identity numbers, keys and tokens."""
    return st.one_of(
        _PHONE,
        _EMAIL,
        _ID,
        _TOKEN.map("sk-{}".format),
        _TOKEN.map("Bearer {}".format),
        _TOKEN.map("postgresql://leadline:{}@db/x".format),
        _TOKEN.map("password={}".format),
    )


PLANTED = (
    re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])"),
    re.compile(r"[a-z]{3,8}\.[a-z]{2,8}@"),
    re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9X](?![0-9A-Za-z])"),
    re.compile(r"sk-[A-Za-z0-9]{20}"),
    re.compile(r"Bearer [A-Za-z0-9]{20}"),
    re.compile(r":[A-Za-z0-9]{20,}@"),
    re.compile(r"password=[A-Za-z0-9]{20}"),
)
"""What would be found if one of them were left."""
