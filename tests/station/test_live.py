"""People speak live: who may, where it is heard, how it ends, what the log says, and what is kept of it."""

import os
import wave
from datetime import timedelta

import pytest

from broadcaster.errors import Refused
from broadcaster.model.airing import LogEntry
from broadcaster.model.timetable import LiveSettings
from broadcaster.model.words import Fate, Priority, Sentence
from broadcaster.playout.cue import Arm, Buffered, EndLive, GateRules
from broadcaster.station.livedesk import LINE_BROKE, Stage
from broadcaster.station.livestamps import LiveStamps
from broadcaster.station.livetapes import DISK_FULL, LiveTapes
from tests.fakes_store import MemoryStore
from tests.pulse import RATE_HZ
from tests.servers import wait_for
from tests.station.conftest import SCHEDULE, at, write_station

EAST_AND_WEST = SCHEDULE.replace(
    '[zone.all]\noutputs = ["main"]\n\n[output.main]\nkind = "tape"\n',
    '[zone.all]\noutputs = ["east", "west"]\n[zone.east]\noutputs = ["east"]\n'
    '[output.east]\nkind = "tape"\n[output.west]\nkind = "tape"\ndevice = "west"\n',
)
BLOCK = b"\1\2" * 960


@pytest.fixture
def village(found, tmp_path):
    write_station(tmp_path, EAST_AND_WEST)
    village = found("10:00")
    village.advance(2)
    return village


def speak(village, **more):
    """Somebody who is on the air."""
    broadcast = village.station.speak(**{"who": "王", "reason": "找人"} | more)
    village.advance(0.5, step=0.25)
    return broadcast


def refusal(act, *args, **more):
    with pytest.raises(Refused) as refused:
        act(*args, **more)
    return refused.value.sentence


def over(village, broadcast):
    village.advance(1)
    assert broadcast.wait_beyond(Stage.ENDING, 10) is Stage.OVER
    return broadcast.entry


# --- on the air ---------------------------------------------------------------------------------------------------


def test_who_speaks_is_heard_in_the_zone_and_is_in_the_log(village):
    broadcast = speak(village, zones=("east",))
    assert broadcast.progress().stage is Stage.ON_AIR
    assert [one.entry.who for one in village.station.status().on_air] == ["王"]

    broadcast.sound(BLOCK)
    broadcast.end()
    entry = over(village, broadcast)

    assert [(airing, pcm) for airing, _, pcm in village.decks["east"].live] == [(broadcast.airing, BLOCK)]
    assert village.decks["west"].live == []
    assert entry == village.log()[broadcast.airing]
    assert (entry.fate, entry.reason.zh, entry.title) == (Fate.AIRED, "", "现场讲话：找人")
    assert (entry.who, entry.zones, entry.priority) == ("王", ("east",), Priority.LIVE)


def test_both_ends_of_the_village_get_the_same_sound_for_the_same_instant(village):
    broadcast = speak(village)
    for _ in range(3):
        broadcast.sound(BLOCK)

    assert village.decks["east"].live == village.decks["west"].live
    assert [tick for _, tick, _ in village.decks["east"].live] == [
        village.decks["east"].live[0][1] + number * 960 for number in range(3)
    ]
    delays = {
        one.cue.live.delay_s
        for deck in village.decks.values()
        for one in deck.commands
        if isinstance(one, Arm) and one.cue.live is not None
    }
    assert delays == {0.15}


def test_a_deck_that_takes_nothing_does_not_keep_the_others_from_hearing(village):
    broadcast = speak(village)
    village.decks["west"].is_dead = True
    broadcast.sound(BLOCK * 48)
    village.decks["west"].is_dead = False
    broadcast.end()

    assert len(village.decks["east"].live) == 1
    assert over(village, broadcast).reason.zh == "输出 west 有 1.0 秒没有收下"


def test_sound_before_the_horns_are_on_and_after_the_end_is_not_taken(village):
    broadcast = village.station.speak(who="王", reason="找人")
    broadcast.sound(BLOCK)
    village.advance(0.5, step=0.25)
    broadcast.end()
    broadcast.sound(BLOCK)

    assert village.decks["east"].live == []


def test_a_routine_airing_waits_while_somebody_speaks(village):
    village.until(at("11:59:58"))
    broadcast = speak(village)
    village.advance(5)
    assert village.log()["noon@2026-11-24T12:00:00"].fate is Fate.CLAIMED
    broadcast.end()
    village.advance(60)

    assert village.log()["noon@2026-11-24T12:00:00"].fate is Fate.AIRED
    assert village.log()[broadcast.airing].fate is Fate.AIRED


