"""Starts a program that may use little: ``python -I -S limited.py CPU_S MEMORY_BYTES PROGRAM …``.

It may write no file at all, only to its pipes. The limits are set here and not between fork and exec of the station,
whose threads would make that unsafe.
"""

import os
import resource
import sys

MOST_FILES = 64


def main() -> None:
    """Become PROGRAM. Exit 127 when it is not there."""
    cpu_s, memory, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    limits = (
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, MOST_FILES),
    )
    for limit, most in limits:
        resource.setrlimit(limit, (most, most))
    try:
        os.execvp(program[0], program)  # noqa: S606 - no shell is what is wanted
    except OSError:
        os._exit(127)


if __name__ == "__main__":
    main()
