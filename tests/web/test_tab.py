"""The watch that the other tests keep would see what it is there to see."""

from __future__ import annotations

import pytest

from tests.web.conftest import NARROW, OpenTab

ADD = """(html) => {
  const added = document.createElement("div");
  added.innerHTML = html;
  document.querySelector("main").append(added);
}"""


COMPLAINTS = {
    "document.head.append(document.createElement('style'))": "style-src-elem",
    "document.body.setAttribute('style', 'color: red')": "style-src-attr",
    "fetch('http://127.0.0.1:9/').catch(() => null)": "connect-src",
    "new Image().src = 'http://127.0.0.1:9/x.png'": "img-src",
    "console.error('something')": "something",
    "setTimeout(() => { throw new Error('late') })": "thrown: late",
    "fetch('/api/answers/none').then(() => null)": "404",
}
DEFECTS = {
    "<p>NaN</p>": "NaN",
    "<p>{n} rows</p>": "rows",
    "<p id=wide>.</p>": "sticks out|scrolls sideways",
}


class TestWatch:
    def test_hears_complaints(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        tab.shows("可以从这些问题开始")
        for script, complaint in COMPLAINTS.items():
            tab.check_quiet()
            tab.page.evaluate(f"() => {{ {script}; return null; }}")
            tab.page.wait_for_timeout(300)
            with pytest.raises(AssertionError, match=complaint):
                tab.check_quiet()
            tab.complaints.clear()

    def test_sees_blanks_and_what_sticks_out(self, open_tab: OpenTab) -> None:
        tab = open_tab("/data", size=NARROW)
        tab.shows("在库行数")
        for html, found in DEFECTS.items():
            tab.check_whole()
            tab.page.evaluate(ADD, html)
            tab.page.evaluate(
                "document.getElementById('wide')?.style.setProperty('width', '500px')"
            )
            with pytest.raises(AssertionError, match=found):
                tab.check_whole()
            tab.page.evaluate("document.querySelector('main').lastElementChild.remove()")

    def test_sees_what_few_can_read_or_hear(self, open_tab: OpenTab) -> None:
        tab = open_tab("/data")
        tab.shows("在库行数")
        tab.page.evaluate(ADD, "<button></button><p id=pale>pale</p>")
        tab.page.evaluate("document.getElementById('pale').style.setProperty('color', '#eee')")
        with pytest.raises(AssertionError, match=r"(?s)button-name.*color-contrast"):
            tab.check_accessible()
