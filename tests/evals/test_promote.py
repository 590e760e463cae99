"""An accepted answer becomes a case that the same build gets right, and a tampered one does not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from agents.conversation import Conversation
from evals.cases import Case, case_line, read_cases
from evals.instances import eval_folder
from evals.opening import opener, own_settings, rules_alone
from evals.promote import Promotion, promote
from evals.promoted import add_case, promoted_names, promoted_path
from evals.report import summarise
from evals.run import Result
from evals.sampling import Selection
from evals.session import conduct, suites_of
from evals.store import EvalStore, RunSetup
from evals.version import code_version
from knowledge.warehouse.answers import ANSWER, CITATION
from knowledge.warehouse.evidence_store import EvidenceStore
from knowledge.warehouse.feedback_store import FeedbackStore
from leadline.access import LOCAL_OWNER, Principal
from leadline.database import make_engine
from leadline.errors import InputError, NotFoundError
from leadline.evidence_json import dump_answer
from server.schemas import answer_payload
from tests.agents.channel import EAST, SOUTH, Channel
from tests.evals.watching import Silent

Promote = Callable[..., Promotion]


@pytest.fixture
def engine(channel: Channel) -> Iterator[sa.Engine]:
    """The instance's own database."""
    found = make_engine(channel.service.settings.database_url)
    yield found
    found.dispose()


@pytest.fixture
def make(channel: Channel, engine: sa.Engine) -> Iterator[Promote]:
    """Promotes an answer of the channel; what was promoted is gone afterwards."""
    feedback = FeedbackStore(engine)

    def call(answer_id: str, **options: Any) -> Promotion:
        return promote(
            answer_id, service=channel.service, feedback=feedback, told=answer_payload, **options
        )

    yield call
    shutil.rmtree(eval_folder(channel.service.settings), ignore_errors=True)


def asked(channel: Channel, *questions: str, as_: Principal = LOCAL_OWNER) -> str:
    """The id of the answer to the last of these questions of one conversation."""
    talk = Conversation()
    for question in questions:
        given = channel.service.ask(question, principal=as_, conversation=talk)
    return given.answer_id


def run_promoted(channel: Channel, engine: sa.Engine, name: str = "promoted") -> list[Result]:
    settings = channel.service.settings
    suites = suites_of([name], eval_folder(settings))
    store = EvalStore(engine)
    setup = RunSetup("rules", (name,), Selection(), code_version())
    opening = opener(settings, suites, planner="rules", llm=rules_alone, told=answer_payload)
    run, results = conduct(store, store.begin_run(setup), suites, opening, Silent())
    assert run.totals is not None
    assert run.totals.right == summarise(results).right
    return list(results)


QUESTIONS = (
    "2025年销售额",
    "2025年各大区销售额及同比",
    "销售额前3的伙伴及占比",
    "沉睡超过90天的伙伴",
    "恒信最近一次下单是哪天",
    "2025年哪个月销售额最高",
    "数据截至哪天",
    "销售额怎么算的",
    "查查销售额",
    "客户满意度最高的伙伴？",
    "2026年销售额",
    "Which partners grew more than 20% year over year?",
    "2024年华东之外的销售额",
)


