"""Recorded replies of a model to the questions of one data set.

A reply is found by what it is a reply to: all that the user said, and how many replies came before.
What tools returned has no part in it. A tape belongs to the instructions and tools that it was made
for, by the hash in its head.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from evals.scripted.wire import Reply, Request, ToolCall
from leadline.errors import InputError

FOLDER = Path(__file__).parent
RENEW = "python -m evals.recorded --write"
"""Makes all tapes anew."""

Place: TypeAlias = tuple[tuple[str, ...], int]
"""All that the user said, oldest first, and how many replies came before."""


@dataclass(slots=True)
class Tape:
    """Replies by place; `prompt_hash` is that of the instructions and tools they were made for."""

    prompt_hash: str
    replies: dict[Place, Reply] = field(default_factory=dict)


def tape_path(dataset: str) -> Path:
    """Where the tape of a data set lies."""
    return FOLDER / f"{dataset}.jsonl.gz"


def place(request: Request) -> Place:
    """What a request asks a reply to."""
    said = [m for m in request.messages if m["role"] in {"user", "assistant"}]
    texts = tuple(str(m.get("content") or "") for m in said if m["role"] == "user")
    return texts, len(said) - len(texts)


def write_tape(tape: Tape, path: Path) -> None:
    """Write a tape; equal tapes give equal bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [{"prompt_hash": tape.prompt_hash, "replies": len(tape.replies)}]
    lines += [_line(key, reply) for key, reply in sorted(tape.replies.items())]
    text = "".join(f"{_dump(line)}\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def read_tape(path: Path) -> Tape:
    """A tape as it was written.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    if not path.is_file():
        raise InputError(f"there are no recorded replies {path.name}", hint=f"make them: {RENEW}")
    try:
        head, *lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        tape = Tape(json.loads(head)["prompt_hash"], dict(_reply(json.loads(li)) for li in lines))
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is no tape: {error!r}", hint=f"make it anew: {RENEW}") from error
    return tape


def _dump(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _line(key: Place, reply: Reply) -> dict[str, Any]:
    said, before = key
    calls = [[call.name, dict(call.arguments)] for call in reply.calls]
    return {"said": said, "before": before, "text": reply.text, "calls": calls}


def _reply(line: Mapping[str, Any]) -> tuple[Place, Reply]:
    calls = tuple(ToolCall(name, arguments) for name, arguments in line["calls"])
    return (tuple(line["said"]), int(line["before"])), Reply(line["text"], calls)
