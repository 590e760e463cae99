from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from threading import Barrier, Event
from typing import Any

import pytest

from evals.cases import Case
from evals.report import Summary, summarise
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

    def ask(asked: Case) -> Mapping[str, Any]:
        told = by_question[asked.question]
        if isinstance(told, Exception):
            raise told
        return told

    return run_cases("channel", cases, ask)


class TestRunning:
    def test_the_whole_case_reaches_whoever_answers(self) -> None:
        heard = []

        def ask(case: Case) -> Mapping[str, Any]:
            heard.append((case.question, case.context, case.snapshot))
            return GOOD

        run_cases("channel", [asked(1, question="那2012年呢", context=["2013年"], snapshot=3)], ask)
        assert heard == [("那2012年呢", ("2013年",), 3)]

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

    def test_several_at_once_come_back_in_order(self) -> None:
        cases = [asked(n, question=f"q{n}") for n in range(20)]
        told: list[str] = []
        both = Barrier(2, timeout=10)  # passes only where two are asked at the same time

        def ask(_case: Case) -> Mapping[str, Any]:
            both.wait()
            return GOOD

        found = run_cases("channel", cases, ask, lambda r: told.append(r.case.id), workers=2)
        assert [r.case.id for r in found] == [c.id for c in cases]
        assert sorted(told) == sorted(c.id for c in cases)

    def test_an_interruption_asks_nothing_more(self) -> None:
        heard: list[str] = []
        never = Event()

        def ask(case: Case) -> Mapping[str, Any]:
            if heard:
                never.wait(0.2)  # gives way, so that the interruption can come between
            heard.append(case.id)
            return GOOD

        def interrupted(_result: Result) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run_cases("channel", [asked(n, question=f"q{n}") for n in range(500)], ask, interrupted)
        assert len(heard) < 500


class TestGates:
    def test_95_of_100_right_and_none_silently_wrong_passes(self) -> None:
        cases = [asked(n, question=f"q{n}") for n in range(100)]
        refusal = answer("不知道", status="refused")
        told = {c.id: GOOD if n < 95 else refusal for n, c in enumerate(cases)}
        summary = run(cases, told)
        assert summary.right_share == 0.95
        assert summary.passed

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


def by_model(**planning: Any) -> dict[str, Any]:
    told = {
        "planner": "llm",
        "fallback": None,
        "model": "m-1",
        "prompt_hash": "p1",
        "llm_calls": 2,
        "input_tokens": 1000,
        "output_tokens": 50,
        "cost": "0.0015",
        "currency": "USD",
        "llm_ms": 700.0,
    }
    return {**GOOD, "planning": {**told, **planning}}


class TestCitations:
    def test_only_answers_are_held_to_them(self) -> None:
        # a refusal repeats a figure of the question; the answer's own figure is uncited
        quoting = answer("不清楚“43659”的意思", status="refused")
        summary = run([asked(1), asked(2, question="q2")], {"x-1-zh": GOOD, "x-2-zh": quoting})
        assert (summary.citation_recall, summary.citation_precision) == (0.0, None)
        assert run([asked(1)], {"x-1-zh": quoting}).citation_recall is None


class TestPlanning:
    def test_who_planned_and_what_it_took(self) -> None:
        # cost 0.0015 + 0.0004 = 0.0019; tokens 1000 + 300 and 50 + 0
        cases = [asked(n, question=f"q{n}") for n in range(3)]
        late = {
            "planner": "rules",
            "fallback": "timeout",
            "llm_calls": 1,
            "input_tokens": 300,
            "output_tokens": 0,
            "cost": "0.0004",
            "llm_ms": 900.0,
        }
        told = {"x-0-zh": by_model(), "x-1-zh": by_model(**late), "x-2-zh": GOOD}
        planning = run(cases, told).planning
        assert planning.planners == {"llm": 1, "rules": 2}
        assert planning.fallbacks == {"timeout": 1}
        assert (planning.llm_calls, planning.input_tokens, planning.output_tokens) == (3, 1300, 50)
        assert (planning.cost, planning.currency) == ("0.0019", "USD")
        assert planning.llm_p50_ms == 800.0
        assert planning.prompt_hashes == ("p1",)

    def test_without_a_model_nothing_is_spent(self) -> None:
        planning = run([asked(1)], {"x-1-zh": GOOD}).planning
        assert planning.planners == {"rules": 1}
        assert (planning.cost, planning.currency, planning.llm_p50_ms) == (None, None, None)

    def test_a_model_without_a_price(self) -> None:
        planning = run([asked(1)], {"x-1-zh": by_model(cost=None, currency=None)}).planning
        assert (planning.cost, planning.llm_calls) == (None, 2)


class TestAttempts:
    def test_right_each_time_and_steady(self) -> None:
        # of three cases asked twice: one right twice, one once, one never but always the same
        refusal = answer("不知道", status="refused")
        cases = [asked(n, question=f"q{n}") for n in range(3)]
        first = {"x-0-zh": GOOD, "x-1-zh": GOOD, "x-2-zh": refusal}
        second = {"x-0-zh": GOOD, "x-1-zh": refusal, "x-2-zh": refusal}
        found = [
            replace(result, attempt=attempt)
            for attempt, told in ((1, first), (2, second))
            for result in results(cases, told)
        ]
        summary = summarise(found)
        assert (summary.cases, summary.right, summary.attempts) == (6, 3, 2)
        assert summary.pass_all == pytest.approx(1 / 3)
        assert summary.steady == pytest.approx(2 / 3)

    def test_pairs_meet_within_one_attempt(self) -> None:
        cases = [
            asked(1, question="a", pair="x-1-en"),
            asked(1, "en", question="b", pair="x-1-zh"),
        ]
        told = {"x-1-zh": GOOD, "x-1-en": GOOD}
        found = [
            replace(result, attempt=attempt)
            for attempt in (1, 2)
            for result in results(cases, told)
        ]
        assert (summarise(found).pairs, summarise(found).pairs_agreeing) == (2, 1.0)
