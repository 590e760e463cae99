"""The server: real HTTP on loopback, one thread a connection, every byte received kept.

A behaviour decides what each request gets: a `Reply`, or a `Trouble` that sends something else.
"""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Protocol, Self

from evals.scripted.wire import DONE, Reply, Request, chunks, completion, event

MODEL = "scripted-model"


class Wire(Protocol):
    """What a trouble may do to a connection."""

    def plain(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        """Send a whole response."""
        ...

    def streamed(self, pieces: Iterator[bytes], *, finished: bool = True) -> None:
        """Send a response in chunks; one that is not `finished` lacks its end."""
        ...

    def reset(self) -> None:
        """Break the connection without a response."""
        ...


class Trouble(Protocol):
    """Something that goes wrong instead of a reply."""

    def send(self, wire: Wire) -> None:
        """Do it."""
        ...


Behaviour = Callable[[Request], "Reply | Trouble"]


class ScriptedModel:
    """A model server with a behaviour; use it as a context manager.

    `requests` are all that came, in order; `received` every body and header line as bytes.
    `hits` counts connections; `busy_s` is the time from a request's last byte to its reply's last.
    """

    def __init__(self, behaviour: Behaviour, *, think_s: float = 0.0, port: int = 0) -> None:
        self.behaviour = behaviour
        self.think_s = think_s
        self.requests: list[Request] = []
        self.received: list[bytes] = []
        self.busy_s = 0.0
        self.hits = 0
        self.connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"model": self})
        self._server = _Server(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def base_url(self) -> str:
        """What a client is to be told."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        """Start serving."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop; connections that clients keep open are closed."""
        self._server.shutdown()
        self._server.server_close()
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def serve(self) -> None:
        """Serve in this thread until interrupted."""
        self._server.serve_forever()

    def take(self, raw: bytes, headers: Mapping[str, str]) -> Request:
        """Keep a request."""
        body: Any = json.loads(raw or b"{}")
        with self._lock:
            request = Request(body, raw, headers, len(self.requests) + 1)
            self.requests.append(request)
            lines = "".join(f"{key}: {value}\n" for key, value in headers.items())
            self.received += [lines.encode(), raw]
        return request

    def spent(self, seconds: float) -> None:
        """Count time spent on a request."""
        with self._lock:
            self.busy_s += seconds


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients go away in the midst of a reply: that is part of what is tried here."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    model: ClassVar[ScriptedModel]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Count the connection."""
        self.model.hits += 1
        self.model.connections.add(self.request)
        super().setup()

    def finish(self) -> None:
        """The connection is over."""
        super().finish()
        self.model.connections.discard(self.request)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path.rstrip("/").endswith("/models"):
            listed = [{"id": MODEL, "object": "model", "created": 0, "owned_by": "scripted"}]
            self.plain(200, json.dumps({"object": "list", "data": listed}).encode())
            return
        self.plain(404, b"{}")

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        began = time.perf_counter()
        if not self.path.rstrip("/").endswith("/chat/completions"):
            self.plain(404, b'{"error":{"message":"no such path"}}')
            return
        request = self.model.take(raw, dict(self.headers.items()))
        try:
            time.sleep(self.model.think_s)
            answer = self.model.behaviour(request)
            if not isinstance(answer, Reply):
                answer.send(self)
            elif request.stream:
                self.streamed(iter([*map(event, chunks(request, answer)), DONE]))
            else:
                self.plain(200, json.dumps(completion(request, answer)).encode())
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has gone: nobody is left to be told
        finally:
            self.model.spent(time.perf_counter() - began)

    def plain(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def streamed(self, pieces: Iterator[bytes], *, finished: bool = True) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in pieces:
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.flush()
        if finished:
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.reset()

    def reset(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.close()
