"""Who is where right now, window by window."""

from datetime import datetime

import sqlite_utils

from attendance.book import Book
from attendance.localtime import DAY, month_of
from attendance.rules.day import DayRules
from attendance.rules.due import WholeDays
from attendance.rules.presence import Presence, presence
from attendance.rules.schedule import Schedule
from projections.facts import PunchesOf
from projections.runner import local_second


def present_now(db: sqlite_utils.Database, book: Book, now: datetime) -> list[Presence]:
    """Everybody in post today, by staff number."""
    policy = book.policies.in_force(f"{now:%Y-%m}")
    second = local_second(policy.meta.timezone, now)
    month = month_of(second // DAY)
    policy = book.policies.in_force(month)
    whole = WholeDays(Schedule(book, policy, book.policies.entry_in_force(month).id))
    rules = DayRules(policy.attendance, {}, float(second))
    punches, today = PunchesOf(db, book, policy.meta.timezone), range(second // DAY, second // DAY + 1)
    found = (
        presence(book, whole, rules, no, punches.person(no, today).seconds, second) for no in book.people.numbers()
    )
    return [one for one in found if one is not None]
