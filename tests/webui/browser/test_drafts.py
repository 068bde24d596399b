"""What somebody typed outlives a lost connection, in real Chromium with the server really gone."""

import re

import pytest
from playwright.sync_api import expect

from broadcaster.model.people import Role
from tests.doorkeeper.conftest import GOOD
from tests.webui.browser.conftest import CHROMIUM, QUIET
from tests.webui.browser.ruler import troubles
from tests.webui.browser.views import VIEWS
from webui.server import PageServer

VIEW = pytest.mark.parametrize("view", list(VIEWS))
WORDS = "东沟要发山洪，马上往学校操场走！"
KEPT = "() => Object.entries(localStorage).map(([place, draft]) => place + draft).join()"


def away(house):
    """The station is gone: nobody listens at its port."""
    house.server.close()


def back(house):
    house.server = PageServer(house.app, "127.0.0.1", house.server.port)
    house.server.open()


def press(window, words):
    window.page.get_by_role("button", name=words, exact=True).click()


@VIEW
def test_an_emergency_that_did_not_go_out_keeps_its_words_and_waits_for_a_press(browse, open_house, view):
    window = browse(view=view)
    page = window.open("/emergency")
    page.get_by_label("要说的话").fill(WORDS)
    page.get_by_label("east").check()
    away(open_house)
    window.hold()
    expect(page.get_by_text("紧急广播没有发出去，以后也不会自己发。您写的话记在")).to_be_visible()
    page.mouse.up()
    expect(page.get_by_label("要说的话")).to_have_value(WORDS)
    window.picture("unsent-emergency", whole=False)
    back(open_house)
    expect(page.get_by_text("又连上广播站了。刚才的没有送出去，请再按一次。")).to_be_visible()
    open_house.village.advance(3)
    assert open_house.deck.playing is None

    page = window.open("/emergency")
    expect(page.get_by_label("要说的话")).to_have_value("")
    window.picture("draft-emergency")
    press(window, "拿回写的")
    expect(page.get_by_label("要说的话")).to_have_value(WORDS)
    expect(page.get_by_label("自己写几句")).to_be_checked()
    assert [zone.is_checked() for zone in page.locator("[name=zone]").all()] == [False, True]
    assert open_house.deck.playing is None
    window.hold()
    expect(page.get_by_role("heading", name=re.compile("马上响|正在响"))).to_be_visible(timeout=15_000)
    page.mouse.up()
    open_house.village.advance(2)
    assert open_house.deck.playing is None and open_house.village.decks["east"].playing is not None
    assert page.evaluate(KEPT) == ""
    window.complaints.clear()  # of the lost connection


@VIEW
def test_a_slot_that_was_not_sent_is_brought_back_with_all_its_boxes(browse, open_house, view):
    window = browse(view=view)
    page = window.open("/timetable/slots/noon")
    page.locator("#title").fill("防火通知")
    page.locator("input[name=at]").nth(1).fill("13:10")
    page.get_by_label("星期六").check()
    page.locator("#other_days").fill("正月十五")
    away(open_house)
    press(window, "看看会变什么")
    expect(page.get_by_text("没有送出去，什么也没有改。您写的记在")).to_be_visible()
    expect(page.locator("#title")).to_have_value("防火通知")
    window.picture("unsent-slot", whole=False)
    back(open_house)

    page = window.open("/timetable/slots/noon")
    expect(page.locator("#title")).to_have_value("午间政策")
    expect(page.get_by_text("站里的内容改过了")).to_be_hidden()
    window.picture("draft-slot", whole=False)
    press(window, "拿回写的")
    expect(page.locator("#title")).to_have_value("防火通知")
    assert [box.input_value() for box in page.locator("input[name=at]").all()] == ["12:00", "13:10", ""]
    expect(page.get_by_label("星期六")).to_be_checked()
    expect(page.locator("#other_days")).to_have_value("正月十五")
    press(window, "看看会变什么")
    press(window, "回去改")
    expect(page.locator("#title")).to_have_value("防火通知")
    press(window, "看看会变什么")
    expect(page.get_by_role("button", name="就这样，生效")).to_be_visible()
    assert page.evaluate(KEPT) != ""
    press(window, "就这样，生效")
    expect(page.get_by_text("写好了，马上生效")).to_be_visible()
    assert page.evaluate(KEPT) == ""
    window.complaints.clear()  # of the lost connection


@VIEW
def test_a_draft_never_covers_what_somebody_else_saved_meanwhile(browse, open_house, view):
    window = browse(view=view)
    page = window.open("/settings/outputs/main")
    page.get_by_label("平常的音量（分贝）").fill("-9")
    page.get_by_label("有的钟点用别的音量").fill("07:00-08:00 -6")
    page = window.open("/settings/outputs")
    path = open_house.village.home.schedule
    path.write_text(path.read_text().replace("[output.main]\n", "[output.main]\nlevel_db = -3\n"))
    open_house.village.advance(3)

    page = window.open("/settings/outputs/main")
    expect(page.get_by_text("从那以后，站里的内容改过了。")).to_be_visible()
    row = page.locator(".draft .one", has_text="平常的音量")
    expect(row).to_contain_text("站里现在：-3")
    expect(row).to_contain_text("您写的：-9")
    expect(page.get_by_label("平常的音量（分贝）")).to_have_value("-3")
    window.picture("draft-changed", whole=False)
    press(window, "拿回写的")
    press(window, "存")
    expect(page.get_by_text("别人刚改成：-3")).to_be_visible()
    expect(page.get_by_label("平常的音量（分贝）")).to_have_value("-9")
    assert "level_db = -3" in path.read_text()
    press(window, "存")
    expect(page.get_by_text("写好了，马上生效")).to_be_visible()
    assert page.evaluate(KEPT) == ""
    window.complaints.clear()  # the console tells of the answer 422


