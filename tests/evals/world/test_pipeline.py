"""Deals, registrations, activities, certifications: consistent with the orders and the plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evals.world.partners import ARCHETYPES
from evals.world.pipeline import LOST, OPEN, STAGES, WON
from evals.world.products import SKUS
from evals.world.world import World
from tests.evals.world.conftest import Written


class TestDeals:
    def test_a_won_deal_became_its_order(self, world: World) -> None:
        deals, orders = world.deals, world.orders
        won = deals.outcome == WON
        assert (deals.partner[won] == orders.partner[deals.order[won]]).all()
        assert (deals.customer[won] == orders.assignment.customer[deals.order[won]]).all()
        assert (deals.closed[won] == orders.day[deals.order[won]]).all()
        cents = np.bincount(world.lines.order, weights=world.lines.money.amount)
        # CRM amounts are rounded to hundreds of yuan, with one hundred as the least.
        off = np.abs(deals.hundreds[won] * 10_000 - cents[deals.order[won]])
        assert (off[deals.hundreds[won] > 1] <= 5_000).all()

    def test_lost_and_open_deals_are_with_prospects(self, world: World) -> None:
        rest = world.deals.outcome != WON
        customers = world.orders.assignment.customers
        assert customers.prospect[world.deals.customer[rest]].all()
        assert (customers.partner[world.deals.customer] == world.deals.partner)[rest].all()
        assert set(world.deals.order[rest]) == {-1}

    def test_closed_deals_close_in_time_and_open_ones_do_not(self, world: World) -> None:
        deals = world.deals
        closed = deals.outcome != OPEN
        assert (deals.closed[closed] < world.timeline.days).all()
        assert (deals.created < deals.closed).all()
        assert (deals.created[~closed] < world.timeline.days).all()

    def test_the_decline_loses_deals(self, world: World) -> None:
        # In 华东, the win rate in 财务云 of the declining months against that of a year before.
        deals = world.deals
        region = world.partners.places.region[deals.partner] == 0
        finance = np.array([sku.startswith("FI") for sku in SKUS])[deals.product]
        start = int(world.timeline.month_first[world.plan.decline[0].first_month])

        def rate(first: int) -> float:
            inside = region & finance & (deals.closed >= first) & (deals.closed < first + 120)
            won, lost = inside & (deals.outcome == WON), inside & (deals.outcome == LOST)
            return float(won.sum() / (won | lost).sum())

        assert rate(start) < rate(start - 365) * 0.75

    def test_archetypes_differ_in_pipeline(self, world: World) -> None:
        kind = world.partners.archetype[world.deals.partner[world.deals.outcome == OPEN]]
        per_partner = np.bincount(kind, minlength=4) / np.bincount(world.partners.archetype)
        growth, stable, opportunist, _ = per_partner
        assert growth > 2 * stable
        assert stable > 1.5 * opportunist


class TestStages:
    def test_follow_each_other_in_order_and_time(self, full: Written) -> None:
        table = full.csv("CRM/商机阶段.csv")
        rank = table["阶段"].map({name: n for n, name in enumerate((*STAGES, "赢单", "输单"))})
        same = table["商机编号"].eq(table["商机编号"].shift())
        assert (rank.diff()[same] > 0).all()
        entered = pd.to_datetime(table["进入时间"])
        assert (entered.diff()[same] > pd.Timedelta(0)).all()
        assert table[~same]["阶段"].eq(STAGES[0]).all()

    def test_the_last_is_the_one_that_the_deal_shows(self, full: Written) -> None:
        last = full.csv("CRM/商机阶段.csv").groupby("商机编号")["阶段"].last()
        deals = full.sheet("CRM/商机导出.xlsx", "商机", 2).drop(full.bad("opportunities"))
        shown = deals[deals["商机编号"] != "合计"].set_index("商机编号")["当前阶段"]
        assert last.to_dict() == shown.to_dict()


class TestRegistrations:
    def test_a_conflict_names_an_earlier_registration_of_the_customer(self, full: Written) -> None:
        table = full.csv("CRM/报备.csv").set_index("报备编号")
        contested = table[table["冲突报备"] != ""]
        assert set(contested["报备状态"]) == {"冲突"}
        original = table.loc[contested["冲突报备"]]
        assert (original.index < contested.index).all()
        assert original["客户编码"].tolist() == contested["客户编码"].tolist()
        assert (original["伙伴编码"].to_numpy() != contested["伙伴编码"].to_numpy()).all()

    def test_only_approved_ones_are_protected(self, full: Written) -> None:
        table = full.csv("CRM/报备.csv")
        protected = table["保护期至"] != ""
        assert set(table[protected]["报备状态"]) == {"已批准", "已过期", "已转化"}
        assert not set(table[~protected]["报备状态"]) & {"已批准", "已过期", "已转化"}
        expired = table[table["报备状态"] == "已过期"]
        assert (expired["保护期至"] <= full.truth["end"]).all()
        assert (table[table["报备状态"] == "已批准"]["保护期至"] >= full.truth["end"]).all()

    def test_opportunists_squat(self, full: Written) -> None:
        table = full.csv("CRM/报备.csv")
        idle = table[(table["商机编号"] == "") & (table["报备状态"] == "已过期")]
        archetype = {code: entry["archetype"] for code, entry in full.truth["partners"].items()}
        counts = idle["伙伴编码"].map(archetype).value_counts()
        assert counts[ARCHETYPES[2]] > 3 * counts.drop(ARCHETYPES[2]).max()


class TestActivity:
    def test_stops_when_a_partner_leaves_and_starts_when_it_joins(self, full: Written) -> None:
        table = full.parquet("伙伴门户/伙伴行为.parquet")
        for entry in full.truth["churners"]:
            days = table[table["伙伴编码"] == entry["partner"]]["日期"]
            assert (days < pd.Timestamp(entry["date"])).all()

    def test_leavers_log_in_less_before_their_orders_fade(self, full: Written) -> None:
        table = full.parquet("伙伴门户/伙伴行为.parquet")
        logins = table[table["行为类型"] == "登录"]
        early = late = 0
        for entry in full.truth["churners"]:
            mine = logins[logins["伙伴编码"] == entry["partner"]]
            fades = pd.Timestamp(entry["fades_from"])
            cools = pd.Timestamp(entry["cools_from"])
            window = fades - cools  # 80 days; compared with as many just before
            late += int(mine[(mine["日期"] >= cools) & (mine["日期"] < fades)]["次数"].sum())
            before = (mine["日期"] >= cools - window) & (mine["日期"] < cools)
            early += int(mine[before]["次数"].sum())
        # The factor falls from 1 to 0.64 over the window: 0.82 on average.
        assert 0.7 < late / early < 0.92

    def test_lulls_are_not_in_the_logins(self, full: Written) -> None:
        table = full.parquet("伙伴门户/伙伴行为.parquet")
        logins = table[table["行为类型"] == "登录"]
        during = before = 0
        for entry in full.truth["lulls"]:
            mine = logins[logins["伙伴编码"] == entry["partner"]]
            start, end = pd.Timestamp(entry["start"]), pd.Timestamp(entry["end"])
            during += int(mine[(mine["日期"] >= start) & (mine["日期"] < end)]["次数"].sum())
            length = end - start
            span = (mine["日期"] >= start - length) & (mine["日期"] < start)
            before += int(mine[span]["次数"].sum())
        assert during > 0.75 * before

    def test_certificates_last_two_years(self, full: Written) -> None:
        table = full.csv("伙伴门户/认证.csv")
        issued, expires = pd.to_datetime(table["发证日期"]), pd.to_datetime(table["到期日期"])
        assert set((expires - issued).dt.days) == {730}
        assert issued.max() <= pd.Timestamp(full.truth["end"])

    def test_claims_are_approved_up_to_what_was_asked(self, full: Written) -> None:
        table = full.csv("伙伴门户/市场基金.csv")
        decided = table[table["批准金额"] != ""]
        assert (decided["批准金额"].astype(float) <= decided["申请金额"].astype(float)).all()
        assert set(table[table["批准金额"] == ""]["状态"]) == {"审批中"}
