"""docs/speech.md tells of every engine, and its example of adding voices can be used."""

import re
from pathlib import Path

from broadcaster import decoding
from broadcaster.schedule import parse_schedule
from broadcaster.schedule.crosscheck import ENGINES as CHECKED_ENGINES
from broadcaster.voices.choose import ENGINES
from broadcaster.voices.speech_service import CONNECT_S, MOST_BYTES, TOTAL_S

PAGE = (Path(__file__).parents[2] / "docs" / "speech.md").read_text(encoding="utf-8")
VOICES = PAGE.partition("## 声音 · Voices")[2]


def test_every_engine_is_explained_and_checked_for():
    rows = re.findall(r"^\| `([a-z0-9-]+)` \|", VOICES.partition("###")[0], re.MULTILINE)

    assert tuple(rows) == tuple(ENGINES) == CHECKED_ENGINES


def test_the_example_of_adding_voices_can_be_used():
    (example,) = re.findall(r"^```toml\n(.*?)^```", VOICES, re.MULTILINE | re.DOTALL)

    parsed = parse_schedule(example)

    assert parsed.complaints == ()
    assert {voice.engine for voice in parsed.schedule.voices} == {"pyttsx3", "piper", "sherpa-onnx", "http"}


def test_the_limits_are_the_true_ones():
    assert f"{CONNECT_S:.0f} s without a connection, {TOTAL_S:.0f} s without a whole answer" in VOICES
    assert f"at {MOST_BYTES // 1_000_000} MB" in VOICES
    largest, longest = decoding.LARGEST_BYTES // 1_000_000, decoding.LONGEST_S // 60
    assert f"At most {largest} MB and {longest} minutes" in VOICES
    assert f"{decoding.MEMORY_BYTES >> 30} GB, {decoding.DECODES_WITHIN_S:.0f} s" in VOICES