def test_what_was_typed_over_an_open_offer_is_not_lost_either(browse, open_house):
    window = browse()
    page = window.open("/settings/lexicon/word")
    page.locator("#word").fill("盖家营")
    page = window.open("/settings/lexicon/word")
    page.locator("#word").fill("单家营")
    press(window, "拿回写的")
    expect(page.locator("#word")).to_have_value("盖家营")
    press(window, "拿回写的")
    expect(page.locator("#word")).to_have_value("单家营")
    press(window, "扔掉它")
    page = window.open("/settings/lexicon/word")
    press(window, "拿回写的")
    expect(page.locator("#word")).to_have_value("单家营")
    expect(page.locator(".draft")).to_have_count(0)
    page.get_by_role("link", name="回词表，不改").click()
    assert page.evaluate(KEPT) == ""


def test_secrets_are_not_kept_and_nobody_sees_the_drafts_of_another(browse, open_house):
    window = browse()
    page = window.open("/me")
    for label in ("旧密码", "新密码", "再输一遍新密码"):
        page.get_by_label(label, exact=True).fill(GOOD)
    away(open_house)
    press(window, "换密码")
    expect(page.get_by_text("这一页先别关；连上以后，请再按一次。")).to_be_visible()
    expect(page.get_by_label("旧密码")).to_have_value(GOOD)
    back(open_house)
    page = window.open("/settings/station")
    page.get_by_label("静音时段").fill("23:00-05:00")
    press(window, "存")
    page.get_by_label("真要放开，请写上“夜里放开”").fill("夜里放开")
    page.get_by_label("站名").fill("东营村")
    page = window.open("/people")
    page.get_by_label("他的名字").fill("李会计")
    page = window.open("/people")
    expect(page.locator(".draft")).to_have_count(1)
    kept = page.evaluate(KEPT)
    assert "李会计" in kept and "东营村" in kept
    assert GOOD not in kept and "夜里放开" not in kept and "csrf" not in kept

    other = open_house.token("张书记")
    window.context.add_cookies([{"name": "dalaba_in", "value": other, "url": open_house.address}])
    page = window.open("/people")
    expect(page.locator(".draft")).to_have_count(0)
    window.context.add_cookies([{"name": "dalaba_in", "value": open_house.token(), "url": open_house.address}])
    page = window.open("/people")
    expect(page.locator(".draft")).to_have_count(1)
    window.open("/me")
    press(window, "退出登录")
    expect(page).to_have_url(re.compile("/sign-in$"))
    assert page.evaluate(KEPT) == ""
    window.complaints.clear()  # of the lost connection


def test_a_draft_outlives_the_browser(chromium, open_house, tmp_path):
    """The battery is empty in the middle of a sentence; the phone comes back with the browser started anew."""
    cookie = {"name": "dalaba_in", "value": open_house.token("李会计", Role.EDITOR), "url": open_house.address}
    for turn in range(2):
        context = chromium.browser_type.launch_persistent_context(
            tmp_path / "browser", executable_path=CHROMIUM, args=QUIET
        )
        context.add_cookies([cookie])
        page = context.new_page()
        page.goto(open_house.address + "/scripts/new")
        if turn:
            page.get_by_role("button", name="拿回写的").click()
            expect(page.get_by_label("要念的话")).to_have_value("明天上午")
        else:
            page.get_by_label("要念的话").fill("明天上午")
            expect(page.get_by_text("草稿已经记在这台机器上。")).to_be_visible()
        context.close()


def test_the_offers_and_refusals_are_calm_in_every_look(browse, open_house):
    """axe and the ruler at what these forms look like while something is wrong; both languages."""
    found = []
    for language, view, theme in (("zh", "phone", "light"), ("en", "desk", "dark")):
        window = browse(view=view, look=f"18.{theme}.{language}")
        page = window.open("/scripts/edit/policy/fire")
        page.locator("#body").fill("天干物燥。" * 30)
        page.locator("#title").fill("防火" * 20)
        page = window.open("/emergency")
        _written(open_house, f"天干物燥，请大家小心火烛。{language}")
        page.locator("#words").fill(WORDS)
        window.context.set_offline(True)
        page.locator("#next").click()
        expect(page.locator(".unsent")).to_be_visible()
        window.picture(f"unsent-{language}")
        found += troubles(page, f"unsent, {language}", language)
        window.context.set_offline(False)
        page = window.open("/scripts/edit/policy/fire")
        expect(page.locator(".since")).to_be_visible()
        window.picture(f"draft-both-{language}")
        found += troubles(page, f"both, {language}", language)
        page.locator(".draft .drop").click()
        window.complaints.clear()  # of the lost connection

    assert not found, "\n".join(found)


def _written(house, body):
    opened = house.station.scripts.open("policy/fire")
    wording = type(opened.wording)(title=opened.wording.title, body=body)
    house.station.scripts.write("policy/fire", wording, based_on=opened.sha256, who="李会计")
