"""What the office does with a month, the same from the command line and from the pages."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from attendance import months
from attendance.hall import Hall
from attendance.months import MonthAmended, MonthPublished, ReviewOpened
from projections.completeness import in_doubt
from projections.ledger import Ledger


def today_in(hall: Hall, month: str) -> date:
    """The date on the hall's own wall."""
    return datetime.now(UTC).astimezone(ZoneInfo(hall.book().policies.in_force(month).meta.timezone)).date()


def open_review(hall: Hall, ledger: Ledger, month: str, actor: str) -> ReviewOpened:
    """Show the month's lists for objection, as they stand now. Raises Refused."""
    edition = ledger.edition(month)
    position, today = edition["as_of"]["position"], today_in(hall, month)
    return hall.decide(
        lambda draft: months.open_review(draft, month=month, edition=edition, position=position, today=today), actor
    )


def publish(
    hall: Hall, ledger: Ledger, month: str, actor: str, *, number: str = "", reason: str = ""
) -> MonthPublished:
    """Publish the month as it stands now, over open questions only with a reason. Raises Refused."""
    edition = ledger.edition(month)
    doubts, today = in_doubt(ledger.completeness(month)), today_in(hall, month)
    return hall.decide(
        lambda draft: months.publish(
            draft,
            month=month,
            edition=edition,
            position=edition["as_of"]["position"],
            open_questions=doubts,
            today=today,
            number=number,
            reason=reason,
        ),
        actor,
    )


def amend(hall: Hall, ledger: Ledger, month: str, actor: str, *, reason: str, number: str = "") -> MonthAmended:
    """Issue a correction notice saying what differs from the published month, and why. Raises Refused."""
    edition, changes, today = ledger.edition(month), ledger.differences(month), today_in(hall, month)
    return hall.decide(
        lambda draft: months.amend(
            draft,
            month=month,
            edition=edition,
            position=edition["as_of"]["position"],
            changes=changes,
            today=today,
            number=number,
            reason=reason,
        ),
        actor,
    )
