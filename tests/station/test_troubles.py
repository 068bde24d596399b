"""Crashes, lost cards, full disks, and emergencies in the middle of it all."""

import pytest

from broadcaster.errors import Refused, VoiceFailed
from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import NOTHING_TO_SAY, Fate, Priority, Sentence
from broadcaster.playout.cue import Arm, Finished, Interrupted, LastWords, Level, NotAired, Started, Stop
from tests.fakes_store import MemoryStore
from tests.station.conftest import SCHEDULE, at, write_station

MORNING = AiringId("morning@2026-11-24T07:30:00")
MAIN_CUT = {"main": LastWords(airing=MORNING, position=48_000, heard={})}
DISK_FULL = Sentence("磁盘满了。", "the disk is full.")


def on_air(village, until="07:30:02"):
    village.until(at("07:29:30"))
    village.until(at(until), step=0.25)
    return village.decks["main"]


# --- decks ------------------------------------------------------------------------------------------------------


def test_a_deck_that_dies_in_mid_airing_goes_on_at_its_last_sentence(found):
    village = found("07:20")
    deck = on_air(village, "07:30:04")
    deck.report(Level(rms_dbfs=-20, peak_dbfs=-3, underruns=0, airing=MORNING, position=4 * CLIP_RATE_HZ))

    deck.die()
    village.advance(1)
    deck.revive()
    village.advance(30)

    assert [offset for _, _, offset in village.heard] == [0, CLIP_RATE_HZ]
    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.AIRED, "输出 main 中断过")


def test_a_deck_that_comes_back_too_late_leaves_the_airing_interrupted_with_the_reason(found):
    village = found("07:20")
    deck = on_air(village)

    deck.die()
    village.until(at("07:41"), step=5)
    deck.revive()
    village.advance(5)

    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.INTERRUPTED, "输出 main：没有了")


TWO = SCHEDULE.replace('outputs = ["main"]', 'outputs = ["main", "west"]') + '[output.west]\nkind = "tape"\n'


def test_an_airing_armed_while_its_deck_is_away_for_good_is_missed_and_not_claimed_for_ever(found):
    """The deck was gone before the airing was armed, so nobody ever said of it that it was lost."""
    village = found("07:20")
    village.decks["main"].die()
    village.until(at("07:41"), step=5)

    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.MISSED, "输出 main 没有播出来")


def test_an_output_that_was_away_all_the_time_is_named_where_the_others_played(found, tmp_path):
    write_station(tmp_path, TWO)
    village = found("07:20")
    village.decks["west"].die()
    village.until(at("07:45"), step=1)

    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.AIRED, "输出 west 没有播出来")
    assert (entry.finished_at - entry.started_at).total_seconds() < 60, "the end is when the others ended"


def test_a_deck_that_opens_late_plays_what_it_was_told_meanwhile_and_the_log_waits_for_it(found, tmp_path):
    """What was armed while a deck was still opening lay in its pipe: it sounded after the log had closed the airing,
    because a slot that is dropped when it is cut was taken for cut there."""
    write_station(tmp_path, TWO.replace('grace = "10m"', 'grace = "10m"\nif_interrupted = "drop"'))
    village = found("07:20")
    village.decks["west"].die()
    village.until(at("07:30:03"))
    village.decks["west"].revive()
    village.advance(30)

    entry = village.log()[MORNING]
    assert [airing for airing, _, _ in village.decks["west"].heard] == [MORNING]
    assert (entry.fate, entry.finished_at >= at("07:30:09")) == (Fate.AIRED, True)


def test_after_a_crash_an_output_that_was_done_does_not_play_again(found, tmp_path):
    """One output was away and kept the airing open; the station died, and the other one heard everything twice."""
    write_station(tmp_path, TWO)
    store = MemoryStore()
    before = found("07:20", store=store)
    before.decks["west"].die()
    before.until(at("07:32"), step=1)

    after = found("07:32:10", store=store, clips=before.clips)
    after.advance(60)

    assert {name: [airing for airing, _, _ in deck.heard] for name, deck in after.decks.items()} == {
        "main": [],
        "west": [MORNING],
    }
    assert after.fates()[MORNING] == "aired"


