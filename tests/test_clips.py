"""The folder of clips: named by all that shaped them, whole or not there, and cleared of the oldest."""

import io
import json
import os
import subprocess
import sys
import wave
from dataclasses import replace
from datetime import timedelta

import pytest

from broadcaster.clips import HALF_WRITTEN_S, ClipStore, clip_key, wav_bytes
from broadcaster.errors import ClipDamaged, SoundUnusable
from broadcaster.model.clip import ClipOrder
from broadcaster.model.texts import Reading, Syllable
from broadcaster.model.timetable import SoundSettings, VoiceSettings
from broadcaster.model.words import Sentence

SAMPLES = bytes(range(1, 251)) * 96
ABOUT = {"sentence_starts": (0, 480), "loudness_lufs": -16.0, "true_peak_dbtp": -2.1, "voice": "tone", "characters": 4}
ORDER = ClipOrder(texts=("今天停水。",), voices=(VoiceSettings(),), sound=SoundSettings(), chime="rise")


@pytest.fixture
def store(tmp_path):
    return ClipStore(tmp_path / "clips")


@pytest.fixture
def audio(tmp_path):
    for folder in ("chimes", "recordings"):
        (tmp_path / "audio" / folder).mkdir(parents=True)
    (tmp_path / "audio" / "chimes" / "rise.wav").write_bytes(wav_bytes(SAMPLES))
    return tmp_path / "audio"


# --- the name ---------------------------------------------------------------------------------------------------

SAY_IT = Reading(text="今天停水。", spoken="今天停水", syllables=(Syllable("今", "jin1"),))
OTHER_ORDERS = {
    "text": replace(ORDER, texts=("明天停水。",)),
    "two texts": replace(ORDER, texts=("今天停水。", "今天停水。")),
    "voice": replace(ORDER, voices=(VoiceSettings(rate=150),)),
    "fallback": replace(ORDER, voices=(VoiceSettings(), VoiceSettings(engine="espeak-ng"))),
    "loudness": replace(ORDER, sound=SoundSettings(loudness_lufs=-17)),
    "pause": replace(ORDER, sound=SoundSettings(comma_pause=timedelta(milliseconds=501))),
    "band": replace(ORDER, sound=SoundSettings(low_hz=300)),
    "echo": replace(ORDER, sound=SoundSettings(echo=timedelta(milliseconds=1))),
    "repeat": replace(ORDER, repeat=2),
    "chime": replace(ORDER, chime="fall"),
    "lexicon": replace(ORDER, lexicon=(("停", "ting2"),)),
    "approved reading": replace(ORDER, readings=(SAY_IT,)),
}


def test_the_same_order_has_the_same_name(audio):
    assert clip_key(ORDER, audio) == clip_key(replace(ORDER), audio)
    assert len(clip_key(ORDER, audio)) == 32


@pytest.mark.parametrize("what", OTHER_ORDERS)
def test_whatever_shapes_the_sound_changes_the_name(audio, what):
    assert clip_key(OTHER_ORDERS[what], audio) != clip_key(ORDER, audio)


def test_another_chime_or_recording_under_the_same_name_is_another_clip(audio):
    order = replace(ORDER, texts=("recording:own.wav",), sound=SoundSettings(closing_chime="fall"))
    names = [clip_key(order, audio)]
    for file in ("recordings/own.wav", "chimes/fall.wav"):
        (audio / file).write_bytes(wav_bytes(SAMPLES))
        names.append(clip_key(order, audio))
    (audio / "chimes" / "rise.wav").write_bytes(wav_bytes(SAMPLES[:-2]))
    names.append(clip_key(order, audio))
    (audio / "chimes" / "rise.wav").unlink()
    names.append(clip_key(order, audio))

    assert len(set(names)) == 5


# --- keeping and finding ----------------------------------------------------------------------------------------


def test_what_was_put_is_found_whole(store):
    clip = store.put("a", SAMPLES, ABOUT)

    assert store.find("a") == clip
    store.check(clip)
    assert (clip.frames, clip.sentence_starts) == (12_000, (0, 480))
    with wave.open(str(store.path("a"))) as file:
        assert file.readframes(12_000) == SAMPLES


