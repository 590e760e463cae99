"""Personal data and secrets are masked wherever they stand; figures are not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.bounds import short_text
from leadline.masking import masked, masked_data
from tests.leadline.planted import BESIDE, PLANTED, planted


class TestForms:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("打给13912345678。", "打给[phone]。"),
            ("phone13912345678ok", "phone[phone]ok"),
            ("+86 139-1234-5678", "[phone]"),
            ("１３９１２３４５６７８", "[phone]"),
            ("0571-88886666转", "[phone]转"),
            ("+1 (415) 555-2671", "[phone]"),
            ("发到 wang.wei@example.com.cn", "发到 [email]"),
            ("身份证11010519491231002X", "身份证[id number]"),
            # 4111…1111 is the card number in every payment manual; its Luhn sum is 30
            ("卡号 4111 1111 1111 1111", "卡号 [bank card]"),
            ("Authorization: Bearer abc.def-123", "Authorization: Bearer [secret]"),
            ("key sk-proj-a1B2c3D4e5", "key [secret]"),
            ("postgresql://leadline:p%40ss@db/x", "postgresql://leadline:[secret]@db/x"),
            ("密码：hunter22，谢谢", "密码：[secret]，谢谢"),
            ('{"api_key": "abcd1234"}', '{"api_key": "[secret]"}'),
            ("-----BEGIN PRIVATE KEY-----\nMIIE", "[secret]"),
        ],
    )
    def test_is_masked(self, text: str, shown: str) -> None:
        assert masked(text) == shown

    @pytest.mark.parametrize(
        "text",
        [
            "2025年各大区销售额，同比 12.5%",
            "销售额 13912345678.50 元",  # a figure with decimals
            "2025-01-01..2026-01-01",
            "2026-11-23T18:03:27+00:00",
            "6f4ce32c73e24a9a85b9-1",  # an id
            "9f86d081884c7d659a2feaa0c55ad01513912345678b2b0b822cd15d6c15b0f0",  # a digest
            "卡号 4111 1111 1111 1112",  # its Luhn sum is 31
            "4111111111111",
            "top 10 @ 2025",
            "token count of 1200",
            "91330106MA2CFQ1234",
        ],
    )
    def test_stays(self, text: str) -> None:
        assert masked(text) == text

    def test_credit_codes_on_request(self) -> None:
        assert masked("91330106MA2CFQ1234", credit_codes=True) == "[credit code]"

    def test_a_known_secret_whatever_its_form(self) -> None:
        assert masked("401 for correct-horse", known=("correct-horse",)) == "401 for [secret]"
        assert masked("a b", known=("a",)) == "a b"


class TestData:
    def test_texts_at_any_depth_and_numbers_untouched(self) -> None:
        data = {"rows": [["13912345678", 13912345678]], "n": None, "ok": True}
        assert masked_data(data) == {"rows": [["[phone]", 13912345678]], "n": None, "ok": True}

    def test_what_stands_under_the_name_of_a_secret(self) -> None:
        data = {"Authorization": "anything", "db.password": "x", "api_key": "", "tokens": "a b"}
        assert masked_data(data) == {
            "Authorization": "[secret]",
            "db.password": "[secret]",
            "api_key": "",
            "tokens": "a b",
        }


class TestLaws:
    @given(st.text(st.sampled_from(BESIDE), max_size=12), planted(), st.sampled_from(BESIDE))
    def test_a_planted_secret_is_gone_and_what_stands_before_it_is_not(
        self, before: str, secret: str, after: str
    ) -> None:
        shown = masked(f"{before} {secret}{after}")
        assert secret not in shown
        assert shown.startswith(before)

    @given(st.text(), planted(), st.text())
    def test_masking_twice_changes_nothing(self, before: str, secret: str, after: str) -> None:
        once = masked(before + secret + after)
        assert masked(once) == once

    @given(
        st.recursive(planted(), lambda inner: st.lists(inner) | st.dictionaries(planted(), inner))
    )
    def test_nothing_planted_in_data_is_left(self, data: object) -> None:
        text = json.dumps(masked_data(data), ensure_ascii=False)
        for made in PLANTED:
            assert made.search(text) is None


class TestEffort:
    @pytest.mark.parametrize(
        "piece",
        ["1", "a.", "a+b.c-", "1 1 ", "a@", "://", "x://", "http://a:", "eyJ.", "+1-", "密码是"],
    )
    def test_grows_no_faster_than_the_text(self, piece: str) -> None:
        # a pattern that backtracks without end would take hours here, not a moment
        assert masked(piece * (20_000 // len(piece)) + "@")
        assert short_text(piece * (20_000 // len(piece)), 19_000)
