"""Every way to switch an amplifier, with the real part or its own stand-in, and what goes wrong with each."""

import os
import pty
import shutil
import subprocess
import threading
import tty
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadcaster.amplifier.command import CommandSwitch
from broadcaster.amplifier.keeper import Keeper
from broadcaster.amplifier.open import open_keeper, open_switch
from broadcaster.errors import SwitchFailed
from broadcaster.model.outputs import AmplifierKind, AmplifierSettings
from broadcaster.model.words import Sentence
from tests.fakes import FakeKeeper, ManualClock
from tests.servers import Server, free_port, wait_for


def settings_of(kind, **more):
    return AmplifierSettings(name="horns", kind=kind, **more)


# --- by a command -----------------------------------------------------------------------------------------------


def test_a_command_is_a_list_of_words_and_no_shell_reads_it(tmp_path):
    target = tmp_path / "$(reboot); a b"
    switch = CommandSwitch(on=("touch", str(target)), off=("rm", str(target)))

    switch.turn(True)
    assert target.exists()
    switch.turn(False)
    assert not target.exists()


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (("false",), "命令 false 没有成功，返回 1", "the command false failed with code 1"),
        (
            ("no-such-program",),
            "命令 no-such-program 运行不了：[Errno 2] No such file or directory: 'no-such-program'",
            "the command no-such-program cannot be run: [Errno 2] No such file or directory: 'no-such-program'",
        ),
        (
            ("sleep", "60"),
            "命令 sleep 超过 0.1 秒没有结束，已经停掉",
            "the command sleep did not end within 0.1 s and was killed",
        ),
    ],
)
def test_a_command_that_fails_is_told_whole(words, zh, en):
    with pytest.raises(SwitchFailed) as failed:
        CommandSwitch(on=words, off=words, limit_s=0.1).turn(True)

    assert failed.value.sentence == Sentence(zh, en)


@pytest.mark.slow
def test_a_command_that_never_returns_is_killed_with_all_that_it_started(tmp_path):
    script = tmp_path / "relay.sh"
    script.write_text(f"#!/bin/sh\nsleep 97531 &\necho $! > {tmp_path}/child\nwait\n")
    script.chmod(0o755)

    with pytest.raises(SwitchFailed):
        CommandSwitch(on=(str(script),), off=("true",), limit_s=1.0).turn(True)

    child = Path(f"/proc/{(tmp_path / 'child').read_text().strip()}/stat")
    wait_for(lambda: not child.exists() or " Z " in child.read_text(), "the child is gone")


# --- the keeper -------------------------------------------------------------------------------------------------


class Relay:
    """A switch in memory: it fails as long as *failures* last, and hangs until it is let go."""

    def __init__(self, failures=0):
        self.turns = []
        self.failures = failures
        self.let_go = threading.Event()
        self.let_go.set()
        self.is_closed = False

    def turn(self, is_on):
        self.let_go.wait(10)
        if self.failures:
            self.failures -= 1
            raise SwitchFailed(Sentence("坏了", "it is broken"))
        self.turns.append(is_on)

    def close(self):
        self.is_closed = True


@pytest.fixture
def keep():
    keepers = []

    def start(relay):
        keepers.append(Keeper("horns", lambda: relay))
        keepers[-1].start()
        return keepers[-1]

    yield start
    for keeper in keepers:
        keeper.close()


def test_what_is_wanted_is_carried_out_once(keep):
    relay = Relay()
    keeper = keep(relay)

    keeper.want(False)
    wait_for(lambda: relay.turns == [False], "its state is known from the first word on")
    for _ in range(5):
        keeper.want(True)
    wait_for(lambda: keeper.on_since is not None, "it is on")
    keeper.want(False)
    wait_for(lambda: keeper.on_since is None, "it is off")
    assert relay.turns == [False, True, False]


@pytest.mark.slow
def test_a_switch_that_fails_is_tried_again_and_its_trouble_goes_away(keep):
    relay = Relay(failures=1)
    keeper = keep(relay)

    keeper.want(True)
    wait_for(lambda: keeper.trouble == Sentence("坏了", "it is broken"), "the trouble is told")
    assert keeper.on_since is None
    wait_for(lambda: keeper.trouble is None, "it is mended")
    assert relay.turns == [True]


