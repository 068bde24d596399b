"""Which output is opened, and what people are told where there is no sound card."""

import os
import subprocess
import sys

import numpy as np
import pytest

from broadcaster.model.outputs import OutputKind, OutputSettings
from broadcaster.outputs.open import open_output
from broadcaster.outputs.tape import TapeOutput

NO_SERVER = {"PULSE_SERVER": "unix:/nonexistent/native", "HOME": "/nonexistent"}
IN_A_PROCESS_OF_ITS_OWN = """
import sys
from pathlib import Path
import numpy as np
from broadcaster.errors import OutputLost
from broadcaster.model.outputs import OutputSettings
from broadcaster.outputs.open import open_output

try:
    opened = open_output(
        settings=OutputSettings(name="main", device="pulse"), var=Path(sys.argv[1]),
        tape_instead=sys.argv[2] == "tape", airing=lambda: None,
        fill=lambda frames, at: np.zeros(frames, dtype=np.float32),
    )
    print(opened.is_tape, opened.device)
    opened.output.close()
except OutputLost as lost:
    print("lost", lost.sentence.zh)
"""


def silence(frames, heard_at):
    return np.zeros(frames, dtype=np.float32)


def opened_tape(var, device):
    return open_output(
        settings=OutputSettings(name="main", kind=OutputKind.TAPE, device=device),
        var=var,
        tape_instead=False,
        fill=silence,
        airing=lambda: None,
    )


@pytest.mark.parametrize(
    ("device", "folder"), [("", "tape"), ("default", "tape"), ("east", "east"), ("../../etc", "etc")]
)
def test_a_tape_lies_below_var_whatever_it_is_called(tmp_path, device, folder):
    opened = opened_tape(tmp_path, device)
    opened.output.close()

    assert opened.is_tape
    assert opened.device == f"录音带 / tape {tmp_path / folder}"
    assert isinstance(opened.output, TapeOutput)


def without_a_card(var, instead):
    line = [sys.executable, "-c", IN_A_PROCESS_OF_ITS_OWN, str(var), instead]
    done = subprocess.run(line, env=os.environ | NO_SERVER, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


@pytest.mark.real
@pytest.mark.slow
def test_where_there_is_no_sound_card_a_tape_stands_in_and_says_so(tmp_path):
    assert without_a_card(tmp_path, "tape") == f"True 没有声卡，录到 / no sound card, tape {tmp_path / 'tape'}"


@pytest.mark.real
@pytest.mark.slow
def test_an_output_that_had_a_card_does_not_turn_into_a_tape(tmp_path):
    assert without_a_card(tmp_path, "card").startswith("lost ")
