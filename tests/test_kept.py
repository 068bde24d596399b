"""Where passwords are kept."""

import pytest

from broadcaster.errors import SecretMissing
from broadcaster.kept import read_secret


def test_a_password_is_read_from_a_file_of_the_station_or_from_outside(tmp_path, monkeypatch):
    (tmp_path / "radio.txt").write_text("a word\n")
    monkeypatch.setenv("RADIO_WORD", "from outside")

    assert read_secret("file:radio.txt", tmp_path) == "a word"
    assert read_secret("env:RADIO_WORD", tmp_path) == "from outside"
    assert read_secret("", tmp_path) == ""


def test_a_password_that_is_not_there_is_told_in_words(tmp_path):
    with pytest.raises(SecretMissing) as none:
        read_secret("env:NOWHERE", tmp_path)
    assert none.value.sentence.zh == "没有环境变量 NOWHERE，不知道密码"
    assert none.value.sentence.en == "there is no environment variable NOWHERE with the password"

    with pytest.raises(SecretMissing) as unread:
        read_secret("file:nowhere.txt", tmp_path)
    assert unread.value.sentence.zh.startswith("密码文件 nowhere.txt 读不了：")
    assert unread.value.sentence.en.startswith("the password file nowhere.txt cannot be read: ")