def test_what_a_deck_had_begun_right_before_the_station_died_is_no_miss(found):
    """The deck wrote down how far it had come, but the station had died before it heard that it had begun."""
    store = MemoryStore()
    store.log.write(
        LogEntry(
            airing=MORNING, slot="morning", title="a", planned_at=at("07:30"), fate=Fate.CLAIMED, reason=NOTHING_TO_SAY
        )
    )
    village = found("07:55", store=store, last_words=MAIN_CUT)
    village.advance(2)

    assert village.fates()[MORNING] == "interrupted"


def test_a_deck_that_is_away_at_the_set_time_starts_late_within_grace(found):
    village = found("07:20")
    village.until(at("07:29:30"))
    village.decks["main"].die()
    village.until(at("07:30:30"))

    village.decks["main"].revive()
    village.advance(60)

    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.AIRED, "晚了 31 秒开始")


def test_two_outputs_are_one_airing_and_one_row(found, tmp_path):
    two = SCHEDULE.replace('outputs = ["main"]', 'outputs = ["main", "east"]') + '\n[output.east]\nkind = "tape"\n'
    write_station(tmp_path, two)
    village = found("07:20")
    village.until(at("07:29:30"))
    village.decks["east"].die()

    village.until(at("07:41"), step=2)

    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.AIRED, "输出 east：没有了")
    assert len(village.heard) == 1


# --- the station dies ---------------------------------------------------------------------------------------------


def test_a_station_killed_in_mid_airing_goes_on_at_the_last_sentence(found):
    store = MemoryStore()
    first = found("07:20", store=store)
    on_air(first)

    second = found("07:30:20", store=store, clips=first.clips)
    assert second.log()[MORNING].fate is Fate.ON_AIR  # nothing was known of where it stopped: begun again

    second.advance(60)
    assert [(airing, offset) for airing, _, offset in second.heard] == [(MORNING, 0)]
    assert second.log()[MORNING].fate is Fate.AIRED


def test_a_killed_station_goes_on_where_its_deck_wrote_that_it_was(found):
    store = MemoryStore()
    first = found("07:20", store=store)
    on_air(first)
    words = LastWords(airing=MORNING, position=4 * CLIP_RATE_HZ, heard={})

    second = found("07:30:20", store=store, clips=first.clips, last_words={"main": words})
    second.advance(60)

    assert [(airing, offset) for airing, _, offset in second.heard] == [(MORNING, CLIP_RATE_HZ)]


def test_an_airing_that_ended_while_its_station_died_is_not_begun_again(found):
    """The deck outlives the station by a moment, and what ended in it was heard once more from its beginning."""
    store = MemoryStore()
    first = found("07:20", store=store)
    on_air(first)
    words = LastWords(airing=None, position=0, heard={MORNING: at("07:30:06")})

    second = found("07:30:20", store=store, clips=first.clips, last_words={"main": words})
    second.advance(60)

    entry = second.log()[MORNING]
    assert (entry.fate, entry.finished_at, entry.reason.zh) == (Fate.AIRED, at("07:30:06"), "")
    assert second.heard == []


def test_an_output_that_lacked_what_another_played_to_its_end_is_named_after_a_crash(found, tmp_path):
    write_station(tmp_path, TWO)
    store = MemoryStore()
    first = found("07:20", store=store)
    first.until(at("07:29:30"))
    first.decks["west"].die()
    first.until(at("07:30:02"), step=0.25)
    words = LastWords(airing=None, position=0, heard={MORNING: at("07:30:06")})

    second = found("07:30:20", store=store, clips=first.clips, last_words={"main": words})
    second.advance(60)

    entry = second.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.AIRED, "输出 west 没有说播完了")
    assert entry.reason.en == "output west did not say that it was heard to its end"
    assert second.heard == []


def test_after_a_crash_the_outputs_that_were_done_are_left_alone_and_those_that_lacked_it_are_named(found, tmp_path):
    write_station(tmp_path, TWO)
    store = MemoryStore()
    first = found("07:20", store=store)
    deck = on_air(first)
    west = first.decks["west"]
    west.report(NotAired(airing=MORNING, fate=Fate.FAILED.value, reason=Sentence("坏了", "damaged")))
    first.turn()
    deck.report(Level(rms_dbfs=-20, peak_dbfs=-3, underruns=0, airing=MORNING, position=4 * CLIP_RATE_HZ))
    first.turn()

    second = found("07:30:20", store=store, clips=first.clips, last_words={"main": MAIN_CUT["main"]})
    second.advance(60)

    entry = second.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.AIRED, "站中断过；输出 west 没有播完")
    assert [airing for airing, _, _ in second.decks["west"].heard] == []


