"""Why the language model gave no answer; a branch of the one tree of errors.

    LlmError                  the model's reply cannot be used; asking again is not likely to help
    └── LlmUnavailableError   the endpoint did not answer in time, or would not; a retry can help

The rules answer instead, and the answer says so.
"""

from __future__ import annotations

from typing import ClassVar

from agents.llm.turn import LlmUsage
from leadline.errors import LeadlineError


class LlmError(LeadlineError):
    """The language model cannot be used for this question.

    Args:
        message: what happened, for a person.
        code: what kind of failure it was: a key of `agents.llm.fallbacks`.
        usage: what had been spent by then.
        hint: how to mend it, or an empty string.
    """

    http_status: ClassVar[int] = 502

    def __init__(
        self, message: str, *, code: str, usage: LlmUsage | None = None, hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.usage = usage


class LlmUnavailableError(LlmError):
    """The endpoint was too busy, broken or out of reach.

    Args:
        message, code, usage, hint: as for `LlmError`.
        retry_after_s: how long the endpoint asked to wait.
    """

    retryable: ClassVar[bool] = True
    http_status: ClassVar[int] = 503

    def __init__(
        self,
        message: str,
        *,
        code: str,
        usage: LlmUsage | None = None,
        hint: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message, code=code, usage=usage, hint=hint)
        self.retry_after_s = retry_after_s
