"""The API, as another program uses it, and as a thief tries to."""

import os
import random
import string

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from broadcaster.model.people import Role, Scope
from broadcaster.model.words import Sentence
from tests.station.conftest import at
from tests.webui.conftest import House
from webui import openapi

EXAMPLES = int(os.environ.get("API_EXAMPLES", "12"))
"""Of each operation, right and wrong ones; ``make bench SUBJECTS=attacks`` asks for more."""
NOON = "noon@2026-11-24T12:00:00"
FREE = {"text": "河水涨了，请往高处走。", "reason": "水位超过警戒线"}
PATHS = {
    ("GET", "/status"): ({Scope.READ}, None),
    ("GET", "/plan"): ({Scope.READ}, None),
    ("GET", "/log"): ({Scope.READ}, None),
    ("GET", "/emergencies"): ({Scope.READ, Scope.EMERGENCY_PREPARED}, None),
    ("POST", "/play"): ({Scope.SAY}, {"what": "noon"}),
    ("POST", "/skip"): ({Scope.SAY}, {"airing": NOON}),
    ("POST", "/stop"): ({Scope.SAY, Scope.EMERGENCY_PREPARED, Scope.EMERGENCY_FREE}, {}),
    ("POST", "/emergency/prepared"): (
        {Scope.EMERGENCY_PREPARED},
        {"script": "emergency/flood", "reason": "水位"},
    ),
    ("POST", "/emergency/free"): ({Scope.EMERGENCY_FREE}, FREE),
}


