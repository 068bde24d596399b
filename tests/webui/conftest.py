"""The page over a whole village in memory: a real station, its clock and decks in the test's hand, and people at it."""

import re
import socket
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from jinja2 import BytecodeCache

from broadcaster.doorkeeper import Doorkeeper
from broadcaster.model.people import Role
from tests.doorkeeper.conftest import GOOD, cheap_passwords
from tests.fakes import Village
from tests.fakes_store import MemoryStore
from tests.station.conftest import SCRIPTS, at, write_station
from webui.app import create_app

OFFICE = """
[station]
name = "试验村"

[zone.all]
outputs = ["main", "east"]

[zone.east]
outputs = ["east"]

[output.main]
kind = "tape"

[output.east]
kind = "tape"

[[slot]]
id = "morning"
title = "每天学一点"
at = "07:30"
play = ["next:study"]

[[slot]]
id = "noon"
title = "午间政策"
at = "12:00"
play = ["script:policy/fire"]
repeat = 2

[[slot]]
id = "evening"
title = "傍晚学习"
at = "18:00"
play = ["next:study"]
"""


class Compiled(BytecodeCache):
    """Templates that a page of this run has compiled, for the pages of the tests that follow."""

    def __init__(self):
        self._codes = {}

    def load_bytecode(self, bucket):
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket):
        self._codes[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


class House:
    """A village, its doorkeeper, and the page over both."""

    def __init__(self, root, moment="07:29", *, schedule=OFFICE, scripts=SCRIPTS, books=None):
        self.village = Village(write_station(root, schedule, scripts), at(moment))
        self.village.advance(5)
        self.station = self.village.station
        self.books = books or MemoryStore()
        self.doorkeeper = Doorkeeper(self.books, self.village.clock, cheap_passwords())
        self.app = create_app(self.station, self.doorkeeper)
        self.app.jinja_env.bytecode_cache = COMPILED

    def has(self, name, *roles):
        """Somebody has an account."""
        account = next((one for one in self.doorkeeper.accounts() if one.name == name), None)
        return account or self.doorkeeper.make_account(name, GOOD, roles, who="test")

    def person(self, name="王主任", *roles):
        """Somebody who is signed in."""
        account = self.has(name, *(roles or (Role.OWNER,)))
        _, token = self.doorkeeper.let_in(account, label="test", is_trusted=True)
        person = Person(self.app)
        person.client.set_cookie("dalaba_in", token, domain="localhost")
        return person

    def stranger(self):
        """Somebody who is not signed in."""
        return Person(self.app)

    def until(self, moment):
        """Let hours pass in long steps, and the last minutes second by second."""
        nearly = moment - timedelta(minutes=2)
        if nearly > self.village.clock.now():
            self.village.until(nearly, step=60)
        self.village.until(moment)

    @property
    def deck(self):
        return self.village.decks["main"]

    def deeds(self):
        """What is on record, oldest first: (who, what, subject, before, after)."""
        return [
            (deed.who, deed.what, deed.subject, deed.before, deed.after)
            for _, deed in reversed(self.doorkeeper.deeds())
            if not deed.what.startswith("device.") and deed.who != "test"
        ]


class Person:
    """A person in front of a browser without JavaScript: reads words, presses buttons that the page has."""

    def __init__(self, app):
        self.client = app.test_client()
        self.answer = None

    def open(self, path, **more):
        self.answer = self.client.get(path, headers={"Accept": "text/html"}, **more)
        while self.answer.status_code == 303:
            self.answer = self.client.get(self.answer.location, headers={"Accept": "text/html"})
        return self

    def send(self, path, follow=True, **fields):
        """POST with the token of the page that is open."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.answer.text if self.answer else "")
        data = {"csrf_token": token[1] if token else ""} | fields
        self.answer = self.client.post(path, data=data, headers={"Accept": "text/html"})
        if follow and self.answer.status_code == 303:
            self.open(self.answer.location)
        return self

    def press(self, words, nth=0, /, **typed):
        """Fill in and press the *nth* button with these words; fails when the page has none."""
        forms = [form for form in _forms(self.answer.text) if any(words in button[0] for button in form.buttons)]
        assert forms, f"no button {words!r}"
        form = forms[nth]
        button = next(button for button in form.buttons if words in button[0])
        data = form.values | ({button[1]: button[2]} if button[1] else {}) | typed
        action = button[3] or form.action or self.answer.request.full_path.rstrip("?")
        self.answer = self.client.post(action, data=data, headers={"Accept": "text/html"})
        if self.answer.status_code == 303:
            self.open(self.answer.location)
        return self

    def buttons(self):
        return [button[0] for form in _forms(self.answer.text) for button in form.buttons]

    @property
    def words(self):
        """All that can be read, blanks made single."""
        reader = _Words()
        reader.feed(self.answer.text)
        return " ".join(" ".join(reader.words).split())

    @property
    def code(self):
        return self.answer.status_code

    @property
    def path(self):
        return self.answer.request.path


class _Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.words, self._silent = [], 0

    def handle_starttag(self, tag, attrs):
        self._silent += tag in ("script", "style")

    def handle_endtag(self, tag):
        self._silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self._silent:
            self.words.append(data)


class _Form:
    def __init__(self, action):
        self.action, self.values, self.buttons = action, {}, []

    def has(self, name, value):
        """A field; several of one name make a list."""
        before = self.values.get(name)
        self.values[name] = value if before is None else [*(before if isinstance(before, list) else [before]), value]


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self._form, self._button, self._text = [], None, None, None
        self._select, self._chosen, self._is_chosen = None, None, False

    def handle_starttag(self, tag, attrs):
        has = dict(attrs)
        if tag == "form":
            self._form = _Form(has.get("action", ""))
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input":
            is_box = has.get("type") in ("radio", "checkbox")
            if "name" in has and (not is_box or "checked" in has):
                self._form.has(has["name"], has.get("value", "on" if is_box else ""))
        elif tag == "textarea":
            self._text = has["name"]
            self._form.values[self._text] = ""
        elif tag == "select":
            self._select, self._chosen, self._is_chosen = has["name"], "", False
        elif tag == "option" and self._select and ("selected" in has or not self._is_chosen):
            self._chosen = has.get("value", "")
            self._is_chosen = True
        elif tag == "button":
            self._button = ["", has.get("name"), has.get("value", ""), has.get("formaction")]
            self._form.buttons.append(self._button)

    def handle_endtag(self, tag):
        if tag == "select" and self._form is not None and self._select:
            self._form.has(self._select, self._chosen)
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "button":
            self._button = None

    def handle_data(self, data):
        if self._button is not None:
            self._button[0] += data.strip()
        if self._text is not None and self._form is not None:
            self._form.values[self._text] += data


def _forms(html):
    reader = _Forms()
    reader.feed(html)
    return reader.forms


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    yield house
    house.station.backups.close()


@pytest.fixture
def owner(house):
    return house.person("王主任", Role.OWNER)


@pytest.fixture
def sockets(server):
    """Opens connections to the server, and closes them at the end."""
    opened = []

    def connect(words=b""):
        opened.append(socket.create_connection(("127.0.0.1", server.port), timeout=20))
        opened[-1].sendall(words)
        return opened[-1]

    yield connect
    for one in opened:
        one.close()
