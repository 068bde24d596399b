"""Values of the station as plain data for programs: the JSON of the local door and of the command line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from broadcaster.model.airing import Airing, DayPlan, Hold, LogEntry
from broadcaster.model.approval import Approval
from broadcaster.model.texts import Doubt, Reading
from broadcaster.model.words import Complaint, Sentence
from broadcaster.station.night import NightAsked
from broadcaster.station.status import OutputStatus, Sounding, Status

if TYPE_CHECKING:  # it brings the libraries of speech with it, which an idle station does without
    from broadcaster.station.proofs import Proof

LOG_COLUMNS = (
    "airing",
    "slot",
    "title",
    "planned_at",
    "started_at",
    "finished_at",
    "fate",
    "reason",
    "reason_en",
    "priority",
    "zones",
    "scripts",
    "clip",
    "voice",
    "who",
    "heard",
    "delay_ms",
    "level_db",
)
"""Of the as-run log as a table, in this order."""


def airing_told(airing: Airing) -> dict[str, Any]:
    return {
        "airing": airing.id,
        "slot": airing.slot.id,
        "planned_at": airing.planned_at.isoformat(),
        "starts_at": airing.starts_at.isoformat(),
        "title": airing.title or airing.slot.title or airing.slot.id,
        "zones": list(airing.slot.zones),
        "priority": airing.slot.priority.word,
        "fate": airing.fate.value,
        **reason_told(airing.reason),
        "scripts": list(airing.scripts),
        "left_out": [{"script": left.script, **reason_told(left.reason)} for left in airing.left_out],
        "repeat": airing.slot.repeat,
        "grace_s": airing.slot.grace.total_seconds(),
        "who": airing.who,
    }


def plans_told(plans: Iterable[DayPlan]) -> list[dict[str, Any]]:
    """All airings of some days, one after the other."""
    return [airing_told(airing) for plan in plans for airing in plan.airings]


def entry_told(entry: LogEntry) -> dict[str, Any]:
    return {
        "airing": entry.airing,
        "slot": entry.slot,
        "title": entry.title,
        "planned_at": entry.planned_at.isoformat(),
        "started_at": _instant(entry.started_at),
        "finished_at": _instant(entry.finished_at),
        "fate": entry.fate.value,
        **reason_told(entry.reason),
        "priority": entry.priority.word,
        "zones": list(entry.zones),
        "scripts": list(entry.scripts),
        "clip": entry.clip,
        "voice": entry.voice,
        "who": entry.who,
        "heard": entry.heard.value,
        "delay_ms": entry.delay_ms,
        "level_db": entry.level_db,
    }


def log_row(entry: LogEntry) -> dict[str, str]:
    """One row of the log as a table: text in every column, and none that a spreadsheet takes for a formula."""
    told = entry_told(entry)
    return {name: cell(told[name]) for name in LOG_COLUMNS}


BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Spreadsheets that speak Chinese take the wide signs, too."""


def cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, int | float):
        return str(value)
    text = " ".join(value) if isinstance(value, list) else str(value or "")
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text


def reading_told(reading: Reading) -> dict[str, Any]:
    return {
        "text": reading.text,
        "spoken": reading.spoken,
        "pinyin": reading.pinyin,
        "syllables": [{"char": one.char, "pinyin": one.pinyin} for one in reading.syllables],
        "doubts": [doubt_told(doubt) for doubt in reading.doubts],
    }


def approval_told(approval: Approval) -> dict[str, Any]:
    reading = approval.reading
    return {
        "script": approval.script,
        "verdict": approval.verdict.value,
        "who": approval.who,
        "at": approval.at.isoformat(),
        "sha256": approval.sha256,
        "before_sha256": approval.before,
        "spoken": reading.spoken if reading else "",
        "pinyin": " ".join(one.pinyin for one in reading.syllables) if reading else "",
        "why": approval.why,
    }


def proof_told(found: Proof, seconds: float) -> dict[str, Any]:
    """What is known of the reading of a script, beside the reading itself."""
    approved = found.approved
    return {
        "script": found.script.name,
        "seconds": round(seconds, 1),
        "approved": {"who": approved.who, "at": approved.at.isoformat()} if approved else None,
        "changes": [{"place": one.place, "approved": one.before, "today": one.after} for one in found.changes],
    }


def doubt_told(doubt: Doubt) -> dict[str, Any]:
    return {
        "kind": doubt.kind.value,
        "start": doubt.start,
        "written": doubt.written,
        "reading": doubt.reading,
        "alternatives": list(doubt.alternatives),
        "why": doubt.why.zh,
        "why_en": doubt.why.en,
    }


def complaint_told(complaint: Complaint) -> dict[str, Any]:
    return {
        "file": complaint.file,
        "path": complaint.path,
        "severity": complaint.severity.value,
        "what": complaint.what.zh,
        "what_en": complaint.what.en,
    }


def status_told(status: Status) -> dict[str, Any]:
    return {
        "station": status.station,
        "pid": status.pid,
        "now": status.now.isoformat(),
        "clock": {"is_trusted": status.is_clock_trusted, **reason_told(status.why_clock_is_not_trusted)},
        "is_quiet": status.is_quiet,
        "night": night_told(status.night),
        "on_air": [sounding_told(one) for one in status.on_air],
        "hold": hold_told(status.hold),
        "next": [airing_told(airing) for airing in status.next],
        "outputs": [_output_told(output) for output in status.outputs],
        "amplifiers": [{"name": one.name, "is_on": one.is_on} for one in status.amplifiers],
        "faults": [
            {"name": fault.name, "since": fault.since.isoformat(), "what": fault.what.zh, "what_en": fault.what.en}
            for fault in status.faults
        ],
        "complaints": [complaint_told(complaint) for complaint in status.complaints],
        "is_schedule_old": status.is_schedule_old,
        "clips_missing": status.clips_missing,
        "writes_waiting": status.writes_waiting,
        "emergencies_ready": status.emergencies_ready,
        "planner_asleep_s": round(status.planner_asleep_s, 3),
    }


def night_told(night: NightAsked | None) -> dict[str, Any] | None:
    """What an owner has yet to agree to; None: nothing."""
    if night is None:
        return None
    told = {"agreed": night.agreed, "wished": night.wished, "opens": night.opens}
    return told | {"what": night.what.zh, "what_en": night.what.en}


def hold_told(hold: Hold | None) -> dict[str, Any] | None:
    """Silence that people asked for; None: nothing is held."""
    if hold is None:
        return None
    return {"since": hold.since.isoformat(), "until": hold.until.isoformat(), "who": hold.who, "why": hold.why}


def reason_told(reason: Sentence) -> dict[str, str]:
    return {"reason": reason.zh, "reason_en": reason.en}


def sounding_told(one: Sounding) -> dict[str, Any]:
    return entry_told(one.entry) | {
        "outputs": list(one.outputs),
        "is_waiting": one.is_waiting,
        "plays": one.plays,
        "heard_s": round(one.heard.total_seconds(), 1),
        "length_s": round(one.length.total_seconds(), 1) if one.length else None,
    }


def _output_told(output: OutputStatus) -> dict[str, Any]:
    return {
        "name": output.name,
        "is_open": output.is_open,
        "device": output.device,
        "is_tape": output.is_tape,
        "is_monitor": output.is_monitor,
        "rms_dbfs": output.rms_dbfs,
        "underruns": output.underruns,
        "players": {"online": list(output.players_online), "offline": list(output.players_offline)},
        **reason_told(output.why_not),
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
