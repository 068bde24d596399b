"""A text that is being written → how it will sound: read at once, rendered to a clip to listen to, never on the air."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.errors import DalabaError, Refused, ScriptUnusable
from broadcaster.home import Home
from broadcaster.model.clip import Clip, ClipOrder, as_text
from broadcaster.model.texts import Reading, Script, ScriptName, Wording
from broadcaster.model.timetable import VoiceSettings
from broadcaster.model.words import NOTHING_TO_SAY, Complaint, Sentence
from broadcaster.schedule.own_words import OwnWords
from broadcaster.scripts import fill
from broadcaster.scripts.writing import wording_of
from broadcaster.station.ahead import Clips, Renders
from broadcaster.station.books import PlanBooks
from broadcaster.station.bulletins import voices_to_try
from broadcaster.station.scriptdesk import draft
from broadcaster.station.sources import file_stamp, read_own_words

if TYPE_CHECKING:
    from broadcaster.render.ruby import Ruby

MOST_AT_ONCE = 3
KEPT = 50
NEW = ScriptName("notice/new")
"""Stands for a script that has no name yet."""
_KEY = re.compile(r"[0-9a-f]{32}")
BUSY = Sentence(
    "前面还有几段在合成，请过一会儿再按“听一听”。",
    "other texts are still being rendered. Press listen again in a moment.",
)
NO_CLIP = Sentence("这段声音已经清掉了，请再按一次“听一听”。", "this sound was cleared away. Press listen again.")
NOTHING_TO_LISTEN_TO = Sentence("还没有可念的字。", "there is nothing to say yet.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A text as it would be spoken today."""

    text: str = ""
    """Blanks filled."""
    ruby: Ruby | None = None
    """None: there is nothing to read aloud."""
    length: timedelta = timedelta()
    """Once, by the voice of the script."""
    complaints: tuple[Complaint, ...] = ()
    why_not: Sentence = NOTHING_TO_SAY
    """Why it cannot be said today; empty: it can."""
    cleaned: tuple[Sentence, ...] = ()
    """What would be taken out of the text when it is saved."""
    script: Script | None = None


