"""What `truth.json` claims can be seen in the files, by reading only the files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from evals.world.partners import ARCHETYPES
from evals.world.planting import HORIZON_DAYS
from tests.evals.world.conftest import Written


@pytest.fixture(scope="module")
def sales(full: Written) -> pd.DataFrame:
    """Good order lines with their header, product, and the partner's place."""
    orders = full.csv("ERP/销售订单.csv").drop(full.bad("orders"))
    lines = full.csv("ERP/销售订单明细.csv").drop(full.bad("lines"))
    products = full.csv("主数据/产品.csv")[["产品编码", "产品线"]]
    partners = full.sheet("主数据/伙伴档案.xlsx", "伙伴")[["伙伴编码", "大区", "省份"]].dropna()
    table = lines.merge(orders, on="订单号").merge(products, on="产品编码")
    table = table.merge(partners.drop_duplicates("伙伴编码"), on="伙伴编码")
    assert len(table) == len(lines)
    table["日期"] = pd.to_datetime(table["订单日期"])
    for column in ("数量", "金额", "标准金额", "单价"):
        table[column] = table[column].astype(float)
    return table


def between(table: pd.DataFrame, start: str, end: str) -> pd.Series[bool]:
    return table["日期"].between(pd.Timestamp(start), pd.Timestamp(end))


class TestTotals:
    def test_match_the_files(self, full: Written, sales: pd.DataFrame) -> None:
        totals = full.truth["totals"]
        assert f"{sales['金额'].sum():.2f}" == totals["amount"]
        assert len(sales) == totals["order_lines"]
        assert sales["订单号"].nunique() == totals["orders"]
        assert int(sales["数量"].sum()) == totals["quantity"]

    def test_the_data_ends_on_the_as_of_date(self, full: Written, sales: pd.DataFrame) -> None:
        assert str(sales["日期"].max().date()) == full.truth["as_of"]


class TestArchetypes:
    def test_every_partner_has_one_and_all_are_common(self, full: Written) -> None:
        kinds = pd.Series({c: e["archetype"] for c, e in full.truth["partners"].items()})
        assert len(kinds) == 240
        counts = kinds.value_counts()
        assert counts[list(ARCHETYPES[:3])].min() > 50
        short = [c for c, e in full.truth["partners"].items() if not e["enough_history"]]
        assert set(kinds[short]) == {ARCHETYPES[3]}

    def test_they_grow_and_swing_as_their_names_say(
        self, full: Written, sales: pd.DataFrame
    ) -> None:
        months = sales["日期"].dt.to_period("M")
        table = sales.pivot_table(index="伙伴编码", columns=months, values="金额", aggfunc="sum")
        table = table.reindex(columns=pd.period_range("2023-11", "2026-10", freq="M")).fillna(0)
        staying = [
            code
            for code, entry in full.truth["partners"].items()
            if not entry["left"] and not entry["leaving"] and code in table.index
        ]
        year, before = table.loc[staying].iloc[:, -12:], table.loc[staying].iloc[:, -24:-12]
        kind = pd.Series({c: full.truth["partners"][c]["archetype"] for c in staying})
        swing = (year.std(axis=1) / year.mean(axis=1)).groupby(kind).median()
        growth = (year.sum(axis=1) / before.sum(axis=1)).groupby(kind).median()
        grower, stable, opportunist = ARCHETYPES[:3]
        assert growth[grower] > 1.35
        assert 0.85 < growth[stable] < 1.15
        assert swing[opportunist] > 2 * swing[stable]
        assert swing[stable] < 0.65


