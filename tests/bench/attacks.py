"""Machines attack the page: requests by chance, schemathesis over the API, wapiti over a running station with TLS."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.pages import free_port
from tests.bench.people import Person, owner
from tests.bench.table import Row, Table
from tests.bench.village import PROJECT, running, timetable
from tests.certificates import pair, trusting
from tests.webui.conftest import House
from tests.webui.strange import ask

RANDOM, EXAMPLES = 5_200, 120
"""Some of the random ones would sign the visitor out; they are not sent."""
WAPITI = PROJECT / ".venv" / "wapiti" / "bin" / "wapiti"
MODULES = (
    "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,https_redirect,ldap,methods,permanentxss,"
    "redirect,shellshock,sql,upload,xss"
)
"""Those that need nothing beyond this machine. The csrf of version 3.2.3 doubles the Content-Type of its request with
the right key, so that no server can read that form; it sees the page refuse a wrong key in other words, and is content.
"""
LEVELS = ("informational", "low", "medium", "high", "critical")
SECONDS = 240


def measure(*, is_quick):
    yield _by_chance(300 if is_quick else RANDOM)
    yield _schemathesis(4 if is_quick else EXAMPLES)
    port = free_port()
    page = f'[page]\nport = {port}\ncertificate = "page.pem"\nkey = "page.key"\n'
    schedule = timetable("", now=datetime.now(UTC), more=page)
    with running(schedule, prepare=_with_a_certificate) as (home, _, _):
        yield from _over_tls(port, home, 20 if is_quick else SECONDS)


def _with_a_certificate(home):
    """As a township gives one out."""
    pair(home.root, authority=pair(home.root, "authority"))


def _over_tls(port, home, seconds):
    encrypted = trusting(home.root / "authority.pem")
    with closing(owner(port, home, encrypted=encrypted)) as person:
        person.ask("/today")
        stranger = Person(port, encrypted)
        stranger.ask("/sign-in")  # with the key of forms: wapiti forgets what a later page gives out
        for who, cookie in {"signed out": stranger.cookie, "signed in": person.cookie}.items():
            yield from _wapiti(port, cookie, who, seconds)
        status, _ = person.ask("/today")
        if status != 200:
            raise RuntimeError(f"the page answers {status} after the attack")


def _by_chance(count):
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        codes = Counter(ask(house.person().open("/today"), house, count, seed=5))
    rows = (Row("an error of ours (5xx)", (sum(n for code, n in codes.items() if code >= 500),)),)
    rows += tuple(Row(str(code), (number,)) for code, number in sorted(codes.items()))
    return Table(f"{codes.total()} random requests to all routes, signed in", "answers", rows)


def _schemathesis(examples):
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/webui/test_api.py", "-k", "schema"]
    told = subprocess.run(
        line, env=os.environ | {"API_EXAMPLES": str(examples)}, capture_output=True, text=True, check=False, cwd=PROJECT
    )
    last = told.stdout.strip().splitlines()[-1]
    if told.returncode:
        raise RuntimeError(told.stdout[-5_000:])
    row = Row(f"right and wrong requests to each operation of the API ({last})", (examples,))
    return Table("schemathesis: nothing that the document does not promise, no 5xx", "requests", (row,))


def _wapiti(port, cookie, who, seconds):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "told.json"
        line = [
            WAPITI,
            "-u",
            f"https://127.0.0.1:{port}/today",
            "--scope",
            "domain",
            "-m",
            MODULES,
            "-S",
            "polite",
            "--tasks",
            "1",
        ]
        line += ["-f", "json", "-o", out, "--flush-session", "--no-bugreport", "-v", "0", "--store-session", folder]
        line += [
            "--max-scan-time",
            str(seconds),
            "--max-attack-time",
            str(seconds // 4),
            "-x",
            f"https://127.0.0.1:{port}/sign-out",
            "-x",
            f"https://127.0.0.1:{port}/*/forget",  # of a device: that, too, is the end of the visit
        ]
        line += ["--store-config", folder, "-C", cookie]
        subprocess.run(line, check=True, capture_output=True, timeout=seconds * 6, env=os.environ | {"HOME": folder})
        told = json.loads(out.read_text(encoding="utf-8"))
    found = Counter()
    kinds = {level: Counter() for level in range(len(LEVELS))}
    for part in ("vulnerabilities", "anomalies", "additionals"):
        for kind, ones in told[part].items():
            for one in ones:
                found[one["level"]] += 1
                if one["level"]:
                    print(one["http_request"], file=sys.stderr)
                kinds[one["level"]][f"{kind}: {one['method']} {one['path'].partition('?')[0]}, {one['info']}"] += 1
    pages = told["infos"].get("crawled_pages_nbr", 0)
    rows = tuple(
        Row(name, (found[level],), "; ".join(f"{n} × {kind}" for kind, n in kinds[level].most_common(6)))
        for level, name in reversed(list(enumerate(LEVELS)))
    )
    yield Table(f"wapiti, {who}, {pages} pages", "findings", rows)
