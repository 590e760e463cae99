"""From question to stored answer: verified, scoped, replayable."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agents.bootstrap import open_service
from agents.service import AskService
from agents.verify import verify
from knowledge.warehouse.load import load_batch
from knowledge.warehouse.snapshot import SnapshotStore, publish
from leadline.access import LOCAL_OWNER, Principal, Scope
from leadline.database import make_engine
from leadline.errors import IntegrityError, NotFoundError, NotReadyError
from leadline.evidence import Answer, Label
from leadline.settings import read_settings
from tests.agents.channel import (
    AS_OF,
    EAST,
    OTHERS_OF_EAST,
    SOUTH,
    Channel,
    new_instance,
    tables,
)
from tests.agents.questions import QUESTIONS
from tests.knowledge.warehouse.batches import batch

NOBODY = Principal("nobody", frozenset({"manager"}), Scope(regions=frozenset()))


class TestEveryAnswer:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_passes_the_verifier_with_its_stored_template(
        self, channel: Channel, question: str
    ) -> None:
        answer = channel.ask(question)
        spans = channel.service.stored_trace(answer.answer_id)
        templates = [
            str(span["attributes"]["template"])  # type: ignore[index]
            for span in spans
            if span["name"] == "narrate"
        ]
        for template in templates:
            verify(template, answer.text, answer.citations, answer.language)
        assert templates or answer.citations[0].result.tool in ("explain", "freshness")

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_every_citation_replays_equal(self, channel: Channel, question: str) -> None:
        for citation in channel.ask(question).citations:
            replay = channel.service.replay(citation.citation_id)
            assert replay.equal
            assert replay.result.rows == citation.result.rows

    def test_is_stored_as_it_was_given(self, channel: Channel) -> None:
        for question in ("2025年各大区销售额", "查查销售额", "预测下季度毛利率", "数据截至哪天？"):
            answer = channel.ask(question)
            assert channel.service.stored_answer(answer.answer_id) == answer

    def test_names_its_snapshot_and_day(self, channel: Channel) -> None:
        answer = channel.ask("2025年销售额")
        assert (answer.snapshot, answer.as_of) == (1, AS_OF)
        assert answer.latency_ms > 0

    def test_ids_are_its_own(self, channel: Channel) -> None:
        first, second = (channel.service.ask("2025年销售额") for _ in range(2))
        assert first.answer_id != second.answer_id
        assert first.citations[0].citation_id != second.citations[0].citation_id
        assert first.citations[0].result.digest == second.citations[0].result.digest


class TestLabels:
    @pytest.mark.parametrize("question", ["2025年各大区销售额", "sales in 2025", "数据截至哪天？"])
    def test_certified_where_nothing_was_filled_in(self, channel: Channel, question: str) -> None:
        assert channel.ask(question).label == Label.CERTIFIED

    @pytest.mark.parametrize(
        "question",
        [
            "2025年前3名伙伴",
            "销售额同比",
            "恒信2025年销售额",
            "Alpin Systems sales in 2025",
            "H1渠道top5 YoY怎么样",
        ],
    )
    def test_derived_where_the_reading_fills_something_in(
        self, channel: Channel, question: str
    ) -> None:
        answer = channel.ask(question)
        assert answer.status == "answered"
        assert answer.label == Label.DERIVED
        assert answer.reading


class TestReading:
    def test_states_days_comparison_filters_and_cut(self, channel: Channel) -> None:
        reading = channel.ask("本季度华东销售额同比").reading
        for part in ("2025-10-01 … 2025-11-20", "2024-10-01 … 2024-11-20", "华东"):
            assert part in reading
        reading = channel.ask("2025年销售额前3的伙伴").reading
        assert "伙伴" in reading
        assert "3" in reading

    def test_in_english(self, channel: Channel) -> None:
        reading = channel.ask("top 3 products by sales in 2025").reading
        assert "2025-01-01 … 2025-11-20" in reading
        assert "product" in reading


class TestScope:
    @pytest.mark.parametrize(
        "question",
        [
            "各大区2025年销售额",
            "2025年销售额前10的伙伴",
            "2025年各省份销售额",
            "2025年各产品销售额占比",
            "沉睡超过90天的伙伴",
            "从未下单的伙伴",
            "本季度各伙伴目标完成率",
            "2025年各大区销售额同比",
            "2025年各客户销售额",
            "总销售额",
            "你能回答什么问题？",
            "查查销售额",
            "which partners grew fastest in 2025?",
        ],
    )
    def test_no_answer_holds_anything_of_other_regions(
        self, channel: Channel, question: str
    ) -> None:
        answer = channel.ask(question, as_=EAST)
        spans = channel.service.stored_trace(answer.answer_id, EAST)
        everything = str(answer) + json.dumps(spans, ensure_ascii=False)
        assert [name for name in OTHERS_OF_EAST if name in everything] == []

    def test_figures_are_those_of_the_region(self, channel: Channel) -> None:
        assert channel.ask("2025年销售额", as_=EAST).citations[0].result.rows == ((320_000.0,),)
        assert channel.ask("2025年销售额", as_=SOUTH).citations[0].result.rows == ((135_000.0,),)

    def test_a_share_is_of_what_may_be_seen(self, channel: Channel) -> None:
        answer = channel.ask("2025年恒信科技销售额占比", as_=EAST)
        result = answer.citations[0].result
        share = result.rows[0][result.column_index("amount__share")]
        assert share == pytest.approx(220 / 320)  # not of 610: that would tell the others' sales

    def test_a_rank_is_among_those_who_may_be_seen(self, channel: Channel) -> None:
        answer = channel.ask("2025年销售额最低的伙伴", as_=EAST)
        assert answer.citations[0].result.rows[0][0] == "同名商贸 (P08)"

    @pytest.mark.parametrize(
        "question", ["全国销售额是多少", "2025年全国各大区销售额", "nationwide sales in 2025"]
    )
    def test_whoever_asks_for_everything_is_told_the_limit(
        self, channel: Channel, question: str
    ) -> None:
        answer = channel.ask(question, as_=EAST)
        assert "华东" in answer.text + answer.reading
        assert answer.status != "answered" or "范围" in answer.reading or "scope" in answer.reading

    def test_the_limit_stands_on_every_answer(self, channel: Channel) -> None:
        assert "华东" in channel.ask("2025年销售额", as_=EAST).reading
        assert "范围" not in channel.ask("2025年销售额").reading

    def test_a_partner_sees_itself_only(self, channel: Channel) -> None:
        partner = channel.service.settings.principal("hengxin")
        answer = channel.service.ask("2025年各伙伴销售额", principal=partner)
        assert answer.citations[0].result.rows == (("恒信科技有限公司", 220_000.0),)
        assert channel.service.ask("博远软件2025年销售额", principal=partner).status != "answered"

    def test_a_scope_of_nothing(self, channel: Channel) -> None:
        answer = channel.service.ask("2025年各大区销售额", principal=NOBODY)
        assert not any(c.result.rows for c in answer.citations)
        assert "华东" not in answer.text

    def test_warming_reads_only_its_own_scope(self, channel: Channel) -> None:
        channel.service.warm(SOUTH)
        answer = channel.ask("恒信科技2025年销售额", as_=SOUTH)
        assert answer.status != "answered"


class TestLookingBack:
    def test_only_under_the_same_scope(self, channel: Channel) -> None:
        answer = channel.ask("2025年各大区销售额", as_=SOUTH)
        citation = answer.citations[0].citation_id
        for look in (
            lambda: channel.service.stored_answer(answer.answer_id, EAST),
            lambda: channel.service.stored_trace(answer.answer_id, EAST),
            lambda: channel.service.replay(citation, EAST),
        ):
            with pytest.raises(NotFoundError):
                look()
        assert channel.service.stored_answer(answer.answer_id, SOUTH) == answer
        assert channel.service.replay(citation, SOUTH).equal

    def test_nor_an_owner_s_answer(self, channel: Channel) -> None:
        answer = channel.ask("2025年各大区销售额")
        with pytest.raises(NotFoundError):
            channel.service.stored_answer(answer.answer_id, EAST)

    def test_the_owner_sees_everyone_s(self, channel: Channel) -> None:
        answer = channel.ask("2025年各大区销售额", as_=EAST)
        assert channel.service.stored_answer(answer.answer_id, LOCAL_OWNER) == answer

    def test_a_replay_runs_under_the_scope_of_then(self, channel: Channel) -> None:
        answer = channel.ask("2025年各大区销售额", as_=EAST)
        replay = channel.service.replay(answer.citations[0].citation_id, LOCAL_OWNER)
        assert replay.result.rows == (("华东", 320_000.0),)

    @pytest.mark.parametrize("what", ["nothing", "", "' OR 1=1 --"])
    def test_what_is_not_there(self, channel: Channel, what: str) -> None:
        for look in (
            channel.service.stored_answer,
            channel.service.stored_trace,
            channel.service.replay,
        ):
            with pytest.raises(NotFoundError):
                look(what)


@pytest.fixture
def own(tmp_path: Path) -> AskService:
    """A service over an instance of the test's own."""
    return open_service(read_settings(new_instance(tmp_path), {}))


