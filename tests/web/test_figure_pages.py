"""Pages of figures: they show what the API gives, a figure opens its citation, filters link."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from playwright.sync_api import Locator, Route, expect

from tests.agents.channel import BOYUAN, HENGXIN, NANYUE
from tests.web.conftest import NARROW, WIDE, OpenTab
from tests.web.instance import HOSTILE, LONG
from tests.web.tab import Tab
from tests.web.test_pages import whole_and_accessible

Tool = Callable[..., dict[str, Any]]

LONGEST_S = 120
"""For a first training on a busy machine."""

each_language_and_width = pytest.mark.parametrize(
    ("language", "size"), [("zh", WIDE), ("en", NARROW)], ids=["zh-1440", "en-390"]
)


@pytest.fixture(scope="package")
def tool(owner: httpx.Client) -> Tool:
    """Runs a tool without a browser, as the owner; waits for a first training."""

    def run(name: str, **arguments: Any) -> dict[str, Any]:
        until = time.monotonic() + LONGEST_S
        while True:
            response = owner.post(f"/api/tools/{name}", json=arguments, timeout=LONGEST_S)
            if response.status_code != 202 or time.monotonic() > until:
                break
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    return run


@pytest.fixture(scope="package")
def trained(tool: Tool) -> None:
    """What the pages ask for has been computed once, so that no page has to wait for it."""
    for level in ("region", "territory"):
        tool("forecast", by=[level], horizon="next_quarter")
    tool("forecast_accuracy", by=["region"])


def cell(result: dict[str, Any], column: str, row: int = 0) -> Any:
    """One cell of a result."""
    return result["rows"][row][[c["name"] for c in result["columns"]].index(column)]


def panel(tab: Tab, zh: str, en: str) -> Locator:
    """A titled part of the page."""
    return tab.page.get_by_role("region", name=tab.t(zh, en), exact=True)


def drawer(tab: Tab) -> Locator:
    """The evidence that is open."""
    return tab.page.get_by_role("dialog")


def proven(tab: Tab) -> None:
    """The open evidence is a stored citation that gives the same rows again."""
    shown = drawer(tab)
    shown.get_by_role("button", name=tab.t("重新计算", "Replay")).click()
    tab.shows(
        tab.t("一致：重算结果与当时逐行相同。", "Equal: the replay gave the same rows"),
        within=shown,
    )


@pytest.mark.usefixtures("trained")
class TestOverview:
    @each_language_and_width
    def test_shows_the_channel_at_a_glance(
        self, open_tab: OpenTab, tool: Tool, language: str, size: tuple[int, int]
    ) -> None:
        tab = open_tab("/overview", language=language, size=size)
        # 2025: 220 + 90 + 10 + 90 + 40 + 5 + 20 + 10 + 20 + 45 + 60 thousand
        tab.shows(tab.t("61.0万元", "¥610K"))
        # 华南: 130 thousand of the year against targets of 50
        tab.shows("260.0%", within=panel(tab, "目标完成率", "Targets attained"))
        forecast = panel(tab, "下季度各区域预测", "Next quarter by territory")
        total = tool("forecast", by=[], horizon="next_quarter", limit=1)
        rate = round(cell(total, "change_rate") * 100, 1)
        tab.shows(f"{'+' if rate > 0 else ''}{rate:.1f}%", within=forecast)
        for name in ("浙江", "广东", "Bavaria"):  # two provinces, and one that is none
            expect(forecast.get_by_role("button", name=re.compile(name))).to_be_visible()
        movers = panel(tab, "变动最大的伙伴", "Partners that moved most")
        expect(movers.get_by_role("link", name=NANYUE)).to_be_visible()
        whole_and_accessible(tab, size)

    def test_every_figure_opens_its_citation(self, open_tab: OpenTab, tool: Tool) -> None:
        tab = open_tab("/overview")
        tab.page.get_by_role("button", name="销售额 61.0万元：查看依据").click()
        shown = drawer(tab)
        tab.shows("依据：销售额", "610,000.00", "今年", within=shown)
        proven(tab)
        shown.get_by_role("button", name="关闭").click()
        panel(tab, "渠道健康度", "").get_by_role("button", name="渠道健康度：查看依据").click()
        health = tool("health_summary", by="region")
        tab.shows("依据：渠道健康度", within=shown)
        expect(shown.get_by_role("row")).to_have_count(1 + len(health["rows"]))
        assert tab.get(f"/api/citations/{health['id']}")["rows"] == health["rows"]
        tab.check_quiet()

    def test_filters_stand_in_the_address(self, open_tab: OpenTab) -> None:
        tab = open_tab("/overview?period=last_year&region=%E5%8D%8E%E4%B8%9C")
        tab.shows("25.0万元")  # 200 + 50 thousand in 2024
        tab.page.get_by_role("combobox", name="期间").click()
        tab.page.get_by_title("今年", exact=True).click()
        tab.shows("32.0万元")  # 220 + 90 + 10
        assert parse_qs(urlsplit(tab.page.url).query) == {"region": ["华东"]}
        tab.page.get_by_role("button", name="清除筛选").click()
        tab.shows("61.0万元")
        assert urlsplit(tab.page.url).query == ""
        tab.check_whole()

    def test_a_manager_sees_their_region_only(self, open_tab: OpenTab) -> None:
        tab = open_tab("/overview", user="east")
        tab.shows("32.0万元", HENGXIN)
        for foreign in ("华南", "华北", "Overseas", "南粤", "广东"):
            assert foreign not in tab.text()

    def test_says_that_a_first_computation_takes_a_while(self, open_tab: OpenTab) -> None:
        tab = open_tab(None)
        tries: list[str] = []

        def hold(route: Route) -> None:
            tries.append(route.request.url)
            if len(tries) > 2:
                route.continue_()
            else:
                body = {"state": "computing", "tool": "health_summary", "seconds": 7.0}
                route.fulfill(status=202, json=body)

        tab.page.route("**/api/tools/health_summary*", hold)
        tab.open("/overview")
        health = panel(tab, "渠道健康度", "")
        tab.shows("正在计算", "已用 7 秒", within=health)
        tab.check_accessible()
        tab.shows("华东", within=health)
        assert len(tries) == 3


class TestPartners:
    @each_language_and_width
    def test_lists_all_with_hostile_names(
        self, open_tab: OpenTab, language: str, size: tuple[int, int]
    ) -> None:
        tab = open_tab("/partners", language=language, size=size)
        tab.shows(tab.t("共 13 家", "13 partners"), HENGXIN, HOSTILE, LONG)
        whole_and_accessible(tab, size)

    def test_sorts_and_searches_in_the_address(self, open_tab: OpenTab) -> None:
        tab = open_tab("/partners?sort=partner")
        rows = tab.page.get_by_role("rowgroup").last.get_by_role("link")
        expect(rows).to_have_count(13)
        names = rows.all_inner_texts()
        assert names.index("Alpine Systems") < names.index("Northwind Traders")
        tab.page.get_by_role("columnheader", name="伙伴").get_by_role("button").click()
        tab.page.wait_for_url("**order=desc*")
        expect(rows.last).to_have_text(names[0])
        assert rows.all_inner_texts() == names[::-1]
        tab.page.get_by_role("textbox", name="搜索伙伴").fill("同名")
        expect(rows).to_have_count(2)
        assert "q=" in tab.page.url
        tab.page.get_by_role("textbox", name="搜索伙伴").fill("nobody")
        tab.shows("没有符合条件的伙伴")
        tab.check_whole()

    def test_two_are_chosen_and_compared(self, open_tab: OpenTab, tool: Tool) -> None:
        tab = open_tab("/partners")
        for name in (HENGXIN, BOYUAN):
            tab.page.get_by_role("checkbox", name=f"选中 {name} 以对比").check()
        tab.page.get_by_role("link", name="对比所选的 2 家").click()
        tab.page.wait_for_url("**/partners/compare?*")
        pair = tool("compare_partners", first=HENGXIN, second=BOYUAN)
        ahead = sum(cell(pair, "better", row) == "first" for row in range(len(pair["rows"])))
        tab.shows(f"{HENGXIN} 领先 {ahead} 项", "24.0万元", "9.0万元")
        tab.page.get_by_role("button", name="进货额 24.0万元：查看依据").click()
        tab.shows("¥240,000.00", within=drawer(tab))  # the unit of the row, not of the column
        proven(tab)
        drawer(tab).get_by_role("button", name="关闭").click()
        tab.check_whole()
        tab.check_accessible()


class TestPartner:
    @each_language_and_width
    def test_shows_all_of_one(
        self, open_tab: OpenTab, tool: Tool, language: str, size: tuple[int, int]
    ) -> None:
        tab = open_tab(f"/partners/{quote(HENGXIN)}", language=language, size=size)
        # the twelve months to 2025-11-20 hold 20 of 2024 and 220 thousand of 2025
        tab.shows(HENGXIN, "浙江", tab.t("24.0万元", "¥240K"), "33.3%")
        profile = tool("profile", partner=HENGXIN)
        kpis = panel(tab, "指标与同类对比", "Figures against its peers")
        known = sum(cell(profile, "value", row) is not None for row in range(len(profile["rows"])))
        expect(kpis.get_by_role("listitem")).to_have_count(known)
        expect(tab.page.locator("canvas").first).to_be_visible()
        whole_and_accessible(tab, size)

    def test_says_what_a_figure_means_and_what_is_missing(
        self, open_tab: OpenTab, tool: Tool
    ) -> None:
        tab = open_tab(f"/partners/{quote(HENGXIN)}")
        kpis = panel(tab, "指标与同类对比", "")
        kpis.get_by_role("button", name="进货额", exact=True).click()
        tab.shows("期内订单行金额之和", within=tab.page.get_by_role("tooltip"))
        tab.page.keyboard.press("Escape")
        kpis.get_by_role("button", name="项没有数据").first.click()
        profile = tool("profile", partner=HENGXIN)
        missing = next(
            cell(profile, "missing_zh", row)
            for row in range(len(profile["rows"]))
            if cell(profile, "value", row) is None
        )
        tab.shows(missing, within=kpis)
        tab.check_whole()

    def test_one_that_is_not_there_or_not_theirs(self, open_tab: OpenTab) -> None:
        for user, name in (("owner", "没有的伙伴"), ("east", NANYUE)):
            tab = open_tab(None, user=user)
            tab.allowed.add(422)
            tab.open(f"/partners/{quote(name)}")
            tab.shows("没有这家伙伴")
            tab.check_whole()

    def test_leads_to_a_question_about_it(self, open_tab: OpenTab) -> None:
        tab = open_tab(f"/partners/{quote(HENGXIN)}")
        tab.page.get_by_role("button", name="就此提问").click()
        expect(tab.page.get_by_role("textbox", name="问题")).to_have_value(f"介绍一下{HENGXIN}")


@pytest.mark.usefixtures("trained")
class TestForecast:
    @each_language_and_width
    def test_shows_forecasts_with_how_wrong_they_were(
        self, open_tab: OpenTab, tool: Tool, language: str, size: tuple[int, int]
    ) -> None:
        tab = open_tab("/forecast", language=language, size=size)
        total = tool("forecast", by=[], horizon="next_quarter", limit=1)
        tab.shows(f"{cell(total, 'backtest_wape') * 100:.1f}%", cell(total, "period"))
        levels = panel(tab, "按大区", "By region")
        tab.shows("华东", "华南", within=levels)
        expect(panel(tab, "走势：华东", "Over time: 华东").locator("canvas")).to_be_visible()
        tab.shows("2025-Q3", within=panel(tab, "以往预测准不准", "How earlier forecasts did"))
        tab.shows(tab.t("没有值得调拨的库存", "Nothing worth moving"))
        whole_and_accessible(tab, size)

    def test_a_member_is_chosen_and_a_figure_opened(self, open_tab: OpenTab, tool: Tool) -> None:
        tab = open_tab("/forecast")
        levels = panel(tab, "按大区", "")
        levels.get_by_role("button", name="华南", exact=True).click()
        expect(panel(tab, "走势：华南", "")).to_be_visible()
        assert parse_qs(urlsplit(tab.page.url).query) == {"member": ["华南"]}
        levels.get_by_role("button", name=re.compile("^华南 .+：查看依据")).first.click()
        forecast = tool("forecast", by=["region"], horizon="next_quarter", limit=100)
        row = [r[0] for r in forecast["rows"]].index("华南")
        tab.shows(f"{cell(forecast, 'forecast', row):,.2f}", within=drawer(tab))
        proven(tab)
        tab.check_quiet()


class TestBriefs:
    @each_language_and_width
    def test_one_is_written_read_and_proven(
        self, open_tab: OpenTab, language: str, size: tuple[int, int]
    ) -> None:
        tab = open_tab("/briefs", language=language, size=size)
        tab.page.get_by_role("textbox", name=tab.t("周", "Week")).fill("2025-W46")
        whole_and_accessible(tab, size)
        tab.page.get_by_role("button", name=tab.t("撰写", "Write"), exact=True).click()
        tab.page.wait_for_url("**/briefs/b*", timeout=LONGEST_S * 1000)
        heading = tab.page.get_by_role("heading", level=1)
        expect(heading).to_contain_text("2025-W46")
        whole_and_accessible(tab, size)
        name = re.compile(tab.t(r"查看依据 \[1\]$", r"see evidence \[1\]$"), re.IGNORECASE)
        tab.page.get_by_role("article").get_by_role("button", name=name).first.click()
        proven(tab)
        tab.check_quiet()
