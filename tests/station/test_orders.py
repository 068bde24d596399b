"""Orders are kept between turns, and nothing that is kept is ever old."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadcaster.home import Home
from broadcaster.model.airing import LeftOut
from broadcaster.model.approval import Approval, Verdict
from broadcaster.model.words import Fate, Sentence
from broadcaster.station import orders
from broadcaster.station.books import PlanBooks
from broadcaster.station.faults import Faults
from broadcaster.station.ledger import Ledger
from broadcaster.station.orders import OrderBook
from broadcaster.study.sheet import read_points
from tests.fakes_store import MemoryStore
from tests.station.conftest import SCHEDULE, SCRIPTS, at, write_station

FIRE = "policy/fire"
TODAY = date(2026, 11, 24)
TWO_HORNS = SCHEDULE.replace("[[slot]]", '[output.far]\nkind = "tape"\n\n[[slot]]', 1)
SOMETHING = LeftOut(script="study/z", reason=Sentence("过期了", "has expired"))


class Office:
    """The books of a station, and a person who changes what they are made of."""

    def __init__(self, root):
        self.root = root
        self.store = MemoryStore()
        self.books = PlanBooks(Home(root), self.store, Ledger(self.store, Faults()))
        self._monotonic = 0.0
        self.look()

    def look(self):
        """The planner looks at the files, as it does every second."""
        self._monotonic += 2
        self.books.refresh(at("06:00"), self._monotonic)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def noon(self, day=TODAY):
        (plan,) = self.books.plans(day, 1, at("06:00"))
        return next(airing for airing in plan.airings if airing.slot.id == "noon")

    def order(self, airing=None):
        """By both ways in, which give the same."""
        airing = airing or self.noon()
        ordered = self.books.order(airing)
        assert self.books.orders([airing]) == {airing.id: ordered}
        return ordered


@pytest.fixture
def office(tmp_path):
    return Office(write_station(tmp_path))


def test_an_order_is_kept_whatever_becomes_of_the_airing(office):
    first = office.order()

    missed = replace(office.noon(), fate=Fate.MISSED, reason=Sentence("停电", "no power"), title="", who="王")
    moved = replace(office.noon(), starts_at=at("12:30"))

    assert first.order.texts == (SCRIPTS[FIRE],)
    assert all(office.order(one).clips[0] is first.clips[0] for one in (office.noon(), missed, moved))


def test_a_script_that_was_changed_is_ordered_in_its_new_words(office):
    before = office.order()

    office.write("scripts/policy/fire.txt", "换了新的话。")
    office.look()

    assert office.order().order.texts == ("换了新的话。",)
    assert office.order().key != before.key


def test_words_that_were_given_another_reading_are_ordered_anew(office):
    before = office.order()

    office.write("lexicon.toml", '[words]\n"小心" = "xiǎo xīn"\n')
    office.look()

    assert office.order().order.lexicon == (("小心", "xiao3 xin1"),)
    assert office.order().key != before.key


def test_new_points_are_in_the_next_order(office):
    office.write("scripts/policy/fire.txt", "参加学习的有{{ people_count }}人。")
    office.look()
    assert office.order().clips == ()

    sheet = "姓名,小组,总积分,日期\n单丽,一组,41200,2026-11-16\n解明,一组,3000,2026-11-16\n"
    office.store.roster.apply(read_points(sheet.encode()), file="a.csv", at=at("05:00"), who="王")
    office.books.points_changed()
    office.look()

    assert office.order().order.texts == ("参加学习的有2人。",)


def test_a_withdrawn_approval_leaves_nothing_to_order(tmp_path):
    office = Office(write_station(tmp_path, SCHEDULE.replace("[zone.all]", "strict = true\n[zone.all]")))
    airing = replace(office.noon(), scripts=(FIRE,))
    content = (tmp_path / "scripts" / "policy" / "fire.txt").read_bytes()

    def decide(verdict):
        sha256 = hashlib.sha256(content).hexdigest()
        office.store.approvals.decide(Approval(script=FIRE, verdict=verdict, who="王", at=at("05:00"), sha256=sha256))
        office.books.approvals_changed()
        office.look()

    decide(Verdict.APPROVED)
    assert office.order(airing).order.texts == (SCRIPTS[FIRE],)

    decide(Verdict.WITHDRAWN)
    assert office.order(airing).clips == ()


def test_an_output_that_joins_a_zone_is_in_the_next_order(tmp_path):
    office = Office(write_station(tmp_path, TWO_HORNS))
    assert [one.outputs for one in office.order().clips] == [("main",)]

    office.write("schedule.toml", TWO_HORNS.replace('["main"]', '["main", "far"]'))
    office.look()

    assert [one.outputs for one in office.order().clips] == [("main", "far")]


def test_a_chime_that_was_replaced_shapes_the_very_next_order(office):
    """Before anybody has looked at the folders."""
    office.write("audio/chimes/rise.wav", b"ding")
    before = office.order()
    assert office.order().clips[0] is before.clips[0]

    office.write("audio/chimes/rise.wav", b"dong, longer")

    assert office.order().key != before.key
    assert office.order().order == before.order


def test_a_recording_that_was_put_there_or_replaced_shapes_the_very_next_order(office):
    office.write("schedule.toml", SCHEDULE.replace("script:policy/fire", "recording:song.wav"))
    office.look()
    absent = office.order()

    office.write("audio/recordings/song.wav", b"la")
    there = office.order()
    office.write("audio/recordings/song.wav", b"la la")

    assert len({absent.key, there.key, office.order().key}) == 3


def test_what_the_plan_left_out_is_told_beside_what_is_kept(office):
    airing = office.noon()
    assert office.order(airing).left_out == ()

    assert office.order(replace(airing, left_out=(SOMETHING,))).left_out == (SOMETHING,)
    assert office.order(airing).left_out == ()


def test_a_slot_of_the_same_name_with_other_settings_is_another_order(office):
    """A slot that a person plays by hand keeps its settings of then beside those of the file."""
    airing = office.noon()
    by_hand = replace(airing, slot=replace(airing.slot, repeat=1))

    assert [office.order(one).order.repeat for one in (airing, by_hand, airing)] == [2, 1, 2]


def test_each_day_has_its_own_words(office):
    office.write("scripts/policy/fire.txt", "今天是{{ weekday }}。")
    office.look()

    said = [office.order(office.noon(TODAY + timedelta(days=number))).order.texts for number in (0, 1, 0)]

    assert said == [("今天是星期二。",), ("今天是星期三。",), ("今天是星期二。",)]


def test_what_is_kept_does_not_grow_for_ever(office, monkeypatch):
    monkeypatch.setattr(orders, "MOST_KEPT", 2)
    first = office.order()

    for number in range(1, 3):
        office.order(office.noon(TODAY + timedelta(days=number)))

    again = office.order()
    assert again == first
    assert again.clips[0] is not first.clips[0]


steps = st.tuples(
    st.sampled_from(["morning", "noon", "evening"]),
    st.integers(0, 1),
    st.sampled_from([(), ("study/a",), (FIRE, "study/b"), ("recording:song.wav",), ("study/nowhere",)]),
    st.integers(1, 2),
    st.sampled_from([(), (SOMETHING,)]),
    st.sampled_from([None, b"ding", b"dong!"]),
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(steps, min_size=2, max_size=8))
def test_what_is_kept_is_what_would_be_worked_out_anew(office, steps):
    for slot, day, scripts, repeat, left_out, sound in steps:
        for file in ("chimes/rise.wav", "recordings/song.wav"):
            if sound is not None:
                office.write(f"audio/{file}", sound)
        (plan,) = office.books.plans(TODAY + timedelta(days=day), 1, at("06:00"))
        airing = next(one for one in plan.airings if one.slot.id == slot)
        slot = replace(airing.slot, repeat=repeat)
        airing = replace(airing, slot=slot, scripts=scripts or airing.scripts, left_out=left_out)

        assert office.order(airing) == OrderBook(office.books.bulletins, Home(office.root)).order(airing)
