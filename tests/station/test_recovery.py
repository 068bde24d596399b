"""What a crash left behind, with what several decks wrote down."""

from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.model.words import NOTHING_TO_SAY, Fate
from broadcaster.playout.cue import LastWords
from broadcaster.station.recovery import Close, recover
from tests.station.conftest import at

MORNING = AiringId("morning@2026-11-24T07:30:00")


def test_of_several_outputs_the_one_that_ended_last_is_the_end():
    entry = LogEntry(
        airing=MORNING,
        slot="morning",
        title="a",
        planned_at=at("07:30"),
        started_at=at("07:30"),
        fate=Fate.ON_AIR,
        reason=NOTHING_TO_SAY,
    )
    words = [
        LastWords(airing=None, position=0, heard={MORNING: at(end)}) for end in ("07:30:20", "07:30:40", "07:30:30")
    ]

    (step,) = recover([entry], [], words, at("07:40"))

    assert isinstance(step, Close)
    assert (step.entry.fate, step.entry.finished_at) == (Fate.AIRED, at("07:30:40"))
