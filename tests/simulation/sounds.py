"""Clips that say in their samples which they are and how far they have come, and an ear that reads it.

Every tenth of a second is a frame of three cells: two for the number of the clip, one for the number of the frame.
An emergency is marked in every single sample, so that an ordinary one cannot hide beside it.
"""

import hashlib
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np

from broadcaster.clips import clip_key
from broadcaster.model.clip import CLIP_RATE_HZ

CELL = 1600
FRAME = 3 * CELL
FRAME_S = FRAME / CLIP_RATE_HZ
SENTENCE_FRAMES = 40
STEP = 16
"""Between two values of a cell; what lies between them marks an emergency."""
MARK = 2
THINNED = 100
"""The ear keeps every hundredth sample: sixteen of each cell."""
SURE = 8
"""So many equal ones in a row are a cell; a fade never has them."""
FADED = 1000
"""Samples around a marked one that may be its fade."""


def coded(number, frames, *, is_emergency):
    """The samples of clip *number*, *frames* tenths of a second long."""
    high, low = 1 + number // 1000, 1001 + number % 1000
    cells = np.array([(high, low, -1 - frame) for frame in range(frames)], dtype=np.int32).ravel()
    return (np.repeat(cells, CELL) * STEP + (MARK if is_emergency else 0)).astype("<i2")


class CodedRenderer:
    """Renders each order at once, into the real store of clips, under a number of its own."""

    def __init__(self, clips, audio):
        self._clips = clips
        self._audio = audio
        self._numbers = {}
        self.texts = {}
        """What each clip says, by its number."""
        self.frames = {}
        self.emergencies = set()

    def render(self, order, *, is_urgent=False):
        key = clip_key(order, self._audio)
        number = self._numbers.setdefault(key, len(self._numbers) + 10)
        is_emergency = order.chime == "siren" or (not order.chime and order.texts[0].startswith("紧急"))
        frames = 50 + int(hashlib.sha256(order.texts[0].encode()).hexdigest(), 16) % 100
        self.texts[number], self.frames[number] = order.texts[0], frames
        if is_emergency:
            self.emergencies.add(number)
        starts = tuple(range(0, frames * FRAME, SENTENCE_FRAMES * FRAME))
        about = {"sentence_starts": starts, "loudness_lufs": -16.0, "true_peak_dbtp": -2.0, "voice": "coded"}
        samples = coded(number, frames, is_emergency=is_emergency).tobytes()
        future = Future()
        future.set_result(self._clips.put(key, samples, about))
        return future

    def close(self):
        pass


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of one clip without a break."""

    number: int
    first: int
    last: int
    """Frames, both included."""
    began: float
    """Monotonic, of the first frame's first sample."""
    ended: float
    wall: float
    """What the machine's clock showed at *began*, as a timestamp."""
    wall_at_end: float
    is_emergency: bool


class Ear:
    """Listens to one output; silence is forgotten at once."""

    def __init__(self, is_quiet):
        """*is_quiet*: whether an instant of the machine's clock lies in quiet hours."""
        self._is_quiet = is_quiet
        self._stretches = []
        self._end = float("-inf")
        self._phase = 0
        self._marked_until = float("-inf")
        self._doubt = None
        self.trespasses = []
        """Instants of the machine's clock at which an ordinary sample was heard in quiet hours."""

    def hear(self, block, monotonic, wall):
        if not block.any():
            return
        values = np.rint(block * 32768).astype(np.int32)
        self._mind_the_night(values, wall)
        if abs(monotonic - self._end) > 0.5 / CLIP_RATE_HZ:
            self._stretches.append([])
            self._phase = 0
        kept = values[self._phase :: THINNED]
        self._stretches[-1].append((monotonic + self._phase / CLIP_RATE_HZ, wall + self._phase / CLIP_RATE_HZ, kept))
        self._phase = (self._phase - len(values)) % THINNED
        self._end = monotonic + len(values) / CLIP_RATE_HZ

    def _mind_the_night(self, values, wall):
        edges = np.array([self._is_quiet(wall), self._is_quiet(wall + len(values) / CLIP_RATE_HZ)])
        if not edges.any():
            return
        moments = wall + np.arange(0, len(values), 48) / CLIP_RATE_HZ
        quiet = np.repeat([edges.all() or self._is_quiet(moment) for moment in moments], 48)[: len(values)]
        quiet[1:] &= quiet[:-1]  # a sample at the very edge may be rounded to either side
        marked = values % STEP == MARK
        near = _widened(marked)
        if wall - self._marked_until < 0.01:
            near[:FADED] = True
        if self._doubt is not None and not marked[:FADED].any():
            self.trespasses.append(self._doubt)
        self._doubt = None
        strange = np.flatnonzero(quiet & (values != 0) & ~near)
        if len(strange) and strange[0] >= len(values) - FADED:
            self._doubt = wall + strange[0] / CLIP_RATE_HZ  # the next block says whether an emergency fades in here
        elif len(strange):
            self.trespasses.append(wall + strange[0] / CLIP_RATE_HZ)
        if marked.any():
            self._marked_until = wall + (int(np.flatnonzero(marked)[-1]) + FADED) / CLIP_RATE_HZ

    def heard(self):
        """All that was heard, in order."""
        return [one for parts in self._stretches for one in _stretches_of(parts)]


def _widened(marked):
    """True as far as a fade reaches from every marked sample."""
    counted = np.concatenate([[0], np.cumsum(marked)])
    places = np.arange(len(marked))
    return counted[np.minimum(places + FADED, len(marked))] > counted[np.maximum(places - FADED, 0)]


def _stretches_of(parts):
    values = np.concatenate([kept for _, _, kept in parts])
    monotonic = np.concatenate([at + np.arange(len(kept)) * THINNED / CLIP_RATE_HZ for at, _, kept in parts])
    wall = np.concatenate([at + np.arange(len(kept)) * THINNED / CLIP_RATE_HZ for _, at, kept in parts])
    edges = np.flatnonzero(np.diff(values)) + 1
    begins, ends = np.concatenate([[0], edges]), np.concatenate([edges, [len(values)]])
    cells = [(int(b), int(e), int(values[b])) for b, e in zip(begins, ends, strict=True) if e - b >= SURE]
    found = []
    for high, low, place in zip(cells, cells[1:], cells[2:], strict=False):
        marks = {value % STEP for _, _, value in (high, low, place)}
        h, lo, p = (value // STEP for _, _, value in (high, low, place))
        is_frame = len(marks) == 1 and 0 < h <= 1000 < lo <= 2000 and p < 0 and low[0] == high[1] and place[0] == low[1]
        if not is_frame:
            continue
        number, frame = (h - 1) * 1000 + lo - 1001, -1 - p
        began, ended = monotonic[high[0]], monotonic[place[1] - 1] + THINNED / CLIP_RATE_HZ
        last = found[-1] if found else None
        if last and last.number == number and last.last + 1 == frame and began - last.ended < FRAME_S / 2:
            found[-1] = Heard(
                number, last.first, frame, last.began, ended, last.wall, wall[place[1] - 1], marks == {MARK}
            )
        else:
            found.append(Heard(number, frame, frame, began, ended, wall[high[0]], wall[place[1] - 1], marks == {MARK}))
    return found
