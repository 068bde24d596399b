"""No byte that nobody approved is said by a strict station."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from broadcaster.library import script_in
from broadcaster.model.approval import Approval, Verdict
from broadcaster.model.texts import ApprovedReading, Library, Script, Syllable
from broadcaster.proof.standing import register
from broadcaster.proof.strict import LOST, approved_only, nothing_known

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def script(name, text):
    found, wrong = script_in(name, text.encode(), file=name)
    assert not wrong
    return found


def decided(one, verdict=Verdict.APPROVED, **values):
    usual = {"script": one.name, "verdict": verdict, "who": "王书记", "at": NOON, "sha256": one.sha256}
    return Approval(**(usual | values))


def reading(one, spoken="水", pinyin="shui3"):
    syllables = (Syllable(spoken, pinyin),)
    return ApprovedReading(
        script=one.name, text_sha256=one.sha256, spoken=spoken, syllables=syllables, who="王书记", at=NOON
    )


OLD, NEW = script("event/water", "两点停水。"), script("event/water", "三点停水。")
KEPT = {(one.name, one.sha256): one for one in (OLD, NEW)}


def by(scripts, *decisions, broken=(), kept=KEPT):
    library = Library(scripts=tuple(scripts))
    return approved_only(library, broken, register(decisions), lambda name, sha256: kept.get((name, sha256)))


def test_a_changed_script_is_said_as_it_was_approved_and_the_check_says_so():
    found = by([NEW], decided(OLD))

    assert found.library.scripts == (OLD,)
    assert [(one.severity.value, one.path, one.what.zh, one.what.en) for one in found.complaints] == [
        (
            "warning",
            "station.strict",
            "稿件“event/water”改过以后还没有批准，播的是 王书记 2026-11-24 批准的那一版。"
            "批准新的：dalaba approve script:event/water",
            "script 'event/water' was changed and not approved; the revision that 王书记 approved on 2026-11-24 "
            "stays on the air. To approve the new one: dalaba approve script:event/water",
        )
    ]


def test_a_header_that_was_changed_is_a_change_like_any_other():
    longer = script("event/water", "+++\nexpires = 2027-01-01\n+++\n两点停水。")
    shorter = script("event/water", "+++\nexpires = 2026-11-01\n+++\n两点停水。")

    found = by([longer], decided(shorter), kept={(shorter.name, shorter.sha256): shorter})

    assert found.library.scripts[0].expires == shorter.expires


def test_a_script_that_was_never_approved_has_no_words_and_says_why():
    found = by([NEW])

    [only] = found.library.scripts
    assert (only.body, only.why_not.zh, only.why_not.en) == (
        "",
        "稿件“event/water”还没有批准，本站是严格模式（strict），不能播。",
        "script 'event/water' has no approval and the station is strict, so it may not be heard.",
    )
    assert found.complaints[0].what.zh == (
        "有 1 篇稿件没有批准，不会播：event/water。看一篇、批一篇：dalaba approve script:名字"
    )
    assert found.complaints[0].what.en == (
        "1 script(s) have no approval and will not be heard: event/water. "
        "Look at each and approve it: dalaba approve script:NAME"
    )


def test_a_script_that_was_never_approved_keeps_no_recording_of_its_words_either():
    recorded = script("event/water", '+++\nrecording = "water.wav"\n+++\n两点停水。')
    assert recorded.recording == "water.wav"

    assert by([recorded]).library.scripts[0].recording == ""


def test_a_withdrawn_script_says_who_withdrew_it():
    found = by([OLD], decided(OLD), decided(OLD, Verdict.WITHDRAWN, who="李会计"))

    assert found.library.scripts[0].why_not.zh == "稿件“event/water”的批准被 李会计 在 2026-11-24 撤回了，不能播。"
    assert found.library.scripts[0].why_not.en == (
        "李会计 withdrew the approval of script 'event/water' on 2026-11-24, so it may not be heard."
    )


def test_an_approved_revision_that_is_lost_is_not_replaced_by_what_nobody_approved():
    found = by([NEW], decided(OLD), kept={})

    assert (found.library.scripts[0].body, found.library.scripts[0].why_not) == ("", LOST)
    assert found.earlier == {}


def test_a_file_that_cannot_be_read_any_more_leaves_its_approved_revision_on_the_air():
    assert by([], decided(OLD), broken=["event/water", "event/other"]).library.scripts == (OLD,)


def test_a_deleted_file_is_silent_whatever_was_approved():
    assert by([], decided(OLD)).library.scripts == ()


def test_the_reading_that_was_approved_with_the_bytes_is_the_one_that_counts():
    """A side file that anybody can edit has no say on a strict station."""
    smuggled = replace(Library(scripts=(OLD,)), readings=(reading(OLD, "火", "huo3"),))

    found = approved_only(smuggled, (), register([decided(OLD, reading=reading(OLD))]), lambda *_: None)

    assert found.library.readings == (reading(OLD),)


def test_a_renamed_file_keeps_its_reading():
    renamed = replace(OLD, name="event/wells")

    found = by([renamed], decided(OLD, reading=reading(OLD)))

    assert found.library.scripts == (renamed,)
    assert [one.script for one in found.library.readings] == ["event/wells"]


def test_when_nothing_is_known_nothing_is_said():
    found = nothing_known(Library(scripts=(OLD,), readings=(reading(OLD),)))

    assert [one.body for one in found.library.scripts] == [""]
    assert found.library.readings == ()
    assert found.complaints[0].what.zh == "批准记录现在读不出来，本站是严格模式（strict），没有把握的不播。"
    assert found.complaints[0].what.en == (
        "the record of approvals cannot be read now; the station is strict and says nothing that it is not sure of."
    )


WORDS = ["一", "二", "三"]
NAMES = ["event/one", "event/two"]
REVISIONS = {(name, words): script(name, words) for name in NAMES for words in WORDS}
revisions = st.sampled_from(sorted(REVISIONS)).map(REVISIONS.get)
decisions = st.lists(st.tuples(revisions, st.sampled_from(Verdict)).map(lambda one: decided(*one)), max_size=8)


@given(st.sets(revisions.map(lambda one: (one.name, one.body)), max_size=3), decisions, st.sets(revisions, max_size=3))
def test_no_unapproved_byte_is_ever_in_a_strict_library(present, made, kept):
    """Whatever lies on the disk, whatever was decided, whatever of the old revisions is lost."""
    on_disk = {name: REVISIONS[name, words] for name, words in sorted(present)}
    store = {(one.name, one.sha256): one for one in kept}
    approved = {one.sha256 for one in made if one.verdict is Verdict.APPROVED}

    found = by(on_disk.values(), *made, broken=NAMES, kept=store)

    for one in found.library.scripts:
        assert one.body == "" or one.sha256 in approved
        last = next((d.verdict for d in reversed(made) if d.script == one.name), None)
        assert one.body == "" or last is not Verdict.WITHDRAWN
    assert on_disk.keys() <= {one.name for one in found.library.scripts}


def test_the_check_names_ten_and_counts_all():
    scripts = [Script(name=f"study/{number:03}", title="", body="一", sha256=str(number)) for number in range(12)]

    assert by(scripts).complaints[0].what.zh.startswith("有 12 篇稿件没有批准，不会播：study/000、")
    assert "study/009…。" in by(scripts).complaints[0].what.zh
