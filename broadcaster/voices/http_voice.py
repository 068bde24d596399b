"""A voice that is an OpenAI-style service, ``/v1/audio/speech``: on another machine of the village, or far away."""

from __future__ import annotations

import os
import struct
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from broadcaster.decoding import decode
from broadcaster.errors import SoundUnusable, VoiceFailed
from broadcaster.model.timetable import VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.ports import Phrase
from broadcaster.voices.checked import check_speech
from broadcaster.voices.kept_voice import VoiceUnfit, check_phrase
from broadcaster.voices.pace import Natural, words_alone
from broadcaster.voices.pinyin_text import printable
from broadcaster.voices.speech_service import Limits, refused, request_speech

if TYPE_CHECKING:
    from broadcaster.ports import Samples

RATE_HZ = 48_000
LONGEST_S = 180.0
RESTS_S = 60.0
"""After a failure nobody waits for the service again so soon: other voices speak meanwhile."""
SLOWEST, FASTEST = 0.25, 4.0
"""What the interface allows for ``speed``."""
_UNKNOWN_LENGTH = 0x7FFF_0000


class HttpVoice:
    """Voice through a service. It is given normalised hanzi."""

    def __init__(
        self,
        settings: VoiceSettings,
        *,
        home: Path,
        limits: Limits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._token = read_token(settings, home)
        self._limits = limits or Limits()
        self._monotonic = monotonic
        self._natural = Natural(self._at_speed)
        self._rests_until = float("-inf")
        self._last: VoiceFailed | None = None
        self.name = f"http:{urlsplit(settings.url).hostname}:{settings.voice or settings.model}"[:60]

    def speak(self, phrase: Phrase, rate: int) -> tuple[Samples, int]:
        """Samples and their rate in Hz. Raises VoiceFailed; for a minute after a failure at once."""
        check_phrase(phrase)
        if self._last is not None and self._monotonic() < self._rests_until:
            raise self._last
        try:
            speed = min(max(words_alone(rate) / self._natural.a_minute(), SLOWEST), FASTEST)
            samples, rate_hz = self._at_speed(phrase, round(speed, 3))
            check_speech(samples, rate_hz, len(phrase.syllables), speed * self._natural.a_minute())
        except VoiceFailed as error:
            self._last, self._rests_until = error, self._monotonic() + RESTS_S
            raise
        self._last = None
        return samples, rate_hz

    def close(self) -> None:
        pass

    def _at_speed(self, phrase: Phrase, speed: float) -> tuple[Samples, int]:
        settings = self._settings
        body: dict[str, object] = {
            "model": settings.model,
            "voice": settings.voice,
            "input": printable(phrase.spoken) + "。",
            "response_format": "wav",
            "speed": speed,
        }
        answer = request_speech(settings.url, body, self._token, self._limits)
        check_whole(answer)
        with tempfile.TemporaryFile() as file:
            file.write(answer)
            file.seek(0)
            try:
                return decode(file, "answer", RATE_HZ, longest_s=LONGEST_S), RATE_HZ
            except SoundUnusable as error:
                raise refused(
                    f"给的声音不能用：{error.sentence.zh[:-1]}", f"sent unusable sound: {error.sentence.en[:-1]}"
                ) from error


def read_token(settings: VoiceSettings, home: Path) -> str:
    """The service's password, from where the timetable says that it is; empty: none. Raises VoiceUnfit."""
    if settings.token_env:
        found = os.environ.get(settings.token_env, "").strip()
        if not found:
            raise VoiceUnfit(
                Sentence(
                    f"环境变量 {settings.token_env} 没有设，语音服务的口令应该在里面。",
                    f"the environment variable {settings.token_env} should hold the token of the speech service.",
                )
            )
    elif settings.token_file:
        try:
            found = (home / settings.token_file).read_text(encoding="utf-8")[:1000].strip()
        except (OSError, ValueError) as error:
            raise VoiceUnfit(
                Sentence(
                    f"读不了口令文件“{settings.token_file}”（{getattr(error, 'strerror', None) or error}）。",
                    f"the token file {settings.token_file!r} cannot be read "
                    f"({getattr(error, 'strerror', None) or error}).",
                )
            ) from error
    else:
        return ""
    if not found or not found.isascii() or not found.isprintable() or " " in found:
        raise VoiceUnfit(
            Sentence(
                "语音服务的口令不对，应该是一行英文字母和数字。",
                "the token of the speech service is no token: it should be one line of letters and digits.",
            )
        )
    return found


def check_whole(answer: bytes) -> None:
    """Raises VoiceFailed for a WAV that holds fewer bytes than it says. Streams do not say, and pass."""
    if answer[:4] != b"RIFF" or answer[8:12] != b"WAVE":
        return
    at = 12
    while at + 8 <= len(answer):
        name, size = struct.unpack_from("<4sI", answer, at)
        if name == b"data":
            if size < _UNKNOWN_LENGTH and at + 8 + size > len(answer):
                raise refused("的回答不完整", "sent an answer that is cut off")
            return
        at += 8 + size + size % 2
    raise refused("的回答不完整", "sent an answer that is cut off")
