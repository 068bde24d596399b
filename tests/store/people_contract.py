"""What every store promises of accounts, devices, wrong passwords and the trail. A subclass supplies ``store``."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadcaster.errors import NameTaken
from broadcaster.model.people import Account, Deed, Device, Failures, Invitation, Program, Role, Scope

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
WANG = Account(id="a1", name="Wang 主任", password="$argon2id$x", roles=frozenset({Role.OWNER}), made_at=NOON)
PHONE = Device(
    id="d1",
    account="a1",
    token="t1",
    label="Android · Chrome",
    made_at=NOON,
    seen_at=NOON,
    expires_at=NOON + timedelta(days=180),
    is_trusted=True,
)

GAUGE = Program(
    id="p1",
    name="河道水位计",
    token="h1",
    scopes=frozenset({Scope.READ, Scope.EMERGENCY_PREPARED}),
    made_by="王主任",
    made_at=NOON,
)
INVITED = Invitation(
    code="c1",
    account="a9",
    name="李会计",
    roles=frozenset({Role.EDITOR}),
    is_new=True,
    made_by="王主任",
    made_at=NOON,
    expires_at=NOON + timedelta(days=3),
)


class PeopleContract:
    def test_a_program_comes_back_as_it_was_and_is_found_by_its_token_alone(self, store):
        store.programs.save_program(GAUGE)
        assert store.programs.program("h1") == GAUGE
        assert store.programs.program("p1") is None

        seen = replace(GAUGE, seen_at=NOON, is_active=False)
        store.programs.save_program(seen)
        store.programs.save_program(replace(GAUGE, id="p2", token="h2", made_at=NOON + timedelta(seconds=1)))
        assert [one.id for one in store.programs.programs()] == ["p2", "p1"]
        assert store.programs.program("h1") == seen

    def test_a_code_is_used_once(self, store):
        store.invitations.save_invitation(INVITED)
        assert store.invitations.invitations() == [INVITED]

        assert store.invitations.use_invitation("c1") == INVITED
        assert store.invitations.use_invitation("c1") is None
        assert store.invitations.invitations() == []

    def test_a_second_code_for_the_same_person_ends_the_first(self, store):
        store.invitations.save_invitation(INVITED)
        store.invitations.save_invitation(replace(INVITED, code="c2"))
        assert store.invitations.use_invitation("c1") is None

        store.invitations.forget_invitation("a9")
        assert store.invitations.use_invitation("c2") is None

    def test_an_account_comes_back_as_it_was(self, store):
        store.accounts.save_account(WANG)

        assert store.accounts.accounts() == [WANG]

    def test_an_account_is_changed_not_doubled(self, store):
        store.accounts.save_account(WANG)
        changed = replace(WANG, name="王主任", roles=frozenset({Role.EDITOR, Role.EMERGENCY}), is_active=False)
        store.accounts.save_account(changed)

        assert store.accounts.accounts() == [changed]

    def test_accounts_come_by_name(self, store):
        for number, name in enumerate(("chen", "Bao", "an")):
            store.accounts.save_account(replace(WANG, id=f"a{number}", name=name))

        assert [one.name for one in store.accounts.accounts()] == ["an", "Bao", "chen"]

    def test_a_name_is_used_once_whatever_its_case(self, store):
        store.accounts.save_account(WANG)

        with pytest.raises(NameTaken):
            store.accounts.save_account(replace(WANG, id="a2", name="wang 主任"))
        assert store.accounts.accounts() == [WANG]

    def test_a_device_is_found_by_its_token_alone(self, store):
        store.accounts.save_account(WANG)
        store.devices.save_device(PHONE)

        assert store.devices.device("t1") == PHONE
        assert store.devices.device("d1") is None
        assert store.devices.device("") is None

    def test_devices_of_one_account_come_with_the_last_seen_first(self, store):
        store.accounts.save_account(WANG)
        store.accounts.save_account(replace(WANG, id="a2", name="李"))
        later = replace(PHONE, id="d2", token="t2", seen_at=NOON + timedelta(hours=1))
        for device in (PHONE, later, replace(PHONE, id="d3", token="t3", account="a2")):
            store.devices.save_device(device)

        assert store.devices.devices("a1") == [later, PHONE]

    def test_a_forgotten_device_is_gone_and_the_others_stay(self, store):
        store.accounts.save_account(WANG)
        other = replace(PHONE, id="d2", token="t2")
        store.devices.save_device(PHONE)
        store.devices.save_device(other)
        store.devices.forget_devices(["d1", "nobody"])
        store.devices.forget_devices([])

        assert store.devices.device("t1") is None
        assert store.devices.devices("a1") == [other]

    def test_failures_are_counted_by_key_and_forgotten_at_nought(self, store):
        store.failures.save_failures([Failures(key=key, count=2, last_at=NOON) for key in ("name:王", "addr:1")])
        store.failures.save_failures([Failures(key="name:王", count=3, last_at=NOON)])
        store.failures.save_failures([Failures(key="addr:1", count=0, last_at=NOON)])

        assert store.failures.failures(["name:王", "addr:1", "x"]) == [Failures(key="name:王", count=3, last_at=NOON)]

    def test_the_trail_comes_newest_first_and_page_by_page(self, store):
        deeds = [
            Deed(at=NOON, who="王", what="airing.skip", subject=f"noon-{n}", before="planned", after="skipped")
            for n in range(5)
        ]
        for deed in deeds:
            store.trail.note(deed)

        first = store.trail.deeds(2)
        assert [deed for _, deed in first] == [deeds[4], deeds[3]]
        assert [deed for _, deed in store.trail.deeds(9, before=first[-1][0])] == [deeds[2], deeds[1], deeds[0]]
