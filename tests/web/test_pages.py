"""Every page, in both languages, on a wide screen and on a telephone, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.web.conftest import NARROW, WIDE, OpenTab
from tests.web.instance import HOSTILE, REFUSED_PRODUCT
from tests.web.tab import Tab

QUESTIONS = {"zh": "本季度各大区销售额及同比", "en": "revenue by region this year vs last year"}

both_languages = pytest.mark.parametrize("language", ["zh", "en"])
both_widths = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])


def whole_and_accessible(tab: Tab, size: tuple[int, int]) -> None:
    """Nothing amiss, in either theme."""
    tab.check_whole()
    tab.check_accessible()
    if size == WIDE and tab.language == "zh":  # colours depend on neither
        tab.page.emulate_media(color_scheme="dark")
        expect(tab.page.locator("html")).to_have_attribute("data-theme", "dark")
        tab.check_accessible()
        tab.page.emulate_media(color_scheme="light")
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
        whole_and_accessible(tab, size)

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
        whole_and_accessible(tab, size)


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
        whole_and_accessible(tab, size)


@both_languages
@both_widths
class TestData:
    def test_shows_sources_errors_snapshots_and_the_model(
        self, open_tab: OpenTab, language: str, size: tuple[int, int]
    ) -> None:
        tab = open_tab("/data", language=language, size=size)
        sections = tab.page.get_by_role(
            "navigation", name=tab.t("数据的各个方面", "Aspects of the data")
        )
        tab.shows("2025-11-20", "#2", "CNY", tab.t("2 个来源", "2 sources"))
        source = tab.page.get_by_role("article", name="imports")
        tab.shows(tab.t("查看 1 条错误", "See 1 error"), within=source)
        source.get_by_role("button").click()
        tab.shows(tab.t("订单行", "order lines"), "order_line.csv", within=source)
        whole_and_accessible(tab, size)

        sections.get_by_role("link").nth(1).click()
        tab.shows(REFUSED_PRODUCT, tab.t("引用的记录不存在", "Refers to a row that is not there"))
        whole_and_accessible(tab, size)

        sections.get_by_role("link").nth(2).click()
        tab.shows(
            tab.t("各快照的行数", "Rows by snapshot"), "#1", tab.t("首份快照", "the first snapshot")
        )
        expect(tab.page.locator("canvas")).to_be_visible()
        whole_and_accessible(tab, size)

        sections.get_by_role("link").nth(3).click()
        search = tab.page.get_by_role("textbox", name=tab.t("搜索名称", "Search names"))
        search.fill("gross margin")
        tab.shows(tab.t("毛利率", "Gross margin rate"), tab.t("2023-03-01 至", "2023-03-01 to"))
        whole_and_accessible(tab, size)


@both_languages
@both_widths
class TestTraces:
    def test_the_list_shows_how_each_answer_went(
        self,
        open_tab: OpenTab,
        ask: Callable[..., dict[str, Any]],
        owner: httpx.Client,
        language: str,
        size: tuple[int, int],
    ) -> None:
        answer = ask(QUESTIONS[language])
        ask("查查销售额")
        owner.put(f"/api/answers/{answer['answer_id']}/feedback", json={"rating": "down"})
        tab = open_tab("/traces", language=language, size=size)
        tab.shows(QUESTIONS[language], "查查销售额", tab.t("已回答", "Answered"))
        tab.shows(tab.t("追问", "Asked back"), tab.t("通过", "Passed"), tab.t("规则", "Rules"))
        whole_and_accessible(tab, size)
        tab.page.get_by_role("textbox", name=tab.t("搜索问题", "Search questions")).fill("查查销售")
        expect(tab.page.get_by_role("link", name=QUESTIONS[language])).to_have_count(0)
        tab.page.get_by_role("link", name="查查销售额").first.click()
        tab.page.wait_for_url("**/traces/*")

    def test_one_shows_every_step_and_nothing_blank(
        self,
        open_tab: OpenTab,
        ask: Callable[..., dict[str, Any]],
        language: str,
        size: tuple[int, int],
    ) -> None:
        answer = ask(QUESTIONS[language])
        tab = open_tab(f"/traces/{answer['trace_id']}", language=language, size=size)
        details = tab.page.get_by_role("region", name=tab.t("步骤详情", "Details of the span"))
        expect(tab.page.get_by_role("heading", level=1)).to_have_text(QUESTIONS[language])
        tab.shows(answer["text"].splitlines()[-1], within=details)
        whole_and_accessible(tab, size)
        spans = tab.page.get_by_role("treeitem")
        shown = {}
        for at in range(spans.count()):
            spans.nth(at).click()
            heading = details.get_by_role("heading", level=2)
            name = tab.t("理解与规划", "Read and plan")
            if heading.inner_text() == name:
                tab.shows("100%", tab.t("没有遗漏", "nothing left over"), within=details)
                tab.check_accessible()
            shown[heading.inner_text()] = details.inner_text()
            tab.check_whole()
        fetched = shown[tab.t("取数 query", "Fetch query")]
        assert "华东" in fetched
        assert tab.t("62.50%", "28.57%") in fetched
        verdict = tab.t("通过：文中每个数字", "Passed: every figure")
        assert verdict in shown[tab.t("核验", "Verify")]
        assert all(len(text) > 40 for text in shown.values()), shown


@both_languages
@both_widths
class TestEvals:
    def test_shows_runs_their_cases_and_what_changed(
        self, open_tab: OpenTab, language: str, size: tuple[int, int]
    ) -> None:
        tab = open_tab("/evals", language=language, size=size)
        tab.shows("before", "after", "100", "50")
        whole_and_accessible(tab, size)
        tab.page.get_by_role("button", name=tab.t("比较", "Compare"), exact=True).click()
        tab.page.wait_for_url("**/evals/compare?*")
        tab.shows("今年销售额")
        whole_and_accessible(tab, size)
        tab.page.go_back()
        tab.page.get_by_role("link", name="after").click()
        tab.shows("今年销售额")
        tab.page.get_by_role("checkbox").uncheck()
        tab.shows(HOSTILE)
        tab.page.locator("summary").last.click()
        tab.shows("expected 610,000")
        whole_and_accessible(tab, size)
