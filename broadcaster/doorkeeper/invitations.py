"""One-time codes: somebody new, or somebody who forgot the password, chooses one that nobody else ever knew."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

from broadcaster.doorkeeper.passwords import fit_name, fit_password
from broadcaster.doorkeeper.programs import Noting
from broadcaster.doorkeeper.throttle import Throttle
from broadcaster.errors import NameTaken, Refused
from broadcaster.model.people import Account, AccountId, Invitation, Role
from broadcaster.model.words import Sentence
from broadcaster.ports import Accounts, Clock, Invitations

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""None that look alike: the code is read from one screen and typed on another."""
GOOD_FOR = timedelta(days=3)
NO_ROLE = Sentence("请至少选一个职责。", "choose at least one role.")
WRONG_INVITATION = Sentence(
    "一次码不对，或者过期了，或者已经用过。请站长再给您一个。",
    "the code is wrong, out of date or used already. Ask the owner for another one.",
)


class InvitationDesk:
    """Every method may be called from any thread."""

    def __init__(
        self,
        invitations: Invitations,
        accounts: Accounts,
        clock: Clock,
        throttle: Throttle,
        note: Noting,
        one_at_a_time: AbstractContextManager[object],
    ) -> None:
        """*one_at_a_time*: held by whoever writes accounts."""
        self._invitations = invitations
        self._accounts = accounts
        self._clock = clock
        self._throttle = throttle
        self._note = note
        self._one_at_a_time = one_at_a_time

    def invite(self, name: str, roles: Iterable[Role], *, who: str) -> tuple[Invitation, str]:
        """A code for somebody new. Raises Refused, NameTaken or StoreFailed."""
        name, wanted = fit_name(name), frozenset(roles)
        if not wanted:
            raise Refused(NO_ROLE)
        taken = [one.name for one in self._accounts.accounts()] + [one.name for one in self.waiting() if one.is_new]
        if name.casefold() in (other.casefold() for other in taken):
            raise NameTaken(
                Sentence(
                    f"已经有人叫“{name}”了。请换一个名字，比如加上姓。",
                    f"somebody is called {name!r} already. Choose another name, for example with the family name.",
                )
            )
        made = self._made(AccountId(secrets.token_hex(8)), name, wanted, is_new=True, who=who)
        self._note(who, "account.invite", name, after=" ".join(sorted(wanted)))
        return made

    def renew(self, account: Account, *, who: str) -> tuple[Invitation, str]:
        """A code for a new password; the old one goes on until it is used. Raises StoreFailed."""
        made = self._made(account.id, account.name, account.roles, is_new=False, who=who)
        self._note(who, "account.reset", account.name)
        return made

    def waiting(self) -> list[Invitation]:
        """Those that can still be used, the newest first. Raises StoreFailed."""
        now = self._clock.now()
        return [one for one in self._invitations.invitations() if now < one.expires_at]

    def withdraw(self, account: AccountId, *, who: str) -> None:
        """The code is worth nothing any more. Raises StoreFailed."""
        known = next((one for one in self._invitations.invitations() if one.account == account), None)
        if known is not None:
            self._invitations.forget_invitation(account)
            self._note(who, "account.uninvite", known.name)

    def use(self, code: str, password: str, *, address: str, hash_: Callable[[str], str]) -> Account:
        """The account, with the new password. A password that will not do costs no code.

        Raises Refused, NameTaken or StoreFailed.
        """
        # By address only: sixty bits need no guard of their own, and one that all share could lock everybody out.
        keys = (f"addr:{address}",)
        self._throttle.check(keys)
        hidden = hashed_code(code)
        found = next((one for one in self.waiting() if one.code == hidden), None)
        account = None if found is None else self._account_of(found)
        if found is None or account is None:
            self._throttle.failed(keys)
            raise Refused(WRONG_INVITATION)
        hashed = hash_(fit_password(password, account.name))
        with self._one_at_a_time:  # it took a while: perhaps the account was changed or switched off meanwhile
            account = self._account_of(found)
            if account is None or self._invitations.use_invitation(hidden) is None:
                raise Refused(WRONG_INVITATION)
            ready = replace(account, password=hashed)
            self._accounts.save_account(ready)
        self._note(ready.name, "account.join" if found.is_new else "account.password", ready.name)
        return ready

    def _account_of(self, invitation: Invitation) -> Account | None:
        """None: it was for somebody who may not sign in, or is not there any more."""
        if invitation.is_new:
            return Account(
                id=invitation.account,
                name=invitation.name,
                password="",
                roles=invitation.roles,
                made_at=self._clock.now(),
            )
        known = {one.id: one for one in self._accounts.accounts() if one.is_active}
        return known.get(invitation.account)

    def _made(
        self, account: AccountId, name: str, roles: frozenset[Role], *, is_new: bool, who: str
    ) -> tuple[Invitation, str]:
        letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(12))
        code = f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
        now = self._clock.now()
        invitation = Invitation(
            code=hashed_code(code),
            account=account,
            name=name,
            roles=roles,
            is_new=is_new,
            made_by=who,
            made_at=now,
            expires_at=now + GOOD_FOR,
        )
        self._invitations.save_invitation(invitation)
        return invitation, code


def hashed_code(code: str) -> str:
    """60 bits behind a throttle, for three days: a quick hash is enough."""
    plain = code.upper().replace("-", "").replace(" ", "")
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
