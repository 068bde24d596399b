"""What a person typed into the fields of the page ⇄ the text of a script's file."""

from __future__ import annotations

import json
from dataclasses import replace

from broadcaster.model.texts import Script, Wording
from broadcaster.scripts.header import FENCE, LONGEST_VALUE, split_header
from broadcaster.written import read_written


def write_script(wording: Wording) -> str:
    """The text of the file. ``parse_script`` reads the same out of it, when there is something to say in it."""
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in (
            ("title", _one_line(wording.title)),
            ("author", _one_line(wording.author)),
            ("voice", _one_line(wording.voice)),
            ("recording", _one_line(wording.recording)),
        )
        if value
    ]
    if wording.expires is not None:
        lines.append(f"expires = {wording.expires.isoformat()}")
    return "\n".join((FENCE, *lines, FENCE, wording.body.strip(), ""))


def wording_of(script: Script) -> Wording:
    """The fields of a script that can be read."""
    return Wording(
        title=script.title,
        body=script.body,
        author=script.author,
        expires=script.expires,
        voice=script.voice,
        recording=script.recording,
    )


def as_far_as_readable(content: bytes, title: str) -> Wording:
    """The fields of a file that is no script as it is: its text, so that a person can put it right."""
    written = read_written(content)
    if written is None:
        return Wording(title=title)
    parts = split_header(written.text)
    return Wording(title=title, body=(parts[1] if parts else written.text).strip())


def signed(wording: Wording, who: str) -> Wording:
    """With an author, when nobody is named."""
    return wording if wording.author.strip() else replace(wording, author=who)


def _one_line(text: str) -> str:
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())[:LONGEST_VALUE]
