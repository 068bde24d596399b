"""[page] → where the cadre's page answers, and under which names."""

from __future__ import annotations

import ipaddress
import re

from broadcaster.model.timetable import PageSettings
from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import shown
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.table import Table
from broadcaster.schedule.values import plain, whole, words

HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*")


def read_page(table: Table) -> PageSettings:
    table.only(KEYS["page"])
    usual = PageSettings()
    hosts = () if table.values.get("hosts") == [] else table.read_each("hosts", host, usual.hosts)
    certificate, key = _both(table)
    return PageSettings(
        address=table.read("address", _address, usual.address),
        port=table.read("port", whole(1024, 65535), usual.port),
        hosts=hosts,
        certificate=certificate,
        key=key,
    )


def _both(table: Table) -> tuple[str, str]:
    """Certificate and key, or neither; one without the other is told."""
    pair = {name: table.read(name, words(300), "") for name in ("certificate", "key")}
    for name, other in (("certificate", "key"), ("key", "certificate")):
        if table.values.get(name) and not table.values.get(other):
            table.complain(
                other,
                Sentence(
                    f"写了 {name}，也要写 {other}：证书和私钥是一对。",
                    f"where {name} is written, {other} must be, too: certificate and key are a pair.",
                ),
            )
    return pair["certificate"], pair["key"]


def _address(value: object) -> str | Sentence:
    try:
        return str(ipaddress.ip_address(plain(value))) if isinstance(value, str) else _no_address(value)
    except ValueError:
        return _no_address(value)


def _no_address(value: object) -> Sentence:
    return Sentence(
        f"{shown(value)} 不是本机的地址。只让本机打开写 '127.0.0.1'，让同一个网里的手机也能打开写 '0.0.0.0'。",
        f"{shown(value)} is no address. Write '127.0.0.1' for this machine alone, "
        "or '0.0.0.0' for the phones of its network, too.",
    )


def host(value: object) -> str | Sentence:
    """A name as it stands in an address, in small letters."""
    name = plain(value).lower().rstrip(".") if isinstance(value, str) else ""
    if HOST.fullmatch(name):
        return name
    return Sentence(
        f"{shown(value)} 不是网址里的名字。请只写名字，不写 http:// 和端口，例如 'dalaba.lan'。",
        f"{shown(value)} is no host name. Write the name alone, no http:// and no port, for example 'dalaba.lan'.",
    )
