from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from evals.cases import Case
from evals.report import Summary, as_json, lines, store, summarise, table
from evals.run import Result, run_cases
from tests.evals.answers import MONEY, ONE_FIGURE, answer, case, citation

TEXT = "3,357.48 万元"
GOOD = answer(TEXT, ONE_FIGURE)


def asked(number: int, lang: str = "zh", **fields: Any) -> Case:
    return case(id=f"x-{number}-{lang}", lang=lang, **{"expect": {"scalars": [MONEY]}, **fields})


def run(cases: list[Case], answers: Mapping[str, Mapping[str, Any] | Exception]) -> Summary:
    return summarise(results(cases, answers))


def results(
    cases: list[Case], answers: Mapping[str, Mapping[str, Any] | Exception]
) -> tuple[Result, ...]:
    by_question = {c.question: answers[c.id] for c in cases}

    def ask(question: str, _context: tuple[str, ...]) -> Mapping[str, Any]:
        told = by_question[question]
        if isinstance(told, Exception):
            raise told
        return told

    return run_cases("channel", cases, ask)


class TestRunning:
    def test_context_reaches_whoever_answers(self) -> None:
        heard = []

        def ask(question: str, context: tuple[str, ...]) -> Mapping[str, Any]:
            heard.append((question, context))
            return GOOD

        run_cases("channel", [asked(1, question="那2012年呢", context=["2013年"])], ask)
        assert heard == [("那2012年呢", ("2013年",))]

    def test_a_failing_question_does_not_end_the_run(self) -> None:
        cases = [asked(1, question="a"), asked(2, question="b")]
        found = results(cases, {"x-1-zh": ValueError("broken"), "x-2-zh": GOOD})
        assert [r.ruling.verdict for r in found] == ["error", "right"]
        assert found[0].ruling.reason == "ValueError: broken"

    def test_each_result_is_told_at_once(self) -> None:
        told: list[str] = []
        run_cases("channel", [asked(1)], lambda *_: GOOD, lambda r: told.append(r.case.id))
        assert told == ["x-1-zh"]

    def test_the_answers_own_latency_counts(self) -> None:
        (result,) = run_cases("channel", [asked(1)], lambda *_: GOOD)
        assert result.latency_ms == 12.5


class TestGates:
    def test_95_of_100_right_and_none_silently_wrong_passes(self) -> None:
        cases = [asked(n, question=f"q{n}") for n in range(100)]
        refusal = answer("不知道", status="refused")
        told = {c.id: GOOD if n < 95 else refusal for n, c in enumerate(cases)}
        summary = run(cases, told)
        assert summary.right_share == 0.95
        assert summary.passed
        assert lines(summary)[0].startswith("PASS: 95 of 100")

    def test_94_of_100_fails(self) -> None:
        cases = [asked(n, question=f"q{n}") for n in range(100)]
        refusal = answer("不知道", status="refused")
        told = {c.id: GOOD if n < 94 else refusal for n, c in enumerate(cases)}
        assert not run(cases, told).passed

    def test_one_silently_wrong_fails(self) -> None:
        cases = [asked(n, question=f"q{n}") for n in range(100)]
        told = {c.id: GOOD if n else answer("1 元", ONE_FIGURE) for n, c in enumerate(cases)}
        summary = run(cases, told)
        assert summary.right == 99
        assert not summary.passed

    def test_no_cases_fail(self) -> None:
        assert not run([], {}).passed


