"""The process that renders: orders in, clips and refusals out, and it ends with its parent."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from broadcaster.clips import ClipStore, clip_key
from broadcaster.model.clip import ClipOrder
from broadcaster.model.timetable import SoundSettings, VoiceSettings
from broadcaster.render_worker import order_from_json, order_to_json
from broadcaster.renderer import Renderer
from tests.test_renderer import LIMIT_S, until

AUDIO = Path(__file__).parents[1] / "audio"
CHIME_ONLY = ClipOrder(texts=(), voices=(), sound=SoundSettings(), chime="rise")
SPOKEN = ClipOrder(texts=("今天停水。",), voices=(VoiceSettings(),), sound=SoundSettings(), chime="rise")

pytestmark = [pytest.mark.real, pytest.mark.slow]
needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


class Worker:
    """The real process, driven by hand."""

    def __init__(self, clips):
        line = [sys.executable, "-m", "broadcaster.render_worker", str(clips), str(AUDIO), "urgent"]
        self.process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def order(self, order):
        self.process.stdin.write(json.dumps({"key": clip_key(order, AUDIO), "order": order_to_json(order)}) + "\n")
        self.process.stdin.flush()

    def ask(self, order):
        self.order(order)
        return json.loads(self.process.stdout.readline())

    def children(self):
        return Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()

    def hang_up(self):
        self.process.stdin.close()
        return self.process.wait(LIMIT_S)


@pytest.fixture
def worker(tmp_path):
    made = Worker(tmp_path / "clips")
    yield made
    made.process.kill()
    made.process.wait()
    made.process.stdin.close()
    made.process.stdout.close()


def test_an_order_travels_whole():
    far = SoundSettings(loudness_lufs=-17.5, opening="乡亲们，").for_far_horns()
    order = replace(SPOKEN, sound=far, repeat=3, lexicon=(("停", "ting2"),), voices=(VoiceSettings(rate=150),))

    assert order_from_json(json.loads(json.dumps(order_to_json(order)))) == order
    assert isinstance(order_to_json(order)["sound"]["echo"], float)


def test_an_order_is_answered_when_its_clip_is_on_the_disk(worker, tmp_path):
    key = clip_key(CHIME_ONLY, AUDIO)

    assert worker.ask(CHIME_ONLY) == {"key": key, "ok": True}
    clip = ClipStore(tmp_path / "clips").find(key)
    ClipStore(tmp_path / "clips").check(clip)
    assert clip.loudness_lufs == pytest.approx(-16, abs=0.1)


NO_ENGINE = "没有叫“nobody”的语音引擎。"


def test_what_cannot_be_rendered_is_refused_by_kind_and_the_next_order_works(worker):
    nobody = (VoiceSettings(engine="nobody", fallback=()),)
    refusals = [
        worker.ask(replace(SPOKEN, texts=("。。。",))),
        worker.ask(replace(CHIME_ONLY, chime="gone")),
        worker.ask(replace(SPOKEN, voices=nobody)),
        worker.ask(replace(SPOKEN, texts=("recording:../secret.wav",))),
    ]

    assert [one["kind"] for one in refusals] == ["TextUnusable", "SoundUnusable", "VoiceFailed", "SoundUnusable"]
    assert refusals[0]["zh"] == "这段话里没有可念的字。"
    assert refusals[2]["zh"].startswith(NO_ENGINE)
    assert all(one["en"] for one in refusals)
    assert worker.ask(CHIME_ONLY)["ok"]


def test_it_ends_when_nobody_gives_it_orders_any_more(worker):
    worker.ask(CHIME_ONLY)

    assert worker.hang_up() == 0


@needs_espeak
def test_its_voices_end_with_it(worker):
    assert worker.ask(SPOKEN)["ok"]
    voices = worker.children()
    assert voices

    assert worker.hang_up() == 0
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in voices))


@needs_espeak
def test_in_the_middle_of_a_clip_it_ends_with_its_parent_and_leaves_no_half_clip(worker, tmp_path):
    long = replace(SPOKEN, texts=("今天停水，请大家储水。" * 400,))
    worker.order(long)
    until(worker.children)

    assert worker.hang_up() == 0
    assert ClipStore(tmp_path / "clips").find(clip_key(long, AUDIO)) is None


@needs_espeak
def test_a_worker_killed_in_mid_order_is_replaced_and_the_same_clip_comes_out(tmp_path):
    """Its last bits differ: the engine makes its noises, and so its s and f, from what it said before."""
    order = replace(SPOKEN, texts=("今天停水，请大家储水。" * 5,))
    store = ClipStore(tmp_path / "clips")
    renderer = Renderer(clips=tmp_path / "clips", audio=AUDIO)
    try:
        future = renderer.render(order)
        until(lambda: _workers())
        _kill(_workers()[0])
        clip = future.result(LIMIT_S)
        store.remove(clip.key)
        again = renderer.render(order).result(LIMIT_S)
    finally:
        renderer.close()

    assert replace(again, sha256=clip.sha256) == clip
    assert clip.length > timedelta(seconds=15)
    assert clip.voice == "pyttsx3:cmn-latn-pinyin"
    assert not _workers()


@needs_espeak
def test_one_text_for_two_kinds_of_horns_is_equally_long_to_the_sample(worker, tmp_path):
    """The engine itself says a phrase a millisecond longer or shorter the next time."""
    far = SoundSettings().for_far_horns()
    text = ("今天停水，请大家储水。明天来水。",)
    orders = [replace(SPOKEN, texts=text, sound=sound) for sound in (SoundSettings().in_time_with([far]), far)]

    assert [worker.ask(order)["ok"] for order in orders] == [True, True]

    near_clip, far_clip = (ClipStore(tmp_path / "clips").find(clip_key(order, AUDIO)) for order in orders)
    assert near_clip.frames == far_clip.frames
    assert near_clip.sentence_starts == far_clip.sentence_starts
    assert near_clip.sha256 != far_clip.sha256


def _workers():
    """Processes of ours that render."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            line = Path(f"/proc/{pid}/cmdline")
            if line.exists() and b"render_worker" in line.read_bytes():
                found.append(int(pid))
    return found


def _kill(pid):
    subprocess.run(["kill", "-9", str(pid)], check=True)
