"""Two of a kind: how far from the set instant, and how far apart, cards, Snapcast players and streams are heard."""

from tests.measure.outputs import starts, table


def measure(*, is_quick):
    yield table(starts(3 if is_quick else 30)) + "\n"
