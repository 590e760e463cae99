"""One tab of the browser, watched: what it asks for, what it complains of, what does not fit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, Request, expect

AXE: Final = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"

WATCH: Final = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
"""Run in every page before its own scripts."""

STICKING_OUT: Final = """() => {
  const found = [];
  const say = (element) => {
    const words = (element.textContent || "").trim().slice(0, 30);
    return `${element.tagName.toLowerCase()}.${element.className} "${words}"`;
  };
  if (document.documentElement.scrollWidth > innerWidth) found.push("the document");
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (box.width < 2 || box.height < 2 || box.right <= 0) continue;
    if (style.visibility === "hidden") continue;
    const scrolls = ["auto", "scroll"].includes(style.overflowX);
    if (scrolls && element.scrollWidth > element.clientWidth + 1 && element.tabIndex !== 0) {
      found.push(`scrolls sideways: ${say(element)}`);
    }
    if (box.right <= innerWidth + 1 && box.left >= -1) continue;
    let inside = false;
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
      const how = getComputedStyle(up).overflowX;
      if (how !== "visible") { inside = true; break; }
    }
    if (!inside) found.push(`sticks out: ${say(element)}`);
  }
  return found;
}"""
"""What is wider than the screen, save regions that scroll by themselves and are reached by key."""

AXE_RUN: Final = """async () => {
  const found = await axe.run(document, { preload: false, resultTypes: ["violations"] });
  return found.violations
    .filter((violation) => ["serious", "critical"].includes(violation.impact))
    .flatMap((violation) => violation.nodes.map((node) =>
      [violation.id, node.target.join(" "), node.html.slice(0, 120),
        ...node.any.map((check) => check.message)].join(" | ")));
}"""

SETTLED: Final = """async () => {
  const frame = () => new Promise((next) => requestAnimationFrame(next));
  const moves = () => document.getAnimations().some(({ playState, effect }) =>
    playState === "running" && effect.getComputedTiming().iterations !== Infinity);
  for (let still = 0; still < 4; still = moves() ? 0 : still + 1) await frame();
}"""
"""Colours and places are what they are going to be."""

BLANKS: Final = re.compile(
    r"undefined|\bNaN\b|\[object |Invalid Date|\{\w+\}|\bnull\b|Infinity|urn:leadline"
)
"""What a reader sees where a value was not thought of."""


@dataclass
class Tab:
    """A page of the app, and everything that went wrong in it."""

    page: Page
    origin: str
    language: str
    allowed: set[int] = field(default_factory=set)
    """Statuses that the server may answer here; the browser complains of each on its console."""
    complaints: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", self._catch)
        self.page.on("request", self._see)

    def leave(self) -> None:
        """Forget what was stored and watch no more."""
        if self.page.url.startswith(self.origin):
            self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.page.remove_listener("console", self._hear)
        self.page.remove_listener("pageerror", self._catch)
        self.page.remove_listener("request", self._see)

    def _catch(self, error: Error) -> None:
        self.complaints.append(f"thrown: {error}")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        status = re.search(r"responded with a status of (\d+)", message.text)
        if status and int(status[1]) in self.allowed:
            return
        self.complaints.append(f"{message.type}: {message.text}")

    def _see(self, request: Request) -> None:
        self.requests.append(request)
        parts = urlsplit(request.url)
        if parts.scheme in ("data", "blob"):
            return
        if f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.complaints.append(f"asked elsewhere: {request.url}")

    def open(self, path: str) -> Tab:
        """Go to a place of the app."""
        self.page.goto(f"{self.origin}{path}")
        return self

    def t(self, zh: str, en: str) -> str:
        """The text in the language of this tab."""
        return zh if self.language == "zh" else en

    def shows(self, *texts: str, within: Locator | None = None) -> None:
        """That each text can be read, wherever it stands."""
        where = within or self.page.locator("body")
        for text in texts:
            expect(where.get_by_text(text).filter(visible=True).first).to_be_visible()

    def text(self) -> str:
        """What a reader reads."""
        return str(self.page.locator("body").inner_text())

    def check_quiet(self) -> None:
        """That the browser has nothing to complain of."""
        assert not self.complaints, "\n".join(self.complaints)

    def check_whole(self) -> None:
        """That nothing complained, nothing sticks out, nothing is blank."""
        self.check_quiet()
        self.page.evaluate(SETTLED)
        wide = self.page.evaluate(STICKING_OUT)
        assert not wide, "\n".join(wide)
        blank = BLANKS.search(self.text())
        assert blank is None, f"{blank}: {self.text()}"
        assert self.page.evaluate("window.broken") is None

    def check_accessible(self) -> None:
        """That axe finds nothing serious."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        self.page.evaluate(SETTLED)
        found = self.page.evaluate(AXE_RUN)
        assert not found, "\n".join(found)

    def get(self, path: str) -> Any:
        """JSON of the API, asked for as this tab's user."""
        response = self.page.request.get(f"{self.origin}{path}")
        assert response.ok, response.text()
        return response.json()
