"""Stylesheets and scripts are sent packed, and packed once: Bootstrap's is 230 kB, and a village's line is thin."""

from __future__ import annotations

import gzip

from flask import Response, request

PACKED = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")
_kept: dict[str, bytes] = {}


def compress(response: Response) -> Response:
    """Only files that are the same for everybody: pages hold secrets of forms, which packing could give away."""
    if response.status_code != 200 or request.endpoint is None or not request.endpoint.endswith("static"):
        return response
    response.vary.add("Accept-Encoding")
    if response.mimetype not in PACKED or not request.accept_encodings["gzip"]:
        return response
    key = f"{request.path} {response.headers.get('ETag', '')}"
    response.direct_passthrough = False
    response.call_on_close(getattr(response.response, "close", lambda: None))
    if key not in _kept:
        _kept[key] = gzip.compress(response.get_data(), 9)
    response.set_data(_kept[key])
    response.headers["Content-Encoding"] = "gzip"
    return response
