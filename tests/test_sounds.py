"""Recordings as people bring them: from phones and recorders, damaged, far too long, or no sound at all."""

import os
import shutil
import subprocess
import sys
import wave
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from broadcaster import decoding
from broadcaster.clips import file_hash
from broadcaster.decoding import sniffed
from broadcaster.errors import SoundUnusable
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.render.meter import integrated_lufs
from broadcaster.sounds import VOICES_LUFS, SoundFolder

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed"),
]
MARGIN_S = 0.15
"""Left before and after speech, and what codecs add."""


@pytest.fixture
def audio(tmp_path):
    (tmp_path / "recordings").mkdir()
    (tmp_path / "chimes").mkdir()
    return tmp_path


def tones(seconds=2.0, rate_hz=44_100, level=0.3, before_s=0.0, after_s=0.0, channels=1):
    """A tone that comes and goes four times a second, as syllables do; silence before and after."""
    at = np.arange(int(seconds * rate_hz)) / rate_hz
    sound = level * np.sin(2 * np.pi * 600 * at) * np.abs(np.sin(np.pi * 4 * at)) ** 0.5
    sound[-rate_hz // 50 :] = level * np.sin(2 * np.pi * 600 * at[-rate_hz // 50 :])
    sound = np.concatenate([np.zeros(int(before_s * rate_hz)), sound, np.zeros(int(after_s * rate_hz))])
    return np.repeat(sound, channels)


def write_wav(path, samples, rate_hz=44_100, channels=1):
    with wave.open(str(path), "wb") as out:
        out.setparams((channels, 2, rate_hz, 0, "NONE", ""))
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def ffmpeg(*line):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, line)], check=True, stdin=subprocess.DEVNULL)


def refusal(audio, file):
    with pytest.raises(SoundUnusable) as refused:
        SoundFolder(audio).recording(file)
    return refused.value.sentence


ENCODED = {
    "wav": ("talk.wav", []),
    "wav of 8 bit": ("talk.wav", ["-c:a", "pcm_u8"]),
    "mp3": ("talk.mp3", []),
    "mp3 with a name and no picture": ("talk.mp3", ["-metadata", "title=村长讲话"]),
    "m4a of a phone": ("talk.m4a", ["-c:a", "aac"]),
    "3gp": ("talk.3gp", ["-c:a", "aac"]),
    "aac": ("talk.aac", ["-c:a", "aac"]),
    "ogg": ("talk.ogg", ["-c:a", "libvorbis"]),
    "opus of a messenger": ("talk.ogg", ["-c:a", "libopus"]),
    "webm of a browser": ("talk.webm", ["-c:a", "libopus"]),
    "flac": ("talk.flac", []),
    "stereo at 22050": ("talk.wav", ["-ac", "2", "-ar", "22050"]),
    "wrong name": ("talk.doc", ["-f", "mp3"]),
}


@pytest.mark.parametrize("kind", ENCODED)
def test_recordings_of_every_kind_are_heard_trimmed_and_as_loud_as_a_voice(audio, tmp_path, kind):
    name, options = ENCODED[kind]
    source = write_wav(tmp_path / "source.wav", tones(level=0.05, before_s=1.0, after_s=1.5))
    ffmpeg("-i", source, *options, audio / "recordings" / name)

    samples = SoundFolder(audio).recording(name)

    assert samples.dtype == np.float32
    assert len(samples) / CLIP_RATE_HZ == pytest.approx(2.0 + MARGIN_S, abs=MARGIN_S)
    assert integrated_lufs(samples) == pytest.approx(VOICES_LUFS, abs=0.5)


def test_amr_of_an_old_phone_is_heard(audio):
    """A second of AMR at 12.2 kbit/s, of frames made up here: not every ffmpeg can write AMR, each can read it."""
    rng = np.random.default_rng(5)
    frames = [b"\x3c" + rng.bytes(31) for _ in range(50)]
    (audio / "recordings" / "old.amr").write_bytes(b"#!AMR\n" + b"".join(frames))

    samples = SoundFolder(audio).recording("old.amr")

    assert 0.1 < len(samples) / CLIP_RATE_HZ <= 1.1


