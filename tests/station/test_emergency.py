"""Emergencies as people need them: always ready, drills, all-clears, corrections, end times, power cuts."""

from concurrent.futures import Future
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.errors import Refused, VoiceFailed
from broadcaster.model.airing import LogEntry
from broadcaster.model.words import Fate, Priority, Sentence
from broadcaster.playout.cue import Arm, KeepReady, Level, NotAired
from broadcaster.station.emergency.words import why_it_may_not_follow
from tests.fakes import InstantRenderer
from tests.fakes_store import MemoryStore
from tests.station.conftest import SCHEDULE, SCRIPTS, at, write_station

AFTERWARDS = SCRIPTS | {
    "emergency/all-clear": "警报解除，大家可以回家了。",
    "emergency/drill": "演练，演练。请大家到高处去。",
}


@pytest.fixture
def village(found, tmp_path):
    write_station(tmp_path, SCHEDULE, AFTERWARDS)
    village = found("10:00")
    village.advance(2)
    return village


def cues(village, airing, deck="main"):
    """What a deck was given for one airing, its stand-ins with it."""
    armed = [one.cue for one in village.decks[deck].commands if isinstance(one, Arm)]
    return [cue for cue in armed if cue.airing.partition("~")[0] == airing]


def said(village):
    """The words of the last order for a clip."""
    return village.renderer.orders[-1].texts[0]


def refusal(act, *args, **more):
    with pytest.raises(Refused) as refused:
        act(*args, **more)
    return refused.value.sentence.zh


def level(airing, play):
    return Level(rms_dbfs=-20, peak_dbfs=-3, underruns=0, airing=airing, position=9, play=play)


def kept_ready(village):
    return [one for one in village.decks["main"].commands if isinstance(one, KeepReady)][-1]


# --- ready whatever happens ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("edited", ["scripts/emergency/flood.txt", "lexicon.toml", "schedule.toml"])
def test_a_file_that_was_edited_a_second_ago_takes_no_emergency_its_voice(village, edited):
    """Every edit of words, lexicon or sound made the rendered texts unready; an emergency then had only its siren."""
    before = cues(village, village.station.emergency("script:flood", who="王", reason="洪水"))
    village.station.stop(None, who="王")
    village.renderer.is_paused = True
    path = village.home.root / edited
    more = {
        "flood.txt": "快走。",
        "lexicon.toml": '[lexicon]\n"河水" = "he2 shui3"\n',
        "schedule.toml": "[sound]\npace = 90\n",
    }
    path.write_text((path.read_text() if path.exists() else "") + more[path.name], encoding="utf-8")
    village.advance(30)

    airing = village.station.emergency("script:flood", who="王", reason="洪水")

    assert village.station.emergencies()[0].is_ready or village.station.status().emergencies_ready == 3
    assert [cue.clip for cue in cues(village, airing)] == [before[0].clip]


def test_the_new_clip_is_used_as_soon_as_it_is_there(village):
    before = cues(village, village.station.emergency("script:flood", who="王", reason="洪水"))
    village.station.stop(None, who="王")
    (village.home.scripts / "emergency" / "flood.txt").write_text("快到学校去。", encoding="utf-8")
    village.advance(3)

    [after] = cues(village, village.station.emergency("script:flood", who="王", reason="洪水"))

    assert after.clip != before[0].clip


def test_a_power_cut_right_after_an_edit_leaves_the_clip_of_before(found, tmp_path, monkeypatch):
    store = MemoryStore()
    first = found("10:00", store=store)
    first.advance(2)
    [before] = cues(first, first.station.emergency("script:flood", who="王", reason="洪水", plays=1))
    first.station.stop(None, who="王")
    first.advance(1)
    (tmp_path / "scripts/emergency/flood.txt").write_text("快到学校去。", encoding="utf-8")

    monkeypatch.setattr(InstantRenderer, "render", lambda *_, **__: Future())  # nothing is ever rendered
    second = found("10:01", store=store, clips=first.clips)
    second.advance(3)

    [after] = cues(second, second.station.emergency("script:flood", who="王", reason="洪水"))
    assert after.clip == before.clip


def test_clips_that_somebody_deleted_are_made_again_within_seconds(village):
    village.clips.clips.clear()

    village.advance(10)

    assert village.station.status().emergencies_ready == 3
    assert len(village.clips.clips) >= 3


