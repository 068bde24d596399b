"""The command line ``dalaba``: parses, calls, prints. What commands do is in ``broadcaster.commands``."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

from broadcaster.commands.parser import build_parser
from broadcaster.commands.words import complain
from broadcaster.errors import DalabaError
from broadcaster.model.words import Sentence

PLACES = {
    "run": "running:run",
    "init": "running:init",
    "status": "asking:status",
    "stop": "asking:stop",
    "play": "asking:play",
    "emergency": "asking:emergency",
    "live": "live:live",
    "all-clear": "asking:all_clear",
    "correct": "asking:correct",
    "trust-clock": "asking:trust_clock",
    "open-night": "night:open_night",
    "certificate": "certificate:certificate",
    "check": "timetable:check",
    "plan": "timetable:plan",
    "log": "timetable:as_run_log",
    "skip": "timetable:skip",
    "move": "timetable:move",
    "read": "speech:read",
    "say": "speech:speak",
    "try": "speech:try_out",
    "render": "speech:render",
    "voices": "voices:voices",
    "approve": "proof:approve",
    "approvals": "proof:approvals",
    "points": "people:points",
    "consent": "people:consent",
    "backup": "backups:backup",
    "restore": "backups:restore",
}
"""Where each command is; loaded when it is called, so that ``stop`` does not wait for libraries of speech."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code: 0 done, 1 refused or failed, 2 not understood."""
    args = build_parser().parse_args(argv)
    module, _, name = PLACES[args.command].partition(":")
    try:
        return int(getattr(importlib.import_module(f"broadcaster.commands.{module}"), name)(args))
    except DalabaError as error:
        complain(error.sentence)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        complain(Sentence("已中断。", "interrupted."))
        return 130


if __name__ == "__main__":
    sys.exit(main())
