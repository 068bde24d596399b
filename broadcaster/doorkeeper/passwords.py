"""Passwords: which will do, their argon2 hashes, and how many may be worked on at once."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from broadcaster.errors import Refused
from broadcaster.model.words import Sentence

SHORTEST = 8
LONGEST = 128
LONGEST_NAME = 40
AT_ONCE = 2
"""Each takes 19 MB and a core for a moment; a crowd at the door must not slow the sound."""
IN_THE_QUEUE = 4
"""More are sent away at once: who waits holds a thread that somebody may need for an emergency."""
CROWD = Sentence("现在登录的人太多，请过几秒再试。", "too many people sign in at once: try again in a few seconds.")
WORN_OUT = frozenset(
    {
        *("12345678", "123456789", "1234567890", "87654321", "11223344", "12341234", "147258369"),
        *("password", "password1", "passw0rd", "qwertyui", "qwerty123", "1qaz2wsx", "abcd1234", "a1234567"),
        *("woaini1314", "dalaba123", "admin123", "admin888", "iloveyou"),
    }
)


class Passwords:
    """Hashes and compares, a few at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._at_once = threading.BoundedSemaphore(AT_ONCE)
        self._queue = threading.BoundedSemaphore(IN_THE_QUEUE)
        self._nobody = self._hasher.hash("nobody")

    def hashed(self, password: str) -> str:
        """Raises Refused when there is a crowd."""
        with self._turn():
            return self._hasher.hash(_plain(password))

    def is_right(self, password: str, hashed: str | None) -> bool:
        """None: nobody has the name, which takes as long to say as a wrong password. Raises Refused in a crowd."""
        with self._turn():
            try:
                is_right = self._hasher.verify(hashed or self._nobody, _plain(password[:LONGEST]))
            except (VerificationError, InvalidHashError):
                return False
        return is_right and hashed is not None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._queue.acquire(blocking=False):
            raise Refused(CROWD)
        try:
            with self._at_once:
                yield
        finally:
            self._queue.release()


def fit_password(password: str, name: str) -> str:
    """The password. Raises Refused when it would be guessed."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(
            Sentence(
                f"密码要 {SHORTEST} 到 {LONGEST} 个字。一句只有您自己知道的话最好记。",
                f"a password has {SHORTEST} to {LONGEST} characters. A phrase that only you know is easiest.",
            )
        )
    plain = _plain(password).casefold()
    if plain in WORN_OUT or len(set(plain)) < 4 or name.casefold() in (plain, plain[: len(name)]):
        raise Refused(
            Sentence(
                "这个密码太容易猜。请换一个，不要用连着的数字，也不要用自己的名字。",
                "this password is too easy to guess. Take another, no row of digits and not your own name.",
            )
        )
    return password


def fit_name(name: str) -> str:
    """The name with single blanks, printable. Raises Refused."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(name) <= LONGEST_NAME or any(unicodedata.category(char)[0] == "C" for char in name):
        raise Refused(
            Sentence(f"名字要 1 到 {LONGEST_NAME} 个字。", f"a name has 1 to {LONGEST_NAME} printable characters.")
        )
    return name


def _plain(password: str) -> str:
    # The same word must match whether a phone or an old PC typed it.
    return unicodedata.normalize("NFKC", password)
