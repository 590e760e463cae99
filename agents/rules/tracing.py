"""What the trace keeps of a cover."""

from __future__ import annotations

from agents.plan import PlannerTrace
from agents.rules.mend import Mending
from agents.rules.tokens import Cover, weight


def trace_cover(trace: PlannerTrace, covered: Cover, mending: Mending) -> None:
    """Keep tokens with their meanings, the residual, and what was mended."""
    trace.folded = covered.text
    trace.tokens = [
        {
            "text": t.text,
            "kind": t.kind,
            "value": t.value,
            "score": round(weight(t), 2),
            "means": [f"{e.kind}:{e.name}" + (f"={e.label}" if e.label else "") for e in t.entries][
                :6
            ],
        }
        for t in covered.tokens
    ]
    trace.residual = covered.residual_texts()
    trace.mended = mending.notes


def members_named(trace: PlannerTrace) -> set[str]:
    """The spellings of members in the question, which do not decide its language."""
    found = set()
    for token in trace.tokens:
        means = token["means"]
        if isinstance(means, list) and any(str(m).startswith("value:") for m in means):
            found.add(str(token["text"]))
    return found
