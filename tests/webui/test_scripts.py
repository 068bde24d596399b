"""The pages of scripts: finding, writing, what will be spoken, versions, two people at once, retiring."""

import errno
import re

import pytest

from broadcaster.model.people import Role
from broadcaster.model.words import Sentence
from tests.station.conftest import SCRIPTS
from tests.webui.conftest import House

FIRE = "/scripts/edit/policy/fire"
TEXT = SCRIPTS["policy/fire"]


def file_of(house, name="policy/fire"):
    return house.village.home.scripts / f"{name}.txt"


def text_of(house, name="policy/fire"):
    return file_of(house, name).read_text(encoding="utf-8")


def fields(person):
    """What stands in the editor's form, as a browser would send it."""
    html = person.answer.text
    found = dict(re.findall(r'<input[^>]* name="([a-z_]+)"[^>]*? value="([^"]*)"', html))
    found |= {"body": re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", html, re.DOTALL)[1]}
    return {
        name: found.get(name, "") for name in ("title", "body", "author", "expires", "voice", "recording", "based_on")
    }


def save(person, path=FIRE, **typed):
    return person.send(path, **(fields(person) | typed | {"does": "save"}))


def test_every_script_is_listed_by_kind_with_how_it_stands(house, owner):
    words = owner.open("/scripts").words

    assert "找到 5 篇" in words
    assert "fire 没批过 下次 11月24日 星期二 12:00" in words
    assert "flood 没批过 节目表里没有用它" in words


def test_one_change_makes_one_row_of_the_list_anew(house, owner):
    """With 10,000 scripts every save cost whoever opened the list next a fifth of a second."""
    before = {row.name: row for row in house.station.scripts.shelf()}
    save(owner.open(FIRE), body="天干物燥，请小心。")
    house.village.advance(1)
    after = {row.name: row for row in house.station.scripts.shelf()}

    assert [name for name, row in after.items() if row is not before[name]] == ["policy/fire"]
    assert "请小心" in after["policy/fire"].searched


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("q=火烛", 1),
        ("q=今天 防骗", 1),
        ("kind=study", 3),
        ("state=waiting", 5),
        ("state=approved", 0),
        ("q=没有这样的话", 0),
        ("kind=study&q=第二课", 1),
    ],
)
def test_scripts_are_found_by_word_kind_and_state(house, owner, asked, count):
    assert f"找到 {count} 篇" in owner.open(f"/scripts?{asked}").words


def test_what_was_written_is_in_the_file_and_on_the_air_from_now_on(house, owner):
    owner.open(FIRE)
    save(owner, title="防火", body="天干物燥，不要在山上抽烟。")

    assert owner.path == FIRE
    assert "存好了。" in owner.words
    assert text_of(house) == '+++\ntitle = "防火"\n+++\n天干物燥，不要在山上抽烟。\n'
    noon = next(one for one in house.station.plan()[0].airings if one.slot.id == "noon")
    assert house.village.renderer.orders[-1].texts == ("天干物燥，不要在山上抽烟。",)
    assert noon.scripts == ("policy/fire",)
    who, what, subject, before, after = house.deeds()[-1]
    assert (who, what, subject) == ("王主任", "script.save", "policy/fire")
    assert len(before) == len(after) == 64 and before != after


def test_what_will_be_spoken_stands_beside_the_text_with_its_length_and_doubts(house, owner):
    owner.open(FIRE).send("/scripts/reading", body="乐清的乐乐还2个东西，重的很长，龟裂。", title="x")

    assert re.search("念一遍大约 (8|9|10|11) 秒", owner.words)
    assert "拿不准的 1 处" in owner.words
    assert "乐 现在念 yuè" in owner.words
    assert "应该念 lè" in owner.words
    assert "liǎng" in owner.words