class TestChurn:
    def test_churners_order_no_more_after_their_date(
        self, full: Written, sales: pd.DataFrame
    ) -> None:
        last = sales.groupby("伙伴编码")["日期"].max()
        left = [entry for entry in full.truth["churners"] if entry["left"]]
        assert len(left) >= 30
        for entry in left:
            assert last[entry["partner"]] == pd.Timestamp(entry["last_order_on"])
            assert last[entry["partner"]] < pd.Timestamp(entry["date"])

    def test_their_last_order_is_not_long_before_it(self, full: Written) -> None:
        gaps = [
            (pd.Timestamp(entry["date"]) - pd.Timestamp(entry["last_order_on"])).days
            for entry in full.truth["churners"]
            if entry["left"]
        ]
        assert np.median(gaps) < 45

    def test_those_about_to_leave_still_order(self, full: Written, sales: pd.DataFrame) -> None:
        end = pd.Timestamp(full.truth["end"])
        last = sales.groupby("伙伴编码")["日期"].max()
        leaving = [entry for entry in full.truth["churners"] if not entry["left"]]
        assert leaving
        for entry in leaving:
            ahead = (pd.Timestamp(entry["date"]) - end).days
            assert 0 < ahead <= HORIZON_DAYS
            assert last[entry["partner"]] > end - pd.Timedelta(days=150)

    def test_a_lull_is_a_dip_that_ends(self, full: Written, sales: pd.DataFrame) -> None:
        during = outside = days_in = days_out = 0.0
        for entry in full.truth["lulls"]:
            mine = sales[sales["伙伴编码"] == entry["partner"]].drop_duplicates("订单号")
            inside = between(mine, entry["start"], entry["end"])
            span = (pd.Timestamp(entry["end"]) - pd.Timestamp(entry["start"])).days + 1
            during, days_in = during + inside.sum(), days_in + span
            outside, days_out = outside + (~inside).sum(), days_out + 1096 - span
            assert mine["日期"].max() > pd.Timestamp(entry["end"])
        assert during / days_in < 0.5 * outside / days_out


class TestStuffing:
    def quarter(self, sales: pd.DataFrame, entry: dict[str, Any], shift: int = 0) -> pd.DataFrame:
        """The partner's hardware lines of the entry's quarter, or of one `shift` later."""
        mine = sales[(sales["伙伴编码"] == entry["partner"]) & (sales["产品线"] == "智能硬件")]
        quarter = pd.Period(entry["quarter"], "Q") + shift
        return mine[mine["日期"].dt.to_period("Q") == quarter]

    def test_the_last_ten_days_hold_most_of_the_quarter(
        self, full: Written, sales: pd.DataFrame
    ) -> None:
        assert len(full.truth["stuffing"]) >= 10
        for entry in full.truth["stuffing"]:
            units = self.quarter(sales, entry)
            late = units[between(units, entry["start"], entry["end"])]["数量"].sum()
            share = late / units["数量"].sum()
            assert share == pytest.approx(entry["late_unit_share"], abs=1e-4)
            assert share > 0.45

    def test_the_quarter_after_is_thin(self, full: Written, sales: pd.DataFrame) -> None:
        followed = [e for e in full.truth["stuffing"] if e["quarter"] < "2026Q3"]
        before = sum(self.quarter(sales, e, -1)["数量"].sum() for e in followed)
        after = sum(self.quarter(sales, e, 1)["数量"].sum() for e in followed)
        assert after < 0.5 * before

    def test_much_comes_back(self, full: Written) -> None:
        returns = full.csv("ERP/退货单.csv").drop(full.bad("returns"))
        for entry in full.truth["stuffing"]:
            mine = returns[returns["订单号"].isin(entry["orders"])]
            assert mine["数量"].astype(int).sum() == entry["returned_units"]
        early = [e for e in full.truth["stuffing"] if e["quarter"] < "2026Q3"]
        back = sum(e["returned_units"] for e in early) / sum(e["extra_units"] for e in early)
        assert back > 0.1

    def test_its_money_comes_late(self, full: Written) -> None:
        receivables = full.csv("ERP/应收单.csv").set_index("订单号")
        term = pd.to_datetime(receivables["到期日"]) - pd.to_datetime(receivables["立账日期"])
        planted = [order for entry in full.truth["stuffing"] for order in entry["orders"]]
        planted = [order for order in planted if order in term.index]
        assert term[planted].dt.days.min() >= 90
        assert term.drop(planted).dt.days.max() <= 60

    def test_a_genuine_spike_sells_through(self, full: Written) -> None:
        table = full.csv("库存/动销.csv")
        sold = table["动销数量"].astype(int)
        month = pd.PeriodIndex(table["月份"], freq="M")

        def jump(entry: dict[str, Any]) -> float:
            """Sell-through of the month after the quarter over that of the three before."""
            mine = (table["伙伴编码"] == entry["partner"]).to_numpy()
            end = pd.Period(entry["end"], "M")
            usual = sold[mine & (month <= end) & (month > end - 3)].sum() / 3
            return float(sold[mine & (month == end + 1)].sum() / usual)

        assert min(jump(entry) for entry in full.truth["genuine_spikes"]) > 2
        assert np.median([jump(entry) for entry in full.truth["stuffing"]]) < 1.4


