"""Contributions: they add up, whatever the metric and dimension, and say why a figure changed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.semantic.engine import available
from knowledge.semantic.model import load_model
from leadline.access import EVERYTHING, Scope
from leadline.errors import SpecError
from leadline.evidence import ToolResult
from leadline.types import Scalar, Unit
from tests.agents.channel import BOYUAN, EAST, HENGXIN, Channel
from tests.knowledge.semantic.worlds import World, world
from tools.contribution_parts import is_ratio
from tools.contributions import CONTRIBUTIONS
from tools.definition import EVERY_ROW, ToolContext
from tools.query import QUERY

Y2025 = {"start": "2025-01-01", "end_excl": "2026-01-01", "partial": True}
ELAPSED = {"kind": "yoy"}
CENT = Decimal("0.005")
DAYS = st.dates(date(2022, 12, 1), date(2024, 2, 10))


def context_of(there: World, scope: Scope = EVERYTHING) -> ToolContext:
    return ToolContext(there.snapshot, scope, load_model(), row_cap=EVERY_ROW)


@cache
def pairs(seed: int) -> list[tuple[str, str]]:
    """Every metric × dimension that the world's data allows."""
    known = available(world(seed).snapshot, EVERYTHING)
    return [(m, d) for m in sorted(known.metrics) for d in sorted(known.metric_dimensions[m])]


def exact(value: Scalar) -> Decimal:
    return Decimal(str(value))


def column(result: ToolResult, name: str) -> list[Scalar]:
    at = result.column_index(name)
    return [row[at] for row in result.rows]


def assert_adds_up(result: ToolResult) -> None:
    """Rows above the total add up to it, and the effects of each row to the row's change."""
    *changes, total = (exact(value) for value in column(result, "change"))
    assert sum(changes, Decimal(0)) == total
    effects = [c.name for c in result.columns if c.name.endswith("_effect")]
    for at, row in enumerate(result.rows):
        parts = [row[result.column_index(name)] for name in effects]
        if parts and parts[0] is not None:
            assert sum(map(exact, parts), Decimal(0)) == exact(column(result, "change")[at])


def assert_equals_the_query(
    result: ToolResult, arguments: dict[str, object], context: ToolContext
) -> None:
    """The total's figures are those that the query tool gives for the same question."""
    metric = str(arguments["metric"])
    spec = {k: v for k, v in arguments.items() if k in ("time", "compare", "where")}
    asked = QUERY.run({"metrics": [metric], **spec}, context)
    for name, of_query in (("change", "__change"), ("current", ""), ("previous", "__previous")):
        want = asked.rows[0][asked.column_index(f"{metric}{of_query}")]
        got = column(result, name)[-1]
        if want is None:
            # an additive figure with one side missing: that side counts as nothing
            assert got is None or not got
        else:
            assert abs(exact(got) - exact(want)) < CENT


def run_or_refusal(arguments: dict[str, object], context: ToolContext) -> ToolResult | None:
    """The result; None where the question has no answer (no figure, no target level)."""
    try:
        return CONTRIBUTIONS.run(arguments, context)
    except SpecError:
        return None


