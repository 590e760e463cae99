"""The web app's files: policy and nonce, caching, compression, nothing outside the folder."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response

from server.web_files import FOR_EVER, WebFiles, page_policy
from tests.server.serving import problem

SCRIPT = b"console.log('leadline');\n" * 200
PAGE = (
    '<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__">'
    '<style nonce="__CSP_NONCE__"></style><div id="root"></div>'
)


@pytest.fixture
def web(tmp_path: Path) -> WebFiles:
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    (folder / "assets" / "app-3f2a.js").write_bytes(SCRIPT)
    (folder / "assets" / "tiny-11.css").write_bytes(b"a{}")
    (folder / "favicon.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return WebFiles(folder)


def got(web: WebFiles, path: str, **headers: str) -> Response:
    response = web.response(path, {k.replace("_", "-"): v for k, v in headers.items()})
    assert response is not None
    return response


class TestPage:
    @pytest.mark.parametrize("path", ["/", "/index.html", "/ask", "/traces/abc", "/data/"])
    def test_every_place_of_the_app_is_the_page(self, web: WebFiles, path: str) -> None:
        response = got(web, path)
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert response.headers["cache-control"] == "no-store"
        assert b'id="root"' in response.body

    def test_the_nonce_is_the_policy_s_and_fresh_each_time(self, web: WebFiles) -> None:
        seen = set()
        for _ in range(3):
            response = got(web, "/")
            policy = response.headers["content-security-policy"]
            named = re.search(r"style-src 'self' 'nonce-([\w-]+)'", policy)
            assert named is not None
            body = bytes(response.body).decode()
            assert re.findall(r'nonce="([^"]+)"', body) == [named[1]] * 2
            seen.add(named[1])
        assert len(seen) == 3

    def test_the_policy_allows_nothing_from_elsewhere(self) -> None:
        policy = dict(part.split(" ", 1) for part in page_policy("N").split("; "))
        assert policy == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self' 'nonce-N'",
            "img-src": "'self' data:",
            "font-src": "'self'",
            "connect-src": "'self'",
            "frame-ancestors": "'none'",
            "base-uri": "'none'",
            "form-action": "'self'",
        }

    def test_one_that_was_never_built_says_so(self, tmp_path: Path) -> None:
        web = WebFiles(tmp_path / "none")
        assert not web.built
        response = got(web, "/")
        assert "make setup" in bytes(response.body).decode()
        assert "__CSP_NONCE__" not in bytes(response.body).decode()


class TestFiles:
    def test_hashed_assets_are_kept_for_ever(self, web: WebFiles) -> None:
        response = got(web, "/assets/app-3f2a.js")
        assert response.headers["cache-control"] == FOR_EVER
        assert response.headers["content-type"] == "text/javascript; charset=utf-8"
        assert response.body == SCRIPT

    def test_others_are_asked_for_again_by_their_tag(self, web: WebFiles) -> None:
        response = got(web, "/favicon.svg")
        assert response.headers["cache-control"] == "no-cache"
        assert response.headers["content-type"] == "image/svg+xml"
        again = got(web, "/favicon.svg", if_none_match=response.headers["etag"])
        assert (again.status_code, again.body) == (304, b"")

    def test_compressed_for_those_who_can_read_it(self, web: WebFiles) -> None:
        response = got(web, "/assets/app-3f2a.js", accept_encoding="gzip, br")
        assert response.headers["content-encoding"] == "gzip"
        assert response.headers["vary"] == "Accept-Encoding"
        assert gzip.decompress(bytes(response.body)) == SCRIPT
        assert len(response.body) < len(SCRIPT) / 4
        tiny = got(web, "/assets/tiny-11.css", accept_encoding="gzip")
        assert "content-encoding" not in tiny.headers

    @pytest.mark.parametrize(
        "path",
        [
            "/assets/none.js",
            "/assets/",
            "/assets/none",
            "/none.png",
            "/../secret.txt",
            "/assets/../../secret.txt",
            "//etc/passwd.txt",
            "/..%2fsecret.txt",
        ],
    )
    def test_what_is_not_there_is_not_the_page(self, web: WebFiles, path: str) -> None:
        assert web.response(path, {}) is None


class TestOverHttp:
    def test_a_missing_file_is_a_problem(self, owner: httpx.Client) -> None:
        problem(owner.get("/assets/none.js"), 404, "not-found-error")

    def test_an_unknown_path_of_the_api_is_a_problem(self, owner: httpx.Client) -> None:
        for path in ("/api", "/api/", "/api/none", "/api/session/"):
            problem(owner.get(path), 404, "not-found-error")

    def test_another_method_is_told_all_that_are_offered(self, owner: httpx.Client) -> None:
        response = owner.post("/api/answers/none0/feedback", json={})
        assert response.headers["allow"] == "DELETE, PUT"
        assert owner.get("/api/ask").headers["allow"] == "POST"

    def test_the_page_needs_no_token_and_takes_only_reading(self, owner: httpx.Client) -> None:
        with httpx.Client(base_url=owner.base_url) as stranger:
            response = stranger.get("/ask")
            assert response.status_code == 200
            assert "nonce-" in response.headers["content-security-policy"]
            assert stranger.head("/").text == ""
            refused = stranger.post("/ask", json={})
            assert refused.headers["allow"] == "GET, HEAD"
            problem(refused, 405, "method-not-allowed")
