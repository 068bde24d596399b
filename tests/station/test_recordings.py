"""Recordings, from a slot or a script's header to a clip, through the real render process and the real decoder."""

import shutil
from datetime import date

import numpy as np
import pytest

from broadcaster.clips import ClipStore
from broadcaster.commands.offline import open_desk
from broadcaster.home import Home
from broadcaster.model.clip import as_recording, as_text
from broadcaster.render.meter import integrated_lufs
from broadcaster.renderer import Renderer
from broadcaster.station.sources import missing_recordings
from tests.station.conftest import SCHEDULE, write_station
from tests.test_sounds import tones, write_wav

SLOTS = '[sound]\nchime = ""\n' + SCHEDULE.replace(
    'play = ["next:study"]\ngrace = "10m"', 'play = ["recording:song.wav"]'
).replace("repeat = 2", "")
RECORDED = '+++\nrecording = "own.wav"\n+++\n天干物燥，请大家小心火烛。'


@pytest.fixture
def home(tmp_path):
    home = Home(write_station(tmp_path))
    home.schedule.write_text(SLOTS, encoding="utf-8")
    (home.scripts / "policy" / "fire.txt").write_text(RECORDED, encoding="utf-8")
    recordings = home.root / "audio" / "recordings"
    recordings.mkdir(parents=True, exist_ok=True)
    write_wav(recordings / "song.wav", tones(3.0, level=0.02, before_s=2.0))
    return home


def clips_of(home):
    """Slot → clip of the airings of a day, each really rendered."""
    with open_desk(home) as desk:
        (plan,) = desk.plans(date(2027, 3, 1), 1)
        orders = {one.slot.id: desk.books.order(one).order for one in plan.airings}
    renderer = Renderer(clips=home.clips, audio=home.audio)
    try:
        return {slot: renderer.render(order).result() for slot, order in orders.items() if slot != "evening"}
    finally:
        renderer.close()


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_a_recording_in_a_slot_and_one_of_a_script_become_clips(home):
    write_wav(home.audio / "recordings" / "own.wav", tones(2.0))

    clips = clips_of(home)

    assert {slot: clip.voice for slot, clip in clips.items()} == {"morning": "recording", "noon": "recording"}
    assert 3.0 < clips["morning"].length.total_seconds() < 7.0
    samples = ClipStore(home.clips).path(clips["morning"].key).read_bytes()[44:]
    loudness = integrated_lufs(np.frombuffer(samples, dtype="<i2").astype(np.float32) / 32768)
    assert loudness == pytest.approx(-16, abs=0.5)


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_a_recording_that_is_a_page_is_spoken_instead_and_the_clip_tells(home):
    (home.audio / "recordings" / "own.wav").write_text("<html>404</html>")

    noon = clips_of(home)["noon"]

    assert noon.voice == "pyttsx3:cmn-latn-pinyin"
    assert noon.remark.zh == (
        "录音没有用上，改由合成的声音来念：声音文件“own.wav”不是认得的录音（WAV、MP3、M4A、OGG、AMR、WebM、FLAC）。"
    )
    assert ClipStore(home.clips).find(noon.key).remark == noon.remark


def test_a_script_whose_recording_is_not_there_is_warned_of(home):
    with open_desk(home) as desk:
        library = desk.books.in_force.library
        (complaint,) = missing_recordings(library, home.audio)
        assert complaint in desk.books.in_force.complaints

    assert complaint.file == "scripts/policy/fire"
    assert complaint.what.zh == (
        "audio/recordings/ 里没有 'own.wav'，由合成的声音来念。请把录音放进去，或者删掉这一行。"
    )
    assert complaint.what.en == (
        "there is no 'own.wav' in audio/recordings/, so a voice speaks. Put the recording there, or take the line out."
    )


@pytest.mark.parametrize(("recording", "words"), [("", "停水。"), ("a.wav", "停水。\n来水。"), ("a.wav", "")])
def test_a_text_of_an_order_holds_recording_and_words(recording, words):
    assert as_recording(as_text(recording, words)) == (recording, words)
