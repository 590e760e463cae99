from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings

from knowledge.semantic.model import load_model
from knowledge.semantic.reading import describe
from knowledge.semantic.spec import QuerySpec
from leadline.access import Scope
from leadline.types import Language
from tests.knowledge.semantic.questions import questions
from tests.knowledge.semantic.shop import publish_shop, shop
from tests.knowledge.semantic.worlds import World

Q4 = {"start": "2013-10-01", "end_excl": "2014-01-01", "partial": True}


def read(*metrics: str, language: Language = Language.ZH, **spec: Any) -> str:
    wanted = QuerySpec.model_validate({"metrics": metrics, **spec})
    return describe(wanted, shop(), load_model(), language)


def both(*metrics: str, **spec: Any) -> tuple[str, str]:
    return read(*metrics, **spec), read(*metrics, language=Language.EN, **spec)


def only(member: str, *values: str, op: str = "in") -> dict[str, Any]:
    return {"kind": "filter", "member": member, "op": op, "values": values}


class TestDays:
    def test_of_a_partial_period_and_its_base(self) -> None:
        time = {**Q4, "label": "本季度", "label_en": "this quarter"}
        zh, en = both("amount", time=time, compare={"kind": "yoy"})
        assert zh == "本季度 = 2013-10-01 … 2013-11-29，对比 2012-10-01 … 2012-11-29（同样 60 天）"
        assert en == (
            "this quarter = 2013-10-01 … 2013-11-29, "
            "compared with 2012-10-01 … 2012-11-29 (the same 60 days)"
        )

    def test_of_all_data(self) -> None:
        zh, en = both("amount")
        assert zh == "全部数据（2012-10-20 … 2013-11-29）"
        assert en == "all data (2012-10-20 … 2013-11-29)"

    def test_of_a_period_to_come(self) -> None:
        zh, en = both("amount", time={"start": "2014-01-01", "end_excl": "2014-04-01"})
        assert "尚无实际数据" in zh
        assert "no actual data yet" in en

    def test_of_a_series(self) -> None:
        zh, en = both("amount", time={**Q4, "grain": "month"}, compare={"kind": "previous_period"})
        assert "每期对比上期，末期按相同天数" in zh
        assert "each compared with the one before, the last by the same number of days" in en

    def test_of_another_date(self) -> None:
        zh, en = both("new_partners", time={**Q4, "dimension": "joined_on"})
        assert "（按加入日期）" in zh
        assert "(by joining date)" in en

    def test_of_what_stands_at_a_day(self) -> None:
        rows = [{"id": 1, "snapshot_date": date(2013, 8, 1), "product_id": 1, "units_balance": 1}]
        snapshot = publish_shop(inventory_snapshot=rows)
        spec = QuerySpec(metrics=("stock_units",))
        assert describe(spec, snapshot, load_model(), Language.ZH) == "库存量取 2013-11-29 的余额"
        assert "as it stood on 2013-11-29" in describe(spec, snapshot, load_model(), Language.EN)

    def test_with_targets(self) -> None:
        zh, en = both("amount", time=Q4, compare={"kind": "target"})
        assert "对比目标" in zh
        assert "compared with target" in en


class TestRows:
    def test_filters_and_thresholds(self) -> None:
        where = {
            "kind": "and",
            "items": [
                only("region", "华东", "华南"),
                {"kind": "or", "items": [only("partner_tier", "金牌", op="not_in"),
                                         only("product", op="is_null")]},
            ],
        }  # fmt: skip
        zh, en = both(
            "amount",
            dimensions=["partner"],
            where=where,
            time=Q4,
            compare={"kind": "yoy"},
            metric_filters=[
                {"metric": "amount", "op": "ge", "value": 1_000_000},
                {"metric": "amount", "on": "change_rate", "op": "lt", "value": -0.2},
                {"metric": "amount", "op": "between", "value": 1, "upper": 2.5},
            ],
        )
        assert "大区 = 华东、华南，且 （伙伴等级 ≠ 金牌 或 产品为空）" in zh
        assert "销售额 ≥ 1,000,000，且 销售额的变化率 < -20%，且 销售额 ∈ [1, 2.5]" in zh
        assert "only region = 华东, 华南 and (partner tier ≠ 金牌 or product missing)" in en
        assert "sales rate of change < -20%" in en

    def test_many_values_are_counted(self) -> None:
        values = [f"伙伴{i}" for i in range(9)]
        text = read("amount", where=only("partner", *values, op="contains"))
        assert "伙伴5 等 9 个" in text

    def test_order_and_cuts(self) -> None:
        zh, en = both(
            "amount",
            dimensions=["region", "partner"],
            order=[{"by": "amount", "direction": "asc"}],
            top_per={"within": ["region"], "n": 3},
            limit=10,
            shares=[{"metric": "amount", "within": ["region"]}],
            rank=True,
            focus=[only("region", "华东")],
        )
        assert "按大区、伙伴" in zh
        assert "销售额从低到高" in zh
        assert "每个大区取前 3" in zh
        assert "取前 10" in zh
        assert "占比按各大区内合计" in zh
        assert "只显示 大区 = 华东（排名与占比按全部计）" in zh
        assert "the first 3 of each region" in en
        assert "sales ascending" in en
        assert "showing region = 华东 only (ranks and shares count all)" in en

    def test_a_cut_without_an_order_states_it(self) -> None:
        assert "销售额从高到低，取前 5" in read("amount", dimensions=["partner"], limit=5)

    def test_rollups_and_empty_members(self) -> None:
        assert "计个数" in read("amount", dimensions=["partner"], rollup={"function": "count"})
        zh, en = both(
            "amount",
            dimensions=["partner"],
            rollup={"function": "avg", "keep": ["partner"]},
            include_empty=True,
        )
        assert "按伙伴取平均" in zh
        assert "mean per partner" in en
        assert "含没有数据的" in zh
        assert "those without figures too" in en


class TestAnyReading:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(questions())
    def test_names_everything_that_decides_the_result(
        self, question: tuple[World, QuerySpec, Scope]
    ) -> None:
        there, spec, _ = question
        model = load_model()
        for language in Language:
            text = describe(spec, there.snapshot, model, language)
            for name in spec.dimensions:
                assert model.dimensions[name].label.get(language) in text
            for wanted in spec.metric_filters:
                assert model.metrics[wanted.metric].label.get(language) in text
            if spec.limit is not None:
                assert str(spec.limit) in text
            if spec.time is not None and spec.time.start is not None:
                assert spec.time.start.isoformat() in text
