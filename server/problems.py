"""Errors as `application/problem+json` (RFC 9457), from the one error tree.

Below 500 a problem tells what the error tells: the caller can mend it. From 500 on it tells what
the error's class means and no more, for messages name files and databases of the server.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import Response

from leadline.errors import (
    AccessError,
    BusyError,
    EvidenceError,
    InputError,
    IntegrityError,
    LeadlineError,
    NotFoundError,
    NotReadyError,
    SignInError,
    SpecError,
    TooOftenError,
)
from leadline.types import Language
from server.json_response import JsonResponse

MEDIA_TYPE = "application/problem+json"
BUSY_WAIT_S = 5
"""After how many seconds a caller who met a busy server is asked to come again."""
MAX_DETAIL = 1000


class Problem(BaseModel):
    """What went wrong, for programs (`type`, `status`, `retryable`) and people."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:leadline:error:not-found-error",
                    "title": "Not found",
                    "status": 404,
                    "detail": "no answer 'b2f0c4d19a7e4c03a5d1' is stored",
                    "hint": "",
                    "retryable": False,
                    "instance": "/api/answers/b2f0c4d19a7e4c03a5d1",
                }
            ]
        },
    )

    type: str
    """`urn:leadline:error:` and the kind of error."""
    title: str
    """The kind of error in words, Chinese where the caller prefers it."""
    status: int
    detail: str
    """What went wrong this time."""
    hint: str
    """How to mend it, or empty."""
    retryable: bool
    """Whether the same request may succeed later."""
    instance: str
    """The path that was asked for."""
    trace_id: str | None = None
    """Of the trace that tells more, where there is one."""


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def get(self, language: Language) -> str:
        """The text in `language`."""
        return self.zh if language is Language.ZH else self.en


TITLES: Mapping[type[LeadlineError], Words] = {
    LeadlineError: Words("服务器内部错误", "Something went wrong on the server"),
    InputError: Words("请求有误", "The request does not fit"),
    SpecError: Words("查询不成立", "The query does not fit the data"),
    NotFoundError: Words("没有找到", "Not found"),
    AccessError: Words("没有权限", "Not allowed"),
    SignInError: Words("请先登录", "Please sign in"),
    NotReadyError: Words("尚未装载或发布数据", "Nothing is loaded or published yet"),
    BusyError: Words("正忙，请稍后再试", "Busy, please try again"),
    TooOftenError: Words("尝试过于频繁，请稍后再试", "Too many tries, please wait"),
    IntegrityError: Words(
        "存储的数据与其校验值不符", "Stored data contradicts its own hash or key"
    ),
    EvidenceError: Words(
        "文字中的数字没有依据，未予回答", "A figure had no evidence, so nothing was answered"
    ),
}
"""Each class of the tree that can reach the door; others go by the nearest above them."""

PROTOCOL: Mapping[int, tuple[str, Words]] = {
    400: ("bad-request", Words("请求无法解析", "The request cannot be read")),
    403: ("cross-site-request", Words("拒绝来自其他网站的请求", "Asked for by another site")),
    404: ("not-found-error", TITLES[NotFoundError]),
    405: ("method-not-allowed", Words("不支持该方法", "That method is not offered here")),
    408: ("request-timeout", Words("请求发送过慢", "The request took too long to arrive")),
    413: ("body-too-large", Words("请求体过大", "The request's body is too large")),
    415: ("not-json", Words("请求体须为 JSON", "The request's body must be JSON")),
    421: ("wrong-host", Words("主机名不被接受", "Not the host that this server answers for")),
}
"""What HTTP itself can find wrong."""

_READY_HINT = "leadline load SOURCE_DIR --mapping FILE.yaml"


def preferred(accept_language: str) -> Language:
    """Chinese where an `Accept-Language` header names it before English."""
    first = re.search(r"\b(zh|en)\b", accept_language.lower())
    return Language.ZH if first and first[1] == "zh" else Language.EN


