"""read, say, render: texts and sound, without putting anything on the air."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import Future, as_completed
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from broadcaster.clips import ClipStore
from broadcaster.commands.offline import Desk, open_desk
from broadcaster.commands.proof import SCRIPT, day_of, one_script
from broadcaster.commands.readout import readout
from broadcaster.commands.words import complain, print_json, say
from broadcaster.door import Door
from broadcaster.errors import DalabaError, NoStationRunning, Refused
from broadcaster.home import Home
from broadcaster.model.clip import Clip, ClipOrder
from broadcaster.model.texts import Reading
from broadcaster.model.timetable import Schedule
from broadcaster.model.words import Fate, Sentence
from broadcaster.proof.strict import aired_earlier
from broadcaster.render.length import clip_length
from broadcaster.render.reading import read_any
from broadcaster.renderer import Renderer
from broadcaster.station.bulletins import voices_to_try
from broadcaster.station.proofs import Proof, proof
from broadcaster.station.trial import order_for
from broadcaster.told import proof_told, reading_told


def read(args: argparse.Namespace) -> int:
    """How texts, or a script, will be read; never fails for what is in a text."""
    home = Home(args.home)
    if args.text is not None and args.text.startswith(SCRIPT) and not args.lines:
        with open_desk(home) as desk:
            return _read_script(desk, args)
    lexicon, schedule = _lexicon(home)
    if args.lines:
        for line in _lines():
            reading = read_any(line, lexicon)
            told = json.dumps(reading_told(reading), ensure_ascii=False) if args.json else reading.pinyin
            print(told, flush=True)
        return 0
    given = args.text.encode(errors="replace") if args.text is not None else sys.stdin.buffer.read()
    text = given.decode(errors="replace")
    reading = read_any(text, lexicon)
    if args.json:
        print_json(reading_told(reading))
        return 0
    for line in readout(reading):
        print(line)
    print()
    say(_length(reading, schedule, ""))
    return 0


def speak(args: argparse.Namespace) -> int:
    """``say``: a text into a file. It never goes on the air from here."""
    home = Home(args.home)
    with open_desk(home) as desk:
        schedule, lexicon = desk.books.schedule, desk.books.bulletins.lexicon()
    voices = voices_to_try(schedule, schedule.voices[0].name)
    order = ClipOrder(texts=(args.text,), voices=voices, sound=schedule.sound_of_all(), lexicon=lexicon)
    _into_a_file(home, order, schedule, args.out)
    return 0


def try_out(args: argparse.Namespace) -> int:
    """On the headphones of the running station; without any, or with ``--out``, into a file. Never on a horn."""
    home = Home(args.home)
    with suppress(NoStationRunning):
        if args.out is None:
            outputs = Door(home).post("/api/try", {"what": args.what, "who": args.who})["outputs"]
            if outputs:
                names_zh, names_en = "、".join(outputs), ", ".join(outputs)
                say(
                    Sentence(
                        f"在 {names_zh} 里试听。没有上喇叭。", f"it is heard on {names_en}. Nothing went on the air."
                    )
                )
                return 0
    with open_desk(home) as desk:
        order = order_for(args.what, desk.books, desk.ledger, home, desk.now)
        schedule = desk.books.schedule
    if args.out is None:
        say(
            Sentence(
                "没有可以试听的耳机（开着的站、写了 monitor = true 的输出），存成文件。",
                "there are no headphones (a running station and an output with monitor = true): it goes into a file.",
            )
        )
    _into_a_file(home, order, schedule, args.out)
    return 0


def _into_a_file(home: Home, order: ClipOrder, schedule: Schedule, to: Path | None) -> None:
    out = to or home.var / "said" / f"{datetime.now(UTC).astimezone(schedule.station.zone):%Y%m%d-%H%M%S}.wav"
    renderer = Renderer(clips=home.clips, audio=home.audio)
    try:
        clip = renderer.render(order, is_urgent=True).result()
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ClipStore(home.clips).path(clip.key), out)
    except OSError as error:
        raise Refused(
            Sentence(
                f"不能写“{out}”：{error.strerror or error}。",
                f"{str(out)!r} cannot be written: {error.strerror or error}.",
            )
        ) from error
    finally:
        renderer.close()
    seconds = clip.length.total_seconds()
    say(
        Sentence(
            f"{out}：{seconds:.1f} 秒，{clip.loudness_lufs:.1f} LUFS，声音 {clip.voice}。没有上喇叭。",
            f"{out}: {seconds:.1f} s, {clip.loudness_lufs:.1f} LUFS, voice {clip.voice}. Nothing went on the air.",
        )
    )


def render(args: argparse.Namespace) -> int:
    """Render what is planned, with a bar when there is much to do."""
    home = Home(args.home)
    with open_desk(home) as desk:
        plans = desk.plans(None, args.days)
        ordered = [desk.books.order(one) for plan in plans for one in plan.airings if one.fate is Fate.PLANNED]
    orders = {clip.key: clip.order for one in ordered for clip in one.clips}
    store = ClipStore(home.clips)
    missing = {key: order for key, order in orders.items() if store.find(key) is None}
    failed = _render_all(home, list(missing.values()))
    done = len(missing) - len(failed)
    say(
        Sentence(
            f"{args.days} 天共 {len(orders)} 段：新合成 {done} 段，{len(orders) - len(missing)} 段本来就有。",
            f"{args.days} day(s), {len(orders)} clip(s): {done} rendered, {len(orders) - len(missing)} were there.",
        )
    )
    for sentence in failed:
        complain(sentence)
    return 1 if failed else 0


def _render_all(home: Home, orders: list[ClipOrder]) -> list[Sentence]:
    failed: list[Sentence] = []
    if not orders:
        return failed
    renderer = Renderer(clips=home.clips, audio=home.audio)
    try:
        futures: list[Future[Clip]] = [renderer.render(order) for order in orders]
        for future in tqdm(as_completed(futures), total=len(futures), desc="合成 / rendering", unit="段"):
            try:
                future.result()
            except DalabaError as error:
                failed.append(error.sentence)
    finally:
        renderer.close()
    return failed


def _read_script(desk: Desk, args: argparse.Namespace) -> int:
    """The script as it lies on the disk, filled for a day, in its approved reading where it has one."""
    bulletins = desk.books.bulletins
    script = one_script(desk, args.text)
    found = proof(desk.home.scripts, script.name, bulletins, bulletins.in_force.library, day_of(desk, args.on))
    if found.reading is None or found.spoken is None:
        raise Refused(found.why_not)
    if args.json:
        seconds = _seconds(found.spoken, bulletins.in_force.schedule, script.voice)
        print_json(reading_told(replace(found.spoken, doubts=found.reading.doubts)) | proof_told(found, seconds))
        return 0
    print(f"== {script.name}  {script.title}")
    for line in readout(replace(found.spoken, doubts=found.reading.doubts)):
        print(line)
    print()
    say(_length(found.spoken, bulletins.in_force.schedule, script.voice))
    for sentence in (*_standing(found), *_on_the_air(desk, found)):
        say(sentence)
    return 0


def _standing(found: Proof) -> Iterator[Sentence]:
    """What was approved of the reading, and what today's rules would do to it."""
    approved = found.approved
    if approved is None:
        return
    day = f"{approved.at:%Y-%m-%d %H:%M}"
    yield Sentence(
        f"念法由 {approved.who} 在 {day} 批准，播的时候照它念。",
        f"{approved.who} approved this reading on {day}; it is spoken as approved.",
    )
    if found.changes:
        yield Sentence("今天的规则会念得不一样：", "today's rules would read it differently:")
    for change in found.changes:
        yield change.sentence


