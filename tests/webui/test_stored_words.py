"""Words that somebody left behind everywhere, and what every page makes of them: words."""

import re

import pytest

from broadcaster.model.people import Role, Scope
from tests.webui.test_every_route import HTML, rules
from tests.webui.test_scripts import FIRE, save

EVIL = ("\"'><img src=x onerror=alert(1)>", "{{7*7}}${7*7}</script><script>a()")
BROKEN_OUT = re.compile(r"<img src=x|<svg onload|</script><script>a|[\"']\s*onerror=|\$\{49\}|>49<")


@pytest.mark.slow
@pytest.mark.parametrize("evil", EVIL, ids=range(len(EVIL)))
def test_what_somebody_left_behind_is_words_on_every_page(house, evil):
    """Names of people and programs, titles, authors, notes, reasons, texts, devices, words of the lexicon."""
    owner = house.person("王主任", Role.OWNER)
    for account in (house.has(evil, Role.EDITOR), house.has("王主任")):
        house.doorkeeper.let_in(account, label=evil, is_trusted=True)
    house.doorkeeper.programs.admit(evil, [Scope.READ], who=evil)
    house.doorkeeper.invitations.invite(f"{evil}2"[-40:], [Role.EDITOR], who=evil)
    house.doorkeeper.note(evil, evil, evil, evil, evil)
    owner.open(FIRE)
    save(owner, title=evil[:30], author=evil, body=f"小心火烛。{evil}")
    sha256 = re.search(r'name="sha256"[^>]*value="([0-9a-f]{64})"', owner.open("/approval/policy/fire").answer.text)[1]
    owner.send("/approval/policy/fire", does="send_back", sha256=sha256, why=evil)
    owner.open("/today").send("/today/hold", until="end", why=evil)
    owner.open("/emergency").send("/emergency/call", script="free", words=f"水来了{evil}", reason=evil)

    shown = 0
    for endpoint, path in rules(house, "GET"):
        with owner.client.get(path, headers=HTML) as answer:
            assert answer.status_code < 500, endpoint
            if answer.mimetype == "text/html":
                assert BROKEN_OUT.search(answer.text) is None, (endpoint, BROKEN_OUT.search(answer.text))
                shown += "alert(1)" in answer.text or "7*7" in answer.text or "a()" in answer.text
    for query in ("/log/find", "/scripts", "/settings/changes", "/settings/lexicon", "/sign-in", "/people"):
        names = ("text", "q", "find", "next", "kind", "state", "zone", "from", "name")
        with owner.client.get(query, query_string=dict.fromkeys(names, evil), headers=HTML) as answer:
            assert answer.status_code < 500 and BROKEN_OUT.search(answer.text) is None, query
    assert shown > 5


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "＝", "＋", "－", "＠"])
def test_no_cell_begins_a_formula_whoever_wrote_it(house, sign):
    """Spreadsheets that speak Chinese take the wide signs, too."""
    owner = house.person("王主任", Role.OWNER)
    evil = f"{sign}HYPERLINK(1)"
    house.doorkeeper.note(evil, evil, evil, evil, evil)
    owner.open("/today").send("/today/hold", until="end", why=evil)
    for path in ("/settings/changes.csv", "/log.csv"):
        rows = owner.client.get(path).text.splitlines()
        assert not [cell for row in rows for cell in re.split(r'[,"]', row) if cell[:1] in tuple("=+@＝＋－＠\t")], path
