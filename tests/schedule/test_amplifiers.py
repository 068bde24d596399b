"""What switches the horns, as it stands in schedule.toml, and every complaint whole."""

from datetime import timedelta

import pytest

from broadcaster.model.outputs import AmplifierKind, AmplifierSettings
from broadcaster.schedule import parse_schedule


def amplifiers_of(text):
    parsed = parse_schedule(text)
    assert parsed.complaints == ()
    return parsed.schedule.amplifiers


def test_a_command_is_a_list_of_words():
    (horns,) = amplifiers_of("""
    [sound]
    amplifier_lead = "5s"
    [output.east]
    [output.west]
    [amplifier.horns]
    outputs = "east"
    on = ["/usr/local/bin/relay", "1", "on; reboot"]
    off = ["/usr/local/bin/relay", "1", "off"]
    tail = "30s"
    """)

    assert horns == AmplifierSettings(
        name="horns",
        kind=AmplifierKind.COMMAND,
        outputs=("east",),
        on=("/usr/local/bin/relay", "1", "on; reboot"),
        off=("/usr/local/bin/relay", "1", "off"),
        lead=timedelta(seconds=5),
        tail=timedelta(seconds=30),
    )


def test_what_is_not_written_is_what_most_people_need():
    pin, relay, message = amplifiers_of("""
    [amplifier.a]
    kind = "gpio"
    pin = 17
    inverted = true
    [amplifier.b]
    kind = "relay"
    port = "/dev/serial/by-id/usb-1a86"
    [amplifier.c]
    kind = "mqtt"
    address = "mqtt://broker.example/village/horns"
    user = "village"
    password = "file:mqtt.txt"
    """)

    assert (pin.outputs, pin.pin, pin.is_inverted, pin.lead) == (("main",), 17, True, timedelta(seconds=3))
    assert (relay.on, relay.off) == (("A0 01 01 A2",), ("A0 01 00 A1",))
    assert (message.on, message.off, message.password) == (("ON",), ("OFF",), "file:mqtt.txt")


COMPLAINTS = [
    (
        'on = "a"',
        "off",
        "没有写。'command' 要一行 off，例如 off = ['/usr/local/bin/relay', 'off']。",
        "it is missing. 'command' needs it, for example off = ['/usr/local/bin/relay', 'off'].",
    ),
    (
        'kind = "relay"',
        "port",
        "没有写。'relay' 要一行 port，例如 port = '/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0'。",
        "it is missing. 'relay' needs it, for example port = '/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0'.",
    ),
    (
        'kind = "relay"\nport = "COM3"',
        "port",
        "'COM3' 不是串口。请写完整的路径，例如 '/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0'。",
        "'COM3' is no serial port. Write its whole path, for example "
        "'/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0'.",
    ),
    (
        'kind = "relay"\nport = "/dev/ttyUSB0"\non = "an"',
        "on",
        "'an' 不是一串字节。请照继电器的说明书写十六进制，例如 'A0 01 01 A2'。",
        "'an' is no row of bytes. Write them in hexadecimal, as the relay's maker gives them, for example "
        "'A0 01 01 A2'.",
    ),
    (
        'kind = "mqtt"\naddress = "mqtt://broker.example/#"',
        "address",
        "'mqtt://broker.example/#' 不行。请写服务器和主题，例如 'mqtt://127.0.0.1:1883/village/amplifier'，"
        "不写用户名和密码。",
        "'mqtt://broker.example/#' will not do. Write the broker and a topic, for example "
        "'mqtt://127.0.0.1:1883/village/amplifier', without user and password.",
    ),
    (
        'kind = "gpio"\npin = 17\non = "a"',
        "on",
        "这一行只用于 'command'、'relay'、'mqtt'，这个功放是 'gpio'。请改 kind，或者删掉这一行。",
        "this line is for 'command' or 'relay' or 'mqtt' only, and this amplifier is switched by 'gpio'. "
        "Change its kind, or take the line out.",
    ),
    (
        'on = "a"\noff = "b"\noutputs = "mian"',
        "outputs",
        "没有叫 'mian' 的输出。是不是 'main'？能写的有：main。",
        "there is no output called 'mian'. Did you mean 'main'? Known: main.",
    ),
    (
        'kind = "wire"\non = "a"\noff = "b"',
        "kind",
        "没有叫 'wire' 的功放开关。能写的有：command、gpio、mqtt、relay。",
        "there is no kind of switch called 'wire'. Known: command, gpio, mqtt, relay.",
    ),
]


@pytest.mark.parametrize(("text", "key", "zh", "en"), COMPLAINTS, ids=[case[0][:40] for case in COMPLAINTS])
def test_every_slip_of_an_amplifier_is_told_whole(text, key, zh, en):
    (complaint,) = parse_schedule(f"[amplifier.x]\n{text}").complaints

    assert (complaint.path, complaint.what.zh, complaint.what.en) == (f"amplifier.x.{key}", zh, en)