class ListeningDesk:
    """May be used from any thread."""

    def __init__(
        self,
        home: Home,
        books: PlanBooks,
        *,
        renderer: Renders,
        clips: Clips,
        clip_path: Callable[[str], Path],
        now: Callable[[], datetime],
    ) -> None:
        self._home = home
        self._books = books
        self._renderer = renderer
        self._clips = clips
        self._clip_path = clip_path
        self._now = now
        self._lock = threading.Lock()
        self._asked: OrderedDict[str, Future[Clip]] = OrderedDict()
        self._own: tuple[Hashable, OwnWords] = (None, OwnWords())

    def look(self, wording: Wording, name: ScriptName = NEW) -> Look:
        """How a text would be read today, by the rules and the lexicon of this very moment. Never raises for it."""
        from broadcaster.render.ruby import ruby

        script, complaints, cleaned = draft(name, wording)
        if script is None:
            return Look(complaints=complaints, cleaned=cleaned)
        try:
            text = fill(script, self._books.bulletins.facts(self._today())).text
        except ScriptUnusable as error:
            return Look(complaints=complaints, cleaned=cleaned, why_not=error.sentence, script=script)
        found = ruby(text, self._lexicon())
        length = self._length(found.reading, script)
        return Look(text=text, ruby=found, length=length, complaints=complaints, cleaned=cleaned, script=script)

    def look_at(self, script: Script) -> Look:
        """The same of a script as it is."""
        return self.look(wording_of(script), script.name)

    def listen(self, look: Look, spoken: Reading | None = None) -> str:
        """Render what was looked at; the key of its clip, for ``state`` and ``sound``. Raises Refused.

        *spoken*: an approved reading of the same text.
        """
        from broadcaster.proof.sidefile import sounding

        if look.script is None or look.ruby is None or not (look.ruby.reading.syllables or look.script.recording):
            raise Refused(look.why_not if look.why_not.zh else NOTHING_TO_LISTEN_TO)
        reading = spoken or look.ruby.reading
        reading = Reading(text=look.text, spoken=sounding(reading), syllables=reading.syllables)
        schedule = self._books.schedule
        order = ClipOrder(
            texts=(as_text(look.script.recording, look.text),),
            voices=voices_to_try(schedule, look.script.voice),
            sound=schedule.sound_of_all(),
            lexicon=self._lexicon(),
            readings=(reading,) if reading.syllables else (),
        )
        return self._ordered(order)

    def say(self, text: str, voice: VoiceSettings | None = None, more_words: tuple[tuple[str, str], ...] = ()) -> str:
        """Render words that belong to no script, without a chime; the key of the clip. Raises Refused.

        *voice*: this one and no other, as it would be set; None: the station's. *more_words*: readings that are not
        in the lexicon yet.
        """
        schedule = self._books.schedule
        sound = replace(schedule.sound_of_all(), opening="", closing="")
        return self._ordered(
            ClipOrder(
                texts=(text,),
                voices=voices_to_try(schedule, schedule.voices[0].name)
                if voice is None
                else (replace(voice, fallback=()),),
                sound=sound,
                lexicon=self._lexicon() + more_words,
            )
        )

    def wait(self, key: str, longest: timedelta) -> None:
        """Until the clip is there, or could not be made, or so long has passed."""
        with self._lock:
            asked = self._asked.get(key)
        if asked is not None:
            try:
                asked.exception(timeout=longest.total_seconds())
            except (TimeoutError, CancelledError):
                return

    def is_ready(self, key: str) -> bool:
        """Whether the clip can be heard; False: it is being made. Raises what rendering raised, or Refused."""
        if not _KEY.fullmatch(key):
            raise Refused(NO_CLIP)
        with self._lock:
            asked = self._asked.get(key)
        if asked is not None and not asked.done():
            return False
        if self._clips.find(key) is not None:
            return True
        if asked is not None and not asked.cancelled() and isinstance(error := asked.exception(), DalabaError):
            raise error
        raise Refused(NO_CLIP)

    def sound(self, key: str) -> Path:
        """The WAV file of a clip that is ready. Raises as ``is_ready`` does, and Refused while it is made."""
        if not self.is_ready(key):
            raise Refused(BUSY)
        return self._clip_path(key)

    def _ordered(self, order: ClipOrder) -> str:
        from broadcaster.clips import clip_key

        key = clip_key(order, self._home.audio)
        with self._lock:
            asked = self._asked.get(key)
            if asked is None or (asked.done() and (asked.cancelled() or asked.exception() is not None)):
                if sum(not one.done() for one in self._asked.values()) >= MOST_AT_ONCE:
                    raise Refused(BUSY)
                self._asked[key] = self._renderer.render(order)
            while len(self._asked) > KEPT:
                self._asked.popitem(last=False)
        return key

    def _lexicon(self) -> tuple[tuple[str, str], ...]:
        """With the words that were written a moment ago, before the planner has seen them."""
        stamp = file_stamp(self._home.lexicon)
        with self._lock:
            if self._own[0] != stamp:
                self._own = (stamp, read_own_words(self._home.lexicon, self._own[1]))
            own = self._own[1].lexicon or ()
        known = self._books.bulletins.lexicon()
        return known if known[len(known) - len(own) :] == own else known + own

    def _length(self, reading: Reading, script: Script) -> timedelta:
        from broadcaster.render.length import clip_length

        schedule = self._books.schedule
        voice = schedule.voice(script.voice) or schedule.voices[0]
        return clip_length((replace(reading, doubts=()),), schedule.sound_of_all(), voice.rate)

    def _today(self) -> date:
        return self._now().astimezone(self._books.schedule.station.zone).date()
