"""Retrying by error class; the only module that imports tenacity."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from leadline.errors import LeadlineError

T = TypeVar("T")


def retrying(call: Callable[[], T], *, attempts: int = 5, first_wait_seconds: float = 0.1) -> T:
    """Run `call`, again after growing waits as long as it raises a retryable error.

    Raises:
        LeadlineError: the last error, once attempts are used up; any other error at once.
    """
    from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

    policy = Retrying(
        stop=stop_after_attempt(attempts),
        wait=wait_random_exponential(multiplier=first_wait_seconds, max=10 * first_wait_seconds),
        retry=retry_if_exception(lambda e: isinstance(e, LeadlineError) and e.retryable),
        reraise=True,
    )
    return policy(call)
