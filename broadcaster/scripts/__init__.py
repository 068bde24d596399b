"""Text of a script ⇄ Script, and Script + facts of the day → Announcement.

Which scripts are said, and when, is left to the plan; reading them from the disk to ``broadcaster.library``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from broadcaster.errors import ScriptUnusable
from broadcaster.model.texts import MAX_TEXT_CHARACTERS, Announcement, Script, ScriptName
from broadcaster.model.words import Complaint, Sentence, Severity
from broadcaster.scripts.blanks import needed_names
from broadcaster.scripts.facts import complaints_of_unknown, reason_for_missing
from broadcaster.scripts.grammar import parse_body
from broadcaster.scripts.header import Complain, Header, read_header, split_header
from broadcaster.scripts.template import render
from broadcaster.written import read_written

NOT_A_TEXT = Sentence(
    "这不是文本文件，或者编码认不出来。请在记事本里另存为 UTF-8 编码的 .txt 文件。",
    "this is no text file, or its encoding is unknown. Save it as a .txt file in UTF-8.",
)
HEADER_NOT_CLOSED = Sentence(
    "开头的说明没有结束：少了第二行 +++。",
    "the header never ends: the second line of +++ is missing.",
)
EMPTY = Sentence("文件里没有字。", "there is no text in it.")
NOTHING_BUT_HEADER = Sentence(
    "只有开头的说明，没有要念的话。请写在第二行 +++ 的下面。",
    "it has a header but nothing to say. Write the words below the second line of +++.",
)


def parse_script(name: ScriptName, data: bytes, *, file: str) -> tuple[Script | None, tuple[Complaint, ...]]:
    """The script in *data*, and what is wrong with it. None when a complaint is an error; never raises."""
    complaints: list[Complaint] = []
    script = _parse(name, data, file, complaints)
    usable = all(complaint.severity is not Severity.ERROR for complaint in complaints)
    return (script if usable else None), tuple(complaints)


def fill(script: Script, facts: Mapping[str, object]) -> Announcement:
    """The script with its blanks filled, ready to speak.

    Facts are text, numbers, dates, and lists, mappings or dataclasses of them; one that is None or empty text is
    not there. Raises ScriptUnusable, in words, when a fact is missing, the text asks for something that templates
    may not do, or nothing is left to say.
    """
    given = {name: value for name, value in facts.items() if value is not None and value != ""}
    missing = script.blanks - given.keys()
    if missing:
        raise ScriptUnusable(reason_for_missing(script.name, missing, given.keys()))
    try:
        text = render(script.body, given)
    except ScriptUnusable as error:
        why = error.sentence
        raise ScriptUnusable(
            Sentence(f"稿件 '{script.name}' 填不出来：{why.zh}", f"script '{script.name}' cannot be filled: {why.en}")
        ) from error
    return Announcement(
        script=script.name, title=script.title, text=text, voice=script.voice, recording=script.recording
    )


def blanks_of(body: str) -> frozenset[str]:
    """The facts that must be there before *body* can be filled.

    A name is optional, and not among them, when every use of it is guarded: it is the question of an ``{% if %}``
    itself, or stands where such an ``{% if %}`` has made sure of it. Raises ScriptUnusable when the body is no
    template of ours.
    """
    return needed_names(parse_body(body))


def expired(script: Script, day: date) -> bool:
    """Whether *day* is past the last day on which the script may be said."""
    return script.expires is not None and day > script.expires


def _parse(name: ScriptName, data: bytes, file: str, complaints: list[Complaint]) -> Script | None:
    def complain(what: Sentence, severity: Severity = Severity.ERROR, path: str = "") -> None:
        complaints.append(Complaint(file=file, path=path, what=what, severity=severity))

    written = read_written(data)
    if written is None:
        complain(NOT_A_TEXT)
        return None
    if written.removed:
        complain(_removed(written.removed), Severity.WARNING)
    parts = split_header(written.text)
    if parts is None:
        complain(HEADER_NOT_CLOSED)
        return None
    header_text, body = parts
    if len(body) > MAX_TEXT_CHARACTERS:
        complain(_too_long(len(body)))
        return None
    if not body.strip():
        complain(NOTHING_BUT_HEADER if header_text else EMPTY)
    header = read_header(header_text, name, complain)
    return _script(name, header, body.strip(), complain) if body.strip() else None


def _script(name: ScriptName, header: Header, body: str, complain: Complain) -> Script | None:
    try:
        parsed = parse_body(body)
    except ScriptUnusable as error:
        complain(error.sentence)
        return None
    for what in complaints_of_unknown(parsed.names):
        complain(what, Severity.WARNING)
    return Script(
        name=name,
        title=header.title,
        body=body,
        voice=header.voice,
        recording=header.recording,
        author=header.author,
        expires=header.expires,
        blanks=needed_names(parsed),
    )


def _removed(count: int) -> Sentence:
    return Sentence(
        f"里面有 {count} 个看不见的控制字符，已经去掉。",
        f"it held {count} invisible control character(s), which were left out.",
    )


def _too_long(length: int) -> Sentence:
    return Sentence(
        f"正文有 {length} 个字，最多 {MAX_TEXT_CHARACTERS} 个。请分成几篇。",
        f"the body has {length} characters, at most {MAX_TEXT_CHARACTERS} are allowed. Split it into several scripts.",
    )
