"""One server and one browser for all tests of the pages; each test has a tab of its own.

The server is real and on loopback, the browser is the machine's Chromium. Without it, or without
the built web app, these tests are skipped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from server.auth import COOKIE
from server.web_files import STATIC, WebFiles
from tests.server.serving import OWNER_TOKEN, TOKENS, Serving, asked, serving
from tests.web.instance import Pace, paced_app, settings_in
from tests.web.tab import AXE, WATCH, Tab

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE = (1440, 900)
NARROW = (390, 844)


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        pytest.skip(f"none of {', '.join(CHROMIUMS)} is on this machine: `make browser`")
    return found


def _web() -> WebFiles:
    web = WebFiles(Path(os.environ.get("LEADLINE_WEB_BUILD", STATIC)))
    if not web.built:
        pytest.skip("the web app is not built: `make setup`")
    if not AXE.is_file():
        pytest.skip("the packages of web/ are not installed: `make setup`")
    return web


# Of the package, not of the session: Playwright's event loop must not stay open under later tests.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    path = _chromium()
    with sync_playwright() as playwright:
        expect.set_options(timeout=15_000)
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def pace() -> Pace:
    """Holds answers back."""
    return Pace()


@pytest.fixture(scope="package")
def door(tmp_path_factory: pytest.TempPathFactory, pace: Pace) -> Iterator[Serving]:
    """The guarded server; tests only add answers to its instance."""
    web = _web()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("server.door.FAILURE_DELAY_S", 0.0)
        patch.setattr("server.routes.session.FAILURE_DELAY_S", 0.0)
        settings = settings_in(tmp_path_factory.mktemp("web"))
        with serving(paced_app(settings, pace, web)) as running:
            yield running


@pytest.fixture(scope="package")
def owner(door: Serving) -> Iterator[httpx.Client]:
    """The owner, without a browser."""
    with door.client(OWNER_TOKEN) as client:
        yield client


@pytest.fixture(scope="package")
def ask(owner: httpx.Client) -> Callable[..., dict[str, Any]]:
    """Asks without a browser, once per question: `ask(question, **more)`."""
    known: dict[str, dict[str, Any]] = {}

    def once(question: str, **more: Any) -> dict[str, Any]:
        key = f"{question} {more}"
        if key not in known:
            known[key] = asked(owner, question, **more)
        return known[key]

    return once


class OpenTab(Protocol):
    """Opens a tab at a place of the app."""

    def __call__(
        self,
        path: str | None = "/ask",
        *,
        language: str = "zh",
        size: tuple[int, int] = WIDE,
        user: str | None = "owner",
        theme: str = "light",
        motion: bool = False,
        **context: Any,
    ) -> Tab: ...


@pytest.fixture(scope="package")
def sessions(door: Serving) -> dict[str, str]:
    """A session cookie for everybody, by name."""
    authority = door.app.state.door.authority
    return {
        name: authority.session(None if name == "owner" else name) for name in ("owner", *TOKENS)
    }


class Profiles:
    """Browser profiles by what is asked of them, each with one page that test after test uses.

    A page that has compiled the app once shows it again in half the time. Between tests a profile
    forgets its cookies and what the page has stored.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: dict[str, list[Page]] = {}

    @contextmanager
    def page(self, **wanted: Any) -> Iterator[Page]:
        """The page of a profile, for a while."""
        idle = self._idle.setdefault(repr(wanted), [])
        page = idle.pop() if idle else self._new_page(wanted)
        yield page
        page.unroute_all(behavior="ignoreErrors")
        page.goto("about:blank")
        page.context.clear_cookies()
        idle.append(page)

    def _new_page(self, wanted: dict[str, Any]) -> Page:
        page = self._browser.new_context(**wanted).new_page()
        page.add_init_script(WATCH)
        return page


@pytest.fixture(scope="package")
def profiles(browser: Browser) -> Profiles:
    """Of the browser."""
    return Profiles(browser)


@pytest.fixture
def open_tab(profiles: Profiles, door: Serving, sessions: dict[str, str]) -> Iterator[OpenTab]:
    """Opens tabs that know nothing but the session's cookie."""
    with ExitStack() as opened:

        def open_one(
            path: str | None = "/ask",
            *,
            language: str = "zh",
            size: tuple[int, int] = WIDE,
            user: str | None = "owner",
            theme: str = "light",
            motion: bool = False,
            **context: Any,
        ) -> Tab:
            profile = profiles.page(
                viewport={"width": size[0], "height": size[1]},
                locale="zh-CN" if language == "zh" else "en-GB",
                timezone_id="Asia/Shanghai",
                service_workers="block",
                **context,
            )
            page = opened.enter_context(profile)
            page.emulate_media(
                color_scheme=theme, reduced_motion="no-preference" if motion else "reduce"
            )
            page.mouse.move(0, 0)
            if user is not None:
                cookie = {"name": COOKIE, "value": sessions[user], "url": door.url}
                page.context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Strict"}])
            tab = Tab(page, door.url, language)
            opened.callback(tab.leave)
            if path is not None:
                tab.open(path)
            return tab

        yield open_one
