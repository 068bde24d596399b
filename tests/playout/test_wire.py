"""Every message survives its line; a line that is no message is refused by name and does no harm."""

import json
from dataclasses import fields
from datetime import UTC, datetime, time, timedelta
from types import NoneType, UnionType
from typing import Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.model.hours import QuietHours
from broadcaster.model.outputs import AmplifierKind, OutputSettings
from broadcaster.model.words import Heard, IfInterrupted, Priority, Sentence
from broadcaster.playout import cue
from broadcaster.playout.wire import (
    COMMANDS,
    REPORTS,
    LineUnusable,
    decode_command,
    decode_duty,
    decode_report,
    encode,
)
from tests.playout.air import NIGHT
from tests.playout.air import cue as a_cue

words = st.text(st.characters(codec="utf-8"), max_size=8)
instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


def values(hint):
    """A strategy for any type that a message holds."""
    match hint:
        case _ if get_origin(hint) in (Union, UnionType):
            return st.one_of([st.none() if one is NoneType else values(one) for one in get_args(hint)])
        case _ if get_origin(hint) is tuple:
            return st.lists(values(get_args(hint)[0]), max_size=3).map(tuple)
    plain = {
        str: words,
        int: st.integers(-(2**40), 2**40),
        bool: st.booleans(),
        float: st.floats(allow_nan=False, allow_infinity=False),
        datetime: instants,
        time: st.times(),
        Priority: st.sampled_from(Priority),
        Heard: st.sampled_from(Heard),
        IfInterrupted: st.sampled_from(IfInterrupted),
        AmplifierKind: st.sampled_from(AmplifierKind),
        timedelta: st.integers(0, 86_400_000).map(lambda count: timedelta(milliseconds=count)),
    }
    base = getattr(hint, "__supertype__", hint)
    return plain[base] if base in plain else messages(base)


def messages(kind):
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind)})


def test_every_message_is_known_to_the_wire():
    assert set(COMMANDS.values()) == set(get_args(cue.Command))
    assert set(REPORTS.values()) == set(get_args(cue.Report))


@given(st.one_of([messages(kind) for kind in COMMANDS.values()]))
def test_every_command_survives_its_line(command):
    line = encode(command)

    assert "\n" not in line
    assert decode_command(line) == command


@given(st.one_of([messages(kind) for kind in REPORTS.values()]))
def test_every_report_survives_its_line(report):
    assert decode_report(encode(report)) == report


def test_the_duty_of_a_deck_survives_its_line():
    duty = cue.Duty(output=OutputSettings(name="东头", device="USB; rm -rf /", level_db=-6), may_be_tape=False)

    assert decode_duty(encode(duty)) == duty
    with pytest.raises(LineUnusable):
        decode_duty(encode(cue.Stop(airing=None, who="王")))


def armed(**changes):
    return json.dumps({"kind": "Arm", "cue": json.loads(encode(cue.Arm(cue=a_cue("a"))))["cue"] | changes})


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "JSONDecodeError: Expecting value: line 1 column 1 (char 0)"),
        ("[]", "TypeError: it is no object"),
        ("{}", "KeyError: 'kind'"),
        ('{"kind": "Explode"}', "KeyError: 'Explode'"),
        ('{"kind": "Stop", "airing": 7, "who": "王"}', "TypeError: 7 is no str"),
        ('{"kind": "Stop", "airing": null, "who": "王", "why": ""}', "KeyError: \"unknown ['why'] in Stop\""),
        (armed(starts_at="2026-11-24T12:00:00"), "ValueError: '2026-11-24T12:00:00' has no offset"),
        (armed(grace_s=float("nan")), "ValueError: nan is no number to work with"),
        (armed(plays=True), "TypeError: True is no int"),
        (armed(priority=9), "ValueError: 9 is not a valid Priority"),
    ],
)
def test_a_line_that_is_no_command_is_refused_with_its_reason(line, why):
    with pytest.raises(LineUnusable) as unusable:
        decode_command(line)

    assert unusable.value.sentence == Sentence(f"看不懂的消息：{why}", f"no message: {why}")


def test_a_command_without_a_key_is_refused():
    with pytest.raises(LineUnusable, match="missing 1 required keyword-only argument: 'who'"):
        decode_command('{"kind": "Stop", "airing": null}')


def test_a_report_is_no_command():
    with pytest.raises(LineUnusable):
        decode_command(encode(cue.Armed(airing="a")))


@given(
    st.text()
    | st.recursive(
        st.none() | st.booleans() | st.floats() | words,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
        max_leaves=5,
    ).map(lambda tree: json.dumps({"kind": "Arm", "cue": tree}))
)
def test_no_line_does_more_harm_than_being_left_out(line):
    with pytest.raises(LineUnusable):
        decode_command(line)


def test_rules_travel_whole():
    rules = cue.GateRules(quiet_hours=(QuietHours(time(21), time(6, 30)),), timezone="Asia/Shanghai", is_holding=True)

    assert decode_command(encode(rules)) == rules
    assert decode_command(encode(NIGHT)) == NIGHT
