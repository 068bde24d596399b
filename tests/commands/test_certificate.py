"""dalaba certificate: a certificate of one's own for the page."""

import hashlib
import re
import ssl
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

import pytest

from broadcaster.__main__ import main
from broadcaster.certificate import opened
from tests.certificates import needs_openssl
from tests.station.conftest import SCHEDULE, write_station

pytestmark = [pytest.mark.real, needs_openssl]
WRITTEN = '\n[page]\nhosts = ["dalaba.lan"]\ncertificate = "certificate/page.pem"\nkey = "certificate/page.key"\n'


@pytest.fixture
def home(tmp_path):
    write_station(tmp_path, f'{SCHEDULE}\n[page]\nhosts = ["dalaba.lan"]\n')
    return tmp_path


def files(home):
    return home / "certificate" / "page.pem", home / "certificate" / "page.key"


def test_it_is_made_for_all_names_of_this_machine_and_no_phone_finds_it_too_long(home, capsys):
    assert main(["certificate", "--home", str(home), "192.168.7.7", "Horn.LAN"]) == 0

    pem, key = files(home)
    certificate = opened(pem, key).certificate
    text = subprocess.run(["openssl", "x509", "-in", pem, "-noout", "-text"], capture_output=True, text=True).stdout
    for name in ("DNS:localhost", "IP Address:127.0.0.1", "DNS:dalaba.lan", "IP Address:192.168.7.7", "DNS:horn.lan"):
        assert name in text
    assert "CA:FALSE" in text and "TLS Web Server Authentication" in text
    assert timedelta(days=800) < certificate.ends_at - datetime.now(UTC) < timedelta(days=825)
    assert certificate.is_self_signed
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    said = capsys.readouterr().out
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem.read_text())).hexdigest().upper()
    assert ":".join(re.findall("..", digest)) in said
    assert '[page]\ncertificate = "certificate/page.pem"\nkey = "certificate/page.key"\n' in said


def test_a_second_one_takes_the_place_of_the_first(home, capsys):
    main(["certificate", "--home", str(home)])
    before = [file.read_bytes() for file in files(home)]
    (home / "schedule.toml").write_text(SCHEDULE + WRITTEN, encoding="utf-8")
    capsys.readouterr()
    assert main(["certificate", "--home", str(home)]) == 0

    after = [file.read_bytes() for file in files(home)]
    assert not set(before) & set(after)
    assert opened(*files(home))
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "开着的网页一分钟里就用上。",
        "A page that is open takes it up within a minute.",
    ]
    assert main(["check", "--home", str(home)]) == 0


@pytest.mark.parametrize("name", ["a b", "x\nbasicConstraints=CA:TRUE", "http://x", "DNS:x,IP:1.2.3.4"])
def test_nothing_but_a_name_gets_into_it(home, capsys, name):
    assert main(["certificate", "--home", str(home), name]) == 1
    assert "不是网址里的名字。" in capsys.readouterr().err
    assert not (home / "certificate").exists()


def test_without_openssl_it_is_told_what_to_install(home, capsys, monkeypatch):
    monkeypatch.setenv("PATH", str(home))

    assert main(["certificate", "--home", str(home)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "没有 openssl 这个程序，证书没有做。请先装：sudo apt install openssl。",
        "there is no program openssl, and no certificate was made. Install it: sudo apt install openssl.",
    ]


def test_a_folder_that_cannot_be_written_is_told(home, capsys):
    (home / "certificate").write_text("in the way")

    assert main(["certificate", "--home", str(home)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"写不了“{home}/certificate”：File exists。请检查磁盘和权限。",
        f"'{home}/certificate' cannot be written: File exists. Check disk and permissions.",
    ]


def test_the_check_names_a_certificate_that_cannot_be_used(home, capsys):
    (home / "schedule.toml").write_text(SCHEDULE + WRITTEN, encoding="utf-8")

    assert main(["check", "--home", str(home)]) == 0
    assert "[warning] schedule.toml: page.certificate: 网页的加密用不了：没有文件" in capsys.readouterr().out


def test_no_backup_holds_its_key(home, tmp_path_factory):
    main(["certificate", "--home", str(home)])
    backup = tmp_path_factory.mktemp("backups") / "backup.zip"
    assert main(["backup", str(backup), "--home", str(home)]) == 0

    assert files(home)[1].read_bytes() not in backup.read_bytes()
    assert not [name for name in ZipFile(backup).namelist() if "certificate" in name or name.endswith((".key", ".pem"))]
