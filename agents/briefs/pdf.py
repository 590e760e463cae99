"""A page as PDF, printed by headless Chromium: the only module that knows playwright.

The page is given as text and may load nothing: no script runs and no address is opened.
"""

from __future__ import annotations

import os
import shutil
from typing import Final

from leadline.errors import NotReadyError

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""What the browser is called where it is installed beside playwright's own."""
VARIABLE: Final = "LEADLINE_CHROMIUM"
"""Names the browser's program where it lies elsewhere."""
PATIENCE_MS: Final = 30_000


def print_pdf(html: str) -> bytes:
    """The page as an A4 document.

    Args:
        html: a page that holds all it needs.

    Raises:
        NotReadyError: there is no Chromium on this machine, or it does not start.
    """
    from playwright.sync_api import Error, sync_playwright

    program = os.environ.get(VARIABLE) or next(filter(None, map(shutil.which, NAMES)), None)
    # the sandbox needs rights that root does not hand on
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=arguments)
            try:
                context = browser.new_context(offline=True, java_script_enabled=False)
                page = context.new_page()
                page.set_content(html, wait_until="load", timeout=PATIENCE_MS)
                return page.pdf(format="A4", print_background=True, prefer_css_page_size=True)
            finally:
                browser.close()
    except Error as error:
        first = str(error).strip().splitlines()[0]
        raise NotReadyError(
            f"no PDF can be printed: {first}",
            hint=f"install chromium (playwright install chromium), or name it in {VARIABLE}; "
            "Markdown and HTML need none",
        ) from error
