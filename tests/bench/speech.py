"""How right texts are read: sets made by others, what espeak-ng really says, and how long reading takes."""

import time

from broadcaster.library import read_library
from broadcaster.render.reading import read_any
from tests.bench.table import Row, Table
from tests.measure import espeak, speech
from tests.measure.loudness import HOME

CHARACTERS = 300


def measure(*, is_quick):
    sets = (speech.hard_set, speech.hard_set_pinyin, speech.wetext, speech.cpp)
    scores = [score() for score in sets] if speech.DATA.is_dir() else []
    for library in espeak.libraries():
        scores.append(espeak.espeak_score(library, espeak.standard_syllables(), "every syllable and tone"))
        if not is_quick:
            scores.append(espeak.espeak_score(library, espeak.shipped_phrases(), "shipped texts"))
    rows = tuple(Row(score.name, (100 * score.right / score.of,), f"{score.right} of {score.of}") for score in scores)
    yield Table("Read right", "%", rows, is_more_better=True)
    yield Table(f"Normalising and pinyin of {CHARACTERS} characters", "ms", (Row("dalaba", tuple(_times())),))


def _times():
    """Each shipped text in pieces of 300 characters, after a first round that warms everything up."""
    text = "".join(script.body for script in read_library(HOME / "scripts").scripts)
    pieces = [text[at : at + CHARACTERS] for at in range(0, len(text) - CHARACTERS, CHARACTERS)]
    for piece in pieces:
        read_any(piece)
    for piece in pieces:
        began = time.process_time()
        read_any(piece)
        yield 1000 * (time.process_time() - began)
