"""The shelf: what waits, in which order; and that a change makes few rows anew, but never too few."""

from dataclasses import replace
from datetime import UTC, date, datetime

from broadcaster.model.airing import Airing, DayPlan
from broadcaster.model.approval import Approval, Verdict
from broadcaster.model.revisions import Revision, Step
from broadcaster.model.texts import Library, Script
from broadcaster.model.timetable import PlayNext, Schedule, Slot
from broadcaster.model.words import Complaint, Sentence
from broadcaster.proof.standing import Register, register
from broadcaster.station.shelf import Rows, Standing, shelf

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
SCRIPTS = tuple(
    Script(name=f"study/{letter}", title=f"第{letter}课", body="话。", sha256=f"hash {letter}") for letter in "abcd"
)
GO_ROUND = Slot(id="morning", title="早上", at=(), play=(PlayNext("study"),))


def looked(rows=None, *, scripts=SCRIPTS, schedule=None, known=None, latest=None, plans=(), today=TODAY, complaints=()):
    library = Library(scripts=scripts, complaints=complaints)
    return shelf(library, schedule or Schedule(), known or Register(), latest or {}, plans, today, rows)


def approved(letter, sha256=None):
    return Approval(
        script=f"study/{letter}", verdict=Verdict.APPROVED, who="王主任", at=NOON, sha256=sha256 or f"hash {letter}"
    )


def heard(letter, hour):
    at = NOON.replace(hour=hour)
    return Airing(slot=GO_ROUND, planned_at=at, starts_at=at, scripts=(f"study/{letter}",))


def test_what_airs_soonest_waits_first_then_what_was_changed_then_what_nobody_ever_approved():
    known = register([approved("b", "older"), approved("d", "older")])
    plans = [DayPlan(day=TODAY, airings=(heard("c", 6), heard("d", 5)))]
    rows = looked(known=known, plans=plans)

    assert [(one.name, one.standing) for one in rows.waiting] == [
        ("study/d", Standing.CHANGED),
        ("study/c", Standing.NEVER),
        ("study/b", Standing.CHANGED),
        ("study/a", Standing.NEVER),
    ]


def test_approved_expired_and_sent_back_ones_do_not_wait():
    back = Revision(script="study/b", step=Step.SENT_BACK, who="王主任", at=NOON, sha256="hash b", note="太长")
    scripts = (*SCRIPTS[:2], replace(SCRIPTS[2], expires=date(2026, 11, 23)), SCRIPTS[3])
    rows = looked(scripts=scripts, known=register([approved("a")]), latest={"study/b": back})

    assert [one.name for one in rows.waiting] == ["study/d"]
    assert [one.name for one in rows.sent_back] == ["study/b"]


def test_rows_are_found_by_name_and_by_kind():
    rows = looked(scripts=(*SCRIPTS, Script(name="notice/x", title="停水", body="话。")))

    assert rows.by_name["notice/x"].title == "停水"
    assert {kind: len(found) for kind, found in rows.by_kind.items()} == {"notice": 1, "study": 4}


def test_where_nothing_has_changed_it_is_the_same_shelf():
    rows = Rows()

    assert looked(rows) is looked(rows)


def test_a_change_makes_the_rows_anew_that_it_is_about_and_leaves_the_others():
    step = Revision(script="study/b", step=Step.WRITTEN, who="李会计", at=NOON, sha256="hash b", note="")
    changes = {
        "text": {"scripts": (SCRIPTS[0], replace(SCRIPTS[1], body="别的话。"), *SCRIPTS[2:])},
        "step": {"latest": {"study/b": step}},
        "plan": {"plans": [DayPlan(day=TODAY, airings=(heard("b", 6),))]},
    }
    for change in changes.values():
        rows = Rows()
        before, after = looked(rows), looked(rows, **change)
        assert [one is other for one, other in zip(before, after, strict=True)] == [True, False, True, True]
        assert after == looked(**change)


def test_whatever_all_rows_go_by_makes_them_all_anew():
    wrong = Complaint(file="scripts/study/b.txt", path="", what=Sentence("写错了", "wrong"))
    changes = (
        {"known": register([approved("a")])},
        {"schedule": Schedule(slots=(GO_ROUND,))},
        {"today": date(2027, 1, 1)},
        {"complaints": (wrong,)},
        {"scripts": SCRIPTS[:2]},
        {"scripts": (*SCRIPTS, Script(name="study/e", title="新的", body="话。"))},
    )
    rows = Rows()
    for change in changes:
        looked(rows)
        assert looked(rows, **change) == looked(**change)
        assert looked(rows) == looked()
