"""A strict station on its day: what was approved is what is aired, byte for byte."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.errors import Refused
from broadcaster.library import script_in
from broadcaster.model.airing import Airing
from broadcaster.model.approval import Approval, Verdict
from broadcaster.model.texts import Library, Syllable
from broadcaster.model.timetable import Schedule, Slot, StationSettings
from broadcaster.model.words import Complaint, Fate, Sentence
from broadcaster.proof.sidefile import approved, write_reading
from broadcaster.render.reading import read_any
from broadcaster.station.approvals import ApprovalBook
from broadcaster.station.bulletins import Bulletins
from broadcaster.station.faults import Faults
from broadcaster.station.sources import InForce
from tests.fakes_store import MemoryStore
from tests.station.conftest import SCHEDULE, SCRIPTS, at, write_station

STRICT = SCHEDULE.replace("[zone.all]", "strict = true\n[zone.all]")
NOON = "noon@2026-11-24T12:00:00"
FIRE = "policy/fire"
DISK_FAILS = Sentence("磁盘坏了。", "the disk fails.")


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def strict(found, tmp_path, store):
    """Opens the strict village at an instant; ``approve`` and ``write`` change it as people do."""

    class Office:
        village = None

        def open(self, moment="11:00"):
            self.village = found(moment, store=store)
            return self.village

        def file(self, name):
            return tmp_path / "scripts" / f"{name}.txt"

        def write(self, name, text):
            self.file(name).write_text(text, encoding="utf-8")
            if self.village:
                self.village.advance(2)

        def decide(self, name, verdict, content=None, **values):
            content = self.file(name).read_bytes() if content is None else content
            sha256 = hashlib.sha256(content).hexdigest()
            decision = Approval(script=name, verdict=verdict, who="王书记", at=at("09:00"), sha256=sha256, **values)
            store.approvals.decide(decision, content)
            if self.village:
                self.village.station.approvals_changed()

        def approve(self, name, content=None, **values):
            self.decide(name, Verdict.APPROVED, content, **values)

        def withdraw(self, name):
            self.decide(name, Verdict.WITHDRAWN)

        def said(self):
            """The words of every clip that was ordered for the air, emergencies aside."""
            orders = [order for order in self.village.renderer.orders if order.chime != "siren"]
            said = [text for order in orders for text in order.texts]
            return [text for text in said if text != Schedule().resume_phrase]

    write_station(tmp_path, STRICT)
    return Office()


@pytest.mark.slow
def test_what_was_approved_is_heard_and_the_rest_is_not(strict):
    strict.approve(FIRE)
    village = strict.open("07:00")

    village.until(at("12:01"), step=30)

    assert strict.said() == [SCRIPTS[FIRE]]
    assert village.log()["morning@2026-11-24T07:30:00"].fate is Fate.SKIPPED
    assert [airing for airing, _, _ in village.heard] == [NOON]


def test_an_edit_at_noon_leaves_the_approved_words_on_the_air_until_it_is_approved(strict):
    strict.approve(FIRE)
    village = strict.open()
    strict.write(FIRE, "今天不冷，随便生火。")
    village.advance(60, step=5)
    assert strict.said() == [SCRIPTS[FIRE]]

    strict.approve(FIRE)
    village.advance(60, step=5)
    assert strict.said()[-1] == "今天不冷，随便生火。"


def test_the_plan_and_the_status_say_which_revision_is_aired(strict):
    strict.approve(FIRE)
    village = strict.open()
    strict.write(FIRE, "改过了。")

    zh = (
        "稿件“policy/fire”改过以后还没有批准，播的是 王书记 2026-11-24 批准的那一版。"
        "批准新的：dalaba approve script:policy/fire"
    )
    assert zh in [note.zh for note in village.station.plan()[0].notes]
    assert zh in [one.what.zh for one in village.station.status().complaints]


def test_a_withdrawn_script_that_is_already_armed_is_taken_back(strict):
    strict.approve(FIRE)
    village = strict.open("11:58:30")
    village.until(at("11:59:30"))
    assert village.log()[NOON].fate is Fate.CLAIMED

    strict.withdraw(FIRE)
    village.until(at("12:01"))

    assert village.heard == []
    entry = village.log()[NOON]
    assert entry.fate is Fate.SKIPPED
    assert entry.reason.zh == ("没有可念的稿件；稿件“policy/fire”的批准被 王书记 在 2026-11-24 撤回了，不能播")


@pytest.mark.slow
def test_a_deleted_file_is_silent(strict):
    strict.approve(FIRE)
    village = strict.open()
    strict.file(FIRE).unlink()

    village.until(at("12:01"), step=10)

    assert village.heard == []
    assert "没有稿件“policy/fire”" in village.log()[NOON].reason.zh


@pytest.mark.slow
def test_an_approved_revision_that_expired_is_silent_although_the_new_header_says_later(strict):
    strict.write(FIRE, "+++\nexpires = 2026-11-23\n+++\n小心火烛。")
    strict.approve(FIRE)
    strict.write(FIRE, "+++\nexpires = 2026-12-31\n+++\n小心火烛。")
    village = strict.open()

    village.until(at("12:01"), step=10)

    assert village.heard == []
    assert "已过期（2026-11-23）" in village.log()[NOON].reason.zh


@pytest.mark.slow
def test_a_file_that_turned_into_rubbish_leaves_the_approved_words_on_the_air(strict):
    strict.approve(FIRE)
    strict.file(FIRE).write_bytes(b"+++\nno end")
    village = strict.open()

    village.until(at("12:01"), step=10)

    assert strict.said() == [SCRIPTS[FIRE]]
    assert len(village.heard) == 1


def test_a_broken_database_leaves_on_the_air_what_memory_knows_as_approved(strict, store):
    strict.approve(FIRE)
    village = strict.open()
    store.fail_with(DISK_FAILS)
    strict.write(FIRE, "没有批准的话。")
    village.advance(60, step=5)

    assert strict.said() == [SCRIPTS[FIRE]]
    assert [fault.what for fault in village.station.status().faults if fault.name == "approvals"] == [
        Sentence(
            "批准记录读不出来：磁盘坏了。 本站是严格模式（strict），只播内存里知道已经批准的。",
            "the record of approvals cannot be read: the disk fails. "
            "The station is strict and says only what it remembers as approved.",
        )
    ]

    store.fail_with(None)
    village.advance(10)
    assert "approvals" not in [fault.name for fault in village.station.status().faults]


def test_a_database_that_is_broken_from_the_start_says_nothing_until_it_can_be_read(strict, store):
    strict.approve(FIRE)
    store.fail_with(DISK_FAILS)
    village = strict.open("11:50")
    village.advance(60, step=5)
    assert strict.said() == []

    store.fail_with(None)
    village.until(at("12:01"), step=5)
    assert [airing for airing, _, _ in village.heard] == [NOON]


def test_a_prepared_emergency_needs_its_approval_and_free_words_need_a_name(strict):
    village = strict.open()

    with pytest.raises(Refused) as caught:
        village.station.emergency("script:emergency/flood", who="王书记")
    assert caught.value.sentence == Sentence(
        "稿件“emergency/flood”还没有批准，本站是严格模式（strict），不能播。情况紧急，就把要喊的话直接写上。",
        "script 'emergency/flood' has no approval and the station is strict, so it may not be heard. "
        "If it is urgent, write the words themselves.",
    )

    village.station.emergency("河水涨了，快到高处去！", who="王书记")
    village.advance(5)
    assert village.heard
    assert "河水涨了，快到高处去！" in strict.said()


def test_an_approved_emergency_lies_ready(strict):
    strict.approve("emergency/flood")
    village = strict.open()
    village.advance(3)

    assert village.station.status().emergencies_ready == 1
    village.station.emergency("script:emergency/flood", who="王书记")
    village.advance(2)
    assert village.heard


# --- approved readings --------------------------------------------------------------------------------------------


def reading_of(name, text, pinyin="lie4", who="王书记"):
    """Today's reading with its first syllable changed, as a person may have corrected it."""
    reading = approved(read_any(text), name, who, at("09:00"))
    first = Syllable(reading.syllables[0].char, pinyin)
    values = {field: getattr(reading, field) for field in ("script", "text_sha256", "spoken", "who", "at")}
    return type(reading)(**values, syllables=(first, *reading.syllables[1:]))


