"""A script and a day → what would be said, how, and what a person approved of it. Nothing here speaks or decides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from broadcaster.errors import Refused, ScriptUnusable
from broadcaster.library import LARGEST_FILE_BYTES, file_of, script_in
from broadcaster.model.texts import ApprovedReading, Library, Reading, Script, ScriptName
from broadcaster.model.words import NOTHING_TO_SAY, Complaint, Sentence, Severity
from broadcaster.proof.differences import Difference, differences
from broadcaster.proof.sidefile import SUFFIX, as_reading, sounding, text_hash
from broadcaster.render.reading import read_any
from broadcaster.scripts import fill
from broadcaster.station.bulletins import Bulletins

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A script as it lies on the disk, looked at before it goes on the air."""

    script: Script
    content: bytes
    """The very bytes that were read, and that an approval would bind to."""
    reading: Reading | None
    """By today's rules, with its doubts. None: its blanks cannot be filled on that day."""
    why_not: Sentence = NOTHING_TO_SAY
    """Why they cannot."""
    approved: ApprovedReading | None = None
    """The approved reading of exactly this text; None: there is none."""

    @property
    def sha256(self) -> str:
        return content_hash(self.content)

    @property
    def spoken(self) -> Reading | None:
        """What the voice would be given: as approved, otherwise by the rules."""
        if self.reading is None or self.approved is None:
            return self.reading
        return as_reading(self.approved, self.reading.text)

    @property
    def changes(self) -> tuple[Difference, ...]:
        """Where today's rules would depart from what was approved."""
        return () if self.reading is None or self.approved is None else changes(self.approved, self.reading)


def changes(approved: ApprovedReading, reading: Reading) -> tuple[Difference, ...]:
    """Where *reading* departs from what was approved."""
    return differences(approved.spoken, approved.syllables, sounding(reading), reading.syllables)


def proof(folder: Path, name: ScriptName, bulletins: Bulletins, readings: Library, day: date) -> Proof:
    """The script *name* as it is on the disk now. *readings*: where approved ones may be. Raises Refused."""
    script, content = read_script(folder, name)
    try:
        text = fill(script, bulletins.facts(day)).text
    except ScriptUnusable as error:
        return Proof(script=script, content=content, reading=None, why_not=error.sentence)
    return Proof(
        script=script,
        content=content,
        reading=read_any(text, bulletins.lexicon()),
        approved=_approved(readings, name, text),
    )


def read_script(folder: Path, name: ScriptName) -> tuple[Script, bytes]:
    """The script and the bytes of its file. Raises Refused, in words."""
    path = file_of(folder, name)
    if path is None:
        raise Refused(Sentence(f"没有稿件“{name}”。", f"there is no script {name!r}."))
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES)
    except OSError as error:
        raise Refused(
            Sentence(f"读不了“{path.name}”：{error.strerror}。", f"{path.name!r} cannot be read: {error.strerror}.")
        ) from error
    script, wrong = script_in(name, content, file=f"{folder.name}/{name}")
    if script is None:
        raise Refused(wrong[0].what)
    return script, content


def changed_readings(bulletins: Bulletins, day: date) -> Iterator[Complaint]:
    """One complaint for each script whose approved reading is not what today's rules would say."""
    library = bulletins.in_force.library
    with_readings = {one.script for one in library.readings}
    for script in library.scripts:
        if script.name not in with_readings or script.why_not.zh:
            continue
        try:
            text = fill(script, bulletins.facts(day)).text
        except ScriptUnusable:
            continue
        approved = _approved(library, script.name, text)
        if approved is None:
            continue
        found = changes(approved, read_any(text, bulletins.lexicon()))
        if found:
            yield _changed(script.name, approved, found)


def content_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _approved(library: Library, name: ScriptName, text: str) -> ApprovedReading | None:
    wanted = text_hash(text)
    found = [one for one in library.readings if one.script == name and one.text_sha256 == wanted]
    return found[-1] if found else None


def _changed(name: ScriptName, approved: ApprovedReading, found: tuple[Difference, ...]) -> Complaint:
    shown = [one.sentence for one in found[:MOST_SHOWN]]
    more = len(found) - len(shown)
    rest_zh, rest_en = (f"；还有 {more} 处", f"; and {more} more") if more else ("", "")
    return Complaint(
        file=f"scripts/{name}{SUFFIX}",
        path="",
        what=Sentence(
            f"批准的念法和今天的规则不一样，播的是 {approved.who} 批准的。"
            f"{'；'.join(one.zh for one in shown)}{rest_zh}。"
            f"要用今天的：dalaba approve script:{name} --anew",
            f"the approved reading is not what today's rules say; what {approved.who} approved is spoken: "
            f"{'; '.join(one.en for one in shown)}{rest_en}. To take today's: dalaba approve script:{name} --anew",
        ),
        severity=Severity.WARNING,
    )
