"""Switches an amplifier by a message to a broker (paho-mqtt, an extra): for network relays of every make."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urlsplit

from broadcaster.errors import SwitchFailed
from broadcaster.model.words import Sentence

USUAL_PORT = 1883
LIMIT_S = 5.0


class MqttSwitch:
    """Retained, and acknowledged by the broker: a relay that comes back later learns how it should be."""

    def __init__(self, address: str, on: str, off: str, *, user: str = "", password: str = "") -> None:
        """*address*: ``mqtt://host:port/topic``. Raises SwitchFailed without paho-mqtt."""
        try:
            from paho.mqtt import client
            from paho.mqtt.enums import CallbackAPIVersion
        except ImportError as error:
            raise SwitchFailed(
                Sentence(
                    "没有装 paho-mqtt。请运行 .venv/bin/pip install paho-mqtt。",
                    "paho-mqtt is missing. Run: .venv/bin/pip install paho-mqtt.",
                )
            ) from error
        self._paho = client
        self._version = CallbackAPIVersion.VERSION2
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or USUAL_PORT
        self._topic = parts.path.removeprefix("/")
        self._words = {True: on, False: off}
        self._login = (user, password)

    def turn(self, is_on: bool) -> None:
        client = self._paho.Client(self._version)
        client.connect_timeout = LIMIT_S
        if self._login[0]:
            client.username_pw_set(*self._login)
        answer = _Answer()
        client.on_connect = lambda _client, _data, _flags, reason, _more: answer.take(reason)
        try:
            client.connect(self._host, self._port)
            client.loop_start()
            if not answer.is_there.wait(LIMIT_S) or answer.refusal:
                raise SwitchFailed(self._silent(answer.refusal))
            told = client.publish(self._topic, self._words[is_on], qos=1, retain=True)
            told.wait_for_publish(LIMIT_S)
            if not told.is_published():
                raise SwitchFailed(self._silent(""))
        except (OSError, ValueError, RuntimeError) as error:
            raise SwitchFailed(
                Sentence(
                    f"连不上 MQTT {self._host}:{self._port}：{error}",
                    f"MQTT at {self._host}:{self._port} cannot be reached: {error}",
                )
            ) from error
        finally:
            client.disconnect()
            client.loop_stop()

    def close(self) -> None:
        pass

    def _silent(self, refusal: str) -> Sentence:
        why = refusal or "no answer"
        return Sentence(
            f"MQTT {self._host}:{self._port} 没有收下：{why}",
            f"MQTT at {self._host}:{self._port} did not take it: {why}",
        )


class _Answer:
    """What the broker says to the call, on a thread of paho's."""

    def __init__(self) -> None:
        self.is_there = threading.Event()
        self.refusal = ""

    def take(self, reason: Any) -> None:
        self.refusal = str(reason) if reason.is_failure else ""
        self.is_there.set()
