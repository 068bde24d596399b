"""What may be wrong in the folder of scripts, in words."""

from __future__ import annotations

from pathlib import Path

from broadcaster.model.words import Complaint, Sentence, Severity

NO_READING_TEXT = ("念法的文件不是 UTF-8 文本，不用它。", "the file of the reading is no UTF-8 text and is not used.")


def error(file: str, zh: str, en: str) -> Complaint:
    return Complaint(file=file, path="", what=Sentence(zh, en), severity=Severity.ERROR)


def warning(file: str, zh: str, en: str) -> Complaint:
    return Complaint(file=file, path="", what=Sentence(zh, en), severity=Severity.WARNING)


def folder_gone(folder: Path, why: OSError) -> Complaint:
    return error(
        folder.name,
        f"稿件文件夹 '{folder.name}' 读不了（{why.strerror}），仍用原来的稿件。请把它放回原处。",
        f"the folder '{folder.name}' cannot be read ({why.strerror}); the old scripts stay in use. Put it back.",
    )


def twice(name: str, file: str) -> Complaint:
    return error(
        file,
        f"稿件 '{name}' 有两个文件，这一个不用。请给它改个名字。",
        f"there are two files for the script '{name}'; this one is not used. Give it another name.",
    )


def outside(file: str) -> Complaint:
    return error(
        file,
        f"'{file}' 指向稿件文件夹外面，不读。请把文件放进来。",
        f"'{file}' points outside the folder of scripts and is not read. Put the file itself there.",
    )


def no_file(file: str) -> Complaint:
    return error(file, f"'{file}' 不是普通的文件，不读。请移走。", f"'{file}' is no ordinary file. Move it away.")


def unreadable(file: str, cause: Exception) -> Complaint:
    why = (cause.strerror if isinstance(cause, OSError) else None) or "a ring of links"
    return error(
        file,
        f"'{file}' 读不了（{why}）。请看文件在不在、有没有权限。",
        f"'{file}' cannot be read ({why}). See whether it is there and may be read.",
    )


def too_large(file: str, size: int, most: int) -> Complaint:
    return error(
        file,
        f"'{file}' 有 {size} 字节，最多 {most} 字节。请分成几篇。",
        f"'{file}' has {size} bytes, at most {most} are allowed. Split it into several scripts.",
    )


def stray(file: str) -> Complaint:
    return warning(
        file,
        f"'{file}' 不在分类的文件夹里，不会播。请移到 study、policy、notice 这样的文件夹里。",
        f"'{file}' is in no folder of a kind and will not be said. Move it to study, policy, notice or the like.",
    )


def office(file: str) -> Complaint:
    return warning(
        file,
        f"'{file}' 不是文本文件，念不了。请另存为 UTF-8 编码的 .txt 文件。",
        f"'{file}' is no text file and cannot be spoken. Save it as a .txt file in UTF-8.",
    )


def no_script(file: str, name: str) -> Complaint:
    return warning(
        file,
        f"没有稿件 '{name}'，这个念法用不上。稿子改名了就一起改名，不要了就删掉。",
        f"there is no script '{name}', so this reading is of no use. Rename it with its script, or remove it.",
    )


def bad_name(name: str) -> Complaint:
    return error(
        name,
        f"名字 '{name}' 里有认不出的字，不读。请改成字母和数字，比如 010-points.txt。",
        f"the name '{name}' holds unknown characters and is not read. Use letters and digits, as in 010-points.txt.",
    )
