"""Telling a Dahua terminal where to upload its events (自动上传, configManager)."""

import re
from urllib.parse import quote

from attendance.facts import Refused
from devices.calling import Line
from devices.dahua.answers import said, text_from, values_of
from devices.slots import Slot

NAMES = ("PictureHttpUpload", "EventHttpUpload")
"""The two tables of the settings that firmware may have, either or both; each sends to a server of its own."""
READ = "/cgi-bin/configManager.cgi?action=getConfig&name={}"
WRITE = "/cgi-bin/configManager.cgi?action=setConfig&{}"
SERVER = "{}.UploadServerList[0].{}"
BESIDE = {"HttpsEnable": "false", "EventType[0]": "AccessControl"}
"""What is set too, where the firmware has it."""
HEARTBEAT = 30
"""Seconds between two keepalives, as terminals have it from the factory."""
UNKNOWN = re.compile(r"bad request|not (?:support|exist|found)|^404$", re.IGNORECASE)


def slots(line: Line) -> list[Slot]:
    """The servers this firmware can upload to, as they are set. Raises Refused."""
    found = [(name, settings) for name in NAMES if (settings := _settings(line, name))]
    if not found:
        raise Refused("no_upload_here", None, url=line.url)
    return [_slot(name, settings) for name, settings in found]


def _settings(line: Line, name: str) -> dict[str, str]:
    """A table of the settings, keys in lower case; empty where the firmware has none of this name."""
    try:
        return values_of(text_from(line, READ.format(name)))
    except Refused as refused:
        if refused.code == "terminal_said" and UNKNOWN.search(str(refused.details["answer"])):
            return {}
        raise


def _slot(name: str, settings: dict[str, str]) -> Slot:
    return Slot(name, *(settings.get(_key(name, field), "") for field in ("Address", "Port", "Uploadpath")))


def _key(name: str, field: str) -> str:
    return f"table.{SERVER.format(name, field)}".lower()


def listen(line: Line, slot: Slot) -> None:
    """Let the terminal upload its events to what the slot names. Raises Refused when it does not keep that."""
    named = {"Address": slot.address, "Port": slot.port, "Uploadpath": slot.path}
    known = _settings(line, slot.id)
    named |= {field: value for field, value in BESIDE.items() if _key(slot.id, field) in known}
    wanted = {f"{slot.id}.Enable": "true"} | {SERVER.format(slot.id, field): value for field, value in named.items()}
    heard = line.ask("GET", WRITE.format("&".join(f"{key}={quote(value, safe='/')}" for key, value in wanted.items())))
    if slot not in slots(line):
        raise Refused("terminal_said", "--url", url=line.url, answer=said(heard))