def test_only_the_ends_are_trimmed(audio):
    middle = np.concatenate([tones(1.0), np.zeros(44_100), tones(1.0)])
    write_wav(audio / "recordings" / "gap.wav", middle)

    assert len(SoundFolder(audio).recording("gap.wav")) / CLIP_RATE_HZ == pytest.approx(3.0, abs=0.15)


def test_the_noise_of_the_room_is_trimmed_with_the_silence(audio):
    rng = np.random.default_rng(1)
    sound = tones(2.0, before_s=2.0, after_s=2.0) + rng.normal(0, 0.001, int(6.0 * 44_100))
    write_wav(audio / "recordings" / "room.wav", sound)

    assert len(SoundFolder(audio).recording("room.wav")) / CLIP_RATE_HZ == pytest.approx(2.15, abs=0.1)


def test_a_wav_cut_off_in_the_middle_is_repaired_to_what_is_there(audio):
    path = write_wav(audio / "recordings" / "cut.wav", tones(4.0))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    assert len(SoundFolder(audio).recording("cut.wav")) / CLIP_RATE_HZ == pytest.approx(2.0, abs=0.15)


# --- what is refused --------------------------------------------------------------------------------------------


def zip_bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros", bytes(20_000_000))


def playlist(path):
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n")


def concat(path):
    path.write_text("ffconcat version 1.0\nfile '/etc/hostname'\n")


def page(path):
    path.write_text("<!DOCTYPE html><html><body>404 录音没有了</body></html>", encoding="utf-8")


def gzipped(path):
    path.write_bytes(zlib.compress(bytes(5_000_000)))


def picture_in_riff(path):
    path.write_bytes(b"RIFF" + (5000).to_bytes(4, "little") + b"WEBPVP8 " + bytes(5000))


NO_SOUND = [zip_bomb, playlist, concat, page, gzipped, picture_in_riff]


@pytest.mark.parametrize("make", NO_SOUND, ids=lambda make: make.__name__)
def test_what_is_no_sound_is_refused_whatever_its_name(audio, make):
    make(audio / "recordings" / "song.mp3")

    assert refusal(audio, "song.mp3").zh == (
        "声音文件“song.mp3”不是认得的录音（WAV、MP3、M4A、OGG、AMR、WebM、FLAC）。"
    )
    assert refusal(audio, "song.mp3").en == (
        "the sound file 'song.mp3' is no sound we know (WAV, MP3, M4A, OGG, AMR, WebM, FLAC)."
    )


def empty(path):
    path.write_bytes(b"")


def test_an_empty_file_is_refused(audio):
    empty(audio / "recordings" / "song.mp3")

    assert "不是认得的录音" in refusal(audio, "song.mp3").zh


def garbage(start):
    def make(path):
        path.write_bytes(start + np.random.default_rng(2).bytes(4000))

    return make


def headless_m4a(path):
    """A phone that ran out of battery leaves an M4A without its index."""
    write_wav(path.with_suffix(".src"), tones())
    ffmpeg("-f", "wav", "-i", path.with_suffix(".src"), "-c:a", "aac", "-f", "mp4", path)
    path.write_bytes(path.read_bytes()[:2000])


def playlist_behind_an_id3(path):
    path.write_bytes(b"ID3\x03\x00\x00\x00\x00\x00\x00#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n")


def sdp_in_ogg(path):
    path.write_bytes(b"OggS\x00v=0\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n")


DAMAGED = [garbage(b"fLaC"), garbage(b"\x1aE\xdf\xa3"), headless_m4a, playlist_behind_an_id3, sdp_in_ogg]


@pytest.mark.parametrize("make", DAMAGED, ids=["flac", "webm", "m4a without its index", "playlist", "address in ogg"])
def test_a_damaged_file_is_refused(audio, make):
    make(audio / "recordings" / "song.mp3")

    assert refusal(audio, "song.mp3").zh == "声音文件“song.mp3”坏了，解不开。"
    assert refusal(audio, "song.mp3").en == "the sound file 'song.mp3' is damaged and cannot be decoded."


def hours_of_silence(path, hours):
    minute = path.with_name(f"minute{path.suffix}")
    ffmpeg("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", 60, minute)
    ffmpeg("-stream_loop", 60 * hours - 1, "-i", minute, "-c", "copy", path)
    minute.unlink()


