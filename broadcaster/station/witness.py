"""Why something was not heard: the spans of time in which the station was off, held, frozen or set to another hour."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadcaster.model.airing import Airing
from broadcaster.model.words import Sentence

NAP = timedelta(seconds=40)
"""A planner that was not awake for longer was frozen or starved."""
MOST_SPANS = 100

TOO_LATE = Sentence("错过了时限", "was too late to start")


@dataclass(frozen=True, slots=True)
class Span:
    start: datetime
    end: datetime
    why: Sentence


class Witness:
    """Remembers what kept the station from its work."""

    def __init__(self, said: Callable[[datetime], str]) -> None:
        self._said = said
        self._spans: deque[Span] = deque(maxlen=MOST_SPANS)

    def was_off(self, start: datetime, end: datetime) -> None:
        self._note(
            start,
            end,
            f"因为停电或者站没有运行（{self._said(start)} 最后一次记录，{self._said(end)} 恢复）",
            f"because of a power cut or a stopped station (last seen {self._said(start)}, back {self._said(end)})",
        )

    def was_set(self, before: datetime, after: datetime) -> None:
        """Somebody, or a time source, set the clock ahead over these hours."""
        if after > before:
            self._note(
                before,
                after,
                f"因为时钟从 {self._said(before)} 拨到了 {self._said(after)}",
                f"because the clock was set from {self._said(before)} to {self._said(after)}",
            )

    def was_frozen(self, start: datetime, end: datetime) -> None:
        seconds = round((end - start).total_seconds())
        self._note(start, end, f"因为电脑停顿了 {seconds} 秒", f"because the machine stood still for {seconds} s")

    def was_held(self, start: datetime, end: datetime) -> None:
        self._note(
            start,
            end,
            f"因为时钟不可信，节目暂停（{self._said(start)} 到 {self._said(end)}）",
            f"because the clock was not trusted and scheduled sound held ({self._said(start)} to {self._said(end)})",
        )

    def why_missed(self, airing: Airing) -> Sentence:
        """The span that took most of the time in which the airing could have started."""
        best, longest = TOO_LATE, timedelta()
        for span in self._spans:
            shared = min(span.end, airing.must_start_by) - max(span.start, airing.starts_at)
            covers_an_instant = span.start <= airing.must_start_by and airing.starts_at <= span.end
            if covers_an_instant and shared >= longest:
                best, longest = span.why, shared
        return best

    def _note(self, start: datetime, end: datetime, zh: str, en: str) -> None:
        self._spans.append(Span(start, end, Sentence(zh, en)))
