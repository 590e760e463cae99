"""The agent loop: langchain's `create_agent` with the tools of the catalogue and our own checks.

Imported only where a question goes to a model: langchain costs more than a second to import.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

from langchain.agents import create_agent
from langchain.agents.middleware import (
    AgentMiddleware,
    ModelCallLimitMiddleware,
    ModelRequest,
    ModelResponse,
    ToolCallLimitMiddleware,
    hook_config,
)
from langchain.agents.middleware.model_call_limit import ModelCallLimitExceededError
from langchain.agents.middleware.tool_call_limit import ToolCallLimitExceededError
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    HumanMessage,
    InvalidToolCall,
    ToolMessage,
)
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.errors import GraphRecursionError
from langgraph.runtime import Runtime
from langgraph.types import Command
from langsmith.run_helpers import tracing_context
from typing_extensions import override

from agents.llm.calls import Calls
from agents.llm.errors import LlmError
from agents.llm.judging import Judge
from agents.llm.schemas import DESCRIPTIONS, tool_schemas
from agents.llm.session import Session

TOOL_CALLS_PER_REPLY: Final = 3
"""Together with the limit of replies this bounds the tool calls of a question."""
NODES_PER_REPLY: Final = 12
"""Steps of langgraph for one reply and its tools, generously."""


class Checks(AgentMiddleware[Any, Any, Any]):
    """What is ours in the loop: calls in time, tools run under our rules, replies judged."""

    def __init__(self, session: Session, calls: Calls, judge: Judge) -> None:
        super().__init__()
        self.session = session
        self.calls = calls
        self.judge = judge

    @override
    def wrap_model_call(
        self,
        request: ModelRequest[Any],
        handler: Callable[[ModelRequest[Any]], ModelResponse[Any]],
    ) -> ModelResponse[Any]:
        """One reply within the question's time, or an `LlmError`."""
        response = self.calls.make(request, handler)
        self.session.step += 1
        reply = response.result[-1]
        if isinstance(reply, AIMessage):
            response.result[-1] = _strict(reply, self.calls.pieces)
        return response

    @override
    @hook_config(can_jump_to=["model", "end"])
    def after_model(self, state: Any, runtime: Runtime[Any]) -> dict[str, Any] | None:
        """Send a reply back that cannot be used; the loop ends with one that can."""
        reply = state["messages"][-1]
        if not isinstance(reply, AIMessage):
            return None
        if reply.invalid_tool_calls:
            told: list[AnyMessage] = [
                ToolMessage(
                    self.session.misspelt(str(call["name"]), str(call["error"] or "invalid JSON")),
                    tool_call_id=call["id"] or "",
                    status="error",
                )
                for call in reply.invalid_tool_calls
            ]
            return (
                {"messages": told} if reply.tool_calls else {"messages": told, "jump_to": "model"}
            )
        if reply.tool_calls:
            return None
        repair = self.judge.reply(_text(reply))
        if repair is None:
            return {"jump_to": "end"}
        return {"messages": [HumanMessage(repair)], "jump_to": "model"}

    @override
    @hook_config(can_jump_to=["end"])
    def before_model(self, state: Any, runtime: Runtime[Any]) -> dict[str, Any] | None:
        """End where the model has asked back or refused."""
        return {"jump_to": "end"} if self.session.asking is not None else None

    @override
    def wrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]],
    ) -> ToolMessage | Command[Any]:
        """Run a tool; what goes wrong is told to the model as far as it may know."""
        call = request.tool_call
        content, held = self.session.run(call["name"], dict(call["args"]))
        return ToolMessage(
            content,
            tool_call_id=call["id"] or "",
            name=call["name"],
            status="success" if held else "error",
        )


class _Ear(BaseCallbackHandler):
    """Hears when a reply begins, and tools' arguments as they were written."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls

    @override
    def on_llm_new_token(self, *_: Any, chunk: Any = None, **__: Any) -> None:
        pieces = getattr(getattr(chunk, "message", None), "tool_call_chunks", ())
        self.calls.heard_piece((p["index"], p["id"], p["args"]) for p in pieces)


def _strict(reply: AIMessage, pieces: dict[Any, tuple[str, str]]) -> AIMessage:
    """The reply with calls whose arguments are no JSON as invalid ones.

    The client completes broken JSON by guessing: `{"metrics": ["amount"` would become a query for
    everything, which is another question.
    """
    written = dict(pieces.values())
    broken = {
        call["id"]: problem
        for call in reply.tool_calls
        if (problem := _problem(written.get(call["id"] or "", ""))) is not None
    }
    if not broken:
        return reply
    invalid = [
        InvalidToolCall(
            type="invalid_tool_call",
            id=call["id"],
            name=call["name"],
            args=written[call["id"] or ""],
            error=broken[call["id"]],
        )
        for call in reply.tool_calls
        if call["id"] in broken
    ]
    return reply.model_copy(
        update={
            "tool_calls": [call for call in reply.tool_calls if call["id"] not in broken],
            "invalid_tool_calls": [*reply.invalid_tool_calls, *invalid],
        }
    )


def _problem(arguments: str) -> str | None:
    """Why arguments as written are no JSON object; None where they are, or are left out."""
    if not arguments.strip():
        return None
    try:
        found = json.loads(arguments)
    except json.JSONDecodeError as error:
        return str(error)
    return None if isinstance(found, dict) else "no object"


def _text(reply: AIMessage) -> str:
    """The reply's text; some servers send it in pieces."""
    return str(reply.text)


def _never(**_: Any) -> str:
    raise AssertionError("tools run in `Checks.wrap_tool_call`")


@cache
def tools() -> tuple[BaseTool, ...]:
    """The tools as langchain offers them to a model; they run in `Session.run`."""
    return tuple(
        StructuredTool(name=name, description=DESCRIPTIONS[name], args_schema=schema, func=_never)
        for name, schema in tool_schemas().items()
    )


def run(
    session: Session,
    calls: Calls,
    judge: Judge,
    system_prompt: str,
    messages: Sequence[tuple[str, str]],
) -> None:
    """Let the model work until it has answered, asked back or refused; `judge` holds the outcome.

    Args:
        session: what the tools work on.
        calls: how the model is called.
        judge: accepts or sends back what the model writes.
        system_prompt: instructions and data.
        messages: earlier turns and the question, as (role, text).

    Raises:
        LlmError: the model could not do it; the code says why.
    """
    most = calls.settings.max_calls
    limits: list[AgentMiddleware[Any, Any, Any]] = [
        ModelCallLimitMiddleware(run_limit=most, exit_behavior="error"),
        ToolCallLimitMiddleware(run_limit=TOOL_CALLS_PER_REPLY * most, exit_behavior="error"),
    ]
    agent: Any = create_agent(
        calls.endpoint.model(),
        tools(),
        system_prompt=system_prompt,
        middleware=[*limits, Checks(session, calls, judge)],
    )
    config: Any = {
        "callbacks": [_Ear(calls)],
        "max_concurrency": 1,  # tools run in the order in which the model named them
        "recursion_limit": NODES_PER_REPLY * (most + 1),
    }
    try:
        with tracing_context(enabled=False):
            agent.invoke({"messages": [_message(*m) for m in messages]}, config)
    except (
        ModelCallLimitExceededError,
        ToolCallLimitExceededError,
        GraphRecursionError,
    ) as error:
        raise LlmError("the model used all its calls without an answer", code="loop") from error


def _message(role: str, text: str) -> AnyMessage:
    return AIMessage(text) if role == "assistant" else HumanMessage(text)
