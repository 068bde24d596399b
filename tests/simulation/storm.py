"""A day on which everything happens: a timetable for it, and the troubles, drawn from a seed."""

import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadcaster.errors import Refused
from broadcaster.model.words import Fate
from tests.simulation.talks import FORGETS_S, LONGEST_S, Talk
from tests.simulation.village import FULL, HEALTHY, READ_ONLY, ZONE, SimulatedVillage

OUTPUTS = ("east", "west", "tower")
ZONES = {"all": OUTPUTS, "east": ("east",), "west": ("west",), "tower": ("tower",), "two": ("east", "west")}
PLACES = ("east", "west", "tower", "east", "west", "tower", "two", "all")
WAYS = ("resume", "resume", "resume", "restart", "drop")
LOUD_FROM, LOUD_TO = 6 * 3600 + 31 * 60, 20 * 3600 + 58 * 60
HEAD = f'[station]\nname = "风暴村"\n[sound]\nchime = ""\n[live]\nlongest = "{LONGEST_S}s"\n'
NIGHT_FALLS = 21 * 3600
UNSETTLED_S = 15
"""So long after a trouble the station has a turn every second; while all is calm, every four."""
YEARS_BACK = timedelta(days=2300)


@dataclass(frozen=True)
class Scale:
    """How much happens."""

    airings: int
    emergencies: int
    deck_kills: int
    station_kills: int
    others: int
    """Of each other kind of trouble."""
    talks: int
    """People who speak live, beside the one who speaks on into the night."""
    times: int = 1
    """Airings of one slot in a day."""
    begins: int = 0
    """Second of the day."""
    ends: int = 24 * 3600
    daily: int = 20
    """Airings that come again on the next day."""


FULL_DAY = Scale(airings=2000, emergencies=200, deck_kills=50, station_kills=12, others=30, talks=40, times=4)