@pytest.mark.slow
def test_a_small_file_that_unpacks_to_hours_is_refused(audio):
    """A FLAC of 606 kB once unpacked to 691 MB in memory."""
    path = audio / "recordings" / "bomb.flac"
    hours_of_silence(path, 1)

    assert path.stat().st_size == pytest.approx(606_000, abs=30_000)
    assert refusal(audio, "bomb.flac").zh == "声音文件“bomb.flac”太长，最多 15 分钟。"
    assert refusal(audio, "bomb.flac").en == "the sound file 'bomb.flac' is too long, at most 15 minutes."


@pytest.mark.slow
def test_ten_hours_of_silence_are_refused(audio):
    hours_of_silence(audio / "recordings" / "night.ogg", 10)

    assert "太长，最多 15 分钟" in refusal(audio, "night.ogg").zh


@pytest.mark.parametrize("level", [0.0, 0.0005], ids=["nothing", "hiss"])
def test_silence_is_refused(audio, level):
    noise = np.random.default_rng(3).normal(0, 1, 3 * 44_100) * level
    write_wav(audio / "recordings" / "hush.wav", noise)

    assert refusal(audio, "hush.wav").zh == "声音文件“hush.wav”里面没有声音。"
    assert refusal(audio, "hush.wav").en == "the sound file 'hush.wav' holds no sound."


@pytest.mark.parametrize("level", [1.0, 0.2], ids=["at full scale", "turned down afterwards"])
def test_nothing_but_clipped_noise_is_refused(audio, level):
    noise = np.clip(np.random.default_rng(4).normal(0, 3, 3 * 44_100), -1, 1) * level
    write_wav(audio / "recordings" / "loud.wav", noise, 48_000)

    assert refusal(audio, "loud.wav").zh == (
        "声音文件“loud.wav”录得太响，全是破音。请离话筒远一点，或者调低录音音量，重录一遍。"
    )
    assert refusal(audio, "loud.wav").en == (
        "the sound file 'loud.wav' was recorded far too loud and is nothing but distortion; "
        "record it again, further from the microphone."
    )


def test_a_tone_and_a_peak_or_two_are_no_distortion(audio):
    write_wav(audio / "recordings" / "siren.wav", np.sin(np.arange(3 * 44_100) / 20))
    write_wav(audio / "recordings" / "peaks.wav", np.clip(tones(2.0) * 4, -1, 1) * np.tile([1, 0.3], 44_100))

    assert len(SoundFolder(audio).recording("siren.wav"))
    assert len(SoundFolder(audio).recording("peaks.wav"))


def test_a_file_of_many_megabytes_is_not_even_looked_at(audio):
    with (audio / "recordings" / "film.wav").open("wb") as file:
        file.truncate(51_000_000)

    assert refusal(audio, "film.wav").zh == "声音文件“film.wav”有 51 MB，太大，最多 50 MB。"
    assert refusal(audio, "film.wav").en == "the sound file 'film.wav' has 51 MB, at most 50 are allowed."


@pytest.mark.parametrize("way", ["../secret.wav", "/SECRET", "link.wav", "folder/../../secret.wav"])
def test_a_file_outside_the_folder_is_refused(audio, way):
    secret = write_wav(audio / "secret.wav", tones())
    (audio / "recordings" / "link.wav").symlink_to(secret)
    (audio / "recordings" / "folder").mkdir()
    way = way.replace("/SECRET", str(secret))

    assert refusal(audio, way).zh == f"声音文件“{way}”不在 audio/recordings/ 里。"
    assert refusal(audio, way).en == f"the sound file {way!r} is not in audio/recordings/."


def test_a_link_within_the_folder_is_followed(audio):
    write_wav(audio / "recordings" / "talk.wav", tones())
    (audio / "recordings" / "today.wav").symlink_to("talk.wav")

    assert len(SoundFolder(audio).recording("today.wav"))


def test_a_file_that_is_not_there_is_told(audio):
    assert refusal(audio, "gone.mp3").zh == "声音文件“gone.mp3”读不了（No such file or directory）。"
    assert refusal(audio, "a\x00b").en == "the sound file 'a\\x00b' cannot be read (embedded null byte)."
    (audio / "recordings" / "loop.mp3").symlink_to("loop.mp3")
    assert "读不了" in refusal(audio, "loop.mp3").zh


