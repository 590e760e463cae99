"""Coming in over HTTP: who may, by which means, and who may call what."""

from __future__ import annotations

import base64
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from leadline import __version__
from leadline.settings import LlmSettings, read_settings
from server.app import ROUTERS, create_app
from server.auth import COOKIE, FAILURES_ALLOWED, SESSION_S
from server.routes.session import session_payload
from tests.agents.channel import new_instance
from tests.server.conftest import Callers
from tests.server.serving import OWNER_TOKEN, TOKENS, Serving, problem, serving

OPEN = {"/healthz", "/readyz", "/api/login", "/api/logout"}
"""What needs no token."""


def calls() -> list[tuple[str, str]]:
    """Method and path of every route, with ids that fit."""
    found = []
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            path = route.path
            for name in ("answer_id", "citation_id", "conversation_id", "trace_id", "run_id"):
                path = path.replace(f"{{{name}}}", "none0")
            found += [(method, path) for method in route.methods or ()]
    return sorted(found)


GUARDED = [(method, path) for method, path in calls() if path not in OPEN]
OVERSEEN = ("/api/data", "/api/traces", "/api/evals", "/api/answers/none0/promote")


class TestWhoMayCallWhat:
    @pytest.mark.parametrize(("method", "path"), GUARDED)
    def test_nobody_without_a_token(self, door: Serving, method: str, path: str) -> None:
        with door.client() as stranger:
            response = stranger.request(method, path)
        problem(response, 401, "sign-in-error")
        assert response.headers["www-authenticate"].startswith("Bearer")

    @pytest.mark.parametrize(("method", "path"), GUARDED)
    def test_a_token_opens(self, callers: Callers, method: str, path: str) -> None:
        assert callers["owner"].request(method, path).status_code not in (401, 403)

    @pytest.mark.parametrize(
        ("method", "path"), [call for call in GUARDED if call[1].startswith(OVERSEEN)]
    )
    def test_some_are_for_overseers(self, callers: Callers, method: str, path: str) -> None:
        body: dict[str, Any] = {"json": {}} if method == "POST" else {}
        for name in ("east", "south", "hengxin", "boss", "warden"):
            response = callers[name].request(method, path, **body)
            problem(response, 403, "access-error")
        for name in ("owner", "analyst"):
            response = callers[name].request(method, path, **body)
            assert response.status_code in (200, 404, 422), name

    @pytest.mark.parametrize(
        ("method", "path"), [call for call in GUARDED if not call[1].startswith(OVERSEEN)]
    )
    def test_the_others_are_for_all(self, callers: Callers, method: str, path: str) -> None:
        for name, client in callers.items():
            response = client.request(method, path)
            assert response.status_code in (200, 204, 404, 422), name

    def test_watching_over_it_needs_no_token(self, door: Serving) -> None:
        with door.client() as stranger:
            assert stranger.get("/healthz").json() == {"status": "ok", "version": __version__}
            ready = stranger.get("/readyz").json()
        assert ready == {"ready": True, "snapshot": 1, "as_of": "2025-11-20"}


class TestSession:
    def test_says_who_asks(self, callers: Callers) -> None:
        names = {name: c.get("/api/session").json()["user"] for name, c in callers.items()}
        assert names["owner"] == {
            "name": "local",
            "roles": ["admin"],
            "regions": None,
            "partners": None,
        }
        assert names["east"] == {
            "name": "east",
            "roles": ["manager"],
            "regions": ["华东"],
            "partners": None,
        }
        assert names["hengxin"]["partners"] == ["恒信科技有限公司"]

    def test_says_what_this_is(self, owner: httpx.Client) -> None:
        session = owner.get("/api/session").json()
        assert session["instance"] == {
            "name": "Test channel",
            "currency": "CNY",
            "timezone": "Asia/Shanghai",
        }
        assert session["planner"] == {"mode": "auto", "llm": None}
        assert session["version"] == __version__
        assert session["authenticated"] is True

    def test_names_the_model_but_not_its_key(self, door: Serving) -> None:
        from dataclasses import replace

        llm = LlmSettings("http://localhost/v1", "big-model", "secret-key", share="schema")
        settings = replace(door.app.state.door.settings, llm=llm)
        payload = session_payload(settings, settings.principal("east"))
        assert payload["planner"] == {
            "mode": "auto",
            "llm": {"model": "big-model", "share": "schema"},
        }
        assert "secret-key" not in str(payload)


