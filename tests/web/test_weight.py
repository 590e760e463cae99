"""How much the first page weighs on the wire."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.web.asking import box
from tests.web.conftest import OpenTab

MOST_KB = 350


class TestFirstLoad:
    def test_is_small_compressed_and_then_kept(self, open_tab: OpenTab) -> None:
        tab = open_tab(None, extra_http_headers={})  # a profile of its own: nothing is in its cache
        tab.open("/")
        expect(box(tab)).to_be_visible()
        tab.shows("今年各大区销售额及同比")
        tab.page.wait_for_load_state("networkidle")
        sizes = {}
        for request in tab.requests:
            path = urlsplit(request.url).path
            if path.endswith((".js", ".css")):
                response = request.response()
                assert response is not None
                packed = response.headers.get("content-encoding") == "gzip"
                assert packed or len(response.body()) < 1024, path
                sizes[path] = request.sizes()["responseBodySize"]
        assert len(sizes) > 3
        total = sum(sizes.values()) / 1000
        assert total <= MOST_KB, f"{total:.0f} kB: {sizes}"
        assert not [name for name in sizes if "ChartCanvas" in name], "nobody asked for a chart yet"
        kept = tab.page.request.get(f"{tab.origin}{next(n for n in sizes if '/assets/' in n)}")
        assert "immutable" in kept.headers["cache-control"]
        assert tab.page.request.get(f"{tab.origin}/").headers["cache-control"] == "no-store"
