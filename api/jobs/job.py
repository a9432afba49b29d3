"""What the server does by itself: a job, when it is due, and what it may use."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Event
from typing import NamedTuple
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from api.settings import Settings
from attendance.hall import Hall
from projections.ledger import Ledger

Said = Mapping[str, int | str]
"""What a job did, as numbers and names: they fill its sentence `job.<name>.done`."""


class House(NamedTuple):
    """What jobs work with."""

    hall: Hall
    ledger: Ledger
    settings: Settings
    closing: Event
    """Set when the server goes down: a long job stops at the next place where it can."""


class Every(NamedTuple):
    """Due again and again."""

    minutes: int

    def trigger(self, zone: ZoneInfo) -> IntervalTrigger:
        return IntervalTrigger(minutes=self.minutes, timezone=zone)

    @property
    def period(self) -> timedelta:
        return timedelta(minutes=self.minutes)


class Nightly(NamedTuple):
    """Due once a day, by the hall's own wall clock."""

    hour: int
    minute: int = 0

    def trigger(self, zone: ZoneInfo) -> CronTrigger:
        return CronTrigger(hour=self.hour, minute=self.minute, timezone=zone)

    @property
    def period(self) -> timedelta:
        return timedelta(days=1)


class Job(NamedTuple):
    """One thing the server does by itself. Doing it twice must do no harm."""

    name: str
    """Its words stand in the catalogues: `job.<name>.title`, `.what`, and `.done` with the details it says."""
    when: Every | Nightly
    work: Callable[[House], Said]
    """May raise Refused: its sentence is shown. Anything else that it raises is logged and shown too."""

    def is_overdue(self, last: datetime | None, now: datetime) -> bool:
        """Whether its time passed while nobody was here to see to it."""
        return last is None or now - last > self.when.period
