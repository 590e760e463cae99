"""Tokens, sessions, failed tries: without a network."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from leadline.access import LOCAL_OWNER, Principal
from leadline.errors import AccessError, SignInError, TooOftenError
from leadline.settings import Instance, Settings, UserEntry
from server.auth import (
    FAILURES_ALLOWED,
    LOCKOUT_S,
    SESSION_S,
    Authority,
    Tries,
    check_overseer,
)
from tests.agents.channel import EAST

TOKEN = "the-owner-s-long-token"
EAST_TOKEN = "token-of-east-for-tests"
USERS = {
    "east": UserEntry(
        regions=("华东",), token_sha256=hashlib.sha256(EAST_TOKEN.encode()).hexdigest()
    ),
    "south": UserEntry(regions=("华南",)),
}


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def settings(token: str | None = TOKEN, users: dict[str, UserEntry] | None = None) -> Settings:
    instance = Instance(users=USERS if users is None else users)
    return Settings(Path("/nowhere"), "sqlite://", instance=instance, token=token)


class TestTokens:
    def test_each_opens_for_its_principal(self) -> None:
        authority = Authority(settings())
        assert authority.principal(authority.identify(TOKEN, "a")) == LOCAL_OWNER
        assert authority.principal(authority.identify(EAST_TOKEN, "a")) == EAST

    @pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], TOKEN + "x", "\ud800", "x" * 100_000])
    def test_no_other_opens(self, token: str) -> None:
        with pytest.raises(SignInError):
            Authority(settings()).identify(token, "a")

    def test_a_hash_is_no_token(self) -> None:
        with pytest.raises(SignInError):
            Authority(settings()).identify(str(USERS["east"].token_sha256), "a")

    def test_without_any_token_this_machine_is_its_owner(self) -> None:
        open_door = Authority(settings(None, {}))
        assert not open_door.guarded
        assert open_door.admit({}, None, "127.0.0.1", direct=True) == LOCAL_OWNER
        with pytest.raises(SignInError, match="own machine"):
            open_door.admit({}, None, "10.0.0.7", direct=False)

    def test_a_user_s_token_alone_guards_the_door(self) -> None:
        authority = Authority(settings(None))
        assert authority.guarded
        with pytest.raises(SignInError, match="needs a token"):
            authority.admit({}, None, "127.0.0.1", direct=True)
        shown = {"authorization": f"Bearer {EAST_TOKEN}"}
        assert authority.admit(shown, None, "127.0.0.1", direct=True) == EAST

    @pytest.mark.parametrize("scheme", ["Basic", "Digest", ""])
    def test_only_bearer_is_read(self, scheme: str) -> None:
        with pytest.raises(SignInError):
            Authority(settings()).admit(
                {"authorization": f"{scheme} {TOKEN}"}, None, "a", direct=True
            )


class TestSessions:
    def test_says_who_until_it_is_over(self) -> None:
        clock = Clock()
        authority = Authority(settings(), clock)
        for user in (None, "east"):
            assert authority.read_session(authority.session(user)).user == user
        cookie = authority.session("east")
        clock.now += SESSION_S - 1
        assert authority.admit({}, cookie, "a", direct=False) == EAST
        clock.now += 1
        with pytest.raises(SignInError, match="over"):
            authority.read_session(cookie)

    def test_holds_no_token_and_no_hash(self) -> None:
        cookie = Authority(settings()).session("east")
        body = base64.urlsafe_b64decode(cookie.partition(".")[0] + "==").decode()
        for secret in (TOKEN, EAST_TOKEN, str(USERS["east"].token_sha256)):
            assert secret not in cookie + body

    def test_survives_a_restart_but_not_a_new_token(self) -> None:
        cookie = Authority(settings()).session("east")
        assert Authority(settings()).read_session(cookie).user == "east"
        other_hash = UserEntry(regions=("华东",), token_sha256="0" * 64)
        for changed in (
            settings("another-token-of-the-owner"),
            settings(users={"east": other_hash}),
            settings(users={"east": UserEntry(regions=("华东",))}),
            settings(users={}),
        ):
            with pytest.raises(SignInError):
                Authority(changed).read_session(cookie)

    def test_one_user_s_signature_does_not_fit_another(self) -> None:
        both = {**USERS, "west": UserEntry(token_sha256="1" * 64)}
        authority = Authority(settings(users=both))
        _, _, signature = authority.session("east").partition(".")
        for user in ("west", None):
            body = json.dumps([user, 2_000_000_000])
            forged = base64.urlsafe_b64encode(body.encode()).decode()
            with pytest.raises(SignInError):
                authority.read_session(f"{forged}.{signature}")

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "null",
            "[]",
            "[1]",
            "[[], 9999999999]",
            "[{}, 1]",
            '["east"]',
            '["east", null]',
            "{}",
        ],
    )
    def test_what_is_no_session_is_refused(self, body: str) -> None:
        authority = Authority(settings())
        encoded = base64.urlsafe_b64encode(body.encode()).decode()
        for value in (encoded, f"{encoded}.", f"{encoded}.00", f"{encoded}.é"):
            with pytest.raises(SignInError):
                authority.read_session(value)

    @pytest.mark.parametrize("value", ["", ".", "a.b", "é.é", "====.x", "[" * 5000 + ".x"])
    def test_nor_is_any_other_text(self, value: str) -> None:
        with pytest.raises(SignInError):
            Authority(settings()).read_session(value)

    def test_without_an_owner_s_token_they_end_with_the_process(self) -> None:
        cookie = Authority(settings(None)).session("east")
        with pytest.raises(SignInError):
            Authority(settings(None)).read_session(cookie)


class TestTries:
    def test_a_client_who_fails_too_often_waits(self) -> None:
        clock = Clock()
        tries = Tries(clock)
        for _ in range(FAILURES_ALLOWED):
            tries.check("a")
            tries.failed("a")
        with pytest.raises(TooOftenError) as caught:
            tries.check("a")
        assert 1 <= caught.value.wait_s <= LOCKOUT_S + 1
        tries.check("b")
        clock.now += caught.value.wait_s
        tries.check("a")

    def test_success_starts_afresh(self) -> None:
        authority = Authority(settings())
        for _ in range(3):
            for _ in range(FAILURES_ALLOWED - 1):
                with pytest.raises(SignInError):
                    authority.identify("wrong", "a")
            authority.identify(TOKEN, "a")

    def test_the_right_token_does_not_open_while_locked_out(self) -> None:
        authority = Authority(settings())
        for _ in range(FAILURES_ALLOWED):
            with pytest.raises(SignInError):
                authority.identify("wrong", "a")
        with pytest.raises(TooOftenError):
            authority.identify(TOKEN, "a")

    def test_memory_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("server.auth.CLIENTS_REMEMBERED", 5)
        tries = Tries()
        for number in range(50):
            tries.failed(str(number))
        assert len(tries._failed) == 5


class TestOverseers:
    def test_it_takes_a_role_and_sight_of_all_data(self) -> None:
        check_overseer(LOCAL_OWNER)
        check_overseer(Principal("a", frozenset({"analyst"})))
        for principal in (
            EAST,
            Principal("boss", frozenset({"manager"})),
            replace(EAST, roles=frozenset({"admin", "analyst"})),
        ):
            with pytest.raises(AccessError):
                check_overseer(principal)