def slug(kind: type[LeadlineError]) -> str:
    """The class name with hyphens: `NotFoundError` is `not-found-error`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower()


def title(kind: type[LeadlineError], language: Language) -> str:
    """What a class of errors is called."""
    return next(TITLES[k] for k in kind.__mro__ if k in TITLES).get(language)


def problem_of(
    error: BaseException, path: str, language: Language, trace_id: str | None = None
) -> Problem:
    """The problem that an error is; anything not of our tree is one on the server."""
    kind = type(error) if isinstance(error, LeadlineError) else LeadlineError
    status = kind.http_status
    named = title(kind, language)
    detail, hint = named, ""
    if isinstance(error, LeadlineError) and status < 500:
        detail, hint = error.message[:MAX_DETAIL], error.hint[:MAX_DETAIL]
    elif isinstance(error, NotReadyError):
        hint = _READY_HINT
    return Problem(
        type=f"urn:leadline:error:{slug(kind)}",
        title=named,
        status=status,
        detail=detail,
        hint=hint,
        retryable=kind.retryable,
        instance=path,
        trace_id=trace_id,
    )


def protocol_problem(status: int, detail: str, path: str, language: Language) -> Problem:
    """A problem that HTTP itself found."""
    code, words = PROTOCOL.get(status, ("bad-request", PROTOCOL[400][1]))
    return Problem(
        type=f"urn:leadline:error:{code}",
        title=words.get(language),
        status=status,
        detail=detail or words.get(language),
        hint="",
        retryable=False,
        instance=path,
    )


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The problem as a response."""
    return JsonResponse(
        problem.model_dump(exclude_none=True),
        status_code=problem.status,
        headers=dict(headers or {}),
        media_type=MEDIA_TYPE,
    )


def error_response(error: BaseException, path: str, language: Language) -> Response:
    """An error of ours, or of nobody's, as a response."""
    headers: dict[str, str] = {}
    if isinstance(error, TooOftenError):
        headers["Retry-After"] = str(error.wait_s)
    elif isinstance(error, BusyError):
        headers["Retry-After"] = str(BUSY_WAIT_S)
    elif isinstance(error, SignInError):
        headers["WWW-Authenticate"] = 'Bearer realm="leadline"'
    return problem_response(problem_of(error, path, language), headers)


def validation_detail(errors: Sequence[Mapping[str, Any]]) -> str:
    """What is wrong with which field; never the value itself."""
    told = []
    for item in errors[:5]:
        if item["type"] == "json_invalid":
            told.append("the body is not valid JSON")
            continue
        where = ".".join(str(part) for part in item["loc"] if part != "body")
        told.append(f"{where[:100] or 'body'}: {item['msg']}")
    return "; ".join(told)[:MAX_DETAIL]


def language_of(request: Request) -> Language:
    """The language in which to tell this caller of a problem."""
    return preferred(request.headers.get("accept-language", ""))


async def _on_error(request: Request, error: Exception) -> Response:
    return error_response(error, request.url.path, language_of(request))


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it only
    unfit = InputError(validation_detail(error.errors()), hint="see /api/openapi.json")
    return error_response(unfit, request.url.path, language_of(request))


async def _on_protocol(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it only
    words = PROTOCOL.get(error.status_code)
    detail = "" if words else error.detail
    found = protocol_problem(error.status_code, detail, request.url.path, language_of(request))
    headers = dict(error.headers or {})
    if error.status_code == 405 and (offered := _offered(request)):
        headers["Allow"] = ", ".join(sorted(offered))
    return problem_response(found, headers)


def _offered(request: Request) -> set[str]:
    """The methods of every route of the path; the router itself tells those of the first only."""
    path = getattr(request.scope.get("route"), "path", "")
    return {method.upper() for method in request.app.openapi()["paths"].get(path, ())}


def tell_problems(app: FastAPI) -> None:
    """Let the app answer errors as problems. What is not of our tree is left to the guard."""
    app.add_exception_handler(LeadlineError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_protocol)


_MEANINGS = {
    400: "The request cannot be read",
    401: "Nobody is signed in",
    403: "The principal may not do or see this",
    404: "There is no such thing, or it is not the principal's to see",
    413: "The body is larger than 64 kB",
    415: "The body is not JSON",
    422: "The request does not fit the documented form",
    429: "Too many failed tries; `Retry-After` says when one counts again",
    500: "Something went wrong on the server",
    503: "Nothing is published yet, or the server is busy (`retryable`)",
}
SCHEMA_REF = "#/components/schemas/Problem"


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may end in these statuses."""
    return {
        status: {
            "description": _MEANINGS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": SCHEMA_REF}}},
        }
        for status in statuses
    }
