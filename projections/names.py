"""Names, put into what is shown at the last moment: the tables hold staff numbers only."""

from datetime import date
from typing import Any

from attendance.book import Book
from attendance.hall import Hall
from attendance.localtime import month_days

Json = dict[str, Any]


def names(hall: Hall, book: Book, month: str | None = None) -> dict[str, str]:
    """Everyone's name, of the posting that the month last touches; empty where the key was destroyed."""
    last = date.fromordinal(month_days(month).stop - 1) if month else date.max
    found: dict[str, str] = {}
    for no in book.people.numbers():
        postings = book.people.postings(no)
        touching = [entry for entry in postings if entry.fact.start is None or entry.fact.start <= last]
        found[no] = hall.opened((touching or postings)[-1].fact.name) or ""
    return found


def put_in(body: Json, known: dict[str, str]) -> Json:
    """The month with the name beside every staff number."""
    for part in ("full_attendance", "off_the_list", "lateness", "findings", "ranking", "unranked"):
        for row in body[part]:
            row["name"] = known.get(row["no"] or "", "")
    for prize in body["prizes"]:
        prize["name"] = known.get(prize["winner"], "") if prize["scope"] == "person" else prize["winner"]
    return body
