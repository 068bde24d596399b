"""What is slow has a pace for each person; what an emergency needs has none."""

from broadcaster.model.people import Role
from tests.doorkeeper.conftest import GOOD
from webui import pace


def limit(endpoint):
    return int(pace.PACES[endpoint].partition("/")[0])


def test_a_text_may_be_listened_to_so_many_times_a_minute_by_each_person(house):
    hasty = house.person("李编辑", Role.EDITOR).open("/scripts/new")
    codes = [
        hasty.open("/scripts/new").send("/scripts/listen", body="下雨了。").code for _ in range(limit("scripts.listen"))
    ]
    assert 429 not in codes

    hasty.open("/scripts/new").send("/scripts/listen", body="下雨了。")

    assert hasty.code == 429
    assert "太快了，没有做。请等一分钟再试。" in hasty.words
    assert house.person("王主任", Role.OWNER).open("/scripts/new").send("/scripts/listen", body="下雨了。").code != 429


def test_looking_stopping_and_emergencies_have_no_pace(house):
    person = house.person("王主任", Role.OWNER)
    for _ in range(200):
        assert person.open("/today/live").code == 200
    for _ in range(40):
        assert person.open("/today").send("/today/stop").code != 429
    assert not [endpoint for endpoint in pace.PACES if endpoint.startswith(("emergency.", "today."))]


def test_a_stranger_tries_few_passwords_a_minute_even_under_many_names(house):
    house.has("王主任", Role.OWNER)
    person = house.stranger()
    codes = [
        person.open("/sign-in").send("/sign-in", name=f"人{number}", password=GOOD).code
        for number in range(limit("accounts.sign_in") + 1)
    ]
    assert codes[-1] == 429
    assert 200 not in codes
