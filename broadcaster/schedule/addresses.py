"""Addresses on the network, as people write them: checked here, so that no output meets one it cannot use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from types import MappingProxyType

from broadcaster.model.outputs import Codec, OutputKind
from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import shown
from broadcaster.schedule.values import Reader, plain

CODECS_OF = MappingProxyType(
    {
        "rtp": (Codec.PCMU, Codec.G722, Codec.L16, Codec.OPUS),
        "icecast": (Codec.OPUS, Codec.MP3),
    }
)
"""What travels how; the usual one first."""
ADDRESS = re.compile(
    r"(?P<scheme>[a-z]+)://"
    r"(?P<user>[^/@]*@)?"
    r"(?:\[(?P<six>[0-9A-Fa-f:]{2,45})\]|(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?))?"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^?#\x00-\x1f]*)?"
)
MOUNT = re.compile(r"/[\w.-]+(?:/[\w.-]+)*", re.ASCII)
STREAMS = Sentence(
    "'rtp://239.1.1.1:5004'（网络音柱）或 'icecast://192.168.1.10:8000/village'（手机收听）",
    "'rtp://239.1.1.1:5004' (horns on the network) or 'icecast://192.168.1.10:8000/village' (phones)",
)
SNAPCASTS = Sentence(
    "'tcp://127.0.0.1:4953' 或 'pipe:///run/dalaba/snapfifo'", "'tcp://127.0.0.1:4953' or 'pipe:///run/dalaba/snapfifo'"
)


def address_of(kind: OutputKind, *, allows_unicast: bool) -> Reader[str]:
    """Reads the address of an output of this *kind*; empty stays empty where none is needed."""

    def read(value: object) -> str | Sentence:
        text = plain(value) if isinstance(value, str) else ""
        if kind is OutputKind.SNAPCAST:
            return _snapcast(value, text)
        return _stream(value, text, allows_unicast) if kind is OutputKind.STREAM else text

    return read


def _stream(value: object, text: str, allows_unicast: bool) -> str | Sentence:
    parts = _split(text)
    if parts is None or parts.scheme not in CODECS_OF:
        return _no_address(value, STREAMS)
    if parts.has_user:
        return Sentence(
            "地址里不能写用户名和密码。请把密码放进文件，写 password = 'file:icecast.txt'。",
            "an address must not hold a user or a password. Keep the password in a file, and write "
            "password = 'file:icecast.txt'.",
        )
    if parts.scheme == "icecast":
        return text if parts.host and MOUNT.fullmatch(parts.path) else _no_address(value, STREAMS)
    if parts.path not in ("", "/") or not parts.port or not parts.host:
        return _no_address(value, STREAMS)
    return text.rstrip("/") if allows_unicast or _is_multicast(parts.host) else _no_multicast(parts.host)


def _snapcast(value: object, text: str) -> str | Sentence:
    parts = _split(text)
    if parts is not None and not parts.has_user:
        if parts.scheme == "tcp" and parts.host and parts.port and parts.path in ("", "/"):
            return text.rstrip("/")
        if parts.scheme == "pipe" and not parts.host and not parts.port and len(parts.path) > 1:
            return text
    return _no_address(value, SNAPCASTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    scheme: str
    has_user: bool
    host: str
    port: int
    """0: none."""
    path: str


def _split(text: str) -> _Parts | None:
    found = ADDRESS.fullmatch(text)
    if found is None or len(text) > 300 or int(found["port"] or 1) not in range(1, 65536):
        return None
    return _Parts(
        scheme=found["scheme"],
        has_user=found["user"] is not None,
        host=found["six"] or found["host"] or "",
        port=int(found["port"] or 0),
        path=found["path"] or "",
    )


def _is_multicast(host: str) -> bool:
    try:
        return ip_address(host).is_multicast
    except ValueError:
        return False


def _no_multicast(host: str) -> Sentence:
    return Sentence(
        f"{shown(host)} 不是组播地址，只能到一台机器。请写 239.0.0.0 到 239.255.255.255；"
        "真的只给一台，加一行 unicast = true。",
        f"{shown(host)} is not a multicast address; one machine at most would hear it. Write 239.0.0.0 to "
        "239.255.255.255, or add unicast = true if one machine is meant.",
    )


def _no_address(value: object, examples: Sentence) -> Sentence:
    return Sentence(
        f"{shown(value)} 不是地址。请写 {examples.zh}。", f"{shown(value)} is no address. Write {examples.en}."
    )


def broker_of(value: object) -> str | Sentence:
    """``mqtt://host:port/topic``."""
    text = plain(value) if isinstance(value, str) else ""
    parts = _split(text)
    topic = parts.path[1:] if parts is not None else ""
    is_right = parts is not None and parts.scheme == "mqtt" and parts.host and not parts.has_user
    if is_right and topic and not any(sign in topic for sign in "+#"):
        return text
    return Sentence(
        f"{shown(value)} 不行。请写服务器和主题，例如 'mqtt://127.0.0.1:1883/village/amplifier'，不写用户名和密码。",
        f"{shown(value)} will not do. Write the broker and a topic, for example "
        "'mqtt://127.0.0.1:1883/village/amplifier', without user and password.",
    )


def control_of(value: object) -> str | Sentence:
    """``host:port``; empty stays empty."""
    text = plain(value) if isinstance(value, str) else ""
    parts = _split(f"tcp://{text}")
    if value == "" or (parts is not None and parts.host and parts.port and not parts.path and not parts.has_user):
        return text
    return Sentence(
        f"{shown(value)} 不行。请写主机和端口，例如 '127.0.0.1:1705'。",
        f"{shown(value)} will not do. Write a host and a port, for example '127.0.0.1:1705'.",
    )


def password_of(value: object) -> str | Sentence:
    """Where a password is kept; the word itself never stands in a file that people show one another."""
    text = value.strip() if isinstance(value, str) else ""
    if (text == "" and value == "") or re.fullmatch(r"file:[^\x00-\x1f]{1,300}|env:[A-Za-z_]\w{0,99}", text):
        return text
    return Sentence(
        "这里不写密码，写密码在哪里：'file:icecast.txt'（文件）或 'env:ICECAST_PASSWORD'（环境变量）。",
        "not the password, but where it is kept: 'file:icecast.txt' (a file) or 'env:ICECAST_PASSWORD' "
        "(an environment variable).",
    )
