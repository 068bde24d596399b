"""Two PEM files → what the page speaks TLS with, or what is wrong with them in words."""

import os
import ssl
import subprocess
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.certificate import opened, read
from broadcaster.errors import Refused
from broadcaster.model.words import Sentence
from tests.certificates import needs_openssl, pair

pytestmark = [needs_openssl, pytest.mark.real]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return pair(tmp_path_factory.mktemp("certificates"))


def told(certificate, key):
    with pytest.raises(Refused) as refused:
        opened(certificate, key)
    return refused.value.sentence


@pytest.mark.parametrize("days", [1, 90, 36_500])
def test_it_is_known_from_when_to_when_it_is_good(tmp_path, days):
    pem, key = pair(tmp_path, days=days)
    line = ["openssl", "x509", "-in", pem, "-noout", "-startdate", "-enddate"]
    dates = subprocess.run(line, capture_output=True, text=True, check=True).stdout.splitlines()
    begins, ends = (ssl.cert_time_to_seconds(date.partition("=")[2]) for date in dates)

    certificate = opened(pem, key).certificate

    assert certificate.begins_at == datetime.fromtimestamp(begins, UTC)
    assert certificate.ends_at == datetime.fromtimestamp(ends, UTC)
    assert certificate.is_self_signed


def test_one_that_an_authority_signed_is_told_from_one_that_nobody_vouches_for(tmp_path):
    authority = pair(tmp_path, "authority")
    pem, key = pair(tmp_path, authority=authority)
    with pem.open("a") as chain:
        chain.write(authority[0].read_text())

    assert not opened(pem, key).certificate.is_self_signed


def test_it_ends_soon_thirty_days_before(made):
    certificate = opened(*made).certificate

    assert not certificate.ends_soon(certificate.ends_at - timedelta(days=30, seconds=1))
    assert certificate.ends_soon(certificate.ends_at - timedelta(days=30))


def test_a_file_that_is_not_there_is_told_with_a_way_to_make_it(made, tmp_path):
    away = tmp_path / "away.pem"
    sentence = Sentence(
        f"没有文件“{away}”。请看 schedule.toml 的 [page]，或者用 dalaba certificate 做一张证书。",
        f"there is no file '{away}'. See [page] of schedule.toml, or make a certificate: dalaba certificate.",
    )

    assert told(away, made[1]) == told(made[0], away) == sentence


@contextmanager
def without_rights():
    """The administrator may read every file: then as somebody else."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_a_key_of_somebody_else_is_told_with_the_remedy(tmp_path):
    folder = tmp_path / "letsencrypt"
    folder.mkdir(mode=0)
    locked = folder / "page.key"
    with without_rights():
        sentence = told(locked, locked)
    folder.chmod(0o700)

    assert sentence == Sentence(
        f"不让读“{locked}”。请把它交给运行广播站的用户（chown、chmod 600）。",
        f"'{locked}' may not be read. Give it to the user who runs the station (chown, chmod 600).",
    )


def test_a_folder_is_no_certificate(made, tmp_path):
    assert told(tmp_path, made[1]) == Sentence(
        f"读不了“{tmp_path}”：Is a directory。请检查 schedule.toml 的 [page]。",
        f"'{tmp_path}' cannot be read: Is a directory. Check [page] of schedule.toml.",
    )


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe" * 500,
        b"-----END CERTIFICATE----------BEGIN CERTIFICATE-----",
        b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
    ],
)
def test_what_is_no_certificate_is_told(made, tmp_path, text):
    wrong = tmp_path / "wrong.pem"
    wrong.write_bytes(text)

    assert told(wrong, made[1]) == Sentence(
        f"“{wrong}”不是证书。证书是一个 PEM 文件，里面有“-----BEGIN CERTIFICATE-----”。",
        f"'{wrong}' is no certificate. That is a PEM file with '-----BEGIN CERTIFICATE-----' in it.",
    )


def test_a_certificate_in_the_place_of_its_key_is_told(made):
    pem, _ = made

    assert told(pem, pem) == Sentence(
        f"“{pem}”不是私钥。私钥是一个 PEM 文件，里面有“PRIVATE KEY”。",
        f"'{pem}' is no private key. That is a PEM file with 'PRIVATE KEY' in it.",
    )


def test_the_key_of_another_certificate_is_told(made, tmp_path):
    _, other = pair(tmp_path, "other")

    assert told(made[0], other) == Sentence(
        f"私钥“{other}”不是证书“{made[0]}”的。两个文件要是同一次做的。",
        f"the key '{other}' is not that of the certificate '{made[0]}'. Both must be made together.",
    )


@pytest.mark.parametrize("how", ["pkey", "ec"])
def test_a_key_with_a_password_is_told_and_nobody_is_asked_for_it(made, tmp_path, how):
    locked = tmp_path / "locked.key"
    line = ["openssl", how, "-in", made[1], "-out", locked, "-aes256", "-passout", "pass:secret"]
    subprocess.run(line, check=True, capture_output=True)

    assert told(made[0], locked) == Sentence(
        f"私钥“{locked}”有密码，停电以后没有人来输。请去掉密码：openssl pkey -in 旧文件 -out 新文件。",
        f"the key '{locked}' has a password, and nobody types it after a power cut. "
        "Take it off: openssl pkey -in OLD -out NEW.",
    )


def test_a_damaged_key_is_told(made, tmp_path):
    damaged = tmp_path / "damaged.key"
    damaged.write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")

    sentence = told(made[0], damaged)

    assert sentence.zh.startswith(f"证书“{made[0]}”和私钥“{damaged}”用不了（")
    assert sentence.zh.endswith("）。请重新做一对。")
    assert sentence.en.startswith(f"certificate '{made[0]}' and key '{damaged}' cannot be used (")
    assert sentence.en.endswith("). Make both anew.")


@given(where=st.integers(0, 10_000), value=st.integers(0, 255), keep=st.integers(0, 10_000))
def test_whatever_is_damaged_in_a_certificate_is_a_date_or_a_refusal(made, where, value, keep):
    der = bytearray(ssl.PEM_cert_to_DER_cert(made[0].read_text()))
    der[where % len(der)] = value
    with suppress(ValueError, IndexError):
        assert read(bytes(der[: keep % len(der) + 1])).ends_at.tzinfo is UTC
