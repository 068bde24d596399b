"""People at the page of a real station: they sign in, look at pages at their own pace, and the clock runs."""

import gzip
import http.client
import random
import re
import threading
import time
import urllib.parse
from collections import defaultdict

from tests.bench.village import log_of, wait_until

PASSWORD = "大营村有三棵老槐树"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Person:
    """One browser: a connection that is kept, cookies, and how long each answer took."""

    def __init__(self, port, encrypted=None):
        """*encrypted*: what to speak TLS with."""
        if encrypted is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        else:
            self._connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=encrypted)
        self.cookies = {}
        self.page = ""

    def ask(self, path, form=None):
        """(status, milliseconds until the whole answer was there); a form takes the token of the last page."""
        headers = {"Accept": "text/html", "Accept-Encoding": "gzip", "Cookie": self.cookie}
        body = None
        if form is not None:
            token = TOKEN.search(self.page)
            body = urllib.parse.urlencode({"csrf_token": token[1] if token else ""} | form)
            headers |= FORM
        began = time.perf_counter()
        try:
            status, answer, text = self._send(path, body, headers)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # The server closes what was kept open for long; a browser asks again, too.
            self._connection.close()
            status, answer, text = self._send(path, body, headers)
        took = 1000 * (time.perf_counter() - began)
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        if answer.getheader("Content-Encoding") == "gzip":
            text = gzip.decompress(text)
        self.page = text.decode("utf-8", "replace")
        return status, took

    def _send(self, path, body, headers):
        self._connection.request("GET" if body is None else "POST", path, body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer, answer.read()

    @property
    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def close(self):
        self._connection.close()


def owner(port, home, said=log_of, encrypted=None):
    """The first owner, signed up with the code on the station's screen."""
    wait_until(lambda: "开站码" in said(home), 60)
    person = Person(port, encrypted)
    person.ask("/first")
    code = re.search(r"开站码：(\S+)", said(home))[1]
    form = {"code": code, "name": "王主任", "password": PASSWORD, "again": PASSWORD, "is_trusted": "y"}
    status, _ = person.ask("/first", form)
    if status != 303:
        raise RuntimeError(f"the first owner could not sign up: {status}")
    return person


def signed_in(port):
    """The same person at another device."""
    person = Person(port)
    person.ask("/sign-in")
    status, _ = person.ask("/sign-in", {"name": "王主任", "password": PASSWORD, "is_trusted": "y"})
    if status != 303:
        raise RuntimeError(f"nobody could sign in: {status}")
    return person


def at_their_own_pace(people, paths, *, seconds, pause_s):
    """Everybody looks at *paths* in an order of their own, one every *pause_s*; {path: [milliseconds]}."""
    times, failed = defaultdict(list), []
    until = time.monotonic() + seconds
    nobody_comes = threading.Event()

    def look(person, number):
        chance = random.Random(number)  # only who looks at what
        nobody_comes.wait(chance.random() * pause_s)
        while time.monotonic() < until:
            path = chance.choice(paths)
            began = time.monotonic()
            status, took = person.ask(path)
            times[path].append(took)
            if status != 200:
                failed.append((path, status))
            nobody_comes.wait(max(0.0, pause_s - (time.monotonic() - began)))

    threads = [threading.Thread(target=look, args=(one, number)) for number, one in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(f"pages failed: {failed[:5]}")
    return times
