"""Every error of the tree as a problem, in both languages, without internals."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from leadline import errors
from leadline.errors import (
    AccessError,
    BusyError,
    EvidenceError,
    InputError,
    IntegrityError,
    LeadlineError,
    MappingError,
    NotFoundError,
    NotReadyError,
    SignInError,
    SpecError,
    TooOftenError,
)
from leadline.types import Language
from server.problems import (
    PROTOCOL,
    error_response,
    preferred,
    problem_of,
    problems,
    protocol_problem,
    validation_detail,
)

PATH = "/srv/leadline/leadline.db"


def raised() -> list[LeadlineError]:
    """One of each class."""
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, LeadlineError)
    ]
    found: list[LeadlineError] = []
    for kind in kinds:
        if issubclass(kind, TooOftenError):
            found.append(kind(PATH, wait_s=7))
        else:
            found.append(kind(PATH, hint="mend it"))
    return found


class TestProblemOf:
    @pytest.mark.parametrize("error", raised(), ids=lambda e: type(e).__name__)
    def test_says_what_its_class_says(self, error: LeadlineError) -> None:
        found = problem_of(error, "/api/x", Language.EN)
        assert found.status == error.http_status
        assert found.retryable == error.retryable
        assert found.instance == "/api/x"
        assert found.title
        assert found.detail

    @pytest.mark.parametrize("error", raised(), ids=lambda e: type(e).__name__)
    def test_from_500_on_no_message_leaves_the_server(self, error: LeadlineError) -> None:
        found = problem_of(error, "/api/x", Language.EN)
        told = PATH in found.detail
        assert told == (error.http_status < 500)

    @pytest.mark.parametrize(
        ("error", "kind"),
        [
            (NotFoundError("x"), "not-found-error"),
            (SpecError("x"), "spec-error"),
            (MappingError("x"), "mapping-error"),
            (SignInError("x"), "sign-in-error"),
            (AccessError("x"), "access-error"),
            (NotReadyError("x"), "not-ready-error"),
            (TooOftenError("x", wait_s=1), "too-often-error"),
            (IntegrityError("x"), "integrity-error"),
            (EvidenceError("x"), "evidence-error"),
            (ValueError(PATH), "leadline-error"),
        ],
    )
    def test_its_type_is_the_class(self, error: Exception, kind: str) -> None:
        found = problem_of(error, "/", Language.EN)
        assert found.type == f"urn:leadline:error:{kind}"
        assert PATH not in found.model_dump_json()

    def test_both_languages(self) -> None:
        error = NotFoundError("no answer 7")
        titles = {problem_of(error, "/", language).title for language in Language}
        assert titles == {"没有找到", "Not found"}

    def test_a_class_without_words_of_its_own_goes_by_its_parent(self) -> None:
        found = problem_of(MappingError("m"), "/", Language.EN)
        assert found.title == problem_of(InputError("m"), "/", Language.EN).title

    def test_nothing_loaded_says_how_to_load(self) -> None:
        assert "leadline load" in problem_of(NotReadyError(PATH), "/", Language.EN).hint

    def test_long_messages_are_cut(self) -> None:
        assert len(problem_of(InputError("x" * 5000), "/", Language.EN).detail) == 1000

    def test_the_trace_is_named_where_there_is_one(self) -> None:
        assert problem_of(BusyError("x"), "/", Language.EN, "ab12").trace_id == "ab12"


class TestResponse:
    @pytest.mark.parametrize(
        ("error", "header", "value"),
        [
            (TooOftenError("x", wait_s=7), "retry-after", "7"),
            (BusyError("x"), "retry-after", "5"),
            (SignInError("x"), "www-authenticate", 'Bearer realm="leadline"'),
        ],
    )
    def test_headers(self, error: LeadlineError, header: str, value: str) -> None:
        response = error_response(error, "/", Language.EN)
        assert response.headers[header] == value
        assert response.headers["content-type"] == "application/problem+json"

    def test_what_is_not_ready_is_not_to_be_asked_again_soon(self) -> None:
        assert "retry-after" not in error_response(NotReadyError("x"), "/", Language.EN).headers

    def test_half_a_surrogate_pair_in_a_message(self) -> None:
        assert b"\\ud800" in error_response(InputError("\ud800"), "/", Language.EN).body


class TestProtocol:
    @pytest.mark.parametrize("status", sorted(PROTOCOL))
    def test_each_status_has_words_in_both_languages(self, status: int) -> None:
        zh, en = (protocol_problem(status, "", "/", language) for language in Language)
        assert zh.status == en.status == status
        assert zh.title != en.title
        assert zh.detail == zh.title

    def test_one_without_words(self) -> None:
        found = protocol_problem(418, "I am a teapot", "/", Language.EN)
        assert (found.status, found.detail) == (418, "I am a teapot")


class TestPreferred:
    @pytest.mark.parametrize(
        ("header", "language"),
        [
            ("", Language.EN),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language.ZH),
            ("en-US,en;q=0.9,zh;q=0.8", Language.EN),
            ("de,zh", Language.ZH),
            ("ZH", Language.ZH),
            ("*", Language.EN),
        ],
    )
    def test_the_first_of_ours(self, header: str, language: Language) -> None:
        assert preferred(header) is language


class TestValidationDetail:
    def test_names_the_field_and_never_the_value(self) -> None:
        from server.api_models import Question

        with pytest.raises(ValidationError) as caught:
            Question.model_validate({"question": "", "planner": "geheim", "other": "geheim"})
        told = validation_detail(caught.value.errors())
        assert "question: " in told
        assert "planner: " in told
        assert "other: " in told
        assert "geheim" not in told

    def test_at_most_five_are_told(self) -> None:
        many = [{"type": "missing", "loc": ("body", n), "msg": "missing"} for n in range(9)]
        assert validation_detail(many).count("missing") == 5


class TestDocumented:
    def test_refers_to_the_one_form(self) -> None:
        found = problems(404, 503)
        assert set(found) == {404, 503}
        for entry in found.values():
            schema = entry["content"]["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}
