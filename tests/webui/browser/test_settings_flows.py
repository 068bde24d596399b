"""What the owner does for people and for the station, in a real browser, on a desk and on a small phone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from broadcaster.model.people import Role
from tests.station.conftest import at

VIEWS = pytest.mark.parametrize("view", ["desk", "phone"])
NEW = "井边有一棵大枣树"
SPOKEN_WITHIN_MS = 60_000


@VIEWS
def test_somebody_is_invited_and_comes_in_on_another_phone(browse, open_house, view):
    window = browse(view=view)
    page = window.open("/people")
    page.get_by_label("他的名字").fill("李会计")
    page.get_by_role("button", name="给一次码").click()
    expect(page.get_by_text("请至少选一个职责。")).to_be_visible()
    window.complaints.clear()  # the console tells of the answer 422
    page.get_by_label("写稿人").check()
    page.get_by_role("button", name="给一次码").click()
    expect(page.get_by_role("heading", name="给“李会计”的一次码")).to_be_visible()
    window.picture("people-code")
    code = page.locator(".code").inner_text()
    page.get_by_role("link", name="好了").click()
    expect(page.get_by_role("button", name="作废“李会计”的码")).to_be_visible()

    other = browse(view=view, signed_in=False)
    theirs = other.open("/sign-in")
    theirs.get_by_role("link", name="我有一次码").click()
    theirs.get_by_label("一次码").fill(code)
    theirs.get_by_label("想一个密码").fill(NEW)
    theirs.get_by_label("再输一遍密码").fill(NEW)
    other.picture("people-join")
    theirs.get_by_role("button", name="进来").click()
    expect(theirs).to_have_url(re.compile("/today$"))

    page.goto(open_house.address + "/people")
    window.picture("people")
    page.get_by_role("link", name="李会计").click()
    expect(page.get_by_text("Linux · Chrome")).to_be_visible()
    window.picture("people-one")
    page.get_by_role("button", name="让它退出").click()
    expect(theirs).to_have_url(re.compile("/sign-in"))  # by itself: the page asks for its state, and nobody is there
    other.complaints.clear()  # the console tells of the answer 401


@VIEWS
def test_a_program_gets_a_token_that_works_and_loses_it(browse, open_house, view):
    window = browse(view=view)
    page = window.open("/settings")
    window.picture("settings")
    page.get_by_role("link", name="别的程序").click()
    page.get_by_label("程序的名字").fill("河道水位计")
    page.get_by_label("看：站况、节目、记录、紧急稿").check()
    page.get_by_label("紧急：播预备好的紧急稿").check()
    page.get_by_role("button", name="给令牌").click()
    token = page.locator("#token").inner_text()
    window.picture("programs-token")
    headers = {"Authorization": f"Bearer {token}"}
    asked = window.context.request.get(open_house.address + "/api/v1/status", headers=headers)
    assert asked.json()["station"] == "试验村"

    page.get_by_role("link", name="抄好了").click()
    expect(page.get_by_text("最近用过：2026-11-24")).to_be_visible()
    window.picture("programs")
    page.get_by_role("link", name="接口怎么用").click()
    window.picture("programs-api")
    page.goto(open_house.address + "/settings/programs")
    page.get_by_role("button", name="停用“河道水位计”").click()
    expect(page.get_by_text("“河道水位计”的令牌停用了。")).to_be_visible()
    assert window.context.request.get(open_house.address + "/api/v1/status", headers=headers).status == 401


@VIEWS
def test_the_owner_sees_how_the_station_is_and_who_changed_what(browse, open_house, view):
    open_house.has("李会计", Role.EDITOR)
    path = open_house.village.home.schedule
    path.write_text(path.read_text().replace('at = "12:00"', 'at = "25:00"'))
    open_house.until(at("07:29:30"))
    window = browse(view=view, look="18.auto.zh")
    page = window.open("/settings/health")
    expect(page.get_by_text("有的地方坏了，要修。")).to_be_visible()
    window.picture("health")
    page.get_by_role("link", name="回到设置").click()
    page.get_by_role("link", name="改动记录").click()
    page.get_by_label("找什么").fill("李会计")
    page.get_by_role("button", name="找").click()
    expect(page.get_by_text("改之后：editor")).to_be_visible()
    window.picture("changes")


@VIEWS
def test_the_night_is_opened_by_its_owner_with_a_typed_word(browse, open_house, view):
    window = browse(view=view)
    page = window.open("/settings/station")
    page.get_by_label("静音时段").fill("23:00-05:00")
    page.get_by_role("button", name="存").click()
    expect(page.get_by_role("heading", name="夜里要放开吗？")).to_be_visible()
    window.picture("station-night")
    page.get_by_role("button", name="放开这些钟点").click()
    expect(page.get_by_text("没有放开。真要放开")).to_be_visible()
    window.complaints.clear()  # the console tells of the answer 422
    page.get_by_label("真要放开，请写上“夜里放开”").fill("夜里放开")
    page.get_by_role("button", name="放开这些钟点").click()
    expect(page.get_by_text("放开了，新的静音时段已经生效。")).to_be_visible()
    window.picture("station")


@VIEWS
def test_a_backup_is_made_downloaded_and_put_back(browse, open_house, view, tmp_path):
    window = browse(view=view)
    page = window.open("/settings/backup")
    page.context.set_default_timeout(60_000)
    page.get_by_role("button", name="做一份备份").click()
    expect(page.get_by_role("status")).to_be_visible(timeout=60_000)
    assert open_house.station.backups.wait(timedelta(minutes=5))
    page.goto(open_house.address + "/settings/backup")
    window.picture("backup")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").first.click()
    download.value.save_as(tmp_path / "downloaded.zip")

    script = open_house.village.home.scripts / "study" / "010.txt"
    before = script.read_bytes()
    script.write_bytes(before.replace("得一分".encode(), "得两分".encode()))
    (script.parent / "new.txt").write_text("新的话。", encoding="utf-8")
    page.get_by_label("备份文件（.zip）").set_input_files(tmp_path / "downloaded.zip")
    page.get_by_role("button", name="看看会变什么").click()
    expect(page.get_by_text("scripts/study/010.txt")).to_be_visible()
    window.picture("backup-preview")
    page.get_by_role("button", name="就这样，放回去").click()
    expect(page.get_by_text("放回去了。")).to_be_visible()
    assert script.read_bytes() == before and not (script.parent / "new.txt").exists()
    expect(page.get_by_text("放回备份以前的")).to_be_visible()


@VIEWS
def test_an_output_gets_its_level_and_a_zone_its_horns(browse, open_house, view):
    window = browse(view=view)
    page = window.open("/settings/outputs")
    window.picture("outputs")
    page.get_by_role("link", name="main").click()
    page.get_by_label("平常的音量（分贝）").fill("40")
    page.get_by_label("有的钟点用别的音量").fill("07:00-08:00 -6")
    page.get_by_role("button", name="存").click()
    expect(page.get_by_label("平常的音量（分贝）")).to_have_attribute("aria-invalid", "true")
    window.picture("outputs-wrong")
    window.complaints.clear()  # the console tells of the answer 422
    page.get_by_label("平常的音量（分贝）").fill("-3")
    page.get_by_role("button", name="存").click()
    expect(page.get_by_text("音量 -3 分贝，07:00–08:00 -6")).to_be_visible()

    page.get_by_role("link", name="加一个片区").click()
    page.get_by_label("片区的名字").fill("西头")
    page.get_by_label("main").check()
    page.get_by_label("喇叭远不远").select_option("far")
    window.picture("zone")
    page.get_by_role("button", name="存").click()
    expect(page.get_by_role("link", name="西头")).to_be_visible()
    page.get_by_role("button", name="撤销这次改动").click()
    window.picture("outputs-undo")
    page.get_by_role("button", name="就这样，生效").click()
    expect(page.get_by_text("写好了，马上生效")).to_be_visible()
    page.goto(open_house.address + "/settings/outputs")
    expect(page.get_by_role("link", name="西头")).to_have_count(0)


@VIEWS
def test_a_voice_and_a_word_are_heard_by_the_real_voice_before_they_are_saved(browse, voiced, view):
    window = browse(view=view)
    page = window.open("/settings/voices")
    window.picture("voices")
    page.get_by_role("link", name="平常的声音").click()
    page.get_by_label("一分钟念多少字").fill("150")
    page.get_by_role("button", name="听一听").click()
    assert _length(page) > 4
    window.picture("voice-heard")
    page.get_by_role("button", name="存", exact=True).click()
    expect(page.get_by_text("一分钟 150 个字")).to_be_visible()

    page.goto(voiced.address + "/settings/lexicon")
    page.get_by_role("link", name="加一个词").click()
    page.get_by_label("词或人名").fill("盖家营")
    page.get_by_label("念什么（拼音）").fill("gě jiā yíng")
    page.get_by_role("button", name="听一听").click()
    assert _length(page) > 0.5
    window.picture("word-heard")
    page.get_by_role("button", name="存", exact=True).click()
    expect(page.get_by_role("link", name="盖家营")).to_be_visible()
    page.get_by_label("找一个词").fill("没有的")
    page.get_by_role("button", name="找").click()
    expect(page.get_by_text("没有找到。")).to_be_visible()
    page.goto(voiced.address + "/settings/lexicon")
    window.picture("lexicon")
    page.get_by_role("button", name="撤销这次改动").click()
    expect(page.get_by_role("link", name="盖家营")).to_have_count(0)


def _length(page):
    """Seconds of the sound that the page offers, once it was rendered and the browser has looked at it."""
    expect(page.locator("audio")).to_be_attached(timeout=SPOKEN_WITHIN_MS)
    return page.locator("audio").evaluate(
        """(one) => new Promise((resolve, reject) => {
          one.onloadedmetadata = () => resolve(one.duration);
          one.onerror = () => reject(new Error("no sound"));
          one.preload = "metadata";
          one.load();
        })"""
    )