def test_one_tap_puts_a_reading_right_in_the_lexicon_and_keeps_what_was_typed(house, owner):
    owner.open(FIRE)
    typed = fields(owner) | {"body": "乐清的乐乐还东西，重的很长，龟裂。", "title": "没存的题目"}
    owner.send(FIRE, **typed, does="look")
    word = re.search(r'name="word1" value="([^"]+)" checked', owner.answer.text)[1]
    owner.send(FIRE, **typed, does="correct|1|yue4", word1=word)

    assert word.startswith("乐")
    assert '"乐还" = "yue4 hai2"' in (house.village.home.root / "lexicon.toml").read_text(encoding="utf-8")
    assert "没存的题目" in owner.answer.text
    assert "没有拿不准的字。" in owner.words
    assert text_of(house) == TEXT
    assert ("王主任", "lexicon.word", "乐还", "", "yue4 hai2") in house.deeds()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"free_word": "大营村", "free_said": "da4 ying2"}, "一字一音"),
        ({"free_word": "大营村", "free_said": "da4 yingg2 cun1"}, "不是带声调的拼音"),
        ({"free_word": 'x" = 1\n[people]', "free_said": "da4"}, "不能放进词表"),
        ({"free_word": "", "free_said": ""}, "不能放进词表"),
    ],
)
def test_a_reading_that_makes_no_sense_is_refused_and_the_lexicon_stays(house, owner, fields, sentence):
    lexicon = house.village.home.lexicon
    lexicon.write_text("# 我们的词\n[words]\n", encoding="utf-8")
    owner.open(FIRE)
    answer = owner.client.post(
        "/scripts/correct",
        data={"does": "correct|free|", "csrf_token": token(owner)} | fields,
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 422
    assert sentence in answer.json["error"]
    assert lexicon.read_text(encoding="utf-8") == "# 我们的词\n[words]\n"


def token(person):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', person.answer.text)[1]


def test_two_people_write_at_once_and_the_second_is_told_and_nothing_is_lost(house, owner):
    editor = house.person("李会计", Role.EDITOR).open(FIRE)
    owner.open(FIRE)
    save(editor, title="防火", body="第一个人的话。")
    save(owner, title="防火", body="第二个人的话。")

    assert owner.code == 409
    assert "您在写的时候，别人也存了这一篇。" in owner.words
    assert "第一个人的话。" in owner.words and "第二个人的话。" in fields(owner)["body"]
    assert text_of(house).endswith("第一个人的话。\n")

    save(owner, body="两个人的话。")
    assert text_of(house).endswith("两个人的话。\n")
    words = owner.open("/scripts/versions/policy/fire").words
    assert "王主任 没存成的（那时别人先存了）" in words
    assert (
        words.index("王主任 写的")
        < words.index("没存成的")
        < words.index("李会计 写的")
        < words.index("原来就在文件夹里")
    )


def test_an_earlier_version_is_compared_and_used_again(house, owner):
    owner.open(FIRE)
    save(owner, title="防火", body="天干物燥，不要抽烟。")
    owner.open("/scripts/versions/policy/fire")
    first = re.findall(r"version=([0-9a-f]{64})", owner.answer.text)[-1]
    owner.open(f"/scripts/versions/policy/fire?version={first}")

    assert "<del>请大家小心火烛</del>" in owner.answer.text and "<ins>不要抽烟</ins>" in owner.answer.text
    owner.press("换回这一版")
    assert file_of(house).read_bytes() == TEXT.encode()
    assert "换回那一版了。" in owner.words


def test_a_version_of_another_script_cannot_be_had_through_this_one(house, owner):
    owner.open("/scripts/edit/study/a")
    save(owner, "/scripts/edit/study/a", title="一", body="第一课。改了。")
    other = fields(owner)["based_on"]
    owner.open(FIRE)

    assert owner.send("/scripts/versions/policy/fire", version=other, based_on=fields_of(house)).code == 404
    assert text_of(house) == TEXT


def fields_of(house):
    import hashlib

    return hashlib.sha256(file_of(house).read_bytes()).hexdigest()


def test_a_new_script_is_not_heard_by_turns_unless_somebody_says_so(house, owner):
    """A clerk wrote “no water tomorrow” and left the kind alone; it stood in the daily round for weeks."""
    owner.open("/scripts/new")
    save(owner, "/scripts/new", **fields(owner) | {"title": "明天停水", "body": "明天停水。"})

    assert owner.path.startswith("/scripts/edit/event/")


def test_a_new_script_gets_a_name_of_its_own(house, owner):
    owner.open("/scripts/new?kind=notice")
    for _ in range(2):
        save(owner, "/scripts/new", kind="notice", title="停水通知", body="今天下午停水。", author="王主任")
        assert "新稿件存好了。" in owner.words
        owner.open("/scripts/new?kind=notice")

    folder = house.village.home.scripts / "notice"
    assert sorted(one.name for one in folder.iterdir()) == ["010-ting-shui-tong-zhi.txt", "020-ting-shui-tong-zhi.txt"]
    assert "停水通知" in owner.open("/scripts?kind=notice").words


def test_a_script_is_retired_and_brought_back(house, owner):
    owner.open("/scripts/edit/study/b").press("停用", why="过时了")
    assert "停用了。" in owner.words
    assert not file_of(house, "study/b").exists()
    assert "找到 4 篇" in owner.words

    owner.open("/scripts/retired")
    assert "第二课。" in owner.words
    owner.press("拿回来")
    assert text_of(house, "study/b") == SCRIPTS["study/b"]
    assert "找到 5 篇" in owner.open("/scripts").words
    assert [deed[1] for deed in house.deeds()] == ["script.retire", "script.bring_back"]


def test_a_script_that_the_timetable_names_is_not_retired(house, owner):
    owner.open(FIRE).press("停用")

    assert owner.code == 409
    assert "节目表里“午间政策”还要播它。请先在节目表里换一篇，再停用。" in owner.words
    assert text_of(house) == TEXT


def test_pasted_text_is_cleaned_and_what_was_changed_is_said(house, owner):
    owner.open(FIRE)
    save(owner, title="停水", body="<p>今天　下午２点😀</p>\u200b停水[微笑]。")

    assert text_of(house).endswith("\n今天下午2点\n停水。\n")
    assert "去掉了 1 处网页的代码" in owner.words and "去掉了 2 个表情和图案" in owner.words


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "请写上题目。"),
        ({"body": " "}, "没有要念的话"),
        ({"body": "{{ today"}, ""),
        ({"expires": "明天"}, "请写成年-月-日，比如 2026-12-03。"),
        ({"body": "好" * 5001}, "最多 5000 个"),
        ({"body": "{{ ''.__class__ }}"}, ""),
    ],
)
def test_what_cannot_be_said_is_refused_and_stays_in_the_form(house, owner, typed, sentence):
    owner.open(FIRE)
    save(owner, **({"title": "原来的题目"} | typed))

    assert owner.code == 422
    assert sentence in owner.words
    assert text_of(house) == TEXT
    if "title" not in typed:
        assert 'value="原来的题目"' in owner.answer.text


