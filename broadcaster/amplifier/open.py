"""Chooses the switch that the timetable asks for, kept by a thread of its own."""

from __future__ import annotations

from pathlib import Path

from broadcaster.amplifier.command import CommandSwitch
from broadcaster.amplifier.gpio import GpioSwitch
from broadcaster.amplifier.keeper import Keeper
from broadcaster.amplifier.mqtt import MqttSwitch
from broadcaster.amplifier.relay import RelaySwitch
from broadcaster.errors import SecretMissing, SwitchFailed
from broadcaster.kept import read_secret
from broadcaster.model.outputs import AmplifierKind, AmplifierSettings
from broadcaster.ports import Switch


def open_keeper(settings: AmplifierSettings, home: Path) -> Keeper:
    """A keeper that has begun. What the switch needs is looked for when it is first turned."""
    keeper = Keeper(settings.name, lambda: open_switch(settings, home))
    keeper.start()
    return keeper


def open_switch(settings: AmplifierSettings, home: Path) -> Switch:
    """Raises SwitchFailed where its library, its port or its password is missing."""
    match settings.kind:
        case AmplifierKind.COMMAND:
            return CommandSwitch(settings.on, settings.off)
        case AmplifierKind.GPIO:
            return GpioSwitch(settings.pin, is_inverted=settings.is_inverted)
        case AmplifierKind.RELAY:
            return RelaySwitch(settings.port, bytes.fromhex(settings.on[0]), bytes.fromhex(settings.off[0]))
        case AmplifierKind.MQTT:
            try:
                password = read_secret(settings.password, home)
            except SecretMissing as error:
                raise SwitchFailed(error.sentence) from error
            return MqttSwitch(settings.address, settings.on[0], settings.off[0], user=settings.user, password=password)
