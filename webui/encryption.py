"""What the page speaks TLS with while it runs: a renewed certificate is taken up, a broken one never."""

from __future__ import annotations

import logging
import ssl
from datetime import datetime, timedelta
from pathlib import Path

from broadcaster.certificate import Certificate, opened
from broadcaster.errors import Refused

log = logging.getLogger(__name__)

REMEMBERED_FOR = timedelta(days=1)

Stamp = tuple[tuple[int, int, int], ...]


class Encryption:
    """One pair of files. ``context`` may be read from any thread; ``look`` is called by one at a time."""

    def __init__(self, certificate: Path, key: Path) -> None:
        """Raises Refused when they cannot be used."""
        self._files = (certificate, key)
        self._stamp = self._now_there()
        self._opened = opened(*self._files)

    @property
    def context(self) -> ssl.SSLContext:
        """For the next connection."""
        return self._opened.context

    @property
    def certificate(self) -> Certificate:
        return self._opened.certificate

    def look(self) -> None:
        """Take up files that have changed; while they cannot be used, what was good goes on."""
        there = self._now_there()
        if there == self._stamp:
            return
        self._stamp = there
        try:
            self._opened = opened(*self._files)
        except Refused as error:
            log.warning("the renewed certificate cannot be used; the page goes on with the one before: %s", error)
        else:
            log.info("a renewed certificate is in use, until %s", self.certificate.ends_at)

    def _now_there(self) -> Stamp:
        stamps = []
        for file in self._files:
            try:
                about = file.stat()
            except OSError:
                stamps.append((0, 0, 0))
            else:
                stamps.append((about.st_ino, about.st_size, about.st_mtime_ns))
        return tuple(stamps)


def strict_transport(certificate: Certificate, now: datetime) -> str:
    """How long a browser shall refuse to open the page without a valid certificate (HSTS): a day, or not at all.

    A browser that was told so lets nobody past its warning, not even to the red button. So it is told only where
    somebody vouches for the certificate, for a day, and is told to forget it a month before the certificate ends.
    """
    is_sure = certificate.begins_at <= now and not certificate.ends_soon(now) and not certificate.is_self_signed
    return f"max-age={int(REMEMBERED_FOR.total_seconds()) if is_sure else 0}"
