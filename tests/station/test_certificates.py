"""The certificate of the page in a sentence, with what to do."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from broadcaster.certificate import Certificate
from broadcaster.model.timetable import PageSettings
from broadcaster.model.words import Severity
from broadcaster.station.certificates import as_complaints, judged, looked_at
from broadcaster.station.health import Grade
from tests.certificates import needs_openssl, pair

NOW = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
RENEW = "Renew it: dalaba certificate, or ask who made it. New files are taken up within a minute, without a restart."


@pytest.mark.parametrize(
    ("begins", "ends", "grade", "zh", "en", "remedy"),
    [
        (
            -10,
            300,
            Grade.GOOD,
            "网页是加密的，证书到 2027-09-21。",
            "The page is encrypted; its certificate lasts until 2027-09-21.",
            "",
        ),
        (
            -10,
            12,
            Grade.WATCH,
            "网页的证书 2026-12-07 到期，还有 12 天。",
            "The certificate of the page ends on 2026-12-07, in 12 day(s).",
            RENEW,
        ),
        (
            -90,
            -1,
            Grade.BAD,
            "网页的证书 2026-11-24 到期了，手机会先警告，再让人进。",
            "The certificate of the page ended on 2026-11-24: phones warn before they open it.",
            RENEW,
        ),
        (
            2,
            90,
            Grade.BAD,
            "网页的证书要到 2026-11-27 才生效。",
            "The certificate of the page begins on 2026-11-27 only.",
            "See whether clock and date are right; if they are, take another certificate.",
        ),
    ],
)
def test_a_certificate_is_judged_by_its_days(begins, ends, grade, zh, en, remedy):
    days = {"begins_at": NOW + timedelta(days=begins), "ends_at": NOW + timedelta(days=ends)}
    found = judged(Certificate(**days, is_self_signed=True), NOW)

    assert (found.name, found.grade, found.what.zh, found.what.en) == ("page", grade, zh, en)
    assert found.remedy.en == remedy
    assert bool(found.remedy.zh) is bool(remedy)
    assert len(as_complaints(found)) == (grade is not Grade.GOOD)


def test_a_page_without_a_certificate_has_no_line_of_its_own(tmp_path):
    assert looked_at(tmp_path, PageSettings(), NOW) is None
    assert as_complaints(None) == ()


def test_files_that_cannot_be_used_are_told_and_are_a_warning_of_the_check(tmp_path):
    found = looked_at(tmp_path, PageSettings(certificate="page.pem", key="page.key"), NOW)
    (complaint,) = as_complaints(found)

    assert found.grade is Grade.BAD
    assert found.what.zh.startswith(f"网页的加密用不了：没有文件“{tmp_path}/page.pem”。")
    assert found.what.en.startswith(f"TLS of the page does not work: there is no file '{tmp_path}/page.pem'.")
    assert (complaint.path, complaint.severity) == ("page.certificate", Severity.WARNING)
    assert complaint.what.en.endswith(
        "A page that is open goes on with what it read before; after a restart only this machine would open it."
    )
    assert complaint.what.zh.endswith("开着的网页还用以前读到的那一张；重新开站以后，就只有这台机器打得开网页了。")


@needs_openssl
@pytest.mark.real
def test_files_below_the_home_folder_or_anywhere_else_are_found(tmp_path):
    pem, key = pair(tmp_path)
    begins_at = datetime.fromtimestamp(pem.stat().st_mtime, NOW.tzinfo)
    for given in (("page.pem", "page.key"), (str(pem), str(key))):
        found = looked_at(tmp_path, PageSettings(certificate=given[0], key=given[1]), begins_at + timedelta(days=1))
        assert found.grade is Grade.GOOD
