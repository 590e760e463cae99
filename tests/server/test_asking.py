"""The pool of questions: bounded, first come first served, closed with patience."""

from __future__ import annotations

import threading
from concurrent.futures import wait

import pytest

from leadline.errors import BusyError
from server.asking import AskingPool, default_running


class TestSubmit:
    def test_gives_what_the_call_gives(self) -> None:
        pool = AskingPool(2)
        assert pool.submit(lambda: 6 * 7).result(10) == 42
        failed = pool.submit(lambda: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            failed.result(10)
        assert pool.submit(lambda: "still there").result(10) == "still there"

    def test_turns_away_what_has_no_place(self) -> None:
        gate = threading.Event()
        pool = AskingPool(2, waiting=1)
        inside = [pool.submit(gate.wait) for _ in range(3)]
        with pytest.raises(BusyError, match="3 questions"):
            pool.submit(gate.wait)
        gate.set()
        wait(inside, 10)
        pool.close(10)
        again = AskingPool(2, waiting=1)
        assert again.submit(lambda: 1).result(10) == 1

    def test_works_on_so_many_at_once_and_in_order(self) -> None:
        gate, begun = threading.Event(), []
        pool = AskingPool(1, waiting=10)

        def work(number: int) -> None:
            begun.append(number)
            gate.wait(10)

        calls = [pool.submit(lambda n=n: work(n)) for n in range(5)]  # type: ignore[misc]
        gate.set()
        wait(calls, 10)
        assert begun == list(range(5))

    def test_nobody_can_cancel_what_was_taken(self) -> None:
        gate = threading.Event()
        pool = AskingPool(1, waiting=2)
        first, second = pool.submit(gate.wait), pool.submit(lambda: "done")
        assert not second.cancel()
        gate.set()
        assert first.result(10)
        assert second.result(10) == "done"

    def test_a_sane_default(self) -> None:
        assert default_running() >= 4


class TestClose:
    def test_waits_for_what_is_inside(self) -> None:
        gate = threading.Event()
        pool = AskingPool(1)
        call = pool.submit(lambda: gate.wait(10))
        threading.Timer(0.05, gate.set).start()
        assert pool.close(10)
        assert call.done()

    def test_but_not_for_ever(self) -> None:
        gate = threading.Event()
        pool = AskingPool(1)
        call = pool.submit(lambda: gate.wait(10))
        assert not pool.close(0.05)
        gate.set()
        call.result(10)

    def test_takes_no_more(self) -> None:
        pool = AskingPool(1)
        assert pool.close(1)
        with pytest.raises(BusyError, match="stopping"):
            pool.submit(lambda: 1)
