"""The shipped chimes: exactly what the code makes, at the loudness of speech, and fit for horns."""

import shutil
import wave
from pathlib import Path

import numpy as np
import pytest

from broadcaster.render.chimes import CEILING_DBTP, CHIMES, LOUDNESS_LUFS, chime, write
from tests.render.signals import RATE_HZ, measured_by_ffmpeg

AUDIO = Path(__file__).parents[2] / "audio"
FOLDER = AUDIO / "chimes"
SHIPPED = sorted([*FOLDER.glob("*.wav"), *(AUDIO / "emergency").glob("*.wav")])
each_chime = pytest.mark.parametrize("name", CHIMES)


def samples(path):
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE_HZ, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def share_between(pcm, low_hz, high_hz):
    power = np.abs(np.fft.rfft(pcm.astype(float))) ** 2
    pitch = np.fft.rfftfreq(len(pcm), 1 / RATE_HZ)
    return np.sum(power[(pitch >= low_hz) & (pitch <= high_hz)]) / np.sum(power)


def test_every_chime_is_shipped_and_no_other_sound():
    assert sorted(path.stem for path in FOLDER.glob("*.wav")) == sorted(CHIMES)


@each_chime
def test_the_file_is_what_the_code_makes(name):
    """But for the last bit: sines differ in it from one machine to another."""
    made, shipped = chime(name).astype(int), samples(FOLDER / f"{name}.wav").astype(int)

    assert len(made) == len(shipped)
    assert np.max(np.abs(made - shipped)) <= 1


def test_writing_gives_files_that_can_be_played(tmp_path):
    write(tmp_path / "new")

    assert {path.name for path in (tmp_path / "new").iterdir()} == {f"{name}.wav" for name in CHIMES}
    assert np.array_equal(samples(tmp_path / "new" / "rise.wav"), chime("rise"))


@each_chime
def test_nearly_all_of_it_is_what_a_horn_carries(name):
    assert share_between(chime(name), 250, 6000) > 0.99


@each_chime
def test_it_begins_and_ends_without_a_click(name):
    pcm = chime(name).astype(float) / 32768

    assert np.max(np.abs(pcm[:10])) < 0.05 and np.max(np.abs(pcm[-10:])) < 0.01
    assert np.max(np.abs(np.diff(pcm, n=2))) < 0.15


@each_chime
def test_it_is_short_enough_to_stand_before_every_airing(name):
    assert 1 <= len(chime(name)) / RATE_HZ <= 6


def test_the_siren_sweeps_through_the_band_of_danger_signals():
    """ISO 7731: between 500 and 1,500 Hz, and sweeping up to five times a second."""
    pcm = chime("siren").astype(float)
    frames = pcm[: len(pcm) // 2400 * 2400].reshape(-1, 2400) * np.hanning(2400)
    pitch = np.argmax(np.abs(np.fft.rfft(frames))[:, :100], axis=1) * RATE_HZ / 2400

    assert 480 <= pitch.min() <= 560 and 1440 <= pitch.max() <= 1520
    turns = np.count_nonzero(np.diff(np.sign(pitch - 1000)) != 0)
    assert 4 <= turns <= 12, "up and down three times in six seconds"


def test_warnings_grow_more_urgent_and_the_end_is_one_calm_tone():
    def pulses(name):
        pcm = np.abs(chime(name).astype(float))
        loud = np.convolve(pcm, np.ones(480) / 480, "same") > np.max(pcm) / 20
        return np.count_nonzero(np.diff(loud.astype(int)) == 1)

    assert 1 <= pulses("allclear") + 1 <= 2
    assert pulses("warning-1") < pulses("warning-2") < pulses("warning-3")


def test_all_of_it_together_stays_small():
    assert sum(path.stat().st_size for path in SHIPPED) < 8_000_000


@pytest.mark.real
@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_shipped_sound_is_as_loud_as_speech(path):
    loudness, peak = measured_by_ffmpeg(samples(path))

    assert loudness == pytest.approx(LOUDNESS_LUFS, abs=0.5)
    assert peak <= CEILING_DBTP