class TestEveryPair:
    @pytest.mark.parametrize("seed", [2])
    def test_every_metric_by_every_dimension_adds_up_to_the_query(self, seed: int) -> None:
        context = context_of(world(seed))
        answered = set()
        for metric, dimension in pairs(seed):
            arguments: dict[str, object] = {
                "metric": metric,
                "dimensions": [dimension],
                # nothing lies before the later period, so that no time goes into its surprise
                "time": {"start": "2022-12-01", "end_excl": "2023-07-01"},
                "compare": {"kind": "custom", "start": "2023-10-01", "end_excl": "2024-03-01"},
                "limit": 2,
            }
            result = run_or_refusal(arguments, context)
            if result is not None:
                answered.add(metric)
                assert_adds_up(result)
                assert_equals_the_query(result, arguments, context)
        additive = {"amount", "orders", "quantity", "won_amount", "target_amount"}
        ratios = {"gross_margin_rate", "win_rate", "attainment", "return_rate"}
        others = {"stock_units", "pipeline_amount", "active_customers", "active_days"}
        assert additive | ratios | others <= answered

    @settings(
        max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )
    @given(st.integers(0, 5), DAYS, st.integers(7, 120), st.data())
    def test_any_question_adds_up(
        self, seed: int, start: date, length: int, data: st.DataObject
    ) -> None:
        metric, first = data.draw(st.sampled_from(pairs(seed)))
        others = [d for m, d in pairs(seed) if m == metric and d != first]
        second = data.draw(st.sampled_from(others)) if others else None
        regions = data.draw(st.sampled_from([None, ("华东",), ("华南", "West")]))
        scope = Scope(regions=frozenset(regions) if regions else None)
        context = context_of(world(seed), scope)
        arguments: dict[str, object] = {
            "metric": metric,
            "dimensions": [first, *([second] if second and data.draw(st.booleans()) else [])],
            "time": {
                "start": start.isoformat(),
                "end_excl": (start + timedelta(days=length)).isoformat(),
            },
            "compare": {"kind": data.draw(st.sampled_from(["yoy", "previous_period"]))},
            "limit": data.draw(st.integers(1, 5)),
            "drill": data.draw(st.booleans()),
        }
        result = run_or_refusal(arguments, context)
        if result is not None:
            assert_adds_up(result)
            assert_equals_the_query(result, arguments, context)


class TestAmounts:
    def test_partners_of_a_region(self, channel: Channel) -> None:
        # 2024-01-01…2024-11-20 against 2025-01-01…2025-11-20, 华东:
        # 恒信 180 → 220 (A07 of 25 November lies after the elapsed days): +40 thousand
        # 博远 50 → 90: +40; 同名商贸 nothing → 10: +10; together 230 → 320: +90
        result = CONTRIBUTIONS.run(
            {
                "dimensions": ["partner"],
                "time": Y2025,
                "compare": ELAPSED,
                "where": {"kind": "filter", "member": "region", "values": ["华东"]},
            },
            channel.tools(),
        )
        assert column(result, "kind") == ["member", "member", "member", "total"]
        assert column(result, "partner")[:2] == [BOYUAN, HENGXIN]
        assert column(result, "change") == [40_000.0, 40_000.0, 10_000.0, 90_000.0]
        assert column(result, "previous") == [50_000.0, 180_000.0, None, 230_000.0]
        # 40 of 90; 10 of 90
        assert column(result, "contribution") == [0.444444, 0.444444, 0.111111, 1.0]

    def test_price_volume_and_mix(self, channel: Channel) -> None:
        # 南粤 sold S1: 6 for 60,000 (10,000 each) then 12 for 120,000 of S1 (9 for 90, 3 for 30),
        # and 5 of S3 for 10,000. Q 6 → 17, grown 17/6.
        # S1: volume 60,000 × (17/6 − 1) = 110,000; price 120,000 − 12 × 10,000 = 0;
        #     mix = 60,000 − 110,000 = −50,000. S3, new: all mix, 10,000.
        # together: volume 110,000, mix −40,000, change 70,000
        result = CONTRIBUTIONS.run(
            {
                "dimensions": ["partner"],
                "time": Y2025,
                "compare": ELAPSED,
                "where": {"kind": "filter", "member": "partner", "values": ["南粤信息有限公司"]},
            },
            channel.tools(),
        )
        assert column(result, "volume_effect") == [110_000.0, 110_000.0]
        assert column(result, "price_effect") == [0.0, 0.0]
        assert column(result, "mix_effect") == [-40_000.0, -40_000.0]
        assert column(result, "change") == [70_000.0, 70_000.0]

    def test_what_is_not_listed_stands_together(self, channel: Channel) -> None:
        whole = CONTRIBUTIONS.run(
            {"dimensions": ["partner"], "time": Y2025, "compare": ELAPSED}, channel.tools()
        )
        short = CONTRIBUTIONS.run(
            {"dimensions": ["partner"], "time": Y2025, "compare": ELAPSED, "limit": 2},
            channel.tools(),
        )
        assert column(short, "kind") == ["member", "member", "other", "total"]
        assert short.rows[:2] == whole.rows[:2]
        rest = sum(exact(v) for v in column(whole, "change")[2:-1])
        assert exact(column(short, "change")[2]) == rest
        # nine partners ever ordered; two are listed
        assert column(short, "members") == [1, 1, 7, 9]


