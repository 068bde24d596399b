"""Texts → clips, all steps on one core; and a day in which nothing changed."""

import shutil
import tempfile
import time
from pathlib import Path

from broadcaster.commands.offline import open_desk
from broadcaster.home import Home, found
from broadcaster.model.words import Fate
from broadcaster.renderer import Renderer
from tests.bench.table import Row, Table


def measure(*, is_quick):
    root = Path(tempfile.mkdtemp(prefix="rendering-"))
    try:
        home = Home(found(root / "home"))
        yield from _measure(home, days=1 if is_quick else 20)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _measure(home, days):
    with open_desk(home) as desk:
        airings = [airing for plan in desk.plans(None, days) for airing in plan.airings if airing.fate is Fate.PLANNED]
        orders = [ordered.order for airing in airings if (ordered := desk.books.order(airing)).order is not None]
    renderer = Renderer(clips=home.clips, audio=home.audio)
    try:
        renderer.render(orders[0]).result()
        times_real = []
        for order in orders[1:]:
            began = time.perf_counter()
            clip = renderer.render(order).result()
            times_real.append(clip.length.total_seconds() / (time.perf_counter() - began))
        with open_desk(home) as desk:
            unchanged = [_unchanged_day(desk, renderer) for _ in range(20)]
    finally:
        renderer.close()
    yield Table(
        "Rendering a shipped text, all steps",
        "times real time",
        (Row("dalaba", tuple(times_real)),),
        is_more_better=True,
    )
    yield Table("A day that did not change: plan, order, find its clips", "ms", (Row("dalaba", tuple(unchanged)),))


def _unchanged_day(desk, renderer):
    """Milliseconds of all that has to be done again."""
    began = time.perf_counter()
    for airing in desk.plans(None, 1)[0].airings:
        ordered = desk.books.order(airing)
        if ordered.order is not None:
            renderer.render(ordered.order).result()
    return 1000 * (time.perf_counter() - began)
