"""What changed between two editions of a month: exactly, by list and subject."""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Row = tuple[str, Callable[[Json], str], Callable[[Json], Any]]

STANDING = ("rank", "score", "deductions", "bonus")

PARTS: tuple[Row, ...] = (
    ("full_attendance", lambda row: row["no"], lambda row: row["window"]),
    ("off_the_list", lambda row: row["no"], lambda row: row["because"]),
    ("lateness", lambda row: f"{row['no']} {row['date']} {row['session']}", lambda row: row["minutes"]),
    ("findings", lambda row: row["evidence"][0], lambda row: row["state"]),
    ("ranking", lambda row: row["no"], lambda row: {**_keys(row, *STANDING), "lines": _charges(row["lines"])}),
    ("unranked", lambda row: row["no"], lambda row: row["reason"]),
    ("windows", lambda row: row["window"], lambda row: _keys(row, *STANDING)),
    ("prizes", lambda row: f"{row['prize']} {row['winner']}", lambda row: row["scope"]),
)
"""Each list of a month: its name, what a row is about, and what is said of it."""


def _keys(row: Json, *keys: str) -> Json:
    return {key: row[key] for key in keys}


def _charges(lines: list[Json]) -> list[Json]:
    """What was charged, without the facts behind it: the same charge on other evidence changes no list."""
    return [_keys(line, "date", "rule", "points") for line in lines]


def differences(before: Json, after: Json) -> list[Json]:
    """One entry for every subject that is new, gone, or spoken of otherwise; empty when both say the same."""
    changes: list[Json] = []
    for part, subject_of, said_of in PARTS:
        old, new = (_by_subject(rows[part], subject_of, said_of) for rows in (before, after))
        changes += [
            {"part": part, "subject": subject, "before": old.get(subject), "after": new.get(subject)}
            for subject in dict.fromkeys([*old, *new])
            if old.get(subject) != new.get(subject)
        ]
    return changes


def _by_subject(rows: list[Json], subject_of: Callable[[Json], str], said_of: Callable[[Json], Any]) -> Json:
    """What is said of each subject. Two rows of one subject, as of a session that a relief split, are told apart."""
    found: Json = {}
    for row in rows:
        subject = named = subject_of(row)
        number = 1
        while named in found:
            number += 1
            named = f"{subject} {number}"
        found[named] = said_of(row)
    return found
