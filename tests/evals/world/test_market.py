"""What happens outside: indicators without look-ahead, competitors, tenders, news."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from evals.world.demand import MACRO_LEAD_MONTHS
from evals.world.geography import PROVINCES
from evals.world.market import CLIMATE
from evals.world.world import World
from tests.evals.world.conftest import Written


class TestIndicators:
    def test_nothing_is_known_before_its_period_ends_or_after_the_last_day(
        self, full: Written
    ) -> None:
        table = full.csv("市场/宏观指标.csv")
        months = np.where(table["频率"] == "quarter", 3, 1)
        start = pd.to_datetime(table["期间起始"])
        ends = [
            s + pd.DateOffset(months=int(n), days=-1) for s, n in zip(start, months, strict=True)
        ]
        assert (pd.to_datetime(table["发布日期"]) >= pd.Series(ends)).all()
        assert table["发布日期"].max() <= full.truth["end"]

    def test_revised_series_have_a_row_per_vintage(self, full: Written) -> None:
        table = full.csv("市场/宏观指标.csv")
        climate = table[(table["指标"] == CLIMATE) & (table["期间起始"] == "2025-03-01")]
        assert len(climate) == 14  # seven regions, published and revised
        assert climate.groupby("大区")["发布日期"].nunique().eq(2).all()
        keys = ["指标", "大区", "省份", "期间起始", "发布日期"]
        assert not table.duplicated(keys).any()

    def test_the_climate_index_leads_orders(self, world: World, full: Written) -> None:
        # ln(orders against the unseasonal, untrended expectation) two months later follows it.
        table = full.csv("市场/宏观指标.csv")
        final = table[table["指标"] == CLIMATE].drop_duplicates(["大区", "期间起始"], keep="last")
        index = final[final["大区"] == "华东"]["数值"].astype(float).to_numpy()
        ahead = world.demand.climate[0, MACRO_LEAD_MONTHS : MACRO_LEAD_MONTHS + len(index)]
        assert np.corrcoef(index, ahead)[0, 1] > 0.95
        assert abs(np.polyfit(index, ahead, 1)[0] - 0.01) < 0.002  # 0.01 in the log per point

    def test_growth_is_published_for_every_province(self, full: Written) -> None:
        table = full.csv("市场/宏观指标.csv")
        assert set(table["省份"]) - {""} == {province.name for province in PROVINCES}


class TestCompetitors:
    def test_the_attack_behind_the_decline_is_an_event(self, full: Written) -> None:
        events = full.csv("市场/竞品动态.csv").set_index("动态编号")
        cause = full.truth["decline"]["cause"]
        attack = events.loc[cause["event"]]
        assert attack["竞品厂商"] == cause["competitor"]
        assert attack["日期"] == cause["date"] < full.truth["decline"]["start"]
        assert (attack["大区"], attack["产品线"]) == ("华东", "财务云")
        assert float(attack["新值"]) / float(attack["原值"]) < 0.75

    def test_price_events_say_both_prices(self, full: Written) -> None:
        events = full.csv("市场/竞品动态.csv")
        priced = events["类型"] == "价格调整"
        assert (events[priced][["原值", "新值"]] != "").all(axis=None)
        assert (events[~priced][["原值", "新值"]] == "").all(axis=None)
        assert events["动态编号"].is_unique
        rising = events[priced & events["标题"].str.contains("上调")]
        assert (rising["新值"].astype(float) > rising["原值"].astype(float)).all()


class TestTenders:
    def test_a_thread_begins_with_its_announcement(self, full: Written) -> None:
        table = full.csv("市场/招标公告.csv")
        openings = {"公开招标", "竞争性磋商", "竞争性谈判", "询价", "单一来源"}
        threads = table.sort_values(["发布日期"], kind="stable").groupby("项目编号")["公告类型"]
        assert threads.first().isin(openings).all()
        assert threads.apply(lambda kinds: kinds.isin(openings).sum()).eq(1).all()

    def test_awards_stay_within_the_budget_and_have_no_deadline(self, full: Written) -> None:
        table = full.csv("市场/招标公告.csv")
        awards = table[table["公告类型"].isin(["中标", "成交"])]
        assert len(awards) > 100
        limit = awards["预算金额（万元）"].astype(float) * 10_000
        assert (awards["中标金额（元）"].astype(float) <= limit).all()
        assert (awards["投标截止时间"] == "").all()
        others = table.drop(awards.index)
        assert (others["中标供应商"] == "").all()

    def test_a_correction_moves_the_deadline_by_a_week(self, full: Written) -> None:
        table = full.csv("市场/招标公告.csv")
        corrections = table[table["公告类型"] == "更正"].set_index("项目编号")["投标截止时间"]
        opened = table[table["投标截止时间"].ne("") & table["公告类型"].ne("更正")]
        before = pd.to_datetime(opened.set_index("项目编号").loc[corrections.index, "投标截止时间"])
        assert len(corrections)
        assert set(pd.to_datetime(corrections) - before) == {pd.Timedelta(days=7)}

    def test_some_awards_go_to_our_partners(self, full: Written) -> None:
        partners = set(full.sheet("主数据/伙伴档案.xlsx", "伙伴")["伙伴名称"].dropna())
        suppliers = full.csv("市场/招标公告.csv")["中标供应商"]
        ours = suppliers[suppliers != ""].isin(partners).mean()
        assert 0.25 < ours < 0.55

    def test_hot_spots_call_for_more(self, full: Written) -> None:
        table = full.csv("市场/招标公告.csv")
        for spot in full.truth["hot_spots"]:
            here = table["省份"] == spot["territory"]
            inside = table["发布日期"].between(spot["start"], spot["end"])
            months = pd.Period(spot["end"], "M").ordinal - pd.Period(spot["start"], "M").ordinal + 1
            rate = (here & inside).sum() / months
            assert rate > 2 * (here & ~inside).sum() / (36 - months)


class TestNews:
    def test_a_page_is_known_by_the_hash_of_its_address(self, full: Written) -> None:
        pages = full.parquet("市场/资讯.parquet")
        assert pages["链接"].is_unique
        hashes = [hashlib.sha256(url.encode()).hexdigest() for url in pages["链接"]]
        assert pages["链接指纹"].tolist() == hashes

    def test_addresses_lead_nowhere(self, full: Written) -> None:
        pages = full.parquet("市场/资讯.parquet")
        assert pages["链接"].str.fullmatch(r"https://[a-z.-]+\.example/\S+").all()

    def test_the_decline_is_reported_by_two_sites(self, full: Written) -> None:
        pages = full.parquet("市场/资讯.parquet").set_index("资讯编号")
        cause = full.truth["decline"]["cause"]
        reports = pages.loc[cause["documents"]]
        assert reports["链接"].str.split("/").str[2].nunique() == 2
        assert reports["标题"].str.contains("华东").all()
        assert (reports["发布日期"].astype(str) >= cause["date"]).all()

    def test_each_notice_has_its_page(self, full: Written) -> None:
        pages = full.parquet("市场/资讯.parquet").set_index("资讯编号")
        notices = full.csv("市场/招标公告.csv")
        own = pages.loc[notices["资讯编号"]]
        assert (own["类别"] == "tender").all()
        for number, body in zip(notices["项目编号"], own["正文"], strict=True):
            assert f"项目编号：{number}" in body
