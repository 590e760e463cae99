"""What pages say while there is nothing to show yet, or no longer."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Route, expect

from server.problems import MEDIA_TYPE
from tests.web.asking import answers, ask_here, box, button
from tests.web.conftest import NARROW, OpenTab
from tests.web.tab import Tab


def failing(tab: Tab, path: str, status: int, kind: str, title: str) -> None:
    """Let the server fail on a path, as it says so itself."""

    def fail(route: Route) -> None:
        problem = {
            "type": f"urn:leadline:error:{kind}",
            "title": title,
            "status": status,
            "detail": title,
            "hint": "",
            "retryable": False,
            "instance": "/",
        }
        route.fulfill(status=status, json=problem, headers={"Content-Type": MEDIA_TYPE})

    tab.allowed.add(status)
    tab.page.route(path, fail)


class TestNothingLoaded:
    def test_ask_says_so_and_takes_no_question(self, open_tab: OpenTab) -> None:
        tab = open_tab(None)
        failing(tab, "**/readyz", 503, "not-ready-error", "尚未装载或发布数据")
        tab.open("/ask")
        tab.shows("还没有可以提问的数据", "尚无数据")
        expect(box(tab)).to_be_disabled()
        tab.check_whole()
        tab.check_accessible()
        button(tab, "查看数据状态", "").click()
        tab.page.wait_for_url("**/data")


class TestFailing:
    @pytest.mark.parametrize(
        ("path", "api"),
        [
            ("/data", "**/api/data/status"),
            ("/data/errors", "**/api/data/errors*"),
            ("/traces", "**/api/traces?*"),
            ("/evals", "**/api/evals/runs"),
            ("/ask", "**/api/conversations?*"),
        ],
    )
    def test_lists_can_be_tried_again(self, open_tab: OpenTab, path: str, api: str) -> None:
        tab = open_tab(None, language="en")
        failing(tab, api, 500, "leadline-error", "Something went wrong on the server")
        tab.open(path)
        alert = tab.page.get_by_role("alert").first
        tab.shows("Something went wrong on the server", within=alert)
        tab.check_whole()
        tab.check_accessible()
        tab.page.unroute(api)
        alert.get_by_role("button", name="Try again").click()
        expect(tab.page.get_by_role("alert")).to_have_count(0)

    def test_the_app_itself_can_be_tried_again(self, open_tab: OpenTab) -> None:
        tab = open_tab(None)
        failing(tab, "**/api/session", 500, "leadline-error", "服务器内部错误")
        tab.open("/ask")
        tab.shows("服务器内部错误")
        tab.check_whole()
        tab.check_accessible()
        tab.page.unroute("**/api/session")
        button(tab, "重试", "").click()
        expect(box(tab)).to_be_visible()

    def test_a_page_whose_code_is_gone_offers_to_reload(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        tab.shows("今年各大区销售额及同比")
        tab.page.route("**/assets/TracesPage-*.js", lambda route: route.abort())
        tab.page.get_by_role("link", name="追踪").click()
        tab.shows("页面出错了")
        tab.page.unroute("**/assets/TracesPage-*.js")
        button(tab, "重新加载", "").click()
        expect(tab.page.get_by_role("heading", name="追踪", level=1)).to_be_visible()


class TestNothingFound:
    def test_filters_that_leave_nothing_can_be_cleared(self, open_tab: OpenTab) -> None:
        tab = open_tab("/traces?q=nobody-asked-this&status=answered")
        tab.shows("没有符合条件的追踪")
        tab.check_whole()
        tab.check_accessible()
        button(tab, "清除筛选", "").first.click()
        expect(tab.page.get_by_text("没有符合条件的追踪")).to_have_count(0)
        assert tab.page.url.endswith("/traces")

    def test_a_search_in_the_model_can_be_cleared(self, open_tab: OpenTab) -> None:
        tab = open_tab("/data/model?q=zzzz")
        tab.shows("没有找到“zzzz”")
        tab.page.get_by_role("main").get_by_role("button", name="清空").last.click()
        tab.shows("销售额")


class TestLongTalk:
    def test_many_and_long_answers_keep_their_place(
        self, open_tab: OpenTab, owner: httpx.Client
    ) -> None:
        talk: dict[str, str] = {}
        for question in (
            "今年每个月各大区的销售额",
            "2024年每个月各大区的销售额",
            "各伙伴的销售额",
        ):
            answer = owner.post("/api/ask", json={"question": question, **talk}).json()
            talk = {"conversation_id": answer["conversation_id"]}
        tab = open_tab(f"/ask/{talk['conversation_id']}", size=NARROW)
        expect(answers(tab)).to_have_count(3)
        last = tab.page.get_by_role("heading", name="各伙伴的销售额", level=2)
        expect(last).to_be_in_viewport()
        tab.page.mouse.move(195, 400)
        tab.page.mouse.wheel(0, -10_000)
        expect(last).not_to_be_in_viewport()
        tab.check_whole()
        button(tab, "到最新", "").click()
        expect(last).to_be_in_viewport()
        everything = answers(tab).last.get_by_role("button", name="显示全部")
        if everything.count():
            everything.click()
        tab.check_whole()
        ask_here(tab, "同比呢？")
        expect(tab.page.get_by_role("heading", name="同比呢？", level=2)).to_be_in_viewport()