def test_the_amplifier_is_warm_before_anybody_speaks(found, tmp_path):
    amplifier = '[amplifier.horns]\non = ["on"]\noff = ["off"]\nlead = "4s"\n'
    write_station(tmp_path, SCHEDULE + amplifier)
    village = found("10:00")
    village.advance(2)
    broadcast = speak(village)
    assert village.station.status().amplifiers[0].is_on
    assert broadcast.progress().stage is Stage.WAITING

    village.advance(4)
    assert broadcast.progress().stage is Stage.ON_AIR
    broadcast.end()
    village.advance(10)
    assert not village.station.status().amplifiers[0].is_on


def test_a_deck_that_dies_while_the_amplifier_warms_up_is_given_the_speech_again(found, tmp_path):
    write_station(tmp_path, SCHEDULE + '[amplifier.horns]\non = ["on"]\noff = ["off"]\nlead = "4s"\n')
    village = found("10:00")
    village.advance(2)
    broadcast = speak(village)
    village.decks["main"].die()
    village.advance(1)
    village.decks["main"].revive()
    village.advance(4)

    assert broadcast.progress().stage is Stage.ON_AIR
    broadcast.sound(BLOCK)
    assert len(village.decks["main"].live) == 1


def test_how_long_it_may_last_is_with_the_gate_of_every_deck(found, tmp_path):
    write_station(tmp_path, SCHEDULE + '[live]\nlongest = "20m"\njitter = "300ms"\n')
    village = found("10:00")
    village.advance(2)
    broadcast = speak(village)

    rules = [one for one in village.decks["main"].commands if isinstance(one, GateRules)] or [
        village.decks["main"].rules
    ]
    [cue] = [one.cue for one in village.decks["main"].commands if isinstance(one, Arm) and one.cue.live]
    assert rules[-1].longest_live_s == cue.max_length_s == 1200
    assert cue.live.delay_s == 0.35
    village.advance(1210, step=10)
    assert over(village, broadcast).reason.zh == "超过了最长时间，到此为止"
    assert broadcast.entry.fate is Fate.INTERRUPTED


# --- who may not --------------------------------------------------------------------------------------------------


def test_nobody_speaks_without_a_name_and_a_reason(village):
    assert refusal(village.station.speak, who=" ", reason="找人").zh == "没有写是谁讲话。"
    assert refusal(village.station.speak, who="王", reason="\n") == Sentence(
        "没有写为什么讲话。请写一句，记进播出记录。", "why is not written. Say it, for the as-run log."
    )


def test_nobody_speaks_to_a_zone_that_is_not_there(village):
    said = refusal(village.station.speak, who="王", reason="找人", zones=("esat",))

    assert said.en == "there is no zone called 'esat'. Did you mean 'east'? Known: all, east."


def test_nobody_speaks_in_quiet_hours(found, tmp_path):
    write_station(tmp_path)
    village = found("22:00")
    village.advance(2)

    assert "quiet hours" in refusal(village.station.speak, who="王", reason="找人").en


def test_nobody_speaks_into_somebody_elses_words(village):
    speak(village, zones=("east",))

    assert refusal(village.station.speak, who="李", reason="也找人") == Sentence(
        "王 正在讲话，等讲完再来。", "王 is speaking. Wait until that is over."
    )


def test_nobody_speaks_over_an_emergency(village):
    village.station.emergency("script:flood", who="王", reason="洪水")
    village.advance(1)

    assert refusal(village.station.speak, who="李", reason="找人").en == (
        "an emergency is on the air. Speak when it is over, or stop it: dalaba stop."
    )


def test_nobody_speaks_where_no_output_is_open(village):
    for deck in village.decks.values():
        deck.die()
    village.advance(1)

    assert refusal(village.station.speak, who="王", reason="找人").en == "no output is open now."


# --- how it ends --------------------------------------------------------------------------------------------------


def test_a_line_that_breaks_is_in_the_log(village):
    broadcast = speak(village)
    broadcast.sound(BLOCK)
    broadcast.end(LINE_BROKE)
    broadcast.end()
    entry = over(village, broadcast)

    told = [one for one in village.decks["east"].commands if isinstance(one, EndLive)]
    assert [(one.tick, one.reason) for one in told] == [(village.decks["east"].live[0][1] + 960, LINE_BROKE)]
    assert (entry.fate, entry.reason.zh) == (Fate.INTERRUPTED, "话筒那头断了")


