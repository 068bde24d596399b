"""The page over TLS in a real browser: it takes the cookies, goes where it is led, and can be worked with."""

import pytest

from broadcaster.model.people import Role
from tests.certificates import needs_openssl, pair
from tests.doorkeeper.conftest import GOOD
from tests.webui.conftest import House
from webui.app import create_app
from webui.encryption import Encryption
from webui.server import PageServer

pytestmark = [pytest.mark.slow, needs_openssl]


@pytest.fixture
def encrypted(tmp_path):
    """A house whose certificate nobody vouches for; yields (house, port)."""
    house = House(tmp_path)
    house.has("王主任", Role.OWNER)
    encryption = Encryption(*pair(tmp_path))
    server = PageServer(create_app(house.station, house.doorkeeper, encryption), "127.0.0.1", 0, encryption)
    server.open()
    yield house, server.port
    server.close()
    house.station.backups.close()


def test_who_types_http_is_led_to_tls_signs_in_and_presses(encrypted, chromium):
    _, port = encrypted
    context = chromium.new_context(ignore_https_errors=True)  # the person has looked at the fingerprint
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    try:
        page.goto(f"http://127.0.0.1:{port}/today", wait_until="load")
        assert page.url.startswith(f"https://127.0.0.1:{port}/sign-in")
        page.locator("#name").fill("王主任")
        page.locator("#password").fill(GOOD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"https://127.0.0.1:{port}/today")
        cookies = {one["name"]: one for one in context.cookies()}
        assert "__Host-dalaba_in" in cookies and all(one["secure"] for one in cookies.values())
        assert page.evaluate("window.isSecureContext")  # without this a later microphone has no chance

        page.goto(f"https://127.0.0.1:{port}/me", wait_until="load")
        page.get_by_role("button", name="退出登录").click()
        page.wait_for_url(f"https://127.0.0.1:{port}/sign-in")
        assert "__Host-dalaba_in" not in {one["name"] for one in context.cookies()}
        assert complaints == []
    finally:
        context.close()
