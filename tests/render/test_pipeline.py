"""A whole clip from an order: what is heard, in which order, how long, how loud, and where its sentences begin."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.errors import SoundUnusable, TextUnusable, VoiceFailed
from broadcaster.model.clip import ClipOrder
from broadcaster.model.timetable import SoundSettings, VoiceSettings
from broadcaster.model.words import NOTHING_TO_SAY, Sentence
from broadcaster.render import pipeline
from broadcaster.render.meter import integrated_lufs, true_peak_dbtp
from broadcaster.render.pipeline import render
from tests.fakes_voice import ToneVoice
from tests.render.signals import RATE_HZ, silence, sine, speechlike

BROKEN = VoiceFailed(Sentence("坏了。", "broken."))
SILENT_DB = -60.0
"""What stands between phrases is silence."""
SHORTEST_PAUSE_S = 0.12


class Folder:
    """Sounds in memory."""

    def __init__(self, **sounds):
        self._sounds = sounds

    def chime(self, name):
        return self._sound(name)

    def recording(self, file):
        return self._sound(file.removesuffix(".wav"))

    def _sound(self, name):
        if name not in self._sounds:
            raise SoundUnusable(Sentence(f"没有{name}。", f"no {name}."))
        return self._sounds[name]


FOLDER = Folder(rise=sine(1, hz=880, dbfs=-3), siren=sine(2, hz=990, dbfs=-1), own=speechlike(3, dbfs=-30))


def made(*texts, voice=None, sounds=FOLDER, repeat=1, chime="", **sound):
    settings_ = replace(SoundSettings(), **sound)
    order = ClipOrder(texts=texts, voices=(VoiceSettings(),), sound=settings_, repeat=repeat, chime=chime)
    return render(order, voices=((VoiceSettings(), voice or ToneVoice()),), sounds=sounds)


def pcm(clip):
    return np.frombuffer(clip.samples, dtype="<i2")


def islands(clip, pause_s=SHORTEST_PAUSE_S):
    """First and last sample of everything that sounds, pauses shorter than *pause_s* left out."""
    loud = np.flatnonzero(np.abs(pcm(clip)) > 32768 * 10 ** (SILENT_DB / 20))
    gaps = np.flatnonzero(np.diff(loud) > pause_s * RATE_HZ)
    firsts = [loud[0], *loud[gaps + 1]]
    return list(zip(firsts, [*loud[gaps], loud[-1]], strict=True))


def test_a_clip_has_lead_in_chime_opening_text_repeat_closing_and_tail():
    voice = ToneVoice()

    clip = made(
        "今天停水。",
        voice=voice,
        repeat=2,
        chime="rise",
        opening="乡亲们，",
        repeat_phrase="再说一遍。",
        closing="完了。",
        lead_in=timedelta(seconds=1),
        tail=timedelta(seconds=2),
    )

    assert voice.said == ["乡亲们", "再说一遍", "完了", "今天停水"], "each is spoken once"
    found = islands(clip, 0.3)
    assert len(found) == 6, "chime, opening, text, words between, text, closing"
    assert found[0][0] == pytest.approx(1.0 * RATE_HZ, abs=100)
    assert found[0][1] - found[0][0] == pytest.approx(RATE_HZ, abs=200)
    assert len(pcm(clip)) - found[-1][1] > 2.0 * RATE_HZ
    assert (clip.voice, clip.characters) == ("tone", 4)


def test_what_is_heard_is_what_was_written_in_its_order():
    voice = ToneVoice()

    clip = made("今天停水，请储水。", voice=voice)

    heard = "".join(voice.heard(pcm(clip)[a : b + 1] / 32768, RATE_HZ) for a, b in islands(clip))
    assert heard == "今天停水请储水"


def test_pauses_are_silent_and_as_long_as_they_are_set():
    sound = {"comma_pause": timedelta(seconds=0.6), "sentence_pause": timedelta(seconds=1.1)}

    clip = made("今天停水，请储水。明天来水。", **sound)

    (_, a), (b, c), (d, _) = islands(clip)
    margins = 0.08 * RATE_HZ
    assert 0.6 * RATE_HZ <= b - a <= 0.6 * RATE_HZ + margins
    assert 1.1 * RATE_HZ <= d - c <= 1.1 * RATE_HZ + margins
    assert not pcm(clip)[a + 5000 : b - 5000].any(), "digitally silent"


def test_every_pause_is_longer_than_the_echo():
    long_stretch = "大家都来看今天的戏" * 14

    clip = made(f"今天，停水。{long_stretch}", echo=timedelta(seconds=1.5), sentence_pause=timedelta(seconds=0.2))

    found = islands(clip)
    gaps = [after[0] - before[1] for before, after in pairwise(found)]
    assert len(gaps) >= 3
    assert min(gaps) > 1.5 * RATE_HZ


def test_between_the_names_of_people_the_pause_is_longer():
    clip = made("张建国、李秀英，都来了。", name_pause=timedelta(seconds=1.2), comma_pause=timedelta(seconds=0.4))

    (_, a), (b, c), (d, _) = islands(clip)
    assert b - a > 1.2 * RATE_HZ > d - c > 0.4 * RATE_HZ


texts = st.sampled_from(["今天停水。", "请储水，明天来水。", "张建国、李秀英。\n好！"])


@pytest.mark.slow
@given(said=st.lists(texts, min_size=1, max_size=3), repeat=st.integers(1, 2), chime=st.sampled_from(["", "rise"]))
@settings(max_examples=8)
def test_a_clip_is_as_long_as_its_parts_to_the_sample(said, repeat, chime):
    alone = {text: len(pcm(made(text))) for text in set(said)}
    ends = RATE_HZ  # half a second of lead-in, as much of tail

    clip = made(*said, repeat=repeat, chime=chime, repeat_phrase="")

    body = sum(alone[text] - ends for text in said)
    chimes = (RATE_HZ + 0.5 * RATE_HZ) if chime else 0
    assert len(pcm(clip)) == ends + repeat * body + (repeat - 1) * 1.5 * RATE_HZ + chimes


@pytest.mark.slow
@given(seed=st.integers(0, 50), target=st.floats(-26, -15), ceiling=st.floats(-3, -1), ratio=st.floats(1, 6))
@settings(max_examples=8)
def test_every_clip_is_at_its_loudness_and_under_its_ceiling(seed, target, ceiling, ratio):
    sounds = Folder(rise=speechlike(1, seed=seed, dbfs=-3), own=speechlike(2, seed=seed + 1, dbfs=-35))

    clip = made(
        "今天停水。",
        "recording:own.wav",
        sounds=sounds,
        chime="rise",
        loudness_lufs=target,
        peak_dbtp=ceiling,
        compression=ratio,
    )

    assert integrated_lufs(pcm(clip)) == pytest.approx(target, abs=0.5)
    assert true_peak_dbtp(pcm(clip)) <= ceiling
    assert clip.loudness_lufs == pytest.approx(integrated_lufs(pcm(clip)), abs=0.01)
    assert clip.true_peak_dbtp == pytest.approx(true_peak_dbtp(pcm(clip)), abs=0.01)


def test_chime_speech_and_recording_are_equally_loud():
    """A siren ten decibels above the words would push the words down when the whole is levelled."""
    clip = made("今天停水，请大家储水。", "recording:own.wav", chime="siren", comma_pause=timedelta(seconds=0.9))

    loudness = [integrated_lufs(pcm(clip)[a : b + 1]) for a, b in islands(clip, 0.5)]
    assert len(loudness) == 4
    assert max(loudness) - min(loudness) < 4


def test_the_same_order_gives_the_same_bytes():
    assert made("今天停水。", chime="rise").samples == made("今天停水。", chime="rise").samples


# --- where it may go on -----------------------------------------------------------------------------------------


def test_each_sentence_of_each_turn_is_a_place_to_go_on_at():
    clip = made(
        "今天停水，请储水。明天来水。",
        repeat=2,
        chime="rise",
        opening="乡亲们，",
        closing="完了。",
        comma_pause=timedelta(seconds=0.3),
    )

    sounds = {start for start, _ in islands(clip, 0.28)}
    places = clip.sentence_starts
    assert places[0] == 0
    assert len(places) == 1 + 1 + 2 + 1 + 2 + 1, "the start, opening, two, words between, two, closing"
    assert list(places) == sorted(set(places))
    for place in places[1:]:
        assert any(0 <= start - place <= 0.05 * RATE_HZ for start in sounds), place
        assert not pcm(clip)[place - 100 : place].any(), "it goes on from silence"


def test_levelling_moves_no_sentence():
    soft = made("今天停水。明天来水。", loudness_lufs=-35.0)
    loud = made("今天停水。明天来水。", loudness_lufs=-10.0)

    assert soft.sentence_starts == loud.sentence_starts
    assert len(soft.samples) == len(loud.samples)


def test_clips_for_different_horns_have_their_sentences_at_the_same_samples():
    near, far = SoundSettings(), SoundSettings().for_far_horns()
    clips = [
        render(
            ClipOrder(texts=("今天停水，请储水。明天来水。",), voices=(VoiceSettings(),), sound=sound, chime="rise"),
            voices=((VoiceSettings(), ToneVoice()),),
            sounds=FOLDER,
        )
        for sound in (near.in_time_with([far]), far)
    ]

    assert clips[0].sentence_starts == clips[1].sentence_starts
    assert len(clips[0].samples) == len(clips[1].samples)
    assert clips[0].samples != clips[1].samples


def test_a_recording_may_go_on_where_its_speaker_took_breath():
    part = speechlike(6)
    own = np.concatenate([part, silence(0.5), part[: RATE_HZ * 2], silence(0.5), part])

    clip = made("recording:own.wav", sounds=Folder(own=own))

    starts = np.array(clip.sentence_starts) / RATE_HZ
    assert starts == pytest.approx([0, 0.5, 7.0], abs=0.06), "the second breath is too near to the first"


# --- pace, voices and refusals ----------------------------------------------------------------------------------


def test_a_slower_pace_is_a_slower_voice():
    usual, slow = made("今天停水。"), made("今天停水。", pace=70)

    assert len(slow.samples) > 1.2 * len(usual.samples) - 0.3 * 2 * RATE_HZ


def test_the_next_voice_speaks_all_of_it_when_the_first_fails():
    class FailsAtTheEnd(ToneVoice):
        def speak(self, phrase, rate):
            if "来水" in phrase.spoken:
                raise BROKEN
            return super().speak(phrase, rate)

    second = ToneVoice()
    second.name = "second"
    order = ClipOrder(texts=("今天停水。明天来水。",), voices=(), sound=SoundSettings())

    clip = render(order, voices=((VoiceSettings(), FailsAtTheEnd()), (VoiceSettings(), second)), sounds=FOLDER)

    assert clip.voice == "second"
    assert second.said == ["今天停水", "明天来水"], "never two voices in one clip"


def test_when_every_voice_fails_the_last_one_says_why():
    with pytest.raises(VoiceFailed) as caught:
        made("今天停水。", voice=ToneVoice(failure=BROKEN))

    assert caught.value.sentence == BROKEN.sentence


def test_without_a_voice_there_is_none():
    order = ClipOrder(texts=("今天停水。",), voices=(), sound=SoundSettings())

    with pytest.raises(VoiceFailed) as caught:
        render(order, voices=(), sounds=FOLDER)

    assert caught.value.sentence == Sentence("没有能用的声音。", "no voice works.")


def test_recordings_alone_need_no_voice():
    clip = made("recording:own.wav", voice=ToneVoice(failure=BROKEN), repeat=2, repeat_phrase="")

    assert (clip.voice, clip.characters) == ("recording", 0)


def test_a_recorded_reading_is_played_and_its_words_are_not_spoken():
    voice = ToneVoice()

    clip = made("recording:own.wav\n今天停水。", "明天来水。", voice=voice)

    assert voice.said == ["明天来水"]
    assert clip.remark == NOTHING_TO_SAY
    assert pcm(clip).size > 4 * RATE_HZ


def test_a_recorded_reading_that_cannot_be_used_is_spoken_and_it_is_said():
    voice = ToneVoice()

    clip = made("recording:gone.wav\n今天停水。", voice=voice)

    assert voice.said == ["今天停水"]
    assert (clip.voice, clip.characters) == ("tone", 4)
    assert clip.remark == Sentence(
        "录音没有用上，改由合成的声音来念：没有gone。", "a voice spoke in place of a recording: no gone."
    )


def test_a_voice_that_says_nothing_is_not_called_a_clip():
    class Silent(ToneVoice):
        def speak(self, phrase, rate):
            return np.zeros(16_000, dtype=np.float32), 16_000

    with pytest.raises(VoiceFailed) as caught:
        made("今天停水。", voice=Silent())

    assert caught.value.sentence == Sentence("合成出来没有声音。", "nothing was heard in what was rendered.")


def test_a_recording_alone_that_is_not_there_is_said():
    with pytest.raises(SoundUnusable):
        made("recording:gone.wav")


@pytest.mark.parametrize("where", ["chime", "closing_chime"])
def test_words_are_heard_without_a_chime_that_is_not_there(where):
    """A deleted chime used to silence every airing, and a deleted siren every emergency."""
    clip = made("今天停水。", **{"chime": "rise", "closing_chime": "rise"} | {where: "gone"})

    assert len(islands(clip, 0.3)) == 2, "the other chime, and the words"
    assert clip.remark == Sentence("没有响提示音：没有gone。", "no chime was heard: no gone.")


def test_a_chime_alone_that_is_not_there_is_said():
    with pytest.raises(SoundUnusable):
        made(chime="gone")


def test_a_text_without_words_is_refused():
    with pytest.raises(TextUnusable):
        made("。。。")


def test_what_would_last_more_than_an_hour_is_refused(monkeypatch):
    monkeypatch.setattr(pipeline, "LONGEST_CLIP", timedelta(minutes=1))

    with pytest.raises(TextUnusable) as caught:
        made("recording:own.wav", sounds=Folder(own=speechlike(15)), repeat=9)

    assert caught.value.sentence == Sentence(
        "连重复一共要播 2 分钟，最多 1 分钟。请少念几遍，或者分成几段。",
        "with its repeats this would last 2 minutes, at most 1 are allowed. Repeat it less often, or split it.",
    )


def test_an_order_without_texts_is_its_chime():
    clip = made(chime="siren", repeat=3)

    assert len(islands(clip)) == 1
    assert integrated_lufs(pcm(clip)) == pytest.approx(-16, abs=0.1)
