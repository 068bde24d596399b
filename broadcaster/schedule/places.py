"""Where something is: a file below the home folder, a service's address, a variable → a value, or what is wrong."""

from __future__ import annotations

import re

from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import shown
from broadcaster.schedule.values import words

_ADDRESS = re.compile(
    r"https?://(?P<user>[^/@\s]*@)?(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?(?:[/?][!-~]*)?"
)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


def below_home(value: object) -> str | Sentence:
    """A path below the home folder, with ``/``; empty stays empty."""
    text = words(200)(value)
    if isinstance(text, Sentence) or not text:
        return text
    parts = text.split("/")
    if "\\" in text or ":" in text or any(part in ("", ".", "..", "~") for part in parts):
        return Sentence(
            f"{shown(value)} 不行。请写站的文件夹里面的位置，用 /，不写 ..，例如 'voices/huayan.onnx'。",
            f"{shown(value)} will not do. Write a place inside the station's folder, with / and without .., "
            "for example 'voices/huayan.onnx'.",
        )
    return text


def service(value: object) -> str | Sentence:
    """The address of a service; empty stays empty. No password is in it."""
    text = words(300)(value)
    if isinstance(text, Sentence) or not text:
        return text
    place = _ADDRESS.fullmatch(text)
    if place is None or not 0 < int(place["port"] or 80) < 65536:
        return Sentence(
            f"{shown(value)} 不是网址。请写全，例如 'http://192.168.1.20:8880/v1/audio/speech'。",
            f"{shown(value)} is no address. Write all of it, for example 'http://192.168.1.20:8880/v1/audio/speech'.",
        )
    if place["user"] is not None:
        return Sentence(
            "网址里不能写用户名和密码。请去掉 @ 前面的，口令放进 token_env 或 token_file。",
            "an address may hold no user and no password. Take out what is before the @, and use token_env "
            "or token_file.",
        )
    return text


def variable(value: object) -> str | Sentence:
    """The name of an environment variable; empty stays empty."""
    text = words(1000)(value)
    if isinstance(text, Sentence) or not text or _VARIABLE.fullmatch(text):
        return text
    # What was written here may be the password itself, so it is not shown again.
    return Sentence(
        "这里要写环境变量的名字，不是口令本身。只用字母、数字和 _，例如 'SPEECH_TOKEN'。",
        "this must be the name of an environment variable, not the token itself. Use letters, digits and _ only, "
        "for example 'SPEECH_TOKEN'.",
    )
