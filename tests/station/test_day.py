"""Ordinary and bad days of a village, with time as an argument and decks in memory."""

import pytest

from broadcaster.errors import Refused, VoiceFailed
from broadcaster.model.words import Fate, Sentence
from broadcaster.playout.cue import Arm
from tests.station.conftest import SCHEDULE, at, write_station


def moments(village):
    return [(airing.partition("@")[0], when.astimezone(at("00:00").tzinfo)) for airing, when, _ in village.heard]


def test_a_day_is_heard_at_its_set_seconds_and_written_down(found):
    village = found("06:00")

    village.until(at("19:00"))

    assert moments(village) == [("morning", at("07:30")), ("noon", at("12:00")), ("evening", at("18:00"))]
    log = village.log()
    assert [(id_, entry.fate, entry.title) for id_, entry in log.items()] == [
        ("morning@2026-11-24T07:30:00", Fate.AIRED, "a"),
        ("noon@2026-11-24T12:00:00", Fate.AIRED, "fire"),
        ("evening@2026-11-24T18:00:00", Fate.AIRED, "b"),
    ]
    morning = log["morning@2026-11-24T07:30:00"]
    assert (morning.started_at, morning.voice) == (at("07:30"), "pyttsx3")
    assert morning.clip
    assert morning.finished_at > morning.started_at


def test_an_airing_is_claimed_in_the_log_before_its_deck_hears_of_it(found):
    village = found("06:00")
    claims = []

    def send(command, send=village.decks["main"].send):
        if isinstance(command, Arm):
            claims.append(village.log()[command.cue.airing].fate)
        send(command)

    village.decks["main"].send = send
    village.until(at("07:29"))

    assert claims == [Fate.CLAIMED]


def test_clips_are_rendered_long_before_they_are_heard(found):
    village = found("06:00")
    village.advance(5)

    assert len(village.renderer.orders) >= 3
    assert village.station.status().clips_missing == 0


def test_a_changed_file_is_in_force_within_two_seconds(found):
    village = found("06:00")
    text = SCHEDULE.replace("07:30", "07:10")
    (village.home.root / "schedule.toml").write_text(text, encoding="utf-8")

    village.advance(2)

    assert next(airing.id for airing in village.station.plan()[0].airings) == "morning@2026-11-24T07:10:00"


def test_a_broken_file_leaves_the_old_plan_on_the_air_and_says_so(found):
    village = found("06:00")
    (village.home.root / "schedule.toml").write_text("[[slot]\n", encoding="utf-8")

    village.until(at("07:31"))

    assert village.fates() == {"morning@2026-11-24T07:30:00": "aired"}
    status = village.station.status()
    assert status.is_schedule_old
    assert status.complaints[0].file == "schedule.toml"


def test_a_station_that_starts_with_a_broken_file_goes_by_the_last_good_one(found):
    found("06:00")
    village = found("06:30")
    (village.home.root / "schedule.toml").write_text("id = ", encoding="utf-8")

    again = found("06:40")
    again.until(at("07:31"))

    assert again.fates()["morning@2026-11-24T07:30:00"] == "aired"


def test_a_script_that_was_broken_by_an_edit_keeps_its_last_good_text(found):
    village = found("06:00")
    (village.home.scripts / "policy" / "fire.txt").write_text("+++\ntitle = \n", encoding="utf-8")

    village.until(at("12:05"), step=5)

    assert village.fates()["noon@2026-11-24T12:00:00"] == "aired"
    assert any("policy/fire" in complaint.file for complaint in village.station.status().complaints)


def test_scripts_that_vanish_all_at_once_are_kept_in_memory(found):
    village = found("06:00")
    village.home.scripts.rename(village.home.root / "elsewhere")

    village.until(at("12:05"), step=5)

    assert village.fates()["noon@2026-11-24T12:00:00"] == "aired"


def test_a_slot_with_nothing_to_say_is_skipped_with_its_reasons(found, tmp_path):
    write_station(tmp_path, SCHEDULE, {"study/a": "+++\nexpires = 2026-11-01\n+++\n旧消息。"})
    village = found("07:00")

    village.until(at("07:31"))

    entry = village.log()["morning@2026-11-24T07:30:00"]
    assert (entry.fate, entry.reason.zh) == (Fate.SKIPPED, "没有可念的稿件；稿件“a”已过期（2026-11-01）")


def test_a_slot_whose_voice_fails_is_missed_with_the_reason(found):
    village = found("06:00")
    village.renderer.failure = VoiceFailed(Sentence("没有能用的声音。", "no voice works."))
    (village.home.scripts / "policy" / "fire.txt").write_text("换了新的话。", encoding="utf-8")

    village.until(at("12:11"), step=5)

    entry = village.log()["noon@2026-11-24T12:00:00"]
    assert (entry.fate, entry.reason.zh) == (Fate.MISSED, "语音没有及时合成好；没有能用的声音")
    assert [fault.name for fault in village.station.status().faults] == ["render"]


