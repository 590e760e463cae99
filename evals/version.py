"""Which code made a run: the version, and a hash of everything that has a part in an answer."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from leadline import __version__

ANSWERING = ("leadline", "knowledge", "tools", "agents")
"""Packages whose code, prompts and model decide what is answered."""

_ROOT = Path(__file__).resolve().parent.parent


@cache
def code_version() -> str:
    """`<version>+<12 hex>`; the same for equal sources, wherever they are installed."""
    digest = hashlib.sha256()
    for package in ANSWERING:
        for path in sorted((_ROOT / package).rglob("*")):
            if path.is_file() and path.suffix in {".py", ".yaml", ".md", ".txt"}:
                digest.update(path.relative_to(_ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"
