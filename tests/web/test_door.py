"""Who comes in, and what they may see."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.agents.channel import OTHERS_OF_EAST
from tests.server.serving import OWNER_TOKEN, TOKENS
from tests.web.asking import answers, ask_here, box, button
from tests.web.conftest import OpenTab
from tests.web.tab import Tab


def sign_in(tab: Tab, token: str) -> None:
    tab.page.get_by_label(tab.t("访问令牌", "Access token")).fill(token)
    button(tab, "登录", "Sign in").click()


class TestSigningIn:
    def test_in_with_the_token_and_out_again(self, open_tab: OpenTab) -> None:
        tab = open_tab(None, user=None)
        tab.allowed.add(401)
        tab.open("/data/snapshots")
        expect(button(tab, "登录", "")).to_be_disabled()
        sign_in(tab, "not-the-token-of-anybody")
        tab.shows("令牌不对。请核对后再试。")
        tab.check_whole()
        tab.check_accessible()
        sign_in(tab, OWNER_TOKEN)
        expect(tab.page.get_by_role("heading", name="数据", level=1)).to_be_visible()
        assert tab.page.url.endswith("/data/snapshots")  # where one wanted to go
        kept = tab.page.evaluate(
            "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
        )
        assert OWNER_TOKEN not in kept
        assert "leadline_session" not in kept  # no script of the page can read the session
        button(tab, "用户菜单", "").click()
        tab.page.get_by_role("menuitem", name="退出登录").click()
        tab.shows("登录 Leadline")
        tab.page.reload()
        tab.shows("登录 Leadline")
        tab.check_whole()

    def test_a_session_that_ended_leads_to_the_door(self, open_tab: OpenTab) -> None:
        tab = open_tab(language="en")
        tab.shows("Questions to start with")
        tab.allowed.add(401)
        tab.page.context.clear_cookies()
        box(tab).fill("sales by region this year")
        box(tab).press("Enter")
        tab.shows("Sign in to Leadline")
        sign_in(tab, OWNER_TOKEN)
        tab.shows("sales by region this year")  # the question is still there
        button(tab, "重试", "Try again").click()
        expect(answers(tab)).to_have_count(1)
        tab.check_whole()


class TestScope:
    @pytest.mark.parametrize("path", ["/data", "/data/errors", "/data/snapshots", "/traces"])
    def test_what_is_for_overseers_says_so_kindly(self, open_tab: OpenTab, path: str) -> None:
        tab = open_tab(None, user="east")
        tab.allowed.add(403)
        tab.open(path)
        tab.shows("这一页不在您的权限内", "您以“east”登录（角色：经理）。")
        expect(tab.page.get_by_role("alert")).to_have_count(0)
        tab.check_whole()
        tab.check_accessible()

    def test_a_manager_reads_nothing_of_other_regions(self, open_tab: OpenTab) -> None:
        tab = open_tab(user="east")
        ask_here(tab, "今年各区域销售额")
        ask_here(tab, "今年各伙伴的销售额")
        everything = ask_here(tab, "全国数据给我看看")
        expect(everything).to_be_visible()
        tab.shows("32.00万元", "恒信科技有限公司")
        text = "\n".join(answers(tab).all_inner_texts())
        for other in OTHERS_OF_EAST:
            assert other not in text, other
        button(tab, "用户菜单", "").click()
        tab.shows("可见大区：华东")

    def test_another_s_conversation_is_not_there(self, open_tab: OpenTab) -> None:
        owner = open_tab()
        ask_here(owner, "今年各区域销售额")
        east = open_tab(None, user="east2")
        east.allowed.add(404)
        east.open(owner.page.url.removeprefix(owner.origin))
        east.shows("没有")
        expect(answers(east)).to_have_count(0)
        assert "华南" not in east.text()
        button(east, "新对话", "").first.click()
        east.shows("问过的问题会列在这里。")
        assert set(TOKENS) >= {"east", "east2"}
