"""Two PEM files, a certificate and its key → what the page speaks TLS with, or the sentence that says why it cannot.

Python's own ``ssl`` checks that both belong together; when the certificate ends it does not tell, so that is read here.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from broadcaster.errors import Refused
from broadcaster.model.words import Sentence

LARGEST_BYTES = 1_000_000
ENDS_SOON = timedelta(days=30)
"""From then on people are told: whoever renews it has other work, too."""
BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
SEQUENCE, INTEGER, VERSION, UTC_TIME, GENERALIZED_TIME = 0x30, 0x02, 0xA0, 0x17, 0x18


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What stands in a certificate, as far as the page minds."""

    begins_at: datetime
    ends_at: datetime
    is_self_signed: bool
    """Nobody vouches for it: a browser warns until a person says that it is right."""

    def ends_soon(self, now: datetime) -> bool:
        return now >= self.ends_at - ENDS_SOON


@dataclass(frozen=True, slots=True)
class Opened:
    """A certificate whose key is there."""

    certificate: Certificate
    context: ssl.SSLContext


def opened(certificate: Path, key: Path) -> Opened:
    """Raises Refused, with what to do."""
    told = _certificate(certificate)
    _look_at_key(key)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
    except ssl.SSLError as error:
        raise Refused(_not_together(certificate, key, error)) from error
    except OSError as error:
        raise Refused(_unreadable(key, error)) from error
    return Opened(told, context)


def _certificate(path: Path) -> Certificate:
    text = _text(path)
    start, end = text.find(BEGIN), text.find(END)
    try:
        if not 0 <= start < end:
            raise ValueError("no certificate")
        return read(ssl.PEM_cert_to_DER_cert(text[start : end + len(END)]))
    except (ValueError, IndexError) as error:
        raise Refused(
            Sentence(
                f"“{path}”不是证书。证书是一个 PEM 文件，里面有“{BEGIN}”。",
                f"{str(path)!r} is no certificate. That is a PEM file with '{BEGIN}' in it.",
            )
        ) from error


def _look_at_key(path: Path) -> None:
    text = _text(path)
    if "PRIVATE KEY-----" not in text:
        raise Refused(
            Sentence(
                f"“{path}”不是私钥。私钥是一个 PEM 文件，里面有“PRIVATE KEY”。",
                f"{str(path)!r} is no private key. That is a PEM file with 'PRIVATE KEY' in it.",
            )
        )
    if "BEGIN ENCRYPTED" in text or "4,ENCRYPTED" in text:
        raise Refused(
            Sentence(
                f"私钥“{path}”有密码，停电以后没有人来输。请去掉密码：openssl pkey -in 旧文件 -out 新文件。",
                f"the key {str(path)!r} has a password, and nobody types it after a power cut. "
                "Take it off: openssl pkey -in OLD -out NEW.",
            )
        )


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_BYTES).decode("ascii", "replace")
    except OSError as error:
        raise Refused(_unreadable(path, error)) from error


def _unreadable(path: Path, error: OSError) -> Sentence:
    if isinstance(error, FileNotFoundError):
        return Sentence(
            f"没有文件“{path}”。请看 schedule.toml 的 [page]，或者用 dalaba certificate 做一张证书。",
            f"there is no file {str(path)!r}. See [page] of schedule.toml, or make a certificate: dalaba certificate.",
        )
    if isinstance(error, PermissionError):
        return Sentence(
            f"不让读“{path}”。请把它交给运行广播站的用户（chown、chmod 600）。",
            f"{str(path)!r} may not be read. Give it to the user who runs the station (chown, chmod 600).",
        )
    return Sentence(
        f"读不了“{path}”：{error.strerror or error}。请检查 schedule.toml 的 [page]。",
        f"{str(path)!r} cannot be read: {error.strerror or error}. Check [page] of schedule.toml.",
    )


def _not_together(certificate: Path, key: Path, error: ssl.SSLError) -> Sentence:
    if error.reason == "KEY_VALUES_MISMATCH":
        return Sentence(
            f"私钥“{key}”不是证书“{certificate}”的。两个文件要是同一次做的。",
            f"the key {str(key)!r} is not that of the certificate {str(certificate)!r}. Both must be made together.",
        )
    reason = error.reason or "PEM"
    return Sentence(
        f"证书“{certificate}”和私钥“{key}”用不了（{reason}）。请重新做一对。",
        f"certificate {str(certificate)!r} and key {str(key)!r} cannot be used ({reason}). Make both anew.",
    )


def _no_password() -> str:
    return ""


def read(der: bytes) -> Certificate:
    """What stands in a certificate. Raises ValueError or IndexError where it is none.

    Its first part holds, in this order: perhaps a version, a number, how it was signed, by whom, from when to when,
    for whom (RFC 5280, 4.1).
    """
    (_, whole), *_ = _parts(der)
    (_, signed), *_ = _parts(whole)
    parts = [part for part in _parts(signed) if part[0] != VERSION]
    kinds = [kind for kind, _ in parts[:5]]
    if kinds != [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE]:
        raise ValueError("no certificate")
    _, _, issuer, validity, subject = (value for _, value in parts[:5])
    begins_at, ends_at = (_instant(kind, value) for kind, value in _parts(validity))
    return Certificate(begins_at=begins_at, ends_at=ends_at, is_self_signed=issuer == subject)


def _parts(der: bytes) -> Iterator[tuple[int, bytes]]:
    """The pieces of DER one after another: (kind, what is in it)."""
    at = 0
    while at < len(der):
        kind, length, at = der[at], der[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            length, at = int.from_bytes(der[at : at + size], "big"), at + size
        if at + length > len(der):
            raise ValueError("cut off")
        yield kind, der[at : at + length]
        at += length


def _instant(kind: int, value: bytes) -> datetime:
    """RFC 5280 4.1.2.5: a year of two digits is one from 1950 to 2049."""
    text = value.decode("ascii")
    if kind == UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    elif kind != GENERALIZED_TIME:
        raise ValueError("no time")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