def test_a_pipe_is_no_recording_and_nobody_waits_for_it(audio):
    pipe = audio / "recordings" / "pipe.mp3"
    os.mkfifo(pipe)
    (audio / "recordings" / "folder.mp3").mkdir()

    assert refusal(audio, "pipe.mp3").zh == "声音文件“pipe.mp3”不是文件。"
    assert refusal(audio, "folder.mp3").en == "the sound file 'folder.mp3' is no file."
    assert file_hash(pipe) == "absent"


def test_a_file_too_large_to_be_used_is_not_read_for_its_hash(audio):
    path = audio / "recordings" / "film.wav"
    with path.open("wb") as file:
        file.truncate(200_000_000)

    assert file_hash(path) == "too large: 200000000"


def test_a_decoder_that_never_ends_is_ended(audio, monkeypatch):
    write_wav(audio / "recordings" / "talk.wav", tones())
    monkeypatch.setattr(decoding, "DECODES_WITHIN_S", 0.0)

    assert refusal(audio, "talk.wav").zh == "声音文件“talk.wav”解了 0 秒还没有解完。"
    assert refusal(audio, "talk.wav").en == "the sound file 'talk.wav' could not be decoded within 0 s."


def test_without_ffmpeg_it_says_so(audio, monkeypatch):
    write_wav(audio / "recordings" / "talk.wav", tones())
    monkeypatch.setenv("PATH", "/nowhere")

    assert refusal(audio, "talk.wav").zh == "声音文件“talk.wav”解不开：没有安装 ffmpeg。"
    assert refusal(audio, "talk.wav").en == "the sound file 'talk.wav' cannot be decoded: ffmpeg is not installed."


# --- the confinement --------------------------------------------------------------------------------------------


def limited(*program):
    launcher = Path(decoding.__file__).with_name("limited.py")
    line = [sys.executable, "-I", "-S", launcher, "1", str(1 << 28), *program]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=30)


def test_the_decoder_may_write_no_file(tmp_path):
    done = limited(sys.executable, "-c", f"open({str(tmp_path / 'x')!r}, 'wb', buffering=0).write(b'x')")

    assert done.returncode
    assert (tmp_path / "x").stat().st_size == 0


def test_the_decoder_has_little_memory():
    assert "MemoryError" in limited(sys.executable, "-c", "bytes(1 << 29)").stderr


@pytest.mark.slow
def test_the_decoder_has_little_time():
    assert limited(sys.executable, "-c", "while True: pass").returncode < 0


def test_a_program_that_is_not_there_is_127():
    assert limited("no-such-program").returncode == 127


def test_the_decoder_opens_nothing_but_what_it_was_given(audio, tmp_path):
    """An M4A may name another file to take its sound from, and a list may name a server."""
    write_wav(audio / "recordings" / "talk.wav", tones())
    line = decoding._line("wav", CLIP_RATE_HZ, 10)

    assert line[line.index("-protocol_whitelist") + 1] == "file,pipe"
    assert line[line.index("-i") + 1] == "file:/dev/stdin"
    assert line[line.index("-f") + 1] == "wav"
    assert "-nostdin" in line


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "wav"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", None),
        (b"\x00\x00\x00\x20ftypM4A ", "mov"),
        (b"#!AMR-WB\n", "amr"),
        (b"#EXTM3U", None),
        (b"", None),
    ],
)
def test_the_first_bytes_say_what_it_is(start, kind):
    assert sniffed(start) == kind


# --- chimes -----------------------------------------------------------------------------------------------------


def test_a_chime_of_the_stations_own_rate_is_taken_as_it_is(audio):
    write_wav(audio / "chimes" / "own.wav", tones(1.0, 48_000), 48_000)

    assert len(SoundFolder(audio).chime("own")) == 48_000


def test_another_chime_goes_through_the_decoder(audio):
    write_wav(audio / "chimes" / "other.wav", tones(1.0, 22_050, channels=2), 22_050, 2)

    assert len(SoundFolder(audio).chime("other")) == pytest.approx(48_000, abs=100)


def test_a_chime_that_is_none_is_refused(audio):
    page(audio / "chimes" / "page.wav")
    with pytest.raises(SoundUnusable, match=r"the sound file 'page.wav' is no sound we know"):
        SoundFolder(audio).chime("page")
    with pytest.raises(SoundUnusable, match=r"the sound file 'gone.wav' cannot be read"):
        SoundFolder(audio).chime("gone")
