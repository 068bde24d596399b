"""What a browser, or a proxy on the way, may keep: nothing of those who are signed in, but sound for their own ears."""

import pytest

from tests.webui.test_every_route import FOR_ANYBODY, HTML, owner_at, rules

OPEN = FOR_ANYBODY - {"accounts.first", "accounts.sign_in", "accounts.sign_out", "people.join"}
KEY = "0123456789abcdef" * 2


def test_no_page_is_kept_by_anybody(house):
    """After signing out on the office PC, the button “back” shows nothing."""
    owner = owner_at(house, "/today")
    for endpoint, path in rules(house, "GET"):
        with owner.client.get(path, headers=HTML) as answer:
            if endpoint not in OPEN and endpoint != "api.document":
                assert answer.headers["Cache-Control"] == "no-store", endpoint


def test_sound_is_kept_by_the_own_browser_alone(house, tmp_path):
    """It was marked as public: a proxy could have handed an unapproved text to whoever asked for its address."""
    (tmp_path / KEY).write_bytes(b"RIFF" + bytes(100))
    house.station.logbook._clip_path = lambda key: tmp_path / key
    with owner_at(house, "/today").client.get(f"/log/clips/{KEY}.wav") as answer:
        assert answer.status_code == 200
        assert set(answer.headers["Cache-Control"].split(", ")) == {"private", "max-age=600"}


def test_a_backup_is_kept_by_no_browser(house):
    folder = house.village.home.var / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    name = "dalaba-2026-11-23-031000-nightly.zip"
    (folder / name).write_bytes(b"PK")
    with owner_at(house, "/today").client.get(f"/settings/backup/{name}") as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/static/dalaba.js", "/icon-192.png"])
def test_what_everybody_sees_is_kept_for_a_day(house, path):
    with house.stranger().client.get(path) as answer:
        assert "max-age=86400" in answer.headers["Cache-Control"]
