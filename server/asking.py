"""A bounded number of questions at work and in wait; one more is turned away at once.

Threads of its own, so that a flood of questions leaves the rest of the door open. Work goes on when
nobody waits for it any more. The threads are daemons: closing waits for them, but not for ever.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, TypeVar

from leadline.errors import BusyError

T = TypeVar("T")

RUNNING_PER_CORE: Final = 4
WAITING: Final = 64


def default_running() -> int:
    """How many questions are worked on at once: they wait for storage and models too."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return RUNNING_PER_CORE * (cores or 1)


class AskingPool:
    """Runs calls in threads, first come first served."""

    def __init__(self, running: int | None = None, waiting: int = WAITING) -> None:
        self._most = running or default_running()
        self._room = self._most + waiting
        self._inside = 0
        self._threads: list[threading.Thread] = []
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._state = threading.Condition()
        self._closed = False

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """Run `call` as soon as a thread is free.

        Raises:
            BusyError: all places are taken, or the pool is closed.
        """
        self.take_place()
        return self.begin(call)

    def take_place(self) -> None:
        """Take a place for a call that follows; every place taken must be begun.

        Raises:
            BusyError: all places are taken, or the pool is closed.
        """
        with self._state:
            if self._closed:
                raise BusyError("the server is stopping", hint="ask again in a moment")
            if self._inside >= self._room:
                raise BusyError(
                    f"{self._inside} questions are being answered or wait",
                    hint="ask again in a few seconds",
                )
            self._inside += 1
            if self._inside > len(self._threads) and len(self._threads) < self._most:
                name = f"asking-{len(self._threads) + 1}"
                thread = threading.Thread(target=self._work, name=name, daemon=True)
                self._threads.append(thread)
                thread.start()

    def begin(self, call: Callable[[], T]) -> Future[T]:
        """Run `call` in a place that was taken, as soon as a thread is free."""
        done: Future[T] = Future()
        done.set_running_or_notify_cancel()  # a caller who goes away cancels nothing

        def run() -> None:
            try:
                done.set_result(call())
            except BaseException as error:  # noqa: BLE001 - it is raised where the future is read
                done.set_exception(error)
            finally:
                self._leave()

        self._calls.put(run)
        return done

    def _leave(self) -> None:
        with self._state:
            self._inside -= 1
            self._state.notify_all()

    def _work(self) -> None:
        while True:
            self._calls.get()()

    def close(self, wait_s: float) -> bool:
        """Take no more, and wait for what is inside; whether all of it was finished in time."""
        until = time.monotonic() + wait_s
        with self._state:
            self._closed = True
            while self._inside:
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._state.wait(left)
        return True
