"""The catalogue: every tool is listed, typed, described in both languages, and only reads."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from pydantic import BaseModel

import tools
from leadline.errors import NotFoundError, SpecError
from tests.agents.channel import Channel
from tools.catalog import TOOLS, tool
from tools.definition import Tool

NEED_MORE_DATA = {"stuffing"}
"""Tools that say that the small channel of these tests does not hold what they look at."""


def tools_of_modules() -> dict[str, Tool[BaseModel]]:
    """Every `Tool` that a module directly in `tools/` defines, by its own description of itself."""
    found: dict[str, Tool[BaseModel]] = {}
    for module in pkgutil.iter_modules(tools.__path__, "tools."):
        if module.ispkg or module.name == "tools.catalog":
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Tool):
                found[value.name] = value
    return found


class TestCatalogue:
    def test_lists_every_tool_that_a_module_defines(self) -> None:
        found = tools_of_modules()
        assert found
        assert {t.name: t for t in TOOLS} == found

    def test_names_are_distinct_and_plain(self) -> None:
        names = [t.name for t in TOOLS]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z][a-z_]*", name) for name in names)

    @pytest.mark.parametrize("listed", TOOLS, ids=lambda t: t.name)
    def test_each_is_described_in_both_languages(self, listed: Tool[BaseModel]) -> None:
        assert re.search(r"[一-鿿]", listed.description_zh)
        assert listed.description_en.isascii()
        assert listed.description_en.strip()

    @pytest.mark.parametrize("listed", TOOLS, ids=lambda t: t.name)
    def test_each_only_reads(self, listed: Tool[BaseModel]) -> None:
        assert not listed.side_effects

    @pytest.mark.parametrize("listed", TOOLS, ids=lambda t: t.name)
    def test_arguments_are_closed_frozen_and_know_no_scope(self, listed: Tool[BaseModel]) -> None:
        config = listed.arguments.model_config
        assert config.get("extra") == "forbid"
        assert config.get("frozen")
        schema = str(listed.arguments.model_json_schema()).casefold()
        assert "scope" not in listed.arguments.model_fields
        assert "principal" not in schema

    def test_found_by_name(self) -> None:
        assert tool("query") is next(t for t in TOOLS if t.name == "query")

    def test_an_unknown_name_lists_the_known(self) -> None:
        with pytest.raises(NotFoundError, match=r"no tool 'sql'.*query"):
            tool("sql")


class TestRunning:
    def test_typed_arguments_and_plain_ones_give_the_same(self, channel: Channel) -> None:
        query = tool("query")
        plain: dict[str, object] = {"metrics": ["amount"], "dimensions": ["region"]}
        typed = query.arguments.model_validate(plain)
        first = query.run(plain, channel.tools())
        second = query.run(typed, channel.tools())
        assert first.digest == second.digest

    @pytest.mark.parametrize("listed", TOOLS, ids=lambda t: t.name)
    def test_an_argument_too_many_is_refused(
        self, channel: Channel, listed: Tool[BaseModel]
    ) -> None:
        with pytest.raises(SpecError, match=listed.name):
            listed.run({"sql": "DROP TABLE partner"}, channel.tools())

    def test_running_twice_gives_equal_results(self, channel: Channel) -> None:
        runs: list[tuple[str, dict[str, object]]] = [
            ("query", {"metrics": ["amount"], "dimensions": ["partner"]}),
            ("explain", {"metrics": ["amount"]}),
            ("freshness", {}),
            (
                "difference",
                {
                    "spec": {"metrics": ["amount"], "dimensions": ["region"]},
                    "first": "华东",
                    "second": "华南",
                },
            ),
        ]
        runs.append(("concentration", {"spec": {**runs[0][1], "shares": [{"metric": "amount"}]}}))
        # every tool that needs no argument runs with its defaults
        told = {name for name, _ in runs}
        runs += [
            (t.name, {})
            for t in TOOLS
            if t.name not in told
            and not any(f.is_required() for f in t.arguments.model_fields.values())
        ]
        assert len(runs) > len(told)
        for name, arguments in runs:
            if name in NEED_MORE_DATA:
                with pytest.raises(SpecError, match="cannot be told here"):
                    tool(name).run(arguments, channel.tools())
                continue
            first, second = (tool(name).run(arguments, channel.tools()) for _ in range(2))
            assert first == second
            assert first.digest == second.digest
