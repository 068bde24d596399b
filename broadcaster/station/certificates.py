"""The certificate of the page, as its files are now → a finding for the person who looks after the station."""

from __future__ import annotations

from datetime import datetime, tzinfo
from pathlib import Path

from broadcaster.certificate import Certificate, opened
from broadcaster.errors import Refused
from broadcaster.model.timetable import PageSettings
from broadcaster.model.words import Complaint, Sentence, Severity
from broadcaster.station.health import Finding, Grade

NAME = "page"
RENEW = Sentence(
    "换一张新的：dalaba certificate，或者找给证书的人。文件换了，一分钟里就用上，不用重新开站。",
    "Renew it: dalaba certificate, or ask who made it. New files are taken up within a minute, without a restart.",
)
STILL_OPEN = Sentence(
    "开着的网页还用以前读到的那一张；重新开站以后，就只有这台机器打得开网页了。",
    "A page that is open goes on with what it read before; after a restart only this machine would open it.",
)
LOOK_AT_THE_CLOCK = Sentence(
    "看一看时钟和日期对不对；对的，就换一张证书。",
    "See whether clock and date are right; if they are, take another certificate.",
)


def looked_at(root: Path, settings: PageSettings, now: datetime) -> Finding | None:
    """None: the page of this station does not speak TLS. *root*: the home folder."""
    if not settings.certificate:
        return None
    try:
        certificate = opened(root / settings.certificate, root / settings.key).certificate
    except Refused as error:
        what = Sentence(f"网页的加密用不了：{error.sentence.zh}", f"TLS of the page does not work: {error.sentence.en}")
        return Finding(name=NAME, grade=Grade.BAD, what=what, remedy=STILL_OPEN)
    return judged(certificate, now)


def judged(certificate: Certificate, now: datetime) -> Finding:
    """A certificate whose key is there, at *now*, whose time zone is the village's."""
    begins, ends = (_day(at, now.tzinfo) for at in (certificate.begins_at, certificate.ends_at))
    if now < certificate.begins_at:
        what = Sentence(f"网页的证书要到 {begins} 才生效。", f"The certificate of the page begins on {begins} only.")
        return Finding(name=NAME, grade=Grade.BAD, what=what, remedy=LOOK_AT_THE_CLOCK)
    if now >= certificate.ends_at:
        what = Sentence(
            f"网页的证书 {ends} 到期了，手机会先警告，再让人进。",
            f"The certificate of the page ended on {ends}: phones warn before they open it.",
        )
        return Finding(name=NAME, grade=Grade.BAD, what=what, remedy=RENEW)
    if certificate.ends_soon(now):
        days = (certificate.ends_at - now).days
        what = Sentence(
            f"网页的证书 {ends} 到期，还有 {days} 天。",
            f"The certificate of the page ends on {ends}, in {days} day(s).",
        )
        return Finding(name=NAME, grade=Grade.WATCH, what=what, remedy=RENEW)
    what = Sentence(f"网页是加密的，证书到 {ends}。", f"The page is encrypted; its certificate lasts until {ends}.")
    return Finding(name=NAME, grade=Grade.GOOD, what=what)


def as_complaints(finding: Finding | None) -> tuple[Complaint, ...]:
    """For `dalaba check`: the air does not need the page, so it is a warning at most."""
    if finding is None or finding.grade is Grade.GOOD:
        return ()
    what = Sentence(f"{finding.what.zh}{finding.remedy.zh}", f"{finding.what.en} {finding.remedy.en}")
    return (Complaint(file="schedule.toml", path="page.certificate", what=what, severity=Severity.WARNING),)


def _day(at: datetime, zone: tzinfo | None) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d}"