def test_an_emergency_that_its_deck_spoke_to_the_end_is_not_called_again(found):
    store = MemoryStore()
    first = found("07:20", store=store)
    flood = first.station.emergency("script:flood", who="王", reason="洪水", plays=1)
    first.advance(1)
    words = LastWords(airing=None, position=0, heard={flood: at("07:20:05")})

    second = found("07:20:20", store=store, clips=first.clips, last_words={"main": words})
    second.advance(60)

    entry = second.log()[flood]
    assert (entry.fate, entry.reason.zh) == (Fate.AIRED, "原因：洪水")
    assert second.heard == []


def test_what_a_killed_station_had_claimed_gets_its_fate_also_after_a_week_without_power(found):
    """Only three days of the log were looked at, and the row said for ever that it was about to sound."""
    store = MemoryStore()
    found("2026-11-17 07:20", store=store).until(at("2026-11-17 07:29:30"))

    village = found("07:00", store=store)
    village.advance(5)

    assert village.fates()["morning@2026-11-17T07:30:00"] == "missed"


def test_what_was_claimed_by_a_killed_station_and_is_taken_out_since_is_left_out(found, tmp_path):
    """The row was planned again, and the plan no longer held it."""
    store = MemoryStore()
    found("07:20", store=store).until(at("07:29:30"))
    write_station(tmp_path, SCHEDULE.replace('id = "morning"', 'id = "other"'))

    village = found("07:29:40", store=store)
    village.advance(5)

    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.SKIPPED, "节目表里已经没有它")


def test_a_claimed_airing_of_a_killed_station_is_heard_once(found):
    store = MemoryStore()
    first = found("07:20", store=store)
    first.until(at("07:29:30"))
    assert first.fates() == {MORNING: "claimed"}

    second = found("07:29:40", store=store)
    second.advance(60)

    assert [airing for airing, _, _ in second.heard] == [MORNING]
    assert second.fates() == {MORNING: "aired"}


def test_an_airing_that_a_long_power_cut_ended_is_interrupted(found):
    store = MemoryStore()
    on_air(found("07:20", store=store))

    second = found("08:30", store=store)
    second.advance(2)

    entry = second.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.INTERRUPTED, "站中断，已经过了时限")
    assert second.heard == []


def test_an_emergency_that_a_restart_cut_off_is_called_again(found):
    store = MemoryStore()
    first = found("10:00", store=store)
    airing = first.station.emergency("河水涨了", who="王", reason="洪水")
    first.advance(2)

    second = found("10:01", store=store)
    second.advance(2)

    assert second.heard[0][0].partition("~")[0] == airing
    assert second.log()[airing].who == "王"


# --- the disk -----------------------------------------------------------------------------------------------------


def test_a_full_disk_does_not_stop_the_air_and_the_log_catches_up(found):
    store = MemoryStore()
    village = found("07:20", store=store)
    village.advance(5)
    store.fail_with(DISK_FULL)

    village.until(at("07:31"))
    assert [airing for airing, _, _ in village.heard] == [MORNING]
    fault = village.station.status().faults[0]
    assert fault.name == "log"
    assert fault.what.zh.startswith("播出记录写不进去：磁盘满了。 广播照常，")

    store.fail_with(None)
    village.advance(10)
    assert village.fates()[MORNING] == "aired"
    assert village.station.status().faults == ()


def test_a_station_whose_disk_is_broken_at_the_start_airs_and_knows_its_log_later(found):
    store = MemoryStore()
    store.log.write(
        LogEntry(airing=MORNING, slot="morning", title="a", planned_at=at("07:30"), fate=Fate.SKIPPED, who="王")
    )
    store.fail_with(DISK_FULL)
    village = found("07:20", store=store)
    village.advance(5)

    store.fail_with(None)
    village.until(at("07:31"))

    assert village.heard == []
    assert village.fates()[MORNING] == "skipped"


