"""What a syllable of numbered pinyin looks like, in a lexicon, in an approved reading and on the way to a voice."""

from __future__ import annotations

import re

_SYLLABLE = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|vn|a|e|i|o|u|v)"
    r"|r|m|n|ng|hm|hng)[1-5]"
)


def is_syllable(text: str) -> bool:
    """Whether *text* is one syllable as this program writes it: lower case, ``v`` for ü, a tone from 1 to 5."""
    return _SYLLABLE.fullmatch(text) is not None


def as_typed(text: str) -> str:
    """What a person typed, in the spelling of this program: ``LÜ4``, ``lu:4`` and ``lv4`` are one."""
    return text.lower().replace("u:", "v").replace("ü", "v")
