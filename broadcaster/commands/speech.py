"""read, say, render: texts and sound, without putting anything on the air."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import Future, as_completed
from datetime import UTC, datetime, timedelta

from tqdm import tqdm

from broadcaster.clips import ClipStore
from broadcaster.commands.offline import open_desk
from broadcaster.commands.words import complain, print_json, say
from broadcaster.errors import DalabaError, Refused
from broadcaster.home import Home
from broadcaster.model.clip import Clip, ClipOrder
from broadcaster.model.texts import Reading, Syllable
from broadcaster.model.words import Fate, Sentence
from broadcaster.render.reading import read_any
from broadcaster.renderer import Renderer
from broadcaster.station.bulletins import voices_to_try
from broadcaster.told import reading_told

CHARACTERS_A_MINUTE = 165
A_LINE = 12
"""Characters side by side, each under its pinyin."""


def read(args: argparse.Namespace) -> int:
    """How texts will be read; never raises for what is in them."""
    lexicon = _lexicon(Home(args.home))
    if args.lines:
        for line in _lines():
            reading = read_any(line, lexicon)
            told = json.dumps(reading_told(reading), ensure_ascii=False) if args.json else reading.pinyin
            print(told, flush=True)
        return 0
    text = args.text if args.text is not None else sys.stdin.read()
    reading = read_any(text, lexicon)
    if args.json:
        print_json(reading_told(reading))
        return 0
    for line in _as_text(reading):
        print(line)
    return 0


def speak(args: argparse.Namespace) -> int:
    """``say``: a text into a file. It never goes on the air from here."""
    home = Home(args.home)
    with open_desk(home) as desk:
        schedule, lexicon = desk.books.schedule, desk.books.bulletins.lexicon()
    voices = voices_to_try(schedule, schedule.voices[0].name)
    order = ClipOrder(texts=(args.text,), voices=voices, sound=schedule.sound_of_all(), lexicon=lexicon)
    out = args.out or home.var / "said" / f"{datetime.now(UTC).astimezone(schedule.station.zone):%Y%m%d-%H%M%S}.wav"
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
    return 0


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


def _lexicon(home: Home) -> tuple[tuple[str, str], ...]:
    """The station's readings, where there is a station."""
    try:
        with open_desk(home) as desk:
            return desk.books.bulletins.lexicon()
    except Refused:
        return ()


def _lines() -> Iterator[str]:
    """Lines of standard input; bytes that are no UTF-8 are shown as such and do not end the reading."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")


def _as_text(reading: Reading) -> list[str]:
    lines = [f"念作 / spoken: {reading.spoken}", ""]
    syllables = list(reading.syllables)
    for start in range(0, len(syllables), A_LINE):
        row = syllables[start : start + A_LINE]
        lines.append("  " + " ".join(_cell(one.pinyin, one) for one in row).rstrip())
        lines.append("  " + " ".join(_cell(one.char, one) for one in row).rstrip())
    for doubt in reading.doubts:
        others = "、".join(doubt.alternatives)
        lines.append(f"拿不准 / in doubt: “{doubt.written}” → {doubt.reading}" + (f"（{others}）" if others else ""))
        if doubt.why.zh:
            lines.append(f"    {doubt.why.zh} / {doubt.why.en}")
    length = timedelta(minutes=len(syllables) / CHARACTERS_A_MINUTE)
    lines.append(f"{len(syllables)} 字，约 {length.total_seconds():.0f} 秒 / {len(syllables)} characters")
    return lines


def _cell(text: str, syllable: Syllable) -> str:
    """Text padded to the width of a column; a hanzi takes two."""
    width = max(len(syllable.pinyin), 2)
    taken = 2 if ord(text[0]) > 0x2E80 else len(text)
    return text + " " * (width - taken)