def test_the_decks_hold_siren_and_prepared_texts_in_memory(village):
    village.advance(5)
    [arm] = cues(village, village.station.emergency("script:flood", who="王", reason="洪水"))

    held = {one.clip.rpartition("/")[2]: one.sha256 for one in kept_ready(village).clips}

    assert {"siren.wav", "general.wav", "all-clear.wav"} <= held.keys()
    assert arm.sha256 in held.values()
    assert kept_ready(village).intro is not None


def test_an_empty_resume_phrase_means_no_introduction(found, tmp_path):
    write_station(tmp_path, SCHEDULE + '\n[sound]\nresume_phrase = ""\n')
    village = found("10:00")
    village.advance(2)

    assert kept_ready(village).intro is None


def test_a_deck_that_cannot_use_the_clip_gets_siren_and_new_speech(village):
    """The clip was deleted, and the deck had not held it: the emergency was a row in the log, and silence."""
    airing = village.station.emergency("script:flood", who="王", reason="洪水")
    deck = village.decks["main"]
    deck.playing = None

    deck.report(NotAired(airing=airing, fate=Fate.FAILED.value, reason=Sentence("坏了", "damaged")))
    village.turn()

    _, siren, speech = cues(village, airing)
    assert (siren.airing, speech.airing, speech.follows) == (airing + "~siren", airing, siren.airing)
    assert village.log()[airing].fate is Fate.ON_AIR

    deck.report(NotAired(airing=airing, fate=Fate.FAILED.value, reason=Sentence("坏了", "damaged")))
    village.turn()
    assert cues(village, airing)[-1].clip.endswith("general.wav")


# --- plays, gaps, end times ---------------------------------------------------------------------------------------


def test_plays_and_gap_are_as_asked_for(village):
    airing = village.station.emergency("script:flood", who="王", plays=3, gap=timedelta(seconds=8))

    [cue] = cues(village, airing)
    assert (cue.plays, cue.gap_s) == (3, 8.0)


@pytest.mark.parametrize(
    ("more", "zh"),
    [
        ({"gap": timedelta(seconds=11)}, "两遍之间最多停 10 秒，不能是 11 秒。"),
        ({"until": at("09:59")}, "结束时间“11-24 09:59”要在现在以后、24 小时以内。"),
        ({"until": at("2026-11-25 10:01")}, "结束时间“11-25 10:01”要在现在以后、24 小时以内。"),
    ],
)
def test_a_gap_or_an_end_that_cannot_be_is_refused(village, more, zh):
    assert refusal(village.station.emergency, "script:flood", who="王", **more) == zh
    assert village.heard == []


def test_an_emergency_ends_at_its_end_time_and_the_log_says_why(village):
    airing = village.station.emergency("script:flood", who="王", reason="洪水", until=at("10:05"))
    assert cues(village, airing)[0].emergency_length_s == pytest.approx(298)

    village.until(at("10:04:59"))
    assert village.decks["main"].playing is not None
    village.until(at("10:05:02"))

    assert village.decks["main"].playing is None
    entry = village.log()[airing]
    assert (entry.fate, entry.reason.zh) == (Fate.AIRED, "原因：洪水；到了结束时间")


def test_a_clock_that_is_set_does_not_cut_an_emergency_short(village):
    village.station.emergency("script:flood", who="王", reason="洪水", until=at("10:30"))

    village.clock.set(at("2026-11-24 20:00"))
    village.advance(60)

    assert village.decks["main"].playing is not None


def test_after_a_power_cut_it_goes_on_until_its_end_time_and_not_beyond(found):
    store = MemoryStore()
    first = found("10:00", store=store)
    airing = first.station.emergency("河水涨了", who="王", reason="洪水", until=at("14:00"))
    first.advance(2)

    second = found("13:00", store=store)  # three hours later, and still within its time
    second.advance(2)
    assert cues(second, airing)[0].emergency_length_s == pytest.approx(3600)

    third = found("14:00:01", store=store)
    third.advance(60)
    assert third.heard == []
    entry = third.log()[airing]
    assert (entry.fate, entry.reason.zh) == (Fate.INTERRUPTED, "原因：洪水；到了结束时间")


def test_a_box_that_wakes_up_in_the_past_goes_on_with_its_emergency_at_once(found):
    """A Pi has no clock of its own. After the power cut of a storm, the flood warning waited for the network."""
    store = MemoryStore()
    first = found("10:00", store=store)
    airing = first.station.emergency("河水涨了", who="王", until=at("14:00"))
    first.advance(3900, step=300)

    second = found("2020-01-01 03:00", store=store)
    second.advance(2)
    assert not second.station.status().is_clock_trusted
    assert cues(second, airing)[0].emergency_length_s == pytest.approx(3 * 3600, abs=400)
    assert second.decks["main"].playing.cue.airing.startswith(airing)

    third = found("13:00", store=store)  # the end time is still the one that was asked for
    third.advance(2)
    assert cues(third, airing)[0].emergency_length_s == pytest.approx(3600)


