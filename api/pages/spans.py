"""Lengths of time in words: 9427 天 3 小时 12 分, 2 分钟前."""

from datetime import datetime, timedelta

from api.settings import Language
from api.text import say

UNITS = (("days", 86_400), ("hours", 3600), ("minutes", 60), ("seconds", 1))
AGO = (("days", 2 * 86_400, 86_400), ("hours", 2 * 3600, 3600), ("minutes", 120, 60), ("seconds", 0, 1))
"""The unit of an age, from how many seconds on it is used, and its seconds."""


def length_text(length: timedelta, language: Language) -> str:
    """Days, hours, minutes and seconds, those that are there."""
    rest, parts = abs(int(length.total_seconds())), []
    for name, seconds in UNITS:
        count, rest = divmod(rest, seconds)
        if count:
            parts.append(say(f"page.shift.{name}", language, n=count))
    return " ".join(parts) or say("page.shift.seconds", language, n=0)


def shift_text(shift: timedelta, language: Language) -> str:
    """By how much moments are moved, and to which side."""
    if not shift:
        return say("page.shift.none", language)
    side = "later" if shift > timedelta() else "earlier"
    return say(f"page.shift.{side}", language, parts=length_text(shift, language))


def ago_text(at: datetime, now: datetime, language: Language) -> str:
    """How long ago something was, in its largest fitting unit."""
    seconds = max(0, int((now - at).total_seconds()))
    name, each = next((name, each) for name, least, each in AGO if seconds >= least)
    return say(f"page.watch.contact_ago_{name}", language, n=seconds // each)