def test_what_could_not_be_switched_on_is_no_trouble_once_it_is_not_wanted(keep):
    relay = Relay(failures=1)
    keeper = keep(relay)
    keeper.want(True)
    wait_for(lambda: keeper.trouble is not None, "the trouble is told")

    keeper.want(False)

    assert keeper.trouble is None
    wait_for(lambda: relay.turns == [False], "it is off")


def test_a_switch_that_hangs_holds_up_nobody_and_is_told(keep, monkeypatch):
    monkeypatch.setattr("broadcaster.amplifier.keeper.HANGS_S", 0.05)
    relay = Relay()
    relay.let_go.clear()
    keeper = keep(relay)

    keeper.want(True)
    wait_for(lambda: keeper.trouble is not None, "the trouble is told")
    assert keeper.trouble == Sentence("开关没有反应", "its switch does not come back")
    keeper.want(False)
    relay.let_go.set()
    wait_for(lambda: keeper.trouble is None and relay.turns[-1] is False, "it comes round")


def test_closing_switches_off(keep):
    relay = Relay()
    keeper = keep(relay)
    keeper.want(True)
    wait_for(lambda: keeper.on_since is not None, "it is on")

    keeper.close()
    keeper.close()

    assert relay.turns == [True, False]
    assert relay.is_closed


def test_a_part_that_is_missing_is_looked_for_again(keep, tmp_path):
    keeper = open_keeper(settings_of(AmplifierKind.RELAY, port="/dev/nowhere", on=("A0",), off=("A1",)), tmp_path)
    keeper.want(True)

    wait_for(lambda: keeper.trouble is not None, "the trouble is told")
    assert keeper.trouble.zh.startswith("继电器 /dev/nowhere 不通：")
    assert keeper.trouble.en.startswith("the relay at /dev/nowhere cannot be reached: ")
    keeper.close()


class KeeperContract:
    """What the station relies on, of the real keeper and of the one that its own tests use."""

    def test_it_is_on_and_off_as_was_wanted_last(self, keeper):
        assert keeper.on_since is None
        keeper.want(True)
        wait_for(lambda: keeper.on_since is not None, "it is on")
        since = keeper.on_since
        keeper.want(True)
        assert keeper.on_since == since
        keeper.want(False)
        wait_for(lambda: keeper.on_since is None, "it is off")
        assert keeper.trouble is None

    def test_closing_it_switches_off_and_may_come_twice(self, keeper):
        keeper.want(True)
        wait_for(lambda: keeper.on_since is not None, "it is on")
        keeper.close()
        keeper.close()
        assert keeper.on_since is None


class TestKeeper(KeeperContract):
    @pytest.fixture
    def keeper(self, keep):
        return keep(Relay())


class TestFakeKeeper(KeeperContract):
    @pytest.fixture
    def keeper(self):
        return FakeKeeper(settings_of(AmplifierKind.COMMAND), ManualClock(datetime(2026, 11, 24, tzinfo=UTC)))


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


@pytest.mark.parametrize("is_inverted", [False, True])
def test_a_pin_is_high_when_the_horns_are_on_or_low_where_it_is_inverted(pins, tmp_path, is_inverted):
    switch = open_switch(settings_of(AmplifierKind.GPIO, pin=17, is_inverted=is_inverted), tmp_path)
    pin = pins.pin(17)

    switch.turn(True)
    assert bool(pin.state) is not is_inverted
    switch.turn(False)
    assert bool(pin.state) is is_inverted
    switch.close()


def test_a_pin_that_is_in_use_is_told_with_its_number(pins, tmp_path):
    settings = settings_of(AmplifierKind.GPIO, pin=17)
    first = open_switch(settings, tmp_path)

    with pytest.raises(SwitchFailed) as failed:
        open_switch(settings, tmp_path)

    assert failed.value.sentence.zh.startswith("引脚 17 用不了：")
    assert failed.value.sentence.en.startswith("pin 17 cannot be used: ")
    first.close()


