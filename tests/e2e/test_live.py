"""A person speaks through the real command, the real door and a real sound card; and what happens around that."""

import os
import signal
import subprocess

import numpy as np
import pytest

from broadcaster.clips import wav_bytes
from broadcaster.model.words import Fate
from tests import pulse
from tests.e2e.house import DALABA, once_more_where_samples_were_dropped, read_wav
from tests.pulse import RATE_HZ, first_sound, tone

pytestmark = [pulse.needed, pytest.mark.real, pytest.mark.slow, pytest.mark.timed, pytest.mark.timeout(300)]
HZ = 2750
"""Far above every chime, siren and voice."""
SECONDS = 40
ROUNDED = 2e-4
"""Three roundings to 16 bit; a sample that is missing is a thousand times as much."""


def is_heard(samples):
    """Whether the tone of whoever speaks is the loudest thing in the last fifth of a second."""
    last = samples[-RATE_HZ // 5 :]
    if len(last) < RATE_HZ // 5 or np.max(np.abs(last)) < 0.1:
        return False
    spectrum = np.abs(np.fft.rfft(last * np.hanning(len(last))))
    return abs(np.argmax(spectrum) * RATE_HZ / len(last) - HZ) < 10


class Speaker:
    """``dalaba live`` with a microphone that says one tone for a long time."""

    def __init__(self, house, env, folder):
        source = folder / "microphone.raw"
        source.write_bytes(np.round(tone(HZ, SECONDS, 0.3) * 32767).astype("<i2").tobytes())
        words = ["live", "--raw", str(source), "--reason", "找人", "--who", "王", "--home", house.home.root]
        self.process = subprocess.Popen(
            [DALABA, *words], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def entry(self, house):
        def found():
            rows = [entry for id_, entry in house.log().items() if id_.startswith("live@")]
            return rows and rows[-1].fate.is_final and rows[-1]

        return house.wait(found, "the speech has a fate")

    def close(self):
        self.process.kill()
        return self.process.communicate(timeout=30)


@pytest.fixture
def speaker(server, tmp_path):
    started = []

    def start(house):
        started.append(Speaker(house, server.env, tmp_path))
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_speech_cuts_in_and_a_speaker_that_is_killed_gives_the_air_back(found, village, speaker):
    house = found().start()
    airing = house.play("script:study/long")
    house.wait(lambda: house.log()[airing].fate is Fate.ON_AIR, "the routine sounds")
    before = len(village.samples())
    one = speaker(house)
    village.wait_for(lambda samples: is_heard(samples), since=before)
    village.wait_for(lambda samples: len(samples) > RATE_HZ, since=len(village.samples()))
    both = ["live", "now-long"]
    house.wait(lambda: [row["airing"].partition("@")[0] for row in house.status()["on_air"]] == both, "both are known")
    one.close()

    entry = one.entry(house)
    assert (entry.fate, entry.reason.zh, entry.who) == (Fate.INTERRUPTED, "话筒那头断了", "王")
    routine = house.fate(airing)
    assert routine.fate is Fate.AIRED
    assert f"被 {entry.airing} 打断过" in routine.reason.zh
    kept = list(house.home.live.glob(f"*_{entry.clip}.wav"))
    assert len(kept) == 1
    assert kept[0].stat().st_size > RATE_HZ


def test_an_emergency_cuts_in_at_once_and_tells_the_speaker(found, village, speaker):
    house = found().start()
    before = len(village.samples())
    one = speaker(house)
    village.wait_for(lambda samples: is_heard(samples), since=before)
    emergency = house.emergency("script:flood")
    entry = one.entry(house)
    out, err = one.process.communicate(timeout=30)
    house.stop()

    assert (entry.fate, entry.reason.zh) == (Fate.INTERRUPTED, f"被 {emergency} 打断，没有再播")
    assert one.process.returncode == 1
    assert "喇叭开了，请讲。" in out
    assert f"interrupted by {emergency} and not resumed" in err


def recorded(house, entry):
    """What the recording of a broadcast holds, whole or as far as its head says."""
    [kept] = house.home.live.glob(f"*_{entry.clip}.wav")
    return read_wav(kept)


def is_one_stretch(samples):
    """Whether it is the tone of whoever spoke without a missing sample: each sample follows from the two before it."""
    follows = 2 * np.cos(2 * np.pi * HZ / RATE_HZ) * samples[1:-1] - samples[:-2]
    return float(np.max(np.abs(samples[2:] - follows), initial=0.0)) < ROUNDED


def rows_of_speech(house):
    return [id_ for id_ in house.log() if id_.startswith("live@")]


def test_a_deck_that_is_killed_ends_the_speech_there_and_the_others_and_the_recording_go_on(found, village, speaker):
    output = 'kind = "soundcard"\ndevice = "pulse"\n[output.copy]\nkind = "tape"'
    house = found(output=output, others=("copy",)).start()
    before = len(village.samples())
    one = speaker(house)
    village.wait_for(is_heard, since=before)

    os.kill(house.deck_pid("main"), signal.SIGKILL)

    house.wait(lambda: house.status()["on_air"][0]["outputs"] == ["copy"], "it goes on where its deck lives")
    [tape] = (house.home.var / "tape").glob("*live@*.wav")
    so_far = len(read_wav(tape))
    house.wait(lambda: len(read_wav(tape)) > so_far + RATE_HZ and is_heard(read_wav(tape)), "the other one hears it")
    assert house.stop() == rows_of_speech(house)
    entry = one.entry(house)
    spoken = recorded(house, entry)

    assert (entry.fate, rows_of_speech(house)) == (Fate.INTERRUPTED, [entry.airing])
    assert "输出 main：播放进程没有了，正在重新启动" in entry.reason.zh
    assert is_one_stretch(spoken)
    assert len(spoken) > so_far
    after = len(village.samples())
    village.wait_for(lambda samples: len(samples) > RATE_HZ, since=after)
    assert first_sound(village.samples(after)) is None  # a deck that is back does not begin it anew


def test_a_station_that_is_killed_ends_the_speech_keeps_its_recording_and_never_goes_on(found, village, speaker):
    house = found().start()
    before = len(village.samples())
    one = speaker(house)
    village.wait_for(is_heard, since=before)
    house.wait(lambda: any(one.stat().st_size > 2 * RATE_HZ for one in house.home.live.glob("*.wav")), "some is kept")

    house.kill()
    _, err = one.process.communicate(timeout=30)
    after = len(village.samples())
    village.wait_for(lambda samples: len(samples) > 2 * RATE_HZ, since=after)
    assert first_sound(village.samples(after + RATE_HZ)) is None
    house.start()
    entry = one.entry(house)

    assert one.process.returncode == 1
    assert err.strip()
    assert (entry.fate, rows_of_speech(house)) == (Fate.INTERRUPTED, [entry.airing])
    assert entry.reason.zh == "站中断，讲话到此为止"
    spoken = recorded(house, entry)
    assert len(spoken) >= RATE_HZ
    assert is_one_stretch(spoken)
    after = len(village.samples())
    village.wait_for(lambda samples: len(samples) > RATE_HZ, since=after)
    assert first_sound(village.samples(after)) is None


@once_more_where_samples_were_dropped
def test_begin_and_end_are_heard_without_a_click(found, village, tmp_path):
    house = found().start()
    before = len(village.samples())
    source = tmp_path / "short.wav"
    spoken = np.round(tone(100, 1.0, 0.3) * 32767).astype("<i2")
    source.write_bytes(wav_bytes(spoken.tobytes()))
    said = house.run("live", str(source), "--reason", "试一试")
    village.wait_for(lambda samples: first_sound(samples[-RATE_HZ // 4 :]) is None, since=before)  # to its last sample
    heard = village.samples(before)

    assert "讲完了，1 秒" in said
    loud = np.flatnonzero(np.abs(heard) > 0.003)
    assert (loud[-1] - loud[0]) / RATE_HZ == pytest.approx(1.0, abs=0.05)
    assert np.max(np.abs(np.diff(heard))) < 0.02
