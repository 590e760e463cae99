"""Everything by keyboard: from the skip link to the evidence and back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.web.asking import answers, box
from tests.web.conftest import OpenTab
from tests.web.tab import Tab

FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return "the browser";
  return element.getAttribute("aria-label") || element.innerText || element.tagName;
}"""
SEEN = """() => {
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
  return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
}"""


def tab_to(tab: Tab, name: str, *, back: bool = False, most: int = 60) -> None:
    """Press Tab until the focus is on what is called so; each stop on the way must be seen."""
    stops = []
    for _ in range(most):
        tab.page.keyboard.press("Shift+Tab" if back else "Tab")
        here = str(tab.page.evaluate(FOCUSED))
        stops.append(here)
        if name in here:
            assert tab.page.evaluate(SEEN), f"nobody sees that {here!r} has the focus"
            return
    raise AssertionError(f"{name!r} is not among {stops}")


class TestAsk:
    def test_a_question_its_evidence_and_a_thumb(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        keys = tab.page.keyboard
        tab.shows("今年各大区销售额及同比")
        tab_to(tab, "跳到内容", most=3)  # round from the composer, the last on the page
        keys.press("Enter")
        expect(tab.page.get_by_role("main")).to_be_focused()
        tab_to(tab, "今年各大区销售额及同比")
        keys.press("Enter")
        expect(answers(tab)).to_have_count(1)
        expect(box(tab)).to_be_focused()
        tab_to(tab, "39.13%，查看来源 [1]", back=True)
        keys.press("Enter")
        drawer = tab.page.get_by_role("dialog", name="依据 [1]")
        expect(drawer.locator("td[data-marked]")).to_have_text("39.13%")
        tab_to(tab, "重新计算")
        inside = "document.activeElement.matches('body, [role=dialog] *')"
        for _ in range(12):
            keys.press("Tab")
            assert tab.page.evaluate(inside), "the focus left the open drawer"
        keys.press("Escape")
        expect(drawer).to_be_hidden()
        assert tab.page.evaluate(FOCUSED) == "39.13%，查看来源 [1]"
        tab_to(tab, "有问题")
        keys.press("Space")
        comment = tab.page.get_by_role("textbox", name="哪里不对？")
        expect(comment).to_be_focused()
        keys.type("少了退货")
        tab_to(tab, "提交说明", most=3)
        keys.press("Enter")
        expect(comment).to_have_count(0)
        tab_to(tab, "按月看呢？")
        keys.press("Enter")
        expect(answers(tab)).to_have_count(2)
        tab.check_quiet()

    def test_menus_open_and_close(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        tab.shows("今年各大区销售额及同比")
        tab_to(tab, "外观", back=True)
        tab.page.keyboard.press("Enter")
        dark = tab.page.get_by_role("menuitem", name="深色")
        expect(dark).to_be_visible()
        expect(tab.page.get_by_role("menuitem", name="浅色")).to_be_focused()
        tab.page.keyboard.press("ArrowDown")
        expect(dark).to_be_focused()
        tab.page.keyboard.press("Enter")
        expect(tab.page.locator("html")).to_have_attribute("data-theme", "dark")
        expect(dark).to_be_hidden()
        theme = tab.page.get_by_role("button", name="外观")
        expect(theme).to_be_focused()
        tab.page.keyboard.press("Enter")
        expect(dark).to_be_visible()
        tab.page.keyboard.press("Escape")
        expect(dark).to_be_hidden()
        expect(theme).to_be_focused()


class TestTraces:
    def test_the_waterfall_is_walked_by_arrows(self, open_tab: OpenTab, ask) -> None:
        trace = ask("本季度各大区销售额及同比")["trace_id"]
        tab = open_tab(f"/traces/{trace}")
        tree = tab.page.get_by_role("tree")
        spans = tree.get_by_role("treeitem")
        expect(spans.first).to_be_visible()
        before = spans.count()
        spans.first.focus()
        tab.page.keyboard.press("Home")
        expect(spans.first).to_have_attribute("aria-selected", "true")
        expect(spans.first).to_be_focused()
        tab.page.keyboard.press("ArrowLeft")
        expect(spans).to_have_count(1)
        tab.page.keyboard.press("ArrowRight")
        expect(spans).to_have_count(before)
        tab.page.keyboard.press("ArrowDown")
        expect(spans.nth(1)).to_be_focused()
        tab.page.keyboard.press("End")
        expect(spans.last).to_have_attribute("aria-selected", "true")
        tab.check_whole()
