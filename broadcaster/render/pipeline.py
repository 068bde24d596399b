"""An order → one finished clip: texts are read, spoken phrase by phrase, joined with pauses and chimes, levelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from broadcaster.errors import VoiceFailed
from broadcaster.model.clip import ClipOrder
from broadcaster.model.timetable import SoundSettings, VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.ports import Phrase, Voice
from broadcaster.render.loudness import integrated_lufs, levelled, true_peak_dbtp
from broadcaster.render.mix import Joiner, shaped, to_int16
from broadcaster.render.reading import Pause, PhraseBreak, phrases, read_text

Samples = npt.NDArray[np.float32]

RECORDING = "recording:"


class Sounds(Protocol):
    """Sounds on the disk, at 48 kHz."""

    def chime(self, name: str) -> Samples:
        """Raises SoundUnusable."""

    def recording(self, file: str) -> Samples:
        """Trimmed. Raises SoundUnusable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A clip before it is kept."""

    samples: bytes
    """48 kHz, mono, 16 bit little-endian."""
    sentence_starts: tuple[int, ...]
    loudness_lufs: float
    true_peak_dbtp: float
    voice: str
    characters: int


Voices = Sequence[tuple[VoiceSettings, Voice]]


def render(order: ClipOrder, *, voices: Voices, sounds: Sounds) -> Rendered:
    """All of *order* as one clip. Raises VoiceFailed, TextUnusable or SoundUnusable."""
    speech = [_Said.of(text, order) for text in order.texts]
    parts, voice = _spoken(speech, order, voices, sounds)
    joined = _joined(parts, order, sounds)
    sound = order.sound
    level = levelled(joined.samples(), sound.loudness_lufs, sound.peak_dbtp)
    if not np.any(level):
        raise VoiceFailed(Sentence("合成出来没有声音。", "nothing was heard in what was rendered."))
    return Rendered(
        samples=to_int16(level),
        sentence_starts=tuple(joined.sentence_starts),
        loudness_lufs=round(integrated_lufs(level), 2),
        true_peak_dbtp=round(true_peak_dbtp(level), 2),
        voice=voice,
        characters=sum(len(one.syllables) for said in speech for one in said.phrases),
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """One text of the order: phrases to speak, or a recording to play."""

    phrases: tuple[PhraseBreak, ...] = ()
    recording: str = ""

    @classmethod
    def of(cls, text: str, order: ClipOrder) -> _Said:
        if text.startswith(RECORDING):
            return cls(recording=text.removeprefix(RECORDING))
        approved = next((reading for reading in order.readings if reading.text == text), None)
        return cls(phrases=phrases(approved or read_text(text, order.lexicon)))


Part = tuple[Samples, Pause]


def _spoken(
    speech: Sequence[_Said], order: ClipOrder, voices: Voices, sounds: Sounds
) -> tuple[dict[str, list[list[Part]]], str]:
    """Every text as its parts, in the first voice that can speak all of them."""
    extra = {name: getattr(order.sound, name) for name in ("opening", "repeat_phrase", "closing")}
    wanted = {
        name: [_Said.of(text, order)]
        for name, text in extra.items()
        if text and order.texts and (name != "repeat_phrase" or order.repeat > 1)
    }
    wanted["texts"] = list(speech)
    if all(said.recording for group in wanted.values() for said in group):
        return {name: [_parts(said, None, sounds) for said in group] for name, group in wanted.items()}, "recording"
    last: VoiceFailed | None = None
    for settings, voice in voices:
        speaker = _speaker(voice, settings.rate)
        try:
            done = {name: [_parts(said, speaker, sounds) for said in group] for name, group in wanted.items()}
        except VoiceFailed as error:
            last = error
            continue
        return done, voice.name
    raise last or VoiceFailed(Sentence("没有能用的声音。", "no voice works."))


Speaker = Callable[[PhraseBreak], Samples]


def _speaker(voice: Voice, rate: int) -> Speaker:
    def speak(phrase: PhraseBreak) -> Samples:
        samples, rate_hz = voice.speak(Phrase(spoken=phrase.spoken, syllables=phrase.syllables), rate)
        return shaped(samples, rate_hz)

    return speak


def _parts(said: _Said, speaker: Speaker | None, sounds: Sounds) -> list[Part]:
    if said.recording or speaker is None:
        return [(sounds.recording(said.recording), Pause.PARAGRAPH)] if said.recording else []
    return [(speaker(phrase), phrase.pause) for phrase in said.phrases if phrase.syllables]


def _joined(parts: dict[str, list[list[Part]]], order: ClipOrder, sounds: Sounds) -> Joiner:
    sound, joiner = order.sound, Joiner()
    speech = [samples for texts in parts.values() for text in texts for samples, _ in text]
    loudness = integrated_lufs(np.concatenate(speech)) if speech else float("-inf")
    joiner.pause(sound.lead_in)
    if order.chime:
        joiner.sound(_as_loud(sounds.chime(order.chime), loudness))
        joiner.pause(sound.comma_pause)
    _say(parts.get("opening", []), joiner, sound)
    for turn in range(order.repeat if order.texts else 0):
        if turn:
            joiner.pause(sound.repeat_pause)
            _say(parts.get("repeat_phrase", []), joiner, sound)
        _say(parts["texts"], joiner, sound)
    _say(parts.get("closing", []), joiner, sound)
    if sound.closing_chime:
        joiner.sound(_as_loud(sounds.chime(sound.closing_chime), loudness))
    joiner.pause(sound.tail)
    return joiner


def _as_loud(chime: Samples, loudness: float) -> Samples:
    """A chime as loud as the speech after it: a siren beside it must not push the words down."""
    own = integrated_lufs(chime)
    if not np.isfinite(own) or not np.isfinite(loudness):
        return chime
    return np.asarray(chime * np.float32(10 ** ((loudness - own) / 20)), dtype=np.float32)


def _say(texts: Sequence[Sequence[Part]], joiner: Joiner, sound: SoundSettings) -> None:
    pauses = {
        Pause.NONE: sound.comma_pause / 4,
        Pause.COMMA: sound.comma_pause,
        Pause.SENTENCE: sound.sentence_pause,
        Pause.PARAGRAPH: sound.sentence_pause * 1.5,
    }
    begins = True
    for samples, pause in (part for text in texts for part in text):
        if begins:
            joiner.sentence()
        joiner.speech(samples)
        joiner.pause(pauses[pause])
        begins = pause in (Pause.SENTENCE, Pause.PARAGRAPH)
