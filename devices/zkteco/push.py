"""ZKTeco attendance push (PUSH 2.x, ADMS, iclock): the words of the conversation.

The terminal is always the HTTP client. It uploads tables, polls for commands, and repeats every upload that is not
answered by 200 and OK.
"""

import re
from datetime import datetime
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from attendance.punches import Origin
from attendance.questions import TerminalAsked
from attendance.terminals import TerminalAccepted
from devices.ports import Caller

OK = "OK"
ABOUT_ITSELF = frozenset(
    {
        *("pushver", "devicetype", "language", "firmver", "fwversion", "devicename", "platform", "mac", "macaddress"),
        *("usercount", "fpcount", "facecount", "attlogcount", "transactioncount", "maxattlogcount"),
    }
)
"""What a terminal may tell of itself; all else (its passwords, its network) is not looked at."""
PUSH_OPTIONS = "~DeviceName,FirmVer,UserCount,TransactionCount,MaxAttLogCount"
"""What a terminal that knows how is to tell of itself after the handshake."""
RESULT = re.compile(r"\d{1,9} -?\d{1,6}", re.ASCII)
COUNT = re.compile(r"\d{1,9}", re.ASCII)


class Call(NamedTuple):
    """One request of a terminal, freed of HTTP."""

    verb: str
    """GET or POST"""
    place: str
    """cdata, getrequest, devicecmd, ping, fdata, exchange, registry, push, …"""
    query: dict[str, str]
    """Keys in lower case."""
    body: bytes = b""


def origin_of(caller: Caller) -> Origin:
    return Origin(caller.terminal.terminal, caller.terminal.zone, "push", caller.address, caller.received)


def query_of(raw: bytes) -> dict[str, str]:
    """A query string with its keys in lower case; the last of equal keys counts."""
    pairs = (pair.partition("=") for pair in raw.decode("latin-1").split("&"))
    return {key.lower(): _unquoted(value) for key, _, value in pairs if key}


def _unquoted(value: str) -> str:
    if value.isalnum() and value.isascii():
        return value
    return unquote_to_bytes(value.replace("+", " ").encode("latin-1")).decode("utf-8", "replace")


def without_heading(lines: list[str | bytes]) -> list[str | bytes]:
    """Some software that stands in for a terminal names the table again in the first line."""
    first = lines[0] if lines else ""
    return lines[1:] if isinstance(first, str) and first.upper().startswith("TABLE=") else lines


def about(told: dict[str, str]) -> dict[str, str]:
    """What the terminal says of itself, as far as it concerns anyone; `told` has its keys in lower case."""
    return {key.lstrip("~"): value[:60] for key, value in told.items() if key.lstrip("~") in ABOUT_ITSELF and value}


def options_of(body: bytes) -> dict[str, str]:
    """The terminal's parameters: ``~DeviceName=F18,FirmVer=Ver 8.0.4,…``, or one on each line."""
    text = body.decode("utf-8", "replace").replace("\r", "\n").replace("\n", ",")
    pairs = (part.partition("=") for part in text.split(","))
    return {key.strip().lower(): value.strip() for key, _, value in pairs if key.strip()}


def handshake(terminal: TerminalAccepted, named: str) -> str:
    """The options block; `named` is the serial number as the terminal spells it.

    Stamp None asks for the whole log again: the terminal's watermarks break when its clock is set, and what we already
    have costs nothing. TransFlag names attendance and operations alone, so that no template or photo is sent.
    """
    return "\n".join(
        (
            f"GET OPTION FROM: {named}",
            "ATTLOGStamp=None",
            "OPERLOGStamp=0",
            "ATTPHOTOStamp=None",
            "ErrorDelay=30",
            "Delay=10",
            "TransTimes=00:00;14:05",
            "TransInterval=1",
            "TransFlag=TransData AttLog\tOpLog",
            f"TimeZone={time_zone(terminal)}",
            "Realtime=1",
            "SupportPing=1",
            "Encrypt=None",
            f"PushOptions={PUSH_OPTIONS}",
            "",
        )
    )


def time_zone(terminal: TerminalAccepted) -> int:
    """Whole hours; minutes where the zone has a part of an hour or the firmware wants them throughout."""
    hours, rest = divmod(terminal.zone, 60)
    return terminal.zone if rest or terminal.zone_in_minutes else hours


def command(question: TerminalAsked) -> str:
    """A question in the words of attendance push."""
    span = f"ATTLOG StartTime={_moment(question.start)}\tEndTime={_moment(question.end)}"
    words = {"check": "CHECK", "info": "INFO", "attlog": f"DATA QUERY {span}", "count": f"VERIFY SUM {span}"}
    return words[question.matter]


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""


def delivery(commands: list[str]) -> str:
    """The answer to a poll."""
    return "".join(f"{command}\n" for command in commands) or OK


def plain_text(text: str, encoding: str) -> str:
    """The label of an answer. Terminals do not look at it; software that stands in for one takes names by it."""
    return "text/plain" if text.isascii() else f"text/plain; charset={encoding}"


def results_of(call: Call) -> tuple[dict[int, int], dict[str, str]]:
    """What became of commands, by number, and what else the terminal tells (INFO adds lines of its own).

    Results come in the body, one on each line, or in the query string.
    """
    results: dict[int, int] = {}
    told: dict[str, str] = {}
    for pairs in _answers(call):
        if RESULT.fullmatch(f"{pairs.get('id')} {pairs.get('return')}"):
            results[int(pairs["id"])] = int(pairs["return"])
        else:
            told |= pairs
    return results, told


def counts_of(call: Call) -> dict[int, int]:
    """How many records the terminal counted (VERIFY SUM), by the command's number, on its line or the next."""
    counts: dict[int, int] = {}
    number = None
    for pairs in _answers(call):
        if RESULT.fullmatch(f"{pairs.get('id')} {pairs.get('return')}"):
            number = int(pairs["id"])
        if number is not None and COUNT.fullmatch(pairs.get("attlogsum", "")):
            counts[number] = int(pairs["attlogsum"])
    return counts


def _answers(call: Call) -> list[dict[str, str]]:
    return [call.query, *(query_of(line.strip()) for line in call.body.splitlines())]


def told_by_poll(info: str) -> dict[str, str]:
    """``INFO=firmware,users,fingerprints,punches,address,…`` of a poll."""
    names = ("fwversion", "usercount", "fpcount", "attlogcount")
    return {name: value[:60] for name, value in zip(names, info.split(","), strict=False) if value}
