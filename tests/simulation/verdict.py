"""What was heard, what was written down, and everything in which the two do not agree."""

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from broadcaster.model.timetable import Schedule
from broadcaster.model.words import Fate
from tests.simulation.sounds import FRAME_S, SENTENCE_FRAMES
from tests.simulation.storm import OUTPUTS, ZONES
from tests.simulation.talks import LONGEST_S
from tests.simulation.village import RECORDED, SIREN, ZONE

UNHEARD = {Fate.MISSED, Fate.REFUSED, Fate.SKIPPED, Fate.FAILED}
CLOSE_S = 1.5
"""Between a sound and the instant that the log gives it."""
OPEN_S = 700
"""An output that is away keeps an airing open so long at most."""
LATER_S = 0.3
"""A microphone's sound is heard so long after it came at most."""
HALF_HEARD = 2
"""Frames at a cut of which only a part was heard."""


class Verdict:
    """``complaints`` is empty when every promise was kept."""

    def __init__(self, storm):
        self.storm = storm
        self.complaints = []
        village = storm.village
        self.rows = village.store.log.entries(datetime(2000, 1, 1, tzinfo=UTC))
        self.by_id = {row.airing: row for row in self.rows}
        self.heard = {output: ear.heard() for output, ear in village.ears.items()}
        self.of = self._by_airing()
        self.fates = Counter(row.fate.value for row in self.rows if row.slot in storm.slots)
        self._check_the_night()
        self._check_fates()
        self._check_twice()
        self._check_rows()
        self._check_emergencies()
        self._check_talks()
        self._check_the_next_day()

    def _complain(self, text):
        self.complaints.append(text)

    @property
    def planned(self):
        """Every airing of the stormy day that nobody took out of the file."""
        storm = self.storm
        for slot, (times, zone, _) in storm.slots.items():
            if slot.startswith("s"):
                for second in times:
                    yield f"{slot}@{storm.day + timedelta(seconds=second):%Y-%m-%dT%H:%M:%S}", zone

    def _by_airing(self):
        """(airing, output) → the stretches that were heard of it."""
        starts = self.storm.village.clock.monotonic() - self.storm.village.true_now.timestamp()
        found = defaultdict(list)
        at = defaultdict(list)
        for row in self.rows:
            if row.airing.startswith(("s", "d")) and "~" not in row.airing:
                at[row.slot].append((row.planned_at.timestamp() + starts, row.airing))
            elif row.scripts and row.scripts[0].startswith("hand/"):
                at[f"h{row.scripts[0].removeprefix('hand/')}"].append((0.0, row.airing))
        talks = {talk.number: talk for talk in self.storm.talks}
        for output, stretches in self.heard.items():
            for one in stretches:
                if one.number in talks:
                    found[talks[one.number].airing, output].append(one)
                    continue
                text = self.storm.village.renderer.texts.get(one.number, "")
                if one.is_emergency or text == Schedule().resume_phrase:
                    continue
                slot = re.match(r"\w+", text)[0]
                airing = min(at.get(slot, [(0, f"{slot} unknown")]), key=lambda told: abs(told[0] - one.began))[1]
                found[airing, output].append(one)
        return found

    def _check_the_night(self):
        for output, ear in self.storm.village.ears.items():
            for trespass in ear.trespasses:
                self._complain(f"{output}: an ordinary sample in quiet hours, {datetime.fromtimestamp(trespass, ZONE)}")

    def _check_fates(self):
        voided = [row.airing for row in self.rows if "~void" in row.airing]
        if voided:
            self._complain(f"{len(voided)} entries were voided, e.g. {voided[0]}")
        for airing, _ in self.planned:
            row = self.by_id.get(airing)
            if row is None:
                self._complain(f"{airing} has no fate at all")
            elif not row.fate.is_final:
                self._complain(f"{airing} is left {row.fate.value}")
        for row in self.rows:
            if not row.fate.is_final and row.airing not in dict(self.planned):
                self._complain(f"{row.airing} is left {row.fate.value} ({row.reason.en})")

    def _check_twice(self):
        for (airing, output), stretches in self.of.items():
            is_restarted = "restart" in self.storm.slots.get(airing.partition("@")[0], ((), "", ""))[2]
            for before, after in pairwise(stretches):
                was_whole = before.last == self._length(before.number) - 1
                again = before.last - after.first + 1
                if before.number != after.number:
                    self._complain(f"{airing} on {output}: two texts of one airing")
                elif was_whole and again > SENTENCE_FRAMES + HALF_HEARD:
                    self._complain(f"{airing} on {output}: began again after its end: {stretches}")
                elif again > SENTENCE_FRAMES + HALF_HEARD and not (is_restarted and after.first == 0):
                    self._complain(f"{airing} on {output}: {again} frames were heard twice: {stretches}")

    def _check_rows(self):
        for airing in {airing for airing, _ in self.of} | {row.airing for row in self.rows}:
            row = self.by_id.get(airing)
            stretches = [one for output in OUTPUTS for one in self.of.get((airing, output), ())]
            if row is None:
                self._complain(f"{airing} was heard and is not in the log")
            elif row.priority.word != "emergency" and "~" not in airing:
                self._check_row(row, stretches)

    def _check_row(self, row, stretches):
        length = max((one.ended - one.began for one in stretches), default=0)
        if length > 1800:
            self._complain(f"{row.airing} sounded for {length:.0f} s")
        if row.fate in UNHEARD:
            if stretches and max(one.last - one.first for one in stretches) > HALF_HEARD:
                self._complain(f"{row.airing} was heard and is written down as {row.fate.value}: {row.reason.en}")
            return
        if not stretches:
            if row.fate is Fate.AIRED:
                self._complain(f"{row.airing} is written down as aired and was not heard: {row.reason.en}")
            return
        if row.fate is Fate.AIRED and not any(self._is_whole(row.airing, output) for output in OUTPUTS):
            self._complain(f"{row.airing} is written down as aired and was heard in part: {row.reason.en} {stretches}")
        first = min(stretches, key=lambda one: one.began)
        if "station stopped" in row.reason.en:
            return  # it died before it heard of the beginning, and says so
        if row.started_at is None:
            self._complain(f"{row.airing} was heard and has no start")
        elif (
            abs(row.started_at.timestamp() - first.wall + first.first * FRAME_S) > CLOSE_S and first.first <= HALF_HEARD
        ):
            self._complain(
                f"{row.airing} was heard at {datetime.fromtimestamp(first.wall, ZONE)}, log {row.started_at}"
            )
        last = max(stretches, key=lambda one: one.ended)
        is_plain = row.fate is Fate.AIRED and not row.reason.zh and not self._is_end_unsure(first.began, last.ended)
        if is_plain and abs(row.finished_at.timestamp() - last.wall_at_end) > CLOSE_S + 1:
            self._complain(
                f"{row.airing} ended at {datetime.fromtimestamp(last.wall_at_end, ZONE)}, log {row.finished_at}"
            )

    def _is_end_unsure(self, began, ended):
        """The clock was set while it sounded; or an output was away, the airing open, and the station died then."""
        storm = self.storm
        is_clock_set = any(began <= at <= ended for at in storm.village.set_at)
        return is_clock_set or any(ended <= at <= ended + OPEN_S for at in storm.stations_killed)

    def _is_whole(self, airing, output):
        stretches = self.of.get((airing, output), ())
        if not stretches:
            return False
        frames = {frame for one in stretches for frame in range(one.first, one.last + 1)}
        wanted = self._length(stretches[0].number)
        return wanted - len(frames) <= HALF_HEARD * (len(stretches) - 1)

    def _check_emergencies(self):
        village = self.storm.village
        for called, airing, outputs in self.storm.called:
            row = self.by_id.get(airing)
            if row is None or not row.fate.is_final:
                self._complain(f"{airing} has no fate: {row and row.fate.value}")
            for output in outputs:
                is_heard = any(one.is_emergency and -0.2 < one.began - called < 0.8 for one in self.heard[output])
                if not is_heard and not self._was_killed(output, called):
                    self._complain(f"{airing} did not begin at once on {output}")
        unknown = {
            one.number
            for output in OUTPUTS
            for one in self.heard[output]
            if one.is_emergency and one.number not in village.renderer.emergencies | {SIREN, RECORDED}
        }
        if unknown:
            self._complain(f"clips {unknown} sounded as emergencies and are none")

    def _check_talks(self):
        for talk in self.storm.talks:
            row = self.by_id.get(talk.airing)
            if row is None or not row.fate.is_final:
                self._complain(f"{talk.airing} has no fate: {row and row.fate.value}")
            for output in OUTPUTS:
                stretches = self.of.get((talk.airing, output))
                if not stretches:
                    continue
                began, ended = stretches[0].began, stretches[-1].ended
                if began < talk.called or ended - began > LONGEST_S:
                    self._complain(f"{talk.airing} on {output}: {ended - began:.1f} s, after {began - talk.called:.1f}")
                if talk.ended is not None and ended - talk.ended > LATER_S:
                    self._complain(f"{talk.airing} on {output} was heard {ended - talk.ended:.1f} s after its end")

    def _length(self, number):
        """Frames of a clip, or of what somebody said."""
        said = {talk.number: talk.frames for talk in self.storm.talks}
        return said[number] if number in said else self.storm.village.renderer.frames[number]

    def _was_killed(self, output, at):
        return any(one == output and -0.5 < when - at < 1.0 for one, when in self.storm.killed)

    def _check_the_next_day(self):
        storm = self.storm
        for slot, (times, zone, _) in storm.slots.items():
            if not slot.startswith("d"):
                continue
            planned = storm.day + timedelta(days=1, seconds=times[0])
            airing = f"{slot}@{planned:%Y-%m-%dT%H:%M:%S}"
            row = self.by_id.get(airing)
            if row is None or row.fate is not Fate.AIRED or row.reason.zh:
                self._complain(f"the day after, {airing}: {row and (row.fate.value, row.reason.en)}")
                continue
            for output in ZONES[zone]:
                stretches = self.of.get((airing, output), ())
                is_right = len(stretches) == 1 and self._is_whole(airing, output)
                if not is_right or abs(stretches[0].wall - planned.timestamp()) > 0.01:
                    self._complain(f"the day after, {airing} on {output}: {stretches}")
