"""The board of jobs: runs each when it is due, keeps what became of it, and lets people run one at once."""

import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from api.jobs.job import House, Job
from api.jobs.records import Ended, Record, Records
from attendance.facts import Refused
from attendance.log import database

logger = logging.getLogger("manqin.jobs")

AT_ONCE = 4
"""Jobs that run at the same time: a terminal that does not answer must not hold up the others."""
SETTLING = timedelta(minutes=1)
"""What fell due while the server was off is made up for so long after it started."""
FOLDER = "jobs"


class Standing(NamedTuple):
    """A job as the page shows it."""

    job: Job
    record: Record | None
    """Of the last run; None when it never ran."""
    running: bool
    next_at: datetime | None
    """None while no server sees to it."""


class Board:
    """The jobs of one open hall. One that fails is shown and comes again; it never keeps another from running."""

    def __init__(self, house: House, jobs: Sequence[Job]) -> None:
        self.house = house
        self._jobs = {job.name: job for job in jobs}
        self._records = Records(house.hall.folder.data / FOLDER)
        self._scheduler: BackgroundScheduler | None = None

    def start(self, now: datetime | None = None) -> None:
        """See to every job from now on. What is overdue is made up for shortly, at least once."""
        now, zone = now or datetime.now(UTC), self._zone()
        records = self._records.all()
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(AT_ONCE)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
            timezone=zone,
        )
        for job in self._jobs.values():
            last = records[job.name].began_at if job.name in records else None
            soon = {"next_run_time": now + SETTLING} if job.is_overdue(last, now) else {}
            scheduler.add_job(self.run, job.when.trigger(zone), id=job.name, args=[job.name], **soon)
        scheduler.start()
        self._scheduler = scheduler

    def _zone(self) -> ZoneInfo:
        """The hall's own: a machine's clock often stands at UTC, whose night is the hall's morning."""
        policies = self.house.hall.book().policies
        return ZoneInfo(policies.in_force(f"{datetime.now(UTC):%Y-%m}").meta.timezone)

    def stop(self) -> None:
        """Returns when no job runs any more."""
        self.house.closing.set()
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            scheduler.pause()
            # Waits for a look at what is due that is under way: it would miss the jobs that the shutdown removes.
            scheduler.get_jobs()
            scheduler.shutdown(wait=True)

    def run(self, name: str) -> Ended | None:
        """Run a job now, on this thread; None when it is being run already. Raises KeyError for none of that name."""
        job = self._jobs[name]
        with self._records.alone(name) as mine:
            if not mine:
                return None
            begun, clock = datetime.now(UTC), time.monotonic()
            self._keep(lambda: self._records.began(name, begun))
            ended = self._outcome(job)
            self._keep(lambda: self._records.ended(name, time.monotonic() - clock, ended))
            return ended

    def _outcome(self, job: Job) -> Ended:
        try:
            return Ended("done", dict(job.work(self.house)))
        except Refused as refused:
            logger.warning("the job %s was refused: %s", job.name, refused)
            return Ended("refused", {"code": refused.code, "details": refused.details})
        except Exception as error:
            logger.exception("the job %s failed; it comes again at its time", job.name)
            return Ended("failed", {"problem": f"{type(error).__name__}: {error}"[:300]})

    @staticmethod
    def _keep(note: Callable[[], None]) -> None:
        """A full disk must not keep a job from being done: only the page will not know of it."""
        try:
            note()
        except (OSError, sqlite3.Error, database.sqlite3.Error):
            logger.exception("what became of a job could not be kept")

    def run_soon(self, name: str) -> None:
        """Have a job run at once beside its rhythm. Raises Refused for none of that name."""
        if name not in self._jobs:
            raise Refused("job_unknown", "name", name=name)
        if self._scheduler is not None:
            self._scheduler.add_job(self.run, args=[name])

    def failing(self) -> int:
        """How many jobs did not end well when they last ran."""
        return sum(record.failures > 0 for record in self._records.all().values())

    def standings(self) -> list[Standing]:
        """Every job with its last run and its next."""
        records = self._records.all()
        return [
            Standing(job, records.get(name), self._records.is_running(name), self._next_at(name))
            for name, job in self._jobs.items()
        ]

    def _next_at(self, name: str) -> datetime | None:
        scheduled = self._scheduler.get_job(name) if self._scheduler is not None else None
        return scheduled.next_run_time if scheduled else None
