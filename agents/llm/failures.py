"""What went wrong at the endpoint, by class: what a retry can help, and what a reader is told.

| what happens | code | again? |
|---|---|---|
| connection refused, reset, name not found | unreachable | yes |
| 429 | rate_limited | yes, after `Retry-After`; no where the quota is used up |
| 408, 409, 5xx | server_error | yes |
| no reply within the question's time | timeout | no |
| body is no JSON, no choices, an error within a stream | bad_reply | yes |
| stream ends before its end, reply cut at the length limit | cut_off | yes; at the limit no |
| 401, 403 | not_allowed | no |
| 404, 400, 422 | bad_request | no |
| context length exceeded | too_long | no |
| content filter, refusal | filtered | no |
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

from agents.llm.errors import LlmError, LlmUnavailableError
from leadline.clock import now_utc

_TOO_LONG: Final = (
    "context_length", "context length", "maximum context", "context window", "prompt is too long",
    "too many tokens", "input tokens exceed",
)  # fmt: skip
_FILTERED: Final = (
    "content_filter",
    "content policy",
    "content management policy",
    "data_inspection",
)
_SPENT: Final = ("insufficient_quota", "insufficient balance", "exceeded your current quota")
_AGAIN: Final = frozenset({408, 409, 425})


class FixedTemperatureError(LlmError):
    """The model takes no temperature but its own; the request can be sent again without one."""


def failure_of(error: Exception, *, begun: bool) -> LlmError:
    """What an exception of the client or of its parsing means; `LlmError` itself is passed on.

    Args:
        error: as it was raised.
        begun: whether a piece of the reply had come.
    """
    import httpx
    import openai

    if isinstance(error, LlmError):
        return error
    if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
        if isinstance(error.__cause__ or error, httpx.ConnectTimeout):
            return LlmUnavailableError(
                "the endpoint could not be reached in time", code="unreachable"
            )
        return LlmError("the endpoint sent nothing for too long", code="timeout")
    if isinstance(error, openai.APIStatusError):
        return _by_status(error.status_code, _text_of(error), error.response.headers)
    if isinstance(error, openai.APIConnectionError | httpx.HTTPError):
        if begun:
            return LlmUnavailableError("the reply broke off", code="cut_off")
        return LlmUnavailableError("the endpoint cannot be reached", code="unreachable")
    if isinstance(error, openai.APIError):
        return _in_stream(_text_of(error))
    return LlmUnavailableError(
        f"the reply could not be read ({type(error).__name__})", code="bad_reply"
    )


def _text_of(error: Any) -> str:
    return f"{error.message} {getattr(error, 'code', None) or ''} {error.body or ''}".casefold()


def _in_stream(text: str) -> LlmError:
    """An error that came as an event of a stream whose status was 200."""
    if any(mark in text for mark in _TOO_LONG):
        return LlmError("the conversation is too long", code="too_long")
    if "rate" in text and "limit" in text:
        return LlmUnavailableError("the endpoint limits the rate", code="rate_limited")
    return LlmUnavailableError("the endpoint reported an error", code="server_error")


def _by_status(status: int, text: str, headers: Mapping[str, str]) -> LlmError:
    if any(mark in text for mark in _TOO_LONG):
        return LlmError("the conversation is too long", code="too_long")
    if status == 429 and not any(mark in text for mark in _SPENT):
        return LlmUnavailableError(
            "the endpoint limits the rate", code="rate_limited", retry_after_s=_retry_after(headers)
        )
    if status in (402, 429):
        return LlmError("the endpoint's quota is used up", code="rate_limited")
    if status >= 500 or status in _AGAIN:
        return LlmUnavailableError(
            f"the endpoint failed with status {status}",
            code="server_error",
            retry_after_s=_retry_after(headers),
        )
    if status in (401, 403):
        return LlmError(
            f"the endpoint refused the credentials (status {status})",
            code="not_allowed",
            hint="check LEADLINE_LLM_API_KEY",
        )
    if any(mark in text for mark in _FILTERED):
        return LlmError("the endpoint's content filter declined", code="filtered")
    if status == 400 and "temperature" in text:
        return FixedTemperatureError("the model takes no temperature", code="bad_request")
    hint = "check LEADLINE_LLM_BASE_URL and LEADLINE_LLM_MODEL" if status == 404 else ""
    return LlmError(
        f"the endpoint rejected the request (status {status})", code="bad_request", hint=hint
    )


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the endpoint asks to wait, as a number or a date; None where it asks nothing."""
    with contextlib.suppress(ValueError):
        return max(0.0, float(headers.get("retry-after-ms", "")) / 1000)
    text = headers.get("retry-after", "")
    with contextlib.suppress(ValueError):
        return max(0.0, float(text))
    with contextlib.suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(text) - now_utc()).total_seconds())
    return None


def check_reply(message: Any) -> None:
    """Reject a reply that is not whole: cut off, filtered, empty.

    Args:
        message: langchain's AIMessage.

    Raises:
        LlmError: it cannot be used.
    """
    reason = message.response_metadata.get("finish_reason")
    if reason is None and not message.content and not message.tool_calls:
        raise LlmUnavailableError("the reply holds nothing", code="bad_reply")
    if reason is None:
        raise LlmUnavailableError("the reply ended before its end", code="cut_off")
    if reason == "length":
        raise LlmError("the reply was cut at the length limit", code="cut_off")
    if reason == "content_filter" or message.additional_kwargs.get("refusal"):
        raise LlmError("the model declined", code="filtered")
