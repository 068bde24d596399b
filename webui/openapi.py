"""The API as an OpenAPI 3.1 document: the one description that programs, people and the tests go by."""

from __future__ import annotations

from typing import Any

from broadcaster.doorkeeper.confirmations import WITHIN_S
from broadcaster.doorkeeper.programs import ACTING, READING, STOPPING
from broadcaster.model.people import Scope
from broadcaster.model.words import Fate, Priority

VERSION = "1.0.0"
TEXT: dict[str, Any] = {"type": "string"}
TRUTH: dict[str, Any] = {"type": "boolean"}
WHOLE: dict[str, Any] = {"type": "integer"}
NUMBER: dict[str, Any] = {"type": "number"}
INSTANT: dict[str, Any] = {"type": "string", "format": "date-time"}
NAMES: dict[str, Any] = {"type": "array", "items": TEXT}
FATE: dict[str, Any] = {"type": "string", "enum": [fate.value for fate in Fate]}
PRIORITY: dict[str, Any] = {"type": "string", "enum": [priority.word for priority in Priority]}
REASON = {"reason": TEXT, "reason_en": TEXT}
ERRORS = {
    400: "请求写错了，什么都没做 / the request is wrong, nothing was done",
    401: "没有令牌，或者令牌不对 / no token, or a wrong one",
    403: "这个令牌不能做这件事 / the token lacks the scope",
    409: "站不答应，并说为什么 / the station refuses, and says why",
    413: "太长 / too long",
    429: "问得太快 / too many requests",
    503: "数据库现在用不了 / the database does not work now",
}


