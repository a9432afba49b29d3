"""The four shapes in which Dahua's firmwares write events, and multipart around each of them.

One JSON event; a JSON list of ``Events``; the text ``Code=…;action=…;index=…;data={…}``; and lines such as
``Events[0].EventBaseInfo.Code=…``. The content type says nothing reliable, so the bytes decide.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from devices.multipart import parts_of
from devices.readings import text_of

Json = dict[str, Any]
SILENT = (b"", b"heartbeat")
CODE = re.compile(r"\bCode=(\w{1,40})")
DATA = re.compile(r"[^{\r\n]{0,60}?\bdata\s?=\s?", re.IGNORECASE)
"""What stands between a code and its data; without a bound, a flood of codes would be read again for each of them."""
LINE = re.compile(r"^[ \t]*Events\[(\d{1,4})\]\.([\w.]+)=([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
"""Nested lists, such as the picture's measures, do not matter."""
DEEPEST = 4
"""Levels of ``Events`` within ``Events``; real ones have two."""
BETWEEN = re.compile(r"[\0,\s]*")
MOST_EVENTS = 20_000
"""In one body. What comes after them is no terminal's word."""
_decoder = json.JSONDecoder(strict=False)


class Event(NamedTuple):
    """One thing that happened at the terminal."""

    code: str
    """AccessControl, DoorStatus, TimeChange, …"""
    data: Json
    """Keys in lower case."""
    is_live: bool = True
    """False when the terminal had kept the event while it could not send."""


class Told(NamedTuple):
    """What one body says."""

    events: list[Event]
    left: list[bytes]
    """Pieces that are no events, or not whole."""


def told_by(body: bytes) -> Told:
    """Every event in a body, pictures dropped."""
    told = Told([], [])
    for piece in _pieces(body):
        text = text_of(piece)
        if not _take(text if text is not None else piece.decode("utf-8", "replace"), told.events):
            told.left.append(piece)
    return told


def _pieces(body: bytes) -> Iterator[bytes]:
    parts = parts_of(body)
    contents = [body] if parts is None else [part.content for part in parts if not part.is_picture]
    return (content for content in contents if content.strip().lower() not in SILENT)


def _take(text: str, into: list[Event]) -> bool:
    """Take the events out of one text; False when something in it could not be read."""
    text = text.strip("\ufeff\0 \t\r\n")
    if text.startswith(("{", "[")):
        return _take_json(text, into)
    if CODE.match(text):
        return _take_text(text, into)
    lines = LINE.findall(text)
    into.extend(map(_event, _by_number(lines)))
    return bool(lines)


def _take_json(text: str, into: list[Event]) -> bool:
    """One or several JSON values, one after another."""
    at = 0
    while at < len(text) and len(into) < MOST_EVENTS:
        value, at = _json_at(text, at)
        if at < 0:
            return False
        into.extend(map(_event, _unwrapped(value)))
        at = _end_of(BETWEEN, text, at)
    return at >= len(text)


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _json_at(text: str, at: int) -> tuple[Any, int]:
    """The JSON value that begins there, and where it ends: -1 when it is broken."""
    try:
        return _decoder.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None, -1


def _unwrapped(value: Any, level: int = 0) -> Iterator[Json]:
    """The events within lists, and within what carries an ``Events`` list."""
    if level > DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _unwrapped(one, level + 1)
    elif isinstance(value, dict):
        event = _lowered(value)
        if isinstance(event.get("events"), list | dict):
            yield from _unwrapped(event["events"], level + 1)
        elif event:
            yield event


def _take_text(text: str, into: list[Event]) -> bool:
    whole, end = True, 0
    for found in islice(CODE.finditer(text), MOST_EVENTS):
        if found.start() < end:
            continue
        event: Json = {"code": found[1]}
        data = DATA.match(text, found.end())
        if data:
            event["data"], end = _json_at(text, data.end())
            whole = whole and end >= 0
        if not data or end >= 0:
            into.append(_event(event))
    return whole and len(into) < MOST_EVENTS


def _by_number(lines: list[tuple[str, str, str]]) -> list[Json]:
    """The lines of each event together, under the last word of their paths."""
    events: dict[str, Json] = {}
    for number, path, value in lines:
        events.setdefault(number, {})[path.rpartition(".")[2].lower()] = value.strip()
    return list(events.values())


def _event(told: Json) -> Event:
    """What was told, as an event: its fields may stand under ``Data`` or beside ``Code``."""
    base = _lowered(told.get("eventbaseinfo"))
    data = _lowered(told.get("data")) or told
    code = told.get("code") or base.get("code") or ""
    source = told.get("datasource") or data.get("datasource")
    return Event(str(code), data, is_live=str(source).lower() != "offline")


def _lowered(value: Any) -> Json:
    """A JSON object with its keys in lower case; empty for anything else."""
    return {key.lower(): item for key, item in value.items()} if isinstance(value, dict) else {}
