"""What is tried is heard on headphones, at any hour, and on nothing that belongs to a zone."""

from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.errors import Refused, VoiceFailed
from broadcaster.model.airing import AiringId
from broadcaster.model.clip import Clip, ClipOrder
from broadcaster.model.outputs import OutputSettings, Zone
from broadcaster.model.timetable import Schedule, VoiceSettings
from broadcaster.model.words import Priority, Sentence
from broadcaster.playout.cue import Arm, Stop
from broadcaster.schedule import parse_schedule
from broadcaster.station.trial import TrialDesk, monitors_of
from tests.station.conftest import SCHEDULE, at, write_station

HEADPHONES = SCHEDULE + '\n[output.headphones]\nkind = "tape"\nmonitor = true\n'
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
CLIP = Clip(key="k", sha256="0", frames=48_000, loudness_lufs=-16, true_peak_dbtp=-2, voice="pyttsx3")
ORDER = ClipOrder(texts=("试一试",), voices=(VoiceSettings(),), sound=Schedule().sound)


@pytest.fixture
def village(found, tmp_path):
    write_station(tmp_path, HEADPHONES)
    return found("12:30")


def cues(village, output):
    return [one.cue for one in village.decks[output].commands if isinstance(one, Arm)]


def test_words_are_heard_on_the_headphones_and_nowhere_else(village):
    before = village.log()

    tried = village.station.try_out("明天停水", who="王")

    assert tried.outputs == ("headphones",)
    [cue] = cues(village, "headphones")
    assert (cue.airing, cue.is_trial, cue.priority, cue.permit) == (tried.airing, True, Priority.ROUTINE, None)
    assert all(not one.is_trial for one in cues(village, "main"))
    assert village.renderer.orders[-1].texts == ("明天停水",)
    village.advance(30)
    assert village.log() == before


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("script:policy/fire", "天干物燥，请大家小心火烛。"),
        ("script:emergency/flood", "紧急通知。河水涨了，请马上到高处去。"),
        ("noon", "天干物燥，请大家小心火烛。"),
        ("recording:drum.mp3", "recording:drum.mp3\n"),
    ],
)
def test_scripts_slots_and_recordings_can_be_tried(village, what, text):
    village.station.try_out(what, who="王")

    assert village.renderer.orders[-1].texts == (text,)
    assert len(cues(village, "headphones")) == 1


def test_a_script_is_tried_as_it_lies_on_the_disk(village):
    """On a strict station nobody has approved this draft yet; trying it is how one finds out whether one may."""
    (village.home.scripts / "policy" / "fire.txt").write_text("改过的稿子。", encoding="utf-8")

    village.station.try_out("script:policy/fire", who="王")

    assert village.renderer.orders[-1].texts == ("改过的稿子。",)


def test_trying_does_not_use_up_the_next_text_of_a_folder(village):
    first = [airing.scripts for airing in village.station.plan()[0].airings]

    village.station.try_out("evening", who="王")
    village.turn()

    assert [airing.scripts for airing in village.station.plan()[0].airings] == first


def test_it_can_be_tried_while_all_is_held(village):
    village.station.hold(at("20:00"), who="李")
    village.station.try_out("明天停水", who="王")

    assert len(cues(village, "headphones")) == 1


def test_it_can_be_tried_in_quiet_hours(found, tmp_path):
    write_station(tmp_path, HEADPHONES)
    village = found("23:00")
    village.station.try_out("明天停水", who="王")

    assert len(cues(village, "headphones")) == 1


def test_the_next_trial_takes_the_place_of_the_last(village):
    first = village.station.try_out("第一段", who="王")
    second = village.station.try_out("第二段", who="王")
    village.station.stop_trying(who="王")

    sent = [one for one in village.decks["headphones"].commands if isinstance(one, Arm | Stop)]
    assert [(type(one), one.cue.airing if isinstance(one, Arm) else one.airing) for one in sent] == [
        (Arm, first.airing),
        (Stop, first.airing),
        (Arm, second.airing),
        (Stop, second.airing),
    ]


def test_an_emergency_is_not_heard_on_the_headphones(village):
    village.station.emergency("script:emergency/flood", who="王", plays=1)

    assert cues(village, "headphones") == []
    assert cues(village, "main")[-1].priority is Priority.EMERGENCY


def test_a_station_without_headphones_says_so_and_plays_nothing(found):
    village = found("12:30")

    tried = village.station.try_out("明天停水", who="王")

    assert tried.outputs == ()
    assert not any(cue.is_trial for cue in cues(village, "main"))


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        (" ", Sentence("没有写要试听什么。", "there is nothing to try.")),
        (
            "script:policy/fir",
            Sentence(
                "没有叫“policy/fir”的稿件。是不是“policy/fire”？有：emergency/flood、policy/fire、study/a、study/b、study/c。",
                "there is no script called 'policy/fir'. Did you mean 'policy/fire'? "
                "Known: emergency/flood, policy/fire, study/a, study/b, study/c.",
            ),
        ),
    ],
)
def test_what_is_not_there_cannot_be_tried(village, what, sentence):
    with pytest.raises(Refused) as refused:
        village.station.try_out(what, who="王")

    assert refused.value.sentence == sentence


