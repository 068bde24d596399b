"""What a crash left behind, with what several decks wrote down."""

from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.model.words import NOTHING_TO_SAY, Fate
from broadcaster.playout.cue import LastWords
from broadcaster.station.recovery import Close, lacking, recover
from broadcaster.station.underway import Part
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
    words = {
        end: LastWords(airing=None, position=0, heard={MORNING: at(end)})
        for end in ("07:30:20", "07:30:40", "07:30:30")
    }

    (step,) = recover([entry], [], words, at("07:40"), lambda _: NOTHING_TO_SAY)

    assert isinstance(step, Close)
    assert (step.entry.fate, step.entry.finished_at) == (Fate.AIRED, at("07:30:40"))


def test_each_output_that_had_not_all_of_it_is_named_with_what_is_known_of_it():
    over = {"done": Part.WHOLE, "cut": Part.ENDED, "away": Part.UNHEARD}
    words = {
        "heard": LastWords(airing=None, position=0, heard={MORNING: at("07:30:20")}),
        "faded": LastWords(airing=MORNING, position=48_000, heard={}),
    }

    said = lacking(("done", "cut", "away", "heard", "faded", "dumb"), over, words, MORNING)

    assert said.zh == "输出 cut 没有播完；输出 away 没有播出来；输出 faded 没有播完；输出 dumb 没有说播完了"
    assert said.en == (
        "output cut did not play it to its end; output away was not there; output faded did not play it to its end; "
        "output dumb did not say that it was heard to its end"
    )
    assert lacking(("done", "heard"), over, words, MORNING) == NOTHING_TO_SAY
