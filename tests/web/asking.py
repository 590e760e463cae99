"""What a reader does on the Ask page."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.web.tab import Tab


def box(tab: Tab) -> Locator:
    """Where the question is written."""
    return tab.page.get_by_role("textbox", name=tab.t("问题", "Question"), exact=True)


def answers(tab: Tab) -> Locator:
    """The complete answers, oldest first."""
    return tab.page.get_by_role("article")


def button(tab: Tab, zh: str, en: str) -> Locator:
    """A button by its name."""
    return tab.page.get_by_role("button", name=tab.t(zh, en))


def ask_here(tab: Tab, question: str) -> Locator:
    """Type a question, send it, and wait for its answer."""
    before = answers(tab).count()
    box(tab).fill(question)
    box(tab).press("Enter")
    expect(answers(tab)).to_have_count(before + 1)
    return answers(tab).last


def as_table(answer: Locator) -> None:
    """Show an answer's chart as a table."""
    answer.locator("figure label").filter(has=answer.page.get_by_role("radio")).last.click()
    expect(answer.get_by_role("table")).to_be_visible()
