from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from evals.cases import DATASETS
from evals.recorded.tape import Tape, place, read_tape, tape_path, write_tape
from evals.scripted.wire import Reply, Request, ToolCall
from leadline.errors import InputError

ASK: dict[str, Any] = {"role": "user", "content": "今年销售额"}
TAPE = Tape(
    "abc123",
    {
        (("今年销售额",), 0): Reply(calls=(ToolCall("query", {"metrics": ["amount"]}),)),
        (("今年销售额",), 1): Reply("销售额 {{r1.rows[0].amount}} [1]"),
    },
)


def request(*messages: dict[str, Any]) -> Request:
    return Request({"messages": list(messages)}, b"{}", {}, 1)


class TestPlace:
    def test_is_what_the_user_said_and_how_many_replies_came(self) -> None:
        system, said = {"role": "system", "content": "today is …"}, {"role": "assistant"}
        tool = {"role": "tool", "content": "610000", "tool_call_id": "c1"}
        assert place(request(system, ASK)) == (("今年销售额",), 0)
        assert place(request(system, ASK, said, tool)) == (("今年销售额",), 1)

    def test_figures_and_instructions_have_no_part_in_it(self) -> None:
        first = [{"role": "system", "content": "a"}, ASK, {"role": "tool", "content": "1"}]
        second = [{"role": "system", "content": "b"}, ASK, {"role": "tool", "content": "2"}]
        assert place(request(*first)) == place(request(*second))

    def test_earlier_questions_have(self) -> None:
        earlier = {"role": "user", "content": "去年销售额"}
        told = {"role": "assistant", "content": "Answered by …"}
        assert place(request(earlier, told, ASK)) == (("去年销售额", "今年销售额"), 1)


class TestKeeping:
    def test_is_read_back_equal(self, tmp_path: Path) -> None:
        path = tmp_path / "tapes" / "x.jsonl.gz"
        write_tape(TAPE, path)
        assert read_tape(path) == TAPE

    def test_equal_tapes_are_equal_files(self, tmp_path: Path) -> None:
        turned = Tape("abc123", dict(reversed(TAPE.replies.items())))
        write_tape(TAPE, tmp_path / "a")
        write_tape(turned, tmp_path / "b")
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()

    def test_absent_or_spoilt_says_how_to_renew(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"no recorded replies x\.jsonl\.gz") as absent:
            read_tape(tmp_path / "x.jsonl.gz")
        assert "python -m evals.recorded --write" in absent.value.hint
        spoilt = (b"no gzip", gzip.compress(b"{}"), gzip.compress(b""), gzip.compress(b"[1]\n{}"))
        for number, content in enumerate(spoilt):
            path = tmp_path / f"{number}.gz"
            path.write_bytes(content)
            with pytest.raises(InputError, match="is no tape"):
                read_tape(path)


class TestTapes:
    def test_every_golden_set_has_one_and_they_are_small(self) -> None:
        sizes = [tape_path(dataset).stat().st_size for dataset in DATASETS]
        assert sum(sizes) < 2_000_000
        assert all(len(read_tape(tape_path(dataset)).replies) > 100 for dataset in DATASETS)
