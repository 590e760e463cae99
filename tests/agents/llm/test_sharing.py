"""What leaves the house: every byte that the model's server received is read."""

from __future__ import annotations

import json
import re

import pytest

from evals.scripted.faults import Fault
from evals.scripted.plan_faults import PLAN_FAULTS
from evals.scripted.word_faults import WORD_FAULTS
from leadline.settings import ShareLevel
from tests.agents.channel import EAST, OTHERS_OF_EAST, PARTNERS, Channel
from tests.agents.llm.asking import Asked, asked, competent
from tests.agents.questions import QUESTIONS

COMPANIES = (
    "恒信", "博远", "南粤", "京创", "宏图", "同名商贸", "新芽", "Alpine", "Northwind",
    "星海", "万家零售", "Helios", "上海仓",
)  # fmt: skip
PEOPLE = ("张伟", "李娜", "王强")
NAMING = (
    "恒信科技2025年销售额",
    "恒信科技有限公司和博远软件2025年的销售额",
    "恒信2025年销售额",
    "P03在2025年卖了多少",
    "sales of Alpine Systems in 2025",
    "Alpin Systems sales in 2025",
    "同名商贸2025年销售额",
    "张伟2025年的业绩",
    "2025年各销售人员的销售额",
    "王强团队2025年的销售额",
    "2025年星海制造的销售额",
    "2025年各客户的销售额",
    "除了恒信科技，2025年各伙伴的销售额",
    "各仓库的库存",
)
LEVELS: tuple[ShareLevel, ...] = ("schema", "aggregates", "rows")

GIVEN_BY_DATA = ("软件", "Hardware", "财务云", "供应链云", "Edge Box", "制造业", "Healthcare")
"""Members that are no individuals; no question here names them."""


def talk(llm: Asked) -> None:
    """Questions that name members, of several kinds, and follow-ups; all go to the model."""
    for question in (*NAMING, *QUESTIONS[::4]):
        llm.ask(question)
    llm.ask("博远软件呢？", "恒信科技2025年销售额")
    llm.ask("他们的毛利呢", "2025年销售额前3的伙伴")


def names_in(text: str, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if name.casefold() in text.casefold()]


@pytest.mark.parametrize("share", LEVELS)
def test_names_leave_as_far_as_the_level_allows(channel: Channel, share: ShareLevel) -> None:
    with asked(channel, share=share) as llm:
        talk(llm)
    assert len(llm.server.requests) > len(NAMING) + len(QUESTIONS[::4])
    assert not names_in(llm.sent, PEOPLE)
    if share == "rows":
        assert len(names_in(llm.sent, COMPANIES)) > 8
    else:
        assert not names_in(llm.sent, COMPANIES)
        codes = [code for code, *_ in PARTNERS if re.search(rf"(?<!\w){code}(?!\w)", llm.sent)]
        assert not codes


def test_figures_and_members_stay_at_schema(channel: Channel) -> None:
    with asked(channel, share="schema") as llm:
        talk(llm)
    answers = [m for r in llm.server.requests for m in r.messages if m["role"] == "tool"]
    assert len(answers) > len(NAMING)
    for message in answers:
        body = json.loads(message["content"])
        definitions = any(column["name"] == "definition_zh" for column in body.get("columns", ()))
        assert definitions or "rows" not in body
    assert not names_in(llm.sent, GIVEN_BY_DATA)
    assert "610000" not in llm.sent  # all of 2025
    assert "320000" not in llm.sent  # 华东 of it


def test_figures_leave_at_aggregates(channel: Channel) -> None:
    with asked(channel) as llm:
        llm.ask("2025年各大区销售额")
    assert "320000" in llm.sent
    assert "华东" in llm.sent


NAMED = (
    ("恒信2025年销售额", PLAN_FAULTS),
    ("张伟和李娜2025年谁卖得多", WORD_FAULTS),
    ("2025年同名商贸和南粤的销售额", WORD_FAULTS[:4]),
)


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        pytest.param(question, fault, id=f"{fault.name}-{question}")
        for question, faults in NAMED
        for fault in faults
    ],
)
def test_no_name_leaves_where_the_model_is_told_of_its_faults(
    channel: Channel, question: str, fault: Fault
) -> None:
    with asked(channel, fault.make(competent(channel))) as llm:
        llm.ask(question)
    assert not names_in(llm.sent, (*COMPANIES, *PEOPLE))


def test_a_limited_asker_shares_nothing_of_others(channel: Channel) -> None:
    with asked(channel, competent(channel, EAST.scope), share="rows") as llm:
        for question in (*QUESTIONS[::4], *NAMING):
            if not names_in(question, OTHERS_OF_EAST) and "P03" not in question:
                llm.ask(question, as_=EAST)
    assert "恒信" in llm.sent
    # the prompt's example names no member of this data but 华东
    assert not names_in(llm.sent, OTHERS_OF_EAST)


@pytest.mark.parametrize("share", LEVELS)
@pytest.mark.parametrize(
    "secret",
    [
        "13912345678",
        "+86 139-1234-5678",
        "zhang.wei@example.com",
        "11010519491231002X",
        "4111 1111 1111 1111",
        "91310000MA1FL0000X",
    ],
)
def test_personal_data_of_a_question_never_leaves(
    channel: Channel, share: ShareLevel, secret: str
) -> None:
    with asked(channel, share=share) as llm:
        llm.ask(f"2025年销售额，我的联系方式 {secret}")
        llm.ask("那2024年呢", f"2025年销售额 {secret}")
    bodies = b"".join(request.raw for request in llm.server.requests).decode()
    assert secret not in bodies
    digits = re.sub(r"\D", "", secret)
    assert len(digits) < 8 or digits not in re.sub(r"[ -]", "", bodies)


def test_the_key_stands_in_the_header_only(channel: Channel) -> None:
    with asked(channel, api_key="sk-very-secret-0001") as llm:
        answer = llm.ask("2025年销售额")
    assert all(b"sk-very-secret" not in request.raw for request in llm.server.requests)
    assert all(
        request.headers["authorization"] == "Bearer sk-very-secret-0001"
        for request in llm.server.requests
    )
    assert "sk-very-secret" not in json.dumps(llm.spans(answer, ""), default=str)