# --- emergencies ----------------------------------------------------------------------------------------------------


def test_a_prepared_emergency_is_one_command_with_its_clip(found):
    village = found("10:00")
    village.advance(2)
    assert village.station.status().emergencies_ready == 1

    airing = village.station.emergency("script:flood", who="王", reason="洪水")

    [arm] = [one for one in village.decks["main"].commands if isinstance(one, Arm)]
    assert (arm.cue.airing, arm.cue.priority, arm.cue.plays) == (airing, Priority.EMERGENCY, 0)
    assert (arm.cue.permit.who, arm.cue.permit.reason) == ("王", "洪水")
    village.turn()
    entry = village.log()[airing]
    assert (entry.fate, entry.scripts, entry.reason.zh) == (Fate.ON_AIR, ("emergency/flood",), "原因：洪水")


def test_free_words_begin_with_the_siren_and_their_speech_follows(found):
    village = found("10:00")
    village.advance(2)

    airing = village.station.emergency("西坡要塌方，快走", who="王", plays=3)

    siren, speech = [one.cue for one in village.decks["main"].commands if isinstance(one, Arm)]
    assert (siren.airing, siren.clip.endswith("siren.wav"), siren.plays) == (airing + "~siren", True, 0)
    assert (speech.airing, speech.follows, speech.plays) == (airing, siren.airing, 3)
    assert speech.permit.reason == "紧急广播：西坡要塌方，快走"


def test_where_no_voice_speaks_recorded_words_follow_the_siren(found):
    village = found("10:00")
    village.advance(2)
    village.renderer.failure = VoiceFailed(Sentence("没有声音。", "no voice."))

    airing = village.station.emergency("西坡要塌方", who="王")
    village.advance(1)

    _, words = [one.cue for one in village.decks["main"].commands if isinstance(one, Arm)]
    assert (words.airing, words.clip.endswith("general.wav")) == (airing + "~recorded", True)
    assert village.log()[airing].voice == "recorded"


def test_an_emergency_needs_no_disk(found):
    store = MemoryStore()
    village = found("10:00", store=store)
    village.advance(2)
    store.fail_with(DISK_FULL)

    village.station.emergency("script:flood", who="王")
    village.advance(1)

    assert len(village.heard) == 1


def test_an_emergency_needs_no_planner(found):
    """Even while a turn is stuck in something slow, the way to the decks is free."""
    village = found("10:00")
    village.advance(2)

    with village.station._lock:
        village.station.emergency("script:flood", who="王")
        assert len(village.decks["main"].heard) == 1
        village.station.stop(None, who="王")

    assert village.decks["main"].playing is None


def test_at_night_an_emergency_needs_a_reason(found):
    village = found("23:00")

    with pytest.raises(Refused) as refused:
        village.station.emergency("河水涨了", who="王")
    assert (
        refused.value.sentence.zh
        == "现在是静音时段，紧急广播要写明原因，例如“上游水库泄洪”；打命令的写在 --reason 后面。"
    )

    village.station.emergency("河水涨了", who="王", reason="洪水")
    assert len(village.heard) == 1


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("", "紧急广播没有可念的话。请写一句。"),
        ("。。！", "紧急广播没有可念的话。请写一句。"),
        ("水" * 1001, "紧急广播最多 1000 个字，这里有 1001 个。请写短一点。"),
        ("script:nothing", "没有稿件“nothing”。应急稿有：emergency/flood。"),
    ],
)
def test_an_emergency_without_words_is_refused_and_nothing_sounds(found, what, words):
    village = found("10:00")

    with pytest.raises(Refused) as refused:
        village.station.emergency(what, who="王", reason="洪水")

    assert refused.value.sentence.zh == words
    assert village.heard == []


def test_an_emergency_of_an_unknown_zone_or_without_a_name_is_refused(found):
    village = found("10:00")

    with pytest.raises(Refused):
        village.station.emergency("水", who="王", zones=("west",))
    with pytest.raises(Refused):
        village.station.emergency("水", who=" ")


def test_a_stopped_emergency_is_written_down_as_heard_until_somebody_stopped_it(found):
    village = found("10:00")
    village.advance(2)
    airing = village.station.emergency("script:flood", who="王", reason="洪水")
    village.advance(1)

    assert village.station.stop(None, who="李") == (airing,)
    village.advance(1)

    entry = village.log()[airing]
    assert (entry.fate, entry.reason.zh) == (Fate.AIRED, "原因：洪水；李 停止")