def test_a_full_disk_refuses_in_words_and_the_old_text_stays(house, owner, monkeypatch):
    def full(path, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    owner.open(FIRE)
    monkeypatch.setattr("broadcaster.station.scriptfiles.write_durably", full)
    save(owner, title="防火", body="新的话。")

    assert owner.code == 422
    assert "“fire.txt”没有存成：No space left on device。原来的还在，您写的还在这一页上。" in owner.words
    assert "新的话。" in fields(owner)["body"]
    assert text_of(house) == TEXT


def test_a_database_that_cannot_be_written_refuses_and_the_old_text_stays(house, owner):
    owner.open(FIRE)
    typed = fields(owner)
    house.village.store.fail_with(Sentence("磁盘满了", "the disk is full"))
    owner.client.post(FIRE, data=typed | {"body": "新", "does": "save", "csrf_token": token(owner)})

    assert text_of(house) == TEXT


def test_who_may_only_call_emergencies_reads_and_changes_nothing(house):
    caller = house.person("张三", Role.EMERGENCY).open(FIRE)
    typed = fields(caller)

    assert "天干物燥" in caller.words and "存" not in caller.buttons()
    for path in (FIRE, "/scripts/new", "/scripts/correct", "/scripts/retire/policy/fire", "/scripts/retired"):
        caller.open(FIRE)
        assert caller.send(path, follow=False, **typed, does="save").code == 403
    assert text_of(house) == TEXT


def test_a_broken_file_is_listed_and_can_be_put_right(house, owner):
    file_of(house).write_text("+++\nkind = 3\n+++\n小心火烛。", encoding="utf-8")
    house.village.advance(2)

    assert "fire 有错，不能播" in owner.open("/scripts?state=broken").words
    owner.open(FIRE)
    assert fields(owner)["body"] == "小心火烛。"
    save(owner, title="防火")
    assert "fire 有错" not in owner.open("/scripts").words
    assert text_of(house) == '+++\ntitle = "防火"\n+++\n小心火烛。\n'


def test_the_pages_speak_english(house, owner):
    owner.open("/today").press("就这样", language="en")

    assert "Found: 5" in owner.open("/scripts").words
    assert "Words to be spoken" in owner.open(FIRE).words
    assert "How the horns will read it" in owner.words
    assert "Every save keeps a version." in owner.open("/scripts/versions/policy/fire").words


def test_many_scripts_come_in_pages(tmp_path):
    many = {f"study/{number:03}": f"第{number}课。" for number in range(90)}
    person = House(tmp_path, scripts=SCRIPTS | many).person()

    assert "找到 95 篇 · 第 1 到 40 篇" in person.open("/scripts").words
    assert "第 81 到 95 篇" in person.open("/scripts?from=80").words
    assert person.open("/scripts?from=-1").code == person.open("/scripts?from=x").code == 200
