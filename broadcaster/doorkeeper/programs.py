"""Other programs: who may come in by the API, with which token, for what, and how often."""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from broadcaster.doorkeeper.confirmations import Confirmations
from broadcaster.doorkeeper.pace import Buckets, Pace
from broadcaster.doorkeeper.passwords import fit_name
from broadcaster.doorkeeper.throttle import Throttle
from broadcaster.errors import NameTaken, Refused, StoreFailed
from broadcaster.model.people import Program, ProgramId, Scope
from broadcaster.model.words import Sentence
from broadcaster.ports import Clock, Programs

log = logging.getLogger(__name__)

PREFIX = "dalaba_"
"""Tells a person, and a scanner of published files, what a string is that lies about."""
SEEN_EVERY = timedelta(minutes=10)
READING = Pace(a_minute=120, at_once=60)
ACTING = Pace(a_minute=20, at_once=10)
STOPPING = Pace(a_minute=120, at_once=60)
"""Of its own: a program that has talked too much must still be able to stop."""
NO_SCOPE = Sentence("请至少选一件它可以做的事。", "choose at least one thing that it may do.")
NO_SUCH_PROGRAM = Sentence("没有这个程序。请回到名单里再选。", "there is no such program. Choose from the list.")


class Noting(Protocol):
    def __call__(self, who: str, what: str, subject: str, before: str = "", after: str = "") -> None: ...


class ProgramDesk:
    """Every method may be called from any thread."""

    def __init__(self, programs: Programs, clock: Clock, throttle: Throttle, note: Noting) -> None:
        self._programs = programs
        self._clock = clock
        self._throttle = throttle
        self._note = note
        self._one_at_a_time = threading.Lock()
        self._buckets = Buckets()
        self._seen: dict[str, Program] = {}
        self.confirmations = Confirmations(clock)

    def admit(self, name: str, scopes: Iterable[Scope], *, who: str) -> tuple[Program, str]:
        """A new program and its token, which nobody can read again. Raises Refused, NameTaken or StoreFailed."""
        name, wanted = fit_name(name), frozenset(scopes)
        if not wanted:
            raise Refused(NO_SCOPE)
        if any(one.name.casefold() == name.casefold() and one.is_active for one in self._programs.programs()):
            raise NameTaken(
                Sentence(
                    f"已经有程序叫“{name}”了。请换一个名字，或者先停用它。",
                    f"a program is called {name!r} already. Choose another name, or revoke that one first.",
                )
            )
        token = PREFIX + secrets.token_urlsafe(32)
        program = Program(
            id=ProgramId(secrets.token_hex(8)),
            name=name,
            token=hashed(token),
            scopes=wanted,
            made_by=who,
            made_at=self._clock.now(),
        )
        self._programs.save_program(program)
        self._note(who, "program.admit", name, after=" ".join(sorted(wanted)))
        return program, token

    def revoke(self, id_: ProgramId, *, who: str) -> Program:
        """Its token is dead from now on, for good. Raises Refused or StoreFailed."""
        with self._one_at_a_time:
            before = next((one for one in self._programs.programs() if one.id == id_), None)
            if before is None:
                raise Refused(NO_SUCH_PROGRAM)
            self._seen.pop(before.token, None)
            if not before.is_active:
                return before
            after = replace(before, is_active=False)
            self._programs.save_program(after)
        self._note(who, "program.revoke", before.name, " ".join(sorted(before.scopes)))
        return after

    def all(self) -> list[Program]:
        """All that ever were, the newest first. Raises StoreFailed."""
        return self._programs.programs()

    def recognise(self, token: str, *, address: str) -> Program | None:
        """Whose token this is; None: nobody's. Never raises for a broken store.

        Raises Refused when *address* has guessed too often. A right token comes in all the same: a program must not
        be locked out by its neighbours.
        """
        hidden = hashed(token)
        try:
            found = self._programs.program(hidden)
        except StoreFailed as error:
            log.warning("programs are known from memory only: %s", error)
            return self._seen.get(hidden)
        if found is not None and found.is_active:
            found = self._touched(found, self._clock.now())
            self._seen[hidden] = found
            return found
        self._seen.pop(hidden, None)
        keys = (f"token:{address}",)
        try:
            self._throttle.check(keys)
            self._throttle.failed(keys)
        except StoreFailed as error:
            log.warning("wrong tokens are not counted: %s", error)
        return None

    def must_wait(self, program: Program, pace: Pace) -> int:
        """0: it may; else how many seconds the program has to wait."""
        kind = {READING: "read", ACTING: "act", STOPPING: "stop"}[pace]
        return self._buckets.take(f"{program.id} {kind}", pace, self._clock.monotonic())

    def _touched(self, program: Program, now: datetime) -> Program:
        if program.seen_at is not None and timedelta() <= now - program.seen_at < SEEN_EVERY:
            return program
        seen = replace(program, seen_at=now)
        try:
            with self._one_at_a_time:
                there = self._programs.program(program.token)
                if there is not None and there.is_active:  # else it was revoked in this moment
                    self._programs.save_program(seen)
        except StoreFailed as error:
            log.warning("when a program was seen is not on record: %s", error)
        return seen


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
