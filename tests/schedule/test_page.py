"""[page]: where the cadre's page answers."""

import pytest

from broadcaster.model.timetable import PageSettings
from broadcaster.model.words import Sentence
from broadcaster.schedule import parse_schedule


def page(text):
    parsed = parse_schedule(f"[page]\n{text}")
    return parsed.schedule.page if parsed.schedule else parsed.complaints


def test_without_a_word_the_page_answers_this_machine_only():
    assert page("") == PageSettings(address="127.0.0.1", port=8080, hosts=())


def test_all_three_are_read():
    settings = page('address = "::"\nport = 9000\nhosts = ["Dalaba.LAN.", "horn"]')

    assert settings == PageSettings(address="::", port=9000, hosts=("dalaba.lan", "horn"))


@pytest.mark.parametrize("given", ['"localhost"', '"192.168.1"', '""'])
def test_what_is_no_address_is_told(given):
    (complaint,) = page(f"address = {given}")
    shown = given.replace('"', "'")

    assert (complaint.path, complaint.what) == (
        "page.address",
        Sentence(
            f"{shown} 不是本机的地址。只让本机打开写 '127.0.0.1'，让同一个网里的手机也能打开写 '0.0.0.0'。",
            f"{shown} is no address. Write '127.0.0.1' for this machine alone, "
            "or '0.0.0.0' for the phones of its network, too.",
        ),
    )


@pytest.mark.parametrize("given", ["http://dalaba.lan", "dalaba.lan:8080", "-x", "a b", "../x", "x" * 300])
def test_what_is_no_host_name_is_told(given):
    (complaint,) = page(f'hosts = ["{given}"]')

    assert complaint.path == "page.hosts"
    assert complaint.what.zh.endswith("不是网址里的名字。请只写名字，不写 http:// 和端口，例如 'dalaba.lan'。")
    assert complaint.what.en.endswith(
        "is no host name. Write the name alone, no http:// and no port, for example 'dalaba.lan'."
    )


@pytest.mark.parametrize("port", ["80", "70000", '"8080"', "true"])
def test_a_port_is_a_number_that_needs_no_administrator(port):
    (complaint,) = page(f"port = {port}")

    assert complaint.path == "page.port"


def test_certificate_and_key_are_a_pair():
    settings = page('certificate = "certificate/page.pem"\nkey = "/etc/ssl/page.key"')

    assert (settings.certificate, settings.key) == ("certificate/page.pem", "/etc/ssl/page.key")
    for name, other in (("certificate", "key"), ("key", "certificate")):
        (complaint,) = page(f'{name} = "page.pem"')
        assert (complaint.path, complaint.what) == (
            f"page.{other}",
            Sentence(
                f"写了 {name}，也要写 {other}：证书和私钥是一对。",
                f"where {name} is written, {other} must be, too: certificate and key are a pair.",
            ),
        )


@pytest.mark.parametrize("given", ["3", '["a.pem"]', '"a\\u0000b"', '"a\\u202eb"', f'"{"x" * 301}"'])
def test_what_is_no_place_of_a_file_is_told(given):
    (complaint,) = page(f'certificate = {given}\nkey = "page.key"')

    assert complaint.path == "page.certificate"
