"""What changed between two editions of a month: exactly, by list and subject."""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Row = tuple[str, Callable[[Json], str], Callable[[Json], Any]]

PARTS: tuple[Row, ...] = (
    ("full_attendance", lambda row: row["no"], lambda row: row["window"]),
    ("off_the_list", lambda row: row["no"], lambda row: row["because"]),
    ("lateness", lambda row: f"{row['no']} {row['date']} {row['session']}", lambda row: row["minutes"]),
    ("findings", lambda row: row["evidence"][0], lambda row: row["state"]),
    ("ranking", lambda row: row["no"], lambda row: {key: row[key] for key in ("rank", "score", "deductions", "bonus")}),
    ("unranked", lambda row: row["no"], lambda row: row["reason"]),
    ("windows", lambda row: row["window"], lambda row: {k: row[k] for k in ("rank", "score", "deductions", "bonus")}),
    ("prizes", lambda row: f"{row['prize']} {row['winner']}", lambda row: row["scope"]),
)
"""Each list of a month: its name, what a row is about, and what is said of it."""


def differences(before: Json, after: Json) -> list[Json]:
    """One entry for every subject that is new, gone, or spoken of otherwise; empty when both say the same."""
    changes: list[Json] = []
    for part, subject_of, said_of in PARTS:
        old = {subject_of(row): said_of(row) for row in before[part]}
        new = {subject_of(row): said_of(row) for row in after[part]}
        changes += [
            {"part": part, "subject": subject, "before": old.get(subject), "after": new.get(subject)}
            for subject in dict.fromkeys([*old, *new])
            if old.get(subject) != new.get(subject)
        ]
    return changes
