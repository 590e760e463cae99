"""The golden sets as they are stored: sound, broad enough, and what the source files give."""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from evals.cases import DATASETS, Case, case_line, dataset_path, hash_path, read_cases
from evals.gold.sources import content_hash, gold_cases, source_folder
from leadline.errors import InputError, NotFoundError
from tests.paths import SHARED_DATA, needs_data

KINDS = {
    "total",
    "filter",
    "filters",
    "two_metrics",
    "ratio",
    "group",
    "top",
    "bottom",
    "top_per",
    "share",
    "trend",
    "time",
    "best_period",
    "average",
    "compare",
    "growth_threshold",
    "growth_rank",
    "versus",
    "difference",
    "threshold",
    "negation",
    "dormant",
    "no_orders",
    "new_partners",
    "count_members",
    "target",
    "stock",
    "spelling",
    "mixed",
    "followup",
    "meta",
    "clarify",
    "refuse",
    "hard",
    "ambiguous",
    "anomaly",
    "churn",
    "compare_partners",
    "forecast",
    "health",
    "inventory",
    "profile",
    "segment",
    "similar",
    "why",
}


@lru_cache
def stored(name: str) -> tuple[Case, ...]:
    return read_cases(dataset_path(name))


@lru_cache
def everything() -> tuple[Case, ...]:
    return tuple(case for name in DATASETS for case in stored(name))


class TestSoundness:
    def test_ids_are_unique(self) -> None:
        counts = Counter(case.id for case in everything())
        assert [name for name, count in counts.items() if count > 1] == []

    def test_no_question_is_asked_twice(self) -> None:
        for name in DATASETS:
            counts = Counter((case.context, case.question) for case in stored(name))
            assert [asked for asked, count in counts.items() if count > 1] == []

    def test_pairs_point_at_each_other_across_languages(self) -> None:
        by_id = {case.id: case for case in everything()}
        for case in everything():
            if case.pair is None:
                continue
            other = by_id[case.pair]
            assert other.pair == case.id
            assert {case.lang, other.lang} == {"zh", "en"}
            assert case.expect == other.expect

    def test_followups_have_a_context_and_others_none(self) -> None:
        for case in everything():
            if case.kind == "followup":
                assert case.context, case.id
            elif case.kind != "meta":
                assert not case.context, case.id

    def test_an_answer_has_gold_figures_unless_it_is_about_itself(self) -> None:
        for case in everything():
            if case.expect.status == "answered" and case.kind != "meta":
                assert case.expect.demanded or case.expect.calls, case.id

    def test_status_follows_kind(self) -> None:
        wanted = {"clarify": "clarify", "refuse": "refused"}
        for case in everything():
            if case.kind in wanted:
                assert case.expect.status == wanted[case.kind], case.id

    def test_language_shows_in_the_question(self) -> None:
        for case in everything():
            chinese = sum("\u4e00" <= letter <= "\u9fff" for letter in case.question)
            if case.lang == "en":
                # a partner's or a region's name may be Chinese; the words around it are not
                latin = sum(letter.isascii() and letter.isalpha() for letter in case.question)
                assert not chinese or latin > 2, case.id
            elif case.lang == "mixed":
                assert chinese, case.id
                assert any(letter.isascii() and letter.isalpha() for letter in case.question)


class TestBreadth:
    def test_size(self) -> None:
        assert len(stored("adventureworks")) >= 170
        assert len(stored("crm_pipeline")) >= 30
        assert len(stored("channel")) >= 80

    def test_every_kind_is_there(self) -> None:
        assert {case.kind for case in everything()} == KINDS

    def test_clarifications_refusals_and_followups(self) -> None:
        statuses = Counter(case.expect.status for case in everything())
        assert statuses["clarify"] >= 12
        assert statuses["refused"] >= 20
        assert sum(bool(case.context) for case in everything()) >= 20

    def test_languages(self) -> None:
        counts = Counter(case.lang for case in everything())
        assert min(counts["zh"], counts["en"]) >= 100
        assert counts["mixed"] >= 10


class TestFile:
    def test_lines_read_back(self) -> None:
        case = stored("adventureworks")[0]
        assert Case.model_validate(json.loads(case_line(case))) == case

    def test_a_bad_line_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "x.jsonl"
        path.write_text(case_line(stored("adventureworks")[0]) + '\n{"id": 1}\n', encoding="utf-8")
        with pytest.raises(InputError, match=r"x\.jsonl:2"):
            read_cases(path)

    def test_a_missing_file_and_an_unknown_name(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="does not exist"):
            read_cases(tmp_path / "none.jsonl")
        with pytest.raises(NotFoundError, match="no golden set 'nope'"):
            dataset_path("nope")
        assert [dataset_path(name).stem for name in DATASETS] == list(DATASETS)

    def test_figures_without_a_label_are_no_row(self) -> None:
        body = json.loads(case_line(stored("adventureworks")[0]))
        body["expect"] = {"status": "answered", "rows": [[1.0]], "row_units": ["money"]}
        with pytest.raises(ValueError, match="no label"):
            Case.model_validate(body)


class TestGoldFigures:
    """The stored figures are what the source files give today."""

    @pytest.mark.data
    @pytest.mark.parametrize(
        "name",
        [
            pytest.param("adventureworks", marks=needs_data("adventureworks")),
            pytest.param("crm_pipeline", marks=needs_data("crm_pipeline")),
        ],
    )
    def test_sample_data(self, name: str, tmp_path: Path) -> None:
        folder = source_folder(name, tmp_path, SHARED_DATA)
        assert folder is not None
        assert hash_path(name).read_text(encoding="utf-8").strip() == content_hash(folder)
        assert gold_cases(name, folder) == stored(name)

    def test_simulated_channel(self, tmp_path: Path) -> None:
        stale = tmp_path / "channel-7-000000000000"  # as another generator wrote it
        stale.mkdir()
        folder = source_folder("channel", tmp_path)
        assert folder is not None
        assert folder != stale
        assert not stale.exists()
        assert hash_path("channel").read_text(encoding="utf-8").strip() == content_hash(folder)
        assert gold_cases("channel", folder) == stored("channel")

    def test_absent_sample_data(self, tmp_path: Path) -> None:
        assert source_folder("crm_pipeline", tmp_path, tmp_path / "nowhere") is None
