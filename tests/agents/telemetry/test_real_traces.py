"""What leaves of real answers, of both planners: no question, no member, no figure."""

from __future__ import annotations

import pytest

from agents.telemetry.exporter import Sender
from agents.telemetry.redaction import exported
from knowledge.warehouse.trace_store import TraceStore
from leadline.access import LOCAL_OWNER
from leadline.evidence import Answer
from tests.agents.channel import (
    CUSTOMERS,
    OPPORTUNITIES,
    PARTNERS,
    PRODUCTS,
    REGIONS,
    SALESPEOPLE,
    TERRITORIES,
    Channel,
)
from tests.agents.llm.asking import asked
from tests.agents.telemetry.collector import collector

ASKED = (
    "2025年各大区销售额同比",
    "2025年恒信科技和博远软件谁卖得多",
    "今年销售额前3的伙伴及占比",
    "Sales of Alpine Systems in 2025",
    "销售额超过12345元的伙伴",
    "长三角今年签单额",
    "除了金牌，哪些伙伴未达标？",
    "客户满意度最高的伙伴？",
    "查查销售额",
    "sales by resaller in 2025",
    "毛利率怎么算的？",
    "数据截至哪天？",
)
_CONVENTIONAL = {"Overseas"}
"""Too ordinary a word to look for in bytes."""


def names() -> set[str]:
    """Every member of the channel, whole and in its first two characters where it is Chinese."""
    listed = {
        *(row[1] for row in (*PARTNERS, *REGIONS, *TERRITORIES, *PRODUCTS, *CUSTOMERS)),
        *(row[5] for row in PARTNERS),
        *(name for row in SALESPEOPLE for name in row[1:]),
        *(row[2] for row in OPPORTUNITIES),
    }
    listed |= {name[:2] for name in listed if not name.isascii()}
    return listed - _CONVENTIONAL


def figures(answer: Answer) -> set[str]:
    """Figures of the evidence that are long enough to be looked for among ids and times."""
    cells = [cell for c in answer.citations for row in c.result.rows for cell in row]
    made = {repr(cell) for cell in cells if isinstance(cell, float) and cell % 1000}
    return {text for text in made if len(text) >= 8}


def left(channel: Channel, answer: Answer) -> tuple[str, str]:
    """Every byte that leaves of an answer's trace, and the spans that a backend reads from them."""
    trace = TraceStore(channel.service.evidence.engine).get(answer.trace_id, LOCAL_OWNER)
    with collector() as found:
        sender = Sender(found.endpoint, {})
        assert sender.send([exported(trace, "redacted", b"k" * 32)])
        sender.close()
        assert len(found.spans) == len(trace.spans)
        return found.bodies[0].decode("utf-8", "replace"), str(found.spans)


def check(channel: Channel, question: str, answer: Answer) -> None:
    body, spans = left(channel, answer)
    assert question not in body
    assert answer.text not in body
    for name in names():
        assert name not in body, name
    for figure in figures(answer):
        assert figure not in body, figure
    assert not any("\u4e00" <= char <= "\u9fff" for char in spans.replace(answer.label, ""))


@pytest.mark.parametrize("question", ASKED)
def test_of_the_rules(channel: Channel, question: str) -> None:
    check(channel, question, channel.ask(question))


def test_of_a_model_that_is_told_every_row(channel: Channel) -> None:
    with asked(channel, share="rows") as model:
        for question in ASKED[:5]:
            answer = model.ask(question)
            assert answer.planning.llm_calls
            check(channel, question, answer)


def test_the_figures_looked_for_are_there_in_full(channel: Channel) -> None:
    """The searches above could find something."""
    answer = channel.ask("2025年各大区销售额同比")
    trace = TraceStore(channel.service.evidence.engine).get(answer.trace_id, LOCAL_OWNER)
    assert figures(answer)
    assert all(figure in str(trace.spans) for figure in figures(answer))
    assert "华东" in str(trace.spans)
