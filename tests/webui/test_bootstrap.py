"""What is left of Bootstrap's stylesheet is what our pages can use, and it is served so that it is asked for once."""

import gzip

import pytest

from broadcaster.model.people import Role
from webui import bootstrap
from webui.bootstrap import needed


@pytest.mark.parametrize(
    ("css", "left"),
    [
        ("a{b:c}", "a{b:c}"),
        (".card{b:c}.modal{d:e}", ".card{b:c}"),
        (".card,.modal,p{b:c}", ".card,p{b:c}"),
        (".card .modal{b:c}.card>.row{d:e}", ".card>.row{d:e}"),
        (".card:not(.modal){b:c}", ".card:not(.modal){b:c}"),
        (":is(.card,.modal) p,p{b:c}", "p{b:c}"),
        (":root,[data-bs-theme=light]{b:c}[data-bs-theme=dark]{d:e}", ":root{b:c}"),
        ("@media (min-width:1px){.card{b:c}.modal{d:e}}", "@media (min-width:1px){.card{b:c}}"),
        ("@media print{.modal{d:e}}p{b:c}", "p{b:c}"),
        ("@keyframes spin{to{b:c}}@keyframes card{to{b:c}}", "@keyframes card{to{b:c}}"),
        ('@charset "UTF-8";/*! .modal{} */p{b:c}', "p{b:c}"),
        ("", ""),
    ],
)
def test_a_rule_stays_where_all_its_classes_are_used(css, left):
    assert needed(css, {"card", "row"}) == left


def test_the_base_and_what_our_pages_name_is_there_and_the_rest_is_not():
    sheet = bootstrap.sheet()

    assert len(sheet) < 20_000
    assert sheet.count("{") == sheet.count("}")
    for rule in ("body{margin:0;", "*,::after,::before{box-sizing:border-box}", "--bs-body-font-family:", ".card{"):
        assert rule in sheet
    assert ".visually-hidden" in sheet
    assert ".carousel" not in sheet and ".dropdown" not in sheet


def test_a_page_names_the_sheet_and_a_browser_keeps_it(house, owner):
    address = f"/bootstrap-{bootstrap.version()}.css"
    assert f'href="{address}"' in owner.open("/today").answer.text

    client = house.stranger().client
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(answer.data).decode() == bootstrap.sheet()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/bootstrap-of-before.css").headers["Cache-Control"] == "no-cache"


def test_our_own_sheet_is_kept_by_its_version_only(house):
    def kept(path):
        with house.stranger().client.get(path) as answer:
            return answer.headers["Cache-Control"]

    assert "immutable" in kept("/static/dalaba.css?v=1")
    assert "immutable" not in kept("/static/dalaba.css")
    assert "immutable" not in kept("/static/nothing.css?v=1")


def test_a_page_is_packed_where_nothing_on_the_way_is_secret(house):
    house.has("王主任", Role.OWNER)
    packs = {"Accept-Encoding": "gzip", "Accept": "text/html"}
    client = house.stranger().client
    plain = client.get("/sign-in", headers=packs)
    over_tls = client.get("/sign-in", headers=packs, base_url="https://localhost")
    unasked = client.get("/sign-in", headers={"Accept": "text/html"})

    assert plain.headers["Content-Encoding"] == "gzip"
    assert "登录" in gzip.decompress(plain.data).decode()
    assert "Accept-Encoding" in plain.headers["Vary"]
    for answer in (over_tls, unasked):
        assert "Content-Encoding" not in answer.headers
        assert "登录" in answer.get_data(as_text=True)
