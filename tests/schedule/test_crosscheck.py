"""What a schedule asks for and will not get, told a year ahead."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from broadcaster.dates import falls_on
from broadcaster.library import read_library
from broadcaster.model.texts import Library, Script, ScriptName
from broadcaster.model.words import Sentence, Severity
from broadcaster.schedule import parse_schedule
from broadcaster.schedule.crosscheck import cross_check

HOME = Path(__file__).parents[2]
TODAY = date(2026, 11, 24)
SCRIPTS = ("study/010-points-how", "study/020-salt", "notice/060-dogs", "leaderboard/top10", "event/020-salt")
CHIMES = ("rise", "fall", "siren")


def slot(id_="morning", at='"07:30"', play="next:study", **more):
    """The text of one slot; *more* as TOML values."""
    lines = [f'id = "{id_}"', f"at = {at}", f'play = "{play}"']
    lines += [f"{key.rstrip('_')} = {value}" for key, value in more.items()]
    return "\n".join(("[[slot]]", *lines, ""))


def checked(*texts, today=TODAY, **more):
    parsed = parse_schedule("\n".join(texts))
    assert parsed.schedule is not None, parsed.complaints
    known = {"scripts": SCRIPTS, "chimes": CHIMES} | more
    return cross_check(parsed.schedule, today=today, falls_on=falls_on, **known)


def only(complaints):
    (complaint,) = complaints
    return complaint


def minutes(count):
    return timedelta(minutes=count)


def test_the_shipped_timetable_gets_all_it_asks_for():
    library = read_library(HOME / "scripts")

    assert checked((HOME / "schedule.toml").read_text(encoding="utf-8"), scripts=library) == ()


# --- what is not there -------------------------------------------------------------------------------------------


def test_an_unknown_script_is_told_with_the_one_that_was_meant():
    complaint = only(checked(slot(play="script:study/020-slat")))

    assert complaint.severity is Severity.ERROR
    assert complaint.file == "schedule.toml"
    assert complaint.path == "slot.morning.play"
    assert complaint.what == Sentence(
        "没有叫 'study/020-slat' 的稿件。是不是 'study/020-salt'？能写的有：study/010-points-how、study/020-salt。",
        "there is no script called 'study/020-slat'. Did you mean 'study/020-salt'? "
        "Known: study/010-points-how, study/020-salt.",
    )


def test_a_script_in_an_unknown_folder_is_told_by_its_folder():
    assert "没有叫 'stduy' 的稿件文件夹。是不是 'study'？" in only(checked(slot(play="script:stduy/020-salt"))).what.zh


def test_an_unknown_script_without_folder_is_compared_without_folders():
    assert "是不是 '060-dogs'？" in only(checked(slot(play="script:060-dgos"))).what.zh


def test_a_script_may_be_named_without_its_folder_where_only_one_has_that_name():
    assert checked(slot(play="script:060-dogs")) == ()


def test_a_name_that_two_folders_hold_wants_its_folder():
    assert only(checked(slot(play="script:020-salt"))).what == Sentence(
        "叫 '020-salt' 的稿件有 2 篇：event/020-salt、study/020-salt。请连文件夹一起写，例如 'event/020-salt'。",
        "there are 2 scripts called '020-salt': event/020-salt, study/020-salt. "
        "Write the folder, too, for example 'event/020-salt'.",
    )


@pytest.mark.parametrize("kind", ["next", "latest"])
def test_an_unknown_folder_is_told(kind):
    assert only(checked(slot(play=f"{kind}:stduy"))).what == Sentence(
        "没有叫 'stduy' 的稿件文件夹。是不是 'study'？能写的有：event、leaderboard、notice、study。",
        "there is no folder of scripts called 'stduy'. Did you mean 'study'? Known: event, leaderboard, notice, study.",
    )


def test_an_unknown_leaderboard_is_told():
    assert only(checked(slot(play="leaderboard:top100"))).what == Sentence(
        "没有叫 'top100' 的榜。是不是 'top10'？能写的有：top10。",
        "there is no leaderboard called 'top100'. Did you mean 'top10'? Known: top10.",
    )


def test_an_unknown_recording_is_told():
    assert only(checked(slot(play="recording:song.mp3"))).what == Sentence(
        "没有叫 'song.mp3' 的录音。现在一个也没有。",
        "there is no recording in audio/recordings/ called 'song.mp3'. There are none yet.",
    )
    assert checked(slot(play="recording:song.mp3"), recordings=["song.mp3"]) == ()


def test_a_missing_chime_is_a_warning_because_the_words_are_heard_all_the_same():
    complaints = checked('[sound]\nclosing_chime = "bell"', slot(chime='"ding"'))

    assert [(one.severity, one.path) for one in complaints] == [
        (Severity.WARNING, "sound.closing_chime"),
        (Severity.WARNING, "slot.morning.chime"),
    ]
    assert complaints[1].what == Sentence(
        "没有叫 'ding' 的提示音（audio/chimes/ 里）。能写的有：fall、rise、siren。",
        "there is no chime in audio/chimes/ called 'ding'. Known: fall, rise, siren.",
    )


def test_no_chime_at_all_is_no_mistake():
    assert checked('[sound]\nchime = ""', slot(chime='""')) == ()


def test_an_unknown_engine_is_a_warning_because_another_one_speaks():
    complaints = checked('[voice]\nengine = "pytts3"\nfallback = ["old", "espeak"]\n[voice.old]\nengine="pyttsx3"')

    assert [(one.severity, one.path) for one in complaints] == [
        (Severity.WARNING, "voice.engine"),
        (Severity.WARNING, "voice.fallback"),
        (Severity.WARNING, "voice.old.fallback"),
    ]
    assert complaints[0].what == Sentence(
        "没有叫 'pytts3' 的语音引擎。是不是 'pyttsx3'？能写的有：espeak-ng、http、piper、pyttsx3、sherpa-onnx。",
        "there is no speech engine called 'pytts3'. Did you mean 'pyttsx3'? "
        "Known: espeak-ng, http, piper, pyttsx3, sherpa-onnx.",
    )


# --- overlaps ----------------------------------------------------------------------------------------------------


def test_two_slots_that_meet_on_an_output_are_told_with_day_and_number_of_days():
    complaint = only(
        checked(
            slot("news", '"17:40"', days='"fri"'),
            slot("board", '"17:45"', days='"1st fri"'),
            clip_lengths={"news": minutes(8)},
        )
    )

    assert (complaint.severity, complaint.path) == (Severity.WARNING, "slot.board.at")
    assert complaint.what == Sentence(
        "'17:45' 时，'news' 还在 'main' 上播（17:40 开始，17:48 播完），要等它播完。"
        "最早在 2026-12-04，一年里有 12 天。请错开时间，或用 except 去掉那些天。",
        "at '17:45' the slot 'news' is still heard on 'main' (17:40 to 17:48), so it will have to wait. "
        "First on 2026-12-04, on 12 day(s) of the year. Move one of them, or leave those days out with except.",
    )


def test_an_estimated_length_is_called_so():
    what = only(checked(slot("a", '"17:40"'), slot("b", '"17:41"'))).what

    assert "（17:40 开始，大约 17:41:34 播完）" in what.zh
    assert "(17:40 to about 17:41:34)" in what.en


def test_a_length_is_estimated_from_the_longest_text_of_a_folder():
    library = Library(scripts=(script("study/a", 165 * 5), script("study/b", 10)))
    two = slot("a", '"17:40"'), slot("b", '"17:44"')

    assert checked(*two) == ()
    assert "大约 17:46:04" in only(checked(*two, scripts=library)).what.zh


def script(name, characters):
    return Script(name=ScriptName(name), title=name, body="字" * characters)


def test_slots_that_never_share_a_day_do_not_meet():
    assert checked(slot("a", days='"mon-sat"'), slot("b", days='"sun"')) == ()
    assert checked(slot("a", except_='"除夕"'), slot("b", days='"除夕"')) == ()


def test_dates_meet_on_the_days_they_share():
    week, day = slot("week", days='"2026-12-01..2026-12-07"'), slot("day", days="2026-12-07")

    assert "最早在 2026-12-07，一年里有 1 天" in only(checked(day, week)).what.zh
    assert checked(week, slot("day", days="2026-12-08")) == ()
    assert only(checked(slot(days="2026-11-23"))).path == "slot.morning.days"
    assert only(checked(slot(days='"2020-01-01..2020-12-31"'))).path == "slot.morning.days"


def test_a_slot_may_meet_one_that_began_before_others_ended():
    lengths = {"long": minutes(60), "short": minutes(1)}
    complaints = checked(
        slot("long", '"12:00"'), slot("short", '"12:10"'), slot("late", '"12:30"'), clip_lengths=lengths
    )

    assert [one.path for one in complaints] == ["slot.short.at", "slot.late.at"]


def test_slots_on_different_outputs_do_not_meet():
    places = (
        '[output.east]\nkind = "tape"\n[output.west]\nkind = "tape"\n'
        '[zone.east]\noutputs = ["east"]\n[zone.west]\noutputs = ["west"]'
    )

    assert checked(places, slot("a", zones='"east"'), slot("b", zones='"west"')) == ()
    assert len(checked(places, slot("a", zones='"east"'), slot("b", zones='"all"'))) == 1
    assert len(checked(places, slot("a"), slot("b"))) == 1


def test_a_background_is_meant_to_sound_under_words():
    assert checked(slot("songs", priority='"background"'), slot("news")) == ()
    assert len(checked(slot("songs", priority='"background"'), slot("more", priority='"background"'))) == 1


def test_a_more_urgent_slot_cuts_in():
    what = only(checked(slot("a", '"17:40"'), slot("b", '"17:41"', priority='"urgent"'))).what

    assert "会打断它" in what.zh
    assert "so it will cut in" in what.en


def test_a_slot_that_would_wait_beyond_its_grace_is_told_to_be_missed():
    what = only(checked(slot("a", '"17:40"'), slot("b", '"17:41"', grace='"5m"'), clip_lengths={"a": minutes(10)})).what

    assert "等不到就错过了" in what.zh
    assert "so it will be missed, because that is later than its grace" in what.en


def test_a_slot_can_meet_itself():
    complaint = only(checked(slot("a", '["07:30", "07:31"]')))

    assert complaint.path == "slot.a.at"
    assert "'a' 还在 'main' 上播" in complaint.what.zh


def test_two_slots_that_meet_many_times_are_told_once():
    assert len(checked(slot("a", '["07:30", "12:00", "18:00"]'), slot("b", '["07:30", "12:00", "18:00"]'))) == 1


def test_sound_that_goes_on_past_midnight_meets_the_next_day():
    quiet = '[station]\nquiet_hours = ["01:00-07:30"]'
    late, early = slot("late", '"23:58"', days='"sat"'), slot("early", '"00:05"', days='"sun"')
    never = slot("early", '"00:05"', days='"sat"')

    assert "一年里有 52 天" in only(checked(quiet, late, early, clip_lengths={"late": minutes(10)})).what.zh
    assert checked(quiet, late, never, clip_lengths={"late": minutes(10)}) == ()


def test_after_fifty_pairs_the_rest_is_not_listed():
    complaints = checked(*(slot(f"s{number}") for number in range(30)))

    assert len(complaints) == 51
    assert complaints[-1].what == Sentence(
        "撞在一起的时段超过 50 对，后面的没有列出。请先改前面的。",
        "more than 50 pairs of slots overlap; the rest is not listed. Mend these first.",
    )


# --- days and hours ----------------------------------------------------------------------------------------------


def test_a_slot_that_runs_into_the_quiet_hours_is_told():
    complaint = only(checked(slot("late", '"20:58"'), clip_lengths={"late": minutes(3)}))

    assert (complaint.severity, complaint.path) == (Severity.WARNING, "slot.late.at")
    assert complaint.what == Sentence(
        "'20:58' 开始，要播到 21:01，21:00 进入静音时段就断了。请提早。",
        "what begins at '20:58' lasts until 21:01 and is cut off at 21:00, when the quiet hours begin. "
        "Choose an earlier time.",
    )


def test_a_slot_that_falls_on_no_day_is_told():
    complaint = only(checked(slot(days='"mon"', except_='"weekdays"')))

    assert (complaint.severity, complaint.path) == (Severity.WARNING, "slot.morning.days")
    assert complaint.what == Sentence(
        "从今天到 2027-11-25，这个时段一天也播不到。请检查 days、except、from 和 until。",
        "this slot falls on no day from today to 2027-11-25. Check days, except, from and until.",
    )


def test_a_slot_that_is_over_is_told():
    complaint = only(checked(slot(until="2026-11-20")))

    assert (complaint.severity, complaint.path) == (Severity.WARNING, "slot.morning.until")
    assert complaint.what == Sentence(
        "'2026-11-20' 已经过了，这个时段不会再播。不用了就整段删掉，还要用就改日期。",
        "'2026-11-20' is over, so this slot is not heard any more. Take the slot out, or correct the date.",
    )


def test_a_slot_that_begins_in_two_years_is_no_mistake():
    assert checked(slot(from_="2028-12-01")) == ()


def test_a_slot_until_today_is_heard_today():
    assert checked(slot(until=TODAY.isoformat())) == ()


def test_workdays_of_a_year_without_known_holidays_are_told():
    complaint = only(checked(slot(days='"workdays"'), today=date(2150, 3, 1)))

    assert (complaint.severity, complaint.path) == (Severity.WARNING, "calendar")
    assert complaint.what == Sentence(
        "还不知道 '2150' 年的放假和调休安排，工作日先按星期一到星期五算。"
        "请照国务院的通知，把放假的日子写进 days_off，把补班的日子写进 workdays。",
        "public holidays and make-up days of '2150' are not known yet, so Monday to Friday count as workdays. "
        "Add the announced days off to days_off and the make-up days to workdays.",
    )


def test_the_next_year_is_told_in_november_and_until_the_owner_writes_its_days():
    november = date(2149, 11, 20)
    calendar = '[calendar]\ndays_off = ["2149-10-01", "2150-10-01"]'

    assert [one.what.zh[:13] for one in checked(slot(days='"节假日"'), today=november)] == [
        "还不知道 '2149' 年",
        "还不知道 '2150' 年",
    ]
    assert checked(calendar, slot(days='"节假日"'), today=november) == ()


def test_no_year_is_wanted_before_its_holidays_are_announced():
    assert checked(slot(days='"workdays"'), today=date(2026, 3, 1)) == ()
    assert checked(slot(days='"daily"'), today=date(2149, 12, 1)) == ()


def test_the_last_days_of_all_do_not_overflow():
    assert checked(slot(), today=date.max - timedelta(days=70)) == ()
