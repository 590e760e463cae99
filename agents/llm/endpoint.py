"""The endpoint: one client for all questions, one deadline for each.

The openai client's own retries are off (`leadline.retry` is the one place for that), redirects are
not followed, and langchain's tracing to third parties is off whatever the environment says. A call
runs in a thread of its own, so that a question ends in time whatever the server does.
"""

from __future__ import annotations

import contextlib
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from agents.llm.errors import LlmError
from leadline.settings import LlmSettings

if TYPE_CHECKING:
    import httpx
    from langchain_openai import ChatOpenAI

T = TypeVar("T")

CONNECT_SECONDS: Final = 10.0
LARGEST_REPLY_BYTES: Final = 8_000_000
"""A reply beyond this is broken off: the longest sensible one is far smaller."""
LAST_EVENT: Final = b"data: [DONE]"
NO_KEY: Final = "none"
"""What servers without keys are sent: the client insists on one."""

_DEADLINE: ContextVar[float] = ContextVar("leadline_llm_deadline", default=float("inf"))


@dataclass(slots=True, weakref_slot=True)
class Endpoint:
    """Makes the client on first use; safe to share between threads.

    Connections are closed with it, by `close` or when nobody holds it any more.
    """

    settings: LlmSettings
    _model: ChatOpenAI | None = None
    _closing: weakref.finalize[..., Endpoint] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def model(self) -> ChatOpenAI:
        """The chat model; the same for every question."""
        with self._lock:
            if self._model is None:
                client = _client(self.settings)
                self._closing = weakref.finalize(self, client.close)
                self._model = _chat_model(self.settings, client)
            return self._model

    def close(self) -> None:
        """Close its connections; it must not be used after that."""
        if self._closing is not None:
            self._closing()

    def leave_out_temperature(self) -> bool:
        """For models that take none but their own. False where it was left out already."""
        model = self.model()
        with self._lock:
            sent, model.temperature = model.temperature is not None, None
            return sent


def _client(settings: LlmSettings) -> httpx.Client:
    import httpx

    seconds = settings.timeout_s
    return httpx.Client(
        timeout=httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
        event_hooks={"response": [_bound]},
    )


def _chat_model(settings: LlmSettings, client: httpx.Client) -> ChatOpenAI:
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(
        model=settings.model,
        base_url=settings.base_url,
        api_key=SecretStr(settings.api_key or NO_KEY),
        http_client=client,
        timeout=client.timeout,
        max_retries=0,
        streaming=True,
        stream_usage=True,
        use_responses_api=False,
        temperature=0,
    )


def _bound(response: httpx.Response) -> None:
    """Let a reply end with the question's time or at its largest size, even if bytes go on."""
    import httpx

    deadline = _DEADLINE.get()

    class Bounded(httpx.SyncByteStream):
        def __init__(self, inner: httpx.SyncByteStream) -> None:
            self.inner = inner
            self.pieces = self._pieces(inner)
            self.done = False

        def _pieces(self, inner: httpx.SyncByteStream) -> Iterator[bytes]:
            size = 0
            for chunk in inner:
                size += len(chunk)
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("the question's time is over")
                if size > LARGEST_REPLY_BYTES:
                    raise httpx.ReadError("the reply is too large")
                self.done = self.done or LAST_EVENT in chunk
                yield chunk

        def __iter__(self) -> Iterator[bytes]:
            return self.pieces

        def close(self) -> None:
            if self.done:
                # the client stops at the last event; only a reply read to its very end leaves a
                # connection that the next call can use
                threading.Thread(target=self._read_on, name="leadline-llm", daemon=True).start()
            else:
                self.inner.close()

        def _read_on(self) -> None:
            with contextlib.suppress(httpx.HTTPError, OSError):
                for _ in self.pieces:
                    continue
            self.inner.close()

    assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101 - a synchronous client
    response.stream = Bounded(response.stream)


def before(deadline: float, call: Callable[[], T]) -> T:
    """Run `call` in a thread of its own and wait for it until `deadline` (monotonic seconds).

    A call that is late goes on in the background until its next byte, and then ends.

    Raises:
        LlmError: it is too late (`timeout`). Whatever `call` raises is raised here.
    """
    done = threading.Event()
    box: list[Any] = []
    context = copy_context()
    context.run(_DEADLINE.set, deadline)

    def work() -> None:
        try:
            box.append((True, context.run(call)))
        except BaseException as error:  # noqa: BLE001 - handed over to the thread that waits
            box.append((False, error))
        finally:
            done.set()

    left = deadline - time.monotonic()
    if left > 0:
        threading.Thread(target=work, name="leadline-llm", daemon=True).start()
    if left <= 0 or not done.wait(left):
        raise LlmError("the language model took longer than a question may", code="timeout")
    held, value = box[0]
    if not held:
        raise value
    result: T = value
    return result
