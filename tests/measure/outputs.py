"""When sound comes out of each kind of output, against its set instant: ``python -m tests.measure.outputs [COUNT]``.

Two cards, two pairs of Snapcast players, an RTP receiver and an Icecast listener are fed by real decks at the same time
with the same airings. Beside them the same pairs of players hang on a Snapcast server of their own, fed by a small
script. ``starts`` gives what is printed: for each receiver how late each airing was, and how far apart pairs are.

A player into a pipe has no card: its sound is timed by when it is written. A player on a card is the truer one, since
its sound is timed by the monitor of that card, as for our own cards.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from broadcaster.model.outputs import Codec, OutputKind, OutputSettings
from broadcaster.playout.cue import Trouble
from tests.playout.links import RealDeck, clip_of, cue_of
from tests.pulse import RATE_HZ, PulseServer
from tests.servers import Icecast, Listener, free_port, socket, wait_for
from tests.snapcast import Snapserver

APART_S = 1.513
"""No multiple of any player's block: each airing begins somewhere else in it."""
NEAR_S = 0.5
SETTLES_S = 3.0
"""Snapcast players correct their clocks in the first seconds."""
BUFFER_MS = 400
SETTLING = 2
"""The bare server is fed so many airings more, while its players settle."""
SINKS = ("east", "west", "snap-east", "snap-west", "bare-east", "bare-west")
RECEIVERS = ("card east", "card west", "snapcast card east", "snapcast card west", "snapcast pipe east")
RECEIVERS += ("snapcast pipe west", "rtp pcmu", "icecast opus")
PAIRS = ("card", "snapcast card", "snapcast pipe")
BARE = ("bare snapserver card", "bare snapserver pipe")


@dataclass(frozen=True, slots=True)
class Measured:
    """What *count* airings were like; nan where one was not heard."""

    late: dict[str, list[float]]
    """Receiver → milliseconds by which each was heard after its set instant."""
    apart: dict[str, list[float]]
    """Pair → milliseconds between the two."""


