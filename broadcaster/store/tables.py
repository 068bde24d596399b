"""The tables as they are after all migrations. They are made by ``migrations``, never from here."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Dialect, Float, Integer, MetaData, String, Table, TypeDecorator


class Words(TypeDecorator[str]):
    """Text of any origin. A character that no database takes must not cost the row."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


metadata = MetaData()

airing = Table(
    "airing",
    metadata,
    Column("airing", Words, primary_key=True),
    Column("slot", Words),
    Column("title", Words),
    Column("planned_at", String),
    Column("planned_us", BigInteger),
    Column("started_at", String),
    Column("finished_at", String),
    Column("fate", String),
    Column("reason_zh", Words),
    Column("reason_en", Words),
    Column("priority", String),
    Column("zones", Words),
    Column("scripts", Words),
    Column("clip", Words),
    Column("voice", Words),
    Column("who", Words),
    Column("seq", BigInteger),
    Column("is_voided", Boolean),
    Column("heard", String),
    Column("delay_ms", Integer),
    Column("level_db", Float),
)

script_use = Table("script_use", metadata, Column("script", Words, primary_key=True), Column("seq", BigInteger))

change = Table(
    "change",
    metadata,
    Column("seq", BigInteger, primary_key=True),
    Column("made_at", String),
    Column("made_us", BigInteger),
    Column("body", Words),
)

memory = Table("memory", metadata, Column("name", Words, primary_key=True), Column("value", Words))

person = Table(
    "person",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", Words),
    Column("study_group", Words),
    Column("pinyin", Words),
    Column("consents", Boolean),
    Column("has_withdrawn", Boolean),
)

points = Table(
    "points",
    metadata,
    Column("person", String, primary_key=True),
    Column("on_date", String, primary_key=True),
    Column("total", BigInteger),
)

points_import = Table(
    "points_import",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("file_name", Words),
    Column("imported_at", String),
    Column("row_count", Integer),
    Column("who", Words),
)

revision = Table("revision", metadata, Column("sha256", String, primary_key=True), Column("content", String))
"""*content*: the bytes of a script's file in base64, which every database keeps exactly."""

approval = Table(
    "approval",
    metadata,
    Column("seq", BigInteger, primary_key=True),
    Column("script", Words),
    Column("verdict", String),
    Column("who", Words),
    Column("made_at", String),
    Column("sha256", String),
    Column("before_sha256", String),
    Column("reading", Words),
    Column("why", Words),
)

script_step = Table(
    "script_step",
    metadata,
    Column("seq", BigInteger, primary_key=True),
    Column("script", Words),
    Column("step", String),
    Column("who", Words),
    Column("made_at", String),
    Column("sha256", String),
    Column("note", Words),
)

account = Table(
    "account",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", Words),
    Column("name_key", Words),
    Column("password", String),
    Column("roles", String),
    Column("is_active", Boolean),
    Column("made_at", String),
)

device = Table(
    "device",
    metadata,
    Column("id", String, primary_key=True),
    Column("account", String),
    Column("token", String),
    Column("label", Words),
    Column("made_at", String),
    Column("seen_at", String),
    Column("seen_us", BigInteger),
    Column("expires_at", String),
    Column("is_trusted", Boolean),
)

program = Table(
    "program",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", Words),
    Column("token", String),
    Column("scopes", String),
    Column("made_by", Words),
    Column("made_at", String),
    Column("made_us", BigInteger),
    Column("seen_at", String),
    Column("is_active", Boolean),
)

invitation = Table(
    "invitation",
    metadata,
    Column("account", String, primary_key=True),
    Column("code", String),
    Column("name", Words),
    Column("roles", String),
    Column("is_new", Boolean),
    Column("made_by", Words),
    Column("made_at", String),
    Column("made_us", BigInteger),
    Column("expires_at", String),
)

failure = Table(
    "failure",
    metadata,
    Column("name", Words, primary_key=True),
    Column("number", Integer),
    Column("last_at", String),
)

deed = Table(
    "deed",
    metadata,
    Column("seq", BigInteger, primary_key=True),
    Column("at", String),
    Column("who", Words),
    Column("what", Words),
    Column("subject", Words),
    Column("before_it", Words),
    Column("after_it", Words),
)
