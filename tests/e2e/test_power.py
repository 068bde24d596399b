"""An amplifier whose station is killed: whoever comes next puts it off."""

import pytest

from broadcaster.model.words import Fate
from tests import pulse

pytestmark = [pulse.needed, pytest.mark.real, pytest.mark.slow, pytest.mark.timed, pytest.mark.timeout(300)]


def test_an_amplifier_that_a_killed_station_left_on_is_put_off_by_the_next(found, tmp_path):
    power = tmp_path / "power"
    switch = f'on = ["touch", "{power}"]\noff = ["rm", "-f", "{power}"]'
    house = found(output=f'kind = "soundcard"\ndevice = "pulse"\n[amplifier.horns]\n{switch}').start()
    assert not power.exists()
    airing = house.emergency("script:flood", plays=0)
    house.wait(lambda: house.log()[airing].fate is Fate.ON_AIR and power.exists(), "it is on")

    house.kill()
    assert power.exists()
    house.start()
    house.wait(house.stop, "it went on, and was stopped")
    house.wait(lambda: not power.exists(), "it is off")
