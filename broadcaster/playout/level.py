"""How loud an output is: by its setting, by the hour, or as an emergency needs it. Pure, and no change ever clicks."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import numpy as np

from broadcaster.model.outputs import OutputSettings

if TYPE_CHECKING:
    from broadcaster.ports import Samples


def gains_of(output: OutputSettings, local: time) -> tuple[float, float]:
    """The factors for samples that are heard at *local* time, of all else, and of an emergency, which is never muted.

    0.0: muted.
    """
    level_db = next((one.level_db for one in output.levels if one.hours.contains(local)), output.level_db)
    return 0.0 if output.is_muted else _factor(level_db), _factor(output.emergency_level_db)


def _factor(level_db: float) -> float:
    return float(10 ** (level_db / 20))


class Fader:
    """Turns towards a new gain within one block, and stays there."""

    def __init__(self) -> None:
        self._gain: float | None = None

    def rest(self, gain: float) -> None:
        """Nothing sounds: what comes next begins at *gain*."""
        self._gain = gain

    def fade(self, block: Samples, gain: float) -> Samples:
        """*block* at *gain*; where it was another before, a straight line leads there. Never beyond full scale."""
        before, self._gain = self._gain, gain
        if before is None or before == gain:
            return block if gain == 1.0 else _limited(block * np.float32(gain))
        ramp = np.linspace(before, gain, len(block) + 1, dtype=np.float32)[1:]
        return _limited(block * ramp)


def _limited(block: Samples) -> Samples:
    return np.clip(block, -1.0, 1.0)
