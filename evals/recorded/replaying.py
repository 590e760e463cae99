"""A model server that says what is on tape, and one that puts on tape what another one says."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from agents.llm.prompts import prompt_hash
from evals.recorded.tape import RENEW, Tape, place, read_tape, tape_path
from evals.scripted.server import Behaviour, ScriptedModel, Trouble
from evals.scripted.troubles import Status
from evals.scripted.wire import Reply, Request
from leadline.errors import InputError
from leadline.settings import LlmSettings

RECORDED_MODEL = "recorded"
"""What runs with recorded replies name as their model."""

NOT_RECORDED = Status(404, "not_recorded")


@dataclass(frozen=True, slots=True)
class Recording:
    """Passes a behaviour's replies on and keeps them."""

    inner: Behaviour
    tape: Tape

    def __call__(self, request: Request) -> Reply | Trouble:
        """The inner behaviour's reply."""
        reply = self.inner(request)
        if isinstance(reply, Reply):
            self.tape.replies[place(request)] = reply
        return reply


@dataclass(slots=True)
class Replaying:
    """Replies from a tape; a request that is not on it is refused, and remembered."""

    replies: Mapping[tuple[tuple[str, ...], int], Reply]
    missing: list[str] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply | Trouble:
        """The reply on tape."""
        said, before = place(request)
        found = self.replies.get((said, before))
        if found is None:
            self.missing.append(f"{said[-1] if said else ''!r} after {before} replies")
            return NOT_RECORDED
        return found


class Recordings:
    """Servers with the tapes of data sets, each begun when it is first asked for.

    Use it as a context manager; the servers end with it.
    """

    def __init__(self) -> None:
        self._open = ExitStack()
        self._behaviours: list[Replaying] = []
        self._found: dict[str, LlmSettings] = {}

    def __enter__(self) -> Self:
        """Nothing is served yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop all servers."""
        self._open.close()

    def settings(self, dataset: str) -> LlmSettings:
        """The endpoint that replies to the questions of a data set.

        Raises:
            InputError: there is no tape of it, or it was made for other instructions or tools.
        """
        if dataset not in self._found:
            behaviour = Replaying(current_tape(dataset).replies)
            self._behaviours.append(behaviour)
            server = self._open.enter_context(ScriptedModel(behaviour))
            self._found[dataset] = LlmSettings(server.base_url, RECORDED_MODEL)
        return self._found[dataset]

    @property
    def missing(self) -> tuple[str, ...]:
        """Requests that were on no tape, in the order in which they came."""
        return tuple(told for behaviour in self._behaviours for told in behaviour.missing)


def current_tape(dataset: str) -> Tape:
    """The tape of a data set, made for the instructions and tools of this build.

    Raises:
        InputError: there is none, or it was made for others.
    """
    tape = read_tape(tape_path(dataset))
    if tape.prompt_hash != prompt_hash():
        raise InputError(
            f"the recorded replies of {dataset} were made for the instructions and tools "
            f"{tape.prompt_hash}, this build has {prompt_hash()}",
            hint=f"renew them: {RENEW}",
        )
    return tape
