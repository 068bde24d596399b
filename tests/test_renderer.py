"""The station's end of rendering: each order once, an urgent one at once, and no child that can hold up the others."""

import os
import threading
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from broadcaster import renderer as room
from broadcaster.clips import ClipStore
from broadcaster.errors import SoundUnusable, TextUnusable, VoiceFailed
from broadcaster.model.clip import ClipOrder
from broadcaster.model.timetable import SoundSettings, VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.renderer import AGAIN_AND_AGAIN, Renderer

LIMIT_S = 90
"""How long a test waits for what must come."""

pytestmark = [pytest.mark.real, pytest.mark.slow]


def order(text):
    return ClipOrder(texts=(text,), voices=(VoiceSettings(),), sound=SoundSettings())


@pytest.fixture
def renderer(tmp_path):
    made = Renderer(clips=tmp_path / "clips", audio=tmp_path / "audio", worker="tests.stand_in_renderer")
    yield made
    made.close()


@pytest.fixture
def asked(tmp_path):
    """What the children were asked, in order: lane and text."""

    def read():
        file = tmp_path / "asked"
        return file.read_text().splitlines() if file.exists() else []

    return read


@pytest.fixture
def gate(tmp_path):
    """Lets an order that begins with 等 go on."""
    os.mkfifo(tmp_path / "gate")

    def open_it():
        os.close(os.open(tmp_path / "gate", os.O_WRONLY))

    return open_it


@pytest.fixture
def short_wait(monkeypatch):
    monkeypatch.setattr(room, "LEAST_S", 1.5)
    monkeypatch.setattr(room, "S_A_CHARACTER", 0.0)


def until(condition):
    tick = threading.Event()
    for _ in range(LIMIT_S * 100):
        if condition():
            return
        tick.wait(0.01)
    raise AssertionError("it never came to that")


