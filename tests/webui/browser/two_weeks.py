"""Two weeks of a village, as its log has them: three airings a day, two of them missed in a power cut."""

from datetime import timedelta

from broadcaster.model.airing import LogEntry, airing_id
from broadcaster.model.words import Fate, Sentence
from tests.station.conftest import at

WHY = Sentence("因为停电，已错过时限", "there was no power")
DAY = (7, "morning", "积分怎么算"), (12, "noon", "秋冬防火，别在山上抽烟"), (18, "evening", "少吃盐")
MISSED = {(3, 12), (9, 18)}


def live_two_weeks(log):
    """From 10 to 23 November 2026."""
    for number in range(14):
        for hour, slot, title in DAY:
            planned = at(f"2026-11-{10 + number} {hour:02}:30")
            is_missed = (number, hour) in MISSED
            began = None if is_missed else planned + timedelta(milliseconds=3)
            log.write(
                LogEntry(
                    airing=airing_id(slot, planned),
                    slot=slot,
                    title=title,
                    planned_at=planned,
                    zones=("east",) if number % 4 == 0 else ("all",),
                    scripts=("policy/fire",),
                    fate=Fate.MISSED if is_missed else Fate.AIRED,
                    reason=WHY if is_missed else Sentence("", ""),
                    started_at=began,
                    finished_at=began and began + timedelta(seconds=70 + 17 * number),
                )
            )