def test_when_the_clock_is_right_again_the_emergency_is_not_called_a_second_time(found):
    store = MemoryStore()
    first = found("10:00", store=store)
    airing = first.station.emergency("河水涨了", who="王")
    first.advance(2)

    village = found("09:30", store=store)
    village.advance(10)
    village.clock.set(at("10:05"))
    village.advance(30)

    assert village.station.status().is_clock_trusted
    assert [sounding.entry.airing for sounding in village.station.status().on_air] == [airing]
    assert len([one for one in village.log() if one.startswith("emergency")]) == 1


def test_an_emergency_lasts_over_a_restart_however_long_ago_it_was_called(found):
    """After two hours of flood warning a restart of the station silenced it, though nobody had stopped it."""
    store = MemoryStore()
    first = found("10:00", store=store)
    airing = first.station.emergency("河水涨了", who="王", reason="洪水")
    first.advance(5 * 3600, step=60)

    second = found("15:01", store=store)
    second.advance(2)
    assert [sounding.entry.airing for sounding in second.station.status().on_air] == [airing]


def test_an_emergency_of_the_day_before_yesterday_does_not_frighten_people_when_the_power_comes_back(found):
    store = MemoryStore()
    first = found("10:00", store=store)
    airing = first.station.emergency("河水涨了", who="王", reason="洪水")
    first.advance(2)

    second = found("2026-11-25 11:00", store=store)
    second.advance(2)
    assert second.heard == []
    assert second.log()[airing].fate is Fate.INTERRUPTED


def test_what_was_called_by_day_without_a_reason_goes_on_in_quiet_hours(found):
    store = MemoryStore()
    first = found("20:59", store=store)
    airing = first.station.emergency("河水涨了", who="王")
    first.advance(2)

    second = found("21:05", store=store)
    second.advance(2)
    assert [sounding.entry.airing for sounding in second.station.status().on_air] == [airing]


def test_after_a_power_cut_only_the_plays_that_were_not_heard_are_left(found):
    store = MemoryStore()
    first = found("10:00", store=store)
    first.advance(2)
    airing = first.station.emergency("script:flood", who="王", reason="洪水", plays=5)
    first.advance(1)
    deck = first.decks["main"]
    deck.report(level(airing, 3))
    deck.work = lambda: None  # it stays in its third play
    first.advance(1)

    second = found("10:01", store=store, clips=first.clips)
    second.advance(1)

    assert [cue.plays for cue in cues(second, airing)] == [3]


def test_a_deck_that_comes_back_plays_what_is_left(village):
    airing = village.station.emergency("script:flood", who="王", reason="洪水", plays=5)
    village.advance(1)
    deck = village.decks["main"]
    deck.report(level(airing, 4))
    deck.die()
    village.turn()

    deck.revive()
    village.turn()

    assert cues(village, airing)[-1].plays == 2


def test_a_stopped_emergency_does_not_come_back_after_a_power_cut(found):
    store = MemoryStore()
    first = found("10:00", store=store)
    first.station.emergency("河水涨了", who="王", reason="洪水", until=at("14:00"))
    first.advance(2)
    first.station.stop(None, who="李")
    first.advance(2)

    second = found("10:01", store=store)
    second.advance(60)

    assert second.heard == []


def test_the_siren_is_the_first_sample_and_words_without_one_wait_for_the_relay(village):
    [ready] = {order for order in village.renderer.orders if "河水涨了" in order.texts[0]}
    assert (ready.chime, ready.sound.lead_in) == ("siren", timedelta())

    village.station.emergency("水库要放水", who="王", reason="洪水")

    [words] = {order for order in village.renderer.orders if "水库" in order.texts[0]}
    assert (words.chime, words.sound.lead_in) == ("", timedelta(seconds=0.5))


# --- drills -------------------------------------------------------------------------------------------------------


