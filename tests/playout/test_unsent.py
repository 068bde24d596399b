"""The account of what never left for the network."""

from datetime import UTC, datetime

import pytest

from broadcaster.model.airing import AiringId
from broadcaster.model.words import NOTHING_TO_SAY, Sentence
from broadcaster.playout.cue import Finished, Interrupted, Started, Trouble, Unsent
from broadcaster.playout.unsent import TOO_SLOW, Unsents

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
ONE = AiringId("one")
STARTED = Started(airing=ONE, at=NOW)
FINISHED = Finished(airing=ONE, at=NOW, is_whole=True, reason=NOTHING_TO_SAY)
GONE = Sentence("断开了", "it hung up")
S = 48_000


@pytest.mark.parametrize(("missed_s", "is_all"), [(3, False), (9.4, False), (9.6, True), (10, True)])
def test_what_was_not_sent_is_told_before_the_end(missed_s, is_all):
    book = Unsents()

    assert book.pulse(GONE) == Trouble(reason=GONE)
    assert book.before(STARTED, 5 * S, S) is None
    assert book.before(FINISHED, 15 * S, round((1 + missed_s) * S)) == Unsent(
        airing=ONE, seconds=missed_s, is_all=is_all, reason=GONE
    )


@pytest.mark.parametrize("missed", [0, S // 4])
def test_a_moment_that_nobody_misses_is_not_told(missed):
    book = Unsents()
    book.before(STARTED, 0, 0)

    assert book.before(FINISHED, 10 * S, missed) is None


def test_of_a_very_short_sound_every_half_counts():
    book = Unsents()
    book.before(STARTED, 0, 0)

    assert book.before(FINISHED, S // 2, S // 2) == Unsent(airing=ONE, seconds=0.5, is_all=True, reason=TOO_SLOW)


def test_what_was_lost_while_something_else_was_on_the_air_is_not_its_own():
    book = Unsents()
    book.before(STARTED, 0, 0)
    book.before(Interrupted(airing=ONE, at=NOW, by=AiringId("two"), position=S, will_resume=True), 2 * S, 0)
    book.before(STARTED, 12 * S, 10 * S)

    assert book.before(FINISHED, 20 * S, 10 * S) is None


def test_a_trouble_is_told_once_and_once_more_when_it_is_over():
    book = Unsents()

    assert [book.pulse(trouble) for trouble in (None, GONE, GONE, None, None)] == [
        None,
        Trouble(reason=GONE),
        None,
        Trouble(reason=NOTHING_TO_SAY),
        None,
    ]