def test_a_damaged_clip_is_made_again_before_it_airs(found):
    village = found("06:00")
    village.clips.damaged = set(village.clips.clips)

    village.until(at("07:31"))

    assert village.fates()["morning@2026-11-24T07:30:00"] == "aired"


def test_a_slot_written_in_after_its_time_is_not_called_missed(found):
    village = found("08:00")
    village.until(at("10:00"), step=30)
    late = SCHEDULE + '\n[[slot]]\nid = "late"\nat = "09:00"\nplay = ["next:study"]\n'
    (village.home.root / "schedule.toml").write_text(late, encoding="utf-8")

    village.advance(5)

    entry = village.log()["late@2026-11-24T09:00:00"]
    assert (entry.fate, entry.reason.zh) == (Fate.SKIPPED, "写进节目表时已经过了时间")


def test_what_was_before_the_first_start_is_no_miss_and_the_plan_says_so(found):
    village = found("10:00")
    village.advance(5)

    assert village.fates() == {}
    [morning, *_] = village.station.plan()[0].airings
    assert (morning.fate, morning.reason.zh) == (Fate.SKIPPED, "那时站还没有运行，或者节目还没有写进来")


def test_a_slot_taken_out_of_the_file_is_not_heard_although_it_was_armed(found):
    village = found("07:29")
    village.advance(5)
    assert village.fates() == {"morning@2026-11-24T07:30:00": "claimed"}

    (village.home.root / "schedule.toml").write_text(
        SCHEDULE.replace('id = "morning"', 'id = "other"'), encoding="utf-8"
    )
    village.until(at("07:31"))

    assert village.fates()["morning@2026-11-24T07:30:00"] == "skipped"
    assert [airing for airing, _, _ in village.heard] == ["other@2026-11-24T07:30:00"]


# --- a person ---------------------------------------------------------------------------------------------------


def test_a_person_skips_an_airing_even_when_it_is_armed(found):
    village = found("07:29")
    village.advance(5)

    village.station.skip("morning@2026-11-24T07:30:00", who="王", why="考试")
    village.until(at("07:41"), step=5)

    entry = village.log()["morning@2026-11-24T07:30:00"]
    assert (entry.fate, entry.reason.zh, village.heard) == (Fate.SKIPPED, "王 取消了这一次：考试", [])


def test_a_person_moves_an_airing_within_its_day(found):
    village = found("07:29")
    village.advance(5)

    village.station.move("morning@2026-11-24T07:30:00", at("09:15"), who="王")
    village.until(at("09:16"), step=5)

    assert moments(village) == [("morning", at("09:15"))]


@pytest.mark.parametrize("to", ["22:00", "2026-11-25 07:30", "07:00"])
def test_an_airing_does_not_move_into_the_night_to_another_day_or_the_past(found, to):
    village = found("07:29")

    with pytest.raises(Refused):
        village.station.move("morning@2026-11-24T07:30:00", at(to), who="王")


def test_a_person_plays_a_script_now(found):
    village = found("10:00")

    airing = village.station.play("script:fire", who="王")
    village.advance(3)

    entry = village.log()[airing]
    assert (airing, entry.fate, entry.who) == ("now-fire@2026-11-24T10:00:00", Fate.ON_AIR, "王")


def test_a_slot_played_twice_in_one_second_is_two_airings(found):
    village = found("10:00")

    first, second = village.station.play("noon", who="王"), village.station.play("noon", who="李")

    assert (first, second) == ("noon@2026-11-24T10:00:00", "noon@2026-11-24T10:00:01")


def test_nothing_but_an_emergency_is_played_at_night(found):
    village = found("23:00")

    with pytest.raises(Refused) as refused:
        village.station.play("noon", who="王")

    assert refused.value.sentence.zh == "现在是静音时段，只有紧急广播能响。"


def test_an_unknown_slot_is_refused_with_what_there_is(found):
    village = found("10:00")

    with pytest.raises(Refused) as refused:
        village.station.play("mornin", who="王")

    assert refused.value.sentence.en == (
        "there is no slot called 'mornin'. Did you mean 'morning'? Known: morning, noon, evening, script:NAME."
    )


def test_a_stop_ends_what_is_on_the_air_and_says_who(found):
    village = found("07:29")
    village.until(at("07:30:02"))

    assert village.station.stop(None, who="王") == ("morning@2026-11-24T07:30:00",)
    village.advance(1)

    entry = village.log()["morning@2026-11-24T07:30:00"]
    assert (entry.fate, entry.reason.zh) == (Fate.INTERRUPTED, "王 停止")


# --- strict -----------------------------------------------------------------------------------------------------


def test_a_strict_station_airs_nothing_that_nobody_approved(found, tmp_path):
    write_station(tmp_path, SCHEDULE.replace("[zone.all]", "strict = true\n[zone.all]"))
    village = found("07:00")

    village.until(at("07:31"))

    assert village.heard == []
    assert "还没有批准" in village.log()["morning@2026-11-24T07:30:00"].reason.zh
