"""What commands print: both languages, Chinese first."""

from __future__ import annotations

import json
import sys
from typing import Any

from broadcaster.model.words import Complaint, Sentence


def say(sentence: Sentence) -> None:
    """To the person at the terminal."""
    print(sentence.zh)
    print(sentence.en)


def complain(sentence: Sentence) -> None:
    """To the person at the terminal, where errors go."""
    print(sentence.zh, file=sys.stderr)
    print(sentence.en, file=sys.stderr)


def show_complaint(complaint: Complaint) -> None:
    """One complaint with its place, in both languages."""
    path = f"{complaint.path}: " if complaint.path else ""
    print(f"  [{complaint.severity.value}] {complaint.file}: {path}{complaint.what.zh}")
    print(f"      {complaint.what.en}")


def print_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
    print()
