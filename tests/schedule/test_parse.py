"""schedule.toml → Schedule, or every complaint at once, each told whole."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from broadcaster.model.days import Calendar, Daily, DateSpan, Weekdays
from broadcaster.model.hours import DEFAULT_QUIET_HOURS, QuietHours
from broadcaster.model.outputs import OutputKind, OutputSettings, Zone
from broadcaster.model.timetable import (
    PlayLatest,
    PlayLeaderboard,
    PlayNext,
    PlayRecording,
    PlayScript,
    Profile,
    Schedule,
    Slot,
    SoundSettings,
    StationSettings,
    VoiceSettings,
)
from broadcaster.model.words import Complaint, IfInterrupted, Priority, Sentence, Severity
from broadcaster.schedule import parse_schedule
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.slots import MOST_SLOTS
from broadcaster.schedule.syntax import LONGEST_FILE

SLOT = '[[slot]]\nid = "morning"\nat = "07:30"\nplay = "next:study"\n'


def schedule_of(text):
    parsed = parse_schedule(text)
    assert parsed.complaints == ()
    return parsed.schedule


def slot_of(more):
    return schedule_of(SLOT + more).slots[0]


def complaints_of(text):
    return parse_schedule(text).complaints


def only(text):
    """The one complaint of a text."""
    (complaint,) = complaints_of(text)
    return complaint


def told(text):
    """Path, Chinese and English of the one complaint of a text."""
    complaint = only(text)
    return complaint.path, complaint.what.zh, complaint.what.en


# --- what is right -----------------------------------------------------------------------------------------------


def test_an_empty_file_is_a_station_with_its_defaults_and_no_slots():
    assert schedule_of("") == Schedule()


def test_every_setting_of_the_station_is_read():
    text = """
    [station]
    name = "大营村广播站"
    timezone = "Asia/Urumqi"
    language = "en"
    quiet_hours = ["21:30-06:00", "13:00-14:30"]
    strict = true
    """

    assert schedule_of(text).station == StationSettings(
        name="大营村广播站",
        timezone="Asia/Urumqi",
        language="en",
        quiet_hours=(QuietHours(time(21, 30), time(6)), QuietHours(time(13), time(14, 30))),
        is_strict=True,
    )


@pytest.mark.parametrize("span", ["21:00-06:30", "21:00 – 06:30", "21：00～06：30", "21:00至6:30"])
def test_quiet_hours_may_be_written_as_people_do(span):
    assert schedule_of(f'station.quiet_hours = "{span}"').station.quiet_hours == DEFAULT_QUIET_HOURS


def test_every_setting_of_the_sound_is_read():
    text = """
    [sound]
    loudness_lufs = -18.5
    peak_dbtp = -3
    chime = "bell.wav"
    closing_chime = "fall"
    siren = "siren2"
    amplifier_lead = "5s"
    lead_in = "1s"
    tail = "250ms"
    low_hz = 300
    high_hz = 5500
    compression = 2.5
    pace = 95
    comma_pause = "0.6s"
    name_pause = "1.1s"
    sentence_pause = "1s"
    repeat_pause = "2秒"
    echo = "450ms"
    opening = "乡亲们，"
    repeat_phrase = ""
    closing = "播送完了，谢谢收听。"
    """

    assert schedule_of(text).sound == SoundSettings(
        loudness_lufs=-18.5,
        peak_dbtp=-3.0,
        chime="bell",
        closing_chime="fall",
        siren="siren2",
        amplifier_lead=timedelta(seconds=5),
        lead_in=timedelta(seconds=1),
        tail=timedelta(milliseconds=250),
        low_hz=300.0,
        high_hz=5500.0,
        compression=2.5,
        pace=95,
        comma_pause=timedelta(milliseconds=600),
        name_pause=timedelta(milliseconds=1100),
        sentence_pause=timedelta(seconds=1),
        repeat_pause=timedelta(seconds=2),
        echo=timedelta(milliseconds=450),
        opening="乡亲们，",
        repeat_phrase="",
        closing="播送完了，谢谢收听。",
    )


def test_a_profile_takes_from_the_sound_what_it_does_not_say_and_belongs_to_the_outputs_of_its_zone():
    text = """
    [sound]
    loudness_lufs = -18
    comma_pause = "900ms"
    chime = "fall"
    [profile.valley]
    echo = "1s"
    pace = 90
    [output.near]
    [output.across]
    [output.hill]
    [zone.beyond]
    outputs = ["across"]
    profile = "valley"
    [zone.upper]
    outputs = ["hill"]
    profile = "far"
    """
    schedule = schedule_of(text)
    sound = schedule.sound

    assert schedule.profiles == (Profile(name="valley", sound=replace(sound, echo=timedelta(seconds=1), pace=90)),)
    assert schedule.sound_of("near") == sound
    assert schedule.sound_of("across") == schedule.profiles[0].sound
    assert schedule.sound_of("hill") == sound.for_far_horns()
    assert sound.for_far_horns().comma_pause == timedelta(milliseconds=900), "never shorter than in [sound]"


def test_a_profile_called_far_changes_what_far_horns_have():
    schedule = schedule_of('[profile.far]\npace = 80\n[zone.all]\noutputs = "main"\nprofile = "far"')

    assert schedule.sound_of("main") == replace(SoundSettings().for_far_horns(), pace=80)


def test_one_airing_is_equally_long_on_near_and_far_horns():
    """Where both are heard, a text that drifts apart from itself is understood by nobody."""
    schedule = schedule_of('[output.a]\n[output.b]\n[output.c]\n[zone.far]\noutputs = ["b"]\nprofile = "far"')
    far = SoundSettings().for_far_horns()
    near_in_time = SoundSettings().in_time_with([far])

    assert schedule.sounds_of(("a", "b", "c")) == {near_in_time: ("a", "c"), far: ("b",)}
    assert schedule.sounds_of(("a", "c")) == {SoundSettings(): ("a", "c")}
    assert schedule.sound_of_all() == near_in_time
    assert (near_in_time.pace, near_in_time.name_pause) == (far.pace, far.name_pause)
    assert (near_in_time.low_hz, near_in_time.compression) == (250, 3)


def test_a_named_voice_takes_from_the_default_what_it_does_not_say():
    text = """
    [voice]
    engine = "pyttsx3"
    rate = 150
    voice = "cmn"
    fallback = ["espeak-ng"]
    [voice.slow]
    rate = 120
    [voice.mei]
    engine = "sherpa-onnx"
    model = "voices/mei"
    fallback = ["slow", "pyttsx3"]
    [voice.alone]
    fallback = []
    """

    assert schedule_of(text).voices == (
        VoiceSettings(name="default", engine="pyttsx3", rate=150, voice="cmn", fallback=("espeak-ng",)),
        VoiceSettings(name="slow", engine="pyttsx3", rate=120, voice="cmn", fallback=("espeak-ng",)),
        VoiceSettings(name="mei", engine="sherpa-onnx", rate=150, model="voices/mei", fallback=("slow", "pyttsx3")),
        VoiceSettings(name="alone", engine="pyttsx3", rate=150, voice="cmn", fallback=()),
    )


def test_outputs_and_zones_are_read_in_their_order():
    text = """
    [zone.east]
    outputs = "yard"
    [output.yard]
    device = "USB Audio"
    level_db = -3
    [output.copy]
    kind = "tape"
    [output.hill]
    kind = "stream"
    address = "rtp://239.0.0.1:5004"
    """
    schedule = schedule_of(text)

    assert schedule.outputs == (
        OutputSettings(name="yard", kind=OutputKind.SOUNDCARD, device="USB Audio", level_db=-3.0),
        OutputSettings(name="copy", kind=OutputKind.TAPE, device=""),
        OutputSettings(name="hill", kind=OutputKind.STREAM, device="", address="rtp://239.0.0.1:5004"),
    )
    assert schedule.zones == (
        Zone(name="east", outputs=("yard",)),
        Zone(name="all", outputs=("yard", "copy", "hill")),
    )


def test_the_calendar_takes_dates_and_ranges():
    text = """
    [calendar]
    days_off = [2027-01-01, "2027-02-05..2027-02-07"]
    workdays = "2027-02-20"
    """

    assert schedule_of(text).calendar == Calendar(
        days_off=frozenset({date(2027, 1, 1), date(2027, 2, 5), date(2027, 2, 6), date(2027, 2, 7)}),
        workdays=frozenset({date(2027, 2, 20)}),
    )
    assert schedule_of("[calendar]\ndays_off = []").calendar == Calendar()


def test_the_lexicon_is_read_with_numbered_pinyin():
    text = '[lexicon]\n"大营村" = "da4 ying2 cun1"\n"吕" = "Lü3"\n"那儿" = "na4 r5"'

    assert schedule_of(text).lexicon == (("大营村", "da4 ying2 cun1"), ("吕", "lv3"), ("那儿", "na4 r5"))


def test_everything_of_a_slot_is_read():
    text = """
    [zone.east]
    outputs = "main"
    [voice.mei]
    [[slot]]
    id = "morning-study"
    title = "每天学一点"
    at = ["07:30", 17:40:15, "9:05"]
    days = ["mon-fri", 2026-12-05]
    except = "2026-12-24"
    from = 2026-12-01
    until = "2026-12-31"
    play = [
        "script:study/010-points-how", "next:study", "latest:notice", "leaderboard:top10", "recording:old songs.mp3",
    ]
    repeat = 2
    zones = ["east", "all"]
    priority = "urgent"
    grace = "1h30m"
    if_interrupted = "restart"
    voice = "mei"
    chime = ""
    """

    assert schedule_of(text).slots == (
        Slot(
            id="morning-study",
            title="每天学一点",
            at=(time(7, 30), time(17, 40, 15), time(9, 5)),
            days=(Weekdays(frozenset(range(5))), DateSpan(date(2026, 12, 5), date(2026, 12, 5))),
            except_days=(DateSpan(date(2026, 12, 24), date(2026, 12, 24)),),
            first_day=date(2026, 12, 1),
            last_day=date(2026, 12, 31),
            play=(
                PlayScript("study/010-points-how"),
                PlayNext("study"),
                PlayLatest("notice"),
                PlayLeaderboard("top10"),
                PlayRecording("old songs.mp3"),
            ),
            repeat=2,
            zones=("east", "all"),
            priority=Priority.URGENT,
            grace=timedelta(minutes=90),
            if_interrupted=IfInterrupted.RESTART,
            voice="mei",
            chime="",
        ),
    )


def test_a_slot_needs_no_more_than_id_time_and_what_to_play():
    assert slot_of("") == Slot(id="morning", at=(time(7, 30),), days=(Daily(),), play=(PlayNext("study"),))


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("script: 010-points-how.txt", PlayScript("010-points-how")),
        ("script：scripts/notice/060-dogs.md", PlayScript("notice/060-dogs")),
        ("Next:study", PlayNext("study")),
        ("leaderboard:top10.txt", PlayLeaderboard("top10")),
        ("recording:a.b.mp3", PlayRecording("a.b.mp3")),
    ],
)
def test_what_to_play_may_be_written_carelessly(written, source):
    assert schedule_of(SLOT.replace("next:study", written)).slots[0].play == (source,)


@pytest.mark.parametrize("written", ["7:30", "07：30", " 07:30 ", "07:30:00"])
def test_a_time_may_be_written_carelessly(written):
    assert schedule_of(SLOT.replace("07:30", written)).slots[0].at == (time(7, 30),)


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("10m", timedelta(minutes=10)),
        ("90s", timedelta(seconds=90)),
        ("1h", timedelta(hours=1)),
        ("1h 30m", timedelta(minutes=90)),
        ("15分钟", timedelta(minutes=15)),
        ("1小时", timedelta(hours=1)),
        ("5500ms", timedelta(milliseconds=5500)),
    ],
)
def test_a_length_of_time_has_a_unit(written, length):
    assert slot_of(f'grace = "{written}"').grace == length


# --- what is wrong, line by line ---------------------------------------------------------------------------------

SETTINGS = [
    (
        '[station]\nname = " "',
        "station.name",
        "是空的。请写上内容，或者删掉这一行。",
        "it is empty. Write something, or take the line out.",
    ),
    (
        '[station]\ntimezone = "Asia/Shanghia"',
        "station.timezone",
        "'Asia/Shanghia' 不是时区。是不是 'Asia/Shanghai'？在中国请写 'Asia/Shanghai'。",
        "'Asia/Shanghia' is no time zone. Did you mean 'Asia/Shanghai'? In China write 'Asia/Shanghai'.",
    ),
    (
        '[station]\nlanguage = "french"',
        "station.language",
        "没有叫 'french' 的语言。能写的有：en、zh、zh-CN。",
        "there is no language called 'french'. Known: en, zh, zh-CN.",
    ),
    (
        '[station]\nstrict = "yes"',
        "station.strict",
        "'yes' 不是 true 也不是 false。请写 true（是）或 false（否），不加引号。",
        "'yes' is neither true nor false. Write true or false, without quotes.",
    ),
    (
        "[station]\nquiet_hours = []",
        "station.quiet_hours",
        "'[]' 是空的：夜里不能没有静音时段。请写 [\"21:00-06:30\"]，或者删掉这一行。",
        "'[]' is empty, and nights without quiet hours are not allowed. Write [\"21:00-06:30\"], or take the line out.",
    ),
    (
        '[station]\nquiet_hours = "9pm-6am"',
        "station.quiet_hours",
        "'9pm-6am' 不是一段时间。请写成 '21:00-06:30'。",
        "'9pm-6am' is not a span of time. Write it like '21:00-06:30'.",
    ),
    (
        '[station]\nquiet_hours = "00:00-00:00"',
        "station.quiet_hours",
        "'00:00-00:00' 是一整天，什么都播不了。请写成 '21:00-06:30'。",
        "'00:00-00:00' is the whole day; nothing could be heard. Write it like '21:00-06:30'.",
    ),
    (
        '[station]\nquiet_hours = ["12:00-00:00", "00:00-12:00"]',
        "station.quiet_hours",
        '合起来是一整天，什么都播不了。请写成 ["21:00-06:30"]。',
        'together they are the whole day; nothing could be heard. Write it like ["21:00-06:30"].',
    ),
    (
        "[voice]\nrate = 1000",
        "voice.rate",
        "'1000' 不行。请写 60 到 300 的整数，不加引号。",
        "'1000' will not do. Write a whole number from 60 to 300, without quotes.",
    ),
    (
        "[voice]\nengine = 5",
        "voice.engine",
        "'5' 不是文字。请用英文引号括起来，例如 \"…\"。",
        "'5' is not text. Put it in straight quotes, for example \"…\".",
    ),
    (
        "[voice]\nspeed = 150",
        "voice.speed",
        "没有叫 'speed' 的项目。是不是 'speaker'？"
        "能写的有：engine、fallback、model、rate、speaker、token_env、token_file、url、voice。",
        "there is no key called 'speed'. Did you mean 'speaker'? "
        "Known: engine, fallback, model, rate, speaker, token_env, token_file, url, voice.",
    ),
    (
        "[voice.default]\nrate = 150",
        "voice.default",
        "'default' 就是 [voice] 那一段。请把这几行写到 [voice] 下面。",
        "'default' is the voice of [voice]. Move these lines below [voice].",
    ),
    (
        '[voice."a b"]',
        "voice.a b",
        "'a b' 不能做声音的名字。只用字母、汉字、数字、- 和 _，最多 60 个，例如 'east-end'。",
        "'a b' cannot be a name of a voice. Use letters, digits, - and _ only, at most 60, for example 'east-end'.",
    ),
    (
        "[sound]\nloudness_lufs = nan",
        "sound.loudness_lufs",
        "'nan' 不行。请写 -40 到 -8 的数，不加引号。",
        "'nan' will not do. Write a number from -40 to -8, without quotes.",
    ),
    (
        '[sound]\nchime = "../x"',
        "sound.chime",
        "'../x' 不是文件名。只写 audio/chimes/ 里的文件名，不写路径。",
        "'../x' is not a file name. Write only the name of a file in audio/chimes/, no path.",
    ),
    (
        '[sound]\nsiren = ""',
        "sound.siren",
        "'' 是空的：紧急广播不能没有警报声。请写 'siren'，或者删掉这一行。",
        "'' is empty, and an emergency needs its siren. Write 'siren', or take the line out.",
    ),
    (
        "[sound]\nlead_in = 500",
        "sound.lead_in",
        "'500' 不是时长。请写数字加单位，用引号括起来：ms 毫秒、s 秒、m 分、h 小时，例如 '10s'。",
        "'500' is not a length of time. Write a number and a unit in quotes: ms, s, m or h, for example '10s'.",
    ),
    (
        '[sound]\ntail = "20s"',
        "sound.tail",
        "'20s' 超出范围。请写 '0s' 到 '10s'。",
        "'20s' is out of range. Write '0s' to '10s'.",
    ),
    (
        '[sound]\nopening = "a\\u202Eb"',
        "sound.opening",
        "'a\\u202Eb' 里有看不见的字符（U+202E）。请删掉，重新打一遍。",
        "'a\\u202Eb' holds an invisible character (U+202E). Delete it and type it again.",
    ),
    (
        '[output.main]\nkind = "sound card"',
        "output.main.kind",
        "没有叫 'sound card' 的输出种类。是不是 'soundcard'？能写的有：snapcast、soundcard、stream、tape。",
        "there is no kind of output called 'sound card'. Did you mean 'soundcard'? Known: snapcast, soundcard, stream, "
        "tape.",
    ),
    (
        '[output."sound card"]',
        "output.sound card",
        "'sound card' 不能做输出的名字。只用字母、汉字、数字、- 和 _，最多 60 个，例如 'east-end'。",
        "'sound card' cannot be a name of an output. Use letters, digits, - and _ only, at most 60, "
        "for example 'east-end'.",
    ),
    (
        "[sound]\nchime = 3",
        "sound.chime",
        "'3' 不是文字。请用英文引号括起来，例如 \"…\"。",
        "'3' is not text. Put it in straight quotes, for example \"…\".",
    ),
    (
        '[sound]\ntail = ""',
        "sound.tail",
        "'' 不是时长。请写数字加单位，用引号括起来：ms 毫秒、s 秒、m 分、h 小时，例如 '10s'。",
        "'' is not a length of time. Write a number and a unit in quotes: ms, s, m or h, for example '10s'.",
    ),
    (
        "[output.main]\ndevice = 1",
        "output.main.device",
        "'1' 是编号，停电以后编号会变。请写声卡的名字，例如 'default'。",
        "'1' is a number, and numbers change after a power cut. "
        "Write the name of the sound card, for example 'default'.",
    ),
    (
        '[zone.all]\noutputs = ["mian"]',
        "zone.all.outputs",
        "没有叫 'mian' 的输出。是不是 'main'？能写的有：main。",
        "there is no output called 'mian'. Did you mean 'main'? Known: main.",
    ),
    (
        "[zone.east]",
        "zone.east.outputs",
        "'[]' 是空的。请至少写一个，或者删掉这一行。",
        "'[]' is empty. Write at least one, or take the line out.",
    ),
    (
        '[zone]\nname = "east"',
        "zone.name",
        "'east' 的位置不对。请先写一行 [zone.NAME]（NAME 换成名字），再把这一行写在下面。",
        "'east' is in the wrong place. Write [zone.NAME] with a name of your own first, and this line below it.",
    ),
    (
        '[zone.all]\noutputs = ["main"]\nprofile = "fra"',
        "zone.all.profile",
        "没有叫 'fra' 的喇叭类型。是不是 'far'？能写的有：far。",
        "there is no profile called 'fra'. Did you mean 'far'? Known: far.",
    ),
    (
        '[profile.near]\n[zone.east]\noutputs = "main"\nprofile = "far"\n'
        '[zone.west]\noutputs = "main"\nprofile = "near"',
        "zone.west.profile",
        "输出“main”在片区“east”里已经用“far”，不能又用“near”。请改成一样的，或者删掉一个。",
        "the output 'main' already has the profile 'far' in the zone 'east' and cannot have 'near', too. "
        "Make them the same, or take one out.",
    ),
    (
        "[calendar]\ndays_off = 2027-01-01\nworkdays = 2027-01-01",
        "calendar.workdays",
        "'2027-01-01' 又是放假又是上班。请从 days_off 或者 workdays 里去掉一个。",
        "'2027-01-01' is both a day off and a workday. Take it out of days_off or out of workdays.",
    ),
    (
        '[lexicon]\n"大营村" = "da4 ying2"',
        "lexicon.大营村",
        "'大营村' 有 3 个字，'da4 ying2' 却有 2 个音。请一字一音。",
        "'大营村' has 3 characters, but 'da4 ying2' has 2 syllables. Write one syllable a character.",
    ),
    (
        '[lexicon]\n"单" = "shan"',
        "lexicon.单",
        "'shan' 不是带声调的拼音。请一字一音，声调写数字（轻声 5，ü 写 v），"
        '例如 "大营村" = "da4 ying2 cun1"，或者照拼音标调。',
        "'shan' is not pinyin with tones. Write one syllable a character, with tone numbers (5 for the "
        'neutral tone, v for ü), for example "大营村" = "da4 ying2 cun1", or with tone marks.',
    ),
    (
        '[lexicon]\n"QQ" = "kiu1"',
        "lexicon.QQ",
        "'QQ' 不能放进词表。只写 1 到 20 个汉字，不要标点和字母。",
        "'QQ' cannot be in the lexicon. Write 1 to 20 Chinese characters, no punctuation and no letters.",
    ),
    (
        "[vioce]",
        "vioce",
        "没有叫 'vioce' 的段落。是不是 'voice'？"
        "能写的有：amplifier、backup、calendar、lexicon、live、output、page、profile、slot、sound、station、trigger、"
        "voice、zone。",
        "there is no table called 'vioce'. Did you mean 'voice'? "
        "Known: amplifier, backup, calendar, lexicon, live, output, page, profile, slot, sound, station, trigger, "
        "voice, zone.",
    ),
    (
        'at = "07:30"',
        "at",
        "这一行要写在 [[slot]] 下面。请移过去。",
        "this line belongs below [[slot]]. Move it there.",
    ),
    (
        "voice = 3",
        "voice",
        "'3' 的位置不对，这里要一个表。请单独写一行 [voice]，下面每行写一项。",
        "'3' is in the place of a table. Write [voice] on a line of its own and one key a line below it.",
    ),
    (
        '[slot]\nid = "a"',
        "slot",
        "'{…}' 的写法不对。每个时段前面单独写一行 [[slot]]，两层方括号。",
        "'{…}' is not how slots are written. Begin each with a line [[slot]], in double brackets.",
    ),
]


@pytest.mark.parametrize(
    ("text", "path", "zh", "en"), SETTINGS, ids=[f"{case[1]}-{n}" for n, case in enumerate(SETTINGS)]
)
def test_a_mistake_in_the_settings_is_told_with_its_remedy(text, path, zh, en):
    assert complaints_of(text) == (Complaint(file="schedule.toml", path=path, what=Sentence(zh, en)),)
    assert parse_schedule(text).schedule is None


SLOTS = [
    (
        'priority = "emergency"',
        "priority",
        "'emergency' 不能写进节目表：紧急广播和直播要由人当场发起。请写 'urgent'、'routine' 或 'background'。",
        "'emergency' cannot be in the timetable: a person starts an emergency or a live broadcast. "
        "Write 'urgent', 'routine' or 'background'.",
    ),
    (
        'priority = "live"',
        "priority",
        "'live' 不能写进节目表：紧急广播和直播要由人当场发起。请写 'urgent'、'routine' 或 'background'。",
        "'live' cannot be in the timetable: a person starts an emergency or a live broadcast. "
        "Write 'urgent', 'routine' or 'background'.",
    ),
    (
        'priority = "hot"',
        "priority",
        "没有叫 'hot' 的级别。能写的有：background、routine、urgent。",
        "there is no priority called 'hot'. Known: background, routine, urgent.",
    ),
    (
        "repeat = 11",
        "repeat",
        "'11' 不行。请写 1 到 10 的整数，不加引号。",
        "'11' will not do. Write a whole number from 1 to 10, without quotes.",
    ),
    (
        "repeat = true",
        "repeat",
        "'true' 不行。请写 1 到 10 的整数，不加引号。",
        "'true' will not do. Write a whole number from 1 to 10, without quotes.",
    ),
    (
        'grace = "3h"',
        "grace",
        "'3h' 超出范围。请写 '5s' 到 '2h'。",
        "'3h' is out of range. Write '5s' to '2h'.",
    ),
    (
        'if_interrupted = "resum"',
        "if_interrupted",
        "没有叫 'resum' 的做法。是不是 'resume'？能写的有：drop、restart、resume。",
        "there is no way to go on called 'resum'. Did you mean 'resume'? Known: drop, restart, resume.",
    ),
    (
        'zones = ["al"]',
        "zones",
        "没有叫 'al' 的片区。是不是 'all'？能写的有：all。",
        "there is no zone called 'al'. Did you mean 'all'? Known: all.",
    ),
    (
        'voice = "meii"',
        "voice",
        "没有叫 'meii' 的声音。能写的有：default。",
        "there is no voice called 'meii'. Known: default.",
    ),
    (
        "days = []",
        "days",
        "'[]' 是空的。请至少写一个，或者删掉这一行。",
        "'[]' is empty. Write at least one, or take the line out.",
    ),
    (
        "from = 2026-12-20\nuntil = 2026-12-01",
        "until",
        "'2026-12-01' 在 from 的 '2026-12-20' 前面，一天也播不到。请对调，或者改日期。",
        "'2026-12-01' is before '2026-12-20' of from, so no day is left. Swap them or correct the date.",
    ),
    (
        'from = "2026-02-30"',
        "from",
        "'2026-02-30'：日历上没有这一天。请对照日历改正。",
        "'2026-02-30' is on no calendar. Look the date up and correct it.",
    ),
    (
        "play = 3",
        "play",
        "'3' 不是文字。请用英文引号括起来，例如 \"…\"。",
        "'3' is not text. Put it in straight quotes, for example \"…\".",
    ),
    (
        'from = "1 December"',
        "from",
        "'1 December' 不是日期。请写成年-月-日，例如 2026-12-03。",
        "'1 December' is not a date. Write year-month-day, for example 2026-12-03.",
    ),
    (
        'dyas = "daily"',
        "dyas",
        "没有叫 'dyas' 的项目。是不是 'days'？能写的有：at、chime、days、except、from、grace、id、if_interrupted、"
        "paused、play、priority、repeat、title、until、voice、zones。",
        "there is no key called 'dyas'. Did you mean 'days'? Known: at, chime, days, except, from, grace, id, "
        "if_interrupted, paused, play, priority, repeat, title, until, voice, zones.",
    ),
]


@pytest.mark.parametrize(("line", "key", "zh", "en"), SLOTS, ids=[case[0] for case in SLOTS])
def test_a_mistake_in_a_slot_is_told_with_its_remedy(line, key, zh, en):
    text = SLOT.replace('play = "next:study"\n', "") if key == "play" else SLOT

    assert told(text + line) == (f"slot.morning.{key}", zh, en)


@pytest.mark.parametrize("written", ["25:10", "24:00", "07:60", "7点半", "07.30", ""])
def test_an_impossible_time_is_told(written):
    assert told(SLOT.replace("07:30", written)) == (
        "slot.morning.at",
        f"'{written}' 不是一天里的时间。请写小时 00 到 23 和分钟，例如 '18:30'。",
        f"'{written}' is not a time of day. Write hours 00 to 23 and minutes, for example '18:30'.",
    )


def test_the_same_time_twice_would_be_one_airing_with_two_fates():
    assert told(SLOT.replace('"07:30"', '["07:30", 07:30:00]')) == (
        "slot.morning.at",
        "'07:30' 写了两次。请去掉一个；要念两遍请写 repeat = 2。",
        "'07:30' is there twice. Take one out; to have it said twice, write repeat = 2.",
    )


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("scirpt:a/b", "是不是 'script:a/b'？", "Did you mean 'script:a/b'?"),
        ("study/020-salt", "是不是 'script:study/020-salt'？", "Did you mean 'script:study/020-salt'?"),
        ("music", "", ""),
    ],
)
def test_what_does_not_say_what_to_play_is_told(written, zh, en):
    gap = " " if en else ""
    assert told(SLOT.replace("next:study", written)) == (
        "slot.morning.play",
        f"'{written}' 看不懂要播什么。{zh}"
        "请写 'script:稿件'、'next:文件夹'、'latest:文件夹'、'leaderboard:榜名' 或 'recording:文件'。",
        f"'{written}' does not say what to play.{gap}{en} "
        "Write 'script:NAME', 'next:FOLDER', 'latest:FOLDER', 'leaderboard:NAME' or 'recording:FILE'.",
    )


@pytest.mark.parametrize(
    "written",
    ["script:../../etc/passwd", "script:/etc/passwd", "script:a/b/c", "script:", "script:a/.hidden", "script:a\\\\b"],
)
def test_a_script_is_never_a_path_out_of_the_folder(written):
    path, zh, en = told(SLOT.replace("next:study", written))
    written = written.replace("\\\\", "\\")

    assert path == "slot.morning.play"
    assert zh == f"'{written}' 里的名字不对。只写名字，不写路径，例如 'script:study/010-points-how'。"
    assert (
        en
        == f"'{written}' holds no usable name. Write a plain name, no path, for example 'script:study/010-points-how'."
    )


@pytest.mark.parametrize(
    "written", ["recording:../a.mp3", "recording:/a.mp3", "recording:a/b.mp3", "recording:http://x"]
)
def test_a_recording_is_never_a_path_or_an_address(written):
    assert only(SLOT.replace("next:study", written)).path == "slot.morning.play"


def test_a_slot_without_id_is_told_by_its_number_in_the_file():
    assert told('[[slot]]\nat = "07:30"\nplay = "next:study"') == (
        "slot.1.id",
        '还没有写。请加上一行，例如 id = "morning-study"。',
        'it is missing. Add a line like id = "morning-study".',
    )


def test_every_slot_needs_a_time_and_something_to_play():
    assert [complaint.path for complaint in complaints_of('[[slot]]\nid = "a"')] == ["slot.a.at", "slot.a.play"]


def test_two_slots_may_not_share_an_id():
    assert told(SLOT + SLOT.replace("morning", "Morning")) == (
        "slot.Morning.id",
        "'Morning' 用了两次（第 1 个和第 2 个时段）。每个时段的 id 要不一样。",
        "'Morning' is used twice, by slots number 1 and 2. Give each slot an id of its own.",
    )


@pytest.mark.parametrize("id_", ["emergency", "drill", "All-Clear", "correction", "live", "Now-dogs"])
def test_ids_that_the_station_gives_itself_are_kept(id_):
    assert told(SLOT.replace("morning", id_)) == (
        f"slot.{id_}.id",
        f"'{id_}' 留给站里自己用。请换一个，例如 'morning-study'。",
        f"'{id_}' is kept for the station's own use. Choose another, for example 'morning-study'.",
    )


@pytest.mark.parametrize("id_", ["a@b", "a~b", "a b", "a/b", "a.b", "-a", "", "x" * 61])
def test_an_id_holds_nothing_that_means_something_elsewhere(id_):
    complaint = only(SLOT.replace("morning", id_))

    assert complaint.path == "slot.1.id"
    assert "不能做时段的 id" in complaint.what.zh
    assert "cannot be a slot id" in complaint.what.en


# --- quiet hours -------------------------------------------------------------------------------------------------


def test_a_slot_in_quiet_hours_cannot_be_planned():
    assert told(SLOT.replace("07:30", "22:00")) == (
        "slot.morning.at",
        "'22:00' 在静音时段 21:00-06:30 里，那时只有紧急广播能响。请改到这段时间以外。",
        "'22:00' lies in the quiet hours 21:00-06:30, when only an emergency may sound. Choose a time outside them.",
    )


@pytest.mark.parametrize("at", ["21:00", "23:59:59", "00:00", "06:29"])
def test_every_moment_of_the_night_is_refused_even_when_nobody_set_quiet_hours(at):
    assert only(SLOT.replace("07:30", at)).severity is Severity.ERROR


@pytest.mark.parametrize("at", ["06:30", "20:59:59"])
def test_the_ends_of_the_night_are_not_quiet(at):
    assert parse_schedule(SLOT.replace("07:30", at)).schedule is not None


def test_one_time_of_many_is_enough_to_refuse_a_slot():
    assert [one.path for one in complaints_of(SLOT.replace('"07:30"', '["07:30", "05:00", "22:00"]'))] == [
        "slot.morning.at",
        "slot.morning.at",
    ]


def test_the_stations_own_quiet_hours_count():
    text = '[station]\nquiet_hours = ["22:00-05:00", "12:30-14:00"]\n'

    assert parse_schedule(text + SLOT.replace("07:30", "21:30")).schedule is not None
    assert only(text + SLOT.replace("07:30", "13:00")).path == "slot.morning.at"


def test_quiet_hours_that_cannot_be_read_leave_the_night_quiet():
    paths = [one.path for one in complaints_of('station.quiet_hours = "never"\n' + SLOT.replace("07:30", "23:00"))]

    assert paths == ["station.quiet_hours", "slot.morning.at"]


def test_a_short_night_is_a_warning():
    complaint = only('[station]\nquiet_hours = ["01:00-02:00"]')

    assert complaint.severity is Severity.WARNING
    assert complaint.what == Sentence(
        '一天只有 60 分钟静音，夜里可能扰民。一般写 ["21:00-06:30"]。',
        'only 60 minutes a day are quiet; people may be woken at night. Most stations write ["21:00-06:30"].',
    )
    assert parse_schedule('[station]\nquiet_hours = ["01:00-02:00"]').schedule is not None


# --- the file as a whole -----------------------------------------------------------------------------------------


def test_every_complaint_of_a_file_comes_at_once():
    text = """
    [station]
    strict = 1
    [sound]
    chmie = "rise"
    [[slot]]
    id = "a"
    at = ["25:00", "23:00"]
    days = "dayly"
    play = "study"
    zones = "nowhere"
    [[slot]]
    at = 7
    """

    assert [complaint.path for complaint in complaints_of(text)] == [
        "station.strict",
        "sound.chmie",
        "slot.a.at",
        "slot.a.at",
        "slot.a.days",
        "slot.a.play",
        "slot.2.id",
        "slot.2.at",
        "slot.2.play",
        "slot.a.zones",
    ]


def test_complaints_name_the_file_that_was_asked_for():
    assert parse_schedule("x = 1", file="old.toml").complaints[0].file == "old.toml"


SYNTAX = [
    (
        "[station]\nname = “大营村”",
        "第 2 行第 8 个字写得不对：'name = “大营村”'。引号、等号、括号、逗号要用英文的（半角）。",
        "line 2, column 8 is not valid: 'name = “大营村”'. "
        "Use straight quotes and the plain signs = [ ] , of an English keyboard.",
    ),
    (
        '[lexicon]\n大营 = "da4 ying2"',
        "第 2 行第 1 个字写得不对：'大营 = \"da4 ying2\"'。"
        '等号前面的汉字要加英文引号，例如 "大营村" = "da4 ying2 cun1"。',
        "line 2, column 1 is not valid: '大营 = \"da4 ying2\"'. "
        'Chinese words before = need straight quotes, for example "大营村" = "da4 ying2 cun1".',
    ),
    (
        "[station]\nstrict = true\nstrict = false\n",
        "第 3 行第 15 个字写得不对：'strict = false'。同一项写了两次，请去掉一个。",
        "line 3, column 15 is not valid: 'strict = false'. The same thing is there twice; take one out.",
    ),
    (
        "[station]\nstrict = true\nstrict = false",
        "第 3 行第 1 个字写得不对：'strict = false'。同一项写了两次，请去掉一个。",
        "line 3, column 1 is not valid: 'strict = false'. The same thing is there twice; take one out.",
    ),
    (
        '[station]\nname = "大营村，东头\nstrict = true\n',
        "第 2 行第 15 个字写得不对：'name = \"大营村，东头'。少了一个引号：前后要各一个。",
        "line 2, column 15 is not valid: 'name = \"大营村，东头'. A quote is missing: write one before and one after.",
    ),
    (
        "x = 2026-02-30\n",
        "第 1 行第 5 个字写得不对：'x = 2026-02-30'。日历上没有这个日期或时间。",
        "line 1, column 5 is not valid: 'x = 2026-02-30'. There is no such date or time.",
    ),
    (
        'x = ["07:30",',
        "到文件末尾还没有写完：多半少了一个引号或括号。请看最后一段。",
        "the file ends in the middle of something (Invalid value). A quote or a bracket is missing; "
        "look at the last lines.",
    ),
    (
        "at 07:30",
        "第 1 行第 4 个字写得不对：'at 07:30'。每行写成 名称 = 值，文字和时间用英文引号括起来，例如 at = \"07:30\"。"
        "（Expected '=' after a key in a key/value pair）",
        "line 1, column 4 is not valid: 'at 07:30'. Write key = value on each line, text and times in straight quotes, "
        "for example at = \"07:30\". (Expected '=' after a key in a key/value pair)",
    ),
    (
        "x = " + "[" * 5_000,
        "括号或点号套得太深，不像节目表。请拿备份的文件换回来。",
        "brackets or dots are nested too deep; that is no timetable. Put a copy of the old file back.",
    ),
    (
        "a." * 100_000 + "b = 1",
        "括号或点号套得太深，不像节目表。请拿备份的文件换回来。",
        "brackets or dots are nested too deep; that is no timetable. Put a copy of the old file back.",
    ),
    (
        "x = " + "9" * 5_000,
        "里面有一个长得离谱的数。请找出来改短。",
        "there is a number of absurd length in it. Find and shorten it.",
    ),
    (
        " " * (LONGEST_FILE + 1),
        "文件有 1000001 个字，最多 1000000 个，不像节目表。请拿备份的文件换回来。",
        "the file has 1000001 characters, at most 1000000 are allowed; that is no timetable. "
        "Put a copy of the old file back.",
    ),
]


@pytest.mark.parametrize(("text", "zh", "en"), SYNTAX, ids=[case[0][:20] for case in SYNTAX])
def test_what_is_no_toml_is_told_with_its_line_and_the_usual_slip(text, zh, en):
    assert told(text) == ("", zh, en)
    assert parse_schedule(text).schedule is None


def test_slips_that_spoil_one_line_each_are_told_all_at_once():
    text = """
    [station]
    name = “大营村”
    strict = true
    strict = false
    [[slot]]
    id = "a
    at = "07:30"
    play ＝ "next:study"
    """

    assert [complaint.what.zh for complaint in complaints_of(text)] == [
        "第 3 行第 12 个字写得不对：'name = “大营村”'。引号、等号、括号、逗号要用英文的（半角）。",
        "第 5 行第 19 个字写得不对：'strict = false'。同一项写了两次，请去掉一个。",
        "第 7 行第 12 个字写得不对：'id = \"a'。少了一个引号：前后要各一个。",
        "第 9 行第 10 个字写得不对：'play ＝ \"next:study\"'。引号、等号、括号、逗号要用英文的（半角）。",
    ]


def test_a_line_that_spoils_the_next_ones_ends_the_list():
    text = "[station]\nname = “x”\n[station]\nquiet_hours = []\n"

    assert [complaint.what.zh[:5] for complaint in complaints_of(text)] == ["第 2 行", "第 3 行"]


def test_a_mark_that_some_editors_put_in_front_is_no_mistake():
    assert schedule_of("\ufeff" + SLOT).slots


def test_control_characters_are_shown_and_never_passed_on():
    complaint = only("x = 1\x07")

    assert "\x07" not in complaint.text("zh") + complaint.text("en")
    assert "\\u0007" in complaint.what.zh


def test_a_value_of_any_length_is_told_in_short():
    complaint = only('[voice]\nengine = "' + "x" * 100_000 + '"')

    assert complaint.what.zh == "'" + "x" * 40 + "…' 有 100000 个字，最多 60 个。请写短一点。"


def test_too_many_slots_are_told():
    text = "".join(f'[[slot]]\nid = "s{number}"\n' for number in range(MOST_SLOTS + 1))

    assert told(text) == (
        "slot",
        "有 2001 个时段，最多 2000 个。请删掉不用的，或者把几个时间写在一个时段的 at 里。",
        "there are 2001 slots, at most 2000 are allowed. Take out what is not used, or write several times in the at "
        "of one slot.",
    )


def test_too_many_words_are_told():
    hanzi = [chr(0x4E00 + number) for number in range(5_001)]
    text = "[lexicon]\n" + "\n".join(f'"{char}" = "yi1"' for char in hanzi)

    assert told(text) == (
        "lexicon",
        "有 5001 个词，最多 5000 个。请只留念错的词。",
        "there are 5001 words, at most 5000 are allowed. Keep those that are misread.",
    )


def test_too_many_values_in_a_list_are_told():
    at = ", ".join(f'"{7 + n // 60:02}:{n % 60:02}"' for n in range(401))

    assert [one.what.zh for one in complaints_of(SLOT.replace('"07:30"', f"[{at}]"))] == [
        "写了 401 个，最多 400 个。请分成几个时段写。"
    ]


@pytest.mark.slow
def test_after_a_thousand_complaints_the_file_is_no_timetable():
    complaints = complaints_of("\n".join(f"k{number} = 1" for number in range(60_000)))

    assert len(complaints) == 1001
    assert complaints[-1].what == Sentence(
        "问题超过 1000 处，后面的没有列出。请先改前面的。",
        "there are more than 1000 complaints; the rest is not listed. Mend these first.",
    )


def test_keys_are_known_table_by_table():
    assert set(KEYS) == {
        "amplifier",
        "trigger",
        "station",
        "voice",
        "sound",
        "profile",
        "zone",
        "output",
        "page",
        "backup",
        "live",
        "calendar",
        "lexicon",
        "slot",
    }
