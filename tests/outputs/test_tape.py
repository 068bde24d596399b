"""The tape: a WAV file for each airing, whole after any crash, never more than fits."""

import os
import wave
from datetime import datetime, timedelta

import numpy as np
import pytest

from broadcaster.model.airing import AiringId
from broadcaster.outputs.tape import TapeOutput, remove_oldest
from tests.outputs.contract import OutputContract, Programme
from tests.pulse import RATE_HZ, tone

MORNING = AiringId("morning@2026-11-24T07:30:00")
MORNING_TAPE = "morning@2026-11-24T07-30-00"


def read(path):
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE_HZ, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float32) / 32768


def tapes(folder):
    return sorted(folder.glob("*.wav"))


@pytest.mark.slow
class TestTapeOutput(OutputContract):
    @pytest.fixture
    def output(self, tmp_path):
        tape = TapeOutput(tmp_path / "tape", lambda: MORNING)
        yield tape
        tape.close()

    @pytest.fixture
    def heard(self, tmp_path):
        return lambda: np.concatenate([read(path) for path in tapes(tmp_path / "tape")])


def play(folder, samples, seconds, airings=lambda: MORNING, now=datetime.now):
    tape, programme = TapeOutput(folder, airings, now), Programme(samples)
    tape.start(programme)
    programme.wait(seconds)
    tape.close()
    return tapes(folder)


def test_a_tape_is_named_by_time_and_airing(tmp_path):
    [path] = play(tmp_path, tone(440, 1), 0.05)

    date, _, airing = path.stem.partition(" ")
    assert airing == MORNING_TAPE
    assert len(date) == len("20261124-073000")


def test_silence_between_airings_is_not_taped(tmp_path):
    assert play(tmp_path, tone(440, 1), 0.05, airings=lambda: None) == []


@pytest.mark.parametrize(
    "apart, tapes_are",
    [
        (0, ["073000 fire@2026-11-24T07-30-00", f"073000 {MORNING_TAPE}", f"073000 {MORNING_TAPE} 2"]),
        (1, [f"073000 {MORNING_TAPE}", "073001 fire@2026-11-24T07-30-00", f"073002 {MORNING_TAPE}"]),
    ],
    ids=["within a second", "a second later"],
)
def test_each_airing_has_a_tape_of_its_own_and_one_that_goes_on_another(tmp_path, apart, tapes_are):
    begins = (datetime(2026, 11, 24, 7, 30) + number * timedelta(seconds=apart) for number in range(9))
    sounding = iter([MORNING] * 4 + [AiringId("fire@2026-11-24T07:30:00")] * 4 + [MORNING] * 4)

    paths = play(tmp_path, tone(440, 1), 0.2, airings=lambda: next(sounding, None), now=lambda: next(begins))

    assert sorted(path.stem for path in paths) == [f"20261124-{name}" for name in tapes_are]


def test_what_is_too_loud_is_cut_off_and_never_wrapped_round(tmp_path):
    """A sample beyond full scale turned into the opposite sign: a crash in every horn."""
    [path] = play(tmp_path, np.full(48_000, 4.0, dtype=np.float32), 0.1)

    assert np.min(read(path)) > 0.99


def test_a_tape_is_exact_to_the_sample(tmp_path):
    stored = np.arange(-32768, 32767, 13, dtype=np.int16)
    [path] = play(tmp_path, stored.astype(np.float32) / np.float32(32768), 0.2)

    taped = np.round(read(path)[: len(stored)] * 32768).astype(np.int16)
    assert np.array_equal(taped, stored)


def test_a_tape_can_be_read_while_it_is_written(tmp_path):
    """A killed deck closes no file; what was heard until then must still be there."""
    tape, programme = TapeOutput(tmp_path, lambda: MORNING), Programme(tone(440, 30))
    tape.start(programme)
    programme.wait(0.2)

    [path] = tapes(tmp_path)
    assert len(read(path)) >= 0.1 * RATE_HZ
    tape.close()


def test_a_folder_that_cannot_be_written_stops_the_tape_and_not_the_deck(tmp_path, caplog):
    (tmp_path / "tape").write_text("a file where a folder should be", encoding="utf-8")
    tape, programme = TapeOutput(tmp_path / "tape", lambda: MORNING), Programme(tone(440, 1))
    tape.start(programme)
    programme.wait(0.2)

    assert tape.is_alive()
    tape.close()
    assert [record.message for record in caplog.records][:1] == [
        f"the tape cannot be written: [Errno 17] File exists: '{tmp_path / 'tape'}'"
    ]
    assert len(caplog.records) == 1


def test_the_oldest_tapes_are_removed_beyond_the_limit(tmp_path):
    for age, name in enumerate(("new", "middle", "old")):
        path = tmp_path / f"{name}.wav"
        path.write_bytes(bytes(100))
        os.utime(path, (1_000_000 - age, 1_000_000 - age))

    remove_oldest(tmp_path, 250)

    assert [path.stem for path in tapes(tmp_path)] == ["middle", "new"]
