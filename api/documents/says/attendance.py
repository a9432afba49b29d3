"""考勤情况: full attendance, never late, and who was late when, window by window."""

from typing import Any

from api.documents.matter import Matter
from api.documents.naming import printable
from api.documents.words import percent
from api.text import say
from attendance.rules.day import ABSENT

Json = dict[str, Any]
OFTEN = 3
"""Late so many times in a month is 迟到较多."""
HEAVY_PERCENT = 50
"""From this share of all lateness on, the stand-ins' lateness is called heavy."""
MORNING = "am"
ON_DUTY_SIGNS = frozenset("√迟早缺补")


def full_attendance(matter: Matter) -> list[str]:
    """本月满勤（无迟到早退、无请假、无缺卡）的工作人员有：…"""
    words, rows = matter.words, matter.edition["full_attendance"]
    if not rows:
        return [words.say("full.none")]
    people = words.join(matter.naming.at_window(row["no"], row["window"]) for row in rows)
    return [words.say("full.list", definition=words.say("full.definition"), people=people)]


def never_late_numbers(matter: Matter) -> list[str]:
    """Who came and was never late. Nobody is praised who was absent without leave, or away all month."""
    late = {row["no"] for row in matter.edition["lateness"]}
    return sorted(row["no"] for row in matter.regulars() if row["no"] not in late and _came(matter, row["no"]))


def _came(matter: Matter, no: str) -> bool:
    signs = {sign for day in matter.edition["matrix"].get(no, {}).values() for symbol in day for sign in symbol}
    return ABSENT not in signs and bool(signs & ON_DUTY_SIGNS)


def never_late(matter: Matter) -> list[str]:
    """本月无一迟到的工作人员有：…"""
    people = [matter.naming.alone(no) for no in never_late_numbers(matter)]
    return [matter.words.say("never_late.list", people=matter.words.join(people))] if people else []


def often_late(matter: Matter) -> list[str]:
    """Who was late often; the public edition says only that there were some."""
    times: dict[tuple[str, str], int] = {}
    for row in matter.edition["lateness"]:
        if row["relief_for"] is None:
            key = (row["no"], row["window"])
            times[key] = times.get(key, 0) + 1
    often = [key for key, count in times.items() if count >= OFTEN]
    if not often:
        return []
    if matter.public:
        return [matter.words.say("often_late.unnamed")]
    people = matter.words.join(matter.naming.at_window(*key) for key in often)
    return [matter.words.say("often_late.named", people=people)]


def late_total(matter: Matter) -> list[str]:
    """How often, and how much of it by stand-ins."""
    times, relief = _late_times(matter)
    if not times:
        return [matter.words.say("late.none")]
    if not relief:
        return [matter.words.say("late.total", times=times)]
    share = percent(relief, times, 1)
    return [matter.words.say("late.total_relief", times=times, relief=relief, share=share)]


def late_heavy(matter: Matter) -> list[str]:
    """The stand-ins' lateness is heavy: more than one case, and at least half of all."""
    times, relief = _late_times(matter)
    heavy = relief > 1 and relief * 100 >= times * HEAVY_PERCENT
    return [matter.words.say("late.heavy")] if heavy else []


def _late_times(matter: Matter) -> tuple[int, int]:
    rows = matter.edition["lateness"]
    return len(rows), sum(is_relief(matter, row["no"]) for row in rows)


def is_relief(matter: Matter, no: str) -> bool:
    """Whether somebody is a stand-in only (替岗人员)."""
    return bool(matter.edition["staff"].get(no, {}).get("relief"))


def late_incidents(matter: Matter) -> list[str]:
    """住建窗口替岗人员11月4日、12日、25日上班迟到，…: stand-ins first, then most often, then earliest."""
    if matter.public or not matter.edition["lateness"]:
        return []
    incidents: dict[tuple[str, str], list[Json]] = {}
    for row in matter.edition["lateness"]:
        relief = is_relief(matter, row["no"])
        incidents.setdefault((row["window"], "" if relief else row["no"]), []).append(row)
    ordered = sorted(incidents.items(), key=lambda item: (item[0][1] != "", -len(item[1]), item[1][0]["date"]))
    told = [_incident(matter, window, no, rows) for (window, no), rows in ordered]
    return [matter.words.say("late.incidents", incidents=matter.words.say("comma").join(told))]


def _incident(matter: Matter, window: str, no: str, rows: list[Json]) -> str:
    words = matter.words
    who = matter.naming.at_window(no, window) if no else words.say("relief", window=printable(window))
    dates = words.days(row["date"] for row in rows if row["session"] == MORNING)
    others = [_on(matter, row) for row in rows if row["session"] != MORNING]
    return words.say("late.incident", who=who, dates=words.join([dates, *others] if dates else others))


def _on(matter: Matter, row: Json) -> str:
    """A date with its session, where that is not the morning's."""
    key = f"page.session.{row['session']}"
    known = say(key)
    session = printable(row["session"]) if known == key else known
    return matter.words.say("day_session", day=matter.words.day(row["date"]), session=session)
