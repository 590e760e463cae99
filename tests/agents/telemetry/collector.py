"""A small OTLP/HTTP collector on loopback that decodes what arrives."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as ProtoSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status as ProtoStatus


@dataclass
class Collector:
    """What arrived, and how it answers."""

    endpoint: str = ""
    status: int = 200
    delay_s: float = 0.0
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def requests(self) -> list[ExportTraceServiceRequest]:
        return [ExportTraceServiceRequest.FromString(body) for body in self.bodies]

    @property
    def resource(self) -> dict[str, Any]:
        """Attributes of the resource of the first request."""
        return _plain(self.requests[0].resource_spans[0].resource.attributes)

    @property
    def spans(self) -> list[Arrived]:
        """All spans, in the order in which they arrived."""
        return [
            Arrived.of(span)
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def wait(self, spans: int, timeout_s: float = 10.0) -> list[Arrived]:
        """The spans, once so many have arrived."""
        ends = time.monotonic() + timeout_s
        while len(self.spans) < spans and time.monotonic() < ends:
            time.sleep(0.02)
        return self.spans


@dataclass(frozen=True)
class Arrived:
    """A span as a backend sees it. Times are nanoseconds since 1970."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: str
    start_ns: int
    end_ns: int
    attributes: dict[str, Any]
    events: list[tuple[str, int, dict[str, Any]]]
    status: str
    message: str

    @staticmethod
    def of(span: ProtoSpan) -> Arrived:
        return Arrived(
            span.trace_id.hex(),
            span.span_id.hex(),
            span.parent_span_id.hex(),
            span.name,
            ProtoSpan.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
            span.start_time_unix_nano,
            span.end_time_unix_nano,
            _plain(span.attributes),
            [(e.name, e.time_unix_nano, _plain(e.attributes)) for e in span.events],
            ProtoStatus.StatusCode.Name(span.status.code).removeprefix("STATUS_CODE_"),
            span.status.message,
        )


def _plain(pairs: Any) -> dict[str, Any]:
    made: dict[str, Any] = {}
    pair: KeyValue
    for pair in pairs:
        made[pair.key] = _value(pair.value)
    return made


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(item) for item in value.array_value.values]
    return None if kind is None else getattr(value, kind)


@contextmanager
def collector(**settings: Any) -> Iterator[Collector]:
    """Run a collector on a free port of this machine."""
    state = Collector(**settings)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            time.sleep(state.delay_s)
            state.headers.append({k.lower(): v for k, v in self.headers.items()})
            state.paths.append(self.path)
            if state.status == 200:
                state.bodies.append(body)
            self.send_response(state.status)
            self.send_header("Content-Type", "application/x-protobuf")
            reply = ExportTraceServiceResponse().SerializeToString()
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.endpoint = f"http://127.0.0.1:{server.server_address[1]}/v1/traces"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
