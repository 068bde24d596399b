"""Reads a password from where it is kept: ``file:PATH`` or ``env:NAME``. The timetable never holds the word itself."""

from __future__ import annotations

import os
from pathlib import Path

from broadcaster.errors import SecretMissing
from broadcaster.model.words import Sentence


def read_secret(where: str, home: Path) -> str:
    """The password; empty when *where* is. A path is counted from *home*, the station's. Raises SecretMissing."""
    kind, _, name = where.partition(":")
    if kind == "env":
        if (word := os.environ.get(name)) is not None:
            return word
        raise SecretMissing(
            Sentence(f"没有环境变量 {name}，不知道密码", f"there is no environment variable {name} with the password")
        )
    if kind == "file":
        try:
            return (home / name).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise SecretMissing(
                Sentence(f"密码文件 {name} 读不了：{error}", f"the password file {name} cannot be read: {error}")
            ) from error
    return ""
