"""ToneVoice: a small real voice in which each character is a pitch, so that a test can hear what was said."""

from __future__ import annotations

import numpy as np

from broadcaster.model.texts import Syllable
from broadcaster.ports import Phrase
from broadcaster.render.phrases import phrases
from broadcaster.render.reading import read_text
from broadcaster.voices.kept_voice import check_phrase
from broadcaster.voices.pace import words_alone

RATE_HZ = 16_000
LOWEST_HZ, STEP_HZ = 400.0, 40.0
GAP_S = 0.02
QUIET = 0.01


class ToneVoice:
    """Knows at most a hundred different characters; tones of one character each, a short gap between them."""

    name = "tone"

    def __init__(self, *, failure=None):
        self.failure = failure
        self.said = []
        self._known = []

    def speak(self, phrase, rate):
        check_phrase(phrase)
        if self.failure is not None:
            raise self.failure
        self.said.append(phrase.spoken)
        length_s = 60 / words_alone(rate)
        return np.concatenate([self._tone(one.char, length_s) for one in phrase.syllables]), RATE_HZ

    def close(self):
        pass

    def heard(self, samples, rate_hz=RATE_HZ):
        """The characters in *samples*, in order; what is no tone of this voice is ``?``."""
        loud = np.abs(samples) > QUIET
        near = np.convolve(loud, np.ones(int(rate_hz * GAP_S / 2)), "same") > 0.5
        edges = np.flatnonzero(np.diff(np.concatenate([[0], near.astype(np.int8), [0]])))
        return "".join(self._char(samples[a:b], rate_hz) for a, b in zip(edges[::2], edges[1::2], strict=True))

    def _tone(self, char, length_s):
        if char not in self._known:
            self._known.append(char)
        pitch = LOWEST_HZ + STEP_HZ * self._known.index(char)
        frames = int((length_s - GAP_S) * RATE_HZ)
        tone = 0.3 * np.sin(2 * np.pi * pitch * np.arange(frames) / RATE_HZ)
        return np.concatenate([tone, np.zeros(int(GAP_S * RATE_HZ))]).astype(np.float32)

    def _char(self, samples, rate_hz):
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 2 * rate_hz))
        place = round((np.argmax(spectrum) / 2 - LOWEST_HZ) / STEP_HZ)
        return self._known[place] if 0 <= place < len(self._known) else "?"


def phrase(text):
    """One phrase as the pipeline would make it."""
    (only,) = phrases(read_text(text))
    return Phrase(spoken=only.spoken, syllables=only.syllables)


def phrase_of(count):
    """A phrase of so many characters."""
    return Phrase(spoken="好" * count, syllables=(Syllable("好", "hao3"),) * count)
