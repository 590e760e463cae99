"""Names, questions and comments that are markup, links, or far too long: text, and nothing else."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.asking import answers, as_table, ask_here, button
from tests.web.conftest import NARROW, WIDE, OpenTab
from tests.web.instance import HOSTILE, LINK, LONG, REFUSED_PRODUCT, UNBROKEN
from tests.web.tab import Tab


def harmless(tab: Tab) -> None:
    """Nothing of the data became an element, a script or a link."""
    assert tab.page.evaluate("window.broken") is None
    assert tab.page.locator("img[src=x]").count() == 0
    assert tab.page.locator("[onerror], a[href^='javascript:']").count() == 0
    tab.check_whole()


class TestNames:
    @pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
    def test_of_partners_are_text_wherever_they_stand(
        self, open_tab: OpenTab, size: tuple[int, int]
    ) -> None:
        tab = open_tab(size=size)
        answer = ask_here(tab, "2023年各伙伴的销售额")
        tab.shows(HOSTILE, LONG, UNBROKEN, "98.7654亿元", within=answer)
        expect(answer.locator("canvas")).to_be_visible()
        harmless(tab)
        answer.locator("canvas").hover(position={"x": 150, "y": 30})
        as_table(answer)
        expect(answer.get_by_role("cell", name=HOSTILE)).to_be_visible()
        harmless(tab)
        answer.get_by_role("button", name="98.7654亿元").click()
        drawer = tab.page.get_by_role("dialog")
        expect(drawer.locator("td[data-marked]")).to_have_text("9,876,543,210.25")
        harmless(tab)

    def test_of_customers_and_products_are_text(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        ask_here(tab, "2023年各客户的销售额")
        ask_here(tab, "2023年各产品类别的销售额")
        tab.shows(LINK, HOSTILE, within=tab.page.get_by_role("main"))
        harmless(tab)

    def test_of_refused_rows_are_text(self, open_tab: OpenTab) -> None:
        tab = open_tab("/data/errors")
        tab.shows(REFUSED_PRODUCT)
        harmless(tab)


class TestQuestions:
    @pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
    def test_are_text_in_every_place_that_repeats_them(
        self, open_tab: OpenTab, size: tuple[int, int]
    ) -> None:
        tab = open_tab(size=size)
        question = f'今年销售额<img src=x onerror="window.broken=1"> {UNBROKEN} <script>'
        ask_here(tab, question)
        expect(tab.page.get_by_role("heading", level=2, name=UNBROKEN)).to_be_visible()
        harmless(tab)
        tab.page.reload()
        expect(answers(tab)).to_have_count(1)
        harmless(tab)
        button(tab, "查看追踪", "").click()
        expect(tab.page.get_by_role("heading", level=1, name=UNBROKEN)).to_be_visible()
        expect(tab.page.get_by_role("tree")).to_be_visible()
        harmless(tab)
        tab.open("/traces")
        expect(tab.page.get_by_role("link", name=UNBROKEN).first).to_be_visible()
        harmless(tab)

    def test_a_comment_comes_back_as_it_was_typed(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        answer = ask_here(tab, "今年各区域的订单数")
        answer.get_by_role("button", name="有问题").click()
        comment = answer.get_by_role("textbox", name="哪里不对？")
        comment.fill(HOSTILE + UNBROKEN * 3)
        button(tab, "提交说明", "").click()
        expect(comment).to_have_count(0)
        tab.page.reload()
        answer.get_by_role("button", name="有帮助").click()
        expect(answer.get_by_role("textbox")).to_be_visible()
        harmless(tab)


class TestAddresses:
    @pytest.mark.parametrize(
        "path",
        [
            "/ask/%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
            "/traces?q=%3Cscript%3Ewindow.broken%3D1%3C%2Fscript%3E&status=%22%3E%3Cb%3E",
            "/data/model?q=%3Cimg%20src%3Dx%20onerror%3Dwindow.broken%3D1%3E",
            "/ask#%22%3E%3Cimg%20src%3Dx%3E",
            "//example.org/ask",
        ],
    )
    def test_that_hold_markup_do_nothing(self, open_tab: OpenTab, path: str) -> None:
        tab = open_tab(None)
        tab.allowed |= {404, 422}
        tab.open(path)
        expect(tab.page.get_by_role("main")).to_be_visible()
        expect(tab.page.get_by_role("status", name="加载中…")).to_have_count(0)
        harmless(tab)
