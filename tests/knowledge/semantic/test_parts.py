"""What a comparison is made of: numerators and denominators that divide to the query's figures."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.semantic.engine import available, run_query
from knowledge.semantic.parts import run_parts
from knowledge.semantic.spec import Compare, QuerySpec, TimeRange
from leadline.access import EVERYTHING, Scope
from leadline.errors import SpecError
from tests.agents.channel import AS_OF, HENGXIN, Channel, open_channel
from tests.knowledge.semantic.worlds import world

YEAR = TimeRange.model_validate({"start": "2025-01-01", "end_excl": "2026-01-01", "partial": True})
HALF = TimeRange.model_validate({"start": "2023-07-01", "end_excl": "2024-01-01"})
YOY = Compare(kind="yoy")


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Channel]:
    yield from open_channel(tmp_path_factory.mktemp("channel"))


def spec(metric: str, *dimensions: str, time: TimeRange = YEAR) -> QuerySpec:
    return QuerySpec(metrics=(metric,), dimensions=dimensions, time=time, compare=YOY)


class TestParts:
    def test_a_ratio_keeps_its_sums(self, channel: Channel) -> None:
        found = run_parts(spec("gross_margin_rate", "partner"), channel.snapshot, EVERYTHING)
        part = next(p for p in found.rows if p.keys == (HENGXIN,))
        # 2025: 220 thousand, cost 88; 2024 to 20 November: 180 thousand, cost 72
        assert (part.current, part.current_over) == (Fraction(132_000), Fraction(220_000))
        assert (part.previous, part.previous_over) == (Fraction(108_000), Fraction(180_000))

    def test_a_sum_has_no_denominator(self, channel: Channel) -> None:
        (part,) = run_parts(spec("amount"), channel.snapshot, EVERYTHING).rows
        assert part.keys == ()
        assert part.current_over is None
        assert part.current == Fraction(610_000)

    def test_the_base_is_cut_to_the_elapsed_days(self, channel: Channel) -> None:
        windows = run_parts(spec("amount"), channel.snapshot, EVERYTHING).windows
        assert windows.base is not None
        assert str(windows.base.start) == "2024-01-01"
        assert windows.base.last == AS_OF.replace(year=2024)

    def test_an_attainment_is_what_was_reached_over_the_targets(self, channel: Channel) -> None:
        quarter = TimeRange.model_validate({"start": "2025-10-01", "end_excl": "2026-01-01"})
        found = run_parts(spec("attainment", "partner", time=quarter), channel.snapshot, EVERYTHING)
        part = next(p for p in found.rows if p.keys == (HENGXIN,))
        # 100 thousand of 80; there were no targets a year before
        assert (part.current, part.current_over) == (Fraction(100_000), Fraction(80_000))
        assert part.previous_over is None

    def test_the_scope_is_the_query_s(self, channel: Channel) -> None:
        south = Scope(regions=frozenset({"华南"}))
        found = run_parts(spec("amount", "region"), channel.snapshot, south)
        assert [p.keys for p in found.rows] == [("华南",)]

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            (QuerySpec(metrics=("amount", "orders"), time=YEAR, compare=YOY), "one metric"),
            (QuerySpec(metrics=("amount",), time=YEAR), "a comparison over time"),
            (
                QuerySpec(metrics=("amount",), time=YEAR, compare=Compare(kind="target")),
                "a comparison over time",
            ),
        ],
    )
    def test_what_has_no_parts_is_refused(
        self, channel: Channel, wrong: QuerySpec, said: str
    ) -> None:
        with pytest.raises(SpecError, match=said):
            run_parts(wrong, channel.snapshot, EVERYTHING)


class TestAgainstTheQuery:
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 5), st.data())
    def test_divided_they_are_the_query_s_figures(self, seed: int, data: st.DataObject) -> None:
        there = world(seed)
        known = available(there.snapshot, EVERYTHING)
        model_metrics = sorted(known.metrics - {"first_order_date", "last_order_date"})
        metric = data.draw(st.sampled_from(model_metrics))
        dimensions = sorted(known.metric_dimensions[metric])
        dimension = data.draw(st.sampled_from(dimensions))
        question = spec(metric, dimension, time=HALF)
        try:
            result = run_query(question, there.snapshot, EVERYTHING, row_cap=10_000)
        except SpecError:
            return
        wanted = {row[0]: row[1] for row in result.rows}
        found = run_parts(question, there.snapshot, EVERYTHING).rows
        assert {part.keys[0] for part in found} == set(wanted)
        for part in found:
            value = part.current
            if part.current_over is not None and value is not None:
                value = value / part.current_over if part.current_over else None
            elif metric in ("attainment", "win_rate", "return_rate", "collection_rate"):
                value = None
            want = wanted[part.keys[0]]
            if want is None:
                assert value is None or part.current_over in (None, 0)
            else:
                assert value is not None
                assert float(value) == pytest.approx(float(str(want)), abs=1e-9)
