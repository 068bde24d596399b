"""Outputs on the network, channels and levels: what can be written, and every complaint whole."""

from datetime import time, timedelta

import pytest

from broadcaster.model.hours import QuietHours
from broadcaster.model.outputs import Channel, Codec, LevelSpan, OutputKind, OutputSettings
from broadcaster.model.words import Sentence
from broadcaster.schedule import parse_schedule


def outputs_of(text):
    parsed = parse_schedule(text)
    assert parsed.complaints == ()
    return parsed.schedule.outputs


def test_one_card_can_be_two_outputs():
    east, west = outputs_of('[output.east]\nchannel = "left"\n[output.west]\nchannel = "right"')

    assert (east.device, east.channel) == ("default", Channel.LEFT)
    assert (west.device, west.channel) == ("default", Channel.RIGHT)


def test_a_stream_to_phones_is_read_whole():
    (phones,) = outputs_of("""
    [output.phones]
    kind = "stream"
    address = "icecast://radio.example:8000/village.ogg"
    codec = "mp3"
    password = "file:icecast.txt"
    delay = "2s"
    """)

    assert phones == OutputSettings(
        name="phones",
        kind=OutputKind.STREAM,
        device="",
        address="icecast://radio.example:8000/village.ogg",
        codec=Codec.MP3,
        password="file:icecast.txt",
        delay=timedelta(seconds=2),
    )


@pytest.mark.parametrize("address", ["rtp://239.1.2.3:5004", "rtp://[ff05::1]:5004", "rtp://224.0.1.75:50000"])
def test_a_stream_to_horns_goes_to_a_multicast_group(address):
    (horns,) = outputs_of(f'[output.horns]\nkind = "stream"\naddress = "{address}"\ncodec = "g722"')

    assert (horns.address, horns.codec) == (address, Codec.G722)


def test_rtp_to_one_machine_has_to_be_allowed():
    (horn,) = outputs_of('[output.horn]\nkind = "stream"\naddress = "rtp://127.0.0.1:5004"\nunicast = true')

    assert horn.allows_unicast


def test_players_in_step_are_read_whole():
    (east,) = outputs_of("""
    [output.east]
    kind = "snapcast"
    address = "pipe:///run/dalaba/snapfifo"
    control = "127.0.0.1:1705"
    clients = ["school", "mill"]
    """)

    assert (east.address, east.control, east.clients) == (
        "pipe:///run/dalaba/snapfifo",
        "127.0.0.1:1705",
        ("school", "mill"),
    )


def test_levels_mute_and_the_level_of_emergencies_are_read():
    (main,) = outputs_of("""
    [output.main]
    level_db = -3
    levels = ["06:30-08:00 -9", "20:00至21:00 -12.5 dB"]
    mute = true
    emergency_level_db = 6
    """)

    assert main.levels == (
        LevelSpan(QuietHours(time(6, 30), time(8)), -9.0),
        LevelSpan(QuietHours(time(20), time(21)), -12.5),
    )
    assert (main.level_db, main.is_muted, main.emergency_level_db) == (-3.0, True, 6.0)


