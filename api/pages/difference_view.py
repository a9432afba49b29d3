"""What differs between two editions of a month, in words: what it was, what it is, and the facts in between."""

from collections.abc import Callable
from typing import Any, NamedTuple

from api.pages.dates import day_text
from api.pages.words import Words
from api.text import say

Row = dict[str, Any]


class DifferenceRow(NamedTuple):
    """One change in one list."""

    part: str
    subject: str
    no: str
    """Whom it is about, if it is about a person."""
    fact: str
    """The fact it is about, if it is about one."""
    before: list[str]
    after: list[str]
    moved: bool = False
    """Whether nothing but the rank differs: somebody else's change pushed this one along."""


class DifferenceView:
    """Changes (`projections.differences`) in one language."""

    def __init__(self, words: Words, names: dict[str, str], findings: list[Row]) -> None:
        self._words, self._names, self._language = words, names, words.language
        self._findings = {row["evidence"][0]: row for row in findings}

    def rows(self, changes: list[Row]) -> list[DifferenceRow]:
        return [self._row(change) for change in changes]

    def _row(self, change: Row) -> DifferenceRow:
        part, subject = change["part"], change["subject"]
        no = subject.partition(" ")[0] if part not in ("findings", "windows", "prizes") else ""
        before, after = change["before"], change["after"]
        if part == "ranking" and before and after:
            before, after = _without_common(before, after), _without_common(after, before)
        return DifferenceRow(
            self._say(f"part.{part}"),
            self._subject(part, subject),
            no,
            subject if part == "findings" else "",
            self._told(part, before),
            self._told(part, after),
            _only_moved(change["before"], change["after"]),
        )

    def _subject(self, part: str, subject: str) -> str:
        if part == "windows":
            return subject
        if part == "findings":
            return self._finding(subject)
        if part == "prizes":
            prize, _, winner = subject.partition(" ")
            return f"{prize} {self._names.get(winner) or winner}"
        no, _, rest = subject.partition(" ")
        day, _, session = rest.partition(" ")
        when = f" {day_text(day, self._language)}{self._words.session(session)}" if day else ""
        return f"{self._names.get(no) or no}{when}"

    def _finding(self, fact: str) -> str:
        found = self._findings.get(fact)
        if found is None:
            return self._say("topic.finding_noted")
        what = self._words.finding(found["code"])
        return f"{day_text(found['seen_at'][:10], self._language)} {found['window'] or ''} {what}"

    def _told(self, part: str, said: Any) -> list[str]:
        """What a list said of its subject, a line for each thing; empty when it did not mention it."""
        return [] if said is None else TELLERS[part](self, said)

    def _listed(self, _said: Any) -> list[str]:
        return [self._say("differences.listed")]

    def _because(self, said: Row) -> list[str]:
        symbol = self._words.symbol(said["symbol"])
        day = f"{day_text(said['date'], self._language)}{self._words.session(said['session'])}"
        return [f"{day} {symbol.sign} {symbol.meaning}"]

    def _minutes(self, said: int) -> list[str]:
        return [self._say("late.minutes", n=said)]

    def _state(self, said: str) -> list[str]:
        return [self._say(f"finding_state.{said}")]

    def _unranked(self, said: str) -> list[str]:
        return [self._say(f"unranked.{said}")]

    def _standing(self, said: Row) -> list[str]:
        return [self._say("differences.standing", **said), *(self._charge(line) for line in said.get("lines", []))]

    def _charge(self, line: Row) -> str:
        day, rule = day_text(line["date"], self._language), self._words.rule(line["rule"])
        return self._say("differences.charge", day=day, rule=rule, points=line["points"])

    def _say(self, key: str, **details: object) -> str:
        return say(f"page.{key}", self._language, **details)


def _only_moved(before: Any, after: Any) -> bool:
    if not (isinstance(before, dict) and isinstance(after, dict) and "rank" in before):
        return False
    return {**before, "rank": 0} == {**after, "rank": 0}


def _without_common(said: Row, other: Row) -> Row:
    """A standing with the charges alone that the other one lacks."""
    left = list(other["lines"])
    own = []
    for line in said["lines"]:
        if line in left:
            left.remove(line)
        else:
            own.append(line)
    return {**said, "lines": own}


TELLERS: dict[str, Callable[[DifferenceView, Any], list[str]]] = {
    "full_attendance": DifferenceView._listed,
    "off_the_list": DifferenceView._because,
    "lateness": DifferenceView._minutes,
    "findings": DifferenceView._state,
    "ranking": DifferenceView._standing,
    "unranked": DifferenceView._unranked,
    "windows": DifferenceView._standing,
    "prizes": DifferenceView._listed,
}
"""How each list's word on a subject is told."""