def test_stop_during_an_emergency_stops_it_and_not_what_it_cut(found):
    village = found("07:20")
    deck = on_air(village)
    village.station.emergency("script:flood", who="王")

    village.station.stop(None, who="王")

    stops = {one.airing for one in deck.commands if isinstance(one, Stop)}
    assert MORNING not in stops


def test_an_interrupted_airing_that_resumes_says_so(found):
    village = found("07:20")
    deck = on_air(village)
    other = AiringId("emergency@2026-11-24T07:30:03")
    now = village.clock.now()

    deck.report(Interrupted(airing=MORNING, at=now, by=other, position=9, will_resume=True))
    deck.report(Started(airing=MORNING, at=now, offset=9))
    deck.report(Finished(airing=MORNING, at=now, is_whole=True, reason=Sentence("", "")))
    village.turn()

    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.AIRED, f"被 {other} 打断过")


def test_a_damaged_emergency_clip_is_noticed_within_the_hour_and_made_again(found):
    village = found("10:00")
    village.advance(10)
    flood = next(
        key
        for key, clip in village.clips.clips.items()
        if clip.characters == len("紧急通知。河水涨了，请马上到高处去。")
    )
    village.clips.damaged.add(flood)

    village.advance(3700, step=30)

    assert flood not in village.clips.damaged
    assert village.station.status().emergencies_ready == 1


def test_a_second_emergency_in_the_same_second_has_its_own_identity(found):
    village = found("10:00")

    first, second = (village.station.emergency("水", who="王") for _ in range(2))

    assert first != second


def test_the_log_of_the_station_knows_what_only_memory_knows(found):
    store = MemoryStore()
    village = found("10:00", store=store)
    village.advance(5)
    airing = village.station.emergency("script:flood", who="王")
    village.turn()

    assert [entry.airing for entry in village.station.log(at("00:00"))] == [airing]
    assert village.station.log(at("00:00"))[0].priority is Priority.EMERGENCY


# --- stopping what cannot hear it ---------------------------------------------------------------------------------


def test_an_emergency_that_is_stopped_while_its_deck_is_away_does_not_come_back(found):
    """The stop went to a dead process, and the new one was given the emergency again: one tap did not end it."""
    village = found("10:00")
    village.advance(2)
    airing = village.station.emergency("script:flood", who="王", reason="洪水")
    village.advance(1)
    deck = village.decks["main"]
    deck.die()
    village.advance(1)

    assert village.station.stop(None, who="李") == (airing,)
    deck.revive()
    village.advance(3)

    assert len(village.heard) == 1
    entry = village.log()[airing]
    assert (entry.fate, entry.reason.zh) == (Fate.AIRED, "原因：洪水；输出 main 中断过；李 停止")


def test_a_stop_while_the_deck_is_away_ends_what_it_had_begun(found):
    village = found("07:20")
    deck = on_air(village)
    deck.die()
    village.advance(1)

    assert village.station.stop(None, who="李") == (MORNING,)
    village.advance(1)
    deck.revive()
    village.advance(30)

    assert len(village.heard) == 1
    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.INTERRUPTED, "李 停止")


def test_a_stop_that_came_before_the_deck_was_said_to_be_back_holds(found):
    village = found("10:00")
    village.advance(2)
    deck = village.decks["main"]
    deck.die()
    airing = village.station.emergency("script:flood", who="王", reason="洪水")
    village.station.stop(None, who="李")
    deck.revive()
    village.advance(3)

    assert village.heard == []
    assert village.fates()[airing] == "skipped"


def test_an_airing_on_an_output_that_was_taken_out_still_gets_its_fate(found):
    village = found("07:20")
    on_air(village)
    text = SCHEDULE.replace("[output.main]", "[output.other]").replace('outputs = ["main"]', 'outputs = ["other"]')
    (village.home.root / "schedule.toml").write_text(text, encoding="utf-8")

    village.until(at("07:41"), step=2)

    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason.zh) == (Fate.INTERRUPTED, "输出 main：节目表改了这个输出")
