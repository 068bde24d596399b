"""Who may press what: each deed of the page with the roles that may do it, all of them on one screen."""

import re

import pytest

from broadcaster.model.people import Role
from tests.webui.conftest import House
from tests.webui.strange import HTML
from tests.webui.test_every_route import FOR_ANYBODY, rules

EVERYBODY = frozenset(Role)
WRITERS = frozenset({Role.OWNER, Role.APPROVER, Role.EDITOR})
APPROVERS = frozenset({Role.OWNER, Role.APPROVER})
CALLERS = frozenset({Role.OWNER, Role.EMERGENCY})
OWNERS = frozenset({Role.OWNER})
MAY_POST = {
    "accounts.forget_device": EVERYBODY,
    "accounts.password": EVERYBODY,
    "approval.script": APPROVERS,
    "approval.withdraw": APPROVERS,
    "emergency.ask": CALLERS,
    "emergency.call": CALLERS,
    "emergency.stop": EVERYBODY,
    "scripts.listen": EVERYBODY,
    "scripts.reading": EVERYBODY,
    "today.stop": EVERYBODY,
}
"""The others by their subject."""
SUBJECTS = {
    "backups": OWNERS,
    "house": OWNERS,
    "lexicon": WRITERS,
    "outputs": OWNERS,
    "people": OWNERS,
    "programs": OWNERS,
    "scripts": WRITERS,
    "timetable": WRITERS,
    "today": WRITERS,
    "voices": OWNERS,
}
MAY_LOOK = {
    **dict.fromkeys(("backups", "changes", "health", "house", "outputs", "people", "programs", "settings"), OWNERS),
    **dict.fromkeys(("lexicon", "scripts.new", "timetable.new"), WRITERS),
    "voices": OWNERS,
}
"""All else is for everybody who is signed in."""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("roles"))
    yield house
    house.station.backups.close()


def wanted(method, endpoint):
    subject = endpoint.partition(".")[0]
    if method == "POST":
        return MAY_POST.get(endpoint) or SUBJECTS[subject]
    return MAY_LOOK.get(endpoint) or MAY_LOOK.get(subject) or EVERYBODY


@pytest.mark.slow
@pytest.mark.parametrize("role", Role)
def test_each_role_does_what_it_is_for_and_nothing_else(house, role):
    person = house.person(f"有{role.value}的人", role).open("/me")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', person.answer.text)[1]
    may = {}
    for method in ("GET", "POST"):
        for endpoint, path in rules(house, method):
            if endpoint in FOR_ANYBODY | {"looks.choose", "people.join"}:
                continue
            data = {"csrf_token": token} if method == "POST" else None
            with person.client.open(path, method=method, headers=HTML, data=data) as answer:
                may[method, endpoint] = answer.status_code != 403

    assert len(may) > 90
    assert may == {(method, endpoint): role in wanted(method, endpoint) for method, endpoint in may}


def test_what_is_taken_away_is_gone_with_the_next_request(house):
    boss = house.has("王主任", Role.OWNER)
    person = house.person("赵书记", Role.OWNER)
    account = house.has("赵书记")
    assert person.open("/settings/changes").code == 200
    house.doorkeeper.change_account(account.id, who=boss.name, roles=[Role.EDITOR])
    assert person.open("/settings/changes").code == 403
    house.doorkeeper.change_account(account.id, who=boss.name, is_active=False)
    assert person.open("/today").path == "/sign-in"
