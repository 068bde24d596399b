"""A timetable may make the night longer; to make it shorter it needs its owner."""

from datetime import UTC

import pytest

from broadcaster.errors import Refused, StoreFailed
from broadcaster.model.words import Fate, Sentence
from tests.fakes_store import MemoryStore
from tests.station.conftest import SCHEDULE, at, write_station

LATE = SCHEDULE + '[[slot]]\nid = "late"\nat = "21:30"\nplay = ["script:policy/fire"]\n'
WISHED = "22:00-06:30 (Asia/Shanghai)"
WHAT = Sentence(
    "节目表要把夜里的 21:00-22:00 放开，站长还没有同意，仍按 21:00-06:30 (Asia/Shanghai) 静音。"
    "站长同意：在网页的设置里按，或者运行 dalaba open-night。",
    "the timetable would open 21:00-22:00 at night, and no owner has agreed: 21:00-06:30 (Asia/Shanghai) stays quiet. "
    "An owner agrees on the page under Settings, or with: dalaba open-night.",
)


def with_night(schedule, hours, timezone="Asia/Shanghai"):
    head, _, rest = schedule.partition("[station]\n")
    return f'{head}[station]\nquiet_hours = ["{hours}"]\ntimezone = "{timezone}"\n{rest}'


def opening(village, root, hours="22:00-06:30", schedule=LATE):
    write_station(root, with_night(schedule, hours))
    village.advance(2)


def rules(village):
    return village.decks["main"].rules


def is_quiet(village, moment):
    return any(hours.is_quiet(at(moment), at(moment).tzinfo) for hours in rules(village).quiet_hours)


def test_an_hour_that_was_quiet_stays_quiet_until_the_owner_agrees(found, tmp_path):
    village = found("20:00")
    opening(village, tmp_path)

    status = village.station.status()
    assert status.night.what == WHAT
    assert WHAT in [complaint.what for complaint in status.complaints]
    assert is_quiet(village, "21:30")

    village.station.accept_quiet_hours(WISHED, who="王")

    assert village.station.status().night is None
    assert not is_quiet(village, "21:30")
    assert is_quiet(village, "22:00")


def test_what_lies_in_the_hours_that_wait_is_refused_and_says_why(found, tmp_path):
    village = found("20:00")
    opening(village, tmp_path)
    village.until(at("21:45"), step=5)

    entry = next(entry for entry in village.log().values() if entry.slot == "late")

    assert (entry.fate, entry.started_at) == (Fate.MISSED, None) or entry.fate is Fate.REFUSED
    assert "静音" in entry.reason.zh


def test_after_a_restart_it_still_waits_and_once_agreed_it_stays_agreed(found, tmp_path):
    opening(found("20:00"), tmp_path)
    again = found("20:10")
    again.advance(2)

    assert again.station.status().night.wished == WISHED
    assert is_quiet(again, "21:30")
    again.station.accept_quiet_hours(WISHED, who="王")
    later = found("20:20")
    later.advance(2)
    assert later.station.status().night is None
    assert not is_quiet(later, "21:30")


def test_a_database_that_is_lost_opens_nothing(found, tmp_path):
    opening(found("20:00", store=MemoryStore()), tmp_path)

    again = found("20:10", store=MemoryStore())
    again.advance(2)

    assert is_quiet(again, "21:30")


def test_another_time_zone_does_not_move_the_night_by_itself(found, tmp_path):
    village = found("20:00")
    write_station(tmp_path, with_night(SCHEDULE, "21:00-06:30", "UTC"))
    village.advance(2)

    assert village.station.status().night.opens == "13:00-21:00"
    assert rules(village).timezone == "UTC"
    assert any(hours.is_quiet(at("21:30"), UTC) for hours in rules(village).quiet_hours)


def test_more_quiet_is_in_force_at_once_and_to_undo_it_needs_the_owner(found, tmp_path):
    village = found("12:00")
    opening(village, tmp_path, "20:00-06:30", SCHEDULE)

    assert village.station.status().night is None
    assert is_quiet(village, "20:30")
    opening(village, tmp_path, "21:00-06:30", SCHEDULE)
    assert village.station.status().night.opens == "20:00-21:00"
    assert is_quiet(village, "20:30")


def test_who_takes_the_change_back_has_nothing_to_agree_to(found, tmp_path):
    village = found("20:00")
    opening(village, tmp_path)
    write_station(tmp_path, SCHEDULE)
    village.advance(2)

    assert village.station.status().night is None
    with pytest.raises(Refused, match="there is nothing to agree to"):
        village.station.accept_quiet_hours(WISHED, who="王")


def test_an_owner_agrees_to_the_hours_that_were_shown_and_to_no_others(found, tmp_path):
    village = found("20:00")
    opening(village, tmp_path)
    opening(village, tmp_path, "23:30-06:30")

    with pytest.raises(Refused, match="the quiet hours were changed while you were looking, so nothing was opened"):
        village.station.accept_quiet_hours(WISHED, who="王")

    assert is_quiet(village, "21:30")


def test_the_agreement_is_on_record_and_without_a_record_nothing_opens(found, tmp_path):
    store = MemoryStore()
    village = found("20:00", store=store)
    opening(village, tmp_path)
    store.fail_with(Sentence("磁盘满了。", "the disk is full."))
    with pytest.raises(StoreFailed):
        village.station.accept_quiet_hours(WISHED, who="王")
    assert is_quiet(village, "21:30")

    store.fail_with(None)
    village.station.accept_quiet_hours(WISHED, who="王")

    ((_, deed),) = store.trail.deeds(10)
    assert (deed.who, deed.what, deed.subject) == ("王", "night.open", "quiet_hours")
    assert (deed.before, deed.after) == ("21:00-06:30 (Asia/Shanghai)", WISHED)


@pytest.mark.parametrize("kept", ["", "[]", '{"quiet_hours": [["22:00"]]}', '{"quiet_hours": [], "timezone": "Mars"}'])
def test_a_record_that_cannot_be_read_means_the_usual_night(found, tmp_path, kept):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "quiet_hours.json").write_text(kept)
    write_station(tmp_path, with_night(SCHEDULE, "23:00-05:00"))
    village = found("20:00")
    village.advance(2)

    assert village.station.status().night.opens == "05:00-06:30, 21:00-23:00"
    assert is_quiet(village, "21:30")


def test_a_station_of_before_this_rule_keeps_the_night_of_its_last_good_timetable(found, tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "schedule.good.toml").write_text(with_night(SCHEDULE, "22:00-06:00"))
    write_station(tmp_path, with_night(SCHEDULE, "23:00-06:00"))
    village = found("20:00")
    village.advance(2)

    assert village.station.status().night.agreed == "22:00-06:00 (Asia/Shanghai)"


def test_the_first_timetable_of_a_new_folder_is_agreed(found, tmp_path):
    write_station(tmp_path, with_night(SCHEDULE, "23:00-05:00"))
    village = found("20:00")
    village.advance(2)

    assert village.station.status().night is None
    assert not is_quiet(village, "21:30")


def test_a_disk_that_takes_no_record_is_tried_again(found, tmp_path):
    village = found("12:00")
    var = tmp_path / "var"
    var.rename(tmp_path / "away")
    var.write_text("no folder")
    opening(village, tmp_path, "20:00-06:30", SCHEDULE)
    assert is_quiet(village, "20:30")

    var.unlink()
    village.advance(2)

    assert "20:00" in (var / "quiet_hours.json").read_text()