def test_anybody_may_stop_it(village):
    broadcast = speak(village)
    assert village.station.stop(None, who="李") == (broadcast.airing,)

    assert over(village, broadcast).reason.zh == "李 停止"
    assert broadcast.sound(BLOCK) == 0.0


def test_it_may_be_stopped_while_the_amplifier_warms_up(found, tmp_path):
    write_station(tmp_path, SCHEDULE + '[amplifier.horns]\non = ["on"]\noff = ["off"]\nlead = "4s"\n')
    village = found("10:00")
    village.advance(2)
    broadcast = speak(village)
    assert village.station.stop(broadcast.airing, who="李") == (broadcast.airing,)

    assert over(village, broadcast).fate is Fate.SKIPPED
    assert village.heard == []


@pytest.mark.parametrize("lead", ["0s", "4s"], ids=["on the air", "while the amplifier warms up"])
def test_silence_that_people_ask_for_ends_it(found, tmp_path, lead):
    write_station(tmp_path, SCHEDULE + f'[amplifier.horns]\non = ["on"]\noff = ["off"]\nlead = "{lead}"\n')
    village = found("10:00")
    village.advance(2)
    broadcast = speak(village)
    village.station.hold(at("11:00"), who="李", why="出殡")

    assert over(village, broadcast).reason.zh == "李 停止"
    village.advance(10)
    assert village.decks["main"].playing is None


def test_an_emergency_ends_it_where_it_is_heard_and_nowhere_else(village):
    broadcast = speak(village)
    village.station.emergency("script:flood", who="李", reason="洪水", zones=("east",), plays=1)
    village.advance(1)
    assert list(broadcast.progress().outputs) == ["west"]
    broadcast.sound(BLOCK)
    broadcast.end()
    entry = over(village, broadcast)

    assert village.decks["east"].live == []
    assert entry.fate is Fate.AIRED
    assert entry.reason.zh == "被 emergency@2026-11-24T10:00:02 打断，没有再播"


def test_an_emergency_everywhere_ends_it(village):
    broadcast = speak(village)
    village.station.emergency("script:flood", who="李", reason="洪水", plays=1)

    assert over(village, broadcast).fate is Fate.INTERRUPTED


def test_a_deck_that_dies_ends_it_there_with_its_reason(village):
    broadcast = speak(village, zones=("east",))
    village.decks["east"].die()
    village.advance(1)
    village.decks["east"].revive()
    entry = over(village, broadcast)

    assert (entry.fate, entry.reason.zh) == (Fate.INTERRUPTED, "输出 east：没有了")
    assert len(village.heard) == 1


@pytest.mark.parametrize(
    ("fate", "closed"), [(Fate.ON_AIR, Fate.INTERRUPTED), (Fate.CLAIMED, Fate.MISSED)], ids=["heard", "waiting"]
)
def test_a_station_that_died_while_somebody_spoke_says_so(found, tmp_path, fate, closed):
    store = MemoryStore()
    since = at("10:00") if fate is Fate.ON_AIR else None
    left = LogEntry(
        airing="live@2026-11-24T10:00:00",
        slot="live",
        title="现场讲话：找人",
        planned_at=at("10:00"),
        priority=Priority.LIVE,
        fate=fate,
        started_at=since,
    )
    store.log.write(left)
    write_station(tmp_path)
    village = found("10:01", store=store, is_synchronised=True)
    village.advance(2)

    entry = village.log()[left.airing]
    assert (entry.fate, entry.reason.zh) == (closed, "站中断，讲话到此为止")


def test_a_station_that_is_closed_tells_whoever_speaks(village):
    broadcast = speak(village)
    village.station.close()

    assert (broadcast.progress().stage, broadcast.entry.reason.zh) == (Stage.OVER, "站关了")
    assert broadcast.sound(BLOCK) == 0.0


def test_an_uneven_line_is_in_the_log(village):
    broadcast = speak(village, zones=("east",))
    village.decks["east"].report(Buffered(airing=broadcast.airing, depth_ms=40, holes=3, silent_ms=1250, dropped_ms=0))
    broadcast.end()

    assert over(village, broadcast).reason.zh == "声音断断续续，共断了 1.2 秒"


# --- what is kept of it -------------------------------------------------------------------------------------------