def asked(service: AskService, question: str = "2025年各大区销售额") -> Answer:
    answer = service.ask(question)
    assert answer.status == "answered"
    return answer


class TestReplay:
    def test_after_another_load_it_is_still_the_snapshot_of_then(self, own: AskService) -> None:
        before = asked(own, "2025年销售额")
        changed = tables()
        changed["order_line"][0] |= {"amount": 1}
        changed["order_line"][-1] |= {"amount": 10_001}  # one yuan more in 2025
        engine = make_engine(own.settings.database_url)
        load_batch(engine, batch(changed, source="test"), business_date=AS_OF)
        publish(engine, SnapshotStore(own.settings.snapshot_dir))
        engine.dispose()
        after = asked(own, "2025年销售额")
        assert (before.snapshot, after.snapshot) == (1, 2)
        assert after.citations[0].result.rows == ((610_001.0,),)
        replay = own.replay(before.citations[0].citation_id)
        assert replay.equal
        assert replay.result.rows == ((610_000.0,),)
        assert own.replay(after.citations[0].citation_id).equal

    def test_by_another_process(self, own: AskService) -> None:
        citation = asked(own).citations[0].citation_id
        assert open_service(own.settings).replay(citation).equal

    def test_a_tampered_file_is_found(self, own: AskService) -> None:
        answer = asked(own)
        folder = own.snapshots.get(1).folder
        path = folder / "order_line.parquet"
        body = bytearray(path.read_bytes())
        body[len(body) // 2] ^= 1
        path.chmod(0o644)
        path.write_bytes(bytes(body))
        with pytest.raises(IntegrityError, match="order_line"):
            own.replay(answer.citations[0].citation_id)

    def test_a_missing_file_is_found(self, own: AskService) -> None:
        answer = asked(own)
        (own.snapshots.get(1).folder / "region.parquet").unlink()
        with pytest.raises(IntegrityError, match="region"):
            own.replay(answer.citations[0].citation_id)

    def test_a_rewritten_result_is_found(self, own: AskService) -> None:
        answer = asked(own)
        engine = make_engine(own.settings.database_url)
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE citation SET result = replace(result, '320000.0', '330000.0')"
            )
        engine.dispose()
        with pytest.raises(IntegrityError, match="changed"):
            own.replay(answer.citations[0].citation_id)


class TestNotReady:
    def test_nothing_is_published_yet(self, tmp_path: Path) -> None:
        service = open_service(read_settings(tmp_path / "empty", {}))
        with pytest.raises(NotReadyError, match="leadline load"):
            service.ask("2025年销售额")


class TestInstanceWords:
    def test_a_company_s_own_words_win(self, tmp_path: Path) -> None:
        data = new_instance(tmp_path)
        (data / "leadline.yaml").write_text(
            "synonyms:\n"
            '  "metric:gross_margin": [业绩]\n'
            '  "value:partner:Alpine Systems": [阿尔卑斯]\n'
            "default_metrics: {partner: gross_margin}\n",
            encoding="utf-8",
        )
        service = open_service(read_settings(data, {}))
        assert service.ask("2025年业绩").citations[0].result.rows == ((326_000.0,),)
        # Alpine: 45 less 22.5 thousand; the partner's default metric is its margin
        assert service.ask("阿尔卑斯2025年怎么样").citations[0].result.rows == ((22_500.0,),)
