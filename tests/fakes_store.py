"""MemoryStore: the station's store without a disk. It keeps the contract of tests/store/contract.py."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from itertools import count, pairwise

from broadcaster.errors import NameTaken, StoreFailed
from broadcaster.model.logbook import LogPage, Place, is_wanted
from broadcaster.model.words import Fate, Sentence
from broadcaster.store.instants import to_microseconds
from broadcaster.study.importing import imported, preview
from broadcaster.study.roster import Roster

HEARD = {Fate.ON_AIR, Fate.AIRED, Fate.INTERRUPTED}


class MemoryStore:
    """The same parts as ``broadcaster.store.Store``."""

    def __init__(self):
        self.trouble = None
        self.log = _Log(self)
        self.logbook = _LogBook(self)
        self.changes = _Changes(self)
        self.memory = _Memory(self)
        self.approvals = _Approvals(self)
        self.revisions = _Revisions(self)
        self.roster = _Roster(self)
        self.accounts = _Accounts(self)
        self.devices = _Devices(self)
        self.failures = _Failures(self)
        self.trail = _Trail(self)
        self.programs = _Programs(self)
        self.invitations = _Invitations(self)

    def fail_with(self, sentence):
        """Every call raises StoreFailed with *sentence* from now on; None: the disk works again."""
        self.trouble = sentence

    def check(self):
        if self.trouble is not None:
            raise StoreFailed(self.trouble)

    def close(self):
        pass


class _Part:
    def __init__(self, store):
        self._store = store


class _Log(_Part):
    def __init__(self, store):
        super().__init__(store)
        self._rows = {}
        self._counted = set()
        self._voided = set()
        self._uses = {}

    def write(self, entry):
        self._store.check()
        self._rows[entry.airing] = entry
        if entry.fate in HEARD and entry.scripts and entry.airing not in self._counted:
            self._counted.add(entry.airing)
            for script in entry.scripts:
                self._uses[script] = max(self._uses.values(), default=0) + 1

    def entries(self, since, until=None, *, or_open=False):
        self._store.check()
        rows = sorted(self._rows.values(), key=lambda entry: (entry.planned_at, entry.airing))
        return [entry for entry in rows if self._is_wanted(entry, since, until, or_open)]

    def _is_wanted(self, entry, since, until, or_open):
        is_open = or_open and not entry.fate.is_final and entry.airing not in self._voided
        return is_open or (entry.planned_at >= since and (until is None or entry.planned_at < until))

    def void(self, airings):
        self._store.check()
        for airing in tuple(airings):
            if airing in self._rows and airing not in self._voided:
                free = next(name for number in count(1) if (name := f"{airing}~void{number}") not in self._rows)
                self._rows[free] = replace(self._rows.pop(airing), airing=free)
                self._voided.add(free)
                self._counted.discard(airing)
                self._counted.add(free)

    def last_uses(self):
        self._store.check()
        return dict(self._uses)


class _LogBook(_Part):
    def _rows(self):
        self._store.check()
        rows = self._store.log._rows.values()
        return sorted(rows, key=lambda entry: (to_microseconds(entry.planned_at), entry.airing), reverse=True)

    def page(self, question, limit):
        def place(entry):
            return Place(to_microseconds(entry.planned_at), entry.airing)

        def is_behind(entry):
            end = question.behind
            return end is None or (place(entry).planned_us, entry.airing) < (end.planned_us, end.airing)

        found = [entry for entry in self._rows() if is_wanted(entry, question) and is_behind(entry)]
        shown = tuple(found[:limit])
        return LogPage(entries=shown, behind=place(shown[-1]) if len(found) > limit else None)

    def entry(self, id_):
        self._store.check()
        return self._store.log._rows.get(id_)

    def sound_by_day(self, midnights):
        heard = [
            entry
            for entry in reversed(self._rows())
            if midnights[0] <= entry.planned_at < midnights[-1] and entry.started_at and entry.finished_at
        ]
        sums = []
        for begins, ends in pairwise(midnights):
            day = {}
            for entry in heard:
                if begins <= entry.started_at < ends:
                    length = max(entry.finished_at - entry.started_at, timedelta())
                    day[entry.zones] = day.get(entry.zones, timedelta()) + length
            sums.append(day)
        return sums


class _Changes(_Part):
    def __init__(self, store):
        super().__init__(store)
        self._made = []

    def add_change(self, change, at):
        self._store.check()
        self._made.append((at, change))

    def changes(self, since):
        self._store.check()
        return [change for at, change in self._made if at >= since]


class _Memory(_Part):
    def __init__(self, store):
        super().__init__(store)
        self._facts = {}

    def remember(self, name, value):
        self._store.check()
        self._facts[name] = value

    def recall(self, name):
        self._store.check()
        return self._facts.get(name)


class _Approvals(_Part):
    def __init__(self, store):
        super().__init__(store)
        self._decisions = []
        self._contents = {}

    def decide(self, approval, content=None):
        if content is not None and hashlib.sha256(content).hexdigest() != approval.sha256:
            raise ValueError("the content is not what was decided about")
        self._store.check()
        if content is not None:
            self._contents[approval.sha256] = content
        self._decisions.append(approval)

    def decisions(self):
        self._store.check()
        return list(self._decisions)

    def content(self, sha256):
        self._store.check()
        return self._contents.get(sha256)


class _Roster(_Part):
    def __init__(self, store):
        super().__init__(store)
        self._roster = Roster()

    def snapshot(self, since=None):
        self._store.check()
        people = sorted(self._roster.people, key=lambda person: (person.group, person.name))
        totals = sorted(self._roster.totals, key=lambda total: (total.on, total.person))
        return replace(
            self._roster,
            people=tuple(people),
            totals=tuple(total for total in totals if since is None or total.on >= since),
        )

    def apply(self, sheet, *, file, at, who):
        self._store.check()
        change = preview(sheet, self._roster)
        self._roster = imported(self._roster, change)
        return change

    def set_consent(self, id_, consents):
        self._change(id_, consents=consents, has_withdrawn=not consents)

    def set_pinyin(self, id_, pinyin):
        self._change(id_, pinyin=pinyin)

    def _change(self, id_, **values):
        self._store.check()
        people = tuple(replace(one, **values) if one.id == id_ else one for one in self._roster.people)
        self._roster = replace(self._roster, people=people)


class _Accounts(_Part):
    def __init__(self, store):
        super().__init__(store)
        self._accounts = {}

    def save_account(self, account):
        self._store.check()
        if any(one.id != account.id and _same(one.name, account.name) for one in self._accounts.values()):
            raise NameTaken(Sentence("有人叫这个名字", "taken"))
        self._accounts[account.id] = account

    def accounts(self):
        self._store.check()
        return sorted(self._accounts.values(), key=lambda account: account.name.casefold())


def _same(one, other):
    return one.casefold() == other.casefold()


class _Devices(_Part):
    def __init__(self, store):
        super().__init__(store)
        self._devices = {}

    def save_device(self, device):
        self._store.check()
        self._devices[device.id] = device

    def device(self, token):
        self._store.check()
        return next((device for device in self._devices.values() if device.token == token), None)

    def devices(self, account):
        self._store.check()
        own = sorted((one for one in self._devices.values() if one.account == account), key=lambda one: one.id)
        return sorted(own, key=lambda device: device.seen_at, reverse=True)

    def forget_devices(self, devices):
        self._store.check()
        for id_ in tuple(devices):
            self._devices.pop(id_, None)


class _Programs(_Part):
    def __init__(self, store):
        super().__init__(store)
        self._programs = {}

    def save_program(self, program):
        self._store.check()
        self._programs[program.id] = program

    def program(self, token):
        self._store.check()
        return next((one for one in self._programs.values() if one.token == token), None)

    def programs(self):
        self._store.check()
        by_id = sorted(self._programs.values(), key=lambda one: one.id)
        return sorted(by_id, key=lambda one: one.made_at, reverse=True)


class _Invitations(_Part):
    def __init__(self, store):
        super().__init__(store)
        self._invitations = {}

    def save_invitation(self, invitation):
        self._store.check()
        self._invitations[invitation.account] = invitation

    def invitations(self):
        self._store.check()
        by_id = sorted(self._invitations.values(), key=lambda one: one.account)
        return sorted(by_id, key=lambda one: one.made_at, reverse=True)

    def use_invitation(self, code):
        self._store.check()
        found = next((one for one in self._invitations.values() if one.code == code), None)
        return self._invitations.pop(found.account) if found else None

    def forget_invitation(self, account):
        self._store.check()
        self._invitations.pop(account, None)


class _Failures(_Part):
    def __init__(self, store):
        super().__init__(store)
        self._failures = {}

    def failures(self, keys):
        self._store.check()
        return [self._failures[key] for key in sorted(set(keys)) if key in self._failures]

    def save_failures(self, failures):
        self._store.check()
        for one in failures:
            self._failures[one.key] = one
            if one.count == 0:
                del self._failures[one.key]


class _Revisions(_Part):
    def __init__(self, store):
        super().__init__(store)
        self._steps = []

    def keep(self, revision, content):
        if hashlib.sha256(content).hexdigest() != revision.sha256:
            raise ValueError("the content is not what the step is about")
        self._store.check()
        self._store.approvals._contents[revision.sha256] = content
        self._steps.append(revision)

    def steps(self, script):
        self._store.check()
        return [one for one in self._steps if one.script == script]

    def latest(self):
        self._store.check()
        return {one.script: one for one in self._steps}


class _Trail(_Part):
    def __init__(self, store):
        super().__init__(store)
        self._deeds = []

    def note(self, deed):
        self._store.check()
        self._deeds.append(deed)

    def deeds(self, limit, before=None):
        self._store.check()
        numbered = [(number, deed) for number, deed in enumerate(self._deeds, 1) if before is None or number < before]
        return numbered[::-1][:limit]
