"""What espeak-ng makes of our pinyin, parsed back to syllables, in every version that can be found here."""

import importlib.util
import re
import subprocess
import sys
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path

from broadcaster.library import read_library
from broadcaster.model.pinyin import SYLLABLES
from broadcaster.model.texts import Syllable
from broadcaster.render.phrases import phrases
from broadcaster.render.reading import read_any
from broadcaster.voices.pinyin_text import LETTERS, espeak_text
from tests.measure.speech import Miss, Score

SCRIPTS = Path(__file__).parents[2] / "scripts"
_TONES = {"55": "1", "35": "2", "214": "3", "21": "3", "51": "4", "11": "5", "22": "5", "33": "5", "44": "5"}
_PHONEME = re.compile(r"([^\d]*?)(\d+)([^\d]*)")
_INITIALS = {
    "tS;h": "q", "tS;": "j", "S;": "x", "ts.h": "ch", "ts.": "zh", "s.": "sh", "z.": "r", "tsh": "c",
    "ts": "z", "s": "s",
    "ph": "p", "p": "b", "m": "m", "f": "f", "th": "t", "t": "d", "n": "n", "l": "l", "kh": "k", "k": "g",
    "X": "h",
}  # fmt: skip
_FINALS = {
    "A": "a", "ai": "ai", "an": "an", "aN": "ang", "AN": "ang", "Au": "ao", "ei": "ei", "@n": "en",
    "@N": "eng", "@r": "er",
    "o": "o", "o-": "e", "@": "e", "ou": "ou", "ong": "ong", "N-": "ng",
    "i": "i", "i.": "i", "i[": "i", "iA": "ia", "iE": "ie", "jAu": "iao", "iou": "iu", "iEn": "ian", "in": "in",
    "iAN": "iang", "iN": "ing", "io": "io", "yuN": "iong", "jong": "iong", "ji": "i", "jiA": "ia",
    "jiE": "ie", "jiou": "iu", "jiEn": "ian",
    "jin": "in", "jiAN": "iang", "jiN": "ing", "jio": "io",
    "u": "u", "wA": "ua", "uo": "uo", "wo": "uo", "uai": "uai", "wai": "uai", "uei": "ui", "wei": "ui",
    "uan": "uan",
    "wan": "uan", "wAn": "uan", "u@n": "un", "wu@n": "un", "wo-n": "un", "waN": "uang", "wAN": "uang",
    "wu@N": "ueng",
    "wu": "u", "y": "v", ";y": "v", "jy": "v", "yE": "ve", "jyE": "ve", "y&n": "van", "jy&n": "van",
    "y@n": "vn",
    "yin": "vn", ";y@n": "vn", "jy@n": "vn", "jyun": "vn",
}  # fmt: skip
_ZERO = {
    "yi": "i", "ya": "ia", "ye": "ie", "yao": "iao", "you": "iu", "yan": "ian", "yin": "in", "yang": "iang",
    "ying": "ing",
    "yo": "io", "yong": "iong", "yu": "v", "yue": "ve", "yuan": "van", "yun": "vn", "wu": "u", "wa": "ua",
    "wo": "uo",
    "wai": "uai", "wei": "ui", "wan": "uan", "wen": "un", "wang": "uang", "weng": "ueng",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """One espeak-ng."""

    name: str
    arguments: tuple[str, ...]


def libraries():
    """The one of the system and the one that comes as a package."""
    found = []
    if system := find_library("espeak-ng"):
        found.append(Library(name="of the system", arguments=(system,)))
    package = importlib.util.find_spec("espeakng_loader")
    if package is not None:
        folder = Path(package.origin).parent
        library = next(path for path in folder.glob("*espeak-ng*") if path.is_file())
        found.append(Library(name="from the package", arguments=(str(library), str(folder / "espeak-ng-data"))))
    return found


def said(library, lines):
    """The phonemes of each line."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.measure.espeak_trace", *library.arguments],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return done.stdout.splitlines()


def standard_syllables():
    """Every syllable with all its tones in a line."""
    return [tuple(Syllable(char="", pinyin=f"{one}{tone}") for tone in "12345") for one in sorted(SYLLABLES)]


def shipped_phrases():
    """Every phrase of the shipped scripts, with blanks left out."""
    found = []
    for script in read_library(SCRIPTS).scripts:
        body = re.sub(r"\{[{%].*?[%}]\}", "", script.body)
        found += [one.syllables for one in phrases(read_any(body)) if one.syllables]
    return found


def espeak_score(library, lines, name):
    """How many syllables of *lines* are said as they are written. Third tones may change before third tones."""
    misses, count = [], 0
    for syllables, phonemes in zip(lines, said(library, [espeak_text(one) for one in lines]), strict=True):
        wanted = [sound for one in syllables for sound in _sounds(one)]
        heard = [parsed(one) for one in phonemes.split()]
        count += len(wanted)
        if len(heard) != len(wanted):
            misses += [Miss(written=espeak_text(syllables), said=phonemes, wanted="")] * abs(len(heard) - len(wanted))
            continue
        for place, (want, hear) in enumerate(zip(wanted, heard, strict=True)):
            before_third = place + 1 < len(wanted) and wanted[place + 1][1] == "3"
            changed = want[1] == "3" and before_third and hear == (want[0], "2")
            if hear != want and not changed:
                misses.append(Miss(written=espeak_text(syllables), said="".join(hear), wanted="".join(want)))
    return Score(name=f"{name}, espeak-ng {library.name}", right=count - len(misses), of=count, misses=tuple(misses))


def parsed(phonemes):
    """``ts.h'ua55n_|`` → ("chuan", "1"); what is no syllable as it is, without a tone."""
    found = _PHONEME.fullmatch(phonemes.replace("'", "").rstrip("_|"))
    if found is None or found[2] not in _TONES:
        return phonemes, ""
    base = found[1] + found[3]
    for written, initial in sorted(_INITIALS.items(), key=lambda pair: -len(pair[0])):
        if base.startswith(written) and base.removeprefix(written) in _FINALS:
            return initial + _FINALS[base.removeprefix(written)], _TONES[found[2]]
    return _FINALS.get(base, base), _TONES[found[2]]


def _sounds(syllable):
    """The sounds of a syllable, spelled without y and w; a Latin letter has one or more."""
    spelled = LETTERS.get(syllable.pinyin.upper(), syllable.pinyin).split()
    return [(_plain(one[:-1]), one[-1]) for one in spelled]


def _plain(base):
    base = _SAID_AS.get(base, base)
    if base[:1] in ("j", "q", "x"):
        return {"iong": base[0] + "ong"}.get(
            base[1:], base[0] + base[1:].replace("u", "v", 1) if base[1] == "u" else base
        )
    return _ZERO.get(base, base)


_SAID_AS = {"r": "er", "m": "mu", "hm": "hen", "hng": "heng", "n": "en", "kiu": "kiu"}
"""Sounds that are no words are said as the word next to them."""
