"""A small village for the tests of the station."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.fakes import Village

ZONE = ZoneInfo("Asia/Shanghai")
SCHEDULE = """
[station]
name = "试验村"

[zone.all]
outputs = ["main"]

[output.main]
kind = "tape"

[[slot]]
id = "morning"
at = "07:30"
play = ["next:study"]
grace = "10m"

[[slot]]
id = "noon"
at = "12:00"
play = ["script:policy/fire"]
repeat = 2

[[slot]]
id = "evening"
at = "18:00"
play = ["next:study"]
grace = "5m"
"""
SCRIPTS = {
    "study/a": "第一课。今天学怎么看天气预报。",
    "study/b": "第二课。今天学怎么存粮食。",
    "study/c": "第三课。今天学怎么防骗子。",
    "policy/fire": "天干物燥，请大家小心火烛。",
    "emergency/flood": "紧急通知。河水涨了，请马上到高处去。",
}


def at(text):
    """An instant of the village: ``at("07:30")`` is on Tuesday the 24th of November 2026."""
    if len(text) <= 8:
        text = f"2026-11-24 {text}"
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def write_station(root, schedule=SCHEDULE, scripts=SCRIPTS):
    (root / "schedule.toml").write_text(schedule, encoding="utf-8")
    for name, text in scripts.items():
        path = root / "scripts" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def found(tmp_path):
    """Makes a village that opens at an instant."""

    def make(moment="06:00", **more):
        if not (tmp_path / "schedule.toml").exists():
            write_station(tmp_path)
        return Village(tmp_path, at(moment), **more)

    return make
