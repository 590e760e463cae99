"""Calls of the model: time, retries, tokens, cost and a span for each.

One `Calls` serves one question. What is sent and what comes back stand on the span; storing masks
them and exporting redacts them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from agents.llm.endpoint import Endpoint, before
from agents.llm.failures import FixedTemperatureError, check_reply, failure_of
from agents.llm.prompts import prompt_hash
from agents.llm.turn import LlmUsage
from agents.telemetry.attributes import llm_attributes, reply_attributes
from agents.traces import Span, SpanKind, Trace
from leadline.retry import retrying
from leadline.settings import LlmSettings

if TYPE_CHECKING:
    from langchain.agents.middleware import ModelRequest, ModelResponse

ATTEMPTS: Final = 3
FIRST_WAIT_S: Final = 0.25
MILLION: Final = Decimal(1_000_000)


@dataclass(slots=True)
class Calls:
    """The model's calls of one question, all within one deadline."""

    endpoint: Endpoint
    trace: Trace
    deadline: float
    """Monotonic seconds."""
    began: float = field(default_factory=time.perf_counter)
    count: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    first_token_at: float | None = None
    pieces: dict[Any, tuple[str, str]] = field(default_factory=dict)
    """Tool calls of the last reply by their place: id, and arguments as they were written."""

    @property
    def settings(self) -> LlmSettings:
        """Of the endpoint."""
        return self.endpoint.settings

    def make(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """One reply of the model; again where the failure is of a kind that passes.

        Raises:
            LlmError: there is no usable reply.
        """
        return retrying(
            lambda: self._attempt(request, handler),
            attempts=ATTEMPTS,
            first_wait_seconds=FIRST_WAIT_S,
            within_seconds=max(0.0, self.deadline - time.monotonic()),
        )

    def _attempt(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        try:
            return self._one(request, handler)
        except FixedTemperatureError:
            if not self.endpoint.leave_out_temperature():
                raise
            return self._one(request, handler)

    def _one(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        self.count += 1
        name = self.settings.model
        with self.trace.span(f"chat {name}", SpanKind.LLM, **self._asked(request)) as span:
            began, self.first_token_at = time.perf_counter(), None
            self.pieces.clear()
            try:
                response = before(self.deadline, lambda: handler(request))
                message = response.result[-1]
                self._heard(span, message, began)
                check_reply(message)
            except Exception as error:
                failure = failure_of(error, begun=self.first_token_at is not None)
                span.attributes["error.type"] = failure.code
                if failure is error:
                    raise
                raise failure from error
        return response

    def _asked(self, request: ModelRequest[Any]) -> dict[str, Any]:
        messages = list(request.messages)
        if request.system_message is not None:
            messages.insert(0, request.system_message)
        return llm_attributes(
            self.settings.model,
            base_url=self.settings.base_url,
            messages=[written(message) for message in messages],
            prompt_hash=prompt_hash(),
        )

    def _heard(self, span: Span, message: Any, began: float) -> None:
        used = message.usage_metadata or {}
        read, wrote = int(used.get("input_tokens", 0)), int(used.get("output_tokens", 0))
        self.input_tokens += read
        self.output_tokens += wrote
        meta = message.response_metadata
        span.attributes.update(
            reply_attributes(
                written(message),
                model=meta.get("model_name") or "",
                response_id=meta.get("id") or "",
                finish_reason=meta.get("finish_reason") or "",
                input_tokens=read,
                output_tokens=wrote,
                cached_tokens=(used.get("input_token_details") or {}).get("cache_read"),
                reasoning_tokens=(used.get("output_token_details") or {}).get("reasoning"),
                first_chunk_s=None if self.first_token_at is None else self.first_token_at - began,
                cost=self._cost(read, wrote),
                currency=self.settings.price_currency,
            )
        )

    def heard_piece(self, calls: Iterable[tuple[Any, str | None, str | None]]) -> None:
        """A piece of the reply has come, with pieces of tool calls: place, id, arguments."""
        if self.first_token_at is None:
            self.first_token_at = time.perf_counter()
        for place, call_id, arguments in calls:
            known, written = self.pieces.get(place, ("", ""))
            self.pieces[place] = (known or call_id or "", written + (arguments or ""))

    def _cost(self, read: int, wrote: int) -> Decimal | None:
        prices = (self.settings.input_price, self.settings.output_price)
        if prices[0] is None or prices[1] is None:
            return None
        return (prices[0] * read + prices[1] * wrote) / MILLION

    def usage(self) -> LlmUsage:
        """What the question has taken so far."""
        return LlmUsage(
            model=self.settings.model,
            prompt_hash=prompt_hash(),
            calls=self.count,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            cost=self._cost(self.input_tokens, self.output_tokens),
            ms=(time.perf_counter() - self.began) * 1000,
        )


_ROLES: Final = {"human": "user", "ai": "assistant", "system": "system", "tool": "tool"}


def written(message: Any) -> dict[str, Any]:
    """A message of langchain's as the chat API writes it: role, content, calls of tools."""
    item: dict[str, Any] = {
        "role": _ROLES.get(message.type, message.type),
        "content": message.content,
    }
    calls = [
        {"name": call["name"], "arguments": call["args"], "id": call["id"]}
        for call in (
            *getattr(message, "tool_calls", ()),
            *getattr(message, "invalid_tool_calls", ()),
        )
    ]
    if calls:
        item["tool_calls"] = calls
    if getattr(message, "tool_call_id", None):
        item["tool_call_id"] = message.tool_call_id
    return item
