"""Runs and comparisons read the same in both languages, and never as markup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from evals.report import summarise
from evals.run import Result
from evals.sampling import Selection
from evals.scorers import VERDICTS, Ruling
from evals.store import EvalStore, RunSetup
from leadline.database import make_engine
from leadline.types import Language
from server.eval_compare_view import print_comparison
from server.eval_view import VERDICT_WORDS, print_run, print_runs, summary_lines
from tests.evals.answers import answer, case, citation
from tests.evals.test_run_and_report import by_model

RIGHT, WRONG = Ruling("right"), Ruling("silently_wrong", "no citation [7]")
SETUP = RunSetup("llm", ("channel",), Selection(), "0.1.0+abc", "m-1", "a [b]label")
BOTH = pytest.mark.parametrize("language", list(Language))


def result(number: int, ruling: Ruling = RIGHT, value: float = 1.0) -> Result:
    told = answer(
        f"text {value} [1]",
        citation({"amount": "money"}, [[value]]),
        planning=by_model()["planning"],
    )
    given = case(f"question [{number}]", id=f"x-{number}")
    return Result("channel", given, ruling, told, 10.0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EvalStore]:
    engine = make_engine(f"sqlite:///{tmp_path / 'runs.db'}")
    yield EvalStore(engine)
    engine.dispose()


def kept(store: EvalStore, *results: Result, finished: bool = True) -> str:
    run_id = store.begin_run(SETUP)
    for found in results:
        store.add_result(run_id, found)
    if finished:
        store.finish_run(run_id, summarise(results))
    return run_id


def console() -> Console:
    return Console(width=200, record=True, file=StringIO())


class TestRun:
    @BOTH
    def test_failures_counts_and_lines(self, store: EvalStore, language: Language) -> None:
        run_id = kept(store, result(1), result(2, WRONG))
        store.set_instance(run_id, "crm", {"skipped": "absent [x]"})
        found, screen = store.results(run_id), console()
        run = store.get_run(run_id)
        print_run(screen, language, run, found, summarise(found), failures=True)
        text = screen.export_text()
        for told in ("question [2]", "no citation [7]", "absent [x]", "a [b]label", run_id, "m-1"):
            assert told in text
        word = "静默错误" if language is Language.ZH else "silently wrong"
        assert word in text
        assert ("未通过" if language is Language.ZH else "FAIL") in text

    @BOTH
    def test_attempts_are_told_only_where_there_are_several(self, language: Language) -> None:
        once = [result(1)]
        twice = [*once, replace(result(1, WRONG), attempt=2)]
        assert len(summary_lines(language, summarise(twice))) == 6
        assert len(summary_lines(language, summarise(once))) == 5
        assert "0.0%" in summary_lines(language, summarise(twice))[3]

    @BOTH
    def test_what_the_model_took(self, language: Language) -> None:
        line = summary_lines(language, summarise([result(1), result(2)]))[3]
        for told in ("llm 2", "2,000", "100", "0.0030 USD", "700 ms"):
            assert told in line

    def test_every_verdict_has_a_chinese_word(self) -> None:
        assert set(VERDICT_WORDS) == set(VERDICTS)


class TestRuns:
    @BOTH
    def test_finished_and_cut_off(self, store: EvalStore, language: Language) -> None:
        ids = [kept(store, result(1), result(2, WRONG)), kept(store, result(1), finished=False)]
        screen = console()
        print_runs(screen, language, store.list_runs())
        text = screen.export_text()
        for told in (*ids, "50.0%", "未完成" if language is Language.ZH else "unfinished"):
            assert told in text

    @BOTH
    def test_none(self, language: Language) -> None:
        screen = console()
        print_runs(screen, language, [])
        assert "leadline eval run" in screen.export_text()


class TestComparison:
    @BOTH
    def test_flips_figures_and_odds(self, store: EvalStore, language: Language) -> None:
        first = kept(store, result(1), result(2), result(3, WRONG), result(9))
        second = kept(store, result(1, value=7.0), result(2, WRONG), result(3), result(8))
        for run_id, as_of in ((first, "2026-01-01"), (second, "2026-02-01")):
            store.set_instance(run_id, "channel", {"as_of": as_of, "model_version": "m"})
        screen = console()
        print_comparison(screen, language, store.compare(first, second))
        text = screen.export_text()
        said = {
            Language.ZH: ("变差", "变好", "数字不同 1 题", "只比较共有的 3 题"),
            Language.EN: (
                "regressed",
                "mended",
                "figures differ on 1",
                "only the 3 common",
                "may be",
            ),
        }
        for told in (*said[language], "text 7.0 [1]", "question [2]", "2026-02-01", "p = 1"):
            assert told in text

    def test_ten_lost_and_none_won_are_no_chance(self, store: EvalStore) -> None:
        # two-sided: 2 / 2**10 = 0.00195
        first = kept(store, *(result(n) for n in range(10)))
        second = kept(store, *(result(n, WRONG) for n in range(10)))
        screen = console()
        print_comparison(screen, Language.EN, store.compare(first, second))
        assert "p = 0.00195 (no chance)" in screen.export_text()