class TestRoundTrip:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_a_promoted_answer_is_right(
        self, channel: Channel, make: Promote, engine: sa.Engine, question: str
    ) -> None:
        made = make(asked(channel, question))
        assert made.case.question == question
        assert made.case.snapshot == channel.snapshot.number
        (result,) = run_promoted(channel, engine)
        assert (result.case, result.ruling.verdict) == (made.case, "right")

    @pytest.mark.parametrize(
        ("question", "figure", "instead"),
        [
            ("2025年销售额", "610000.0", "610001.0"),
            ("2025年各大区销售额及同比", "320000.0", "320100.0"),
            ("销售额前3的伙伴及占比", "750000.0", "750001.0"),
            ("恒信最近一次下单是哪天", "2025-10-03", "2025-10-04"),
        ],
    )
    def test_a_tampered_figure_fails(
        self,
        channel: Channel,
        make: Promote,
        engine: sa.Engine,
        question: str,
        figure: str,
        instead: str,
    ) -> None:
        path = make(asked(channel, question)).path
        before = path.read_text(encoding="utf-8")
        assert before.count(figure) == 1
        path.write_text(before.replace(figure, instead), encoding="utf-8")
        (result,) = run_promoted(channel, engine)
        assert result.ruling.verdict == "silently_wrong"

    def test_answers_of_a_run_are_no_conversations_of_the_instance(
        self, channel: Channel, make: Promote, engine: sa.Engine
    ) -> None:
        answer_id = asked(channel, "2025年销售额", "那2024年呢")
        with engine.connect() as connection:
            count = sa.select(sa.func.count()).select_from(ANSWER)
            before = connection.scalar(count)
            make(answer_id)
            run_promoted(channel, engine)
            assert connection.scalar(count) == before
        apart = own_settings(channel.service.settings)
        kept = EvidenceStore(make_engine(apart.database_url))
        assert kept.cited_snapshots() == {channel.snapshot.number}


class TestContext:
    def test_a_follow_up_keeps_what_it_leans_on_and_no_more(
        self, channel: Channel, make: Promote, engine: sa.Engine
    ) -> None:
        questions = ("伙伴总数", "2025年华东销售额", "2024年呢")
        made = make(asked(channel, *questions))
        assert made.case.context == ("2025年华东销售额",)
        (result,) = run_promoted(channel, engine)
        assert result.right

    def test_a_question_that_stands_alone_needs_none(self, channel: Channel, make: Promote) -> None:
        assert make(asked(channel, "伙伴总数", "2025年华东销售额")).case.context == ()

    def test_an_answer_that_the_rules_do_not_give_keeps_all(
        self, channel: Channel, make: Promote, engine: sa.Engine
    ) -> None:
        answer_id = asked(channel, "伙伴总数", "2025年销售额", "2024年呢")
        other = asked(channel, "2025年各大区销售额")
        self._exchange_evidence(engine, answer_id, other)
        assert make(answer_id).case.context == ("伙伴总数", "2025年销售额")

    @staticmethod
    def _exchange_evidence(engine: sa.Engine, answer_id: str, other: str) -> None:
        """As if a planner had read the question as the other one."""
        evidence = EvidenceStore(engine)
        mine, theirs = evidence.answer(answer_id), evidence.answer(other)
        given = replace(theirs, answer_id=answer_id, question=mine.question)
        with engine.begin() as connection:
            connection.execute(
                sa.update(ANSWER)
                .where(ANSWER.c.answer_id == answer_id)
                .values(body=dump_answer(given))
            )


