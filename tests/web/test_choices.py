"""What a reader sets stays set: language, theme, navigation."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.asking import ask_here, box, button
from tests.web.conftest import OpenTab


class TestLanguage:
    def test_is_the_browser_s_until_another_is_chosen_and_then_stays(
        self, open_tab: OpenTab
    ) -> None:
        tab = open_tab(language="en")
        html = tab.page.locator("html")
        expect(html).to_have_attribute("lang", "en")
        tab.shows("What do you want to know about your channel?", "sales by region this year")
        tab.page.get_by_role("button", name="中文").click()
        expect(html).to_have_attribute("lang", "zh-CN")
        tab.shows("想了解渠道的什么？", "今年各大区销售额及同比")
        tab.page.reload()
        expect(html).to_have_attribute("lang", "zh-CN")
        tab.open("/data")
        expect(tab.page.get_by_role("heading", name="数据", level=1)).to_be_visible()
        expect(tab.page).to_have_title("数据 · Leadline")
        tab.open("/data?lang=en")
        expect(html).to_have_attribute("lang", "en")
        expect(tab.page).to_have_title("Data · Leadline")
        tab.check_quiet()

    def test_of_the_page_changes_around_an_answer_that_stays(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        answer = ask_here(tab, "今年销售额是多少")
        tab.page.get_by_role("button", name="EN", exact=True).click()
        tab.shows("2025 年销售额为", "Certified", "Data as of 2025-11-20", within=answer)
        tab.check_whole()

    @pytest.mark.parametrize("path", ["/ask", "/data", "/data/model", "/traces"])
    def test_english_pages_hold_no_chinese_but_names_of_the_data(
        self, open_tab: OpenTab, path: str
    ) -> None:
        tab = open_tab(path, language="en")
        expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
        expect(tab.page.get_by_role("status", name="Loading…")).to_have_count(0)
        found = tab.page.evaluate(
            """() => [...document.querySelectorAll("h1, h2, h3, th, label, [role=tab], nav a, dt")]
              .filter((element) => element.offsetParent && !element.closest("article, aside"))
              .map((element) => element.innerText)
              .filter((words) => /[\\u4e00-\\u9fff]/.test(words))"""
        )
        assert found == []


class TestTheme:
    def test_is_the_system_s_until_another_is_chosen_and_then_stays(
        self, open_tab: OpenTab
    ) -> None:
        tab = open_tab(theme="dark")
        html = tab.page.locator("html")
        expect(html).to_have_attribute("data-theme", "dark")
        tab.page.get_by_role("button", name="外观").click()
        tab.page.get_by_role("menuitem", name="浅色").click()
        expect(html).to_have_attribute("data-theme", "light")
        tab.page.reload()
        expect(html).to_have_attribute("data-theme", "light")
        tab.page.get_by_role("button", name="外观").click()
        tab.page.get_by_role("menuitem", name="跟随系统").click()
        expect(html).to_have_attribute("data-theme", "dark")
        tab.page.emulate_media(color_scheme="light")
        expect(html).to_have_attribute("data-theme", "light")
        tab.check_quiet()

    def test_is_there_before_the_first_paint(self, open_tab: OpenTab) -> None:
        tab = open_tab(None, theme="dark")
        tab.page.route("**/assets/*.js", lambda route: route.abort())
        tab.open("/ask")
        expect(tab.page.locator("html")).to_have_attribute("data-theme", "dark")
        ground = "getComputedStyle(document.documentElement).backgroundColor"
        assert tab.page.evaluate(ground) == "rgb(10, 21, 31)"


class TestNavigation:
    def test_stays_folded_and_the_list_of_conversations_hidden(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        button(tab, "收起导航", "").click()
        button(tab, "隐藏对话记录", "").click()
        tab.page.reload()
        expect(button(tab, "展开导航", "")).to_be_visible()
        expect(tab.page.get_by_role("complementary", name="对话记录")).to_have_count(0)
        tab.check_whole()
        tab.check_accessible()
        tab.page.get_by_role("link", name="追踪").click()
        tab.page.wait_for_url("**/traces")
        tab.page.go_back()
        expect(box(tab)).to_be_visible()


class TestMotion:
    def test_rests_for_who_wants_it_still(self, open_tab: OpenTab) -> None:
        longest = """() => Math.max(...[...document.querySelectorAll("*")].map(getComputedStyle)
          .flatMap((style) => [style.transitionDuration, style.animationDuration])
          .flatMap((times) => times.split(",").map(parseFloat)))"""
        still = open_tab("/ask")
        still.shows("可以从这些问题开始")
        assert still.page.evaluate(longest) < 0.001
        moving = open_tab("/ask", motion=True)
        moving.shows("可以从这些问题开始")
        assert moving.page.evaluate(longest) > 0.05
        ask_here(moving, "本季度各大区销售额及同比")
        expect(moving.page.locator("canvas")).to_be_visible()
        moving.check_whole()
