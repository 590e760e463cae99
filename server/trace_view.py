"""How traces look in the terminal, in Chinese or English."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.tree import Tree

from agents.telemetry.conventions import GenAi, OpenInference
from knowledge.warehouse.trace_record import FAILED
from leadline.types import Language

if TYPE_CHECKING:
    from rich.console import Console

    from knowledge.warehouse.trace_record import JsonSpan, StoredTrace, TraceSummary

BAR_WIDTH = 24
LONGEST_VALUE = 600
"""Characters of one attribute, unless all is asked for."""

_STATUS = {"answered": "已回答", "clarify": "反问", "refused": "拒答", "failed": "出错"}
_OBVIOUS = (
    GenAi.OPERATION,
    GenAi.AGENT_NAME,
    GenAi.TOOL_TYPE,
    OpenInference.INPUT_MIME,
    OpenInference.OUTPUT_MIME,
)
"""Attributes for programs; shown where all is asked for."""
_COLOURS = {
    "AGENT": "cyan",
    "LLM": "magenta",
    "TOOL": "green",
    "GUARDRAIL": "yellow",
    "RETRIEVER": "blue",
}


def print_traces(console: Console, language: Language, items: Sequence[TraceSummary]) -> None:
    """One question each with what came of it and the id of its trace, newest first."""
    zh = language is Language.ZH
    if not items:
        console.print("没有记录" if zh else "no traces")
    for item in items:
        console.print(f"? {item.question}", markup=False, highlight=False, soft_wrap=True)
        facts = [
            f"{item.started_at.astimezone():%Y-%m-%d %H:%M:%S}",
            _result(item, language),
            item.model or item.planner or "",
            f"{item.duration_ms:,.0f} ms",
        ]
        tokens = item.input_tokens + item.output_tokens
        if tokens:
            facts.append(f"{tokens:,} {'词元' if zh else 'tokens'}")
        if item.failed_spans:
            facts.append(f"{item.failed_spans} {'步出错' if zh else 'steps failed'}")
        console.print(
            f"  {item.trace_id}  {' · '.join(fact for fact in facts if fact)}",
            style="red" if item.status == FAILED else "dim",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _result(summary: TraceSummary, language: Language) -> str:
    """The status for a person, and the verifier's objection if there was one."""
    zh = language is Language.ZH
    status = _STATUS.get(summary.status, summary.status) if zh else summary.status
    if summary.verdict != "rejected":
        return status
    return f"{status}（有校验驳回）" if zh else f"{status} (after a rejection)"


def print_trace(
    console: Console, language: Language, trace: StoredTrace, *, everything: bool = False
) -> None:
    """What was asked and what came of it, then the tree of spans."""
    summary = trace.summary
    zh = language is Language.ZH
    console.print(f"? {summary.question}", style="bold", markup=False)
    facts = [
        _result(summary, language),
        summary.model or summary.planner or "",
        f"{summary.duration_ms:,.0f} ms",
        f"{summary.started_at.astimezone():%Y-%m-%d %H:%M:%S}",
        summary.principal,
    ]
    if summary.input_tokens or summary.output_tokens:
        words = "词元" if zh else "tokens"
        facts.append(f"{summary.input_tokens:,} + {summary.output_tokens:,} {words}")
    if summary.cost is not None:
        facts.append(f"{summary.cost} {summary.currency or ''}".strip())
    console.print(" · ".join(fact for fact in facts if fact), style="dim", markup=False)
    print_spans(console, summary.trace_id, trace.spans, everything=everything)


def print_spans(
    console: Console, title: str, spans: Sequence[JsonSpan], *, everything: bool = False
) -> None:
    """Spans as a tree, each with a bar of when it ran, its attributes and its events."""
    total = max((span["start_ms"] + span["duration_ms"] for span in spans), default=0.0)
    tree = Tree(f"[dim]{escape(title)}[/]")
    nodes: dict[str, Tree] = {}
    for span in spans:
        above = nodes.get(span["parent_id"] or "", tree)
        node = above.add(_head(span, total))
        nodes[span["span_id"]] = node
        for key, value in span["attributes"].items():
            if value not in (None, [], "", {}) and (everything or key not in _OBVIOUS):
                node.add(f"[dim]{escape(key)}[/] {escape(_short(value, everything=everything))}")
        for event in span["events"]:
            said = _short(event["attributes"], everything=everything) if event["attributes"] else ""
            node.add(f"[blue]@{event['at_ms']:.1f} ms {escape(event['name'])}[/] {escape(said)}")
    console.print(tree)


def _head(span: JsonSpan, total: float) -> str:
    colour = _COLOURS.get(span["kind"], "white")
    head = (
        f"[{colour}]{escape(span['name'])}[/] [dim]{_bar(span, total)}[/] "
        f"{span['start_ms']:.1f} ms + {span['duration_ms']:.1f} ms"
    )
    return f"{head} [red]{escape(span['error'])}[/]" if span["error"] else head


def _bar(span: JsonSpan, total: float) -> str:
    if total <= 0:
        return ""
    start: int = min(BAR_WIDTH - 1, int(span["start_ms"] / total * BAR_WIDTH))
    size: int = max(1, min(BAR_WIDTH - start, round(span["duration_ms"] / total * BAR_WIDTH)))
    return "·" * start + "█" * size + "·" * (BAR_WIDTH - start - size)


def _short(value: object, *, everything: bool) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if everything or len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
