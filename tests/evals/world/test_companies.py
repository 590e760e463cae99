"""Places, companies, people: valid codes, distinct names, nobody's real telephone."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from evals.world import companies
from evals.world.geography import PROVINCES, REGIONS, draw_provinces, settle
from evals.world.partners import FLAGSHIP, NEW, ambiguous_short_names, apportion
from evals.world.world import World
from tests.evals.world.conftest import Written


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


class TestGeography:
    def test_seven_regions_hold_31_provinces(self) -> None:
        assert [region.name for region in REGIONS] == [
            "华东",
            "华北",
            "华南",
            "华中",
            "西南",
            "西北",
            "东北",
        ]
        assert len({province.adcode for province in PROVINCES}) == 31
        assert {province.region for province in PROVINCES} == {region.name for region in REGIONS}

    def test_codes_follow_gb_t_2260(self) -> None:
        for province in PROVINCES:
            assert re.fullmatch(r"\d{2}0000", province.adcode)
            for city, code in province.cities:
                assert code[:2] == province.adcode[:2], city
                assert re.fullmatch(r"\d{6}", code)

    def test_some_known_codes(self) -> None:
        known = {province.name: province.adcode for province in PROVINCES}
        assert known["上海"] == "310000"
        assert known["西藏"] == "540000"
        cities = {city: code for province in PROVINCES for city, code in province.cities}
        assert cities["宁波"] == "330200"

    @given(st.integers(31, 200), st.integers(0, 99))
    def test_every_province_is_drawn(self, count: int, seed: int) -> None:
        drawn = draw_provinces(rng(seed), count)
        assert len(drawn) == count
        assert set(drawn.tolist()) == set(range(31))


class TestCreditCodes:
    def test_are_valid_unique_and_local(self) -> None:
        places = settle(rng(), draw_provinces(rng(), 500))
        codes = companies.credit_codes(rng(), places)
        assert all(uscc.is_valid(code) for code in codes)
        assert len(set(codes)) == 500
        assert [code[2:8] for code in codes] == list(places.adcode)

    def test_the_organisation_code_has_its_own_check_character(self) -> None:
        places = settle(rng(), draw_provinces(rng(), 200))
        values = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        for code in companies.credit_codes(rng(), places):
            body, check = code[8:16], code[16]
            total = sum(
                w * values.index(c) for w, c in zip((3, 7, 9, 10, 5, 8, 4, 2), body, strict=True)
            )
            # GB 11714: 11 − total mod 11, written X for 10 and 0 for 11.
            assert "0123456789X0"[11 - total % 11] == check

    def test_every_code_in_the_files_is_valid(self, full: Written) -> None:
        partners = full.sheet("主数据/伙伴档案.xlsx", "伙伴")["统一社会信用代码"].dropna()
        customers = full.csv("主数据/客户.csv")["统一社会信用代码"]
        assert all(uscc.is_valid(code) for code in [*partners, *customers] if code)
        assert 0.75 < float(customers.ne("").mean()) < 0.85


class TestNames:
    def test_brands_are_different_even_by_the_thousand(self) -> None:
        names = companies.brands(rng(), 5000)
        assert len(set(names)) == 5000

    def test_too_many_are_refused(self) -> None:
        with pytest.raises(ValueError, match="can be named"):
            companies.brands(rng(), 10**6)

    def test_customers_have_different_names(self, full: Written) -> None:
        names = full.csv("主数据/客户.csv")["客户名称"]
        assert names.is_unique

    def test_partners_have_different_names(self, full: Written) -> None:
        names = full.sheet("主数据/伙伴档案.xlsx", "伙伴")["伙伴名称"].dropna()
        assert names.is_unique
        assert names.iloc[FLAGSHIP] == "云帆软件（上海）有限公司"

    def test_one_short_name_is_borne_twice(self, world: World) -> None:
        shared = ambiguous_short_names(world.partners)
        assert [len(codes) for codes in shared.values()] == [2]
        table = world.partners.table.set_index("code")
        (codes,) = shared.values()
        assert table.loc[codes[0], "territory"] != table.loc[codes[1], "territory"]

    def test_no_telephone_can_ring(self) -> None:
        numbers = companies.telephones(rng(), draw_provinces(rng(), 100))
        assert all(re.fullmatch(r"0\d{2,3}-0\d{7}", number) for number in numbers)


class TestPartners:
    @given(st.integers(1, 500), st.lists(st.floats(0.05, 1), min_size=2, max_size=5))
    def test_classes_are_apportioned_to_the_unit(self, count: int, shares: list[float]) -> None:
        classes = apportion(rng(), count, tuple(shares))
        assert len(classes) == count
        for index, share in enumerate(shares):
            exact = share / sum(shares) * count
            assert abs(int((classes == index).sum()) - exact) < 1

    def test_each_province_has_a_partner_and_each_partner_a_seller(self, world: World) -> None:
        assert set(world.partners.table["territory"]) == {province.name for province in PROVINCES}
        sellers = world.people.salespeople.groupby("partner").size()
        assert sellers.index.tolist() == world.partners.codes

    def test_a_seller_belongs_to_its_partner(self, world: World) -> None:
        everyone = np.arange(world.partners.count)
        whose = world.people.salespeople.set_index("code")["partner"]
        for draw in (0.0, 0.999):
            codes = world.people.seller(everyone, np.full(len(everyone), draw))
            assert whose[codes].tolist() == world.partners.codes

    def test_new_partners_have_no_long_history(self, world: World) -> None:
        partners = world.partners
        young = world.timeline.days - partners.first_day < 250
        assert set(partners.archetype[young]) == {NEW}

    def test_history_ends_with_what_the_master_shows(self, full: Written) -> None:
        history = full.sheet("主数据/伙伴档案.xlsx", "变更记录")
        master = full.sheet("主数据/伙伴档案.xlsx", "伙伴").drop(full.bad("partners"))
        master = master[master["伙伴编码"] != "合计"].set_index("伙伴编码")
        now = history[history["失效日期"].isna()].pivot_table(
            index="伙伴编码", columns="变更项", values="取值", aggfunc="first"
        )
        for attribute in ("等级", "渠道经理", "合作状态"):
            assert now[attribute].equals(master.loc[now.index, attribute].rename(attribute))
        assert len(now) == len(master)
