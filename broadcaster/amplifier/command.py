"""Switches an amplifier by a command of the owner's own: a list of words, never a line for a shell."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress

from broadcaster.errors import SwitchFailed
from broadcaster.model.words import Sentence

LIMIT_S = 5.0
"""A command that takes longer is killed, with all that it started."""


class CommandSwitch:
    def __init__(self, on: tuple[str, ...], off: tuple[str, ...], limit_s: float = LIMIT_S) -> None:
        self._on = on
        self._off = off
        self._limit_s = limit_s

    def turn(self, is_on: bool) -> None:
        words = self._on if is_on else self._off
        try:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise SwitchFailed(
                Sentence(f"命令 {words[0]} 运行不了：{error}", f"the command {words[0]} cannot be run: {error}")
            ) from error
        try:
            code = process.wait(self._limit_s)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise SwitchFailed(
                Sentence(
                    f"命令 {words[0]} 超过 {self._limit_s:g} 秒没有结束，已经停掉",
                    f"the command {words[0]} did not end within {self._limit_s:g} s and was killed",
                )
            ) from None
        if code != 0:
            raise SwitchFailed(
                Sentence(f"命令 {words[0]} 没有成功，返回 {code}", f"the command {words[0]} failed with code {code}")
            )

    def close(self) -> None:
        pass
