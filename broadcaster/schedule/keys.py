"""Every key that schedule.toml may hold, table by table. ``docs/schedule.md`` explains each, and a test compares."""

from __future__ import annotations

from types import MappingProxyType

KEYS = MappingProxyType(
    {
        "station": ("name", "timezone", "language", "quiet_hours", "strict"),
        "voice": ("engine", "rate", "voice", "fallback"),
        "sound": (
            "loudness_lufs",
            "peak_dbtp",
            "chime",
            "closing_chime",
            "siren",
            "amplifier_lead",
            "lead_in",
            "tail",
            "comma_pause",
            "sentence_pause",
            "repeat_pause",
            "opening",
            "repeat_phrase",
            "closing",
        ),
        "zone": ("outputs",),
        "output": (
            "kind",
            "device",
            "channel",
            "address",
            "codec",
            "password",
            "unicast",
            "delay",
            "control",
            "clients",
            "level_db",
            "levels",
            "mute",
            "emergency_level_db",
        ),
        "calendar": ("days_off", "workdays"),
        "lexicon": (),
        "slot": (
            "id",
            "title",
            "at",
            "days",
            "except",
            "from",
            "until",
            "play",
            "repeat",
            "zones",
            "priority",
            "grace",
            "if_interrupted",
            "voice",
            "chime",
        ),
    }
)
"""``voice``, ``zone`` and ``output`` stand for ``[voice.NAME]`` and so on; ``lexicon`` has words of the owner's own."""
