"""办件情况: how much was handled, against last month and of what whole; what was overdue."""

from typing import Any

from api.documents.matter import Matter
from api.documents.naming import printable
from api.documents.words import percent

Json = dict[str, Any]
TOP = 3
PLACES = ("centre", "unit_handled", "grassroots")
"""Where a case was handled: every case in one of them."""
SHARES = ("instant", "centre", "unit_handled", "grassroots", "online")


def sum_of(rows: list[Json], column: str) -> int:
    return sum(row[column] for row in rows)


def total(matter: Matter) -> list[str]:
    """本月共受理各类业务3710件，环比增长21.96%。"""
    rows = matter.edition["volumes"]
    if not rows:
        return []
    count = sum_of(rows, "total")
    trend = _trend(matter, count, sum_of(matter.edition["volumes_before"], "total"))
    return [matter.words.say("volumes.total", total=count, trend=trend)]


def _trend(matter: Matter, now: int, before: int) -> str:
    """Against last month; nothing where last month has no figures."""
    if not before:
        return ""
    if now == before:
        return matter.words.say("volumes.same")
    return matter.words.say(
        "volumes.up" if now > before else "volumes.down", share=percent(abs(now - before), before, 2)
    )


def disagreeing(matter: Matter) -> list[str]:
    """Units whose parts (centre, unit, grassroots) are told and do not add up to their total."""
    rows = matter.edition["volumes"]
    told = [(row, sum(row[place] for place in PLACES)) for row in rows]
    return [printable(row["unit"]) for row, parts in told if parts and parts != row["total"]]


def top(matter: Matter) -> list[str]:
    """The units with most cases, where there are more units than that."""
    rows = sorted((row for row in matter.edition["volumes"] if row["total"]), key=lambda row: -row["total"])
    if len(rows) <= TOP or rows[TOP - 1]["total"] == rows[TOP]["total"]:
        return []
    units = matter.words.join(printable(row["unit"]) for row in rows[:TOP])
    return [matter.words.say("volumes.top", n=matter.words.number(TOP), units=units)]


def shares(matter: Matter) -> list[str]:
    """即收即办…件，占受理总数的…%: always with the whole it is a share of; a part above its whole is no share."""
    rows, words = matter.edition["volumes"], matter.words
    whole = sum_of(rows, "total")
    parts = [(name, sum_of(rows, name)) for name in SHARES]
    told = [
        words.say("volumes.share", name=words.say(f"volume.{name}"), count=count, share=percent(count, whole, 1))
        for name, count in parts
        if 0 < count <= whole
    ]
    return [words.say("volumes.shares", shares=words.say("comma").join(told))] if told else []


def overdue(matter: Matter) -> list[str]:
    """本月…超时5件；…、…超时1件: most first, units with equal counts together."""
    by_count: dict[int, list[str]] = {}
    for row in matter.edition["volumes"]:
        by_count.setdefault(row["overdue"], []).append(printable(row["unit"]))
    words = matter.words
    told = [
        words.variant(
            "volumes.overdue_unit",
            "each" if len(by_count[count]) > 1 else "",
            units=words.join(by_count[count]),
            count=count,
        )
        for count in sorted(by_count, reverse=True)
        if count
    ]
    if told:
        return [words.say("volumes.overdue", overdue=words.clauses(told))]
    return [words.say("volumes.no_overdue")] if matter.edition["volumes"] else []
