"""What a tablet takes along on a round: windows, who should be there, codes, rota, and what was done today."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from api.patrolling import photos_of
from attendance.book import Book
from attendance.doubts import CLOCK_TOLERANCE_SECONDS, OUTING
from attendance.hall import Hall
from attendance.localtime import clock_text
from attendance.log.photos import Photos
from attendance.patrol import Seen, inspector_of
from attendance.policy import Policy
from attendance.rounds import Round, rounds_of
from attendance.rules.lines import MERGED_CODES
from attendance.rules.presence import Presence
from projections.ledger import Ledger
from projections.patrol import stage

Json = dict[str, Any]
ROTA_DAYS = 7
AWAY = ("leave", "outing")


class Snapshot:
    """The hall at one moment, as an inspector's tablet keeps it."""

    def __init__(self, hall: Hall, ledger: Ledger, account: str, now: datetime) -> None:
        self.hall, self.account, self.now = hall, account, now
        self.book = hall.book()
        self.names = ledger.names()
        self.present = ledger.present_now(now)
        self.policy: Policy = self.book.policies.in_force(f"{now:%Y-%m}")

    def body(self) -> Json:
        return {
            "taken_at": self.now.isoformat(timespec="seconds"),
            "account": self.account,
            "zone": self.policy.meta.timezone,
            "policy": self._policy(),
            "codes": [*faults(self.policy), *praises(self.policy)],
            "windows": self._windows(),
            "people": [self._person(one) for one in self.present],
            "rounds": [round_json(one, len(self._open())) for one in rounds_of(self.book, self.now.date())],
            "rota": rota_json(self.book, self.now),
            "findings": own_findings(self.book, self.account, self.now, photos_of(self.hall)),
        }

    def _policy(self) -> Json:
        outing = self.policy.leave_types().get(OUTING)
        return {
            "id": self.policy.meta.id,
            "version": self.policy.meta.version,
            "outing_type": OUTING if outing else None,
            "outing_minutes": outing.max_minutes if outing else None,
            "clock_tolerance_seconds": CLOCK_TOLERANCE_SECONDS,
        }

    def _open(self) -> list[tuple[str, str]]:
        """Window and unit of each window open today, in the office's order."""
        return [(window.window, window.unit) for window in self.book.windows.open_on(self.now.date())]

    def _windows(self) -> list[Json]:
        return [
            {
                "window": window,
                "unit": unit,
                "order": order,
                "expected": [self._expected(one) for one in self.present if self._is_due(one, window)],
                "elsewhere": [self._elsewhere(one) for one in self.present if self._is_away(one, window)],
            }
            for order, (window, unit) in enumerate(self._open(), 1)
        ]

    def _is_due(self, one: Presence, window: str) -> bool:
        return one.window == window and one.state not in AWAY

    def _is_away(self, one: Presence, window: str) -> bool:
        """Posted at a window where they are not to be found now. A stand-in belongs where they stand in alone."""
        if self.book.people.is_relief(one.no):
            return one.window == window and one.state in AWAY
        return one.posted == window and not self._is_due(one, window)

    def _expected(self, one: Presence) -> Json:
        return {
            "no": one.no,
            "name": self._name(one.no),
            "role": "relief" if one.stands_in else "regular",
            "stands_in_for": one.regular or None,
            "state": one.state,
            "since": self._clock(one.since),
        }

    def _elsewhere(self, one: Presence) -> Json:
        why = one.state if one.state in AWAY else "stands_in" if one.stands_in else "not_due"
        return {"no": one.no, "name": self._name(one.no), "why": why, "until": self._clock(one.until)}

    def _person(self, one: Presence) -> Json:
        return {
            "no": one.no,
            "name": self._name(one.no),
            "window": one.posted,
            "relief": self.book.people.is_relief(one.no),
        }

    def _name(self, no: str) -> str:
        return self.names.get(no) or no

    def _clock(self, second: int | None) -> str | None:
        return None if second is None else clock_text(second, self.now.toordinal(), seconds=False)


def faults(policy: Policy) -> list[Json]:
    """What may be found fault with, as the policy says."""
    named = {category.id: category.name or category.id for category in policy.category}
    return [
        {
            "code": code.code,
            "name": code.name,
            "category": code.category,
            "category_name": named.get(code.category, code.category),
            "kind": "fault",
            "needs_person": code.code in MERGED_CODES,
            "rectify": code.rectify,
            "points_shown": format(code.points.normalize(), "f"),
        }
        for code in policy.finding
    ]


def praises(policy: Policy) -> list[Json]:
    """What may be praised: the bonuses that are worth something."""
    return [
        {
            "code": item.code,
            "name": item.name,
            "category": "bonus",
            "category_name": "",
            "kind": "praise",
            "needs_person": False,
            "rectify": False,
            "points_shown": f"+{item.points.normalize():f}",
        }
        for item in policy.bonus
        if item.points > 0
    ]


def round_json(one: Round, windows: int) -> Json:
    return {
        "round": one.number,
        "source": one.source,
        "inspector": one.account,
        "started": f"{one.started:%H:%M}" if one.started else None,
        "ended": f"{one.ended:%H:%M}" if one.ended else None,
        "seen": len(one.seen),
        "of": windows,
        "windows": list(one.seen),
    }


def rota_json(book: Book, now: datetime) -> list[Json]:
    """Who is on duty today and the days after."""
    days = [now.date() + timedelta(days=number) for number in range(ROTA_DAYS)]
    return [
        {"date": day.isoformat(), "duty": duty, "accounts": list(accounts)}
        for day in days
        for duty, accounts in sorted(book.rota.on(day).items(), reverse=True)
    ]


def own_findings(book: Book, account: str, now: datetime, photos: Photos) -> list[Json]:
    """What the inspector noted today, faults and praise in the order they were seen."""
    month, today = f"{now:%Y-%m}", now.date()
    found = [
        finding_json(entry.fact, entry.fact.finding, "fault", stage(book, entry.fact.finding), photos)
        for entry in book.patrol.findings.find("month", month)
        if inspector_of(entry) == account and entry.fact.seen_at.date() == today
    ]
    found += [
        finding_json(
            entry.fact, entry.fact.praise, "praise", book.praises.verdict(entry.fact.praise) or "noted", photos
        )
        for entry in book.praises.noted.find("month", month)
        if entry.fact.account == account and entry.fact.seen_at.date() == today
    ]
    return sorted(found, key=lambda one: str(one["seen_at"]))


def finding_json(fact: Seen, number: str, kind: str, state: str, photos: Photos) -> Json:
    return {
        "finding": number,
        "kind": kind,
        "seen_at": fact.seen_at.isoformat(" "),
        "window": fact.window,
        "no": fact.no or None,
        "code": fact.code,
        "state": state,
        "photos": photos_json(fact.photos, photos),
    }


def photos_json(named: Iterable[str], photos: Photos) -> list[Json]:
    return [{"sha256": sha256, "stored": photos.has(sha256)} for sha256 in named]
