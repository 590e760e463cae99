"""What leaves the house: by list, not by guess."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.telemetry.redaction import KEY_FILE, export_key, exported
from knowledge.warehouse.trace_record import StoredTrace
from leadline.settings import ExportContent
from tests.agents.telemetry.samples import QUESTION, full_trace

KEY = b"k" * 32


def redacted(attributes: dict[str, Any], **span: Any) -> dict[str, Any]:
    """One span with these attributes, as it leaves."""
    trace = full_trace()
    given = {**trace.spans[0], "attributes": attributes, "events": [], **span}
    return exported(StoredTrace(trace.summary, (given,)), "redacted", KEY).spans[0]


def attribute(key: str, value: object) -> object:
    return redacted({key: value})["attributes"][key]


class TestTexts:
    def test_equal_texts_can_be_told_and_others_not_read(self) -> None:
        first, again = attribute("reading", "恒信科技"), attribute("question", "恒信科技")
        assert first == again != attribute("reading", "恒信科持")
        assert str(first).startswith("[redacted: 4 characters, ")

    def test_the_hash_is_keyed(self) -> None:
        other = exported(full_trace(), "redacted", b"x" * 32)
        assert other.summary.question != exported(full_trace(), "redacted", KEY).summary.question

    def test_the_summary_too(self) -> None:
        summary = exported(full_trace(), "redacted", KEY).summary
        assert QUESTION not in str(summary)
        assert "wang.wei" not in str(summary)


class TestWhatStays:
    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("gen_ai.tool.name", "query"),
            ("gen_ai.usage.input_tokens", 900),
            ("gen_ai.response.model", "qwen3:8b"),
            ("gen_ai.response.finish_reasons", ["stop"]),
            ("session.id", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
            ("citations", ["0a1b2c3d4e5f60718293-1"]),
            ("scope_hash", "all"),
            ("verdict", "held"),
            ("label", "已认证"),
            ("coverage", 0.75),
            ("cost", "0.0123"),
            ("columns", ["region", "amount__change_rate"]),
            ("truncated", True),
        ],
    )
    def test_names_counts_and_ids(self, key: str, value: object) -> None:
        assert attribute(key, value) == value

    def test_a_spec_keeps_its_shape(self) -> None:
        spec = {
            "metrics": ["amount", "恒信"],
            "order": [{"by": "amount__change_rate", "恒信": 1}],
            "time": {"grain": "month", "start": "2025-01-01"},
            "where": {"op": "not_in", "values": ["恒信", 7]},
        }
        kept = attribute("queries", [{"role": "main", "spec": spec}])
        shown = json.dumps(kept, ensure_ascii=False)
        assert "恒信" not in shown
        assert "2025" not in shown
        assert kept[0]["spec"]["metrics"][0] == "amount"  # type: ignore[index]
        assert kept[0]["spec"]["order"][0]["by"] == "amount__change_rate"  # type: ignore[index]
        assert kept[0]["spec"]["time"]["grain"] == "month"  # type: ignore[index]
        assert kept[0]["spec"]["where"]["op"] == "not_in"  # type: ignore[index]
        assert kept[0]["spec"]["where"]["values"][1] == "[number]"  # type: ignore[index]


class TestWhatGoes:
    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("anything.new", "恒信"),
            ("new", 1234567),
            ("gen_ai.tool.name", "恒信"),
            ("gen_ai.response.model", "恒信"),
            ("session.id", "恒信"),
            ("status", "恒信"),
            ("label", "恒信"),
            ("citations", ["恒信"]),
            ("gen_ai.usage.input_tokens", "恒信"),
            ("gen_ai.tool.call.result", {"columns": ["恒信"], "rows": [["恒信", 1234567]]}),
            ("gen_ai.tool.call.arguments", "恒信"),
            ("gen_ai.input.messages", [{"role": "恒信", "content": "恒信", "name": "恒信"}]),
            ("gen_ai.output.messages", [{"tool_calls": [{"name": "恒信", "args": {"恒信": 1}}]}]),
            ("tokens", [{"text": "恒信", "kind": "lexicon", "means": ["value:partner=恒信"]}]),
            ("decisions", ["unused: 恒信", "恒信"]),
            ("mended", [{"from": "恒信", "to": "恒信", "score": 80.0}]),
            ("cost", "恒信"),
            ("error", "恒信"),
        ],
    )
    def test_what_does_not_fit_its_place(self, key: str, value: object) -> None:
        shown = json.dumps(redacted({key: value})["attributes"], ensure_ascii=False)
        assert "恒信" not in shown
        assert "1234567" not in shown

    def test_keys_that_somebody_made_up(self) -> None:
        assert redacted({"恒信 kept": 1, "Alpine Systems": 2})["attributes"] == {}

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("execute_tool query", "execute_tool query"),
            ("execute_tool 恒信", "execute_tool [redacted]"),
            ("execute_tool Alpine", "execute_tool [redacted]"),
            ("chat deepseek-chat", "chat deepseek-chat"),
            ("chat 恒信", "chat [redacted]"),
            ("恒信", "span"),
            ("verify", "verify"),
        ],
    )
    def test_names_of_spans(self, name: str, kept: str) -> None:
        assert redacted({}, name=name)["name"] == kept

    @pytest.mark.parametrize(
        ("error", "kept"),
        [
            ("SpecError: no region '恒信'", "SpecError"),
            ("json.JSONDecodeError", "error"),
            ("rate_limited", "rate_limited"),
            ("Alpine: unknown", "error"),
            ("恒信", "error"),
            (None, None),
        ],
    )
    def test_errors_keep_their_class(self, error: str | None, kept: str | None) -> None:
        assert redacted({}, error=error)["error"] == kept

    @given(
        st.dictionaries(
            st.sampled_from(
                ["new", "status", "queries", "tokens", "gen_ai.tool.call.arguments", "columns"]
            ),
            st.recursive(
                st.just("恒信A1"), lambda x: st.lists(x) | st.dictionaries(st.just("恒信A1"), x)
            ),
        )
    )
    def test_no_member_passes_in_any_form(self, attributes: dict[str, Any]) -> None:
        assert "恒信" not in json.dumps(redacted(attributes), ensure_ascii=False)


class TestFull:
    def test_content_leaves_and_credit_codes_do_not(self) -> None:
        content: ExportContent = "full"
        shown = exported(full_trace("91330106MA2CFQ1234 的销售额"), content, KEY)
        assert shown.spans[0]["attributes"]["input.value"] == "[credit code] 的销售额"


class TestKey:
    def test_is_made_once_and_for_its_owner_only(self, tmp_path: Path) -> None:
        key = export_key(tmp_path)
        assert len(key) == 32
        assert export_key(tmp_path) == key
        assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600

    def test_where_it_cannot_be_kept_it_lasts_as_long_as_the_process(self, tmp_path: Path) -> None:
        nowhere = tmp_path / "absent"
        assert export_key(nowhere) != export_key(nowhere)
