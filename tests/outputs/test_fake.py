"""The output of the other tests keeps the promises of the real ones."""

import pytest

from tests.fake_output import ManualOutput
from tests.outputs.contract import OutputContract


class TestManualOutput(OutputContract):
    @pytest.fixture
    def output(self):
        return ManualOutput()

    @pytest.fixture
    def heard(self, output):
        return output.heard

    def run(self, output, programme, seconds):
        output.pull(seconds)
