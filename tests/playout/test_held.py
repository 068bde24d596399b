"""Clips that are read ahead: held by their hash, within the memory there is, whatever becomes of the files."""

import hashlib

from broadcaster.playout.cue import ReadyClip
from broadcaster.playout.held import HeldClips
from tests.playout.air import sine
from tests.playout.deck_room import write_clip


def ready(folder, name, seconds=0.1, hz=500):
    return ReadyClip(**write_clip(folder, name, sine(seconds, hz)))


def test_a_clip_is_held_although_its_file_is_gone(tmp_path):
    flood = ready(tmp_path, "flood")
    held = HeldClips()
    held.keep([flood])

    (tmp_path / "flood.wav").unlink()
    held.keep([flood])

    assert hashlib.sha256(held.samples(flood.sha256).tobytes()).hexdigest() == flood.sha256


def test_what_is_not_what_was_rendered_is_not_held(tmp_path):
    flood = ready(tmp_path, "flood")
    data = bytearray((tmp_path / "flood.wav").read_bytes())
    data[-1] ^= 1
    (tmp_path / "flood.wav").write_bytes(data)
    held = HeldClips()

    held.keep([flood])

    assert held.samples(flood.sha256) is None


def test_the_first_clips_are_held_as_far_as_memory_goes(tmp_path):
    siren, flood, fire = (ready(tmp_path, name, 0.1, hz) for name, hz in (("s", 500), ("f", 600), ("g", 700)))
    held = HeldClips(most_bytes=2 * 9600)

    held.keep([siren, flood, fire])

    assert [held.samples(one.sha256) is not None for one in (siren, flood, fire)] == [True, True, False]


def test_what_is_no_longer_wanted_is_let_go(tmp_path):
    flood = ready(tmp_path, "flood")
    held = HeldClips()
    held.keep([flood])

    held.keep([])

    assert held.samples(flood.sha256) is None