STREAM = '[output.x]\nkind = "stream"\n'
ADDRESS_ZH = "请写 'rtp://239.1.1.1:5004'（网络音柱）或 'icecast://192.168.1.10:8000/village'（手机收听）。"
ADDRESS_EN = "Write 'rtp://239.1.1.1:5004' (horns on the network) or 'icecast://192.168.1.10:8000/village' (phones)."
SNAPCAST = "'tcp://127.0.0.1:4953' {} 'pipe:///run/dalaba/snapfifo'"
COMPLAINTS = [
    (
        '[output.x]\nkind = "stream"',
        "address",
        "没有写地址。请写一行 address，例如 'icecast://192.168.1.10:8000/village'。",
        "there is no address. Write one, for example address = 'icecast://192.168.1.10:8000/village'.",
    ),
    (
        '[output.x]\nkind = "snapcast"',
        "address",
        "没有写地址。请写一行 address，例如 'tcp://127.0.0.1:4953'。",
        "there is no address. Write one, for example address = 'tcp://127.0.0.1:4953'.",
    ),
    (
        STREAM + 'address = "rtp://192.168.1.20:5004"',
        "address",
        "'192.168.1.20' 不是组播地址，只能到一台机器。请写 239.0.0.0 到 239.255.255.255；"
        "真的只给一台，加一行 unicast = true。",
        "'192.168.1.20' is not a multicast address; one machine at most would hear it. Write 239.0.0.0 to "
        "239.255.255.255, or add unicast = true if one machine is meant.",
    ),
    (
        STREAM + 'address = "icecast://source:hackme@radio.example:8000/a"',
        "address",
        "地址里不能写用户名和密码。请把密码放进文件，写 password = 'file:icecast.txt'。",
        "an address must not hold a user or a password. Keep the password in a file, and write "
        "password = 'file:icecast.txt'.",
    ),
    *(
        (
            STREAM + f'address = "{bad}"',
            "address",
            f"'{bad}' 不是地址。{ADDRESS_ZH}",
            f"'{bad}' is no address. {ADDRESS_EN}",
        )
        for bad in (
            "http://radio.example/a",
            "icecast://radio.example:8000",
            "icecast://radio.example:8000/a b",
            "icecast:///a",
            "icecast://radio.example:99999/a",
            "rtp://239.1.1.1",
            "rtp://239.1.1.1:0",
            "rtp://[ff05::1:5004",
            "rtp://239.1.1.1:5004?ttl=9",
            "239.1.1.1:5004",
        )
    ),
    (STREAM + "address = 5004", "address", f"'5004' 不是地址。{ADDRESS_ZH}", f"'5004' is no address. {ADDRESS_EN}"),
    *(
        (
            f'[output.x]\nkind = "snapcast"\naddress = "{bad}"',
            "address",
            f"'{bad}' 不是地址。请写 {SNAPCAST.format('或')}。",
            f"'{bad}' is no address. Write {SNAPCAST.format('or')}.",
        )
        for bad in ("tcp://127.0.0.1", "pipe://host/snapfifo", "/tmp/snapfifo", "rtp://239.1.1.1:5004")
    ),
    (
        STREAM + 'address = "icecast://a:8000/b"\ncodec = "pcmu"',
        "codec",
        "没有叫 'pcmu' 的编码。能写的有：mp3、opus。",
        "there is no codec called 'pcmu'. Known: mp3, opus.",
    ),
    (
        STREAM + 'address = "icecast://a:8000/b"\npassword = "hackme"',
        "password",
        "这里不写密码，写密码在哪里：'file:icecast.txt'（文件）或 'env:ICECAST_PASSWORD'（环境变量）。",
        "not the password, but where it is kept: 'file:icecast.txt' (a file) or 'env:ICECAST_PASSWORD' "
        "(an environment variable).",
    ),
    (
        '[output.x]\nkind = "snapcast"\naddress = "tcp://a:1"\ncontrol = "a"',
        "control",
        "'a' 不行。请写主机和端口，例如 '127.0.0.1:1705'。",
        "'a' will not do. Write a host and a port, for example '127.0.0.1:1705'.",
    ),
    *(
        (
            f"[output.x]\nlevels = {bad}",
            "levels",
            f"{said} 不行。请写一段时间和 -60 到 12 的分贝数，例如 '07:00-09:00 -6'。",
            f"{said} will not do. Write a span of time and decibels from -60 to 12, for example '07:00-09:00 -6'.",
        )
        for bad, said in (
            ('"07:00-09:00"', "'07:00-09:00'"),
            ('"25:00-09:00 -6"', "'25:00-09:00 -6'"),
            ('"07:00-09:00 13"', "'07:00-09:00 13'"),
            ("-6", "'-6'"),
        )
    ),
    (
        '[output.x]\naddress = "rtp://239.1.1.1:5004"',
        "address",
        "这一行只用于 'stream'、'snapcast'，这个输出是 'soundcard'。请改 kind，或者删掉这一行。",
        "this line is for 'stream' or 'snapcast' only, and this output is a 'soundcard'. "
        "Change its kind, or take the line out.",
    ),
    (
        '[output.x]\nkind = "tape"\nchannel = "left"',
        "channel",
        "这一行只用于 'soundcard'，这个输出是 'tape'。请改 kind，或者删掉这一行。",
        "this line is for 'soundcard' only, and this output is a 'tape'. Change its kind, or take the line out.",
    ),
]


@pytest.mark.parametrize(("text", "key", "zh", "en"), COMPLAINTS, ids=[case[0][-40:] for case in COMPLAINTS])
def test_every_slip_of_an_output_is_told_whole(text, key, zh, en):
    (complaint,) = parse_schedule(text).complaints

    assert (complaint.path, complaint.what.zh, complaint.what.en) == (f"output.x.{key}", zh, en)


