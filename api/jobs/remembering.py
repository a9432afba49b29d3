"""What each terminal last said, kept over a restart: one that died while the server was off is missed at once, and one
that goes on is spoken to in its own dialect and encoding."""

import json
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from api.doors.contacts import Contact, contacts_of
from attendance.hall import Hall

logger = logging.getLogger("manqin.jobs")


def _file(hall: Hall) -> Path:
    return hall.folder.data / "jobs" / "contacts.json"


def remember(hall: Hall) -> None:
    """Write down when each accepted terminal last called, and how often it does."""
    file = _file(hall)
    told = _read(file) | {contact.terminal: _told(contact) for contact in contacts_of(hall).all() if contact.heard}
    draft = file.with_suffix(".part")
    file.parent.mkdir(mode=0o700, exist_ok=True)
    draft.write_text(json.dumps(told), encoding="utf-8")
    draft.replace(file)


def _told(contact: Contact) -> dict[str, object]:
    interval, heard = contact.interval, contact.heard or contact.at
    seconds = interval.total_seconds() if interval else None
    at = heard.isoformat()
    return {"address": contact.address, "at": at, "interval": seconds, "told": contact.told}


def recall(hall: Hall) -> None:
    """Know again what was written down before the server was started."""
    contacts, terminals = contacts_of(hall), hall.book().terminals
    for terminal, told in _read(_file(hall)).items():
        if terminals.known(terminal):
            contact = contacts.met(terminal, told["address"], datetime.fromisoformat(told["at"]))
            contact.told = told.get("told", {}) | contact.told
            contact.usual = timedelta(seconds=told["interval"]) if told["interval"] else None


def _read(file: Path) -> dict[str, dict[str, Any]]:
    try:
        told: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as problem:
        logger.warning("what was heard of terminals before cannot be read: %s", problem)
        return {}
    return told
