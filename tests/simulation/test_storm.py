"""Everything that goes wrong in a village goes wrong in one evening, and no promise is broken."""

import pytest

from tests.simulation.storm import OUTPUTS, Scale, Storm
from tests.simulation.verdict import Verdict

EVENING = Scale(
    airings=20,
    emergencies=8,
    deck_kills=4,
    station_kills=1,
    others=2,
    talks=4,
    begins=20 * 3600 + 2400,
    ends=21 * 3600 + 300,
    daily=1,
)


@pytest.mark.slow
def test_each_airing_has_one_fate_and_the_night_is_quiet_whatever_breaks(tmp_path):
    """Cut-ins, people who speak on and on, dead decks, a killed station, a full disk, a clock that jumps."""
    storm = Storm(tmp_path, EVENING, seed=3)

    storm.run()
    verdict = Verdict(storm)
    storm.village.close()

    assert verdict.complaints == []
    assert verdict.fates["aired"] >= 10
    assert storm.troubles >= 20
    assert sum(any(verdict.of[talk.airing, output] for output in OUTPUTS) for talk in storm.talks) >= 3
