"""What the database says when it fails → a sentence that a clerk can act on."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, TimeoutError

from broadcaster.errors import StoreFailed
from broadcaster.model.words import Sentence

PRIMARY_CODE = 0xFF
"""SQLite's extended codes carry the plain one in their lowest byte."""

SENTENCES = {
    sqlite3.SQLITE_FULL: Sentence(
        "磁盘满了，数据库写不进去。请腾出空间，比如删掉 var/clips 里的文件。",
        "the disk is full, so the database cannot be written. Free some space, for example in var/clips.",
    ),
    sqlite3.SQLITE_READONLY: Sentence(
        "数据库只能读，写不进去。请看磁盘是不是变成了只读，文件的权限对不对。",
        "the database can be read only. See whether the disk turned read-only, and who may write the file.",
    ),
    sqlite3.SQLITE_BUSY: Sentence(
        "数据库正被别的程序占着，等了两秒也没等到。请关掉正在打开它的程序。",
        "another program holds the database; two seconds of waiting were not enough. Close that program.",
    ),
    sqlite3.SQLITE_CORRUPT: Sentence(
        "数据库坏了。请把它改个名字留着，程序会新建一个；有备份的，放回备份。",
        "the database is damaged. Rename it and keep it, and a new one is made; or put back a backup.",
    ),
    sqlite3.SQLITE_CANTOPEN: Sentence(
        "数据库打不开。请看文件夹在不在，有没有权限。",
        "the database cannot be opened. See whether its folder is there and may be written.",
    ),
    sqlite3.SQLITE_IOERR: Sentence(
        "磁盘读写出错，数据库用不了。请检查磁盘或存储卡。",
        "the disk fails to read or write, so the database cannot be used. Check the disk or card.",
    ),
}
ALIASES = {
    sqlite3.SQLITE_LOCKED: sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_PROTOCOL: sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_NOTADB: sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_PERM: sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_AUTH: sqlite3.SQLITE_CANTOPEN,
}


def store_failed(error: Exception) -> StoreFailed:
    """The error for callers; the original stays attached by ``raise … from``."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(cause, TimeoutError):
        return StoreFailed(SENTENCES[sqlite3.SQLITE_BUSY])
    if isinstance(cause, OSError):
        return StoreFailed(SENTENCES[sqlite3.SQLITE_CANTOPEN])
    code = getattr(cause, "sqlite_errorcode", 0) & PRIMARY_CODE
    sentence = SENTENCES.get(ALIASES.get(code, code))
    return StoreFailed(sentence or Sentence(f"数据库出错：{cause}。", f"the database failed: {cause}."))
