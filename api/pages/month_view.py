"""A month's lists as its page shows them: grouped as a bulletin groups them, every row with the way to its fact."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from api.pages.dates import ISO, day_text, days_text
from api.pages.words import Proof, Symbol, Words
from api.settings import Language
from api.text import catalogue, say

Row = dict[str, Any]


class Figure(NamedTuple):
    """One number at the head of the page, and where it is explained."""

    number: int
    label: str
    anchor: str
    tone: str = ""


class OffRow(NamedTuple):
    no: str
    name: str
    window: str
    day: str
    anchor: str
    session: str
    symbol: Symbol


class LateDate(NamedTuple):
    day: str
    minutes: str
    title: str
    fact: str


class LatePerson(NamedTuple):
    no: str
    name: str
    relief_for: str
    dates: list[LateDate]


class FindingRow(NamedTuple):
    seen_at: str
    window: str
    no: str
    name: str
    what: str
    state: str
    gone: bool
    evidence: list[Proof]


class LineRow(NamedTuple):
    day: str
    rule: str
    points: str
    evidence: list[Proof]


class RankRow(NamedTuple):
    rank: int
    tied: bool
    no: str
    name: str
    window: str
    deductions: str
    bonus: str
    score: str
    lines: list[LineRow]


class Question(NamedTuple):
    """Something unsettled."""

    kind: str
    subject: str
    since: str
    detail: str
    link: str = ""
    """Where it is settled."""
    notice: bool = False
    """Worth knowing, but nothing that needs a reason to publish over."""


class MonthView:
    """One month's body (contract 5.5) in one language."""

    def __init__(self, month: Row, words: Words) -> None:
        self._month, self._words, self._language = month, words, words.language
        people = ("full_attendance", "off_the_list", "lateness", "ranking", "unranked")
        self.names: dict[str, str] = {row["no"]: shown(row) for part in people for row in month[part]}

    def content(self, unsettled: list[Question] | None = None) -> dict[str, Any]:
        """Everything the template asks for; `unsettled` instead of the open questions of the body."""
        month = self._month
        questions = [self.question(row) for row in month["open_questions"]] if unsettled is None else unsettled
        return {
            "figures": self.figures(sum(not one.notice for one in questions)),
            "questions": questions,
            "workdays": len(month["workdays"]),
            "full": [{**row, "name": shown(row)} for row in month["full_attendance"]],
            "off": [self.off_row(row) for row in month["off_the_list"]],
            "late": self.late(),
            "late_times": len(month["lateness"]),
            "late_by_relief": sum(row["relief_for"] is not None for row in month["lateness"]),
            "findings": [self.finding(row) for row in month["findings"]],
            "findings_gone": sum(row["state"] != "noted" for row in month["findings"]),
            "ranking": self.ranking(),
            "unranked": self.unranked(),
            "unranked_count": len(month["unranked"]),
            "windows": month["windows"],
            "prizes": self.prizes(),
        }

    def figures(self, doubts: int) -> list[Figure]:
        month = self._month
        full, off = len(month["full_attendance"]), len(month["off_the_list"])
        counts = [("full", full, ""), ("off", off, ""), ("lateness", len(month["lateness"]), "late")]
        counts.append(("patrol", sum(row["state"] == "noted" for row in month["findings"]), ""))
        counts.append(("ranking", len(month["ranking"]), ""))
        if doubts:
            counts.append(("questions", doubts, "bad"))
        return [Figure(number, self._say(f"figure.{anchor}"), anchor, tone) for anchor, number, tone in counts]

    def question(self, row: Row) -> Question:
        known = catalogue(self._language)
        heading = f"page.question.{row['kind']}"
        return Question(
            say(heading if heading in known else "page.question.other", self._language),
            str(row["subject"]),
            self.since(row["since"]),
            self.question_detail(row),
        )

    def since(self, since: str | None) -> str:
        """The day and minute of a terminal's clock as it is, of a moment with a zone on the hall's own."""
        if not since:
            return ""
        moment = datetime.fromisoformat(since)
        local = moment.astimezone(ZoneInfo(self._words.zone)) if moment.tzinfo else moment
        return f"{day_text(local.date().isoformat(), self._language)} {local:%H:%M}"

    def question_detail(self, row: Row) -> str:
        """The question as a sentence that says what to do; else the one that publishing would give, or its details."""
        known, detail = catalogue(self._language), row["detail"]
        key = next((k for k in (f"page.question_detail.{row['kind']}", f"question.{row['kind']}") if k in known), None)
        if key is None or not isinstance(detail, dict):
            return str(detail or "")
        reason = f"page.quarantined.{detail.get('reason')}"
        worded = {"reason": say(reason, self._language)} if reason in known else {}
        told = {name: self.told(value) for name, value in detail.items()}
        return say(
            key, self._language, **{"subject": row["subject"], "since": self.since(row["since"])} | told | worded
        )

    def told(self, value: object) -> object:
        """A day or moment among a question's details as people write it; anything else as it is."""
        if not isinstance(value, str) or not ISO.fullmatch(value) or len(value) < len("2026-10-09"):
            return value
        return self.since(value) if len(value) > len("2026-10-09") else day_text(value, self._language)

    def off_row(self, row: Row) -> OffRow:
        because = row["because"]
        return OffRow(
            row["no"],
            shown(row),
            row["window"] or "",
            day_text(because["date"], self._language),
            anchor(because["date"]),
            self._words.session(because["session"]),
            self._words.symbol(because["symbol"]),
        )

    def late(self) -> list[tuple[str, list[LatePerson]]]:
        """Lateness by window, then by person: 住建窗口 替岗人员 11月4日、12日、25日."""
        by_person = sorted(self._month["lateness"], key=lambda row: (row["window"] or "", row["no"], row["date"]))
        people = [
            (window, self.late_person(list(rows)))
            for (window, _no, _regular), rows in groupby(
                by_person, key=lambda row: (row["window"] or "", row["no"], row["relief_for"])
            )
        ]
        return [(window, [person for _, person in group]) for window, group in groupby(people, key=lambda one: one[0])]

    def late_person(self, rows: list[Row]) -> LatePerson:
        days = days_text((row["date"] for row in rows), self._language)
        dates = [self.late_date(row, day) for row, day in zip(rows, days, strict=True)]
        regular = rows[0]["relief_for"]
        relieved = (self.names.get(regular, regular) or self._say("late.nobody")) if regular is not None else ""
        return LatePerson(rows[0]["no"], shown(rows[0]), relieved, dates)

    def late_date(self, row: Row, day: str) -> LateDate:
        minutes = _minutes(row["minutes"], self._language)
        title = f"{day_text(row['date'], self._language)} {self._words.session(row['session'])}"
        return LateDate(day, minutes, title, row["evidence"][0] if row["evidence"] else "")

    def finding(self, row: Row) -> FindingRow:
        seen = row["seen_at"]
        return FindingRow(
            f"{day_text(seen[:10], self._language)} {seen[11:16]}",
            row["window"] or "",
            row["no"] or "",
            shown(row),
            self._words.finding(row["code"]),
            self._say(f"finding_state.{row['state']}"),
            row["state"] != "noted",
            self._words.proofs(row["evidence"]),
        )

    def ranking(self) -> list[RankRow]:
        shared = self._shared_ranks()
        return [self._rank_row(row, shared) for row in self._month["ranking"]]

    def ranked(self, no: str) -> RankRow | None:
        """One person's row, without the work of everybody's."""
        found = next((row for row in self._month["ranking"] if row["no"] == no), None)
        return self._rank_row(found, self._shared_ranks()) if found else None

    def _shared_ranks(self) -> set[int]:
        ranks = [row["rank"] for row in self._month["ranking"]]
        return {rank for rank, following in pairwise(ranks) if rank == following}

    def _rank_row(self, row: Row, shared: set[int]) -> RankRow:
        return RankRow(
            row["rank"],
            row["rank"] in shared,
            row["no"],
            shown(row),
            row["window"] or "",
            row["deductions"],
            row["bonus"],
            row["score"],
            self.lines(row["lines"]),
        )

    def lines(self, lines: Iterable[Row]) -> list[LineRow]:
        return [
            LineRow(
                day_text(line["date"], self._language),
                self._words.rule(line["rule"]),
                line["points"],
                self._words.proofs(line["evidence"]),
            )
            for line in lines
        ]

    def unranked(self) -> list[tuple[str, list[Row]]]:
        rows = sorted(self._month["unranked"], key=lambda row: row["reason"])
        return [
            (self._say(f"unranked.{reason}"), [{**row, "name": shown(row)} for row in group])
            for reason, group in groupby(rows, key=lambda row: row["reason"])
        ]

    def prizes(self) -> list[tuple[str, str]]:
        """Each prize with its winners, a prize named once."""
        winners: dict[str, list[str]] = {}
        for row in self._month["prizes"]:
            name = self.names.get(row["winner"], row["winner"]) if row["scope"] == "person" else row["winner"]
            winners.setdefault(row["prize"], []).append(name)
        return [(prize, say("value.and", self._language).join(names)) for prize, names in winners.items()]

    def _say(self, key: str, **details: object) -> str:
        return say(f"page.{key}", self._language, **details)


@lru_cache(512)
def _minutes(minutes: int, language: Language) -> str:
    return say("page.late.minutes", language, n=minutes)


def shown(row: Row) -> str:
    """A person's name; the number where the name was forgotten."""
    return row["name"] or row["no"] or ""


def anchor(day: str) -> str:
    """The place of a day on a person's page."""
    return f"d{day[8:]}"
