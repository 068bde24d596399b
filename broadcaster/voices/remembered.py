"""A voice that says the same phrase the same way again: clips of one airing for different horns are equally long."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from broadcaster.ports import Phrase, Voice

if TYPE_CHECKING:
    from broadcaster.ports import Samples

MOST_SAMPLES = 8_000_000
"""Six minutes at 22,050 Hz, 32 MB."""


class RememberedVoice:
    """Voice over another. An engine may say a phrase a millisecond longer the second time; this one does not."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._said: OrderedDict[tuple[Phrase, int], tuple[Samples, int]] = OrderedDict()
        self._samples = 0

    @property
    def name(self) -> str:
        return self._voice.name

    def speak(self, phrase: Phrase, rate: int) -> tuple[Samples, int]:
        """As the voice beneath it says it, or as it said it lately. Raises VoiceFailed."""
        asked = (phrase, rate)
        if asked not in self._said:
            self._said[asked] = self._voice.speak(phrase, rate)
            self._samples += len(self._said[asked][0])
        self._said.move_to_end(asked)
        told = self._said[asked]
        while self._samples > MOST_SAMPLES:
            _, (oldest, _) = self._said.popitem(last=False)
            self._samples -= len(oldest)
        return told

    def close(self) -> None:
        self._said.clear()
        self._samples = 0
        self._voice.close()
