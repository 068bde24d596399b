"""What a person asks to hear, a slot or a script, as a slot that the plan can hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from broadcaster.errors import Refused
from broadcaster.model.texts import Library
from broadcaster.model.timetable import PlayScript, Schedule, Slot, SlotId
from broadcaster.model.words import Sentence
from broadcaster.plan.rounds import find_script


def slot_for(what: str, schedule: Schedule, library: Library, zones: tuple[str, ...] = ()) -> Slot:
    """The timetable's slot called *what*, or one made up for ``script:NAME``, in *zones*. Raises Refused."""
    known = [zone.name for zone in schedule.zones]
    for zone in zones:
        if zone not in known:
            raise Refused(unknown_zone(zone, known))
    if what.startswith("script:"):
        name = what.removeprefix("script:").strip()
        script = find_script(library.by_name, name)
        if script is None:
            raise Refused(_unknown("稿件", "script", name, [script.name for script in library.scripts]))
        stem = script.name.rpartition("/")[2]
        return Slot(
            id=SlotId(f"now-{stem}"),
            title=script.title,
            at=(),
            play=(PlayScript(script.name),),
            zones=zones or tuple(known),
        )
    slot = next((slot for slot in schedule.slots if slot.id == what), None)
    if slot is None:
        raise Refused(_unknown("时段", "slot", what, [*(slot.id for slot in schedule.slots), "script:NAME"]))
    return replace(slot, first_day=None, last_day=None, is_paused=False, zones=zones or slot.zones)


def unknown_zone(zone: str, known: Iterable[str]) -> Sentence:
    return _unknown("片区", "zone", zone, list(known))


def _unknown(zh: str, en: str, given: str, known: list[str]) -> Sentence:
    close = get_close_matches(given, known, n=1)
    hint_zh = f"是不是“{close[0]}”？" if close else ""
    hint_en = f" Did you mean {close[0]!r}?" if close else ""
    shown = known[:12]
    more = "…" if len(known) > len(shown) else ""
    return Sentence(
        f"没有叫“{given}”的{zh}。{hint_zh}有：{'、'.join(shown)}{more}。",
        f"there is no {en} called {given!r}.{hint_en} Known: {', '.join(shown)}{more}.",
    )