class TestLogin:
    def test_a_token_gives_a_cookie_that_opens(self, door: Serving) -> None:
        with door.client() as browser:
            response = browser.post("/api/login", json={"token": TOKENS["east"]})
            assert (response.status_code, response.text) == (204, "")
            assert browser.get("/api/session").json()["user"]["name"] == "east"
            browser.post("/api/logout")
            problem(browser.get("/api/session"), 401, "sign-in-error")

    def test_the_cookie_is_kept_from_scripts_and_other_sites(self, door: Serving) -> None:
        with door.client() as browser:
            response = browser.post("/api/login", json={"token": OWNER_TOKEN})
        cookie = SimpleCookie(response.headers["set-cookie"])[COOKIE]
        assert cookie["httponly"]
        assert cookie["samesite"].lower() == "strict"
        assert cookie["path"] == "/"
        assert int(cookie["max-age"]) == SESSION_S
        assert not cookie["secure"]  # this is plain http on loopback
        assert not cookie["domain"]
        assert OWNER_TOKEN not in base64.b64decode(cookie.value.partition(".")[0] + "==").decode()

    def test_behind_a_proxy_that_speaks_https_it_is_secure(self, door: Serving) -> None:
        with door.client(headers={"X-Forwarded-Proto": "https"}) as browser:
            response = browser.post("/api/login", json={"token": OWNER_TOKEN})
        assert SimpleCookie(response.headers["set-cookie"])[COOKIE]["secure"]

    def test_a_wrong_token_gives_none(self, door: Serving) -> None:
        with door.client(headers={"X-Forwarded-For": "10.0.0.1"}) as browser:
            response = browser.post("/api/login", json={"token": "wrong"})
        problem(response, 401, "sign-in-error")
        assert "set-cookie" not in response.headers

    def test_a_changed_cookie_opens_nothing(self, door: Serving) -> None:
        with door.client() as browser:
            browser.post("/api/login", json={"token": TOKENS["east"]})
            body, _, signature = browser.cookies[COOKIE].partition(".")
        forged = base64.urlsafe_b64encode(b"[null,9999999999]").decode()
        for value in (f"{forged}.{signature}", f"{body}.{'0' * 64}", body, "", "."):
            with door.client(cookies={COOKIE: value}) as other:
                problem(other.get("/api/session"), 401, "sign-in-error")

    def test_guessing_is_locked_out_by_client(self, door: Serving) -> None:
        with door.client(headers={"X-Forwarded-For": "10.0.0.2"}) as guesser:
            for number in range(FAILURES_ALLOWED):
                if number % 2:
                    response = guesser.post("/api/login", json={"token": "wrong"})
                else:
                    wrong = {"Authorization": "Bearer wrong"}
                    response = guesser.get("/api/session", headers=wrong)
                problem(response, 401, "sign-in-error")
            locked = guesser.post("/api/login", json={"token": OWNER_TOKEN})
            told = problem(locked, 429, "too-often-error")
            assert told["retryable"]
            assert int(locked.headers["retry-after"]) > 0
        with door.client(OWNER_TOKEN, headers={"X-Forwarded-For": "10.0.0.3"}) as other:
            assert other.get("/api/session").status_code == 200


class TestOpenDoor:
    def test_without_a_token_only_this_machine_comes_in(self, tmp_path: Path) -> None:
        settings = read_settings(new_instance(tmp_path), {})
        with serving(create_app(settings)) as running, running.client() as here:
            assert here.get("/api/session").json()["user"]["name"] == "local"
            assert here.post("/api/login", json={"token": "any"}).status_code == 204
            for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
                through = here.get("/api/session", headers={header: "127.0.0.1"})
                assert "LEADLINE_TOKEN" in problem(through, 401, "sign-in-error")["hint"]

    def test_nothing_loaded_is_said_so(self, tmp_path: Path) -> None:
        settings = read_settings(tmp_path / "empty", {})
        with serving(create_app(settings)) as running, running.client() as here:
            assert here.get("/healthz").status_code == 200
            told = problem(here.get("/readyz"), 503, "not-ready-error")
            assert "leadline load" in told["hint"]
            assert str(tmp_path) not in str(told)
            problem(here.post("/api/ask", json={"question": "x"}), 503, "not-ready-error")
            problem(here.get("/api/suggestions"), 503, "not-ready-error")
            problem(here.get("/api/semantic/model"), 503, "not-ready-error")
            assert here.get("/api/data/status").json()["snapshot"] is None
            assert here.get("/api/data/snapshots").json() == {"items": []}
            assert here.get("/api/conversations").json() == {"items": [], "next": None}
