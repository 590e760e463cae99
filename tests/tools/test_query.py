"""The query tool: figures for a spec, never wider than the scope of its context."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from knowledge.semantic.spec import Filter, QuerySpec, TimeRange
from leadline.access import Scope
from leadline.errors import SpecError
from leadline.types import Unit
from tests.agents.channel import EAST, HENGXIN, Channel
from tests.agents.specs import ADDITIVE, specs, times
from tools.query import QUERY

BY_REGION = QuerySpec(metrics=("amount",), dimensions=("region",))


class TestEvidence:
    def test_columns_rows_and_where_they_come_from(self, channel: Channel) -> None:
        result = QUERY.run(BY_REGION, channel.tools())
        assert [(c.name, c.unit) for c in result.columns] == [
            ("region", Unit.TEXT),
            ("amount", Unit.MONEY),
        ]
        assert result.columns[1].currency == "CNY"
        # both years: 250 + 320, 60 + 135, 70 + 50, 30 + 105 thousand
        assert sorted(result.rows, key=lambda row: -float(row[1] or 0)) == [
            ("华东", 570_000.0),
            ("华南", 195_000.0),
            ("Overseas", 135_000.0),
            ("华北", 120_000.0),
        ]
        assert (result.tool, result.snapshot, result.scope_hash) == ("query", 1, "all")
        assert (result.row_count, result.truncated) == (4, False)

    def test_its_arguments_run_it_again(self, channel: Channel) -> None:
        result = QUERY.run(BY_REGION, channel.tools())
        assert QUERY.run(result.arguments, channel.tools()).digest == result.digest

    def test_a_row_cap_cuts_and_says_so(self, channel: Channel) -> None:
        spec = QuerySpec(metrics=("amount",), dimensions=("partner",))
        result = QUERY.run(spec, channel.tools(row_cap=3))
        assert len(result.rows) == 3
        assert (result.row_count, result.truncated) == (9, True)

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ({"metrics": ["happiness"]}, "happiness"),
            ({"metrics": ["amount"], "dimensions": ["zodiac"]}, "zodiac"),
            ({"metrics": ["amount"], "dimensions": ["warehouse"]}, "warehouse"),
            (
                {
                    "metrics": ["amount"],
                    "where": {"kind": "filter", "member": "region", "values": ["Mars"]},
                },
                "Mars",
            ),
            ({"dimensions": ["region"]}, "metrics"),
            ({"metrics": ["amount"], "limit": 0}, "limit"),
        ],
    )
    def test_what_does_not_exist_is_named(
        self, channel: Channel, arguments: dict[str, object], words: str
    ) -> None:
        with pytest.raises(SpecError, match=words):
            QUERY.run(arguments, channel.tools())


class TestScope:
    def test_bounds_the_rows(self, channel: Channel) -> None:
        result = QUERY.run(BY_REGION, channel.tools(EAST.scope))
        assert result.rows == (("华东", 570_000.0),)
        assert result.scope_hash == EAST.scope.digest != "all"

    def test_a_filter_cannot_reach_outside(self, channel: Channel) -> None:
        spec = BY_REGION.model_copy(update={"where": Filter(member="region", values=("华南",))})
        with pytest.raises(SpecError) as error:
            QUERY.run(spec, channel.tools(EAST.scope))
        assert "南粤" not in str(error.value)

    def test_of_a_partner(self, channel: Channel) -> None:
        scope = Scope(partners=frozenset({HENGXIN}))
        assert QUERY.run(BY_REGION, channel.tools(scope)).rows == (("华东", 420_000.0),)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(spec=specs())
    def test_no_spec_names_anyone_outside(self, channel: Channel, spec: QuerySpec) -> None:
        try:
            rows = QUERY.run(spec, channel.tools(EAST.scope)).rows
        except SpecError:
            assume(False)
        cells = {str(value) for row in rows for value in row}
        others = {
            "南粤信息有限公司",
            "京创数码有限公司",
            "Alpine Systems",
            "华南",
            "华北",
            "Overseas",
        }
        assert not cells & others

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(time=times(), metric=st.sampled_from(ADDITIVE))
    def test_regions_add_up_to_the_whole(
        self, channel: Channel, time: TimeRange | None, metric: str
    ) -> None:
        spec = QuerySpec(metrics=(metric,), time=time)
        assume(spec.grain is None)

        def total(scope: Scope) -> float:
            return float(QUERY.run(spec, channel.tools(scope)).rows[0][0] or 0)

        parts = [total(Scope(regions=frozenset({r}))) for r in ("华东", "华南", "华北", "Overseas")]
        assert sum(parts) == pytest.approx(total(Scope()))
