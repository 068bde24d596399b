"""Several people press in the same moment, at a real server: each deed is done once, or told why not."""

import http.client
import json
import re
import threading
import urllib.parse

import pytest

from broadcaster.model.people import Role, Scope
from tests.webui.conftest import OFFICE, House
from tests.webui.test_scripts import FIRE
from webui.server import PageServer

pytestmark = [pytest.mark.real, pytest.mark.slow]
STRICT = OFFICE.replace('name = "试验村"', 'name = "试验村"\nstrict = true')
AT_ONCE = 4


class Office:
    """A strict station's page on a real socket."""

    def __init__(self, folder):
        self.house = House(folder, schedule=STRICT)
        self.server = PageServer(self.house.app, "127.0.0.1", 0)
        self.server.open()

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            connection.request(method, path, body, {"Accept": "text/html"} | headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), (answer.headers["Set-Cookie"] or "").partition(";")[0]
        finally:
            connection.close()

    def close(self):
        self.server.close()
        self.house.station.backups.close()


class Browser:
    def __init__(self, office, name="", *roles, path="/me"):
        self._office, self._cookie = office, ""
        if name:
            account = office.house.has(name, *roles)
            _, token = office.house.doorkeeper.let_in(account, label="test", is_trusted=True)
            self._cookie = f"dalaba_in={token}; "
        _, page, form = office.ask("GET", path, Cookie=self._cookie)
        self._cookie += form
        self._key = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]

    def open(self, path):
        return self._office.ask("GET", path, Cookie=self._cookie)[1]

    def post(self, path, **form):
        body = urllib.parse.urlencode({"csrf_token": self._key} | form)
        kind = "application/x-www-form-urlencoded"
        return self._office.ask("POST", path, body, Cookie=self._cookie, **{"Content-Type": kind})[0]


def field(page, name):
    return re.search(rf'name="{name}"[^>]*value="([0-9a-f]*)"', page)[1]


def together(deeds):
    """What came of each; all begin in the same moment."""
    codes, start = [None] * len(deeds), threading.Barrier(len(deeds), timeout=20)

    def run(number, deed):
        start.wait()
        codes[number] = deed()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(codes)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    office = Office(tmp_path_factory.mktemp("office"))
    office.house.has("王主任", Role.OWNER)
    yield office
    office.close()


@pytest.fixture(scope="module")
def two(office):
    return Browser(office, "审一", Role.APPROVER), Browser(office, "审二", Role.APPROVER)


def test_of_several_who_save_the_same_script_one_does_and_the_others_are_told(two):
    based_on = field(two[0].open(FIRE), "based_on")
    deeds = [
        lambda n=n: two[n % 2].post(FIRE, does="save", title="防火", body=f"第{n}个人的话。", based_on=based_on)
        for n in range(AT_ONCE)
    ]

    assert together(deeds) == [303, 409, 409, 409]


def test_nobody_approves_their_own_words_nor_words_that_were_there_before(office, two):
    writer, other = two
    old = field(other.open("/approval/policy/fire"), "sha256")
    based_on = field(writer.open(FIRE), "based_on")
    assert writer.post(FIRE, does="save", title="防火", body="审一写的话。", based_on=based_on) == 303
    new = field(other.open("/approval/policy/fire"), "sha256")

    before = len(office.house.station.proofs.decisions())
    assert together([lambda: writer.post("/approval/policy/fire", does="approve", sha256=new)] * AT_ONCE) == [409] * 4
    assert together([lambda: other.post("/approval/policy/fire", does="approve", sha256=old)] * AT_ONCE) == [409] * 4
    assert len(office.house.station.proofs.decisions()) == before
    assert other.post("/approval/policy/fire", does="approve", sha256=new) == 303
    assert office.house.station.proofs.decisions()[-1].sha256 == new


def test_a_number_confirms_one_emergency_however_often_it_is_sent_at_once(office):
    _, token = office.house.doorkeeper.programs.admit("水位计", list(Scope), who="test")
    said = {"text": "水来了", "reason": "水位 3.2 米"}

    def ask(**more):
        body = json.dumps(said | more)
        return office.ask("POST", "/api/v1/emergency/free", body, Authorization=f"Bearer {token}")

    number = json.loads(ask()[1])["confirm"]
    assert together([lambda: ask(confirm=number)[0]] * AT_ONCE) == [200, 409, 409, 409]


def test_a_code_lets_one_in_however_often_it_is_used_at_once(office):
    _, code = office.house.doorkeeper.invitations.invite("新来的", [Role.EDITOR], who="test")
    strangers = [Browser(office, path="/join") for _ in range(AT_ONCE)]
    password = "村口的石碑很旧了"
    deeds = [lambda one=one: one.post("/join", code=code, password=password, again=password) for one in strangers]

    assert together(deeds) == [303, 422, 422, 422]
    assert [one.name for one in office.house.doorkeeper.accounts()].count("新来的") == 1


def test_who_is_switched_off_in_the_middle_gets_nothing_more(office):
    editor = Browser(office, "写稿人", Role.EDITOR)
    account = office.house.has("写稿人")
    is_off = threading.Event()
    codes = []

    def hammer():
        for _ in range(200):
            was_off = is_off.is_set()
            codes.append((was_off, editor.post("/scripts/reading", title="x", body="一句话。")))
            if was_off:
                return

    threads = [threading.Thread(target=hammer) for _ in range(3)]
    for thread in threads:
        thread.start()
    office.house.doorkeeper.change_account(account.id, who="王主任", is_active=False)
    is_off.set()
    for thread in threads:
        thread.join()

    assert {code for was_off, code in codes if was_off} <= {303, 400}
    assert {code for _, code in codes} <= {200, 303, 400, 429}
    assert office.house.doorkeeper.devices(account.id) == []
