"""What an inspector's tablet tells, deed by deed: each becomes a fact, is held for somebody to place, or is refused.

The order in which deeds arrive and how often they do must not matter (docs/patrol.md).
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from attendance import deeds, known, leave, patrol, praise, rectification, relief, rounds
from attendance.doubts import CLOCK_TOLERANCE_SECONDS, OUTING
from attendance.facts import Refused, Sealed
from attendance.localtime import MINUTE
from attendance.patrol import SOURCES, Seen, Told, inspector_of
from attendance.punches import FIRST_YEAR
from attendance.rules.lines import MERGED_CODES

if TYPE_CHECKING:
    from attendance.book import Book
    from attendance.hall import Draft

Kind = Literal["finding", "praise", "withdrawal", "round_started", "window_seen", "round_ended", "relief", "outing"]
Outcome = Literal["stored", "repeated", "held", "refused"]
HELD = frozenset(
    {
        *("window_unknown", "window_closed", "person_unknown", "person_ambiguous", "person_left", "person_needed"),
        *("finding_code_unknown", "bonus_code_unknown", "moment_impossible", "finding_unknown", "relief_overlaps"),
        *("outing_too_long", "outing_not_provided", "deed_waits"),
    }
)
"""Refusals that a person in the office can put right: the deed is kept for them."""
MOST_PHOTOS = 6
LONGEST_TEXT = 1000


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """One deed as the tablet sends it."""

    id: UUID
    kind: Kind
    at: datetime
    code: str = ""
    window: str = ""
    no: str = ""
    note: str = ""
    photos: tuple[str, ...] = ()
    on_round: str = msgspec.field(default="", name="round")
    source: str = "round"
    finding: str = ""
    reason: str = ""
    undo: bool = False
    in_order: bool = False
    relief_no: str = ""
    regular_no: str = ""
    start: str = msgspec.field(default="", name="from")
    until: str = ""


class Telling(NamedTuple):
    """Who tells, from which tablet, by which clocks."""

    account: str
    tablet: str
    now: datetime
    """The hall's clock, with its zone."""
    offset_seconds: int
    """How far the tablet's clock is ahead of it."""
    zone: str

    def local(self, at: datetime) -> datetime:
        """A moment of the tablet on the hall's wall, put right by whole minutes where the tablet's clock was wrong."""
        if abs(self.offset_seconds) > CLOCK_TOLERANCE_SECONDS:
            at -= timedelta(minutes=round(self.offset_seconds / MINUTE))
        return at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None, microsecond=0)


class Answer(NamedTuple):
    """What became of a deed; `refused` says why where it is held or refused."""

    id: str
    outcome: Outcome
    refused: Refused | None = None
    photos: tuple[str, ...] = ()
    """Those that it names."""


def offset(sent_at: datetime, now: datetime) -> int:
    """How many whole seconds a tablet's clock is ahead of the hall's."""
    return round((sent_at.astimezone(UTC) - now.astimezone(UTC)).total_seconds())


def read(raw: bytes) -> Deed:
    """A deed. Raises Refused for what is none."""
    try:
        deed = msgspec.json.decode(raw, type=Deed)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused("deed_malformed", problem=error) from None
    if deed.at.tzinfo is None:
        raise Refused("deed_malformed", "at", problem="at")
    if max(map(len, (deed.note, deed.reason))) > LONGEST_TEXT:
        raise Refused("deed_text_long", "note", longest=LONGEST_TEXT)
    if len(deed.photos) > MOST_PHOTOS:
        raise Refused("deed_photos_many", "photos", most=MOST_PHOTOS)
    if deed.source not in SOURCES:
        raise Refused("deed_malformed", "source", problem="source")
    return deed


def take(draft: "Draft", raw: bytes, telling: Telling) -> Answer:
    """Take in one deed as it came. What is refused leaves the others of its batch alone."""
    try:
        deed = read(raw)
    except Refused as refused:
        return Answer(_id_of(raw), "refused", refused)
    return Taking(draft, telling).take(deed)


