"""When sound comes out of each kind of output, against its set instant: ``python -m tests.measure.outputs [COUNT]``.

Two cards, two Snapcast players, an RTP receiver and an Icecast listener are fed by real decks at the same time with the
same airings. ``starts`` gives what is printed: for each receiver how late each airing was, and how far apart pairs are.
"""

import argparse
import tempfile
import threading
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import numpy as np

from broadcaster.model.outputs import Codec, OutputKind, OutputSettings
from broadcaster.playout.cue import Trouble
from tests.playout.links import RealDeck, clip_of, cue_of
from tests.pulse import RATE_HZ, PulseServer
from tests.servers import Icecast, Listener, Snapserver, free_port, socket, wait_for

APART_S = 1.5
SETTLES_S = 3.0
"""Snapcast players correct their clocks in the first seconds."""
BUFFER_MS = 400
RECEIVERS = ("card east", "card west", "snapcast east", "snapcast west", "rtp pcmu", "icecast opus")


def starts(count):
    """Receiver → milliseconds by which each of *count* airings was heard after its set instant."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        decks, heard = _village(stack, folder)
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
        threading.Event().wait(2.0)
        return {name: _lateness(onsets(), instants) for name, onsets in heard.items()}


def apart(late, one, other):
    """Milliseconds between two receivers, airing by airing."""
    return [abs(a - b) for a, b in zip(late[one], late[other], strict=True) if np.isfinite(a) and np.isfinite(b)]


def _village(stack, folder):
    cards = stack.enter_context(closing(PulseServer("east", "west")))
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
    recordings = [stack.enter_context(closing(cards.record(name))) for name in ("east", "west")]
    players = [stack.enter_context(closing(snap.client(name))) for name in ("east", "west")]
    sdp = str(folder / "var" / "streams" / "rtp.sdp")
    horn = stack.enter_context(closing(Listener("-protocol_whitelist", "file,udp,rtp", "-i", sdp)))
    phone = stack.enter_context(closing(Listener("-i", f"http://{mount}")))
    listeners = [*players, horn, phone]
    wait_for(lambda: all(one.heard.pieces for one in listeners), "all receive", 30)
    onsets = [*(lambda one=one: _onsets(one) for one in recordings), *(one.heard.onsets for one in listeners)]
    return decks, dict(zip(RECEIVERS, onsets, strict=True))


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


def row(name, values):
    values = np.array([one for one in values if np.isfinite(one)])
    if not len(values):
        return f"| {name} | – | – | – | 0 |"
    middle, least, most = np.median(values), *np.percentile(values, [1, 99])
    return f"| {name} | {middle:.1f} | {least:.1f} | {most:.1f} | {len(values)} |"


def table(late):
    lines = ["| ms after the set instant | median | p1 | p99 | heard |", "|---|---|---|---|---|"]
    lines += [row(name, values) for name, values in late.items()]
    lines += ["", "| ms apart | median | p1 | p99 | pairs |", "|---|---|---|---|---|"]
    lines += [row(f"two {kind}", apart(late, f"{kind} east", f"{kind} west")) for kind in ("card", "snapcast")]
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=20)
    print(table(starts(parser.parse_args().count)))
