"""An airing → what is to be rendered for it: worked out once, and kept as long as nothing that shapes it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import NamedTuple

from broadcaster.clips import clip_key, file_hash, sound_files
from broadcaster.home import Home
from broadcaster.model.airing import Airing, AiringId, LeftOut
from broadcaster.model.clip import ClipOrder
from broadcaster.model.texts import ScriptName
from broadcaster.model.timetable import Slot, SlotId, SoundSettings
from broadcaster.model.words import Priority
from broadcaster.station.bulletins import Bulletins

MOST_KEPT = 10_000
"""Many times a village's next days."""

HashNow = Callable[[str], str]
"""Of a sound file, by its name below ``audio/``, as its bytes are now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedClip:
    """One clip, and the outputs whose horns need it so."""

    order: ClipOrder
    key: str
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """What is to be rendered for an airing."""

    clips: tuple[OrderedClip, ...]
    """All equally long, with the same sentences at the same samples. Empty: nothing is left to say."""
    left_out: tuple[LeftOut, ...]

    @property
    def order(self) -> ClipOrder | None:
        """The first clip's."""
        return self.clips[0].order if self.clips else None

    @property
    def key(self) -> str:
        return self.clips[0].key if self.clips else ""


class _Said(NamedTuple):
    """What one slot says on one day: its airings of that day are one order, whatever became of them."""

    slot: SlotId
    scripts: tuple[ScriptName, ...]
    day: date


class _Kept(NamedTuple):
    slot: Slot
    """As it was: a slot played by hand keeps its own settings beside those of the file."""
    ordered: Ordered
    sounds: dict[str, str]
    """Hash of each sound file in it."""


class OrderBook:
    """The orders of one ``Bulletins``, and thrown away with it: files, approvals, points and words are the same here.

    Owned by one thread at a time.
    """

    def __init__(self, bulletins: Bulletins, home: Home) -> None:
        self._bulletins = bulletins
        self._home = home
        self._kept: dict[_Said, _Kept] = {}

    def order(self, airing: Airing) -> Ordered:
        """What to render for *airing*, and what had to be left out."""
        return self._order(airing, self._look())

    def orders(self, airings: Iterable[Airing]) -> dict[AiringId, Ordered]:
        """The same for many, in their order, with one look at each sound file."""
        look = self._look()
        return {airing.id: self._order(airing, look) for airing in airings}

    def _look(self) -> HashNow:
        audio = self._home.audio
        return cache(lambda name: file_hash(audio / name))

    def _order(self, airing: Airing, look: HashNow) -> Ordered:
        said = _Said(airing.slot.id, airing.scripts, airing.planned_at.date())
        kept = self._kept.get(said)
        if kept is None or kept.slot != airing.slot or any(look(name) != was for name, was in kept.sounds.items()):
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept = self._kept[said] = self._made(airing, look)
        ordered = kept.ordered
        return replace(ordered, left_out=airing.left_out + ordered.left_out) if airing.left_out else ordered

    def _made(self, airing: Airing, look: HashNow) -> _Kept:
        order, left_out = self._bulletins.order(airing)
        if order is None:
            return _Kept(airing.slot, Ordered(clips=(), left_out=left_out), {})
        shaped = [(replace(order, sound=sound), outputs) for sound, outputs in self._sounds(order, airing)]
        sounds = {name: look(name) for own, _ in shaped for name in sound_files(own)}  # before the keys look at them
        clips = tuple(
            OrderedClip(order=own, key=clip_key(own, self._home.audio), outputs=outputs) for own, outputs in shaped
        )
        return _Kept(airing.slot, Ordered(clips=clips, left_out=left_out), sounds)

    def _sounds(self, order: ClipOrder, airing: Airing) -> Iterable[tuple[SoundSettings, tuple[str, ...]]]:
        schedule = self._bulletins.in_force.schedule
        outputs = schedule.outputs_of(airing.slot.zones)
        if airing.slot.priority is Priority.EMERGENCY:
            return [(order.sound, outputs)]
        return (schedule.sounds_of(outputs) or {order.sound: ()}).items()
