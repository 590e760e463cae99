"""Prompt files, their hash, and what of this company's data is put into them."""

from __future__ import annotations

import json
import re
from string import Template

import pytest

from agents.llm import prompts
from agents.llm.periods import named_periods
from agents.llm.prompts import FILES, FOLDER, filled, prompt, prompt_hash, repair
from agents.llm.schemas import tool_schemas
from agents.llm.situation import system_prompt
from agents.llm.veil import Veil
from agents.rules.context import PlannerContext
from agents.slots import SLOT
from evals.scripted.wire import tokens
from leadline.settings import ShareLevel
from tests.agents.channel import AS_OF


class TestFiles:
    def test_are_all_read(self) -> None:
        assert {path.stem for path in FOLDER.glob("*.md")} == set(FILES)
        assert all(prompt(name) for name in FILES)

    def test_repairs_name_what_is_wrong(self) -> None:
        told = repair("wording", problem="digit '5' stands there", slots="- {{c1.rows[R].x}}")
        assert "digit '5'" in told
        assert "{{c1.rows[R].x}}" in told
        assert "$" not in told

    @pytest.mark.parametrize("kind", ["evidence", "coverage", "empty", "wording"])
    def test_repairs_are_complete(self, kind: str) -> None:
        assert repair(kind, gaps="x", problem="x", slots="x")

    def test_a_name_that_is_not_given_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            filled("situation", as_of="2025-11-20")

    def test_examples_are_legal(self) -> None:
        """The specs and slots of the examples are such as the service takes."""
        from knowledge.semantic.spec import QuerySpec

        text = prompt("planner")
        queries = re.findall(r"^query (\{.*?\})\n→", text, re.MULTILINE | re.DOTALL)
        assert len(queries) == 2
        for query in queries:
            QuerySpec.model_validate(json.loads(query))
        examples = text[text.index("# Examples") :]
        assert len(list(SLOT.finditer(examples))) > 6
        assert not re.findall(r"\{\{(?!c\d)", examples)


class TestHash:
    def test_is_the_same_every_time(self) -> None:
        assert prompt_hash() == prompt_hash()
        assert re.fullmatch(r"[0-9a-f]{16}", prompt_hash())

    def test_changes_with_a_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        before = prompt_hash()
        prompt_hash.cache_clear()
        monkeypatch.setattr(prompts, "prompt", lambda name: f"other {name}")
        changed = prompt_hash()
        prompt_hash.cache_clear()
        assert changed != before

    def test_does_not_depend_on_the_day(self, context: PlannerContext) -> None:
        system_prompt(context, Veil("rows", context))
        assert prompt_hash() == prompt_hash()


class TestSystemPrompt:
    def told(self, ctx: PlannerContext, share: ShareLevel = "aggregates") -> str:
        return system_prompt(ctx, Veil(share, ctx))

    def test_begins_with_what_never_changes(self, context: PlannerContext) -> None:
        """So that servers can keep the beginning in their cache."""
        assert self.told(context).startswith(prompt("planner"))
        assert "$" not in self.told(context)[len(prompt("planner")) :]

    def test_names_all_metrics_with_data_and_no_others(self, context: PlannerContext) -> None:
        listed = set(
            re.findall(
                r"^- (\w+) \|.*?\| (?:money|ratio|count|quantity|days|date)(?: \||$)",
                self.told(context),
                re.MULTILINE,
            )
        )
        here = {name for name in context.model.metrics if context.available.has_metric(name)}
        assert listed == here

    def test_groups_say_by_what_a_metric_can_be_split(self, context: PlannerContext) -> None:
        text = self.told(context)
        families = dict(re.findall(r"^([A-Z_]+) = (.*)$", text, re.MULTILINE))
        groups = re.findall(r"^by (.*):\n((?:- .*\n)+)", text, re.MULTILINE)
        assert groups
        for dimensions, metrics in groups:
            names = {
                name
                for part in dimensions.split(", ")
                for name in families.get(part, part).split(", ")
            }
            for metric in re.findall(r"^- (\w+)", metrics, re.MULTILINE):
                carried = {
                    d for d in context.model.dimensions if context.available.carries(metric, d)
                }
                assert names == (carried or {"nothing"}), metric

    def test_gives_the_periods_resolved(self, context: PlannerContext) -> None:
        text = self.told(context)
        assert f"Today is {AS_OF}" in text
        assert "本月 / this month: 2025-11-01 … 2025-12-01, runs" in text
        assert "近两个月 / last 2 months: 2025-09-21 … 2025-11-21" in text
        assert "上季度 / last quarter: 2025-07-01 … 2025-10-01\n" in text

    def test_members_as_the_level_allows(self, context: PlannerContext) -> None:
        data = "# This company's data"
        assert '"华东"' in self.told(context).partition(data)[2]
        assert '"华东"' not in self.told(context, "schema").partition(data)[2]
        assert "恒信" not in self.told(context)
        assert "恒信" in self.told(context, "rows")
        assert "张伟" not in self.told(context, "rows")

    def test_is_short(self, context: PlannerContext) -> None:
        """Below 8,500 tokens with all the tools; seven tools took 6,000."""
        size = tokens(self.told(context, "rows")) + tokens(json.dumps(tool_schemas()))
        assert size < 8500


def test_named_periods_are_those_of_the_grammar(context: PlannerContext) -> None:
    found = {period.zh: period.expr for period in named_periods(context.calendar)}
    assert str(found["去年"].start) == "2024-01-01"
    assert found["近30天"].end_excl == found["年初至今"].end_excl
    assert len(found) == len(named_periods(context.calendar))


def test_templates_take_no_dollar_of_ours() -> None:
    """A currency sign in a file would break the substitution."""
    for name in ("situation", "repairs"):
        assert Template(prompt(name)).is_valid()
