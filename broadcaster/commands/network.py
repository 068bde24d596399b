"""Under which addresses and names this machine is found in its network."""

from __future__ import annotations

import socket


def own_address() -> str:
    """The address that a phone of the same network would type; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def own_names() -> tuple[str, ...]:
    """All that this machine is called without being told: itself, its name, its name in a small network, its number."""
    name = socket.gethostname().lower()
    short = name.partition(".")[0]
    return tuple(dict.fromkeys(("localhost", "127.0.0.1", "::1", name, short, f"{short}.local", own_address())))