class TestDiversion:
    def shares(self, full: Written, entries: list[dict[str, Any]]) -> list[float]:
        """Share of shipped lines of the case's time that went outside the partner's 大区."""
        shipments = full.parquet("ERP/出库单.parquet")
        region = full.csv("主数据/省份.csv").set_index("省份")["大区"]
        found = []
        for entry in entries:
            mine = shipments[shipments["伙伴编码"] == entry["partner"]]
            inside = mine["出库日期"].between(entry["start"], entry["end"])
            there = mine[inside]["收货省份"].map(region)
            found.append(float((there != entry["region"]).mean()))
        return found

    def test_goods_go_abroad(self, full: Written) -> None:
        assert min(self.shares(full, full.truth["diversion"])) > 0.15
        assert len(full.truth["diversion"]) >= 8
        others = set(full.truth["partners"])
        others -= {e["partner"] for e in full.truth["diversion"] + full.truth["national_accounts"]}
        whole = {"start": full.truth["start"], "end": full.truth["end"]}
        usual = [
            {"partner": code, "region": full.truth["partners"][code]["region"], **whole}
            for code in sorted(others)
        ]
        # A partner new in October may have shipped nothing yet.
        assert np.nanmedian(self.shares(full, usual)) < 0.05

    def test_below_the_floor_price(self, full: Written, sales: pd.DataFrame) -> None:
        prices = full.csv("主数据/价目表.csv")
        floors = prices[prices["价目"] == "渠道底价"].copy()
        floors["失效日期"] = floors["失效日期"].replace("", "2099-01-01")
        priced = sales.merge(floors, on="产品编码", suffixes=("", "_底价"))
        current = (priced["订单日期"] >= priced["生效日期"]) & (
            priced["订单日期"] < priced["失效日期"]
        )
        priced = priced[current]
        assert len(priced) == len(sales)
        below = priced["金额"] / priced["数量"] < priced["单价_底价"].astype(float) - 0.01
        diverted = {order for entry in full.truth["diversion"] for order in entry["orders"]}
        assert set(priced[below]["订单号"]) == diverted

    def test_some_customers_are_another_partners(self, full: Written, sales: pd.DataFrame) -> None:
        served = sales[sales["客户编码"] != ""].groupby("客户编码")["伙伴编码"].nunique()
        planted = {code for e in full.truth["diversion"] for code in e["shared_customers"]}
        assert planted
        assert set(served[served > 1].index) == planted

    def test_national_accounts_are_registered(self, full: Written) -> None:
        table = full.csv("CRM/报备.csv")
        held = set(zip(table["伙伴编码"], table["客户编码"], table["报备状态"], strict=True))
        for entry in full.truth["national_accounts"]:
            assert all((entry["partner"], c, "已转化") in held for c in entry["customers"])
        for entry in full.truth["diversion"]:
            assert not any((entry["partner"], c, "已转化") in held for c in entry["customers"])


