"""Live sound reaches its deck in whole frames, and a deck that does not read holds nobody up."""

import os

import numpy as np

from broadcaster.playout.liveblocks import read_blocks
from broadcaster.playout.soundpipe import MOST_SAMPLES, SoundPipe

AIRING = "live@2026-11-24T12:00:00"


def pcm(count, start=0):
    return np.arange(start, start + count, dtype="<i2").tobytes()


def read_all(pipe):
    pipe_end, pipe.read_fd = pipe.read_fd, -1
    pipe.close()
    with os.fdopen(pipe_end, "rb") as file:
        return list(read_blocks(file))


def test_a_long_block_comes_in_parts_with_the_ticks_of_each():
    pipe = SoundPipe()
    assert pipe.write(AIRING, 5000, pcm(2 * MOST_SAMPLES + 3))

    blocks = read_all(pipe)

    assert [(one.airing, one.tick, len(one.samples)) for one in blocks] == [
        (AIRING, 5000, MOST_SAMPLES),
        (AIRING, 5000 + MOST_SAMPLES, MOST_SAMPLES),
        (AIRING, 5000 + 2 * MOST_SAMPLES, 3),
    ]
    assert np.concatenate([one.samples for one in blocks]).tobytes() == pcm(2 * MOST_SAMPLES + 3)


def test_a_full_pipe_loses_whole_frames_and_never_waits():
    pipe = SoundPipe()
    taken = [pipe.write(AIRING, number * 960, pcm(960)) for number in range(200)]

    blocks = read_all(pipe)

    assert taken[0]
    assert not taken[-1]
    assert len(blocks) == sum(taken)
    assert all(len(one.samples) == 960 for one in blocks)


def test_a_deck_that_is_gone_takes_nothing():
    pipe = SoundPipe()
    pipe.close_reading()

    assert not pipe.write(AIRING, 0, pcm(960))
    pipe.close()
    pipe.close()
    assert not pipe.write(AIRING, 0, pcm(960))


def test_what_is_no_frame_ends_the_reading(tmp_path):
    path = tmp_path / "noise"
    path.write_bytes(b"noise" * 100)

    with path.open("rb") as file:
        assert list(read_blocks(file)) == []
