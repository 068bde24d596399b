"""certificate: a certificate and key of one's own for the page, by the program ``openssl``."""

from __future__ import annotations

import argparse
import hashlib
import ipaddress
import ssl
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from broadcaster.certificate import opened
from broadcaster.commands.network import own_names
from broadcaster.commands.offline import open_desk
from broadcaster.commands.words import say
from broadcaster.durable import write_durably
from broadcaster.errors import Refused
from broadcaster.home import Home
from broadcaster.model.words import Sentence
from broadcaster.schedule.page import host

FOLDER, CERTIFICATE, KEY = "certificate", "page.pem", "page.key"
DAYS = 820
"""Phones of one maker refuse those that last longer than 825 days."""
WITHIN_S = 60.0
REQUEST = """\
[req]
prompt = no
distinguished_name = name
x509_extensions = page
[name]
CN = {first}
[page]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {names}
"""
"""It vouches for this page and for nothing else: whoever steals the box cannot make certificates for a bank with it."""


def certificate(args: argparse.Namespace) -> int:
    """Write both files, and say what belongs into schedule.toml. Those of before are replaced."""
    home = Home(args.home)
    with open_desk(home) as desk:
        settings = desk.books.schedule.page
    more = [_checked(name) for name in args.names]
    here = (name for name in own_names() if not isinstance(host(name), Sentence) or ":" in name)
    names = tuple(dict.fromkeys((*here, *settings.hosts, *more)))
    folder = home.root / FOLDER
    pem, key = _made(names)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / KEY).touch(mode=0o600)
        (folder / KEY).chmod(0o600)
        write_durably(folder / KEY, key)
        write_durably(folder / CERTIFICATE, pem)
    except OSError as error:
        raise Refused(
            Sentence(
                f"写不了“{folder}”：{error.strerror or error}。请检查磁盘和权限。",
                f"{str(folder)!r} cannot be written: {error.strerror or error}. Check disk and permissions.",
            )
        ) from error
    _tell(names, pem, opened(folder / CERTIFICATE, folder / KEY).certificate.ends_at.strftime("%Y-%m-%d"))
    if (settings.certificate, settings.key) == (f"{FOLDER}/{CERTIFICATE}", f"{FOLDER}/{KEY}"):
        say(Sentence("开着的网页一分钟里就用上。", "A page that is open takes it up within a minute."))
        return 0
    say(
        Sentence(
            "在 schedule.toml 里写下面几行，再重新开站：",
            "Write these lines into schedule.toml, then start the station anew:",
        )
    )
    print(f'[page]\ncertificate = "{FOLDER}/{CERTIFICATE}"\nkey = "{FOLDER}/{KEY}"')
    return 0


def _tell(names: Iterable[str], pem: bytes, until: str) -> None:
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem.decode("ascii"))).hexdigest().upper()
    shown = ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))
    known = " ".join(names)
    say(
        Sentence(
            f"证书做好了，用到 {until}，写着：{known}。没有别人担保它，浏览器第一次会警告；"
            f"浏览器里的 SHA-256 指纹是下面这个，就可以继续。",
            f"the certificate is made, until {until}, for: {known}. Nobody vouches for it, so each browser warns the "
            "first time; go on where the SHA-256 fingerprint that it shows is this:",
        )
    )
    print(shown)


def _checked(name: str) -> str:
    """A name or number that people type. Raises Refused."""
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        found = host(name)
    if isinstance(found, Sentence):
        raise Refused(found)
    return found


def _made(names: tuple[str, ...]) -> tuple[bytes, bytes]:
    """(certificate, key) as PEM. Raises Refused."""
    with tempfile.TemporaryDirectory(prefix="certificate-") as place:
        folder = Path(place)
        pem, key, request = (folder / name for name in (CERTIFICATE, KEY, "request"))
        request.write_text(REQUEST.format(first=names[0], names=", ".join(map(_alternative, names))), "ascii")
        line = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256"]
        line += ["-days", str(DAYS), "-config", str(request), "-keyout", str(key), "-out", str(pem)]
        try:
            subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, timeout=WITHIN_S, check=True)
            return pem.read_bytes(), key.read_bytes()
        except FileNotFoundError as error:
            raise Refused(
                Sentence(
                    "没有 openssl 这个程序，证书没有做。请先装：sudo apt install openssl。",
                    "there is no program openssl, and no certificate was made. Install it: sudo apt install openssl.",
                )
            ) from error
        except (OSError, subprocess.SubprocessError) as error:
            raise Refused(
                Sentence(f"openssl 没有做成证书：{error}。", f"openssl made no certificate: {error}.")
            ) from error


def _alternative(name: str) -> str:
    try:
        return f"IP:{ipaddress.ip_address(name)}"
    except ValueError:
        return f"DNS:{name}"
