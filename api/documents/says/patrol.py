"""巡查情况: findings that stand, by date and by what was seen."""

from typing import Any

from api.documents.matter import Matter
from api.documents.naming import printable
from api.documents.says.attendance import is_relief

Json = dict[str, Any]


def standing(matter: Matter) -> list[Json]:
    """Findings neither withdrawn nor overturned."""
    return [row for row in matter.edition["findings"] if row["state"] == "noted"]


def findings(matter: Matter) -> list[str]:
    """在11月13日的巡查中发现…; the public edition counts them by kind."""
    rows = standing(matter)
    if not rows:
        return [matter.words.say("findings.none")]
    return [_counted(matter, rows) if matter.public else _by_day(matter, rows)]


def _counted(matter: Matter, rows: list[Json]) -> str:
    kinds: dict[str, int] = {}
    for row in rows:
        name = code_name(matter, row["code"])
        kinds[name] = kinds.get(name, 0) + 1
    told = [matter.words.say("findings.seen_count", what=what, count=count) for what, count in kinds.items()]
    return matter.words.say("findings.total", count=len(rows), kinds=matter.words.join(told))


def _by_day(matter: Matter, rows: list[Json]) -> str:
    days: dict[str, list[Json]] = {}
    for row in rows:
        days.setdefault(row["seen_at"][:10], []).append(row)
    told = [
        matter.words.say("findings.on_day", day=matter.words.day(day), seen=_seen(matter, same))
        for day, same in days.items()
    ]
    return matter.words.say("findings.list", days=matter.words.clauses(told))


def _seen(matter: Matter, rows: list[Json]) -> str:
    """Who was seen doing what, those seen doing the same together."""
    seen: dict[str, list[str]] = {}
    for row in rows:
        seen.setdefault(_what(matter, row), []).append(_who(matter, row))
    words = matter.words
    told = [words.say("findings.seen", people=words.join(dict.fromkeys(who)), what=what) for what, who in seen.items()]
    return words.say("comma").join(told)


def _what(matter: Matter, row: Json) -> str:
    """The inspector's own words, else the name of the code."""
    return printable(matter.notes.get(row["evidence"][0], "")) or code_name(matter, row["code"])


def _who(matter: Matter, row: Json) -> str:
    no, window = row["no"], row["window"]
    if not no:
        return matter.words.say("nobody", window=printable(window))
    if is_relief(matter, no):
        return matter.words.say("relief", window=printable(window))
    return matter.naming.at_window(no, window or matter.edition["staff"][no]["window"])


def code_name(matter: Matter, code: str) -> str:
    found = matter.policy.finding_codes().get(code)
    return found.name if found else code