def test_a_drill_says_first_and_last_that_it_is_one(village):
    airing = village.station.drill("script:flood", who="王")
    village.advance(1)

    [cue] = cues(village, airing)
    assert said(village) == (
        "这是演练，不是真的。紧急通知。河水涨了，请马上到高处去。演练结束，刚才是演练，请大家放心。"
    )
    assert (cue.priority, cue.plays, cue.permit) == (Priority.URGENT, 1, None)
    assert airing.startswith("drill@")
    assert village.station.status().on_air[0].entry.title == "演练：flood"
    village.advance(60)
    entry = village.log()[airing]
    assert (entry.slot, entry.fate, entry.reason.zh) == ("drill", Fate.AIRED, "原因：演练")


def test_the_text_of_a_drill_is_a_drill_whoever_calls_it_an_emergency(village):
    airing = village.station.emergency("script:drill", who="王", reason="演练")

    assert airing.startswith("drill@")


def test_a_drill_keeps_quiet_hours(found):
    village = found("23:00")

    assert refusal(village.station.drill, "河水涨了", who="王", reason="演练") == ("现在是静音时段，只有紧急广播能响。")
    assert refusal(village.station.emergency, "script:drill", who="王", reason="演练").startswith("没有稿件")
    assert village.heard == []


def test_a_drill_script_called_as_an_emergency_at_night_is_refused(found, tmp_path):
    write_station(tmp_path, SCHEDULE, AFTERWARDS)
    village = found("23:00")

    assert refusal(village.station.emergency, "script:drill", who="王", reason="演练") == (
        "现在是静音时段，演练不是紧急情况，不能播。请白天再演练。"
    )


def test_a_drill_whose_speech_comes_in_quiet_hours_stays_behind_the_gate(found, tmp_path):
    """It was called a minute before the night, and its words took longer than that."""
    village = found("20:59:58")
    village.advance(1)
    village.renderer.is_paused = True
    airing = village.station.drill("script:flood", who="王")
    village.advance(5)

    call = village.station._desk._calls[airing]
    village.renderer.is_paused = False
    future = village.renderer.render(village.renderer.orders[-1])
    village.station._desk._spoken(village.station._desk._prepared, call, future)
    village.advance(1)

    assert village.heard == []
    assert village.log()[airing].fate is Fate.REFUSED


def test_a_drill_waits_for_silence_that_people_asked_for(village):
    village.station.hold(at("12:00"), who="李", why="丧事")

    assert refusal(village.station.drill, "script:flood", who="王").startswith("李 让 11-24 12:00 以前都不播")


def test_no_drill_during_the_real_thing(village):
    village.station.emergency("script:flood", who="王", reason="洪水")

    assert refusal(village.station.drill, "script:flood", who="王") == "正在播紧急广播，现在不能演练。"


def test_a_drill_that_no_voice_can_say_is_in_the_log_as_failed(village):
    village.renderer.failure = VoiceFailed(Sentence("没有声音。", "no voice."))

    airing = village.station.drill("script:flood", who="王")
    village.advance(1)

    assert village.heard == []
    entry = village.log()[airing]
    assert (entry.fate, entry.reason.zh) == (Fate.FAILED, "原因：演练；语音没有合成出来")


def test_a_drill_that_is_stopped_before_it_begins_never_sounds(village):
    village.renderer.is_paused = True
    airing = village.station.drill("script:flood", who="王")

    assert village.station.stop(None, who="李") == (airing,)
    village.advance(1)

    assert (village.log()[airing].fate, village.heard) == (Fate.SKIPPED, [])


def test_a_drill_that_a_power_cut_ended_does_not_come_back(found):
    store = MemoryStore()
    first = found("10:00", store=store)
    first.advance(2)
    airing = first.station.drill("script:flood", who="王")
    first.advance(1)

    second = found("10:01", store=store, clips=first.clips)
    second.advance(60)

    assert second.heard == []
    assert second.log()[airing].reason.zh == "原因：演练；站中断，演练到此为止"


# --- all-clear and correction -------------------------------------------------------------------------------------


def two_ends(tmp_path):
    zones = '\n[zone.east]\noutputs = ["east"]\n[output.east]\nkind = "tape"\n'
    write_station(tmp_path, SCHEDULE + zones, AFTERWARDS)


def test_an_all_clear_stops_the_emergency_and_is_heard_in_its_zones(found, tmp_path):
    two_ends(tmp_path)
    village = found("22:00")
    village.advance(2)
    flood = village.station.emergency("script:flood", who="王", reason="洪水", zones=("east",))
    village.advance(5)

    airing = village.station.all_clear(who="李")
    village.advance(1)

    [cue] = cues(village, airing, "east")
    assert (cue.plays, cue.permit.who, cue.permit.reason) == (2, "李", "all-clear")
    assert cues(village, airing) == []
    village.advance(60)
    log = village.log()
    assert (log[flood].fate, log[airing].fate, log[airing].zones) == (Fate.AIRED, Fate.AIRED, ("east",))
    assert log[airing].reason.zh == f"接着 {flood}；原因：all-clear"


