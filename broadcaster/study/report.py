"""What importing a sheet changes → the words that a person reads before agreeing to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from broadcaster.model.words import Sentence

if TYPE_CHECKING:
    from broadcaster.study.importing import Changed, ImportPreview
    from broadcaster.study.roster import Person

MOST_EXAMPLES = 10
"""Names or complaints that are listed of one kind; of the others only the number is told."""


def report(change: ImportPreview, language: str) -> str:
    """Several lines, one subject each, without a line end after the last."""
    return "\n".join(line.text(language) for line in _lines(change))


def _lines(change: ImportPreview) -> Iterator[Sentence]:
    days = [day.isoformat() for day in change.days]
    span = days[0] if len(days) == 1 else f"{days[0]} … {days[-1]}" if days else "—"
    yield Sentence(
        f"积分表：{span}，{change.rows} 行能导入。", f"Sheet of {span}: {change.rows} row(s) can be imported."
    )
    if change.is_same_file:
        yield Sentence("这个文件以前导入过，什么都不会变。", "This file was imported before; nothing will change.")
    else:
        yield from _changes(change)
    yield from _doubts(change)


def _changes(change: ImportPreview) -> Iterator[Sentence]:
    if change.changes_nothing:
        yield Sentence("都和已有的一样，什么都不会变。", "All of it is known already; nothing will change.")
        return
    if change.new:
        who = _people(change.new)
        yield Sentence(f"新的人 {len(change.new)} 位：{who.zh}", f"New people, {len(change.new)}: {who.en}")
    if change.changed:
        yield Sentence(f"积分有变化 {len(change.changed)} 位。", f"Totals that change: {len(change.changed)}.")
    if change.fell:
        yield Sentence(
            f"其中比上次少的 {len(change.fell)} 位，请看一看对不对：{_moves(change.fell, '、')}",
            f"Fewer points than before, {len(change.fell)}; please check: {_moves(change.fell, ', ')}",
        )
    if change.unchanged:
        yield Sentence(f"积分没有变 {change.unchanged} 位。", f"Unchanged totals: {change.unchanged}.")
    if change.older:
        yield Sentence(
            f"比已有的积分早的 {change.older} 行，只当作历史记下。",
            f"Rows older than what is known, kept as history only: {change.older}.",
        )
    if change.consent_given:
        yield Sentence(
            f"同意点名的多了 {len(change.consent_given)} 位。", f"Agree to be named: {len(change.consent_given)} more."
        )
    if change.consent_withdrawn:
        who = _people(change.consent_withdrawn)
        count = len(change.consent_withdrawn)
        yield Sentence(f"不再同意点名 {count} 位：{who.zh}", f"No longer agree to be named, {count}: {who.en}")


def _doubts(change: ImportPreview) -> Iterator[Sentence]:
    for one in change.namesakes:
        zh, en = "、".join(map(str, one.lines)), ", ".join(map(str, one.lines))
        yield Sentence(
            f"'{one.group}' 里有两个 '{one.name}'（第 {zh} 行），分不清，都没有导入。请写成 '{one.name}（东）' 这样。",
            f"'{one.group}' has two people called '{one.name}' (lines {en}); neither is imported. "
            f"Tell them apart, for example '{one.name}（东）'.",
        )
    for complaint in change.complaints[:MOST_EXAMPLES]:
        yield complaint.what
    if len(change.complaints) > MOST_EXAMPLES:
        more = len(change.complaints) - MOST_EXAMPLES
        yield Sentence(f"还有 {more} 行有问题。", f"{more} more line(s) have something wrong.")


def _people(people: Sequence[Person]) -> Sentence:
    shown = [f"{person.name}（{person.group}）" for person in people[:MOST_EXAMPLES]]
    more = len(people) - len(shown)
    return Sentence(
        "、".join(shown) + (f"，还有 {more} 位" if more else "") + "。",
        ", ".join(shown) + (f" and {more} more" if more else "") + ".",
    )


def _moves(moved: Sequence[Changed], joint: str) -> str:
    shown = [f"{one.person.name}（{one.person.group}）{one.before} → {one.after}" for one in moved[:MOST_EXAMPLES]]
    return joint.join(shown) + ("…" if len(moved) > len(shown) else "")