def test_a_clip_that_nobody_made_is_none(store):
    assert store.find("a") is None


@pytest.mark.parametrize("samples", [b"", b"\1\2", SAMPLES])
def test_the_file_is_one_that_every_player_reads(samples):
    with wave.open(io.BytesIO(wav_bytes(samples))) as file:
        shape = (file.getframerate(), file.getnchannels(), file.getsampwidth(), file.getnframes())
        assert shape == (48_000, 1, 2, len(samples) // 2)
        assert file.readframes(file.getnframes()) == samples


def test_deleting_the_folder_is_harmless(store):
    store.put("a", SAMPLES, ABOUT)
    for file in store.path("a").parent.iterdir():
        file.unlink()
    store.path("a").parent.rmdir()

    assert store.find("a") is None
    assert store.prune((), 0) == 0
    assert store.put("a", SAMPLES, ABOUT) == store.find("a")


DAMAGES = {
    "no sound": lambda folder: (folder / "a.wav").unlink(),
    "cut off": lambda folder: os.truncate(folder / "a.wav", 20_000),
    "cut off by one sample": lambda folder: os.truncate(folder / "a.wav", 44 + len(SAMPLES) - 2),
    "longer": lambda folder: (folder / "a.wav").write_bytes(wav_bytes(SAMPLES) + b"xx"),
    "empty": lambda folder: (folder / "a.wav").write_bytes(b""),
    "nothing known": lambda folder: (folder / "a.json").unlink(),
    "known no more": lambda folder: (folder / "a.json").write_bytes(b""),
    "zeros after a power cut": lambda folder: (folder / "a.json").write_bytes(bytes(200)),
    "another clip's": lambda folder: (folder / "a.json").write_text(json.dumps({"key": "b"})),
    "a list": lambda folder: (folder / "a.json").write_text("[1]"),
    "words for numbers": lambda folder: (folder / "a.json").write_text(
        (folder / "a.json").read_text().replace("12000", '"12000"')
    ),
    "a key more": lambda folder: (folder / "a.json").write_text(
        (folder / "a.json").read_text().replace("{", '{"colour": 1, ', 1)
    ),
    "not utf-8": lambda folder: (folder / "a.json").write_bytes(b"\xff\xfe{}"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_clip_is_not_found_and_can_be_made_anew(store, damage):
    store.put("a", SAMPLES, ABOUT)
    DAMAGES[damage](store.path("a").parent)

    assert store.find("a") is None
    assert store.put("a", SAMPLES, ABOUT) == store.find("a")


def flipped(path, place):
    data = bytearray(path.read_bytes())
    data[place] ^= 0x40
    path.write_bytes(data)


def test_one_wrong_sample_is_seen_before_it_airs(store):
    clip = store.put("a", SAMPLES, ABOUT)
    flipped(store.path("a"), 12_345)

    with pytest.raises(ClipDamaged) as caught:
        store.check(clip)

    assert caught.value.sentence == Sentence("声音文件 a 坏了", "clip a is damaged")


def test_another_rate_in_the_head_is_seen_before_it_airs(store):
    """Half the rate would be a man's voice at half speed for the whole village."""
    clip = store.put("a", SAMPLES, ABOUT)
    flipped(store.path("a"), 25)

    with pytest.raises(ClipDamaged):
        store.check(clip)


def test_a_clip_that_is_gone_says_why_it_cannot_be_read(store):
    clip = store.put("a", SAMPLES, ABOUT)
    store.path("a").unlink()

    with pytest.raises(ClipDamaged) as caught:
        store.check(clip)

    why = f"[Errno 2] No such file or directory: '{store.path('a')}'"
    assert caught.value.sentence == Sentence(f"声音文件读不了：{why}", f"the clip cannot be read: {why}")


def test_silence_is_no_clip(store):
    clip = store.put("a", bytes(9600), ABOUT)

    with pytest.raises(ClipDamaged):
        store.check(clip)


# --- power cuts and full disks ----------------------------------------------------------------------------------


def test_a_power_cut_between_sound_and_knowledge_leaves_a_clip_that_is_made_again(store):
    """The sound is written first: what is known of a clip never stands without it."""
    store.put("a", SAMPLES, ABOUT)
    known = json.loads((store.path("a").parent / "a.json").read_text())
    sound_at = store.path("a").stat().st_mtime_ns
    known_at = (store.path("a").parent / "a.json").stat().st_mtime_ns

    assert sound_at <= known_at
    assert known["frames"] == 12_000
    (store.path("a").parent / "a.json").unlink()
    assert store.find("a") is None


TOO_MUCH = """
import resource, signal, sys
from pathlib import Path
from broadcaster.clips import ClipStore
from broadcaster.errors import SoundUnusable
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
store = ClipStore(Path(sys.argv[1]))
about = {"sentence_starts": (0,), "loudness_lufs": -16, "true_peak_dbtp": -2, "voice": "tone"}
try:
    store.put("big", bytes(20_000), about)
except SoundUnusable as error:
    print(error.sentence.zh)
    print(error.sentence.en)
"""


@pytest.mark.real
@pytest.mark.slow
def test_a_disk_that_takes_no_more_is_said_and_leaves_nothing_half_written(store):
    store.put("old", SAMPLES, ABOUT)
    folder = store.path("old").parent

    done = subprocess.run([sys.executable, "-c", TOO_MUCH, str(folder)], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == [
        "合成好的声音存不下：File too large。请清理磁盘，旧的节目不受影响。",
        "rendered sound cannot be kept: File too large. Free some disk; older clips are untouched.",
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["old.json", "old.wav"]


@pytest.mark.real
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_said_and_older_clips_stay(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        store = ClipStore(disk / "clips")
        old = store.put("old", SAMPLES, ABOUT)

        with pytest.raises(SoundUnusable) as caught:
            store.put("new", SAMPLES * 3, ABOUT)

        assert caught.value.sentence.en == (
            "rendered sound cannot be kept: No space left on device. Free some disk; older clips are untouched."
        )
        assert store.find("new") is None
        store.check(old)
        assert len(list((disk / "clips").iterdir())) == 2
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "clips").write_text("a file")

    with pytest.raises(SoundUnusable) as caught:
        ClipStore(tmp_path / "clips").put("a", SAMPLES, ABOUT)

    assert caught.value.sentence.zh == "合成好的声音存不下：File exists。请清理磁盘，旧的节目不受影响。"


# --- clearing away ----------------------------------------------------------------------------------------------

SIZE = len(SAMPLES) + 44


def filled(store, *keys):
    """Clips, the oldest first."""
    for age, key in enumerate(reversed(keys)):
        store.put(key, SAMPLES, ABOUT)
        os.utime(store.path(key), (1000 - age, 1000 - age))


def test_the_oldest_clips_go_first(store):
    filled(store, "a", "b", "c", "d")

    assert store.prune((), 2 * SIZE) == 2
    assert [key for key in "abcd" if store.find(key)] == ["c", "d"]
    assert sorted(path.name for path in store.path("a").parent.iterdir()) == ["c.json", "c.wav", "d.json", "d.wav"]


def test_what_is_wanted_stays_however_old(store):
    filled(store, "a", "b", "c", "d")

    assert store.prune({"a", "b"}, SIZE) == 1
    assert [key for key in "abcd" if store.find(key)] == ["a", "b", "d"]


def test_nothing_goes_while_there_is_room(store):
    filled(store, "a", "b")

    assert store.prune((), 2 * SIZE) == 0


def test_what_a_power_cut_left_half_written_goes_after_an_hour(store):
    filled(store, "a")
    half = store.path("a").parent / ".b.wav.x1.tmp"
    half.write_bytes(b"half")
    written = half.stat().st_mtime

    store.prune((), SIZE, now=written + HALF_WRITTEN_S - 1)
    assert half.exists()
    store.prune((), SIZE, now=written + HALF_WRITTEN_S + 1)
    assert not half.exists()
    assert store.find("a") is not None
