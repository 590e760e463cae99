"""One tree of errors.

    LeadlineError
    ├── InputError            the caller can mend it: bad mapping, bad file, bad argument
    │   ├── MappingError      a mapping document is wrong; names file and line
    │   ├── SourceFileError   a source file cannot be read at all
    │   ├── SpecError         a QuerySpec names what does not exist or does not fit
    │   └── NotFoundError     an id, user or snapshot that is not there
    ├── AccessError           the principal may not see this
    │   └── SignInError       nobody is signed in, or the token is not one of ours
    ├── NotReadyError         no data loaded, no snapshot in force
    ├── BusyError             another process holds the lock; try again
    │   └── TooOftenError     too many tries in a short time; try again later
    ├── IntegrityError        stored data contradicts its own hash or key; never retried
    └── EvidenceError         a text holds a figure that no evidence holds

Each class says whether a retry can help, what a language model may be told, which HTTP status and
which exit code belong to it. Never catch one to hide it.
"""

from __future__ import annotations

from typing import ClassVar


class LeadlineError(Exception):
    """Base of all errors that Leadline raises on purpose.

    Args:
        message: what went wrong and where, for a person.
        hint: how to mend it, or an empty string.
    """

    retryable: ClassVar[bool] = False
    http_status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    shown_to_model: ClassVar[bool] = False
    """Whether a language model may read the message (it never holds rows of data then)."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def model_text(self) -> str:
        """What a language model may be told about this error."""
        if not self.shown_to_model:
            return type(self).__name__
        return f"{self.message} {self.hint}".strip()

    def __str__(self) -> str:
        return f"{self.message}\n  → {self.hint}" if self.hint else self.message


class InputError(LeadlineError):
    """The caller's input is wrong and the caller can mend it."""

    http_status = 422
    exit_code = 2
    shown_to_model = True


class MappingError(InputError):
    """A mapping document is wrong; `where` is `file:line`."""

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message, hint=hint)
        self.where = where


class SourceFileError(InputError):
    """A source file is missing, unreadable, or not what its name says."""


class SpecError(InputError):
    """A query names an unknown metric, dimension or member, or combines what does not fit."""


class NotFoundError(InputError):
    """An id, user, snapshot or answer that does not exist (or is outside the caller's scope)."""

    http_status = 404


class AccessError(LeadlineError):
    """The principal may not do or see this."""

    http_status = 403
    exit_code = 3
    shown_to_model = True


class SignInError(AccessError):
    """Nobody is signed in, or what was shown opens nothing."""

    http_status = 401


class NotReadyError(LeadlineError):
    """Nothing is loaded or published yet."""

    http_status = 503
    exit_code = 4
    shown_to_model = True


class BusyError(LeadlineError):
    """Another process holds a lock or the database; trying again can help."""

    retryable = True
    http_status = 503
    exit_code = 5


class TooOftenError(BusyError):
    """Too many tries in a short time; `wait_s` seconds later one counts again."""

    http_status = 429

    def __init__(self, message: str, *, wait_s: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.wait_s = wait_s


class IntegrityError(LeadlineError):
    """Stored data contradicts its own hash, key or count."""

    exit_code = 6


class EvidenceError(LeadlineError):
    """A text holds a figure, unit or direction that its evidence does not hold."""

    exit_code = 7
