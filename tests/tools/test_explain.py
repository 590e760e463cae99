"""The explain tool: what a metric means, in both languages, from the model alone."""

from __future__ import annotations

import pytest

from knowledge.semantic.model import load_model
from leadline.errors import SpecError
from tests.agents.channel import EAST, Channel
from tools.explain import EXPLAIN


class TestExplain:
    def test_one_row_per_metric_in_the_order_asked(self, channel: Channel) -> None:
        result = EXPLAIN.run({"metrics": ["win_rate", "amount"]}, channel.tools())
        assert [row[0] for row in result.rows] == ["win_rate", "amount"]
        assert result.row_count == 2

    def test_words_and_formula_are_the_model_s(self, channel: Channel) -> None:
        result = EXPLAIN.run({"metrics": ["gross_margin_rate"]}, channel.tools())
        metric = load_model().metrics["gross_margin_rate"]
        row = dict(zip((c.name for c in result.columns), result.rows[0], strict=True))
        assert (row["name_zh"], row["name_en"]) == (metric.label.zh, metric.label.en)
        assert row["definition_zh"] == metric.definition.zh
        assert row["definition_en"] == metric.definition.en
        assert "Σ" in str(row["definition_en"])
        assert (row["unit"], row["fact"]) == ("ratio", "order_line")

    def test_every_metric_of_the_model_can_be_explained(self, channel: Channel) -> None:
        names = list(load_model().metrics)
        assert len(EXPLAIN.run({"metrics": names}, channel.tools()).rows) == len(names)

    def test_names_model_and_snapshot(self, channel: Channel) -> None:
        result = EXPLAIN.run({"metrics": ["amount"]}, channel.tools(EAST.scope))
        assert result.model_version == load_model().version
        assert (result.snapshot, result.scope_hash) == (1, EAST.scope.digest)

    def test_an_unknown_metric_is_named(self, channel: Channel) -> None:
        with pytest.raises(SpecError, match="happiness"):
            EXPLAIN.run({"metrics": ["amount", "happiness"]}, channel.tools())

    def test_none_is_too_few(self, channel: Channel) -> None:
        with pytest.raises(SpecError, match="metrics"):
            EXPLAIN.run({"metrics": []}, channel.tools())
