"""The queue of what waits for approval, the decision about one script, and its paper trail."""

import hashlib
import re

import pytest

from broadcaster.model.approval import Verdict
from broadcaster.model.people import Role
from tests.station.conftest import SCRIPTS
from tests.webui.conftest import OFFICE, House
from tests.webui.test_scripts import FIRE, file_of, save

PAGE = "/approval/policy/fire"
STRICT = OFFICE.replace('name = "试验村"', 'name = "试验村"\nstrict = true')


@pytest.fixture
def strict(tmp_path):
    return House(tmp_path, "07:29", schedule=STRICT)


def titles(person):
    return re.findall(r"<strong>([^<]+)</strong>", person.answer.text)


def test_what_airs_soonest_is_on_top(house):
    approver = house.person("王书记", Role.APPROVER).open("/approval")

    assert "等审批的有 5 篇" in approver.words
    assert titles(approver)[0] == "a"
    assert titles(approver).index("fire") < titles(approver).index("flood")
    assert "本站不是严格模式" in approver.words


def test_a_strict_station_airs_what_was_approved_by_somebody_else(strict):
    editor = strict.person("李会计", Role.EDITOR, Role.APPROVER).open(FIRE)
    save(editor, title="防火", body="天干物燥，不要抽烟。")
    editor.open(PAGE)
    assert "这一版是您自己写的，要请另一个人来批。" in editor.words
    assert not any("批准，就这么播" in one for one in editor.buttons())
    sha256 = hashlib.sha256(file_of(strict).read_bytes()).hexdigest()
    editor.send(PAGE, sha256=sha256, does="approve")
    assert editor.code == 409
    assert strict.station.proofs.decisions() == []

    approver = strict.person("王书记", Role.APPROVER).open("/approval")
    assert "fire" not in titles(approver) and "防火" in titles(approver)
    approver.open(PAGE).press("批准，就这么播", why="看过了")

    assert "批准了，记在审批本里。" in approver.words
    (made,) = strict.station.proofs.decisions()
    assert (made.who, made.verdict, made.sha256, made.why) == ("王书记", Verdict.APPROVED, sha256, "看过了")
    noon = next(one for one in strict.station.plan()[0].airings if one.slot.id == "noon")
    assert noon.scripts == ("policy/fire",)
    assert "王书记 批准 · 防火 看过了" in approver.open("/approval/trail").words


def test_who_wrote_it_is_known_whatever_the_case_of_the_name(strict):
    writer = strict.person("Li", Role.APPROVER).open(FIRE)
    save(writer, title="防火", body="不要抽烟。")
    sha256 = hashlib.sha256(file_of(strict).read_bytes()).hexdigest()

    assert not strict.station.proofs.may_approve("policy/fire", sha256, " LI ")
    assert strict.station.proofs.may_approve("policy/fire", sha256, "王书记")


def test_what_changed_after_the_look_is_not_approved(house):
    approver = house.person("王书记", Role.APPROVER).open(PAGE)
    file_of(house).write_text("别的话。", encoding="utf-8")
    approver.press("批准，就这么播")

    assert approver.code == 409
    assert "您看过以后，这篇稿件又改了。没有批准，请再看一遍。" in approver.words
    assert "<ruby>别" in approver.answer.text
    assert house.station.proofs.decisions() == []


def test_a_script_is_sent_back_with_a_note_and_comes_again_when_it_was_changed(house, owner):
    approver = house.person("王书记", Role.APPROVER).open(PAGE)
    approver.press("退回去改")
    assert "请写明要改什么，写稿的人才好改。" in approver.words
    approver.press("退回去改", why="写上电话")
    assert "退回去了，写稿的人会看到您的话。" in approver.words
    assert "等审批的有 4 篇" in approver.words and "王书记: 写上电话" in approver.words

    editor = house.person("李会计", Role.EDITOR).open(FIRE)
    assert "王书记 请您改一改：写上电话" in editor.words
    save(editor, title="防火", body="小心火烛，电话 12345。")
    assert "等审批的有 5 篇" in approver.open("/approval").words
    assert [one[1] for one in house.deeds()] == ["script.send_back", "script.save"]


def test_the_difference_to_the_approved_revision_is_shown(house, owner):
    owner.open(PAGE).press("批准，就这么播")
    owner.open(FIRE)
    save(owner, title="fire", body="天干物燥，不要抽烟。")

    assert "批准后又改过" in owner.words
    owner.open(PAGE)
    assert "上次批准以后，改了这些" in owner.words
    assert "<del>请大家小心火烛</del>" in owner.answer.text and "<ins>不要抽烟</ins>" in owner.answer.text
    assert "找到 1 篇" in owner.open("/scripts?state=changed").words


def test_an_earlier_text_that_is_used_again_is_approved_already(house, owner):
    owner.open(PAGE).press("批准，就这么播")
    owner.open(FIRE)
    save(owner, title="fire", body="不要抽烟。")
    first = house.station.scripts.steps("policy/fire")[0].sha256
    owner.open(f"/scripts/versions/policy/fire?version={first}").press("换回这一版")

    assert file_of(house).read_bytes() == SCRIPTS["policy/fire"].encode()
    assert "找到 1 篇" in owner.open("/scripts?state=approved").words


def test_an_approval_is_withdrawn(strict):
    approver = strict.person("王书记", Role.APPROVER).open(PAGE)
    approver.press("批准，就这么播")
    approver.open(PAGE).press("撤回", why="说错了")

    assert "批准撤回了。" in approver.words
    assert [one.verdict for one in strict.station.proofs.decisions()] == [Verdict.APPROVED, Verdict.WITHDRAWN]
    noon = next(one for one in strict.station.plan()[0].airings if one.slot.id == "noon")
    assert noon.scripts == ()


def test_an_editor_looks_and_does_not_decide(house):
    editor = house.person("李会计", Role.EDITOR).open(PAGE)
    sha256 = hashlib.sha256(file_of(house).read_bytes()).hexdigest()

    assert "批准要由审批人来做。" in editor.words
    for path, does in ((PAGE, "approve"), (PAGE, "send_back"), ("/approval/withdraw/policy/fire", "")):
        editor.open(PAGE)
        assert editor.send(path, sha256=sha256, does=does, why="x").code == 403
    assert house.station.proofs.decisions() == []


def test_the_pages_of_approval_speak_english(house, owner):
    owner.open("/today").press("就这样", language="en")

    assert "Waiting: 5" in owner.open("/approval").words
    assert "Approve: air it like this" in owner.open(PAGE).words
    assert "Nothing was approved yet." in owner.open("/approval/trail").words
