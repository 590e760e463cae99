"""The tools as a model sees them: the arguments of the rules, and nothing to widen a scope."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agents.llm.schemas import (
    ASK_BACK,
    CITATION,
    DESCRIPTIONS,
    OFFERED,
    PAGES_ONLY,
    REFUSE,
    tool_schemas,
)
from knowledge.semantic.spec import Compare, Filter, MetricFilter, QuerySpec, TimeRange
from tools.catalog import TOOLS

SCHEMAS = tool_schemas()


def keys(node: Any) -> set[str]:
    if isinstance(node, dict):
        return set(node) | {k for value in node.values() for k in keys(value)}
    if isinstance(node, list):
        return {k for value in node for k in keys(value)}
    return set()


class TestSurface:
    def test_is_the_catalogue_and_two_ways_to_end(self) -> None:
        assert list(SCHEMAS) == [*(tool.name for tool in OFFERED), ASK_BACK, REFUSE]
        assert {tool.name for tool in TOOLS} - {tool.name for tool in OFFERED} == PAGES_ONLY
        assert set(SCHEMAS) <= set(DESCRIPTIONS)

    def test_no_tool_has_side_effects(self) -> None:
        assert not any(tool.side_effects for tool in TOOLS)

    def test_nothing_speaks_of_scope_or_sql(self) -> None:
        names = {name for schema in SCHEMAS.values() for name in keys(schema.get("properties", {}))}
        assert not names & {"scope", "user", "role", "sql", "table", "snapshot", "row_cap"}

    def test_is_small_and_free_of_references(self) -> None:
        text = json.dumps(SCHEMAS)
        assert len(text) < 6000 + 600 * (len(SCHEMAS) - 7)  # seven took 6,000; a tool takes 600
        assert "$ref" not in text
        assert "$defs" not in text


class TestQuery:
    query = SCHEMAS["query"]

    def test_offers_the_fields_of_the_spec(self) -> None:
        assert set(self.query["properties"]) == set(QuerySpec.model_fields)
        assert self.query["required"] == ["metrics"]

    def test_the_service_names_periods_itself(self) -> None:
        offered = set(self.query["properties"]["time"]["properties"])
        assert offered == {"start", "end_excl", "grain"}
        assert offered < set(TimeRange.model_fields)
        assert set(self.query["properties"]["compare"]["properties"]) == {
            "kind",
            "start",
            "end_excl",
        }
        assert "align" in Compare.model_fields

    def test_conditions_nest_twice_and_end(self) -> None:
        where = self.query["properties"]["where"]
        assert where["properties"]["kind"] == {"enum": ["filter", "and", "or"]}
        inner = where["properties"]["items"]["items"]
        assert inner["properties"]["kind"] == {"enum": ["filter", "and", "or"]}
        leaf = inner["properties"]["items"]["items"]
        assert set(leaf["properties"]) == set(Filter.model_fields)

    def test_closed_sets_stay_closed(self) -> None:
        bound = self.query["properties"]["metric_filters"]["items"]["properties"]
        assert set(bound) == set(MetricFilter.model_fields)
        assert "change_rate" in bound["on"]["enum"]


@pytest.mark.parametrize("name", ["difference", "concentration"])
def test_tools_over_a_spec_take_a_citation(name: str) -> None:
    properties = SCHEMAS[name]["properties"]
    assert properties[CITATION] == {"type": "integer"}
    assert "spec" not in properties
    assert CITATION in SCHEMAS[name]["required"]
