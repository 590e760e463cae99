"""When two records are one company: only on strong grounds; the rest waits for a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.warehouse.credit_code import compact_credit_code
from knowledge.warehouse.places import leading_place, province_of
from knowledge.warehouse.resolve import (
    CompanyName,
    Identity,
    IdentityIndex,
    Match,
    identity,
    phone_digits,
    split_name,
)

CODE = "91110000600037341L"
OTHER_CODE = "91310000MA1FL0LJ34"


class TestSplitName:
    @pytest.mark.parametrize(
        ("name", "core", "province", "branch"),
        [
            ("上海云帆", "云帆", "上海", None),
            ("云帆软件（上海）", "云帆软件", "上海", None),
            ("上海雲帆（集團）有限公司", "云帆", "上海", None),
            ("苏州市云帆信息技术有限责任公司", "云帆信息技术", "江苏", None),
            ("江苏苏州云帆股份有限公司", "云帆", "江苏", None),
            ("云帆软件有限公司北京分公司", "云帆软件", None, "北京"),
            ("云帆软件有限公司分公司", "云帆软件", None, ""),
            ("中国云帆（中国）有限公司", "中国云帆", None, None),
            ("中山云帆有限公司", "中山云帆", None, None),
            ("中山市云帆有限公司", "云帆", "广东", None),
            ("ＹＵＮＦＡＮ Software Co., Ltd.", "yunfansoftware", None, None),
            ("Acme Inc. Boston Branch", "acme", None, "boston"),
            ("上海", "上海", None, None),
            ("公司", "公司", None, None),
            ("", "", None, None),
        ],
    )
    def test_takes_place_form_and_branch_off(
        self, name: str, core: str, province: str | None, branch: str | None
    ) -> None:
        assert split_name(name) == CompanyName(core, province, branch)

    @given(st.text(max_size=30))
    def test_never_fails_and_keeps_no_spaces(self, name: str) -> None:
        core = split_name(name).core
        assert core == "".join(core.split())

    @given(st.sampled_from(["云帆软件", "远航", "yunfan"]), st.sampled_from(["上海", "苏州", ""]))
    def test_spelling_does_not_matter(self, core: str, place: str) -> None:
        written = [f"{place}{core}有限公司", f" {place}{core} 股份有限公司", f"{core}（{place}）"]
        assert {split_name(name).core for name in written} == {core}


class TestPlaces:
    def test_a_city_lies_in_its_province(self) -> None:
        assert province_of("苏州市") == province_of("江苏省") == province_of("江苏") == "江苏"
        assert province_of("内蒙古自治区") == "内蒙古"
        assert province_of("California") is None

    def test_the_longest_name_leads(self) -> None:
        assert leading_place("海南省云帆") == ("海南", "云帆")
        assert leading_place("西双版纳州") == ("云南", "州")
        assert leading_place("云帆") is None


class TestPhone:
    @pytest.mark.parametrize(
        ("written", "digits"),
        [
            ("138 0013 8000", "13800138000"),
            ("+86-13800138000", "13800138000"),
            ("0086 21 5888 8888", "2158888888"),
            ("021-58888888转801", "2158888888"),
            ("（０２１）58888888 / 58888889", "2158888888"),
            ("400-800-1234", "4008001234"),
            ("12345", None),
            ("", None),
            (None, None),
        ],
    )
    def test_one_number_one_text(self, written: str | None, digits: str | None) -> None:
        assert phone_digits(written) == digits


class TestCreditCode:
    def test_is_stored_compact(self) -> None:
        assert compact_credit_code(" 91110000 600037341l ") == CODE
        assert compact_credit_code(OTHER_CODE) == OTHER_CODE

    def test_a_wrong_check_digit_is_none(self) -> None:
        assert compact_credit_code("911100006000373410") is None
        assert compact_credit_code("无") is None


def company(
    number: int,
    name: str,
    *,
    source: str = "crm",
    uscc: str | None = None,
    phone: str | None = None,
    city: str | None = None,
) -> Identity:
    return identity(number, source, uscc=uscc, name=name, phone=phone, city=city, territory=None)


def match(record: Identity, *known: Identity) -> Match | None:
    index = IdentityIndex()
    for partner in known:
        index.add(partner)
    return index.match(record)


PHONE = "021-58888888"


class TestMatch:
    def test_by_credit_code_whatever_the_name(self) -> None:
        known = company(7, "远航", uscc=CODE)
        assert match(company(0, "云帆", uscc=CODE, source="erp"), known) == Match(7, "uscc")
        assert match(company(0, "云帆", uscc=CODE), known) == Match(7, "uscc")

    def test_by_phone_and_name_where_the_place_agrees(self) -> None:
        known = company(7, "上海云帆有限公司", phone="+86 21 5888 8888")
        record = company(0, "云帆", source="erp", phone=PHONE, city="上海市")
        assert match(record, known) == Match(7, "phone+name")

    @pytest.mark.parametrize(
        "record",
        [
            company(0, "云帆", source="erp", phone=PHONE),  # no place on this side
            company(0, "云帆软件", source="erp", phone=PHONE, city="上海"),  # other core
            company(0, "云帆", source="erp", city="上海"),  # no phone
            company(0, "云帆公司浦东分公司", source="erp", phone=PHONE, city="上海"),  # a branch
            company(0, "云帆软件", source="erp", city="上海"),  # longer core, same place
        ],
    )
    def test_less_than_that_waits_for_a_person(self, record: Identity) -> None:
        assert match(record, company(7, "上海云帆有限公司", phone=PHONE)) == Match(7, "review")

    @pytest.mark.parametrize(
        "record",
        [
            company(0, "北京云帆", source="erp", phone=PHONE),  # another place
            company(0, "云舟", source="erp", city="上海"),  # 83 of 100 similar, another company
            company(0, "上海云帆", source="crm", phone=PHONE),  # the source keeps them apart
            company(0, "云帆软件", source="erp"),  # contained, but nobody knows where
        ],
    )
    def test_what_contradicts_or_says_little_is_no_match(self, record: Identity) -> None:
        assert match(record, company(7, "上海云帆有限公司", phone=PHONE)) is None

    def test_two_codes_are_two_companies(self) -> None:
        known = company(7, "上海云帆", uscc=CODE, phone=PHONE)
        record = company(0, "上海云帆", source="erp", uscc=OTHER_CODE, phone=PHONE)
        assert match(record, known) is None

    def test_two_equally_good_ones_are_for_a_person(self) -> None:
        twins = [company(n, "上海云帆", phone=PHONE) for n in (9, 8)]
        record = company(0, "上海云帆", source="erp", phone=PHONE)
        assert match(record, *twins) == Match(8, "review")

    def test_outside_china_cities_are_compared_as_written(self) -> None:
        known = company(7, "Acme Inc", phone="5551234567", city="Boston")
        same = company(0, "ACME Incorporated", source="erp", phone="555-123-4567", city="boston")
        other = company(0, "ACME Incorporated", source="erp", phone="555-123-4567", city="Austin")
        assert match(same, known) == Match(7, "phone+name")
        assert match(other, known) is None
