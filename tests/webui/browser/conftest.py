"""The page in real Chromium, over a village whose time passes when a test says so. Pictures: ``test-artefacts/``."""

import os
import shutil
from pathlib import Path

import pytest

from broadcaster.clips import ClipStore
from broadcaster.home import shipped
from broadcaster.model.people import Role
from broadcaster.renderer import Renderer
from broadcaster.station.listening import ListeningDesk
from tests.webui.browser.views import VIEWS
from tests.webui.conftest import House
from webui.server import PageServer

ARTEFACTS = Path(__file__).parents[3] / "test-artefacts" / "webui"
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
)
SCRIPTS = {
    "study/010": '+++\ntitle = "积分怎么算"\n+++\n乡亲们，今天讲一讲学习积分怎么算。每天读一篇，得一分。',
    "study/020": '+++\ntitle = "少吃盐"\n+++\n乡亲们，少吃一点盐，血压就稳一点。',
    "policy/fire": '+++\ntitle = "秋冬防火，别在山上抽烟"\n+++\n天干物燥，请大家小心火烛。',
    "emergency/flood": '+++\ntitle = "山洪"\n+++\n紧急通知。河水涨了，请河边的乡亲马上到学校操场去，不要收拾东西。',
    "emergency/fire": '+++\ntitle = "火灾"\n+++\n紧急通知。村里着火了，请大家离开房子，到空地上去。',
    "emergency/all-clear": '+++\ntitle = "解除"\n+++\n紧急通知解除了，大家可以回家。',
    "emergency/correction": '+++\ntitle = "更正"\n+++\n刚才的广播是误播，没有险情。',
}


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: packaging/setup-tests.sh installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Browser:
    """One person's browser window at the page; fails for what the page's own console complains of."""

    def __init__(self, chromium, address, *, view="desk", token="", look="", javascript=True):
        self.context = chromium.new_context(viewport=VIEWS[view], java_script_enabled=javascript, locale="zh-CN")
        self.context.set_default_timeout(15_000)
        self.address, self.view = address, view
        cookies = {"dalaba_in": token, "dalaba_look": look}
        self.context.add_cookies([{"name": n, "value": v, "url": address} for n, v in cookies.items() if v])
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))

    def open(self, path):
        self.page.goto(self.address + path, wait_until="load")
        return self.page

    def hold(self):
        """The red button goes down, and stays down."""
        button = self.page.get_by_role("button", name="按住两秒")
        # In the middle of the screen: at its end the bar of a phone would cover it.
        button.evaluate("(one) => one.scrollIntoView({ block: 'center', behavior: 'instant' })")
        box = button.bounding_box()
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()
        return button

    def picture(self, name, *, whole=True):
        """Kept for people to look at."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{name}-{self.view}.png", full_page=whole)

    def close(self):
        self.context.close()


class OpenHouse(House):
    """A house whose page answers on a port of its own."""

    def __init__(self, root, moment="07:29", **more):
        super().__init__(root, moment, scripts=SCRIPTS, **more)
        self.server = PageServer(self.app, "127.0.0.1", 0)
        self.server.open()
        self.address = f"http://127.0.0.1:{self.server.port}"

    def token(self, name="王主任", *roles):
        account = self.has(name, *(roles or (Role.OWNER,)))
        return self.doorkeeper.let_in(account, label="Android · Chrome", is_trusted=True)[1]


@pytest.fixture
def open_house(tmp_path):
    house = OpenHouse(tmp_path)
    yield house
    house.server.close()
    house.station.backups.close()


@pytest.fixture
def browse(chromium, open_house):
    """Opens a window: ``browse(view="phone")``; at the end no console may have complained."""
    windows = []

    def window(*, signed_in=True, name="王主任", roles=(), **more):
        token = open_house.token(name, *roles) if signed_in else ""
        windows.append(Browser(chromium, open_house.address, token=token, **more))
        return windows[-1]

    yield window
    for one in windows:
        one.close()
    assert [words for one in windows for words in one.complaints] == []


@pytest.fixture
def voiced(open_house, tmp_path):
    """The house with the real renderer and its clips on the disk."""
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is not installed: packaging/setup.sh installs it")
    clips = ClipStore(tmp_path / "var" / "clips")
    renderer = Renderer(clips=tmp_path / "var" / "clips", audio=shipped() / "audio")
    station, home = open_house.station, open_house.village.home
    station.listening = ListeningDesk(
        home,
        station._books,
        renderer=renderer,
        clips=clips,
        clip_path=lambda key: clips.path(key).resolve(),
        now=open_house.village.clock.now,
    )
    yield open_house
    renderer.close()


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.real)
            item.add_marker(pytest.mark.slow)


os.environ.setdefault("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
