"""The child process that owns one output: ``python -m broadcaster.playout.deck``.

It is told its duty, then commands, as lines; reports go out.

When the station dies its end of the pipe closes: an airing fades out, how far it had come is written down, and the
process ends. An emergency goes on to the end of its plays, for at most ten minutes: silence there would be failure.
Where an amplifier drives its horns, it waits for the next station, and puts that off when none comes.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from types import FrameType
from zoneinfo import ZoneInfo

import numpy as np

from broadcaster.amplifier.leftover import put_off
from broadcaster.errors import ClipDamaged, OutputLost
from broadcaster.model.airing import AiringId
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.outputs import OutputKind
from broadcaster.model.timetable import StationSettings
from broadcaster.model.words import Fate, Priority, Sentence
from broadcaster.outputs.network import NOT_YET, NetworkOutput
from broadcaster.outputs.open import is_there, open_output
from broadcaster.outputs.snapcontrol import Present, SnapcastPlayers
from broadcaster.outputs.soundcard import warm_up
from broadcaster.playout.cue import (
    Arm,
    Armed,
    Command,
    Duty,
    EndLive,
    Finished,
    GateRules,
    KeepReady,
    LastWords,
    Lost,
    NotAired,
    Players,
    PutOff,
    Ready,
    Report,
    Stop,
)
from broadcaster.playout.deadair import DeadAirWatch
from broadcaster.playout.decide import Waiting
from broadcaster.playout.held import HeldClips, read_clip
from broadcaster.playout.hush import hush_drivers
from broadcaster.playout.lastwords import write_last_words
from broadcaster.playout.layer import Samples, Stored
from broadcaster.playout.level import gains_of
from broadcaster.playout.listener import Listener
from broadcaster.playout.liveblocks import read_blocks
from broadcaster.playout.mixer import Intro, Load, Mixer
from broadcaster.playout.precedence import be_brief, go_first, let_others_go_first
from broadcaster.playout.unsent import Unsents
from broadcaster.playout.wire import LineUnusable, decode_command, decode_duty, encode
from broadcaster.ports import HastyOutput

log = logging.getLogger("deck")

BEAT_S = 0.25
STALLED_S = 1.5
"""A device that asks for no block for so long is gone."""
WAKING_S = 2.0
"""A sound server that was idle may play out two seconds of silence before it asks for the first block."""
FADED_S = 0.1
EMERGENCY_GOES_ON_S = 600.0
LOST_CODE = 3
HEARD_LATELY = 8
"""So many airings that were played to their end are in the last words."""
LOOKS_AGAIN_S = 5.0
"""So often a tape that stands in for a sound card looks whether the card is there by now."""
STOPPED = Sentence("开播前停止", "stopped before it began")
NO_HORN = Sentence("试听不能上喇叭", "a trial never goes to a horn")
FOR_TRYING = Sentence("这个输出只用来试听", "this output is for trying only")
NO_SAMPLES: Stored = np.zeros(0, dtype=np.int16)
DEFAULT_ZONE = StationSettings().timezone


class Deck:
    """One output, its mixer, and the pipes to the station."""

    def __init__(self, duty: Duty, var: Path, sound_fd: int | None = None) -> None:
        """*sound_fd*: where live sound comes from; None: nowhere."""
        self._sound_fd = sound_fd
        self._duty, self._settings, self._var = duty, duty.output, var
        self._mixer = Mixer(wall_offset, self._report)
        self._hasty: HastyOutput | None = None
        self._ahead = 0
        """Samples that lie in the device before they are heard."""
        self._left_at: tuple[AiringId, int] | None = None
        """The airing that was ended last, and where."""
        self._network: NetworkOutput | None = None
        self._players: SnapcastPlayers | None = None
        self._present = Present()
        self._unsents = Unsents()
        self._pulled = 0
        self._saying: SimpleQueue[str | None] = SimpleQueue()
        self._dead_air = DeadAirWatch()
        listen = duty.output.listen
        self._listener = Listener(listen, self._say) if listen else None
        self._zone = ZoneInfo(DEFAULT_ZONE)
        self._loading: SimpleQueue[Waiting | KeepReady | None] = SimpleQueue()
        self._held = HeldClips()
        self._order = 0
        self._taking = threading.Lock()
        self._stopped: dict[AiringId | None, int] = {}
        """For each stop, how many cues had come before it: those that are still being loaded are not to sound."""
        self._last_block = time.monotonic()
        self._heard: dict[AiringId, datetime] = {}
        self._put_off: PutOff | None = None
        self._is_orphan = False
        self._must_end = False
        self._is_called = threading.Event()
        """One of the two has become true."""

    def run(self) -> int:
        """Until the station is gone, the output is lost, or SIGTERM. The exit code."""
        signal.signal(signal.SIGTERM, self._terminate)
        for work in (self._write_reports, self._load_clips):
            threading.Thread(target=work, daemon=True).start()
        try:
            self._open()
        except OutputLost as error:
            return self._lose(error.sentence)
        threading.Thread(target=self._read_commands, daemon=True).start()
        if self._sound_fd is not None:
            threading.Thread(target=self._read_live_sound, args=(self._sound_fd,), daemon=True).start()
        try:
            code = self._watch()
        finally:
            self._output.close()
            if self._players is not None:
                self._players.close()
            if self._listener is not None:
                self._listener.close()
            self._finish_reports()
        if self._is_orphan and self._put_off is not None and self._put_off.amplifiers:
            self._wait_for_the_next_station(self._put_off)
        return code

    def _open(self) -> None:
        """Raises OutputLost."""
        opened = open_output(
            settings=self._settings,
            var=self._var,
            tape_instead=self._duty.may_be_tape,
            fill=self._fill,
            airing=self._airing,
            before_sound=go_first,
        )
        self._output, self._network, self._players = opened.output, opened.network, opened.players
        self._hasty = opened.hasty
        self._ahead = round(opened.latency_ms * CLIP_RATE_HZ / 1000) if opened.hasty is not None else 0
        self._stands_in = opened.is_tape and self._settings.kind is OutputKind.SOUNDCARD
        self._last_block = max(self._last_block, time.monotonic() + WAKING_S)
        self._looked_at = time.monotonic()
        self._say(
            Ready(
                output=self._settings.name,
                device=opened.device,
                is_tape=opened.is_tape,
                latency_ms=opened.latency_ms,
            )
        )

    def _look_for_the_card(self) -> None:
        """After a power cut the sound server may come later than we do; only while nothing sounds."""
        is_time = time.monotonic() - self._looked_at > LOOKS_AGAIN_S
        if not self._stands_in or not is_time or self._mixer.sounding is not None:
            return
        self._looked_at = time.monotonic()
        let_others_go_first()
        if is_there(self._settings):
            self._output.close()
            self._open()
        go_first()

    def _airing(self) -> AiringId | None:
        sounding = self._mixer.sounding
        return None if sounding is None else sounding[0]

    def _fill(self, frames: int, heard_at: float) -> Samples:
        self._last_block = max(self._last_block, time.monotonic())
        self._pulled += frames
        before = self._airing()
        block = self._mixer.fill(frames, heard_at, *self._gains(heard_at))
        self._note_sent(self._airing() or before, heard_at, block)
        return block

    def _gains(self, heard_at: float) -> tuple[float, float]:
        local = datetime.fromtimestamp(heard_at + wall_offset(), self._zone).time()
        return gains_of(self._settings, local)

    def _hasten(self, command: Load | Stop) -> None:
        """Give *command* to the mixer; where it ends or begins something now, what was sent ahead is taken back."""

        def refill(lying: Samples, heard_at: float) -> Samples | None:
            before = self._airing()
            block = self._mixer.refill(command, lying, heard_at, *self._gains(heard_at))
            if block is not None:
                self._note_sent(self._airing() or before, heard_at, block)
            return block

        if self._hasty is None or not self._hasty.hasten(refill):
            self._mixer.put(command)

    def _note_sent(self, airing: AiringId | None, heard_at: float, block: Samples) -> None:
        dead = self._dead_air.sent(airing, block)
        if dead is not None:
            self._say(dead)
        if self._listener is not None:
            self._listener.sent(airing, heard_at, block)

    def _watch(self) -> int:
        orphan_since: float | None = None
        while True:
            self._is_called.wait(BEAT_S)
            self._is_called.clear()
            if self._must_end:
                break
            self._look_for_the_card()
            self._say(self._mixer.level(self._output.underruns, self._ahead))
            buffered = self._mixer.buffered()
            if buffered is not None:
                self._say(buffered)
            self._tell_of_the_network()
            if not self._output.is_alive() or time.monotonic() - self._last_block > STALLED_S:
                return self._lose(Sentence("声卡没有了，或者不再收声音", "the sound card is gone or takes no sound"))
            if self._is_orphan:
                orphan_since = orphan_since or time.monotonic()
                if not self._sounds_an_emergency() or time.monotonic() - orphan_since > EMERGENCY_GOES_ON_S:
                    break
        self._close_the_air()
        return 0

    def _sounds_an_emergency(self) -> bool:
        sounding = self._mixer.sounding
        return sounding is not None and sounding[2] is Priority.EMERGENCY

    def _tell_of_the_network(self) -> None:
        """Whether the line is well, and who listens at its other end; an emergency opens those up."""
        if self._network is not None:
            trouble = self._network.trouble
            told = self._unsents.pulse(None if trouble is NOT_YET else trouble)
            if told is not None:
                self._say(told)
        if self._players is None:
            return
        self._players.emergency(self._sounds_an_emergency())
        if self._present != (present := self._players.present):
            self._present = present
            self._say(Players(online=present.online, offline=present.offline))

    def _close_the_air(self) -> None:
        sounding = self._mixer.sounding
        self._hasten(Stop(airing=None, who=""))
        if sounding is not None:
            time.sleep(FADED_S)
        airing, position = sounding[:2] if sounding is not None else (None, 0)
        if self._left_at is not None and self._left_at[0] == airing:
            position = self._left_at[1]
        if airing is not None or self._heard:
            words = LastWords(airing=airing, position=position, heard=dict(self._heard))
            write_last_words(self._var, self._settings.name, words)

    def _lose(self, reason: Sentence) -> int:
        self._say(Lost(reason=reason))
        self._finish_reports()
        return LOST_CODE

    def _wait_for_the_next_station(self, command: PutOff) -> None:
        until = time.monotonic() + command.after_s
        while not self._must_end and (wait := until - time.monotonic()) > 0:
            self._is_called.wait(wait)
            self._is_called.clear()
        if not self._must_end:
            put_off(command.amplifiers, self._var)

    def _terminate(self, _signal: int, _frame: FrameType | None) -> None:
        self._must_end = True
        self._is_called.set()

    # --- pipes ----------------------------------------------------------------------------------------------

    def _report(self, report: Report) -> None:
        """What the mixer says, and before it what was not sent of it, or only as silence."""
        dead = self._dead_air.before(report)
        if dead is not None:
            self._say(dead)
        if self._listener is not None and isinstance(report, Finished):
            self._listener.over(report.airing)
        if self._network is not None:
            unsent = self._unsents.before(report, self._pulled, self._network.unsent_samples)
            if unsent is not None:
                self._say(unsent)
        match report:
            case Finished(airing=airing, at=at, is_whole=True):
                self._heard[airing] = at
                if len(self._heard) > HEARD_LATELY:
                    del self._heard[next(iter(self._heard))]
            case Finished(airing=airing, position=position):
                self._left_at = airing, position
        self._say(report)

    def _say(self, report: Report) -> None:
        self._saying.put(encode(report))

    def _write_reports(self) -> None:
        go_first()
        while (line := self._saying.get()) is not None:
            try:
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
            except (BrokenPipeError, ValueError):
                continue  # the station is gone; what is left to do does not need it

    def _finish_reports(self) -> None:
        self._saying.put(None)
        time.sleep(0.02)

    def _read_commands(self) -> None:
        for line in sys.stdin.buffer:
            try:
                self._take(decode_command(line.decode("utf-8", errors="replace")))
            except LineUnusable as error:
                log.error("a line from the station is left out: %s", error)
        self._is_orphan = True
        self._is_called.set()

    def _read_live_sound(self, fd: int) -> None:
        with os.fdopen(fd, "rb") as pipe:
            for block in read_blocks(pipe):
                self._mixer.put(block)

    def _take(self, command: Command) -> None:
        match command:
            case Arm(cue=cue) if cue.is_trial != self._settings.is_monitor:
                reason = NO_HORN if cue.is_trial else FOR_TRYING
                self._say(NotAired(airing=cue.airing, fate=Fate.REFUSED.value, reason=reason))
            case Arm(cue=cue):
                self._order += 1
                waiting = Waiting(cue=cue, order=self._order, offset=cue.offset)
                if cue.priority is Priority.EMERGENCY or cue.live is not None:
                    self._load(waiting)  # at once, not behind a long clip
                else:
                    self._loading.put(waiting)
            case Stop(airing=airing):
                with self._taking:
                    self._stopped[airing] = self._order
                    self._hasten(command)
            case EndLive():
                self._mixer.put(command)
            case GateRules(timezone=timezone):
                self._zone = ZoneInfo(timezone)
                self._mixer.put(replace(command, is_monitor=self._settings.is_monitor))
            case KeepReady():
                self._loading.put(command)
            case PutOff():
                self._put_off = command

    def _load_clips(self) -> None:
        let_others_go_first()
        while (job := self._loading.get()) is not None:
            if isinstance(job, KeepReady):
                self._held.keep(job.clips)
                self._mixer.put(Intro(self._held.read(job.intro) if job.intro is not None else None))
            else:
                self._load(job)

    def _load(self, waiting: Waiting) -> None:
        cue = waiting.cue
        try:
            samples = NO_SAMPLES if cue.live is not None else self._held.samples(cue.sha256)
            if samples is None:
                samples = read_clip(cue.clip, cue.sha256)
        except ClipDamaged as error:
            self._say(NotAired(airing=cue.airing, fate=Fate.FAILED.value, reason=error.sentence))
            return
        with self._taking:
            if waiting.order <= max(self._stopped.get(cue.airing, 0), self._stopped.get(None, 0)):
                self._say(NotAired(airing=cue.airing, fate=Fate.SKIPPED.value, reason=STOPPED))
                return
            if cue.priority is Priority.EMERGENCY:
                self._hasten(Load(waiting, samples))
            else:
                self._mixer.put(Load(waiting, samples))
        self._say(Armed(airing=cue.airing))


def wall_offset() -> float:
    """Seconds that the wall clock is ahead of the monotonic one."""
    return time.time() - time.monotonic()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--var", type=Path, required=True)
    parser.add_argument("--sound", type=int, help="the descriptor of the pipe for live sound")
    args = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the station, which ends us in order
    hush_drivers()
    logging.basicConfig(level=logging.WARNING, format="deck %(levelname)s: %(message)s")
    warm_up()
    be_brief()
    line = sys.stdin.buffer.readline()
    if not line:
        return 0  # the station ended before it needed us
    duty = decode_duty(line.decode("utf-8", errors="replace"))
    (args.var / "decks").mkdir(parents=True, exist_ok=True)
    (args.var / "decks" / f"{duty.output.name}.pid").write_text(str(os.getpid()), encoding="ascii")
    return Deck(duty, args.var, args.sound).run()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # a sound driver that hangs at its end must not keep us
