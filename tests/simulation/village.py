"""A whole station on a fast clock: its planner, ledger, database, desk and recovery, with simulated decks.

Nothing of the station is replaced but the machine under it: clocks, the speech engine, and the processes of the decks.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import event

from broadcaster.clips import ClipStore, wav_bytes
from broadcaster.home import Home
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.timetable import StationSettings
from broadcaster.playout.lastwords import read_last_words
from broadcaster.station import Station
from broadcaster.store import Store
from broadcaster.store.database import Database, sqlite_engine
from tests.fakes import ManualClock
from tests.simulation.decks import SimulatedDeck
from tests.simulation.sounds import CodedRenderer, Ear, coded

ZONE = ZoneInfo("Asia/Shanghai")
BLOCK, IDLE_BLOCK = CLIP_RATE_HZ // 2, CLIP_RATE_HZ * 10
"""The mixer acts to the sample within a block. Only commands wait for the next, and they come with turns."""
SIREN, RECORDED = 1, 2
HEALTHY = ("query_only=OFF", "max_page_count=1000000")
FULL = ("max_page_count=1",)
READ_ONLY = ("query_only=ON",)


class SimulatedVillage:
    """A home folder, a machine, and a station that comes and goes."""

    def __init__(self, root, now, outputs):
        self.home = Home(root)
        self.clock = ManualClock(now)
        self._set_by = timedelta()
        self.set_at = []
        """When somebody set the clock, by the monotonic one."""
        self._write_sounds()
        self.clips = ClipStore(self.home.clips)
        self.renderer = CodedRenderer(self.clips, self.home.audio)
        self.ears = {output: Ear(_is_quiet) for output in outputs}
        self.away_until = dict.fromkeys(outputs, 0.0)
        self.decks = {}
        self.talks = []
        """People at the microphone of the station that runs."""
        self._orphans = {}
        self.pragmas = HEALTHY
        self.station = None
        self.store = None

    @property
    def true_now(self):
        """What a clock on the wall shows that nobody ever sets."""
        return (self.clock.now() - self._set_by).astimezone(ZONE)

    # --- the station comes and goes -------------------------------------------------------------------------

    def boot(self):
        engine = sqlite_engine(self.home.database, longest_wait_s=0.05)
        event.listen(engine, "checkout", self._spoil)
        self.store = Store(Database(engine, self.home.database))
        self.station = Station(
            self.home,
            clock=self.clock,
            store=self.store,
            renderer=self.renderer,
            clips=self.clips,
            clip_path=self.clips.path,
            make_link=self._make_link,
            make_keeper=None,
            make_watcher=None,
            last_words=lambda output: read_last_words(self.home.var, output),
            alive=lambda: None,
        )
        self.station.turn()

    def kill(self):
        """``kill -9`` of the station: nothing is closed, nothing is said."""
        for deck in self.decks.values():
            deck.orphan()
        self._orphans |= self.decks
        self.decks, self.talks, self.station = {}, [], None

    def close(self):
        if self.station is not None:
            self.station.close()

    # --- time -----------------------------------------------------------------------------------------------

    def advance(self, seconds, every_s=1.0):
        """Let time pass, with a turn of the station every *every_s* seconds."""
        end = self.clock.monotonic() + seconds
        while (left := end - self.clock.monotonic()) > 1e-3:
            self._pass(min(every_s, left))
            if self.station is not None:
                self.station.turn()

    def breathe(self, seconds):
        """A turn, and so much time after it: less than the quarter of a second until the next one."""
        self.station.turn()
        self._pass(seconds)

    def set_clock(self, by):
        """Somebody sets the wall clock of the machine."""
        self._set_by += by
        self.set_at.append(self.clock.monotonic())
        self.clock.set(self.clock.now() + by)

    def correct_the_clock(self):
        self.set_clock(-self._set_by)

    def _pass(self, seconds):
        left = round(seconds * CLIP_RATE_HZ)
        while left > 0:
            decks = [*self.decks.values(), *self._orphans.values()]
            self.talks = [talk for talk in self.talks if talk.is_on]
            frames = min(left, _block(decks), *(talk.to_next_block for talk in self.talks))
            for deck in decks:
                deck.pull(frames)
            self.clock.advance(frames / CLIP_RATE_HZ)
            for talk in self.talks:
                talk.go_on(frames, self.clock.monotonic())
            left -= frames
        self._orphans = {name: deck for name, deck in self._orphans.items() if deck.is_up}

    # --- the machine ----------------------------------------------------------------------------------------

    def _spoil(self, connection, _record, _proxy):
        for pragma in self.pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    def _make_link(self, output, rules, report):
        left_over = self._orphans.pop(output.name, None)
        if left_over is not None:
            left_over.end()
        deck = SimulatedDeck(
            output,
            rules,
            report,
            clock=self.clock,
            var=self.home.var,
            ear=self.ears[output.name],
            stay_away=lambda: self.away_until[output.name],
        )
        self.decks[output.name] = deck
        return deck

    def _write_sounds(self):
        for name, number in (("chimes/siren", SIREN), ("emergency/general", RECORDED)):
            path = self.home.root / "audio" / f"{name}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wav_bytes(coded(number, 10, is_emergency=True).tobytes()))


def _block(decks):
    return IDLE_BLOCK if all(deck.is_idle for deck in decks) else BLOCK


def _is_quiet(timestamp):
    return StationSettings().is_quiet(datetime.fromtimestamp(timestamp, ZONE))
