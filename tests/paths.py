"""Where the tests find the shared sample data, which is not part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent

SHARED_DATA = Path(os.environ.get("LEADLINE_SHARED_DATA") or REPOSITORY.parent / "shared" / "data")
"""Folder with `adventureworks/`, `crm_pipeline/`, …; see its SOURCES.md."""


def needs_data(name: str) -> pytest.MarkDecorator:
    """Skip the test, saying why, where the sample data set `name` is not on this machine."""
    return pytest.mark.skipif(
        not (SHARED_DATA / name).is_dir(),
        reason=f"sample data {SHARED_DATA / name} is absent (set LEADLINE_SHARED_DATA)",
    )
