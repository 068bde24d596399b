"""What a phone has to fetch before its owner sees anything."""

import pytest

from tests.webui.browser.phone import first_view

MOST_BYTES = 250_000


@pytest.mark.parametrize("path", ["/sign-in", "/today"])
def test_the_first_page_is_light_enough_for_a_thin_line(browse, open_house, path):
    window = browse(view="phone", signed_in=path == "/today")

    weight, _ = first_view(window.page, open_house.address + path, is_throttled=False)

    assert 10_000 < weight < MOST_BYTES
