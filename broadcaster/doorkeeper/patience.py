"""How long somebody who got it wrong has to wait. Pure: failures and the time come in, a wait goes out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from broadcaster.model.people import Failures

FORGOTTEN_AFTER = timedelta(hours=1)
LONGEST_WAIT = timedelta(minutes=15)
FREE = {"pair": 5, "code": 5, "addr": 20, "token": 20, "name": 40}
"""Failures without a wait. A name by itself has the most, so that nobody can lock a cadre out by guessing."""
LONGEST_FOR_A_NAME = timedelta(minutes=1)


def must_wait(failures: Iterable[Failures], now: datetime) -> timedelta:
    """The longest wait that is left of any; nothing when the clock was set back before the failure."""
    waits = [one.last_at + _wait(one) - now for one in failures if one.last_at <= now]
    return max((wait for wait in waits if wait > timedelta()), default=timedelta())


def after_a_failure(key: str, before: Failures | None, now: datetime) -> Failures:
    """One more; a long quiet time begins anew."""
    is_fresh = before is not None and timedelta() <= now - before.last_at < FORGOTTEN_AFTER
    return Failures(key=key, count=before.count + 1 if before is not None and is_fresh else 1, last_at=now)


def _wait(one: Failures) -> timedelta:
    kind = one.key.partition(":")[0]
    beyond = one.count - FREE[kind]
    if beyond < 0:
        return timedelta()
    longest = LONGEST_FOR_A_NAME if kind == "name" else LONGEST_WAIT
    return min(timedelta(seconds=15 * 2 ** min(beyond, 10)), longest)
