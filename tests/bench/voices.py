"""Sentences through the voice worker, each held against the same from the command."""

from tests.measure.voices import speak_many


def measure(*, is_quick):
    yield speak_many(100 if is_quick else 10_000).table()