def test_all_that_was_heard_is_recorded_and_found_from_the_log(village):
    broadcast = speak(village)
    for _ in range(50):
        broadcast.sound(BLOCK)
    broadcast.end()
    entry = over(village, broadcast)

    path = village.station.logbook.clip(entry.clip)
    assert path.parent == village.home.live
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE_HZ, 1, 2)
        assert file.readframes(file.getnframes()) == 50 * BLOCK


def test_a_full_disk_ends_the_recording_and_not_the_speech(village, tmp_path):
    village.station._live._tapes = LiveTapes(tmp_path / "full", least_free_bytes=1 << 62)
    broadcast = speak(village)
    wait_for(lambda: not broadcast.progress().is_recorded, "the disk is found full")
    broadcast.sound(BLOCK)
    broadcast.end()
    entry = over(village, broadcast)

    assert len(village.decks["east"].live) == 1
    assert (entry.fate, entry.reason) == (Fate.AIRED, DISK_FULL)


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "live").write_text("in the way")
    tape = LiveTapes(tmp_path / "live").begin("0" * 32, at("10:00"))
    tape.write(BLOCK)
    tape.close()

    assert tape.trouble.en == "it cannot be recorded: File exists"


@pytest.mark.slow
def test_a_recording_is_whole_up_to_the_last_second_whatever_ends_us(tmp_path):
    """Nobody closes it: what lies on the disk meanwhile is a sound file that can be heard."""
    tapes = LiveTapes(tmp_path)
    tape = tapes.begin("0" * 32, at("10:00"))
    for _ in range(50):
        tape.write(BLOCK)

    def frames():
        path = tapes.find("0" * 32)
        with wave.open(str(path)) as file:
            return file.getnframes()

    wait_for(lambda: tapes.find("0" * 32) and tapes.find("0" * 32).stat().st_size > 44, "the first second is written")
    wait_for(lambda: frames() > 0, "its head counts it")
    assert frames() * 2 <= tapes.find("0" * 32).stat().st_size - 44
    tape.close()
    assert frames() == 50 * 960


def recording(tapes, number, days_old, now, size=1000):
    tape = tapes.begin(f"{number:032x}", now - timedelta(days=days_old))
    tape.write(bytes(size))
    tape.close()
    path = tapes.find(f"{number:032x}")
    os.utime(path, ((now - timedelta(days=days_old)).timestamp(),) * 2)
    return path


def test_what_is_too_old_is_removed_and_what_is_being_made_is_not(tmp_path):
    tapes, now = LiveTapes(tmp_path), at("10:00")
    old, fresh = recording(tapes, 1, 91, now), recording(tapes, 2, 89, now)
    running = tapes.begin("f" * 32, now - timedelta(days=100))

    tapes.clear_away(LiveSettings(), now)
    running.close()

    assert (old.exists(), fresh.exists()) == (False, True)
    assert tapes.find("f" * 32) is not None


def test_beyond_the_limit_the_oldest_go(tmp_path):
    tapes, now = LiveTapes(tmp_path), at("10:00")
    kept = [recording(tapes, number, 10 - number, now) for number in range(4)]
    for path in kept:
        os.truncate(path, 400_000_000)
        os.utime(path, (now.timestamp(),) * 2)

    tapes.clear_away(LiveSettings(keep_gb=1), now)

    assert [path.exists() for path in kept] == [False, False, True, True]


# --- the instants of its blocks -----------------------------------------------------------------------------------


def stamped(arrivals, frames=960):
    stamps = LiveStamps()
    return [stamps.stamp(frames, came) for came in arrivals]


def test_blocks_that_come_unevenly_are_heard_evenly():
    even = [number * 960 for number in range(100)]
    uneven = [came + (number * 777) % 2000 for number, came in enumerate(even)]

    assert stamped([0, *uneven[1:]]) == even


def test_a_source_that_stood_still_is_heard_from_then_on():
    """Ten seconds of nothing, then it goes on: its sound is not heard ten seconds late for ever."""
    before = [number * 960 for number in range(100)]
    after = [480_000 + number * 960 for number in range(150)]

    ticks = stamped(before + after)

    assert ticks[-1] == after[-1]


def test_a_source_whose_clock_runs_fast_is_followed():
    arrivals = [round(number * 960 * 0.999) for number in range(3000)]

    ticks = stamped(arrivals)

    assert max(abs(tick - came) for tick, came in zip(ticks, arrivals, strict=True)) <= 1000


def test_a_source_that_gives_all_at_once_is_told_how_far_ahead_it_is():
    stamps = LiveStamps()
    for _ in range(5):
        stamps.stamp(960, 0)

    assert stamps.ahead_s(0) == pytest.approx(0.1)
