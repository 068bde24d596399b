"""An order → one finished clip: texts are read, spoken phrase by phrase, joined with pauses and chimes, levelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

import numpy as np
import numpy.typing as npt

from broadcaster.errors import SoundUnusable, TextUnusable, VoiceFailed
from broadcaster.model.clip import ClipOrder, as_recording
from broadcaster.model.timetable import SoundSettings, VoiceSettings
from broadcaster.model.words import NOTHING_TO_SAY, Sentence
from broadcaster.ports import Phrase, Voice
from broadcaster.render.horns import SPEECH_LUFS, compressed, in_band
from broadcaster.render.length import pause_length
from broadcaster.render.loudness import Pcm, levelled, to_int16
from broadcaster.render.meter import MS, RATE_HZ, energies, floats, integrated_lufs, lufs_of, sample_peaks
from broadcaster.render.mix import Joiner
from broadcaster.render.phrases import Pause, PhraseBreak, phrases
from broadcaster.render.reading import read_text

Samples = npt.NDArray[np.float32]

LONGEST_CLIP = timedelta(hours=1)
BREATH_MS, BREATHS_APART_MS = 300, 5_000
"""A recording may go on after a silence of this length, and has such places at least so far apart."""
QUIET_IN_A_RECORDING_DB = -40.0


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
    remark: Sentence = NOTHING_TO_SAY


Voices = Sequence[tuple[VoiceSettings, Voice]]


def render(order: ClipOrder, *, voices: Voices, sounds: Sounds) -> Rendered:
    """All of *order* as one clip. Raises VoiceFailed, TextUnusable or SoundUnusable.

    The same order gives the same samples, as long as voice and sounds do.
    """
    order, chimeless = _without_unusable_chimes(order, sounds)
    speech, recordings, remark = _recorded_first([_Said.of(text, order) for text in order.texts], order, sounds)
    parts, voice = _spoken(speech, order, voices, recordings)
    joined = _joined(parts, order, sounds)
    parts.clear()  # half an hour of speech is 200 MB each time that it is held
    sound, sentence_starts = order.sound, tuple(joined.sentence_starts)
    level = levelled(joined.samples(), sound.loudness_lufs, sound.peak_dbtp)
    del joined
    if not np.any(level.samples):
        raise VoiceFailed(Sentence("合成出来没有声音。", "nothing was heard in what was rendered."))
    return Rendered(
        samples=level.samples.astype("<i2", copy=False).tobytes(),
        sentence_starts=sentence_starts,
        loudness_lufs=round(level.loudness_lufs, 2),
        true_peak_dbtp=round(level.true_peak_dbtp, 2),
        voice=voice,
        characters=sum(len(one.syllables) for said in speech for one in said.phrases),
        remark=remark if remark.zh else chimeless,
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """One text of the order: a recording to play, or phrases to speak; with both, those are spoken if need be."""

    phrases: tuple[PhraseBreak, ...] = ()
    recording: str = ""

    @classmethod
    def of(cls, text: str, order: ClipOrder) -> _Said:
        recording, text = as_recording(text)
        if recording and not text.strip():
            return cls(recording=recording)
        approved = next((reading for reading in order.readings if reading.text == text), None)
        return cls(phrases=phrases(approved or read_text(text, order.lexicon)), recording=recording)


Part = tuple[Pcm, Pause]
Parts = dict[str, list[list[Part]]]
"""Opening, texts, what is said between repeats, and closing: each several texts, each text several parts."""


def _without_unusable_chimes(order: ClipOrder, sounds: Sounds) -> tuple[ClipOrder, Sentence]:
    """Words are heard without their chime rather than not at all; an order of nothing but a chime needs it."""
    remark = NOTHING_TO_SAY
    if not order.texts:
        return order, remark
    for name in {order.chime, order.sound.closing_chime} - {""}:
        try:
            sounds.chime(name)
        except SoundUnusable as error:
            why = error.sentence
            remark = Sentence(f"没有响提示音：{why.zh}", f"no chime was heard: {why.en}")
            sound = replace(order.sound, closing_chime="") if order.sound.closing_chime == name else order.sound
            order = replace(order, chime="" if order.chime == name else order.chime, sound=sound)
    return order, remark


def _recorded_first(
    said: Sequence[_Said], order: ClipOrder, sounds: Sounds
) -> tuple[list[_Said], dict[str, list[Part]], Sentence]:
    """Each text as a recording or as phrases, the recordings' parts, and what is to be said of those left out."""
    speech, recordings, remark = [], dict[str, list[Part]](), NOTHING_TO_SAY
    for one in said:
        try:
            if one.recording and one.recording not in recordings:
                recordings[one.recording] = _recorded(one.recording, order, sounds)
        except SoundUnusable as error:
            if not one.phrases:
                raise
            why = error.sentence
            remark = Sentence(
                f"录音没有用上，改由合成的声音来念：{why.zh}", f"a voice spoke in place of a recording: {why.en}"
            )
            one = replace(one, recording="")
        speech.append(replace(one, phrases=()) if one.recording else one)
    return speech, recordings, remark


