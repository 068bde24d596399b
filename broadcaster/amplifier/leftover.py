"""Switches off the amplifiers of a station that died and never came back: whoever is left of it does that, once."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from broadcaster.amplifier.open import open_switch
from broadcaster.errors import SwitchFailed
from broadcaster.model.outputs import AmplifierSettings

log = logging.getLogger(__name__)


def put_off(amplifiers: Iterable[AmplifierSettings], var: Path) -> None:
    """Not where a station runs in this folder again: then they are its own. None starts while this is done."""
    try:
        with (var / "station.lock").open("a+", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for one in amplifiers:
                _put_off(one, var.parent)
    except OSError as error:
        log.info("the amplifiers are left as they are: %s", error)


def _put_off(settings: AmplifierSettings, home: Path) -> None:
    try:
        with closing(open_switch(settings, home)) as switch:
            switch.turn(False)
        log.warning("amplifier %s: its station never came back, and it was switched off", settings.name)
    except SwitchFailed as error:
        log.error("amplifier %s stays on: %s", settings.name, error.sentence.en)
