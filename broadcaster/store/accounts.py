"""Accounts, the devices they are signed in on, and wrong passwords, in the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from broadcaster.errors import NameTaken
from broadcaster.model.people import Account, AccountId, Device, DeviceId, Failures, Role
from broadcaster.model.words import Sentence
from broadcaster.store.database import Database, upsert
from broadcaster.store.instants import from_text, to_microseconds, to_text
from broadcaster.store.tables import account, device, failure


class StoredAccounts:
    """Accounts in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_account(self, one: Account) -> None:
        """Insert or replace the account with this id; durable on return. Raises StoreFailed or NameTaken."""
        self._database.write(lambda connection: _save_account(connection, one))

    def accounts(self) -> list[Account]:
        """All, ordered by name. Raises StoreFailed."""
        return list(self._database.ask("accounts", _accounts))


class StoredDevices:
    """Devices in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_device(self, one: Device) -> None:
        row = {
            "id": one.id,
            "account": one.account,
            "token": one.token,
            "label": one.label,
            "made_at": to_text(one.made_at),
            "seen_at": to_text(one.seen_at),
            "seen_us": to_microseconds(one.seen_at),
            "expires_at": to_text(one.expires_at),
            "is_trusted": one.is_trusted,
        }
        self._database.write(lambda connection: upsert(connection, device, row))

    def device(self, token: str) -> Device | None:
        return self._database.ask(("device", token), lambda connection: _device(connection, token))

    def devices(self, of: AccountId) -> list[Device]:
        return list(self._database.ask(("devices", of), lambda connection: _devices(connection, of)))

    def forget_devices(self, devices: Iterable[DeviceId]) -> None:
        query = delete(device).where(device.c.id.in_(list(devices)))
        self._database.write(lambda connection: connection.execute(query))


class StoredFailures:
    """FailureBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def failures(self, keys: Iterable[str]) -> list[Failures]:
        query = select(failure).where(failure.c.name.in_(list(keys))).order_by(failure.c.name)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return [Failures(key=row.name, count=row.number, last_at=from_text(row.last_at)) for row in rows]

    def save_failures(self, failures: Iterable[Failures]) -> None:
        wanted = list(failures)
        self._database.write(lambda connection: _save_failures(connection, wanted))


def _accounts(connection: Connection) -> tuple[Account, ...]:
    rows = connection.execute(select(account).order_by(account.c.name_key))
    return tuple(_to_account(row) for row in rows)


def _device(connection: Connection, token: str) -> Device | None:
    row = connection.execute(select(device).where(device.c.token == token)).first()
    return None if row is None else _to_device(row)


def _devices(connection: Connection, of: AccountId) -> tuple[Device, ...]:
    query = select(device).where(device.c.account == of).order_by(device.c.seen_us.desc(), device.c.id)
    return tuple(_to_device(row) for row in connection.execute(query))


def _save_account(connection: Connection, one: Account) -> None:
    key = one.name.casefold()
    taken = connection.execute(select(account.c.id).where(account.c.name_key == key, account.c.id != one.id)).first()
    if taken is not None:
        raise name_taken(one.name)
    row = {
        "id": one.id,
        "name": one.name,
        "name_key": key,
        "password": one.password,
        "roles": " ".join(sorted(one.roles)),
        "is_active": one.is_active,
        "made_at": to_text(one.made_at),
    }
    upsert(connection, account, row)


def name_taken(name: str) -> NameTaken:
    return NameTaken(
        Sentence(
            f"已经有人叫“{name}”了。请换一个名字，比如加上姓。",
            f"somebody is called {name!r} already. Choose another name, for example with the family name.",
        )
    )


def _save_failures(connection: Connection, failures: list[Failures]) -> None:
    for one in failures:
        if one.count == 0:
            connection.execute(delete(failure).where(failure.c.name == one.key))
        else:
            upsert(connection, failure, {"name": one.key, "number": one.count, "last_at": to_text(one.last_at)})


def _to_account(row: Row[Any]) -> Account:
    known = {role.value for role in Role}
    return Account(
        id=AccountId(row.id),
        name=row.name,
        password=row.password,
        roles=frozenset(Role(word) for word in row.roles.split() if word in known),
        is_active=row.is_active,
        made_at=from_text(row.made_at),
    )


def _to_device(row: Row[Any]) -> Device:
    return Device(
        id=DeviceId(row.id),
        account=AccountId(row.account),
        token=row.token,
        label=row.label,
        made_at=from_text(row.made_at),
        seen_at=from_text(row.seen_at),
        expires_at=from_text(row.expires_at),
        is_trusted=row.is_trusted,
    )