class TestMarketEvents:
    def monthly(self, sales: pd.DataFrame, chosen: pd.Series[bool]) -> dict[str, float]:
        """Amount per month, `2026-02` and so on; months without any are left out."""
        amount = sales[chosen].groupby(sales["日期"].dt.strftime("%Y-%m"))["金额"].sum()
        return {str(month): float(value) for month, value in amount.items()}

    def test_new_year_dents_its_month(self, full: Written, sales: pd.DataFrame) -> None:
        national = self.monthly(sales, sales["金额"] > 0)
        quiet = full.truth["season"]["chinese_new_year"]
        assert [entry["month"] for entry in quiet] == ["2024-02", "2025-02", "2026-02"]
        for entry in quiet:
            month = pd.Period(entry["month"], "M")
            around = [national[str(month + n)] for n in (-3, -2, 1, 2)]
            assert national[entry["month"]] < 0.65 * np.mean(around)

    def test_quarters_end_with_a_peak(self, sales: pd.DataFrame) -> None:
        national = self.monthly(sales, sales["金额"] > 0)
        for quarter in pd.period_range("2024Q1", "2026Q3", freq="Q"):
            month = quarter.asfreq("M")
            assert national[str(month)] > 1.2 * national[str(month - 1)]
            assert national[str(month)] > 1.2 * national[str(month + 1)]

    def test_the_launched_product_was_not_sold_before(
        self, full: Written, sales: pd.DataFrame
    ) -> None:
        launch = full.truth["launch"]
        mine = sales[sales["产品编码"] == launch["sku"]]
        assert mine["订单日期"].min() >= launch["date"]
        amounts = list(self.monthly(sales, sales["产品编码"] == launch["sku"]).values())
        assert sum(amounts[-3:]) > 3 * sum(amounts[:3])

    def test_the_price_cut_is_on_every_line_and_moves_volume(
        self, full: Written, sales: pd.DataFrame
    ) -> None:
        cut = full.truth["price_cut"]
        mine = sales[sales["产品编码"] == cut["sku"]]
        after = mine["订单日期"] >= cut["date"]
        assert set(mine[~after]["单价"]) == {cut["old_price"]}
        assert set(mine[after]["单价"]) == {cut["new_price"]}
        months = mine["日期"].dt.to_period("M")
        same = [p - 12 for p in pd.period_range(cut["date"], "2026-10", freq="M")]
        year_before = mine[months.isin(same)]["数量"].sum()
        assert mine[after]["数量"].sum() > 1.2 * year_before

    def test_hot_spots_are_hot(self, full: Written, sales: pd.DataFrame) -> None:
        for spot in full.truth["hot_spots"]:
            chosen = (sales["省份"] == spot["territory"]) & (sales["产品线"] == spot["line"])
            inside = chosen & between(sales, spot["start"], spot["end"])
            length = pd.Timestamp(spot["end"]) - pd.Timestamp(spot["start"])
            year = pd.Timedelta(days=365)
            before = chosen & sales["日期"].between(
                pd.Timestamp(spot["start"]) - year, pd.Timestamp(spot["start"]) - year + length
            )
            assert sales[inside]["金额"].sum() > 1.5 * sales[before]["金额"].sum()

    def test_the_east_declines_in_the_lines_named(self, full: Written, sales: pd.DataFrame) -> None:
        decline = full.truth["decline"]
        assert decline["start"] == "2026-07-01"
        east = sales["大区"] == decline["region"]

        def change(chosen: pd.Series[bool]) -> float:
            """Third quarter of 2026 over the second."""
            amount = sales[chosen].groupby(sales["日期"].dt.to_period("Q"))["金额"].sum()
            return float(amount["2026Q3"] / amount["2026Q2"])

        assert change(east) < 0.8
        assert change(~east) > 0.9
        for line, factor in decline["lines"].items():
            assert change(east & (sales["产品线"] == line)) < factor + 0.2

    def test_the_east_declines_year_on_year(self, full: Written, sales: pd.DataFrame) -> None:
        east = sales[sales["大区"] == full.truth["decline"]["region"]]
        amount = east.groupby(east["日期"].dt.to_period("Q"))["金额"].sum()
        assert amount["2026Q3"] < amount["2025Q3"]


class TestEvents:
    def test_every_dated_event_is_told_in_order(self, full: Written) -> None:
        events = full.truth["events"]
        assert [e["date"] for e in events] == sorted(e["date"] for e in events)
        kinds = pd.Series([e["kind"] for e in events]).value_counts()
        left = [e for e in full.truth["churners"] if e["left"]]
        assert kinds["churn"] == len(left)
        assert kinds["stuffing"] == len(full.truth["stuffing"])
        assert kinds["diversion"] == len(full.truth["diversion"])
        assert {"decline", "competitor_price_cut", "launch", "price_cut"} <= set(kinds.index)

    def test_the_summary_counts_them(self, full: Written) -> None:
        for kind in ("stuffing", "diversion", "lulls", "hot_spots"):
            assert full.summary.planted[kind] == len(full.truth[kind])
