"""Every page, in both languages, on a wide screen and on a telephone, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.conftest import NARROW, WIDE, OpenTab
from tests.web.tab import Tab

QUESTIONS = {"zh": "本季度各大区销售额及同比", "en": "revenue by region this year vs last year"}

both_languages = pytest.mark.parametrize("language", ["zh", "en"])
both_widths = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])


def whole_and_accessible(tab: Tab) -> None:
    """Nothing amiss, in either theme."""
    tab.check_whole()
    tab.check_accessible()
    tab.page.emulate_media(color_scheme="dark")
    expect(tab.page.locator("html")).to_have_attribute("data-theme", "dark")
    tab.check_accessible()
    tab.check_quiet()


@both_languages
@both_widths
class TestAsk:
    def test_before_the_first_question(
        self, open_tab: OpenTab, language: str, size: tuple[int, int]
    ) -> None:
        tab = open_tab("/", language=language, size=size)
        tab.shows(tab.t("想了解渠道的什么？", "What do you want to know about your channel?"))
        openers = tab.page.get_by_role(
            "region", name=tab.t("可以从这些问题开始", "Questions to start with")
        ).get_by_role("button")
        expect(openers).to_have_count(6 if size == WIDE else 5)
        if size == WIDE:
            tab.shows("Test channel", tab.t("数据截至 2025-11-20", "Data as of 2025-11-20"))
        whole_and_accessible(tab)

    def test_with_an_answer(
        self,
        open_tab: OpenTab,
        ask: Callable[..., dict[str, Any]],
        language: str,
        size: tuple[int, int],
    ) -> None:
        answer = ask(QUESTIONS[language])
        tab = open_tab(f"/ask/{answer['conversation_id']}", language=language, size=size)
        tab.shows(QUESTIONS[language], "华东", answer["reading"])
        expect(
            tab.page.locator("figure").get_by_role("img", name=answer["reading"])
        ).to_be_visible()
        expect(tab.page.locator("canvas")).to_be_visible()
        if language == "zh":
            tab.shows("13.00万元", "62.50%", "已认证", "数据截至 2025-11-20", "快照 2")
        else:
            tab.shows(
                "CNY 320,000.00", "39.13%", "Certified", "Data as of 2025-11-20", "Snapshot 2"
            )
        whole_and_accessible(tab)


@both_languages
@both_widths
class TestLogin:
    def test_asks_for_the_token(
        self, open_tab: OpenTab, language: str, size: tuple[int, int]
    ) -> None:
        tab = open_tab(None, language=language, size=size, user=None)
        tab.allowed.add(401)
        tab.open("/data")
        tab.shows(tab.t("登录 Leadline", "Sign in to Leadline"))
        expect(tab.page.get_by_label(tab.t("访问令牌", "Access token"))).to_be_focused()
        whole_and_accessible(tab)
