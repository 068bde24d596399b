"""Names that one part of the file uses and another part must hold: zones and voices of slots."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from broadcaster.model.timetable import Slot
from broadcaster.model.words import Sentence
from broadcaster.schedule.complaints import unknown

ZONE = Sentence("片区", "zone")
VOICE = Sentence("声音", "voice")


def unknown_names(
    slots: Iterable[Slot], zones: Collection[str], voices: Collection[str]
) -> Iterator[tuple[str, Sentence]]:
    """Path and sentence for each zone or voice that a slot asks for and the file does not hold."""
    for slot in slots:
        for zone in slot.zones:
            if zone not in zones:
                yield f"slot.{slot.id}.zones", unknown(ZONE, zone, zones)
        if slot.voice not in voices:
            yield f"slot.{slot.id}.voice", unknown(VOICE, slot.voice, voices)