def children():
    """Processes of ours that render."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            line = Path(f"/proc/{pid}/cmdline")
            if line.exists() and b"stand_in_renderer" in line.read_bytes():
                found.append(int(pid))
    return found


def test_an_order_becomes_a_clip_on_the_disk(renderer, tmp_path, asked):
    clip = renderer.render(order("今天停水。")).result(LIMIT_S)

    ClipStore(tmp_path / "clips").check(clip)
    assert asked() == ["usual 今天停水。"]


def test_what_is_on_the_disk_is_there_at_once_and_needs_no_child(renderer, asked):
    clip = renderer.render(order("今天停水。")).result(LIMIT_S)

    again = renderer.render(order("今天停水。"))

    assert again.done() and again.result() == clip
    assert len(asked()) == 1


def test_the_same_order_asked_many_times_is_rendered_once(renderer, asked, gate):
    futures = [renderer.render(order("等今天停水。")) for _ in range(5)]
    until(lambda: asked())
    gate()

    assert len({future.result(LIMIT_S).key for future in futures}) == 1
    assert len(asked()) == 1


def test_orders_are_rendered_in_the_order_in_which_they_came(renderer, asked):
    futures = [renderer.render(order(f"{number}号。")) for number in range(5)]

    for future in futures:
        future.result(LIMIT_S)
    assert asked() == [f"usual {number}号。" for number in range(5)]


def test_an_urgent_order_does_not_wait_for_the_usual_ones(renderer, asked, gate):
    slow = renderer.render(order("等很久。"))
    waiting = renderer.render(order("后面的。"))
    until(lambda: asked())

    renderer.render(order("快走！"), is_urgent=True).result(LIMIT_S)

    assert not slow.done() and not waiting.done()
    gate()
    assert slow.result(LIMIT_S) and waiting.result(LIMIT_S)
    assert asked() == ["usual 等很久。", "urgent 快走！", "usual 后面的。"]


def test_what_became_urgent_while_it_waited_is_rendered_once(renderer, asked, gate):
    slow = renderer.render(order("等很久。"))
    until(lambda: asked())
    waiting = renderer.render(order("后面的。"))

    urgent = renderer.render(order("后面的。"), is_urgent=True).result(LIMIT_S)
    gate()

    assert waiting.result(LIMIT_S) == urgent and slow.result(LIMIT_S)
    assert asked() == ["usual 等很久。", "urgent 后面的。"]


# --- children that fail -----------------------------------------------------------------------------------------


def test_a_child_that_dies_is_replaced_and_its_order_tried_again(renderer, asked):
    clip = renderer.render(order("一死再说。")).result(LIMIT_S)

    assert clip.frames == 2400
    assert asked() == ["usual 一死再说。"] * 2


def test_an_order_that_kills_every_child_fails_in_words_and_the_next_is_rendered(renderer, asked):
    deadly, next_one = renderer.render(order("死。")), renderer.render(order("今天停水。"))

    with pytest.raises(VoiceFailed) as caught:
        deadly.result(LIMIT_S)

    assert caught.value.sentence == Sentence(
        "语音合成的进程一再出错，这一段没有合成出来。", "rendering failed again and again; there is no clip."
    )
    assert next_one.result(LIMIT_S)
    assert len(asked()) == 4


def test_a_child_that_hangs_is_replaced_and_its_order_tried_again(renderer, asked, short_wait):
    assert renderer.render(order("一呆再说。")).result(LIMIT_S)
    assert asked() == ["usual 一呆再说。"] * 2
    assert len(children()) == 1


def test_a_child_that_does_not_even_listen_is_replaced(renderer, tmp_path, short_wait):
    """An order larger than a pipe would hold up the lane for ever."""
    (tmp_path / "deaf").touch()

    future = renderer.render(order("好" * 100_000))

    with pytest.raises(VoiceFailed):
        future.result(LIMIT_S)
    (tmp_path / "deaf").unlink()
    assert renderer.render(order("今天停水。")).result(LIMIT_S)


@pytest.mark.parametrize("odd", ["乱", "空", "表", "旁", "缺", "虚"])
def test_an_answer_that_makes_no_sense_is_no_clip(renderer, odd):
    with pytest.raises(VoiceFailed) as caught:
        renderer.render(order(f"{odd}。")).result(LIMIT_S)

    assert caught.value.sentence == AGAIN_AND_AGAIN
    assert renderer.render(order("今天停水。")).result(LIMIT_S), "the lane works on"


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("声。", VoiceFailed, Sentence("没有声音", "no voice")),
        ("文。", TextUnusable, Sentence("没有字", "no words")),
        ("音。", SoundUnusable, Sentence("没有文件", "no file")),
        ("怪。", VoiceFailed, Sentence("怪", "odd")),
    ],
)
def test_what_the_child_refuses_is_raised_as_it_was_said_and_not_tried_again(renderer, asked, text, kind, words):
    with pytest.raises(kind) as caught:
        renderer.render(order(text)).result(LIMIT_S)

    assert caught.value.sentence == words
    assert len(asked()) == 1


def test_a_failed_order_may_be_asked_again(renderer, asked):
    for _ in range(2):
        with pytest.raises(TextUnusable):
            renderer.render(order("文。")).result(LIMIT_S)

    assert len(asked()) == 2


# --- rest and end -----------------------------------------------------------------------------------------------


def test_an_idle_child_gives_its_memory_back_and_a_new_one_comes_when_wanted(renderer, monkeypatch):
    monkeypatch.setattr(room, "IDLE_S", 0.05)
    renderer.render(order("今天停水。")).result(LIMIT_S)

    until(lambda: not children())

    assert renderer.render(order("明天停水。")).result(LIMIT_S)


def test_an_order_that_nobody_wants_any_more_is_left_out(renderer, asked, gate):
    slow = renderer.render(order("等很久。"))
    until(lambda: asked())
    unwanted, wanted = renderer.render(order("不要了。")), renderer.render(order("要的。"))

    assert unwanted.cancel()
    gate()

    assert slow.result(LIMIT_S) and wanted.result(LIMIT_S)
    assert asked() == ["usual 等很久。", "usual 要的。"]


def test_closing_ends_the_children_and_cancels_what_waits(renderer, asked, gate):
    slow = renderer.render(order("等很久。"))
    until(lambda: asked())
    waiting = renderer.render(order("后面的。"))

    renderer.close()

    assert not children()
    with pytest.raises(VoiceFailed):
        slow.result(0)
    with pytest.raises(CancelledError):
        waiting.result(0)
    with pytest.raises(CancelledError):
        renderer.render(order("太晚了。")).result(0)


def test_what_a_child_leaves_in_its_folder_is_cleared_away(renderer, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    renderer.render(order("今天停水。")).result(LIMIT_S)
    (folder,) = tmp_path.glob("render-*")
    (folder / "voice-x").mkdir()

    renderer.close()

    assert not folder.exists()