def ordered(village, name=FIRE):
    orders = [order for order in village.renderer.orders if order.texts == (SCRIPTS[name],) and order.repeat == 2]
    return [[one.pinyin.split()[0] for one in order.readings] for order in orders]


def test_the_approved_reading_beside_the_script_is_ordered_for_the_voice(found, tmp_path):
    write_station(tmp_path)
    side = tmp_path / "scripts" / "policy" / "fire.reading.toml"
    side.write_text(write_reading(reading_of(FIRE, SCRIPTS[FIRE])), encoding="utf-8")

    assert ordered(found("11:00")) == [["lie4"]]


def test_an_approved_reading_takes_effect_while_the_station_runs_and_counts_for_its_text_only(found, tmp_path):
    write_station(tmp_path)
    village = found("11:00")
    side = tmp_path / "scripts" / "policy" / "fire.reading.toml"

    side.write_text(write_reading(reading_of(FIRE, SCRIPTS[FIRE])), encoding="utf-8")
    village.advance(3)
    assert ordered(village) == [[], ["lie4"]]

    (tmp_path / "scripts" / "policy" / "fire.txt").write_text("天冷了。", encoding="utf-8")
    village.advance(3)
    assert village.renderer.orders[-1].readings == ()
    [complaint] = [one for one in village.station.status().complaints if "reading" in one.file]
    assert (complaint.file, complaint.what.zh) == (
        "scripts/policy/fire.reading.toml",
        "稿子改过了，王书记 批准的念法不再算数，照规则念。看一遍再批准：dalaba approve script:policy/fire",
    )
    assert complaint.what.en == (
        "the script was changed, so the reading that 王书记 approved no longer counts and the rules read it. "
        "Look and approve anew: dalaba approve script:policy/fire"
    )


