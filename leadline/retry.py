"""Retrying by error class; the only module that imports tenacity."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from leadline.errors import LeadlineError

T = TypeVar("T")


def retrying(
    call: Callable[[], T],
    *,
    attempts: int = 5,
    first_wait_seconds: float = 0.1,
    within_seconds: float | None = None,
) -> T:
    """Run `call`, again after growing waits as long as it raises a retryable error.

    An error that says how long to wait (`retry_after_s`) is obeyed.

    Args:
        call: what is tried.
        attempts: how often, at most.
        first_wait_seconds: the longest first wait; later ones are longer, up to ten times this.
        within_seconds: give up rather than wait beyond this time from now.

    Raises:
        LeadlineError: the last error, once attempts or time are used up; any other error at once.
    """
    from tenacity import (
        RetryCallState,
        Retrying,
        retry_if_exception,
        stop_after_attempt,
        stop_before_delay,
        wait_random_exponential,
    )

    growing = wait_random_exponential(multiplier=first_wait_seconds, max=10 * first_wait_seconds)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked: float | None = getattr(error, "retry_after_s", None)
        return growing(state) if asked is None else asked

    stop = stop_after_attempt(attempts)
    policy = Retrying(
        stop=stop if within_seconds is None else stop | stop_before_delay(within_seconds),
        wait=wait,
        retry=retry_if_exception(lambda e: isinstance(e, LeadlineError) and e.retryable),
        reraise=True,
    )
    return policy(call)
