"""Vault and log together: a template is destroyed, then said to be; what a crash left between the two is mended."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from attendance import faces
from attendance.book import Book
from attendance.consent import FACE
from attendance.facts import Refused
from attendance.hall import Hall
from devices.face.vault import Vault


class Doomed(NamedTuple):
    """A template that must not stay, and why (one of faces.REASONS)."""

    template: str
    no: str
    reason: str


def destroy(hall: Hall, vault: Vault, doomed: Doomed, actor: str) -> None:
    """Destroy the key, then record it: an event never claims what has not happened."""
    vault.destroy(doomed.template)
    hall.decide(lambda draft: faces.destroyed(draft, **doomed._asdict()), actor)


def of_person(book: Book, vault: Vault, no: str, reason: str) -> list[Doomed]:
    """Every template of a person, in the vault or only in the log."""
    recorded = [one.fact.template for one in book.faces.standing() if one.fact.no == no]
    kept = [one.template for one in vault.kept() if one.no == no]
    return [Doomed(template, no, reason) for template in dict.fromkeys(recorded + kept)]


def forget(hall: Hall, vault: Vault, no: str, *, reason: str, actor: str) -> bool:
    """Destroy every template of a person; False when there was none."""
    if reason not in faces.REASONS:
        raise Refused("missing", "reason")
    with vault.alone():
        doomed = of_person(hall.book(), vault, no, reason)
    for one in doomed:
        destroy(hall, vault, one, actor)
    return bool(doomed)


@contextmanager
def opened(hall: Hall) -> Iterator[Vault]:
    """The vault by itself, where no face service runs."""
    vault = Vault(hall.folder.data, hall.keys)
    try:
        yield vault
    finally:
        vault.close()


def sweep(hall: Hall, vault: Vault, today: date, actor: str) -> Counter[str]:
    """Destroy whatever has no right to stay any more; how many for each reason."""
    with vault.alone():
        doomed = list(_doomed(hall, vault, today))
    for one in doomed:
        destroy(hall, vault, one, actor)
    return Counter(one.reason for one in doomed)


def _doomed(hall: Hall, vault: Vault, today: date) -> Iterator[Doomed]:
    book, kept = hall.book(), vault.kept()
    recorded = {one.fact.template: one.fact.no for one in book.faces.standing()}
    for one in kept:
        if one.template not in recorded:
            yield Doomed(one.template, one.no, "unfinished")
    held = {one.template for one in kept if vault.opens(one.template)}
    newest = {no: template for template, no in recorded.items()}
    for template, no in recorded.items():
        lost = "" if template in held else "lost"
        replaced = "" if newest[no] == template else "replaced"
        if reason := _lost_right(hall, book, no, today) or replaced or lost:
            yield Doomed(template, no, reason)


def _lost_right(hall: Hall, book: Book, no: str, today: date) -> str:
    """Why a person's face may not be kept any more; empty while it may."""
    if _is_forgotten(hall, no):
        return "forgotten"
    if faces.has_left(book, no, today):
        return "left"
    return "" if book.consents.stands(no, FACE, today) else "withdrawn"


def _is_forgotten(hall: Hall, no: str) -> bool:
    try:
        hall.keys.find(no)
    except Refused:
        return True
    return False
