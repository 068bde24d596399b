"""Keys as the kernel hands them out, and a keypad that is called by its name."""

import errno
import fcntl
import os
import struct

import pytest

from broadcaster.errors import SwitchFailed
from broadcaster.model.words import Sentence
from broadcaster.trigger import keypad as room
from broadcaster.trigger.keypad import EVENT, Keypad, found
from tests.trigger.buttons import F1, F2, KernelKeypad, known_as


@pytest.fixture
def kernel(tmp_path):
    kernel = KernelKeypad(tmp_path / "event5")
    yield kernel
    kernel.close()


@pytest.fixture
def pad(kernel):
    pad = Keypad(str(kernel.path), {F1})
    yield pad
    pad.close()


def changes(pad):
    return [(code, is_down) for code, is_down, _ in pad.changes(5.0)]


def test_a_structure_is_as_long_as_the_kernel_makes_it():
    """``struct input_event`` of linux/input.h: a time of two longs, two half words and a word."""
    assert EVENT.size == 2 * struct.calcsize("l") + 8
    assert 1 << 30 | struct.calcsize("i") << 16 | ord("E") << 8 | 0x90 == room.GRAB  # _IOW('E', 0x90, int)


def test_downs_and_ups_come_in_order_and_repetitions_do_not(kernel, pad):
    kernel.down(F1)
    kernel.repeat(F1)
    kernel.repeat(F1)
    kernel.up(F1)
    kernel.press(F2)

    assert changes(pad) == [(F1, True), (F1, False), (F2, True), (F2, False)]


def test_when_nothing_is_pressed_nothing_comes(pad):
    assert list(pad.changes(0.0)) == []


def test_a_key_that_was_down_before_we_came_is_not_pressed(kernel, pad):
    kernel.repeat(F1)
    kernel.repeat(F1)
    kernel.up(F1)

    assert changes(pad) == [(F1, False)]


def test_what_came_in_halves_is_put_together(kernel, pad):
    event = EVENT.pack(0, 0, room.IS_KEY, F1, 1)
    kernel.write_raw(event[:10])
    assert changes(pad) == []
    kernel.write_raw(event[10:])
    assert changes(pad) == [(F1, True)]


def test_after_the_kernel_dropped_something_nobody_knows_what_is_down(kernel, pad):
    kernel.down(F1)
    kernel.drop()

    assert changes(pad) == [(F1, True), (0, False)]


def test_a_keypad_that_is_pulled_out_is_told(kernel, pad):
    kernel.pull_out()

    with pytest.raises(SwitchFailed) as gone:
        changes(pad)
    what = Sentence(
        f"小键盘“{kernel.path}”不在。请插好它，插上以后自己会认回来。",
        f"the keypad '{kernel.path}' is not there. Plug it in; it is found again by itself.",
    )
    assert gone.value.sentence == what
    with pytest.raises(SwitchFailed) as away:
        Keypad(str(kernel.path), {F1})
    assert away.value.sentence == what


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        (
            errno.EACCES,
            "不让读。请把广播站的用户加进 input 组，再重启广播站。",
            "may not be read. Add the station's user",
        ),
        (errno.ENODEV, "不在。请插好它，插上以后自己会认回来。", "is not there. Plug it in"),
        (errno.EIO, "读不了：[Errno 5] Input/output error", "cannot be read: [Errno 5]"),
    ],
)
def test_why_it_cannot_be_read_is_told(kernel, monkeypatch, number, zh, en):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(room.os, "open", refuse)
    with pytest.raises(SwitchFailed) as refused:
        Keypad(str(kernel.path), {F1})

    assert refused.value.sentence.zh == f"小键盘“{kernel.path}”{zh}"
    assert refused.value.sentence.en.startswith(f"the keypad '{kernel.path}' {en}")


def test_a_keypad_is_taken_whole_so_that_its_keys_type_nothing(kernel, monkeypatch):
    asked = []
    monkeypatch.setattr(fcntl, "ioctl", lambda fd, what, value: asked.append((what, value)))

    Keypad(str(kernel.path), {F1}).close()

    assert asked == [(room.GRAB, 1)]


def test_a_keypad_that_another_program_took_is_a_fault_and_not_a_silence(kernel, monkeypatch):
    """Who is not the one with the grab never hears of a press."""

    def busy(*_):
        raise OSError(errno.EBUSY, "busy")

    monkeypatch.setattr(fcntl, "ioctl", busy)
    with pytest.raises(SwitchFailed) as taken:
        Keypad(str(kernel.path), {F1})

    assert taken.value.sentence == Sentence(
        f"小键盘“{kernel.path}”被别的程序占着。请停掉那个程序。",
        f"another program has the keypad '{kernel.path}' to itself. End that program.",
    )


# --- by its name ------------------------------------------------------------------------------------------------


def test_a_keypad_is_called_by_its_name_whatever_its_number_is(tmp_path):
    known_as(tmp_path, "event3", "USB Keypad", {F1, F2, 250})
    known_as(tmp_path, "event4", "Power Button", {116})

    assert found("USB Keypad", {F1, 250}, tmp_path / "dev", tmp_path) == tmp_path / "dev" / "event3"


def test_of_two_halves_with_one_name_the_one_with_the_keys_is_taken(tmp_path):
    known_as(tmp_path, "event3", "USB Keypad", {116})
    known_as(tmp_path, "event4", "USB Keypad", {F1, F2})

    assert found("USB Keypad", {F1}, tmp_path / "dev", tmp_path) == tmp_path / "dev" / "event4"


def test_a_name_that_is_not_there_is_told_with_those_that_are(tmp_path):
    known_as(tmp_path, "event3", "USB Keypad", {F1})
    known_as(tmp_path, "event4", "Power Button", {116})

    with pytest.raises(SwitchFailed) as unknown:
        found("USB Kepad", {F1}, tmp_path, tmp_path)

    assert unknown.value.sentence == Sentence(
        "没有叫“USB Kepad”的小键盘。现在插着的有：Power Button、USB Keypad。",
        "there is no keypad called 'USB Kepad'. Plugged in: Power Button, USB Keypad.",
    )


def test_where_nothing_is_plugged_in_it_is_away(tmp_path):
    with pytest.raises(SwitchFailed) as away:
        found("USB Keypad", {F1}, tmp_path, tmp_path)

    assert away.value.sentence.en == "the keypad 'USB Keypad' is not there. Plug it in; it is found again by itself."


def test_a_key_that_the_keypad_has_not_is_told(tmp_path):
    """With a number from another keypad the red key would have done nothing, and nobody would have known."""
    known_as(tmp_path, "event3", "USB Keypad", {F1})

    with pytest.raises(SwitchFailed) as lacking:
        found("USB Keypad", {F1, F2}, tmp_path, tmp_path)

    assert lacking.value.sentence == Sentence(
        "小键盘“USB Keypad”没有这个键：60。请改 key。",
        "the keypad 'USB Keypad' has no such key: 60. Change its line key.",
    )


def test_a_path_may_be_a_name_that_leads_to_the_device(tmp_path):
    """``/dev/input/by-id/usb-…-event-kbd``."""
    (tmp_path / "event3").touch()
    (tmp_path / "by-id").symlink_to(tmp_path / "event3")
    known_as(tmp_path / "sys", "event3", "USB Keypad", {F1})

    assert found(str(tmp_path / "by-id"), {F1}, known=tmp_path / "sys") == tmp_path / "event3"
    with pytest.raises(SwitchFailed):
        found(str(tmp_path / "by-id"), {F2}, known=tmp_path / "sys")