def test_an_all_clear_after_the_stop_belongs_to_the_last_emergency(village):
    flood = village.station.emergency("script:flood", who="王", reason="洪水")
    village.advance(1)
    village.station.stop(None, who="王")
    village.advance(1)

    airing = village.station.all_clear(who="李", what="水退了，可以回家了。", plays=1)
    village.advance(1)

    assert said(village) == "水退了，可以回家了。"
    assert village.log()[airing].reason.zh.startswith(f"接着 {flood}；")


def test_without_a_voice_the_recorded_all_clear_is_heard(village):
    village.station.emergency("script:flood", who="王", reason="洪水")
    village.advance(1)
    village.renderer.failure = VoiceFailed(Sentence("没有声音。", "no voice."))

    airing = village.station.all_clear(who="李", what="水退了。")
    village.advance(1)

    assert [cue.clip.rpartition("/")[2] for cue in cues(village, airing)] == ["all-clear.wav"]


def test_a_correction_stops_the_mistake_and_says_what_is_right(village):
    flood = village.station.emergency("script:flood", who="王", reason="洪水")
    village.advance(1)

    airing = village.station.correct("东沟没有水，是西沟。", who="李", reason="误播")
    village.advance(1)

    assert said(village) == "更正：东沟没有水，是西沟。"
    assert village.log()[flood].fate is Fate.AIRED
    entry = village.log()[airing]
    assert (entry.slot, entry.who, entry.title) == ("correction", "李", "更正：东沟没有水，是西沟。")
    assert entry.reason.zh == f"接着 {flood}；原因：误播"


def test_words_that_cannot_be_said_do_not_stop_what_is_being_said(village):
    village.station.emergency("script:flood", who="王", reason="洪水")
    village.advance(1)

    assert refusal(village.station.correct, "。。", who="李") == "紧急广播没有可念的话。请写一句。"
    assert village.decks["main"].playing is not None


@pytest.mark.parametrize("moment", ["10:00", "23:00"])
def test_without_an_emergency_there_is_nothing_to_clear(found, moment):
    village = found(moment)

    for act in (lambda: village.station.all_clear(who="李"), lambda: village.station.correct("没事", who="李")):
        assert refusal(act) == "最近没有响过紧急广播，没有什么可解除、可更正的。"
    assert village.heard == []


def test_a_drill_opens_no_way_through_the_night(found):
    village = found("20:58")
    village.advance(1)
    drill = village.station.drill("script:flood", who="王")
    village.until(at("21:05"))

    assert refusal(village.station.all_clear, who="李", emergency=drill) == (
        "最近没有响过紧急广播，没有什么可解除、可更正的。"
    )


def test_a_day_later_nothing_is_cleared_any_more(found):
    store = MemoryStore()
    first = found("2026-11-23 09:00", store=store)
    first.advance(2)
    flood = first.station.emergency("script:flood", who="王", reason="洪水", plays=1)
    first.advance(30)

    second = found("2026-11-24 09:01", store=store, clips=first.clips)
    second.advance(2)

    assert refusal(second.station.all_clear, who="李") == (
        f"紧急广播“{flood}”过去 24 小时以上了。要说明情况，请用平常的节目。"
    )


entries = st.builds(
    lambda slot, priority, fate, started, ago: LogEntry(
        airing="x",
        slot=slot,
        title="x",
        planned_at=at("10:00") - ago,
        priority=priority,
        fate=fate,
        started_at=at("10:00") - ago if started else None,
        finished_at=at("10:00") - ago if started and fate.is_final else None,
    ),
    st.sampled_from(["emergency", "drill", "all-clear", "correction", "morning", "now-x"]),
    st.sampled_from(Priority),
    st.sampled_from(Fate),
    st.booleans(),
    st.timedeltas(timedelta(), timedelta(days=3)),
)


@given(entry=st.none() | entries)
def test_what_follows_an_emergency_follows_a_real_one_that_was_heard_or_is_on_its_way(entry):
    if why_it_may_not_follow(entry, at("10:00")) is None:
        assert (entry.slot, entry.priority) == ("emergency", Priority.EMERGENCY)
        assert entry.started_at is not None or not entry.fate.is_final
        assert not entry.fate.is_final or at("10:00") - entry.finished_at <= timedelta(hours=24)
