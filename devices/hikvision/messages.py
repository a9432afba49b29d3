"""What a Hikvision terminal posts, as plain fields: whatever wraps it, and whatever its labels say it is.

JSON or XML, alone or as a part of a multipart body whose header names another boundary than the body has; nested once,
twice or not at all; with raw control characters in names; in UTF-8 or GB18030.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

from devices.multipart import parts_of
from devices.readings import text_of

Fields = dict[str, Any]
"""What matters of one message, outer and inner together; keys in lower case."""

WANTED = frozenset(
    {
        *("majoreventtype", "major", "subeventtype", "minor", "datetime", "time", "eventtype", "currentevent"),
        *("serialno", "frontserialno", "employeenostring", "employeeno", "currentverifymode", "attendancestatus"),
        *("cardreaderno", "doorno", "usertype", "remotehostaddr", "shortserialnumber", "deviceid", "macaddress"),
    }
)
"""All that is looked at. Names, cards, temperatures, masks and pictures end here."""

ENVELOPES = frozenset({"accesscontrollerevent", "eventnotificationalert", "event_log", "acsevent", "infolist"})
DEEPEST = 8
MOST_MESSAGES = 20_000
"""A body with more holds no events, which are longer."""
MOST_TRIES = 8
"""Places in a body without form at which a message may begin."""
BLANKS = "\ufeff\0 \t\r\n"
ALERT_BEGINS, ALERT_ENDS = b"<EventNotificationAlert", b"</EventNotificationAlert>"
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
OWN_ENTITIES = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
json_decoder = json.JSONDecoder(strict=False)


class TooMany(Exception):
    """No terminal says so much at once."""


def messages_of(body: bytes) -> list[Fields]:
    """Every message of a body; empty when there is none that can be read. Pictures are not looked at."""
    parts = parts_of(body)
    pieces = [body] if parts is None else [part.content for part in parts if not part.is_picture]
    try:
        return _few(message for piece in pieces for message in _written_in(piece)) or _few(_scanned(body))
    except TooMany:
        return []


def _few(messages: Iterator[Fields]) -> list[Fields]:
    few = list(islice(messages, MOST_MESSAGES + 1))
    if len(few) > MOST_MESSAGES:
        raise TooMany
    return few


def _written_in(piece: bytes) -> Iterator[Fields]:
    text = (text_of(piece) or "").strip(BLANKS)
    if text.startswith("<"):
        yield from _in_xml(text)
    elif text.startswith(("{", "[")):
        yield from _in_json(text)


def _in_json(text: str) -> Iterator[Fields]:
    """One message, or several after each other."""
    at = 0
    for _ in range(MOST_MESSAGES):
        if not text.startswith(("{", "["), at):
            return
        try:
            value, at = json_decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield from flat(value)
        while text[at : at + 1] and text[at] in BLANKS + ",":
            at += 1
    raise TooMany


def _in_xml(text: str) -> Iterator[Fields]:
    root = xml_of(text)
    if root is not None:
        yield from flat({_local(root): _value(root)})


def xml_of(text: str) -> Element | None:
    """The root of an XML text; None when it is no XML, or would define entities of its own."""
    if OWN_ENTITIES.search(text):
        return None
    parser = XMLParser()  # noqa: S314 - without entities of its own there is nothing to expand
    try:
        parser.feed(UNPRINTABLE.sub("", text))
        root: Element = parser.close()
    except (ParseError, ValueError):
        return None
    return root


def _value(element: Element, depth: int = 0) -> Any:
    if depth > DEEPEST:
        return None
    return {_local(child): _value(child, depth + 1) for child in element} if len(element) else (element.text or "")


def _local(element: Element) -> str:
    """The tag without its namespace, of which every firmware has another."""
    return element.tag.rpartition("}")[2]


def flat(value: Any, around: Fields | None = None, depth: int = 0) -> Iterator[Fields]:
    """The messages in a decoded value; each knows what its envelopes say too."""
    if isinstance(value, list) and depth <= DEEPEST:
        for item in value:
            yield from flat(item, around, depth + 1)
    elif isinstance(value, dict) and depth <= DEEPEST:
        own = (around or {}) | _scalars(value)
        wrapped = [item for key, item in value.items() if key.lower() in ENVELOPES and item]
        for item in wrapped:
            yield from flat(_unquoted(item), own, depth + 1)
        if own and not wrapped:
            yield own


def _scalars(value: dict[str, Any]) -> Fields:
    named = ((key.lower(), item) for key, item in value.items() if not isinstance(item, (dict, list)))
    return {key: item for key, item in named if key in WANTED}


def _unquoted(item: Any) -> Any:
    """Some firmware puts the inner message in as text."""
    if not isinstance(item, str):
        return item
    try:
        return json_decoder.decode(item.strip(BLANKS))
    except (ValueError, RecursionError):
        return None


def _scanned(body: bytes) -> Iterator[Fields]:
    """Messages in a body whose form cannot be told: what begins like one is tried."""
    begins, ends = body.find(ALERT_BEGINS), body.rfind(ALERT_ENDS)
    if 0 <= begins < ends:
        yield from _in_xml(body[begins : ends + len(ALERT_ENDS)].decode("utf-8", "replace"))
    at = 0
    for _ in range(MOST_TRIES):
        at = body.find(b"{", at)
        if at < 0:
            return
        text = body[at:].decode("utf-8", "replace")
        try:
            value, _ = json_decoder.raw_decode(text)
        except (ValueError, RecursionError):
            at += 1
            continue
        yield from flat(value)
        return
