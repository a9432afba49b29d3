"""Whom a finding concerns: who answers for it, may object to it, and may therefore not judge it."""

from typing import TYPE_CHECKING

from attendance.facts import Refused
from attendance.patrol import USER, FindingNoted, inspector_of

if TYPE_CHECKING:
    from attendance.book import Book


def people_of(book: "Book", finding: FindingNoted) -> frozenset[str]:
    """The person named, and for relief the regular they stood in for: both answer for it (考评办法, 替岗)."""
    if not finding.no:
        return frozenset()
    covering = [entry.fact for entry in book.reliefs.find("relief", finding.no)]
    regulars = {one.regular_no for one in covering if one.start <= finding.seen_at < one.end and one.regular_no}
    return frozenset({finding.no} | regulars)


def unit_of(book: "Book", finding: FindingNoted) -> str:
    """The unit that answers for a finding: that of its window on that day, else that of the person; empty for none."""
    day = finding.seen_at.date()
    for entry in book.windows.find("window", finding.window) if finding.window else ():
        if entry.fact.holds_on(day):
            return entry.fact.unit
    posting = book.people.posting_on(finding.no, day) if finding.no else None
    return posting.fact.unit if posting else ""


def refuse_publisher(book: "Book", month: str, account: str) -> None:
    """Who saw a finding of a month, or judged an appeal of it, does not publish it. Raises Refused."""
    for entry in book.patrol.findings.find("month", month):
        judged = book.appeals.judgement(entry.fact.finding)
        judge = judged.actor.removeprefix(USER) if judged else ""
        if account and account in (inspector_of(entry), judge):
            raise Refused("publisher_inspected", month=month, account=account)
