"""Keeps what nobody has levelled below a ceiling: a shout into a microphone must not clip in the horns. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from broadcaster.model.clip import CLIP_RATE_HZ

if TYPE_CHECKING:
    from broadcaster.ports import Samples

KNEE = 0.8
"""Of the ceiling: from here on it bends, and never passes it."""
ATTACK = CLIP_RATE_HZ // 500
RECOVERS_DB_PER_S = 12.0


class Limiter:
    """Turns down within two milliseconds and up again slowly; what is still too loud by then is bent."""

    def __init__(self, ceiling_db: float) -> None:
        """*ceiling_db*: dBFS."""
        self._ceiling = 10 ** (ceiling_db / 20)
        self._gain = 1.0

    def limit(self, block: Samples) -> Samples:
        """As long as *block*; no sample beyond the ceiling, and no jump where the gain moves."""
        if not len(block):
            return block
        peak = float(np.max(np.abs(block)))
        up = 10 ** (RECOVERS_DB_PER_S * len(block) / CLIP_RATE_HZ / 20)
        wanted = min(1.0, self._gain * up, self._ceiling / peak if peak > 0 else 1.0)
        if wanted == self._gain == 1.0 and peak <= KNEE * self._ceiling:
            return block
        steps: Any = np.arange(1, len(block) + 1, dtype=np.float32) / min(ATTACK, len(block))
        gains = self._gain + (wanted - self._gain) * np.minimum(1.0, steps)
        self._gain = wanted
        return self._bent((block * gains).astype(np.float32))

    def _bent(self, block: Samples) -> Samples:
        knee = np.float32(KNEE * self._ceiling)
        room = np.float32(self._ceiling) - knee
        size = np.abs(block)
        bent: Any = np.where(size > knee, np.sign(block) * (knee + room * np.tanh((size - knee) / room)), block)
        return np.asarray(bent, dtype=np.float32)
