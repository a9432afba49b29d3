"""The bulletin's own text, and its way to the seal: what the editor adds, who drafted, reviewed and signed it.

The lists and figures come from the month itself (`attendance.months`); here stand only the free paragraphs and the
steps 拟稿 → 审核 → 签发.
"""

import re
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec

from attendance.facts import Entry, Fact, Refused, Sealed, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.book import Book
    from attendance.hall import Draft, Outcome

Step = Literal["drafted", "reviewed", "signed"]
STEPS: tuple[Step, ...] = get_args(Step)
SECTION = re.compile(r"[a-z][a-z0-9_]{0,39}")


@topic("bulletin.edited")
class BulletinEdited(Fact, frozen=True, kw_only=True):
    """The editor's own paragraphs in one section of a month's bulletin, one a line; the newest version counts."""

    month: str
    section: str
    text: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.month, self.section)


@topic("bulletin.stepped")
class BulletinStepped(Fact, frozen=True, kw_only=True):
    """Somebody took the bulletin a step further."""

    month: str
    step: Step
    account: str
    edits: int
    """How many edits of the month's paragraphs there had been: a later edit makes the step void."""

    def key(self) -> tuple[str, ...]:
        return (self.month, self.step, str(self.edits))


class Bulletins:
    """The paragraphs and steps of every month."""

    def __init__(self) -> None:
        self.edited: Shelf[BulletinEdited] = Shelf(month=lambda fact: fact.month)
        self.stepped: Shelf[BulletinStepped] = Shelf(month=lambda fact: fact.month)

    def paragraphs(self, month: str) -> dict[str, Sealed]:
        """The sealed text of each section that has any, in the order the sections were first written."""
        return {entry.fact.section: entry.fact.text for entry in self.edited.find("month", month) if entry.fact.text}

    def edits(self, month: str) -> int:
        """How often the month's paragraphs were written or rewritten."""
        return sum(entry.version for entry in self.edited.find("month", month))

    def steps(self, month: str) -> dict[Step, Entry[BulletinStepped]]:
        """The steps taken on the text as it stands now."""
        edits = self.edits(month)
        return {entry.fact.step: entry for entry in self.stepped.find("month", month) if entry.fact.edits == edits}


def edit(draft: "Draft", *, month: str, section: str, text: str) -> "Outcome":
    """Write the paragraphs of a section anew; empty text takes them away. Sealed under the hall's key."""
    if not SECTION.fullmatch(section):
        raise Refused("section_malformed", "section", section=section)
    _not_published(draft, month)
    kept = "\n".join(line.strip() for line in text.splitlines() if line.strip())
    if not kept and section not in draft.book.bulletins.paragraphs(month):
        return "repeated"
    return draft.record(BulletinEdited(month=month, section=section, text=draft.seal("", kept)))


def step(draft: "Draft", *, month: str, step: Step, account: str) -> "Outcome":
    """Take the bulletin a step further: in order, and neither reviewed nor signed by whoever drafted it."""
    bulletins = draft.book.bulletins
    _not_published(draft, month)
    taken = bulletins.steps(month)
    before = STEPS[: STEPS.index(step)]
    if step in taken:
        raise Refused("bulletin_step_taken", "step", step=step, account=taken[step].fact.account)
    if wanting := next((earlier for earlier in before if earlier not in taken), None):
        raise Refused("bulletin_step_early", "step", step=step, wanting=wanting)
    if before and taken["drafted"].fact.account == account:
        raise Refused("bulletin_own_draft", "account", step=step, account=account)
    return draft.record(BulletinStepped(month=month, step=step, account=account, edits=bulletins.edits(month)))


def _not_published(draft: "Draft", month: str) -> None:
    if draft.book.months.standing(month):
        raise Refused("month_published", "month", month=month)


def with_paragraphs(book: "Book", edition: dict[str, Any]) -> dict[str, Any]:
    """An edition with every text a bulletin prints, sealed as it lies in the log: to be frozen.

    The editor's paragraphs by section, what inspectors wrote of the month's findings by fact, and who took which step.
    """
    month = edition["month"]
    notes = {str(entry.id): entry.fact.note for entry in book.patrol.standing("month", month) if entry.fact.note}
    return {
        **edition,
        "paragraphs": msgspec.to_builtins(book.bulletins.paragraphs(month)),
        "notes": msgspec.to_builtins(notes),
        "steps": {name: entry.fact.account for name, entry in book.bulletins.steps(month).items()},
    }


def sealed_texts(edition: dict[str, Any], part: str) -> dict[str, Sealed]:
    """The `paragraphs` or `notes` that `with_paragraphs` put into an edition."""
    return msgspec.convert(edition.get(part, {}), dict[str, Sealed])
