"""People on a Dahua terminal: put there, changed and removed, each with the terminal's answer as the receipt.

Faces do not travel. The terminal enrols them itself, and removing a person removes the face there first.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from attendance.facts import Refused
from devices.calling import Heard, Line
from devices.dahua.answers import json_from, json_of, said
from devices.dahua.records import word
from devices.ports import Person, Receipt

AT_ONCE = 10
"""People in one call; the terminal takes no more."""
T = TypeVar("T")
PAGE = 100
VALID = {"ValidFrom": "2020-01-01 00:00:00", "ValidTo": "2037-12-31 23:59:59"}
"""The hall decides who may; terminals know no date after 2037."""


def put(line: Line, people: Sequence[Person]) -> Iterator[Receipt]:
    """Put people on the terminal, or change those it has. Raises Refused when the terminal cannot be reached."""
    for some in _some(people):
        receipts = _written(line, "insertMulti", some)
        known = [person for person, receipt in zip(some, receipts, strict=True) if not receipt.applied]
        changed = {receipt.pin: receipt for receipt in _written(line, "updateMulti", known)} if known else {}
        yield from (changed.get(receipt.pin, receipt) for receipt in receipts)


def remove(line: Line, pins: Sequence[str]) -> Iterator[Receipt]:
    """Remove people with their faces. Raises Refused when the terminal cannot be reached."""
    for some in _some(pins):
        listed = "".join(f"&UserIDList[{at}]={quote(pin, safe='')}" for at, pin in enumerate(some))
        faces = line.ask("GET", f"/cgi-bin/AccessFace.cgi?action=removeMulti{listed}")
        heard = line.ask("GET", f"/cgi-bin/AccessUser.cgi?action=removeMulti{listed}")
        for receipt in _receipts(heard, some):
            yield receipt._replace(answer=f"{receipt.answer} (face: {said(faces)})")


def present(line: Line) -> dict[str, str]:
    """The names of the people on the terminal by number.

    Raises Refused when the terminal breaks off: half a list would look like people who left.
    """
    search = json_from(line, "/cgi-bin/AccessUser.cgi?action=startFind")
    token, total = word(search.get("Token")), int(word(search.get("Total")) or 0)
    found: dict[str, str] = {}
    while len(found) < total:
        page = f"&Token={quote(token)}&Offset={len(found)}&Count={PAGE}"
        listed = json_from(line, f"/cgi-bin/AccessUser.cgi?action=doFind{page}").get("Info") or []
        known = len(found)
        found |= {word(user.get("UserID")): word(user.get("UserName")) for user in listed}
        if len(found) == known:
            raise Refused("pull_broken", None, read=known, total=total)
    line.ask("GET", f"/cgi-bin/AccessUser.cgi?action=stopFind&Token={quote(token)}")
    return found


def _some(those: Sequence[T]) -> Iterator[Sequence[T]]:
    return (those[first : first + AT_ONCE] for first in range(0, len(those), AT_ONCE))


def _written(line: Line, action: str, people: Sequence[Person]) -> list[Receipt]:
    body = json.dumps({"UserList": [_user(person) for person in people]}, ensure_ascii=False).encode()
    heard = line.ask("POST", f"/cgi-bin/AccessUser.cgi?action={action}", body, "application/json")
    return _receipts(heard, [person.pin for person in people])


def _user(person: Person) -> dict[str, Any]:
    return {
        "UserID": person.pin,
        "UserName": person.name,
        "UserType": 0,
        "Authority": 2,
        "Doors": [0],
        **VALID,
    }


def _receipts(heard: Heard, pins: Sequence[str]) -> list[Receipt]:
    """One answer for each person: the terminal gives a code for each when any of them failed."""
    if heard.status == 200:
        return [Receipt(pin, applied=True, answer=said(heard)) for pin in pins]
    detail = json_of(heard).get("detail")
    codes = detail.get("FailCodes") if isinstance(detail, dict) else None
    if not isinstance(codes, list) or len(codes) != len(pins):
        return [Receipt(pin, applied=False, answer=said(heard)) for pin in pins]
    return [Receipt(pin, applied=code == 0, answer=str(code)[:20]) for pin, code in zip(pins, codes, strict=True)]
