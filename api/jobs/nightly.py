"""What the server does by itself every night, by its own machine's clock."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from attendance.hall import Hall
from attendance.log.rows import StorageFailed

logger = logging.getLogger("manqin")

AT_HOUR, AT_MINUTE = 2, 30
FRESH = timedelta(days=1)
"""A server that was off at night catches up when it starts."""


def back_up_keys(hall: Hall) -> None:
    """The keys have a backup of their own: what they opened must not be lost with one disk, nor lie beside the log."""
    path = hall.keys.backup()
    logger.info("the keys are backed up as %s", path.name)


def catch_up(hall: Hall, now: datetime) -> None:
    """Back the keys up at once when the last night went by without. A full disk must not keep the hall closed."""
    if not is_due(hall, now):
        return
    try:
        back_up_keys(hall)
    except (OSError, StorageFailed):
        logger.exception("the keys could not be backed up; the next try comes at night")


def nightly(hall: Hall, *more: Callable[[], None]) -> BackgroundScheduler:
    """The nightly jobs, ready to start: the keys' backup, and what else the caller has. One that fails is logged and
    comes again the next night; none keeps another from running."""
    scheduler = BackgroundScheduler(job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1})
    every_night = CronTrigger(hour=AT_HOUR, minute=AT_MINUTE)
    for job in (lambda: back_up_keys(hall), *more):
        scheduler.add_job(job, every_night)
    return scheduler


def is_due(hall: Hall, now: datetime) -> bool:
    """Whether the newest backup of the keys is older than a day, or there is none."""
    newest = hall.keys.last_backup()
    return newest is None or now - newest > FRESH