def test_a_password_in_the_wrong_place_is_not_repeated():
    for line in ('password = "hackme"', 'address = "icecast://source:hackme@a:8000/b"'):
        parsed = parse_schedule(f"{STREAM}{line}\n")

        assert all("hackme" not in one.text(language) for one in parsed.complaints for language in ("zh", "en"))


# --- listening and trying ---------------------------------------------------------------------------------------

HEADPHONES = '[output.main]\n[output.headphones]\ndevice = "pulse:headset"\nmonitor = true\n'


def test_a_microphone_is_called_by_its_name():
    parsed = parse_schedule('[output.main]\nlisten = "pulse:yard.monitor"')

    assert parsed.schedule.outputs[0].listen == "pulse:yard.monitor"


def test_a_microphone_by_number_is_refused():
    [complaint] = parse_schedule('[output.main]\nlisten = "hw:1,0"').complaints

    assert complaint.text("en") == (
        "output.main.listen: 'hw:1,0' is a number, and numbers change after a power cut. "
        "Write the name of the sound card, for example 'default'."
    )


def test_what_is_for_trying_belongs_to_no_zone_and_no_amplifier():
    schedule = parse_schedule(HEADPHONES + '[amplifier.hall]\nkind = "command"\non = "true"\noff = "true"').schedule

    assert [output.is_monitor for output in schedule.outputs] == [False, True]
    assert [zone.outputs for zone in schedule.zones] == [("main",)]
    assert schedule.outputs_of(["all"]) == ("main",)
    assert schedule.amplifiers[0].outputs == ("main",)


def test_headphones_in_a_zone_are_a_mistake():
    [complaint] = parse_schedule(HEADPHONES + '[zone.all]\noutputs = ["main", "headphones"]').complaints

    assert complaint.path == "zone.all.outputs"
    assert complaint.what == Sentence(
        "输出“headphones”是试听用的（monitor = true），不能放进片区。请从这里去掉，或者去掉它的 monitor。",
        "the output 'headphones' is for trying only (monitor = true) and cannot be in a zone. "
        "Take it out here, or take its monitor out.",
    )


def test_a_village_with_headphones_only_would_hear_nothing():
    [complaint] = parse_schedule("[output.headphones]\nmonitor = true").complaints

    assert complaint.text("en") == (
        "output.headphones.monitor: every output is for trying only, so the village would hear nothing. "
        "Add an output for the horns, or take monitor out."
    )


@pytest.mark.parametrize(
    ("horns", "headphones"),
    [
        ("", ""),
        ('device = "pulse:yard"', 'device = "pulse:yard"'),
        ('device = "default"', 'device = "pulse"'),
        ('device = "pulse:yard"', 'device = "default"'),
        ('device = "pulse:yard"\nchannel = "left"', 'device = "pulse:yard"\nchannel = "left"'),
        ('device = "pulse:yard"\nchannel = "left"', 'device = "pulse:yard"'),
    ],
    ids=["both the usual one", "one card", "two names of the usual one", "the usual one", "one wire", "both wires"],
)
def test_headphones_on_the_card_of_the_horns_are_a_mistake(horns, headphones):
    """What was called a trial was heard by the village, at any hour: the decks are two, and their card was one."""
    text = f"[output.main]\n{horns}\n[output.headphones]\nmonitor = true\n{headphones}\n"
    [complaint] = parse_schedule(text).complaints

    assert complaint.path == "output.headphones.device"
    assert complaint.what == Sentence(
        "试听的声音会从喇叭“main”的声卡出来，或者说不准。请写耳机那块声卡的名字，例如 device = 'pulse:headset'。",
        "what is tried would be heard, or might be, on the card of the horns 'main'. Name the card of the headphones, "
        "for example device = 'pulse:headset'.",
    )


@pytest.mark.parametrize(
    ("horns", "headphones"),
    [
        ("", 'device = "pulse:headset"'),
        ('channel = "left"', 'channel = "right"'),
        ('kind = "stream"\naddress = "rtp://239.1.1.1:5004"', ""),
        ("", 'kind = "tape"'),
    ],
    ids=["a card of their own", "the other wire", "horns on the network", "a tape"],
)
def test_headphones_that_cannot_be_the_horns_are_in_order(horns, headphones):
    text = f"[output.main]\n{horns}\n[output.headphones]\nmonitor = true\n{headphones}\n"

    assert parse_schedule(text).complaints == ()
