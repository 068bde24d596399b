"""Strange requests to every route that the page has: drawn by chance, the same for the same seed."""

import random
import re
from urllib.parse import quote, urlsplit

VALUES = (
    "",
    "1",
    "-1",
    "99999999999999999999",
    "0x10",
    "1e9",
    "study",
    "study/a",
    "policy/fire",
    "noon@2026-11-24T12:00:00",
    "2026-11-24",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "24:00",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "....//....//etc/passwd",
    "/etc/passwd",
    "file:///etc/passwd",
    "\\\\host\\share",
    "a\x00b",
    "a\r\nX-Evil: 1",
    "%0d%0aX-Evil:%201",
    "{{ 7777 * 7777 }}",
    "{% for a in ().__class__.__mro__ %}x{% endfor %}",
    "${7777*7777}",
    "<script>alert(1)</script>",
    "'\"><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "//evil.example",
    "https://evil.example/",
    "' OR '1'='1",
    "1; DROP TABLE airing",
    "\udcff\ud800",
    "\u202e倒过来",
    "水" * 3_000,
    "[]",
    '{"a": [[[[]]]]}',
    "W10",
)
NAMES = (
    "q",
    "kind",
    "state",
    "from",
    "to",
    "day",
    "days",
    "fate",
    "zone",
    "text",
    "behind",
    "name",
    "title",
    "body",
    "author",
    "expires",
    "voice",
    "recording",
    "based_on",
    "does",
    "version",
    "month",
    "week",
    "slot",
    "id",
    "at",
    "play",
    "repeat",
    "grace",
    "enabled",
    "what",
    "airing",
    "until",
    "why",
    "who",
    "number",
    "next",
    "token",
    "size",
    "theme",
    "lang",
    "code",
    "password",
    "again",
    "roles",
    "csrf_token",
    "word",
    "said",
    "file",
    "since",
    "sha256",
    "verdict",
    "note",
    "reason",
    "words",
    "script",
    "confirm",
)

METHODS = ("GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH")


def path_of(rule, given, otherwise):
    """The address of *rule* with what is *given* for its blanks, by their names, or *otherwise*; as it is decoded."""
    return re.sub(r"<(?:[^:>]*:)?(\w+)>", lambda blank: given.get(blank[1], otherwise), str(rule))


SECRET = "root:x:0:0 机密"
HTML = {"Accept": "text/html"}


def ask(person, house, count, seed):
    """The answers' codes to *count* strange requests of somebody who is signed in; fails for what must never be."""
    (house.village.home.root / "secret.txt").write_text(SECRET, encoding="utf-8")
    key = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', person.answer.text)[1]
    codes = []
    for method, path, query, form in requests(house.app.url_map.iter_rules(), count, seed):
        if path == "/sign-out" or "forget" in path:  # that would be the end of the visit
            continue
        with person.client.open(
            quote(path, safe="/%", errors="surrogatepass"),
            method=method,
            query_string=_encoded(query),
            data=_encoded({"csrf_token": key} | form) if method == "POST" else None,
            headers=HTML,
        ) as answer:
            told = (method, path, query, form)
            assert answer.status_code < 500, told
            assert "X-Evil" not in answer.headers, told
            assert urlsplit(answer.headers.get("Location", "")).netloc in ("", "localhost"), told
            assert b"root:x:0:0" not in answer.data and b"60481729" not in answer.data, told
            assert b"<script>alert" not in answer.data and b"<img src=x" not in answer.data, told
            codes.append(answer.status_code)
    return codes


def _encoded(fields):
    return {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}


def requests(rules, count, seed):
    """(method, path, query, form) *count* times; the path is as it stands after decoding."""
    chance = random.Random(seed)
    rules = sorted(rules, key=str)
    for _ in range(count):
        rule = chance.choice(rules)
        path = path_of(rule, {}, chance.choice(VALUES)[:200])
        query = {chance.choice(NAMES): chance.choice(VALUES)[:1_000] for _ in range(chance.randrange(4))}
        form = {chance.choice(NAMES): chance.choice(VALUES) for _ in range(chance.randrange(6))}
        yield chance.choice(METHODS), path, query, form
