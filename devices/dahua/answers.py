"""Dahua's answers to what it is asked over CGI: ``key=value`` lines, ``OK``, or an error in words or JSON."""

import json
import re

from attendance.facts import Refused
from devices.calling import Heard, Line
from devices.dahua.shapes import Json
from devices.readings import text_of

RECORD = re.compile(r"^[ \t]*records\[(\d{1,6})\]\.(\w{1,40})=([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
VALUE = re.compile(r"^[ \t]*([\w.\[\]]{1,90})=([^\r\n]*)", re.MULTILINE)


def table_of(text: str) -> list[Json]:
    """The records of a ``recordFinder`` answer in their order; any field may be missing."""
    records: dict[int, Json] = {}
    for number, field, value in RECORD.findall(text):
        records.setdefault(int(number), {})[field.lower()] = value.strip()
    return [records[number] for number in sorted(records)]


def values_of(text: str) -> dict[str, str]:
    """``key=value`` lines, keys in lower case."""
    return {key.lower(): value.strip() for key, value in VALUE.findall(text)}


def text_from(line: Line, target: str) -> str:
    """The text that answers a question. Raises Refused when the terminal answers with an error."""
    heard = line.ask("GET", target)
    text = text_of(heard.body) or ""
    if heard.status != 200 or text.lstrip().startswith("Error"):
        raise Refused("terminal_said", "--url", url=line.url, answer=said(heard))
    return text


def json_from(line: Line, target: str) -> Json:
    """The JSON object that answers a question. Raises Refused when the terminal answers with anything else."""
    heard = line.ask("GET", target)
    told = json_of(heard)
    if heard.status != 200 or not told:
        raise Refused("terminal_said", "--url", url=line.url, answer=said(heard))
    return told


def said(heard: Heard) -> str:
    """An answer in the terminal's own few words: its error code, or its first line."""
    code = json_of(heard).get("code")
    if isinstance(code, int):
        return str(code)
    words = " ".join((text_of(heard.body[:200]) or "").split())
    return words[:60] if words.isascii() and words.isprintable() and words else str(heard.status)


def json_of(heard: Heard) -> Json:
    """The JSON object of an answer; empty where it is none."""
    try:
        told = json.loads(heard.body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
