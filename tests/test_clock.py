"""Whether the wall clock can be believed, and noticing that somebody set it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from broadcaster.clock import RELEASED, StepWatch, SystemClock, judge_clock

SEEN = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def judge(now, last_seen=SEEN, is_synchronised=False, was_trusted=False):
    return judge_clock(now, last_seen=last_seen, is_synchronised=is_synchronised, was_trusted=was_trusted)


def test_a_clock_that_goes_on_from_what_was_last_seen_is_trusted():
    assert judge(SEEN + timedelta(minutes=3)).is_trusted


def test_after_a_boot_in_the_past_the_clock_is_not_trusted_and_the_sentence_says_what_to_do():
    trust = judge(datetime(2020, 1, 1, tzinfo=UTC))

    assert not trust.is_trusted
    assert trust.why_not.zh == (
        "时钟不可信：现在显示 2020-01-01 00:00，比上次记录的 2026-12-01 08:00（UTC）还早。"
        "节目先不播，紧急广播照常。请联网对时，或核对时间后运行 dalaba trust-clock"
    )
    assert "dalaba trust-clock" in trust.why_not.en


def test_a_box_that_never_ran_does_not_believe_a_clock_older_than_its_program():
    assert not judge(RELEASED - timedelta(days=1), last_seen=None).is_trusted
    assert judge(RELEASED, last_seen=None).is_trusted


def test_a_synchronised_clock_is_believed_although_the_log_saw_a_later_time():
    """A clock that once ran two years ahead must not silence the village afterwards."""
    assert judge(SEEN - timedelta(days=730), is_synchronised=True).is_trusted


def test_a_clock_once_believed_stays_believed_when_somebody_sets_it_back():
    assert judge(SEEN - timedelta(hours=1), was_trusted=True).is_trusted


def test_a_step_is_noticed_once_and_slow_adjustment_never():
    watch, now = StepWatch(), datetime(2026, 12, 1, tzinfo=UTC)

    assert watch.moved(now, 100.0) == timedelta()
    assert watch.moved(now + timedelta(seconds=1.2), 101.0) == timedelta()
    assert watch.moved(now + timedelta(seconds=3622), 102.0) == timedelta(seconds=3619.8)
    assert watch.moved(now + timedelta(seconds=3623), 103.0) == timedelta()


def test_66_frozen_seconds_are_no_step():
    """A stopped process finds both clocks later by the same amount."""
    watch, now = StepWatch(), datetime(2026, 12, 1, tzinfo=UTC)
    watch.moved(now, 100.0)

    assert watch.moved(now + timedelta(seconds=66), 166.0) == timedelta()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_steps_add_up_to_the_whole_way(steps):
    watch, now, monotonic = StepWatch(), datetime(2026, 12, 1, tzinfo=UTC), 0.0
    watch.moved(now, monotonic)
    total = timedelta()
    for step in steps:
        now, monotonic = now + timedelta(seconds=step + 1), monotonic + 1
        total += watch.moved(now, monotonic)

    assert abs(total.total_seconds() - sum(steps)) <= 0.5 * len(steps)


def test_the_machine_has_clocks():
    clock = SystemClock()

    assert clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()
    assert clock.is_synchronised() in (True, False)