def _spoken(
    speech: Sequence[_Said], order: ClipOrder, voices: Voices, recordings: Mapping[str, list[Part]]
) -> tuple[Parts, str]:
    """Every text as its parts, equally loud, in the first voice that can speak all of them."""
    sound = order.sound
    said = {"opening": sound.opening, "repeat_phrase": sound.repeat_phrase if order.repeat > 1 else ""}
    said["closing"] = sound.closing
    wanted = {name: [_Said.of(text, order)] for name, text in said.items() if text and order.texts}
    wanted["texts"] = list(speech)
    if all(one.recording for group in wanted.values() for one in group):
        return {name: [recordings[one.recording] for one in group] for name, group in wanted.items()}, "recording"
    last: VoiceFailed | None = None
    for settings, voice in voices:
        try:
            spoken = {name: [_phrases(one, settings, voice, sound) for one in group] for name, group in wanted.items()}
        except VoiceFailed as error:
            last = error
            continue
        _level_speech(spoken, sound)
        for text, one in zip(spoken["texts"], speech, strict=True):
            text += recordings.get(one.recording, [])
        return spoken, voice.name
    raise last or VoiceFailed(Sentence("没有能用的声音。", "no voice works."))


def _phrases(said: _Said, settings: VoiceSettings, voice: Voice, sound: SoundSettings) -> list[Part]:
    rate = max(1, round(settings.rate * sound.pace / 100))
    parts: list[Part] = []
    for phrase in said.phrases:
        samples, rate_hz = voice.speak(Phrase(spoken=phrase.spoken, syllables=phrase.syllables), rate)
        shaped = in_band(samples, rate_hz, sound.low_hz, sound.high_hz)
        parts.append((to_int16(shaped * np.float32(0.5)), phrase.pause))
    return parts


def _level_speech(spoken: Parts, sound: SoundSettings) -> None:
    """All that one voice said, brought to one loudness and compressed; what it said softer stays a little softer."""
    gain = _gain_to_speech(_loudness_of(spoken))
    for text in (text for group in spoken.values() for text in group):
        for place, (samples, pause) in enumerate(text):
            text[place] = (to_int16(compressed(floats(samples) * gain, sound.compression)), pause)


def _loudness_of(parts: Parts) -> float:
    """Of all that is said, without the pauses; -inf for nothing."""
    each = [energies(samples) for group in parts.values() for text in group for samples, _ in text]
    return lufs_of(np.concatenate(each)) if each else float("-inf")


def _recorded(file: str, order: ClipOrder, sounds: Sounds) -> list[Part]:
    """A recording as loud as the speech beside it, cut where its speaker takes breath."""
    shaped = in_band(sounds.recording(file), RATE_HZ, order.sound.low_hz, order.sound.high_hz)
    even = to_int16(compressed(shaped * _gain_to_speech(integrated_lufs(shaped)), order.sound.compression))
    return [(even, Pause.PARAGRAPH)]


def _gain_to_speech(loudness: float) -> np.float32:
    return np.float32(10 ** ((SPEECH_LUFS - loudness) / 20) if np.isfinite(loudness) else 1.0)


def _joined(parts: Parts, order: ClipOrder, sounds: Sounds) -> Joiner:
    sound, joiner = order.sound, Joiner()
    loudness = _loudness_of(parts)
    _refuse_too_long(sum(len(samples) for text in parts["texts"] for samples, _ in text) * order.repeat)
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


def _refuse_too_long(frames: int) -> None:
    if frames > LONGEST_CLIP.total_seconds() * RATE_HZ:
        minutes, most = frames // RATE_HZ // 60, LONGEST_CLIP // timedelta(minutes=1)
        raise TextUnusable(
            Sentence(
                f"连重复一共要播 {minutes} 分钟，最多 {most} 分钟。请少念几遍，或者分成几段。",
                f"with its repeats this would last {minutes} minutes, at most {most} are allowed. "
                "Repeat it less often, or split it.",
            )
        )


def _as_loud(chime: Samples, loudness: float) -> Samples:
    """A chime as loud as the speech after it: a siren beside it must not push the words down."""
    own = integrated_lufs(chime)
    if not np.isfinite(own) or not np.isfinite(loudness):
        return chime
    return np.asarray(chime * np.float32(10 ** ((loudness - own) / 20)), dtype=np.float32)


def _say(texts: Sequence[Sequence[Part]], joiner: Joiner, sound: SoundSettings) -> None:
    begins = True
    for samples, pause in (part for text in texts for part in text):
        if begins:
            joiner.sentence()
        for place in _breaths(samples):
            joiner.sentence(place)
        joiner.speech(samples)
        joiner.pause(pause_length(pause, sound))
        begins = pause in (Pause.SENTENCE, Pause.PARAGRAPH)


def _breaths(samples: Pcm) -> list[int]:
    """Where a long recording may go on after an interruption: the ends of its own pauses."""
    if len(samples) < BREATHS_APART_MS * MS:
        return []
    peaks = sample_peaks(samples)
    loud = np.flatnonzero(peaks > np.max(peaks) * 10 ** (QUIET_IN_A_RECORDING_DB / 20))
    ends = loud[1:][np.diff(loud) > BREATH_MS]
    places: list[int] = []
    for end in ends:
        if end - (places[-1] if places else 0) >= BREATHS_APART_MS:
            places.append(int(end))
    return [place * MS - MS for place in places]