# --- by a relay on a serial port --------------------------------------------------------------------------------


def test_a_relay_gets_the_bytes_of_its_maker(tmp_path):
    pytest.importorskip("serial", reason="pyserial is not installed")
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    settings = settings_of(AmplifierKind.RELAY, port=os.ttyname(theirs), on=("A0 01 01 A2",), off=("A00100A1",))
    switch = open_switch(settings, tmp_path)

    switch.turn(True)
    assert os.read(ours, 16) == bytes([0xA0, 1, 1, 0xA2])
    switch.turn(False)
    assert os.read(ours, 16) == bytes([0xA0, 1, 0, 0xA1])
    switch.close()
    os.close(ours)
    os.close(theirs)


# --- by a message to a broker -----------------------------------------------------------------------------------


class Mosquitto(Server):
    """With one user, ``village``, whose password is ``only for tests``."""

    port = 0

    def __init__(self):
        super().__init__()
        self.port = free_port()
        passwords = self.folder / "passwords"
        subprocess.run(["mosquitto_passwd", "-b", "-c", str(passwords), "village", "only for tests"], check=True)
        config = f"listener {self.port} 127.0.0.1\npassword_file {passwords}\nallow_anonymous false\nuser root\n"
        (self.folder / "mosquitto.conf").write_text(config)
        self.start()

    def line(self):
        return [MOSQUITTO, "-c", str(self.folder / "mosquitto.conf")]

    def retained(self):
        """What a relay that comes now is told."""
        from paho.mqtt import subscribe

        auth = {"username": "village", "password": "only for tests"}
        return subscribe.simple("horns/power", hostname="127.0.0.1", port=self.port, auth=auth).payload.decode()


MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")


@pytest.fixture
def mosquitto():
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed")
    pytest.importorskip("paho.mqtt.client", reason="paho-mqtt is not installed")
    server = Mosquitto()
    yield server
    server.close()


def by_message(port, password="file:mqtt.txt"):
    return settings_of(
        AmplifierKind.MQTT,
        address=f"mqtt://127.0.0.1:{port}/horns/power",
        on=("ON",),
        off=("OFF",),
        user="village",
        password=password,
    )


@pytest.mark.real
@pytest.mark.slow
def test_a_broker_keeps_the_last_word_for_relays_that_come_later(mosquitto, tmp_path):
    (tmp_path / "mqtt.txt").write_text("only for tests\n")
    switch = open_switch(by_message(mosquitto.port), tmp_path)

    switch.turn(True)
    assert mosquitto.retained() == "ON"
    switch.turn(False)
    assert mosquitto.retained() == "OFF"
    switch.close()


@pytest.mark.real
@pytest.mark.slow
def test_a_broker_that_is_away_or_refuses_is_told_in_words(mosquitto, tmp_path, monkeypatch):
    monkeypatch.setattr("broadcaster.amplifier.mqtt.LIMIT_S", 1.0)
    (tmp_path / "mqtt.txt").write_text("wrong")
    place = f"127.0.0.1:{mosquitto.port}"

    with pytest.raises(SwitchFailed) as refused:
        open_switch(by_message(mosquitto.port), tmp_path).turn(True)
    assert refused.value.sentence == Sentence(
        f"MQTT {place} 没有收下：Not authorized", f"MQTT at {place} did not take it: Not authorized"
    )

    mosquitto.stop()
    with pytest.raises(SwitchFailed) as away:
        open_switch(by_message(mosquitto.port), tmp_path).turn(True)
    assert away.value.sentence == Sentence(
        f"连不上 MQTT {place}：[Errno 111] Connection refused",
        f"MQTT at {place} cannot be reached: [Errno 111] Connection refused",
    )

    with pytest.raises(SwitchFailed) as unknown:
        open_switch(by_message(mosquitto.port, "env:NOWHERE"), tmp_path)
    assert unknown.value.sentence.en == "there is no environment variable NOWHERE with the password"