def test_a_slot_that_has_nothing_to_say_is_refused_with_the_reason(village):
    for path in (village.home.scripts / "study").glob("*.txt"):
        path.unlink()
    village.advance(5)

    with pytest.raises(Refused) as refused:
        village.station.try_out("evening", who="王")

    assert refused.value.sentence == Sentence(
        "“evening”现在没有可试听的。文件夹“study”里没有稿件",
        "there is nothing to try in 'evening' now. there is no script in folder 'study'",
    )


def test_a_voice_that_cannot_speak_is_told_to_who_tries(village):
    village.renderer.failure = VoiceFailed(Sentence("念不出来", "cannot speak"))

    with pytest.raises(VoiceFailed):
        village.station.try_out("明天停水", who="王")

    assert cues(village, "headphones") == []


# --- whatever the timetable says --------------------------------------------------------------------------------

NAMES = ["a", "b", "c", "d"]


class Renders:
    """Gives back futures that a test completes."""

    def __init__(self):
        self.futures = []

    def render(self, order, *, is_urgent=False):
        assert not is_urgent, "an emergency would wait for a trial"
        self.futures.append(Future())
        return self.futures[-1]

    def close(self):
        pass


class AtOnce(Renders):
    def render(self, order, *, is_urgent=False):
        future = super().render(order, is_urgent=is_urgent)
        future.set_result(CLIP)
        return future


@given(
    outputs=st.lists(st.booleans(), min_size=1, max_size=4),
    zones=st.lists(st.lists(st.sampled_from(NAMES), max_size=4), max_size=3),
)
def test_no_trial_is_ever_sent_to_an_output_that_belongs_to_a_zone(outputs, zones):
    """Also for a schedule that no file could have made: here zones name monitors freely."""
    schedule = Schedule(
        outputs=tuple(OutputSettings(name=NAMES[n], is_monitor=one) for n, one in enumerate(outputs)),
        zones=tuple(Zone(name=f"z{n}", outputs=tuple(names)) for n, names in enumerate(zones)),
    )
    sent = []
    desk = TrialDesk(renderer=AtOnce(), clip_path=Path, send=lambda output, command: sent.append((output, command)))

    desk.play(ORDER, schedule, NOW, who="王")
    desk.stop(who="王")

    in_zones = {name for zone in schedule.zones for name in zone.outputs}
    monitors = {one.name for one in schedule.outputs if one.is_monitor}
    assert {output for output, _ in sent} <= monitors - in_zones
    assert all(command.cue.is_trial for _, command in sent if isinstance(command, Arm))


@given(
    outputs=st.lists(st.booleans(), min_size=1, max_size=4),
    zones=st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4), max_size=3),
)
def test_a_file_that_puts_a_monitor_in_a_zone_is_never_in_force(outputs, zones):
    text = "".join(
        f'[output.{NAMES[n]}]\nkind = "tape"\nmonitor = {str(one).lower()}\n' for n, one in enumerate(outputs)
    )
    text += "".join(f"[zone.z{n}]\noutputs = {names!r}\n".replace("'", '"') for n, names in enumerate(zones))

    schedule = parse_schedule(text).schedule

    monitors = {NAMES[n] for n, one in enumerate(outputs) if one}
    named = {name for names in zones for name in names}
    if schedule is None:
        assert named & monitors or named - set(NAMES[: len(outputs)]) or all(outputs)
    else:
        assert not named & monitors
        assert set(monitors_of(schedule)) == monitors
        assert not monitors & set(schedule.outputs_of(zone.name for zone in schedule.zones))


def test_a_trial_that_was_stopped_before_it_was_spoken_is_not_heard():
    sent, renders = [], Renders()
    desk = TrialDesk(renderer=renders, clip_path=Path, send=lambda output, command: sent.append(command))
    schedule = Schedule(
        outputs=(OutputSettings(name="main"), OutputSettings(name="ear", is_monitor=True)),
        zones=(Zone(name="all", outputs=("main",)),),
    )
    rendered = renders.render

    def stopped_meanwhile(order, *, is_urgent=False):
        future = rendered(order, is_urgent=is_urgent)
        desk.stop(who="李")
        future.set_result(CLIP)
        return future

    renders.render = stopped_meanwhile
    desk.play(ORDER, schedule, NOW, who="王")

    assert [type(one) for one in sent] == [Stop]
    assert isinstance(sent[0].airing, str) and AiringId(sent[0].airing).startswith("try@")