def _id_of(raw: bytes) -> str:
    """The id of a deed that cannot be read otherwise, so that the tablet knows which one is meant."""
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.json.decode(raw, type=dict[str, object]).get("id") or ""  # type: ignore[return-value]
    return ""


class Taking:
    """One deed being taken in."""

    def __init__(self, draft: "Draft", telling: Telling) -> None:
        self.draft, self.telling = draft, telling

    @property
    def book(self) -> "Book":
        return self.draft.book

    def take(self, deed: Deed) -> Answer:
        """Store it, hold it, or refuse it."""
        number = str(deed.id)
        try:
            outcome = self._held_before(deed) or self.store(deed)
        except Refused as refused:
            if refused.code not in HELD:
                return Answer(number, "refused", refused)
            self._hold(deed, refused.code)
            return Answer(number, "held", refused, deed.photos)
        return Answer(number, "repeated" if outcome == "repeated" else "stored", None, deed.photos)

    def _held_before(self, deed: Deed) -> str:
        """Raises Refused for a deed that is still held, or that says something else than the one held."""
        held = self.book.deeds.holding(str(deed.id))
        if held is None:
            return ""
        subject = held.fact.content.subject if held.fact.content else ""
        if held.fact.content != self._content(deed, subject):
            raise Refused("deed_said_otherwise")
        if self.book.deeds.verdict(str(deed.id)) is None:
            raise Refused("deed_waits")
        return "repeated"

    def _content(self, deed: Deed, subject: str) -> Sealed | None:
        """Everything the tablet sent, always in the same bytes."""
        return self.draft.seal(subject, msgspec.json.encode(deed).decode())

    def store(self, deed: Deed) -> str:
        """Make a fact of a deed. Raises Refused."""
        takers: dict[Kind, Callable[[Deed, datetime], str]] = {
            "finding": self._finding,
            "praise": self._praise,
            "withdrawal": self._withdrawal,
            "round_started": self._round_started,
            "window_seen": self._window_seen,
            "round_ended": self._round_ended,
            "relief": self._relief,
            "outing": self._outing,
        }
        at = self.telling.local(deed.at)
        self._check_moment(at)
        return takers[deed.kind](deed, at)

    def _check_moment(self, at: datetime) -> None:
        """Nothing was seen before the log can hold it, nor after it was sent."""
        now = self.telling.now.astimezone(ZoneInfo(self.telling.zone)).replace(tzinfo=None)
        if at.year < FIRST_YEAR or at > now + timedelta(seconds=CLOCK_TOLERANCE_SECONDS):
            raise Refused("moment_impossible", "at", at=at)

    def _told(self, deed: Deed) -> Told:
        who, photos = self.telling, tuple(dict.fromkeys(sha256.lower() for sha256 in deed.photos))
        return Told(who.account, who.tablet, deed.at, who.offset_seconds, deed.source, deed.on_round, photos)

    def _finding(self, deed: Deed, at: datetime) -> str:
        number = str(deed.id)
        if before := self.book.patrol.noted(number):
            return self._same(deed, before.fact)
        self._check_place(deed, at)
        if deed.code in MERGED_CODES and not deed.no:
            raise Refused("person_needed", "no")
        outcome = patrol.note(
            self.draft,
            finding=number,
            seen_at=at,
            code=deed.code,
            window=deed.window,
            no=deed.no,
            note=deed.note.strip(),
            told=self._told(deed),
        )
        self._order_to_mend(number, at)
        self._apply_withdrawals(number)
        return outcome

    def _check_place(self, deed: Deed, at: datetime) -> None:
        """The window is open and the person in post on that day."""
        day, book = at.date(), self.book
        if deed.window and not any(
            entry.fact.holds_on(day) for entry in book.windows.find("window", known.window(book, deed.window))
        ):
            raise Refused("window_closed", "window", window=deed.window, date=day)
        if deed.no and book.people.posting_on(known.person(book, deed.no), day) is None:
            raise Refused("person_left", "no", no=deed.no, date=day)

    def _same(self, deed: Deed, before: Seen) -> str:
        """The deed again. The clocks may have been put right in between: what was seen is compared alone."""
        no = self.book.people.resolve(deed.no) or deed.no
        note = self.draft.seal(before.no, deed.note.strip())
        told = self._told(deed)
        now = (deed.at, deed.window, no, deed.code, note, told.photos, told.source, told.on_round)
        then = (
            *(before.tablet_at, before.window, before.no, before.code, before.note),
            *(before.photos, before.source, before.on_round),
        )
        if now != then or before.account != told.account:
            raise Refused("deed_said_otherwise")
        return "repeated"

    def _order_to_mend(self, finding: str, at: datetime) -> None:
        """Where the code says so, the unit is ordered to mend it; a finding of no unit's has nobody to order."""
        noted = patrol.existing(self.draft, finding).fact
        code = self.book.policies.in_force(f"{at:%Y-%m}").finding_codes()[noted.code]
        if code.rectify:
            with suppress(Refused):
                rectification.order(self.draft, finding=finding, today=self._today())

    def _today(self) -> date:
        return self.telling.now.astimezone(ZoneInfo(self.telling.zone)).date()

    def _apply_withdrawals(self, finding: str) -> None:
        """Withdrawals by the same inspector that came before the finding take effect now."""
        for held in self.book.deeds.withdrawals_of(finding):
            if held.fact.account == self.telling.account:
                self._withdraw(finding, held.fact.reason, undo=held.fact.undo)
                self.draft.record(deeds.DeedSettled(deed=held.fact.deed, verdict="admitted"))

    def _praise(self, deed: Deed, at: datetime) -> str:
        number = str(deed.id)
        if before := self.book.praises.find(number):
            return self._same(deed, before.fact)
        self._check_place(deed, at)
        seen = {"seen_at": at, "code": deed.code, "window": deed.window, "no": deed.no, "note": deed.note.strip()}
        outcome = praise.note(self.draft, praise=number, told=self._told(deed), **seen)  # type: ignore[arg-type]
        self._apply_withdrawals(number)
        return outcome

    def _withdrawal(self, deed: Deed, _at: datetime) -> str:
        book, reason = self.book, deed.reason.strip()
        if not deed.undo:
            known.given(reason, "reason")
        if held := book.deeds.holding(deed.finding):
            self._refuse_other(held.fact.account)
            return self.draft.record(deeds.DeedSettled(deed=deed.finding, verdict="withdrawn"))
        if book.patrol.withdrawn.find("finding", deed.finding) or book.praises.verdict(deed.finding) == "withdrawn":
            return "repeated"
        return self._withdraw(deed.finding, self._reason(deed), undo=deed.undo)

    def _reason(self, deed: Deed) -> Sealed | None:
        """Under the key of whom the finding names, where it is here already."""
        noted = self.book.patrol.noted(deed.finding) or self.book.praises.find(deed.finding)
        return self.draft.seal(noted.fact.no if noted else "", deed.reason.strip())

    def _withdraw(self, finding: str, reason: Sealed | None, *, undo: bool) -> str:
        if praised := self.book.praises.find(finding):
            self._refuse_other(praised.fact.account)
            return self.draft.record(praise.PraiseSettled(praise=finding, verdict="withdrawn", reason=reason))
        self._refuse_other(inspector_of(patrol.standing(self.draft, finding)))
        return self.draft.record(patrol.FindingWithdrawn(finding=finding, reason=reason, undo=undo))

    def _refuse_other(self, account: str) -> None:
        if account != self.telling.account:
            raise Refused("finding_not_yours", "finding")

    def _round_started(self, deed: Deed, at: datetime) -> str:
        if self.book.rounds.started.find("on_round", str(deed.id)):
            return "repeated"
        return rounds.begin(self.draft, on_round=str(deed.id), at=at, told=self._told(deed))

    def _window_seen(self, deed: Deed, at: datetime) -> str:
        if self.book.rounds.seen.find("deed", str(deed.id)):
            return "repeated"
        return rounds.see(
            self.draft,
            deed=str(deed.id),
            on_round=deed.on_round,
            window=deed.window,
            at=at,
            told=self._told(deed),
            in_order=deed.in_order,
            note=deed.note.strip(),
        )

    def _round_ended(self, deed: Deed, at: datetime) -> str:
        if self.book.rounds.ended.find("on_round", deed.on_round):
            return "repeated"
        return rounds.end(self.draft, on_round=deed.on_round, at=at, told=self._told(deed), note=deed.note.strip())

    def _relief(self, deed: Deed, at: datetime) -> str:
        """Somebody stands in from now on, by the very command that the office uses."""
        if deeds.is_told(self.book, str(deed.id)):
            return "repeated"
        start, end = self.span(deed, at)
        people = {"relief_no": deed.relief_no, "regular_no": deed.regular_no}
        outcome = relief.arrange(self.draft, window=deed.window, start=start, end=end, **people)
        self._taken(deed)
        return outcome

    def _outing(self, deed: Deed, at: datetime) -> str:
        """An excuse where the policy has short outings and this is one; otherwise the office decides."""
        if deeds.is_told(self.book, str(deed.id)):
            return "repeated"
        start, end = self.span(deed, at)
        no = known.person(self.book, deed.no)
        kind = self.book.policies.in_force(f"{start:%Y-%m}").leave_types().get(OUTING)
        if kind is None or kind.max_minutes is None:
            raise Refused("outing_not_provided", "until")
        if end - start > timedelta(minutes=kind.max_minutes):
            raise Refused("outing_too_long", "until", most=kind.max_minutes)
        outcome = leave.approve(self.draft, no=no, type=OUTING, start=start, end=end, reason=deed.note.strip())
        self._taken(deed)
        return outcome

    def span(self, deed: Deed, at: datetime) -> tuple[datetime, datetime]:
        """From when to when, in whole minutes. Raises Refused."""
        start = self._moment(deed.start, at, "from") if deed.start else at
        end = self._moment(known.given(deed.until, "until"), at, "until")
        start, end = start.replace(second=0), end.replace(second=0)
        known.times_in_order(start, end)
        return start, end

    def _moment(self, text: str, at: datetime, column: str) -> datetime:
        """`HH:MM` of the deed's day on the hall's wall, or a moment of the tablet's clock."""
        try:
            if len(text) == len("HH:MM"):
                return datetime.combine(at.date(), time.fromisoformat(text))
            return self.telling.local(datetime.fromisoformat(text))
        except ValueError:
            raise Refused("not_a_moment", column, value=text) from None

    def _taken(self, deed: Deed) -> None:
        who = self.telling
        self.draft.record(
            deeds.DeedTaken(
                deed=str(deed.id),
                kind=deed.kind,
                tablet=who.tablet,
                tablet_at=deed.at,
                offset_seconds=who.offset_seconds,
                content=self._content(deed, self._subject(deed)),
            )
        )

    def _hold(self, deed: Deed, why: str) -> None:
        """Keep a deed for somebody to place; one that is held already stays as it is."""
        if self.book.deeds.holding(str(deed.id)):
            return
        who = self.telling
        self.draft.record(
            deeds.DeedHeld(
                deed=str(deed.id),
                kind=deed.kind,
                account=who.account,
                tablet=who.tablet,
                tablet_at=deed.at,
                offset_seconds=who.offset_seconds,
                held_for=why,
                finding=deed.finding,
                reason=self._reason(deed),
                undo=deed.undo,
                content=self._content(deed, self._subject(deed)),
            )
        )
        self._take_back(str(deed.id))

    def _take_back(self, held: str) -> None:
        """A withdrawal of what is held may have come before it."""
        for back in self.book.deeds.withdrawals_of(held):
            if back.fact.account == self.telling.account:
                self.draft.record(deeds.DeedSettled(deed=held, verdict="withdrawn"))
                self.draft.record(deeds.DeedSettled(deed=back.fact.deed, verdict="admitted"))

    def _subject(self, deed: Deed) -> str:
        """Whose key seals what the tablet sent: the person's where there is one."""
        return self.book.people.resolve(deed.no) or "" if deed.no else ""
