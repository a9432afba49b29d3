"""A month's edition: everything a bulletin says, in plain JSON by staff number, so that it can be frozen in the log."""

from collections.abc import Iterable
from datetime import date

from attendance.book import Book
from attendance.localtime import month_days
from attendance.ratings import CasesReported
from projections.days import Json, sheets

VOLUMES = ("total", "instant", "centre", "unit_handled", "grassroots", "online", "overdue")


def edition(book: Book, body: Json, days: Iterable[tuple[str, bytes | str]]) -> Json:
    """The month's body (design.md 5.5) with what only a bulletin needs: claims, volumes, ratings, the month matrix."""
    month = body["month"]
    return {
        **body,
        "bonus": bonus_claims(book, month),
        "volumes": volumes(book, month),
        "volumes_before": volumes(book, month_before(month)),
        "ratings": ratings(book, month),
        "vetoes": [{"no": e.fact.no, "trigger": e.fact.trigger} for e in book.vetoes.find("month", month)],
        "reliefs": reliefs(book, month),
        "matrix": (kept := matrix(days)),
        "staff": staff(book, month, {*kept, *(row["no"] for row in body["unranked"])}),
        "units": {entry.fact.window: entry.fact.unit for entry in book.windows},
    }


def bonus_claims(book: Book, month: str) -> list[Json]:
    """What windows together, or people alone, were credited with, in the order it was claimed."""
    found: dict[tuple[tuple[str, ...], str], dict[str, int]] = {}
    for entry in book.bonuses.find("month", month):
        claim = entry.fact
        items = found.setdefault((tuple(dict.fromkeys(claim.windows)), claim.no), {})
        items[claim.code] = items.get(claim.code, 0) + claim.count
    return [
        {"windows": list(windows), "no": no or None, "items": [{"code": c, "count": n} for c, n in items.items()]}
        for (windows, no), items in found.items()
    ]


def volumes(book: Book, month: str) -> list[Json]:
    """Case volumes by unit, in the order of the sheet; rows of one unit are added up."""
    found: dict[str, Json] = {}
    for entry in book.cases.find("month", month):
        row = found.setdefault(entry.fact.unit, {"unit": entry.fact.unit, **dict.fromkeys(VOLUMES, 0)})
        _add(row, entry.fact)
    return list(found.values())


def _add(row: Json, cases: CasesReported) -> None:
    for name in VOLUMES:
        row[name] += getattr(cases, name)


def ratings(book: Book, month: str) -> Json:
    """How many ratings of each level, and how many of the bad ones were verified."""
    levels: dict[str, int] = {}
    verified = 0
    bad = book.policies.in_force(month).evaluation.bad_levels
    for entry in book.ratings.find("month", month):
        levels[entry.fact.level] = levels.get(entry.fact.level, 0) + 1
        verified += entry.fact.level in bad and entry.fact.verified == "yes"
    return {"levels": levels, "bad_verified": verified}


def reliefs(book: Book, month: str) -> list[Json]:
    """Who stood in for whom at which window, from when to when."""
    days = month_days(month)
    first, last = date.fromordinal(days.start), date.fromordinal(days.stop - 1)
    return [
        {
            "window": entry.fact.window,
            "relief_no": entry.fact.relief_no,
            "regular_no": entry.fact.regular_no or None,
            "start": entry.fact.start.isoformat(" "),
            "end": entry.fact.end.isoformat(" "),
        }
        for entry in book.reliefs
        if entry.fact.start.date() <= last and entry.fact.end.date() >= first
    ]


def matrix(days: Iterable[tuple[str, bytes | str]]) -> Json:
    """Each person's symbols by date: ``{"101": {"2026-10-09": ["√", "迟"]}}``."""
    found: Json = {}
    for sheet in sheets(days, {}):
        symbols = found.setdefault(sheet["no"], {}).setdefault(sheet["date"], [])
        symbols += [session["symbol"] for session in sheet["sessions"]]
    return found


def staff(book: Book, month: str, numbers: Iterable[str]) -> Json:
    """Where each of these people stood in the month: the posting that it last touches."""
    last = date.fromordinal(month_days(month).stop - 1)
    found: Json = {}
    for no in sorted(numbers):
        postings = [entry.fact for entry in book.people.postings(no)]
        posting = [fact for fact in postings if fact.start is None or fact.start <= last or fact is postings[0]][-1]
        found[no] = {
            "window": posting.window,
            "unit": posting.unit,
            "category": posting.category,
            "relief": posting.relief,
        }
    return found


def month_before(month: str) -> str:
    return date.fromordinal(month_days(month).start - 1).isoformat()[:7]
