"""The table of faults: complete, told in both languages, and the one in the documentation."""

from __future__ import annotations

from typing import get_args

import pytest

from agents.llm.fallbacks import FALLBACKS
from evals.scripted.catalogue import FAULTS, table
from evals.scripted.faults import OUTCOMES, Outcome
from leadline.types import Language
from tests.paths import REPOSITORY

PAGES = {
    Language.EN: REPOSITORY / "docs/how-to/language-model.md",
    Language.ZH: REPOSITORY / "docs/how-to/language-model.zh-CN.md",
}
BEGIN, END = "<!-- faults -->\n", "<!-- end -->"


def test_faults_have_names_of_their_own_and_known_codes() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert {fault.outcome for fault in FAULTS} == set(get_args(Outcome)) == set(OUTCOMES)
    assert {fault.code for fault in FAULTS if fault.code} <= set(FALLBACKS)


def test_every_code_of_a_failure_is_tried() -> None:
    not_the_model = {"not_configured", "failed"}
    assert set(FALLBACKS) - {fault.code for fault in FAULTS} == not_the_model


@pytest.mark.parametrize("language", Language)
def test_the_documentation_holds_the_table(language: Language) -> None:
    """Write it with `python -m evals.scripted.catalogue`."""
    text = PAGES[language].read_text(encoding="utf-8")
    shown = text.partition(BEGIN)[2].partition(END)[0]
    assert shown.splitlines() == list(table(language))
