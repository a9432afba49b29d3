"""The book: everything known besides punches, folded from the log up to a position."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from attendance.appeals import AppealJudged, AppealLodged, Appeals, FindingAccepted, FindingTold
from attendance.audit import DataExported, Exports
from attendance.bonus import BonusClaimed, Bonuses
from attendance.bulletins import BulletinEdited, Bulletins, BulletinStepped
from attendance.calendar import Calendar, CalendarDaySet
from attendance.carriage import Carriage, OrderDropped, OrderSent, PersonOrdered
from attendance.consent import ConsentGiven, Consents, ConsentWithdrawn
from attendance.corrections import CorrectionApproved, Corrections, OutageDeclared, Outages
from attendance.deeds import DeedHeld, Deeds, DeedSettled, DeedTaken
from attendance.doubts import Doubts, DoubtSettled
from attendance.faces import FaceDestroyed, FaceEnrolled, Faces
from attendance.facts import Entry, Fact, identity
from attendance.leave import LeaveApproved, Leaves
from attendance.months import (
    MonthAmended,
    MonthPublished,
    Months,
    ObjectionRaised,
    ObjectionSettled,
    ResultConfirmed,
    ReviewOpened,
)
from attendance.pairing import Pairings, TerminalPaired, TerminalUnpaired
from attendance.patrol import FindingNoted, FindingOverturned, FindingWithdrawn, Patrol
from attendance.people import People, StaffPosted
from attendance.photos import PhotoRemoved, PhotosRemoved
from attendance.policy import Policies, PolicyAdopted
from attendance.praise import PraiseNoted, Praises, PraiseSettled
from attendance.punches import ReadingQuarantined
from attendance.quarantine import Quarantine, ReadingDismissed
from attendance.questions import Questions, TerminalAnswered, TerminalAsked, TerminalCounted
from attendance.ratings import Cases, CasesReported, RatingReceived, Ratings, ReviewReceived, Reviews
from attendance.rectification import (
    RectificationClosed,
    RectificationExtended,
    RectificationOrdered,
    RectificationReplied,
    Rectifications,
    RectificationVerified,
)
from attendance.relief import ReliefArranged, Reliefs
from attendance.rota import Rota, RotaSet
from attendance.rounds import RoundEnded, Rounds, RoundStarted, WindowSeen
from attendance.runs import Run, RunAccepted, RunDismissed, Runs, grouped
from attendance.shelf import Shelf
from attendance.terminals import (
    PinAssigned,
    Pins,
    TerminalAccepted,
    TerminalBound,
    TerminalCalled,
    TerminalOperated,
    TerminalPlaced,
    TerminalReplaced,
    Terminals,
    TerminalSuspended,
)
from attendance.timetable import Duties, DutyAssigned, Timetable, TimetableSet
from attendance.vetoes import Vetoes, VetoRaised
from attendance.visits import PersonCarried, TerminalClockSet, TerminalPulled, Visits
from attendance.watch import (
    TerminalClockAgreed,
    TerminalClockSettled,
    TerminalClockStrayed,
    TerminalFellSilent,
    TerminalReturned,
    Watch,
)
from attendance.windows import WindowRegistered, Windows


class Book:
    """What the hall knows, from which every judgement is derived. Not a store: it is folded anew whenever needed."""

    def __init__(self, hall: UUID) -> None:
        self.hall = hall
        self.position = 0
        self.recorded_at = 0
        self.calendar, self.policies = Calendar(), Policies()
        self.windows, self.people, self.terminals, self.pins = Windows(), People(), Terminals(), Pins()
        self.timetable, self.duties = Timetable(), Duties()
        self.leaves, self.corrections, self.outages = Leaves(), Corrections(), Outages()
        self.reliefs, self.patrol, self.bonuses = Reliefs(), Patrol(), Bonuses()
        self.ratings, self.reviews, self.cases = Ratings(), Reviews(), Cases()
        self.vetoes, self.questions, self.visits = Vetoes(), Questions(), Visits()
        self.months, self.pairings = Months(), Pairings()
        self.carriage = Carriage(self.visits.carried)
        self.consents, self.faces = Consents(), Faces()
        self.appeals, self.rectifications, self.doubts = Appeals(), Rectifications(), Doubts()
        self.rounds, self.rota, self.praises, self.deeds = Rounds(), Rota(), Praises(), Deeds()
        self.photos_removed = PhotosRemoved()
        self.bulletins, self.exports = Bulletins(), Exports()
        self.quarantine, self.runs, self.watch = Quarantine(), Runs(), Watch()
        self.dismissed: Shelf[ReadingDismissed] = Shelf(reading=lambda fact: fact.reading)
        self._shelves = self._shelves_by_fact()
        self._topics: dict[UUID, str] = {}

    def _shelves_by_fact(self) -> dict[type[Fact], Shelf[Any]]:
        terminals, months = self.terminals, self.months
        shelves: dict[type[Fact], Shelf[Any]] = {
            BonusClaimed: self.bonuses,
            BulletinEdited: self.bulletins.edited,
            BulletinStepped: self.bulletins.stepped,
            CalendarDaySet: self.calendar,
            CasesReported: self.cases,
            CorrectionApproved: self.corrections,
            DataExported: self.exports,
            DutyAssigned: self.duties,
            LeaveApproved: self.leaves,
            MonthAmended: months.amended,
            MonthPublished: months.published,
            ObjectionRaised: months.objections,
            ObjectionSettled: months.settled,
            OrderDropped: self.carriage.dropped,
            OrderSent: self.carriage.sent,
            OutageDeclared: self.outages,
            PersonCarried: self.visits.carried,
            PersonOrdered: self.carriage.ordered,
            PinAssigned: self.pins,
            PolicyAdopted: self.policies,
            RatingReceived: self.ratings,
            ReadingDismissed: self.dismissed,
            ReadingQuarantined: self.quarantine,
            ReliefArranged: self.reliefs,
            ResultConfirmed: months.confirmed,
            ReviewOpened: months.reviews,
            ReviewReceived: self.reviews,
            RunAccepted: self.runs.accepted,
            RunDismissed: self.runs.dismissed,
            StaffPosted: self.people,
            TerminalAccepted: terminals.accepted,
            TerminalAnswered: self.questions.answered,
            TerminalAsked: self.questions.asked,
            TerminalBound: terminals.bound,
            TerminalCalled: terminals.called,
            TerminalClockAgreed: self.watch.agreed,
            TerminalClockSet: self.visits.clocks,
            TerminalClockStrayed: self.watch.strayed,
            TerminalClockSettled: self.watch.settled,
            TerminalFellSilent: self.watch.silent,
            TerminalReturned: self.watch.returned,
            TerminalCounted: self.questions.counted,
            TerminalOperated: terminals.operated,
            TerminalPlaced: terminals.placed,
            TerminalPulled: self.visits.pulled,
            TerminalReplaced: terminals.replaced,
            TerminalSuspended: terminals.suspended,
            TimetableSet: self.timetable,
            VetoRaised: self.vetoes,
            WindowRegistered: self.windows,
        }
        return shelves | self._shelves_of_patrol() | self._shelves_of_faces()

    def _shelves_of_faces(self) -> dict[type[Fact], Shelf[Any]]:
        """The hall's own face terminals, and whom they may know."""
        return {
            ConsentGiven: self.consents.given,
            ConsentWithdrawn: self.consents.withdrawn,
            FaceDestroyed: self.faces.destroyed,
            FaceEnrolled: self.faces.enrolled,
            TerminalPaired: self.pairings.paired,
            TerminalUnpaired: self.pairings.unpaired,
        }

    def _shelves_of_patrol(self) -> dict[type[Fact], Shelf[Any]]:
        """What inspectors see, and what becomes of it."""
        appeals, rectifications, deeds = self.appeals, self.rectifications, self.deeds
        return {
            AppealJudged: appeals.judged,
            AppealLodged: appeals.lodged,
            DeedHeld: deeds.held,
            DeedSettled: deeds.settled,
            DeedTaken: deeds.taken,
            DoubtSettled: self.doubts,
            FindingAccepted: appeals.accepted,
            FindingNoted: self.patrol.findings,
            FindingOverturned: self.patrol.overturned,
            FindingTold: appeals.told,
            FindingWithdrawn: self.patrol.withdrawn,
            PhotoRemoved: self.photos_removed,
            PraiseNoted: self.praises.noted,
            PraiseSettled: self.praises.settled,
            RectificationClosed: rectifications.closed,
            RectificationExtended: rectifications.extended,
            RectificationOrdered: rectifications.ordered,
            RectificationReplied: rectifications.replied,
            RectificationVerified: rectifications.verified,
            RotaSet: self.rota,
            RoundEnded: self.rounds.ended,
            RoundStarted: self.rounds.started,
            WindowSeen: self.rounds.seen,
        }

    def undecided(self) -> list[Entry[ReadingQuarantined]]:
        """Readings set aside that nobody has looked at yet."""
        decided = self.runs.decided()
        return [
            entry
            for entry in self.quarantine
            if str(entry.id) not in decided and not self.dismissed.find("reading", str(entry.id))
        ]

    def open_runs(self) -> list[Run]:
        """Runs of readings with a wrong clock that nobody has decided on yet."""
        return grouped(self.undecided())

    def apply(self, entry: Entry[Any]) -> None:
        """Take in one fact. Facts without a shelf (the hall's founding, import notes) only move the position."""
        shelf = self._shelves.get(type(entry.fact))
        if shelf is not None:
            shelf.put(entry)
            self._topics[entry.id] = entry.fact.topic
        self.position = max(self.position, entry.position)
        self.recorded_at = max(self.recorded_at, entry.recorded_at)

    def fold(self, entries: Iterable[Entry[Any]]) -> None:
        for entry in entries:
            self.apply(entry)

    def fork(self) -> "Book":
        """Another book that knows the same. What it learns from now on does not reach this one."""
        fork = Book(self.hall)
        fork.position, fork.recorded_at = self.position, self.recorded_at
        fork._topics = dict(self._topics)
        for kind, shelf in self._shelves.items():
            fork._shelves[kind].stand_as(shelf)
        return fork

    def keeps(self, kind: type[Fact]) -> bool:
        """Whether facts of a kind have a shelf; the others are in the log alone."""
        return kind in self._shelves

    def newest(self, kind: type[Fact], fact_id: UUID) -> Entry[Any] | None:
        """The newest version of a fact that has a shelf."""
        shelf = self._shelves.get(kind)
        return shelf.get(fact_id) if shelf is not None else None

    def topic_of(self, fact_id: UUID) -> str | None:
        """The topic of a fact that has a shelf; None for a punch and for an id nobody gave."""
        return self._topics.get(fact_id)

    def id_of(self, fact: Fact) -> UUID:
        """The identity that the log gives a fact of this hall."""
        return identity(self.hall, fact.topic, fact.key())
