"""Many sentences through the voice worker. Longer by hand: ``python -m tests.measure.voices 10000``."""

from tests.measure.voices import measure

__all__ = ["measure"]
