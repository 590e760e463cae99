"""The built web app, read once: hashed assets for ever, the page itself never from a cache.

Only files that were there at the start can be fetched, so no path leads out of the folder. Each
copy of the page carries a fresh nonce, without which the browser applies no inline style.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from starlette.responses import Response

STATIC: Final = Path(__file__).with_name("static")
PAGE: Final = "index.html"
PLACEHOLDER: Final = b"__CSP_NONCE__"
ASSETS: Final = "assets/"
"""Files under it have a hash of their content in their name."""
FOR_EVER: Final = "public, max-age=31536000, immutable"
COMPRESSED_FROM: Final = 1024
TYPES: Final[Mapping[str, str]] = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
}
"""Not left to the machine's own table, which may call a script plain text."""

NOT_BUILT: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Leadline</title>
<style nonce="__CSP_NONCE__">
  body { font: 16px/1.6 system-ui, sans-serif; margin: 10vh auto; max-width: 36rem }
  code { background: #8882; border-radius: 4px; padding: 0 .3em }
</style>
<h1>Leadline</h1>
<p lang="zh">接口已就绪：<a href="/api/openapi.json">/api/openapi.json</a>。网页尚未构建，请运行
<code>make setup</code> 后重新启动。</p>
<p>The API is ready: <a href="/api/openapi.json">/api/openapi.json</a>. The web app is not built
yet: run <code>make setup</code>, then start again.</p>
"""


def page_policy(nonce: str) -> str:
    """The page's Content-Security-Policy: nothing from elsewhere, no inline script."""
    return (
        "default-src 'none'; script-src 'self'; "
        f"style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )


@dataclass(frozen=True, slots=True)
class WebFile:
    """One file as it is sent."""

    body: bytes
    media_type: str
    tag: str
    hashed: bool
    zipped: bytes | None
    """gzip of the body, where that makes it smaller."""


def _media_type(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    return TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _read(path: Path, name: str) -> WebFile:
    body, kind = path.read_bytes(), _media_type(name)
    textual = kind.startswith(("text/", "application/", "image/svg"))
    zipped = gzip.compress(body, 6, mtime=0) if textual and len(body) >= COMPRESSED_FROM else body
    return WebFile(
        body,
        kind,
        f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        name.startswith(ASSETS),
        zipped if len(zipped) < len(body) else None,
    )


class WebFiles:
    """The files of a folder that holds `index.html`; a page that says so where it is not there."""

    def __init__(self, folder: Path = STATIC) -> None:
        names = sorted(path for path in folder.rglob("*") if path.is_file())
        self._files = {
            (name := path.relative_to(folder).as_posix()): _read(path, name)
            for path in names
            if path.relative_to(folder).as_posix() != PAGE
        }
        page = folder / PAGE
        self.built = page.is_file()
        self._page = page.read_bytes() if self.built else NOT_BUILT.encode()

    def response(self, path: str, headers: Mapping[str, str]) -> Response | None:
        """What to send for a path that is not the API's; None where a file is asked for in vain.

        A path without a suffix is a place inside the app, and the page finds its own way there.
        """
        name = path.lstrip("/")
        found = self._files.get(name)
        if found is not None:
            return _send(found, headers)
        if name != PAGE and (name.startswith(ASSETS) or PurePosixPath(name).suffix):
            return None
        return self._send_page()

    def _send_page(self) -> Response:
        nonce = secrets.token_urlsafe(18)
        return Response(
            self._page.replace(PLACEHOLDER, nonce.encode()),
            media_type="text/html; charset=utf-8",
            headers={"Cache-Control": "no-store", "Content-Security-Policy": page_policy(nonce)},
        )


def _send(file: WebFile, headers: Mapping[str, str]) -> Response:
    sent = {
        "Cache-Control": FOR_EVER if file.hashed else "no-cache",
        "ETag": file.tag,
        "Vary": "Accept-Encoding",
    }
    if file.tag in headers.get("if-none-match", ""):
        return Response(status_code=304, headers=sent)
    body = file.body
    if file.zipped is not None and "gzip" in headers.get("accept-encoding", ""):
        body, sent["Content-Encoding"] = file.zipped, "gzip"
    return Response(body, media_type=file.media_type, headers=sent)