def document(name: str) -> dict[str, Any]:
    """The document of the station called *name*."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{name} · 大喇叭 API",
            "version": VERSION,
            "description": (
                "让别的程序看广播站、用广播站。Other programs look at the station and use it. "
                f"每分钟最多 / at most a minute: 看 {READING.a_minute}, 做 {ACTING.a_minute}, "
                f"停 {STOPPING.a_minute}."
            ),
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": SCHEMAS,
            "responses": {
                str(code): {
                    "description": words,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
                }
                for code, words in ERRORS.items()
            },
        },
    }


def _paths() -> dict[str, Any]:
    days = _query("days", "几天 / how many days", WHOLE | {"minimum": 1, "maximum": 31, "default": 1})
    first = _query("from", "第一天，不写是今天 / the first day, today if left out", TEXT | {"format": "date"})
    since = _query("since", "从什么时候，不写是一天以前 / from when, a day ago if left out", INSTANT)
    until = _query("until", "到什么时候以前，不写是现在 / before when, now if left out", INSTANT)
    airing = {"type": "string", "minLength": 1, "maxLength": 200}
    zones = NAMES | {"maxItems": 100, "description": "片区，不写就是该去的地方 / zones; none: where it belongs"}
    call = {
        "reason": airing | {"description": "为什么，写进记录 / why, for the books"},
        "plays": WHOLE | {"minimum": 0, "maximum": 100, "description": "播几遍；0：一直播到停 / 0: until stopped"},
        "zones": zones,
        "confirm": airing
        | {
            "description": (
                f"第一次不写；第二次写上回答里的数，{WITHIN_S} 秒以内，别的照旧 / left out at first; "
                f"then the number of the answer, within {WITHIN_S} s, with all else the same"
            )
        },
    }
    prepared = {"script": airing | {"description": "emergency/flood"}} | call
    free = {"text": TEXT | {"minLength": 1, "maxLength": 2000}} | call
    return {
        "/status": _get("status", "站现在怎么样 / how the station is", "Status", Scope.READ),
        "/plan": _get("plan", "要播什么 / what is planned", "Plan", Scope.READ, first, days),
        "/log": _get("log", "播了什么，没播的为什么 / what was heard, and why not", "Log", Scope.READ, since, until),
        "/emergencies": _get(
            "emergencies", "预备的紧急稿 / the prepared texts", "Emergencies", (Scope.READ, Scope.EMERGENCY_PREPARED)
        ),
        "/play": _post(
            "play",
            "播一篇稿子或者一个节目 / put a script or a slot on the air",
            {"what": airing | {"description": "script:notice/010-water, morning"}, "zones": zones},
            ("what",),
            "Airing",
            Scope.SAY,
        ),
        "/skip": _post(
            "skip",
            "今天这一次不播 / leave one airing out",
            {"airing": airing, "why": airing},
            ("airing",),
            "Airing",
            Scope.SAY,
        ),
        "/stop": _post(
            "stop",
            "停：写了 airing 停那一条；没写，先停紧急广播 / stop one airing, or emergencies, or all that is heard",
            {"airing": airing},
            (),
            "Stopped",
            (Scope.SAY, Scope.EMERGENCY_PREPARED, Scope.EMERGENCY_FREE),
        ),
        "/emergency/prepared": _post(
            "emergency_prepared",
            "马上播一篇预备的紧急稿 / a prepared text, over everything",
            prepared,
            ("script", "reason"),
            "Airing",
            Scope.EMERGENCY_PREPARED,
            asks="Question",
        ),
        "/emergency/free": _post(
            "emergency_free",
            "马上播几句话 / any words, over everything",
            free,
            ("text", "reason"),
            "Airing",
            Scope.EMERGENCY_FREE,
            asks="Question",
        ),
    }


def _get(id_: str, summary: str, answer: str, scopes: Scope | tuple[Scope, ...], *query: Any) -> dict[str, Any]:
    return {"get": _operation(id_, summary, answer, scopes, (400, 401, 403, 429, 503)) | {"parameters": list(query)}}


def _post(
    id_: str,
    summary: str,
    fields: dict[str, Any],
    required: tuple[str, ...],
    answer: str,
    scopes: Scope | tuple[Scope, ...],
    asks: str = "",
) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", "properties": fields, "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    content = {"application/json": {"schema": schema}}
    operation = _operation(id_, summary, answer, scopes, (400, 401, 403, 409, 413, 429, 503))
    if asks:
        question = {"application/json": {"schema": {"$ref": f"#/components/schemas/{asks}"}}}
        operation["responses"]["202"] = {"description": "还要确认 / to be confirmed", "content": question}
    return {"post": operation | {"requestBody": {"required": bool(required), "content": content}}}


def _operation(
    id_: str, summary: str, answer: str, scopes: Scope | tuple[Scope, ...], errors: tuple[int, ...]
) -> dict[str, Any]:
    needed = [scopes] if isinstance(scopes, Scope) else list(scopes)
    good = {"application/json": {"schema": {"$ref": f"#/components/schemas/{answer}"}}}
    responses: dict[str, Any] = {"200": {"description": "好 / well", "content": good}}
    responses |= {str(code): {"$ref": f"#/components/responses/{code}"} for code in errors}
    return {
        "operationId": id_,
        "summary": summary,
        "description": "令牌要有 / the token needs: " + " / ".join(needed),
        "x-scopes": needed,
        "responses": responses,
    }


def _query(name: str, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": words, "schema": schema}


def _object(**fields: dict[str, Any]) -> dict[str, Any]:
    """All of them are always there."""
    return {"type": "object", "properties": fields, "required": list(fields)}


def _each(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def _or_none(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


_ENTRY = {
    "airing": TEXT,
    "slot": TEXT,
    "title": TEXT,
    "planned_at": INSTANT,
    "started_at": _or_none(INSTANT),
    "finished_at": _or_none(INSTANT),
    "fate": FATE,
    **REASON,
    "priority": PRIORITY,
    "zones": NAMES,
    "scripts": NAMES,
    "clip": TEXT,
    "voice": TEXT,
    "who": TEXT,
}
_PLANNED = _object(
    airing=TEXT,
    slot=TEXT,
    planned_at=INSTANT,
    starts_at=INSTANT,
    title=TEXT,
    zones=NAMES,
    priority=PRIORITY,
    fate=FATE,
    **REASON,
    scripts=NAMES,
    left_out=_each(_object(script=TEXT, **REASON)),
    repeat=WHOLE,
    grace_s=NUMBER,
    who=TEXT,
)
_OUTPUT = _object(
    name=TEXT,
    is_open=TRUTH,
    device=TEXT,
    is_tape=TRUTH,
    is_monitor=TRUTH,
    rms_dbfs=_or_none(NUMBER),
    underruns=WHOLE,
    players=_object(online=NAMES, offline=NAMES),
    **REASON,
)
SCHEMAS: dict[str, Any] = {
    "Error": _object(error=TEXT, error_en=TEXT),
    "Airing": _object(airing=TEXT),
    "Question": _object(confirm=TEXT, within_s=WHOLE, what=TEXT),
    "Stopped": _object(stopped=NAMES),
    "Planned": _PLANNED,
    "Entry": _object(**_ENTRY),
    "Plan": _object(
        airings=_each({"$ref": "#/components/schemas/Planned"}), notes=_each(_object(note=TEXT, note_en=TEXT))
    ),
    "Log": _object(entries=_each({"$ref": "#/components/schemas/Entry"})),
    "Emergencies": _object(texts=_each(_object(script=TEXT, title=TEXT, text=TEXT, is_ready=TRUTH))),
    "Status": _object(
        station=TEXT,
        pid=WHOLE,
        now=INSTANT,
        clock=_object(is_trusted=TRUTH, **REASON),
        is_quiet=TRUTH,
        night=_or_none(_object(agreed=TEXT, wished=TEXT, opens=TEXT, what=TEXT, what_en=TEXT)),
        on_air=_each(
            _object(
                **_ENTRY,
                outputs=NAMES,
                is_waiting=TRUTH,
                plays=WHOLE,
                heard_s=NUMBER,
                length_s=_or_none(NUMBER),
            )
        ),
        hold=_or_none(_object(since=INSTANT, until=INSTANT, who=TEXT, why=TEXT)),
        next=_each({"$ref": "#/components/schemas/Planned"}),
        outputs=_each(_OUTPUT),
        amplifiers=_each(_object(name=TEXT, is_on=TRUTH)),
        faults=_each(_object(name=TEXT, since=INSTANT, what=TEXT, what_en=TEXT)),
        complaints=_each(_object(file=TEXT, path=TEXT, severity=TEXT, what=TEXT, what_en=TEXT)),
        is_schedule_old=TRUTH,
        clips_missing=WHOLE,
        writes_waiting=WHOLE,
        emergencies_ready=WHOLE,
        planner_asleep_s=NUMBER,
    ),
}
