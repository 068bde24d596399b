"""What a Snapcast server says of its players → who of ours is online, and what to ask for. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

FULL = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """One ``snapclient`` that the server knows."""

    id: str
    name: str
    """As people call it: its own name, or that of its machine."""
    is_online: bool
    group: str
    is_muted: bool
    percent: int

    def is_called(self, name: str) -> bool:
        return name in (self.id, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """All players of a server, and which of its streams is ours."""

    stream: str
    """Empty: no stream of the server has our address."""
    players: tuple[Player, ...] = ()
    streams_of_groups: tuple[tuple[str, str], ...] = ()
    muted_groups: frozenset[str] = frozenset()

    def stream_of(self, group: str) -> str:
        return dict(self.streams_of_groups).get(group, "")

    def ours(self, names: Iterable[str]) -> tuple[Player, ...]:
        """The players called so; without names, all that play our stream."""
        names = tuple(names)
        if not names:
            return tuple(one for one in self.players if self.stream and self.stream_of(one.group) == self.stream)
        return tuple(one for one in self.players if any(one.is_called(name) for name in names))

    def who_is_there(self, names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names that are online, and names that are not, also those that the server never saw."""
        players = self.ours(names)
        called = names or tuple(dict.fromkeys(one.name for one in players))
        online = tuple(name for name in called if any(one.is_online and one.is_called(name) for one in players))
        return online, tuple(name for name in called if name not in online)


@dataclass(frozen=True, slots=True)
class Ask:
    """A call of the server's JSON-RPC."""

    method: str
    params: dict[str, Any]


def read_house(status: dict[str, Any], address: str) -> House:
    """The answer to ``Server.GetStatus``. Raises KeyError, TypeError, AttributeError or ValueError where it is none."""
    server = status["server"]
    groups = server["groups"]
    return House(
        stream=next((str(one["id"]) for one in server["streams"] if _is_at(one["uri"], address)), ""),
        players=tuple(_player(client, str(group["id"])) for group in groups for client in group["clients"]),
        streams_of_groups=tuple((str(group["id"]), str(group["stream_id"])) for group in groups),
        muted_groups=frozenset(str(group["id"]) for group in groups if group["muted"]),
    )


def _is_at(uri: dict[str, Any], address: str) -> bool:
    ours = urlsplit(address)
    if ours.scheme != uri["scheme"]:
        return False
    return uri["path"] == ours.path if ours.scheme == "pipe" else urlsplit(str(uri["raw"])).port == ours.port


def _player(client: dict[str, Any], group: str) -> Player:
    volume = client["config"]["volume"]
    return Player(
        id=str(client["id"]),
        name=str(client["config"]["name"] or client["host"]["name"] or client["id"]),
        is_online=bool(client["connected"]),
        group=group,
        is_muted=bool(volume["muted"]),
        percent=int(volume["percent"]),
    )


def gathering(house: House, names: tuple[str, ...]) -> tuple[Ask, ...]:
    """What brings the players of these names into one group that plays our stream; nothing where they are."""
    players = house.ours(names)
    if not names or not players or not house.stream:
        return ()
    ids = {one.id for one in players}
    group = next((one.group for one in players if house.stream_of(one.group) == house.stream), players[0].group)
    asks = []
    if {one.id for one in house.players if one.group == group} != ids:
        asks.append(Ask("Group.SetClients", {"id": group, "clients": sorted(ids)}))
    if house.stream_of(group) != house.stream:
        asks.append(Ask("Group.SetStream", {"id": group, "stream_id": house.stream}))
    return tuple(asks)


def opening_up(house: House, names: tuple[str, ...]) -> tuple[tuple[Ask, ...], tuple[Ask, ...]]:
    """For an emergency: what makes every player of ours loud, and what gives each back as it was."""
    opens, gives_back = [], []
    for one in house.ours(names):
        if one.is_muted or one.percent < FULL:
            opens.append(_volume(one.id, FULL, is_muted=False))
            gives_back.append(_volume(one.id, one.percent, is_muted=one.is_muted))
    for group in sorted({one.group for one in house.ours(names)} & house.muted_groups):
        opens.append(Ask("Group.SetMute", {"id": group, "mute": False}))
        gives_back.append(Ask("Group.SetMute", {"id": group, "mute": True}))
    return tuple(opens), tuple(gives_back)


def _volume(id_: str, percent: int, *, is_muted: bool) -> Ask:
    return Ask("Client.SetVolume", {"id": id_, "volume": {"percent": percent, "muted": is_muted}})