class Gauge:
    """A program with a token."""

    def __init__(self, house, *scopes, name="河道水位计"):
        self.house = house
        self.program, self.token = house.doorkeeper.programs.admit(name, scopes or tuple(Scope), who="test")
        self.client = house.app.test_client()

    def ask(self, method, path, **more):
        headers = {"Authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    def get(self, path, **query):
        return self.ask("GET", path, query_string=query)

    def post(self, path, /, **fields):
        return self.ask("POST", path, json=fields)

    def call(self, path, /, **fields):
        """An emergency, in two steps."""
        return self.post(path, **fields, confirm=self.post(path, **fields).json["confirm"])


@pytest.fixture
def gauge(house):
    return Gauge(house)


def test_a_program_reads_what_people_read(house, gauge):
    assert gauge.get("/status").json["station"] == "试验村"
    plan = gauge.get("/plan", days="2").json
    assert [one["slot"] for one in plan["airings"]] == ["morning", "noon", "evening"] * 2
    assert gauge.get("/plan", **{"from": "2026-11-30"}).json["airings"][0]["planned_at"] == "2026-11-30T07:30:00+08:00"
    house.until(at("07:32"))
    (entry,) = gauge.get("/log", since="2026-11-24T00:00:00+08:00").json["entries"]
    assert (entry["slot"], entry["fate"]) == ("morning", "aired")
    assert gauge.get("/emergencies").json["texts"][0]["script"].startswith("emergency/")


def test_a_plus_that_was_lost_in_the_address_is_forgiven(gauge):
    assert gauge.client.get(
        "/api/v1/log?since=2026-11-24T00:00:00+08:00", headers={"Authorization": f"Bearer {gauge.token}"}
    ).json == {"entries": []}


def test_a_program_speaks_skips_and_stops_under_its_own_name(house, gauge):
    airing = gauge.post("/play", what="script:policy/fire", zones=["east"]).json["airing"]
    house.village.advance(5)
    assert house.village.decks["east"].playing is not None
    assert house.deck.playing is None
    assert gauge.post("/stop", airing=airing).json == {"stopped": [airing]}
    assert gauge.post("/skip", airing=NOON, why="停电检修").json == {"airing": NOON}

    (noon,) = [one for one in house.station.plan()[0].airings if one.id == NOON]
    assert noon.who == "河道水位计（程序）"
    assert [deed[:3] for deed in house.deeds()] == [
        ("河道水位计（程序）", "airing.play", airing),
        ("河道水位计（程序）", "airing.stop", airing),
        ("河道水位计（程序）", "airing.skip", NOON),
    ]


def test_an_emergency_is_on_the_air_at_once(house, gauge):
    airing = gauge.call("/emergency/prepared", script="emergency/flood", reason="水位超过警戒线").json["airing"]
    house.village.advance(1)
    assert house.deck.playing.cue.airing == airing

    assert gauge.post("/stop").json == {"stopped": [airing]}
    free = gauge.call("/emergency/free", **FREE).json["airing"]
    house.village.advance(2)
    assert house.deck.playing.cue.airing.startswith(free)  # the siren first
    assert house.deeds()[-1][2:] == (free, "", "河水涨了，请往高处走。 · 水位超过警戒线")


def test_one_request_alone_starts_no_emergency(house, gauge):
    """A request that a network sent twice, or that somebody recorded, woke a village."""
    flood = {"script": "emergency/flood", "reason": "水位", "zones": ["east"]}
    asked = [gauge.post("/emergency/prepared", **flood) for _ in range(3)]
    number = asked[-1].json["confirm"]
    assert [one.status_code for one in asked] == [202, 202, 202]
    assert asked[-1].json == {"confirm": number, "within_s": 30, "what": "script:emergency/flood"}
    house.village.advance(2)
    assert house.village.decks["east"].playing is None

    assert gauge.post("/emergency/prepared", **flood, confirm=number).status_code == 200
    house.village.advance(1)
    assert house.village.decks["east"].playing is not None
    gauge.post("/stop")
    again = gauge.post("/emergency/prepared", **flood, confirm=number)
    assert (again.status_code, again.json["error"]) == (409, "确认码不对，或者用过了。请不带确认码重新问一次。")


def test_a_number_confirms_what_was_asked_and_nothing_wider(house, gauge):
    flood = {"script": "emergency/flood", "reason": "水位", "zones": ["east"]}
    number = gauge.post("/emergency/prepared", **flood).json["confirm"]

    wider = gauge.post("/emergency/prepared", **flood | {"zones": []}, confirm=number)

    assert (wider.status_code, wider.json["error"]) == (
        409,
        "和问的时候不一样了，确认码不算数。请不带确认码重新问一次。",
    )
    house.village.advance(1)
    assert house.deck.playing is None


def test_what_is_in_the_document_is_there_and_the_other_way_round(house):
    described = {(method.upper(), path) for path, one in openapi.document("x")["paths"].items() for method in one}
    rules = [rule for rule in house.app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    there = {(next(iter(rule.methods & {"GET", "POST"})), rule.rule.removeprefix("/api/v1")) for rule in rules}

    assert described == set(PATHS) == there - {("GET", "/openapi.json")}


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_a_token_does_what_it_is_for_and_nothing_else(house, method, path):
    allowed, fields = PATHS[method, path]
    document = openapi.document("x")["paths"][path][method.lower()]
    assert set(document["x-scopes"]) == allowed
    for scope in Scope:
        program = Gauge(house, scope, name=scope)
        answer = program.ask(method, path, **({} if fields is None else {"json": fields}))
        if scope in allowed:
            assert answer.status_code == (202 if path.startswith("/emergency/") else 200), (scope, answer.json)
        else:
            assert answer.status_code == 403, scope
            assert answer.json["error_en"] == "the token lacks: " + " / ".join(document["x-scopes"]) + "."


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_nobody_comes_in_without_a_token(house, owner, method, path):
    told = {
        "error": "没有令牌，或者令牌不对、已经停用。请站长给一个。",
        "error_en": "there is no token, or it is wrong or revoked. Ask the owner for one.",
    }
    revoked = Gauge(house, name="旧的")
    house.doorkeeper.programs.revoke(revoked.program.id, who="test")
    cookie = owner.client.get_cookie("dalaba_in").value
    for headers in (
        {},
        {"Authorization": f"Bearer {revoked.token}"},
        {"Authorization": f"Bearer {cookie}"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {revoked.program.token}"},
    ):
        answer = owner.client.open(f"/api/v1{path}", method=method, headers=headers, json={})
        assert (answer.status_code, answer.json) == (401, told)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert house.deck.playing is None


def test_a_token_opens_no_page(house, gauge):
    answer = gauge.client.get("/settings/programs", headers={"Authorization": f"Bearer {gauge.token}"})

    assert answer.status_code == 303 and answer.location.startswith("/sign-in")


def test_guessing_tokens_is_throttled(house, gauge):
    thief = house.stranger().client
    codes = [
        thief.get("/api/v1/status", headers={"Authorization": f"Bearer dalaba_{number}"}).status_code
        for number in range(22)
    ]

    assert codes == [401] * 20 + [429] * 2
    assert gauge.get("/status").status_code == 200


def test_who_asks_too_fast_is_told_how_long_to_wait(gauge):
    answers = [gauge.post("/skip", airing="nothing") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [409] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "3"
    assert answers[-1].json["error_en"] == "too many requests: wait 3 seconds."
    assert gauge.post("/stop").status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        ("/play", b"{", "the request is no JSON."),
        ("/play", b"[" * 20_000, "the request is no JSON."),
        ("/play", b"[]", "the request must be a JSON object."),
        ("/play", b"{}", "'what' must be text and not empty."),
        ("/play", b'{"what": 7}', "'what' must be text and not empty."),
        ("/play", b'{"what": "\\ud800"}', "'what' holds characters that are no text."),
        ("/play", b'{"what": "noon", "zones": "all"}', "'zones' must be a list of names of zones."),
        ("/play", b'{"what": "noon", "zones": ["moon"]}', "'zones' names an unknown one. Known: all、east."),
        ("/play", b'{"what": "noon", "who": "me"}', "the request has an unknown field. Known: what、zones."),
        ("/skip", b'{"airing": "%s"}' % (b"x" * 201), "'airing' may have 200 characters at most."),
        ("/emergency/free", b'{"text": "a"}', "'reason' must be text and not empty."),
        (
            "/emergency/free",
            b'{"text": "a", "reason": "b", "plays": 101}',
            "'plays' must be a whole number from 0 to 100.",
        ),
        (
            "/emergency/free",
            b'{"text": "script:notice/x", "reason": "b"}',
            "this takes words only; for a text that is ready, use /emergency/prepared.",
        ),
    ],
)
def test_what_is_wrong_is_said(gauge, path, body, wrong):
    answer = gauge.ask("POST", path, data=body)

    assert (answer.status_code, answer.json["error_en"]) == (400, wrong)


@pytest.mark.parametrize(
    ("path", "query", "wrong"),
    [
        ("/plan", {"days": "32"}, "'days' must be a whole number from 1 to 31."),
        ("/plan", {"days": "１"}, "'days' must be a whole number from 1 to 31."),
        ("/plan", {"from": "0001-01-01"}, "'from' must be a date, like 2026-11-25."),
        ("/log", {"since": "2026-11-25T07:30:00"}, "'since' must be an instant with its offset"),
        ("/log", {"since": "9999-12-31T23:59:59-08:00"}, "'since' must be an instant with its offset"),
        ("/log", {"since": "2025-01-01T00:00:00Z"}, "'until' must come after 'since', by 31 days at most."),
    ],
)
def test_what_is_wrong_in_the_address_is_said(gauge, path, query, wrong):
    answer = gauge.get(path, **query)

    assert answer.status_code == 400
    assert answer.json["error_en"].startswith(wrong)


def test_what_cannot_be_is_told_as_json_too(house, gauge):
    assert gauge.get("/nothing").json["error_en"] == "there is no such page."
    wrong = gauge.ask("PUT", "/play")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "OPTIONS, POST")
    assert gauge.ask("POST", "/play", data=b"x" * 40_000).status_code == 413
    assert gauge.post("/play", what="script:nothing/there").status_code == 409
    refused = gauge.post("/emergency/prepared", script="study/010", reason="x")
    assert refused.json == {"error": "没有这篇预备的紧急稿。", "error_en": "there is no such prepared emergency text."}


def test_an_emergency_needs_no_database(house, gauge):
    gauge.get("/status")
    house.books.fail_with(Sentence("磁盘坏了", "broken"))

    assert gauge.call("/emergency/prepared", script="emergency/flood", reason="水位").status_code == 200
    house.village.advance(1)
    assert house.deck.playing is not None


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("operation_id", [one[next(iter(one))]["operationId"] for one in openapi._paths().values()])
def test_schemathesis_finds_no_fault(house, gauge, operation_id, mode):
    """The document says what is taken and what is answered; what is sent is drawn from it, and from beyond it."""
    schema = schemathesis.openapi.from_dict(openapi.document("试验村"))
    (operation,) = [
        found.ok() for found in schema.get_all_operations() if found.ok().definition.raw["operationId"] == operation_id
    ]
    asked = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        house.village.clock.advance(60)  # nobody has to wait
        sent = case.as_transport_kwargs(base_url="http://localhost/api/v1")
        answer = gauge.ask(
            case.method, operation.path, query_string=sent.get("params"), json=sent.get("json"), data=sent.get("data")
        )
        asked.append(answer.status_code)
        operation.validate_response(
            schemathesis.Response(
                status_code=answer.status_code,
                headers={name.lower(): [value] for name, value in answer.headers.items()},
                content=answer.data,
                request=None,
                elapsed=0.0,
                verify=False,
            )
        )

    ask()
    assert len(asked) >= 3
    assert set(asked) <= {200, 202, 400, 401, 405, 409, 413}, asked


@pytest.mark.slow
def test_random_requests_break_nothing(house, gauge):
    chance = random.Random(5)
    paths = [path for _, path in PATHS] + ["/openapi.json", "/nothing", "/emergency/", "//", "/%00", "/..%2f"]
    names = ["what", "zones", "airing", "why", "text", "script", "reason", "plays", "from", "days", "since", "until"]
    values = [None, True, -1, 10**30, 0.5, "", "noon", NOON, "x" * 5_000, "\x00", "‮", [], ["east"], {"a": {}}]
    for _ in range(1_000):
        house.village.clock.advance(10)
        path, method = chance.choice(paths), chance.choice(["GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS"])
        fields = {chance.choice(names): chance.choice(values) for _ in range(chance.randrange(4))}
        raw = "".join(chance.choice(string.printable) for _ in range(chance.randrange(40)))
        more = chance.choice(
            [{"json": fields}, {"data": raw}, {"query_string": {n: str(v) for n, v in fields.items()}}]
        )
        answer = gauge.ask(method, path, **more)
        assert answer.status_code < 500, (method, path, more)


def test_the_owner_gives_a_token_once_and_takes_it_back(house, owner):
    owner.open("/settings/programs").press("给令牌", name="河道水位计", scope="emergency:prepared")
    token = next(word for word in owner.words.split() if word.startswith("dalaba_"))
    assert house.doorkeeper.programs.recognise(token, address="") is not None

    owner.open("/settings/programs")
    assert token not in owner.answer.text
    assert "河道水位计 紧急：播预备好的紧急稿" in owner.words
    owner.press("停用“河道水位计”")
    assert "“河道水位计”的令牌停用了。" in owner.words
    assert "现在没有程序能用广播。" in owner.words
    assert house.doorkeeper.programs.recognise(token, address="") is None
    assert [deed[1:3] for deed in house.deeds()] == [
        ("program.admit", "河道水位计"),
        ("program.revoke", "河道水位计"),
    ]


def test_what_was_typed_for_a_token_is_kept(owner):
    owner.open("/settings/programs").press("给令牌", name="河道水位计")

    assert owner.code == 422
    assert "请至少选一件它可以做的事。" in owner.words
    assert 'value="河道水位计"' in owner.answer.text


def test_only_owners_give_tokens(house):
    approver = house.person("张书记", Role.APPROVER)
    for path in ("/settings", "/settings/programs", "/settings/programs/api"):
        assert approver.open(path).code == 403
    assert "设置" not in approver.open("/more").words


def test_the_document_can_be_read_by_people_and_by_programs(house, owner):
    assert house.stranger().client.get("/api/v1/openapi.json").json["openapi"] == "3.1.0"
    owner.open("/settings/programs/api")
    assert "POST /api/v1/emergency/prepared" in owner.words
    assert "让别的程序看广播站" in owner.words


def test_the_house_of_the_tests_is_closed_at_night(tmp_path):
    house = House(tmp_path, "23:00")
    program = Gauge(house)

    answer = program.post("/play", what="noon")
    assert answer.status_code == 409
    assert answer.json["error"] == "现在是静音时段，只有紧急广播能响。"
    assert program.call("/emergency/free", **FREE).status_code == 200
