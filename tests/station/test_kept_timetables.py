"""The versions of the timetable that are kept: numbered, the oldest gone, a broken one left out."""

from broadcaster.model.words import Sentence
from broadcaster.station.kept_timetables import BY_HAND, MOST_KEPT, KeptTimetables
from tests.station.conftest import at

WHAT = Sentence("改了", "changed")


def test_the_newest_comes_first_and_the_oldest_go(tmp_path):
    kept = KeptTimetables(tmp_path / "timetable")
    for number in range(MOST_KEPT + 3):
        kept.keep(f"text {number}", at=at("08:00"), who="王主任", what=WHAT)

    those = list(kept.all())
    assert (len(those), those[0].text, those[-1].text) == (MOST_KEPT, f"text {MOST_KEPT + 2}", "text 3")
    assert kept.version(1) is None
    assert (those[0].number, those[0].who, those[0].what, those[0].at) == (MOST_KEPT + 3, "王主任", WHAT, at("08:00"))


def test_what_people_wrote_by_hand_is_kept_once(tmp_path):
    kept = KeptTimetables(tmp_path)
    kept.keep_what_is_there("by hand", at("08:00"))
    kept.keep_what_is_there("by hand", at("08:01"))

    (only,) = kept.all()
    assert (only.text, only.who, only.what) == ("by hand", "", BY_HAND)


def test_a_broken_version_is_left_out(tmp_path):
    kept = KeptTimetables(tmp_path)
    kept.keep("one", at=at("08:00"), who="x", what=WHAT)
    kept.keep("two", at=at("08:00"), who="x", what=WHAT)
    (tmp_path / "000002.json").write_text("{half")
    (tmp_path / "notes.txt").write_text("not ours")

    assert [one.text for one in kept.all()] == ["one"]
