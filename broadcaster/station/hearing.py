"""What microphones and dead air say of airings → the as-run log, and faults that a person should look after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from broadcaster.model.airing import AiringId, LogEntry
from broadcaster.model.words import Heard, Sentence
from broadcaster.playout.cue import DeadAir, Deaf, Listened, Lost, Report
from broadcaster.station.decks import TAKEN_OUT
from broadcaster.station.faults import Faults
from broadcaster.station.ledger import Ledger
from broadcaster.station.underway import base

IN_A_ROW = 3
"""One airing may be drowned by thunder; three are a horn that is gone."""
REMEMBERED = 200


class Hearing:
    """Owned by the planner; not for two threads at once."""

    def __init__(self, ledger: Ledger, faults: Faults) -> None:
        self._ledger = ledger
        self._faults = faults
        self._heard: dict[AiringId, dict[str, Listened]] = {}
        self._unheard: dict[str, int] = {}

    def report(self, output: str, report: Report, now: datetime) -> None:
        """Take in what the deck of *output* says of it."""
        match report:
            case Listened(heard=Heard.YES | Heard.NO):
                self._listened(output, report, now)
            case Deaf(reason=reason):
                self._tell_or_mend(
                    f"listen.{output}",
                    reason,
                    lambda why: Sentence(
                        f"听不了输出 {output} 的喇叭：{why.zh}", f"nobody listens to output {output}: {why.en}"
                    ),
                    now,
                )
            case Lost(reason=reason) if reason == TAKEN_OUT:
                self.forget(output)
            case Lost():
                self._faults.mend(f"deadair.{output}")  # nothing is sent at all now, and that is told
            case DeadAir(airing=None):
                self._faults.mend(f"deadair.{output}")
            case DeadAir():
                self._faults.tell(f"deadair.{output}", dead_air(output), now)

    def forget(self, output: str) -> None:
        """The timetable has this output no more, or not as it was."""
        self._unheard.pop(output, None)
        for name in ("unheard", "listen", "deadair"):
            self._faults.mend(f"{name}.{output}")

    def with_proof(self, entry: LogEntry) -> LogEntry:
        """*entry* with what was heard of it so far: no wherever one of its horns was not heard."""
        told = list(self._heard.get(entry.airing, {}).values())
        if not told:
            return entry
        if any(one.heard is Heard.NO for one in told):
            return replace(entry, heard=Heard.NO, delay_ms=None, level_db=None)
        latest = max(told, key=lambda one: one.delay_ms or 0)
        return replace(entry, heard=Heard.YES, delay_ms=latest.delay_ms, level_db=latest.level_db)

    def _listened(self, output: str, report: Listened, now: datetime) -> None:
        airing = base(report.airing)
        self._heard.setdefault(airing, {})[output] = report
        if len(self._heard) > REMEMBERED:
            self._heard.pop(next(iter(self._heard)))
        entry = self._ledger.entries.get(airing)
        if entry is not None and entry.fate.is_final:
            self._ledger.write(self.with_proof(entry))
        if report.heard is Heard.YES:
            self._unheard.pop(output, None)
            self._faults.mend(f"unheard.{output}")
            return
        self._unheard[output] = self._unheard.get(output, 0) + 1
        if self._unheard[output] >= IN_A_ROW:
            self._faults.tell(f"unheard.{output}", unheard(output, self._unheard[output]), now)

    def _tell_or_mend(self, name: str, why: Sentence, words: Callable[[Sentence], Sentence], now: datetime) -> None:
        if why.zh:
            self._faults.tell(name, words(why), now)
        else:
            self._faults.mend(name)


def unheard(output: str, times: int) -> Sentence:
    return Sentence(
        f"输出 {output} 连续 {times} 次没有听到声音。请看功放、喇叭线和麦克风。",
        f"output {output} was not heard {times} times in a row. "
        "Look after its amplifier, its wires and the microphone.",
    )


def dead_air(output: str) -> Sentence:
    return Sentence(
        f"输出 {output} 该响的时候没有声音送出去。请看 mute 和 level_db，再听一听这次播的文件。",
        f"output {output} sent silence where sound was planned. Look at mute and level_db, "
        "and listen to what was played.",
    )
