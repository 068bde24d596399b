"""Programs with a token, and one-time codes for people, in the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, select

from broadcaster.model.people import AccountId, Invitation, Program, ProgramId, Role, Scope
from broadcaster.store.database import Database, upsert
from broadcaster.store.instants import from_text, to_microseconds, to_text
from broadcaster.store.tables import invitation, program


class StoredPrograms:
    """Programs in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_program(self, one: Program) -> None:
        row = {
            "id": one.id,
            "name": one.name,
            "token": one.token,
            "scopes": " ".join(sorted(one.scopes)),
            "made_by": one.made_by,
            "made_at": to_text(one.made_at),
            "made_us": to_microseconds(one.made_at),
            "seen_at": to_text(one.seen_at) if one.seen_at else None,
            "is_active": one.is_active,
        }
        self._database.write(lambda connection: upsert(connection, program, row))

    def program(self, token: str) -> Program | None:
        query = select(program).where(program.c.token == token)
        row = self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else _to_program(row)

    def programs(self) -> list[Program]:
        query = select(program).order_by(program.c.made_us.desc(), program.c.id)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return [_to_program(row) for row in rows]


class StoredInvitations:
    """Invitations in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_invitation(self, one: Invitation) -> None:
        row = {
            "account": one.account,
            "code": one.code,
            "name": one.name,
            "roles": " ".join(sorted(one.roles)),
            "is_new": one.is_new,
            "made_by": one.made_by,
            "made_at": to_text(one.made_at),
            "made_us": to_microseconds(one.made_at),
            "expires_at": to_text(one.expires_at),
        }
        self._database.write(lambda connection: upsert(connection, invitation, row))

    def invitations(self) -> list[Invitation]:
        query = select(invitation).order_by(invitation.c.made_us.desc(), invitation.c.account)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return [_to_invitation(row) for row in rows]

    def use_invitation(self, code: str) -> Invitation | None:
        return self._database.write(lambda connection: _use(connection, code))

    def forget_invitation(self, account: AccountId) -> None:
        query = delete(invitation).where(invitation.c.account == account)
        self._database.write(lambda connection: connection.execute(query))


def _use(connection: Connection, code: str) -> Invitation | None:
    row = connection.execute(select(invitation).where(invitation.c.code == code)).first()
    if row is None:
        return None
    connection.execute(delete(invitation).where(invitation.c.code == code))
    return _to_invitation(row)


def _to_program(row: Row[Any]) -> Program:
    known = {scope.value for scope in Scope}
    return Program(
        id=ProgramId(row.id),
        name=row.name,
        token=row.token,
        scopes=frozenset(Scope(word) for word in row.scopes.split() if word in known),
        made_by=row.made_by,
        made_at=from_text(row.made_at),
        seen_at=from_text(row.seen_at) if row.seen_at else None,
        is_active=row.is_active,
    )


def _to_invitation(row: Row[Any]) -> Invitation:
    known = {role.value for role in Role}
    return Invitation(
        code=row.code,
        account=AccountId(row.account),
        name=row.name,
        roles=frozenset(Role(word) for word in row.roles.split() if word in known),
        is_new=row.is_new,
        made_by=row.made_by,
        made_at=from_text(row.made_at),
        expires_at=from_text(row.expires_at),
    )
