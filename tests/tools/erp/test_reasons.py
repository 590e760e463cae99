"""Every reason and notice has words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge.warehouse.tables import CANONICAL
from leadline.types import Language
from tests.paths import REPOSITORY
from tools.erp.reasons import NOTICES, REASONS, TABLE_WORDS, notice_text, reason_text

ZH, EN = Language.ZH, Language.EN


def sources(*folders: str) -> str:
    paths: list[Path] = [p for folder in folders for p in (REPOSITORY / folder).glob("*.py")]
    return "".join(path.read_text(encoding="utf-8") for path in paths)


class TestWords:
    def test_every_code_in_use_has_words(self) -> None:
        text = sources("tools/erp", "knowledge/warehouse")
        used = set(re.findall(r'BadCell\(\s*(?:"(\w+)")', text))
        used |= set(re.findall(r'"(\w+)" if formats else "(?:\w+)"', text))
        used |= {"unknown_reference", "missing", "contradicting_key", "too_many_cells"}
        assert used <= set(REASONS)
        assert len(used) > 8
        notices = set(re.findall(r'Notice\(\s*"(\w+)"', text))
        assert notices <= set(NOTICES)
        assert len(notices) > 4

    @pytest.mark.parametrize("code", sorted({**REASONS, **NOTICES}))
    def test_both_languages_fill_the_same_places(self, code: str) -> None:
        words = {**REASONS, **NOTICES}[code]
        assert re.search(r"[一-鿿]", words.zh)
        assert not re.search(r"[一-鿿]", words.en)
        zh, en = (
            {name.removesuffix("_zh").removesuffix("_en") for name in re.findall(r"\{(\w+)", text)}
            for text in words
        )
        assert zh - {"table"} <= en
        assert en - {"table"} <= zh

    def test_every_table_has_a_name(self) -> None:
        assert set(TABLE_WORDS) == {table.name for table in CANONICAL}


class TestSentences:
    def test_a_reason_with_its_detail(self) -> None:
        assert reason_text("unknown_reference: partner P9", EN) == (
            "refers to a row that is not there: partner P9"
        )
        assert reason_text("unknown_reference: partner P9", ZH) == "引用的记录不存在：partner P9"
        assert reason_text("missing", EN) == "a required value is missing"

    def test_an_unknown_code_is_shown_as_it_is(self) -> None:
        assert reason_text("strange: thing", ZH) == "strange: thing"
        assert notice_text("strange", "partner", {"a": 1}, ZH) == "strange {'a': 1}"

    def test_a_notice(self) -> None:
        values: dict[str, str | int] = {"count": 2, "name": "云帆", "keys": "P1, P3"}
        assert notice_text("shared_name", "partner", values, EN) == (
            "2 partners share the name '云帆'; kept apart by id (P1, P3)"
        )
        assert notice_text("shared_name", "partner", values, ZH) == (
            "2 条伙伴记录同名“云帆”，已按编码分别保留（P1, P3）"
        )
