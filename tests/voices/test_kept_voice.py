"""Workers that hang, die or deliver bad files: replaced, and the text tried again.

pyttsx3 by itself lost 3 of 2,000 sentences without a word, and a full disk made it wait for ever.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from broadcaster.errors import VoiceFailed
from broadcaster.voices import kept_voice
from broadcaster.voices.checked import spoken_s
from broadcaster.voices.kept_voice import KeptVoice, VoiceUnfit
from broadcaster.voices.pyttsx3_voice import Pyttsx3Engine, Pyttsx3Voice
from tests.fakes_voice import phrase, phrase_of
from tests.voices.contract import SENTENCE

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"),
]


class StandIn(Pyttsx3Engine):
    """The engine of pyttsx3 with another program for a worker, and little patience."""

    starts_within_s = 5.0

    def __init__(self, folder, wrong, times):
        super().__init__()
        self._program = (sys.executable, "-m", "tests.voices.stand_in_worker", str(folder), wrong, str(times))

    def command(self, rate, folder):
        return self._program


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """``stand_in(wrong, times)`` → a voice whose worker goes wrong so often."""
    voices = []
    monkeypatch.setattr(kept_voice, "LEAST_WAIT_S", 1.0)

    def make(wrong, times):
        voice = KeptVoice(StandIn(tmp_path, wrong, times), folder=tmp_path)
        voices.append(voice)
        return voice

    yield make
    for voice in voices:
        voice.close()


@pytest.fixture(scope="module")
def kept():
    voice = Pyttsx3Voice()
    yield voice
    voice.close()


WRONG = [
    "dies",
    "talks nonsense",
    "complains",
    "writes nothing",
    "writes an empty file",
    "writes only a header",
    "writes a short file",
    "writes half a file",
    "writes silence",
    "writes a word and silence",
    "writes a minute",
    "writes two channels",
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_worker_that_goes_wrong_is_replaced_and_the_text_tried_again(stand_in, wrong):
    voice = stand_in(wrong, 1)

    heard = spoken_s(*voice.speak(phrase(SENTENCE), 165))

    assert 2 < heard < 4
    assert voice.starts == 2


@pytest.mark.slow
@pytest.mark.parametrize("wrong", ["hangs", "stops", "mute"])
def test_a_worker_that_hangs_is_replaced_and_the_text_tried_again(stand_in, wrong, monkeypatch):
    monkeypatch.setattr(StandIn, "starts_within_s", 2.0)
    voice = stand_in(wrong, 1)

    heard = spoken_s(*voice.speak(phrase(SENTENCE), 165))

    assert 2 < heard < 4
    assert voice.starts == 2


TOLD = {
    "dies": ("语音进程中途退出", "the process of the voice ended"),
    "complains": ("引擎糊涂了", "the engine is confused"),
    "writes an empty file": ("没有写出声音文件", "no sound was written ()"),
    "writes half a file": ("声音文件不完整", "the sound is not whole"),
    "writes silence": ("合成出来没有声音", "the sound is silent"),
    "writes a short file": ("9 个字念了 0.13 秒，不对", "9 characters took 0.13 s, which cannot be"),
    "writes a word and silence": ("9 个字念了 0.27 秒，不对", "9 characters took 0.27 s, which cannot be"),
}


@pytest.mark.parametrize("wrong", TOLD)
def test_after_three_tries_it_says_what_is_wrong(stand_in, wrong):
    voice = stand_in(wrong, 3)

    with pytest.raises(VoiceFailed) as failed:
        voice.speak(phrase(SENTENCE), 165)

    zh, en = TOLD[wrong]
    assert failed.value.sentence.zh == f"语音合成出错：{zh}。"
    assert failed.value.sentence.en == f"a voice failed: {en}."
    assert voice.starts == 3
    assert spoken_s(*voice.speak(phrase(SENTENCE), 165)) > 2


def test_a_voice_that_is_unfit_is_not_tried_three_times(stand_in):
    voice = stand_in("unfit", 9)

    with pytest.raises(VoiceUnfit) as unfit:
        voice.speak(phrase(SENTENCE), 165)

    assert unfit.value.sentence.zh == "没有这个声音。"
    assert voice.starts == 1


def test_a_worker_is_replaced_after_its_share_of_sentences(stand_in, monkeypatch):
    monkeypatch.setattr(kept_voice, "SENTENCES_A_WORKER", 2)
    voice = stand_in("nothing", 0)

    for _ in range(5):
        voice.speak(phrase("好"), 165)

    assert voice.starts == 3


def test_nothing_but_numbered_pinyin_reaches_the_worker(stand_in, tmp_path):
    voice = stand_in("nothing", 0)

    voice.speak(phrase("小熊在重庆A座"), 165)

    order = json.loads((tmp_path / "orders").read_text(encoding="utf-8"))
    assert order["text"] == "xiao3 xong2 zai4 chong2 qing4 ei1 zuo4"


def test_a_syllable_that_is_none_is_told_and_not_left_out(stand_in):
    voice = stand_in("nothing", 0)
    bad = phrase_of(1)
    (one,) = bad.syllables

    with pytest.raises(VoiceFailed, match="a voice failed: 'abc' is no syllable"):
        voice.speak(type(bad)(spoken="好", syllables=(type(one)("好", "abc"),)), 165)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_is_killed_between_two_sentences_is_started_anew(kept, how):
    kept.speak(phrase("好"), 165)
    before, pid = kept.starts, kept.pid
    os.kill(pid, how)

    assert spoken_s(*kept.speak(phrase(SENTENCE), 165)) > 2
    assert kept.starts == before + 1
    assert kept.pid != pid


@pytest.mark.slow
def test_a_worker_that_is_stopped_is_replaced(kept, monkeypatch):
    monkeypatch.setattr(kept_voice, "LEAST_WAIT_S", 1.0)
    kept.speak(phrase("好"), 165)
    before = kept.starts
    os.kill(kept.pid, signal.SIGSTOP)

    assert spoken_s(*kept.speak(phrase(SENTENCE), 165)) > 2
    assert kept.starts == before + 1


def test_changing_the_rate_changes_the_very_next_sentence(kept):
    """espeak-ng took a new rate one or more sentences late, in 144 of 300, when the rate changed between them."""
    rates = [120, 200, 160, 120, 160, 200] * 5

    heard = [(rate, round(spoken_s(*kept.speak(phrase(SENTENCE), rate)), 1)) for rate in rates]

    assert len(set(heard)) == 3
    assert kept.starts


def test_an_unknown_voice_does_not_speak_english():
    """espeak-ng takes any name, says nothing, and reads the pinyin in English."""
    voice = Pyttsx3Voice("nosuch")
    try:
        with pytest.raises(VoiceUnfit) as unfit:
            voice.speak(phrase(SENTENCE), 165)
    finally:
        voice.close()

    assert unfit.value.sentence.zh == "这台机器的语音引擎里没有声音“nosuch”。请看 dalaba voices，或者把 voice 删掉。"
    assert (
        unfit.value.sentence.en == "this machine's engine has no voice 'nosuch'. See dalaba voices, or leave voice out."
    )


@pytest.mark.parametrize("voice", ["cmn-latn-pinyin", "sit/cmn-latn-pinyin", "cmn", "yue", "gmw/en"])
def test_the_self_test_hears_english(voice):
    """The worker's own words, with the check of names left out: what the library really says decides."""
    program = (
        "from broadcaster.voices import worker\n"
        "import os, pyttsx3\n"
        "engine = pyttsx3.init()\n"
        f"engine.setProperty('voice', {voice!r})\n"
        "print('fit' if worker._speaks_pinyin(engine) else 'unfit', flush=True)\n"
        "os._exit(0)\n"
    )

    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30
    ).stdout

    assert said.split()[-1] == ("fit" if "latn" in voice else "unfit")


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 64 kB, full but for one page."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk")
    (folder / "rubbish").write_bytes(bytes(60_000))
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told_at_once(small_disk):
    """pyttsx3 waits for ever when its file cannot be written."""
    voice = Pyttsx3Voice(folder=small_disk)

    with pytest.raises(VoiceFailed) as failed:
        voice.speak(phrase(SENTENCE), 165)
    voice.close()

    assert failed.value.sentence.zh == "语音合成出错：系统说“No space left on device”。"
    assert failed.value.sentence.en == "a voice failed: the system says 'No space left on device'."
    assert voice.starts == 0


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    voice = Pyttsx3Voice(folder=tmp_path)
    (folder,) = tmp_path.iterdir()
    folder.rmdir()
    folder.write_text("a file stands where the folder was")

    with pytest.raises(VoiceFailed) as failed:
        voice.speak(phrase(SENTENCE), 165)
    voice.close()

    assert failed.value.sentence.en == "a voice failed: the system says 'Not a directory'."


def test_nothing_is_left_behind(tmp_path):
    voice = Pyttsx3Voice(folder=tmp_path)
    voice.speak(phrase("好"), 165)
    pid = voice.pid
    voice.close()

    assert list(tmp_path.iterdir()) == []
    assert not Path(f"/proc/{pid}").exists()
