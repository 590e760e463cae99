from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from evals.cases import Case
from evals.gold import build
from evals.gold.build import build_cases, read_entries
from leadline.errors import InputError
from tests.evals.gold.test_operators import book


def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    folder = tmp_path / "crm_pipeline"
    folder.mkdir()
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(build, "QUESTION_DIR", tmp_path)


def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Mapping[str, Case]:
    written(tmp_path, monkeypatch, text)
    return {case.id: case for case in build_cases("crm_pipeline", book())}


class TestBuilding:
    def test_wordings_become_cases_of_one_expectation(
        self, tmp_path: Path, monkeypatch: Any
    ) -> None:
        found = cases(
            tmp_path,
            monkeypatch,
            """
- id: sales
  kind: total
  zh: [2012年销售额, 2012年卖了多少]
  en: sales in 2012
  mixed: 2012年sales
  gold: {call: scalar, metrics: [amount], start: 2012-01-01, end: 2013-01-01}
""",
        )
        assert list(found) == ["crm-sales-zh", "crm-sales-zh2", "crm-sales-en", "crm-sales-mixed"]
        assert len({case.expect for case in found.values()}) == 1
        assert found["crm-sales-en"].expect.scalars[0].value == 200.1

    def test_only_the_first_wordings_are_a_pair(self, tmp_path: Path, monkeypatch: Any) -> None:
        text = "- {id: a, kind: k, zh: [一, 二], en: one, mixed: 一one, status: refused}"
        found = cases(tmp_path, monkeypatch, text)
        assert {name: case.pair for name, case in found.items()} == {
            "crm-a-zh": "crm-a-en",
            "crm-a-zh2": None,
            "crm-a-en": "crm-a-zh",
            "crm-a-mixed": None,
        }

    def test_context_and_alternatives(self, tmp_path: Path, monkeypatch: Any) -> None:
        found = cases(
            tmp_path,
            monkeypatch,
            """
- id: a
  kind: followup
  zh: 那呢
  context: {zh: ["先", "后"]}
  gold: {by: [region], metrics: [orders]}
  alternatives: [{call: scalar, metrics: [orders]}]
""",
        )
        case = found["crm-a-zh"]
        assert case.context == ("先", "后")
        assert case.expect.rows == (("east", 3), ("west", 3))
        assert case.expect.alternatives[0].scalars[0].value == 6


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("- {id: a, kind: k, zh: 一, gold: {call: nope}}", "no gold function 'nope'"),
            ("- {id: a, kind: k, zh: 一, gold: {call: scalar}}", "missing a required argument"),
            ("- {id: a, kind: k, zh: 一, gold: {call: scalar, metrics: [], by: x}}", "'by'"),
            ("- {id: a, kind: k, zh: 一, statsu: refused}", "statsu"),
            ("- {id: a, kind: k, zh: 一}\n- {id: a, kind: k, zh: 二}", "stands twice"),
            ("- {id: a", "is not valid YAML"),
        ],
    )
    def test_are_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
    ) -> None:
        written(tmp_path, monkeypatch, text)
        with pytest.raises(InputError, match=said):
            build_cases("crm_pipeline", book())

    def test_every_shipped_entry_reads(self) -> None:
        assert len(read_entries("adventureworks")) > 250