def starts(count):
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cards = stack.enter_context(closing(PulseServer(*SINKS)))
        decks, heard = _village(stack, folder, cards)
        bare, bare_heard = _bare(stack, cards, count)
        threading.Event().wait(SETTLES_S)
        burst = clip_of(folder, np.full(RATE_HZ // 20, 0.5))
        instants = []
        for number in range(count):
            cue, instant = cue_of(burst, in_s=2.0 + APART_S * number, airing=f"burst-{number}")
            instants.append(instant)
            for deck in decks:
                deck.arm(cue)
        for deck in decks:
            deck.fate(f"burst-{count - 1}", within_s=60 + APART_S * count)
        bare.wait(60 + APART_S * count)
        threading.Event().wait(2.0)
        late = {name: _lateness(onsets(), instants) for name, onsets in heard.items()}
        apart = {f"two of {kind}": _apart(late[f"{kind} east"], late[f"{kind} west"]) for kind in PAIRS}
        apart |= {f"two of {name}": _beside(east(), west()) for name, (east, west) in bare_heard.items()}
        return Measured(late, apart)


def _village(stack, folder, cards):
    snap = stack.enter_context(closing(Snapserver(is_pipe=True, buffer_ms=BUFFER_MS)))
    radio = stack.enter_context(closing(Icecast()))
    (folder / "word.txt").write_text(Icecast.password)
    horns = f"rtp://127.0.0.1:{free_port(socket.SOCK_DGRAM)}"
    mount = f"127.0.0.1:{radio.port}/village"
    network = {"kind": OutputKind.STREAM, "device": ""}
    settings = (
        OutputSettings(name="east", device="pulse:east"),
        OutputSettings(name="west", device="pulse:west"),
        OutputSettings(
            name="snap",
            kind=OutputKind.SNAPCAST,
            device="",
            address=snap.address,
            control=f"127.0.0.1:{snap.control}",
            delay=timedelta(milliseconds=BUFFER_MS),
        ),
        OutputSettings(name="rtp", address=horns, codec=Codec.PCMU, **network),
        OutputSettings(name="radio", address=f"icecast://{mount}", password="file:word.txt", **network),
    )
    decks = [stack.enter_context(closing(RealDeck(one, folder / "var", cards.env))).ready() for one in settings]
    for deck in decks[2:]:
        wait_for(lambda deck=deck: not deck.of(Trouble) or not deck.of(Trouble)[-1].reason.zh, "the lines are good")
    ears = [_ear(stack, cards, name) for name in ("east", "west")]
    ears += _players(stack, snap, cards, "snap")
    sdp = str(folder / "var" / "streams" / "rtp.sdp")
    horn = stack.enter_context(closing(Listener("-protocol_whitelist", "file,udp,rtp", "-i", sdp)))
    phone = stack.enter_context(closing(Listener("-i", f"http://{mount}")))
    wait_for(lambda: all(one.heard.pieces for one in (horn, phone)), "all receive", 30)
    return decks, dict(zip(RECEIVERS, [*ears, horn.heard.onsets, phone.heard.onsets], strict=True))


def _bare(stack, cards, count):
    """The process that feeds a server of its own, and what its players hear, pair by pair."""
    snap = stack.enter_context(closing(Snapserver(is_pipe=True, buffer_ms=BUFFER_MS)))
    ears = _players(stack, snap, cards, "bare")
    line = [sys.executable, "-m", "tests.measure.bare", str(snap.pipe), str(count + SETTLING), str(APART_S)]
    feeder = stack.enter_context(subprocess.Popen(line))
    stack.callback(feeder.kill)
    return feeder, dict(zip(BARE, (ears[:2], ears[2:]), strict=True))


def _players(stack, snap, cards, kind):
    """East and west on a card, east and west into a pipe: what gives their onsets."""
    names = (f"{kind}-east", f"{kind}-west")
    for name in names:
        stack.enter_context(closing(snap.card_client(f"card-{name}", cards, name)))
    pipes = [stack.enter_context(closing(snap.client(name))) for name in names]
    wait_for(lambda: all(one.heard.pieces for one in pipes), "the players play", 30)
    return [*(_ear(stack, cards, name) for name in names), *(one.heard.onsets for one in pipes)]


def _ear(stack, cards, sink):
    recording = stack.enter_context(closing(cards.record(sink)))
    return lambda: _onsets(recording)


def _onsets(recording, apart_s=0.5):
    loud = np.flatnonzero(np.abs(recording.samples()) > 0.05)
    first = [
        int(at) for at, before in zip(loud, [-RATE_HZ, *loud[:-1]], strict=True) if at - before > apart_s * RATE_HZ
    ]
    return [recording.instant(at) for at in first]


def _lateness(onsets, instants):
    """One number for each instant; nan: nothing was heard within the second around it, or two seconds for phones."""
    late = []
    for number, instant in enumerate(instants):
        until = instants[number + 1] - 0.3 if number + 1 < len(instants) else instant + 3.0
        near = [at for at in onsets if instant - 0.3 <= at < until]
        late.append(1000 * (near[0] - instant) if near else float("nan"))
    return late


def _apart(one, other):
    return [abs(a - b) for a, b in zip(one, other, strict=True)]


def _beside(one, other):
    """As many as the first hears, without those that settle; nan: the other hears nothing near."""
    one, other = one[SETTLING:], np.array([*other, float("inf")])
    near = [float(np.min(np.abs(other - at))) for at in one]
    return [1000 * at if at < NEAR_S else float("nan") for at in near]


def row(name, values):
    heard = np.array([one for one in values if np.isfinite(one)])
    if not len(heard):
        return f"| {name} | – | – | – | – | 0 of {len(values)} |"
    middle, least, most = np.median(heard), *np.percentile(heard, [1, 99])
    return f"| {name} | {middle:.2f} | {least:.2f} | {most:.2f} | {max(heard):.2f} | {len(heard)} of {len(values)} |"


def table(measured):
    head = "median | p1 | p99 | most | heard |\n|---|---|---|---|---|---|"
    lines = [f"| ms after the set instant | {head}", *(row(*one) for one in measured.late.items()), ""]
    return "\n".join([*lines, f"| ms apart | {head}", *(row(*one) for one in measured.apart.items())])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=20)
    print(table(starts(parser.parse_args().count)))
