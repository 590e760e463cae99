"""Answers and results to store, send and compare."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from leadline.evidence import Answer, Chart, Citation, Column, Label, Option, ToolResult
from leadline.types import Language, Scalar, Unit

RESULT = ToolResult(
    tool="query",
    arguments={"metrics": ["amount"], "dimensions": ["region"], "limit": None},
    model_version="abc123",
    snapshot=4,
    scope_hash="all",
    as_of=date(2013, 11, 29),
    columns=(
        Column("region", Unit.TEXT, "大区", "Region"),
        Column("amount", Unit.MONEY, "销售额", "Amount", "CNY"),
    ),
    rows=(("华东", 1234567.89), ("华南", 0.1 + 0.2), ("西北", None)),
    row_count=3,
    truncated=False,
)


def answer(number: int = 1, *, snapshot: int = 4) -> Answer:
    """An answer with two citations; ids follow `number`."""
    result = ToolResult(
        tool=RESULT.tool,
        arguments=RESULT.arguments,
        model_version=RESULT.model_version,
        snapshot=snapshot,
        scope_hash=RESULT.scope_hash,
        as_of=RESULT.as_of,
        columns=RESULT.columns,
        rows=RESULT.rows,
        row_count=RESULT.row_count,
        truncated=RESULT.truncated,
    )
    return Answer(
        answer_id=f"A{number}",
        question="各大区销售额是多少？",
        status="answered",
        text="华东 123.46 万元[1]",
        language=Language.ZH,
        label=Label.CERTIFIED,
        reading="全部数据",
        citations=(Citation(f"C{number}a", 1, result), Citation(f"C{number}b", 2, result)),
        options=(Option("按月", "各月销售额"),),
        followups=("同比呢？",),
        chart=Chart("bar", 1, "region", ("amount",)),
        snapshot=snapshot,
        as_of=date(2013, 11, 29),
        latency_ms=12.5,
        trace_id=f"T{number}",
    )


SCALARS: st.SearchStrategy[Scalar] = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
JSON_VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def results(draw: st.DrawFn) -> ToolResult:
    """Any tool result."""
    width = draw(st.integers(1, 3))
    rows = draw(st.lists(st.tuples(*[SCALARS] * width), max_size=4))
    return ToolResult(
        tool=draw(st.text(max_size=5)),
        arguments=draw(st.dictionaries(st.text(max_size=4), JSON_VALUES, max_size=3)),
        model_version=draw(st.text(max_size=5)),
        snapshot=draw(st.integers(1, 10**6)),
        scope_hash="all",
        as_of=draw(st.dates()),
        columns=tuple(
            Column(f"c{n}", draw(st.sampled_from(list(Unit))), "列", "column") for n in range(width)
        ),
        rows=tuple(rows),
        row_count=len(rows),
        truncated=draw(st.booleans()),
    )
