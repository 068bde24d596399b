"""What is sent packed: stylesheets and scripts, once and for all, and pages, where packing gives nothing away."""

from __future__ import annotations

import gzip

from flask import Response, request

PACKED = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")
WORTH_IT = 1_400
"""Bytes: less fits into one packet of the network as it is."""
PAGE_LEVEL = 5
"""Of a page, which is packed with each look: to a fifth of its size, in less than a millisecond."""
_kept: dict[str, bytes] = {}


def compress(response: Response) -> Response:
    """Files that are the same for everybody, always; pages only where nothing on the way is secret.

    A page holds secrets of forms beside words that others may have written. Who sees how long the packed page is can
    guess them letter by letter (BREACH), through TLS; without TLS, whoever sees the length sees the page.
    """
    is_for_everybody = request.endpoint == "looks.sheet" or (request.endpoint or "").endswith("static")
    is_plain_page = response.mimetype == "text/html" and not request.is_secure
    if not (is_for_everybody and response.status_code == 200) and not is_plain_page:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return response
    if is_for_everybody and response.mimetype in PACKED:
        key = f"{request.path} {response.headers.get('ETag', '')}"
        response.direct_passthrough = False
        response.call_on_close(getattr(response.response, "close", lambda: None))
        if key not in _kept:
            _kept[key] = gzip.compress(response.get_data(), 9)
        _set(response, _kept[key])
    elif is_plain_page and not response.is_streamed and len(words := response.get_data()) > WORTH_IT:
        _set(response, gzip.compress(words, PAGE_LEVEL))
    return response


def _set(response: Response, packed: bytes) -> None:
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
