"""Who is at the door: tokens, signed session cookies, and how often one may try.

A token is compared by hash and in constant time; it never stands in a cookie, a log or a trace. A
session cookie says who and until when, signed with a key made from the tokens, so that changing a
token ends its sessions. Where no token is set at all, whoever is on this machine is its owner.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from leadline.access import LOCAL_OWNER, Principal
from leadline.errors import AccessError, SignInError, TooOftenError
from leadline.settings import Settings

COOKIE: Final = "leadline_session"
SESSION_S: Final = 12 * 3600
"""A working day: after it one signs in again."""
FAILURE_DELAY_S: Final = 0.4
"""A refused token is answered this much later."""
FAILURES_ALLOWED: Final = 8
"""Failed tries of one client within `LOCKOUT_S`; after them none counts until it is over."""
LOCKOUT_S: Final = 60
CLIENTS_REMEMBERED: Final = 10_000
MAX_TOKEN_LENGTH: Final = 500


def check_overseer(principal: Principal) -> None:
    """Raises AccessError unless the principal oversees the data."""
    if not principal.oversees:
        raise AccessError(
            "this is for administrators and analysts who see all data",
            hint="ask an administrator for the role, in `users:` of leadline.yaml",
        )


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


@dataclass(slots=True)
class Tries:
    """Failed tries per client, in memory; the oldest client is forgotten first."""

    clock: Callable[[], float] = time.monotonic
    _failed: dict[str, list[float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def check(self, client: str) -> None:
        """Raises TooOftenError while the client is locked out."""
        with self._lock:
            recent = self._recent(client)
            if len(recent) >= FAILURES_ALLOWED:
                wait = recent[-FAILURES_ALLOWED] + LOCKOUT_S - self.clock()
                raise TooOftenError(
                    "too many failed tries to sign in", wait_s=max(1, int(wait) + 1)
                )

    def failed(self, client: str) -> None:
        """Count one."""
        with self._lock:
            recent = [*self._recent(client), self.clock()][-FAILURES_ALLOWED:]
            self._failed.pop(client, None)
            while len(self._failed) >= CLIENTS_REMEMBERED:
                self._failed.pop(next(iter(self._failed)))
            self._failed[client] = recent

    def succeeded(self, client: str) -> None:
        """Start afresh."""
        with self._lock:
            self._failed.pop(client, None)

    def _recent(self, client: str) -> list[float]:
        since = self.clock() - LOCKOUT_S
        return [at for at in self._failed.get(client, ()) if at > since]


@dataclass(frozen=True, slots=True)
class Session:
    """What a cookie says: who (None: the owner), and until when (seconds since 1970)."""

    user: str | None
    expires: int


class Authority:
    """Knows every token by its hash, and signs sessions."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._clock = clock
        self._hashes: dict[str | None, bytes] = {}
        if settings.token is not None:
            self._hashes[None] = _sha256(settings.token)
        for name, entry in settings.instance.users.items():
            if entry.token_sha256 is not None:
                self._hashes[name] = bytes.fromhex(entry.token_sha256)
        # without the owner's token there is no secret to derive from: sessions end with the process
        secret = settings.token or secrets.token_hex(32)
        self._master = _sha256(f"leadline sessions, version 1\0{secret}")
        self.tries = Tries()

    @property
    def guarded(self) -> bool:
        """Whether a token is set; if not, the door is open to this machine."""
        return bool(self._hashes)

    def principal(self, user: str | None) -> Principal:
        """The principal of a user of leadline.yaml, or the owner."""
        return self._settings.principal(user)

    def identify(self, token: str, client: str) -> str | None:
        """Whose token this is: a user's name, or None for the owner.

        Raises:
            SignInError: nobody's; it counts as a failed try of `client`.
            TooOftenError: the client has failed too often of late.
        """
        self.tries.check(client)
        shown = _sha256(token[:MAX_TOKEN_LENGTH])
        found: list[str | None] = []
        for user, known in self._hashes.items():  # all of them, whichever fits
            if hmac.compare_digest(known, shown):
                found.append(user)
        if not found:
            self.tries.failed(client)
            raise SignInError("the token is not valid")
        self.tries.succeeded(client)
        return found[0]

    def session(self, user: str | None) -> str:
        """A cookie value for a user who has shown their token."""
        body = json.dumps([user, int(self._clock()) + SESSION_S], separators=(",", ":"))
        encoded = base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")
        return f"{encoded}.{self._signature(user, encoded)}"

    def read_session(self, value: str) -> Session:
        """The session that a cookie holds.

        Raises:
            SignInError: it is not one of ours, or it is over, or the token was changed since.
        """
        encoded, _, signature = value.partition(".")
        try:
            padded = f"{encoded}{'=' * (-len(encoded) % 4)}"
            user, expires = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        except (ValueError, TypeError, RecursionError) as error:
            raise SignInError("the session is not valid") from error
        known = (user is None or isinstance(user, str)) and user in self._hashes
        if not known or not hmac.compare_digest(
            self._signature(user, encoded).encode(), signature.encode("utf-8", "replace")
        ):
            raise SignInError("the session is not valid")
        if not isinstance(expires, int) or expires <= self._clock():
            raise SignInError("the session is over", hint="sign in again")
        return Session(user, expires)

    def _signature(self, user: str | None, encoded: str) -> str:
        key = hmac.digest(self._master, self._hashes[user], "sha256")
        return hmac.new(key, encoded.encode(), "sha256").hexdigest()

    def admit(
        self, headers: Mapping[str, str], cookie: str | None, client: str, *, direct: bool
    ) -> Principal:
        """Who sends a request, by its `Authorization` header or its session cookie.

        Args:
            headers: of the request, by lower-case name.
            cookie: the session cookie's value.
            client: the address that sends it.
            direct: whether it comes straight from this machine, not through a proxy.

        Raises:
            SignInError: nobody that we know.
            TooOftenError: the client has failed too often of late.
        """
        if not self.guarded:
            if direct:
                return LOCAL_OWNER
            raise SignInError(
                "without a token this answers on its own machine only",
                hint="set LEADLINE_TOKEN where the server runs, and start it again",
            )
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.principal(self.identify(token.strip(), client))
        if cookie:
            return self.principal(self.read_session(cookie).user)
        raise SignInError(
            "this needs a token",
            hint="POST /api/login, or send the header Authorization: Bearer TOKEN",
        )
