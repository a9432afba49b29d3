"""The backup of the keys, every night and before the doors open."""

import logging
from datetime import datetime, timedelta

from api.jobs.job import House, Said
from attendance.hall import Hall
from attendance.log.rows import StorageFailed

logger = logging.getLogger("manqin")

AT_HOUR, AT_MINUTE = 2, 30
FRESH = timedelta(days=1)
"""A server that was off at night catches up when it starts."""


def back_up_keys(house: House) -> Said:
    """The keys have a backup of their own: what they opened must not be lost with one disk, nor lie beside the log."""
    return {"file": _back_up(house.hall)}


def _back_up(hall: Hall) -> str:
    path = hall.keys.backup()
    logger.info("the keys are backed up as %s", path.name)
    return path.name


def catch_up(hall: Hall, now: datetime) -> None:
    """Back the keys up at once when the last night went by without. A full disk must not keep the hall closed."""
    if not is_due(hall, now):
        return
    try:
        _back_up(hall)
    except (OSError, StorageFailed):
        logger.exception("the keys could not be backed up; the next try comes at night")


def is_due(hall: Hall, now: datetime) -> bool:
    """Whether the newest backup of the keys is older than a day, or there is none."""
    newest = hall.keys.last_backup()
    return newest is None or now - newest > FRESH
