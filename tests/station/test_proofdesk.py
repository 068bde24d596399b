"""Looking and approving while the station runs, as the pages do it."""

import hashlib

import pytest

from broadcaster.errors import Refused, StoreFailed
from broadcaster.model.words import Sentence
from tests.fakes_store import MemoryStore
from tests.station.conftest import SCHEDULE, SCRIPTS, at, write_station

FIRE = "policy/fire"
STRICT = SCHEDULE.replace("[zone.all]", "strict = true\n[zone.all]")


def hash_of(text):
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def village(found, tmp_path):
    write_station(tmp_path, STRICT)
    return found("11:00", store=MemoryStore())


def test_what_was_looked_at_and_approved_is_planned_at_once(village):
    desk = village.station.proofs
    proof = desk.look(FIRE)
    assert (proof.reading.text, proof.approved) == (SCRIPTS[FIRE], None)

    made = desk.approve(FIRE, hash_of(SCRIPTS[FIRE]), who="王书记", why="看过")

    assert (made.at, made.who, made.why) == (at("11:00"), "王书记", "看过")
    assert village.renderer.orders[-1].readings[0].spoken == proof.reading.spoken
    village.advance(2)
    assert desk.look(FIRE).approved.who == "王书记"
    assert desk.decisions() == [made]
    assert desk.content(made.sha256) == SCRIPTS[FIRE].encode()


def test_a_script_that_changed_after_the_look_is_not_approved(village, tmp_path):
    (tmp_path / "scripts" / f"{FIRE}.txt").write_text("别的话。", encoding="utf-8")

    with pytest.raises(Refused) as caught:
        village.station.proofs.approve(FIRE, hash_of(SCRIPTS[FIRE]), who="王书记")

    assert caught.value.sentence == Sentence(
        "您看过以后，这篇稿件又改了。没有批准，请再看一遍。",
        "the script was changed after you looked at it. It was not approved; look again.",
    )
    assert village.station.proofs.decisions() == []


def test_a_withdrawal_takes_effect_at_once(village):
    desk = village.station.proofs
    desk.approve(FIRE, hash_of(SCRIPTS[FIRE]), who="王书记")

    desk.withdraw(FIRE, who="李会计")

    noon = next(one for one in village.station.plan()[0].airings if one.slot.id == "noon")
    assert noon.scripts == ()
    assert "被 李会计 在 2026-11-24 撤回了" in noon.left_out[0].reason.zh


def test_when_the_paper_trail_cannot_be_written_nothing_is_approved(village, tmp_path):
    village.store.fail_with(Sentence("磁盘满了。", "the disk is full."))

    with pytest.raises(StoreFailed):
        village.station.proofs.approve(FIRE, hash_of(SCRIPTS[FIRE]), who="王书记")

    village.store.fail_with(None)
    assert village.station.proofs.decisions() == []
    assert not list((tmp_path / "scripts" / "policy").glob("*.toml"))


def test_any_words_can_be_read(village):
    assert village.station.proofs.read("大米").pinyin == "da4 mi3"