class TestRatios:
    def test_rate_and_mix_of_a_margin(self, channel: Channel) -> None:
        # 华东 to 20 November. 2024: 恒信 (180 − 72)/180 = 60 %, 博远 (50 − 25)/50 = 50 %;
        # together 133/230. 2025: 恒信 132/220 = 60 %, 博远 (90 − 52.5)/90 = 41.67 %,
        # 同名 6/10 = 60 %; together 175.5/320. Change 175.5/320 − 133/230 = −0.029823370
        # 博远's rate effect: 90/320 × (37.5/90 − 0.5) = −0.0234375
        result = CONTRIBUTIONS.run(
            {
                "metric": "gross_margin_rate",
                "dimensions": ["partner"],
                "time": Y2025,
                "compare": ELAPSED,
                "where": {"kind": "filter", "member": "region", "values": ["华东"]},
            },
            channel.tools(),
        )
        names = column(result, "partner")
        at = names.index(BOYUAN)
        assert column(result, "rate_effect")[at] == pytest.approx(-0.0234375, abs=2e-9)
        assert column(result, "previous")[at] == 0.5
        assert column(result, "change")[-1] == -0.02982337
        assert_adds_up(result)

    def test_the_others_have_a_ratio_and_not_a_sum_of_ratios(self, channel: Channel) -> None:
        result = CONTRIBUTIONS.run(
            {
                "metric": "gross_margin_rate",
                "dimensions": ["partner"],
                "time": Y2025,
                "compare": ELAPSED,
                "limit": 1,
            },
            channel.tools(),
        )
        other = column(result, "kind").index("other")
        assert 0 < float(str(column(result, "current")[other])) < 1

    def test_is_told_by_the_formula(self) -> None:
        model = load_model()
        assert is_ratio(model.metrics["attainment"])
        assert not is_ratio(model.metrics["amount"])


class TestCountsThatDoNotAddUp:
    def test_an_order_of_two_products_counts_once_in_the_total(self, channel: Channel) -> None:
        # November 2025, orders by product: S1 B11 and B13, S3 B11, S4 B12; November 2024 to the
        # 20th: S4 A06. By product +2, +1, 0: 3; orders B11, B12, B13 against A06: +2; overlap −1
        result = CONTRIBUTIONS.run(
            {
                "metric": "orders",
                "dimensions": ["product"],
                "time": {"start": "2025-11-01", "end_excl": "2025-12-01", "partial": True},
                "compare": ELAPSED,
            },
            channel.tools(),
        )
        assert dict(zip(column(result, "kind"), column(result, "change"), strict=True)) == {
            "member": 0.0,
            "overlap": -1.0,
            "total": 2.0,
        }
        assert column(result, "change")[0] == 2.0

    def test_a_figure_that_is_a_date_is_refused(self, channel: Channel) -> None:
        with pytest.raises(SpecError, match="last_order_date is a date"):
            CONTRIBUTIONS.run({"metric": "last_order_date"}, channel.tools())


class TestWhatIsLeftOut:
    def test_the_period_is_the_last_three_months_against_a_year_earlier(
        self, channel: Channel
    ) -> None:
        # today is 2025-11-20
        result = CONTRIBUTIONS.run({"dimensions": ["region"]}, channel.tools())
        days = [column(result, name)[-1] for name in ("first_day", "last_day")]
        base = [column(result, name)[-1] for name in ("base_first_day", "base_last_day")]
        assert days == ["2025-08-21", "2025-11-20"]
        assert base == ["2024-08-21", "2024-11-20"]

    def test_the_dimension_is_chosen(self, channel: Channel) -> None:
        result = CONTRIBUTIONS.run({"time": Y2025, "compare": ELAPSED}, channel.tools())
        names = [c.name for c in result.columns]
        assert names.index("previous") == 2
        assert names[1] in load_model().dimensions
        assert_adds_up(result)

    def test_drilling_splits_the_largest_by_another_dimension(self, channel: Channel) -> None:
        result = CONTRIBUTIONS.run(
            {"dimensions": ["region"], "time": Y2025, "compare": ELAPSED, "drill": True},
            channel.tools(),
        )
        names = [c.name for c in result.columns]
        assert names[1] == "region"
        assert names[2] not in ("territory", "city", "country")
        whole = [row for row in result.rows if row[2] == "全部 / All"]
        assert whole
        assert_adds_up(result)


