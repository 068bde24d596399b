"""Small real programs that stand in for the edges of a station: a clock, a renderer, clips, decks, a whole village."""

import hashlib
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from broadcaster.errors import ClipDamaged, VoiceFailed
from broadcaster.home import Home
from broadcaster.model.clip import CLIP_RATE_HZ, Clip
from broadcaster.model.words import NOTHING_TO_SAY, Fate, Priority, Sentence
from broadcaster.playout.cue import (
    Arm,
    EndLive,
    Finished,
    GateRules,
    Interrupted,
    Level,
    Lost,
    NotAired,
    Ready,
    Started,
    Stop,
)
from broadcaster.playout.gate import judge
from broadcaster.playout.mixer import TOO_LONG
from broadcaster.station import Station
from tests.fakes_store import MemoryStore

CHARACTERS_A_SECOND = 3
CALM_STEP_S, LOOKED_AT_CLOSELY_S = 60, 600
"""A station that has no turn for a minute takes that for a machine that stood still; what it tells of other troubles
is to be looked at closely."""


class ManualClock:
    """Two clocks that only move when told; the wall clock may be set, the monotonic one refuses to go back."""

    def __init__(self, now: datetime, *, is_synchronised: bool = False) -> None:
        self._now = now.astimezone(UTC)
        self._monotonic = 1000.0
        self.synchronised = is_synchronised

    def now(self):
        return self._now

    def monotonic(self):
        return self._monotonic

    def is_synchronised(self):
        return self.synchronised

    def advance(self, seconds: float) -> None:
        assert seconds >= 0
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def set(self, now: datetime) -> None:
        """Somebody sets the wall clock."""
        self._now = now.astimezone(UTC)


class MemoryClips:
    """Clips without a disk."""

    def __init__(self):
        self.clips = {}
        self.damaged = set()
        self.checked = []

    def find(self, key):
        return self.clips.get(key)

    def check(self, clip):
        self.checked.append(clip.key)
        if clip.key in self.damaged:
            raise ClipDamaged(Sentence("坏了", "damaged"))

    def remove(self, key):
        self.clips.pop(key, None)
        self.damaged.discard(key)

    def prune(self, keep, most_bytes):
        return 0


