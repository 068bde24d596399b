"""Emergencies at the local door: called, held as a drill, cleared, corrected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Response, jsonify

from broadcaster.model.airing import AiringId
from broadcaster.station import Station
from webui.local_request import body, count, seconds, text

USUAL_GAP_S = 2.0


def emergency_routes(station: Station) -> dict[str, Callable[[], Response]]:
    """What can be posted, by path."""

    def emergency() -> Response:
        return jsonify({"airing": station.emergency(**_asked(station, body()))})

    def drill() -> Response:
        return jsonify({"airing": station.drill(**_asked(station, body()))})

    def all_clear() -> Response:
        return jsonify({"airing": station.all_clear(**_after(body()))})

    def correct() -> Response:
        return jsonify({"airing": station.correct(**_after(body()))})

    return {"/emergency": emergency, "/drill": drill, "/all-clear": all_clear, "/correct": correct}


def _asked(station: Station, given: dict[str, Any]) -> dict[str, Any]:
    gap_s = seconds(given, "gap_s")
    return {
        "what": text(given, "what"),
        "who": text(given, "who"),
        "reason": text(given, "reason", ""),
        "plays": count(given, "plays"),
        "zones": tuple(str(zone) for zone in given.get("zones") or ()),
        "gap": timedelta(seconds=USUAL_GAP_S if gap_s is None else gap_s),
        "until": _end(station, given),
    }


def _after(given: dict[str, Any]) -> dict[str, Any]:
    emergency = given.get("emergency")
    return {
        "what": text(given, "what", ""),
        "who": text(given, "who"),
        "reason": text(given, "reason", ""),
        "plays": count(given, "plays"),
        "emergency": AiringId(str(emergency)) if emergency else None,
    }


def _end(station: Station, given: dict[str, Any]) -> datetime | None:
    """``for_s`` from now on, or ``until`` a time of the village's clock: one of day that is past is tomorrow's."""
    local = station.now()
    lasting_s = seconds(given, "for_s")
    if lasting_s is not None:
        return local + timedelta(seconds=lasting_s)
    if given.get("until") is None:
        return None
    said = text(given, "until").replace(" ", "T")
    if "-" in said:
        end = datetime.fromisoformat(said)
        return end if end.tzinfo is not None else end.replace(tzinfo=local.tzinfo)
    end = datetime.fromisoformat(f"{local:%Y-%m-%d}T{said}").replace(tzinfo=local.tzinfo)
    return end if end > local else end + timedelta(days=1)