def _on_the_air(desk: Desk, found: Proof) -> Iterator[Sentence]:
    """On a strict station: what is heard instead of this text."""
    name = found.script.name
    in_force = next((one for one in desk.books.in_force.library.scripts if one.name == name), None)
    if in_force is not None and in_force.why_not.zh:
        yield in_force.why_not
    elif name in desk.books.earlier:
        yield aired_earlier(name, desk.books.earlier[name])


def _length(reading: Reading, schedule: Schedule, voice: str) -> Sentence:
    count, seconds = len(reading.syllables), round(_seconds(reading, schedule, voice))
    return Sentence(
        f"{count} 个字，念一遍约 {seconds} 秒（不算提示音）。",
        f"{count} characters, about {seconds} s when said once (without the chime).",
    )


def _seconds(reading: Reading, schedule: Schedule, voice: str) -> float:
    rate = (schedule.voice(voice) or schedule.voices[0]).rate
    return clip_length([reading], schedule.sound, rate).total_seconds() if reading.syllables else 0.0


def _lexicon(home: Home) -> tuple[tuple[tuple[str, str], ...], Schedule]:
    """The station's readings and settings, where there is a station."""
    try:
        with open_desk(home) as desk:
            return desk.books.bulletins.lexicon(), desk.books.schedule
    except Refused:
        return (), Schedule()


def _lines() -> Iterator[str]:
    """Lines of standard input; bytes that are no UTF-8 are shown as such and do not end the reading."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")
