"""Runs a plan's queries through the tool catalogue, under the caller's scope, on one snapshot."""

from __future__ import annotations

from dataclasses import replace

from agents.events import Emit, Event, silent
from agents.narrate import Told
from agents.plan import QueryPlan, ToolPlan
from agents.telemetry.attributes import result_attributes, tool_attributes
from agents.telemetry.conventions import Operation
from agents.traces import SpanKind, Trace
from leadline.errors import LeadlineError
from leadline.evidence import Citation, ToolResult
from tools.catalog import tool
from tools.definition import ToolContext


def execute(
    plan: QueryPlan,
    context: ToolContext,
    trace: Trace,
    answer_id: str,
    emit: Emit = silent,
) -> tuple[Told, ...]:
    """Run every query of the plan; the first result is the main one. `emit` hears of each call.

    Raises:
        SpecError: a query does not fit this snapshot (the planner should have seen it).
    """
    told: list[Told] = []
    for query in plan.queries:
        result = call("query", query.spec.as_arguments(), context, trace, emit)
        told.append(_told(query.role, result, len(told) + 1, answer_id))
    difference = _difference(plan, told[0].result, context, trace, emit)
    if difference is not None:
        told.append(_told("difference", difference, len(told) + 1, answer_id))
    together = _concentration(plan, told[0].result, context, trace, emit)
    if together is not None:
        told.append(_told("concentration", together, len(told) + 1, answer_id))
    return tuple(told)


def execute_tools(
    plan: ToolPlan,
    context: ToolContext,
    trace: Trace,
    answer_id: str,
    emit: Emit = silent,
) -> tuple[Told, ...]:
    """Run every call of the plan, in order.

    Raises:
        SpecError: arguments that do not fit this snapshot.
    """
    return tuple(
        _told(c.role, call(c.tool, c.arguments, context, trace, emit), number, answer_id)
        for number, c in enumerate(plan.calls, start=1)
    )


def _concentration(
    plan: QueryPlan, result: ToolResult, context: ToolContext, trace: Trace, emit: Emit
) -> ToolResult | None:
    """What the top N make up together, where shares of a ranking were asked for."""
    spec = plan.queries[0].spec
    picked = spec.limit is not None or bool(spec.focus)
    if not picked or len(spec.shares) != 1 or spec.shares[0].within or len(result.rows) < 2:
        return None
    if result.truncated or spec.compare is not None:
        return None
    return call("concentration", {"spec": spec.as_arguments()}, context, trace, emit)


def call(
    name: str,
    arguments: dict[str, object],
    context: ToolContext,
    trace: Trace,
    emit: Emit = silent,
) -> ToolResult:
    """One tool call with its span; `emit` hears when it begins and how it ended."""
    number = 1 + sum(span.kind is SpanKind.TOOL for span in trace.spans)
    with trace.span(f"{Operation.EXECUTE_TOOL} {name}", SpanKind.TOOL) as span:
        span.attributes.update(tool_attributes(name, arguments))
        found = tool(name)
        label = {"zh": found.description_zh, "en": found.description_en}
        begun = {"call": number, "tool": name, "arguments": arguments, "label": label}
        emit(Event("tool_call", begun))
        began_ms = trace.elapsed_ms
        try:
            result = found.run(arguments, context)
        except LeadlineError as error:
            emit(Event("tool_result", _ended(number, name, None, error, trace, began_ms)))
            raise
        emit(Event("tool_result", _ended(number, name, result, None, trace, began_ms)))
        span.attributes.update(result_attributes(result))
    return replace(result, arguments=arguments)


def _ended(
    number: int,
    name: str,
    result: ToolResult | None,
    error: LeadlineError | None,
    trace: Trace,
    began_ms: float,
) -> dict[str, object]:
    return {
        "call": number,
        "tool": name,
        "row_count": result.row_count if result else 0,
        "truncated": result.truncated if result else False,
        "duration_ms": round(trace.elapsed_ms - began_ms, 1),
        "error": error.model_text() if error else None,
    }


def _told(role: str, result: ToolResult, number: int, answer_id: str) -> Told:
    return Told(role, Citation(f"{answer_id}-{number}", number, result))


def _difference(
    plan: QueryPlan, result: ToolResult, context: ToolContext, trace: Trace, emit: Emit
) -> ToolResult | None:
    """How far apart two named members are, where that was asked or stands to reason."""
    spec = plan.queries[0].spec
    wanted = plan.built.difference or plan.built.contest
    if not wanted or len(spec.row_keys) != 1 or len(result.rows) != 2 or spec.compare is not None:
        return None
    key = result.column_index(spec.row_keys[0])
    first, second = (str(row[key]) for row in result.rows)
    arguments: dict[str, object] = {
        "spec": spec.as_arguments(),
        "first": first,
        "second": second,
    }
    return call("difference", arguments, context, trace, emit)
