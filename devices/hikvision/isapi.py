"""ISAPI, the interface a Hikvision terminal serves: JSON or XML, whatever the label on it says."""

import json
import re
from typing import Any
from xml.etree.ElementTree import Element

from attendance.facts import Refused
from devices.calling import Line
from devices.hikvision.messages import json_decoder, xml_of
from devices.readings import text_of

WORD = re.compile(r"(?:subStatusCode|statusString)\W{1,8}([A-Za-z0-9_ ]{1,60})")
JSON, XML = "application/json", "application/xml"


class NotDone(Refused):
    """The terminal refuses; `word` is its own for why, such as badParameters."""

    def __init__(self, word: str) -> None:
        super().__init__("terminal_refused", None, answer=word)
        self.word = word


class Isapi:
    """Requests to one terminal. Each may raise NotDone, and Refused when the terminal cannot be reached."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def json(self, verb: str, path: str, message: dict[str, Any]) -> dict[str, Any]:
        """Send a message, return the answer."""
        body = json.dumps(message, ensure_ascii=False).encode()
        answer = _json_of(self._ask(verb, f"/ISAPI/{path}?format=json", body, JSON))
        if answer.get("statusCode", 1) != 1:
            raise NotDone(word_of(str(answer)))
        return answer

    def xml(self, verb: str, path: str, text: str = "") -> Element:
        """Send a text, return the root of the answer."""
        body = f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode() if text else b""
        root = xml_of((text_of(self._ask(verb, f"/ISAPI/{path}", body, XML if text else "")) or "").strip())
        if root is None:
            raise NotDone("no XML")
        return root

    def _ask(self, verb: str, target: str, body: bytes, kind: str) -> bytes:
        heard = self._line.ask(verb, target, body, kind)
        if heard.status != 200:
            raise NotDone(word_of(text_of(heard.body[:4096]) or "") or str(heard.status))
        return heard.body


def _json_of(body: bytes) -> dict[str, Any]:
    try:
        answer = json_decoder.decode((text_of(body) or "").strip())
    except (ValueError, RecursionError):
        raise NotDone("no JSON") from None
    if not isinstance(answer, dict):
        raise NotDone("no JSON")
    return answer


def word_of(text: str) -> str:
    """The terminal's word for what went wrong: the more exact one where it gives two."""
    found = WORD.findall(text)
    return str(found[-1]).strip() if found else ""


def found_in(root: Element, name: str) -> str:
    """The text of the first element of a name, whatever its namespace; empty without one."""
    for element in root.iter():
        if element.tag.rpartition("}")[2] == name:
            return (element.text or "").strip()
    return ""