class TestCounting:
    def test_by_kind_language_and_verdict(self) -> None:
        cases = [
            asked(1, question="a"),
            asked(2, "en", question="b"),
            asked(3, question="c", kind="share"),
        ]
        summary = run(
            cases, {"x-1-zh": GOOD, "x-2-en": answer("?", status="clarify"), "x-3-zh": GOOD}
        )
        kinds = {t.group: (t.cases, t.right) for t in summary.by_kind}
        assert kinds == {"total": (2, 1), "share": (1, 1)}
        assert {t.group: t.right for t in summary.by_language} == {"zh": 2, "en": 0}
        assert summary.verdicts["clarified_instead"] == 1

    def test_pairs_agree_when_both_cite_the_same(self) -> None:
        cases = [
            asked(1, question="a", pair="x-1-en"),
            asked(1, "en", question="b", pair="x-1-zh"),
            asked(2, question="c", pair="x-2-en"),
            asked(2, "en", question="d", pair="x-2-zh"),
        ]
        told = {"x-1-zh": GOOD, "x-1-en": GOOD, "x-2-zh": GOOD, "x-2-en": answer("")}
        summary = run(cases, told)
        assert (summary.pairs, summary.pairs_agreeing) == (2, 0.5)
        assert summary.disagreeing_pairs == (("x-2-zh", "x-2-en"),)

    def test_right_answers_agree_though_they_cite_more(self) -> None:
        more = {**GOOD, "citations": [*GOOD["citations"], citation({"n": "count"}, [[3]])]}
        cases = [
            asked(1, question="a", pair="x-1-en"),
            asked(1, "en", question="b", pair="x-1-zh"),
        ]
        summary = run(cases, {"x-1-zh": GOOD, "x-1-en": more})
        assert (summary.pairs_agreeing, summary.pairs_identical) == (1.0, 0.0)

    def test_followups_are_cases_with_context(self) -> None:
        cases = [asked(1, question="a", context=["b"]), asked(2, question="c")]
        summary = run(cases, {"x-1-zh": answer("", status="refused"), "x-2-zh": GOOD})
        assert (summary.followups, summary.followup_accuracy) == (1, 0.0)

    def test_refusal_precision_and_recall(self) -> None:
        # Two wanted, of which one was given; three given, of which one was wanted: 1/3 and 1/2.
        wanted = {"status": "refused"}
        cases = [
            asked(1, question="a", expect=wanted),
            asked(2, question="b", expect=wanted),
            asked(3, question="c"),
            asked(4, question="d"),
        ]
        refusal = answer("不知道", status="refused")
        told = {"x-1-zh": refusal, "x-2-zh": GOOD, "x-3-zh": refusal, "x-4-zh": refusal}
        rates = run(cases, told).refusal
        assert rates.precision == pytest.approx(1 / 3)
        assert rates.recall == 0.5

    def test_latency_percentiles(self) -> None:
        cases = [asked(n, question=f"q{n}") for n in range(1, 101)]
        told = {c.id: {**GOOD, "latency_ms": n} for n, c in enumerate(cases, start=1)}
        summary = run(cases, told)
        assert (summary.latency_p50_ms, summary.latency_p95_ms) == (50.5, 95)


class TestKeeping:
    def test_report_is_json_with_every_case(self, tmp_path: Path) -> None:
        cases = [asked(1, question="a"), asked(2, question="b")]
        found = results(cases, {"x-1-zh": GOOD, "x-2-zh": answer("1 元", ONE_FIGURE)})
        made_at = datetime(2026, 3, 5, 8, 30, tzinfo=UTC)
        path = store(as_json(found, {"channel": {"snapshot": 3}}, made_at), tmp_path / "evals")
        assert path.name == "report-20260305T083000000000.json"
        kept = json.loads(path.read_text(encoding="utf-8"))
        assert kept["passed"] is False
        assert kept["instances"] == {"channel": {"snapshot": 3}}
        assert [c["verdict"] for c in kept["cases"]] == ["right", "silently_wrong"]
        assert kept["summary"]["verdicts"]["silently_wrong"] == 1

    def test_the_table_has_a_line_per_group(self) -> None:
        console = Console(width=160, record=True, file=StringIO())
        summary = run([asked(1)], {"x-1-zh": GOOD})
        console.print(table("By kind", summary.by_kind))
        text = console.export_text()
        assert "total" in text
        assert "100.0%" in text
