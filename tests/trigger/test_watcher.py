"""A watcher with a keypad of the kernel's structures and with gpiozero's own pins: what is meant is said once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broadcaster.errors import Refused, SwitchFailed
from broadcaster.model.triggers import Confirm, TriggerDeed, TriggerKind, TriggerSettings
from broadcaster.model.words import Sentence
from broadcaster.trigger import presses
from broadcaster.trigger.gpio import GpioButton
from broadcaster.trigger.watcher import Watcher
from tests.servers import wait_for
from tests.trigger.buttons import F1, F2, F3, KernelKeypad

TWICE = TriggerSettings(name="flood", script="emergency/flood", device="pad", key=F1, confirm=Confirm.TWICE)
HOLD = replace(TWICE, name="fire", key=F2, confirm=Confirm.HOLD, hold=timedelta(seconds=0.2))
STOP = replace(TWICE, name="stop", key=F3, does=TriggerDeed.STOP, confirm=Confirm.ONCE)


@pytest.fixture
def kernel(tmp_path):
    kernel = KernelKeypad(tmp_path / "keypad")
    yield kernel
    kernel.close()


@pytest.fixture
def watch(kernel, monkeypatch):
    """Makes a watcher of the keypad; ``meant`` are the names that it said."""
    monkeypatch.setattr(presses, "AGAIN_AFTER_S", 0.0)
    monkeypatch.setattr(presses, "CHATTER_S", 0.0)  # a test presses faster than any contact bounces
    watchers = []

    def make(*settings, meant=None, **more):
        settings = [replace(one, device=str(kernel.path)) for one in settings]
        said = []
        watcher = Watcher(settings, meant or said.append, again_s=0.02, **more)
        watcher.said = said
        watchers.append(watcher)
        watcher.start()
        return watcher

    yield make
    for watcher in watchers:
        watcher.close()
        assert not watcher.is_alive


def test_the_keys_of_one_keypad_are_watched_together(watch, kernel):
    """Each with a reader of its own, the one with the grab heard everything and the others nothing."""
    watcher = watch(TWICE, HOLD, STOP)
    wait_for(lambda: watcher.trouble is None, "it is there")

    kernel.press(F3)
    wait_for(lambda: watcher.said == ["stop"], "one press stops")
    kernel.down(F2)
    wait_for(lambda: watcher.said == ["stop", "fire"], "it was held")
    kernel.up(F2)
    kernel.press(F3)
    wait_for(lambda: watcher.said == ["stop", "fire", "stop"], "it was stopped again")


def test_a_press_and_a_second_start_and_one_alone_does_not(watch, kernel, monkeypatch):
    watcher = watch(TWICE, STOP)
    wait_for(lambda: watcher.trouble is None, "it is there")

    kernel.press(F1)
    kernel.press(F3)
    wait_for(lambda: watcher.said == ["stop"], "what came after it was read")
    kernel.press(F1)
    wait_for(lambda: watcher.said == ["stop", "flood"], "the second press was read")


def test_a_press_that_came_up_while_the_watcher_slept_was_not_held(watch, kernel, monkeypatch):
    """On a box that stood still for seconds, a tap looked like a hold."""
    watcher = watch(HOLD, STOP)
    wait_for(lambda: watcher.trouble is None, "it is there")

    kernel.press(F2)
    kernel.press(F3)
    wait_for(lambda: watcher.said == ["stop"], "all was read")
    kernel.press(F3)
    wait_for(lambda: len(watcher.said) == 2, "time went by")
    assert "fire" not in watcher.said


def test_a_keypad_is_pulled_out_and_found_again(watch, kernel):
    watcher = watch(STOP)
    wait_for(lambda: watcher.trouble is None, "it is there")

    kernel.pull_out()
    wait_for(lambda: watcher.trouble is not None, "it is told")
    assert watcher.trouble.zh == f"小键盘“{kernel.path}”不在。请插好它，插上以后自己会认回来。"
    kernel.plug_in()
    wait_for(lambda: watcher.trouble is None, "it is back")
    kernel.press(F3)
    wait_for(lambda: watcher.said == ["stop"], "and is heard")


def test_a_key_that_was_down_when_it_was_pulled_out_starts_nothing_when_it_comes_back(watch, kernel):
    watcher = watch(replace(HOLD, hold=timedelta(seconds=0.5)), STOP)
    wait_for(lambda: watcher.trouble is None, "it is there")
    kernel.down(F2)
    kernel.pull_out()
    wait_for(lambda: watcher.trouble is not None, "it is told")
    kernel.plug_in()
    wait_for(lambda: watcher.trouble is None, "it is back")

    for _ in range(30):
        kernel.repeat(F2)
    kernel.press(F3)
    wait_for(lambda: watcher.said == ["stop"], "what came last was read")
    assert watcher.said == ["stop"]


def test_a_deed_that_fails_does_not_end_the_watching(watch, kernel):
    failures = [Refused(Sentence("现在不行", "not now")), RuntimeError("nobody foresaw this"), None]
    said = []

    def meant(name):
        said.append(name)
        failure = failures.pop(0)
        if failure is not None:
            raise failure

    watcher = watch(STOP, meant=meant)
    wait_for(lambda: watcher.trouble is None, "it is there")
    for number in range(1, 4):
        kernel.press(F3)
        wait_for(lambda number=number: len(said) == number, "it was pressed")
    assert watcher.is_alive


def test_a_reader_that_fails_in_a_way_nobody_foresaw_is_told_and_opened_anew(watch):
    class Broken:
        is_closed = False

        def changes(self, wait_s):
            raise ZeroDivisionError("division by zero")

        def close(self):
            self.is_closed = True

    opened = []

    def open_button():
        opened.append(Broken())
        return opened[-1]

    watcher = watch(STOP, open_button=open_button)

    what = Sentence("出错了：division by zero", "it failed: division by zero")
    wait_for(lambda: len(opened) > 2 and watcher.trouble == what, "it was tried again, and told")
    assert watcher.is_alive
    assert opened[0].is_closed


# --- by a pin ---------------------------------------------------------------------------------------------------


@pytest.fixture
def pins():
    gpiozero = pytest.importorskip("gpiozero", reason="gpiozero is not installed")
    from gpiozero.pins.mock import MockFactory

    before, factory = gpiozero.Device.pin_factory, MockFactory()
    gpiozero.Device.pin_factory = factory
    yield factory
    factory.reset()
    gpiozero.Device.pin_factory = before


BUTTON = TriggerSettings(
    name="hall", kind=TriggerKind.GPIO, script="emergency/flood", pin=17, hold=timedelta(seconds=0.2)
)


@pytest.fixture
def button(pins):
    said = []
    watcher = Watcher([BUTTON], said.append, again_s=0.02)
    watcher.said = said
    watcher.start()
    wait_for(lambda: watcher.trouble is None, "it is there")
    yield watcher
    watcher.close()


def test_a_button_that_is_held_connects_its_pin_to_ground(button, pins):
    pins.pin(17).drive_low()
    wait_for(lambda: button.said == ["hall"], "it was held")
    pins.pin(17).drive_high()


def test_the_first_button_that_is_stuck_when_the_station_starts_says_nothing(pins):
    pins.pin(17).pull = "up"
    pins.pin(17).drive_low()
    button = GpioButton(17)

    assert list(button.changes(0.0)) == []
    pins.pin(17).drive_high()
    pins.pin(17).drive_low()
    assert [is_down for _, is_down, _ in button.changes(0.0)][-1] is True
    button.close()


def test_a_pin_that_is_in_use_is_told_with_its_number(pins):
    first = GpioButton(17)
    with pytest.raises(SwitchFailed) as failed:
        GpioButton(17)

    assert failed.value.sentence.zh.startswith("引脚 17 用不了：")
    assert failed.value.sentence.en.startswith("pin 17 cannot be used: ")
    first.close()
    GpioButton(17).close()


def test_without_pins_it_is_told_and_looked_for_again():
    gpiozero = pytest.importorskip("gpiozero", reason="gpiozero is not installed")
    from gpiozero.exc import BadPinFactory

    class NoPins(gpiozero.Factory):
        def pin(self, name):
            raise BadPinFactory("no pins here")

        def reserve_pins(self, requester, *pins):
            raise BadPinFactory("no pins here")

        def release_pins(self, reserver, *pins):
            pass

    before, gpiozero.Device.pin_factory = gpiozero.Device.pin_factory, NoPins()
    watcher = Watcher([BUTTON], lambda name: None, again_s=0.02)
    watcher.start()
    try:
        wait_for(
            lambda: watcher.trouble == Sentence("引脚 17 用不了：no pins here", "pin 17 cannot be used: no pins here"),
            "told",
        )
    finally:
        watcher.close()
        gpiozero.Device.pin_factory = before