class TestSurprise:
    def test_a_share_like_all_before_is_none_and_another_is_one(self) -> None:
        context = context_of(world(2))
        result = CONTRIBUTIONS.run(
            {
                "dimensions": ["region"],
                "time": {"start": "2024-02-01", "end_excl": "2024-03-01"},
                "compare": {"kind": "previous_period"},
            },
            context,
        )
        unit = result.columns[result.column_index("expected")].unit
        assert unit is Unit.MONEY
        for row in result.rows[:-1]:
            now = row[result.column_index("current")]
            expected = row[result.column_index("expected")]
            z = row[result.column_index("surprise")]
            if isinstance(z, float) and isinstance(expected, float):
                # the sign of the surprise is that of what came beyond the expected
                assert (z > 0) == (float(str(now or 0)) > expected) or z == 0

    def test_without_a_past_nothing_is_expected(self, channel: Channel) -> None:
        result = CONTRIBUTIONS.run(
            {
                "dimensions": ["region"],
                "time": {"start": "2024-01-01", "end_excl": "2024-07-01"},
                "compare": {"kind": "custom", "start": "2024-07-01", "end_excl": "2025-01-01"},
            },
            channel.tools(),
        )
        assert set(column(result, "expected")) == {None}


class TestArguments:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ({"metric": "sales_amount"}, "there is no metric 'sales_amount'"),
            ({"dimensions": ["postcode"]}, "there is no dimension 'postcode'"),
            ({"dimensions": ["warehouse"]}, "amount cannot be split by warehouse"),
            ({"dimensions": ["region", "region"]}, "dimensions are repeated"),
            ({"compare": {"kind": "target"}}, "not against a target"),
            ({"limit": 0}, "greater than or equal to 1"),
            ({"dimensions": ["region", "partner", "product", "city"]}, "at most 3"),
        ],
    )
    def test_what_does_not_fit_is_said(
        self, channel: Channel, arguments: dict[str, object], said: str
    ) -> None:
        with pytest.raises(SpecError, match=said):
            CONTRIBUTIONS.run(arguments, channel.tools())

    def test_periods_without_data_have_no_change(self, channel: Channel) -> None:
        with pytest.raises(SpecError, match="no figure in one of the two periods"):
            CONTRIBUTIONS.run(
                {
                    "metric": "gross_margin_rate",
                    "dimensions": ["region"],
                    "time": {"start": "2024-02-01", "end_excl": "2024-03-01"},
                    "compare": ELAPSED,
                },
                channel.tools(),
            )


class TestScope:
    def test_a_manager_explains_the_own_region_only(self, channel: Channel) -> None:
        own = CONTRIBUTIONS.run(
            {"dimensions": ["partner"], "time": Y2025, "compare": ELAPSED},
            channel.tools(EAST.scope),
        )
        filtered = CONTRIBUTIONS.run(
            {
                "dimensions": ["partner"],
                "time": Y2025,
                "compare": ELAPSED,
                "where": {"kind": "filter", "member": "region", "values": ["华东"]},
            },
            channel.tools(),
        )
        assert own.rows == filtered.rows

    def test_another_region_is_as_unknown_as_none(self, channel: Channel) -> None:
        with pytest.raises(SpecError, match="华南"):
            CONTRIBUTIONS.run(
                {
                    "dimensions": ["partner"],
                    "where": {"kind": "filter", "member": "region", "values": ["华南"]},
                },
                channel.tools(EAST.scope),
            )