class TestLimits:
    def test_the_case_is_asked_under_the_limits_of_its_answer(
        self, channel: Channel, make: Promote, engine: sa.Engine
    ) -> None:
        made = make(asked(channel, "2025年销售额", as_=EAST))
        assert made.case.scope is not None
        assert made.case.scope.regions == ("华东",)
        assert made.case.expect.scalars[0].value == 320_000  # 220 + 90 + 10 thousand
        (result,) = run_promoted(channel, engine)
        assert result.right

    def test_limits_of_an_answer_without_evidence_are_those_of_its_user(
        self, channel: Channel, make: Promote
    ) -> None:
        made = make(asked(channel, "查查销售额", as_=SOUTH))
        assert made.case.scope is not None
        assert made.case.scope.regions == ("华南",)

    def test_limits_that_nobody_has_any_more_are_refused(
        self, channel: Channel, make: Promote, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answer_id = asked(channel, "查查销售额", as_=SOUTH)
        instance = channel.service.settings.instance.model_copy(update={"users": {}})
        settings = replace(channel.service.settings, instance=instance)
        monkeypatch.setattr(channel.service, "settings", settings)
        with pytest.raises(InputError, match="limits that no user has any more"):
            make(answer_id)

    def test_others_do_not_promote_it(self, channel: Channel, make: Promote) -> None:
        answer_id = asked(channel, "2025年销售额", as_=EAST)
        with pytest.raises(NotFoundError):
            make(answer_id, principal=SOUTH)


class TestRefusing:
    def test_an_unknown_answer(self, make: Promote) -> None:
        with pytest.raises(NotFoundError, match="no answer 'nope'"):
            make("nope")

    def test_a_thumb_down_unless_forced(
        self, channel: Channel, make: Promote, engine: sa.Engine
    ) -> None:
        answer_id = asked(channel, "2025年销售额")
        FeedbackStore(engine).set(answer_id, "王伟", "down", "少了华北")
        with pytest.raises(InputError, match="thumbs-down by 王伟: 少了华北"):
            make(answer_id)
        assert make(answer_id, force=True).added

    def test_evidence_that_does_not_replay(
        self, channel: Channel, make: Promote, engine: sa.Engine
    ) -> None:
        answer_id = asked(channel, "2025年销售额")
        stored = sa.select(CITATION.c.result).where(CITATION.c.answer_id == answer_id)
        with engine.begin() as connection:
            result = json.loads(connection.scalar(stored) or "")
            result["arguments"] = {"metrics": ["orders"], "dimensions": []}
            connection.execute(
                sa.update(CITATION)
                .where(CITATION.c.answer_id == answer_id)
                .values(result=json.dumps(result))
            )
        with pytest.raises(InputError, match="gives other rows now than then"):
            make(answer_id)
        assert promoted_names(eval_folder(channel.service.settings)) == ()

    def test_a_text_that_shows_what_its_evidence_does_not_hold(
        self, channel: Channel, make: Promote, engine: sa.Engine
    ) -> None:
        answer_id = asked(channel, "2025年销售额")
        with engine.begin() as connection:
            connection.execute(
                sa.update(ANSWER)
                .where(ANSWER.c.answer_id == answer_id)
                .values(body=sa.func.replace(ANSWER.c.body, "61.00万元", "62.00万元"))
            )
        with pytest.raises(InputError, match="does not hold what it would have to hold"):
            make(answer_id)

    @pytest.mark.parametrize("name", ["", "../x", "Großes", "channel", "a" * 61])
    def test_a_name_that_cannot_be_one(self, channel: Channel, make: Promote, name: str) -> None:
        answer_id = asked(channel, "2025年销售额")
        with pytest.raises(InputError):
            make(answer_id, dataset=name)


class TestKeeping:
    def test_again_changes_nothing(self, channel: Channel, make: Promote) -> None:
        answer_id = asked(channel, "2025年销售额")
        first, again = make(answer_id, note="ok"), make(answer_id, note="ok")
        assert (first.added, again.added) == (True, False)
        assert read_cases(first.path) == (first.case,)

    def test_another_note_replaces_the_case(self, channel: Channel, make: Promote) -> None:
        answer_id, other = asked(channel, "2025年销售额"), asked(channel, "2024年销售额")
        make(answer_id)
        make(other)
        made = make(answer_id, note="signed off")
        assert made.added
        assert [c.note for c in read_cases(made.path)] == ["signed off", ""]

    def test_sets_have_names(self, channel: Channel, make: Promote, engine: sa.Engine) -> None:
        made = make(asked(channel, "2025年销售额"), dataset="board-2025")
        folder = eval_folder(channel.service.settings)
        assert promoted_names(folder) == ("board-2025",)
        assert made.path == promoted_path(folder, "board-2025")
        assert [r.right for r in run_promoted(channel, engine, "board-2025")] == [True]

    def test_a_file_that_was_spoilt_is_not_overwritten(self, tmp_path: Path) -> None:
        case = Case.model_validate(
            {
                "id": "p-1",
                "kind": "promoted",
                "lang": "zh",
                "question": "q",
                "expect": {"status": "refused"},
            }
        )
        assert add_case(tmp_path, "promoted", case)
        path = promoted_path(tmp_path, "promoted")
        path.write_text(case_line(case) + "\n{not json\n", encoding="utf-8")
        with pytest.raises(InputError, match=r"promoted\.jsonl:2: not a case"):
            add_case(tmp_path, "promoted", case.model_copy(update={"id": "p-2"}))
        assert path.read_text(encoding="utf-8").endswith("{not json\n")
        assert list(path.parent.glob("*.tmp")) == []
