"""Responses whose body is JSON."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from server.plain_json import json_text, plain


class JsonResponse(Response):
    """A JSON body; `render` makes it plain first."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The body."""
        return json_text(plain(content)).encode()
