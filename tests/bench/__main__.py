"""Runs the subjects that are named, or all, and prints their tables as they come."""

import argparse
import importlib
import os
import platform
import sys
import time

SUBJECTS = {
    "planning": "a year of 500 slots becomes a plan",
    "speech": "texts read right, what espeak-ng says of them, and the time it takes",
    "loudness": "every shipped clip, by ffmpeg's meter",
    "voices": "ten thousand sentences through the voice worker",
    "outputs": "two cards, two Snapcast players, streams: late and apart",
    "rendering": "texts become clips; a day that did not change",
    "starts": "a set second and the first sample at the sound server, beside what people use today",
    "emergencies": "a command and the first sample, idle and while eight airings render",
    "pages": "every page of a village with 10,000 scripts and 1,000,000 airings in its log, with 20 people at it",
    "recovery": "a deck killed in the middle of an airing and the first sample after it",
    "load": "playing while pages, speech and backups are at it; MINUTES=2 for a short one",
    "live": "a person speaks: how much later it is heard, how uneven the line may be, what it costs",
    "attacks": "random requests, schemathesis over the API, wapiti over the running page, signed in and signed out",
    "simulation": "24 stormy hours on a fast clock; WHOLE_STORM=1 for 2,000 airings and 50 dead decks: half an hour",
    "idle": "memory and processor of a station that waits with its sound card open",
}


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(SUBJECTS))
    parser.add_argument("--quick", action="store_true", help="few repetitions: to see that everything runs")
    args = parser.parse_args()
    unknown = set(args.subjects) - set(SUBJECTS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")
    print(f"# {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n", flush=True)
    for name in args.subjects or SUBJECTS:
        began = time.monotonic()
        for table in importlib.import_module(f"tests.bench.{name}").measure(is_quick=args.quick):
            print(table, flush=True)
        print(f"({name}: {SUBJECTS[name]}; took {time.monotonic() - began:.0f} s)\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
