"""The local door: only the owner's commands get in, and what is malformed is refused in words."""

import json
import stat

import pytest

from broadcaster.door import Door
from broadcaster.errors import NoStationRunning, Refused
from broadcaster.home import Home
from broadcaster.playout.cue import Arm
from tests.fakes import Village
from tests.station.conftest import SCHEDULE, at, write_station
from webui.local_door import LocalDoor, create_app

TOKEN = "t0ken"


@pytest.fixture
def village(tmp_path):
    village = Village(write_station(tmp_path), at("07:29"))
    village.advance(5)
    return village


@pytest.fixture
def client(village):
    client = create_app(village.station, TOKEN).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    return client


@pytest.mark.parametrize("given", ["", "Bearer wrong", TOKEN, "Bearer 令牌"])
def test_nobody_without_the_token_gets_in(village, given):
    client = create_app(village.station, TOKEN).test_client()

    answer = client.post("/api/emergency", json={}, headers={"Authorization": given.encode().decode("latin-1")})

    assert answer.status_code == 401
    assert village.decks["main"].playing is None


def test_the_status_is_what_the_station_knows(client):
    told = client.get("/api/status").json

    assert told["station"] == "试验村"
    assert told["clock"] == {"is_trusted": True, "reason": "", "reason_en": ""}
    assert told["next"][0]["airing"] == "morning@2026-11-24T07:30:00"
    assert told["outputs"][0]["device"] == "fake"


def test_the_plan_has_what_programs_need(client):
    told = client.get("/api/plan?from=2026-11-24&days=2").json

    first = told["airings"][0]
    assert {"airing", "slot", "starts_at", "title", "zones", "priority", "fate"} <= first.keys()
    assert (first["starts_at"], first["priority"], first["fate"]) == (
        "2026-11-24T07:30:00+08:00",
        "routine",
        "claimed",
    )
    assert len(told["airings"]) == 6


def test_an_emergency_is_called_and_stopped(client, village):
    airing = client.post("/api/emergency", json={"what": "script:flood", "who": "王", "reason": "洪水"}).json["airing"]
    assert village.decks["main"].playing.cue.airing == airing

    assert client.post("/api/stop", json={"airing": None, "who": "王"}).json == {"stopped": [airing]}
    assert village.decks["main"].playing is None


def test_an_emergency_has_a_gap_and_an_end(client, village):
    asked = {"what": "script:flood", "who": "王", "reason": "洪水", "gap_s": 5, "until": "07:45"}

    client.post("/api/emergency", json=asked)

    cue = village.decks["main"].playing.cue
    assert (cue.gap_s, cue.emergency_length_s) == (5.0, (at("07:45") - village.clock.now()).total_seconds())


@pytest.mark.parametrize(
    ("end", "seconds"),
    [
        ({"for_s": 1800}, 1800),
        ({"until": "07:00"}, 86_400 - 29 * 60 - 5),
        ({"until": "2026-11-24 08:00"}, 1855),
        ({"until": "2026-11-24T08:00:00+08:00"}, 1855),
    ],
)
def test_an_end_is_a_span_or_a_time_of_the_villages_clock(client, village, end, seconds):
    client.post("/api/emergency", json={"what": "script:flood", "who": "王", "reason": "洪水", **end})

    assert village.decks["main"].playing.cue.emergency_length_s == seconds


def test_a_drill_an_all_clear_and_a_correction_have_doors_of_their_own(client, village):
    drill = client.post("/api/drill", json={"what": "script:flood", "who": "王"}).json["airing"]
    village.station.stop(None, who="王")
    village.advance(2)
    for kind, what in (("all-clear", "水退了。"), ("correct", "不是东沟，是西沟。")):
        flood = client.post("/api/emergency", json={"what": "script:flood", "who": "王"}).json["airing"]
        village.advance(1)
        after = client.post(f"/api/{kind}", json={"what": what, "who": "李", "emergency": flood, "plays": 1})
        village.advance(60)
        assert village.log()[after.json["airing"]].reason.zh.startswith(f"接着 {flood}；")

    assert drill.startswith("drill@")


def test_what_cannot_be_cleared_is_refused_in_words(client):
    answer = client.post("/api/all-clear", json={"who": "李"})

    assert (answer.status_code, answer.json["error"]) == (409, "最近没有响过紧急广播，没有什么可解除、可更正的。")


def test_changes_of_the_day(client, village):
    noon = "noon@2026-11-24T12:00:00"

    assert client.post("/api/move", json={"airing": noon, "to": "2026-11-24T13:00:00+08:00", "who": "王"}).json == {}
    assert client.get("/api/plan").json["airings"][1]["starts_at"] == "2026-11-24T13:00:00+08:00"
    assert client.post("/api/skip", json={"airing": noon, "who": "王", "why": ""}).json == {}
    assert client.get("/api/plan").json["airings"][1]["fate"] == "skipped"
    assert client.post("/api/points-changed", json={}).json == {}
    assert client.post("/api/trust-clock", json={"who": "王"}).json == {}
    assert client.post("/api/play", json={"what": "noon", "who": "王"}).json["airing"].startswith("noon@")


