"""Retrying: only what a retry can help, and not for ever."""

from __future__ import annotations

import time

import pytest

from leadline.errors import BusyError, InputError, LeadlineError
from leadline.retry import retrying


class Flaky:
    """Fails with the given errors, one a call, then gives 7."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self) -> int:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return 7


class TestRetrying:
    def test_tries_again_while_busy(self) -> None:
        call = Flaky(BusyError("1"), BusyError("2"))
        assert retrying(call, first_wait_seconds=0.001) == 7
        assert call.calls == 3

    def test_gives_up_with_the_last_error(self) -> None:
        call = Flaky(*(BusyError(str(n)) for n in range(1, 9)))
        with pytest.raises(BusyError, match=r"^3$"):
            retrying(call, attempts=3, first_wait_seconds=0.001)
        assert call.calls == 3

    @pytest.mark.parametrize("error", [InputError("bad"), LeadlineError("bad"), KeyError("bad")])
    def test_other_errors_come_through_at_once(self, error: Exception) -> None:
        call = Flaky(error)
        with pytest.raises(type(error)):
            retrying(call, first_wait_seconds=0.001)
        assert call.calls == 1


class Waiting(BusyError):
    """Busy, and says for how long."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"busy for {retry_after_s} s")
        self.retry_after_s = retry_after_s


class TestWaits:
    def test_are_as_long_as_the_error_asks(self) -> None:
        began = time.monotonic()
        assert retrying(Flaky(Waiting(0.05), Waiting(0.05)), first_wait_seconds=60) == 7
        assert time.monotonic() - began >= 0.1

    def test_that_would_take_too_long_are_not_begun(self) -> None:
        call = Flaky(Waiting(30), Waiting(30))
        with pytest.raises(Waiting):
            retrying(call, within_seconds=5)
        assert call.calls == 1

    def test_within_the_time_go_on(self) -> None:
        call = Flaky(BusyError("1"), BusyError("2"))
        assert retrying(call, first_wait_seconds=0.001, within_seconds=60) == 7

    def test_no_time_is_one_attempt(self) -> None:
        call = Flaky(BusyError("1"))
        with pytest.raises(BusyError):
            retrying(call, first_wait_seconds=0.001, within_seconds=0)
        assert call.calls == 1
