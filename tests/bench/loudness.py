"""Loudness and true peak of every shipped clip as ffmpeg measures them, near and far."""

from tests.bench.table import Row, Table
from tests.measure.loudness import loudness


def measure(*, is_quick):
    sounds = loudness(3 if is_quick else None).sounds
    wrong = [sound.name for sound in sounds if not sound.is_right]
    off = Row("away from the target, LU", tuple(abs(sound.off_lu) for sound in sounds))
    peak = Row("true peak beyond the ceiling, dB", tuple(sound.true_peak_dbtp - sound.ceiling_dbtp for sound in sounds))
    yield Table(
        f"Loudness of {len(sounds)} sounds, {len(wrong)} of them wrong {wrong[:5] or ''}", "LU, dB", (off, peak)
    )
