"""A keypad of the kernel, and a folder as the kernel keeps it: the same structures, through a pipe with a name."""

import os

from broadcaster.trigger.keypad import DROPPED, EVENT, IS_KEY, SYNCHRONISES

F1, F2, F3 = 59, 60, 61
REPEATED = 2


class KernelKeypad:
    """Plugged in until ``pull_out``. What it writes is what ``/dev/input/eventN`` gives to read."""

    def __init__(self, path):
        self.path = path
        self._fd = None
        self.plug_in()

    def plug_in(self):
        if not self.path.exists():
            os.mkfifo(self.path)
        self._fd = os.open(self.path, os.O_RDWR)  # both ends, so that nobody waits for the other

    def pull_out(self):
        self.path.unlink()
        os.close(self._fd)
        self._fd = None

    def down(self, key):
        self.write((IS_KEY, key, 1))

    def up(self, key):
        self.write((IS_KEY, key, 0))

    def press(self, key):
        self.down(key)
        self.up(key)

    def repeat(self, key):
        """The kernel's own repetition of a key that is held."""
        self.write((IS_KEY, key, REPEATED))

    def drop(self):
        """Its buffer ran over."""
        self.write((SYNCHRONISES, DROPPED, 0))

    def write(self, *events):
        """Each ends with the kernel's own mark of an end."""
        for kind, code, value in events:
            os.write(self._fd, EVENT.pack(1, 2, kind, code, value) + EVENT.pack(1, 2, SYNCHRONISES, 0, 0))

    def write_raw(self, data):
        os.write(self._fd, data)

    def close(self):
        if self._fd is not None:
            os.close(self._fd)


def known_as(folder, event, name, keys=None):
    """``/sys/class/input/eventN`` of a keypad called *name* with these *keys*."""
    device = folder / event / "device"
    (device / "capabilities").mkdir(parents=True)
    (device / "name").write_text(f"{name}\n", encoding="utf-8")
    if keys is not None:
        bits = sum(1 << key for key in keys)
        words = []
        while bits or not words:
            words.insert(0, f"{bits & (1 << 64) - 1:x}")
            bits >>= 64
        (device / "capabilities" / "key").write_text(" ".join(words) + "\n")