class Storm:
    """One village through one stormy day and into the next."""

    def __init__(self, root, scale, seed, day=datetime(2026, 11, 24, tzinfo=ZONE)):
        self.random = random.Random(seed)
        self.scale = scale
        self.day = day
        self.slots = {}
        """Id → (times in seconds of the day, zone, the rest of its table)."""
        self.taken_out = set()
        """Airings that a person took out of the file before their time."""
        self.by_hand = []
        self.called = []
        """Emergencies: (monotonic instant, identity, the outputs whose deck was there)."""
        self.talks = []
        self.killed = []
        """Decks, and when, by the monotonic clock."""
        self.stations_killed = []
        """When, by the monotonic clock."""
        self.decks_killed = 0
        self.troubles = 0
        self._later = []
        self._extra = 0
        self._draw_timetable()
        self._write_files(root)
        self.village = SimulatedVillage(root, day + timedelta(seconds=scale.begins), OUTPUTS)

    # --- the timetable --------------------------------------------------------------------------------------

    def _draw_timetable(self):
        draw, scale = self.random, self.scale
        first, last = max(scale.begins + 120, LOUD_FROM), min(scale.ends - 120, LOUD_TO)
        part = (last - first) // scale.times
        only_today = f"from = {self.day:%Y-%m-%d}\nuntil = {self.day:%Y-%m-%d}\n"
        for number in range(scale.airings // scale.times):
            early = first + draw.randrange(part)
            times = tuple(early + part * turn for turn in range(scale.times))
            priority = draw.choice(("routine", "routine", "urgent"))
            more = f'if_interrupted = "{draw.choice(WAYS)}"\npriority = "{priority}"\n'
            grace = draw.choice(("2m", "5m", "10m"))
            self.slots[f"s{number}"] = (times, draw.choice(PLACES), f'{only_today}grace = "{grace}"\n{more}')
        for number in range(scale.daily):
            times = (7 * 3600 + number * 120,)
            tomorrow = f"from = {self.day + timedelta(days=1):%Y-%m-%d}\n"
            self.slots[f"d{number}"] = (times, draw.choice(tuple(ZONES)), tomorrow)

    def _write_files(self, root):
        for slot in self.slots:
            self._write_script(root, f"x/{slot}", f"{slot} 号。今天说这件事。")
        for number in range(self.scale.others):
            self._write_script(root, f"hand/{number}", f"h{number} 号。随时播的。")
        for number in range(5):
            self._write_script(root, f"emergency/e{number}", f"紧急通知第{number}号。河水涨了。")
        self._write_schedule(root)

    def _write_script(self, root, name, text):
        path = root / "scripts" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _write_schedule(self, root, ending=""):
        parts = [HEAD]
        parts += [f"[zone.{zone}]\noutputs = {list(outputs)}\n" for zone, outputs in ZONES.items()]
        parts += [f'[output.{output}]\nkind = "tape"\n' for output in OUTPUTS]
        for slot, (times, zone, more) in self.slots.items():
            at = ", ".join(f'"{_time(second)}"' for second in times)
            parts.append(f'[[slot]]\nid = "{slot}"\nat = [{at}]\nplay = "script:x/{slot}"\nzones = ["{zone}"]\n{more}')
        (root / "schedule.toml").write_text("".join(parts) + ending, encoding="utf-8")

    # --- the day --------------------------------------------------------------------------------------------

    def run(self):
        """The stormy day, then repairs, then the next day until its airings are over."""
        village, scale = self.village, self.scale
        village.boot()
        self._draw_troubles()
        calm_from = 0.0
        while self._second < scale.ends:
            due = [one for one in self._later if one[0] <= self._second]
            self._later = [one for one in self._later if one[0] > self._second]
            for _, trouble in sorted(due, key=lambda one: one[0]):
                trouble()
                calm_from = self._second + UNSETTLED_S
            following = min((at for at, _ in self._later), default=scale.ends)
            step = max(0.5, min(4.0, following - self._second))
            village.advance(step, every_s=step if self._second > calm_from else 1.0)
        self._repair()
        if scale.daily:
            village.advance(self._until(timedelta(days=1, hours=6, minutes=58)), every_s=60)
            village.advance(self._until(timedelta(days=1, hours=7, minutes=2 * scale.daily)), every_s=1)

    @property
    def _second(self):
        return (self.village.true_now - self.day).total_seconds()

    def _until(self, offset):
        return (self.day + offset - self.village.true_now).total_seconds()

    def _repair(self):
        village = self.village
        village.pragmas = HEALTHY
        village.correct_the_clock()
        village.away_until = dict.fromkeys(OUTPUTS, 0.0)
        self._write_schedule(village.home.root)
        if village.station is None:
            village.boot()
        village.advance(30)
        village.station.stop(None, who="王")
        village.advance(700, every_s=5)

    # --- the troubles ---------------------------------------------------------------------------------------

    def _draw_troubles(self):
        scale = self.scale
        kinds = [
            (self._emergency, scale.emergencies),
            (self._kill_deck, scale.deck_kills),
            (self._kill_station, scale.station_kills),
            (self._talk, scale.talks),
            (self._stop, scale.others),
            (self._skip, scale.others),
            (self._move, scale.others),
            (self._play, scale.others),
            (self._edit_script, scale.others),
            (self._break_the_file, scale.others // 4),
            (self._new_slot, scale.others // 4),
            (self._take_out_slot, scale.others // 4),
            (self._step_the_clock, scale.others // 2),
            (self._fail_the_disk, scale.others // 4),
        ]
        for trouble, count in kinds:
            for _ in range(count):
                at = self.random.uniform(scale.begins + 60, scale.ends - 600)
                self._later.append((at, lambda trouble=trouble: self._do(trouble)))

        if scale.begins < NIGHT_FALLS < scale.ends:
            self._later.append((NIGHT_FALLS - 20, lambda: self._do(self._talk_into_the_night)))

    def _do(self, trouble):
        if self.village.station is None:
            self._in(20, lambda: self._do(trouble))
            return
        self.troubles += 1
        with suppress(Refused):  # a person at the page would read why
            trouble()

    def _in(self, seconds, work):
        self._later.append((self._second + seconds, work))

    def _emergency(self):
        draw, station = self.random, self.village.station
        what = (
            f"紧急第{len(self.called)}次，快走。" if draw.random() < 0.4 else f"script:emergency/e{draw.randrange(5)}"
        )
        zones = draw.choice([(), ("east",), ("west",), ("tower",), ("two",)])
        plays = draw.choice([1, 1, 2, 0])
        airing = station.emergency(what, who="王", reason="洪水", plays=plays, zones=zones)
        up = [output for zone in zones or ("all",) for output in ZONES[zone] if self.village.decks[output].is_up]
        self.called.append((self.village.clock.monotonic(), airing, up))
        if plays == 0 or draw.random() < 0.2:
            self._in(draw.uniform(2, 40), lambda: self._end_emergency(airing))

    def _end_emergency(self, airing):
        if self.village.station is None:
            self._in(5, lambda: self._end_emergency(airing))
        elif any(one.entry.airing == airing for one in self.village.station.calls()):
            self.village.station.stop(airing, who="李")

    def _talk(self):
        seconds = self.random.choice([FORGETS_S, self.random.randrange(5, 40), self.random.randrange(5, 40)])
        self._speak(seconds, self.random.choice([(), ("east",), ("west",), ("tower",), ("two",)]))

    def _talk_into_the_night(self):
        self._speak(FORGETS_S, ())

    def _speak(self, seconds, zones):
        village, says_so = self.village, self.random.random() < 0.8
        broadcast = village.station.speak(who="李", reason="有事", zones=zones)
        called = village.clock.monotonic()
        self.talks.append(Talk(broadcast, len(self.talks), seconds, called=called, says_so=says_so))
        village.talks.append(self.talks[-1])

    def _kill_deck(self):
        draw, village = self.random, self.village
        output = draw.choice(OUTPUTS)
        sounding = [name for name in OUTPUTS if village.decks[name].sounding]
        if sounding and draw.random() < 0.7:
            output = draw.choice(sounding)
        away_s = draw.choice([0, 0, 0, 5, 60, 660])
        village.away_until[output] = village.clock.monotonic() + away_s
        self.decks_killed += village.decks[output].is_up
        village.decks[output].kill()
        self.killed.append((output, village.clock.monotonic()))

    def _kill_station(self):
        if self.village.station.status().writes_waiting:  # what no disk took and memory lost, nobody can know
            self._in(10, lambda: self._do(self._kill_station))
            return
        self.village.breathe(self.random.uniform(0, 0.25))
        self.killed += [(output, self.village.clock.monotonic()) for output in OUTPUTS]
        self.stations_killed.append(self.village.clock.monotonic())
        self.village.kill()
        self._in(self.random.choice([1, 3, 20, 120, 420]), self.village.boot)

    def _stop(self):
        on_air = self.village.station.status().on_air
        if on_air:
            self.village.station.stop(self.random.choice(on_air).entry.airing, who="李")

    def _waiting(self):
        plans = self.village.station.plan(days=1)
        fates = (Fate.PLANNED, Fate.CLAIMED)
        now = self.village.clock.now()
        return [one for plan in plans for one in plan.airings if one.fate in fates and one.starts_at > now][:40]

    def _skip(self):
        waiting = self._waiting()
        if waiting:
            self.village.station.skip(self.random.choice(waiting).id, who="李")

    def _move(self):
        waiting = self._waiting()
        if waiting:
            airing = self.random.choice(waiting)
            to = airing.starts_at + timedelta(seconds=self.random.randrange(-200, 3600))
            self.village.station.move(airing.id, to, who="李")

    def _play(self):
        number = len(self.by_hand)
        self.by_hand.append(None)
        self.by_hand[number] = self.village.station.play(f"script:hand/{number}", who="王")

    def _edit_script(self):
        waiting = [one for one in self._waiting() if one.slot.id.startswith("s")]
        if waiting:
            slot = self.random.choice(waiting).slot.id
            self._write_script(self.village.home.root, f"x/{slot}", f"{slot} 号。改于{self._second:.0f}。")

    def _break_the_file(self):
        root = self.village.home.root
        self._write_schedule(root, ending='[[slot]]\nid = "broken"\nat = "25:10"\n')
        self._in(self.random.uniform(30, 300), lambda: self._write_schedule(root))

    def _new_slot(self):
        second = int(self._second) + self.random.randrange(60, 1800)
        if not LOUD_FROM < second < LOUD_TO:
            return
        self._extra += 1
        slot = f"sx{self._extra}"
        day = f"{self.day:%Y-%m-%d}"
        self._write_script(self.village.home.root, f"x/{slot}", f"{slot} 号。新加的。")
        self.slots[slot] = ((second,), self.random.choice(PLACES), f"from = {day}\nuntil = {day}\n")
        self._write_schedule(self.village.home.root)

    def _take_out_slot(self):
        waiting = [one.slot.id for one in self._waiting() if one.slot.id.startswith("s")]
        if waiting:
            slot = self.random.choice(waiting)
            self.taken_out.add(slot)
            del self.slots[slot]
            self._write_schedule(self.village.home.root)

    def _step_the_clock(self):
        draw, village = self.random, self.village
        if abs((village.clock.now() - village.true_now).total_seconds()) > 1:
            return  # one wrong clock at a time
        second, hour = timedelta(seconds=1), timedelta(hours=1)
        by = draw.choice([20 * second, -20 * second, hour, -hour, -48 * hour, -YEARS_BACK])
        village.set_clock(by)
        self._in(draw.uniform(20, 400), village.correct_the_clock)

    def _fail_the_disk(self):
        self.village.pragmas = self.random.choice([READ_ONLY, FULL])
        self._in(self.random.uniform(20, 600), self._mend_the_disk)

    def _mend_the_disk(self):
        self.village.pragmas = HEALTHY


def _time(second):
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
