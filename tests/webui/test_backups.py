"""Backups on the page of the owner: made, downloaded, looked at, put back, and taken back."""

import io
import zipfile
from datetime import timedelta

import pytest

from broadcaster.backup.manifest import DAMAGED, NO_BACKUP
from broadcaster.backup.packing import pack
from broadcaster.model.people import Role
from broadcaster.station.backupdesk import GONE, LOOK_AGAIN
from tests.station.conftest import at

SCRIPT = "study/a.txt"


@pytest.fixture
def packed(house):
    """The station as it is, in the bytes of a backup."""
    target = house.village.home.var / "packed.zip"
    pack(house.village.home, target, station="试验村", now=at("07:29"))
    return target.read_bytes()


def send(person, data, name="b.zip"):
    return person.send("/settings/backup/look", file=(io.BytesIO(data), name))


def script(house):
    return house.village.home.scripts / SCRIPT


@pytest.mark.slow
def test_a_backup_is_made_beside_the_station_and_downloaded(house, owner):
    owner.open("/settings").open("/settings/backup").press("做一份备份")
    assert "备份好了。" in owner.words or "还在做" in owner.words
    assert house.station.backups.wait(timedelta(minutes=5))
    [one] = house.station.backups.all()

    assert "自己做的 · 0.0 MB" in owner.open("/settings/backup").words
    owner.open(f"/settings/backup/{one.name}")
    assert owner.answer.headers["Content-Disposition"] == f"attachment; filename={one.name}"
    with zipfile.ZipFile(io.BytesIO(owner.answer.data)) as backup:
        assert f"scripts/{SCRIPT}" in backup.namelist() and backup.testzip() is None
    owner.answer.close()
    assert [deed[1:3] for deed in house.deeds()] == [("backup.make", one.name), ("backup.download", one.name)]


def test_it_is_looked_at_put_back_and_taken_back(house, owner, packed):
    old = script(house).read_bytes()
    script(house).write_text("别的话。", encoding="utf-8")
    (script(house).parent / "new.txt").write_text("新的话。", encoding="utf-8")
    send(owner.open("/settings/backup"), packed)
    assert owner.code == 200 and "换成备份里的（1 个文件） scripts/study/a.txt" in owner.words
    assert "拿掉的，备份里没有（1 个文件） scripts/study/new.txt" in owner.words
    assert script(house).read_text(encoding="utf-8") == "别的话。"

    owner.press("就这样，放回去")
    assert "放回去了。原来的都在“dalaba-2026-11-24-072905-before-restore.zip”里" in owner.words
    assert script(house).read_bytes() == old and not (script(house).parent / "new.txt").exists()
    assert house.station._books.in_force.library.scripts[-3].body == "第一课。今天学怎么看天气预报。"
    assert house.deeds()[-1][1:] == (
        "backup.restore",
        "试验村 2026-11-24 07:29",
        "dalaba-2026-11-24-072905-before-restore.zip",
        "+0 ~1 -1",
    )

    owner.press("看看能放回什么").press("就这样，放回去")
    assert script(house).read_text(encoding="utf-8") == "别的话。"
    assert (script(house).parent / "new.txt").read_text(encoding="utf-8") == "新的话。"


def test_a_change_after_the_look_is_not_run_over(house, owner, packed):
    script(house).write_text("别的话。", encoding="utf-8")
    send(owner.open("/settings/backup"), packed)
    script(house).write_text("又改了。", encoding="utf-8")
    owner.press("就这样，放回去")

    assert owner.code == 409 and LOOK_AGAIN.zh in owner.words
    assert script(house).read_text(encoding="utf-8") == "又改了。"
    owner.press("就这样，放回去")
    assert "放回去了。" in owner.words


def test_what_is_as_it_was_offers_nothing(owner, packed):
    send(owner.open("/settings/backup"), packed)

    assert "和现在一样，什么也没有变。" in owner.words and "就这样，放回去" not in owner.buttons()


@pytest.mark.parametrize(
    ("data", "said"), [(b"hello", NO_BACKUP.zh), (b"PK\x03\x04" + b"x" * 400_000, DAMAGED.zh), (b"", NO_BACKUP.zh)]
)
def test_a_wrong_file_changes_nothing(house, owner, data, said):
    before = script(house).read_bytes()
    send(owner.open("/settings/backup"), data)

    assert owner.code == 422 and said in owner.words and script(house).read_bytes() == before
    assert not list((house.village.home.var / "restore").glob("*"))


def test_no_file_and_strange_names_are_told(house, owner, packed):
    owner.open("/settings/backup").press("看看会变什么")
    assert owner.code == 422 and "请先选一个备份文件。" in owner.words
    for name in ("..%2F..%2Fschedule.toml", "station.db", "dalaba-2026-11-24-031000-nightly.zip"):
        assert owner.open(f"/settings/backup/{name}").code in (404, 409)
    for number in ("", "../../scripts", "0" * 16):
        owner.open("/settings/backup").send("/settings/backup/put-back", number=number, version="x")
        assert owner.code == 409 and GONE.zh in owner.words


def test_only_an_owner_may_look_put_back_or_send_much(house, packed):
    other = house.person("张书记", Role.APPROVER, Role.EDITOR, Role.EMERGENCY)
    assert other.open("/settings/backup").code == 403
    assert send(other.open("/today"), packed).code == 403
    assert send(other.open("/today"), b"x" * 400_000).code == 413
    assert send(house.stranger().open("/sign-in"), b"x" * 400_000).code == 413


def test_when_the_nightly_one_is_made_is_told_and_in_english_too(house, owner):
    assert "每天 03:10 自己做一份，留 14 天。" in owner.open("/settings/backup").words
    owner.press("就这样", language="en")
    assert "One is made every day at 03:10 and kept for 14 days." in owner.open("/settings/backup").words
