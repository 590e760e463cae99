"""The OpenAPI document holds: what it says is what the server does, whatever is sent to it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import TypeAdapter
from schemathesis import BaseSchema, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.openapi.loaders import from_url

from evals.sampling import Selection
from evals.store import EvalStore, RunSetup
from server import examples
from server.api_models import AnswerOut, CitationOut, Question
from server.app import ROUTERS
from tests.server.serving import OWNER_TOKEN, Serving, asked, guarded, until_written

AUTHORIZED = {"Authorization": f"Bearer {OWNER_TOKEN}"}
BOUNDED = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
load_all_checks()
HELD_BY_ALL = [
    CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    )
]
HELD = [
    *HELD_BY_ALL,
    *map(
        CHECKS.get_one,
        (
            "positive_data_acceptance",
            "unsupported_method",
            "ignored_auth",
        ),
    ),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A guarded channel on which guessing tokens locks nobody out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("server.door.FAILURE_DELAY_S", 0.0)
        patch.setattr("server.routes.session.FAILURE_DELAY_S", 0.0)
        patch.setattr("server.auth.FAILURES_ALLOWED", 10**9)
        # a browser for each of the many requests would take minutes; it has tests of its own
        patch.setattr("server.routes.briefs.print_pdf", lambda _html: b"%PDF-1.4")
        with guarded(tmp_path_factory.mktemp("openapi")) as found:
            yield found


@pytest.fixture(scope="module")
def document(running: Serving) -> dict[str, Any]:
    with running.client() as client:
        found: dict[str, Any] = client.get("/api/openapi.json").json()
    return found


@pytest.fixture(scope="module")
def api(running: Serving) -> BaseSchema:
    logging.getLogger("leadline.server").propagate = True
    return from_url(f"{running.url}/api/openapi.json")


@pytest.fixture(scope="module")
def known(running: Serving) -> dict[str, str]:
    """Ids of things that are there."""
    with running.client(OWNER_TOKEN) as client:
        answer = asked(client, "2025年各大区销售额")
    store = EvalStore(running.app.state.door.service.evidence.engine)
    run_id = store.begin_run(RunSetup("rules", ("channel",), Selection(), "test"))
    with running.client(OWNER_TOKEN) as client:
        brief = until_written(client, {"week": "2025-W46"})
    return {
        "brief_id": brief["brief_id"],
        "answer_id": answer["id"],
        "citation_id": answer["citations"][0]["id"],
        "conversation_id": answer["conversation_id"],
        "trace_id": answer["trace_id"],
        "run_id": run_id,
        "name": "freshness",
    }


REFUSES = CHECKS.get_one("negative_data_rejection")
"""Only of bodies: in a query every unfitting value of an optional text is a fitting text."""
OPERATIONS = sorted(
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods or ()
)
NAMED = [operation for operation in OPERATIONS if "{" in operation[1]]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


def send(
    api: BaseSchema, method: str, path: str, mode: GenerationMode, ids: dict[str, str] | None = None
) -> None:
    """Send generated requests, fitting or unfitting ones, and hold the answers to the document."""
    operation: Any = api[path][method]
    if mode is GenerationMode.NEGATIVE and not can_be_wrong(operation):
        pytest.skip("nothing of it can be wrong")

    checks = HELD_BY_ALL if ids is not None else HELD
    if ids is None and method in ("POST", "PUT"):
        checks = [*HELD, REFUSES]

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        if ids is not None:
            case.path_parameters.update({name: ids[name] for name in case.path_parameters})
        if path == "/api/traces" and mode is GenerationMode.POSITIVE:
            case.query.pop("before", None)  # a cursor is made by the server, not by its form
        case.call_and_validate(headers=AUTHORIZED, checks=checks)

    each()


def can_be_wrong(operation: Any) -> bool:
    """Whether the operation takes anything."""
    return bool(operation.path_parameters.items or operation.query.items or operation.body.items)


@pytest.mark.slow
class TestConformance:
    @pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
    @pytest.mark.parametrize(("method", "path"), OPERATIONS)
    def test_whatever_is_sent(
        self, api: BaseSchema, method: str, path: str, mode: GenerationMode
    ) -> None:
        send(api, method, path, mode)

    @pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
    @pytest.mark.parametrize(("method", "path"), NAMED)
    def test_whatever_is_sent_about_what_is_there(
        self, api: BaseSchema, known: dict[str, str], method: str, path: str, mode: GenerationMode
    ) -> None:
        send(api, method, path, mode, known)


class TestDocument:
    def test_every_operation_is_described_tagged_and_named_once(
        self, document: dict[str, Any]
    ) -> None:
        tags = {tag["name"] for tag in document["tags"]}
        names = []
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                where = f"{method} {path}"
                assert operation["summary"], where
                assert operation["description"], where
                assert set(operation["tags"]) <= tags, where
                names.append(operation["operationId"])
        assert len(names) == len(set(names))

    def test_every_error_is_a_problem(self, document: dict[str, Any]) -> None:
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        kinds = list(response["content"])
                        assert kinds == ["application/problem+json"], (method, path, status)
        assert "HTTPValidationError" not in document["components"]["schemas"]
        assert document["components"]["schemas"]["Problem"]["required"]

    def test_both_ways_to_come_in_are_stated(self, document: dict[str, Any]) -> None:
        schemes = document["components"]["securitySchemes"]
        assert schemes["HTTPBearer"]["scheme"] == "bearer"
        assert schemes["APIKeyCookie"]["name"] == "leadline_session"
        for path, methods in document["paths"].items():
            for operation in methods.values():
                assert ("security" in operation) == (path not in OPEN), path

    def test_no_page_of_another_site_is_needed_to_read_it(self, owner: httpx.Client) -> None:
        for path in ("/docs", "/redoc", "/api/docs"):
            assert "swagger" not in owner.get(path).text.lower()

    def test_the_stream_is_documented(self, document: dict[str, Any]) -> None:
        content = document["paths"]["/api/ask"]["post"]["responses"]["200"]["content"]
        assert set(content) == {"application/json", "text/event-stream"}
        assert content["text/event-stream"]["example"].startswith("event: accepted")


OPEN = {"/healthz", "/readyz", "/api/login", "/api/logout"}


class TestExamples:
    def test_fit_their_forms(self) -> None:
        for question in examples.QUESTIONS:
            TypeAdapter(Question).validate_python(question)
        TypeAdapter(CitationOut).validate_python(examples.CITATION)
        TypeAdapter(AnswerOut).validate_python(examples.ANSWER)

    def test_figures_point_at_what_they_say(self) -> None:
        figure = examples.ANSWER["figures"][0]
        assert examples.ANSWER["text"][figure["start"] : figure["end"]] == "61 万元"
