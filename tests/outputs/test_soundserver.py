"""The sound server: heard at the instant it promised, and what was not heard yet is taken back."""

import threading
from itertools import pairwise

import numpy as np
import pytest

from broadcaster.errors import OutputLost
from broadcaster.model.outputs import Channel
from broadcaster.outputs.soundserver import AHEAD_S, NoSoundServer, SoundServerOutput, is_there, sink_of
from tests import pulse
from tests.outputs.contract import OutputContract, Programme
from tests.playout.air import samples
from tests.pulse import RATE_HZ, first_sound, loudness_of, tone

STARTS_WITHIN_S = 0.005


@pytest.mark.parametrize(
    ("device", "sink"),
    [("", ""), ("default", ""), ("pulse", ""), ("pulse:east", "east"), ("USB Audio", None), ("pulse-8", None)],
)
def test_a_device_names_a_sink_or_a_card(device, sink):
    assert sink_of(device) == sink


REAL = [pulse.needed, pytest.mark.real, pytest.mark.timed, pytest.mark.slow]


def real(test):
    """A test that hears a real server."""
    for mark in REAL:
        test = mark(test)
    return test


@real
class TestSoundServerOutput(OutputContract):
    @pytest.fixture
    def output(self, since):
        card = SoundServerOutput("")
        yield card
        card.close()

    def test_a_block_is_heard_at_the_instant_it_was_promised_for(self, output, tape, since):
        quiet = np.zeros(round(0.8 * RATE_HZ), dtype=np.float32)  # a device that just woke up guesses
        programme = Programme(np.concatenate([quiet, tone(1000, 0.5)]))
        output.start(programme)
        at = since + tape.wait_for(first_sound, since=since)

        before = 0
        for frames, heard_at in programme.blocks:
            if before + frames > len(quiet):
                promised = heard_at + (len(quiet) - before) / RATE_HZ
                break
            before += frames
        assert abs(tape.instant(at) - promised) < STARTS_WITHIN_S

    def test_what_was_not_heard_yet_is_taken_back(self, output, tape, since, heard):
        programme = Programme(tone(440, 30))
        output.start(programme)
        programme.wait(1.0)
        asked = []

        def instead(lying, heard_at):
            asked.append((lying, heard_at, programme.asked_for))
            return tone(1320, 1.0)[: len(lying)]

        assert output.hasten(instead)
        output.close()

        [(lying, heard_at, filled)] = asked
        assert 0.02 < len(lying) / RATE_HZ < AHEAD_S
        assert np.allclose(lying, tone(440, 30)[filled - len(lying) : filled], atol=1e-6)
        first = heard_at - programme.blocks[-1][1]
        assert first < 0  # before the last block that was filled
        sound = heard()
        begin = int(np.flatnonzero(np.abs(sound) > 0.01)[0]) + filled - len(lying)
        piece = slice(begin + 48, begin + len(lying) - 48)
        assert loudness_of(sound[piece], 1320) > 0.4
        assert loudness_of(sound[piece], 440) < 0.1
        assert loudness_of(sound[begin - len(lying) : begin - 48], 440) > 0.4

    def test_what_is_left_as_it_is_is_heard_as_it_was(self, output, heard):
        programme = Programme(tone(440, 30))
        output.start(programme)
        programme.wait(0.5)

        assert output.hasten(lambda lying, heard_at: None)
        output.close()

        sound = heard()
        loud = np.flatnonzero(np.abs(sound) > 0.01)
        assert abs(loudness_of(sound[loud[0] : loud[0] + samples(0.5)], 440) - 0.5) < 0.02

    def test_nothing_is_taken_back_before_it_begins_or_after_its_end(self, output):
        never = []
        assert not output.hasten(lambda *lying: never.append(lying))
        output.start(Programme(tone(440, 1)))
        output.close()
        assert not output.hasten(lambda *lying: never.append(lying))
        assert never == []


@real
@pytest.mark.parametrize("channel", [Channel.LEFT, Channel.RIGHT])
def test_one_wire_carries_it_and_the_other_is_silent(server, channel):
    """A sink of one channel mixes both: what is heard is half of what one wire carries."""
    recording = server.record("yard")
    card, programme = SoundServerOutput("yard", channel), Programme(tone(440, 30))
    card.start(programme)
    recording.wait_for(lambda samples: loudness_of(samples[-4800:], 440) > 0.2)
    card.close()
    assert loudness_of(recording.close(), 440) < 0.3


@real
def test_a_sink_that_is_pulled_out_ends_its_stream_and_no_other_plays_it(server, tape, since):
    server.load("shed")
    card, programme = SoundServerOutput("shed"), Programme(tone(440, 30))
    card.start(programme)
    programme.wait(0.3)
    server.unload("shed")

    assert card.ended.wait(2)
    assert not card.is_alive()
    card.close()
    assert first_sound(tape.samples(since)) is None


@real
def test_a_sink_that_is_not_there_is_said_in_words(server):
    card = SoundServerOutput("attic")
    with pytest.raises(OutputLost) as lost:
        card.start(Programme(tone(440, 1)))

    assert lost.value.sentence.zh == "声卡“attic”打不开：No such entity。"
    assert lost.value.sentence.en == "the sound card 'attic' cannot be opened: No such entity."
    assert (is_there("attic"), is_there("horn")) == (False, True)


def test_a_machine_without_a_server_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/none")
    with pytest.raises(NoSoundServer) as lost:
        SoundServerOutput("").start(Programme(tone(440, 1)))

    assert lost.value.sentence.zh == "声音服务器没有回答：Connection refused。"
    assert lost.value.sentence.en == "no sound server answers: Connection refused."


@real
def test_a_card_that_disappears_is_noticed(server):
    card, programme = SoundServerOutput(""), Programme(tone(440, 30))
    card.start(programme)
    programme.wait(0.1)
    server.kill()
    try:
        assert card.ended.wait(2)
        assert not card.is_alive()
        card.close()
    finally:
        server.start()


@real
def test_a_server_that_nobody_records_asks_for_block_after_block(server):
    """After one late block the server played two seconds of silence, and the deck took the card for lost."""
    never = threading.Event()

    class LateOnce(Programme):
        def __call__(self, frames, heard_at):
            if len(self.blocks) == 50:
                never.wait(0.2)
            return super().__call__(frames, heard_at)

    card, programme = SoundServerOutput(""), LateOnce(tone(440, 30))
    card.start(programme)
    programme.wait(2.5)
    card.close()

    gaps = [after - before for (_, before), (_, after) in pairwise(programme.blocks[40:])]
    assert max(gaps) < 1.0