class InstantRenderer:
    """Every order is a clip at once: one second of chime, then three characters a second."""

    def __init__(self, clips, audio):
        self._clips = clips
        self._audio = audio
        self.orders = []
        self.failure = None
        self.refuses = lambda order: False
        self.is_paused = False

    def render(self, order, *, is_urgent=False):
        future = Future()
        self.orders.append(order)
        if self.is_paused:
            return future
        if self.failure is not None or self.refuses(order):
            future.set_exception(self.failure or VoiceFailed(Sentence("念不出来", "cannot speak")))
            return future
        from broadcaster.clips import clip_key

        characters = sum(len(text) for text in order.texts)
        frames = CLIP_RATE_HZ * (1 + order.repeat * characters // CHARACTERS_A_SECOND)
        key = clip_key(order, self._audio)
        clip = Clip(
            key=key,
            sha256=hashlib.sha256(key.encode()).hexdigest(),
            frames=frames,
            sentence_starts=(0, *range(CLIP_RATE_HZ, frames, 5 * CLIP_RATE_HZ)),
            loudness_lufs=-16.0,
            true_peak_dbtp=-2.0,
            voice=order.voices[0].engine,
            characters=characters,
        )
        self._clips.clips[key] = clip
        future.set_result(clip)
        return future

    def close(self):
        pass


@dataclass
class Playing:
    cue: object
    since: datetime
    until: datetime
    offset: int = 0
    play: int = 1


@dataclass
class FakeDeck:
    """A deck in this process: the real gate, starts at the set instant, equals wait, an emergency cuts in."""

    name: str
    clock: ManualClock
    lengths: dict
    rules: GateRules
    report: object
    waiting: dict = field(default_factory=dict)
    playing: Playing | None = None
    heard: list = field(default_factory=list)
    commands: list = field(default_factory=list)
    live: list = field(default_factory=list)
    """Every block of live sound: airing, tick, samples."""
    is_dead: bool = False

    def start(self):
        self.report(Ready(output=self.name, device="fake", is_tape=False, latency_ms=0))

    def close(self):
        self.die()

    def send(self, command):
        self.commands.append(command)
        if self.is_dead:
            return
        match command:
            case GateRules():
                self.rules = command
            case Arm(cue=cue):
                self.waiting[cue.airing] = cue
                if cue.priority is Priority.EMERGENCY:
                    self.work()
            case EndLive(airing=airing, reason=reason) if self.playing is not None:
                self._end_live(airing, reason)
            case Stop(airing=airing, who=who):
                self._stop(airing, Sentence(f"{who} 停止", f"stopped by {who}") if who else NOTHING_TO_SAY)

    def sound(self, airing, tick, pcm):
        self.live.append((airing, tick, pcm))
        return not self.is_dead

    def _end_live(self, airing, reason):
        if self.playing.cue.airing == airing:
            self.playing = None
            now = self.clock.now()
            self.report(Finished(airing=airing, at=now, is_whole=not reason.zh, reason=reason))

    def die(self):
        self.is_dead, self.playing, self.waiting = True, None, {}
        self.report(Lost(reason=Sentence("没有了", "gone")))

    def revive(self):
        self.is_dead = False
        self.start()

    def work(self):
        now = self.clock.now()
        if self.is_dead:
            return
        while self.playing is not None and now >= self.playing.until:
            self._play_is_over(self.playing)
        for airing, cue in sorted(self.waiting.items(), key=lambda item: (-item[1].priority, item[1].starts_at)):
            if now < cue.starts_at:
                continue
            why_not = judge(priority=cue.priority, permit=cue.permit, wall=now, rules=self.rules)
            if why_not is not None:
                del self.waiting[airing]
                self.report(NotAired(airing=airing, fate=Fate.REFUSED.value, reason=why_not))
            elif now > cue.starts_at + timedelta(seconds=cue.grace_s):
                del self.waiting[airing]
                self.report(NotAired(airing=airing, fate=Fate.MISSED.value, reason=Sentence("晚了", "late")))
            elif cue.follows is not None and self.playing is not None and self.playing.cue.airing == cue.follows:
                continue  # it takes over at the end of that play
            elif self.playing is None or self._is_cut_by(cue):
                del self.waiting[airing]
                self._cut(cue, now)
                self._begin(cue, now)
        self._tell_level(now)

    def _is_cut_by(self, cue):
        if cue.priority is Priority.LIVE:
            return self.playing.cue.priority < cue.priority
        return cue.priority is Priority.EMERGENCY and self.playing.cue.airing != cue.airing

    def _cut(self, by, now):
        cut, self.playing = self.playing, None
        if cut is not None and cut.cue.live is not None:
            report = {"airing": cut.cue.airing, "at": now, "by": by.airing, "position": 0}
            self.report(Interrupted(**report, will_resume=False))
        elif cut is not None:
            position = cut.offset + int((now - cut.since).total_seconds() * CLIP_RATE_HZ)
            self.waiting[cut.cue.airing] = replace(cut.cue, offset=position)
            report = {"airing": cut.cue.airing, "at": now, "by": by.airing, "position": position}
            self.report(Interrupted(**report, will_resume=True))

    def _play_is_over(self, playing):
        if playing.cue.live is not None:
            self._end_live(playing.cue.airing, TOO_LONG)
            return
        follower = next((cue for cue in self.waiting.values() if cue.follows == playing.cue.airing), None)
        if follower is None and playing.play != playing.cue.plays:
            since = playing.until + timedelta(seconds=playing.cue.gap_s)
            length = timedelta(seconds=self.lengths(playing.cue.clip) / CLIP_RATE_HZ)
            self.playing = Playing(playing.cue, since, since + length, play=playing.play + 1)
            return
        self.playing = None
        self.report(Finished(airing=playing.cue.airing, at=playing.until, is_whole=True, reason=Sentence("", "")))
        if follower is not None:
            del self.waiting[follower.airing]
            self._begin(follower, playing.until)

    def _tell_level(self, now):
        on, position = self.playing, 0
        if on is not None:
            position = on.offset + max(0, int((now - on.since).total_seconds() * CLIP_RATE_HZ))
        self.report(
            Level(
                rms_dbfs=-18.0 if on else -120.0,
                peak_dbfs=-3.0 if on else -120.0,
                underruns=0,
                airing=on.cue.airing if on else None,
                position=position,
                play=on.play if on else 0,
            )
        )

    def _frames(self, cue):
        return self.lengths(cue.clip) if cue.live is None else round(cue.max_length_s * CLIP_RATE_HZ)

    def _begin(self, cue, now):
        frames = self._frames(cue) - cue.offset
        self.playing = Playing(cue, now, now + timedelta(seconds=frames / CLIP_RATE_HZ), cue.offset)
        self.heard.append((cue.airing, now, cue.offset))
        self.report(Started(airing=cue.airing, at=now, offset=cue.offset))

    def _stop(self, airing, reason):
        now = self.clock.now()
        if self.waiting.pop(airing, None) is not None:
            self.report(NotAired(airing=airing, fate=Fate.SKIPPED.value, reason=reason))
        if self.playing is not None and self.playing.cue.airing == airing:
            self.playing = None
            self.report(Finished(airing=airing, at=now, is_whole=False, reason=reason))


class FakeKeeper:
    """An amplifier that is switched at once, and remembers when; *failure*: why it cannot be."""

    def __init__(self, settings, clock):
        self.settings = settings
        self.clock = clock
        self.turns = []
        self.failure = None
        self.is_closed = False
        self._is_on = False
        self._on_since = None

    def want(self, is_on):
        if is_on is self._is_on or self.failure is not None:
            return
        self._is_on = is_on
        self._on_since = self.clock.monotonic() if is_on else None
        self.turns.append((is_on, self.clock.now()))

    @property
    def on_since(self):
        return self._on_since

    @property
    def trouble(self):
        return self.failure

    def close(self):
        self.want(False)
        self.is_closed = True


class FakeWatcher:
    """A keypad in memory: the test presses, and nobody has to wait."""

    def __init__(self, settings, meant):
        self.settings = settings
        self._meant = meant
        self.failure = None
        self.is_alive = True

    @property
    def trouble(self):
        return self.failure

    def press(self, name):
        """Pressed and confirmed."""
        assert name in {one.name for one in self.settings}
        if self.is_alive:
            self._meant(name)

    def close(self):
        self.is_alive = False


class Village:
    """A station with a clock of its own, decks in memory, and time that passes when a test says so."""

    def __init__(
        self, root: Path, now: datetime, *, store=None, is_synchronised=False, clips=None, last_words=None
    ) -> None:
        """*last_words*: what decks of an earlier station left, by output; forgotten with reading, as on the disk."""
        left = dict(last_words or {})
        self.home = Home(root)
        self.clock = ManualClock(now, is_synchronised=is_synchronised)
        self.store = store or MemoryStore()
        self.clips = clips or MemoryClips()
        self.renderer = InstantRenderer(self.clips, self.home.audio)
        self.decks = {}
        self.keepers = {}
        self.watchers = {}
        self.station = Station(
            self.home,
            clock=self.clock,
            store=self.store,
            renderer=self.renderer,
            clips=self.clips,
            clip_path=Path,
            make_link=self._make_link,
            make_keeper=self._make_keeper,
            make_watcher=self._make_watcher,
            last_words=lambda output: left.pop(output, None),
            alive=lambda: None,
        )
        self.turn()

    def turn(self):
        self.station.turn()
        for deck in list(self.decks.values()):
            deck.work()

    def advance(self, seconds, step=1.0):
        """Let time pass, a turn every *step* seconds."""
        end = self.clock.monotonic() + seconds
        while self.clock.monotonic() < end:
            self.clock.advance(min(step, end - self.clock.monotonic()))
            self.turn()
        self.turn()

    def until(self, moment, step=1.0):
        """Hours pass with a turn a minute, the last ten minutes with one every *step* seconds."""
        calm = (moment - self.clock.now()).total_seconds() - LOOKED_AT_CLOSELY_S
        if calm > 2 * LOOKED_AT_CLOSELY_S and step < CALM_STEP_S:
            self.advance(calm, CALM_STEP_S)
        self.advance((moment - self.clock.now()).total_seconds(), step)

    def log(self):
        """Airing → entry."""
        return {entry.airing: entry for entry in self.store.log.entries(datetime(2000, 1, 1, tzinfo=UTC))}

    def fates(self):
        return {airing: entry.fate.value for airing, entry in self.log().items()}

    @property
    def heard(self):
        """Everything that began to sound, in order: (airing, when, offset)."""
        return [sound for deck in self.decks.values() for sound in deck.heard]

    def _make_link(self, output, rules, report):
        deck = FakeDeck(output.name, self.clock, self._frames, rules, report)
        self.decks[output.name] = deck
        return deck

    def _make_keeper(self, settings):
        self.keepers[settings.name] = FakeKeeper(settings, self.clock)
        return self.keepers[settings.name]

    def _make_watcher(self, settings, meant):
        watcher = FakeWatcher(settings, meant)
        self.watchers.update(dict.fromkeys((one.name for one in settings), watcher))
        return watcher

    def _frames(self, path):
        clip = self.clips.clips.get(Path(path).name)
        return clip.frames if clip else 6 * CLIP_RATE_HZ
