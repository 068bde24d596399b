"""The station: joins files, plan, log, renderer and decks, and is the only door for pages and the command line."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from broadcaster.errors import Refused
from broadcaster.home import Home, HomeLock
from broadcaster.model.airing import AiringId, DayPlan, Hold, LogEntry
from broadcaster.playout.cue import Report, Stop
from broadcaster.ports import Clock
from broadcaster.station.ahead import Ahead, Clips, Renders
from broadcaster.station.backupdesk import BackupDesk
from broadcaster.station.books import PlanBooks, as_told
from broadcaster.station.byhand import unknown_zone
from broadcaster.station.certificates import looked_at
from broadcaster.station.day import Day
from broadcaster.station.decks import Decks, MakeLink
from broadcaster.station.emergency.calls import GAP, Asked, CallKind, Ended
from broadcaster.station.emergency.desk import EmergencyDesk
from broadcaster.station.emergency.journal import Journal
from broadcaster.station.emergency.words import ALL_CLEAR_SCRIPT
from broadcaster.station.faults import Faults
from broadcaster.station.health import Disk, Finding, findings
from broadcaster.station.ledger import Ledger
from broadcaster.station.lexicondesk import LexiconDesk
from broadcaster.station.listening import ListeningDesk
from broadcaster.station.livedesk import Broadcast, LiveDesk
from broadcaster.station.livetapes import LiveTapes
from broadcaster.station.logdesk import LogDesk
from broadcaster.station.nightly import Nightly
from broadcaster.station.parts import HeardLast, Inbox, Parts
from broadcaster.station.planner import Planner
from broadcaster.station.power import Amplifiers, MakeKeeper
from broadcaster.station.proofdesk import ProofDesk
from broadcaster.station.readiness import Readiness
from broadcaster.station.scriptdesk import ScriptDesk
from broadcaster.station.silence import Silence
from broadcaster.station.status import About, PreparedText, Sounding, Status
from broadcaster.station.telling import Telling
from broadcaster.station.timekeeper import Timekeeper
from broadcaster.station.timetabledesk import TimetableDesk
from broadcaster.station.trial import TrialDesk, Tried, order_for
from broadcaster.station.triggers import MakeWatcher, Triggers
from broadcaster.station.voicedesk import VoiceDesk
from broadcaster.station.waker import Waker
from broadcaster.store import Store

log = logging.getLogger(__name__)

DAYS_SHOWN = 8
"""Of the plan, to tell when a script is heard next."""


class Station:
    """One village's station. Every method may be called from any thread.

    ``emergency`` and ``stop`` never wait for the planner.
    """

    def __init__(
        self,
        home: Home,
        *,
        clock: Clock,
        store: Store,
        renderer: Renders,
        clips: Clips,
        clip_path: Callable[[str], Path],
        make_link: MakeLink,
        make_keeper: MakeKeeper,
        make_watcher: MakeWatcher,
        last_words: HeardLast,
        alive: Callable[[], None],
    ) -> None:
        self._home = home
        self._clock = clock
        self._store = store
        self._lock = threading.RLock()
        self._inbox: Inbox = SimpleQueue()
        self._faults = Faults()
        self._ledger = Ledger(store, self._faults)
        self._books = PlanBooks(home, store, self._ledger, self._faults)
        self._time = Timekeeper(clock, self._ledger, self._said)
        self._ahead = Ahead(renderer, clips)
        self._decks = Decks(make_link, self._reported)
        self._amplifiers = Amplifiers(make_keeper, clock, self._faults)
        journal = Journal(home.emergency_journal)
        self._desk = EmergencyDesk(
            clock=clock,
            journal=journal,
            send=self._decks.send,
            render=lambda order: renderer.render(order, is_urgent=True),
            clip_path=clip_path,
            inbox=self._inbox.put,
            warm_up=self._amplifiers.warm_up,
            heard=self._heard_emergency,
        )
        self._triggers = Triggers(
            desk=self._desk,
            may_drill=self._may_drill,
            make_watcher=make_watcher,
            clock=clock,
            faults=self._faults,
        )
        self._tapes = LiveTapes(home.live)
        self._live = LiveDesk(clock=clock, air=self._decks, tapes=self._tapes, lead_of=self._amplifiers.lead_of)
        readiness = Readiness(self._books, self._ahead, self._desk, self._decks, self._ledger, home.audio)
        parts = Parts(
            books=self._books,
            ledger=self._ledger,
            time=self._time,
            faults=self._faults,
            ahead=self._ahead,
            decks=self._decks,
            amplifiers=self._amplifiers,
            desk=self._desk,
            journal=journal,
            live=self._live,
            readiness=readiness,
            inbox=self._inbox,
            clip_path=clip_path,
            last_words=last_words,
        )
        self._planner = Planner(parts)
        self._trials = TrialDesk(renderer=renderer, clip_path=clip_path, send=self._decks.send)
        self._silence = Silence(self._planner, self._ledger, self._decks)
        self._day = Day(self._planner, self._ledger, self._books, self._time, self._silence)
        self._waker = Waker(self.turn, clock, alive)
        self._telling = Telling(parts, self._planner, self._silence, lambda: self._waker.asleep_s)
        self._house = HomeLock(home)
        self._is_started = False
        self.proofs = ProofDesk(
            self._books, store.approvals, home.scripts, clock.now, self.approvals_changed, store.revisions
        )
        self.scripts = ScriptDesk(
            home,
            self._books,
            store.approvals,
            store.revisions,
            now=clock.now,
            plans=lambda: self.plan(days=DAYS_SHOWN),
            changed=self.files_changed,
        )
        self.lexicon = LexiconDesk(home, self._books, clock.now, self.files_changed)
        self.listening = ListeningDesk(
            home,
            self._books,
            renderer=renderer,
            clips=clips,
            clip_path=clip_path,
            now=clock.now,
        )
        self.voices = VoiceDesk(self._books)
        self.backups = BackupDesk(home, name=lambda: self.about().name, now=self.now, restored=self._put_back)
        self._nightly = Nightly(self.backups, self._faults)
        self.timetable = TimetableDesk(home, self._books, clock.now, self.files_changed)
        self.logbook = LogDesk(
            self._books, store.logbook, store.revisions, store.approvals, clip_path, self._unwritten, self._tapes.find
        )

    # --- running --------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Own the home folder and begin. Raises StationAlreadyRunning, or Refused when it cannot be written."""
        self._house.take()
        self._is_started = True
        self.turn()
        self._waker.start()

    def turn(self) -> None:
        """Everything that is due now. The waker calls it; a test may, with a clock of its own."""
        with self._lock:
            self._planner.turn()
            self._triggers.look(self._books.schedule)
            settings = self._books.schedule.backup
            self._nightly.turn(settings, self.now(), is_trusted=self._time.trust.is_trusted and self._is_started)

    def close(self) -> None:
        """End in order: what is on the air fades out and is written down."""
        self._waker.close()
        self._triggers.close()
        self.backups.close()
        self._desk.close()
        self._live.close()
        self._decks.close()
        self._amplifiers.close()
        with self._lock:
            self._planner.turn_off()
        self._ahead.close()
        self._store.close()
        self._house.free()

    # --- asking ---------------------------------------------------------------------------------------------

    def about(self) -> About:
        """Name, zones and page settings; never waits."""
        schedule = self._books.schedule
        return About(
            name=schedule.station.name,
            language=schedule.station.language,
            timezone=schedule.station.zone,
            zones=tuple(zone.name for zone in schedule.zones),
            page=schedule.page,
        )

    def now(self) -> datetime:
        """On the village's own clock; never waits."""
        return self._clock.now().astimezone(self._books.schedule.station.zone)

    def status(self) -> Status:
        with self._lock:
            return self._telling.status(self._clock.now())

    def health(self) -> tuple[Finding, ...]:
        """How every part is and what to do, the worst first."""
        try:
            usage = shutil.disk_usage(self._home.root)
        except OSError:
            disk = None
        else:
            disk = Disk(free_bytes=usage.free, whole_bytes=usage.total)
        voices = tuple(voice.engine for voice in self._books.schedule.voices)
        page = looked_at(self._home.root, self._books.schedule.page, self.now())
        return findings(self.status(), disk, voices, () if page is None else (page,))

    def emergencies(self) -> tuple[PreparedText, ...]:
        """The prepared texts of the folder ``emergency``; never waits."""
        return self._desk.texts()

    def calls(self) -> tuple[Sounding, ...]:
        """The emergencies that are on the way or on the air, the newest first; never waits."""
        return self._telling.calls()

    def plan(self, first: date | None = None, days: int = 1) -> tuple[DayPlan, ...]:
        """The days from *first* on (None: today), as they were, are and will be."""
        with self._lock:
            now = self._clock.now()
            first = first or now.astimezone(self._books.schedule.station.zone).date()
            return as_told(self._books.plans(first, days, now), now, self._planner.on_air.ids)

    def log(self, since: datetime, until: datetime | None = None) -> list[LogEntry]:
        """The as-run log, oldest first, also what only memory knows. Raises StoreFailed."""
        with self._lock:
            return self._ledger.between(since, until)

    # --- asking for sound -----------------------------------------------------------------------------------

    def emergency(
        self,
        what: str,
        *,
        who: str,
        reason: str = "",
        plays: int = 0,
        zones: tuple[str, ...] = (),
        gap: timedelta = GAP,
        until: datetime | None = None,
    ) -> AiringId:
        """Put words, or ``script:NAME``, on the air at once, over everything. Raises Refused.

        *plays* times with *gap* between them, 0: until it is stopped; in any case not beyond *until*.
        """
        return self._desk.call(Asked(what=what, who=who, reason=reason, plays=plays, zones=zones, gap=gap, until=until))

    def drill(
        self,
        what: str,
        *,
        who: str,
        reason: str = "",
        plays: int = 0,
        zones: tuple[str, ...] = (),
        gap: timedelta = GAP,
        until: datetime | None = None,
    ) -> AiringId:
        """The same as a drill: it says so first and last, has no siren, and keeps quiet hours. Raises Refused."""
        self._may_drill()
        return self._desk.call(
            Asked(
                what=what,
                who=who,
                reason=reason,
                kind=CallKind.DRILL,
                plays=plays,
                zones=zones,
                gap=gap,
                until=until,
            )
        )

    def all_clear(
        self, *, who: str, what: str = "", reason: str = "", plays: int = 0, emergency: AiringId | None = None
    ) -> AiringId:
        """Stop an emergency (None: the last one that was heard) and tell its zones that it is over. Raises Refused.

        *what*: words of one's own, or ``script:NAME``; without them the prepared all-clear.
        """
        what = what or f"script:{ALL_CLEAR_SCRIPT}"
        kind = CallKind.ALL_CLEAR
        return self._desk.afterwards(Asked(what=what, who=who, reason=reason, kind=kind, plays=plays, about=emergency))

    def correct(
        self, what: str, *, who: str, reason: str = "", plays: int = 0, emergency: AiringId | None = None
    ) -> AiringId:
        """Stop a mistaken emergency and say 更正 and *what* is right in its zones. Raises Refused."""
        kind = CallKind.CORRECTION
        return self._desk.afterwards(Asked(what=what, who=who, reason=reason, kind=kind, plays=plays, about=emergency))

    def stop(self, airing: AiringId | None, *, who: str) -> tuple[AiringId, ...]:
        """Stop one airing. None: the emergencies, and what they cut goes on; without one, all that is heard."""
        stopped = self._desk.stop(airing, who)
        if stopped:
            return stopped
        heard = [live for live in self._planner.on_air.begun() if airing in (None, live.entry.airing)]
        heard += [live for live in self._planner.on_air.speakers() if airing in (None, live.entry.airing)]
        for live in heard:
            for output in live.parts:
                self._decks.send(output, Stop(airing=live.entry.airing, who=who))
            self._inbox.put(Ended(live.entry.airing, who))
        if airing is not None and not heard:
            self.skip(airing, who=who)
            return (airing,)
        return tuple(live.entry.airing for live in heard)

    def play(self, what: str, *, who: str, zones: tuple[str, ...] = ()) -> AiringId:
        """Put a slot, or ``script:NAME``, on the air as soon as its clip is ready. Raises Refused.

        *zones*: where; none: where the slot says, or everywhere.
        """
        with self._lock:
            return self._day.play(what, self._clock.now(), who=who, zones=zones)

    def speak(self, *, who: str, reason: str, zones: tuple[str, ...] = ()) -> Broadcast:
        """Put a person on the air, in *zones* (none: everywhere), over all but an emergency. Raises Refused.

        The answer takes the sound. It must be asked for with the name of whoever is at the microphone.
        """
        with self._lock:
            now = self._clock.now()
            self._day.may_sound(now)
            known = [zone.name for zone in self._books.schedule.zones]
            for zone in zones:
                if zone not in known:
                    raise Refused(unknown_zone(zone, known))
            speech = self._live.prepare(
                self._books.schedule,
                self._decks.states,
                who=who,
                reason=reason,
                zones=zones,
                emergencies=self._desk.called(),
                is_taken=self._ledger.entries.__contains__,
            )
            self._planner.speak(speech)
            self._planner.turn()
            return speech.broadcast

    def try_out(self, what: str, *, who: str) -> Tried:
        """Words, ``script:NAME`` or a slot on the headphones, at any hour; never on a horn, never in the log.

        Waits until it is spoken, for at most twenty seconds. Raises Refused, and what a render raises.
        """
        with self._lock:
            now, schedule = self._clock.now(), self._books.schedule
            order = order_for(what, self._books, self._ledger, self._home, now)
        return self._trials.play(order, schedule, now, who=who)

    def stop_trying(self, *, who: str) -> None:
        self._trials.stop(who=who)

    # --- today's changes ------------------------------------------------------------------------------------

    def skip(self, airing: AiringId, *, who: str, why: str = "") -> None:
        """Leave one airing out. Raises Refused."""
        with self._lock:
            self._day.skip(airing, self._clock.now(), who=who, why=why)

    def move(self, airing: AiringId, to: datetime, *, who: str) -> None:
        """Start one airing at another time of its day. Raises Refused."""
        with self._lock:
            self._day.move(airing, to, self._clock.now(), who=who)

    def hold(self, until: datetime, *, who: str, why: str = "") -> None:
        """Silence from now until then, but for emergencies; what is heard now fades out. Raises Refused."""
        with self._lock:
            self._silence.begin(Hold(since=self._clock.now(), until=until, who=who, why=why))

    def lift(self, *, who: str) -> Hold:
        """The silence that is over now. Raises Refused when there was none."""
        with self._lock:
            return self._silence.end(who, self._clock.now())

    def trust_clock(self, *, who: str) -> None:
        """A person has looked at the clock, and it is right."""
        with self._lock:
            self._time.believe(who)
            self._planner.turn()

    def accept_quiet_hours(self, wished: str, *, who: str) -> None:
        """The owner *who* agrees to ``status().night.wished``; it is in force and on record when this returns.

        Raises Refused, or StoreFailed where it cannot be put on record: the stricter hours then stay in force. Whoever
        calls makes sure that *who* is an owner.
        """
        with self._lock:
            self._planner.turn()
            self._books.sources.accept_night(wished, who=who, now=self._clock.now(), trail=self._store.trail)
            self._planner.turn()

    def points_changed(self) -> None:
        """Points were imported, or a consent changed."""
        with self._lock:
            self._books.points_changed()

    def approvals_changed(self) -> None:
        """Somebody approved a script, or withdrew one."""
        with self._lock:
            self._books.approvals_changed()
            self._planner.turn()
        self.scripts.decided()

    def files_changed(self) -> None:
        """A script, the lexicon or the timetable was changed from here."""
        with self._lock:
            self._books.files_changed()
            self._planner.turn()

    def keep_recording(self, file: IO[bytes], name: str) -> str:
        """A recording that was uploaded, under its new name. Raises SoundUnusable and Refused."""
        from broadcaster.station.ownvoice import keep_recording

        return keep_recording(self._home, file, name)

    # --- inside ---------------------------------------------------------------------------------------------

    def _reported(self, output: str, report: Report) -> None:
        self._live.report(output, report)
        self._inbox.put((output, report))

    def _put_back(self) -> None:
        """A backup was put back: files and books are others now."""
        self.points_changed()
        self.files_changed()
        self.approvals_changed()

    def _unwritten(self) -> tuple[LogEntry, ...]:
        with self._lock:
            return self._ledger.unwritten

    def _said(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._books.schedule.station.zone):%m-%d %H:%M}"

    def _heard_emergency(self, airing: AiringId | None) -> LogEntry | None:
        """An emergency of the last days, None: the last that was heard."""
        entries = list(self._ledger.entries.values())
        if airing is not None:
            return next((entry for entry in entries if entry.airing == airing), None)
        heard = [one for one in entries if one.slot == CallKind.EMERGENCY.slot and one.started_at is not None]
        return max(heard, key=lambda entry: entry.planned_at, default=None)

    def _may_drill(self) -> None:
        with self._lock:
            self._day.may_sound(self._clock.now())