def test_a_side_file_that_breaks_while_the_station_runs_leaves_the_approved_reading_in_force(found, tmp_path):
    write_station(tmp_path)
    side = tmp_path / "scripts" / "policy" / "fire.reading.toml"
    side.write_text(write_reading(reading_of(FIRE, SCRIPTS[FIRE])), encoding="utf-8")
    village = found("11:00")

    side.write_text("spoken = ", encoding="utf-8")
    village.advance(3)

    assert ordered(village) == [["lie4"]]
    assert "scripts/policy/fire.reading.toml" in [one.file for one in village.station.status().complaints]


def test_a_side_file_has_no_say_on_a_strict_station_but_the_record_has(strict, tmp_path):
    strict.approve(FIRE, reading=reading_of(FIRE, SCRIPTS[FIRE], "tian2"))
    side = tmp_path / "scripts" / "policy" / "fire.reading.toml"
    side.write_text(write_reading(reading_of(FIRE, SCRIPTS[FIRE], "lie4")), encoding="utf-8")

    assert ordered(strict.open()) == [["tian2"]]


def test_an_emergency_is_spoken_as_it_was_approved(found, tmp_path):
    write_station(tmp_path)
    flood = "emergency/flood"
    side = tmp_path / "scripts" / "emergency" / "flood.reading.toml"
    side.write_text(write_reading(reading_of(flood, SCRIPTS[flood])), encoding="utf-8")
    village = found("11:00")

    orders = [order for order in village.renderer.orders if order.texts == (SCRIPTS[flood],)]

    assert [one.pinyin.split()[0] for order in orders for one in order.readings] == ["lie4"]


# --- whatever people and disks do ---------------------------------------------------------------------------------

NAMES = ("event/one", "event/two")
WORDS = ("一月", "二月", "三月")
steps = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(WORDS)),
    st.tuples(st.just("approve"), st.sampled_from(NAMES), st.sampled_from(WORDS)),
    st.tuples(st.just("withdraw"), st.sampled_from(NAMES), st.sampled_from(WORDS)),
    st.tuples(st.sampled_from(["delete", "break"]), st.sampled_from(NAMES), st.just("")),
    st.tuples(st.sampled_from(["disk fails", "disk works", "restart"]), st.just(""), st.just("")),
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(steps, max_size=14))
def test_no_unapproved_word_is_ever_ordered_on_a_strict_station(made):
    """Files come, change, break and go; people approve and withdraw; the disk fails and the station restarts."""
    store, files, book = MemoryStore(), {}, None
    ever, last, works = set(), {}, True
    for number, (what, name, words) in enumerate(made):
        sha256 = hashlib.sha256(words.encode()).hexdigest()
        match what:
            case "write":
                files[name] = words
            case "delete":
                files.pop(name, None)
            case "break":
                files[name] = None
            case "approve" | "withdraw" if works:
                verdict = Verdict.APPROVED if what == "approve" else Verdict.WITHDRAWN
                one = Approval(script=name, verdict=verdict, who="王", at=at("09:00"), sha256=sha256)
                store.approvals.decide(one, words.encode())
                last[name] = verdict
                ever |= {words} if what == "approve" else set()
            case "disk fails" | "disk works":
                works = what == "disk works"
                store.fail_with(None if works else DISK_FAILS)
            case "restart":
                book = None
        book = book or ApprovalBook(store.approvals, Faults())
        book.look_again()
        book.refresh(True, at("10:00"), float(number))
        for name, text in ordered_texts(book, files):
            assert text in ever
            assert not works or last.get(name, Verdict.APPROVED) is Verdict.APPROVED


def ordered_texts(book, files):
    """What would be spoken of each script that a timetable could name."""
    scripts, broken = [], []
    for name, words in files.items():
        if words is None:
            broken.append(Complaint(file=f"scripts/{name}.txt", path="", what=DISK_FAILS))
        else:
            scripts.append(script_in(name, words.encode(), file=name)[0])
    library = Library(scripts=tuple(scripts), complaints=tuple(broken))
    strictly = Schedule(station=StationSettings(is_strict=True))
    in_force, _ = book.in_force(InForce(schedule=strictly, library=library))
    slot = Slot(id="s", at=(), play=())
    for name in NAMES:
        airing = Airing(slot=slot, planned_at=at("12:00"), starts_at=at("12:00"), scripts=(name,))
        order, _ = Bulletins(in_force).order(airing)
        yield from ((name, text) for text in (order.texts if order else ()))