def test_the_owner_opens_the_night(client, village):
    schedule = village.home.schedule
    text = schedule.read_text(encoding="utf-8").replace("[station]", '[station]\nquiet_hours = ["22:00-06:30"]')
    schedule.write_text(text, encoding="utf-8")
    village.advance(2)
    night = client.get("/api/status").json["night"]

    assert (night["agreed"], night["opens"]) == ("21:00-06:30 (Asia/Shanghai)", "21:00-22:00")
    assert client.post("/api/open-night", json={"wished": night["wished"], "who": "王"}).json == {}
    assert client.get("/api/status").json["night"] is None


def test_what_the_station_refuses_is_told_in_both_languages(client):
    answer = client.post("/api/skip", json={"airing": "nothing", "who": "王"})

    assert answer.status_code == 409
    assert answer.json == {
        "error": "昨天到后天的节目里没有“nothing”。用 dalaba plan 看有哪些。",
        "error_en": "there is no airing 'nothing' from yesterday to the day after tomorrow. See: dalaba plan.",
    }


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/emergency", "no json"),
        ("/api/emergency", "[]"),
        ("/api/emergency", '{"what": 5, "who": "王"}'),
        ("/api/emergency", '{"what": "水", "who": "王", "plays": -1}'),
        ("/api/emergency", '{"what": "水", "who": "王", "gap_s": "long"}'),
        ("/api/emergency", '{"what": "水", "who": "王", "until": "soon"}'),
        ("/api/drill", '{"who": "王"}'),
        ("/api/correct", '{"what": "水"}'),
        ("/api/move", '{"airing": "a", "to": "gestern", "who": "王"}'),
        ("/api/move", '{"airing": "a", "to": "2026-11-24T13:00:00", "who": "王"}'),
    ],
)
def test_a_malformed_request_is_refused_and_nothing_sounds(client, village, path, body):
    assert client.post(path, data=body).status_code == 400
    assert village.decks["main"].playing is None


def test_a_text_is_tried_on_the_headphones_and_on_nothing_else(tmp_path):
    village = Village(write_station(tmp_path, SCHEDULE + "[output.ear]\nkind = 'tape'\nmonitor = true\n"), at("12:30"))
    client = create_app(village.station, TOKEN).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"

    told = client.post("/api/try", json={"what": "明天停水", "who": "王"}).json

    assert told["outputs"] == ["ear"]
    [tried] = [one.cue for one in village.decks["ear"].commands if isinstance(one, Arm)]
    assert tried.airing == told["airing"]
    assert not any(isinstance(one, Arm) and one.cue.is_trial for one in village.decks["main"].commands)


def test_without_headphones_a_program_is_told_that_nothing_was_heard(client):
    assert client.post("/api/try", json={"what": "明天停水", "who": "王"}).json["outputs"] == []


def test_a_body_that_is_too_large_is_refused(client):
    assert client.post("/api/emergency", data=b"x" * 300_000).status_code in (400, 413)


def test_the_log_is_told_since_an_instant(client):
    rows = client.get("/api/log?since=2026-11-24T00:00:00%2B08:00").json

    assert [(row["airing"], row["fate"]) for row in rows] == [("morning@2026-11-24T07:30:00", "claimed")]


@pytest.mark.real
def test_a_command_finds_the_door_and_only_the_owner_can_read_its_token(village):
    door = LocalDoor(village.station, village.home)
    door.open()
    try:
        assert stat.S_IMODE(village.home.door.stat().st_mode) == 0o600
        assert Door(village.home).get("/api/status")["station"] == "试验村"
        with pytest.raises(Refused):
            Door(village.home).post("/api/skip", {"airing": "x", "who": "王"})
        told = json.loads(village.home.door.read_text())
        village.home.door.write_text(json.dumps(told | {"token": "stolen"}))
        with pytest.raises(Refused):
            Door(village.home).get("/api/status")
    finally:
        door.close()
    assert not village.home.door.exists()


def test_without_a_station_the_command_is_told_so(tmp_path):
    with pytest.raises(NoStationRunning) as nobody:
        Door(Home(tmp_path))
    assert nobody.value.sentence.zh == "这个文件夹里没有正在运行的站。请先运行 dalaba run。"


@pytest.mark.parametrize("left", ["", "{}", "[1]", '{"port": "x", "token": "y"}', '{"port": 9, "token": "y"}'])
def test_a_door_that_a_crash_left_behind_is_no_station(tmp_path, left):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "door.json").write_text(left)

    with pytest.raises(NoStationRunning):
        Door(Home(tmp_path)).get("/api/status")
